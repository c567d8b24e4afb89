"""Room that a repair works in: who waits, whose turn it is, who was touched.

Numba counts references to lists and to what is in them; arrays, asked for before they are needed, cost nothing.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.buckets import WRITTEN, Queue
from graphinv.links.kernels import Int32
from graphinv.links.uncounted import Number, uncounted

#: Cells of ``Room.counts``.
TOUCHED, OWED = range(2)

#: Buckets of the queue, a power of two: mostly more than there are between two costs.
_BUCKETS = 1024

#: Bits of the costs that one bucket holds. Those who have their turn together may reach each other over lighter
#: relationships, and then have it again: the wider, the farther ahead memory is asked for.
_WIDTH = 7

_FIRST = 1024


class Room(NamedTuple):
    """``queue``: who waits; as many cells has ``turn``, the nodes whose turn it is, and ``touched`` (node, and the cost
    and origin that it had), of which there are never more than were waiting. ``owed``: (hub, neighbour, weight),
    neighbours whose cost was withdrawn, of which the bounds of the hub do not tell. ``counts``: how many are touched
    and owed.
    """

    queue: Queue
    turn: Int32
    touched: Int32
    owed: Int32
    counts: NDArray[np.int64]


@nb.njit(cache=True, nogil=True)
def room_for(count: int) -> Room:
    """Room for ``count`` nodes to wait."""
    size = count + _FIRST
    head, counts = np.full(_BUCKETS, -1, np.int32), np.array([0, 0, _WIDTH], np.int64)
    queue = Queue(head, np.empty(size, np.int64), counts)
    touched, owed = np.empty((size, 3), np.int32), np.empty((_FIRST, 3), np.int32)
    return Room(queue, np.empty(size, np.int32), touched, owed, np.zeros(2, np.int64))


@uncounted
def room_left(room: Room) -> Number:
    """How many more may wait."""
    return np.int64(room.turn.size - room.queue.counts[WRITTEN])


@uncounted
def owed_left(room: Room) -> Number:
    """How many more may be owed."""
    return np.int64(room.owed.shape[0] - room.counts[OWED])


@nb.njit(cache=True, nogil=True)
def with_room(room: Room, count: Number) -> Room:
    """The same with room for at least ``count`` more to wait."""
    if room_left(room) >= count:
        return room
    used = room.queue.counts[WRITTEN]
    size = max(2 * room.turn.size, used + count)
    cells, turn, touched = np.empty(size, np.int64), np.empty(size, np.int32), np.empty((size, 3), np.int32)
    cells[:used] = room.queue.cells[:used]
    turn[: room.turn.size] = room.turn
    touched[: room.counts[TOUCHED]] = room.touched[: room.counts[TOUCHED]]
    return Room(Queue(room.queue.head, cells, room.queue.counts), turn, touched, room.owed, room.counts)


@nb.njit(cache=True, nogil=True)
def with_owed(room: Room, count: Number) -> Room:
    """The same with room for at least ``count`` more to be owed."""
    if owed_left(room) >= count:
        return room
    used = room.counts[OWED]
    owed = np.empty((max(2 * room.owed.shape[0], used + count), 3), np.int32)
    owed[:used] = room.owed[:used]
    return Room(room.queue, room.turn, room.touched, owed, room.counts)
