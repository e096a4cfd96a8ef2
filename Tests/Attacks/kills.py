"""kill -9, SIGTERM and SIGINT at random moments of training and rendering: nothing finished is lost, nothing changes."""
import os
import signal
import time

import bench as tools

# (experiment, options): seconds of training with some writes to the archive, of runs of different kinds.
SUBJECTS = [
    ["larger-is-easier", "--seeds", "0..<4"], ["tanh-chain", "--seeds", "0..<64"], ["seeds", "--set", "hidden=64"],
    ["line-fitting"], ["digits", "--seeds", "0..<6"], ["safran-shamir", "--seeds", "0..<12"]]
SHORT = [["seeds", "--set", "hidden=64", "--seeds", "0..<48"], ["digits", "--seeds", "0..<4"]]


def command(subject, threads=2):
    return ["run", *subject, "--threads", str(threads), "--format", "html"]


def has_ended(process):
    """Whether a process has ended; its ending stays for the caller to wait for."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def kill_after(seconds, number):
    """Sends a signal after some time, if the process is still there."""
    def during(process):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if has_ended(process):
                return
            time.sleep(0.005)
        os.kill(process.pid, number)
    return during


def lost(before, after):
    """Rows that were there and are gone or differ."""
    gone = [k for k in before if k not in after]
    changed = [k for k in before if k in after and before[k] != after[k]]
    if gone or changed:
        return f"{len(gone)} finished runs lost and {len(changed)} changed between two kills"
    return None


def killed_again_and_again(bench, tally, subject, reference, seconds, kills):
    """One archive, many kills, then to the end."""
    name, output = subject[0], bench.new()
    before, moments = {}, []
    for _ in range(kills):
        moment = bench.random.uniform(0.02, 0.9 * seconds)
        moments.append(f"{moment:.3f}")
        outcome = bench.run(*command(subject), "--output", output, during=kill_after(moment, signal.SIGKILL))
        what = f"{outcome.command}, kill -9 after {moments} s"
        after = tools.rows(output)
        is_proper = (outcome.code == -signal.SIGKILL and not outcome.hung) or outcome.fault() is None
        tally.judge(what, lost(before, after) if is_proper else outcome.fault())
        tally.figures["rows kept at kills"] = tally.figures.get("rows kept at kills", 0) + len(after)
        before = after
        if outcome.code == 0:
            break
    outcome = bench.run(*command(subject), "--output", output, timeout=300)
    what = f"{outcome.command} after kill -9 at {moments} s"
    fault = outcome.fault({0}) or lost(before, tools.rows(output))
    fault = fault or tools.row_difference(tools.rows(output), reference["rows"])
    fault = fault or report_fault(output, name, reference["report"]) or leftover_fault(output)
    tally.judge(what, fault)
    bench.remove(output)


def report_fault(output, name, expected):
    found = tools.report(output, name)
    if set(found) != set(expected):
        return f"the report has the files {sorted(found)} where {sorted(expected)} are expected"
    unequal = sorted(k for k in expected if found[k] != expected[k])
    return f"the report differs from that of an uninterrupted training: {', '.join(unequal)}" if unequal else None


def leftover_fault(output):
    left = tools.leftovers(output)
    return f"left behind: {', '.join(left)}" if left else None


def interrupted(bench, tally, subject, reference, seconds, number):
    """SIGTERM or SIGINT while training: exit 130 with a word, and the same command goes on."""
    name, output = subject[0], bench.new()
    moment = bench.random.uniform(0.1, 0.8 * seconds)
    outcome = bench.run(*command(subject), "--output", output, during=kill_after(moment, number))
    what = f"{outcome.command}, {number.name} after {moment:.3f} s"
    kept = tools.rows(output)
    fault = outcome.fault({0, 130})
    fault = fault or next((f"a kept run differs: {k}" for k in kept if kept[k] != reference["rows"].get(k)), None)
    tally.judge(what, fault or leftover_fault(output))
    outcome = bench.run(*command(subject), "--output", output, timeout=300)
    fault = outcome.fault({0}) or tools.row_difference(tools.rows(output), reference["rows"])
    tally.judge(f"{outcome.command} after {number.name}", fault or report_fault(output, name, reference["report"]))
    bench.remove(output)


def interrupted_render(bench, tally, output, name, subject, number, seconds):
    """A signal while a report is drawn: the former report stays, or the new one is whole."""
    arguments = ["render", *subject, "--output", output, "--format", "png,html,pdf"]
    before = tools.files(os.path.join(output, name))
    moment = bench.random.uniform(0.05, 0.95 * seconds)
    outcome = bench.run(*arguments, during=kill_after(moment, number))
    what = f"{outcome.command}, {number.name} after {moment:.3f} s"
    after = tools.files(os.path.join(output, name))
    if outcome.code == 0:
        tally.judge(what, outcome.fault({0}) or leftover_fault(output))
        return
    is_killed = number == signal.SIGKILL and outcome.code == -signal.SIGKILL
    fault = None if is_killed else outcome.fault({130})
    if fault is None and not is_killed:
        fault = leftover_fault(output)
    if fault is None and after != before:
        # Files are moved one by one: the next render completes what a kill has cut short. Other signals wait for the last one.
        again = bench.run(*arguments)
        fault = again.fault({0}) or leftover_fault(output)
        if fault is None and not is_killed and tools.files(os.path.join(output, name)) != after:
            fault = "the report is neither the former nor the whole new one"
    tally.judge(what, fault)


def attack(bench, tally):
    for subject in SUBJECTS if bench.is_long else SHORT:
        name, output = subject[0], bench.new("reference")
        outcome = bench.run(*command(subject), "--output", output, timeout=300)
        if not tally.judge(outcome.command, outcome.fault({0})):
            continue
        reference = {"rows": tools.rows(output), "report": tools.report(output, name)}
        for _ in range(6 if bench.is_long else 1):
            killed_again_and_again(bench, tally, subject, reference, outcome.seconds, 8 if bench.is_long else 3)
        for number in (signal.SIGTERM, signal.SIGINT) * (3 if bench.is_long else 1):
            interrupted(bench, tally, subject, reference, outcome.seconds, number)
        drawing = bench.run("render", *subject, "--output", output, "--format", "png,html,pdf").seconds
        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL) * 4 if bench.is_long else (signal.SIGTERM, signal.SIGKILL)
        for number in numbers:
            interrupted_render(bench, tally, output, name, subject, number, drawing)
        # What killed renders leave behind, the next one takes away.
        last = bench.run("render", *subject, "--output", output, "--format", "html")
        tally.judge(last.command, last.fault({0}) or leftover_fault(output) or report_fault(output, name, reference["report"]))
        bench.remove(output)
