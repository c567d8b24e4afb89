"""What a repair works on: a graph and its best-evidence pass, whose turn it is, and which slots of a node matter.

Nothing here or in ``repair_withdraw`` and ``repair_settle`` takes or makes what numba counts references to, which makes
it faster by half.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphinv.links.buckets import SHIFT, WAITING, Queue, empty, newest, put_back, waiting_at
from graphinv.links.hubs import BITS, Hubs, loosen, may_be_hub, next_far, next_near
from graphinv.links.kernels import Int32, Int64, UInt64
from graphinv.links.repair_room import TOUCHED, Room, room_left
from graphinv.links.uncounted import Number, uncounted
from graphinv.resolve.ahead import ask_ahead

#: What is known of a node during a repair; no bit is set before and after.
_SEEN, WITHDRAWN, CHECKED, MOVED, SETTLED = (np.uint8(1 << bit) for bit in range(5))

#: So few relationships are walked, of a hub as well.
_FEW = 64

#: How many relationships ahead memory is asked for, and how many turns ahead that of the relationships of a node.
AHEAD, _FAR = 12, 3


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
def take_turn(of: Pass, room: Room, current: Number) -> Number:
    """Empty a bucket into ``turn`` and tell how many have their turn: who has got cheaper since had it before.

    Those who have it may have others wait for the same turn, so it is taken until nobody is left.
    """
    queue, count = room.queue, 0
    cell = newest(queue, current)
    empty(queue, current)
    while cell >= 0:
        at = cell
        node, cell = waiting_at(queue, at)
        due = of.cost[node] >> queue.counts[SHIFT]
        if due > current:
            put_back(queue, at, due)
            continue
        queue.counts[WAITING] -= 1
        if due == current:
            room.turn[count] = node
            count += 1
    return count


@uncounted
def look_ahead(of: Pass, room: Room, current: Number) -> None:
    """Have memory fetched for the turns to come."""
    _ask_for_neighbours(of, room.queue, current + 1)
    _ask_for_edges(of, room.queue, current + _FAR)


@uncounted
def touch(of: Pass, room: Room, node: np.int32) -> None:
    """Note what a node had before anything becomes of it; memory is asked for that its turn will need."""
    if of.state[node]:
        return
    of.state[node] = _SEEN
    at = room.counts[TOUCHED]
    room.touched[at, 0], room.touched[at, 1], room.touched[at, 2] = node, of.cost[node], of.origin[node]
    room.counts[TOUCHED] += 1
    ask_ahead(of.start, node)
    ask_ahead(of.stop, node)


@uncounted
def far_first(of: Pass, node: np.int32) -> tuple[Number, Number, Number]:
    """The first slots, as of ``next_far``, and where all slots of the node end."""
    first, last = far_from(of, node, of.start[node], of.start[node])
    return first, last, of.stop[node]


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
def near(of: Pass, node: np.int32, first: Number, most: Number) -> tuple[Number, Number]:
    """The next slots of a node, from ``first`` on, that may lead on to a cost of ``most`` or less."""
    if of.stop[node] - first < _FEW or not of.hubs.hub[node]:
        return first, of.stop[node]
    return next_near(of.hubs, of.adj, of.weight, of.cost, first, of.stop[node], most)


@uncounted
def is_hub(of: Pass, node: np.int32) -> bool:
    return may_be_hub(of.hubs.sign, node) and bool(of.hubs.hub[node])


@uncounted
def is_large(of: Pass, room: Room, node: np.int32) -> bool:
    """Whether a node is walked piece by piece, with room made for each."""
    return room_left(room) < of.stop[node] - of.start[node] or is_hub(of, node)


@uncounted
def loosen_hubs(of: Pass, node: np.int32) -> None:
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
def _ask_for_edges(of: Pass, queue: Queue, turn: Number) -> None:
    """Have memory fetched of the relationships of those who wait for a turn."""
    cell = newest(queue, turn)
    while cell >= 0:
        node, cell = waiting_at(queue, cell)
        ask_ahead(of.adj, of.start[node])
        ask_ahead(of.weight, of.start[node])


@uncounted
def _ask_for_neighbours(of: Pass, queue: Queue, turn: Number) -> None:
    """Have memory fetched of what is known of the neighbours of those who wait for a turn."""
    cell = newest(queue, turn)
    while cell >= 0:
        node, cell = waiting_at(queue, cell)
        for slot in range(of.start[node], min(of.stop[node], of.start[node] + AHEAD)):
            other = of.adj[slot]
            ask_ahead(of.cost, other)
            ask_ahead(of.before, other)
            ask_ahead(of.origin, other)
            ask_ahead(of.state, other)
