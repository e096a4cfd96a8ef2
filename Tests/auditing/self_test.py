"""Whether the audit sees errors: they are planted one by one into a report's text and into its table of runs.

Every number of a comparison table and of a claim of a standard kind, every share with an interval and every verdict must
be watched. Of all other numbers of tables and claims the program tells how many it watches.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import claims, run_table
from .figures import NUMBER
from .findings import SHARE, Findings
from .report import CLAIM, is_row, parse
from .runs import Archive, Runs

#: Small reports that have among them every kind of table and claim.
DEFAULT = ["seeds", "initialization-scales", "learning-rates", "batch-sizes", "iris", "digits", "saxe-curves", "hidden-sizes"]
#: Tables of runs up to this length are tested too: each error planted in one asks for all series again.
MOST_RUNS = 150


@dataclass
class Plant:
    what: str
    line: int
    text: str
    required: bool


def run(options):
    archive = Archive(Path(options.output) / "descent.sqlite")
    names = [n for n in options.names or DEFAULT if (Path(options.output) / n / "report.md").exists()]
    missed = []
    print(f"{'report':24}{'planted':>9}{'seen':>7}{'required':>10}{'seen':>7}")
    for name in names:
        runs = Runs(Path(options.output) / name, archive, options.exporter)
        missed += test_page(runs, name) + (test_runs(runs, name) if runs.count <= MOST_RUNS else [])
        shutil.rmtree(runs.export, ignore_errors=True)
    for plant in missed:
        print(f"not seen: {plant}")
    print("every required error was seen" if not missed and names else "self-test failed")
    return 0 if names and not missed else 1


# Errors in the text

def test_page(runs, name):
    lines = (runs.folder / "report.md").read_text().split("\n")
    known = differences(runs, name, lines)
    found = plants(lines)
    seen = {id(p): bool(differences(runs, name, lines[: p.line] + [p.text] + lines[p.line + 1 :]) - known) for p in found}
    required = [p for p in found if p.required]
    print(f"{name:24}{len(found):9d}{sum(seen.values()):7d}{len(required):10d}{sum(seen[id(p)] for p in required):7d}", flush=True)
    return [f"{name}, line {p.line + 1}, {p.what}" for p in required if not seen[id(p)]]


def differences(runs, name, lines):
    from .program import audit_page

    findings = Findings(name)
    audit_page(runs, "\n".join(lines), findings)
    return {str(d) for d in findings.differences}


def plants(lines):
    report = parse("\n".join(lines))
    standard = {row for table in report.tables if is_comparison(table) for row in range(table.line + 1, table.line + 1 + len(table.rows))}
    found = []
    for i, line in enumerate(lines):
        claim = CLAIM.match(line)
        if claim:
            found += claim_plants(i, line, claim)
        elif is_row(line):
            is_data = any(t.line < i < t.line + 1 + len(t.rows) for t in report.tables)
            found += row_plants(i, line, i in standard) if is_data else []
        else:
            found += share_plants(i, line)
    return found


def is_comparison(table):
    return table.column("solved") is not None and table.column("steps to") is not None or table.column("median difference") is not None


def changed(text, match, group=0):
    """The text with the last digit of a number three off, so that no rounding of a half excuses it; ∞ becomes a number."""
    number = match.group(group)
    at = match.end(group) - 1
    while at >= match.start(group) and not text[at].isdigit():
        at -= 1
    if "∞" in number:
        return text[: match.start(group)] + "5" + text[match.end(group) :]
    mantissa_end = text.find("·", match.start(group), match.end(group))
    if mantissa_end > 0:
        at = mantissa_end - 1
    digit = str((int(text[at]) + 3) % 10)
    return text[:at] + digit + text[at + 1 :]


def row_plants(i, line, required):
    """Each number of a row. A bootstrap's bound is known to some error only: it is doubled."""
    start = line.index("|", 1)
    for match in re.finditer(NUMBER, line):
        if match.start() <= start:
            continue
        text = changed(line, match)
        if required and " to " in cell_around(line, match) and "∞" not in match.group(0):
            text = line[: match.start()] + "7" + line[match.start() :].lstrip("−-")
        yield Plant(f"“{match.group(0)}” of “{line}”", i, text, required)
    for word in re.finditer("never", line):
        yield Plant(f"“never” of “{line}”", i, line[: word.start()] + "7 (6–8)" + line[word.end() :], required)


def cell_around(line, match):
    return line[line.rindex("|", 0, match.start()) : line.index("|", match.end())]


def claim_plants(i, line, claim):
    standard = any(kind.match(claim.group(2)) for kind in (claims.SHARE, claims.DIVERGED, claims.MEDIAN))
    swapped = "FAIL" if claim.group(1).lower().startswith("pass") else "PASS"
    yield Plant(f"verdict of “{claim.group(2)}”", i, line[: claim.start(1)] + swapped + line[claim.end(1) :], True)
    for match in re.finditer(NUMBER, line[claim.start(3) :] if claim.group(3) else ""):
        at = claim.start(3)
        number = match.group(0)
        if line[at + match.end() :].lstrip().startswith("%") and number == "95":
            continue
        required = standard and "bootstrap" not in line
        text = line[:at] + changed(line[at:], match)
        yield Plant(f"“{number}” of “{line}”", i, text, required)


def share_plants(i, line):
    for match in SHARE.finditer(line):
        for part in ("successes", "percent", "interval"):
            if match.group(part):
                first = re.compile(NUMBER).search(line, match.start(part))
                yield Plant(f"{part} of “{match.group(0)}”", i, changed(line, first), True)


# Errors in the table of runs

def test_runs(runs, name):
    """A best loss, a first step, a status, a final number and a seed, each of one run."""
    missed = []
    known = run_differences(runs, name)
    for column in ["best_loss", "final_loss", "status", "steps", "seed"] + [h for h in runs.header if h.startswith(("first_step", "final_a"))]:
        runs.text[column], kept = plant_in_column(runs.text[column], column), runs.text[column]
        forget(runs)
        if not run_differences(runs, name) - known:
            missed.append(f"{name}: runs.csv, {column} of a run")
        runs.text[column] = kept
        forget(runs)
    return missed


def plant_in_column(values, column):
    values = values.astype(object)
    at = next((i for i, v in enumerate(values) if v), 0)
    if column == "status":
        values[at] = "finished" if values[at] == "diverged" else "diverged"
    elif values[at]:
        values[at] = str(int(values[at]) + 1) if values[at].isdigit() else repr(float(values[at]) * (1 + 1e-9))
    else:
        values[at] = "3"
    return values


def forget(runs):
    """What was computed from the columns."""
    for name in ("final_loss", "diverged"):
        runs.__dict__.pop(name, None)
    runs._first_steps.clear()
    runs.rows = [runs._archived(i) for i in range(runs.count)]


def run_differences(runs, name):
    findings = Findings(name)
    run_table.audit(runs, findings)
    return {str(d) for d in findings.differences}
