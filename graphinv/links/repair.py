"""The best-evidence pass kept current: after a change only what the change reaches is computed anew.

First costs that have lost their support are found, cheapest first, and withdrawn with everything that rested on them
(G. Ramalingam, T. Reps, An incremental algorithm for a generalization of the shortest-path problem, J. Algorithms
21(2), 1996); then Dijkstra runs from their border and from whatever became cheaper. Of a hub only those relationships
are walked that can matter (``links.hubs``). The outcome equals ``kernels.best_costs``, ties included.
"""

import numba as nb

from graphinv.links.buckets import WAITING
from graphinv.links.kernels import Int32
from graphinv.links.repair_pass import Pass, far_first, far_from, look_ahead, take_turn
from graphinv.links.repair_room import OWED, TOUCHED, Room, room_for, with_owed, with_room
from graphinv.links.repair_settle import (
    is_news,
    loosen_moved,
    pass_on,
    pass_on_all,
    pay_owed,
    relax_lowered,
    reseed,
)
from graphinv.links.repair_withdraw import (
    drop_withdrawn,
    is_unsupported,
    loosen_lost,
    offer_all,
    suspect,
    suspect_children,
    withdraw_all,
)

__all__ = ["Pass", "repair"]


@nb.njit(cache=True, nogil=True)
def repair(of: Pass, raised: Int32, lowered: Int32, seeds: Int32) -> tuple[Int32, Int32, Int32]:
    """Make ``cost``, ``before`` and ``origin`` right again in place, the graph of which has changed already.

    ``raised`` are pairs of nodes between which a relationship got dearer or went away, ``lowered`` triples (node, node,
    cost) between which one got cheaper or came; ``seeds`` are nodes whose ``seed_cost`` changed. Returned are the nodes
    that were touched, each once, with the costs and origins they had.
    """
    room = room_for(2 * raised.shape[0] + seeds.size)
    suspect(of, room, raised, seeds)
    room = _withdraw(of, room)
    judged = room.counts[TOUCHED]
    room = _offer(of, room, judged)
    room = with_room(room, 2 * lowered.shape[0] + seeds.size)
    relax_lowered(of, room, lowered)
    reseed(of, room, seeds)
    room = _settle(of, room)
    loosen_lost(of, room, judged)
    touched = room.touched[: room.counts[TOUCHED]]
    for i in range(len(touched)):
        of.state[touched[i, 0]] = 0
    return touched[:, 0].copy(), touched[:, 1].copy(), touched[:, 2].copy()


@nb.njit(cache=True, nogil=True)
def _withdraw(of: Pass, room: Room) -> Room:
    """Judge all suspects, and all who rest on those whose costs nothing supports any more."""
    current = 0
    while room.queue.counts[WAITING] > 0:
        count = take_turn(of, room, current)
        if count == 0:
            current += 1
            look_ahead(of, room, current)
        at = withdraw_all(of, room, 0, count)
        while at < count:
            node = room.turn[at]
            if is_unsupported(of, room, node):
                first, last, stop = far_first(of, node)
                while first < stop:
                    room = with_room(room, last - first)
                    suspect_children(of, room, node, first, last)
                    first, last = far_from(of, node, last, last)
            at = withdraw_all(of, room, at + 1, count)
    return room


@nb.njit(cache=True, nogil=True)
def _offer(of: Pass, room: Room, judged: int) -> Room:
    """Have all who were judged wait at what they cost, or at the best that others offer those who lost it."""
    drop_withdrawn(of, room, judged)
    room = with_room(room, judged)
    at = offer_all(of, room, 0, judged)
    while at < judged:
        node = room.touched[at, 0]
        room = with_owed(room, of.stop[node] - of.start[node])
        at = offer_all(of, room, at, judged)
    return room


@nb.njit(cache=True, nogil=True)
def _settle(of: Pass, room: Room) -> Room:
    """Dijkstra over what waits; a node whose cost and origin stayed passes nothing on."""
    current = 0
    while room.queue.counts[WAITING] > 0:
        count = take_turn(of, room, current)
        if count == 0:
            current += 1
            look_ahead(of, room, current)
        at = pass_on_all(of, room, 0, count)
        while at < count:
            node = room.turn[at]
            if is_news(of, node):
                first, last, stop = far_first(of, node)
                while first < stop:
                    room = with_room(room, last - first)
                    pass_on(of, room, node, first, last)
                    first, last = far_from(of, node, last, last)
                room = with_room(room, room.counts[OWED])
                pay_owed(of, room, node)
                loosen_moved(of, node)
            at = pass_on_all(of, room, at + 1, count)
    return room
