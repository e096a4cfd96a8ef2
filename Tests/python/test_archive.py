"""The package descent-archive against the tables of the reports, the exported series, SQLite alone, and NumPy."""

import csv
import json
import math
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import numpy as np

import descent
from descent.checksum import checksums
from descent.rows import COVERED, _bytes
from descent.series import decoded
from small import BINARY, NAMES, forward, half_mean_squared_error, trained


def number(text):
    return math.nan if text in ("", "nan") else float(text)


def activations(settings):
    return [*settings["activation"].split(";"), settings["output"].split(",")[0] or "identity"]


class Numbers(unittest.TestCase):
    """What is read is what the program wrote."""

    def setUp(self):
        self.folder = trained()
        self.runs = descent.open(self.folder.output)
        self.addCleanup(self.runs.close)

    def test_columns_are_those_of_the_reports(self):
        for name in NAMES:
            table = self.folder.run_table(name)
            columns = self.runs.of(name).columns()
            self.assertEqual(columns["key"].tolist(), [row["key"] for row in table])
            for i, row in enumerate(table):
                for column, text in row.items():
                    if column.startswith("first_step_below"):
                        continue
                    found = columns[column][i]
                    if column in ("key", "status"):
                        self.assertEqual(found, text)
                    elif isinstance(found, str):
                        self.assertEqual(found, text, column)
                    else:
                        np.testing.assert_equal(float(found), number(text), f"{name}, run {i}, {column}")

    def test_the_view_says_the_same(self):
        columns = self.runs.columns()
        connection = sqlite3.connect(self.folder.output / "descent.sqlite")
        connection.row_factory = sqlite3.Row
        rows = {row["key"]: row for row in connection.execute("SELECT * FROM runs")}
        settings = {}
        for key, name, value in connection.execute("SELECT key, name, value FROM runs JOIN run_settings USING (key)"):
            settings.setdefault(key, {})[name] = value
        self.assertEqual(set(rows), set(columns["key"]))
        for i, key in enumerate(columns["key"]):
            row = rows[key]
            self.assertEqual(json.loads(row["settings"]), settings[key])
            for name, text in settings[key].items():
                found = columns[name][i]
                self.assertTrue(found == text or str(found).lower() == text or float(found) == float(text), name)
            for name in ("final_loss", "best_loss", "final_gradient_norm", "steps", "diverged_at"):
                np.testing.assert_equal(math.nan if row[name] is None else float(row[name]), float(columns[name][i]))
            self.assertEqual(row["layers"] or "", columns["layers"][i])
            self.assertEqual((row["seed"], row["status"]), (columns["seed"][i], columns["status"][i]))
            np.testing.assert_array_equal(np.frombuffer(row["parameters"], "<f8"), self.runs.parameters(key))

    def test_curves_are_the_exported_series(self):
        for name in NAMES:
            self.folder.descent("export", self.folder.scripts[name], "--to", "csv")
            runs = self.runs.of(name)
            exported = {}
            with open(self.folder.output / "export" / name / "series.csv", newline="") as file:
                for row in csv.DictReader(file):
                    exported.setdefault(row["quantity"], {}).setdefault(int(row["run"]), []).append((int(row["step"]), float(row["value"])))
            self.assertEqual(sorted(exported), runs.quantities)
            for quantity, by_run in exported.items():
                curves = runs.curves(quantity)
                self.assertEqual(sorted(by_run), list(range(len(runs))))
                for i, pairs in by_run.items():
                    self.assertEqual(curves.lengths[i], len(pairs))
                    np.testing.assert_array_equal(curves.steps[: len(pairs)], [step for step, _ in pairs])
                    np.testing.assert_array_equal(curves.values[i, : len(pairs)], [value for _, value in pairs])
                    self.assertTrue(np.isnan(curves.values[i, len(pairs) :]).all())

    def test_a_forward_pass_gives_the_final_loss(self):
        x, t = self.folder.table[:, :3], self.folder.table[:, 3:]
        checked = 0
        for name in ("small-networks", "small-without-bias"):
            runs = self.runs.of(name).where(status="finished")
            columns = runs.columns()
            for i, key in enumerate(runs.keys):
                layers = runs.weights(key)
                shapes = [layer.weights.shape for layer in layers]
                self.assertEqual(shapes, [(4, 3), (3, 4), (2, 3)] if name == "small-networks" else [(4, 3), (2, 4)])
                settings = {each: columns[each][i] for each in ("activation", "output")}
                y = forward([(layer.weights, layer.bias) for layer in layers], activations(settings), x)
                self.assertAlmostEqual(half_mean_squared_error(y, t) / columns["final_loss"][i], 1, delta=1e-12)
                checked += 1
        self.assertGreaterEqual(checked, 8)

    def test_selections(self):
        runs = self.runs.of("small-networks")
        self.assertEqual(len(runs), 12)
        chosen = runs.where(learning_rate=[0.05, 0.3], seed=range(4, 6))
        self.assertEqual(chosen.columns()["seed"].tolist(), [4, 5, 4, 5])
        self.assertEqual(len(runs.where(status="diverged")), 4)
        self.assertEqual(chosen.columns()["bias"].tolist(), [True] * 4)
        with self.assertRaisesRegex(descent.ArchiveError, "no run has this value. The values are 0.05, 0.3"):
            runs.where(learning_rate=0.1)
        with self.assertRaisesRegex(descent.ArchiveError, "learning-rat: no run has this setting. The settings are .*learning-rate"):
            runs.where(learning_rat=0.1)
        with self.assertRaisesRegex(descent.ArchiveError, "12 of 12 runs have not recorded it.*gradient-norm, loss"):
            runs.curves("accuracy")
        with self.assertRaisesRegex(descent.ArchiveError, "different cadences: every 10 steps|have not recorded"):
            self.runs.curves("parameter-norm")
        with self.assertRaisesRegex(descent.ArchiveError, "no report of this name. The reports are .*small-networks"):
            self.runs.of("small")

    def test_frame(self):
        try:
            import pandas  # noqa: F401
        except ImportError:
            with self.assertRaisesRegex(descent.ArchiveError, "pandas is not installed"):
                self.runs.frame()
            return
        frame, columns = self.runs.of("small-networks").frame(), self.runs.of("small-networks").columns()
        self.assertEqual(frame.index.tolist(), columns.pop("key").tolist())
        for name, values in columns.items():
            np.testing.assert_array_equal(frame[name].to_numpy(), values)
        curves = self.runs.of("small-networks").curves("loss")
        long = curves.frame()
        self.assertEqual(len(long), curves.lengths.sum())
        for i, (key, group) in enumerate(long.groupby("key", sort=False)):
            self.assertEqual(key, curves.keys[i])
            np.testing.assert_array_equal(group["loss"], curves.values[i, : curves.lengths[i]])
            np.testing.assert_array_equal(group["step"], curves.steps[: curves.lengths[i]])
        medians = frame.groupby("learning-rate")["final_loss"].median()
        expected = np.median(columns["final_loss"][columns["learning-rate"] == 0.3])
        self.assertEqual(medians[0.3], expected)

    def test_an_objective_has_parameters_and_no_layers(self):
        runs = self.runs.of("small-objective")
        key = runs.keys[0]
        x, y = runs.parameters(key)
        self.assertAlmostEqual((1 - x) ** 2 + 100 * (y - x * x) ** 2, runs.columns()["final_loss"][0], delta=1e-9)
        with self.assertRaisesRegex(descent.ArchiveError, "objective, which has no layers"):
            runs.weights(key)

    def test_keys_may_be_shortened(self):
        key = self.runs.keys[0]
        np.testing.assert_array_equal(self.runs.parameters(key[:16]), self.runs.parameters(key))
        with self.assertRaisesRegex(descent.ArchiveError, "no run of this selection"):
            self.runs.parameters("zz")
        with self.assertRaisesRegex(descent.ArchiveError, "no run of this selection"):
            self.runs.parameters("")


class Compression(unittest.TestCase):
    """The decoder against the format, which is written here a second time with whole numbers of any size."""

    @staticmethod
    def encoded(words, order, shift):
        """The code of bit patterns with a given order of differences; blocks are as wide as they must be."""
        words, seeds = [word >> shift for word in words], []
        for _ in range(order):
            seeds.append(words[0])
            words = [(b - a) % 2**64 for a, b in zip(words, words[1:])]
        signed = [word - 2**64 if word >= 2**63 else word for word in words]
        folded = [2 * number if number >= 0 else -2 * number - 1 for number in signed]
        widths, packed = b"", b""
        for start in range(0, len(folded), 32):
            block = folded[start : start + 32]
            width = max(number.bit_length() for number in block)
            whole = sum(number << i * width for i, number in enumerate(block))
            widths += bytes([width])
            packed += whole.to_bytes((width * len(block) + 7) // 8, "little")
        return bytes([order, shift]) + b"".join(seed.to_bytes(8, "little") for seed in seeds) + widths + packed

    def test_every_order_width_and_length(self):
        random = np.random.default_rng(5)
        for order in range(9):
            for count in (order + 1, order + 2, 31, 32, 33, 64, 65, 100, 400):
                if count < 2:
                    continue
                for bits, shift in ((0, 0), (1, 29), (7, 0), (31, 3), (52, 0), (63, 1), (64, 0)):
                    words = [(int.from_bytes(random.bytes(8), "little") >> (64 - bits) if bits else 5) << shift & (2**64 - 1) for _ in range(count)]
                    code = self.encoded(words, order, shift)
                    np.testing.assert_array_equal(decoded(code, 1, count).view("<u8"), np.array(words, np.uint64))
                    self.assertIsNone(decoded(code + b"\0", 1, count))
                    self.assertIsNone(decoded(code[:-1], 1, count))
                    self.assertIsNone(decoded(code, 7, count))

    def test_the_program_compresses_what_is_smooth(self):
        connection = sqlite3.connect(trained().output / "descent.sqlite")
        self.addCleanup(connection.close)
        found = connection.execute(
            "SELECT encoding, bytes, encoded, contents, run_series.quantity FROM run_series JOIN run USING (key)").fetchall()
        self.assertEqual({encoding for encoding, *_ in found}, {0, 1})
        plain = stored = 0
        for encoding, data, code, contents, quantity in found:
            count = next(int(line.split(" ")[2]) for line in contents.split("\n") if line.split(" ")[0] == quantity)
            self.assertEqual(data, code if encoding == 0 else None)
            if encoding == 1:
                plain, stored = plain + 8 * count, stored + len(code)
        self.assertLess(stored, 0.8 * plain)


class Refusals(unittest.TestCase):
    """Archives of other versions, files that are none, and damage."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="descent-python-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.file = self.folder / "descent.sqlite"

    def copy(self, *statements):
        shutil.copy(trained().output / "descent.sqlite", self.file)
        connection = sqlite3.connect(self.file)
        connection.execute("PRAGMA journal_mode = DELETE")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def refused(self, pattern):
        return self.assertRaisesRegex(descent.ArchiveError, pattern)

    def test_files_that_are_no_archives(self):
        with self.refused("there is no archive. Train an experiment"):
            descent.open(self.folder)
        self.file.write_bytes(b"")
        with self.refused("an empty file is no archive"):
            descent.open(self.folder)
        self.file.write_text("run,seed\n1,2\n")
        with self.refused("no SQLite database"):
            descent.open(self.file)
        self.file.unlink()
        sqlite3.connect(self.file).executescript("CREATE TABLE theirs (x);")
        with self.refused("another program's database"):
            descent.open(self.file)

    def test_other_versions(self):
        self.copy("INSERT INTO grdb_migrations VALUES ('99')")
        with self.refused("newer version than this package"):
            descent.open(self.file)
        self.copy("DELETE FROM grdb_migrations WHERE identifier > '1'")
        with self.refused("version without checksums"):
            descent.open(self.file)

    def older(self, output):
        """Makes an archive what the version before the views, the widths and the compression wrote."""
        with descent.open(output) as runs:
            plain = [(row.identifier, quantity, row.parts[quantity][0], runs._verified_series([row], quantity, {})[row.key].tobytes())
                     for row in runs._rows for quantity in row.parts if quantity != "parameters"]
        connection = sqlite3.connect(output / "descent.sqlite")
        connection.executescript(
            "DROP VIEW runs; DROP VIEW run_settings; DROP VIEW run_series; DROP TABLE series; DROP INDEX run_by_key; "
            "CREATE UNIQUE INDEX keys ON run(key); "
            "CREATE TABLE series (run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE, quantity TEXT NOT NULL, "
            "every INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (run, quantity)); "
            "DELETE FROM grdb_migrations WHERE identifier > '2';")
        connection.executemany("INSERT INTO series VALUES (?, ?, ?, ?)", plain)
        for identifier, *values in connection.execute(f"SELECT id, {', '.join(COVERED)} FROM run").fetchall():
            at = COVERED.index("contents")
            values[at] = "\n".join(line for line in values[at].split("\n") if not line.startswith("layers "))
            connection.execute(
                "UPDATE run SET contents = ?, checksum = ? WHERE id = ?", (values[at], checksums([_bytes(values)])[0], identifier))
        connection.commit()
        connection.close()

    def test_an_archive_of_the_version_before(self):
        folder = trained()
        output = self.folder / "output"
        shutil.copytree(folder.output, output)
        self.older(output)
        with descent.open(folder.output) as runs:
            curves = runs.of("small-networks").curves("loss")
        with descent.open(output) as runs:
            np.testing.assert_array_equal(runs.of("small-networks").curves("loss").values, curves.values)
            key = runs.of("small-networks").keys[0]
            expected = runs.parameters(key)
            with self.refused("without the widths of its layers. Run its experiment again with descent run"):
                runs.weights(key)
        result = subprocess.run(
            [BINARY, "run", str(folder.scripts["small-networks"]), "--format", "html", "--output", str(output)],
            capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("all 12 runs are in the archive", result.stdout)
        with descent.open(output) as runs:
            layers = runs.weights(key)
            np.testing.assert_array_equal(np.concatenate([np.concatenate([w.weights.ravel(), w.bias]) for w in layers]), expected)

    def damaged(self, statement, pattern):
        with descent.open(trained().output) as whole:
            victim = whole.of("small-networks").keys[2]
            count = len(whole)
        self.copy(statement.replace("KEY", f"'{victim}'"))
        with descent.open(self.file) as runs:
            with self.assertRaisesRegex(descent.DamagedRun, f"run {victim}: the run is damaged: {pattern}") as caught:
                runs.columns()
                runs.curves("loss")
                runs.parameters(victim)
            self.assertEqual(caught.exception.keys, [victim])
            sound = runs.sound()
            self.assertEqual(len(sound), count - 1)
            self.assertNotIn(victim, sound.keys)
            sound.curves("loss")

    def test_damaged_runs_are_named(self):
        self.damaged("UPDATE run SET final_loss = final_loss * 1.0000001 WHERE key = KEY", "its row differs from its checksum")
        self.damaged("UPDATE run SET description = replace(description, '0.05', '0.06') WHERE key = KEY", "its row differs")
        series = "(SELECT id FROM run WHERE key = KEY)"
        flipped = "CAST(substr(bytes, 1, 40) || x'07' || substr(bytes, 42) AS BLOB)"
        self.damaged(f"UPDATE series SET bytes = {flipped} WHERE quantity = 'loss' AND run = {series}", "its series loss differs")
        self.damaged(f"DELETE FROM series WHERE quantity = 'loss' AND run = {series}", "its series loss is missing")
        changed = "CAST(substr(parameters, 1, 3) || x'11' || substr(parameters, 5) AS BLOB)"
        self.damaged(f"UPDATE run SET parameters = {changed} WHERE key = KEY", "its block of parameters differs")

    def test_a_file_that_was_cut_off(self):
        self.copy()
        whole = self.file.read_bytes()
        for length in (len(whole) // 2, 65536, 4096, 100):
            self.file.write_bytes(whole[:length])
            with self.refused("damaged|newer|another program|cannot be read"):
                with descent.open(self.file) as runs:
                    runs.columns()
                    runs.sound()
                    if runs.sound().keys == runs.keys:
                        raise AssertionError("nothing was noticed")

    def test_no_flipped_byte_changes_what_is_read(self):
        self.copy()
        with descent.open(self.file) as runs:
            expected = {key: (runs.parameters(key).tobytes(), repr(row)) for key, row in self.everything(runs).items()}
        whole = self.file.read_bytes()
        random = np.random.default_rng(3)
        for at in random.integers(0, len(whole), 150):
            changed = bytearray(whole)
            changed[at] ^= 1 << int(random.integers(8))
            self.file.write_bytes(changed)
            try:
                with descent.open(self.file) as runs:
                    for key, row in self.everything(runs.sound()).items():
                        self.assertEqual((runs.parameters(key).tobytes(), repr(row)), expected[key])
            except descent.ArchiveError:
                pass

    @staticmethod
    def everything(runs):
        columns = runs.columns()
        return {key: {name: values[i] for name, values in columns.items()} for i, key in enumerate(runs.keys)}

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_that_cannot_be_written(self):
        self.copy("PRAGMA journal_mode = WAL")
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        with descent.open(self.folder) as runs:
            self.assertGreater(len(runs), 0)


class Writing(unittest.TestCase):
    """Reading while the program trains and writes."""

    def test_every_run_that_is_seen_is_complete(self):
        folder = trained()
        output = Path(tempfile.mkdtemp(prefix="descent-python-"))
        self.addCleanup(shutil.rmtree, output, ignore_errors=True)
        training = subprocess.Popen(
            [BINARY, "run", str(folder.scripts["small-networks"]), "--seeds", "0..<3000", "--set", "learning-rate=0.05,0.06,0.07,0.08", "--format", "html", "--quiet",
             "--output", str(output)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen = []
        try:
            while training.poll() is None and len(seen) < 6:
                try:
                    runs = descent.open(output)
                except descent.ArchiveError as error:
                    self.assertRegex(str(error), "there is no archive|an empty file|without checksums|another program")
                    time.sleep(0.02)
                    continue
                with runs:
                    if runs.keys and (not seen or len(runs) > seen[-1]):
                        self.assertEqual(len(runs.sound()), len(runs))
                        self.assertEqual(len(runs.curves("loss").keys), len(runs))
                        seen.append(len(runs))
                time.sleep(0.05)
        finally:
            training.kill()
            training.wait()
        self.assertTrue(seen, "the archive was never seen while it was written")


if __name__ == "__main__":
    unittest.main()
