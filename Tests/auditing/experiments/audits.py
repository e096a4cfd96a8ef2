"""Which audit belongs to which report."""

from ..figures import NUMBER

AUDITS = {}


def audit(runs, report, findings):
    """Runs the experiment's own audit, and returns the lines of the claims that it judged."""
    judged = set()
    for part in AUDITS.get(runs.name, []):
        try:
            part(Page(runs, report, findings, judged))
        except (LookupError, ValueError, AttributeError, StopIteration, ArithmeticError) as error:
            # A row, value or phrase that the runs do not have.
            findings.holds(False, "the page", f"{type(error).__name__} {error} in {part.__name__}", column="unreadable")
    return judged


def audits(name):
    """Registers a function as an audit of a report."""
    def register(function):
        AUDITS.setdefault(name, []).append(function)
        return function
    return register


class Page:
    """What an audit of an experiment works with."""

    def __init__(self, runs, report, findings, judged):
        self.runs, self.report, self.findings, self.judged = runs, report, findings, judged

    def claim(self, *words):
        """A claim by words of its sentence, counted as judged; `None`, and noted, where it is missing."""
        claim = self.report.claim(*words)
        if claim is None:
            self.findings.skip(f"claim with “{'…'.join(words)}”: not in the report")
            return None
        self.judged.add(claim.line)
        self.findings.at(f"claim “{claim.sentence}”")
        return claim

    def verdict(self, claim, holds, recomputed=""):
        self.findings.holds(claim.passed == bool(holds), claim.verdict, recomputed or ("PASS" if holds else "FAIL"), column="verdict")

    def table(self, *titles):
        """A table by words of its titles; `None`, and noted, where it is missing."""
        table = self.report.table(*titles)
        if table is None:
            self.findings.skip(f"table with “{'”, “'.join(titles)}”: not in the report")
        else:
            self.findings.at(f"table “{table.caption}”, line {table.line}")
        return table

    def sentence(self, pattern):
        """A sentence of the prose by a pattern; `None`, and noted, where it is missing."""
        match = self.report.find(pattern)
        if match is None:
            self.findings.skip(f"sentence “{pattern.replace(NUMBER, '#')}”: not in the report")
        else:
            self.findings.at(f"sentence “{match.group(0)}”")
        return match
