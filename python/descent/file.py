"""Opens an archive for reading only, and refuses what is none."""

import contextlib
import os
import sqlite3
import urllib.parse

from .errors import ArchiveError

#: "DSCT", the identifier of Descent's files.
APPLICATION_ID = 0x44534354
#: The versions of the schema that this package reads.
KNOWN_MIGRATIONS = {"1", "2", "3", "4", "5"}


def open_archive(path):
    """The path of the file and a connection to it."""
    file = os.fspath(path)
    if os.path.isdir(file):
        file = os.path.join(file, "descent.sqlite")
    _refuse_other_files(file)
    with reading(file):
        connection = _connect(file)
    with reading(file):
        _refuse_foreign(file, connection)
    return file, connection


@contextlib.contextmanager
def reading(file):
    """SQLite's errors as errors of the archive."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise ArchiveError(file, "another process has locked the archive for half a minute", "Wait for it and read again") from error
        if "unable to open" in text or "readonly" in text or "disk I/O" in text:
            raise ArchiveError(
                file, f"the archive cannot be read ({text})",
                "Check the permissions of the file and its folder, and the disk; or copy descent.sqlite and "
                "descent.sqlite-wal to a folder that can be written") from error
        raise ArchiveError(file, f"the archive is damaged ({text})", "Restore a copy, or move it away and train again") from error
    except sqlite3.DatabaseError as error:
        raise ArchiveError(file, f"the archive is damaged ({error})", "Restore a copy, or move it away and train again") from error


def _refuse_other_files(file):
    if not os.path.exists(file):
        raise ArchiveError(
            file, "there is no archive", "Train an experiment with descent run, or give the folder of --output")
    if not os.path.isfile(file):
        raise ArchiveError(file, "this is no regular file, and no archive of runs", "Give the folder of --output")
    try:
        with open(file, "rb") as opened:
            head = opened.read(16)
    except OSError as error:
        raise ArchiveError(file, f"the archive cannot be read ({error.strerror})", "Check its permissions") from error
    if head != b"SQLite format 3\0":
        value = "an empty file" if not head else "a file that is no SQLite database"
        raise ArchiveError(file, f"{value} is no archive of runs", "Give the folder of --output")


def _connect(file):
    address = "file:" + urllib.parse.quote(os.path.abspath(file))
    try:
        return _connected(address + "?mode=ro")
    except sqlite3.OperationalError:
        # SQLite needs its log and an index of it beside the file. Where there is no log, no process is writing, and the
        # file alone is complete.
        log = os.path.realpath(file) + "-wal"
        if os.path.exists(log) and os.path.getsize(log) > 0:
            raise
        return _connected(address + "?immutable=1")


def _connected(address):
    connection = sqlite3.connect(address, uri=True, timeout=30)
    # Damaged texts become another text, which the checksum detects, instead of an error of all rows.
    connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    return connection


def _refuse_foreign(file, connection):
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise ArchiveError(file, "another program's database is no archive of runs", "Give the folder of --output")
    tables = {name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    known = {name for name, in connection.execute("SELECT identifier FROM grdb_migrations")} if "grdb_migrations" in tables else set()
    if not known <= KNOWN_MIGRATIONS:
        raise ArchiveError(file, "the archive is of a newer version than this package", "Install the package of that version: pip install ./python")
    if "2" not in known or not {"run", "series"} <= tables:
        raise ArchiveError(
            file, "the archive is of a version without checksums, whose runs are no longer used",
            "Train again with descent run, which adds current runs to it")
