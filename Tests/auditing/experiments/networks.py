"""Experiments on what single trainings reach: XOR's levels, widths that suffice, capacity, one neuron."""

import math
import re

import numpy as np

from ..figures import NUMBER, Figure, numbers, read
from ..statistics import median, quantile, sign_test_interval, wilson
from .audits import audits

# xor-levels

LEVELS = {"1/8": 1 / 8, "1/6": 1 / 6, "1/4": 1 / 4}


def place(loss):
    if loss < 0.01:
        return "solved"
    return next((name for name, level in LEVELS.items() if abs(loss - level) < 0.002), "elsewhere")


def at_step(runs, quantity, run, step, final=None):
    values = runs.series(quantity).of(run)
    return values[step] if step < len(values) else (values[-1] if final is None else final)


@audits("xor-levels")
def xor_shares(page):
    runs = page.runs
    table = page.table("hidden", "reference", "standard error")
    exact = {}
    for row in table.rows if table else []:
        chosen = runs.where(hidden=row[0])
        solved, n, reference = int((runs.final_loss[chosen] < 0.01).sum()), len(chosen), read(row[2]) / 100
        p = solved / n
        error = math.sqrt(p * (1 - p) / n + reference * (1 - reference) / 500)
        exact[row[0]] = solved, n, p - reference, error
        page.findings.share(row[1], solved, n, f"hidden {row[0]}", "Descent")
        page.findings.percent(row[3], p - reference, f"hidden {row[0]}", "difference")
        page.findings.percent(row[4], error, f"hidden {row[0]}", "standard error")
        page.findings.number(row[5], (p - reference) / error, f"hidden {row[0]}", "difference / error", digits=2)
        agrees = "agrees" if abs(p - reference) <= 3 * error else "differs"
        page.findings.holds(row[6] == agrees, row[6], agrees, f"hidden {row[0]}", "verdict")
    for hidden, (solved, n, difference, error) in exact.items():
        claim = page.claim(f"solved share with {hidden} hidden units")
        if claim:
            page.findings.share(claim.evidence, solved, n)
            shown = re.search(rf"difference ({NUMBER} ?%), standard error ({NUMBER} ?%)", claim.evidence)
            page.findings.percent(shown.group(1), difference, column="difference")
            page.findings.percent(shown.group(2), error, column="standard error")
            page.verdict(claim, abs(difference) <= 3 * error)


def places_at(runs, step):
    """Counts of the places at a step, and the gradient norms of the runs elsewhere."""
    counts, norms = dict.fromkeys(["solved", *LEVELS, "elsewhere"], 0), []
    for run in range(runs.count):
        name = place(at_step(runs, "loss", run, step, runs.final_loss[run]))
        counts[name] += 1
        if name == "elsewhere":
            norms.append(at_step(runs, "gradient-norm", run, step))
    return list(counts.values()), norms


@audits("xor-levels")
def xor_places(page):
    runs = page.runs
    table = page.table("step", "solved", "elsewhere")
    found = {}
    for row in table.rows if table else []:
        counts, norms = found[int(read(row[0]))] = places_at(runs, int(read(row[0])))
        for title, cell, count in zip(table.header[1:], row[1:6], counts):
            page.findings.count(cell, count, f"step {row[0]}", title)
        for cell, p, title in zip(row[6:], (0, 0.5, 1), table.header[6:]):
            if norms:
                page.findings.number(cell, quantile(norms, p), f"step {row[0]}", title, digits=2)
            else:
                page.findings.holds(cell == "–", cell, "–", f"step {row[0]}", title)
    if 20_000 in found and 10_000 in found and 1000 in found:
        xor_answer(page, found)


def xor_answer(page, found):
    runs = page.runs
    end, later, early = found[20_000][0], found[10_000][0], found[1000][0]
    claim = page.claim("After 20 000 steps every run is solved")
    if claim:
        shown = [int(n) for n in re.findall(r"(\d+) (?:solved|on|elsewhere)", claim.evidence)]
        page.findings.holds(shown == end, claim.evidence, end)
        page.verdict(claim, end[4] == 0)
    stuck = [i for i in range(runs.count) if place(runs.final_loss[i]) in LEVELS and len(runs.series("loss").of(i)) > 10_000]
    distance = lambda loss: min(abs(loss - level) for level in LEVELS.values())
    before = [distance(runs.series("loss").of(i)[10_000]) for i in stuck]
    after = [distance(runs.final_loss[i]) for i in stuck]
    claim = page.claim("Runs on a level approach it")
    if claim:
        shown = re.search(rf"median distance ({NUMBER}), later ({NUMBER}), n = ({NUMBER})", claim.evidence)
        for group, value in ((1, median(before)), (2, median(after)), (3, len(stuck))):
            page.findings.number(shown.group(group), value)
        page.verdict(claim, median(after) <= median(before) / 2)
    m = page.sentence(rf"The ({NUMBER}) unsolved runs on a level are within ({NUMBER}) of it.*?of ({NUMBER}) runs on 1/8 or 1/6 "
                      rf"after 10 000 steps, ({NUMBER}) runs are there after")
    if m:
        exact = len(stuck), max(after), later[1] + later[2], end[1] + end[2]
        for i, value in enumerate(exact):
            page.findings.number(m.group(i + 1), value, column=f"number {i + 1}")
    m = page.sentence(rf"After 1000 steps ({NUMBER}) of ({NUMBER}) runs are neither")
    if m:
        page.findings.count(m.group(1), early[4])


# larger-is-easier

MAIN = "one sample ±1"
BUDGETS = {"XOR": 10_000, "parity of 3": 40_000, "parity of 4": 120_000}


def paired(first, second):
    """The difference of two shares over the same seeds, with its 95 % interval; half a pair is added to both counts."""
    n, a, b = len(first), int((first & ~second).sum()), int((second & ~first).sum())
    c, d = a + 0.5, b + 0.5
    spread = 1.959963984540054 * math.sqrt(max(0, c + d - (c - d) ** 2 / n)) / n
    value = (a - b) / n
    return value, max(-1, value - spread), min(1, value + spread)


def paired_words(page, text, exact, place):
    """ "28 %, 95 % interval 23.3–32.7 %" or "28 % (23.3–32.7 %)" against a recomputed difference and interval."""
    shown = re.match(rf"({NUMBER}) ?%(?:, 95 % interval | \()({NUMBER})(?: ?%)?–({NUMBER}) ?%", text.strip())
    if page.findings.holds(shown, text, exact, place):
        for part, value in zip(shown.groups(), exact):
            page.findings.percent(part, value, place)


@audits("larger-is-easier")
def larger_is_easier(page):
    runs = page.runs
    steps = runs.first_step_below(0.01)
    tasks, widths = runs.axis("task"), runs.axis("units")
    taken = {(t, k, h): steps[runs.where(task=t, training=k, units=h)] for t in tasks for k in runs.axis("training") for h in widths}
    solved = {key: np.isfinite(values) for key, values in taken.items()}
    table = page.table("task", "within half of the steps", "steps × units")
    for row in table.rows if table else []:
        own, place = taken[row[0], MAIN, row[1]], " ".join(row[:2])
        found = own[np.isfinite(own)]
        page.findings.count(row[3], int((own <= BUDGETS[row[0]] / 2).sum()), place, "within half")
        page.findings.holds(row[4] == f"{len(found)} of {len(own)}", row[4], f"{len(found)} of {len(own)}", place, "within all")
        for part, value in zip(re.findall(NUMBER, row[5].replace("%", "")), wilson(len(found), len(own))):
            page.findings.percent(part, value, place, "95 % interval")
        if len(found):
            page.findings.number(row[6], median(found), place, "median steps")
            page.findings.number(row[7], median(found) * int(row[1]), place, "steps × units")
    table = page.table("task", "full batch ±1", "difference")
    for row in table.rows if table else []:
        place = " ".join(row[:2])
        page.findings.count(row[2], int(solved[row[0], MAIN, row[1]].sum()), place, MAIN)
        for column, kind in ((3, "one sample 0 and 1"), (5, "full batch ±1")):
            own = solved[row[0], kind, row[1]]
            page.findings.count(row[column], int(own.sum()), place, kind)
            paired_words(page, row[column + 1], paired(own, solved[row[0], MAIN, row[1]]), place)
    width_claims(page, tasks, widths, taken, solved)


def width_claims(page, tasks, widths, taken, solved):
    narrow = {t: next(h for h in widths if solved[t, MAIN, h].any()) for t in tasks}
    often = {t: next(h for h in widths if solved[t, MAIN, h].sum() >= 10) for t in tasks}
    claim = page.claim("a network twice as wide as the narrowest that solves it")
    if claim:
        holds = []
        for task, part in zip(tasks, claim.evidence.split("; ")):
            exact = paired(solved[task, MAIN, str(2 * int(narrow[task]))], solved[task, MAIN, narrow[task]])
            paired_words(page, part.split(": ")[1], exact, task)
            holds.append(exact[1] > 0)
        page.verdict(claim, all(holds))
    claim = page.claim("for more seeds than two independent narrow ones would")
    if claim:
        task = tasks[-1]
        wide, thin = solved[task, MAIN, str(2 * int(narrow[task]))], solved[task, MAIN, narrow[task]]
        exact = wilson(int(wide.sum()), len(wide))[0], 1 - (1 - wilson(int(thin.sum()), len(thin))[1]) ** 2
        for figure, value in zip(re.findall(rf"at (?:least|most) ({NUMBER}) ?%", claim.evidence), exact):
            page.findings.percent(figure, value, task)
        page.verdict(claim, exact[0] > exact[1])
    claim = page.claim("The widest network solves each task in fewer steps")
    if claim:
        faster = []
        for task, part in zip(tasks, claim.evidence.split(";")):
            values = [median(taken[task, MAIN, h][solved[task, MAIN, h]]) for h in (widths[-1], often[task])]
            for figure, value in zip(numbers(part.split(":")[1]), values):
                page.findings.holds(figure.agrees(value), figure.text, value, task)
            faster.append(values[0] < values[1])
        page.verdict(claim, all(faster))
    gains = {(t, h): float((solved[t, MAIN, h] & (taken[t, MAIN, h] > BUDGETS[t] / 2)).mean())
             for t in tasks for h in widths if solved[t, MAIN, h].mean() >= 0.5}
    claim = page.claim("When the budget doubles, no width")
    if claim:
        shown = re.match(rf"({NUMBER}) settings, most: ({NUMBER}) ?%", claim.evidence)
        page.findings.count(shown.group(1), len(gains))
        page.findings.percent(shown.group(2), max(gains.values()))
        page.verdict(claim, max(gains.values()) <= 0.1)
    safe = lambda t, bound: next((h for h in widths if np.mean(taken[t, MAIN, h] <= bound) >= 0.95), "none")
    claim = page.claim("The narrowest width that solves a task for 95 %")
    if claim:
        words = "; ".join(f"{t}: {safe(t, BUDGETS[t])}" for t in tasks)
        page.findings.holds(claim.evidence == words, claim.evidence, words)
        page.verdict(claim, all(safe(t, BUDGETS[t]) == safe(t, BUDGETS[t] / 2) for t in tasks))
    claim = page.claim("On parity of 4 the inputs change the answer")
    if claim:
        exact = paired(solved[tasks[-1], MAIN, "4"], solved[tasks[-1], "one sample 0 and 1", "4"])
        paired_words(page, claim.evidence, exact, "4 units")
        page.verdict(claim, exact[1] > 0)


@audits("width-rates")
def width_rates(page):
    runs = page.runs
    steps = runs.first_step_below(0.01)
    rates = runs.axis("learning-rate")
    table = page.table("task", "training", "best", "used")
    good = []
    for row in table.rows if table else []:
        place = " ".join(row[:3])
        counts, totals = {}, {}
        for column, rate in enumerate(rates, 3):
            own = steps[runs.where(task=row[0], training=row[1], hidden=row[2], learning_rate=rate)]
            counts[rate], totals[rate] = int(np.isfinite(own).sum()), float(own[np.isfinite(own)].sum())
            page.findings.count(row[column], counts[rate], place, f"η = {rate}")
        best = max(rates, key=lambda r: (counts[r], -totals[r]))
        if counts[best] == 0:
            page.findings.holds(row[-2] == "none solves", row[-2], "none solves", place, "best")
            continue
        page.findings.number(row[-2], float(best), place, "best")
        used = next(r for r in rates if float(r) == read(row[-1]))
        good.append(counts[used] >= counts[best] - len(runs.declaration["seeds"]) / 4)
    claim = page.claim("the rate that larger-is-easier uses")
    if claim:
        shown = f"{sum(good)} of {len(good)} settings"
        page.findings.holds(claim.evidence.startswith(shown), claim.evidence, shown)
        page.verdict(claim, all(good))


# alpha-beta

SMALL = "small"


def succeeded(runs, n, rate):
    """How many of the small runs at a constant rate end below R/n = 0.05, and of how many."""
    chosen = runs.where(sample_count=n, learning_rate=rate, case=SMALL)
    return int(np.sum(runs.final_loss[chosen] < 0.05 * int(n))), len(chosen)


def edge_of_usable_rates(runs, n):
    """The largest rate whose share of success is above one half by Wilson's interval, and the next one whose share is below."""
    rates = runs.axis("learning-rate")
    bounds = [wilson(*succeeded(runs, n, r)) for r in rates]
    low = max(i for i, (least, _) in enumerate(bounds) if least > 0.5)
    high = next(i for i, (_, most) in enumerate(bounds) if i > low and most < 0.5)
    return float(rates[low]), float(rates[high])


@audits("alpha-beta")
def alpha_beta(page):
    runs = page.runs
    edges = {n: edge_of_usable_rates(runs, n) for n in runs.axis("sample-count")}
    table = page.table("n", "largest usable η", "ηn from")
    for row in table.rows if table else []:
        low, high = edges[row[0]]
        for column, value in ((1, low), (3, high), (5, low * int(row[0])), (6, high * int(row[0]))):
            page.findings.number(row[column], value, f"n = {row[0]}", table.header[column])
        for column, rate in ((2, low), (4, high)):
            done, count = succeeded(runs, row[0], rate)
            shown, bounds = row[column].split(", ")
            page.findings.holds(shown == f"{done} of {count}", shown, f"{done} of {count}", f"n = {row[0]}")
            page.findings.interval_percent(bounds, wilson(done, count), f"n = {row[0]}", table.header[column])
    common = [max(low * int(n) for n, (low, _) in edges.items()), min(high * int(n) for n, (_, high) in edges.items())]
    x = np.log([int(n) for n in edges])
    weights = (x - x.mean()) / np.sum((x - x.mean()) ** 2)
    logs = np.log(list(edges.values()))
    slopes = [float(np.sum(weights * np.where(weights > 0, logs[:, i], logs[:, 1 - i]))) for i in (0, 1)]
    claim = page.claim("one value of ηn lies in the bracket")
    if claim:
        for figure, value in zip(numbers(claim.evidence), common + slopes):
            page.findings.holds(figure.agrees(value), figure.text, value)
        page.verdict(claim, common[0] < common[1])
    m = page.sentence(rf"slope of ln\(edge\) against ln n is between ({NUMBER}) and ({NUMBER}),")
    if m:
        for group, value in ((1, slopes[0]), (2, slopes[1])):
            page.findings.number(m.group(group), value)
    rate_schedules(page, edges)
    initializations(page)


def rate_schedules(page, edges):
    runs = page.runs
    medians = lambda case: {r: median(runs.final_loss[runs.where(sample_count=16, learning_rate=r, case=case)])
                            for r in runs.axis("learning-rate")}
    table = page.table("schedule", "best base η")
    for row in table.rows if table else []:
        # The constant rate is the case of small initialization.
        losses = medians(SMALL if row[0] == "constant" else f"{SMALL} with {row[0]}")
        best = min(losses, key=losses.get)
        low = [r for r in losses if losses[r] < 16 * 0.05]
        page.findings.number(row[1], float(best), row[0], "best base η")
        page.findings.number(row[2], losses[best], row[0], "its median")
        shown = row[3] == "none" if not low else row[3] != "none" and Figure(row[3]).agrees(float(low[-1]))
        page.findings.holds(shown, row[3], low[-1] if low else "none", row[0], "largest with a small loss")
    claim = page.claim("end with a smaller loss than the constant rate for most seeds")
    if claim:
        names = SMALL, "small with η/(1 + r/200)", "small with η halved every 500"
        rate = next(r for r in runs.axis("learning-rate") if math.isclose(float(r), edges["16"][1]))
        losses = [runs.final_loss[runs.where(sample_count=16, learning_rate=rate, case=c)] for c in names]
        better = [int(np.sum(losses[0] > other)) for other in losses[1:]]
        told = [f"{k} of {len(losses[0])} (" for k in better]
        page.findings.holds(all(t in claim.evidence for t in told), claim.evidence, told)
        page.verdict(claim, all(wilson(k, len(losses[0]))[0] > 0.5 for k in better))


def initializations(page):
    """The three initializations at n = 16 and the base rate 0.032, and the equal units of the zero initialization."""
    runs = page.runs
    losses = [runs.final_loss[runs.where(sample_count=16, learning_rate=0.032, case=c)] for c in (SMALL, "zero", "large")]
    table = page.table("initialization", "final loss R")
    for row, own in zip(table.rows if table else [], losses):
        page.findings.number(row[1], median(own), row[0], "final loss R")
    claim = page.claim("Small initialization ends with a tenth")
    if claim:
        small, zero, large = losses
        shares = int(np.sum(10 * small <= zero)), int(np.sum(small < large))
        told = [f"{k} of {len(small)} (" for k in shares]
        page.findings.holds(all(t in claim.evidence for t in told), claim.evidence, told)
        page.verdict(claim, all(wilson(k, len(small))[0] > 0.5 for k in shares))
    claim = page.claim("with zero initialization the outputs of the hidden units stay equal")
    if claim:
        page.judged.add(claim.line)
        zeros = [i for i in runs.where(case="zero") if not runs.diverged[i]]
        unequal = sum(not equal_units(runs.parameters(i)) for i in zeros)
        shown = [int(f.value) for f in numbers(claim.evidence)]
        page.findings.holds(shown[:1] == [unequal], claim.evidence, f"{unequal} of {len(zeros)} runs")
        page.verdict(claim, unequal == 0)
    saddle(page)


def saddle(page):
    """The saddle of the zero initialization at n = 16, by gradient descent on units that stay equal."""
    claim = page.claim("Zero initialization leads to a saddle")
    if not claim:
        return
    x = np.linspace(-2, 2, 16)
    y = np.stack([x - x**3 / 4, 1 / (1 + x**4), x * x / 2], 1)
    inputs, sigma = np.stack([x, np.ones(16)], 1), lambda z: 1 / (1 + np.exp(-z))

    def gradient(theta):
        alpha, beta = theta[:12].reshape(6, 2), theta[12:].reshape(3, 7)
        z = np.concatenate([sigma(inputs @ alpha.T), np.ones((16, 1))], 1)
        t = z @ beta.T
        out = np.stack([t[:, 0], sigma(t[:, 1]), np.logaddexp(0, t[:, 2])], 1)
        slopes = np.stack([np.ones(16), out[:, 1] * (1 - out[:, 1]), sigma(t[:, 2])], 1)
        delta = -2 * (y - out) * slopes
        s = (delta @ beta[:, :6]) * z[:, :6] * (1 - z[:, :6])
        return np.sum((y - out) ** 2), np.concatenate([(s.T @ inputs).ravel(), (delta.T @ z).ravel()])

    theta = np.zeros(33)
    for _ in range(60_000):
        theta = theta - 0.032 * gradient(theta)[1]
    loss = gradient(theta)[0]
    h = 1e-5 * np.eye(33)
    hessian = np.array([(gradient(theta + e)[1] - gradient(theta - e)[1]) / 2e-5 for e in h])
    least = np.linalg.eigvalsh((hessian + hessian.T) / 2)[0]
    shown = numbers(claim.evidence)
    page.findings.holds(shown[0].agrees(least), claim.evidence, least, column="λ_min")
    page.findings.holds(shown[1].agrees(loss), claim.evidence, loss, column="R without a nudge")
    page.verdict(claim, least < 0 and shown[2].value < 0.1 * loss)


def equal_units(parameters, inputs=1, units=6, outputs=3):
    """Whether all hidden units of a one-layer network have the same weights: weights, biases, then the output's."""
    first = parameters[: units * (inputs + 1)]
    weights, biases = first[: units * inputs].reshape(units, inputs), first[units * inputs :]
    above = parameters[units * (inputs + 1) :][: outputs * units].reshape(outputs, units)
    same = lambda rows: np.all(rows == rows[:1])
    return bool(same(weights) and same(biases) and same(above.T))


# logistic-neuron

@audits("logistic-neuron")
def logistic_neuron(page):
    runs = page.runs
    single, full = runs.axis("batch")
    table = page.table("η", "fluctuation, one sample")
    ratios = []
    for row in table.rows if table else []:
        fluctuations = []
        for offset, batch in ((0, single), (1, full)):
            chosen = runs.where(batch=batch, learning_rate=row[0])
            fluctuations.append(median(np.array([fluctuation(runs, i) for i in chosen])))
            page.findings.number(row[1 + offset], fluctuations[-1], f"η = {row[0]}", table.header[1 + offset])
            page.findings.number(row[3 + offset], median(runs.final_loss[chosen]), f"η = {row[0]}", table.header[3 + offset])
        ratios.append((float(row[0]), fluctuations[0] / fluctuations[1]))
    claim = page.claim("fluctuation of single samples is at least ten times")
    if claim:
        late = [ratio for rate, ratio in ratios if rate >= 0.3]
        own = [sign_test_interval(fluctuation_ratios(runs, single, full, rate), 0.95) for rate, _ in ratios if rate >= 0.3]
        for (figure, value) in zip(numbers(claim.evidence.replace("–", " ")), [b for bounds in own for b in bounds]):
            page.findings.holds(figure.agrees(value), figure.text, value)
        page.verdict(claim, min(bounds[0] for bounds in own) >= 10, f"medians {late}")


def fluctuation_ratios(runs, single, full, rate):
    """The ratio of the fluctuations of the two batches for each seed."""
    pairs = [[fluctuation(runs, i) for i in runs.where(batch=batch, learning_rate=rate)] for batch in (single, full)]
    return np.array(pairs[0]) / np.array(pairs[1])


def fluctuation(runs, run):
    """The standard deviation of the loss on all data over the last tenth of training."""
    values = runs.series("training-loss").of(run)
    return float(np.std(values[-(len(values) // 10):]))


# overcapacity

@audits("overcapacity")
def overcapacity(page):
    runs = page.runs
    tables = [t for t in page.report.tables if t.column("over best") is not None]
    for task, table in zip(runs.axis("task"), tables):
        page.findings.at(f"table “{table.caption}”, line {table.line}")
        capacity_table(page, task, table)
    if tables:
        capacity_claims(page, tables)


def capacity_claims(page, tables):
    """Claims on runs that interpolate against the counts of the tables; the counts themselves need each seed's targets."""
    seeds = len(page.runs.declaration["seeds"])
    fitted = [{row[0]: tuple(int(n) for n in row[6].split("/")) for row in table.rows} for table in tables]
    best = min(tables[0].rows, key=lambda row: read(row[3]))[0]
    widest = tables[0].rows[-1][0]
    claim = page.claim("No run with fewer parameters")
    if claim:
        narrow = [fitted[i][row[0]][1] for i, table in enumerate(tables) for row in table.rows if read(row[1]) < 1]
        page.findings.holds(claim.evidence.startswith(f"{sum(narrow)} of {seeds * len(narrow)}"), claim.evidence,
                            f"{sum(narrow)} of {seeds * len(narrow)}")
        page.verdict(claim, sum(narrow) == 0)
    for words, width, holds in (("The widest networks memorise", widest, lambda n: 2 * n >= seeds),
                                ("The best width for the sine", best, lambda n: 2 * n < seeds)):
        claim = page.claim(words)
        if claim:
            page.findings.share(claim.evidence, fitted[0][width][1], seeds)
            page.verdict(claim, holds(fitted[0][width][1]))


def capacity_table(page, task, table):
    runs = page.runs
    chosen = {row[0]: runs.where(task=task, labels="true", hidden=row[0]) for row in table.rows}
    validation = runs.final("validation-loss")
    best = min(chosen, key=lambda h: median(validation[chosen[h]]))
    pairs = len(table.rows) * (len(table.rows) - 1) / 2
    for row in table.rows:
        h, own = row[0], chosen[row[0]]
        ratios = validation[own] / validation[chosen[best]]
        page.findings.number(row[2], median(runs.final_loss[own]), f"H = {h}", "training")
        page.findings.number(row[3], median(validation[own]), f"H = {h}", "validation")
        page.findings.number(row[4], median(ratios), f"H = {h}", "over best")
        rises = np.array([validation[i] / rise_base(runs, i) for i in own])
        page.findings.number(row[8], median(rises), f"H = {h}", "rise")
        if h != best:
            bounds = sign_test_interval(ratios, 1 - 0.05 / pairs)
            for figure, bound in zip(row[5].split("–"), bounds):
                page.findings.number(figure, bound, f"H = {h}", "95 %")


def rise_base(runs, run):
    """The least validation loss of a run."""
    values = runs.series("validation-loss").of(run)
    return float(np.nanmin(np.append(values, runs.numbers_of(run, "final_validation_loss"))))
