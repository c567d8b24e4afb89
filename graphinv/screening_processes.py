"""Rows of shipments looked up a few at a time and answered in their order, by this process or by several.

A process of its own opens the workspace again; what takes space, the index, is memory-mapped and lies there once. Few
rows are on their way at a time, so memory does not grow with their number.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from typing import Any

from graphinv.child_process import ends_with_parent
from graphinv.errors import GraphinvError
from graphinv.links.answer import PartyAnswer
from graphinv.links.question import LookupRequest, question_of
from graphinv.links.uncalibrated import in_a_column
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings

#: Shipments that are looked up together.
TOGETHER = 50
#: Fewer rows are done before another process has opened the workspace.
_ROWS_WORTH_A_PROCESS = 3_000
_MOST_PROCESSES = 8
#: Batches that wait for each process: enough that none is ever idle.
_AHEAD = 3

#: A row of the shipments feed by column.
Row = dict[str, Any]


@dataclass(frozen=True)
class Screened:
    """One shipment's answer."""

    shipment_id: str
    answer: PartyAnswer

    def cells(self) -> "Cells":
        """The cells of ``screening.COLUMNS``; a leading character that a spreadsheet would run is quoted."""
        top = self.answer.links[0] if self.answer.links else None
        texts = (
            (top.seizure.id, top.party.caption, top.sentence)
            if top is not None
            else ("", "", "no link to a seizure was found")
        )
        told = (self.answer.score, self.answer.band, self.answer.status, *texts, in_a_column(self.answer.stand_in))
        plain = (self.shipment_id, *told)
        return tuple(harmless(cell) if isinstance(cell, str) else cell for cell in plain)


#: Cells of an answer: ``screening.COLUMNS``.
Cells = tuple[object, ...]
#: The cells of the answers for batches of rows, in their order.
Screen = Callable[[Iterable[list[Row]]], Iterator[list[Cells]]]


def processes_for(rows: int) -> int:
    """How many processes so many rows are worth; 1 means this one."""
    return max(1, min(rows // _ROWS_WORTH_A_PROCESS, os.cpu_count() or 1, _MOST_PROCESSES))


@contextmanager
def screening_by(processes: int, opened: OpenedWorkspace) -> Iterator[Screen]:
    """A way to screen batches of rows; with one process, it is this one."""
    if processes == 1:
        yield partial(map, partial(_screened, opened))
        return
    # spawned: a forked child of a process with threads may hang
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=ends_with_parent) as pool:
        try:
            yield partial(_in_order, pool, opened.settings, processes * _AHEAD)
        except BrokenProcessPool as error:
            raise GraphinvError("a process that screens ended, perhaps for lack of memory; screen again") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, settings: Settings, most: int, batches: Iterable[list[Row]]
) -> Iterator[list[Cells]]:
    waiting: deque[Future[list[Cells]]] = deque()
    for batch in batches:
        with _out_of_reach():
            waiting.append(pool.submit(_screened_there, settings, batch))
        if len(waiting) == most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _out_of_reach() -> Iterator[None]:
    """Ctrl+C does not reach processes that are started in the block: this one takes it, and ends them in order."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _screened_there(settings: Settings, rows: list[Row]) -> list[Cells]:
    return _screened(_opened(settings), rows)


@cache
def _opened(settings: Settings) -> OpenedWorkspace:
    """The workspace, opened once in each process."""
    return OpenedWorkspace(settings)


def _screened(opened: OpenedWorkspace, rows: list[Row]) -> list[Cells]:
    questions = {str(at): question_of(row) for at, row in enumerate(rows)}
    responses = opened.lookup(LookupRequest(queries=questions, paths=1, limit=1)).responses
    return [Screened(str(row["shipment_id"]), responses[str(at)]).cells() for at, row in enumerate(rows)]


def harmless(text: str) -> str:
    """The text as a spreadsheet cell that is never run."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
