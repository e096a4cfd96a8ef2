"""Twelve processes at once in one output folder: every run equal to one trained alone, every report whole."""
import os
import subprocess
import tempfile

import bench as tools

SUBJECTS = [
    ["iris", "--set", "steps=300", "--seeds", "0..<12"], ["learning-rates", "--seeds", "0..<8"],
    ["tanh-chain", "--seeds", "0..<4"], ["line-fitting", "--seeds", "0..<4"], ["seeds", "--seeds", "0..<8"],
    ["descent-variants", "--seeds", "0..<2", "--set", "steps=300"]]
WRITERS = 12


def command(subject, output):
    return ["run", *subject, "--threads", "1", "--format", "html", "--output", output]


def together(bench, commands, timeout=300):
    """Starts all commands at once; their endings in order."""
    started = []
    for words in commands:
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        started.append((words, bench.start(words, out=out, err=err), out, err))
    outcomes = []
    for words, process, out, err in started:
        hung = False
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            hung = True
        out.seek(0), err.seek(0)
        outcomes.append(tools.Outcome(
            words, process.returncode, hung, out.read().decode(errors="replace"), err.read().decode(errors="replace"),
            timeout, 0))
        out.close(), err.close()
    return outcomes


def attack(bench, tally):
    subjects = SUBJECTS if bench.is_long else SUBJECTS[:1] + SUBJECTS[3:4]
    alone, expected = {}, {}
    for subject in subjects:
        output = bench.new("alone")
        outcome = bench.run(*command(subject, output), timeout=300)
        tally.judge(outcome.command, outcome.fault({0}))
        expected.update(tools.rows(output))
        alone[subject[0]] = tools.report(output, subject[0])
    # The same experiment in all processes, different ones, and a part of each run's seeds.
    casts = [[subjects[0]] * WRITERS, [subjects[i % len(subjects)] for i in range(WRITERS)]]
    for round_number in range(6 if bench.is_long else 1):
        for cast in casts if bench.is_long else casts[1:]:
            output = bench.new("together")
            for outcome in together(bench, [command(subject, output) for subject in cast]):
                tally.judge(f"{outcome.command}, one of {WRITERS} at once", outcome.fault({0}))
            names = {subject[0] for subject in cast}
            found = tools.rows(output)
            known = {k: v for k, v in expected.items() if k in found} if len(names) < len(subjects) else expected
            tally.judge(f"archive of {WRITERS} writers, round {round_number + 1}", tools.row_difference(found, known))
            for name in sorted(names):
                unequal = sorted(k for k in set(alone[name]) | set(tools.report(output, name))
                                 if tools.report(output, name).get(k) != alone[name].get(k))
                tally.judge(f"report {name} of {WRITERS} writers", f"differs: {', '.join(unequal)}" if unequal else None)
            left = tools.leftovers(output)
            tally.judge("what writers leave behind", f"left behind: {', '.join(left)}" if left else None)
            tally.figures["rows compared"] = tally.figures.get("rows compared", 0) + len(found)
            bench.remove(output)
