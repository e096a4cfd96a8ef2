"""Small experiments, trained once by the real binary, and a forward pass in NumPy."""

import atexit
import csv
import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
BINARY = os.environ["DESCENT_BINARY"]
NAMES = ("small-networks", "small-splits", "small-without-bias", "small-objective")

ACTIVATIONS = {
    "identity": lambda z: z,
    "tanh": np.tanh,
    "sine": np.sin,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


class Folder:
    """A folder with the scripts, its data and its output."""

    def __init__(self):
        self.path = Path(tempfile.mkdtemp(prefix="descent-python-"))
        atexit.register(shutil.rmtree, self.path, ignore_errors=True)
        self.output = self.path / "output"
        self.data = self.path / "data.csv"
        random = np.random.default_rng(7)
        x = random.normal(size=(24, 3)) * [1, 40, 0.01] + [0, 100, -3]
        z = x * [1, 1 / 40, 100] + [0, -2.5, 300]
        u, v = np.sin(z[:, 0]) + 0.1 * z[:, 1], z[:, 1] * z[:, 2]
        self.table = np.round(np.column_stack([x, u, v]), 6)
        with open(self.data, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["a", "b", "c", "u", "v"])
            writer.writerows(self.table.tolist())
        self.scripts = {}
        for name in NAMES:
            source = HERE / "experiments" / ("".join(word.capitalize() for word in name.split("-")) + ".swift")
            self.scripts[name] = self.path / source.name
            self.scripts[name].write_text(source.read_text().replace("DATA", str(self.data)))

    def descent(self, *arguments, succeeds=True):
        result = subprocess.run(
            [BINARY, *map(str, arguments), "--output", str(self.output)], capture_output=True, text=True, cwd=HERE.parents[1])
        if succeeds and result.returncode != 0:
            raise AssertionError(f"descent {' '.join(map(str, arguments))}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def run_table(self, name):
        with open(self.output / name / "runs.csv", newline="") as file:
            return list(csv.DictReader(file))


@functools.cache
def trained():
    folder = Folder()
    folder.descent("run", *folder.scripts.values(), "--format", "html")
    return folder


def forward(layers, activations, x):
    """The outputs of a network: (weights, bias or None) and the name of the activation of each layer; samples in rows."""
    for (weights, bias), name in zip(layers, activations):
        x = ACTIVATIONS[name](x @ weights.T + (0 if bias is None else bias))
    return x


def half_mean_squared_error(y, t):
    return np.sum((y - t) ** 2) / (2 * len(t))
