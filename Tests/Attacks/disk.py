"""A full disk while training, drawing and exporting, and full devices as standard output: 73 with words that are true,
nothing half-made left behind, and the same command completes once there is space."""
import contextlib
import os
import re
import sqlite3
import subprocess

import bench as tools
from flips import close
from kills import report_fault

TRAINING = ["run", "seeds", "--seeds", "0..<48", "--format", "html", "--threads", "2"]
SMALL = ["iris", "--seeds", "0..<4", "--set", "steps=100"]
# "183 runs are kept", "183 of 512 finished runs kept", "kept: 183"
KEPT = re.compile(r"(\d[\d\u00a0\u202f ]*)(?: of (?:the )?[\d\u00a0\u202f ]+)?(?: finished| trained)?(?: runs?)?(?: just trained)?(?: are| is| were)? (?:safely )?kept|(?:kept:?|keeps) (\d+)")


class CannotMount(Exception):
    pass


@contextlib.contextmanager
def small_disk(bench, size):
    """A file system of so many bytes."""
    folder = bench.new("disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
    if made.returncode != 0:
        raise CannotMount(made.stderr.strip() or "mount was refused")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def enlarge(folder):
    subprocess.run(["mount", "-o", "remount,size=256m", folder], check=True)


def fill(folder, spare):
    """Fills a disk up to some bytes; returns the ballast's path."""
    path = os.path.join(folder, "ballast")
    state = os.statvfs(folder)
    with open(path, "wb") as file:
        file.write(b"\0" * max(0, state.f_bavail * state.f_frsize - spare))
    return path


def settle(output):
    """The log's pages into the archive, so that reading needs no space."""
    close(sqlite3.connect(os.path.join(output, "descent.sqlite")))


def training(bench, tally, size, reference):
    with small_disk(bench, size) as output:
        outcome = bench.run(*TRAINING, "--output", output)
        what = f"{outcome.command} on a disk of {size} bytes"
        if outcome.code == 0:
            tally.judge(what, "exit 0 on a disk that cannot hold the archive" if size < 1_000_000 else None)
            return
        try:
            kept = tools.rows(output)
        except sqlite3.Error:
            kept = {}
        tally.judge(what, outcome.fault({73}) or untrue(outcome, len(kept)))
        enlarge(output)
        again = bench.run(*TRAINING, "--output", output)
        fault = again.fault({0}) or tools.row_difference(tools.rows(output), reference["rows"])
        fault = fault or next((f"a run that was kept has changed: {k}" for k in kept
                               if kept[k] != reference["rows"].get(k)), None)
        fault = fault or report_fault(output, "seeds", reference["report"])
        fault = fault or (tools.leftovers(output) and f"left behind: {', '.join(tools.leftovers(output))}") or None
        tally.judge(f"the same with space, {len(kept)} runs kept before", fault)


def untrue(outcome, kept):
    """Where the words about what is kept differ from the archive."""
    said = KEPT.search(outcome.err + outcome.out)
    if said and any(said.groups()):
        number = int(re.sub(r"\D", "", next(g for g in said.groups() if g)))
        return None if number == kept else f"says that {number} runs are kept, and {kept} are"
    if "to train" not in outcome.out:
        return None  # refused before the first step: there is nothing to be said
    trained = re.search(r"trained ([\d ]+) runs", outcome.out)
    if "every finished run" in outcome.err and trained and int(trained.group(1).replace(" ", "")) > kept:
        return f"says that every finished run is kept: {trained.group(1)} were trained, {kept} are kept"
    return f"does not say how many runs are kept, {kept} are: {outcome.first_line()}"


def full(bench, tally, title, words, product):
    """A command that has worked before, on a disk with less and less space."""
    for share in [0] + [bench.random.random() for _ in range(8 if bench.is_long else 2)]:
        with small_disk(bench, 64 << 20) as output:
            for command in (["run", *SMALL, "--format", "html"], words):
                outcome = bench.run(*command, "--output", output)
                if outcome.code != 0:
                    return tally.judge(outcome.command, outcome.fault({0}) or "")
            settle(output)
            folder = os.path.join(output, product)
            before = tools.files(folder)
            # Between nothing and what the command needs.
            spare = round(share * sum(map(len, before.values())))
            ballast = fill(output, spare)
            outcome = bench.run(*words, "--output", output)
            what = f"{title}: {outcome.command} with {spare} bytes left"
            fault = outcome.fault({0, 73})
            if fault is None and outcome.code == 73 and tools.files(folder) != before:
                changed = sorted(k for k in set(before) | set(tools.files(folder)) if before.get(k) != tools.files(folder).get(k))
                fault = f"exit 73, and {product} is not as before: {', '.join(changed[:3])}"
            left = tools.leftovers(output)
            tally.judge(what, fault or (left and f"left behind: {', '.join(left)}") or None)
            os.remove(ballast)
            again = bench.run(*words, "--output", output)
            missing = set(before) - set(tools.files(folder))
            tally.judge(f"{title}: again with space", again.fault({0}) or (missing and f"missing: {missing}") or None)


def full_devices(bench, tally, output):
    picture = os.path.join(output, "iris", "report.png")
    pictures = [n for n in sorted(os.listdir(os.path.join(output, "iris"))) if n.endswith(".png")]
    if pictures:
        picture = os.path.join(output, "iris", pictures[0])
    place = ["--output", output]
    for words in (["list", *place], ["list", "--json", *place], ["plan", *SMALL, *place],
                  ["compare", *SMALL, "--format", "html", *place], ["show", picture], ["check", "A"], ["help"], ["--help"]):
        with open("/dev/full", "wb") as device:
            outcome = bench.run(*words, stdout=device)
        fault = outcome.fault({73})
        # Help is the argument parser's own; it has to end without a crash.
        tally.judge(f"{outcome.command} > /dev/full", outcome.fault() if "help" in words[0] else fault)


def closed_pipe(bench, tally, output):
    """A reader that leaves early, as head does: a quiet end."""
    for words in (["list"], ["plan", "iris"]):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            outcome = bench.run(*words, "--output", output, stdout=pipe)
        tally.judge(f"{outcome.command} | true", outcome.fault({0, 73}))


def attack(bench, tally):
    output = bench.new("reference")
    outcome = bench.run("run", *SMALL, "--format", "png,html", "--dpi", "36", "--output", output)
    tally.judge(outcome.command, outcome.fault({0}))
    full_devices(bench, tally, output)
    closed_pipe(bench, tally, output)
    reference = bench.new("reference")
    outcome = bench.run(*TRAINING, "--output", reference)
    tally.judge(outcome.command, outcome.fault({0}))
    reference = {"rows": tools.rows(reference), "report": tools.report(reference, "seeds")}
    archive = sum(len(s[1]) for row in reference["rows"].values() for s in row[1].values())
    sizes = [90_000, 300_000] + [round(share * archive) for share in ([0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6] if bench.is_long else [0.6])]
    try:
        for size in sizes:
            training(bench, tally, size, reference)
        full(bench, tally, "report", ["render", *SMALL, "--format", "html"], "iris")
        if bench.is_long:
            full(bench, tally, "report", ["render", *SMALL, "--format", "png,pdf,svg"], "iris")
            full(bench, tally, "comparison", ["compare", *SMALL, "--format", "html"], "compare-iris")
        for target in ["csv", "npy", "gnuplot"] if bench.is_long else ["csv"]:
            full(bench, tally, "export", ["export", *SMALL, "--to", target], "export")
    except CannotMount as reason:
        tally.skip("a full disk", str(reason))
