"""Reads the archive of runs that Descent writes: settings, results, curves and weights as NumPy arrays."""

from .errors import ArchiveError, DamagedRun
from .file import open_archive as _open_archive
from .runs import Curves, Layer, Runs

__all__ = ["ArchiveError", "Curves", "DamagedRun", "Layer", "Runs", "open"]
__version__ = "1.0.0"


def open(path="output"):
    """The runs of an archive: of a folder of results such as "output", or of the file "descent.sqlite" itself.

    The runs are those that are complete now; Descent may go on writing.
    """
    file, connection = _open_archive(path)
    return Runs.all(file, connection)
