"""Nodes that wait for their turn in buckets of cost: a queue that costs the same however many wait.

Dial's bucket queue (R. Dial, Algorithm 360, Comm. ACM 12(11), 1969). With buckets as wide as the lightest relationship
or narrower (E. Dinic, 1978) those that one bucket holds cannot reach each other at less, so they may take their turns
in any order, and memory can be asked for far ahead: the full pass does so. A repair takes wider ones, and whoever gets
cheaper within a bucket has its turn once more.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.uncounted import Number, uncounted

#: Cells of ``Queue.counts``.
WRITTEN, WAITING, SHIFT = range(3)

#: The lower half of a number of 64 bits.
LOW = np.int64(0xFFFFFFFF)


class Queue(NamedTuple):
    """Who waits. ``head``: the newest cell of each bucket, used in turn; as many as a power of two. ``cells``: a node
    and the cell before it, 32 bits each; a node that gets cheaper waits in another bucket, too. ``counts``: cells
    written, cells waiting, and the bits that a cost has more than its bucket.
    """

    head: NDArray[np.int32]
    cells: NDArray[np.int64]
    counts: NDArray[np.int64]


@nb.njit(cache=True, nogil=True)
def shift_for(least: Number) -> Number:
    """The bits that a cost has more than its bucket when no relationship costs less than ``least``."""
    shift = np.int64(0)
    while np.int64(2) << shift <= least:
        shift += 1
    return shift


@uncounted
def wait(queue: Queue, node: Number, cost: Number) -> None:
    """Have a node wait for the turn of its cost."""
    cell = queue.counts[WRITTEN]
    queue.cells[cell] = np.int64(node) << 32
    put_back(queue, cell, cost >> queue.counts[SHIFT])
    queue.counts[WRITTEN] += 1
    queue.counts[WAITING] += 1


@uncounted
def put_back(queue: Queue, cell: Number, turn: Number) -> None:
    """Have the node of a cell wait for a turn."""
    bucket = turn & (queue.head.size - 1)
    queue.cells[cell] = queue.cells[cell] & ~LOW | np.int64(queue.head[bucket]) & LOW
    queue.head[bucket] = cell


@uncounted
def newest(queue: Queue, turn: Number) -> Number:
    """The newest cell of those who wait for a turn, or for one as many later as there are buckets; -1 for none."""
    return np.int32(queue.head[turn & (queue.head.size - 1)])


@uncounted
def waiting_at(queue: Queue, cell: Number) -> tuple[Number, Number]:
    """The node of a cell, and the cell before it."""
    return np.int32(queue.cells[cell] >> 32), np.int32(queue.cells[cell] & LOW)


@uncounted
def empty(queue: Queue, turn: Number) -> None:
    """Nobody waits for a turn any more."""
    queue.head[turn & (queue.head.size - 1)] = -1
