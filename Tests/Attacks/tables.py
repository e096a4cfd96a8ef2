"""Bad CSV files in the place of iris.csv: refused with 65 and a short message that says where, or read as what they say."""
import os
import random

import bench as tools

RUN = ["run", "iris", "--seeds", "0..<2", "--set", "steps=20", "--set", "learning-rate=0.1", "--format", "html"]
HEADER = "sepal length,sepal width,petal length,petal width,species"
KINDS = ["setosa", "versicolor", "virginica"]


def good(count=30):
    numbers = random.Random(1)
    return [[f"{numbers.uniform(1, 8):.1f}" for _ in range(4)] + [KINDS[i % 3]] for i in range(count)]


def table(rows, header=HEADER, separator=",", end="\n"):
    return end.join([header] + [separator.join(r) for r in rows]) + end


def with_field(text, row=7, column=1):
    """A good table with one field changed."""
    rows = good()
    rows[row][column] = text
    return table(rows)


def with_line(line, at=8):
    lines = table(good()).splitlines()
    return "\n".join(lines[:at] + [line] + lines[at:]) + "\n"


def renamed(header):
    return table(good(), header)


def columns(count, rows=4):
    """Many columns; a quadratic reader takes minutes."""
    header = ",".join(f"c{i}" for i in range(count)) + ",species"
    return "\n".join([header] + [",".join(["1.5"] * count) + "," + KINDS[i % 3] for i in range(rows)]) + "\n"


def as_semicolons(decimal):
    return table([[f.replace(".", decimal) for f in r] for r in good()], HEADER.replace(",", ";"), ";")


# 64: a table in order, with targets that the experiment's loss does not fit.
REFUSED, EITHER, NO_CLASSES = (65,), (0, 65), (0, 64, 65)
# Title, allowed exit codes, content, words of which the message needs one.
CASES = [
    ("empty file", REFUSED, lambda: ""),
    ("only a line end", REFUSED, lambda: "\n"),
    ("only line ends", REFUSED, lambda: "\n" * 1000),
    ("only a byte order mark", REFUSED, lambda: "\ufeff"),
    ("header only", REFUSED, lambda: HEADER + "\n"),
    ("no header", REFUSED, lambda: table(good()).split("\n", 1)[1]),
    ("one row", EITHER, lambda: table(good(1))),
    ("two rows", EITHER, lambda: table(good(2))),
    ("one class only", EITHER, lambda: table([r[:4] + ["setosa"] for r in good()])),
    ("every row another class", EITHER, lambda: table([r[:4] + [f"class {i}"] for i, r in enumerate(good())])),
    ("semicolons", REFUSED, lambda: as_semicolons("."), "semicolon|;"),
    ("semicolons and decimal commas", REFUSED, lambda: as_semicolons(","), "semicolon|;"),
    ("semicolons under a header with commas", REFUSED, lambda: HEADER + as_semicolons(".").split("\n", 1)[1]),
    ("tabulators", REFUSED, lambda: table(good(), HEADER.replace(",", "\t"), "\t")),
    ("quoted decimal commas", REFUSED, lambda: with_field('"1,5"'), "decimal|comma|point"),
    ("a decimal comma", REFUSED, lambda: with_field("1,5")),
    ("thousands separators", REFUSED, lambda: with_field('"1,000,000"')),
    ("spaces between columns", REFUSED, lambda: table(good(), HEADER.replace(",", " "), " ")),
    ("Latin-1", REFUSED, lambda: with_field("größe").encode("latin-1"), "line 9"),
    ("Latin-1 class", REFUSED, lambda: with_field("weiß", column=4).encode("latin-1"), "line 9"),
    ("Windows-1252", REFUSED, lambda: with_field("“1.5”").encode("cp1252")),
    ("UTF-16, little-endian", REFUSED, lambda: b"\xff\xfe" + table(good()).encode("utf-16-le")),
    ("UTF-16, big-endian", REFUSED, lambda: b"\xfe\xff" + table(good()).encode("utf-16-be")),
    ("UTF-32", REFUSED, lambda: table(good()).encode("utf-32")),
    ("surrogates in UTF-8", REFUSED, lambda: table(good()).encode() + b"\xed\xa0\x80,1,1,1,setosa\n"),
    ("overlong UTF-8", REFUSED, lambda: table(good()).encode() + b"\xc0\xaf,1,1,1,setosa\n"),
    ("cut UTF-8", REFUSED, lambda: table(good()).encode() + b"1,1,1,1,\xe2\x82"),
    ("NUL", REFUSED, lambda: with_field("1\x00.5")),
    ("NUL at the end", REFUSED, lambda: table(good()) + "\x00"),
    ("only NULs", REFUSED, lambda: "\x00" * 10_000),
    ("a gzip file", REFUSED, lambda: b"\x1f\x8b\x08\x00" + bytes(range(256)) * 8),
    ("a spreadsheet", REFUSED, lambda: b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 8),
    ("random bytes", REFUSED, lambda: random.Random(3).randbytes(20_000)),
    ("HTML", REFUSED, lambda: "<!DOCTYPE html><html><body>404, not found</body></html>\n"),
    ("JSON", REFUSED, lambda: '[{"a": 1, "b": 2}, {"a": 3, "b": 4}]\n'),
    ("a row too short", REFUSED, lambda: with_line("1,2,setosa"), "line 9"),
    ("a row too long", REFUSED, lambda: with_line("1,2,3,4,5,setosa"), "line 9"),
    ("a comma at a row's end", REFUSED, lambda: with_line("1,2,3,4,setosa,"), "line 9"),
    ("a comma at the header's end", REFUSED, lambda: renamed(HEADER + ",")),
    ("an empty line between", EITHER, lambda: with_line("")),
    ("blanks between", REFUSED, lambda: with_line("   ")),
    ("a comment", REFUSED, lambda: with_line("# measured in May")),
    ("an unclosed quote", REFUSED, lambda: with_field('"1.5')),
    ("an unclosed quote at the end", REFUSED, lambda: table(good()) + '1,2,3,4,"setosa'),
    ("text after a quote", REFUSED, lambda: with_field('"1.5"x')),
    ("a quote within a field", REFUSED, lambda: with_field('1"5')),
    ("quotes only", REFUSED, lambda: '"' * 10_001),
    ("a line end in quotes", REFUSED, lambda: with_field('"1\n5"')),
    ("a header of quotes", REFUSED, lambda: renamed('"","","",""')),
    ("one column twice", REFUSED, lambda: renamed("a,a,b,c,species")),
    ("the target twice", REFUSED, lambda: renamed("a,species,b,c,species")),
    ("no target", REFUSED, lambda: renamed("a,b,c,d,kind")),
    ("the target in capitals", REFUSED, lambda: renamed("a,b,c,d,Species")),
    ("columns without a name", EITHER, lambda: renamed(",,,,species")),
    ("one column without a name", EITHER, lambda: renamed("a,b,,d,species")),
    ("blanks around names", EITHER, lambda: renamed(" a , b , c , d , species ")),
    ("the target alone", REFUSED, lambda: "species\n" + "setosa\nvirginica\n" * 20),
    ("an empty field", REFUSED, lambda: with_field(""), "line 9"),
    ("NA", REFUSED, lambda: with_field("NA"), "line 9"),
    ("a question mark", REFUSED, lambda: with_field("?"), "line 9"),
    ("an empty class", REFUSED, lambda: with_field("", column=4)),
    ("hexadecimal", REFUSED, lambda: with_field("0x10"), "line 9"),
    ("a hexadecimal float", REFUSED, lambda: with_field("0x1p4"), "line 9"),
    ("nan", REFUSED, lambda: with_field("nan"), "line 9"),
    ("NaN with a payload", REFUSED, lambda: with_field("nan(0x7)"), "line 9"),
    ("inf", REFUSED, lambda: with_field("inf"), "line 9"),
    ("-Infinity", REFUSED, lambda: with_field("-Infinity"), "line 9"),
    ("1e309", REFUSED, lambda: with_field("1e309"), "line 9"),
    ("1e308", REFUSED, lambda: with_field("1e308")),
    ("1e308 and -1e308 in a column", REFUSED,
     lambda: table([[("1e308", "-1e308")[i % 2]] + r[1:] for i, r in enumerate(good())])),
    ("5e-324 in a column", EITHER, lambda: table([[("5e-324", "0")[i % 2]] + r[1:] for i, r in enumerate(good())])),
    ("1e-400", EITHER, lambda: with_field("1e-400")),
    ("10^5 digits", EITHER, lambda: with_field("1" * 100_000)),
    ("digits of Arabic", REFUSED, lambda: with_field("١٫٥")),
    ("a minus of typography", REFUSED, lambda: with_field("−1.5")),
    ("a no-break space", REFUSED, lambda: with_field("1\u00a05")),
    ("a formula", REFUSED, lambda: with_field("=1+1")),
    ("a percent sign", REFUSED, lambda: with_field("15 %")),
    ("a date", REFUSED, lambda: with_field("2024-01-01")),
    ("a constant column", EITHER, lambda: table([["1"] + r[1:] for r in good()])),
    ("all columns constant", EITHER, lambda: table([["1"] * 4 + [r[4]] for r in good()])),
    ("all rows equal", EITHER, lambda: table([["1"] * 4 + ["setosa"]] * 30)),
    ("classes 1 and 1.0", REFUSED, lambda: table([r[:4] + [("1", "1.0", "setosa")[i % 3]] for i, r in enumerate(good())])),
    ("classes of numbers", NO_CLASSES, lambda: table([r[:4] + [str(i % 3)] for i, r in enumerate(good())])),
    ("a class that differs in its accents' encoding", EITHER,
     lambda: table([r[:4] + [("é", "e\u0301", "x")[i % 3]] for i, r in enumerate(good())])),
    ("classes of 10^5 letters", EITHER, lambda: table([r[:4] + [r[4] * 10_000] for r in good()])),
    ("a cell of 3 megabytes", REFUSED, lambda: with_field("x" * 3_000_000)),
    ("a name of 3 megabytes", REFUSED, lambda: renamed("x" * 3_000_000 + ",b,c,d,kind")),
    ("control characters", REFUSED, lambda: with_field("\x1b[31mred\x07\x08")),
    ("control characters in a name", REFUSED, lambda: renamed("\x1b]0;title\x07,\x1b[2J,c,d,kind")),
    ("control characters in a class", EITHER, lambda: with_field("\x1b[2Jsetosa\x7f", column=4)),
    ("C1 control characters", REFUSED, lambda: with_field("\u009b31m")),
    ("text from right to left", REFUSED, lambda: with_field("\u202e5.1\u2066")),
    ("a script as a class", EITHER, lambda: with_field("<script>alert(1)</script>", column=4)),
    ("a byte order mark", EITHER, lambda: "\ufeff" + table(good())),
    ("two byte order marks", REFUSED, lambda: "\ufeff\ufeff" + table(good(), "species,a,b,c,d")),
    ("CR LF", (0,), lambda: table(good(), end="\r\n")),
    ("CR alone", EITHER, lambda: table(good(), end="\r")),
    ("mixed line ends", EITHER, lambda: table(good()).replace("\n", "\r\n", 9)),
    ("no line end at the end", (0,), lambda: table(good()).rstrip("\n")),
    ("all fields quoted", (0,), lambda: table([[f'"{f}"' for f in r] for r in good()])),
    ("10^5 columns", EITHER, lambda: columns(100_000)),
    ("3·10^4 columns under a wrong target", REFUSED, lambda: columns(30_000).replace("species", "kind")),
    ("10^5 empty fields", REFUSED, lambda: HEADER + "\n" + "," * 100_000 + "\n"),
    ("2·10^5 rows, the last one bad", REFUSED,
     lambda: table(good()) + "1.5,2.5,3.5,4.5,setosa\n" * 200_000 + "1.5,word,3.5,4.5,setosa\n", "line"),
]
SHORT = 45
# Files that are not to be read, made by name.
SPECIAL = ["a folder", "a FIFO", "a missing file", "a link to itself", "/dev/zero"]


def project(bench):
    """A project's folder with an empty place for iris.csv; programs find their data from the working folder."""
    root = bench.new("project")
    data = os.path.join(root, "experiments", "data")
    os.makedirs(data)
    os.symlink(os.path.join(tools.ROOT, "experiments", "Iris.swift"), os.path.join(root, "experiments", "Iris.swift"))
    for name in os.listdir(os.path.join(tools.ROOT, "experiments", "data")):
        if name != "iris.csv":
            os.symlink(os.path.join(tools.ROOT, "experiments", "data", name), os.path.join(data, name))
    return root, os.path.join(data, "iris.csv")


def judge(bench, tally, title, root, codes, words="", more=()):
    output = bench.new()
    outcome = bench.run(*RUN, *more, "--output", output, cwd=root, timeout=60)
    fault = outcome.fault(set(codes))
    if fault is None and outcome.code == 65:
        if tools.rows(output):
            fault = "exit 65 after training"
        elif "iris.csv" not in outcome.err and "data iris, column" not in outcome.err:
            fault = f"the message does not name the file: {outcome.first_line()}"
        elif words and not any(w in outcome.err for w in words.split("|")):
            fault = f"the message says nothing of {words.replace('|', ' or ')}: {outcome.first_line()}"
    if fault is None and outcome.seconds > 30:
        fault = f"{outcome.word} after {outcome.seconds:.0f} s"
    if fault is None and outcome.peak > 2 << 30:
        fault = f"{outcome.word} with {outcome.peak >> 20} MB of memory"
    tally.judge(f"iris.csv: {title}; {tools.quoted(RUN)}", fault)
    bench.remove(output)


def scaled(bench, tally, root, path):
    """A standardized column may be of any unit: in units of 10^200 it is refused, or it gives the same losses."""
    losses = []
    for unit in ("", "e200"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(table([[f"{i}{unit}"] + r[1:] for i, r in enumerate(good())]))
        output = bench.new()
        outcome = bench.run(*RUN, "--output", output, cwd=root)
        fault = outcome.fault(EITHER)
        if fault is None and outcome.code == 0:
            losses.append(sorted(tools.final_losses(output)))
        bench.remove(output)
    if fault is None and len(losses) == 2 and any(abs(a - b) > 1e-6 * abs(a) for a, b in zip(*losses)):
        fault = f"exit 0 with other losses: {losses[1][0]:.6g} for {losses[0][0]:.6g}"
    tally.judge(f"iris.csv: a column in units of 1e200; {tools.quoted(RUN)}", fault)
    os.remove(path)


def special(path, title):
    if title == "a folder":
        os.mkdir(path)
    elif title == "a FIFO":
        os.mkfifo(path)
    elif title == "a link to itself":
        os.symlink("iris.csv", path)
    elif title == "/dev/zero":
        os.symlink("/dev/zero", path)


def attack(bench, tally):
    # Refusing costs a tenth of a second; the huge ones are for the long mode.
    cases = CASES if bench.is_long else bench.random.sample(
        [c for c in CASES if "10^5" not in c[0] and "10^4" not in c[0] and "megabytes" not in c[0]], SHORT)
    root, path = project(bench)
    for title, codes, make, *words in cases:
        content = make()
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        judge(bench, tally, title, root, codes, *words)
        os.remove(path)
    scaled(bench, tally, root, path)
    for title in SPECIAL if bench.is_long else SPECIAL[:2]:
        special(path, title)
        judge(bench, tally, title, root, REFUSED)
        if os.path.isdir(path):
            os.rmdir(path)
        elif os.path.lexists(path):
            os.remove(path)
    if bench.is_long:
        large(bench, tally, root, path)


def large(bench, tally, root, path):
    """Files of a million rows and of a million columns."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(table(good()) + "1.5,2.5,3.5,4.5,setosa\n" * 1_000_000)
    judge(bench, tally, "10^6 rows", root, EITHER)
    with open(path, "w", encoding="utf-8") as file:
        file.write(columns(1_000_000, 3))
    # One hidden unit: weights of eight lanes and their gradients would otherwise take more than the table.
    judge(bench, tally, "10^6 columns", root, EITHER, more=("--set", "hidden=1"))
