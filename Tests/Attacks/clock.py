"""A clock that steps back while runs train: what has finished is written as often as with a steady clock."""
import contextlib
import glob
import os
import signal
import sqlite3
import struct
import time

import bench as tools
from kills import has_ended, kill_after

LIBRARIES = ["/usr/lib/*/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1"]
# Ten seconds or more in many small runs: what is written is written because of the clock, not because of its size.
TRAINING = ["run", "digits", "--threads", "1", "--format", "html"]
SECONDS = 4


@contextlib.contextmanager
def clock(bench):
    """An environment with a clock of its own, and a function that sets it by so many seconds beside the true time."""
    library = next(path for pattern in LIBRARIES for path in glob.glob(pattern))
    control = os.path.join(bench.new("clock"), "time")

    def jump(offset):
        with open(control, "w", encoding="utf-8") as file:
            file.write(offset)

    jump("+0")
    # The library would make these two itself and set a variable to say so; that moves the environment, after which a
    # Swift program on Linux no longer finds its arguments.
    name = f"descent-attack-{os.getpid()}"
    semaphore, memory = f"/dev/shm/sem.{name}-s", f"/dev/shm/{name}-m"
    with open(semaphore, "wb") as file:
        file.write(b"\1" + b"\0" * 31)
    with open(memory, "wb") as file:
        file.write(struct.pack("<10q", 0, 0, 0, -1, 0, -1, 0, -1, 0, -1) + b"\0" * 4016)
    try:
        yield {
            "LD_PRELOAD": library, "FAKETIME_SHARED": f"/{name}-s /{name}-m", "FAKETIME_TIMESTAMP_FILE": control,
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}, jump
    finally:
        os.remove(semaphore)
        os.remove(memory)


def first_rows(output, process):
    """Waits for the first write to the archive."""
    while not has_ended(process):
        with contextlib.suppress(sqlite3.Error, KeyError):
            if count(output):
                return
        time.sleep(0.05)


def count(output):
    if not os.path.exists(os.path.join(output, "descent.sqlite")):
        return 0
    with contextlib.closing(tools.connect(output)) as db:
        return db.execute("SELECT COUNT(*) FROM run").fetchone()[0]


def kept_after_kill(bench, offset):
    """Runs in the archive when the training is killed, some seconds after the clock was set."""
    output = bench.new()
    with clock(bench) as (environment, jump):
        def during(process):
            first_rows(output, process)
            jump(offset)
            kill_after(SECONDS, signal.SIGKILL)(process)

        outcome = bench.run(*TRAINING, "--seeds", "0..<600", "--output", output, environment=environment, during=during)
    kept = count(output)
    bench.remove(output)
    return outcome, kept


def attack(bench, tally):
    if not any(glob.glob(pattern) for pattern in LIBRARIES):
        return tally.skip("a clock that steps back", "libfaketime is not installed (apt-get install libfaketime)")
    for offset in ("-3600", "-864000", "+3600") if bench.is_long else ("-3600",):
        steady, expected = kept_after_kill(bench, "+0")
        stepped, kept = kept_after_kill(bench, offset)
        if stepped.code != -signal.SIGKILL or steady.code != -signal.SIGKILL:
            fault = f"the training ended before the kill: {stepped.word}, {steady.word}: {stepped.first_line()}"
        else:
            tally.figures["rows kept, stepped and steady"] = f"{kept} and {expected}"
            fault = f"{kept} runs kept, {expected} with a steady clock" if kept < 0.25 * expected else None
        tally.judge(f"{stepped.command}, clock {offset} s, kill -9 after {SECONDS} s more", fault)
    to_the_end(bench, tally)


def to_the_end(bench, tally):
    """A training whose clock goes back by a hundred days has a report, and took no negative time."""
    words = [*TRAINING, "--seeds", "0..<60", "--output", bench.new()]
    with clock(bench) as (environment, jump):
        outcome = bench.run(
            *words, environment=environment,
            during=lambda process: (first_rows(words[-1], process), jump("-9000000")))
    fault = outcome.fault({0})
    took = next((line for line in outcome.out.splitlines() if line.startswith("trained")), "")
    if fault is None and " in -" in took:
        fault = f"a negative time: {took}"
    tally.judge(f"{outcome.command}, clock -9000000 s", fault)
