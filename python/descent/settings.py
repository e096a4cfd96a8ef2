"""Settings, which the archive keeps as texts, as numbers where all of them are."""

import re

import numpy as np

_INTEGER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?inf|nan")


def matches(text, wanted):
    """Whether a stored text is a value, or one of several values; numbers are compared as numbers."""
    if isinstance(wanted, (list, tuple, set, frozenset, range, np.ndarray)):
        return any(matches(text, one) for one in wanted)
    if isinstance(wanted, (bool, np.bool_)):
        return text == ("true" if wanted else "false")
    other = str(wanted)
    if _INTEGER.fullmatch(text) and _INTEGER.fullmatch(other):
        return int(text) == int(other)
    if _NUMBER.fullmatch(text) and _NUMBER.fullmatch(other):
        return float(text) == float(other)
    return text == other


def column(texts):
    """An array of integers, numbers, truth values or texts, whichever all texts are; None is NaN or ""."""
    known = [text for text in texts if text is not None]
    whole = len(known) == len(texts)
    if known and whole and all(_INTEGER.fullmatch(text) for text in known):
        return np.array([int(text) for text in texts], np.int64)
    if known and all(_NUMBER.fullmatch(text) for text in known):
        return np.array([np.nan if text is None else float(text) for text in texts], float)
    if known and whole and all(text in ("true", "false") for text in known):
        return np.array([text == "true" for text in texts], bool)
    return np.array(["" if text is None else text for text in texts], dtype=object)
