"""Experiments that compare settings: learning rates, widths, batch sizes, starting weights."""

import math
import re

import numpy as np

from ..figures import NUMBER, Figure, interval, numbers
from ..runs import same_setting
from ..statistics import median, quantile, ratios_by_seed, sign_test_interval, wilson
from .audits import audits


def medians(runs, axis, values, **settings):
    """{value: median} over the runs of each value of an axis."""
    chosen = runs.where(**settings)
    return {v: median(values[[i for i in chosen if same_setting(runs.text[axis][i], v)]]) for v in runs.axis(axis)}


def paired_claim(page, words, ratios, holds, confidence=0.95):
    """A claim with "median m, … interval a–b" about ratios between runs of equal seeds."""
    claim = page.claim(words)
    if claim is None:
        return
    bounds = sign_test_interval(ratios, confidence)
    m = re.search(rf"median (?:ratio )?({NUMBER}), 95 % interval (.*)", claim.evidence)
    page.findings.number(m.group(1), median(ratios), column="median ratio")
    for figure, bound in zip(interval(m.group(2)), bounds):
        page.findings.holds(figure.agrees(bound), figure.text, bound, column="interval")
    page.verdict(claim, holds(*bounds))


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
    claim = page.claim("the smallest rate ends at a higher loss")
    if claim:
        slowest, lows = runs.axis("learning-rate")[0], []
        for task, best in zip(runs.axis("data"), best_rates):
            own, others = (runs.where(data=task, learning_rate=rate) for rate in (slowest, best))
            bounds = sign_test_interval(ratios_by_seed(runs.seeds, runs.final_loss, own, others), 0.95)
            shown = interval(claim.evidence.split(f"{task}: 95 % interval ")[1])
            for figure, bound in zip(shown, bounds):
                page.findings.holds(figure.agrees(bound), figure.text, bound, task, "interval")
            lows.append(bounds[0])
        page.verdict(claim, min(lows) > 1)
    claim = page.claim("no run diverges at η = 0.01")
    if claim:
        holds, words = True, []
        for task in runs.axis("data"):
            low, high = (runs.where(data=task, learning_rate=rate) for rate in ("0.01", "3.0"))
            counts = int(runs.diverged[low].sum()), int(runs.diverged[high].sum())
            words.append(f"{task}: {counts[0]} of {len(low)}, and {counts[1]} of {len(high)}")
            holds = holds and counts[0] == 0 and wilson(counts[1], len(high))[0] > 0.5
        page.findings.holds(claim.evidence == "; ".join(words), claim.evidence, "; ".join(words))
        page.verdict(claim, holds)


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
    steps = runs.first_step_below(0.03)
    ratios = ratios_by_seed(runs.seeds, steps, runs.where(batch="1"), runs.where(batch="full"))
    paired_claim(page, "Single samples reach", ratios / 256, lambda low, high: high < 1)
    paired_claim(page, "Single samples need more steps", ratios, lambda low, high: low > 1)
    claim = page.claim("an accuracy above 97 %")
    if claim:
        chosen = runs.where(batch="32")
        right = int((runs.final("accuracy")[chosen] > 0.97).sum())
        page.findings.share(claim.evidence, right, len(chosen))
        page.verdict(claim, wilson(right, len(chosen))[0] > 0.5)


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
    seeds_claims(page, int(solved.sum()))


def seeds_claims(page, solved):
    runs = page.runs
    claim = page.claim("within three standard errors of the 83 %")
    if claim:
        share = solved / runs.count
        error = math.sqrt(share * (1 - share) / runs.count + 0.83 * 0.17 / 500)
        page.findings.share(claim.evidence, solved, runs.count)
        m = re.search(rf"difference ({NUMBER} ?%), standard error ({NUMBER} ?%)", claim.evidence)
        page.findings.percent(m.group(1), share - 0.83, column="difference")
        page.findings.percent(m.group(2), error, column="standard error")
        page.verdict(claim, abs(share - 0.83) <= 3 * error)
    claim = page.claim("The seed matters")
    if claim:
        low, high = wilson(solved, runs.count)
        page.findings.share(claim.evidence, solved, runs.count)
        page.verdict(claim, low > 0 and high < 1)
    claim = page.claim("Runs that are not solved end at one of the levels")
    if claim:
        rest = [i for i in range(runs.count) if runs.final_loss[i] >= 0.01]
        at_level = [i for i in rest if min(abs(runs.final_loss[i] - level) for level in (1 / 8, 1 / 6, 1 / 4)) < 2e-3]
        norms = runs.numbers("final_gradient_norm")
        moving = [i for i in rest if i not in at_level and norms[i] > 1e-3]
        for figure, value in zip(numbers(claim.evidence), (len(at_level), len(rest), len(moving))):
            page.findings.holds(figure.value == value, figure.text, value)
        page.verdict(claim, len(at_level) + len(moving) == len(rest))


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
    solved = {s: int((runs.final_loss[runs.where(init_scale=s)] < 0.01).sum()) for s in runs.axis("init-scale")}
    claim = page.claim("Large weights solve XOR less often")
    if claim:
        ten, one = claim.evidence.split("; ")
        page.findings.share(ten, solved["10.0"], len(zero), column="σ₀ = 10")
        page.findings.share(one, solved["1.0"], len(zero), column="σ₀ = 1")
        page.verdict(claim, wilson(solved["10.0"], len(zero))[1] < wilson(solved["1.0"], len(zero))[0])
    steps = runs.first_step_below(0.01)
    one = [i for i in runs.where(init_scale="1.0") if math.isfinite(steps[i])]
    ratios = ratios_by_seed(runs.seeds, steps, runs.where(init_scale="0.1"), one)
    paired_claim(page, "Small weights are slow", ratios, lambda low, high: low > 1)
    m = page.sentence(rf"at σ₀ = 0.01, ({NUMBER}) of ({NUMBER}) runs reach")
    if m:
        page.findings.count(m.group(1), solved["0.01"])
        page.findings.count(m.group(2), len(zero))
    m = page.sentence(rf"At σ₀ = 0.1 a run needs ({NUMBER}) times as many steps")
    if m:
        page.findings.number(m.group(1), median(ratios))


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
    chosen = {h: runs.where(hidden=h) for h in runs.axis("hidden")}
    ratios = ratios_by_seed(runs.seeds, runs.final_loss, chosen[widest], chosen["1"])
    paired_claim(page, "The widest network has a lower final training loss", ratios, lambda low, high: high < 1)
    fresh = runs.final("validation-loss")
    to_eight = {h: ratios_by_seed(runs.seeds, fresh, chosen[h], chosen["8"]) for h in chosen if h != "8"}
    paired_claim(page, "One unit is too few", to_eight["1"], lambda low, high: low > 1)
    joint = {h: sign_test_interval(r, 1 - 0.05 / len(to_eight)) for h, r in to_eight.items()}
    for row in table.rows if table else []:
        if row[0] in joint:
            page.findings.number(row[4], median(to_eight[row[0]]), f"H = {row[0]}", "ratio to H = 8")
            for figure, bound in zip(interval(row[5]), joint[row[0]]):
                page.findings.holds(figure.agrees(bound), figure.text, bound, f"H = {row[0]}", "interval")
    claim = page.claim("No width from 2 to 64")
    if claim:
        tops = {h: bounds[1] for h, bounds in joint.items() if int(h) >= 2}
        most = max(tops, key=tops.get)
        page.findings.holds(numbers(claim.evidence)[0].agrees(tops[most]), claim.evidence, tops[most])
        page.findings.holds(claim.evidence.endswith(f"H = {most}"), claim.evidence, f"H = {most}")
        page.verdict(claim, tops[most] < 2)
    claim = page.claim("Eight units reach the noise")
    if claim:
        page.findings.holds(numbers(claim.evidence)[0].agrees(training["8"]), claim.evidence, training["8"])
        page.verdict(claim, training["8"] <= 0.1**2)


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
        page.verdict(claim, ratio < 1.01)
    m = page.sentence(rf"median final losses of all batch sizes differ by ({NUMBER} ?%) at most")
    if m:
        page.findings.percent(m.group(1), ratio - 1, decimals=2)
    claim = page.claim("At their best rates, stochastic descent")
    if claim:
        own = [runs.first_step_below(3, runs.where(samples_per_step=s, learning_rate=best_rate(runs, s))) * int(s)
               for s in (sizes[0], sizes[-1])]
        fewer = int(np.sum(own[0] < own[1]))
        page.findings.share(claim.evidence, fewer, len(own[0]))
        for figure, values in zip(numbers(claim.evidence.split("medians")[-1]), own):
            page.findings.holds(figure.agrees(median(values)), figure.text, median(values))
        page.verdict(claim, wilson(fewer, len(own[0]))[0] > 0.5)


def best_rate(runs, size):
    """The rate with the smallest median of the final loss."""
    final = medians(runs, "learning-rate", runs.final_loss, samples_per_step=size)
    return min(final, key=final.get)


@audits("sigmoid-network")
def sigmoid_network(page):
    runs, sizes = page.runs, page.runs.axis("samples-per-step")
    rates = {s: best_rate(runs, s) for s in sizes}
    chosen = {s: runs.where(samples_per_step=s, learning_rate=rates[s]) for s in sizes}
    arrivals = {s: runs.first_step_below(10, chosen[s]) * int(s) for s in sizes}
    table = page.table("B", "best α", "mean |t − y|")
    for row in table.rows if table else []:
        own, size = chosen[row[0]], row[0]
        values = (1, float(rates[size])), (2, median(runs.final_loss[own])), (3, median(runs.final("absolute-error")[own])), \
            (5, median(arrivals[size]) / int(size)), (6, median(arrivals[size]))
        for column, value in values:
            page.findings.number(row[column], value, f"B = {size}", table.header[column])
        page.findings.percent(row[4], 1 - median(runs.final("accuracy")[own]), f"B = {size}", "class error")
    claim = page.claim("stochastic descent reaches E < 10 with fewer samples")
    if claim:
        fewer = int(np.sum(arrivals[sizes[0]] < arrivals[sizes[-1]]))
        page.findings.share(claim.evidence, fewer, len(arrivals[sizes[0]]))
        page.verdict(claim, wilson(fewer, len(arrivals[sizes[0]]))[0] > 0.5)
    claim = page.claim("The best rate of stochastic descent is larger")
    if claim:
        page.verdict(claim, float(rates[sizes[0]]) > float(rates[sizes[-1]]))
    claim = page.claim("predicts at least 90 % of the classes right")
    if claim:
        worst = min(runs.final("accuracy")[own].min() for own in chosen.values())
        page.findings.percent(claim.evidence.split("share ")[-1], worst)
        page.verdict(claim, worst >= 0.9)


@audits("backpropagation")
def backpropagation(page):
    table = page.table("after, textbook", "after, training", "central")
    for row in table.rows if table else []:
        page.findings.holds(row[2] == row[3] and row[4] == row[5], " / ".join(row[2:]), "twice the same", row[0])
    kept, by_paths = multiplications(8)
    claim = page.claim("With eight layers, the backward pass without reuse")
    if claim:
        page.findings.holds(numbers(claim.evidence)[0].agrees(by_paths / kept), claim.evidence, by_paths / kept)
        page.verdict(claim, by_paths > 100 * kept)
    m = page.sentence(rf"With eight layers the backward pass takes ({NUMBER}) multiplications with reuse and ({NUMBER}) without")
    if m:
        page.findings.count(m.group(1), kept)
        page.findings.count(m.group(2), by_paths)


def multiplications(layers, width=3):
    """Multiplications of a backward pass with every δ kept, and with the δ of every weight computed anew over all paths.

    Two inputs, three units in each hidden layer, one output. An output's δ takes two multiplications; a hidden unit's two, and one
    for each unit above; a weight's derivative one.
    """
    sizes = [2] + [width] * (layers - 1) + [1]
    weights = [a * b for a, b in zip(sizes, sizes[1:])]
    kept = sum(weights) + sum(weights[1:]) + 2 * sum(sizes[1:])
    delta = [2]  # of one unit by all its paths, from the output down
    for above in reversed(sizes[2:]):
        delta.append(2 + above * (delta[-1] + 1))
    return kept, sum(count * (cost + 1) for count, cost in zip(weights, reversed(delta)))


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
    hits = int((runs.final_loss[tanh] < 1e-3).sum())
    claim = page.claim("More than half of the tanh networks")
    if claim:
        page.findings.share(claim.evidence, hits, len(tanh))
        page.verdict(claim, wilson(hits, len(tanh))[0] > 0.5)
    m = page.sentence(rf"made the targets, (.*?\)) of the runs reach a loss below 10⁻³\. The least median final loss is ({NUMBER}), with (.+)\.")
    if m:
        page.findings.share(m.group(1), hits, len(tanh))
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
