"""Ties between parties: how probable it is, by all that two of them share, that they are in the same hands.

The evidence graph leads from party to value to party; here a value becomes ties between those who use it. Its edges
carry the correction already: among ``u`` users a tie through a value is worth its reliability over about ``u - 1``, so
whatever a value has to say is divided among its users. A hub says nothing and is counted as left out.

Who deals with whom is no tie between the two: a customer is not its supplier. Two customers of one supplier do share
something, and that ties them as any value would.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.evidence import EvidenceGraph
from graphinv.links.walks import WEAKEST
from graphinv.links.weights import CLAIMS, COST_UNIT, HUB_USERS, THROUGH_A_PARTY

_BUILDING = CLAIMS.index("SAME_BUILDING")
_HOME = CLAIMS.index("LOCATED_AT")
#: No tie is surer than this, as no link is.
_SUREST = 0.99


@dataclass(frozen=True)
class Pairs:
    """Two parties and one thing they share, element by element: ``one`` < ``other`` are vertices, ``through`` the node
    of the value or of whom both deal with; ``strength`` is the probability of the same hands by it."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    through: NDArray[np.int32]
    strength: NDArray[np.float64]


@dataclass(frozen=True)
class LeftOut:
    """What ties nobody: values that are hubs, how many uses they have, and ties that are weaker than the weakest link
    (all that two parties share taken together)."""

    hubs: int
    hub_uses: int
    weak_ties: int


@dataclass(frozen=True)
class Ties:
    """The graph that is clustered. A vertex is an entity: ``entities`` sorted by id, ``vertex`` by node of the evidence
    graph (-1 for values). ``one`` < ``other`` and ``weight`` (0 to 1) are its edges, each once; ``pairs`` what makes
    them."""

    entities: pl.Series
    vertex: NDArray[np.int32]
    one: NDArray[np.int32]
    other: NDArray[np.int32]
    weight: NDArray[np.float64]
    pairs: Pairs
    left_out: LeftOut


@dataclass(frozen=True)
class _Uses:
    """Who uses what at which cost: each (value, vertex) once, in that order."""

    value: NDArray[np.int64]
    vertex: NDArray[np.int64]
    cost: NDArray[np.int64]


def ties_of(graph: EvidenceGraph) -> Ties:
    """Everything that ties parties to each other, hubs left out, two parties' shared values joined by noisy-or."""
    entities, vertex = _vertices(graph)
    cost = np.zeros(len(graph.edges), np.int64)
    cost[graph.edge] = graph.weight
    uses, hubs, hub_uses = _without_hubs(_uses(graph, vertex, cost))
    found = _pairs(uses)
    one, other, weight = _joined(found, len(entities))
    told = weight >= WEAKEST
    left_out = LeftOut(hubs, hub_uses, int((~told).sum()))
    return Ties(entities, vertex, one[told], other[told], weight[told], found, left_out)


def _vertices(graph: EvidenceGraph) -> tuple[pl.Series, NDArray[np.int32]]:
    party = graph.nodes.select("node", pl.coalesce("entity", "uid").alias("entity")).filter(pl.Series(graph.party))
    entities = party["entity"].unique().sort()
    codes = party.join(entities.to_frame().with_row_index("vertex"), on="entity", maintain_order="left")
    vertex = np.full(len(graph.nodes), -1, np.int32)
    vertex[codes["node"].to_numpy()] = codes["vertex"].to_numpy()
    return entities, vertex


def _uses(graph: EvidenceGraph, vertex: NDArray[np.int32], cost: NDArray[np.int64]) -> _Uses:
    """Uses of values, dealings among them; who is at a unit is at its building, too, for what both steps cost."""
    a, b = graph.edges["a"].to_numpy(), graph.edges["b"].to_numpy()
    own = (vertex[a] >= 0) & (vertex[a] != vertex[b])  # SAME_AS stands within an entity only
    direct = pl.DataFrame({"value": _first_of_party(vertex)[b[own]], "vertex": vertex[a[own]], "cost": cost[own]})
    home, unit = own & (graph.claim == _HOME), graph.claim == _BUILDING
    at_unit = pl.DataFrame({"unit": b[home], "vertex": vertex[a[home]], "cost": cost[home]})
    in_building = pl.DataFrame({"unit": a[unit], "value": b[unit], "more": cost[unit]})
    housed = at_unit.join(in_building, on="unit").select(
        pl.col("value").cast(pl.Int64), "vertex", pl.col("cost") + pl.col("more")
    )
    return _cheapest(pl.concat([direct, housed]))


def _first_of_party(vertex: NDArray[np.int32]) -> NDArray[np.int64]:
    """By node: itself; for a party the first of its identities, so that dealing with any of them is one dealing."""
    first = np.arange(len(vertex))
    party = np.flatnonzero(vertex >= 0)
    _, at, inverse = np.unique(vertex[party], return_index=True, return_inverse=True)
    first[party] = party[at][inverse]
    return first


def _cheapest(uses: pl.DataFrame) -> _Uses:
    """Several identities of one party are one user."""
    best = uses.group_by("value", "vertex").agg(pl.col("cost").min()).sort("value", "vertex")
    value, vertex, cost = (best[name].cast(pl.Int64).to_numpy() for name in ("value", "vertex", "cost"))
    return _Uses(value, vertex, cost)


def _without_hubs(uses: _Uses) -> tuple[_Uses, int, int]:
    """(the others, hubs, uses of hubs)."""
    _, group, users = np.unique(uses.value, return_inverse=True, return_counts=True)
    kept = users[group] < HUB_USERS
    return (
        _Uses(uses.value[kept], uses.vertex[kept], uses.cost[kept]),
        int((users >= HUB_USERS).sum()),
        int((~kept).sum()),
    )


def _pairs(uses: _Uses) -> Pairs:
    """Every two users of a value."""
    near, far = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, HUB_USERS - 1):  # the uses of a value stand together, so its users are so many steps apart
        found = np.flatnonzero(uses.value[step:] == uses.value[:-step])
        if not len(found):
            break
        near.append(found)
        far.append(found + step)
    left, right = np.concatenate(near), np.concatenate(far)
    return Pairs(
        uses.vertex[left].astype(np.int32),
        uses.vertex[right].astype(np.int32),
        uses.value[left].astype(np.int32),
        strengths(uses.cost[left] + uses.cost[right]),
    )


def strengths(cost: NDArray[np.int64]) -> NDArray[np.float64]:
    """``links.weights.strength_of`` for many paths of at least one edge."""
    return np.minimum(np.exp(-cost / COST_UNIT) / THROUGH_A_PARTY, _SUREST)


def _joined(pairs: Pairs, size: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Each two parties once, with the probability that not all they share is chance."""
    key = pairs.one.astype(np.int64) * size + pairs.other
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    doubt = np.add.reduceat(np.log1p(-pairs.strength[order]), first) if len(first) else np.zeros(0)
    both = key[order][first]
    return (both // max(size, 1)).astype(np.int32), (both % max(size, 1)).astype(np.int32), -np.expm1(doubt)
