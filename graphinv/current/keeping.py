"""An opened epoch that follows the records: look-ups hold whole states, and what is new is worked in beside them."""

import logging
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import format_tb
from typing import TYPE_CHECKING

import polars as pl

from graphinv.current.arriving import Arriving
from graphinv.ingest.journal import PATIENCE_S
from graphinv.ingest.record_store import Batch, RecordStore
from graphinv.links.index import LinkIndex
from graphinv.resolve.judgements import Judgement, JudgementStore, counting, digest_of
from graphinv.workspace import Workspace

# Working records in takes what loading takes; a server to which nothing new comes starts without it.
if TYPE_CHECKING:
    from graphinv.current.judged import Judged
    from graphinv.current.work import Work

_LOG = logging.getLogger(__name__)

#: More records than these, and than this share of those of the epoch, are left for the next epoch.
MOST_ROWS, MOST_SHARE = 5_000, 0.1
#: More batches than these are, too: each is worked in by itself.
MOST_BATCHES = 500
#: And more records than these at once: a look-up would wait for them, and the load that brings so many makes an epoch
#: of them anyway.
MOST_AT_ONCE = 5_000

_ROLLED_LATER = "arrivals that no load has rolled yet"
_JUDGED = "judgements made or withdrawn since the last load"


@dataclass(frozen=True)
class Reading:
    """A state that look-ups are asked of, and its epoch. ``seq`` is the newest batch in it; ``behind`` says what it
    lacks, if it lacks anything that is on record."""

    epoch: LinkIndex
    index: LinkIndex
    seq: int
    behind: str | None
    worked: "Work | None" = None

    def came(self, shipment_ids: Iterable[str]) -> set[str]:
        """Which of these shipments came since the epoch."""
        return set() if self.worked is None else self.worked.came(shipment_ids)

    def of_epoch(self, shipment_ids: Iterable[str]) -> set[str]:
        """Which of these shipments the epoch holds, as far as it knows."""
        asked = list(shipment_ids)
        if self.epoch.ledger is None:
            return set()
        rows = self.epoch.ledger.rows_of(pl.Series(asked, dtype=pl.String))
        return {shipment for shipment, row in zip(asked, rows.tolist(), strict=True) if row >= 0}


@dataclass(frozen=True)
class Waiting:
    """``behind``: what look-ups lack until the next load. ``records``: how many came that the next look-up works in
    first; ``judgements``: whether some were made or withdrawn that it follows then."""

    behind: str | None
    records: int = 0
    judgements: bool = False

    def text(self) -> str:
        """In words, after which there is more to say."""
        if self.behind is not None:
            return f"look-ups lack {self.behind}"
        new = [f"{self.records:,} records"] if self.records else []
        new += ["judgements"] if self.judgements else []
        return f"the next look-up works in {' and '.join(new)} first" if new else "look-ups know all that is on record"


@dataclass(frozen=True)
class _Made:
    """All judgements ever made, and those that count, as of a ``JudgementStore.stamp``."""

    stamp: tuple[int, int]
    judgements: list[Judgement]
    current: list[Judgement]
    revision: str

    @classmethod
    def read(cls, store: JudgementStore) -> "_Made":
        stamp, made = store.stamp(), store.all()
        current = counting(made)
        return cls(stamp, made, current, digest_of(current))


class Keeping:
    """One epoch and what was worked into it since. Threads may share one."""

    def __init__(self, workspace: Workspace, epoch: LinkIndex) -> None:
        self.epoch = epoch
        self._workspace = workspace
        self._seq = epoch.meta.records
        self._waits: str | None = None
        self._judged = epoch.meta.judged
        self._judgements_wait = False
        self._made: _Made | None = None
        #: What was judged between two revisions; kept, since those that wait are looked at with every batch.
        self._told: tuple[tuple[str, str], Judged | None] | None = None
        self._rows = 0
        self._work: Work | None = None
        self._working = threading.RLock()
        self._busy = self._given_up = False
        self._looked_at: object = None

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The newest state, after what is new was worked in; while another thread does that, the state before."""
        everything = self.catch_up(wait=False)
        seq, work = self._seq, self._work
        behind = self._lacking() or self._unseen(seq, everything)
        if work is None:
            yield Reading(self.epoch, self.epoch, seq, behind)
            return
        with work.reading() as index:
            yield Reading(self.epoch, index, seq, behind, work)

    def waiting(self) -> Waiting:
        """What look-ups lack just now; nothing is worked in, so that it is answered at once."""
        behind = self._lacking() or (_ROLLED_LATER if _arrivals_wait(self._workspace) else None)
        if behind is not None or self._workspace.commits.stamp() == self._looked_at is not None:
            return Waiting(behind)
        new = self._came()
        if (too_many := self._too_many(new)) is not None:
            return Waiting(too_many)
        return Waiting(None, sum(batch.rows for batch in new), self._judgements().revision != self._judged)

    def _lacking(self) -> str | None:
        """What of what it looked at could not be worked in."""
        return self._waits or (_JUDGED if self._judgements_wait else None)

    def catch_up(self, *, wait: bool, arriving: Arriving | None = None, before: int = -1) -> bool:
        """Work in what is new. With ``wait``, whatever was on record when it was called is in when it returns; True
        where that is told without another look at the records.

        ``arriving`` is what look-ups found of shipments while ``before`` was the newest batch.
        """
        if self._workspace.commits.stamp() == self._looked_at is not None:
            return True
        if not self._working.acquire(blocking=wait):
            return False
        try:
            stamp = self._workspace.commits.stamp()
            new = self._new()
            with self.working():
                for batch in new:
                    if not self._given_up:
                        self._take(batch, arriving if self._seq == before else None)
                self._follow()
            self._looked_at = stamp
        finally:
            self._working.release()
        return False

    @contextmanager
    def working(self) -> Iterator[None]:
        """While the block runs no other thread works anything in: look-ups go on with the state before, and what is
        recorded meanwhile has not come to them yet."""
        with self._working:
            self._busy = True
            try:
                yield
            finally:
                self._busy = False

    def _new(self) -> list[Batch]:
        """Batches to work in, in the order of their commits; none while there are too many."""
        new = [] if self._given_up else self._came()
        self._waits = self._too_many(new) or self._waits
        return [] if self._too_many(new) else new

    def _came(self) -> list[Batch]:
        return RecordStore(self._workspace).since(self._seq)

    def _too_many(self, new: Sequence[Batch]) -> str | None:
        ledger = self.epoch.ledger
        most = 0 if ledger is None else max(MOST_ROWS, int(MOST_SHARE * ledger.records))
        rows = sum(batch.rows for batch in new)
        if self._rows + rows <= most and rows <= MOST_AT_ONCE and len(new) <= MOST_BATCHES:
            return None
        return f"the last {rows:,} records, more than are worked in between loads"

    def _take(self, batch: Batch, arriving: Arriving | None) -> None:
        try:
            self._begun().take(batch, arriving)
        except Exception as error:  # whatever came: look-ups go on with the epoch and say so
            waits = self._give_up(f"a batch of {batch.feed}", error)
            self._waits = self._waits or waits
        self._seq, self._rows = batch.seq, self._rows + batch.rows

    def _follow(self) -> None:
        """Let judgements count that were made or withdrawn since, as far as that is possible without a load."""
        made = self._judgements()
        if made.revision == self._judged:
            self._judgements_wait = self._outdated(made.current)
            return
        from graphinv.current.judged import judged_since

        told = None
        if not (self._given_up or self._waits or self.epoch.ledger is None):
            since = (made.revision, self._judged)
            if self._told is None or self._told[0] != since:
                self._told = (since, judged_since(made.judgements, self._judged))
            told = self._told[1]
        self._judgements_wait = told is None or not self._followed(told)
        if not self._judgements_wait:
            self._judged = made.revision

    def _judgements(self) -> _Made:
        """What was judged until now, read again only where more was."""
        store = JudgementStore(self._workspace)
        if self._made is None or self._made.stamp != store.stamp():
            self._made = _Made.read(store)
        return self._made

    def _outdated(self, judgements: Iterable[Judgement]) -> bool:
        """Whether judgements are of records that name somebody else by now."""
        names = [side for one in judgements for side in (one.left, one.right)]
        return self._work is not None and self._work.names_corrected(names)

    def _followed(self, told: "Judged") -> bool:
        try:
            return not self._outdated(told.now) and self._begun().judge(self._seq, told)
        except Exception as error:  # whatever it was: look-ups go on with the epoch and say so
            self._waits = self._give_up("judgements", error)
            return False

    def _give_up(self, what: str, error: Exception) -> str:
        """Leave the rest for the next epoch; why. The log tells where it broke: a message may hold what records say."""
        self._work, self._given_up = None, True
        waits = f"{what} that could not be worked in ({type(error).__name__})"
        _LOG.error("look-ups go on with the last epoch: %s\n%s", waits, "".join(format_tb(error.__traceback__)))
        return waits

    def _begun(self) -> "Work":
        if self._work is None:
            from graphinv.current.work import Work

            assert self.epoch.ledger is not None  # noqa: S101 - without one nothing is worked in
            self._work = Work(self._workspace, self.epoch, self.epoch.ledger)
        return self._work

    def _unseen(self, seq: int, everything: bool) -> str | None:
        """What is on record and not in the state of ``seq``; ``everything``: that was seen to be all just now."""
        if _arrivals_wait(self._workspace):
            return _ROLLED_LATER
        if everything or self._busy or self._workspace.commits.stamp() == self._looked_at is not None:
            return None
        return "records that came just now" if RecordStore(self._workspace).newest_seq() > seq else None


def _arrivals_wait(folder: Workspace) -> bool:
    """Whether arrivals lie in the journal for longer than those who sent them waited: a load is reading files."""
    try:
        with os.scandir(folder.journal) as files:
            return any(
                file.name.endswith(".jsonl") and time.time() - file.stat().st_mtime > PATIENCE_S for file in files
            )
    except FileNotFoundError:  # nothing arrived yet, or what lay there was rolled just now
        return False
