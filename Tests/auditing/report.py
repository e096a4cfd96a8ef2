"""A report's Markdown as what it is made of: tables with captions, claims, and lines of prose."""

import re
from dataclasses import dataclass, field

from .figures import SPACES

CLAIM = re.compile(r"> \*\*(\w+)\*\*\s+(.*?)(?:\s+\*([^*]*)\*)?\s*$")
VERDICTS = {"pass": True, "passed": True, "fail": False, "failed": False, "untested": None}


@dataclass
class Table:
    caption: str
    header: list
    rows: list
    line: int
    #: Whether Markdown sees a table: as many titles as columns.
    valid: bool = True

    def column(self, *keywords):
        """The number of the column that a word names, or else of the first that contains it; `None` where none does."""
        for word in keywords:
            if word in self.header:
                return self.header.index(word)
            for i, title in enumerate(self.header):
                if word.lower() in title.lower():
                    return i
        return None


@dataclass
class Claim:
    verdict: str
    sentence: str
    evidence: str
    line: int

    @property
    def passed(self):
        return VERDICTS.get(self.verdict.lower())


@dataclass
class Report:
    tables: list = field(default_factory=list)
    claims: list = field(default_factory=list)
    #: Numbered lines of text.
    prose: list = field(default_factory=list)

    def table(self, *titles):
        """The first table whose header has all these titles, by containment."""
        return next((t for t in self.tables if all(t.column(title) is not None for title in titles)), None)

    def claim(self, *words):
        return next((c for c in self.claims if all(w in plain(c.sentence) for w in words)), None)

    def find(self, pattern):
        """The first match of a pattern in the prose."""
        return next((m for m in (re.search(pattern, plain(line)) for _, line in self.prose) if m), None)


def plain(text):
    """A text with ordinary spaces: those between groups of digits are thin."""
    return re.sub(f"[{SPACES}]", " ", text)


def parse(text):
    report = Report()
    lines = [line.strip() for line in text.split("\n")]
    caption, i, fenced = "", 0, False
    while i < len(lines):
        line = lines[i]
        fenced ^= line.startswith("```")
        if not fenced and is_row(line) and i + 1 < len(lines) and re.fullmatch(r"\|[|:\- ]+", lines[i + 1]):
            end = next((k for k in range(i + 2, len(lines)) if not is_row(lines[k])), len(lines))
            header, valid = header_cells(line, len(cells(lines[i + 1])))
            report.tables.append(Table(caption, header, [cells(row) for row in lines[i + 2 : end]], i + 1, valid))
            caption, i = "", end
            continue
        caption = read_line(report, i + 1, line, caption)
        i += 1
    return report


def read_line(report, number, line, caption):
    """Adds a line that is no table; a line in bold is the caption of the table that follows."""
    claim = CLAIM.match(line)
    if claim:
        report.claims.append(Claim(claim.group(1), claim.group(2).removesuffix("."), claim.group(3) or "", number))
    elif re.fullmatch(r"\*\*.*\*\*", line):
        return line.strip("*")
    elif line and not line.startswith("!["):
        report.prose.append((number, line))
    return caption


def is_row(line):
    return line.startswith("|") and line.endswith("|") and len(line) > 1


def cells(line):
    """The cells of a row, as Markdown splits it."""
    return [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", line[1:-1])]


def header_cells(line, count):
    """The titles of a table of `count` columns, and whether its bars are escaped so that Markdown sees a table."""
    titles = cells(line)
    if len(titles) == count:
        return titles, True
    return [part.strip() for part in line[1:-1].split(" | ")], False
