"""What a repair does at one node or relationship; ``repair`` says in which order.

Nothing here takes or makes what numba counts references to, which makes it faster by half.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphinv.links.ahead import ask_ahead
from graphinv.links.hubs import BITS, Hubs, loosen, may_be_hub, next_far, next_near
from graphinv.links.kernels import UNREACHABLE, Int32, Int64, Number, UInt64
from graphinv.links.uncounted import uncounted

#: What is known of a node during a repair; no bit is set before and after.
_TOUCHED, _WITHDRAWN, _CHECKED, _MOVED, _SETTLED = (np.uint8(1 << bit) for bit in range(5))

#: No neighbour supports the cost of a node.
NONE = -2

#: So few relationships are walked, of a hub as well.
_FEW = 64

#: How many relationships ahead memory is asked for.
AHEAD = 12


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
    hubs: Hubs


@uncounted
def slots_of(of: Pass, node: np.int32) -> tuple[Number, Number]:
    """Where the slots of a node begin and end."""
    return of.start[node], of.stop[node]


@uncounted
def far_first(of: Pass, node: np.int32) -> tuple[Number, Number, Number]:
    """The first slots, as of ``next_far``, and where all slots of the node end."""
    first, last = far_from(of, node, of.start[node], of.start[node])
    return first, last, of.stop[node]


@uncounted
def neighbour_at(of: Pass, at: Number) -> np.int32:
    """Whom a slot leads to."""
    return np.int32(of.adj[at])


@uncounted
def weight_at(of: Pass, at: Number) -> np.int32:
    """What the relationship of a slot costs."""
    return np.int32(of.weight[at])


@uncounted
def is_hub(of: Pass, node: np.int32) -> bool:
    """Whether bounds are kept of the relationships of a node."""
    return bool(of.hubs.hub[node])


@uncounted
def drop(of: Pass, node: np.int32) -> None:
    """Withdraw what is known of a node."""
    of.cost[node], of.before[node], of.origin[node] = UNREACHABLE, -1, -1


@uncounted
def loosen_moved(of: Pass, node: np.int32) -> None:
    """Have hubs know of a node that costs something else than before."""
    if of.state[node] & _MOVED:
        _loosen(of, node)


@uncounted
def loosen_lost(of: Pass, node: np.int32) -> None:
    """Have hubs know of a node that no seizure reaches any more."""
    if of.cost[node] == UNREACHABLE:
        _loosen(of, node)


@uncounted
def is_first_touch(of: Pass, node: np.int32) -> bool:
    """Whether a node is touched for the first time; it is from then on."""
    if of.state[node]:
        return False
    of.state[node] = _TOUCHED
    return True


@uncounted
def held_by(of: Pass, node: np.int32) -> tuple[np.int32, np.int32, np.int32]:
    """A node with its cost and its origin."""
    return np.int32(node), of.cost[node], of.origin[node]


@uncounted
def is_judged(of: Pass, node: np.int32) -> bool:
    """Whether it is known already if something supports a node."""
    return bool(of.state[node] & (_WITHDRAWN | _CHECKED))


@uncounted
def judge(of: Pass, node: np.int32, support: np.int32) -> None:
    """Note what supports a node, or that nothing does."""
    if support == NONE:
        of.state[node] |= _WITHDRAWN | _MOVED
    else:
        of.state[node] |= _CHECKED
        of.before[node] = support


@uncounted
def is_news(of: Pass, node: np.int32, cost: Number) -> bool:
    """Whether a node that waited at a cost has its turn and something to pass on; its origin is right from then on."""
    if cost != of.cost[node] or of.state[node] & _SETTLED:
        return False
    of.state[node] |= _SETTLED
    told = node if of.before[node] < 0 else of.origin[of.before[node]]
    if told == of.origin[node] and not of.state[node] & _MOVED:
        return False
    of.origin[node] = told
    return True


@uncounted
def support_of(of: Pass, node: np.int32) -> np.int32:
    """The predecessor that gives a node the cost it has, -1 for its own seizure, NONE when nothing does."""
    if of.seed_cost[node] == of.cost[node]:
        return np.int32(-1)
    found = np.int32(NONE)
    first = of.start[node]
    while first < of.stop[node]:
        first, last = _near(of, node, first, of.cost[node])
        for at in range(first, last):
            if at + AHEAD < last:
                ask_ahead(of.cost, of.adj[at + AHEAD])
                ask_ahead(of.before, of.adj[at + AHEAD])
            other = of.adj[at]
            if np.int64(of.cost[other]) + of.weight[at] != of.cost[node] or of.state[other] & _WITHDRAWN:
                continue
            if found == NONE or of.rank[other] < of.rank[found]:
                found = other
        first = last
    return found


@uncounted
def offer(of: Pass, node: np.int32) -> bool:
    """Give a withdrawn node the best that its seizure and its neighbours offer by now; False when nobody does."""
    best, through = np.int64(of.seed_cost[node]), np.int32(-1)
    first = of.start[node]
    while first < of.stop[node]:
        first, last = _near(of, node, first, best)
        for at in range(first, last):
            other = of.adj[at]
            if of.cost[other] == UNREACHABLE:
                continue
            offered = np.int64(of.cost[other]) + of.weight[at]
            if offered < best or (offered == best and through >= 0 and of.rank[other] < of.rank[through]):
                best, through = offered, other
        first = last
    if best == UNREACHABLE:
        return False
    of.cost[node], of.before[node] = best, through
    return True


@uncounted
def is_reseeded(of: Pass, node: np.int32) -> bool:
    """A seizure that is as good as what a node has, or better, is what it has."""
    offered = of.seed_cost[node]
    return bool(
        offered != UNREACHABLE and (offered < of.cost[node] or (offered == of.cost[node] and of.before[node] >= 0))
    )


@uncounted
def reseed(of: Pass, node: np.int32) -> None:
    """Give a node what its own seizure costs."""
    if of.seed_cost[node] < of.cost[node]:
        of.state[node] |= _MOVED
    of.cost[node], of.before[node] = of.seed_cost[node], -1


@uncounted
def is_better(of: Pass, tail: np.int32, head: np.int32, weight: np.int32) -> bool:
    """Whether ``tail`` offers ``head`` something better, as good by a smaller rank, or from another seizure."""
    if of.cost[tail] == UNREACHABLE:
        return False
    through = np.int64(of.cost[tail]) + weight
    if through != of.cost[head]:
        return bool(through < of.cost[head])
    held = of.before[head]
    if held == tail:
        return bool(of.origin[head] != of.origin[tail])
    return bool(held >= 0 and of.rank[tail] < of.rank[held])


@uncounted
def reach(of: Pass, tail: np.int32, head: np.int32, weight: np.int32) -> None:
    """Give ``head`` what it costs through ``tail``."""
    through = np.int64(of.cost[tail]) + weight
    if through < of.cost[head]:
        of.state[head] |= _MOVED
    of.cost[head], of.before[head] = through, tail


@uncounted
def next_better(of: Pass, node: np.int32, at: Number, last: Number) -> Number:
    """The next slot of a node, from ``at`` to before ``last``, to whose neighbour it offers something better."""
    while at < last:
        if at + AHEAD < last:
            ask_ahead(of.cost, np.int32(of.adj[at + AHEAD]))
        if is_better(of, node, of.adj[at], of.weight[at]):
            break
        at += 1
    return at


@uncounted
def next_child(of: Pass, node: np.int32, at: Number, last: Number) -> Number:
    """The next slot of a node, from ``at`` to before ``last``, to whose neighbour it is the predecessor."""
    while at < last and of.before[of.adj[at]] != node:
        at += 1
    return at


@uncounted
def next_hub(of: Pass, at: Number, last: Number) -> Number:
    """The first slot from ``at`` on, to before ``last``, that may lead to a hub."""
    while at < last and not may_be_hub(of.hubs.sign, of.adj[at]):
        at += 1
    return at


@uncounted
def _near(of: Pass, node: np.int32, first: Number, most: Number) -> tuple[Number, Number]:
    """The next slots of a node, from ``first`` on, that may lead on to a cost of ``most`` or less."""
    if of.stop[node] - first < _FEW or not of.hubs.hub[node]:
        return first, of.stop[node]
    return next_near(of.hubs, of.adj, of.weight, of.cost, first, of.stop[node], most)


@uncounted
def far_from(of: Pass, node: np.int32, first: Number, last: Number) -> tuple[Number, Number]:
    """What is left of the slots from ``first`` to before ``last``, or the next ones with neighbours who may be no
    better off without the node."""
    if first < last:
        return first, last
    if of.stop[node] - first < _FEW or not of.hubs.hub[node]:
        return first, of.stop[node]
    return next_far(of.hubs, of.adj, of.weight, of.cost, first, of.stop[node], of.cost[node])


@uncounted
def _loosen(of: Pass, node: np.int32) -> None:
    """Have the hubs around a node know what it costs now."""
    for at in range(of.start[node], of.stop[node]):
        if may_be_hub(of.hubs.sign, of.adj[at]):
            row = of.hubs.edge[at]
            back = of.hubs.at_a[row] + of.hubs.at_b[row] - at
            loosen(of.hubs.near, of.hubs.far, back >> of.hubs.sizes[BITS], of.cost[node], of.weight[at])


@uncounted
def ask_about_pair(of: Pass, pairs: Int32, at: Number) -> None:
    """Have memory fetched of two nodes, if there is such a pair."""
    if at >= pairs.shape[0]:
        return
    _ask_about(of, pairs[at, 0])
    _ask_about(of, pairs[at, 1])


@uncounted
def _ask_about(of: Pass, node: np.int32) -> None:
    ask_ahead(of.cost, node)
    ask_ahead(of.before, node)
    ask_ahead(of.start, node)
    ask_ahead(of.stop, node)


@uncounted
def ask_for_edges(of: Pass, node: np.int32, is_next: bool) -> None:
    """Have memory fetched of the relationships of a node, and of its neighbours when it is next."""
    if not is_next:
        ask_ahead(of.adj, of.start[node])
        ask_ahead(of.weight, of.start[node])
        return
    for at in range(of.start[node], min(of.stop[node], of.start[node] + AHEAD)):
        ask_ahead(of.cost, of.adj[at])
        ask_ahead(of.before, of.adj[at])


@uncounted
def key_of(of: Pass, node: np.int32) -> np.int64:
    """What a node waits by."""
    return np.int64((np.int64(of.cost[node]) << 32) | np.int64(node))
