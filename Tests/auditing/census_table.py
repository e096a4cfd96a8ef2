"""Tables of a census: counts of runs, and the Wilson intervals of their shares."""

from .figures import interval
from .statistics import wilson

SHARE_DIGITS = 2


def audit(report, findings):
    for table in report.tables:
        share, count = table.column("share in %"), table.column("runs")
        if share is None or count is None:
            continue
        findings.at(f"table “{table.caption}”, line {table.line}")
        total = sum(int(row[count]) for row in table.rows)
        for row in table.rows:
            if row[share]:
                for figure, bound in zip(interval(row[share]), wilson(int(row[count]), total)):
                    findings.holds(figure.agrees(100 * bound, digits=SHARE_DIGITS), figure.text, 100 * bound, row[0], "share in %")
