"""Experiments that count and classify minima, against formulas of their texts and SciPy's minimisers."""

import math
import re

import numpy as np
from scipy import optimize

from ..figures import NUMBER, numbers, read
from ..statistics import median, wilson
from .audits import audits

# One neuron and ten points: E(w₁, w₂) is a curve of w₁ plus the same curve of w₂

SCALES = 10.0 ** -np.arange(5)


def neuron_share(case, target):
    """The part of the loss that one weight w = eᵘ has."""
    def value(u):
        z = np.exp(u) * SCALES
        y = 1 / (1 + np.exp(-z))
        if case == "square":
            return float(np.sum((y - target) ** 2))
        return float(np.sum(np.logaddexp(0, -np.abs(z)) + np.maximum(z, 0) - target * z))
    return value


def neuron_minima(case, target):
    """The minima of one weight's part over ln w: bracketed on a lattice, then by Brent's method."""
    value = neuron_share(case, target)
    lattice = np.linspace(-5, 14, 4000)
    values = np.array([value(u) for u in lattice])
    inner = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    found = [optimize.minimize_scalar(value, bracket=lattice[i - 1 : i + 2], tol=1e-12) for i in inner]
    return [(r.x, r.fun) for r in found]


def ends_in_logarithms(runs, chosen):
    """Distinct end points, closer than 0.01 in both coordinates being one, and their counts."""
    places = []
    for i in chosen:
        end = runs.parameters(i)
        near = next((p for p in places if np.all(np.abs(p[0] - end) < 0.01)), None)
        if near:
            near[1] += 1
        else:
            places.append([end, 1])
    return places


@audits("auer-minima")
def auer_minima(page):
    runs, found = page.runs, {}
    for name in runs.axis("loss and target"):
        case, target = name.split(" ")
        found[case, target] = ends_in_logarithms(runs, runs.where(loss_and_target=name)), neuron_minima(case, float(target))
    table = page.table("loss", "by descent", "on the grid")
    for row in table.rows if table else []:
        ends, exact = found[row[0], row[1]]
        place = ", ".join(row[:2])
        page.findings.count(row[2], sum(n for _, n in ends), place, "runs")
        page.findings.count(row[3], len(ends), place, "by descent")
        page.findings.count(row[4], len(exact) ** 2, place, "on the grid")
        page.findings.count(row[7], min(n for _, n in ends), place, "least runs")
        off = max(min(abs(u - e) for e, _ in exact) for end, _ in ends for u in end)
        page.findings.holds(off < 1e-4, "end points", f"{off:.2g} from the minima", place, "places")
    table = page.table("valley", "w by descent")
    exact = found["square", "0.7"][1]
    for row, (u, _) in zip(table.rows if table else [], exact):
        counts = [sum(n for end, n in found["square", "0.7"][0] if abs(end[k] - u) < 0.5) for k in (0, 1)]
        for column, value, digits in ((1, math.exp(u), 6), (2, math.exp(u) * SCALES[int(row[0])], 4), (3, u, 5)):
            page.findings.number(row[column], value, f"valley {row[0]}", table.header[column], digits=digits, slack=2e-7 * abs(value))
        page.findings.holds([int(c) for c in row[4].split(",")] == counts, row[4], counts, f"valley {row[0]}", "runs")
    auer_claims(page, found)


def auer_claims(page, found):
    runs = page.runs
    for words, cases, count in (("finds 25 distinct minima", [("square", "0.7")], 25),
                                ("finds one minimum of the square loss", [("square", "0.6")], 1),
                                ("finds one minimum of cross-entropy", [("cross-entropy", "0.7"), ("cross-entropy", "0.6")], 1)):
        claim = page.claim(words)
        if claim:
            shown = re.findall(rf"({NUMBER}) of ({NUMBER}) end points", claim.evidence)
            own = [(str(len(found[c][0])), str(sum(n for _, n in found[c][0]))) for c in cases]
            page.findings.holds(shown == own, claim.evidence, str(own))
            page.verdict(claim, all(len(found[c][0]) == count for c in cases))
    claim = page.claim("Every run ends with a gradient norm")
    if claim:
        worst = runs.numbers("final_gradient_norm").max()
        page.findings.holds(numbers(claim.evidence)[0].agrees(worst), claim.evidence, worst)
        page.verdict(claim, worst < 1e-10)
    claim = page.claim("the grid give the same number of minima")
    if claim:
        shown = re.findall(rf"(square|cross-entropy) ({NUMBER}): ({NUMBER}) and ({NUMBER})", claim.evidence)
        for case, target, ends, grid in shown:
            page.findings.count(ends, len(found[case, target][0]), f"{case}, {target}", "descent")
            page.findings.count(grid, len(found[case, target][1]) ** 2, f"{case}, {target}", "grid")
        page.verdict(claim, all(len(ends) == len(exact) ** 2 for ends, exact in found.values()))


@audits("logistic-neuron")
def logistic_minima(page):
    table = page.table("loss", "targets", "minima", "least value")
    counts = []
    for row in table.rows if table else []:
        minima = neuron_minima(row[0], float(row[1]))
        values = [f for _, f in minima]
        counts.append(len(minima) ** 2)
        place = ", ".join(row[:2])
        page.findings.count(row[2], counts[-1], place, "minima")
        page.findings.number(row[3], 2 * min(values), place, "least value", digits=4)
        page.findings.number(row[4], 2 * max(values), place, "greatest value", digits=4)
    claim = page.claim("the square loss has 25 minima")
    if claim:
        page.findings.holds([int(f.value) for f in numbers(claim.evidence)[:5]] == counts + counts[:2], claim.evidence, counts)
        page.verdict(claim, counts == [25, 1, 1])


# safran-shamir

def population_loss(w, k):
    """(1/2π)[½ Σ g(wᵢ, wⱼ) − Σ g(vⱼ, wᵢ) + ½ Σ g(vᵢ, vⱼ)] for orthonormal v; analytic, so that complex steps may be taken."""
    w = w.reshape(-1, k)
    norms = np.sqrt(np.sum(w * w, axis=1))

    def total(cosines, lengths):
        sines = np.sqrt(1 - cosines * cosines)
        angles = np.arctan2(sines.real, cosines.real) + 1j * np.imag(cosines) * -1 / np.where(sines.real == 0, 1, sines.real)
        return np.sum(lengths * (sines + (math.pi - angles) * cosines))

    i, j = np.triu_indices(len(w), 1)
    lengths = norms[i] * norms[j]
    own = math.pi * np.sum(norms**2) + 2 * total(np.sum(w[i] * w[j], axis=1) / lengths, lengths)
    cross = total(w / norms[:, None], np.broadcast_to(norms[:, None], w.shape))
    teachers = k * math.pi + k * (k - 1)
    return (own / 2 - cross + teachers / 2) / (2 * math.pi)


def population_gradient(w, k, h=1e-30):
    steps = w + 1j * h * np.eye(len(w))
    return np.array([population_loss(row, k).imag / h for row in steps])


def population_eigenvalues(w, k, h=1e-6):
    columns = [(population_gradient(w + h * e, k) - population_gradient(w - h * e, k)) / (2 * h) for e in np.eye(len(w))]
    hessian = np.array(columns)
    return np.linalg.eigvalsh((hessian + hessian.T) / 2)


KNOWN = {"6": (3, 2, 0.0250806), "7": (55, 46, 0.0232027), "8": (126, 120, 0.0215080)}


def deviations(stuck, count, reference):
    p, q = stuck / count, reference / 1000
    return 0.0 if p == q else (p - q) / math.sqrt(p * (1 - p) / count + q * (1 - q) / 1000)


@audits("safran-shamir")
def safran_shamir(page):
    runs = page.runs
    losses = np.array([population_loss(runs.parameters(i).astype(complex), int(runs.text["k"][i])).real for i in range(runs.count)])
    page.findings.at("runs.csv")
    off = np.abs(losses - runs.final_loss)
    page.findings.holds(off.max() < 1e-13, "final_loss", f"the formula differs by {off.max():.2g} at most", column="final_loss")
    stuck = {k: [i for i in runs.where(k=k) if losses[i] >= 1e-3] for k in runs.axis("k")}
    table = page.table("k", "paper", "NumPy")
    for row in table.rows if table else []:
        n = len(runs.where(k=row[0]))
        paper, other, _ = KNOWN[row[0]]
        page.findings.count(row[3], len(stuck[row[0]]), f"k = {row[0]}", "stuck")
        for column, reference in ((5, paper), (7, other)):
            z = deviations(len(stuck[row[0]]), n, reference)
            page.findings.number(row[column].replace("σ", "").lstrip("+"), z, f"k = {row[0]}", table.header[column], decimals=1)
    safran_levels(page, losses, stuck)
    safran_claims(page, losses, stuck)
    safran_classes(page, stuck)


def safran_levels(page, losses, stuck):
    runs = page.runs
    table = page.table("k", "level E", "reference")
    for row in table.rows if table else []:
        level = [losses[i] for i in stuck[row[0]] if abs(losses[i] - read(row[2])) < 5e-7]
        page.findings.number(row[2], median(level), f"k = {row[0]}", "level E", decimals=9)
        page.findings.count(row[3], len(level), f"k = {row[0]}", "runs")
        page.findings.number(row[5], median(level) - KNOWN[row[0]][2], f"k = {row[0]}", "difference", digits=2)
    table = page.table("median steps", "most steps")
    for row in table.rows if table else []:
        steps = runs.numbers("steps")[runs.where(k=row[0])]
        norms = runs.numbers("final_gradient_norm")[runs.where(k=row[0])]
        for column, value in ((2, median(steps)), (3, steps.max()), (4, (norms >= 1e-9 / (2 * math.pi)).sum()), (5, norms.max())):
            page.findings.number(row[column], value, f"k = {row[0]}", table.header[column])


def safran_claims(page, losses, stuck):
    runs = page.runs
    for words, which in (("agree with the paper's", 0), ("agree with the independent program's", 1)):
        claim = page.claim(words)
        if claim:
            z = {k: deviations(len(s), len(runs.where(k=k)), KNOWN[k][which]) for k, s in stuck.items()}
            for k, n, shown in re.findall(rf"k = (\d+): ({NUMBER}) of .*?, [+]?({NUMBER}) σ", claim.evidence):
                page.findings.count(n, len(stuck[k]), f"k = {k}")
                page.findings.number(shown, z[k], f"k = {k}", decimals=1)
            page.verdict(claim, all(abs(v) <= 3 for v in z.values()))
    claim = page.claim("Every stuck run of k = 6, 7, 8")
    if claim:
        off = {k: max(abs(losses[i] - KNOWN[k][2]) for i in s) for k, s in stuck.items()}
        for k, n, shown in re.findall(rf"k = (\d+): ({NUMBER}) runs, at most ({NUMBER}) off", claim.evidence):
            page.findings.count(n, len(stuck[k]), f"k = {k}")
            page.findings.number(shown, off[k], f"k = {k}", slack=1e-15)
        page.verdict(claim, max(off.values()) < 1e-7)
    claim = page.claim("Every run stops by the gradient rule")
    if claim:
        left = int((runs.numbers("final_gradient_norm") >= 1e-9 / (2 * math.pi)).sum())
        page.findings.holds(claim.evidence.startswith(f"{left} of {runs.count}"), claim.evidence, f"{left} of {runs.count}")
        page.verdict(claim, left == 0)


def safran_classes(page, stuck):
    """Eigenvalues at one stuck end of each class, and the classes by what permutations of units and inputs leave alone."""
    runs = page.runs
    table = page.table("strict minima", "distinct", "least λ")
    least = []
    for row in table.rows if table else []:
        k, ends = row[0], stuck[row[0]]
        classes = {}
        for i in ends:
            w = runs.parameters(i)
            invariants = np.sort(np.abs(w)), np.linalg.svd(w.reshape(-1, int(k)), compute_uv=False)
            classes.setdefault(tuple(np.round(np.concatenate(invariants), 4)), w)
        merged = merge(list(classes), 5e-4)
        spectra = [population_eigenvalues(classes[key], int(k)) for key in merged]
        least.append(min(s[0] for s in spectra))
        page.findings.count(row[2], len(ends), f"k = {k}", "ends")
        page.findings.count(row[5], len(merged), f"k = {k}", "distinct")
        page.findings.number(row[6], least[-1], f"k = {k}", "least λ", slack=1e-6)
        page.findings.number(row[7], max(s[-1] for s in spectra), f"k = {k}", "greatest λ", slack=1e-6)
        page.findings.holds((int(row[3]) == len(ends)) == (least[-1] > 0), row[3], f"least eigenvalue {least[-1]:.4g}", f"k = {k}", "strict")
    claim = page.claim("With n = k every stuck run")
    if claim and least:
        total = sum(map(len, stuck.values()))
        m = re.search(rf"({NUMBER}) of ({NUMBER}), least eigenvalue ({NUMBER})", claim.evidence)
        page.findings.count(m.group(2), total)
        page.findings.number(m.group(3), min(least), slack=1e-6)
        page.verdict(claim, min(least) > 0)


def merge(keys, tolerance):
    """Keys of which none is within the tolerance of another."""
    kept = []
    for key in keys:
        if all(np.max(np.abs(np.subtract(key, other))) > tolerance for other in kept):
            kept.append(key)
    return kept


# sine-minima: y = v sin(wx + b) + c on twelve points; for a fixed w a linear problem

X = np.linspace(-6, 6, 12)
T = np.sin(0.5 * X) + 0.7 * np.cos(1.2 * X) + 0.5 * np.sin(1.9 * X)
LIMIT = math.pi * 11 / 12


def best_loss_at(w):
    columns = np.stack([np.sin(w * X), np.cos(w * X), np.ones_like(X)], axis=1)
    rest = T - columns @ np.linalg.lstsq(columns, T, rcond=None)[0]
    return float(rest @ rest) / 24


def stationary(sign):
    """Valleys (sign 1) or hills (sign −1) of E(w) below the sampling limit."""
    lattice = np.linspace(LIMIT / 2000, LIMIT * (1 - 1 / 2000), 2000)
    values = sign * np.array([best_loss_at(w) for w in lattice])
    inner = np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1
    found = [optimize.minimize_scalar(lambda w: sign * best_loss_at(w), bracket=lattice[i - 1 : i + 2], tol=1e-12).x for i in inner]
    return [(w, best_loss_at(w)) for w in found if w < 0.999 * LIMIT]


def neuron_ends(runs, valleys):
    """[point, loss, runs] of the ends in a valley of E(w); a point is (w, cos b, sin b, v) with signs turned to w, v > 0."""
    places = []
    for i in range(runs.count):
        if min(abs(runs.final_loss[i] - f) for _, f in valleys) > 1e-10:
            continue
        w, b, v, _ = runs.parameters(i)
        if w < 0:
            w, b, v = -w, -b, -v
        b += math.pi if v < 0 else 0
        point = w, math.cos(b), math.sin(b), abs(v)
        near = next((p for p in places if np.max(np.abs(np.subtract(p[0], point))) < 1e-3), None)
        if near:
            near[2] += 1
        else:
            places.append([point, float(runs.final_loss[i]), 1])
    return places


@audits("sine-minima")
def sine_minima(page):
    valleys, hills = stationary(1), stationary(-1)
    places = neuron_ends(page.runs, valleys)
    table = page.table("class", "loss E", "runs")
    if table:
        strict = [row for row in table.rows if row[1] == "strict"]
        page.findings.count(str(len(strict)), len(places), column="strict minima")
        shown = sorted((round(read(row[2]), 4), int(row[3])) for row in strict)
        own = sorted((round(loss, 4), n) for _, loss, n in places)
        page.findings.holds(shown == own, str(shown), str(own), column="loss and runs")
        for row in strict:
            page.findings.number(row[2], min((f for _, f in valleys), key=lambda f: abs(f - read(row[2]))), row[0], "valley of E(w)", digits=5)
    levels = len({round(loss, 6) for _, loss, _ in places})
    once = sum(n == 1 for _, _, n in places)
    for pattern, values in ((rf"The minima lie on ({NUMBER}) levels, and E\(w\) has ({NUMBER}) valleys", (levels, len(valleys))),
                            (rf"({NUMBER}) of the ({NUMBER}) minima were found by one run only", (once, len(places)))):
        m = page.sentence(pattern)
        for i, value in enumerate(values if m else ()):
            page.findings.count(m.group(i + 1), value, column=f"number {i + 1}")
    sine_levels(page, places)
    claim = page.claim("No valley is missing")
    if claim:
        page.findings.holds([int(f.value) for f in numbers(claim.evidence)] == [levels, len(valleys)], claim.evidence, f"{levels}, {len(valleys)}")
        page.verdict(claim, levels == len(valleys))
    claim = page.claim("Every minimum of the census is strict")
    if claim:
        off = max(min(abs(loss - f) for _, f in valleys) for _, loss, _ in places)
        page.verdict(claim, off < 1e-12, f"greatest difference {off:.2g}")
    passes(page, hills)
    twins(page, places)
    m = page.sentence(rf"was found by (\d+ of \d+ \([^)]*\))")
    if m:
        page.findings.share(m.group(1), least_count(places), page.runs.count)
    claim = page.claim("Fewer than half of the runs end on the least level")
    if claim:
        page.findings.share(claim.evidence, least_count(places), page.runs.count)
        page.verdict(claim, wilson(least_count(places), page.runs.count)[1] < 0.5)


def least_count(places):
    least = min(round(loss, 8) for _, loss, _ in places)
    return sum(n for _, loss, n in places if round(loss, 8) == least)


def sine_levels(page, places):
    table = page.table("level", "valley of E(w)", "share")
    losses = sorted({round(loss, 8) for _, loss, _ in places})
    if table:
        page.findings.count(str(len(table.rows)), len(losses), column="levels")
    for row, level in zip(table.rows if table else [], losses):
        n = sum(count for _, loss, count in places if round(loss, 8) == level)
        page.findings.number(row[1], level, f"level {row[0]}", "loss", digits=5)
        page.findings.count(row[4], n, f"level {row[0]}", "runs")
        page.findings.percent(row[5], n / page.runs.count, f"level {row[0]}", "share")


def twins(page, places):
    """Functions on one level: how far apart they are at and between the training points."""
    between, apart = np.linspace(-6, 6, 241), []
    value = lambda p, x: columns_fit(p[0], X, x)
    for level in {round(loss, 8) for _, loss, _ in places}:
        own = [p for p, loss, _ in places if round(loss, 8) == level]
        gap = lambda x: max(np.max(np.abs(value(p, x) - value(own[0], x))) for p in own)
        apart.append((gap(between), gap(X)))
    off, on = max(apart)
    claim = page.claim("Equal loss does not mean equal functions")
    if claim:
        page.findings.holds(numbers(claim.evidence)[0].agrees(off), claim.evidence, off)
        page.verdict(claim, off > 0.5 and on < 1e-6)


def columns_fit(w, x, at):
    """The best function of frequency w for the data, at other points."""
    columns = lambda x: np.stack([np.sin(w * x), np.cos(w * x), np.ones_like(x)], axis=1)
    return columns(at) @ np.linalg.lstsq(columns(x), T, rcond=None)[0]


def passes(page, hills):
    table = page.table("from", "to", "hill of E(w)")
    matched = []
    for row in table.rows if table else []:
        hill = min((f for _, f in hills), key=lambda f: abs(f - read(row[6])))
        page.findings.number(row[4], hill, f"{row[0]}–{row[1]}", "saddle: E", digits=7)
        page.findings.number(row[6], hill, f"{row[0]}–{row[1]}", "hill of E(w)", digits=7)
        matched.append(row[5] == "1" and abs(read(row[4]) - hill) < 1e-6)
    claim = page.claim("The passes are saddles")
    if claim and table:
        page.findings.holds(claim.evidence == f"{sum(matched)} of {len(matched)}", claim.evidence, f"{sum(matched)} of {len(matched)}")
        page.verdict(claim, bool(matched) and all(matched))


# local-minima: f = tanh(w₂ tanh(w₁x + b₁) + b₂) on 31 points, parameters (w₁, b₁, w₂, b₂)

STEP_X = -3 + 0.2 * np.arange(31)
STEP_T = 0.7 * np.tanh(1.5 * (STEP_X + 1.8)) - 0.6 * np.tanh(1.5 * STEP_X) + 0.6 * np.tanh(1.5 * (STEP_X - 1.5))
DESCENTS = "one sample at constant η", "one sample at decreasing η", "full batch at constant η"


def chain_errors(theta):
    return (np.tanh(theta[2] * np.tanh(theta[0] * STEP_X + theta[1]) + theta[3]) - STEP_T) / math.sqrt(len(STEP_X))


def chain_levels():
    """The losses of the minima that SciPy finds from 60 random points."""
    random = np.random.default_rng(0)
    found = [optimize.least_squares(chain_errors, 2 * random.standard_normal(4), xtol=1e-15, ftol=1e-15, gtol=1e-14) for _ in range(60)]
    return sorted({round(2 * end.cost, 7) for end in found if end.optimality < 1e-8})


@audits("local-minima")
def local_minima(page):
    runs, known = page.runs, chain_levels()
    table = page.table("loss E", "class", *DESCENTS)
    counts = {}
    for row in table.rows if table else []:
        own = [int(re.match(NUMBER, cell).group()) for cell in row[2:5]]
        counts[row[0]] = own
        for cell, n, name in zip(row[2:5], own, DESCENTS):
            shown = re.findall(NUMBER, cell.split("(")[1].replace("%", ""))
            for part, value in zip(shown, wilson(n, len(runs.where(descent=name)))):
                page.findings.percent(part, value, row[0], name)
        if row[0] != "–":
            off = min(abs(read(row[0]) - level) for level in known)
            page.findings.holds(off < 1e-5, row[0], known, row[0], "a minimum by SciPy")
    for column, name in enumerate(DESCENTS):
        total = sum(own[column] for own in counts.values())
        page.findings.count(str(total), len(runs.where(descent=name)), name, "sum of the levels")
    levels = [own for loss, own in counts.items() if loss != "–"]
    claim = page.claim("end at a minimum above the least level")
    if claim and levels:
        above = [sum(own[column] for own in levels[1:]) for column in range(3)]
        sizes = [len(runs.where(descent=name)) for name in DESCENTS]
        for part, n, size in zip(claim.evidence.split("; "), above, sizes):
            page.findings.share(part, n, size)
        page.verdict(claim, all(wilson(n, size)[0] > 0.02 for n, size in zip(above, sizes)))
    table = page.table("first only", "second only", "difference of shares")
    pairs = {}
    for row in table.rows if table else []:
        both, first, second, neither = (int(cell) for cell in row[2:6])
        n, (a, b) = both + first + second + neither, (first + 0.5, second + 0.5)
        spread = 1.959963984540054 * math.sqrt(a + b - (a - b) ** 2 / n) / n
        difference = (first - second) / n
        pairs[row[0], row[1]] = difference - spread
        page.findings.percent(row[6], difference, row[0], "difference")
        for part, value in zip(re.findall(NUMBER, row[7].replace("%", "")), (difference - spread, difference + spread)):
            page.findings.percent(part, value, row[0], "95 % interval")
        for name, count in ((row[0], both + first), (row[1], both + second)):
            page.findings.count(str(count), levels[0][DESCENTS.index(name)], name, "on the least level")
    claim = page.claim("With one sample and constant η more seeds reach the least level")
    if claim and pairs:
        page.verdict(claim, pairs[DESCENTS[0], DESCENTS[2]] > 0)
