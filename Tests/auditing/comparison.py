"""The comparison across seeds: who comes below a threshold, how fast, and how paired runs differ."""

import itertools
import math
import re

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binomtest, norm

from .figures import NUMBER, Figure, interval, quartiles, read
from .runs import same_setting
from .statistics import BootstrapMedian, median, quantile, sign_test_interval, wilson

DIFFERENCES = re.compile(r" of (.+?) minus that of each other setting")
#: Symbols of settings, where the values alone leave a choice between swept parameters.
SYMBOLS = {"η": "learning-rate", "α": "learning-rate", "σ₀": "init-scale", "H": "hidden", "B": "batch"}


def audit(runs, report, findings):
    seen = []
    for table in report.tables:
        findings.at(f"table “{table.caption}”, line {table.line}")
        findings.holds(table.valid, "a header with unescaped bars", "as many titles as columns", column="header")
        if table.column("solved") is not None and table.column("steps to") is not None:
            seen.append((table.caption, audit_convergence(runs, table, findings)))
        elif table.column("median difference") is not None and table.column("p after Holm") is not None:
            audit_pairs(runs, table, entries_of(runs, table.caption, seen), findings)


def entries_of(runs, caption, seen):
    """The settings of the last table before, or of the last that names the same task."""
    task = named_value(runs, caption)
    alike = [entries for other, entries in seen if named_value(runs, other) == task]
    return alike[-1] if alike else seen[-1][1] if seen else None


def audit_convergence(runs, table, findings):
    threshold = threshold_of(table.caption)
    entries = []
    for row in table.rows:
        label, n = row[0], row[table.column("n")]
        chosen = select(runs, label, table.caption, n, findings)
        steps = runs.first_step_below(threshold, chosen)
        entry = {"label": label, "chosen": chosen, "steps": steps, "solved": int(np.isfinite(steps).sum())}
        entries.append(entry)
        audit_entry(runs, table, row, entry, findings)
    return entries


def threshold_of(caption):
    """The number after "below"."""
    after = caption.split("below", 1)[-1]
    return read(re.search(NUMBER, after.split(",")[0]).group(0))


def audit_entry(runs, table, row, entry, findings):
    cell = lambda *words: row[table.column(*words)]
    label, chosen, steps = entry["label"], entry["chosen"], entry["steps"]
    count = len(chosen)
    findings.count(cell("n"), count, label, "n")
    findings.percent(cell("solved"), entry["solved"] / count if count else math.nan, label, "solved")
    findings.interval_percent(cell("interval"), wilson(entry["solved"], count), label, "95 % interval")
    audit_quartiles(cell("steps to"), steps, label, "steps to threshold", findings)
    audit_quartiles(cell("final"), runs.final_loss[chosen], label, "final loss", findings)
    findings.percent(cell("diverged"), runs.diverged[chosen].mean() if count else math.nan, label, "diverged")


def audit_quartiles(printed, values, label, column, findings):
    shown = quartiles(printed)
    exact = [quantile(values, p) for p in (0.25, 0.5, 0.75)]
    if len(shown) == 1:
        # One word or ∞ for all three: right if all are infinite, and "never" only if no run arrived at all.
        none = all(map(math.isinf, exact)) and shown[0].agrees(math.inf) and not (shown[0].never and np.isfinite(values).any())
        single = not math.isinf(exact[1]) and exact[0] == exact[2] and shown[0].agrees(exact[1])
        what = f"{int(np.isfinite(values).sum())} of {len(values)} are finite"
        findings.holds(none or single, printed, what, label, column)
        return
    for figure, value, name in zip(shown, exact, ("first quartile", "median", "third quartile")):
        findings.holds(figure.agrees(value), figure.text, value, label, f"{column}, {name}")


def audit_pairs(runs, table, entries, findings):
    match = DIFFERENCES.search(table.caption)
    if not entries or not match:
        return findings.skip(f"table “{table.caption}”: no table of the settings before it")
    reference = best(runs, entries)
    findings.holds(same_label(match.group(1), reference["label"]), match.group(1), reference["label"], column="reference")
    named = next((e for e in entries if same_label(match.group(1), e["label"])), reference)
    findings.count(str(len(table.rows)), len(entries) - 1, column="number of rows")
    for row in table.rows:
        entry = next((e for e in entries if same_label(row[0], e["label"])), None)
        if findings.holds(entry is not None, row[0], "no such setting in the table above", row[0]):
            audit_pair(runs, table, row, entry, named, entries, findings)


def same_label(printed, label):
    return printed.strip() == label.strip()


def best(runs, entries):
    """The setting with the fewest median steps; of equal medians, by the first and the third quartile."""
    return min(entries, key=lambda entry: [quantile(entry["steps"], p) for p in (0.5, 0.25, 0.75)])


def audit_pair(runs, table, row, entry, reference, entries, findings):
    cell = lambda *words: row[table.column(*words)]
    differences = paired(runs, reference, entry)
    label = entry["label"]
    better, tied, worse = signs(differences)
    findings.count(cell("seeds"), len(differences), label, "seeds")
    findings.holds(cell("better") == f"{better}, {tied}, {worse}", cell("better"), f"{better}, {tied}, {worse}", label, "better, tied, worse")
    findings.number(cell("median difference"), median(differences), label, "median difference")
    audit_interval(cell("95 % interval"), sign_test_interval(differences, 0.95), label, findings)
    share, _, bounds = cell("probability").partition(" (")
    findings.percent(share, improvement(reference["steps"], entry["steps"]), label, "probability of improvement")
    findings.interval_percent(bounds.rstrip(")"), newcombe(improvement(reference["steps"], entry["steps"]), len(differences)),
                              label, "interval of the probability")
    findings.number(row[table.column("p")], sign_test(differences), label, "p", digits=2)
    findings.number(cell("p after Holm"), corrected(runs, reference, entry, entries), label, "p after Holm",
                    digits=2)


def paired(runs, reference, entry):
    """Differences of the steps of runs that agree in seed and all other settings, one for each seed; ∞ − ∞ is 0."""
    own = own_axes(runs, entry, reference)
    others = [axis for axis in runs.axes if axis not in own] + ["seed"]
    key = lambda i: tuple(runs.text[name][i] for name in others)
    known = {key(i): steps for i, steps in zip(reference["chosen"], reference["steps"])}
    found = {}
    for i, steps in zip(entry["chosen"], entry["steps"]):
        if key(i) in known:
            pair = known[key(i)], steps
            found.setdefault(runs.text["seed"][i], []).append(0.0 if pair[0] == pair[1] else pair[0] - pair[1])
    return [median(values) for values in found.values()]


def own_axes(runs, a, b):
    """The swept parameters in which two settings differ."""
    return [axis for axis in runs.axes
            if set(runs.text[axis][a["chosen"]]) != set(runs.text[axis][b["chosen"]])]


def signs(differences):
    """Seeds on which the reference is better, equal and worse: fewer steps are better."""
    values = np.array(differences)
    return int((values < 0).sum()), int((values == 0).sum()), int((values > 0).sum())


def sign_test(differences):
    better, _, worse = signs(differences)
    return binomtest(better, better + worse).pvalue if better + worse else 1.0


def corrected(runs, reference, entry, entries):
    """Holm's correction by its definition, for all pairs of settings: any of them may have been the best."""
    named = list(itertools.combinations(entries, 2))
    p = {(a["label"], b["label"]): sign_test(paired(runs, a, b)) for a, b in named}
    greatest = 0.0
    for rank, (pair, value) in enumerate(sorted(p.items(), key=lambda item: item[1])):
        greatest = max(greatest, min(1.0, (len(p) - rank) * value))
        p[pair] = greatest
    return next(value for pair, value in p.items() if set(pair) == {reference["label"], entry["label"]})


def improvement(own, others):
    """The share of pairs of runs in which the first is better; equal ones count one half."""
    a, b = np.array(own)[:, None], np.array(others)[None, :]
    return float(((a < b) + 0.5 * (a == b)).mean())


def newcombe(share, n):
    """The roots of |P − θ| = z·√V(θ), by a root finder; V after Hanley and McNeil for n runs of each setting."""
    z = norm.ppf(0.975)

    def excess(t):
        q1, q2 = t / (2 - t), 2 * t * t / (1 + t)
        return (share - t) ** 2 - z * z * (t * (1 - t) + (n - 1) * (q1 + q2 - 2 * t * t)) / n**2

    low = brentq(excess, 0, share) if share > 0 and excess(share) < 0 else 0.0 if share == 0 else None
    high = brentq(excess, share, 1) if share < 1 and excess(share) < 0 else 1.0 if share == 1 else None
    # At an end of [0, 1] the variance is 0 there too: the root beside it is meant.
    low = brentq(excess, 0, 1 - 1e-12) if low is None else low
    high = brentq(excess, 1e-12, 1) if high is None else high
    return low, high


def audit_interval(printed, bounds, label, findings):
    shown = interval(printed)
    if bounds is None or not shown:
        return findings.holds(bounds is None and not shown, printed, bounds or "no interval", label, "95 % interval")
    for figure, value, side in zip(shown, bounds, ("lower", "upper")):
        findings.holds(figure.agrees(value), figure.text, value, label, f"95 % interval, {side} bound")


def audit_bootstrap(printed, values, label, findings, column="95 % interval"):
    shown = interval(printed)
    if not shown:
        return findings.holds(len(values) < 2, printed, "an interval", label, column)
    bootstrap = BootstrapMedian(values)
    for figure, p, side in zip(shown, (0.025, 0.975), ("lower", "upper")):
        bounds = bootstrap.bounds(p)
        findings.holds(bootstrap.shows(figure, p), figure.text, f"{bounds[0]:.6g} to {bounds[1]:.6g}", label,
                       f"{column}, {side} bound")
    if shown[0].value == shown[1].value and math.isfinite(shown[0].value):
        low, high = bootstrap.bounds(0.025)[1], bootstrap.bounds(0.975)[0]
        alike = math.isclose(low, high, rel_tol=1e-9)
        findings.holds(alike or low > high, printed, f"{low:.6g} to {high:.6g}", label, f"{column}, bounds print alike")


# Which runs a label means

def select(runs, label, caption, n, findings):
    """The runs of "η = 0.1, H = 8", and of a task that label or caption names."""
    chosen = np.arange(runs.count)
    for part in split_label(label):
        chosen = np.intersect1d(chosen, by_part(runs, part))
    chosen = by_caption(runs, chosen, caption)
    count = int(Figure(n).value)
    if len(chosen) != count:
        guess = unnamed(runs, chosen, count)
        name = f"{guess[0]} = {guess[1]}" if guess else "no selection of this size"
        findings.holds(False, f"n = {n}", f"{len(chosen)} runs have this setting; the table does not name its selection ({name})",
                       label, "n")
        if guess:
            chosen = chosen[[same_setting(t, guess[1]) for t in runs.text[guess[0]][chosen]]]
    return chosen


def split_label(label):
    return [] if label == "all runs" else re.split(r", (?=[^,=]+ = )", label)


def by_part(runs, part):
    symbol, _, value = part.partition(" = ")
    fitting = [axis for axis in runs.axes if any(same_setting(t, value) for t in set(runs.text[axis]))]
    named = [axis for axis in fitting if SYMBOLS.get(symbol) == axis or axis == symbol]
    axis = (named or fitting or [None])[0]
    if axis is None:
        return np.empty(0, int)
    return np.flatnonzero([same_setting(t, value) for t in runs.text[axis]])


def by_caption(runs, chosen, caption):
    """A caption may name a value of a swept parameter that is no number: the task."""
    task = named_value(runs, caption)
    return chosen if task is None else chosen[runs.text[task[0]][chosen] == task[1]]


def named_value(runs, caption):
    """(parameter, value) of the longest such value in a caption; `None` where there is none."""
    named = []
    for axis in runs.axes:
        for value in set(runs.text[axis]):
            if not re.fullmatch(r"[\d.e-]+", value) and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", caption):
                named.append((len(value), axis, value))
    return max(named)[1:] if named else None


def unnamed(runs, chosen, count):
    """The single setting that leaves so many runs: what a table without a name can only mean."""
    found = []
    for axis in runs.axes:
        values, counts = np.unique(runs.text[axis][chosen], return_counts=True)
        if len(values) > 1:
            found += [(axis, v) for v, c in zip(values, counts) if c == count]
    # The first in the order of the declaration.
    ordered = [(axis, t) for axis in runs.axes for t in dict.fromkeys(runs.text[axis])]
    return next((pair for pair in ordered if pair in found), None)
