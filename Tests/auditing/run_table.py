"""runs.csv against the archive and the exported series."""

import math
import re

import numpy as np

from .figures import text


def audit(runs, findings):
    findings.at("runs.csv")
    head = runs.declaration
    findings.holds(head["runs"] == runs.count, head["runs"], runs.count, "experiment.json", "runs")
    settings = math.prod(len(axis["values"]) for axis in head["axes"])
    findings.holds(settings * len(head["seeds"]) == runs.count, settings * len(head["seeds"]), runs.count,
                   "experiment.json", "settings × seeds")
    audit_index(runs, findings)
    audit_archive(runs, findings)
    audit_losses(runs, findings)
    for name in runs.header:
        if name.startswith("first_step_below_"):
            audit_first_steps(runs, name, findings)


def audit_index(runs, findings):
    """The export's rows are those of runs.csv, in order."""
    if runs.index is None:
        findings.skip("the export: its arrays would be too large, the series are those of the archive")
        return
    entries = runs.index["runs"]
    findings.holds(len(entries) == runs.count, len(entries), runs.count, "index.json", "rows")
    for i, entry in enumerate(entries):
        own = (str(entry["seed"]), str(entry["steps"]), bool(entry["diverged"]))
        table = (runs.seeds[i], runs.text["steps"][i], bool(runs.diverged[i]))
        findings.holds(own == table, " ".join(map(str, table)), " ".join(map(str, own)), f"run {i}", "seed, steps, diverged")


def audit_archive(runs, findings):
    """Every run is in the archive, its finals are those of the table, and its series are those of the export."""
    for i, row in enumerate(runs.rows):
        if not findings.holds(row is not None, "a run", "no such run in the archive", f"run {i}"):
            continue
        at = row["diverged_at"]
        findings.holds(runs.text["diverged_at"][i] == ("" if at is None else str(at)),
                       runs.text["diverged_at"][i] or "–", str(at), f"run {i}", "diverged_at")
        for quantity, value in row["finals"].items():
            name = "final_" + quantity.replace("-", "_")
            if name in runs.text and runs.text[name][i]:
                findings.holds(repr(float(runs.text[name][i])) == repr(value), runs.text[name][i], repr(value), f"run {i}", name)
        if runs.index is None:
            continue
        stored = runs.archive.series(row)
        for quantity in runs.index["quantities"]:
            exported = runs.series(quantity)
            if quantity not in stored:
                continue
            every, values = stored[quantity]
            same = np.array_equal(exported.of(i), values, equal_nan=True)
            findings.holds(same, "the export's series", "another one in the archive", f"run {i}", quantity)
            findings.holds(every == exported.told[i], f"every {exported.told[i]} steps", f"every {every} steps in the archive",
                           f"run {i}", f"{quantity} in index.json")


def audit_losses(runs, findings):
    """The best loss is the least of the recorded losses on all training data and the final one; divergence by the bound.

    A run of smaller batches that has not recorded its training loss does not know its best: the field is empty.
    """
    best = runs.numbers("best_loss")
    for i in range(runs.count):
        if not runs.sees_all_samples[i] and not runs.series("training-loss"):
            findings.holds(math.isnan(best[i]), repr(float(best[i])), "not known", f"run {i}, seed {runs.seeds[i]}", "best_loss")
            audit_divergence(runs, i, findings)
            continue
        _, values = runs.losses(i)
        finite = values[~np.isnan(values)]
        least = float(finite.min()) if len(finite) else math.nan
        findings.holds(best[i] == least or (math.isnan(least) and math.isnan(best[i])), repr(float(best[i])), repr(least),
                       f"run {i}, seed {runs.seeds[i]}", "best_loss")
        audit_divergence(runs, i, findings)


def audit_divergence(runs, i, findings):
    """A run diverged when a loss is not finite or beyond the bound times the greater of 1 and its first loss."""
    row = runs.rows[i]
    factor = re.search(r"diverged>(\S+)", row["settings"].get("stop", "")) if row else None
    losses = runs.series("loss").of(i) if factor and runs.series("loss") else np.empty(0)
    if not len(losses):
        return
    bound = float(factor.group(1)) * max(1.0, losses[0])
    norms = runs.series("gradient-norm").of(i) if runs.series("gradient-norm") else np.empty(0)
    seen = np.append(losses, runs.numbers_of(i, "final_loss")) if runs.sees_all_samples[i] else losses
    beyond = bool(np.any(~(seen <= bound)) or np.any(~np.isfinite(norms)))
    # Between the recorded steps of a thinned series a run may exceed the bound unseen; what is seen must agree in any case.
    if runs.series("loss").every[i] > 1 and not beyond:
        return
    recomputed = f"diverged: {text(float(np.nanmax(seen)))} is beyond {text(bound)}" if beyond else "finished"
    findings.holds(beyond == bool(runs.diverged[i]), runs.text["status"][i], recomputed, f"run {i}, seed {runs.seeds[i]}", "status")


def audit_first_steps(runs, name, findings):
    steps = runs.first_step_below(float(name.rsplit("_", 1)[1]))
    for i, step in enumerate(steps):
        shown = runs.text[name][i]
        same = (float(shown) if shown else math.inf) == step
        findings.holds(same, shown or "–", text(float(step)), f"run {i}, seed {runs.seeds[i]}", name)
