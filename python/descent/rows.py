"""The rows of the table `run`, verified with their checksums."""

import json
import math
import struct

from .checksum import checksums

#: The columns covered by a row's checksum, in this order.
COVERED = (
    "key", "description", "diverged_at", "steps", "final_loss", "best_loss", "final_gradient_norm", "finals", "contents",
    "revision", "toolchain", "processor", "semantics", "time")


class Row:
    """One run without its curves and parameters."""

    def __init__(self, identifier, values):
        named = dict(zip(COVERED, values))
        self.identifier = identifier
        self.key = named["key"]
        self.diverged_at = named["diverged_at"]
        self.steps = named["steps"]
        number = lambda name: math.nan if named[name] is None else named[name]
        self.final_loss, self.best_loss = number("final_loss"), number("best_loss")
        self.final_gradient_norm = number("final_gradient_norm")
        self.settings = dict(line.split("=", 1) for line in named["description"].split("\n") if "=" in line)
        self.finals = {name: float(text) for name, text in json.loads(named["finals"]).items()}
        self.origin = {name: named[name] for name in ("revision", "toolchain", "processor", "semantics", "time")}
        #: Number of inputs, then of the units of each layer; empty for an objective, None where an older version stored the run.
        self.widths = None
        #: The step whose parameters a run with early stopping keeps; None for other runs.
        self.best_step = None
        #: For "parameters" and each recorded quantity: cadence, number of values, checksum.
        self.parts = {}
        for line in named["contents"].split("\n"):
            fields = line.split(" ")
            if fields[0] == "layers":
                self.widths = [] if fields[1] == "none" else [int(width) for width in fields[1].split("-")]
            elif fields[0] == "best-step":
                self.best_step = int(fields[1])
            else:
                self.parts[fields[0]] = (int(fields[1]), int(fields[2]), fields[3])


def read_rows(connection):
    """The sound rows in the order in which they were stored, and the damaged keys with reasons."""
    query = f"SELECT id, checksum, {', '.join(COVERED)} FROM run WHERE checksum IS NOT NULL ORDER BY id"
    rows, damaged, batch = [], {}, []
    for found in connection.execute(query):
        batch.append(found)
        if len(batch) == 5000:
            _verify(batch, rows, damaged)
            batch = []
    _verify(batch, rows, damaged)
    return rows, damaged


def _verify(batch, rows, damaged):
    for found, checksum in zip(batch, checksums([_bytes(found[2:]) for found in batch])):
        key = found[2] if isinstance(found[2], str) else "without a key"
        if checksum != found[1]:
            damaged[key] = "its row differs from its checksum"
            continue
        try:
            rows.append(Row(found[0], found[2:]))
        except (ValueError, TypeError, IndexError, AttributeError):
            damaged[key] = "a value of its row is not of its kind"


def _bytes(values):
    """The kinds, lengths and bytes of values, which a row's checksum is made of."""
    result = b""
    for value in values:
        if value is None:
            result += b"n" + bytes(8)
        elif isinstance(value, int):
            result += b"i" + struct.pack("<q", value)
        elif isinstance(value, float):
            result += b"d" + struct.pack("<d", value + 0.0)
        else:
            data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
            result += (b"s" if isinstance(value, str) else b"b") + struct.pack("<Q", len(data)) + data
    return result
