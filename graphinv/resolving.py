"""Resolution of a workspace: its records and judgements in, what was concluded kept for the next time."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from graphinv import record_parties
from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.judgements import Judgement, JudgementStore, Verdict, pairs_of
from graphinv.resolve.kept import forget_pairs, read_entities, read_kept, write_kept
from graphinv.resolve.resolution import Kept, Resolution, resolve
from graphinv.resolve.same_as import Conclusions, apart, conclude, declared_uids, undivided
from graphinv.workspace import Workspace

_FOLDER = "resolution"


def resolve_workspace(workspace: Workspace, records: PreparedRecords) -> Resolution:
    """Resolve all parties; only what is new or changed since the last time is compared."""
    folder = workspace.root / _FOLDER
    kept = read_kept(folder)
    before = read_entities(folder) if kept is None else None
    same, different = _judged(records, JudgementStore(workspace).current())
    found = resolve(
        declared_by(records), kept=kept, before=before, same=same, different=different, uids=declared_uids(records)
    )
    write_kept(folder, found.kept)
    return found


def resolve_as_of(workspace: Workspace, records: PreparedRecords, as_of: datetime) -> Resolution:
    """Resolve what was known by a moment as a workspace would that holds nothing else: the judgements and a model of
    then, and nothing concluded before."""
    same, different = _judged(records, JudgementStore(workspace).current(as_of))
    return resolve(declared_by(records), same=same, different=different, uids=declared_uids(records))


@dataclass
class Onward:
    """Resolution from one past moment to the next, as a workspace would that was loaded in between: only what is new
    since the last moment is compared."""

    workspace: Workspace
    _kept: Kept | None = None

    def resolve(self, records: PreparedRecords, as_of: datetime) -> Resolution:
        """Resolve what was known by a moment, later than the last one."""
        same, different = _judged(records, JudgementStore(self.workspace).current(as_of))
        found = resolve(
            declared_by(records), kept=self._kept, same=same, different=different, uids=declared_uids(records)
        )
        self._kept = found.kept
        return found


def resolve_alone(records: PreparedRecords) -> Resolution:
    """Resolve some records by themselves: nothing was concluded before, nobody judged."""
    different = _pairs(apart(records))
    return resolve(declared_by(records), different=different, uids=declared_uids(records))


def last_pass(workspace: Workspace) -> Kept | None:
    """What the last pass kept; None before the first, and while its model is of another table of comparisons."""
    return read_kept(workspace.root / _FOLDER)


def kept_conclusions(workspace: Workspace, records: PreparedRecords) -> Conclusions:
    """What the last pass concluded about these records, without another pass."""
    kept = read_kept(workspace.root / _FOLDER)
    return undivided(records) if kept is None else conclude(records, kept.holding, kept.entities)


def forget_resolution(workspace: Workspace) -> None:
    """Have the next pass train and compare anew; entities keep their ids."""
    forget_pairs(workspace.root / _FOLDER)


def _judged(
    records: PreparedRecords, judgements: list[Judgement]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(same, different) pairs of uids: judged ones, and those whom the contacts told apart unless judged the same."""
    judged = pairs_of(judgements, record_parties.table(records)) if judgements else None
    same = [] if judged is None else _pairs(judged.filter(pl.col("verdict") == str(Verdict.SAME)))
    different = [] if judged is None else _pairs(judged.filter(pl.col("verdict") == str(Verdict.DIFFERENT)))
    told = set(same)
    return same, different + [pair for pair in _pairs(apart(records)) if pair not in told]


def _pairs(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return list(frame.select("src", "dst").iter_rows())
