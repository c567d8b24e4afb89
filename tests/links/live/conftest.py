"""A little town as tables: what changes there is told to a live graph and to one that is built anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from graphinv.links.evidence import EvidenceGraph, build
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.live.changes import Changes
from graphinv.links.live.snapshot import Snapshot
from graphinv.links.weights import told_reliabilities
from graphinv.load.evidence import EvidenceTables

CLOCK = datetime(2025, 6, 1, tzinfo=UTC)

Relation = tuple[str, str, str]
Worth = tuple[float, date | None]

_NODE = {"label": pl.String, "uid": pl.String, "caption": pl.String, "entity": pl.String}
_EDGE: dict[str, Any] = {
    "claim": pl.String, "src": pl.String, "dst": pl.String, "sources": pl.List(pl.String), "count": pl.Int64,
    "first_seen": pl.Date, "last_seen": pl.Date, "known_at": pl.Datetime("us", "UTC"), "confidence": pl.Float64,
}  # fmt: skip
_SEED = {"party": pl.String, "seizure": pl.String, "role": pl.String, "confidence": pl.Float64, "seized_on": pl.Date}

#: Neither the table's nor what so few relationships would teach: what is live weighs by its epoch's.
RELIABILITY = told_reliabilities() ** 1.3


@dataclass
class Town:
    """Nodes with their entity, relationships and seizures with what they are worth."""

    nodes: dict[str, str | None] = field(default_factory=dict)
    edges: dict[Relation, Worth] = field(default_factory=dict)
    seeds: dict[tuple[str, str], Worth] = field(default_factory=dict)

    def rebuilt(self) -> EvidenceGraph:
        """The graph of the town as it is, built anew."""
        return build(
            EvidenceTables(
                nodes=node_rows(self.nodes),
                edges=edge_rows(self.edges),
                seeds=seed_rows(self.seeds),
                listed=pl.DataFrame(),
                identifiers=pl.DataFrame(schema={"key": pl.String, "uid": pl.String}),
                clock=CLOCK,
            ),
            RELIABILITY,
        )

    def change(self, other: "Town") -> Changes:
        """What has to happen for this town to become another one."""
        return Changes(
            nodes=node_rows({uid: entity for uid, entity in other.nodes.items() if self.nodes.get(uid, "") != entity}),
            edges=edge_rows({key: worth for key, worth in other.edges.items() if self.edges.get(key) != worth}),
            seeds=seed_rows({key: worth for key, worth in other.seeds.items() if self.seeds.get(key) != worth}),
            edges_gone=_keys(self.edges.keys() - other.edges.keys(), ("src", "dst", "claim")),
            seeds_gone=_keys(self.seeds.keys() - other.seeds.keys(), ("party", "seizure")),
        )


def label_of(uid: str) -> str:
    """importer:3 is an Importer."""
    return uid.partition(":")[0].capitalize()


def node_rows(nodes: Mapping[str, str | None]) -> pl.DataFrame:
    rows = [(label_of(uid), uid, uid, entity) for uid, entity in nodes.items()]
    return pl.DataFrame(rows, schema=_NODE, orient="row")


def edge_rows(edges: Mapping[Relation, Worth]) -> pl.DataFrame:
    rows = [
        (claim, src, dst, [f"r{at}"], 1, seen, seen, CLOCK, confidence)
        for at, ((src, dst, claim), (confidence, seen)) in enumerate(edges.items())
    ]
    return pl.DataFrame(rows, schema=_EDGE, orient="row")


def seed_rows(seeds: Mapping[tuple[str, str], Worth]) -> pl.DataFrame:
    rows = [(party, seizure, "importer", *worth) for (party, seizure), worth in seeds.items()]
    return pl.DataFrame(rows, schema=_SEED, orient="row")


def _keys(keys: Iterable[tuple[str, ...]], names: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame(sorted(keys), schema=[(name, pl.String) for name in names], orient="row")


def assert_equal(snapshot: Snapshot, graph: EvidenceGraph) -> None:
    """The live graph holds what the built one holds, node by node and relationship by relationship."""
    live = snapshot.graph
    uids = graph.nodes["uid"].to_list()
    at = np.array([snapshot.node(uid) for uid in uids], np.int64)
    name = {int(node): uid for node, uid in zip(at, uids, strict=True)} | {-1: None}
    for field_name in ("cost", "users", "seed_cost", "party"):
        assert getattr(live, field_name)[at].tolist() == getattr(graph, field_name).tolist(), field_name
    for field_name in ("before", "origin", "building"):
        ours = [name[node] for node in getattr(live, field_name)[at].tolist()]
        theirs = [None if node < 0 else uids[node] for node in getattr(graph, field_name).tolist()]
        assert ours == theirs, field_name
    assert _relations_of(snapshot, at.tolist(), name) == _relations_built(graph, uids)
    for node, uid in enumerate(uids):
        told = {(row["seizure"], row["confidence"]) for row in snapshot.seizures_of(int(at[node]))}
        built = graph.seeds.filter(pl.col("party") == uid)
        assert told == set(zip(built["seizure"], built["confidence"], strict=True))


def assert_scipy_agrees(snapshot: Snapshot) -> None:
    """Dijkstra from one more node that is joined to every seizure; costs doubled, so that no weight is zero."""
    live, size = snapshot.graph, snapshot.size
    cheapest: dict[tuple[int, int], int] = {}
    for node in range(size):
        for slot in range(int(live.start[node]), int(live.stop[node])):
            key = (node, int(live.adj[slot]))
            cheapest[key] = min(cheapest.get(key, int(UNREACHABLE)), 2 * int(live.weight[slot]))
    cheapest |= {(size, node): 2 * int(live.seed_cost[node]) + 1 for node in range(size)
                 if live.seed_cost[node] != UNREACHABLE}  # fmt: skip
    keys = np.array(list(cheapest), np.int64).reshape(-1, 2)
    matrix = coo_array((list(cheapest.values()), (keys[:, 0], keys[:, 1])), shape=(size + 1, size + 1))
    reached = dijkstra(matrix.tocsr(), indices=size)[:size]
    ours = np.where(live.cost[:size] == UNREACHABLE, np.inf, 2.0 * live.cost[:size] + 1)
    assert ours.tolist() == reached.tolist()


def _relations_of(snapshot: Snapshot, nodes: list[int], name: Mapping[int, str | None]) -> dict[object, object]:
    live = snapshot.graph
    found: dict[object, object] = {}
    for node in nodes:
        for slot in range(int(live.start[node]), int(live.stop[node])):
            row = snapshot.edge_row(int(live.edge[slot]))
            key = name[node], name[int(live.adj[slot])], row["claim"], row["src"]
            assert key not in found
            found[key] = int(live.weight[slot]), row["confidence"], row["last_seen"]
    return found


def _relations_built(graph: EvidenceGraph, uids: list[str]) -> dict[object, object]:
    tails = np.repeat(np.arange(len(uids)), np.diff(graph.ptr)).tolist()
    rows = graph.edges.rows(named=True)
    return {
        (uids[tail], uids[head], rows[row]["claim"], rows[row]["src"]): (
            weight, rows[row]["confidence"], rows[row]["last_seen"],
        )
        for tail, head, weight, row in zip(
            tails, graph.adj.tolist(), graph.weight.tolist(), graph.edge.tolist(), strict=True
        )
    }  # fmt: skip
