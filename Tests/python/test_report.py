"""report.json against runs.csv, the exported series and the other files of the report."""

import json
import re
import unittest

import numpy as np

import descent
from small import NAMES, trained


def pieces(report, kind):
    return [piece for piece in report["content"] if piece["type"] == kind]


class ReportFile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = trained()
        # No constants: NaN as a bare word would be invalid JSON.
        refuse = lambda word: (_ for _ in ()).throw(AssertionError(f"{word} is not JSON"))
        cls.reports = {
            name: json.loads((cls.folder.output / name / "report.json").read_text(), parse_constant=refuse) for name in NAMES}

    def test_head(self):
        for name, report in self.reports.items():
            self.assertEqual((report["format"], report["version"]), ("descent-report", 1))
            self.assertEqual(report["experiment"], json.loads((self.folder.output / name / "experiment.json").read_text()))
            table = self.folder.run_table(name)
            self.assertEqual(report["experiment"]["runs"], len(table))
            self.assertEqual(report["diverged"], sum(row["status"] == "diverged" for row in table))
            self.assertGreater(len(report["experiment"]["provenance"]), 0)
        axes = self.reports["small-networks"]["experiment"]["axes"]
        self.assertEqual(axes, [{"parameter": "learning-rate", "values": ["0.05", "0.3", "1000000000.0"]}])

    def test_every_paragraph_and_heading_is_in_the_markdown(self):
        for name, report in self.reports.items():
            markdown = (self.folder.output / name / "report.md").read_text()
            for kind in ("heading", "paragraph", "provenance"):
                for piece in pieces(report, kind):
                    self.assertIn(piece.get("markdown", piece["text"]), markdown)

    def test_claims_are_those_that_the_runs_decide(self):
        claims = pieces(self.reports["small-networks"], "claim")
        losses = [float(row["final_loss"]) for row in self.folder.run_table("small-networks")]
        share = sum(loss < 10 for loss in losses)
        self.assertEqual(len(claims), 1)
        self.assertEqual(claims[0]["verdict"], "passed" if share / len(losses) >= 0.5 else "failed")
        self.assertIn(f"{share} of {len(losses)}", claims[0]["evidence"])

    def test_curves_of_figures_are_medians_of_the_runs(self):
        figure = pieces(self.reports["small-networks"], "figure")[0]
        self.assertEqual((figure["number"], figure["title"], figure["file"]), (1, "Loss", "figures/01-loss.png"))
        self.assertEqual(figure["panels"][0]["y"]["scale"], "log")
        with descent.open(self.folder.output) as runs:
            runs = runs.of("small-networks")
            for rate in (0.05, 0.3):
                curves = runs.where(learning_rate=rate).curves("loss")
                median = dict(zip(curves.steps.tolist(), np.median(curves.values, axis=0)))
                named = [one for one in figure["panels"][0]["series"] if one["kind"] == "line" and one["name"] == f"{rate}"]
                self.assertEqual(len(named), 1, f"the legend has one line for {rate}")
                self.assertGreater(len(named[0]["x"]), 5)
                for step, value in zip(named[0]["x"], named[0]["y"]):
                    self.assertAlmostEqual(float(value) / median[int(step)], 1, delta=1e-12)

    def test_the_words_of_the_caption_are_the_markdown_s(self):
        for name, report in self.reports.items():
            markdown = (self.folder.output / name / "report.md").read_text()
            for figure in pieces(report, "figure"):
                self.assertIn(figure.get("markdown", figure["caption"]), markdown)
                self.assertTrue(re.fullmatch(r"figures/\d\d-[a-z0-9-]+\.png", figure["file"]))


if __name__ == "__main__":
    unittest.main()
