"""Exported Parquet files, read by Arrow, against the exported CSV files."""

import csv
import importlib.util
import math
import unittest

from small import NAMES, trained

HAS_ARROW = importlib.util.find_spec("pyarrow") is not None
TABLES = ("series", "settings", "quantities")
NUMBERS = {"run": "int64", "seed": "uint64", "step": "int64", "value": "double"}


def same(found, text):
    """Whether a value of Parquet is what the CSV file prints: in every bit."""
    if isinstance(found, str):
        return found == text
    number = float(text)
    return (math.isnan(found) and math.isnan(number)) or found == number


@unittest.skipUnless(HAS_ARROW, "pyarrow is not installed")
class Parquet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = trained()
        for name in NAMES:
            for target in ("csv", "parquet"):
                cls.folder.descent("export", cls.folder.scripts[name], "--to", target)

    def tables(self, name, table):
        import pyarrow.parquet

        place = self.folder.output / "export" / name
        with open(place / f"{table}.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        return rows, pyarrow.parquet.read_table(place / f"{table}.parquet")

    def test_every_value_is_that_of_the_csv_files(self):
        compared = 0
        for name in NAMES:
            for table in TABLES:
                rows, found = self.tables(name, table)
                found.validate(full=True)
                self.assertEqual(found.num_rows, len(rows))
                for column in rows[0]:
                    values = found.column(column).to_pylist()
                    for i, row in enumerate(rows):
                        self.assertTrue(same(values[i], row[column]), f"{name}, {table}, {column}, {i}: {values[i]!r}, {row[column]}")
                        compared += 1
        self.assertGreater(compared, 1_000)

    def test_columns_have_types_and_units(self):
        for name in NAMES:
            rows, found = self.tables(name, "series")
            units = {row["quantity"]: row["unit"] for row in self.tables(name, "quantities")[0]}
            self.assertEqual(found.column_names, [*list(rows[0])[:-2], "unit", "step", "value"])
            for column, kind in NUMBERS.items():
                self.assertEqual(str(found.schema.field(column).type), kind)
            for quantity, unit in zip(found.column("quantity").to_pylist(), found.column("unit").to_pylist()):
                self.assertEqual(unit, units[quantity])

    def test_repeated_settings_take_their_room_once(self):
        import pyarrow.parquet

        place = self.folder.output / "export" / "small-networks" / "series.parquet"
        file = pyarrow.parquet.ParquetFile(place)
        rows, group = file.metadata.num_rows, file.metadata.row_group(0)
        sizes = {group.column(i).path_in_schema: group.column(i).total_compressed_size for i in range(group.num_columns)}
        self.assertLess(sizes["quantity"] + sizes["seed"] + sizes["run"], rows)
        self.assertGreaterEqual(sizes["value"], 8 * rows)


if __name__ == "__main__":
    unittest.main()
