"""Screen a file of shipments: one look-up a shipment, one line a shipment out; nothing is written to the graph."""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, TextIO

from graphinv.errors import FeedError, InvalidInput
from graphinv.ingest import Accounting, FeedCounts, Progress, checked_rows
from graphinv.ingest.sources import Sources, find_sources
from graphinv.ingest.validation import CheckedPiece
from graphinv.links.question import question_of
from graphinv.opened import OpenedWorkspace
from graphinv.screening_processes import TOGETHER, Row, Screened, processes_for, screening_by

__all__ = ["COLUMNS", "Screened", "Screening", "question_of", "screen_arrivals", "screen_file"]

COLUMNS = ("shipment_id", "score", "band", "status", "top_seizure", "top_party", "sentence", "score_is")


_FEED = "shipments"


@dataclass(frozen=True)
class Screening:
    """What became of every row that was read, of all feeds, and how many shipments were answered: of those accepted,
    a replay screens newer versions of one not again. ``scores``: how many scores were what (``score_is``)."""

    accounting: Accounting
    screened: int
    scores: Mapping[str, int]

    @property
    def counts(self) -> FeedCounts:
        """Of the shipments."""
        return self.accounting.feeds.get(_FEED, FeedCounts())

    @property
    def versions(self) -> int:
        """How many accepted rows are newer versions of a shipment that was screened as it was first filed."""
        return self.counts.accepted - self.screened


class Watch(Protocol):
    """Told how far a screening is."""

    def __call__(self, done: int, total: int | None, filed: datetime | None = None) -> None:
        """So many shipments were answered, of so many or nearly so; a replay got to what was ``filed`` then."""


def _unwatched(done: int, total: int | None, filed: datetime | None = None) -> None:
    """Nobody looks."""


def screen_file(
    opened: OpenedWorkspace, paths: Sequence[Path | str], out: Path | None = None, watch: Watch = _unwatched
) -> Screening:
    """Look up every valid shipment of the files and write ``COLUMNS`` as CSV; the accounting says what was left out.

    Without ``out`` standard output is written to. Nothing is, not even an empty file, where there is no index or the
    files cannot be read. ``out`` is there when all is; what was answered before somebody stopped lies in
    ``unfinished(out)``. Many rows are looked up by several processes; memory does not grow with the rows.

    Raises:
        FeedError: a file that cannot be read, or that holds no shipments: each of its rows lacks what every one has.
        InvalidInput: the workspace instead of a file, or ``out`` is one of the files.
    """
    if opened.folder.root in (Path(path).absolute() for path in paths):
        raise InvalidInput("that is the workspace itself; name the file with the shipments to screen")
    _ = opened.index
    sources = find_sources(paths, _FEED)
    if not sources.files:
        unread = sources.warnings[0]
        raise FeedError(f"{unread.file}: {unread.reason.removeprefix('skipped: ')}")
    _keep_apart(out, sources)
    sofar = _SoFar(Accounting({_FEED: FeedCounts()}, sources.warnings))
    processes, pieces = _looked_into(_shipments(checked_rows(paths, _FEED, opened.folder.hash_key, sofar.read)))
    with _writing_to(out) as stream, screening_by(processes, opened) as screen:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        watch(0, None)
        for answered in screen(_batches(pieces, sofar)):
            writer.writerows(answered)
            sofar.done += len(answered)
            sofar.scores.update(str(cells[-1]) for cells in answered)
            watch(sofar.done, sofar.total)
    return Screening(sofar.accounting, sofar.done, sofar.scores)


def _keep_apart(out: Path | None, sources: Sources) -> None:
    """Refuse to write in the place of what is read."""
    written = [] if out is None else [path for path in (out, unfinished(out)) if path.exists()]
    for path in written:
        if any(path.samefile(one.path) for one in sources.files):
            raise InvalidInput(f"{path} is one of the files that are read; name another file to write")


def _shipments(pieces: Iterable[CheckedPiece]) -> Iterator[CheckedPiece]:
    """The pieces as they are; an error where a file begins with many rows, or has only such, that are of another
    feed."""
    holding: set[str] = set()
    for piece in pieces:
        if piece.accepted.height:
            holding.add(piece.file)
        elif piece.file not in holding and piece.lacks is not None:
            raise FeedError(
                f"{piece.file} holds no shipments: none of its {piece.read:,} rows has a {piece.lacks}; name files of "
                "the shipments feed (`graphinv load` takes the others)"
            )
        yield piece


@dataclass
class _SoFar:
    """How far a screening is: what became of the rows that were read, and how many were answered."""

    accounting: Accounting
    done: int = 0
    #: Of all bytes; of those that were counted, and of one piece more at times.
    share: float = 0.0
    scores: Counter[str] = field(default_factory=Counter)

    def read(self, share: float) -> None:
        """So much of the files was read."""
        self.share = share

    @property
    def total(self) -> int | None:
        """How many shipments will have been answered in the end, if the rest is like what was read."""
        return max(round(self.accounting.feeds[_FEED].accepted / self.share), self.done) if self.share else None


def _looked_into(pieces: Iterator[CheckedPiece]) -> tuple[int, Iterator[CheckedPiece]]:
    """How many processes they are worth, by the first, and all of them; none is kept in memory once it was read."""
    first = list(islice(pieces, 1))
    return processes_for(sum(piece.accepted.height for piece in first)), _emptied(first, pieces)


def _emptied(first: list[CheckedPiece], pieces: Iterator[CheckedPiece]) -> Iterator[CheckedPiece]:
    """All of both; ``itertools.chain`` would hold the first to the end."""
    while first:
        yield first.pop(0)
    yield from pieces


def _batches(pieces: Iterable[CheckedPiece], sofar: _SoFar) -> Iterator[list[Row]]:
    """The accepted rows in their order, a few at a time; ``sofar`` counts the pieces that were begun."""
    for piece in pieces:
        sofar.accounting += piece.accounted(_FEED, piece.file)
        for some in piece.accepted.iter_slices(TOGETHER):
            yield some.rows(named=True)


def screen_arrivals(
    opened: OpenedWorkspace,
    folder: Path,
    out: Path | None = None,
    reading: Progress | None = None,
    watch: Watch = _unwatched,
    told: Callable[[Accounting], None] = lambda _: None,
) -> Screening:
    """Take all feeds of a folder in the order in which they became known, and screen each accepted shipment once, by
    what the workspace and the folder knew when it was filed, earlier arrivals included. Nothing is kept.

    What became of every row of every feed is ``told`` before the first is screened. Raises InvalidInput when the
    folder has no shipment that can be screened, or when ``out`` is one of its files.
    """
    from graphinv.replay.known import read_folder
    from graphinv.replay.screening import replayed

    _keep_apart(out, find_sources([folder]))
    with TemporaryDirectory(prefix="graphinv-replay-") as scratch:
        arriving = read_folder(opened.folder, folder, Path(scratch), reading)
        told(arriving.accounting)
        total, done, scores = arriving.shipments.height, count(1), Counter[str]()
        with _writing_to(out) as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for found in replayed(opened.folder, arriving):
                cells = Screened(found.shipment_id, found.answer).cells()
                writer.writerow(cells)
                scores[str(cells[-1])] += 1
                watch(next(done), total, found.filed)
    return Screening(arriving.accounting, total, scores)


def unfinished(out: Path) -> Path:
    """Where the lines that were written before a screening was stopped are; each is whole."""
    return out.with_name(f"{out.name}.part")


@contextmanager
def _writing_to(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    takes_its_place = out.is_file() or not out.exists()  # a pipe or device is written to as it is
    target = unfinished(out) if takes_its_place else out
    with target.open("w", newline="", encoding="utf-8") as stream:
        yield stream
    if takes_its_place:
        target.replace(out)
