"""Records that say something else than before: what their parties claim is taken from all records that name these
parties, by the code that makes the whole graph, and the difference to what was claimed is what changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from graphinv.current.batches import OnRecord
from graphinv.current.naming import Keys, OnFile, places_of
from graphinv.links.ledger import PARTIES
from graphinv.links.live.changes import RELATION
from graphinv.load.additions import Additions, additions
from graphinv.resolve.identities import PreparedRecords, importer_uid
from graphinv.resolve.versions import newest


@dataclass(frozen=True)
class Changed:
    """Records that say something else by now: ``versions`` are all of them, ``now`` the identified ones that count,
    ``numbers`` those that they name, in every spelling."""

    versions: PreparedRecords
    now: PreparedRecords
    numbers: pl.Series

    def parties(self, before: pl.DataFrame) -> pl.Series:
        """Whom they name and named; ``before`` are the parties (columns of PARTIES) of their shipments until now."""
        named = [frame[column] for frame in (before, self.now.shipments) for column in PARTIES]
        spelt = pl.Series([importer_uid(number) for number in self.numbers], dtype=pl.String)
        uids = pl.concat([*named, self.now.importers["uid"], self.now.sellers["uid"], spelt])
        return uids.drop_nulls().unique()


@dataclass(frozen=True)
class Restated:
    """What some parties are by now: all ``records`` that name them, identified, what these say (``added``), and every
    relationship (``edges``) that the parties and the units of ``places`` have."""

    parties: pl.Series
    places: pl.Series
    records: PreparedRecords
    added: Additions
    edges: pl.DataFrame

    @property
    def nobody(self) -> pl.Series:
        """Those of the parties that no record names by now."""
        return self.parties.filter(~self.parties.is_in(self.added.nodes["uid"].implode()))


def changed(on_file: OnFile, record: OnRecord, feed: str, rows: pl.DataFrame) -> Changed:
    """What the rows of a batch change: their own records, and of registrations all that names their numbers.

    The rows are on record already (``OnRecord.remember``).
    """
    numbers = pl.concat([rows["number_key"], rows["ein_hash"]]) if feed == "importers" else rows["content"].clear()
    versions = on_file.versions(rows["record_id"], record.spellings(numbers.drop_nulls()))
    now = record.identify(replace(versions, shipments=newest(versions.shipments, "record_id")))
    return Changed(versions, now, record.spellings(Keys.of(versions).numbers))


def restated(
    on_file: OnFile, record: OnRecord, told: Changed, parties: pl.Series, others: PreparedRecords, clock: datetime
) -> Restated:
    """What the parties of changed records are by now. ``others`` are identified seizures and vettings."""
    found = record.identify(on_file.naming(replace(Keys.of(told.versions), numbers=told.numbers)))
    records = replace(found, seizures=others.seizures, trusted=others.trusted)
    places = places_of(told.versions)
    added = additions(records, clock)
    theirs = added.claims.filter(pl.col("src").is_in(pl.concat([parties, places]).implode()))
    edges = replace(added, claims=theirs).edges(theirs["root"].unique())
    return Restated(parties, places, _naming(records, parties), added, edges)


def nodes_anew(anew: Restated, held: pl.DataFrame, joined: Mapping[str, str]) -> pl.DataFrame:
    """The parties as they are told by now, as nodes.

    ``held`` are those of the parties that were named before: they stay of the entities that they were concluded to be
    of; who is new is of the one that he was recognised as (``joined``), or by himself. Whom nobody names any more is
    told without what the records said.
    """
    theirs = anew.added.nodes.filter(pl.col("uid").is_in(anew.parties.implode()))
    before = dict(held.select("uid", "entity").iter_rows())
    own = {uid: before.get(uid) or joined.get(uid) or entity for uid, entity in theirs["uid", "entity"].iter_rows()}
    left = held.filter(~pl.col("uid").is_in(theirs["uid"].implode()))
    told = theirs.with_columns(pl.Series("entity", list(own.values()), dtype=pl.String))
    return pl.concat([told, left.with_columns(possible_victim=None)], how="diagonal_relaxed")


def difference(anew: Restated, held: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(relationships that go, those that come or say something else); ``held`` are those at the parties and places.

    What was concluded of them (SAME_AS) stands as long as somebody names both sides.
    """
    concluded = pl.col("claim") == "SAME_AS"
    nobody = anew.nobody.implode()
    ended = held.filter(concluded, pl.col("src").is_in(nobody) | pl.col("dst").is_in(nobody)).select(RELATION)
    theirs = pl.col("src").is_in(pl.concat([anew.parties, anew.places]).implode())
    claimed, wanted = held.filter(~concluded, theirs), anew.edges
    gone = claimed.join(wanted, on=RELATION, how="anti").select(RELATION)
    listed = pl.col("sources").list.join("\x1f").alias("_sources")
    said = [*(name for name in wanted.columns if name != "sources"), "_sources"]
    same = claimed.with_columns(listed).select(said)
    other = wanted.with_columns(listed).join(same, on=said, how="anti", nulls_equal=True)
    return pl.concat([gone, ended]), other.select(wanted.columns)


def _naming(records: PreparedRecords, parties: pl.Series) -> PreparedRecords:
    """Of the records those that name one of the parties."""
    uids = parties.implode()
    named = pl.any_horizontal(pl.col(role).is_in(uids).fill_null(value=False) for role in PARTIES)
    return replace(
        records,
        importers=records.importers.filter(pl.col("uid").is_in(uids)),
        sellers=records.sellers.filter(pl.col("uid").is_in(uids)),
        shipments=records.shipments.filter(named),
    )
