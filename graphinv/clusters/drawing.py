"""A cluster as a drawing: its members, each once, and what they share."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.clusters.reading import Cluster, Member
from graphinv.links.answer import EdgeView, GraphView, NodeView
from graphinv.links.describe import edge_id
from graphinv.links.index import LinkIndex
from graphinv.links.weights import CLAIMS, HUB_USERS, SAME_AS
from graphinv.schema import PARTY_LABELS, SOURCES_KEPT

#: More members, or more shared values, than this cannot be told apart on a screen.
MEMBERS_DRAWN = 60
VALUES_DRAWN = 80

_BUILDING = CLAIMS.index("SAME_BUILDING")


def draw_cluster(
    index: LinkIndex, cluster: Cluster, *, members: int = MEMBERS_DRAWN, values: int = VALUES_DRAWN
) -> GraphView:
    """The first members of a cluster and the values that two of them share, hubs left out; so many of each at most.

    A member stands for all of its identities: what any of them has is drawn at the entity.
    """
    drawn = {member.id: _party(member) for member in cluster.parties[:members]}
    claims = _claims(index, list(drawn))
    shared = _shared(index, claims).head(values)
    kept = claims.filter(pl.col("target").is_in(shared.implode()))
    edges = (*_merged(index, kept), *_to_buildings(index, kept["target"].to_numpy(), set(shared)))
    told = index.graph.nodes[shared.to_numpy()].select("uid", "label", "caption", "standing")
    for uid, label, caption, standing in told.iter_rows():
        drawn.setdefault(uid, NodeView(label, caption or uid, standing, _users(index, uid, label)))
    return GraphView(drawn, edges)


def _claims(index: LinkIndex, entities: list[str]) -> pl.DataFrame:
    """(member, node, target, row): what identities of the members claim, hubs and each other left out."""
    graph = index.graph
    party = graph.nodes.select("node", "uid", pl.coalesce("entity", "uid").alias("member")).filter(
        pl.Series(graph.party)
    )
    nodes = party.filter(pl.col("member").is_in(entities))
    spans = [np.arange(graph.ptr[node], graph.ptr[node + 1]) for node in nodes["node"]]
    at = np.concatenate([np.zeros(0, np.int64), *spans])
    sizes = [len(span) for span in spans]
    found = pl.DataFrame({"target": graph.adj[at], "row": graph.edge[at]}).with_columns(
        member=pl.Series(np.repeat(nodes["member"].to_numpy(), sizes), dtype=pl.String),
        users=graph.users[graph.adj[at]],
        same=graph.claim[graph.edge[at]] == SAME_AS,
    )
    return found.filter(pl.col("users") < HUB_USERS, ~pl.col("same"))


def _shared(index: LinkIndex, claims: pl.DataFrame) -> pl.Series:
    """Nodes that two members have, and the units of buildings in which two members are, with these buildings."""
    graph = index.graph
    placed = claims.with_columns(building=graph.building[claims["target"].to_numpy()])
    users = placed.group_by("target").agg(pl.col("member").n_unique())
    direct = users.filter(pl.col("member") > 1).sort("member", "target", descending=[True, False])["target"]
    housed = placed.filter(pl.col("building") >= 0, pl.Series(graph.users[placed["building"].to_numpy()] < HUB_USERS))
    crowded = housed.group_by("building").agg(pl.col("member").n_unique(), pl.col("target").unique())
    several = crowded.filter(pl.col("member") > 1, pl.col("target").list.len() > 1).sort("building")
    units = several["target"].explode(empty_as_null=False, keep_nulls=False)
    return pl.concat([direct, units, several["building"]]).unique(maintain_order=True)


def _merged(index: LinkIndex, kept: pl.DataFrame) -> tuple[EdgeView, ...]:
    """One edge for each member, claim and target, whichever identities claim it."""
    rows = index.graph.edges[kept["row"].to_numpy()].select(
        "claim", "src", "dst", "sources", "count", "first_seen", "last_seen", "confidence"
    )
    target = index.graph.nodes[kept["target"].to_numpy()]["uid"].alias("target")
    forward = pl.col("dst") == pl.col("target")
    told = pl.concat([kept.select("member"), target.to_frame(), rows], how="horizontal").select(
        pl.when(forward).then("member").otherwise("target").alias("source"),
        pl.when(forward).then("target").otherwise("member").alias("target"),
        "claim", "sources", "count", "first_seen", "last_seen", "confidence",
    )  # fmt: skip
    return _edges(told)


def _to_buildings(index: LinkIndex, units: NDArray[np.int32], drawn: set[int]) -> tuple[EdgeView, ...]:
    graph = index.graph
    rows: list[int] = []
    for unit in sorted(set(units.tolist())):
        span = slice(int(graph.ptr[unit]), int(graph.ptr[unit + 1]))
        house = (graph.claim[graph.edge[span]] == _BUILDING) & np.isin(graph.adj[span], list(drawn))
        rows.extend(graph.edge[span][house].tolist())
    told = graph.edges[sorted(set(rows))].select(
        pl.col("src").alias("source"), pl.col("dst").alias("target"), "claim", "sources", "count", "first_seen",
        "last_seen", "confidence",
    )  # fmt: skip
    return _edges(told)


def _edges(told: pl.DataFrame) -> tuple[EdgeView, ...]:
    joined = (
        told.group_by("source", "claim", "target")
        .agg(
            pl.col("sources").explode(empty_as_null=False, keep_nulls=False).unique().sort().head(SOURCES_KEPT),
            pl.col("count").sum(),
            pl.col("first_seen").min().cast(pl.String),
            pl.col("last_seen").max().cast(pl.String),
            pl.col("confidence").max().round(4),
        )
        .sort("source", "claim", "target")
    )
    return tuple(
        EdgeView(edge_id(row["source"], row["claim"], row["target"]), row["source"], row["target"], row["claim"],
                 tuple(row["sources"]), row["count"], row["first_seen"], row["last_seen"], row["confidence"])
        for row in joined.iter_rows(named=True)
    )  # fmt: skip


def _party(member: Member) -> NodeView:
    """The party, not its identity of that id: another identity may be the one that was seized."""
    country = {"country": member.country} if member.country else {}
    return NodeView(member.label, member.caption, member.standing, dict(country))


def _users(index: LinkIndex, uid: str, label: str) -> dict[str, object]:
    node = index.node(uid)
    return {} if node is None or label in PARTY_LABELS else {"parties": int(index.graph.users[node])}
