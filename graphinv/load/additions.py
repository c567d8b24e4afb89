"""What new records add to the evidence, claim by claim, so that it can come in the order of the records."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from graphinv.load.claims import ClaimingRows, building_claims, dealing_claims, party_claims
from graphinv.load.evidence import evidence_nodes
from graphinv.load.few import few_claims, few_nodes
from graphinv.load.relations import CLAIM, Part, aggregate
from graphinv.load.tables import party_tables
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.same_as import undivided
from graphinv.schema import SOURCES_KEPT


@dataclass(frozen=True)
class Additions:
    """``nodes``: parties and values that the records name, as the link engine reads them. ``claims``: claim, src, dst,
    record_id, seen, known_at, confidence, and ``root``, the record without the role of a party in it."""

    nodes: pl.DataFrame
    claims: pl.DataFrame

    def edges(self, roots: pl.Series) -> pl.DataFrame:
        """What some of the records claim, a row a relationship."""
        return aggregate(self.claims.filter(pl.col("root").is_in(roots.implode())), "claim")


#: So many shipments are taken row by row: more are faster in tables.
_FEW = 500


def additions(records: PreparedRecords, clock: datetime) -> Additions:
    """What identified records claim by themselves: their parties are concluded to be one with nobody."""
    others = (getattr(records, feed) for feed in FEEDS if feed != "shipments")
    if len(records.shipments) <= _FEW and not any(len(rows) for rows in others):
        return Additions(few_nodes(records.shipments), few_claims(records.shipments))
    return _in_tables(records, clock)


def _in_tables(records: PreparedRecords, clock: datetime) -> Additions:
    tables = party_tables(records, undivided(records), clock)
    rows = ClaimingRows.of(records)
    claimed = [*party_claims(rows), *dealing_claims(rows.shipments), building_claims(rows)]
    claims = pl.concat(_rooted(one.type, part) for one in claimed for part in one.parts)
    return Additions(evidence_nodes(tables), claims)


def _rooted(claim: str, part: Part) -> pl.DataFrame:
    """The claims of a part. The part knows its role: an id of a shipment may end in what looks like one."""
    root = pl.col("record_id").str.strip_suffix(part.role).alias("root")
    return part.frame().select(pl.lit(claim).alias("claim"), *CLAIM, root)


def merged(held: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Relationships on record together with what other records say of them."""
    if held.is_empty():
        return added
    both = pl.concat([held.select(added.columns), added])
    return both.group_by("src", "dst", "claim", maintain_order=True).agg(
        pl.col("sources").explode().unique().sort().head(SOURCES_KEPT),
        pl.col("count").sum(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("known_at").min(),
        pl.col("confidence").max(),
    )
