"""The runs of a report: its table runs.csv names their keys."""

import csv
import os

from .errors import ArchiveError


def read_report(folder):
    """The swept parameters of a report's runs by key, in the order of its table."""
    name, output = os.path.basename(folder), os.path.dirname(folder)
    try:
        with open(os.path.join(folder, "runs.csv"), newline="", encoding="utf-8") as file:
            lines = list(csv.reader(file))
    except FileNotFoundError:
        reports = sorted(entry for entry in os.listdir(output) if os.path.exists(os.path.join(output, entry, "runs.csv")))
        raise ArchiveError(
            name, f"{output} has no report of this name",
            f"The reports are {', '.join(reports)}" if reports else f"Write it with descent run {name}") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ArchiveError(os.path.join(folder, "runs.csv"), f"the table cannot be read ({error})", f"Write it again with descent render {name}") from error
    header = lines[0] if lines else []
    if "key" not in header or "seed" not in header:
        raise ArchiveError(
            os.path.join(folder, "runs.csv"), "the table of an older version has no keys", f"Write it again with descent render {name}")
    swept = header[: header.index("seed")]
    key = header.index("key")
    return {line[key]: {column: line[i] for i, column in enumerate(swept)} for line in lines[1:]}
