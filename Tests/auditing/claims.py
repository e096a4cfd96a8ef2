"""Claims of the standard kinds: shares and medians of a metric over the runs, with a condition on a setting."""

import math
import re

import numpy as np

from .comparison import SYMBOLS, audit_bootstrap
from .figures import NUMBER, Figure, read
from .runs import same_setting
from .statistics import median

BOUND = rf"is (?P<comparison>at least|at most|exactly) (?P<bound>{NUMBER})(?P<percent> ?%)?"
CONDITION = r"(?: at (?P<symbol>[^=]+?) = (?P<value>.+?))?"
SHARE = re.compile(rf"The share of runs with (?P<metric>.+?) (?P<side>below|above) (?P<threshold>{NUMBER}){CONDITION} {BOUND}$")
DIVERGED = re.compile(rf"The share of diverged runs{CONDITION} {BOUND}$")
MEDIAN = re.compile(rf"The median (?P<metric>.+?){CONDITION} {BOUND}$")
COUNT = re.compile(rf"n = ({NUMBER})$")
UNSEEN = re.compile(rf"The share of runs that would end in a minimum not seen so far{CONDITION} {BOUND}$")


def audit(runs, report, audited, findings):
    """Every claim that no audit of its own experiment has judged."""
    for claim in report.claims:
        if claim.line in audited:
            continue
        findings.at(f"claim “{claim.sentence}”")
        if not (audit_share(runs, claim, findings) or audit_median(runs, claim, findings) or audit_unseen(claim, findings)):
            findings.skip(f"claim “{claim.sentence}”")
    summary = runs.declaration.get("expectations", [])
    findings.at("experiment.json")
    findings.count(str(len(summary)), len(report.claims), "expectations", "count")
    for claim, entry in zip(report.claims, summary):
        told = entry["claim"], entry["outcome"].lower(), entry["evidence"]
        page = claim.sentence, claim.verdict.lower(), claim.evidence
        findings.holds(told == page, " / ".join(page), " / ".join(told), claim.sentence, "claim, outcome, evidence")


def select(runs, match):
    """The runs of a claim's condition; `None` where no swept parameter has the value."""
    value = match.group("value")
    if value is None:
        return np.arange(runs.count)
    symbol = match.group("symbol").strip()
    axes = [axis for axis in runs.axes if any(same_setting(t, value) for t in runs.text[axis])]
    axes = [axis for axis in axes if SYMBOLS.get(symbol) == axis or axis == symbol] or axes
    return np.flatnonzero([same_setting(t, value) for t in runs.text[axes[0]]]) if axes else None


def metric(runs, title, chosen):
    """A metric's values by its title in the report; `None` where it is unknown."""
    final = {
        "validation accuracy": "validation-accuracy", "training accuracy": "accuracy", "accuracy": "accuracy",
        "validation loss": "validation-loss", "absolute error": "absolute-error", "mean absolute error": "absolute-error",
    }
    kind, _, rest = title.partition(" ")
    rest = re.sub(r" [A-Z‖].*$", "", rest)
    if rest in ("loss", "training loss"):
        values = runs.final_loss if kind == "final" else runs.numbers("best_loss")
    elif kind == "final" and rest in final:
        values = runs.final(final[rest])
    elif rest == "gradient norm":
        values = runs.numbers("final_gradient_norm")
    else:
        return None
    return values[chosen]


def holds(value, match):
    bound = read(match.group("bound")) / (100 if match.group("percent") else 1)
    slack = 1e-12 * abs(bound)
    return {"at least": value >= bound - slack, "at most": value <= bound + slack,
            "exactly": value == bound}[match.group("comparison")]


def judge(claim, match, chosen, value, findings):
    """Verdict and n."""
    findings.holds(claim.passed == bool(holds(value, match)), claim.verdict,
                   f"{value:.6g}, which {'holds' if holds(value, match) else 'does not hold'}", column="verdict")
    n = COUNT.search(claim.evidence)
    if n:
        findings.count(n.group(1), len(chosen), column="n")


def audit_share(runs, claim, findings):
    match = SHARE.match(claim.sentence) or DIVERGED.match(claim.sentence)
    chosen = select(runs, match) if match else None
    if chosen is None:
        return untested(claim, match, findings)
    if "metric" in match.groupdict():
        values, threshold = metric(runs, match.group("metric"), chosen), read(match.group("threshold"))
        if values is None:
            return False
        hits = values < threshold if match.group("side") == "below" else values > threshold
    else:
        hits = runs.diverged[chosen]
    findings.share(claim.evidence, int(hits.sum()), len(chosen), column="share")
    judge(claim, match, chosen, hits.mean() if len(hits) else math.nan, findings)
    return True


def audit_median(runs, claim, findings):
    match = MEDIAN.match(claim.sentence)
    chosen = select(runs, match) if match else None
    if chosen is None:
        return untested(claim, match, findings)
    values = metric(runs, match.group("metric"), chosen)
    if values is None:
        return False
    shown = re.search(rf"median ({NUMBER})", claim.evidence)
    findings.holds(shown and Figure(shown.group(1)).agrees(median(values)), shown and shown.group(1), median(values), column="median")
    bounds = re.search(rf"interval ({NUMBER}(?: ?%)?\s*(?:–|to)\s*{NUMBER})", claim.evidence)
    if bounds:
        audit_bootstrap(bounds.group(1), values, "", findings, "bootstrap interval")
    judge(claim, match, chosen, median(values), findings)
    return True


def untested(claim, match, findings):
    """A condition that no run meets tests nothing."""
    return bool(match) and findings.holds(claim.passed is None, claim.verdict, "untested", column="verdict") is not None


def audit_unseen(claim, findings):
    """The census's unseen share: Good and Turing's estimate from the counts that the evidence gives."""
    match = UNSEEN.match(claim.sentence)
    counts = re.match(rf"({NUMBER}) of ({NUMBER}) minima were found once only in ({NUMBER}) runs", claim.evidence)
    if not match or not counts:
        return False
    once, _, runs = (read(part) for part in counts.groups())
    findings.holds(claim.passed == bool(holds(once / runs, match)), claim.verdict, once / runs, column="verdict")
    return True
