"""The best-evidence pass kept current: after a change only what the change reaches is computed anew.

First costs that have lost their support are found, cheapest first, and withdrawn with everything that rested on them
(G. Ramalingam, T. Reps, An incremental algorithm for a generalization of the shortest-path problem, J. Algorithms
21(2), 1996); then Dijkstra runs from their border and from whatever became cheaper. The outcome equals
``kernels.best_costs``, ties included.
"""

from heapq import heappop, heappush
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.ahead import ask_ahead
from graphinv.links.kernels import UNREACHABLE, Int32, Int64, UInt64

#: What is known of a node during a repair; no bit is set before and after.
_TOUCHED, _WITHDRAWN, _CHECKED, _MOVED, _SETTLED = (np.uint8(1 << bit) for bit in range(5))

#: No neighbour supports the cost of a node.
_NONE = -2

#: How many relationships ahead memory is asked for.
_AHEAD = 12

#: (cost, node) in one number: what heaps are ordered by.
_Keys = list[np.int64]
_Touched = list[tuple[np.int32, np.int32, np.int32]]


class Pass(NamedTuple):
    """A graph and its best-evidence pass, as in ``best_costs``. ``state``: room to work in, a zero a node."""

    start: Int64
    stop: Int64
    adj: Int32
    weight: Int32
    seed_cost: Int32
    rank: UInt64
    cost: Int32
    before: Int32
    origin: Int32
    state: NDArray[np.uint8]


@nb.njit(cache=True, nogil=True)
def repair(of: Pass, raised: Int32, lowered: Int32, seeds: Int32) -> tuple[Int32, Int32, Int32]:
    """Make ``cost``, ``before`` and ``origin`` right again in place, the graph of which has changed already.

    ``raised`` are pairs of nodes between which a relationship got dearer or went away, ``lowered`` triples (node, node,
    cost) between which one got cheaper or came; ``seeds`` are nodes whose ``seed_cost`` changed. Returned are the nodes
    that were touched, each once, with the costs and origins they had.
    """
    touched = [(np.int32(0), np.int32(0), np.int32(0)) for _ in range(0)]
    queue = [np.int64(0) for _ in range(0)]
    _withdraw(of, _suspects(of, raised, seeds), touched, queue)
    for i in range(lowered.shape[0]):
        if i + _AHEAD < lowered.shape[0]:
            _ask_about(of, lowered[i + _AHEAD, 0])
            _ask_about(of, lowered[i + _AHEAD, 1])
        _relax(of, lowered[i, 0], lowered[i, 1], lowered[i, 2], touched, queue)
        _relax(of, lowered[i, 1], lowered[i, 0], lowered[i, 2], touched, queue)
    for node in seeds:
        _reseed(of, node, touched, queue)
    _settle(of, touched, queue)
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
        if i + _AHEAD < raised.shape[0]:
            _ask_about(of, raised[i + _AHEAD, 0])
            _ask_about(of, raised[i + _AHEAD, 1])
        u, v = raised[i, 0], raised[i, 1]
        if of.before[v] == u:
            heappush(suspects, _key(of, v))
        if of.before[u] == v:
            heappush(suspects, _key(of, u))
    for node in seeds:
        if of.cost[node] != UNREACHABLE and of.before[node] < 0 and of.seed_cost[node] > of.cost[node]:
            heappush(suspects, _key(of, node))
    return suspects


@nb.njit(cache=True, nogil=True)
def _withdraw(of: Pass, suspects: _Keys, touched: _Touched, queue: _Keys) -> None:
    """Withdraw the costs that nothing supports any more; what their border offers instead waits in ``queue``."""
    withdrawn = [np.int32(0) for _ in range(0)]
    while len(suspects) > 0:
        node = np.int32(heappop(suspects) & 0xFFFFFFFF)
        _ask_for_next(of, suspects)
        if of.state[node] & (_WITHDRAWN | _CHECKED):
            continue
        _touch(of, node, touched)
        support = _support(of, node)
        if support != _NONE:
            of.state[node] |= _CHECKED
            of.before[node] = support
            heappush(queue, _key(of, node))
            continue
        of.state[node] |= _WITHDRAWN | _MOVED
        withdrawn.append(node)
        for at in range(of.start[node], of.stop[node]):
            if of.before[of.adj[at]] == node:
                heappush(suspects, _key(of, of.adj[at]))
    for node in withdrawn:
        of.cost[node], of.before[node], of.origin[node] = UNREACHABLE, -1, -1
    for node in withdrawn:
        _offer(of, node, queue)


@nb.njit(cache=True, nogil=True, inline="always")
def _support(of: Pass, node: np.int32) -> np.int32:
    """The predecessor that gives a node the cost it has, -1 for its own seizure, _NONE when nothing does."""
    if of.seed_cost[node] == of.cost[node]:
        return np.int32(-1)
    found = np.int32(_NONE)
    for at in range(of.start[node], of.stop[node]):
        if at + _AHEAD < of.stop[node]:
            ask_ahead(of.cost, of.adj[at + _AHEAD])
            ask_ahead(of.before, of.adj[at + _AHEAD])
        other = of.adj[at]
        if np.int64(of.cost[other]) + of.weight[at] != of.cost[node] or of.state[other] & _WITHDRAWN:
            continue
        if found == _NONE or of.rank[other] < of.rank[found]:
            found = other
    return found


@nb.njit(cache=True, nogil=True, inline="always")
def _offer(of: Pass, node: np.int32, queue: _Keys) -> None:
    """Give a withdrawn node the best that its seizure and its neighbours offer by now."""
    best, through = np.int64(of.seed_cost[node]), np.int32(-1)
    for at in range(of.start[node], of.stop[node]):
        other = of.adj[at]
        if of.cost[other] == UNREACHABLE:
            continue
        offered = np.int64(of.cost[other]) + of.weight[at]
        if offered < best or (offered == best and through >= 0 and of.rank[other] < of.rank[through]):
            best, through = offered, other
    if best != UNREACHABLE:
        of.cost[node], of.before[node] = best, through
        heappush(queue, _key(of, node))


@nb.njit(cache=True, nogil=True, inline="always")
def _reseed(of: Pass, node: np.int32, touched: _Touched, queue: _Keys) -> None:
    """A seizure that is as good as what a node has, or better, is what it has."""
    offered = of.seed_cost[node]
    if offered == UNREACHABLE or offered > of.cost[node] or (offered == of.cost[node] and of.before[node] < 0):
        return
    _touch(of, node, touched)
    if offered < of.cost[node]:
        of.state[node] |= _MOVED
    of.cost[node], of.before[node] = offered, -1
    heappush(queue, _key(of, node))


@nb.njit(cache=True, nogil=True)
def _settle(of: Pass, touched: _Touched, queue: _Keys) -> None:
    """Dijkstra over what waits; a node whose cost and origin stayed passes nothing on."""
    while len(queue) > 0:
        key = heappop(queue)
        _ask_for_next(of, queue)
        node = np.int32(key & 0xFFFFFFFF)
        if key >> 32 != of.cost[node] or of.state[node] & _SETTLED:
            continue
        of.state[node] |= _SETTLED
        told = node if of.before[node] < 0 else of.origin[of.before[node]]
        if told == of.origin[node] and not of.state[node] & _MOVED:
            continue
        of.origin[node] = told
        for at in range(of.start[node], of.stop[node]):
            if at + _AHEAD < of.stop[node]:
                ask_ahead(of.cost, of.adj[at + _AHEAD])
            _relax(of, node, of.adj[at], of.weight[at], touched, queue)


@nb.njit(cache=True, nogil=True, inline="always")
def _relax(of: Pass, tail: np.int32, head: np.int32, weight: np.int32, touched: _Touched, queue: _Keys) -> None:
    """Reach ``head`` from ``tail`` when that is better, as good by a smaller rank, or from another seizure."""
    if of.cost[tail] == UNREACHABLE:
        return
    through = np.int64(of.cost[tail]) + weight
    if through > of.cost[head]:
        return
    held = of.before[head]
    if through < of.cost[head]:
        _touch(of, head, touched)
        of.state[head] |= _MOVED
        of.cost[head], of.before[head] = through, tail
    elif held == tail:
        if of.origin[head] == of.origin[tail]:
            return
        _touch(of, head, touched)
    elif held >= 0 and of.rank[tail] < of.rank[held]:
        _touch(of, head, touched)
        of.before[head] = tail
    else:
        return
    heappush(queue, _key(of, head))


@nb.njit(cache=True, nogil=True, inline="always")
def _ask_about(of: Pass, node: np.int32) -> None:
    ask_ahead(of.cost, node)
    ask_ahead(of.before, node)
    ask_ahead(of.start, node)
    ask_ahead(of.stop, node)


@nb.njit(cache=True, nogil=True, inline="always")
def _ask_for_next(of: Pass, keys: _Keys) -> None:
    """Whose turn is next stands first in a heap; the two after it may come next but one."""
    for i in range(min(len(keys), 3)):
        node = np.int32(keys[i] & 0xFFFFFFFF)
        if i > 0:
            ask_ahead(of.adj, of.start[node])
            ask_ahead(of.weight, of.start[node])
            continue
        for at in range(of.start[node], min(of.stop[node], of.start[node] + _AHEAD)):
            ask_ahead(of.cost, of.adj[at])
            ask_ahead(of.before, of.adj[at])


@nb.njit(cache=True, nogil=True, inline="always")
def _touch(of: Pass, node: np.int32, touched: _Touched) -> None:
    if of.state[node] == 0:
        of.state[node] = _TOUCHED
        touched.append((np.int32(node), of.cost[node], of.origin[node]))


@nb.njit(cache=True, nogil=True, inline="always")
def _key(of: Pass, node: np.int32) -> np.int64:
    return np.int64((np.int64(of.cost[node]) << 32) | np.int64(node))
