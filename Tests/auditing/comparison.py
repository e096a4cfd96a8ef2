"""The comparison across seeds: who comes below a threshold, how fast, and how paired runs differ."""

import math
import re

import numpy as np

from .figures import NUMBER, Figure, interval, quartiles, read
from .runs import same_setting
from .statistics import BootstrapMedian, median, quantile, wilson

DIFFERENCES = re.compile(r"minus that of (.+?)(?:, (?:on )?(?:the )?same seeds?|: |; | \(|$)")
#: Symbols of settings, where the values alone leave a choice between swept parameters.
SYMBOLS = {"η": "learning-rate", "α": "learning-rate", "σ₀": "init-scale", "H": "hidden", "B": "batch"}


def audit(runs, report, findings):
    seen = []
    for table in report.tables:
        findings.at(f"table “{table.caption}”, line {table.line}")
        findings.holds(table.valid, "a header with unescaped bars", "as many titles as columns", column="header")
        if table.column("solved") is not None and table.column("steps to") is not None:
            seen.append((table.caption, audit_convergence(runs, table, findings)))
        elif table.column("median difference") is not None and table.column("pairs") is not None:
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
            audit_pair(runs, table, row, entry, named, findings)


def same_label(printed, label):
    return printed.strip() == label.strip()


def best(runs, entries):
    """The setting solved most often, then fastest, then lowest."""
    def rank(entry):
        losses = runs.final_loss[entry["chosen"]]
        return -entry["solved"] / max(len(entry["chosen"]), 1), median(entry["steps"]), median(losses)
    return min(entries, key=rank)


def audit_pair(runs, table, row, entry, reference, findings):
    cell = lambda *words: row[table.column(*words)]
    differences = paired(runs, entry["chosen"], reference["chosen"], own_axes(runs, entry, reference))
    label = entry["label"]
    findings.count(cell("pairs"), len(differences), label, "pairs")
    findings.number(cell("median difference"), median(differences), label, "median difference")
    findings.percent(cell("lower"), np.mean(np.array(differences) < 0), label, "seeds with lower loss", decimals=0)
    audit_bootstrap(cell("interval"), differences, label, findings)


def own_axes(runs, a, b):
    """The swept parameters in which two settings differ."""
    return [axis for axis in runs.axes
            if set(runs.text[axis][a["chosen"]]) != set(runs.text[axis][b["chosen"]])]


def paired(runs, chosen, reference, compared):
    """Differences of the final loss of runs that agree in seed and all other settings; ∞ − ∞ is none."""
    others = [axis for axis in runs.axes if axis not in compared] + ["seed"]
    key = lambda i: tuple(runs.text[name][i] for name in others)
    known = {key(i): runs.final_loss[i] for i in reference}
    with np.errstate(invalid="ignore"):
        found = [runs.final_loss[i] - known[key(i)] for i in chosen if key(i) in known]
    return [d for d in found if not math.isnan(d)]


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
