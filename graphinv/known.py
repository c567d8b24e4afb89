"""What was known by a moment, and what an epoch of the index holds: the same digest where it is the same.

Records are never removed. So as many rows of which none came to be known later than the newest that was known are the
same rows; seizures, whose status may be of a later day than their row, are told apart by what they said.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import polars as pl

from graphinv import __version__
from graphinv.ingest import RecordStore
from graphinv.links.index import FORMAT, Held, model_id
from graphinv.links.score_claims import CLAIMS_VERSION
from graphinv.load.tables import GRAPH_VERSION
from graphinv.prepared import scan_rows
from graphinv.records import FEEDS, KNOWN_AT
from graphinv.resolve.judgements import JudgementStore
from graphinv.resolve.prepare import PREPARED_VERSION
from graphinv.resolve.statuses import as_they_stood, status_known_at
from graphinv.workspace import Workspace

#: Feeds whose rows say from their first day on what they say.
_COUNTED = tuple(feed for feed in FEEDS if feed != "seizures")
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """What was known: the newest ``known_at``, how many rows in all versions, a digest of what seizures said, and which
    judgements counted."""

    newest: datetime
    rows: int
    seizures: str
    judged: str

    @property
    def digest(self) -> str:
        """What an index of it is found by; another version of graphinv finds none."""
        versions = (__version__, PREPARED_VERSION, GRAPH_VERSION, FORMAT, CLAIMS_VERSION, model_id())
        return sha256(repr((self, versions)).encode()).hexdigest()[:24]


def known_by(workspace: Workspace, moment: datetime) -> Known | None:
    """What was known by a moment; None when nothing was."""
    rows, newest = 0, None
    for feed in FEEDS:
        for batch in RecordStore(workspace).batches(feed):
            if batch.first_known_at > moment:
                continue
            count, last = batch.rows, batch.last_known_at
            if last > moment:
                told = pl.scan_parquet(batch.path).select(KNOWN_AT).filter(pl.col(KNOWN_AT) <= moment)
                count, last = told.select(pl.len(), pl.col(KNOWN_AT).max()).collect().row(0)
            rows += count if feed in _COUNTED else 0
            newest = last if newest is None else max(newest, last)
    if newest is None:
        return None
    seizures = _seizures(workspace, moment, RecordStore(workspace).newest_seq())
    return Known(newest.astimezone(UTC), rows, seizures, JudgementStore(workspace).revision(moment))


def held(workspace: Workspace, seq: int, clock: datetime, judged: str) -> Held:
    """What an epoch of the batches up to a ``seq`` holds, of which ``clock`` is the newest row, and that follows the
    judgements of a revision. Ask before small batches are put together."""
    records = RecordStore(workspace)
    rows = sum(batch.rows for feed in _COUNTED for batch in records.batches(feed) if batch.seq <= seq)
    newest = clock.astimezone(UTC)
    told = (newest, _last_status(workspace, seq), _last_judgement(workspace))
    since = max(moment for moment in told if moment is not None)
    return Held(Known(newest, rows, _seizures(workspace, _ALWAYS, seq), judged).digest, since)


def last_status(workspace: Workspace) -> datetime | None:
    """When the status of every seizure on record is known; None without seizures."""
    return _last_status(workspace, RecordStore(workspace).newest_seq())


def _last_status(workspace: Workspace, seq: int) -> datetime | None:
    last: datetime | None = scan_rows(workspace, "seizures", seq).select(status_known_at().max()).collect().item()
    return last


def _last_judgement(workspace: Workspace) -> datetime | None:
    """When the last judgement was made or withdrawn; None where there never was one."""
    made = JudgementStore(workspace).all()
    return max((moment for one in made for moment in (one.judged_at, one.withdrawn_at) if moment), default=None)


def _seizures(workspace: Workspace, moment: datetime, seq: int) -> str:
    """What the seizures of batches up to a ``seq`` said by a moment, whichever rows said it: two say the same until
    the day of the other's status. Another version of polars may tell it otherwise."""
    rows = scan_rows(workspace, "seizures", seq).filter(pl.col(KNOWN_AT) <= moment).collect()
    said = as_they_stood(rows, moment).drop("content").unique()
    return f"{len(said)}:{said.hash_rows().sum()}"
