"""Files that are not ours, where the program writes: the user's bytes stay, and what is in the way is refused before training."""
import os
import shutil
import sqlite3
import stat
import subprocess
import time

import bench as tools

TINY = ["--seeds", "0..<2", "--set", "steps=20"]
RUN = ["run", "iris", *TINY, "--format", "html"]
DATA = b"my own numbers\n1,2,3\n"
AS_NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups"]


def write(path, data=DATA):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


class Scene:
    """An output folder, and a folder elsewhere that links lead to; everything planted in either has to stay."""

    def __init__(self, bench):
        self.bench, self.output, self.elsewhere = bench, bench.new("output"), bench.new("elsewhere")
        self.planted, self.last = {}, RUN

    def path(self, name):
        return os.path.join(self.output, name)

    def plant(self, *names, data=DATA):
        for name in names:
            write(self.path(name), data)
            self.planted[self.path(name)] = data

    def link(self, name, to, data=DATA):
        """A symbolic link in the output folder to a file elsewhere."""
        target = os.path.join(self.elsewhere, to)
        write(target, data)
        self.planted[target] = data
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        os.symlink(target, self.path(name))

    def link_folder(self, name, to, *names):
        for inner in names:
            target = os.path.join(self.elsewhere, to, inner)
            write(target)
            self.planted[target] = DATA
        os.makedirs(os.path.join(self.elsewhere, to), exist_ok=True)
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        os.symlink(os.path.join(self.elsewhere, to), self.path(name))

    def damage(self):
        """What became of the user's files; None where all are as they were."""
        for path, data in self.planted.items():
            shown = path.replace(self.output, "OUTPUT").replace(self.elsewhere, "ELSEWHERE")
            if not os.path.lexists(path):
                return f"{shown} was deleted"
            if not os.path.isfile(path):
                return f"{shown} is no file any more"
            with open(path, "rb") as file:
                if file.read() != data:
                    return f"{shown} was overwritten"
        added = set(tools.files(self.elsewhere)) - {os.path.relpath(p, self.elsewhere) for p in self.planted}
        return f"{', '.join(sorted(added)[:3])} was written into the user's own folder" if added else None

    def run(self, *arguments, timeout=30):
        self.last = arguments
        return self.bench.run(*arguments, "--output", self.output, timeout=timeout)


def proper(scene, outcome, codes=(0, 73, 74)):
    """The user's files are there, the ending is a proper one, and a refusal came before training."""
    fault = scene.damage()
    if fault:
        return f"{outcome.word}: {fault}"
    fault = outcome.fault(set(codes))
    if fault is None and outcome.code != 0 and outcome.arguments[0] == "run":
        if "trained" in outcome.out:
            return f"{outcome.word} only after training"
    return fault


# Reports

def folder_of_that_name(scene):
    scene.plant("iris/data.csv", "iris/deeper/notes.txt")
    return proper(scene, scene.run(*RUN))


def files_named_like_ours(scene):
    scene.plant("iris/report.html", "iris/runs.csv")
    return proper(scene, scene.run(*RUN), (73,))


def notes_beside_a_report(scene):
    first = scene.run(*RUN)
    if first.code != 0:
        return first.fault({0})
    scene.plant("iris/notes.txt", "iris/figures/mine.png", "iris/deeper/notes.txt")
    return proper(scene, scene.run(*RUN), (0,))


def notes_beside_a_rendered_report(scene):
    scene.run(*RUN)
    scene.plant("iris/notes.txt")
    return proper(scene, scene.run("render", "iris", *TINY, "--format", "html"), (0,))


def plain_file_of_that_name(scene):
    scene.plant("iris")
    return proper(scene, scene.run(*RUN), (73,))


def link_to_a_folder(scene):
    scene.link_folder("iris", "mine", "data.csv", "report.html")
    return proper(scene, scene.run(*RUN))


def link_to_a_file(scene):
    scene.link("iris", "mine.txt")
    return proper(scene, scene.run(*RUN), (73,))


def link_to_nothing(scene):
    os.symlink(os.path.join(scene.elsewhere, "nothing"), scene.path("iris"))
    return proper(scene, scene.run(*RUN)) or (os.listdir(scene.elsewhere) and "the link was followed") or None


def links_inside_a_report(scene):
    scene.run(*RUN)
    os.remove(scene.path("iris/report.html"))
    scene.link("iris/report.html", "mine.html")
    return proper(scene, scene.run(*RUN))


def figures_as_link(scene):
    scene.run(*RUN)
    shutil.rmtree(scene.path("iris/figures"), ignore_errors=True)
    scene.link_folder("iris/figures", "pictures", "01-mine.png")
    return proper(scene, scene.run("run", "iris", *TINY, "--format", "png", "--dpi", "36"))


def comparison(scene):
    scene.run(*RUN)
    scene.plant("compare-iris/data.csv")
    return proper(scene, scene.run("compare", "iris", *TINY, "--format", "html"))


def exports(scene):
    scene.run(*RUN)
    scene.plant("export/iris/notes.txt")
    outcome = scene.run("export", "iris", *TINY, "--to", "npy")
    return proper(scene, outcome, (0,)) or proper(scene, scene.run("export", "iris", *TINY, "--to", "csv"), (0,))


def export_over_a_link(scene):
    scene.run(*RUN)
    scene.run("export", "iris", *TINY, "--to", "csv")
    names = os.listdir(scene.path("export/iris"))
    for name in names:
        os.remove(scene.path(f"export/iris/{name}"))
        scene.link(f"export/iris/{name}", name)
    return proper(scene, scene.run("export", "iris", *TINY, "--to", "csv"))


def export_folder_is_a_file(scene):
    scene.run(*RUN)
    scene.plant("export")
    return proper(scene, scene.run("export", "iris", *TINY, "--to", "csv"), (73,))


# Names of temporary files

def live_log_as_link(scene):
    scene.link(".live/iris.csv", "mine.csv")
    return proper(scene, scene.run(*RUN))


def live_folder_as_link(scene):
    scene.link_folder(".live", "logs", "iris.csv")
    return proper(scene, scene.run(*RUN))


def live_folder_as_file(scene):
    scene.plant(".live")
    return proper(scene, scene.run(*RUN))


def with_process_number(scene, script):
    """Runs a line of shell, then the binary under the same process number, as a watchful stranger would hit it."""
    stub = os.path.join(scene.bench.new("stub"), "stub")
    with open(stub, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nO={scene.output}\nE={scene.elsewhere}\n{script}\nexec {scene.bench.binary} "$@"\n')
    os.chmod(stub, 0o755)
    binary, scene.bench.binary = scene.bench.binary, stub
    try:
        return scene.run(*RUN)
    finally:
        scene.bench.binary = binary


def probe_as_link(scene):
    target = os.path.join(scene.elsewhere, "mine.txt")
    write(target)
    scene.planted[target] = DATA
    return proper(scene, with_process_number(scene, 'ln -s "$E/mine.txt" "$O/.probe-$$"'))


def staging_as_link(scene):
    target = os.path.join(scene.elsewhere, "mine", "report.md")
    write(target)
    scene.planted[target] = DATA
    return proper(scene, with_process_number(scene, 'ln -s "$E/mine" "$O/.iris.new-$$"'))


def folder_named_like_staging(scene):
    scene.plant(".iris.new-mine/data.csv", ".iris.new/data.csv", ".iris.old-mine/data.csv")
    return proper(scene, scene.run(*RUN))


def living_staging_of_another_user(scene):
    """A staging folder whose process lives but may not be signalled is not a dead one."""
    if os.getuid() != 0:
        raise Skip("needs root, to be two users")
    sleeper = os.fork()
    if sleeper == 0:
        time.sleep(30)
        os._exit(0)
    try:
        scene.plant(f".iris.new-{sleeper}/half-a-report.html")
        os.chmod(scene.path(f".iris.new-{sleeper}"), 0o777)
        give_away(scene)
        return proper(scene, as_nobody(scene, *RUN))
    finally:
        os.kill(sleeper, 9)
        os.waitpid(sleeper, 0)


# The archive's place

def live_log_as_fifo(scene):
    os.makedirs(scene.path(".live"))
    os.mkfifo(scene.path(".live/iris.csv"))
    return proper(scene, scene.run(*RUN, timeout=10))


def fifo_as_archive(scene, command=("list",)):
    os.mkfifo(scene.path("descent.sqlite"))
    fault = scene.run(*command, timeout=10).fault({73, 74})
    if fault is None and not stat.S_ISFIFO(os.lstat(scene.path("descent.sqlite")).st_mode):
        return "the FIFO was replaced"
    return fault


def fifo_under_run(scene):
    return fifo_as_archive(scene, RUN)


def fifo_under_render(scene):
    return fifo_as_archive(scene, ("render", "iris"))


def fifo_as_lock(scene):
    os.mkfifo(scene.path("descent.sqlite-lock"))
    return proper(scene, scene.run(*RUN))


def folder_as_archive(scene):
    scene.plant("descent.sqlite/data.csv")
    return proper(scene, scene.run(*RUN), (73, 74)) or proper(scene, scene.run("list"), (73, 74))


def device_as_archive(scene):
    os.symlink("/dev/zero", scene.path("descent.sqlite"))
    return scene.run("list").fault({73, 74}) or scene.run(*RUN).fault({73, 74})


def text_as_archive(scene):
    scene.plant("descent.sqlite")
    return proper(scene, scene.run(*RUN), (74,)) or proper(scene, scene.run("list"), (74,))


def link_to_text_as_archive(scene):
    scene.link("descent.sqlite", "mine.txt")
    return proper(scene, scene.run(*RUN), (74,))


def another_programs_database(scene):
    path = scene.path("descent.sqlite")
    db = sqlite3.connect(path)
    db.executescript("CREATE TABLE run (id INTEGER, key TEXT); INSERT INTO run VALUES (1, 'mine')")
    db.close()
    with open(path, "rb") as file:
        scene.planted[path] = file.read()
    return proper(scene, scene.run(*RUN), (74,)) or proper(scene, scene.run("list"), (74,))


def lock_as_link(scene):
    scene.link("descent.sqlite-lock", "mine.txt")
    return proper(scene, scene.run(*RUN))


def text_as_log(scene):
    scene.run(*RUN)
    write(scene.path("descent.sqlite-wal"))
    return scene.run("render", "iris", *TINY, "--format", "html").fault({0, 73, 74})


def folder_as_log(scene):
    scene.plant("descent.sqlite-wal/data.csv")
    return proper(scene, scene.run(*RUN), (0, 73, 74))


# Permissions

class Skip(Exception):
    """Why something cannot be tried here."""


def give_away(scene):
    """Everything that the scene made, to the user nobody."""
    for base, folders, _ in os.walk(scene.output):
        if base == scene.output:
            os.chmod(base, 0o777)
    os.chmod(scene.bench.folder, 0o755)


def as_nobody(scene, *arguments):
    """The binary as a user without rights: root may write everywhere."""
    if os.getuid() != 0:
        return scene.run(*arguments)
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise Skip("needs setpriv (util-linux)")
    data = os.path.join(tools.ROOT, "experiments", "data", "iris.csv")
    if subprocess.run(
            [setpriv, *AS_NOBODY, "sh", "-c", 'test -x "$0" && test -r "$1"', scene.bench.binary, data],
            check=False, capture_output=True).returncode != 0:
        raise Skip("the user nobody may not read this clone")
    scene.last = arguments
    binary, scene.bench.binary = scene.bench.binary, setpriv
    try:
        outcome = scene.bench.run(
            *AS_NOBODY, binary, *arguments, "--output", scene.output,
            timeout=30, environment={"HOME": scene.output})
        outcome.arguments = arguments
        return outcome
    finally:
        scene.bench.binary = binary


def read_only(scene, lock_folder):
    """A report with an archive that may be read only."""
    outcome = scene.run(*RUN)
    if outcome.code != 0:
        raise Skip("no report to begin with: " + outcome.first_line())
    os.chmod(scene.bench.folder, 0o755)
    for base, folders, names in os.walk(scene.output):
        for name in names:
            os.chmod(os.path.join(base, name), 0o444)
        for folder in folders + ["."]:
            os.chmod(os.path.join(base, folder), 0o555 if lock_folder else 0o777)
    path = scene.path("descent.sqlite")
    with open(path, "rb") as file:
        scene.planted[path] = file.read()


def read_only_folder(scene):
    read_only(scene, lock_folder=True)
    for command in (["list"], ["plan", "iris", *TINY]):
        fault = proper(scene, as_nobody(scene, *command), (0,))
        if fault:
            return f"{command[0]}: {fault}"
    return as_nobody(scene, *RUN, "--fresh").fault({73})


def read_only_archive(scene):
    read_only(scene, lock_folder=False)
    for command in (["list"], ["plan", "iris", *TINY], ["render", "iris", *TINY, "--format", "html"],
                    ["export", "iris", *TINY, "--to", "csv"]):
        fault = proper(scene, as_nobody(scene, *command), (0,))
        if fault:
            return f"{command[0]}: {fault}"
    return None


def folder_without_rights(scene):
    os.chmod(scene.bench.folder, 0o755)
    os.chmod(scene.output, 0o000)
    try:
        return as_nobody(scene, *RUN).fault({73})
    finally:
        os.chmod(scene.output, 0o755)


def output_is_a_file(scene):
    write(scene.path("file"))
    return scene.bench.run(*RUN, "--output", scene.path("file")).fault({73})


def output_below_a_file(scene):
    write(scene.path("file"))
    return scene.bench.run(*RUN, "--output", scene.path("file/deeper")).fault({73})


def output_is_a_link(scene):
    link = os.path.join(scene.elsewhere, "link")
    os.symlink(scene.output, link)
    return scene.bench.run(*RUN, "--output", link).fault({0})


SCENES = [
    folder_of_that_name, files_named_like_ours, notes_beside_a_report, notes_beside_a_rendered_report,
    plain_file_of_that_name, link_to_a_folder, link_to_a_file, link_to_nothing, links_inside_a_report, figures_as_link,
    comparison, exports, export_over_a_link, export_folder_is_a_file, live_log_as_link, live_folder_as_link,
    live_folder_as_file, live_log_as_fifo, probe_as_link, staging_as_link, folder_named_like_staging, living_staging_of_another_user,
    fifo_as_archive, fifo_under_run, fifo_under_render, fifo_as_lock, folder_as_archive, device_as_archive,
    text_as_archive, link_to_text_as_archive, another_programs_database, lock_as_link, text_as_log, folder_as_log,
    read_only_folder, read_only_archive, folder_without_rights, output_is_a_file, output_below_a_file, output_is_a_link]


def attack(bench, tally):
    for play in SCENES:
        scene = Scene(bench)
        title = play.__name__.replace("_", " ")
        try:
            fault = play(scene)
            tally.judge(f"{title}; then {tools.quoted(scene.last)}", fault)
        except Skip as reason:
            tally.skip(title, str(reason))
