"""Damaged archives: flipped bits and rows changed by hand. Never a changed result with exit 0, never a crash or a hang.

After damage a command either ends with 74 (65 where a run is no longer found), names the archive or the run and leaves the
former report as it was; or it gives exactly what the undamaged archive gives, `run` after training damaged runs again."""
import os
import shutil
import signal
import sqlite3
import struct

import bench as tools
from kills import kill_after

# Experiments whose reports read summaries, series and final parameters.
SUBJECTS = [
    ["iris", "--seeds", "0..<2", "--set", "steps=100"],
    ["auer-minima", "--seeds", "0..<2", "--set", "steps=60"],
    ["saxe-curves", "--seeds", "0..<2", "--set", "steps=60"],
    ["tanh-chain", "--seeds", "0..<2", "--set", "steps=60"]]
COMMANDS = ["render", "export", "compare", "run"]
HUGE = 2**63 - 1

# Title, SQL with {run}, the number of a run's row; those that need what an archive lacks are left out.
PLANNED = [
    ("every = 2^63-1", f"UPDATE series SET every = {HUGE} WHERE run = {{run}}"),
    ("every = 0", "UPDATE series SET every = 0 WHERE run = {run}"),
    ("every = -1", "UPDATE series SET every = -1 WHERE run = {run}"),
    ("every = -2^63", "UPDATE series SET every = -9223372036854775808 WHERE run = {run}"),
    ("every = 7 where it was another", "UPDATE series SET every = every + 7 WHERE run = {run}"),
    ("every is a text", "UPDATE series SET every = 'often' WHERE run = {run}"),
    ("one parameter short", "UPDATE run SET parameters = substr(parameters, 1, length(parameters) - 8) WHERE id = {run}"),
    ("parameters one byte short",
     "UPDATE run SET parameters = substr(parameters, 1, length(parameters) - 1) WHERE id = {run}"),
    ("one parameter too many", "UPDATE run SET parameters = CAST(parameters || x'0000000000000000' AS BLOB) WHERE id = {run}"),
    ("no parameters", "UPDATE run SET parameters = x'' WHERE id = {run}"),
    ("parameters are a text", "UPDATE run SET parameters = 'weights' WHERE id = {run}"),
    ("an empty series", "UPDATE series SET bytes = x'' WHERE run = {run}"),
    ("a series one number short", "UPDATE series SET bytes = substr(bytes, 1, length(bytes) - 8) WHERE run = {run}"),
    ("a series of 3 bytes", "UPDATE series SET bytes = x'010203' WHERE run = {run}"),
    ("a series that is a text", "UPDATE series SET bytes = 'curve' WHERE run = {run}"),
    ("series deleted", "DELETE FROM series WHERE run = {run}"),
    ("one quantity deleted", "DELETE FROM series WHERE run = {run} AND quantity <> 'loss'"),
    ("all series deleted", "DELETE FROM series"),
    ("another quantity's name", "UPDATE series SET quantity = 'nonsense' WHERE run = {run} AND quantity = 'loss'"),
    ("series of two runs exchanged",
     "UPDATE series SET bytes = (SELECT bytes FROM series s WHERE s.run <> series.run AND s.quantity = series.quantity "
     "ORDER BY s.run DESC LIMIT 1) WHERE run = {run}"),
    ("final loss changed", "UPDATE run SET final_loss = final_loss * 1.0001 + 1e-9 WHERE id = {run}"),
    ("final loss is a text", "UPDATE run SET final_loss = 'small' WHERE id = {run}"),
    ("final loss is NULL", "UPDATE run SET final_loss = NULL WHERE id = {run}"),
    ("final loss is infinite", "UPDATE run SET final_loss = 9e999 WHERE id = {run}"),
    ("best loss changed", "UPDATE run SET best_loss = best_loss * 0.999 - 1e-9 WHERE id = {run}"),
    ("steps = -1", "UPDATE run SET steps = -1 WHERE id = {run}"),
    ("steps = 2^63-1", f"UPDATE run SET steps = {HUGE} WHERE id = {{run}}"),
    ("steps are a text", "UPDATE run SET steps = 'many' WHERE id = {run}"),
    ("a converged run as diverged", "UPDATE run SET diverged_at = 3 WHERE id = {run}"),
    ("diverged at -2^63", "UPDATE run SET diverged_at = -9223372036854775808 WHERE id = {run}"),
    ("diverged at a text", "UPDATE run SET diverged_at = 'here' WHERE id = {run}"),
    ("finals are no JSON", "UPDATE run SET finals = 'none' WHERE id = {run}"),
    ("finals are empty", "UPDATE run SET finals = '{{}}' WHERE id = {run}"),
    ("finals are a list", "UPDATE run SET finals = '[1, 2]' WHERE id = {run}"),
    ("finals hold a word", "UPDATE run SET finals = '{{\"accuracy\":\"word\",\"loss\":\"word\"}}' WHERE id = {run}"),
    ("finals are a blob", "UPDATE run SET finals = x'ff00ff' WHERE id = {run}"),
    ("finals of 10^5 brackets", "UPDATE run SET finals = replace(hex(zeroblob(50000)), '0', '[') WHERE id = {run}"),
    ("key changed", "UPDATE run SET key = 'x' || substr(key, 2) WHERE id = {run}"),
    ("key with a quote", "UPDATE run SET key = '\"],''' || key WHERE id = {run}"),
    ("keys of two runs exchanged", None),
    ("row deleted", "DELETE FROM run WHERE id = {run}"),
    ("description changed", "UPDATE run SET description = 'x' WHERE id = {run}"),
    ("semantics = 10^9", "UPDATE run SET semantics = 1000000000 WHERE id = {run}"),
    ("foreign application_id", "PRAGMA application_id = 1"),
    ("a newer migration", "INSERT INTO grdb_migrations VALUES ('999')"),
    ("no migrations", "DELETE FROM grdb_migrations"),
    ("series table dropped", "DROP TABLE series"),
    ("run table dropped", "PRAGMA foreign_keys = OFF; DROP TABLE run"),
    ("a column dropped", "ALTER TABLE run DROP COLUMN finals"),
]


def damage_by_sql(bench, output, sql, row):
    """Says what was done, or None where the archive itself refuses it."""
    db = sqlite3.connect(os.path.join(output, "descent.sqlite"))
    try:
        db.execute("PRAGMA ignore_check_constraints = ON")
        if sql is None:
            (a, x), (b, y) = db.execute("SELECT id, key FROM run ORDER BY id LIMIT 2").fetchall()
            for number, key in ((a, "aside"), (b, x), (a, y)):
                db.execute("UPDATE run SET key = ? WHERE id = ?", (key, number))
        else:
            db.executescript(sql.format(run=row))
        db.commit()
        return True
    except sqlite3.Error:
        return None
    finally:
        close(db)


def close(db):
    """Everything into the one file, so that it can be copied."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def flip_value(bench, output):
    """Flips one bit of a random value of a random row, whatever its type. Says what was done."""
    path = os.path.join(output, "descent.sqlite")
    db = sqlite3.connect(path)
    db.text_factory = bytes
    try:
        table = bench.random.choice(["run", "run", "series"])
        columns = [r[1].decode() for r in db.execute(f"PRAGMA table_info({table})")]
        # What does not enter results may change: when and by what a run was trained.
        columns = [c for c in columns if c not in ("id", "run", "revision", "toolchain", "processor", "time")]
        column = bench.random.choice(columns)
        row = bench.random.choice([r[0] for r in db.execute(f"SELECT rowid FROM {table} ORDER BY rowid")])
        value, kind = db.execute(f"SELECT {column}, typeof({column}) FROM {table} WHERE rowid = ?", (row,)).fetchone()
        if value is None or (isinstance(value, bytes) and not value):
            changed, bit, target = 0, 0, "?"
        elif isinstance(value, bytes):
            bit = bench.random.randrange(8 * len(value))
            raw = bytearray(value)
            raw[bit // 8] ^= 1 << bit % 8
            changed, target = bytes(raw), "CAST(? AS TEXT)" if kind == b"text" else "?"
        elif isinstance(value, float):
            bit = bench.random.randrange(64)
            changed = struct.unpack("<d", (int.from_bytes(struct.pack("<d", value), "little") ^ 1 << bit).to_bytes(8, "little"))[0]
            target = "?"
        else:
            bit = bench.random.randrange(63)
            changed, target = value ^ 1 << bit, "?"
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(f"UPDATE {table} SET {column} = {target} WHERE rowid = ?", (changed, row))
        db.commit()
        return f"bit {bit} of {table}.{column} in row {row}"
    except sqlite3.Error as error:
        return f"refused by the archive: {error}"
    finally:
        close(db)


def flip_file(bench, output):
    """Flips one bit anywhere in the file, more often in the first bytes of a page. Says what was done."""
    path = os.path.join(output, "descent.sqlite")
    size = os.path.getsize(path)
    with open(path, "r+b") as file:
        file.seek(16)
        page = int.from_bytes(file.read(2), "big") or 65536
        page = 65536 if page == 1 else page
        position = bench.random.randrange(size)
        if bench.random.random() < 0.5:
            position = min(size - 1, bench.random.randrange(0, size, page) + bench.random.randrange(100))
        file.seek(position)
        byte = file.read(1)[0]
        bit = bench.random.randrange(8)
        file.seek(position)
        file.write(bytes([byte ^ 1 << bit]))
    return f"bit {bit} of byte {position} of {size}"


def readable_rows(output):
    try:
        return tools.rows(output)
    except (sqlite3.Error, KeyError, UnicodeDecodeError):
        return None


def words(command, subject):
    return {
        "render": ["render", *subject, "--format", "html"],
        "export": ["export", *subject, "--to", "csv"],
        "compare": ["compare", *subject, "--format", "html"],
        "run": ["run", *subject, "--format", "html"],
    }[command]


def products(output, subject):
    name = subject[0]
    return {
        "render": tools.report(output, name), "run": tools.report(output, name),
        "export": tools.files(os.path.join(output, "export")),
        "compare": tools.report(output, f"compare-{name}"),
    }


class Undamaged:
    """An archive with all its products, and what every command says and writes."""

    def __init__(self, bench, tally, subject):
        self.subject, self.folder = subject, bench.new("undamaged")
        self.said = {}
        for command in ["run", "render", "export", "compare"]:
            outcome = bench.run(*words(command, subject), "--output", self.folder, timeout=300)
            tally.judge(outcome.command, outcome.fault({0}))
            self.said[command] = outcome.out.replace(self.folder, "")
        shutil.rmtree(os.path.join(self.folder, ".live"), ignore_errors=True)
        self.rows = tools.rows(self.folder)
        self.products = products(self.folder, subject)
        db = sqlite3.connect(os.path.join(self.folder, "descent.sqlite"))
        self.row_numbers = [r[0] for r in db.execute("SELECT id FROM run ORDER BY id")]
        close(db)

    def copy(self, bench):
        output = bench.new("damaged")
        shutil.copytree(self.folder, output, dirs_exist_ok=True)
        return output

    def fault(self, bench, command, output):
        """Runs a command on a damaged copy and says what is wrong with its ending."""
        damaged = readable_rows(output)
        before = {p: tools.files(os.path.join(output, p)) for p in os.listdir(output) if not p.startswith((".", "descent"))}
        outcome = bench.run(*words(command, self.subject), "--output", output, timeout=60)
        fault = outcome.fault({0, 65, 74})
        if fault:
            return fault
        if outcome.code == 0:
            return self.changes(command, outcome, output, damaged)
        for product, was in before.items():
            if tools.files(os.path.join(output, product)) != was:
                return f"{outcome.word}, and the former {product} was changed"
        if tools.leftovers(output):
            return f"{outcome.word}, and left behind: {', '.join(tools.leftovers(output))}"
        if outcome.code == 65:  # a run whose key is damaged is one that is not there
            return None if "archive" in outcome.err else f"exit 65 with other words: {outcome.first_line()}"
        is_named = "descent.sqlite" in outcome.err or any(key[:8] in outcome.err for key in self.rows)
        return None if is_named else f"{outcome.word}, naming neither archive nor run: {outcome.first_line()}"

    def changes(self, command, outcome, output, damaged):
        found, expected = products(output, self.subject)[command], self.products[command]
        unequal = sorted(k for k in set(found) | set(expected) if found.get(k) != expected.get(k))
        if unequal:
            return f"exit 0 with changed results: {', '.join(unequal)}"
        if command == "compare" and outcome.out.replace(output, "") != self.said["compare"]:
            return "exit 0 with a changed table"
        if command == "run":
            # A value that this report does not read may stay as it is; what was trained again is as it was at first.
            found = readable_rows(output) or {}
            wrong = [k for k in self.rows if found.get(k) not in (self.rows[k], (damaged or {}).get(k, self.rows[k]))]
            return f"exit 0, and {len(wrong)} runs of other values, the first is {wrong[0]}" if wrong else None
        return None


def one(bench, tally, undamaged, kind, what, damage, commands):
    for command in commands:
        output = undamaged.copy(bench)
        state = bench.random.getstate()
        done = damage(output)
        if done is None:
            tally.judge(f"{what} in {undamaged.subject[0]}", None)
        else:
            text = f"{kind}: {what or done}; then " + tools.quoted(words(command, undamaged.subject))
            tally.judge(text, undamaged.fault(bench, command, output))
        if command != commands[-1]:
            bench.random.setstate(state)  # the same damage for every command
        bench.remove(output)


def planned(bench, tally, undamaged):
    cases = PLANNED if bench.is_long else bench.random.sample(PLANNED, 14)
    for title, sql in cases:
        row = bench.random.choice(undamaged.row_numbers)
        commands = COMMANDS if bench.is_long else [bench.random.choice(COMMANDS)]
        one(bench, tally, undamaged, "by SQL", f"{title} (run {row})",
            lambda output: damage_by_sql(bench, output, sql, row), commands)


def damaged_log(bench, tally, subject):
    """A kill leaves a write-ahead log; a flipped bit in it may cost runs, never change them."""
    reference, output = bench.new("reference"), bench.new()
    outcome = bench.run("run", *subject, "--format", "html", "--output", reference, timeout=300)
    expected = tools.rows(reference)
    bench.run("run", *subject, "--format", "html", "--output", output,
              during=kill_after(bench.random.uniform(0.3, 0.9) * outcome.seconds, signal.SIGKILL))
    log = os.path.join(output, "descent.sqlite-wal")
    if not os.path.exists(log) or not os.path.getsize(log):
        return tally.skip("damaged log", "the kill came when there was none")
    position = bench.random.randrange(os.path.getsize(log))
    with open(log, "r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ 1 << bench.random.randrange(8)]))
    outcome = bench.run("run", *subject, "--format", "html", "--output", output, timeout=300)
    fault = outcome.fault({0, 74}) or (outcome.code == 0 and tools.row_difference(tools.rows(output), expected)) or None
    tally.judge(f"byte {position} of the write-ahead log; then {outcome.command}", fault)


def attack(bench, tally):
    for subject in SUBJECTS if bench.is_long else [bench.random.choice(SUBJECTS[:3])]:
        undamaged = Undamaged(bench, tally, subject)
        planned(bench, tally, undamaged)
        for _ in range(60 if bench.is_long else 8):
            one(bench, tally, undamaged, "a value", "", lambda o: flip_value(bench, o),
                COMMANDS if bench.is_long else [bench.random.choice(COMMANDS)])
        for _ in range(60 if bench.is_long else 8):
            one(bench, tally, undamaged, "the file", "", lambda o: flip_file(bench, o),
                COMMANDS if bench.is_long else [bench.random.choice(COMMANDS)])
        bench.remove(undamaged.folder)
    if bench.is_long:
        for _ in range(10):
            damaged_log(bench, tally, ["seeds", "--set", "hidden=64", "--seeds", "0..<64"])
