"""Paths from a party to seizures: the best one, then others that rest on other evidence."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graphinv.links.astar import CLOSED, MUTED, best_path
from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.rooms import Room, Rooms
from graphinv.links.weights import COST_UNIT, THROUGH_A_PARTY, strength_of

#: A path weaker than this is no link.
WEAKEST = 0.02


@dataclass(frozen=True)
class Start:
    """Where a search begins. ``node`` is entered at ``cost``; ``claim`` and ``value`` say what leads there.

    A record of the asked party itself is where a path begins: it has no claim. Of a combination, ``records`` are those
    that have it too, and ``users`` how many parties do.
    """

    node: int
    cost: int
    claim: str | None
    value: str
    confidence: float = 1.0
    records: tuple[str, ...] = ()
    users: int = 0


@dataclass(frozen=True)
class Walk:
    """A path: its start, node positions in walking order, edge rows between them, and what it is worth."""

    start: Start
    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    cost: int
    strength: float

    @property
    def hops(self) -> int:
        """Its edges, the one from the queried party included."""
        return len(self.edges) + (self.start.claim is not None)


@dataclass(frozen=True)
class BestEvidence:
    """The best path of a node on record: its cost, the seized party it leads to, its nodes in walking order."""

    cost: int
    origin: int
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Beyond:
    """The best path of all, which the bound on hops left out: how many it has, and what it is worth."""

    hops: int
    strength: float


@dataclass(frozen=True)
class Walks:
    """Walks, strongest first; ``gave_up``: a search was cut off; ``beyond``: the bound on hops left out the best."""

    walks: tuple[Walk, ...]
    gave_up: bool
    beyond: Beyond | None = None


class Searched(Protocol):
    """The arrays that a search walks over, named as in ``EvidenceGraph``."""

    @property
    def start(self) -> Int64: ...
    @property
    def stop(self) -> Int64: ...
    @property
    def adj(self) -> Int32: ...
    @property
    def weight(self) -> Int32: ...
    @property
    def edge(self) -> Int32: ...
    @property
    def seed_cost(self) -> Int32: ...
    @property
    def cost(self) -> Int32: ...
    @property
    def before(self) -> Int32: ...
    @property
    def party(self) -> NDArray[np.bool_]: ...


class Walkable(Protocol):
    """A graph with rooms to search in: a ``LinkIndex``, or a ``Snapshot`` of a live graph."""

    @property
    def graph(self) -> Searched: ...
    @property
    def rooms(self) -> Rooms: ...


def find_walks(index: Walkable, starts: list[Start], count: int, max_hops: int, *, weakest: float = WEAKEST) -> Walks:
    """Up to ``count`` paths to seized parties, strongest first, no two resting on the same shared value.

    A path has at most ``max_hops`` edges and is at least ``weakest`` strong.
    """
    with index.rooms.room() as room:
        return _find(index, room, starts, count, max_hops, weakest)


def _find(index: Walkable, room: Room, starts: list[Start], count: int, max_hops: int, weakest: float) -> Walks:
    graph = index.graph
    best = {start.node: start for start in sorted(starts, key=lambda item: -item.cost)}
    nodes = np.fromiter(best, np.int32, len(best))
    costs = np.fromiter((start.cost for start in best.values()), np.int32, len(best))
    spent = np.fromiter((start.claim is not None for start in best.values()), np.int32, len(best))
    most = _dearest(weakest)
    found: list[Walk] = []
    while len(found) < count and len(nodes):
        path, crossed, cost, gave_up = best_path(
            graph.start, graph.stop, graph.adj, graph.weight, graph.seed_cost, graph.cost,
            graph.before, nodes, costs, spent, room.barred, max_hops, most, room.labels, room.heap, room.fewest,
        )  # fmt: skip
        if gave_up:
            return Walks(tuple(found), gave_up=True)
        start = best[int(path[0])] if len(path) else None
        edges = tuple(int(row) for row in graph.edge[crossed])
        if start is None or cost == UNREACHABLE:
            break
        strength = strength_of(float(cost), len(edges) + (start.claim is not None))
        walk = Walk(start, tuple(path.tolist()), edges, int(cost), strength)
        if walk.strength < weakest:
            break
        found.append(walk)
        _bar(index, walk, room)
    return Walks(tuple(found), gave_up=False, beyond=_beyond(graph, starts, found, max_hops, weakest))


def _dearest(weakest: float) -> int:
    """What a path may cost that is so strong (see ``weights.strength_of``): dearer ones need not be looked for."""
    if weakest <= 0.0:
        return int(UNREACHABLE) - 1
    return int(np.ceil(-COST_UNIT * np.log(weakest * THROUGH_A_PARTY)))


def _beyond(graph: Searched, starts: list[Start], found: list[Walk], max_hops: int, weakest: float) -> Beyond | None:
    """The best-evidence pass knows the best path of any length: one look at each start, no search."""
    reached = [start for start in starts if graph.cost[start.node] != UNREACHABLE]
    best = min(reached, key=lambda start: start.cost + int(graph.cost[start.node]), default=None)
    if best is None or (found and found[0].cost <= best.cost + int(graph.cost[best.node])):
        return None
    told = best_evidence(graph, best.node)
    if told is None:
        return None
    hops = len(told.nodes) - 1 + (best.claim is not None)
    strength = strength_of(float(best.cost + told.cost), hops)
    return Beyond(hops, strength) if hops > max_hops and strength >= weakest else None


def best_evidence(graph: Searched, node: int) -> BestEvidence | None:
    """What the best-evidence pass found for a node, by a walk along predecessors; None when no seizure is reached."""
    cost = int(graph.cost[node])
    if cost == UNREACHABLE:
        return None
    before, here, nodes = graph.before, node, [node]
    while (here := int(before[here])) >= 0:
        nodes.append(here)
    return BestEvidence(cost, nodes[-1], tuple(nodes))


def is_party(index: Walkable, node: int) -> bool:
    """True for importers, sellers and shippers, false for values that they share."""
    return bool(index.graph.party[node])


def _bar(index: Walkable, walk: Walk, room: Room) -> None:
    """Close the shared values of a walk; a walk without any ends at a party whose seizures are then told."""
    shared = [node for node in walk.nodes if not is_party(index, node)]
    if shared:
        room.bar(shared, CLOSED)
    else:
        room.bar([walk.nodes[-1]], MUTED)
