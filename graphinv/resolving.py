"""Resolution of a workspace: its records and judgements in, what was concluded kept for the next time."""

from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from graphinv import record_parties
from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.judgements import Judgement, JudgementStore, Verdict, judged_same, pairs_of
from graphinv.resolve.kept import forget_pairs, read_entities, read_kept, write_kept
from graphinv.resolve.resolution import Kept, Resolution, resolve
from graphinv.resolve.same_as import Conclusions, apart, conclude, declared_uids, undivided
from graphinv.workspace import Workspace

_FOLDER = "resolution"
_NOBODY = {"record_id": pl.String(), "uid": pl.String()}


def resolve_workspace(workspace: Workspace, records: PreparedRecords) -> Resolution:
    """Resolve all parties; only what is new or changed since the last time is compared."""
    folder = workspace.root / _FOLDER
    kept = read_kept(folder)
    before = read_entities(folder) if kept is None else None
    judged = _judged(records, JudgementStore(workspace).current())
    found = judged.resolve(records, kept, before)
    write_kept(folder, found.kept)
    return found


def resolve_as_of(workspace: Workspace, records: PreparedRecords, as_of: datetime) -> Resolution:
    """Resolve what was known by a moment as a workspace would that holds nothing else: the judgements and a model of
    then, and nothing concluded before."""
    return _judged(records, JudgementStore(workspace).current(as_of)).resolve(records)


@dataclass
class Onward:
    """Resolution from one past moment to the next, as a workspace would that was loaded in between: only what is new
    since the last moment is compared."""

    workspace: Workspace
    _kept: Kept | None = None

    def resolve(self, records: PreparedRecords, as_of: datetime) -> Resolution:
        """Resolve what was known by a moment, later than the last one."""
        found = _judged(records, JudgementStore(self.workspace).current(as_of)).resolve(records, self._kept)
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


@dataclass(frozen=True)
class _Judged:
    """Pairs of uids that are the same and that are not, and what is told of the former."""

    same: list[tuple[str, str]]
    different: list[tuple[str, str]]
    told: pl.DataFrame

    def resolve(
        self, records: PreparedRecords, kept: Kept | None = None, before: pl.DataFrame | None = None
    ) -> Resolution:
        """Resolve records by them; ``kept`` and ``before`` as ``resolve`` takes them."""
        found = resolve(
            declared_by(records), kept=kept, before=before, same=self.same, different=self.different,
            uids=declared_uids(records),
        )  # fmt: skip
        return replace(found, judged=self.told)


def _judged(records: PreparedRecords, judgements: list[Judgement]) -> _Judged:
    """The judged pairs, and among the different ones those whom the contacts told apart unless judged the same."""
    parties = record_parties.table(records) if judgements else pl.DataFrame(schema=_NOBODY)
    judged, told = pairs_of(judgements, parties), judged_same(judgements, parties)
    same = _pairs(told)
    different = _pairs(judged.filter(pl.col("verdict") == str(Verdict.DIFFERENT)))
    agreed = set(same)
    return _Judged(same, different + [pair for pair in _pairs(apart(records)) if pair not in agreed], told)


def _pairs(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return list(frame.select("src", "dst").iter_rows())
