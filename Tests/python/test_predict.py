"""descent predict against the weights that descent export writes, and its refusals."""

import csv
import io
import unittest

import numpy as np

import descent
from small import forward, half_mean_squared_error, trained


class Predict(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = trained()
        cls.folder.descent("export", cls.folder.scripts["small-splits"], "--weights")
        cls.found = np.load(cls.folder.output / "export" / "small-splits" / "weights.npz")
        cls.table = cls.folder.run_table("small-splits")
        cls.best = int(np.argmin([float(row["final_validation_loss"]) for row in cls.table]))

    def write(self, header, rows):
        file = self.folder.path / "new.csv"
        with open(file, "w", newline="") as opened:
            csv.writer(opened).writerows([header, *rows])
        return file

    def predict(self, file, *choice, name="small-splits", succeeds=True, more=()):
        choice = choice or ("best-by", "validation-loss")
        return self.folder.descent("predict", self.folder.scripts[name], "--run", *choice, "--input", file, *more, succeeds=succeeds)

    def outputs(self, result):
        lines = list(csv.reader(io.StringIO(result.stdout)))
        self.assertEqual(lines[0], ["u", "v"])
        return np.array(lines[1:], float)

    def expected(self, run, x):
        place = f"data/{self.found['data'][run]}/"
        z = (x - self.found[place + "mean"]) / self.found[place + "deviation"]
        return forward([(self.found[f"run/{run}/W{n}"], self.found[f"run/{run}/b{n}"]) for n in (1, 2)], ["tanh", "identity"], z)

    def test_new_rows(self):
        x = np.random.default_rng(1).normal(size=(7, 3)) * [1, 40, 0.01] + [0, 100, -3]
        y = self.outputs(self.predict(self.write(["a", "b", "c"], x.tolist())))
        np.testing.assert_allclose(y, self.expected(self.best, x), rtol=1e-12)

    def test_columns_in_another_order_and_with_the_targets(self):
        x = self.folder.table[:4, :3]
        rows = [[c, "", a, 5, b] for a, b, c in x.tolist()]
        y = self.outputs(self.predict(self.write(["c", "u", "a", "v", "b"], rows)))
        np.testing.assert_allclose(y, self.expected(self.best, x), rtol=1e-12)

    def test_the_held_out_rows_give_the_validation_loss(self):
        rows = self.found[f"data/{self.found['data'][self.best]}/validation_rows"]
        y = self.outputs(self.predict(self.folder.data))[rows]
        loss = half_mean_squared_error(y, self.folder.table[rows, 3:])
        self.assertAlmostEqual(loss / float(self.table[self.best]["final_validation_loss"]), 1, delta=1e-11)

    def test_a_run_by_its_key(self):
        for run in (0, 4):
            y = self.outputs(self.predict(self.folder.data, self.table[run]["key"][:12]))
            np.testing.assert_allclose(y, self.expected(run, self.folder.table[:, :3]), rtol=1e-12)

    def test_a_selection_of_the_sweep(self):
        chosen = [i for i, row in enumerate(self.table) if row["hidden"] == "2"]
        run = min(chosen, key=lambda i: float(self.table[i]["final_validation_loss"]))
        y = self.outputs(self.predict(self.folder.data, more=("--set", "hidden=2")))
        np.testing.assert_allclose(y, self.expected(run, self.folder.table[:, :3]), rtol=1e-12)

    def refuses(self, pattern, file, *choice, **more):
        result = self.predict(file, *choice, succeeds=False, **more)
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, pattern)

    def test_columns_that_do_not_match_are_refused_by_name(self):
        self.refuses("it lacks c.*the columns are those of the training", self.write(["a", "b"], [[1, 2]]))
        self.refuses("it lacks b; the network has no input B", self.write(["a", "B", "c"], [[1, 2, 3]]))
        self.refuses("the network has no input extra", self.write(["a", "b", "c", "extra"], [[1, 2, 3, 4]]))
        self.refuses("line 1.*column names are unique", self.write(["a", "b", "c", "a"], [[1, 2, 3, 4]]))

    def test_rows_that_cannot_be_read(self):
        self.refuses("line 3, column b: .*two.*not a finite number", self.write(["a", "b", "c"], [[1, 2, 3], [1, "two", 3]]))
        self.refuses("line 2: 2 fields.*as many fields as the header", self.write(["a", "b", "c"], [[1, 2]]))
        self.refuses("a header and no rows", self.write(["a", "b", "c"], []))
        self.refuses("missing.csv", self.folder.path / "missing.csv")

    def test_choices_that_cannot_be_meant(self):
        file = self.write(["a", "b", "c"], [[1, 2, 3]])
        self.refuses("no such final quantity.*They have .*validation-loss", file, "best-by", "accuracy")
        self.refuses("0 runs have a key", file, "zz")
        self.refuses("best-by and one quantity, or the key", file, "best-by")
        self.refuses("train an objective, which has no outputs", file, "best-by", "loss", name="small-objective")


if __name__ == "__main__":
    unittest.main()
