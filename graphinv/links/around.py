"""What is around a node, compiled by numba: a seller or a building has thousands of neighbours, of whom few are meant.

Arrays as in ``EvidenceGraph``: the neighbours of a node stand in ``adj`` from its ``start`` to before its ``stop``.
"""

from typing import TYPE_CHECKING

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.weights import SAME_AS
from graphinv.resolve.ahead import ask_ahead

if TYPE_CHECKING:
    from graphinv.links.walks import Searched

#: How many neighbours ahead memory is asked for: what is told of them lies anywhere.
_FAR = 16


def same_party(graph: "Searched", node: int) -> list[int]:
    """Who is on record as probably the same party as an identity."""
    found: list[int] = joined_by(SAME_AS, node, graph.start, graph.stop, graph.adj, graph.edge, graph.claim).tolist()
    return found


@nb.njit(cache=True, nogil=True)
def joined_by(
    wanted: int, node: int, start: Int64, stop: Int64, adj: Int32, edge: Int32, claim: NDArray[np.int8]
) -> Int32:
    """The neighbours of a node that the ``wanted`` claim joins to it, in the order of their places. The rows of their
    relationships stand in ``edge`` beside them, and a row's claim in ``claim``."""
    found = np.empty(stop[node] - start[node], np.int32)
    count = 0
    for at in range(start[node], stop[node]):
        if at + _FAR < stop[node]:
            ask_ahead(claim, edge[at + _FAR])
        if claim[edge[at]] == wanted:
            found[count] = adj[at]
            count += 1
    return found[:count]


@nb.njit(cache=True, nogil=True)
def seized_users(
    hub: int, units: bool, start: Int64, stop: Int64, adj: Int32, seed_cost: Int32, party: NDArray[np.bool_]
) -> Int64:
    """Who of a hub's users is seized, and the hub itself if it is; with ``units`` those at the units of a building,
    too. A tenant of two units comes twice."""
    found = [np.int64(hub) for _ in range(int(seed_cost[hub] != UNREACHABLE))]
    for at in range(start[hub], stop[hub]):
        if at + _FAR < stop[hub]:
            ask_ahead(seed_cost, adj[at + _FAR])
        other = adj[at]
        if seed_cost[other] != UNREACHABLE:
            found.append(np.int64(other))
        if units and not party[other]:
            for within in range(start[other], stop[other]):
                if seed_cost[adj[within]] != UNREACHABLE:
                    found.append(np.int64(adj[within]))  # noqa: PERF401  # compiled: a list a unit costs more
    return np.array(found, np.int64)


@nb.njit(cache=True, nogil=True)
def added_through(
    hubs: Int64, buildings: NDArray[np.bool_], told: Int64, start: Int64, stop: Int64, adj: Int32, seed_cost: Int32,
    party: NDArray[np.bool_],
) -> Int64:  # fmt: skip
    """How many seized users (``seized_users``) each hub adds to those ``told`` and to those of the hubs before it."""
    met = {np.int64(-1)}
    met.update(told)
    added = np.zeros(hubs.size, np.int64)
    for at in range(hubs.size):
        before = len(met)
        met.update(seized_users(hubs[at], buildings[at], start, stop, adj, seed_cost, party))
        added[at] = len(met) - before
    return added
