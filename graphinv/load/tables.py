"""The whole graph as tables: a pure function of the records, so any order of loading gives the same graph.

``graph_tables`` is what the store should hold; ``plan`` finds how it differs from what the store holds already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from graphinv.load import nodes as node_frames
from graphinv.load.claims import (
    ClaimingRows,
    behind_parties,
    building_claims,
    habit_claims,
    named,
    party_claims,
    shipment_claims,
)
from graphinv.load.feed_rows import FeedRows
from graphinv.load.relations import relations, single
from graphinv.load.seeds import seized_from
from graphinv.resolve.coding import NOTHING, codes_of
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.same_as import Conclusions
from graphinv.resolve.watchlist import matches
from graphinv.schema import PARTY_LABELS, STANDINGS

#: Raise it whenever the same records give another graph: the next load then brings stores up to date.
GRAPH_VERSION = 9

#: A party is known once it was examined, or has filed this often over this long.
KNOWN_AFTER_SHIPMENTS = 5
KNOWN_AFTER = timedelta(days=180)


@dataclass(frozen=True)
class GraphTables:
    """``nodes``: label to a frame with ``uid``; ``edges``: type to a frame with ``src``, ``dst`` and provenance."""

    nodes: Mapping[str, pl.DataFrame]
    edges: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class ClaimedTables:
    """``tables``: parties without entities, the values they share, and what joins them but for SAME_AS. ``behind``: the
    records behind every party. ``rows``: those that all was made of, for who makes more of them."""

    tables: GraphTables
    behind: pl.DataFrame
    rows: ClaimingRows


def graph_tables(
    records: PreparedRecords, conclusions: Conclusions, clock: datetime, claimed: ClaimedTables | None = None
) -> GraphTables:
    """Every node and relationship the records claim, and what resolution concluded, as of ``clock`` (the newest
    ``known_at`` among them). ``claimed`` is what ``claimed_tables`` gives of them, if it was made before."""
    claimed = claimed_tables(records, clock) if claimed is None else claimed
    shipments = claimed.rows.shipments
    parties = concluded_tables(claimed, conclusions)
    habits = {claims.type: relations(claims) for claims in habit_claims(shipments)}
    filed = {name: single(claims) for name, claims in shipment_claims(shipments).items()}
    edges = {**parties.edges, **habits, **filed, "MATCHES": matches(records)}
    nodes = {
        **parties.nodes,
        "Shipment": node_frames.shipment_nodes(records),
        "Port": node_frames.port_nodes(habits["ENTERS_AT"]["dst"]),
        "Commodity": node_frames.commodity_nodes(habits["DECLARES"]["dst"]),
        "Seizure": node_frames.seizure_nodes(records.seizures),
        "WatchlistEntry": node_frames.watchlist_nodes(records.watchlist),
    }
    return GraphTables(nodes=_with_users(nodes, edges, conclusions.entities), edges=edges)


def party_tables(records: PreparedRecords, conclusions: Conclusions, clock: datetime) -> GraphTables:
    """Of the graph only parties, the values they share, and what joins them: all that evidence is made of."""
    return concluded_tables(claimed_tables(records, clock), conclusions)


def claimed_tables(records: PreparedRecords, clock: datetime, rows: ClaimingRows | None = None) -> ClaimedTables:
    """What ``party_tables`` has before anything is concluded. Resolution adds nothing to it but names of entities and
    SAME_AS, so the two can be made side by side. ``rows`` are those of the records, if something was made of them."""
    rows = rows or ClaimingRows.of(records)
    shared = {claims.type: relations(claims) for claims in party_claims(rows)}
    edges = {**shared, "SAME_BUILDING": relations(building_claims(rows)), "SEIZED_FROM": seized_from(records)}
    nodes = _with_standing(_bare_nodes(records, rows, shared), edges, records, rows, clock)
    return ClaimedTables(GraphTables(nodes=nodes, edges=edges), behind_parties(rows), rows)


def concluded_tables(claimed: ClaimedTables, conclusions: Conclusions) -> GraphTables:
    """The same with what resolution concluded: SAME_AS, and the entity of every party."""
    nodes = dict(claimed.tables.nodes)
    for name in PARTY_LABELS:
        named = nodes[name].join(conclusions.entities, on="uid", how="left", maintain_order="left")
        nodes[name] = named.with_columns(pl.coalesce("entity", "uid"))
    return GraphTables(nodes=nodes, edges={**claimed.tables.edges, "SAME_AS": conclusions.same_as})


def stand_as_parties(graph: GraphTables) -> GraphTables:
    """The same with one standing for all identities of a party, the strongest of theirs: what the store shows. Evidence
    keeps what each identity did, since records that come may part them."""
    ranks = pl.Enum(STANDINGS)
    told = pl.concat(graph.nodes[name].select("entity", pl.col("standing").cast(ranks)) for name in PARTY_LABELS)
    some = told.filter(pl.col("standing") != STANDINGS[-1])
    strongest = some.group_by("entity").agg(pl.col("standing").min().cast(pl.String).alias("_strongest"))
    stood = {
        name: graph.nodes[name]
        .join(strongest, on="entity", how="left", maintain_order="left")
        .with_columns(pl.coalesce("_strongest", "standing").alias("standing"))
        .drop("_strongest")
        for name in PARTY_LABELS
    }
    return GraphTables(nodes={**graph.nodes, **stood}, edges=graph.edges)


def _bare_nodes(
    records: PreparedRecords, rows: ClaimingRows, shared: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    return {
        "Importer": node_frames.importer_nodes(records, rows.shipments),
        "Shipper": node_frames.shipper_nodes(rows.shipments),
        "Seller": node_frames.seller_nodes(records),
        "Address": node_frames.address_nodes(rows),
        "Phone": node_frames.value_nodes(shared["HAS_PHONE"]["dst"], "phone:"),
        "Email": node_frames.value_nodes(shared["HAS_EMAIL"]["dst"], "email:"),
        "Website": node_frames.value_nodes(shared["HAS_WEBSITE"]["dst"], "website:"),
        "BankAccount": node_frames.bank_account_nodes(records.sellers),
        "Officer": node_frames.officer_nodes(records.importers),
        "Manufacturer": node_frames.manufacturer_nodes(named(records.shipments, "mid:", "mid")),
        "Broker": node_frames.value_nodes(named(records.shipments, "broker:", "filer_code"), "broker:"),
    }


def _with_standing(
    nodes: Mapping[str, pl.DataFrame],
    edges: Mapping[str, pl.DataFrame],
    records: PreparedRecords,
    rows: ClaimingRows,
    clock: datetime,
) -> dict[str, pl.DataFrame]:
    """Nodes with what only the whole graph tells of parties: their standing."""
    seized = edges["SEIZED_FROM"].select(pl.col("dst").alias("uid")).unique()
    vetted = node_frames.trusted_now(records.trusted, clock)
    known = _known(records, rows.shipments)
    out = dict(nodes)
    for name in PARTY_LABELS:
        out[name] = _stand(nodes[name], seized, vetted, known)
    return out


def _with_users(
    nodes: Mapping[str, pl.DataFrame], edges: Mapping[str, pl.DataFrame], entity: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Nodes with the number of parties that use a shared value."""
    users = _users(edges, entity)
    counted = {
        name: nodes[name].join(users, on="uid", how="left").with_columns(pl.col("parties").fill_null(0))
        for name in _USED_LABELS
    }
    return {**nodes, **counted}


_USED_LABELS = ("Address", "Phone", "Email", "Website", "BankAccount", "Officer", "Manufacturer", "Broker")


def _stand(parties: pl.DataFrame, seized: pl.DataFrame, vetted: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """``known`` are codes of uids."""
    codes = pl.Series("code", codes_of(parties["uid"]))
    marked = (
        parties.with_columns(codes.is_in(known.implode()).alias("_known"))
        .join(seized.with_columns(pl.lit(True).alias("_seized")), on="uid", how="left")
        .join(vetted, on="uid", how="left")
    )
    standing = (
        pl.when(pl.col("_seized").is_not_null())
        .then(pl.lit("seized"))
        .when(pl.col("trusted_programs").is_not_null())
        .then(pl.lit("trusted"))
        .when(pl.col("_known"))
        .then(pl.lit("known"))
        .otherwise(pl.lit("unknown"))
    )
    stood = marked.with_columns(standing.alias("standing")).drop("_seized", "_known")
    return stood if "number" in parties.columns else stood.drop("trusted_programs", "trusted_until")


def _known(records: PreparedRecords, shipments: FeedRows) -> pl.Series:
    """Codes of the parties that are known."""
    examined = records.inspections["shipment_id"].drop_nulls().unique().implode()
    filed = records.shipments.lazy().select("seen", pl.col("shipment_id").is_in(examined).alias("examined"))
    by_party = [
        filed.with_columns(pl.Series("code", shipments.code(role)))
        for role in ("importer_uid", "seller_uid", "shipper_uid")
    ]
    history = (
        pl.concat(by_party)
        .filter(pl.col("code") != NOTHING)
        .group_by("code")
        .agg(
            pl.col("examined").any(),
            pl.len().alias("filings"),
            (pl.col("seen").max() - pl.col("seen").min()).alias("span"),
        )
    )
    long_enough = (pl.col("filings") >= KNOWN_AFTER_SHIPMENTS) & (pl.col("span") >= KNOWN_AFTER)
    return history.filter(pl.col("examined") | long_enough).select("code").collect(engine="streaming").to_series()


def _users(edges: Mapping[str, pl.DataFrame], entity: pl.DataFrame) -> pl.DataFrame:
    """(uid, parties): how many parties use each shared value; a building counts the users of its units.

    The identities of one party count as one, as they do in the link index.
    """
    direct = pl.concat(
        edges[name].select("src", "dst")
        for name in ("LOCATED_AT", "HAS_PHONE", "HAS_EMAIL", "HAS_WEBSITE", "HAS_OFFICER", "PAID_TO")
    )
    in_units = edges["LOCATED_AT"].join(
        edges["SAME_BUILDING"].select(pl.col("src").alias("dst"), pl.col("dst").alias("building")), on="dst"
    )
    housed = in_units.select("src", pl.col("building").alias("dst"))
    importers = edges["IMPORTED"].select(pl.col("src").alias("party"), pl.col("dst").alias("shipment"))
    dealt = pl.concat(
        edges[name].join(importers, left_on="src", right_on="shipment").select(pl.col("party").alias("src"), "dst")
        for name in ("FILED_BY", "MADE_BY")
    )
    used = pl.concat([direct, housed, dealt]).join(entity, left_on="src", right_on="uid", how="left")
    counted = (
        used.select(pl.coalesce("entity", "src").alias("entity"), "dst")
        .unique()
        .group_by("dst")
        .agg(pl.len().cast(pl.Int64).alias("parties"))
    )
    return counted.rename({"dst": "uid"})


def clock_of(records: PreparedRecords) -> datetime | None:
    """The newest moment at which anything became known; None for an empty workspace."""
    moments = [frame["known_at"].max() for frame in vars(records).values() if len(frame)]
    found = [moment for moment in moments if isinstance(moment, datetime)]
    return max(found) if found else None
