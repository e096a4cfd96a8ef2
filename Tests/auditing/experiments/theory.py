"""Experiments with an answer in closed form: formulas of their texts, written out once more in NumPy."""

import math
import re

import numpy as np

from ..figures import NUMBER, Figure, interval, numbers, read
from ..statistics import median, quantile, ratios_by_seed, sign_test_interval, wilson
from .audits import audits

# saxe-curves: ½(s − u)² is recorded, so u = s − √(2E)

U0 = 0.001


def half_time(losses, s):
    """The first step with u > s/2, and the crossing by interpolation of ln(u/(s − u))."""
    u = s - np.sqrt(2 * losses)
    first = int(np.flatnonzero(u > s / 2)[0])
    before, after = np.log(u[[first - 1, first]] / (s - u[[first - 1, first]]))
    return first, first - after / (after - before)


@audits("saxe-curves")
def saxe_curves(page):
    runs, found = page.runs, {}
    for mode in runs.axis("modes"):
        if mode.startswith("s = "):
            for rate in runs.axis("learning-rate"):
                s, eta = float(mode[4:]), float(rate)
                first, time = half_time(runs.series("loss").of(runs.where(modes=mode, learning_rate=rate)[0]), s)
                formula = math.log((s - U0) / U0) / (2 * s * eta)
                found[s, eta] = first, time, formula, time / formula - 1
    table = page.table("s", "interpolated", "formula")
    for row in table.rows if table else []:
        s, eta = read(row[0]), read(row[1])
        first, time, formula, error = found[s, eta]
        for column, value, digits in ((2, s * eta, 3), (3, first, 17), (4, time, 5), (5, formula, 5), (6, time - formula, 3)):
            page.findings.number(row[column], value, f"s = {row[0]}, η = {row[1]}", table.header[column], digits=digits)
        page.findings.percent(row[7], error, f"s = {row[0]}, η = {row[1]}", "relative", decimals=2)
    saxe_claims(page, found)


def saxe_claims(page, found):
    claim = page.claim("the first step with u > s/2 is")
    if claim:
        first, _, formula, _ = found[1.0, 0.005]
        for figure, value in zip(numbers(claim.evidence.replace("against", " ").replace(" steps", "")), (first, formula, first - formula)):
            page.findings.holds(figure.agrees(value), figure.text, value)
        page.verdict(claim, first == 692 and abs(formula - 690.7) < 0.05)
    claim = page.claim("The half-times approach the formula")
    if claim:
        small = [v[3] for (s, eta), v in found.items() if s * eta <= 0.005 + 1e-12]
        m = re.search(rf"largest of ({NUMBER}): ({NUMBER} ?%)", claim.evidence)
        page.findings.count(m.group(1), len(small))
        page.findings.percent(m.group(2), max(map(abs, small)), decimals=3)
        page.verdict(claim, max(map(abs, small)) < 0.003)
    points = [(math.log(s * eta), math.log(v[3])) for (s, eta), v in found.items() if s * eta <= 0.05 + 1e-12 and v[3] > 0]
    slope, shift = np.polyfit(*zip(*points), 1)
    claim = page.claim("relative error is of first order")
    if claim:
        page.findings.holds(numbers(claim.evidence)[0].agrees(slope, digits=4), claim.evidence, slope)
        page.verdict(claim, abs(slope - 1) <= 0.05)
    m = page.sentence(rf"relative error of the half-time is ({NUMBER}) · \(ηs\)(?:\^{{|<sup>)({NUMBER})")
    if m:
        page.findings.number(m.group(1), math.exp(shift))
        page.findings.number(m.group(2), slope)


# stability-edge

def edge_runs(runs):
    """{setting: share of the edge} of the quadratics."""
    found = {}
    for name in runs.axis("run"):
        m = re.search(rf"({NUMBER}) of the edge", name)
        if m:
            found[name] = float(m.group(1))
    return found


@audits("stability-edge")
def stability_edge(page):
    runs = page.runs
    quadratics = edge_runs(runs)
    diverged = {name: int(runs.diverged[runs.where(run=name)].sum()) for name in quadratics}
    seeds = len(runs.declaration["seeds"])
    right = sum(diverged[n] == (seeds if share > 1 else 0) for n, share in quadratics.items())
    claim = page.claim("on quadratics every run above")
    if claim:
        page.findings.holds(claim.evidence.startswith(f"{right} of {len(quadratics)} settings"), claim.evidence,
                            f"{right} of {len(quadratics)}")
        page.verdict(claim, right == len(quadratics))
    table = page.table("task", "predicted factor")
    for row in table.rows if table else []:
        name = f"{row[0]}, {row[1]} of the edge"
        page.findings.count(row[6], diverged[name], name, "diverged")
        steepest = edge_eigenvalue(runs, row[0], quadratics)
        page.findings.number(row[2], 2 * read(row[1]) / steepest, name, "η", digits=4)
        # Next to the edge the steepest direction decides: max|1 − ηλ| = |1 − 2·share|.
        page.findings.number(row[3], abs(1 - 2 * read(row[1])), name, "predicted factor", digits=4)
    sharpness(page)


def edge_eigenvalue(runs, task, quadratics):
    """λ_max of a task: the recorded sharpness of a quadratic, which is the same at every point."""
    name = next(n for n, share in quadratics.items() if n.startswith(task) and share < 1)
    return float(runs.series("sharpness").of(runs.where(run=name)[0])[0])


def sharpness(page):
    runs, ratios, by_run, starts_by_run = page.runs, [], [], []
    table = page.table("η", "2/η", "λ_max at the start")
    for row in table.rows if table else []:
        eta = read(row[0])
        name = next(n for n in runs.axis("run") if "edge" not in n and re.search(rf"(?<![\d.]){re.escape(row[0])}$", n))
        series = [runs.series("sharpness").of(i) for i in runs.where(run=name)]
        late = np.concatenate([s[-(len(s) // 4):] for s in series])
        first = median(np.array([s[0] for s in series]))
        ratios.append(median(late) * eta / 2)
        by_run.append([median(s[-(len(s) // 4):]) * eta / 2 for s in series])
        starts_by_run.append([s[0] * eta / 2 for s in series])
        for column, value in ((1, 2 / eta), (2, first), (3, median(late)), (5, ratios[-1])):
            page.findings.number(row[column], value, f"η = {row[0]}", table.header[column])
        for figure, p in zip(row[4].split("–"), (0.25, 0.75)):
            page.findings.number(figure, quantile(late, p), f"η = {row[0]}", "quartiles")
        agrees = "at the edge" if abs(ratios[-1] - 1) <= 0.15 else "not at the edge"
        page.findings.holds(row[6] == agrees, row[6], agrees, f"η = {row[0]}", "verdict")
    claim = page.claim("Late in training the sharpness is within 15 %")
    if claim:
        shown = re.findall(rf"η = {NUMBER}: ({NUMBER}) \(({NUMBER})–({NUMBER})\)", claim.evidence)
        bounds = [sign_test_interval(np.array(own), 0.95) for own in by_run]
        for figures, ratio, (low, high) in zip(shown, ratios, bounds):
            for figure, value in zip(figures, (ratio, low, high)):
                page.findings.number(figure, value)
        page.verdict(claim, all(0.85 <= low and high <= 1.15 for low, high in bounds))
    claim = page.claim("The sharpness increases to this value")
    if claim:
        shown = re.findall(rf"η = {NUMBER}: ({NUMBER}) of ({NUMBER})", claim.evidence)
        below = [sum(s < 0.75 for s in own) for own in starts_by_run]
        for (done, count), own, all_of in zip(shown, below, starts_by_run):
            page.findings.count(done, own)
            page.findings.count(count, len(all_of))
        page.verdict(claim, all(wilson(k, len(s))[0] > 0.5 for k, s in zip(below, starts_by_run)))
    m = page.sentence(rf"late λ_max is ({NUMBER}) to ({NUMBER}) of 2/η")
    if m:
        page.findings.number(m.group(1), min(ratios))
        page.findings.number(m.group(2), max(ratios))


# double-descent

def exact_risk(p, n=40, r=1.0, sigma=0.5):
    if p < n - 1:
        return sigma**2 * p / (n - p - 1)
    if p > n + 1:
        return r**2 * (p - n) / p + sigma**2 * n / (p - n - 1)
    return math.inf


def drawn_risks(p, draws, generator, n=40, sigma=0.5):
    """Excess risks of minimum-norm least squares on draws of its own."""
    risks = []
    beta = np.zeros(p)
    beta[0] = 1.0
    for _ in range(draws):
        x = generator.standard_normal((n, p))
        w = np.linalg.lstsq(x, x @ beta + sigma * generator.standard_normal(n), rcond=None)[0]
        risks.append(float(np.sum((w - beta) ** 2)))
    return np.array(risks)


@audits("double-descent")
def double_descent(page):
    table = page.table("p", "draws", "exact")
    generator = np.random.default_rng(1)
    for row in table.rows if table else []:
        p, draws, shown = int(row[0]), int(row[1]), [read(c) for c in row[2:5]]
        exact, where = exact_risk(p), f"p = {row[0]}"
        if math.isinf(exact):
            page.findings.holds(row[5] == "infinite", row[5], "infinite", where, "exact")
            continue
        page.findings.number(row[5], exact, where, "exact")
        z = (shown[1] - exact) / shown[2]
        # Mean and error are printed with three and two digits: so uncertain is their quotient.
        slack = (Figure(row[3]).unit and float(Figure(row[3]).unit) / 2 or 0) / shown[2] + abs(z) * 0.05
        page.findings.number(row[6], z, where, "difference / error", digits=2, slack=slack)
        verdict = "agrees" if abs(read(row[6])) <= 3 else "differs"
        page.findings.holds(row[7] == verdict, row[7], verdict, where, "verdict")
        own = drawn_risks(p, 400, generator)
        spread = 5 * 1.2533 * np.std(np.sort(own)[20:-20]) * math.sqrt(1 / 400 + 1 / draws)
        page.findings.holds(abs(median(own) - shown[0]) < spread, row[2], f"{median(own):.4g} ± {spread:.2g} in 400 own draws",
                            where, "median")
    if table:
        medians_of_double_descent(page, table)
    networks_of_double_descent(page)


def medians_of_double_descent(page, table):
    """Claims that the page's own table decides."""
    claim = page.claim("The median risk is largest")
    if claim:
        peak = max(table.rows, key=lambda row: read(row[2]))[0]
        page.findings.holds(claim.evidence.endswith(f"p = {peak}"), claim.evidence, f"p = {peak}")
        page.verdict(claim, abs(int(peak) - 40) <= 2)


def networks_of_double_descent(page):
    runs = page.runs
    names = [m for m in runs.axis("model") if m.startswith("H = ")]
    validation = {m: median(runs.final("validation-loss")[runs.where(model=m)]) for m in names}
    m = page.sentence(rf"validation loss of the trained networks is smallest at H = ({NUMBER}) \(({NUMBER})\) and largest at H = ({NUMBER}) "
                      rf"\(({NUMBER})\); at H = ({NUMBER}) it is ({NUMBER})")
    if m:
        least, most = min(validation, key=validation.get), max(validation, key=validation.get)
        for i, name in enumerate((least, most, names[-1])):
            page.findings.holds("H = " + m.group(2 * i + 1) == name, m.group(2 * i + 1), name)
            page.findings.number(m.group(2 * i + 2), validation[name], name)
    m = page.sentence(rf"At p = 20 the mean risk is ({NUMBER}) ± ({NUMBER}); the formula gives ({NUMBER})")
    claim = page.claim("At n = 40, σ = 0.5")
    if m and claim:
        page.findings.number(m.group(3), exact_risk(20), digits=4)
        z = abs(read(m.group(1)) - exact_risk(20)) / read(m.group(2))
        page.verdict(claim, z <= 3, f"{z:.2g} standard errors")


# tanh-chain

SINGLE, DECREASING, FULL, HALF = "one sample", "one sample with decreasing step", "full batch", "one sample with ½ loss"


@audits("tanh-chain")
def tanh_chain(page):
    runs = page.runs
    norms = np.abs(runs.series("gradient-norm-of-layer-1").values[:, 0])
    typical = math.exp(-(np.euler_gamma + math.log(2)) / 2)
    bounds, factors = {}, {}
    for scale in runs.axis("init-scale"):
        long, short = (runs.where(length=length, init_scale=scale, descent=FULL) for length in ("64", "16"))
        ratios = np.maximum(ratios_by_seed(runs.seeds, norms, long, short), 0)
        factors[scale] = median(ratios) ** (1 / 48)
        bounds[scale] = tuple(b ** (1 / 48) for b in sign_test_interval(ratios, 0.99))
        label = f"{float(scale):g}"
        m = page.sentence(rf"σ₀ = {re.escape(label)}: a factor of ({NUMBER}) per layer \(99 % interval (.*?)\)(?:, predicted ({NUMBER}))?")
        if m:
            page.findings.number(m.group(1), factors[scale], f"σ₀ = {label}", slack=2e-3 * factors[scale])
            for figure, bound in zip(interval(m.group(2)), bounds[scale]):
                page.findings.holds(figure.agrees(bound), figure.text, bound, f"σ₀ = {label}", "interval")
            if m.group(3):
                page.findings.number(m.group(3), float(scale) * typical, f"σ₀ = {label}", "predicted")
    claim = page.claim("For every σ₀ below 1")
    if claim:
        small = [s for s in bounds if float(s) < 1]
        page.verdict(claim, all(bounds[s][0] <= float(s) * typical <= bounds[s][1] for s in small))
    claim = page.claim("At no scale does the gradient grow with depth")
    if claim:
        top = max(high for _, high in bounds.values())
        page.findings.holds(numbers(claim.evidence)[0].agrees(top), claim.evidence, top)
        page.verdict(claim, top < 1)
    table = page.table("norms compared", "relative")
    for row in table.rows if table else []:
        chosen = runs.where(length=row[0], descent=FULL)
        page.findings.count(row[1], len(chosen), f"L = {row[0]}", "runs")
        page.findings.number(row[2], norms[chosen].max(), f"L = {row[0]}", "greatest")
    tanh_chain_wall(page)
    tanh_chain_descents(page)
    tanh_chain_ends(page)


def tanh_chain_wall(page):
    """At w₁ = 0 with all other weights 2: 2ᴸ⁻¹ times |mean of 2xy|, which is 1.4 for (0.5, 0.4) and (2, 0.6)."""
    table = page.table("width of the wall", "slope")
    for row in table.rows if table else []:
        for column in (1, 2):
            page.findings.number(row[column], 2 ** (int(row[0]) - 1) * 1.4, f"L = {row[0]}", table.header[column])
    claim = page.claim("Verifies the slope of the wall")
    if claim and table:
        areas = [read(row[1]) * read(row[3]) for row in table.rows]
        page.verdict(claim, max(areas) < 2 * min(areas) and read(table.rows[-1][1]) > 1e4 * read(table.rows[0][1]))


def least_loss_of_one_layer():
    """The least mean of (y − tanh wx)² over the two pairs."""
    w = np.linspace(0.3, 0.9, 2_000_001)
    return float(np.min(((0.4 - np.tanh(0.5 * w)) ** 2 + (0.6 - np.tanh(2 * w)) ** 2) / 2))


def tanh_chain_descents(page):
    """Decreasing against constant step, paired by seed, and the two conventions of the loss."""
    runs, least = page.runs, least_loss_of_one_layer()
    for words, length, floor, holds in (
        ("One layer, σ₀ = 1", "1", least, lambda low, high: high < 1), ("Two layers, σ₀ = 1", "2", 0, lambda low, high: low > 1)):
        claim = page.claim(words)
        if not claim:
            continue
        own, others = (runs.where(length=length, init_scale="1.0", descent=d) for d in (DECREASING, SINGLE))
        ratios = ratios_by_seed(runs.seeds, np.maximum(runs.final_loss - floor, 0), own, others)
        low, high = sign_test_interval(ratios, 0.95)
        m = re.search(rf"median ({NUMBER}), 95 % interval (.*)", claim.evidence)
        page.findings.number(m.group(1), median(ratios), column="median", slack=1e-3 * median(ratios))
        for figure, bound in zip(interval(m.group(2)), (low, high)):
            page.findings.holds(figure.agrees(bound, slack=2e-3 * bound), figure.text, bound, column="interval")
        page.verdict(claim, holds(low, high))
    claim = page.claim("takes the same steps as")
    if claim:
        series, equal, every = runs.series("loss"), 0, 0
        for scale in ("0.5", "1.0", "2.0"):
            for length in ("2", "8"):
                whole = {runs.seeds[i]: i for i in runs.where(length=length, init_scale=scale, descent=SINGLE)}
                for i in runs.where(length=length, init_scale=scale, descent=HALF):
                    half = series.of(i)
                    every += 1
                    equal += np.array_equal(2 * half, series.of(whole[runs.seeds[i]])[: len(half)])
        page.findings.holds(claim.evidence.startswith(f"{equal} of {every} runs"), claim.evidence, f"{equal} of {every} runs")
        page.verdict(claim, equal == every)


def tanh_chain_ends(page):
    """Where the runs with σ₀ = 1 end, and the two valleys of L = 2."""
    runs = page.runs
    chosen = lambda length, descent: runs.where(length=length, init_scale="1.0", descent=descent)
    solved = lambda length, descent: int((runs.final_loss[chosen(length, descent)] < 1e-3).sum())
    table = page.table("output 0", "best constant")
    for row in table.rows if table else []:
        losses = runs.final_loss[chosen(row[0], row[1])]
        kinds = [int((losses < 1e-3).sum()), int((abs(losses / 0.26 - 1) < 0.1).sum()), int((abs(losses / 0.01 - 1) < 0.1).sum())]
        for column, value in zip((2, 3, 4, 5), kinds + [len(losses) - sum(kinds)]):
            page.findings.count(row[column], value, f"L = {row[0]}, {row[1]}", table.header[column])
    claim = page.claim("each kind of descent: E < 10⁻³ in a smaller share")
    if claim:
        words, holds = [], True
        for descent in (SINGLE, DECREASING, FULL):
            (a, n), (b, m) = ((solved(length, descent), len(chosen(length, descent))) for length in ("2", "32"))
            words.append(f"{descent}: {a} of {n} and {b} of {m}")
            holds = holds and wilson(b, m)[1] < wilson(a, n)[0]
        page.findings.holds(claim.evidence == "; ".join(words), claim.evidence, "; ".join(words))
        page.verdict(claim, holds)
    m = page.sentence(r"a chain of two layers reaches E < 10⁻³ in (.*?\)), and a chain of 32 layers in (.*?\))\. "
                      r"With the full batch the chain of 32 layers reaches it in (.*?\)):")
    if m:
        for i, (length, descent) in enumerate((("2", SINGLE), ("32", SINGLE), ("32", FULL))):
            page.findings.share(m.group(i + 1), solved(length, descent), len(chosen(length, descent)), f"L = {length}, {descent}")
    m = page.sentence(rf"Of the ({NUMBER}) runs with one sample per step .*?, ({NUMBER}) reached E < 10⁻³ in its valley, and ({NUMBER})")
    if m:
        pair = chosen("2", SINGLE)
        good = [runs.parameters(i)[0] > 0 for i in pair if runs.final_loss[i] < 1e-3]
        for group, value in ((1, len(pair)), (2, sum(good)), (3, len(good) - sum(good))):
            page.findings.count(m.group(group), value)


# gradient-compass

@audits("gradient-compass")
def gradient_compass(page):
    runs, kept = page.runs, {}
    for rate in runs.axis("learning-rate"):
        shares = []
        for i in runs.where(learning_rate=rate):
            losses, norms = runs.series("loss").of(i), runs.series("gradient-norm").of(i)
            if len(losses) > 21 and norms[20] > 0.01:
                shares.append((losses[20] - losses[21]) / (float(rate) * norms[20] ** 2))
        kept[rate] = median(np.array(shares))
    m = page.sentence(r"After twenty steps the median decrease is (.*?) of the predicted decrease")
    if m:
        for (percent, _), value in zip(re.findall(rf"({NUMBER} ?%) at η = ({NUMBER})", m.group(1)), kept.values()):
            page.findings.percent(percent, value)
    claim = page.claim("At step 20 the smallest learning rate achieves a larger share")
    if claim:
        first, *_, last = kept.values()
        for percent, value in zip(re.findall(rf"{NUMBER} ?%", claim.evidence.split("medians")[-1]), (first, last)):
            page.findings.percent(percent, value)
        ends = runs.axis("learning-rate")
        pairs = list(zip(*(achieved_shares(runs, ends[i]) for i in (0, -1))))
        pairs = [(a, b) for a, b in pairs if a is not None and b is not None]
        more = sum(a > b for a, b in pairs)
        page.findings.holds(claim.evidence.startswith(f"{more} of {len(pairs)} "), claim.evidence, f"{more} of {len(pairs)}")
        page.verdict(claim, wilson(more, len(pairs))[0] > 0.5)


def achieved_shares(runs, rate):
    """The decrease of step 20 divided by the predicted one for each run; `None` near a stationary point."""
    for i in runs.where(learning_rate=rate):
        losses, norms = runs.series("loss").of(i), runs.series("gradient-norm").of(i)
        sound = len(losses) > 21 and norms[20] > 0.01
        yield (losses[20] - losses[21]) / (float(rate) * norms[20] ** 2) if sound else None


# convexity

@audits("convexity")
def convexity(page):
    runs = page.runs
    table = page.table("function", "end values", "end points")
    ends, arrived, diverged = {}, {}, {}
    for name in runs.axis("function"):
        chosen = runs.where(function=name)
        diverged[name] = int(runs.diverged[chosen].sum())
        sound = [i for i in chosen if not runs.diverged[i]]
        losses = np.sort(runs.final_loss[sound])
        places = []
        for i in sound:
            end = runs.parameters(i)
            if all(np.linalg.norm(end - other) >= 0.05 for other in places):
                places.append(end)
        most = 5_000 if len(runs.parameters(chosen[0])) == 1 else 40_000
        arrived[name] = int(sum(runs.numbers("steps")[i] < most for i in sound))
        if len(sound):
            ends[name] = losses[-1] - losses[0], 1 + int((np.diff(losses) >= 1e-3).sum()), len(places)
    for row in table.rows if table else []:
        page.findings.count(row[table.column("‖∇f‖")], arrived[row[0]], row[0], "small gradient")
        page.findings.count(row[table.column("diverged")], diverged[row[0]], row[0], "diverged")
        if diverged[row[0]] == 0:
            page.findings.count(row[table.column("end values")], ends[row[0]][1], row[0], "end values")
            page.findings.count(row[table.column("end points")], ends[row[0]][2], row[0], "end points")
    claim = page.claim("On every function that is convex and smooth")
    if claim:
        for name, done, count, figure in re.findall(rf"([\w²-]+): ({NUMBER}) of ({NUMBER}), spread ({NUMBER})", claim.evidence):
            page.findings.count(done, arrived[name], name)
            page.findings.number(figure, ends[name][0], name)
        page.verdict(claim, all(ends[n][0] < 1e-9 and arrived[n] == 100 for n in ("x²", "bowl", "log-sum-exp")))
    claim = page.claim("Without one of the conditions the guarantee fails")
    if claim:
        none = [arrived[n] for n in ("eˣ", "−ln σ(w)", "|x|")]
        shown = [int(f.value) for f in numbers(claim.evidence)[:4]]
        page.findings.holds(shown == none + [diverged["bowl, long step"]], claim.evidence, none)
        page.verdict(claim, none == [0, 0, 0] and diverged["bowl, long step"] == 100)
    claim = page.claim("a chord of a function fails exactly if")
    if claim and table:
        chord, curvature = table.column("excess"), table.column("curvature")
        agreeing = sum((read(row[chord]) > 0) == (read(row[curvature]) < -1e-6) for row in table.rows)
        page.findings.holds(claim.evidence.startswith(f"{agreeing} of {len(table.rows)}"), claim.evidence, agreeing)
        page.verdict(claim, agreeing == len(table.rows))
    claim = page.claim("Runs end at several values of")
    if claim:
        names = "x⁴ − 2x² + x/3", "six-hump camel", "Himmelblau", "well", "Rosenbrock"
        told = [f"{n}: {ends[n][1]} at {ends[n][2]}" for n in names]
        page.findings.holds(all(t in claim.evidence for t in told), claim.evidence, told)
        own = [ends[n][1:] for n in names]
        page.verdict(claim, own[0][0] > 1 and own[1][0] > 1 and own[2][0] == 1 < own[2][1] and own[3] == own[4] == (1, 1))


# embedding

@audits("embedding")
def embedding(page):
    runs = page.runs
    table = page.table("H", "smallest λ at H", "−μ by formula")
    for row in table.rows if table else []:
        chosen = runs.where(hidden=row[0])
        best = chosen[np.argmin(runs.final_loss[chosen])]
        page.findings.number(row[1], runs.final_loss[best], f"H = {row[0]}", "E")
        for column in (2, 3):
            page.findings.number(row[column], runs.numbers_of(best, "final_gradient_norm"), f"H = {row[0]}", table.header[column], digits=2)
        page.findings.holds(read(row[5]) <= 0.99 * read(row[6]), row[5], row[6], f"H = {row[0]}", "least λ is at most −μ")
