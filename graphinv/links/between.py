"""Why are these two linked? The strongest paths between two nodes, or from one to seizures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from graphinv.errors import NotFound
from graphinv.links.answer import EvidencePiece, GraphView, NumberUsed, Path, SeizureSummary, Suppressed
from graphinv.links.describe import describe_between, describe_walk, merge_views
from graphinv.links.evidence import with_seeds
from graphinv.links.index import LinkIndex
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.live.index import LiveEvidence, LiveIndex
from graphinv.links.lookup import beyond_bound
from graphinv.links.number_used import is_victim, number_used
from graphinv.links.walks import Start, Walk, find_walks
from graphinv.links.weights import CLAIMS
from graphinv.schema import LABEL_OF_PREFIX

#: The end that stands for every seized party.
SEIZED = "seized"


@dataclass(frozen=True)
class Without:
    """What paths may not use: labels or relationship claims, and nodes."""

    types: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PathAnswer:
    """One path. ``seizure`` is told where the path was asked to lead to one."""

    strength: float
    hops: int
    sentence: str
    path: Path
    evidence: tuple[EvidencePiece, ...]
    seizure: SeizureSummary | None


@dataclass(frozen=True)
class PathsAnswer:
    """Paths, strongest first, no two resting on the same shared value. ``number_used``: of the two ends."""

    status: str
    paths: tuple[PathAnswer, ...]
    graph: GraphView
    as_of: str
    suppressed: Suppressed
    notes: tuple[str, ...] = ()
    number_used: tuple[NumberUsed, ...] = ()


def find_paths(index: LinkIndex, start: str, end: str, count: int, max_hops: int, without: Without) -> PathsAnswer:
    """Up to ``count`` paths between two nodes of the index, or from one to any seizure (``end`` "seized").

    Raises NotFound when the index does not know a node.
    """
    beginning = _known(index, start)
    ends = [beginning] if end == SEIZED else [beginning, _known(index, end)]
    narrowed = _leave_out(index, without)
    searched = narrowed if end == SEIZED else _towards(narrowed, ends[-1])
    walks = find_walks(searched, [Start(beginning, 0, None, start)], count, max_hops)
    told = [_to_seizure(index, walk) if end == SEIZED else _between(index, walk) for walk in walks.walks]
    return PathsAnswer(
        status="truncated" if walks.gave_up else "complete",
        paths=tuple(path for path, _ in told),
        graph=merge_views(view for _, view in told),
        as_of=index.meta.clock.isoformat(),
        suppressed=Suppressed(0, tuple(sorted(without.ids))),
        notes=beyond_bound(walks, max_hops),
        number_used=number_used(index, [node for node in ends if is_victim(index, node)]),
    )


def check_known_by(moment: datetime, past: LinkIndex, now: LinkIndex, uids: Iterable[str]) -> None:
    """Raise NotFound for a node that is on record ``now`` and was not by that moment (``past``)."""
    for uid in uids:
        if past.node(uid) is None and now.node(uid) is not None:
            raise NotFound(f"{uid} is on record, but was not known by {moment.date()}; choose a later day, or none")


def _to_seizure(index: LinkIndex, walk: Walk) -> tuple[PathAnswer, GraphView]:
    told = describe_walk(index, walk)
    link = told.link
    return PathAnswer(link.strength, link.hops, link.sentence, link.path, link.evidence, link.seizure), told.view


def _between(index: LinkIndex, walk: Walk) -> tuple[PathAnswer, GraphView]:
    told = describe_between(index, walk)
    return PathAnswer(told.strength, told.hops, told.sentence, told.path, told.evidence, None), told.view


def _known(index: LinkIndex, uid: str) -> int:
    node = index.node(uid)
    if node is None:
        # what was typed may be an identity number, so only what looks like an id is repeated
        named = uid if uid.partition(":")[0] in LABEL_OF_PREFIX else "that id"
        raise NotFound(
            f"{named} is not in the evidence graph; search with `graphinv show WORDS` or GET /v1/entities?q="
        )
    return node


def _leave_out(index: LinkIndex, without: Without) -> LinkIndex:
    """The index without some nodes and relationships; the best-evidence pass is run again for what is left."""
    if not without.types and not without.ids:
        return index
    graph = index.graph
    shut = _shut(index, without)
    dropped = np.isin(graph.claim, [CLAIMS.index(name) for name in without.types if name in CLAIMS])
    count = graph.stop - graph.start
    slot = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(graph.start, count)
    keep = ~(dropped[graph.edge[slot]] | shut[graph.adj[slot]] | np.repeat(shut, count))
    ptr = np.concatenate([[0], np.cumsum(keep)])[np.concatenate([[0], np.cumsum(count)])].astype(np.int64)
    kept = slot[keep]
    cut = replace(graph, adj=graph.adj[kept], weight=graph.weight[kept], edge=graph.edge[kept])
    if isinstance(cut, LiveEvidence):
        return replace(index, graph=with_seeds(replace(cut, starts=ptr[:-1], stops=ptr[1:]), graph.seed_cost))
    return replace(index, graph=with_seeds(replace(cut, ptr=ptr), graph.seed_cost))


def _shut(index: LinkIndex, without: Without) -> NDArray[np.bool_]:
    """The nodes that are left out; those that came after the epoch stand in no table of it."""
    nodes = index.graph.nodes
    shut = np.zeros(len(index.graph.start), np.bool_)
    shut[: len(nodes)] = nodes["label"].is_in(list(without.types)).to_numpy()
    for node in (index.node(uid) for uid in without.ids):
        if node is not None:
            shut[node] = True
    if isinstance(index, LiveIndex) and index.snapshot is not None and without.types:
        for node in range(len(nodes), index.snapshot.size):
            shut[node] = index.nodes.cell("label", node) in without.types
    return shut


def _towards(index: LinkIndex, end: int) -> LinkIndex:
    """The index with one node in the place of all seized parties."""
    seed_cost = np.full(len(index.graph.users), UNREACHABLE, np.int32)
    seed_cost[end] = 0
    return replace(index, graph=with_seeds(index.graph, seed_cost))
