"""A selection of runs, with their settings, results, curves and weights."""

import os
from dataclasses import dataclass
from typing import List, Optional

import numpy as np

from .checksum import checksums
from .errors import ArchiveError, DamagedRun
from .file import reading
from .report import read_report
from .rows import read_rows
from .series import PLAIN, decoded
from .settings import column, matches


@dataclass
class Layer:
    """The weights of one layer, units × inputs, and its biases; `bias` is None where the network has none."""

    weights: np.ndarray
    bias: Optional[np.ndarray]


@dataclass
class Curves:
    """One recorded quantity: `values[r, i]` belongs to step `steps[i]` of the run `keys[r]`, NaN beyond `lengths[r]` values."""

    quantity: str
    keys: List[str]
    steps: np.ndarray
    values: np.ndarray
    lengths: np.ndarray

    def frame(self):
        """The values as a pandas DataFrame with the columns key, step and the quantity, one row per recorded value."""
        pandas = _pandas("curves(…).frame()", "steps, values and lengths are NumPy arrays")
        counts = self.lengths
        return pandas.DataFrame({
            "key": np.repeat(np.array(self.keys, dtype=object), counts),
            "step": np.concatenate([self.steps[:count] for count in counts] or [self.steps]),
            self.quantity: np.concatenate([row[:count] for row, count in zip(self.values, counts)] or [self.steps]),
        })


def _pandas(place, alternative):
    try:
        import pandas
    except ImportError as error:
        raise ArchiveError(place, "pandas is not installed", f"Install it: pip install pandas. {alternative}") from error
    return pandas


class Runs:
    """Runs of an archive, in the order in which they were stored; those of a report in its order."""

    def __init__(self, file, connection, rows, damaged, parameters=None):
        self._file, self._connection = file, connection
        self._rows, self._damaged = rows, damaged
        #: The swept parameters of a report, by key.
        self._parameters = parameters or {}

    @classmethod
    def all(cls, file, connection):
        with reading(file):
            return cls(file, connection, *read_rows(connection))

    def _with(self, rows, damaged=None, parameters=None):
        return Runs(
            self._file, self._connection, rows, self._damaged if damaged is None else damaged, parameters or self._parameters)

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __len__(self):
        return len(self._rows)

    def __repr__(self):
        return f"<{len(self)} runs of {self._file}>"

    # Selecting

    @property
    def keys(self):
        """The keys of the runs."""
        self._refuse_damaged()
        return [row.key for row in self._rows]

    @property
    def damaged(self):
        """The damaged runs with what is wrong, by key."""
        return dict(self._damaged)

    def sound(self):
        """The runs without the damaged ones, with every byte of their curves and parameters verified."""
        damaged = {}
        self._verified_parameters(self._rows, damaged)
        for quantity in {name for row in self._rows for name in row.parts if name != "parameters"}:
            self._verified_series([row for row in self._rows if quantity in row.parts], quantity, damaged)
        return self._with([row for row in self._rows if row.key not in damaged], damaged={})

    def of(self, report):
        """The runs of a report by its name, in the order of its runs.csv, with its swept parameters as columns."""
        found = read_report(os.path.join(os.path.dirname(os.path.abspath(self._file)), report))
        rows = {row.key: row for row in self._rows}
        missing = [key for key in found if key not in rows and key not in self._damaged]
        if missing:
            raise ArchiveError(
                report, f"{len(missing)} of its {len(found)} runs are not in this selection of the archive",
                f"Select from the whole archive, or train them with descent run {report}")
        return self._with(
            [rows[key] for key in found if key in rows], {key: text for key, text in self._damaged.items() if key in found}, found)

    def where(self, **settings):
        """The runs with these values of settings or results' status; a list is any of its values. Hyphens are underscores."""
        rows = self._rows
        for word, wanted in settings.items():
            name = word if any(word in self._settings(row) for row in self._rows) else word.replace("_", "-")
            known = {self._settings(row)[name] for row in self._rows if name in self._settings(row)}
            if not known:
                names = sorted({each for row in self._rows for each in self._settings(row)})
                raise ArchiveError(name, "no run has this setting", f"The settings are {', '.join(names)}")
            if not any(matches(text, wanted) for text in known):
                values = sorted(known)
                raise ArchiveError(
                    f"{name} = {wanted}", "no run has this value",
                    f"The values are {', '.join(values[:8])}{' …' if len(values) > 8 else ''}")
            rows = [row for row in rows if name in self._settings(row) and matches(self._settings(row)[name], wanted)]
        return self._with(rows)

    def recording(self, quantity):
        """The runs that have recorded a quantity."""
        return self._with([row for row in self._rows if quantity in row.parts])

    @property
    def quantities(self):
        """The names of the recorded quantities."""
        return sorted({name for row in self._rows for name in row.parts} - {"parameters"})

    def _settings(self, row):
        status = "finished" if row.diverged_at is None else "diverged"
        return {**row.settings, **self._parameters.get(row.key, {}), "status": status}

    # Results

    def columns(self):
        """Settings and results as a dictionary of arrays, one value per run; NaN or "" where a run has none."""
        self._refuse_damaged()
        rows = self._rows
        result = {"key": np.array([row.key for row in rows], dtype=object)}
        settings = [self._settings(row) for row in rows]
        for name in dict.fromkeys(name for own in settings for name in own):
            result[name] = column([own.get(name) for own in settings])
        result["layers"] = np.array(["-".join(map(str, row.widths or [])) for row in rows], dtype=object)
        result["diverged_at"] = np.array([np.nan if row.diverged_at is None else row.diverged_at for row in rows], float)
        result["steps"] = np.array([row.steps for row in rows], np.int64)
        if any(row.best_step is not None for row in rows):
            result["best_step"] = np.array([np.nan if row.best_step is None else row.best_step for row in rows], float)
        for name in ("final_loss", "best_loss", "final_gradient_norm"):
            result[name] = np.array([getattr(row, name) for row in rows], float)
        for quantity in sorted({name for row in rows for name in row.finals}):
            result["final_" + quantity.replace("-", "_")] = np.array([row.finals.get(quantity, np.nan) for row in rows], float)
        for name in ("revision", "toolchain", "processor", "semantics", "time"):
            result[name] = np.array([row.origin[name] for row in rows], dtype=object)
        return result

    def frame(self):
        """`columns()` as a pandas DataFrame with the keys as its index."""
        pandas = _pandas("frame()", "columns() gives the same as NumPy arrays")
        return pandas.DataFrame(self.columns()).set_index("key")

    # Curves

    def curves(self, quantity):
        """A recorded quantity of all runs, such as "loss", "gradient-norm" or "validation-loss"."""
        self._refuse_damaged()
        lacking = [row for row in self._rows if quantity not in row.parts]
        if lacking:
            raise ArchiveError(
                f'curves("{quantity}")', f"{len(lacking)} of {len(self)} runs have not recorded it",
                f'Select with recording("{quantity}"); the recorded quantities are {", ".join(self.quantities)}')
        cadences = sorted({row.parts[quantity][0] for row in self._rows})
        if len(cadences) > 1:
            raise ArchiveError(
                f'curves("{quantity}")', f"the runs have recorded it at different cadences: every {', every '.join(map(str, cadences))} steps",
                "Select runs of one cadence, with of(…) or where(record=…)")
        damaged = {}
        found = self._verified_series(self._rows, quantity, damaged)
        if damaged:
            raise DamagedRun(damaged)
        lengths = np.array([len(found[row.key]) for row in self._rows], np.int64)
        values = np.full((len(self), int(lengths.max(initial=0))), np.nan)
        for i, row in enumerate(self._rows):
            values[i, : lengths[i]] = found[row.key]
        steps = np.arange(values.shape[1]) * (cadences[0] if cadences else 1)
        return Curves(quantity, [row.key for row in self._rows], steps, values, lengths)

    def _verified_series(self, rows, quantity, damaged):
        # Archives of older versions have no column for it, and plain numbers.
        encoding = "encoding" if self._has_encodings() else str(PLAIN)
        query = f"SELECT run, bytes, {encoding} FROM series WHERE quantity = ? AND run"
        return self._verified(rows, quantity, query, (quantity,), f"its series {quantity}", damaged)

    def _has_encodings(self):
        with reading(self._file):
            return any(column[1] == "encoding" for column in self._connection.execute("PRAGMA table_info(series)"))

    def _verified(self, rows, part, query, arguments, name, damaged):
        """The numbers of a part of runs by key; damaged runs are added to `damaged`."""
        result = {}
        for start in range(0, len(rows), 500):
            chunk = rows[start : start + 500]
            marks = ", ".join("?" * len(chunk))
            with reading(self._file):
                cursor = self._connection.execute(f"{query} IN ({marks})", (*arguments, *(row.identifier for row in chunk)))
                found = {identifier: (data, encoding) for identifier, data, encoding in cursor}
            whole = []
            for row in chunk:
                data, encoding = found.get(row.identifier, (None, None))
                if not isinstance(data, bytes):
                    damaged[row.key] = f"{name} is missing"
                    continue
                values = decoded(data, encoding, row.parts[part][1])
                if values is None:
                    damaged[row.key] = f"{name} differs from its checksum"
                else:
                    whole.append((row, values))
            for (row, values), checksum in zip(whole, checksums([values.tobytes() for _, values in whole])):
                if checksum == row.parts[part][2]:
                    result[row.key] = values
                else:
                    damaged[row.key] = f"{name} differs from its checksum"
        return result

    # Parameters

    def parameters(self, key):
        """The final parameters of a run in one vector. A beginning of the key is enough where no other key has it."""
        row = self._row(key)
        damaged = {}
        found = self._verified_parameters([row], damaged)
        if damaged:
            raise DamagedRun(damaged)
        return found[row.key].copy()

    def weights(self, key):
        """The final weights and biases of a run, layer by layer, from the first hidden layer to the output."""
        row = self._row(key)
        if row.widths is None:
            raise ArchiveError(
                f"run {row.key}", "an older version stored it without the widths of its layers",
                "Run its experiment again with descent run, which adds them without training; or use parameters(key)")
        if not row.widths:
            raise ArchiveError(f"run {row.key}", "it trained an objective, which has no layers", "Use parameters(key)")
        values, result, at = self.parameters(row.key), [], 0
        has_bias = row.settings.get("bias") == "true"
        for inputs, units in zip(row.widths, row.widths[1:]):
            weights = values[at : at + units * inputs]
            at += units * inputs
            bias = values[at : at + units] if has_bias else None
            at += units if has_bias else 0
            if weights.size < units * inputs or (has_bias and bias.size < units):
                break
            result.append(Layer(weights.reshape(units, inputs), bias))
        if at != values.size:
            raise DamagedRun({row.key: f"its {values.size} parameters do not fit its layers {'-'.join(map(str, row.widths))}"})
        return result

    def _verified_parameters(self, rows, damaged):
        return self._verified(rows, "parameters", f"SELECT id, parameters, {PLAIN} FROM run WHERE id", (), "its block of parameters", damaged)

    def _row(self, key):
        if key in self._damaged:
            raise DamagedRun({key: self._damaged[key]})
        found = [row for row in self._rows if row.key.startswith(key)] if key else []
        exact = [row for row in found if row.key == key] or found
        if len(exact) == 1:
            return exact[0]
        if not exact:
            raise ArchiveError(f"run {key!r}", "no run of this selection has this key", "runs.keys lists them")
        raise ArchiveError(f"run {key!r}", f"{len(exact)} runs begin with it", "Give more digits of the key")

    def _refuse_damaged(self):
        if self._damaged:
            raise DamagedRun(self._damaged)
