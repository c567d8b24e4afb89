"""The evidence graph: parties, what they share and whom goods were seized from, as arrays.

Shipments are collapsed into party relationships with counts, so the graph grows with parties, not with parcels.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.kernels import UNREACHABLE, best_costs
from graphinv.links.weights import CLAIMS, cost_of, edge_costs, recency
from graphinv.load.evidence import EvidenceTables


@dataclass(frozen=True)
class EvidenceGraph:
    """Arrays over node positions (order of ``nodes``) and edge rows (order of ``edges``).

    ``ptr``, ``adj``, ``weight``, ``edge``: CSR of the undirected graph; ``edge`` gives the row of ``edges``.
    ``users``: how many parties use a value. ``seed_cost``: what a seizure costs at a party, UNREACHABLE elsewhere.
    ``cost``, ``before``, ``origin``: the best-evidence pass. ``seeds`` is sorted by ``node``; ``listed`` are the names
    of watch lists.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    seeds: pl.DataFrame
    listed: pl.DataFrame
    identifiers: pl.DataFrame
    clock: datetime
    ptr: NDArray[np.int64]
    adj: NDArray[np.int32]
    weight: NDArray[np.int32]
    edge: NDArray[np.int32]
    users: NDArray[np.int32]
    seed_cost: NDArray[np.int32]
    cost: NDArray[np.int32]
    before: NDArray[np.int32]
    origin: NDArray[np.int32]


def build(tables: EvidenceTables) -> EvidenceGraph:
    """Weigh every relationship, lay the graph out and run the best-evidence pass from all seizures."""
    nodes = tables.nodes.sort("uid").with_row_index("node")
    ends = nodes.select("uid", "node")
    edges = (
        tables.edges.join(ends.rename({"uid": "src", "node": "a"}), on="src")
        .join(ends.rename({"uid": "dst", "node": "b"}), on="dst")
        .sort("a", "b", "claim")
    )
    users = _users(edges)
    costs = _costs(edges, users, tables.clock)
    seeds = tables.seeds.join(ends, left_on="party", right_on="uid").sort("node", "seized_on", "seizure")
    seed_cost = _seed_costs(seeds, tables.clock, len(nodes))
    ptr, adj, weight, edge = _csr(edges, costs, len(nodes))
    cost, before, origin = best_costs(ptr, adj, weight, seed_cost)
    return EvidenceGraph(
        nodes, edges, seeds, tables.listed, tables.identifiers, tables.clock, ptr, adj, weight, edge,
        _users_of_nodes(edges, users, len(nodes)), seed_cost, cost, before, origin,
    )  # fmt: skip


def _users(edges: pl.DataFrame) -> NDArray[np.int64]:
    """For each edge the parties at its far end's value under the same claim; a building counts tenants, not units."""
    counted = (
        edges.select(pl.col("a").n_unique().over("claim", "b").alias("users"))["users"].to_numpy().astype(np.int64)
    )
    units = edges.filter(pl.col("claim") == "SAME_BUILDING").select(pl.col("a").alias("unit"), "b")
    homes = edges.filter(pl.col("claim") == "LOCATED_AT").select("a", pl.col("b").alias("unit"))
    tenants = homes.join(units, on="unit").group_by("b").agg(pl.col("a").n_unique().alias("tenants"))
    housed = edges.select("b", "claim").join(tenants, on="b", how="left", maintain_order="left")["tenants"]
    building = (edges["claim"] == "SAME_BUILDING").to_numpy()
    return np.where(building, housed.fill_null(1).to_numpy(), counted).astype(np.int64)


def _costs(edges: pl.DataFrame, users: NDArray[np.int64], clock: datetime) -> NDArray[np.int32]:
    claim = edges["claim"].replace_strict(list(CLAIMS), list(range(len(CLAIMS))), return_dtype=pl.Int64).to_numpy()
    return edge_costs(claim, users, edges["confidence"].to_numpy(), _age_days(edges["last_seen"], clock))


def _age_days(days: pl.Series, clock: datetime) -> NDArray[np.float64]:
    return (clock.date() - days).dt.total_days().fill_null(0).to_numpy().astype(np.float64)


def _seed_costs(seeds: pl.DataFrame, clock: datetime, size: int) -> NDArray[np.int32]:
    worth = seeds["confidence"].to_numpy() * recency(_age_days(seeds["seized_on"], clock))
    costs = np.full(size, UNREACHABLE, np.int32)
    np.minimum.at(costs, seeds["node"].to_numpy(), cost_of(worth))
    return costs


def _csr(
    edges: pl.DataFrame, costs: NDArray[np.int32], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    a, b = edges["a"].to_numpy().astype(np.int32), edges["b"].to_numpy().astype(np.int32)
    row = np.arange(len(edges), dtype=np.int32)
    tail, far = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(tail, kind="stable")
    ptr = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=size), out=ptr[1:])
    both = np.concatenate([row, row])[order]
    return ptr, far[order], costs[both], both


def _users_of_nodes(edges: pl.DataFrame, users: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    counts = np.zeros(size, np.int32)
    np.maximum.at(counts, edges["b"].to_numpy(), users.astype(np.int32))
    return counts
