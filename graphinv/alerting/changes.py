"""What is new in the evidence since the last examination, and which parties a path over something new reaches.

Two passes over the whole graph in compiled code (``links.evidence.with_seeds``) find them: no party is looked at whose
links did not change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graphinv.alerting.known import Known, LiveEdges, UInt64, is_among, live_edges, node_hashes, of_seized, seed_keys
from graphinv.links.evidence import EvidenceGraph, with_seeds
from graphinv.links.index import LinkIndex
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.weights import COST_UNIT, THROUGH_A_PARTY

#: A relationship got stronger, or weaker, when its cost changed by more than this: a tenth.
NOTICED = 100

#: Marks of ``Changes.row``.
SAME, NEW, STRONGER = np.uint8(0), np.uint8(1), np.uint8(2)


@dataclass(frozen=True)
class Changes:
    """What an examination has to look at.

    ``first``: nothing was known before. ``row``: for each row of ``edges`` whether it is new or stronger.
    ``row_key``: its hash. ``seed``: rows of ``seeds`` that are new. ``new_node``: parties that were not there.
    ``parted``: parties that were of a seized one and are no more: whatever joins them to seized parties is news;
    ``joined``: parties that are of a seized one and were not.
    ``gone``: hashes of relationships that are no more, or weaker. ``seized``: the graph with new seizures for its only
    seeds. ``by_value``: for each node the cost of its best path over a new or stronger relationship, UNREACHABLE where
    there is none.
    ``judged``: people judged who is who since; ``said``: what they say of two identities, in words.
    """

    first: bool
    edges: LiveEdges
    row: NDArray[np.uint8]
    row_key: UInt64
    seed: NDArray[np.bool_]
    new_node: NDArray[np.bool_]
    parted: NDArray[np.bool_]
    joined: NDArray[np.bool_]
    gone: UInt64
    seized: EvidenceGraph
    by_value: NDArray[np.int32]
    judged: bool
    said: Mapping[frozenset[str], str] = field(default_factory=dict)

    @property
    def by_seizure(self) -> NDArray[np.int32]:
        """For each node the cost of its best path from a new seizure, UNREACHABLE where there is none."""
        return self.seized.cost


def changes_since(index: LinkIndex, known: Known | None) -> Changes:
    """Compare an index with what is known of the one before; everything is new where nothing is known."""
    graph = index.graph
    hashes = node_hashes(graph)
    edges = live_edges(graph, hashes)
    mark, gone = _compared(edges, known)
    row, row_key = np.zeros(len(graph.claim), np.uint8), np.zeros(len(graph.claim), np.uint64)
    row[edges.row], row_key[edges.row] = mark, edges.key
    seed = ~is_among(seed_keys(graph), known.seed) if known else np.ones(len(graph.seeds), bool)
    new_node = graph.party & ~is_among(hashes, known.party) if known else graph.party
    seed_cost = np.full(len(graph.cost), UNREACHABLE, np.int32)
    freshly = graph.seed_node[seed]
    seed_cost[freshly] = graph.seed_cost[freshly]
    parted, joined = _moved(graph, hashes, known)
    crossed = _crossings(graph, edges, mark != SAME)
    crossed[parted] = graph.cost[parted]
    return Changes(
        first=known is None,
        edges=edges,
        row=row,
        row_key=row_key,
        seed=seed,
        new_node=new_node,
        parted=parted,
        joined=joined,
        gone=gone,
        seized=graph if known is None else with_seeds(graph, seed_cost),
        by_value=graph.cost if known is None else with_seeds(graph, crossed).cost,
        judged=known is not None and known.judged != index.meta.judged,
    )


def cost_limit(strength: float) -> int:
    """The highest cost of a path that is at least so strong (see ``links.weights.strength_of``)."""
    return int(COST_UNIT * (-np.log(strength) - np.log(THROUGH_A_PARTY)))


def _compared(edges: LiveEdges, known: Known | None) -> tuple[NDArray[np.uint8], UInt64]:
    """Marks of the relationships, and the hashes of those that are gone or weaker."""
    if known is None or not len(known.edge):
        return np.full(len(edges.key), NEW), np.empty(0, np.uint64)
    at = np.minimum(np.searchsorted(known.edge, edges.key), len(known.edge) - 1)
    held = known.edge[at] == edges.key
    drop = known.cost[at].astype(np.int64) - edges.by_table
    mark = np.where(~held, NEW, np.where(drop > NOTICED, STRONGER, SAME)).astype(np.uint8)
    lost = known.edge[~is_among(known.edge, np.sort(edges.key))]
    return mark, np.sort(np.concatenate([lost, edges.key[held & (drop < -NOTICED)]]))


def _moved(graph: EvidenceGraph, hashes: UInt64, known: Known | None) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """``parted`` and ``joined`` of the changes; none where it is not known who was of a seized party."""
    if known is None or not len(known.of_seized):
        return np.zeros(len(hashes), bool), np.zeros(len(hashes), bool)
    before, now = is_among(hashes, known.of_seized), of_seized(graph)
    return graph.party & before & ~now, now & ~before


def _crossings(graph: EvidenceGraph, edges: LiveEdges, changed: NDArray[np.bool_]) -> NDArray[np.int32]:
    """What it costs to come from a seizure over a changed relationship, at its far end."""
    found = np.full(len(graph.cost), int(UNREACHABLE), np.int64)
    left, right = edges.left[changed], edges.right[changed]
    cost = edges.cost[changed].astype(np.int64)
    for near, far in ((left, right), (right, left)):
        np.minimum.at(found, far, graph.cost[near].astype(np.int64) + cost)
    return np.minimum(found, int(UNREACHABLE)).astype(np.int32)
