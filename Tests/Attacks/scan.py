"""Every built-in experiment × every parameter × extreme values: a report, or a mistake with place, value, rule and remedy.

Long runs all of it, short a sample. Offenders are written to --offenders as they are found."""
import collections
import concurrent.futures
import os
import re

NUMBERS = ["0", "1", "2", "3", "-1", "-0.0", "1e160", "1e-300", "1e308", "nan", "inf", "-inf", "1e999", "0x10", "word", ""]
INTEGERS = [
    "0", "1", "2", "3", "1,2", "0,1,2,3", "-1", "17", "2147483648", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "1e3", "2.5", "nan", "word", ""]
WORDS = ["", "word", "0", "-1", "nan", "Ä\u0301ö", "(", "()", "xor,word"]
VALUES = {
    "learning-rate": NUMBERS + ["0.1,1e160"], "init-scale": NUMBERS, "weight-decay": NUMBERS + ["0.5"],
    "momentum": NUMBERS + ["0.9"], "noise": NUMBERS,
    "hidden": INTEGERS, "depth": INTEGERS, "samples": INTEGERS, "steps": INTEGERS,
    "activation": WORDS + [
        "identity", "sigmoid", "tanh", "relu", "leaky-relu(0.01)", "leaky-relu(-1e308)", "softplus", "sine", "softmax"],
    "batch": WORDS + ["full", "single-with-replacement", "1", "2", "7", "2147483648", "9223372036854775807"],
    "precision": WORDS + ["float64", "float32"],
    "schedule": WORDS + ["constant", "inverse"],
    "optimizer": WORDS + ["gradient-descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam"],
    "loss": WORDS + [
        "squared-error(sum)", "squared-error(half-sum)", "squared-error(mean)", "squared-error(half-mean)",
        "absolute-error", "binary-cross-entropy", "cross-entropy"],
    "data": WORDS + ["xor", "noisy-sine", "moons", "circles", "spirals", "blobs"],
}
# Parameters of an experiment's own, variants among them.
OWN = ["0", "1", "2", "3", "-1", "1e160", "nan", "inf", "9223372036854775807", "word", ""]
# What was once found with the full number of steps.
FULL_LENGTH = [
    ("tanh-chain", ["hidden=1,2"]), ("xor-levels", ["learning-rate=1e160"]),
    ("larger-is-easier", ["learning-rate=1e160"]), ("initialization-scales", ["learning-rate=1e160"]),
    ("xor-levels", ["init-scale=1e160"]), ("latent-features", ["hidden=1"]), ("embedding", ["data=moons"])]
# What crashed or hung once, an example of each cause: part of every short run.
ONCE_BROKEN = [
    ("tanh-chain", ["hidden=1,2"]), ("xor-levels", ["learning-rate=1e160"]), ("latent-features", ["hidden=1"]),
    ("embedding", ["data=blobs", "steps=20"]), ("tanh-chain", ["depth=0", "steps=20"]), ("tanh-chain", ["depth=1,2", "steps=20"]),
    ("local-minima", ["hidden=0", "steps=20"]), ("combining-lines", ["depth=0", "steps=20"]),
    ("embedding", ["depth=2", "steps=20"]), ("line-fitting", ["learning-rate=1e160", "steps=20"]),
    ("overcapacity", ["noise=1e160", "steps=20"]), ("three-three-two", ["init-scale=1e308", "steps=20"]),
    ("gallery-capacity", ["init-scale=1e308", "steps=20"]), ("alpha-beta", ["sample-count=-1", "steps=20"]),
    ("saxe-curves", ["depth=2147483648", "steps=20"]), ("convexity", ["learning-rate=1e308", "steps=20"]),
    ("descent-variants", ["samples-per-step=9223372036854775807", "steps=20"]),
    ("safran-shamir", ["k=9223372036854775807", "steps=20"]), ("tanh-chain", ["length=9223372036854775807", "steps=20"])]
ALLOWED = {0, 1, 64, 65}


def experiments(bench):
    return [line.split()[0] for line in bench.run("list", "--output", bench.new()).out.splitlines()[1:] if line.strip()]


def parameters(bench, name):
    message = bench.run("plan", name, "--set", "nonsense=1", "--output", bench.new()).err
    found = re.search(r"[Pp]arameters are ([^.]+)\.", message)
    return [p.strip() for p in found.group(1).split(",")] if found else list(VALUES)


def grid(bench):
    """(experiment, settings) of the whole scan, the most telling values of every experiment first."""
    names = experiments(bench)
    cells = [(n, s) for n, s in FULL_LENGTH if n in names]
    by_rank = collections.defaultdict(list)
    for name in names:
        for parameter in parameters(bench, name):
            values = VALUES.get(parameter, OWN)
            for rank, value in enumerate(values):
                settings = [f"{parameter}={value}"] + ([] if parameter == "steps" else ["steps=20"])
                by_rank[rank if parameter in VALUES else rank + 4].append((name, settings))
    return cells + [cell for rank in sorted(by_rank) for cell in by_rank[rank]]


def pairs(bench, cells, count):
    """Random pairs of settings of one experiment: what a single value does not reach."""
    by_name = collections.defaultdict(list)
    for name, settings in cells:
        if settings[-1] == "steps=20":
            by_name[name].append(settings[0])
    found = []
    while len(found) < count:
        name = bench.random.choice(sorted(by_name))
        first, second = bench.random.sample(by_name[name], 2)
        if first.split("=")[0] != second.split("=")[0]:
            found.append((name, [first, second, "steps=20"]))
    return found


def attempt(bench, cell, index):
    name, settings = cell
    output = bench.new()
    try:
        # Every seventh attempt draws every format; the page alone takes a quarter of the time.
        formats = "png,pdf,svg,html" if index % 7 == 3 and bench.is_long else "html"
        options = [word for s in settings for word in ("--set", s)]
        command = ["run", name, *options, "--seeds", "0..<2", "--threads", "1", "--format", formats, "--dpi", "36", "--quiet"]
        outcome = bench.run(*command, "--output", output, timeout=60 if bench.is_long else 10)
        outcome.arguments = command
        fault = outcome.fault(ALLOWED)
        if fault is None and outcome.code in (0, 1):
            made = os.listdir(os.path.join(output, name)) if os.path.isdir(os.path.join(output, name)) else []
            fault = None if "report.html" in made else f"{outcome.word} without a report"
        if outcome.code < 0 and not outcome.hung and bench.is_long:
            fault = f"{fault}: {bench.place_of_crash(command)}"
        return outcome, fault
    finally:
        bench.remove(output)


def attack(bench, tally):
    cells = grid(bench)
    tally.figures["cells of the grid"] = len(cells)
    if bench.is_long:
        cells += pairs(bench, cells, 1000)
    else:
        cells = ONCE_BROKEN + bench.random.sample(cells, 16) + pairs(bench, cells, 8)
    seconds = []
    with concurrent.futures.ThreadPoolExecutor(bench.jobs) as pool:
        jobs = [pool.submit(attempt, bench, cell, i) for i, cell in enumerate(cells)]
        for done in concurrent.futures.as_completed(jobs):
            outcome, fault = done.result()
            seconds.append(outcome.seconds)
            tally.judge(outcome.command, fault)
    tally.figures["seconds a run, mean"] = round(sum(seconds) / len(seconds), 2)
    tally.figures["seconds a run, longest"] = round(max(seconds), 1)
