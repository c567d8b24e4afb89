"""What a repair does at nodes whose costs may have lost their support (see ``repair``)."""

import numpy as np

from graphinv.links.buckets import wait
from graphinv.links.hubs import may_be_hub
from graphinv.links.kernels import UNREACHABLE, Int32
from graphinv.links.repair_pass import (
    AHEAD,
    CHECKED,
    MOVED,
    WITHDRAWN,
    Pass,
    ask_about_pair,
    is_large,
    loosen_hubs,
    near,
    touch,
)
from graphinv.links.repair_room import OWED, Room, owed_left
from graphinv.links.uncounted import Number, uncounted
from graphinv.resolve.ahead import ask_ahead

#: No neighbour supports the cost of a node.
_NONE = -2


@uncounted
def suspect(of: Pass, room: Room, raised: Int32, seeds: Int32) -> None:
    """Have wait whose cost came over what got dearer, or from a seizure that weighs less now."""
    for i in range(raised.shape[0]):
        ask_about_pair(of, raised, i + AHEAD)
        u, v = raised[i, 0], raised[i, 1]
        if of.before[v] == u:
            wait(room.queue, v, of.cost[v])
        if of.before[u] == v:
            wait(room.queue, u, of.cost[u])
    for node in seeds:
        if of.cost[node] != UNREACHABLE and of.before[node] < 0 and of.seed_cost[node] > of.cost[node]:
            wait(room.queue, node, of.cost[node])


@uncounted
def withdraw_all(of: Pass, room: Room, at: Number, count: Number) -> Number:
    """Judge those whose turn it is from ``at`` on, up to one that needs more room or is a hub; where that one is."""
    while at < count:
        node = room.turn[at]
        if is_large(of, room, node):
            return at
        if is_unsupported(of, room, node):
            suspect_children(of, room, node, of.start[node], of.stop[node])
        at += 1
    return at


@uncounted
def is_unsupported(of: Pass, room: Room, node: np.int32) -> bool:
    """Judge a node; True when nothing supports what it costs, which is found out once.

    One that was supported is judged again: its support may have been withdrawn in the same turn.
    """
    if of.state[node] & WITHDRAWN:
        return False
    touch(of, room, node)
    support = _support_of(of, node)
    if support == _NONE:
        of.state[node] = of.state[node] & ~CHECKED | WITHDRAWN | MOVED
        return True
    of.state[node] |= CHECKED
    of.before[node] = support
    return False


@uncounted
def suspect_children(of: Pass, room: Room, node: np.int32, at: Number, last: Number) -> None:
    """Have those wait, of the slots from ``at`` to before ``last``, whose predecessor the node is."""
    for slot in range(at, last):
        other = of.adj[slot]
        if of.before[other] == node:
            wait(room.queue, other, of.cost[other])
            ask_ahead(of.start, other)
            ask_ahead(of.stop, other)


@uncounted
def _support_of(of: Pass, node: np.int32) -> np.int32:
    """The predecessor that gives a node the cost it has, -1 for its own seizure, _NONE when nothing does."""
    if of.seed_cost[node] == of.cost[node]:
        return np.int32(-1)
    found = np.int32(_NONE)
    first = of.start[node]
    while first < of.stop[node]:
        first, last = near(of, node, first, of.cost[node])
        for at in range(first, last):
            if at + AHEAD < last:
                ask_ahead(of.cost, np.int32(of.adj[at + AHEAD]))
                ask_ahead(of.before, np.int32(of.adj[at + AHEAD]))
            other = of.adj[at]
            if np.int64(of.cost[other]) + of.weight[at] != of.cost[node] or of.state[other] & WITHDRAWN:
                continue
            if found == _NONE or of.rank[other] < of.rank[found]:
                found = other
        first = last
    return found


@uncounted
def drop_withdrawn(of: Pass, room: Room, judged: Number) -> None:
    """Forget the costs that were withdrawn, of the first ``judged`` that were touched."""
    for i in range(judged):
        node = room.touched[i, 0]
        if of.state[node] & WITHDRAWN:
            of.cost[node], of.before[node], of.origin[node] = UNREACHABLE, -1, -1


@uncounted
def offer_all(of: Pass, room: Room, at: Number, judged: Number) -> Number:
    """Have those wait who were judged, from ``at`` on, who cost something now; up to one that needs room to be owed."""
    while at < judged:
        node = room.touched[at, 0]
        if of.state[node] & CHECKED:
            wait(room.queue, node, of.cost[node])
        else:
            if owed_left(room) < of.stop[node] - of.start[node]:
                return at
            _owe(of, room, node)
            if _offer(of, node):
                wait(room.queue, node, of.cost[node])
        at += 1
    return at


@uncounted
def _offer(of: Pass, node: np.int32) -> bool:
    """Give a withdrawn node the best that its seizure and its neighbours offer by now; False when nobody does."""
    best, through = np.int64(of.seed_cost[node]), np.int32(-1)
    first = of.start[node]
    while first < of.stop[node]:
        first, last = near(of, node, first, best)
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
def _owe(of: Pass, room: Room, node: np.int32) -> None:
    """The hubs around a node whose cost is withdrawn do not know yet what it will cost."""
    for at in range(of.start[node], of.stop[node]):
        if may_be_hub(of.hubs.sign, of.adj[at]):
            owed = room.counts[OWED]
            room.owed[owed, 0], room.owed[owed, 1], room.owed[owed, 2] = of.adj[at], node, of.weight[at]
            room.counts[OWED] += 1


@uncounted
def loosen_lost(of: Pass, room: Room, judged: Number) -> None:
    """Have hubs know of those, of the first ``judged`` that were touched, whom no seizure reaches any more."""
    for i in range(judged):
        if of.cost[room.touched[i, 0]] == UNREACHABLE:
            loosen_hubs(of, room.touched[i, 0])
