"""The evidence graph: parties, what they share and whom goods were seized from, as arrays.

Shipments are collapsed into party relationships with counts, so the graph grows with parties, not with parcels.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.combos import filed_alike
from graphinv.links.corroboration import Corroboration, corroboration, reliabilities
from graphinv.links.counting import NOWHERE, both_ways, counted_order, numbers, places_of, rows_taken, users_of
from graphinv.links.kernels import UNREACHABLE, best_costs
from graphinv.links.weights import CLAIMS, Reliabilities, cost_of, edge_costs, recency
from graphinv.load.grouping import groups_of
from graphinv.resolve.coding import codes_of
from graphinv.schema import PARTY_LABELS

if TYPE_CHECKING:  # those who only look up need nothing of what makes tables
    from graphinv.load.evidence import EvidenceTables

_CLAIM = pl.Enum(CLAIMS)


@dataclass(frozen=True)
class EvidenceGraph:
    """Arrays over node positions (order of ``nodes``) and edge rows (order of ``edges``).

    ``ptr``, ``adj``, ``weight``, ``edge``: CSR of the undirected graph; ``edge`` gives the row of ``edges``.
    ``claim``: per edge row, its place in ``CLAIMS``. ``reliability``: by ``CLAIMS``, what ``weight`` rests on.
    ``party``: whether a node is a party. ``building``: the building of an address, -1 for other nodes. ``users``: how
    many parties use a value. ``seed_cost``: what a seizure costs at a party, UNREACHABLE elsewhere. ``cost``,
    ``before``, ``origin``: the best-evidence pass. ``seeds`` is sorted by ``node``, which ``seed_node`` repeats;
    ``listed`` are the names of watch lists, ``combos`` what few filed, by code. ``uid_hash`` and
    ``number_hash`` (sorted) find the nodes in ``uid_node`` and ``number_node``.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    seeds: pl.DataFrame
    listed: pl.DataFrame
    combos: pl.DataFrame
    clock: datetime
    ptr: NDArray[np.int64]
    adj: NDArray[np.int32]
    weight: NDArray[np.int32]
    edge: NDArray[np.int32]
    claim: NDArray[np.int8]
    reliability: NDArray[np.float64]
    party: NDArray[np.bool_]
    building: NDArray[np.int32]
    uid_hash: NDArray[np.uint64]
    uid_node: NDArray[np.int32]
    number_hash: NDArray[np.uint64]
    number_node: NDArray[np.int32]
    seed_node: NDArray[np.int32]
    users: NDArray[np.int32]
    seed_cost: NDArray[np.int32]
    cost: NDArray[np.int32]
    before: NDArray[np.int32]
    origin: NDArray[np.int32]

    @property
    def start(self) -> NDArray[np.int64]:
        """Where the neighbours of each node begin in ``adj``."""
        return self.ptr[:-1]

    @property
    def stop(self) -> NDArray[np.int64]:
        """Where the neighbours of each node end."""
        return self.ptr[1:]

    @property
    def rank(self) -> NDArray[np.uint64]:
        """The hash of each node's uid: which of two equally good predecessors is told."""
        return _ranks(self.uid_hash, self.uid_node)


def build(tables: "EvidenceTables", reliability: Reliabilities | None = None) -> EvidenceGraph:
    """Weigh every relationship, lay the graph out and run the best-evidence pass from all seizures.

    Reliabilities are learned from these tables unless those of an earlier state are given.
    """
    nodes = tables.nodes.rechunk().sort("uid").with_row_index("node")
    ends = nodes.select("uid", "node")
    party = _parties(nodes)
    seeds = tables.seeds.join(ends, left_on="party", right_on="uid").sort("node", "seized_on", "seizure")
    seed_cost = _seed_costs(seeds, tables.clock, len(nodes))
    with ThreadPoolExecutor(1) as beside:  # hashing keeps the interpreter busy, the rest mostly lets go of it
        hashing = beside.submit(_hashed, nodes["uid"], nodes["node"])
        edges, users, claim = _weighed_by(tables.edges, nodes, party)
        if reliability is None:
            reliability = reliabilities(corroborated_pairs(nodes, edges, claim, party))
        age = age_days(edges["last_seen"], tables.clock)
        costs = edge_costs(reliability, claim, users, edges["confidence"].to_numpy(), age)
        ptr, adj, edge = both_ways(
            edges["a"].to_numpy().astype(np.int32), edges["b"].to_numpy().astype(np.int32), len(nodes)
        )
        weight = costs[edge]
        uid_hash, uid_node = hashing.result()
    cost, before, origin = best_costs(ptr[:-1], ptr[1:], adj, weight, seed_cost, _ranks(uid_hash, uid_node))
    numbers = tables.identifiers.join(ends, on="uid")
    number_hash, number_node = _hashed(numbers["key"], numbers["node"])
    return EvidenceGraph(
        nodes=nodes,
        edges=edges,
        seeds=seeds,
        listed=tables.listed,
        combos=filed_alike(tables.combinations, ends),
        clock=tables.clock,
        ptr=ptr,
        adj=adj,
        weight=weight,
        edge=edge,
        claim=claim.astype(np.int8),
        reliability=reliability,
        party=nodes["label"].is_in(PARTY_LABELS).to_numpy(),
        building=_buildings(nodes, edges),
        uid_hash=uid_hash,
        uid_node=uid_node,
        number_hash=number_hash,
        number_node=number_node,
        seed_node=seeds["node"].to_numpy().astype(np.int32),
        users=_users_of_nodes(edges, users, len(nodes)),
        seed_cost=seed_cost,
        cost=cost,
        before=before,
        origin=origin,
    )


def with_seeds(graph: EvidenceGraph, seed_cost: NDArray[np.int32]) -> EvidenceGraph:
    """The graph with other seeds, and the best-evidence pass from them: searches rely on both going together."""
    cost, before, origin = best_costs(graph.start, graph.stop, graph.adj, graph.weight, seed_cost, graph.rank)
    return replace(graph, seed_cost=seed_cost, cost=cost, before=before, origin=origin)


def seed_rows(graph: EvidenceGraph, node: int) -> range:
    """The rows of ``seeds`` that weigh on a party."""
    ends = np.array([node, node + 1], graph.seed_node.dtype)  # of another type it would turn the whole array into that
    first, last = graph.seed_node.searchsorted(ends).tolist()
    return range(first, last)


def node_of_uid(graph: EvidenceGraph, uid_at: Callable[[int], object], uid: str) -> int | None:
    """The position of a node, None for one that the graph does not have; ``uid_at`` tells whose a position is."""
    hashed = np.uint64(text_hash(uid))
    at = int(graph.uid_hash.searchsorted(hashed))
    while at < len(graph.uid_hash) and graph.uid_hash[at] == hashed:
        node = int(graph.uid_node[at])
        if uid_at(node) == uid:
            return node
        at += 1
    return None


def text_hash(text: str) -> int:
    """64 bits of BLAKE2b: how a uid or a number is found in the index."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def text_hashes(texts: Sequence[str]) -> NDArray[np.uint64]:
    """``text_hash`` of a few texts."""
    told = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(told), "<u8").astype(np.uint64)


def _ranks(uid_hash: NDArray[np.uint64], uid_node: NDArray[np.int32]) -> NDArray[np.uint64]:
    rank = np.empty(len(uid_node), np.uint64)
    rank[uid_node] = uid_hash
    return rank


def _hashed(texts: pl.Series, nodes: pl.Series) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    hashes = np.fromiter(map(text_hash, texts), np.uint64, len(texts))  # no list: millions of texts take much memory
    order = np.argsort(hashes, kind="stable")
    return hashes[order], nodes.to_numpy().astype(np.int32)[order]


def _buildings(nodes: pl.DataFrame, edges: pl.DataFrame) -> NDArray[np.int32]:
    """The building of every address; a building is its own."""
    address = (nodes["label"] == "Address").to_numpy()
    building = np.where(address, np.arange(len(nodes), dtype=np.int32), np.int32(-1))
    units = edges.filter(pl.col("claim") == "SAME_BUILDING")
    building[units["a"].to_numpy()] = units["b"].to_numpy()
    return building


def _weighed_by(
    edges: pl.DataFrame, nodes: pl.DataFrame, party: NDArray[np.int32]
) -> tuple[pl.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    """The relationships between ``nodes`` in the order of their ends (``a``, ``b``) and claims, and of each the users
    and the claim as its place in ``CLAIMS``.

    Users are the parties at its far end's value under the same claim; a building counts tenants, not units. What counts
    is the party (``party`` by node), not its identities: two spellings of one firm make a value no less rare.
    """
    with ThreadPoolExecutor(2) as threads:
        a, b = threads.map(placing(nodes["uid"]), (edges["src"], edges["dst"]))
    joined = (a >= 0) & (b >= 0)
    if not joined.all():
        edges, a, b = edges.filter(pl.Series(joined)), a[joined], b[joined]
    claim = claim_codes(edges)
    alike = counted_order(b, len(nodes), counted_order(_alphabetical()[claim], len(CLAIMS), numbers(len(edges))))
    located, building = CLAIMS.index("LOCATED_AT"), CLAIMS.index("SAME_BUILDING")
    users = np.empty(len(edges), np.int64)
    users[alike] = users_of(a[alike], b[alike], claim[alike].astype(np.int32), party, located, building)
    order = counted_order(a, len(nodes), alike)
    sides = (pl.Series(name, side[order]).cast(pl.UInt32) for name, side in (("a", a), ("b", b)))
    return rows_taken(edges, order).with_columns(*sides), users[order], claim[order]


def placing(uids: pl.Series) -> Callable[[pl.Series], NDArray[np.int32]]:
    """Tells the places of uids among those given, ``NOWHERE`` of others."""
    codes = codes_of(uids)
    if len(groups_of(codes).first) == len(codes):
        return lambda wanted: places_of(codes, codes_of(wanted))
    placed = pl.DataFrame({"uid": uids}).with_row_index("node")  # two uids of one code: once in a million graphs
    return lambda wanted: (
        wanted.to_frame("uid").join(placed, on="uid", how="left", maintain_order="left")["node"]
        .cast(pl.Int32).fill_null(int(NOWHERE)).to_numpy()
    )  # fmt: skip


def _parties(nodes: pl.DataFrame) -> NDArray[np.int32]:
    """A number for the party of every node; what is none is by itself."""
    group = groups_of(codes_of(nodes["entity"])).of
    return np.where(group >= 0, group, len(nodes) + np.arange(len(nodes))).astype(np.int32)


def _alphabetical() -> NDArray[np.int32]:
    """The place of every claim among their names."""
    return np.array([sorted(CLAIMS).index(claim) for claim in CLAIMS], np.int32)


def corroborated_pairs(
    nodes: pl.DataFrame, edges: pl.DataFrame, claim: NDArray[np.int64], party: NDArray[np.int32] | None = None
) -> Corroboration:
    """What relationships in a graph's own tables say of each other's reliability; ``claim`` by their rows."""
    a, b = (edges[end].to_numpy().astype(np.int32) for end in ("a", "b"))
    asking = nodes["label"].is_in(["Importer", "Seller"]).to_numpy()
    return corroboration(a, b, claim.astype(np.int32), _parties(nodes) if party is None else party, asking)


def claim_codes(edges: pl.DataFrame) -> NDArray[np.int64]:
    """The claim of each edge as its place in ``CLAIMS``."""
    return edges["claim"].cast(_CLAIM).to_physical().cast(pl.Int64).to_numpy()


def age_days(days: pl.Series, clock: datetime) -> NDArray[np.float64]:
    """How long ago days were at a clock, in days; 0 where there is none."""
    return ages(days.to_numpy().astype("datetime64[D]"), clock)


def ages(days: NDArray[np.datetime64], clock: datetime) -> NDArray[np.float64]:
    """As ``age_days``."""
    passed = np.datetime64(clock.date(), "D") - days
    return np.where(np.isnat(passed), 0, passed.astype(np.int64)).astype(np.float64)


def _seed_costs(seeds: pl.DataFrame, clock: datetime, size: int) -> NDArray[np.int32]:
    worth = seeds["confidence"].to_numpy() * recency(age_days(seeds["seized_on"], clock))
    costs = np.full(size, UNREACHABLE, np.int32)
    np.minimum.at(costs, seeds["node"].to_numpy(), cost_of(worth))
    return costs


def _users_of_nodes(edges: pl.DataFrame, users: NDArray[np.int64], size: int) -> NDArray[np.int32]:
    counts = np.zeros(size, np.int32)
    np.maximum.at(counts, edges["b"].to_numpy(), users.astype(np.int32))
    return counts
