"""Experiments that compare settings: learning rates, widths, batch sizes, starting weights."""

import math

import numpy as np

from ..figures import NUMBER, Figure, numbers
from ..runs import same_setting
from ..statistics import median, quantile, wilson
from .audits import audits


def medians(runs, axis, values, **settings):
    """{value: median} over the runs of each value of an axis."""
    chosen = runs.where(**settings)
    return {v: median(values[[i for i in chosen if same_setting(runs.text[axis][i], v)]]) for v in runs.axis(axis)}


@audits("learning-rates")
def learning_rates(page):
    runs = page.runs
    best_rates = []
    for task in runs.axis("data"):
        losses = medians(runs, "learning-rate", runs.final_loss, data=task)
        best = min(losses, key=losses.get)
        best_rates.append(best)
        m = page.sentence(rf"\*\*{task}\*\*: the best of the rates tried is η = ({NUMBER}), with a median final loss of ({NUMBER})\. "
                          rf"With the smallest, η = ({NUMBER}), it is ({NUMBER})\.")
        if m:
            page.findings.number(m.group(1), float(best), column="best η")
            page.findings.number(m.group(2), losses[best], column="its median")
            page.findings.number(m.group(4), losses[runs.axis("learning-rate")[0]], column="the smallest's median")
        diverging(page, task)
    claim = page.claim("best rate lies strictly between")
    if claim:
        rates = runs.axis("learning-rate")
        for figure, best in zip(numbers(claim.evidence), best_rates):
            page.findings.holds(figure.agrees(float(best)), figure.text, best, column="best η")
        page.verdict(claim, all(b not in (rates[0], rates[-1]) for b in best_rates))


def diverging(page, task):
    """The first rate at which runs diverge, and how many do."""
    runs = page.runs
    m = page.sentence(rf"\*\*{task}\*\*:.*The smallest rate at which runs diverge is η = ({NUMBER}): (.*?\))\.")
    for rate in runs.axis("learning-rate"):
        chosen = runs.where(data=task, learning_rate=rate)
        if runs.diverged[chosen].any():
            if m:
                page.findings.number(m.group(1), float(rate), column="first rate that diverges")
                page.findings.share(m.group(2), int(runs.diverged[chosen].sum()), len(chosen), column="diverged")
            return


@audits("batch-sizes")
def batch_sizes(page):
    runs, seen = page.runs, {}
    for size in runs.axis("batch"):
        chosen = runs.where(batch=size)
        steps = median(runs.first_step_below(0.03, chosen))
        seen[size] = steps * (256 if size == "full" else int(size))
        m = page.sentence(rf"\*\*{size}\*\*: ({NUMBER}) steps, ({NUMBER}) samples until .* < 0.03; final loss ({NUMBER})")
        if m:
            page.findings.number(m.group(1), steps, size, "steps")
            page.findings.number(m.group(2), seen[size], size, "samples")
            page.findings.number(m.group(3), median(runs.final_loss[chosen]), size, "final loss")
    claim = page.claim("Single samples reach")
    if claim:
        single, full = numbers(claim.evidence)[:2]
        page.findings.holds(single.agrees(seen["1"]), single.text, seen["1"], column="single")
        page.findings.holds(full.agrees(seen["full"]), full.text, seen["full"], column="full")
        page.verdict(claim, seen["1"] < seen["full"])


@audits("seeds")
def seeds(page):
    runs = page.runs
    losses = runs.final_loss
    solved = losses < 0.01
    m = page.sentence(rf"Solved .*?: (.*?\))\. Ended within 0.002 of 1/8: ({NUMBER}); of 1/6: ({NUMBER})\.")
    if m:
        page.findings.share(m.group(1), int(solved.sum()), runs.count, column="solved")
        for group, level in ((2, 1 / 8), (3, 1 / 6)):
            page.findings.count(m.group(group), int((np.abs(losses - level) < 0.002).sum()), column=f"near {level:.4g}")
    m = page.sentence(rf"the fastest needed ({NUMBER}) steps and the slowest ({NUMBER})")
    if m:
        steps = runs.first_step_below(0.01)
        finite = steps[np.isfinite(steps)]
        page.findings.number(m.group(1), finite.min(), column="fastest")
        page.findings.number(m.group(2), finite.max(), column="slowest")


@audits("initialization-scales")
def initialization_scales(page):
    runs = page.runs
    zero = runs.final_loss[runs.where(init_scale="0.0")]
    distance = np.abs(zero - 0.25).max()
    m = page.sentence(rf"At σ₀ = 0, ({NUMBER}) of ({NUMBER}) runs do, and the median final loss is ({NUMBER})\.")
    if m:
        page.findings.count(m.group(1), int((zero < 0.01).sum()))
        page.findings.count(m.group(2), len(zero))
        page.findings.number(m.group(3), median(zero))
    shares = {s: int((runs.first_step_below(0.01, runs.where(init_scale=s)) < math.inf).sum()) for s in runs.axis("init-scale")}
    most = [s for s in shares if shares[s] == max(shares.values())]
    m = page.sentence(r"largest share of solved runs is at σ₀ = (.*?): (.*?\))\.")
    if m:
        shown = [f.value for f in numbers(m.group(1))]
        page.findings.holds(shown == [float(s) for s in most], m.group(1), most, column="most often solved")
        page.findings.share(m.group(2), max(shares.values()), len(zero), column="share")
    m = page.sentence(rf"At σ₀ = ({NUMBER}) it is (.*?\))\.")
    if m:
        last = runs.where(init_scale=m.group(1))
        page.findings.share(m.group(2), int(np.isfinite(runs.first_step_below(0.01, last)).sum()), len(last), column="share")
    claim = page.claim("At σ₀ = 0 no run learns")
    if claim:
        page.findings.number(numbers(claim.evidence.split(":")[-1])[0].text, distance, column="largest distance")
        page.verdict(claim, distance < 1e-9, distance)


@audits("hidden-sizes")
def hidden_sizes(page):
    runs = page.runs
    training, validation = (medians(runs, "hidden", v) for v in (runs.final_loss, runs.final("validation-loss")))
    table = page.table("hidden units", "final validation loss")
    for row in table.rows if table else []:
        h = row[0]
        page.findings.number(row[1], training[h], f"H = {h}", "training")
        page.findings.number(row[2], validation[h], f"H = {h}", "validation")
        page.findings.number(row[3], validation[h] / training[h], f"H = {h}", "ratio")
    best, widest = min(validation, key=validation.get), runs.axis("hidden")[-1]
    m = page.sentence(rf"smallest median validation loss is ({NUMBER}), at H = ({NUMBER})\. With one unit, .*? is ({NUMBER})\. "
                      rf".* training loss of ({NUMBER}) and a median validation loss of ({NUMBER})\.")
    if m:
        exact = validation[best], float(best), training["1"], training[widest], validation[widest]
        for i, value in enumerate(exact):
            page.findings.number(m.group(i + 1), value, column=f"number {i + 1}")
    claim = page.claim("final training loss of the widest network is below")
    if claim:
        for figure, value in zip(numbers(claim.evidence), (training[widest], training["1"])):
            page.findings.holds(figure.agrees(value), figure.text, value)
        page.verdict(claim, training[widest] < training["1"])


@audits("iris")
def iris(page):
    runs = page.runs
    table = page.table("training accuracy", "least validation loss")
    accuracy, final = runs.final("validation-accuracy"), runs.final("validation-loss")
    best = np.array([least(runs, "validation-loss", i) for i in range(runs.count)])
    for row in table.rows if table else []:
        chosen = runs.where(learning_rate=row[0])
        for column, values in ((1, runs.final("accuracy")), (2, accuracy)):
            page.findings.percent(row[column], values[chosen].mean(), row[0], table.header[column])
        page.findings.number(row[3], final[chosen].mean(), row[0], "final validation loss")
        page.findings.number(row[4], best[chosen].mean(), row[0], "least validation loss")
    rates = runs.axis("learning-rate")
    top = max(rates, key=lambda rate: accuracy[runs.where(learning_rate=rate)].mean())
    m = page.sentence(rf"mean validation accuracy is largest at η = ({NUMBER}): (.*?)\. Splits")
    if m:
        page.findings.holds(same_setting(m.group(1), top), m.group(1), top, column="best η")
        page.findings.percent(m.group(2), accuracy[runs.where(learning_rate=top)].mean(), column="its mean accuracy")
    for rate in rates:
        m = page.sentence(rf"η = {float(rate):g}: more in ({NUMBER}), fewer in ({NUMBER}) \((clear|not clear)\)") if rate != top else None
        if m:
            difference = accuracy[runs.where(learning_rate=top)] - accuracy[runs.where(learning_rate=rate)]
            more, fewer = int((difference > 0).sum()), int((difference < 0).sum())
            page.findings.count(m.group(1), more, rate, "more")
            page.findings.count(m.group(2), fewer, rate, "fewer")
            is_clear = more + fewer > 0 and wilson(more, more + fewer)[0] > 0.5
            page.findings.holds((m.group(3) == "clear") == is_clear, m.group(3), is_clear, rate, "clear")
    claim = page.claim("At η = 0.1, at least 90 %")
    if claim:
        middle = median(accuracy[runs.where(learning_rate="0.1")])
        page.findings.number(numbers(claim.evidence)[0].text, middle)
        page.verdict(claim, middle >= 0.9)
    claim = page.claim("At η = 1 the validation loss ends above")
    if claim:
        chosen = runs.where(learning_rate="1.0")
        above = int((final[chosen] > 1.1 * best[chosen]).sum())
        page.findings.share(claim.evidence, above, len(chosen))
        page.verdict(claim, wilson(above, len(chosen))[0] > 0.5)


def least(runs, quantity, run):
    """The least recorded value, the final one included."""
    series = runs.series(quantity)
    name = "final_" + quantity.replace("-", "_")
    values = np.append(series.of(run) if series else [], runs.numbers_of(run, name) if name in runs.text else [])
    values = values[~np.isnan(values)]
    return values.min() if len(values) else math.nan


@audits("digits")
def digits(page):
    runs = page.runs
    accuracy, widths = runs.final("validation-accuracy"), runs.axis("hidden")
    table = page.table("H", "median", "quartiles")
    larger = lambda narrow, wide: int((accuracy[runs.where(hidden=narrow)] < accuracy[runs.where(hidden=wide)]).sum())
    for row in table.rows if table else []:
        values = accuracy[runs.where(hidden=row[0])]
        page.findings.percent(row[1], median(values), row[0], "median")
        for text, p in zip(row[2].split("–"), (0.25, 0.75)):
            page.findings.percent(text, quantile(values, p), row[0], f"quartile {p}")
        place = widths.index(row[0])
        if place > 0:
            page.findings.share(row[3], larger(widths[place - 1], row[0]), len(values), row[0], "larger")
    for narrow, wide in ((4, 8), (8, 16), (16, 32)):
        claim = page.claim(f"{wide} units classify more held-out digits than {narrow}")
        if claim:
            hits, count = larger(str(narrow), str(wide)), len(runs.where(hidden=str(wide)))
            page.findings.share(claim.evidence, hits, count)
            page.verdict(claim, wilson(hits, count)[0] > 0.5)
    claim = page.claim("At H = 32, at least 95 %")
    if claim:
        middle = median(accuracy[runs.where(hidden="32")])
        page.findings.number(numbers(claim.evidence)[0].text, middle)
        page.verdict(claim, middle >= 0.95)


@audits("combining-lines")
def combining_lines(page):
    runs = page.runs
    right = runs.final("accuracy") > 0.999
    solved = lambda task, h: int(right[runs.where(data=task, hidden=h)].sum())
    seeds = len(runs.declaration["seeds"])
    widths, tasks = runs.axis("hidden"), runs.axis("data")
    table = page.table("task", "H = 1")
    for row in table.rows if table else []:
        for title, cell in zip(table.header[1:], row[1:]):
            count, _, all_runs = cell.partition(" of ")
            page.findings.count(count, solved(row[0], title.removeprefix("H = ")), row[0], title)
            page.findings.count(all_runs, seeds, row[0], "runs")
    m = page.sentence(r"solve XOR with two units: (.*?\))\..* with one unit: (.*?\))\.")
    if m:
        page.findings.share(m.group(1), solved("XOR", "2"), seeds)
        page.findings.share(m.group(2), solved("XOR", "1"), seeds)
    for task in tasks:
        m = page.sentence(rf"\*\*{task}\*\*: .* in a run: H = ({NUMBER}); in nine of ten runs: (?:H = ({NUMBER})|none)")
        if m:
            first = next(h for h in widths if solved(task, h))
            most = next((h for h in widths if solved(task, h) >= 0.9 * seeds), None)
            page.findings.holds(m.group(1) == first, m.group(1), first, task, "first solved")
            page.findings.holds(m.group(2) == most, m.group(2) or "none", most or "none", task, "nine in ten")
    combining_claims(page, solved, tasks, widths, seeds)


def combining_claims(page, solved, tasks, widths, seeds):
    claim = page.claim("Verifies the set-up: one line separates none")
    if claim:
        total = sum(solved(t, "1") for t in tasks)
        page.findings.share(claim.evidence, total, seeds * len(tasks))
        page.verdict(claim, total == 0)
    claim = page.claim("Three units, one for each side, solve the triangle")
    if claim:
        two, three = solved("triangle", "2"), solved("triangle", "3")
        for text, hits in zip(claim.evidence.split("; three: "), (two, three)):
            page.findings.share(text.removeprefix("two units: "), hits, seeds)
        page.verdict(claim, two == 0 and wilson(three, seeds)[0] > 0.5)
    for task in ("XOR", "L"):
        claim = page.claim(f"{task}: with just enough units")
        if claim:
            first = next(h for h in widths if solved(task, h))
            for text, h in zip(claim.evidence.split("; "), (first, widths[-1])):
                page.findings.share(text.removeprefix(f"H = {h}: "), solved(task, h), seeds)
            least, most = wilson(solved(task, widths[-1]), seeds)[0], wilson(solved(task, first), seeds)[1]
            page.verdict(claim, most < least)


@audits("descent-variants")
def descent_variants(page):
    runs = page.runs
    samples = {}
    table = page.table("B", "best α", "samples")
    for row in table.rows if table else []:
        size = row[0]
        final = medians(runs, "learning-rate", runs.final_loss, samples_per_step=size)
        best = min(final, key=final.get)
        steps = median(runs.first_step_below(3, runs.where(samples_per_step=size, learning_rate=best)))
        samples[size] = steps * int(size)
        for column, value in ((1, float(best)), (2, steps), (3, samples[size]), (5, final[best])):
            page.findings.number(row[column], value, f"B = {size}", table.header[column])
    sizes = runs.axis("samples-per-step")
    shared = [median(runs.final_loss[runs.where(samples_per_step=s, learning_rate="0.01")]) for s in sizes]
    ratio = max(shared) / min(shared)
    claim = page.claim("the median final losses of all batch sizes lie within")
    if claim:
        page.findings.holds(Figure(numbers(claim.evidence)[0].text).agrees(ratio, digits=6), claim.evidence, ratio)
        page.verdict(claim, ratio <= 1.25)
    m = page.sentence(rf"median final losses of all batch sizes differ by ({NUMBER} ?%) at most")
    if m:
        page.findings.percent(m.group(1), ratio - 1, decimals=2)
    claim = page.claim("At their best rates, stochastic descent")
    if claim:
        for figure, size in zip(numbers(claim.evidence), (sizes[0], sizes[-1])):
            page.findings.holds(figure.agrees(samples[size]), figure.text, samples[size])
        page.verdict(claim, samples[sizes[0]] < samples[sizes[-1]])


@audits("backpropagation")
def backpropagation(page):
    runs = page.runs
    series = runs.series("gradient-norm-of-layer-1")
    norms = [median(np.array([series.of(i)[0] for i in runs.where(depth=d)])) for d in runs.axis("depth")]
    claim = page.claim("gradient norm of the first layer at the first step decreases")
    if claim:
        for i, (figure, value) in enumerate(zip(numbers(claim.evidence), norms)):
            page.findings.holds(figure.agrees(value, digits=2), figure.text, value, column=f"depth {i}")
        page.verdict(claim, all(a > b for a, b in zip(norms, norms[1:])))
    m = page.sentence(rf"first layer is ({NUMBER}) with 0 hidden layers and ({NUMBER}) with 7: a factor of ({NUMBER})")
    if m:
        for i, value in enumerate((norms[0], norms[-1], norms[0] / norms[-1])):
            page.findings.number(m.group(i + 1), value, column=f"number {i + 1}")
    table = page.table("weight", "textbook", "engine", "central")
    for row in table.rows if table else []:
        page.findings.holds(row[2] == row[3] == row[4], " / ".join(row[2:]), "three times the same", row[0])


@audits("gallery-capacity")
def gallery_capacity(page):
    runs = page.runs
    true, random = runs.axis("data")[:2]
    claim = page.claim("On random targets every seed ends with a lower")
    if claim:
        narrow, wide = (runs.final_loss[runs.where(data=random, hidden=h)] for h in ("1", "64"))
        half = int((2 * wide < narrow).sum())
        page.findings.share(claim.evidence.removeprefix("less than half: "), half, len(wide))
        page.verdict(claim, bool((wide < narrow).all()) and wilson(half, len(wide))[0] > 0.5)
    losses = medians(runs, "hidden", runs.final_loss, data=true)
    m = page.sentence(rf"narrowest width with such a median training loss is H = ({NUMBER}): ({NUMBER})\.")
    if m:
        first = next(h for h in runs.axis("hidden") if losses[h] < 0.25 ** 2 / 2)
        page.findings.holds(m.group(1) == first, m.group(1), first, column="first width")
        page.findings.number(m.group(2), losses[first])


@audits("gallery")
def gallery(page):
    runs = page.runs
    claim = page.claim("most runs of all initialization scales end with a training loss below 0.3")
    if claim:
        rate = runs.axis("learning-rate")[5]
        chosen = runs.where(learning_rate=rate)
        hits = int((runs.final_loss[chosen] < 0.3).sum())
        page.findings.share(claim.evidence, hits, len(chosen))
        page.verdict(claim, wilson(hits, len(chosen))[0] > 0.5)


@audits("three-three-two")
def three_three_two(page):
    runs = page.runs
    tanh = runs.where(layers="tanh")
    hits = {bound: int((runs.final_loss[tanh] < bound).sum()) for bound in (1e-3, 1e-4)}
    claim = page.claim("half of the tanh networks")
    if claim:
        page.findings.share(claim.evidence, hits[1e-3], len(tanh))
        page.verdict(claim, hits[1e-3] >= len(tanh) / 2)
    m = page.sentence(rf"made the targets, (.*?\)) of the runs reach a loss below 10⁻⁴\. The least median final loss is ({NUMBER}), with (\w+)")
    if m:
        page.findings.share(m.group(1), hits[1e-4], len(tanh))
        losses = medians(runs, "layers", runs.final_loss)
        best = min(losses, key=losses.get)
        page.findings.number(m.group(2), losses[best])
        page.findings.holds(m.group(3) == best, m.group(3), best)
    table = page.table("parameter", "textbook", "engine")
    for row in table.rows if table else []:
        page.findings.holds(row[2] == row[3] == row[4], " / ".join(row[2:]), "three times the same", row[0])


@audits("latent-features")
def latent_features(page):
    runs = page.runs
    table = page.table("data", "output", "network itself")
    errors = {}
    for row in table.rows if table else []:
        chosen = runs.where(data=row[0], output=row[1])
        errors[row[0], row[1]] = 1 - runs.final("validation-accuracy")[chosen]
        page.findings.percent(row[6], errors[row[0], row[1]].mean(), " ".join(row[:2]), "network itself")
    claim = page.claim("Two units are too few for ten digits")
    if claim:
        digit = [v.min() for k, v in errors.items() if k[0] == "digits"]
        for figure, value in zip(numbers(claim.evidence), digit):
            page.findings.percent(figure.text, value)
        page.verdict(claim, min(digit) > 0.2)
