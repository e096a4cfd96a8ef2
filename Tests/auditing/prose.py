"""Sentences of captions and answers: counts of diverged runs, shares with intervals, medians' counts."""

import re


from .figures import NUMBER, read
from .findings import SHARE

DIVERGED = re.compile(rf"({NUMBER}) of ({NUMBER}) runs? diverged")
MEDIAN_OF = re.compile(rf"[Mm]edians? of (?:n = )?({NUMBER}) runs?")
TITLE = re.compile(rf"^`[^`]+` · ({NUMBER}) runs?")


def audit(runs, report, findings):
    for line, text in report.prose:
        findings.at(f"line {line}")
        for match in SHARE.finditer(text):
            findings.share_alone(match, match.group(0))
        for match in DIVERGED.finditer(text):
            audit_diverged(runs, match, findings)
        for match in MEDIAN_OF.finditer(text):
            sizes = group_sizes(runs)
            findings.holds(read(match.group(1)) in sizes, match.group(0), f"groups have {sorted(sizes)} runs")
        title = TITLE.match(text)
        if title:
            findings.count(title.group(1), runs.count, column="runs")
    for table in report.tables:
        audit_cells(table, findings)
    for claim in report.claims:
        findings.at(f"claim “{claim.sentence}”")
        for match in SHARE.finditer(claim.evidence):
            findings.share_alone(match, match.group(0))


def audit_cells(table, findings):
    findings.at(f"table “{table.caption}”, line {table.line}")
    for row in table.rows:
        findings.holds(len(row) == len(table.header), f"{len(row)} cells", f"{len(table.header)} columns", row[0])
        for title, cell in zip(table.header, row):
            match = SHARE.fullmatch(cell)
            if match:
                findings.share_alone(match, row[0], title)


def audit_diverged(runs, match, findings):
    """The counts are those of all runs, or of the runs of one setting or pair of settings."""
    told = read(match.group(1)), read(match.group(2))
    if told[1] == runs.count:
        findings.count(match.group(1), int(runs.diverged.sum()), match.group(0))
        return
    possible = {counts for counts in selections(runs)}
    if told[1] in {n for _, n in possible}:
        findings.holds(told in possible, match.group(0), "no setting has these counts")
    else:
        findings.skip(f"“{match.group(0)}”: no single setting has so many runs")


def selections(runs):
    """(diverged, runs) of every value of a swept parameter, and of every pair of values."""
    masks = [runs.text[axis] == value for axis in runs.axes for value in set(runs.text[axis])]
    for i, a in enumerate(masks):
        for b in masks[i:]:
            both = a & b
            yield int(runs.diverged[both].sum()), int(both.sum())


def group_sizes(runs):
    """Numbers of runs that a group of settings can have."""
    sizes = {len(runs.declaration["seeds"])}
    for axis in runs.declaration["axes"]:
        sizes |= {size * len(axis["values"]) for size in sizes}
    return sizes
