"""descent export --weights, and the tables of settings and units, read by NumPy and compared with the data file and the archive."""

import csv
import json
import unittest
import zipfile

import numpy as np

import descent
from small import NAMES, forward, half_mean_squared_error, trained


class Weights(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = trained()
        cls.files = {}
        for name in NAMES:
            cls.folder.descent("export", cls.folder.scripts[name], "--weights")
            cls.files[name] = cls.folder.output / "export" / name / "weights.npz"
        cls.runs = descent.open(cls.folder.output)
        cls.addClassCleanup(cls.runs.close)

    def test_the_file_is_whole(self):
        for file in self.files.values():
            with zipfile.ZipFile(file) as archive:
                self.assertIsNone(archive.testzip())

    def test_weights_are_those_of_the_archive(self):
        for name in NAMES:
            found, runs = np.load(self.files[name]), self.runs.of(name)
            self.assertEqual(found["key"].tolist(), runs.keys)
            columns = runs.columns()
            for own in ("seed", "status", "steps", "final_loss"):
                np.testing.assert_array_equal(found[own], columns[own])
            for each in [file for file in found.files if file.startswith("setting/")]:
                expected = columns[each[8:]]
                if expected.dtype == bool:
                    expected = np.where(expected, "true", "false")
                if each == "setting/data":
                    # Published files name a data file without its folder.
                    expected = np.array([text.replace(str(self.folder.data), "data.csv") for text in expected])
                    np.testing.assert_array_equal(found[each], expected)
                    continue
                np.testing.assert_array_equal(found[each], expected.astype(found[each].dtype), each)
            names = {file for file in found.files if file.startswith("run/")}
            for i, key in enumerate(runs.keys):
                if name == "small-objective":
                    np.testing.assert_array_equal(found[f"run/{i}/parameters"], runs.parameters(key))
                    names.remove(f"run/{i}/parameters")
                    continue
                for number, layer in enumerate(runs.weights(key), 1):
                    np.testing.assert_array_equal(found[f"run/{i}/W{number}"], layer.weights)
                    names.remove(f"run/{i}/W{number}")
                    if layer.bias is not None:
                        np.testing.assert_array_equal(found[f"run/{i}/b{number}"], layer.bias)
                        names.remove(f"run/{i}/b{number}")
            self.assertEqual(names, set())

    def test_split_and_standardisation_are_those_of_the_training(self):
        found, runs = np.load(self.files["small-splits"]), self.runs.of("small-splits")
        table, columns = self.folder.table, runs.columns()
        splits = set()
        for i in range(len(runs)):
            place = f"data/{found['data'][i]}/"
            training, held = found[place + "training_rows"], found[place + "validation_rows"]
            self.assertEqual(sorted([*training, *held]), list(range(24)))
            self.assertEqual(len(held), 6)
            splits.add(tuple(held))
            self.assertEqual(found[place + "input_names"].tolist(), ["a", "b", "c"])
            self.assertEqual(found[place + "output_names"].tolist(), ["u", "v"])
            x = table[:, :3]
            np.testing.assert_allclose(found[place + "mean"], x[training].mean(axis=0), rtol=1e-13)
            np.testing.assert_allclose(found[place + "deviation"], x[training].std(axis=0), rtol=1e-12)
            z = (x * found[place + "input_factor"] - found[place + "mean"]) / found[place + "deviation"]
            layers = [(found[f"run/{i}/W{n}"], found[f"run/{i}/b{n}"]) for n in (1, 2)]
            y = forward(layers, ["tanh", "identity"], z)
            for rows, column in ((training, "final_loss"), (held, "final_validation_loss")):
                loss = half_mean_squared_error(y[rows], table[rows, 3:])
                self.assertAlmostEqual(loss / columns[column][i], 1, delta=1e-11)
        self.assertEqual(len(splits), 3, "each of three seeds draws its own split")
        self.assertEqual(len(set(found["data"])), 3)

    def test_a_set_without_a_split_has_all_rows(self):
        found = np.load(self.files["small-networks"])
        self.assertEqual(set(found["data"]), {0})
        np.testing.assert_array_equal(found["data/0/training_rows"], np.arange(24))
        self.assertNotIn("data/0/validation_rows", found.files)
        self.assertNotIn("data/0/mean", found.files)
        self.assertEqual(set(np.load(self.files["small-objective"])["data"]), {-1})

    def test_neither_and_both(self):
        refused = self.folder.descent("export", self.folder.scripts["small-networks"], succeeds=False)
        self.assertEqual(refused.returncode, 64)
        self.assertIn("neither --to nor --weights", refused.stderr)
        refused = self.folder.descent("export", self.folder.scripts["small-networks"], "--to", "arrow", succeeds=False)
        self.assertIn("csv, parquet, npy", refused.stderr)


class Series(unittest.TestCase):
    def test_settings_and_units(self):
        folder = trained()
        with descent.open(folder.output) as runs:
            columns = runs.of("small-networks").columns()
        for target in ("csv", "npy"):
            folder.descent("export", folder.scripts["small-networks"], "--to", target, "--weights")
        place = folder.output / "export" / "small-networks"
        with open(place / "settings.csv", newline="") as file:
            settings = list(csv.DictReader(file))
        with open(place / "quantities.csv", newline="") as file:
            units = {row["quantity"]: row["unit"] for row in csv.DictReader(file)}
        self.assertEqual(units["gradient-norm"], "squared-error(half-mean)")
        self.assertEqual(units["parameter-norm"], "1")
        index = json.loads((place / "index.json").read_text())
        self.assertEqual({name: entry["unit"] for name, entry in index["quantities"].items()}, units)
        for i, row in enumerate(settings):
            self.assertEqual(row["key"], columns["key"][i])
            self.assertEqual(float(row["learning-rate"]), columns["learning-rate"][i])
            self.assertEqual(row["activation"], "tanh;sigmoid")
            entry = index["runs"][i]
            self.assertEqual(entry["key"], row["key"])
            self.assertEqual(entry["settings"], {name: text for name, text in row.items() if name not in ("run", "key", "seed")})
        self.assertTrue((place / "weights.npz").exists() and (place / "series.csv").exists())


if __name__ == "__main__":
    unittest.main()
