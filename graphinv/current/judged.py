"""Judgements made or withdrawn since an epoch: the parties concerned are grouped anew, and told as that leaves them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from graphinv import record_parties
from graphinv.current.arrivals import Arrivals
from graphinv.current.batches import OnRecord
from graphinv.current.naming import Keys, OnFile
from graphinv.links.judged_same import JudgedSame
from graphinv.links.live.changes import RELATION, Changes
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.judgements import Judgement, Verdict, counting, digest_of, judged_same, pairs_of
from graphinv.resolve.regroup import MOST, regroup
from graphinv.resolve.same_as import apart, conclude
from graphinv.resolve.versions import newest

_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Judged:
    """The judgements that count ``now``, and those that were made or withdrawn since another ``revision``."""

    now: list[Judgement]
    changed: list[Judgement]

    @property
    def revision(self) -> str:
        """Which judgements count now."""
        return digest_of(self.now)

    @property
    def names(self) -> pl.Series:
        """The sides of all of them, as they were given."""
        sides = [side for one in (*self.now, *self.changed) for side in (one.left, one.right)]
        return pl.Series(sides, dtype=pl.String).unique()


def judged_since(made: Sequence[Judgement], revision: str) -> Judged | None:
    """What of all that was ever judged came or went since a revision; None where there never was that one."""
    now = counting(made)
    moments = {at for one in made for at in (one.judged_at, one.withdrawn_at) if at is not None}
    for moment in [*sorted(moments, reverse=True), _BEFORE_ALL]:
        if digest_of(before := counting(made, moment)) == revision:
            then, by_now = ({one.id for one in some} for some in (before, now))
            return Judged(now, [one for one in made if (one.id in then) != (one.id in by_now)])
    return None


class Meant:
    """Who is meant by names in judgements, which are record ids or uids. A record is read once."""

    def __init__(self, arrivals: Arrivals, record: OnRecord) -> None:
        self._arrivals, self._record = arrivals, record
        self.forget()

    def forget(self) -> None:
        """Read records anew: some are corrected, and may name somebody else by now."""
        self._found = pl.DataFrame(schema={"record_id": pl.String, "uid": pl.String})

    def by(self, names: pl.Series, on_file: OnFile) -> pl.DataFrame:
        """(record_id, uid) of those names that somebody is meant by."""
        unread = names.filter(~names.is_in(self._found["record_id"].implode()) & ~self._arrivals.known(names))
        if len(unread):
            found = self._record.identify(_newest(on_file, record_parties.records_of(unread)))
            told = record_parties.table(found).select("record_id", "uid")
            self._found = pl.concat([self._found, told.filter(pl.col("record_id").is_in(unread.implode()))])
        uids = names.filter(self._arrivals.known(names))
        told = self._found.filter(pl.col("record_id").is_in(names.implode()))
        return pl.concat([told, pl.DataFrame({"record_id": uids, "uid": uids})]).unique()


def regrouped(arrivals: Arrivals, record: OnRecord, on_file: OnFile, meant: Meant, told: Judged) -> Changes | None:
    """What judgements change: whose entity is another one, and what is the same. None where too many are concerned, or
    nobody knows of whom a judgement is."""
    named = meant.by(told.names, on_file)
    judged = pairs_of(told.now, named)
    sides = [side for one in told.changed for side in (one.left, one.right)]
    concerned = named.filter(pl.col("record_id").is_in(sides))["uid"].unique()
    members = _of_their_entities(arrivals, concerned)
    if members is None or named["record_id"].n_unique() < len(told.names):
        return None
    around = arrivals.relations_at(members)
    held = around.filter(pl.col("claim") == "SAME_AS")
    theirs = named.filter(pl.col("uid").is_in(members.implode()))["record_id"]
    records = _records_of(record, on_file, around.filter(pl.col("src").is_in(members.implode())), theirs)
    same = _pairs(judged.filter(pl.col("verdict") == str(Verdict.SAME)))
    different = _pairs(judged.filter(pl.col("verdict") == str(Verdict.DIFFERENT)))
    different += [pair for pair in _pairs(apart(records)) if pair not in same]
    nodes = arrivals.nodes_of(members)
    asked = nodes.select("uid", "entity", party=pl.Series(arrivals.compared_at(nodes["uid"])))
    found = regroup(arrivals.match, asked, held.with_columns(probability="confidence"), same, different)
    concluded = conclude(records, found.pairs, found.entities)
    if len(concluded.same_as) < len(found.pairs):
        return None
    come = concluded.same_as.with_columns(claim=pl.lit("SAME_AS")).select(held.columns)
    moved = nodes.join(found.entities.rename({"entity": "_now"}), on="uid", maintain_order="left")
    moved = moved.filter(pl.col("_now") != pl.col("entity")).with_columns(entity="_now").drop("_now")
    return Changes(nodes=moved, edges=come, edges_gone=held.join(come, on=RELATION, how="anti").select(RELATION))


def told_same(on_file: OnFile, meant: Meant, told: Judged) -> JudgedSame:
    """Which pairs are judged the same now, and what is told of that."""
    return JudgedSame.of(judged_same(told.now, meant.by(told.names, on_file)))


def _of_their_entities(arrivals: Arrivals, uids: pl.Series) -> pl.Series | None:
    """All identities that are concluded to be one party with some; None where those are more than can be compared."""
    found, new = set(uids), uids
    while len(new) and len(found) <= MOST:
        held = arrivals.relations_at(new).filter(pl.col("claim") == "SAME_AS")
        ends = set(held["src"]) | set(held["dst"])
        new = pl.Series(sorted(ends - found), dtype=pl.String)
        found |= ends
    return None if len(found) > MOST else pl.Series(sorted(found), dtype=pl.String)


def _records_of(record: OnRecord, on_file: OnFile, told: pl.DataFrame, names: pl.Series) -> PreparedRecords:
    """The records behind what parties claim, and all others that name these parties."""
    sources = told["sources"].explode().drop_nulls()  # with a role or without: a few records too many do no harm
    roots = pl.concat([record_parties.records_of(names), sources, record_parties.records_of(sources)]).unique()
    keys = Keys.of(_newest(on_file, roots))
    wanted = replace(keys, numbers=record.spellings(keys.numbers), units=keys.units.clear())
    return record.identify(on_file.naming(wanted))


def _newest(on_file: OnFile, record_ids: pl.Series) -> PreparedRecords:
    versions = on_file.versions(record_ids, record_ids.clear())
    return replace(versions, shipments=newest(versions.shipments, "record_id"))


def _pairs(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return list(frame.select("src", "dst").iter_rows())
