"""The runs of one experiment: runs.csv, experiment.json, exported series and the archive's rows, side by side."""

import csv
import json
import math
import re
import sqlite3
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import numpy as np

from .figures import is_number, read

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
from descent.series import decoded  # noqa: E402

#: Columns of runs.csv that are results; what stands before "seed" is a swept parameter.
RESULTS = ("seed", "status", "diverged_at", "steps", "final_loss", "best_loss", "final_gradient_norm")
FULL_BATCH = ("full", None)

def parity_settings(axes):
    """The settings of a run of larger-is-easier by its task, training and width."""
    inputs = "0 and 1" if "0 and 1" in axes["training"] else "±1"
    batch = "full" if axes["training"].startswith("full") else "single-with-replacement"
    return {"hidden": axes["units"], "data": f"custom({axes['task']}, inputs {inputs}) seed(0)", "batch": batch}


#: Settings that the axes of a report stand for, where an export does not distinguish runs that end alike.
SETTINGS = {"larger-is-easier": parity_settings}
#: Values of one exported quantity.
MOST_EXPORTED = 150_000_000


class Archive:
    """The archive's rows, read with SQLite alone and only for reading."""

    def __init__(self, path):
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.connection.row_factory = sqlite3.Row
        self.rows = {}
        query = "SELECT id, description, diverged_at, steps, final_loss, best_loss, final_gradient_norm, finals, contents FROM run"
        for row in self.connection.execute(query):
            entry = dict(row)
            entry["counts"] = {line.split(" ")[0]: int(line.split(" ")[2]) for line in row["contents"].split("\n") if line.count(" ") == 3}
            entry["settings"] = dict(line.split("=", 1) for line in row["description"].split("\n") if "=" in line)
            entry["finals"] = {name: float(text) for name, text in json.loads(row["finals"]).items()}
            self.rows.setdefault(self.identity(entry), []).append(entry)

    @staticmethod
    def identity(entry):
        number = lambda name: math.nan if entry[name] is None else entry[name]
        return entry["settings"].get("seed"), entry["steps"], repr(number("final_loss")), repr(number("final_gradient_norm"))

    def series(self, row):
        """{quantity: (every, values)} of a row."""
        query = "SELECT quantity, every, encoding, bytes FROM series WHERE run = ?"
        return {
            found["quantity"]: (found["every"], decoded(found["bytes"], found["encoding"], row["counts"][found["quantity"]]))
            for found in self.connection.execute(query, (row["id"],))
        }

    def parameters(self, row):
        found = self.connection.execute("SELECT parameters FROM run WHERE id = ?", (row["id"],)).fetchone()
        return np.frombuffer(found["parameters"], "<f8")


class Series:
    """One recorded quantity of all runs: a row a run, NaN beyond a run's end."""

    def __init__(self, values, every, lengths, told):
        self.values, self.every, self.lengths = values, every, lengths
        #: The steps between values as the export's index tells them, for each run.
        self.told = told

    def of(self, run):
        return self.values[run, : self.lengths[run]]


class ArchivedSeries:
    """One recorded quantity of all runs, read from the archive alone, run by run."""

    def __init__(self, runs, quantity):
        self.runs, self.quantity = runs, quantity
        self.every = _Lazy(lambda run: self._stored(run)[0])
        self.told = self.every
        self.lengths = _Lazy(lambda run: len(self._stored(run)[1]))

    def _stored(self, run):
        row = self.runs.rows[run]
        return (self.runs.archive.series(row).get(self.quantity) if row is not None else None) or (1, np.empty(0))

    def of(self, run):
        return self._stored(run)[1]


class _Lazy:
    """A list whose elements are computed when they are read."""

    def __init__(self, element):
        self.element = element

    def __getitem__(self, index):
        return self.element(index)


class Runs:
    """A table of runs. `column` holds one array a column of runs.csv; rows are numbered as there."""

    def __init__(self, folder, archive, exporter):
        self.folder = Path(folder)
        self.name = self.folder.name
        self.declaration = json.loads((self.folder / "experiment.json").read_text())
        with open(self.folder / "runs.csv", newline="") as file:
            lines = list(csv.reader(file))
        self.header, table = lines[0], lines[1:]
        self.count = len(table)
        self.text = {name: np.array([row[i] for row in table]) for i, name in enumerate(self.header)}
        self.axes = self.header[: self.header.index("seed")]
        self.exporter = exporter
        longest = max((int(steps) for steps in self.text["steps"] if steps), default=0)
        #: The arrays of an export are rectangular: those of long runs of very different lengths would not fit on a disk.
        self.is_exported = self.count * longest < MOST_EXPORTED
        self.export = exporter.write(self.name, "npy") if self.is_exported else self.folder / "no export"
        self.index = json.loads((self.export / "index.json").read_text()) if self.is_exported else None
        self._series = {}
        self._exported = None
        self._first_steps = {}
        self.archive = archive
        self.rows = [self._archived(i) for i in range(self.count)]

    # Columns

    def numbers(self, name):
        """A column of numbers; NaN where it is empty."""
        return np.array([float(t) if t else math.nan for t in self.text[name]])

    @property
    def seeds(self):
        return self.text["seed"]

    @cached_property
    def diverged(self):
        return self.text["status"] == "diverged"

    @cached_property
    def final_loss(self):
        """The loss after the last update; infinite for a run that diverged."""
        return np.where(self.diverged, np.inf, self.numbers("final_loss"))

    def final(self, quantity):
        """The last value of a quantity; for a run that diverged the worst: ∞, or 0 for an accuracy."""
        name = "final_" + quantity.replace("-", "_")
        values = self.numbers(name) if name in self.text else self._last(quantity)
        return np.where(self.diverged, 0.0 if "accuracy" in quantity else np.inf, values)

    def _last(self, quantity):
        series = self.series(quantity)
        if series is None:
            return np.full(self.count, math.nan)
        return np.array([s[-1] if len(s) else math.nan for s in (series.of(i) for i in range(self.count))])

    def axis(self, name):
        """The values of a swept parameter, in the order of the declaration."""
        return next(list(a["values"]) for a in self.declaration["axes"] if a["parameter"] == name)

    def column_of_axis(self, name):
        return "set_" + name if "set_" + name in self.text else name

    def where(self, **settings):
        """Numbers of the runs with these settings; `_` in a name stands for `-` or a space."""
        chosen = np.ones(self.count, bool)
        for name, value in settings.items():
            column = next(c for c in self.axes if re.sub("[- ]", "_", c) == name)
            chosen &= np.array([same_setting(t, value) for t in self.text[column]])
        return np.flatnonzero(chosen)

    # Series

    def series(self, quantity):
        """A recorded quantity; `None` where no run has it."""
        if self.index is None:
            return ArchivedSeries(self, quantity)
        if quantity not in self._series:
            entry = self.index["quantities"].get(quantity)
            self._series[quantity] = self._load(quantity, entry) if entry else None
        return self._series[quantity]

    def _load(self, quantity, entry):
        """The export's array; how long and how far apart a run's values are is the archive's to say."""
        values = np.load(self.export / entry["file"], mmap_mode="r")
        told = entry["every"] if isinstance(entry["every"], list) else [entry["every"]] * self.count
        every, lengths = [1 if e is None else e for e in told], []
        for i, row in enumerate(self.rows):
            stored = self.archive.series(row).get(quantity) if row is not None else None
            if stored:
                every[i] = stored[0]
            lengths.append(len(stored[1]) if stored else int(np.count_nonzero(~np.isnan(values[i]))))
        return Series(values, every, lengths, told)

    @cached_property
    def sees_all_samples(self):
        """For each run, whether its recorded loss is that of all training data."""
        return [row is None or row["settings"].get("batch") in FULL_BATCH for row in self.rows]

    def losses(self, run, measured=False):
        """Steps and values of the recorded losses on all training data, the one after the last update included.

        The loss of a step's own batch is none of them, unless the batch is all samples. `measured`: those of the
        quantity "training-loss" where the run has it, so that settings are compared on the same steps.
        """
        series = self.series("loss") if self.sees_all_samples[run] else self.series("training-loss")
        if measured and self.series("training-loss") is not None and self.series("training-loss").lengths[run]:
            series = self.series("training-loss")
        values = np.empty(0) if series is None else series.of(run)
        steps = np.arange(len(values)) * (series.every[run] if series is not None else 1)
        last = float(self.text["steps"][run])
        keep = steps < last
        return np.append(steps[keep], last), np.append(values[keep], self.numbers_of(run, "final_loss"))

    def numbers_of(self, run, name):
        text = self.text[name][run]
        return float(text) if text else math.nan

    def first_step_below(self, threshold, chosen=None):
        """The first step whose loss on all training data is below a threshold; ∞ where none is."""
        known = self._first_steps.setdefault(threshold, {})
        chosen = range(self.count) if chosen is None else chosen
        for run in chosen:
            if run not in known:
                steps, values = self.losses(run, measured=True)
                below = np.flatnonzero(values < threshold)
                known[run] = steps[below[0]] if len(below) else math.inf
        return np.array([known[run] for run in chosen])

    # The archive

    def _archived(self, run):
        """The archive's row of a run: same seed, steps, final loss and gradient norm, and most settings alike."""
        number = lambda name: float(self.text[name][run]) if self.text[name][run] else math.nan
        identity = (self.text["seed"][run], int(self.text["steps"][run]), repr(number("final_loss")),
                    repr(number("final_gradient_norm")))
        candidates = self.archive.rows.get(identity, [])
        if len(candidates) > 1:
            candidates = self._of_export(run, candidates) or candidates
        axes = {a: self.text[self.column_of_axis(a)][run] for a in self.axis_names}
        known = SETTINGS.get(self.name, lambda axes: {})(axes).items()
        candidates = [row for row in candidates if known <= row["settings"].items()]
        own = {**self.declaration["declaration"], **axes}
        alike = lambda row: sum(row["settings"].get(name) == value for name, value in own.items())
        return max(candidates, key=alike, default=None)

    def _of_export(self, run, candidates):
        """Those of several rows that end alike whose series are the export's."""
        if self.index is None:
            return candidates
        if self._exported is None:
            entries = self.index["quantities"].items()
            self._exported = {name: np.load(self.export / entry["file"], mmap_mode="r") for name, entry in entries}
        def is_own(row):
            stored = self.archive.series(row)
            return all(np.array_equal(values[run][: len(stored[name][1])], stored[name][1], equal_nan=True)
                       for name, values in self._exported.items() if name in stored)
        return [row for row in candidates if is_own(row)]

    @property
    def axis_names(self):
        return [a["parameter"] for a in self.declaration["axes"]]

    def drawn_points(self, figure):
        """The blocks of (x, y) that a figure draws, by the number in its file's name."""
        script = next((self.exporter.write(self.name, "gnuplot") / "gnuplot").glob(f"{figure}-*.gp")).read_text()
        blocks = re.findall(r"^\$\w+ << EOD\n(.*?)^EOD", script, re.M | re.S)
        rows = [[line.split()[:2] for line in block.splitlines() if len(line.split()) == 2] for block in blocks]
        return [np.array(block, float) for block in rows if block and all(map(is_pair, block))]

    def parameters(self, run):
        return self.archive.parameters(self.rows[run])


def same_setting(exact, shown):
    """Whether a setting of runs.csv is the one that a text or number shows ("1.0" is 1; "0.00283" is 0.00283)."""
    if exact == str(shown):
        return True
    if not isinstance(shown, (int, float)) and not is_number(str(shown)):
        return False
    try:
        return math.isclose(float(exact), shown if isinstance(shown, (int, float)) else read(shown), rel_tol=1e-9)
    except ValueError:
        return False


def is_pair(fields):
    return all(re.fullmatch(r"-?[\d.]+(?:e-?\d+)?", field) for field in fields)


class Exporter:
    """The program, asked for series as arrays and for figures as gnuplot scripts."""

    def __init__(self, binary, output, directory):
        self.binary, self.output, self.directory = binary, output, directory

    def write(self, name, kind):
        """Has one experiment's series or figures written, and returns the folder."""
        command = [self.binary, "export", name, "--to", kind, "--output", str(self.output), "--quiet"]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} failed with {done.returncode}: {done.stderr.strip()}")
        return Path(self.output) / "export" / name
