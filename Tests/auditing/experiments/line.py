"""line-fitting: the closed form by NumPy's least squares, from the points that the first figure draws."""

import re

import numpy as np

from ..figures import NUMBER, numbers, read
from ..statistics import median
from .audits import audits

LONG = "10,000 steps"


class Line:
    """The points, θ⋆ = (w⋆, b⋆), the least loss, and the Hessian's eigenvalues."""

    def __init__(self, points):
        x, t = points.T
        self.x, self.t = x, t
        columns = np.stack([x, np.ones_like(x)], axis=1)
        self.solution = np.linalg.lstsq(columns, t, rcond=None)[0]
        self.least = float(np.mean((columns @ self.solution - t) ** 2) / 2)
        self.small, self.large = np.linalg.eigvalsh(columns.T @ columns / len(x))
        self.edge = 2 / self.large

    def distance(self, theta):
        return float(np.hypot(*(theta - self.solution)))


@audits("line-fitting")
def line_fitting(page):
    blocks = page.runs.drawn_points("01")
    points = next((b for b in blocks if len(b) == 24), None)
    if points is None:
        return page.findings.skip("closed form: the first figure does not draw the 24 points")
    line = Line(points)
    m = page.sentence(rf"w⋆ = ({NUMBER}), b⋆ = ({NUMBER}) and the least loss E⋆ = ({NUMBER})\.")
    if m:
        for group, value in ((1, line.solution[0]), (2, line.solution[1]), (3, line.least)):
            page.findings.number(m.group(group), value, digits=4)
    m = page.sentence(rf"λₘₐₓ = ({NUMBER}) and λₘᵢₙ = ({NUMBER})\..*?2/λₘₐₓ = ({NUMBER})")
    if m:
        for group, value in ((1, line.large), (2, line.small), (3, line.edge)):
            page.findings.number(m.group(group), value, digits=4)
    m = page.sentence(rf"2/\(λₘₐₓ \+ λₘᵢₙ\), ({NUMBER}) of the edge\. Of the rates tried, ({NUMBER}) .*?: ({NUMBER}) per step.*?λₘₐₓ/λₘᵢₙ = ({NUMBER}) alone")
    if m:
        page.findings.number(m.group(1), line.large / (line.large + line.small), digits=4)
        page.findings.number(m.group(4), line.large / line.small)
    factors(page, line)
    stops(page, line)
    line_claims(page, line)


def measured_factor(runs, run, line):
    """The distance's factor per step over the last third above rounding: the root of that of E − E⋆."""
    losses = runs.series("loss").of(run) - line.least
    last = np.flatnonzero(losses > 1e-10 * losses[0])[-1]
    half = int(0.7 * last)
    return (losses[last] / losses[half]) ** (0.5 / (last - half))


def factors(page, line):
    runs, found = page.runs, {}
    table = page.table("η : edge", "measured", "diverged")
    for row in table.rows if table else []:
        share, chosen = read(row[0]), runs.where(rule=LONG, rate_to_edge=row[0])
        eta = share * line.edge
        own = median(np.array([measured_factor(runs, i, line) for i in chosen]))
        found[share] = own
        exact = eta, abs(1 - eta * line.large), abs(1 - eta * line.small), own
        for column, value, digits in zip((1, 2, 3, 4), exact, (4, 5, 5, 5)):
            page.findings.number(row[column], value, row[0], table.header[column], digits=digits, slack=1e-4 if column == 4 else 1e-14)
        predicted = max(exact[1:3])
        page.findings.holds(abs(own / predicted - 1) < 1e-4, row[4], predicted, row[0], "measured is predicted")
        told = f"{int(runs.diverged[chosen].sum())} of {len(chosen)}"
        page.findings.holds(row[6] == told, row[6], told, row[0], "diverged")
    claim = page.claim("at every rate and seed the measured factor")
    if claim and table:
        page.findings.number(numbers(claim.evidence)[0].text, max(read(row[5]) for row in table.rows), digits=1)
        page.verdict(claim, max(read(row[5]) for row in table.rows) < 1e-3)


def distances(runs, line, **settings):
    return np.array([line.distance(runs.parameters(i)) for i in runs.where(**settings)])


def stops(page, line):
    runs = page.runs
    table = page.table("rule", "stopped at step")
    for row in table.rows if table else []:
        chosen = runs.where(rule=row[0], rate_to_edge="0.2")
        excess = median(runs.final_loss[chosen]) - line.least
        page.findings.number(row[1], median(runs.numbers("steps")[chosen]), row[0], "stopped at step", digits=5)
        if row[2].startswith("<"):
            page.findings.holds(excess < read(row[2][1:]), row[2], excess, row[0], "excess loss")
        else:
            page.findings.number(row[2], excess, row[0], "excess loss", slack=1e-15)
        page.findings.number(row[3], median(distances(runs, line, rule=row[0], rate_to_edge="0.2")), row[0], "distance", slack=1e-15)
    m = page.sentence(rf"at most ε/λₘᵢₙ = ({NUMBER}) for ε = .*?Measured medians: ({NUMBER}) at 0.02 of the edge, ({NUMBER}) at 0.5")
    if m:
        page.findings.number(m.group(1), 1e-3 / line.small)
        for group, share in ((2, "0.02"), (3, "0.5")):
            page.findings.number(m.group(group), median(distances(runs, line, rule="‖∇E‖ < 10⁻³", rate_to_edge=share)))
    m = page.sentence(rf"stops at a median distance of ({NUMBER}) at 0.02 of the edge, and of ({NUMBER}) at 0.5")
    if m:
        for group, share in ((1, "0.02"), (2, "0.5")):
            page.findings.number(m.group(group), median(distances(runs, line, rule="no progress", rate_to_edge=share)))


def line_claims(page, line):
    runs = page.runs
    claim = page.claim("training at half the edge ends")
    if claim:
        own = distances(runs, line, rule=LONG, rate_to_edge="0.5")
        # The closed form itself has a rounding error of this size; the printed distance has to be as small.
        page.findings.holds(numbers(claim.evidence)[-1].value < 1e-14 and own.max() < 1e-14, claim.evidence, own.max())
        page.verdict(claim, own.max() < 1e-12)
    claim = page.claim("the bound of the gradient rule")
    if claim:
        below = [r for r in runs.axis("rate-to-edge") if float(r) < 1]
        own = max(distances(runs, line, rule="‖∇E‖ < 10⁻³", rate_to_edge=r).max() for r in below)
        for figure, value in zip(numbers(claim.evidence), (own, 1e-3 / line.small)):
            page.findings.holds(figure.agrees(value), figure.text, value)
        page.verdict(claim, own <= 1e-3 / line.small)
    claim = page.claim("Verifies the edge 2/λₘₐₓ")
    if claim:
        below = [i for r in ("0.99", "0.999") for i in runs.where(rule=LONG, rate_to_edge=r)]
        above = [i for r in ("1.001", "1.01") for i in runs.where(rule=LONG, rate_to_edge=r)]
        good, bad = int((~runs.diverged[below]).sum()), int(runs.diverged[above].sum())
        farthest = max(line.distance(runs.parameters(i)) for i in below)
        m = re.search(rf"below: ({NUMBER}) runs finished, greatest distance ({NUMBER}); above: ({NUMBER}) diverged; of ({NUMBER})", claim.evidence)
        for group, value in ((1, good), (2, farthest), (3, bad), (4, len(below) + len(above))):
            page.findings.number(m.group(group), value, slack=1e-15)
        page.verdict(claim, good + bad == len(below) + len(above) and farthest < 1e-3)
