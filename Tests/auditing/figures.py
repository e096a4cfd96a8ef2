"""How reports print numbers: every format is read and judged here, and nowhere else."""

import math
import re
from decimal import Decimal

SUPERSCRIPTS = {c: d for c, d in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")}
SPACES = "\u202f\u2009\u00a0"
RAISED = "[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+"
DIGITS = rf"\d+(?:[{SPACES},]\d{{3}})+(?:\.\d+)?|\d+(?: \d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
#: One printed number: "1.23·10⁻⁴", "10⁻⁶", "−0.5", "12 000", "∞".
NUMBER = rf"[−-]?(?:∞|(?:{DIGITS})·10{RAISED}|10{RAISED}|{DIGITS})"
#: Words that stand for a value that was not reached.
NEVER = ("never", "not reached", "none", "not below")

LEAST_DIGITS = 3
LEAST_DECIMALS_OF_PERCENT = 1


class Figure:
    """A printed number, with the place value of its last digit."""

    def __init__(self, text):
        self.text = text.strip()
        self.value, self.unit = _read(self.text)

    def agrees(self, value, digits=LEAST_DIGITS, decimals=None, slack=0.0):
        """Whether a value prints as this text: to `digits` significant digits at least, or to `decimals` decimals.

        Trailing zeros are not printed, so the last printed digit alone does not tell the precision. Whole numbers are
        printed in full. `slack` is the uncertainty of the recomputed value.
        """
        if math.isnan(value):
            return math.isnan(self.value)
        if math.isinf(value) or math.isinf(self.value):
            return value == self.value
        unit = Decimal(1).scaleb(-decimals) if decimals is not None else _unit(value, digits)
        unit = float(min(unit, self.unit) if self.unit else unit)
        return abs(self.value - value) <= unit / 2 * (1 + 1e-9) + 1e-12 * abs(value) + slack


def _unit(value, digits):
    """The place value of the last of so many significant digits."""
    if value == 0:
        return Decimal(1).scaleb(-300)
    place = math.floor(math.log10(abs(value)))
    unit = Decimal(1).scaleb(place - digits + 1)
    # From a thousand on all digits before the point are printed.
    return min(unit, Decimal(1)) if 1e-3 <= abs(value) < 1e5 else unit


def _read(text):
    bare = text.replace("−", "-").replace("%", "").strip()
    sign = -1 if bare.startswith("-") else 1
    bare = bare.lstrip("-+").strip()
    if bare.lower() in ("nan",):
        return math.nan, None
    if bare.startswith("∞"):
        return sign * math.inf, None
    power = re.fullmatch(rf"(?:(.+)·)?10({RAISED})", bare)
    mantissa, exponent = bare, 0
    if power:
        mantissa = power.group(1) or "1"
        exponent = int("".join(SUPERSCRIPTS[c] for c in power.group(2)))
    mantissa = re.sub(rf"[{SPACES}, ]", "", mantissa)
    number = Decimal(mantissa).scaleb(exponent)
    return sign * float(number), Decimal(1).scaleb(number.as_tuple().exponent)


def read(text):
    """The value of a printed number."""
    return _read(text.strip())[0]


def numbers(text):
    """All printed numbers of a text, in order."""
    return [Figure(part) for part in re.findall(NUMBER, text)]


def is_number(text):
    return re.fullmatch(NUMBER + r"(?: ?%)?", text.strip()) is not None


def interval(text):
    """The two bounds of "84.3–99.4 %", "0.1 to 0.2"; `None` where the text is none."""
    match = re.search(rf"({NUMBER})(?: ?%)?\s*(?:–|to)\s*({NUMBER})", text)
    return (Figure(match.group(1)), Figure(match.group(2))) if match else None


class Quartile:
    """One of the three numbers of "median (first–third)": a number, ∞, "> 2000", or a word for never."""

    def __init__(self, text):
        self.text = text.strip()
        bare = self.text.lstrip(">≥ ")
        self.exceeds = bare != self.text
        self.never = any(self.text.lower().startswith(word) for word in NEVER)
        self.figure = None if self.never else Figure(bare)

    def agrees(self, value):
        if self.never:
            return math.isinf(value)
        return value > self.figure.value if self.exceeds else self.figure.agrees(value)


def quartiles(text):
    """[first, median, third] of "516 (414–651)", or the one word of a cell that gives no number."""
    match = re.fullmatch(r"(.+?) \((.+?)\s*–\s*(.+?)\)(.*)", text.strip())
    if not match:
        return [Quartile(text)]
    middle, first, third, _ = match.groups()
    return [Quartile(first), Quartile(middle), Quartile(third)]


def text(value):
    """A recomputed value for the audit's own messages."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return " ".join(text(v) for v in value)
    return f"{value:.6g}"
