"""Paths from a party to seizures: the best one, then others that rest on other evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from graphinv.links.around import same_party
from graphinv.links.astar import CLOSED, MUTED, CostedGraph, WaysIn, best_path
from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.rooms import Room, Rooms
from graphinv.links.weights import COST_UNIT, THROUGH_A_PARTY, strength_of

#: A path weaker than this is no link.
WEAKEST = 0.02


#: By what a seizure weighs more on a party than its others.
_WEIGHED = ("confidence", "seized_on", "seizure")


@dataclass(frozen=True)
class Start:
    """Where a search begins. ``node`` is entered at ``cost``; ``claim`` and ``value`` say what leads there.

    A record of the asked party itself is where a path begins: it has no claim. ``users``: how many parties use the
    value or have the combination, the asked one counted once; ``records`` are those that have a combination too.
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
    """A path: its start, node positions in walking order, edge rows between them, and what it is worth.

    ``seizure``: the one to tell of those at its end; None where the weightiest will do.
    """

    start: Start
    nodes: tuple[int, ...]
    edges: tuple[int, ...]
    cost: int
    strength: float
    seizure: str | None = None

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
    def claim(self) -> NDArray[np.int8]: ...
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
    def seizures_of(self, node: int, *columns: str) -> Sequence[Mapping[str, Any]]: ...


def find_walks(
    index: Walkable,
    starts: list[Start],
    count: int,
    max_hops: int,
    *,
    weakest: float = WEAKEST,
    muted: Int32 | None = None,
) -> Walks:
    """Up to ``count`` paths to seized parties, strongest first, no two resting on the same shared value, or on the same
    value or combination that the question gives. A seizure to which a path leads without any is told once.

    A path has at most ``max_hops`` edges and is at least ``weakest`` strong. ``muted``: seized parties that do not
    count as ends (``beyond`` knows nothing of that).
    """
    with index.rooms.room() as room:
        if muted is not None:
            room.bar(muted.tolist(), MUTED)
        return _find(index, room, starts, count, max_hops, weakest)


def _find(index: Walkable, room: Room, starts: list[Start], count: int, max_hops: int, weakest: float) -> Walks:
    found: list[Walk] = []
    search = _Search(index, room, _costed(index.graph), max_hops, _dearest(weakest), _Ways.of(starts))
    while len(found) < count and search.ways.starts:
        walk, gave_up = search.next_best()
        if gave_up:
            return Walks(_strongest_first(found), gave_up=True)
        if walk is None:
            break
        told = search.untold(walk)
        if told is None:
            room.bar([walk.nodes[-1]], MUTED)
            continue
        if told.strength >= weakest:
            found.append(told)
        search.close(told)
    return Walks(_strongest_first(found), gave_up=False, beyond=_beyond(index.graph, starts, found, max_hops, weakest))


def _strongest_first(walks: list[Walk]) -> tuple[Walk, ...]:
    """The cheapest comes first when searched for; a party's own seizure is cheap and no stronger for it."""
    return tuple(sorted(walks, key=lambda walk: -walk.strength))


@dataclass(frozen=True)
class _Ways:
    """The ways into the graph, the ``best`` of each node, and for a search the ``arrays`` that say the same."""

    starts: list[Start]
    best: dict[int, Start]
    arrays: WaysIn

    @classmethod
    def of(cls, starts: list[Start]) -> "_Ways":
        """The cheapest of the starts at one node counts."""
        best = {start.node: start for start in sorted(starts, key=lambda item: -item.cost)}
        costs = np.array([start.cost for start in best.values()], np.int32)
        spent = np.array([start.claim is not None for start in best.values()], np.int32)
        return cls(starts, best, WaysIn(np.array([*best], np.int32), costs, spent))


def _costed(graph: Searched) -> CostedGraph:
    return CostedGraph(
        graph.start, graph.stop, graph.adj, graph.weight, graph.seed_cost, remaining=graph.cost, before=graph.before
    )


@dataclass
class _Search:
    """One search after another past what was told before: ``ways`` in that are left, ``told`` seizures. ``read`` are
    the seizures of parties at ends of paths, ``names`` no more than which they are: some have hundreds."""

    index: Walkable
    room: Room
    costed: CostedGraph
    max_hops: int
    most: int
    ways: _Ways
    told: set[str] = field(default_factory=set)
    names: dict[int, set[str]] = field(default_factory=dict)
    read: dict[int, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def next_best(self) -> tuple[Walk | None, bool]:
        """The cheapest path that is left, and whether the search was cut off."""
        path, crossed, cost, gave_up = best_path(
            self.costed, self.ways.arrays, self.room.scratch, self.max_hops, self.most
        )
        if gave_up or not len(path) or cost == UNREACHABLE:
            return None, gave_up
        start, edges = self.ways.best[int(path[0])], tuple(self.index.graph.edge[crossed].tolist())
        strength = strength_of(float(cost), _paid(start, len(edges)))
        return Walk(start, tuple(path.tolist()), edges, int(cost), strength), False

    def untold(self, walk: Walk) -> Walk | None:
        """The walk with a seizure to tell that was not told; None when its end has no other."""
        if not self.told or self.told.isdisjoint(self._names(walk)):
            return walk
        seizures = self._seizures(walk)
        left = [row for row in seizures if row["seizure"] not in self.told]
        if not left:
            return None
        best, chosen = weightiest(seizures), weightiest(left)
        if best is chosen:
            return walk
        less = min(chosen["confidence"] / best["confidence"], 1.0)
        return replace(walk, strength=walk.strength * less, seizure=chosen["seizure"])

    def close(self, walk: Walk) -> None:
        """Close what a walk rests on: shared values, and what the question gives. Without a shared value it is the
        party at its end that was told, under all its identities, and the seizure, whoever else had a part in it."""
        start, end = walk.start, walk.nodes[-1]
        if start.claim is not None and start.claim != "SAME_AS":  # candidates of one name are not one party
            given = (start.claim, start.value)
            self.ways = _Ways.of([item for item in self.ways.starts if (item.claim, item.value) != given])
        party = self.index.graph.party
        shared = [node for node in walk.nodes if not party[node]]
        if shared:
            self.room.bar(shared, CLOSED)
            return
        self.room.bar([end, *same_party(self.index.graph, end)], MUTED)
        if (seizure := walk.seizure or _heaviest_of(self._seizures(walk))) is not None:
            self.told.add(seizure)

    def _names(self, walk: Walk) -> set[str]:
        """The seizures at the end of a walk."""
        end = walk.nodes[-1]
        if end not in self.names:
            self.names[end] = {row["seizure"] for row in self.index.seizures_of(end, "seizure")}
        return self.names[end]

    def _seizures(self, walk: Walk) -> Sequence[Mapping[str, Any]]:
        end = walk.nodes[-1]
        if end not in self.read:
            self.read[end] = self.index.seizures_of(end, *_WEIGHED)
        return self.read[end]


def seizure_of(index: Walkable, walk: Walk) -> str | None:
    """The seizure that a walk tells; None where it leads to a party of none."""
    return walk.seizure or _heaviest_of(index.seizures_of(walk.nodes[-1], *_WEIGHED))


def _heaviest_of(seizures: Sequence[Mapping[str, Any]]) -> str | None:
    return str(weightiest(seizures)["seizure"]) if seizures else None


def weightiest(seizures: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The seizure that weighs most on a party: the surest role, then the newest."""
    return max(seizures, key=lambda row: tuple(row[column] for column in _WEIGHED))


def _paid(start: Start, edges: int) -> int:
    """Edges that paid for passages: to be a record costs no more than the doubt about it."""
    return edges + (start.claim not in (None, "SAME_AS"))


def _dearest(weakest: float) -> int:
    """What a path may cost that is so strong (see ``weights.strength_of``): dearer ones need not be looked for."""
    if weakest <= 0.0:
        return int(UNREACHABLE) - 1
    return int(np.ceil(-COST_UNIT * np.log(weakest * THROUGH_A_PARTY)))


def _beyond(graph: Searched, starts: list[Start], found: list[Walk], max_hops: int, weakest: float) -> Beyond | None:
    """The best-evidence pass knows the best path of any length: one look at each start, no search."""
    reached = [start for start in starts if graph.cost[start.node] != UNREACHABLE]
    best = min(reached, key=lambda start: start.cost + int(graph.cost[start.node]), default=None)
    if best is None or (found and min(walk.cost for walk in found) <= best.cost + int(graph.cost[best.node])):
        return None
    told = best_evidence(graph, best.node)
    if told is None:
        return None
    hops = len(told.nodes) - 1 + (best.claim is not None)
    strength = strength_of(float(best.cost + told.cost), _paid(best, len(told.nodes) - 1))
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
