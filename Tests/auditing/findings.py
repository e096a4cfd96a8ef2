"""What was compared, and what differs."""

import math
import re
from dataclasses import dataclass

from .figures import NUMBER, Figure, interval, text
from .statistics import wilson

#: "31 of 32 (96.9 %, 95 % interval 84.3–99.4 %)"
SHARE = re.compile(
    rf"(?P<successes>{NUMBER}) of (?P<count>{NUMBER}) \((?P<percent>{NUMBER} ?%)"
    rf"(?:, 95 % interval (?P<interval>{NUMBER}(?: ?%)?\s*(?:–|to)\s*{NUMBER} ?%))?\)")


@dataclass
class Difference:
    report: str
    place: str
    row: str
    column: str
    printed: str
    recomputed: str

    def __str__(self):
        where = " · ".join(part for part in (self.place, self.row, self.column) if part)
        return f"{self.report}: {where}: printed {self.printed}, recomputed {self.recomputed}"


class Findings:
    """The comparisons of one report."""

    def __init__(self, report):
        self.report = report
        self.compared = 0
        self.differences = []
        self.not_audited = []
        self.place = ""

    def at(self, place):
        """Names the table, claim or sentence that the next comparisons belong to."""
        self.place = place
        return self

    def holds(self, condition, printed, recomputed, row="", column=""):
        self.compared += 1
        if not condition:
            self.differences.append(
                Difference(self.report, self.place, str(row), str(column), text(printed), text(recomputed)))
        return bool(condition)

    def number(self, printed, value, row="", column="", **precision):
        """A printed number against the recomputed one, at the printed precision."""
        try:
            agrees = Figure(printed).agrees(float(value), **precision)
        except (ArithmeticError, ValueError, KeyError):
            agrees = False
        return self.holds(agrees, printed, float(value), row, column)

    def percent(self, printed, share, row="", column="", decimals=1):
        return self.number(printed.replace("%", ""), 100 * share, row, column, decimals=decimals)

    def count(self, printed, value, row="", column=""):
        return self.number(str(printed), value, row, column, digits=17)

    def share(self, sentence, successes, count, row="", column=""):
        """ "x of n (p %, 95 % interval a–b %)" against a recomputed x and n."""
        match = SHARE.search(sentence)
        if not match:
            return self.holds(False, sentence, f"{successes} of {count}", row, column)
        told = match.group("successes"), match.group("count")
        right = (Figure(told[0]).value, Figure(told[1]).value) == (successes, count)
        self.holds(right, " of ".join(told), f"{successes} of {count}", row, column)
        return self.share_alone(match, row, column)

    def share_alone(self, match, row="", column=""):
        """The percentage and the Wilson interval of a share, from its own two counts."""
        successes, count = (int(Figure(match.group(part)).value) for part in ("successes", "count"))
        self.percent(match.group("percent"), successes / count if count else math.nan, row, column)
        if match.group("interval"):
            self.interval_percent(match.group("interval"), wilson(successes, count), row, column)

    def interval_percent(self, printed, bounds, row="", column="", decimals=1):
        """Two bounds in percent; bounds that print alike although they differ say nothing and are a difference."""
        shown = interval(printed)
        if not shown:
            return self.holds(False, printed, "an interval", row, column)
        exact = all(f.agrees(100 * b, decimals=decimals) for f, b in zip(shown, bounds))
        alike = shown[0].value == shown[1].value and bounds[0] != bounds[1]
        recomputed = "–".join(text(100 * b) for b in bounds) + " %"
        return self.holds(exact and not alike, printed, recomputed, row, column)

    def skip(self, what):
        self.not_audited.append(what)

