"""Screen a file of shipments: one look-up a shipment, one line a shipment out; nothing is written to the graph."""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from graphinv.errors import InvalidInput
from graphinv.ingest import FeedCounts, Progress, checked_rows
from graphinv.links.answer import PartyAnswer
from graphinv.links.question import LookupRequest, PartyQuestion, question_of
from graphinv.opened import OpenedWorkspace

__all__ = ["COLUMNS", "Screened", "question_of", "screen_file", "screen_rows"]

COLUMNS = ("shipment_id", "score", "band", "status", "top_seizure", "top_party", "sentence")

#: Shipments that are looked up together.
_TOGETHER = 50


@dataclass(frozen=True)
class Screened:
    """One shipment's answer."""

    shipment_id: str
    answer: PartyAnswer

    def cells(self) -> tuple[object, ...]:
        """The cells of ``COLUMNS``; a leading character that a spreadsheet would run is quoted."""
        top = self.answer.links[0] if self.answer.links else None
        texts = (
            (top.seizure.id, top.party.caption, top.sentence)
            if top is not None
            else ("", "", "no link to a seizure was found")
        )
        plain = (self.shipment_id, self.answer.score, self.answer.band, self.answer.status, *texts)
        return tuple(_harmless(cell) if isinstance(cell, str) else cell for cell in plain)


#: Told how many shipments were answered, and of how many if that is known.
Watch = Callable[[int, int | None], None]


def _unwatched(done: int, total: int | None) -> None:
    """Nobody looks."""


def screen_file(
    opened: OpenedWorkspace, paths: Sequence[Path | str], out: Path | None = None, watch: Watch = _unwatched
) -> FeedCounts:
    """Look up every valid shipment of the files and write ``COLUMNS`` as CSV; the counts say what was left out.

    Without ``out`` standard output is written to. Nothing is, not even an empty file, where there is no index or the
    files cannot be read.
    """
    if opened.folder.root in (Path(path).absolute() for path in paths):
        raise InvalidInput("that is the workspace itself; name the file with the shipments to screen")
    _ = opened.index
    pieces = checked_rows(paths, "shipments", opened.folder.hash_key)
    first = list(islice(pieces, 1))
    counts = FeedCounts()
    with _writing_to(out) as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for piece in chain(first, pieces):
            refused = piece.refused.height
            counts += FeedCounts(piece.read, piece.read - refused, 0, refused)
            for row in screen_rows(opened, piece.accepted.iter_rows(named=True)):
                writer.writerow(row.cells())
            watch(counts.accepted, None)
    return counts


def screen_arrivals(
    opened: OpenedWorkspace,
    folder: Path,
    out: Path | None = None,
    reading: Progress | None = None,
    watch: Watch = _unwatched,
) -> FeedCounts:
    """Take all feeds of a folder in the order in which they became known, and screen each accepted shipment once, by
    what the workspace and the folder knew when it was filed, earlier arrivals included. Nothing is kept.

    Raises InvalidInput when the folder has no shipment that can be screened.
    """
    from graphinv.replay.known import read_folder
    from graphinv.replay.screening import replayed

    with TemporaryDirectory(prefix="graphinv-replay-") as scratch:
        arriving = read_folder(opened.folder, folder, Path(scratch), reading)
        total, done = arriving.shipments.height, count(1)
        with _writing_to(out) as stream:
            writer = csv.writer(stream)
            writer.writerow(COLUMNS)
            for found in replayed(opened.folder, arriving):
                writer.writerow(Screened(found.shipment_id, found.answer).cells())
                watch(next(done), total)
    return arriving.counts


def _writing_to(out: Path | None) -> AbstractContextManager[TextIO]:
    return nullcontext(sys.stdout) if out is None else out.open("w", newline="", encoding="utf-8")


def screen_rows(opened: OpenedWorkspace, rows: Iterator[Mapping[str, object]]) -> Iterator[Screened]:
    """One answer for every row of the shipments feed, in their order."""
    waiting: dict[str, PartyQuestion] = {}
    ids: list[str] = []
    for row in rows:
        ids.append(str(row["shipment_id"]))
        waiting[str(len(ids))] = question_of(row)
        if len(waiting) == _TOGETHER:
            yield from _answered(opened, ids, waiting)
            ids, waiting = [], {}
    if waiting:
        yield from _answered(opened, ids, waiting)


def _answered(opened: OpenedWorkspace, ids: list[str], questions: dict[str, PartyQuestion]) -> Iterator[Screened]:
    responses = opened.lookup(LookupRequest(queries=questions, paths=1, limit=1)).responses
    for shipment_id, answer in zip(ids, responses.values(), strict=True):
        yield Screened(shipment_id, answer)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
