"""Random command lines: a proper ending with a code of the README's table, and messages without control characters."""
import concurrent.futures
import os
import shutil

import bench as tools

NAMES = ["iris", "learning-rates", "seeds", "hidden-sizes", "tanh-chain", "auer-minima", "saxe-curves"]
ODD_NAMES = [
    "", " ", "iris ", "IRIS", "irsi", "../iris", "/etc/passwd", "iris/../iris", "--", "-", "-x", "iris\n", "\x1b[31miris",
    "iris\x07", "$(touch injected)", "`touch injected`", "; touch injected", "iris' OR '1'='1", "<script>alert(1)</script>",
    "%s%n%d", "a" * 5000, "ïris", "\u202eiris", "🌸", "NaN", "0", "iris\tseeds", "*", "?", "~", "con", "iris,seeds"]
NUMBERS = ["0", "1", "2", "-1", "0.1", "1e308", "1e-320", "nan", "inf", "-0", "0x10", "1e999", "9223372036854775808", "1_000"]
WORDS = ["", " ", "word", "=", ",", ",,,", "a=b=c", "\x1b[2J", "\n", "\r", "'", '"', "\\", "%n", "💥", "x" * 3000]
SETTINGS = [
    "steps=5", "learning-rate=0.1", "learning-rate=0.1,0.1", "learning-rate=", "=0.1", "learning-rate", "hidden=2",
    "hidden=-1", "seeds=3", "seed=3", "nonsense=1", "LEARNING-RATE=1", "learning-rate =0.1", "learning-rate= 0.1 ",
    "activation=relu", "activation=(", "activation=)", "activation=leaky-relu(0.01", "batch=1", "batch=0", "data=xor",
    "data=../../etc/passwd", "data=iris.csv", "precision=float32", "loss=cross-entropy", "optimizer=adam", "optimizer=a",
    "learning-rate=\x1b[31m", "\x1b[31m=1", "<b>=1", "variant=1", "depth=1e3", "samples=3", "schedule=inverse", "momentum=1"]
SEEDS = [
    "0", "0..<2", "0...1", "1..<1", "2..<1", "0..<", "..<2", "...", "-1..<2", "0..<99999999999", "4611686018427387905",
    "18446744073709551615", "0..<18446744073709551615", "18446744073709551615...18446744073709551615", "3,5,8", "3,3",
    "3,,5", ",", "a", "", " 1 ", "0x1", "1.5", "0..<2,5", "١", "0..<2..<3"]
FORMATS = ["html", "png", "svg", "pdf", "html,html", "png,svg", "", ",", "jpeg", "HTML", "png;rm", " html ", "\x1b[31m"]
THREADS = ["1", "2", "0", "-1", "1024", "1025", "9223372036854775808", "", "two", "1.0"]
DPI = ["36", "72", "1200", "35", "0", "-200", "nan", "inf", "1e308", "", "word"]
KINDS = ["dumb", "plain", "sixel", "", "x11", "dumb'", "png; set output 'injected'"]
TARGETS = ["csv", "npy", "gnuplot", "", "CSV", "../csv", "json", "\x1b[31m"]
COMMANDS = ["run", "plan", "list", "render", "compare", "export", "show", "watch", "check", "help"]
ODD_COMMANDS = ["", "rnu", "RUN", "--", "-", "--version", "--help", "-h", "--generate-completion-script", "run\x1b[31m", "archive"]


class Lines:
    """Makes command lines from words."""

    def __init__(self, random, outputs, pictures):
        self.random, self.pictures = random, pictures
        self.output = outputs[0]
        # What each option takes: values that are right, and values that may not be.
        self.values = {
            "--set": (["learning-rate=0.1", "learning-rate=0.1,0.3", "hidden=2"], SETTINGS),
            "--seeds": (["0", "0..<2", "0...1", "3,5,8"], SEEDS), "--format": (["html", "png", "html,svg"], FORMATS),
            "--threads": (["1", "2"], THREADS), "--dpi": (["36", "72"], DPI), "--output": (outputs[:1], outputs),
            "--below": (["0.1", "1"], NUMBERS), "--by": (["learning-rate", "data"], ["hidden", "seeds", "nonsense"] + WORDS),
            "--to": (["csv", "npy", "gnuplot"], TARGETS), "--terminal": (["dumb"], KINDS)}
        sweep = ["--set", "--seeds", "--output"]
        drawn = sweep + ["--format", "--dpi"]
        self.taken = {
            "run": drawn + ["--threads", "--terminal"], "render": drawn, "compare": drawn + ["--below", "--by"],
            "export": sweep + ["--to"], "plan": sweep, "list": ["--output"], "watch": ["--output", "--terminal"]}
        self.flags = {
            "run": ["--quiet", "--json", "--strict", "--fresh", "--watch"], "render": ["--quiet", "--json"],
            "compare": ["--quiet", "--json"], "export": ["--quiet", "--json"], "list": ["--json"], "check": ["--quiet"]}

    def some(self, good, odd, share=0.9):
        return self.random.choice(good if self.random.random() < share else odd)

    def stem(self, command, name):
        """A command that is in order and quick."""
        return {
            "list": [command], "plan": [command, name], "show": [command, self.pictures[0]], "watch": [command, name, "--once"],
            "check": [command, "A"], "help": [command, "run"], "export": [command, name, "--to", "csv"],
        }.get(command, [command, name])

    def systematic(self):
        """Every value of every option, every option twice, every odd name, each alone on a command in order."""
        for command, options in self.taken.items():
            for option in options:
                right, odd = self.values[option]
                for value in right + odd + WORDS:
                    yield self.finished(self.stem(command, "iris"), [option, value])
                yield self.finished(self.stem(command, "iris"), [option])
                yield self.finished(self.stem(command, "iris"), [option, right[0], option, right[-1]])
                yield self.finished(self.stem(command, "iris"), [option, right[0], option, right[0]])
        for command in COMMANDS:
            for name in ODD_NAMES:
                yield self.finished([command, name], ["--once"] if command == "watch" else [])
        for command in ODD_COMMANDS + ODD_NAMES:
            yield [command, "iris"]

    def option(self, command):
        if self.random.random() < 0.25 and self.flags.get(command):
            return [self.random.choice(self.flags[command])]
        if self.random.random() < 0.06:
            return [self.random.choice(
                ["--", "-", "---", "--nonsense", "-s", "--set=steps=3", "--se", "--seeds=1", "--quiet=1", "--no-quiet",
                 "--help", "--version", "-h", *WORDS, *ODD_NAMES])]
        option = self.some(self.taken.get(command, ["--output"]), list(self.values), 0.95)
        value = self.some(self.values[option][0], self.values[option][1] + WORDS, 0.8)
        return [f"{option}={value}"] if self.random.random() < 0.1 else [option, value]

    def line(self):
        command = self.some(COMMANDS, ODD_COMMANDS, 0.97)
        words = self.stem(command, self.some(NAMES, ODD_NAMES, 0.95))
        if command in ("run", "render", "compare", "show") and self.random.random() < 0.1:
            words.append(self.some(NAMES, ODD_NAMES))
        tail = [w for _ in range(self.random.randrange(5)) for w in self.option(command)]
        if self.random.random() < 0.1:
            self.random.shuffle(tail)
        return self.finished(words, tail)

    def finished(self, words, tail):
        """Short trainings into the right folder: what they train is not the question here."""
        def lacks(option):
            return not any(w.split("=")[0] == option for w in tail)
        more = []
        if words[0] in ("run", "render", "compare", "export"):
            more += ["--set", "steps=5"] if not any("steps" in w for w in tail) else []
            more += ["--seeds", "0..<2"] if lacks("--seeds") else []
        if words[0] in self.taken and lacks("--output"):
            more += ["--output", self.output]
        return words + more + tail


def twice(words):
    """An option of one value that is given twice."""
    names = [w.split("=")[0] for w in words if w.startswith("--") and w != "--"]
    single = ("--seeds", "--output", "--format", "--dpi", "--threads", "--to", "--by", "--below", "--terminal")
    return next((n for n in names if n in single and names.count(n) > 1), None)


def attempt(bench, words, cwd):
    outcome = bench.run(*words, timeout=60, cwd=cwd)
    fault = outcome.fault()
    if fault is None and tools.CONTROL.search(outcome.out):
        fault = f"{outcome.word}: control character {tools.CONTROL.search(outcome.out).group()!r} on standard output"
    if fault is None and outcome.code == 0 and twice(words) and "--" not in words and not {"-h", "--help", "--version"} & set(words):
        fault = f"exit 0 where {twice(words)} is given twice"
    return outcome, fault


def attack(bench, tally):
    output, cwd = bench.new("output"), bench.new("project")
    os.symlink(os.path.join(tools.ROOT, "experiments"), os.path.join(cwd, "experiments"))
    bench.run("run", "iris", "--seeds", "0..<2", "--set", "steps=5", "--output", output, "--format", "png", "--dpi", "36")
    pictures = [os.path.join(output, "iris", n) for n in sorted(os.listdir(os.path.join(output, "iris")))]
    odd = [output, output, bench.new("other"), "/dev/null", "/proc/nowhere", "/dev/full", "", "relative/deep", "x" * 300, "a\x1bb"]
    lines = Lines(bench.random, odd, pictures)
    systematic = list(lines.systematic())
    commands = systematic if bench.is_long else bench.random.sample(systematic, 60)
    commands = commands + [lines.line() for _ in range(2500 if bench.is_long else 25)]
    with concurrent.futures.ThreadPoolExecutor(bench.jobs) as pool:
        for outcome, fault in pool.map(lambda words: attempt(bench, words, cwd), commands):
            tally.judge(outcome.command.replace(output, "OUT"), fault)
            tally.figures[outcome.word] = tally.figures.get(outcome.word, 0) + 1
    injected = [os.path.join(b, n) for b, _, names in os.walk(bench.folder) for n in names if n == "injected"]
    tally.judge("no word of a command line was run as a script", f"made {injected[0]}" if injected else None)
    shutil.rmtree(output, ignore_errors=True)
