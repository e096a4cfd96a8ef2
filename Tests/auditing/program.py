"""The command line: which reports, what was compared, and what differs."""

import argparse
import shutil
import sys
from collections import Counter
from pathlib import Path

from . import census_table, claims, comparison, prose, run_table
from .experiments import audits, landscapes, line, networks, sweeps, theory  # noqa: F401 (registers its audits)
from .findings import Findings
from .report import parse
from .runs import Archive, Exporter, Runs

MOST_SHOWN = 12


def main(arguments):
    options = parser().parse_intermixed_args(arguments)
    options.output, options.binary = Path(options.output).resolve(), Path(options.binary).resolve()
    options.exporter = Exporter(options.binary, options.output, options.directory)
    if options.self_test:
        from .self_test import run
        return run(options)
    names = options.names or reports_of(options.output)
    archive = Archive(Path(options.output) / "descent.sqlite")
    results = [audit(name, archive, options) for name in names]
    return conclude(results, options)


def parser():
    p = argparse.ArgumentParser(prog="Tests/audit", description=(
        "Recomputes the figures of comparison tables, claims and summaries of reports from exported series and the archive, "
        "with NumPy and SciPy and none of Descent's code. Exit status 1 where a printed figure differs. One at a time in a "
        "folder: series are exported to OUTPUT/export and removed again, unless they were there before."))
    p.add_argument("output", help="folder of reports and archive")
    p.add_argument("names", nargs="*", help="reports; all of the folder if none is named")
    p.add_argument("--binary", default=".build/release/descent", help="the program that exports series")
    p.add_argument("--in", dest="directory", default=".", help="folder to run the program in")
    p.add_argument("--all", action="store_true", help="show every difference, not the first few of a kind")
    p.add_argument("--self-test", action="store_true", help="plant errors into copied reports; each must be found")
    return p


def reports_of(output):
    return sorted(path.parent.name for path in Path(output).glob("*/report.md"))


def audit(name, archive, options):
    findings = Findings(name)
    folder = Path(options.output) / name
    kept = (Path(options.output) / "export" / name).exists()
    runs = Runs(folder, archive, options.exporter)
    run_table.audit(runs, findings)
    audit_page(runs, (folder / "report.md").read_text(), findings)
    if not kept:
        shutil.rmtree(runs.export, ignore_errors=True)
    print(f"{name}: {findings.compared} compared, {len(findings.differences)} differ", file=sys.stderr, flush=True)
    return findings


def audit_page(runs, markdown, findings):
    """Everything that a page prints."""
    report = parse(markdown)
    comparison.audit(runs, report, findings)
    prose.audit(runs, report, findings)
    census_table.audit(report, findings)
    claimed = audits.audit(runs, report, findings)
    claims.audit(runs, report, claimed, findings)


def conclude(results, options):
    print(f"{'report':24}{'compared':>12}{'different':>12}{'not audited':>13}")
    for findings in results:
        counts = findings.compared, len(findings.differences), len(findings.not_audited)
        print(f"{findings.report:24}{counts[0]:12d}{counts[1]:12d}{counts[2]:13d}")
    total = [sum(len(f.differences) for f in results), sum(f.compared for f in results)]
    print(f"{'all':24}{total[1]:12d}{total[0]:12d}{sum(len(f.not_audited) for f in results):13d}")
    for findings in results:
        show(findings, options)
    return 1 if total[0] else 0


def show(findings, options):
    """The differences of a report; of many runs with the same one, the first and how many there are."""
    if findings.differences or findings.not_audited:
        print(f"\n{findings.report}")
    kinds = Counter((d.place, d.column) for d in findings.differences)
    seen = Counter()
    for difference in findings.differences:
        kind = difference.place, difference.column
        seen[kind] += 1
        if options.all or seen[kind] <= (2 if kinds[kind] > MOST_SHOWN else MOST_SHOWN):
            print(f"  {difference}")
        elif seen[kind] == kinds[kind]:
            print(f"  … {kinds[kind]} such differences in {' · '.join(k for k in kind if k)}")
    for what in findings.not_audited:
        print(f"  not audited: {what}")
