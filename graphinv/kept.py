"""What is kept in versions: a folder each, named by its number, of which ``CURRENT`` names the one that readers open.

A version is written beside the others and is there from the moment ``CURRENT`` names it, so whoever reads, or is killed
while writing, finds one whole. One process writes at a time.
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from graphinv.drafts import draft_of

_CURRENT = "CURRENT"

_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Versions:
    """The versions in a folder, which need not be there yet; the newest ``keep`` stay when another is written."""

    folder: Path
    keep: int = 1

    @property
    def current(self) -> int | None:
        """The version that readers should open, None before the first."""
        try:
            return int((self.folder / _CURRENT).read_text())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def stamp(self) -> tuple[int, int] | None:
        """What changes when another version becomes the current one, told without reading; None before the first."""
        try:
            found = os.stat(f"{self.folder}/{_CURRENT}")  # noqa: PTH116 (every look-up asks: a Path costs more)
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    @property
    def numbers(self) -> list[int]:
        """The versions that are there, the newest first; one that was never named current may be among them."""
        try:
            return sorted((int(path.name) for path in self.folder.iterdir() if path.name.isdigit()), reverse=True)
        except FileNotFoundError:
            return []

    def path(self, number: int) -> Path:
        """The folder of a version."""
        return self.folder / str(number)

    def read(self, reader: Callable[[Path], _Read]) -> _Read | None:
        """What the reader makes of the current version; None where there is none, or a file of it is missing.

        The reader begins again where another version took the place of the one that it read.
        """
        number = self.current
        while number is not None:
            try:
                return reader(self.path(number))
            except FileNotFoundError:
                newer = self.current
                number = None if newer == number else newer
        return None

    @contextmanager
    def writing(self, number: int, beside: Collection[int] = ()) -> Iterator[Path]:
        """A folder to write a version in, which is the current one once the block ends; if it fails, nothing changes.

        Older versions are removed, but for the newest and those ``beside`` them, and what killed processes left.
        """
        draft = self.folder / f".{number}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            yield draft
            shutil.rmtree(self.path(number), ignore_errors=True)  # written before, and never named
            draft.replace(self.path(number))
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        with draft_of(self.folder / _CURRENT) as pointer:
            pointer.write_text(str(number))
        stay = {number, *self.numbers[: self.keep], *beside}
        for old in self.folder.iterdir():
            if old.is_dir() and not (old.name.isdigit() and int(old.name) in stay):
                shutil.rmtree(old, ignore_errors=True)
