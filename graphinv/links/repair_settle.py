"""What a repair does at nodes that others reach at less, or by another way (see ``repair``)."""

import numpy as np

from graphinv.links.buckets import wait
from graphinv.links.kernels import UNREACHABLE, Int32
from graphinv.links.repair_pass import (
    AHEAD,
    MOVED,
    SETTLED,
    Pass,
    ask_about_pair,
    is_hub,
    is_large,
    loosen_hubs,
    touch,
)
from graphinv.links.repair_room import OWED, Room
from graphinv.links.uncounted import Number, uncounted
from graphinv.resolve.ahead import ask_ahead


@uncounted
def relax_lowered(of: Pass, room: Room, lowered: Int32) -> None:
    """Reach both ends of what got cheaper from each other."""
    for i in range(lowered.shape[0]):
        ask_about_pair(of, lowered, i + AHEAD)
        _relax(of, room, lowered[i, 0], lowered[i, 1], lowered[i, 2])
        _relax(of, room, lowered[i, 1], lowered[i, 0], lowered[i, 2])


@uncounted
def reseed(of: Pass, room: Room, seeds: Int32) -> None:
    """A seizure that is as good as what a node has, or better, is what it has."""
    for node in seeds:
        offered = of.seed_cost[node]
        if offered == UNREACHABLE or offered > of.cost[node] or (offered == of.cost[node] and of.before[node] < 0):
            continue
        touch(of, room, node)
        if offered < of.cost[node]:
            of.state[node] |= MOVED
        of.cost[node], of.before[node] = offered, -1
        wait(room.queue, node, offered)


@uncounted
def pass_on_all(of: Pass, room: Room, at: Number, count: Number) -> Number:
    """Have those pass on what they cost whose turn it is from ``at`` on, as ``withdraw_all``."""
    while at < count:
        node = room.turn[at]
        if is_large(of, room, node):
            return at
        if is_news(of, node):
            pass_on(of, room, node, of.start[node], of.stop[node])
            loosen_moved(of, node)
        at += 1
    return at


@uncounted
def is_news(of: Pass, node: np.int32) -> bool:
    """Whether a node that has its turn has something to pass on; its origin is right from then on."""
    if of.state[node] & SETTLED:
        return False
    of.state[node] |= SETTLED
    told = node if of.before[node] < 0 else of.origin[of.before[node]]
    if told == of.origin[node] and not of.state[node] & MOVED:
        return False
    of.origin[node] = told
    return True


@uncounted
def pass_on(of: Pass, room: Room, node: np.int32, at: Number, last: Number) -> None:
    """Reach the neighbours from a node, those of the slots from ``at`` to before ``last``."""
    for slot in range(at, last):
        if slot + AHEAD < last:
            ask_ahead(of.cost, np.int32(of.adj[slot + AHEAD]))
        _relax(of, room, node, of.adj[slot], of.weight[slot])


@uncounted
def pay_owed(of: Pass, room: Room, node: np.int32) -> None:
    """Offer those who are owed it what they cost through a hub."""
    if is_hub(of, node):
        for i in range(room.counts[OWED]):
            if room.owed[i, 0] == node:
                _relax(of, room, node, room.owed[i, 1], room.owed[i, 2])


@uncounted
def _relax(of: Pass, room: Room, tail: np.int32, head: np.int32, weight: np.int32) -> None:
    """Reach ``head`` from ``tail`` when that is news."""
    if not _is_better(of, tail, head, weight):
        return
    touch(of, room, head)
    through = np.int64(of.cost[tail]) + weight
    if through < of.cost[head]:
        of.state[head] |= MOVED
    of.state[head] &= ~SETTLED
    of.cost[head], of.before[head] = through, tail
    wait(room.queue, head, through)


@uncounted
def _is_better(of: Pass, tail: np.int32, head: np.int32, weight: np.int32) -> bool:
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
def loosen_moved(of: Pass, node: np.int32) -> None:
    """Have hubs know of a node that costs something else than before."""
    if of.state[node] & MOVED:
        loosen_hubs(of, node)
