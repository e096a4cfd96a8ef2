"""What every attack needs: running the binary under limits, judging its answer, counting, and reading archives."""
import os
import random
import re
import resource
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))

# The README's table of exit codes.
CODES = {0, 1, 64, 65, 69, 73, 74, 130}
# Signs of an error that the program did not word itself: traps, Foundation's and the standard library's descriptions.
RAW = re.compile(
    r"Fatal error|Error Domain=|NS\w+Error|DecodingError|EncodingError|dataCorrupted|SQLite error|GRDB\.|Optional\("
    r"|\bCode=\d|Swift/\w+\.swift|\.swift:\d+|0x[0-9a-f]{8,}|Thread \d+ crashed|stack dump|\*\*\* |AddressSanitizer"
    r"|CocoaError|POSIXError|UserInfo=", re.IGNORECASE)
# The line of a declaration in front of a mistake is no such sign.
DECLARED = re.compile(r"^error: [^:\n]*\.swift:\d+: ", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# place: [value:] rule. remedy.
MISTAKE = re.compile(r"^(error|warning): .+: .+[.?!)\"…] .+", re.DOTALL)
MEMORY = 8 << 30


def quoted(arguments):
    """A command as one types it, shortened."""
    text = "descent " + " ".join(shlex.quote(a) for a in arguments)
    text = CONTROL.sub(lambda m: f"\\x{ord(m.group()):02x}", text).replace("\n", "\\n")
    return text if len(text) < 300 else text[:280] + f"… ({len(text)} characters)"


TICKS = os.sysconf("SC_CLK_TCK")


def watch(process, timeout, ended, expired):
    """Kills a process that has used its time: processor seconds, as other work may slow it down; or seconds if it only waits."""
    began = time.monotonic()
    while not ended.wait(0.1):
        try:
            with open(f"/proc/{process.pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            return
        used, passed = (int(fields[11]) + int(fields[12])) / TICKS, time.monotonic() - began
        if used > timeout or passed > timeout and used < 0.05 * passed or passed > 10 * timeout:
            expired.set()
            process.kill()
            return


class Outcome:
    """How a process ended: code (negative: the signal), whether it ran out of time, what it wrote, seconds, peak memory."""

    def __init__(self, arguments, code, hung, out, err, seconds, peak):
        self.arguments, self.code, self.hung = arguments, code, hung
        self.out, self.err, self.seconds, self.peak = out, err, seconds, peak

    @property
    def command(self):
        return quoted(self.arguments)

    @property
    def word(self):
        if self.hung:
            return f"hang (ended after {self.seconds:.0f} s)"
        if self.code < 0:
            return signal.Signals(-self.code).name + (" at the memory limit" if self.peak > 0.9 * MEMORY else "")
        return f"exit {self.code}"

    def first_line(self, limit=160):
        lines = (self.err.strip() or self.out.strip()).splitlines()
        line = CONTROL.sub("·", lines[0]) if lines else ""
        return line[:limit]

    def fault(self, codes=CODES, longest=1000):
        """What is wrong with this ending; None where it is a proper one."""
        if self.hung or self.code < 0:
            return self.word + (": " + self.trap() if self.trap() else "")
        if self.code not in codes:
            return f"{self.word}, allowed are {', '.join(map(str, sorted(codes)))}: {self.first_line()}"
        return self.message_fault(longest)

    def trap(self):
        """The line of a trap's message that says what and where."""
        for line in self.err.splitlines():
            if "Fatal error" in line or "Thread 0" in line:
                return re.sub(r"\S*/", "", CONTROL.sub("·", line))[:160]
        return ""

    def message_fault(self, longest=1000):
        raw = RAW.search(DECLARED.sub("error: ", self.err))
        if raw:
            return f"{self.word} with a raw error: {CONTROL.sub('·', raw.group())} in {self.first_line()}"
        if self.code in (0, 1):
            return None
        if CONTROL.search(self.err):
            return f"{self.word}: control character {CONTROL.search(self.err).group()!r} in the message"
        if self.code == 130:
            return None if (self.err + self.out).strip() else "exit 130 without a word"
        if not self.err.strip():
            return f"{self.word} without a message on standard error"
        if max(map(len, self.err.splitlines())) > longest:
            return f"{self.word}: a message of {max(map(len, self.err.splitlines()))} characters"
        first = self.err.strip().splitlines()[0]
        # The argument parser's own words come with the usage line.
        if not (MISTAKE.match(self.err.strip()) or first.startswith("Error: ") and "sage:" in self.err):
            return f"{self.word}: the message lacks place, rule or remedy: {self.first_line()}"
        return None


class Bench:
    """The binary, a folder for the attack, and its random numbers."""

    def __init__(self, binary, seed, is_long, name, jobs=1):
        self.binary, self.seed, self.is_long, self.name, self.jobs = binary, seed, is_long, name, jobs
        self.random = random.Random(f"{seed} {name}")
        self.folder = tempfile.mkdtemp(prefix=f"descent-attack-{name}-")

    def close(self):
        for base, folders, _ in os.walk(self.folder):
            for folder in folders:
                path = os.path.join(base, folder)
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        shutil.rmtree(self.folder, ignore_errors=True)

    def remove(self, folder):
        shutil.rmtree(folder, ignore_errors=True)

    def new(self, name="o"):
        """A fresh empty folder."""
        return tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder)

    def start(self, arguments, cwd=ROOT, out=None, err=None, environment=None, memory=MEMORY):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        variables = {**os.environ, "SWIFT_BACKTRACE": "enable=no", **(environment or {})}
        return subprocess.Popen(
            [self.binary, *arguments], cwd=cwd, stdin=subprocess.DEVNULL, stdout=out or subprocess.DEVNULL,
            stderr=err or subprocess.DEVNULL, env=variables, preexec_fn=limit, start_new_session=True)

    def run(self, *arguments, timeout=60, cwd=ROOT, stdout=None, environment=None, during=None):
        """Runs to the end or to `timeout` processor seconds. `during(process)` is called once it has started."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            began = time.monotonic()
            process = self.start(arguments, cwd, stdout or out, err, environment)
            expired = threading.Event()
            ended = threading.Event()
            guard = threading.Thread(target=watch, args=(process, timeout, ended, expired))
            guard.start()
            try:
                if during:
                    during(process)
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            finally:
                ended.set()
                guard.join()
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read(20_000_000).decode("utf-8", "replace"))
            return Outcome(
                arguments, process.returncode, expired.is_set(), *texts, time.monotonic() - began, usage.ru_maxrss << 10)


    def place_of_crash(self, arguments, timeout=200):
        """Runs a command that crashes again, and asks Swift's own backtrace where: the reason, and the innermost lines."""
        output = self.new()
        outcome = self.run(
            *arguments, "--output", output, timeout=timeout,
            environment={"SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no,threads=crashed,limit=30"})
        self.remove(output)
        reasons = re.findall(r"\*\*\* ((?!Signal).*?)(?: at 0x\w+)? \*\*\*", outcome.err)
        lines = [
            os.path.relpath(line, ROOT) if line.startswith(ROOT) else re.sub(r"^.*?/(?=Sources/|experiments/)", "", line)
            for line in re.findall(r"^\s*\d+ .*? in \w+ at (\S+:\d+):\d+", outcome.err, re.MULTILINE)]
        return ", ".join(reasons[:1]) + (" in " + " < ".join(list(dict.fromkeys(lines))[:3]) if lines else "")


class Tally:
    """Attempts of one attack: how many held, how many failed, and the failures by name."""

    def __init__(self, attack, seed, offenders=None, talks=False):
        self.attack, self.seed, self.offenders = attack, seed, offenders
        self.talks, self.last = talks, time.monotonic()
        self.held, self.failures, self.skipped, self.figures = 0, [], [], {}
        self.lock = threading.Lock()

    def judge(self, what, fault):
        """Counts one attempt; `fault` is None where it held."""
        with self.lock:
            if fault is None:
                self.held += 1
            else:
                self.failures.append((what, fault))
                if self.offenders:
                    with open(self.offenders, "a", encoding="utf-8") as file:
                        file.write(f"{self.attack} | {what} | {fault}\n")
            if self.talks and time.monotonic() - self.last > 30:
                self.last = time.monotonic()
                print(f"{self.attack}: {self.attempts} attempts, {len(self.failures)} failed", file=sys.stderr, flush=True)
        return fault is None

    def skip(self, what, why):
        with self.lock:
            self.skipped.append(f"{what}: {why}")

    @property
    def attempts(self):
        return self.held + len(self.failures)


# Archives

def connect(output):
    db = sqlite3.connect(f"file:{output}/descent.sqlite?mode=ro", uri=True, timeout=30)
    # A damaged text need not be UTF-8: such a row is a row of its own, not the end of the reading.
    db.text_factory = lambda data: data.decode(errors="surrogateescape")
    return db


# Columns that differ between equal trainings, or follow from others.
VARYING = re.compile(r"^(id|key|time|revision|toolchain|processor)$|digest|checksum|hash")


def rows(output):
    """Every run of an archive by key, without what differs between equal trainings (time, row number, processor)."""
    path = os.path.join(output, "descent.sqlite")
    if not os.path.exists(path):
        return {}
    db = connect(output)
    try:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchall():
            return {}
        columns = [row[1] for row in db.execute("PRAGMA table_info(run)") if not VARYING.search(row[1])]
        runs = {row[0]: (row[2:], {}) for row in db.execute(f"SELECT key, id, {', '.join(columns)} FROM run")}
        for key, quantity, every, data in db.execute(
                "SELECT key, quantity, every, bytes FROM series JOIN run ON series.run = run.id"):
            runs[key][1][quantity] = (every, data)
        return runs
    finally:
        db.close()


def final_losses(output):
    db = connect(output)
    try:
        return [row[0] for row in db.execute("SELECT final_loss FROM run") if row[0] is not None]
    finally:
        db.close()


def row_difference(found, expected):
    """How two archives differ; None where every run is equal bit for bit."""
    if set(found) != set(expected):
        return f"{len(set(expected) - set(found))} runs missing, {len(set(found) - set(expected))} too many"
    unequal = [key for key in expected if found[key] != expected[key]]
    return f"{len(unequal)} of {len(expected)} runs differ, the first is {unequal[0]}" if unequal else None


def files(folder):
    """Every file below a folder with its bytes; links as their targets."""
    found = {}
    for base, folders, names in os.walk(folder):
        for name in names + [f for f in folders if os.path.islink(os.path.join(base, f))]:
            path = os.path.join(base, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[key] = "-> " + os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    found[key] = file.read()
            else:
                found[key] = "special"
    return found


# Time stamps and revisions say when a run was trained; all else of equal trainings is equal.
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")


def report(output, name, kinds=(".md", ".csv", ".json", ".html")):
    """The text files of a report without time stamps."""
    found = {k: v for k, v in files(os.path.join(output, name)).items() if not k.startswith(".") and "manifest" not in k}
    return {k: STAMP.sub(b"TIME", v) for k, v in found.items() if k.endswith(kinds)}


def leftovers(output):
    """Temporary files and staging folders that nothing should leave behind."""
    if not os.path.isdir(output):
        return []
    own = {".live", "descent.sqlite", "descent.sqlite-lock", "descent.sqlite-wal", "descent.sqlite-shm"}
    return sorted(
        n for n in os.listdir(output)
        if n not in own and (n.startswith(".") or ".new" in n or ".tmp" in n or "probe" in n or "temp" in n))
