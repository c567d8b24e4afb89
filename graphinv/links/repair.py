"""The best-evidence pass kept current: after a change only what the change reaches is computed anew.

First costs that have lost their support are found, cheapest first, and withdrawn with everything that rested on them
(G. Ramalingam, T. Reps, An incremental algorithm for a generalization of the shortest-path problem, J. Algorithms
21(2), 1996); then Dijkstra runs from their border and from whatever became cheaper. Of a hub only those relationships
are walked that can matter (``links.hubs``). The outcome equals ``kernels.best_costs``, ties included.
"""

from heapq import heappop, heappush

import numba as nb
import numpy as np

from graphinv.links.kernels import UNREACHABLE, Int32
from graphinv.links.repair_steps import (
    AHEAD,
    NONE,
    Pass,
    ask_about_pair,
    ask_for_edges,
    drop,
    far_first,
    far_from,
    held_by,
    is_better,
    is_first_touch,
    is_hub,
    is_judged,
    is_news,
    is_reseeded,
    judge,
    key_of,
    loosen_lost,
    loosen_moved,
    neighbour_at,
    next_better,
    next_child,
    next_hub,
    offer,
    reach,
    reseed,
    slots_of,
    support_of,
    weight_at,
)

__all__ = ["Pass", "repair"]

#: (cost, node) in one number: what heaps are ordered by.
_Keys = list[np.int64]
_Touched = list[tuple[np.int32, np.int32, np.int32]]

#: (hub, neighbour, weight): neighbours whose cost was withdrawn, of which the bounds of the hub do not tell.
_Owed = list[tuple[np.int32, np.int32, np.int32]]


@nb.njit(cache=True, nogil=True)
def repair(of: Pass, raised: Int32, lowered: Int32, seeds: Int32) -> tuple[Int32, Int32, Int32]:
    """Make ``cost``, ``before`` and ``origin`` right again in place, the graph of which has changed already.

    ``raised`` are pairs of nodes between which a relationship got dearer or went away, ``lowered`` triples (node, node,
    cost) between which one got cheaper or came; ``seeds`` are nodes whose ``seed_cost`` changed. Returned are the nodes
    that were touched, each once, with the costs and origins they had.
    """
    touched = [(np.int32(0), np.int32(0), np.int32(0)) for _ in range(0)]
    queue = [np.int64(0) for _ in range(0)]
    owed = [(np.int32(0), np.int32(0), np.int32(0)) for _ in range(0)]
    withdrawn = _withdraw(of, _suspects(of, raised, seeds), touched, queue)
    for node in withdrawn:
        _owe(of, node, owed)
        if offer(of, node):
            heappush(queue, key_of(of, node))
    for i in range(lowered.shape[0]):
        ask_about_pair(of, lowered, i + AHEAD)
        _relax(of, lowered[i, 0], lowered[i, 1], lowered[i, 2], touched, queue)
        _relax(of, lowered[i, 1], lowered[i, 0], lowered[i, 2], touched, queue)
    for node in seeds:
        if is_reseeded(of, node):
            _touch(of, node, touched)
            reseed(of, node)
            heappush(queue, key_of(of, node))
    _settle(of, touched, queue, owed)
    for node in withdrawn:
        loosen_lost(of, node)
    out = np.empty((3, len(touched)), np.int32)
    for i, (node, cost, origin) in enumerate(touched):
        of.state[node] = 0
        out[0, i], out[1, i], out[2, i] = node, cost, origin
    return out[0], out[1], out[2]


@nb.njit(cache=True, nogil=True)
def _suspects(of: Pass, raised: Int32, seeds: Int32) -> _Keys:
    """Nodes whose cost came over what got dearer, or from a seizure that weighs less now."""
    suspects = [np.int64(0) for _ in range(0)]
    for i in range(raised.shape[0]):
        ask_about_pair(of, raised, i + AHEAD)
        u, v = raised[i, 0], raised[i, 1]
        if of.before[v] == u:
            heappush(suspects, key_of(of, v))
        if of.before[u] == v:
            heappush(suspects, key_of(of, u))
    for node in seeds:
        if of.cost[node] != UNREACHABLE and of.before[node] < 0 and of.seed_cost[node] > of.cost[node]:
            heappush(suspects, key_of(of, node))
    return suspects


@nb.njit(cache=True, nogil=True)
def _withdraw(of: Pass, suspects: _Keys, touched: _Touched, queue: _Keys) -> list[np.int32]:
    """Withdraw the costs that nothing supports any more and tell whose; those that others support wait in ``queue``."""
    withdrawn = [np.int32(0) for _ in range(0)]
    while len(suspects) > 0:
        node = np.int32(heappop(suspects) & 0xFFFFFFFF)
        _ask_for_next(of, suspects)
        if is_judged(of, node):
            continue
        _touch(of, node, touched)
        support = support_of(of, node)
        judge(of, node, support)
        if support != NONE:
            heappush(queue, key_of(of, node))
            continue
        withdrawn.append(node)
        at, last, stop = far_first(of, node)
        while at < stop:
            at = next_child(of, node, at, last)
            if at < last:
                heappush(suspects, key_of(of, neighbour_at(of, at)))
            at, last = far_from(of, node, at + (at < last), last)
    for node in withdrawn:
        drop(of, node)
    return withdrawn


@nb.njit(cache=True, nogil=True)
def _settle(of: Pass, touched: _Touched, queue: _Keys, owed: _Owed) -> None:
    """Dijkstra over what waits; a node whose cost and origin stayed passes nothing on."""
    while len(queue) > 0:
        key = heappop(queue)
        _ask_for_next(of, queue)
        node = np.int32(key & 0xFFFFFFFF)
        if not is_news(of, node, key >> 32):
            continue
        at, last, stop = far_first(of, node)
        while at < stop:
            at = next_better(of, node, at, last)
            if at < last:
                other = neighbour_at(of, at)
                _touch(of, other, touched)
                reach(of, node, other, weight_at(of, at))
                heappush(queue, key_of(of, other))
            at, last = far_from(of, node, at + (at < last), last)
        if len(owed) > 0 and is_hub(of, node):
            for hub, other, weight in owed:
                if hub == node:
                    _relax(of, node, other, weight, touched, queue)
        loosen_moved(of, node)


@nb.njit(cache=True, nogil=True, inline="always")
def _relax(of: Pass, tail: np.int32, head: np.int32, weight: np.int32, touched: _Touched, queue: _Keys) -> None:
    """Reach ``head`` from ``tail`` when that is news (see ``is_better``)."""
    if is_better(of, tail, head, weight):
        _touch(of, head, touched)
        reach(of, tail, head, weight)
        heappush(queue, key_of(of, head))


@nb.njit(cache=True, nogil=True, inline="always")
def _touch(of: Pass, node: np.int32, touched: _Touched) -> None:
    if is_first_touch(of, node):
        touched.append(held_by(of, node))


@nb.njit(cache=True, nogil=True, inline="always")
def _ask_for_next(of: Pass, keys: _Keys) -> None:
    """Whose turn is next stands first in a heap; the two after it may come next but one."""
    for i in range(min(len(keys), 3)):
        ask_for_edges(of, np.int32(keys[i] & 0xFFFFFFFF), i == 0)


@nb.njit(cache=True, nogil=True, inline="always")
def _owe(of: Pass, node: np.int32, owed: _Owed) -> None:
    """The hubs around a node whose cost is withdrawn do not know yet what it will cost."""
    at, stop = slots_of(of, node)
    at = next_hub(of, at, stop)
    while at < stop:
        owed.append((neighbour_at(of, at), node, weight_at(of, at)))
        at = next_hub(of, at + 1, stop)
