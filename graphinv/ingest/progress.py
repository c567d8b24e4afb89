"""How a load tells how far it is."""

from pathlib import Path
from typing import Protocol


class Progress(Protocol):
    """Told of every file and every piece of it; draws bars, counts, or does nothing."""

    def start(self, file: Path, total_bytes: int) -> None:
        """A file begins."""

    def advance(self, rows: int, size: int) -> None:
        """So many more rows are done, and so many bytes of the file as it lies on disk."""

    def finish(self) -> None:
        """The file is done."""


class Silence:
    """No progress shown."""

    def start(self, file: Path, total_bytes: int) -> None:
        """Nothing."""

    def advance(self, rows: int, size: int) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""
