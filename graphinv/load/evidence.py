"""What the link engine reads: the graph with its shipments collapsed into dealings, and the seeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from graphinv.load.claims import dealing_claims
from graphinv.load.combinations import combinations, no_combinations
from graphinv.load.feed_rows import FeedRows
from graphinv.load.nodes import watchlist_nodes
from graphinv.load.relations import relations
from graphinv.load.seeds import seeds
from graphinv.load.tables import GraphTables
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.watchlist import listed


@dataclass(frozen=True)
class EvidenceTables:
    """What the link engine reads: parties, what they share or deal in, and which parties goods were seized from.

    ``edges`` has ``claim`` beside src, dst and provenance; ``seeds`` has party, seizure, role, confidence, seized_on,
    category, commodity, shipment_id, under. ``listed`` are names of watch lists; ``identifiers`` maps numbers that are
    no nodes (tax numbers, hashed) to the parties that declared them.
    ``combinations`` are rare ones that seized parties filed.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    seeds: pl.DataFrame
    listed: pl.DataFrame
    identifiers: pl.DataFrame
    clock: datetime
    combinations: pl.DataFrame = field(default_factory=no_combinations)


@dataclass(frozen=True)
class FixedEvidence:
    """What of ``EvidenceTables`` resolution has no say in: ``dealings`` are the relationships between parties that deal
    with each other, by claim."""

    dealings: Mapping[str, pl.DataFrame]
    seeds: pl.DataFrame
    listed: pl.DataFrame
    identifiers: pl.DataFrame
    combinations: pl.DataFrame


def fixed_evidence(records: PreparedRecords, shipments: FeedRows) -> FixedEvidence:
    """Make it, beside resolution if wanted; ``shipments`` are those of the records."""
    listed = listed_names(records)  # takes most memory, and so comes before there is anything else
    seized = seeds(records)
    return FixedEvidence(
        dealings={claims.type: relations(claims) for claims in dealing_claims(shipments)},
        seeds=seized,
        listed=listed,
        identifiers=_identifiers(records),
        combinations=combinations(shipments, seized["party"]),
    )


def evidence_tables(
    records: PreparedRecords, graph: GraphTables, clock: datetime, fixed: FixedEvidence | None = None
) -> EvidenceTables:
    """The graph without shipments: parties, shared values, dealings, and the seeds. ``fixed`` if it was made before."""
    fixed = fixed_evidence(records, FeedRows("shipments", records.shipments)) if fixed is None else fixed
    kept = {name: graph.edges[name] for name in _EVIDENCE_TYPES}
    edges = pl.concat(
        frame.select(pl.lit(name).alias("claim"), *_EDGE_COLUMNS) for name, frame in {**kept, **fixed.dealings}.items()
    )
    return EvidenceTables(
        nodes=evidence_nodes(graph),
        edges=edges,
        seeds=fixed.seeds,
        listed=fixed.listed,
        identifiers=fixed.identifiers,
        clock=clock,
        combinations=fixed.combinations,
    )


def evidence_nodes(graph: GraphTables) -> pl.DataFrame:
    """Parties and shared values, with what a look-up tells of them."""
    frames = (graph.nodes[name].select(pl.lit(name).alias("label"), *_node_columns(graph.nodes[name]))
              for name in _EVIDENCE_LABELS)  # fmt: skip
    return pl.concat(frames, how="diagonal")


_EDGE_COLUMNS = ("src", "dst", "sources", "count", "first_seen", "last_seen", "known_at", "confidence")
_EVIDENCE_TYPES = (
    "LOCATED_AT", "HAS_PHONE", "HAS_EMAIL", "HAS_WEBSITE", "HAS_OFFICER", "PAID_TO", "SAME_BUILDING", "SAME_AS",
)  # fmt: skip
_EVIDENCE_LABELS = (
    "Importer", "Seller", "Shipper", "Address", "Phone", "Email", "Website", "BankAccount", "Officer", "Manufacturer",
    "Broker",
)  # fmt: skip
_NODE_COLUMNS = (
    "uid", "caption", "name_key", "country", "standing", "entity", "possible_victim", "mail_drop", "first_seen",
    "building_key",
)  # fmt: skip


def _node_columns(frame: pl.DataFrame) -> list[str]:
    return [name for name in _NODE_COLUMNS if name in frame.columns]


def listed_names(records: PreparedRecords) -> pl.DataFrame:
    """Every name of every entry as ``resolve.listed`` has it, with what an answer shows of the entry."""
    shown = watchlist_nodes(records.watchlist).select("uid", "caption", "list", "entry_id", "ended_on", "reference_url")
    return listed(records).join(shown, on="uid", maintain_order="left")


def _identifiers(records: PreparedRecords) -> pl.DataFrame:
    """(key, uid), sorted by key: importer numbers by their nine digits hashed, and tax numbers of sellers."""
    importers, sellers = records.importers, records.sellers
    named = pl.concat(
        [
            importers.select(pl.col("ein_hash").alias("key"), "uid"),
            sellers.select(pl.col("tax_hash").alias("key"), "uid"),
            sellers.select(pl.col("tax_key").alias("key"), "uid"),
        ]
    )
    return named.drop_nulls().unique().sort("key", "uid")
