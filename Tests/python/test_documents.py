"""descent export --to latex and --to ipynb against the report's Markdown."""

import base64
import json
import re
import statistics
import struct
import unittest
import zlib

from small import trained

try:
    import nbformat
except ImportError:
    nbformat = None


class Jupyter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = trained()
        cls.folder.descent("export", cls.folder.scripts["small-networks"], "--to", "ipynb")
        cls.file = cls.folder.output / "export" / "small-networks" / "jupyter" / "small-networks.ipynb"
        cls.notebook = json.loads(cls.file.read_text())

    @unittest.skipIf(nbformat is None, "nbformat is not installed")
    def test_nbformat_accepts_it(self):
        nbformat.validate(nbformat.read(self.file, as_version=4))

    def test_required_members(self):
        self.assertEqual((self.notebook["nbformat"], self.notebook["nbformat_minor"]), (4, 5))
        identifiers = [cell["id"] for cell in self.notebook["cells"]]
        self.assertEqual(len(set(identifiers)), len(identifiers))
        for cell in self.notebook["cells"]:
            self.assertRegex(cell["id"], r"^[a-zA-Z0-9-_]{1,64}$")
            self.assertEqual(cell["cell_type"], "markdown")
            self.assertIsInstance(cell["metadata"], dict)
            self.assertIsInstance(cell["source"], str)

    def test_cells_are_the_pieces_of_the_markdown(self):
        markdown = (self.folder.output / "small-networks" / "report.md").read_text()
        pieces = [piece for piece in markdown.rstrip("\n").replace("\n\n---\n\n", "\n\n").split("\n\n")]
        sources = "\n\n".join(cell["source"] for cell in self.notebook["cells"])
        sources = re.sub(r"\(attachment:([^)]*)\)", r"(figures/\1)", sources)
        self.assertEqual(sources, "\n\n".join(pieces))

    def test_figures_are_whole_pictures(self):
        found = 0
        for cell in self.notebook["cells"]:
            names = re.findall(r"\(attachment:([^)]*)\)", cell["source"])
            self.assertEqual(sorted(cell.get("attachments", {})), names)
            for name in names:
                data = base64.b64decode(cell["attachments"][name]["image/png"], validate=True)
                self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
                at, content, size = 8, b"", None
                while at < len(data):
                    length, kind = struct.unpack(">I4s", data[at : at + 8])
                    body = data[at + 8 : at + 8 + length]
                    self.assertEqual(zlib.crc32(kind + body), struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0])
                    if kind == b"IHDR":
                        size = struct.unpack(">II", body[:8])
                    content += body if kind == b"IDAT" else b""
                    at += 12 + length
                self.assertGreater(min(size), 200)
                self.assertGreater(len(set(zlib.decompress(content))), 20, "the picture is blank")
                found += 1
        self.assertEqual(found, 1)


class Latex(unittest.TestCase):
    def test_a_report_without_tables_says_so(self):
        folder = trained()
        refused = folder.descent("export", folder.scripts["small-networks"], "--to", "latex", succeeds=False)
        self.assertEqual(refused.returncode, 64)
        self.assertIn("its report has no table", refused.stderr)

    def test_tables_are_those_of_the_markdown(self):
        folder = trained()
        folder.descent("export", folder.scripts["small-splits"], "--to", "latex")
        files = sorted((folder.output / "export" / "small-splits" / "latex").glob("*.tex"))
        self.assertEqual([file.name for file in files], ["01-median-of-loss-of-e-in.tex"])
        text = files[0].read_text()
        table = folder.run_table("small-splits")
        expected = []
        for hidden in ("2", "5"):
            losses = [float(row["final_loss"]) for row in table if row["hidden"] == hidden]
            expected.append((f"{hidden} units", 1000 * statistics.median(losses), f"$-${len(losses)}"))
        self.assertIn(r"    units \& $\eta$ & loss in 10$^{-3}$ & n \\", text.split("\n"))
        self.assertIn(r"  \caption{Median of loss\_of\_E, in \%}", text.split("\n"))
        rows = [line.rsplit(" & ", 2) for line in re.findall(r"^    (\d units & .*) \\\\$", text, re.MULTILINE)]
        self.assertEqual(len(rows), 2)
        for row, (name, median, count) in zip(rows, expected):
            self.assertEqual((row[0], row[2]), (name, count))
            self.assertAlmostEqual(float(row[1]) / median, 1, delta=0.01)
        self.assertEqual(text.count("\\begin"), text.count("\\end"))
        for rule in ("\\toprule", "\\midrule", "\\bottomrule"):
            self.assertEqual(text.count(rule), 1)


if __name__ == "__main__":
    unittest.main()
