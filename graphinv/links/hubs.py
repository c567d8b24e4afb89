"""The relationships of a hub in blocks, of which a repair leaves out those that cannot matter: a broker has hundreds of
thousands of clients, and the best evidence of nearly all of them is better than what leads through the broker.

Of each block two bounds are kept. ``near`` is at most the cost of any neighbour and the way to the hub: no block above
what a hub has offers it anything better. ``far`` is at least the cost of any neighbour less the way: no block below
what a hub has holds anybody whose best evidence comes, or would come, through it. Changes make bounds wider; whoever
walks a block makes them exact again.
"""

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import UNREACHABLE, Int32, Int64
from graphinv.links.uncounted import Number, uncounted

#: A node with room for so many relationships is a hub.
HUB_ROOM = 2048

#: A block holds two to the power of this many relationships.
BLOCK_BITS = 6

#: Cells of ``Hubs.sign``, a power of two: few enough to stay in the processor's nearest cache.
SIGNS = 1 << 15

#: Cells of ``Hubs.sizes``: HUB_ROOM and BLOCK_BITS.
ROOM, BITS = range(2)

#: Bounds that leave nothing out.
NEAR_UNKNOWN, FAR_UNKNOWN = np.int32(-1), UNREACHABLE


class Hubs(NamedTuple):
    """A cell a node: whether it is a ``hub``; ``sign`` tells the same of many nodes at once, and rarely too often (see
    ``may_be_hub``). A cell a block of slots, hub or not: ``near`` and ``far``; only those of
    blocks that lie in the slots of one hub are right. A cell a slot: its ``edge`` row, of which ``at_a`` and ``at_b``
    are the two slots."""

    hub: NDArray[np.bool_]
    sign: NDArray[np.bool_]
    near: Int32
    far: Int32
    sizes: Int64
    edge: Int32
    at_a: Int64
    at_b: Int64


@uncounted
def may_be_hub(sign: NDArray[np.bool_], node: Number) -> bool:
    """False for nearly all nodes that are no hubs. To treat some other as a hub does no harm where bounds are made
    wider: nobody reads those of its blocks."""
    return bool(sign[node & (SIGNS - 1)])


@uncounted
def next_near(
    hubs: Hubs, adj: Int32, weight: Int32, cost: Int32, at: Number, stop: Number, most: Number
) -> tuple[Number, Number]:
    """Of a hub's slots from ``at`` to before ``stop``, the first ones (from, to before) that may lead on to a cost of
    ``most`` or less; (stop, stop) when there are none."""
    bits = hubs.sizes[BITS]
    while at < stop:
        last = _block_ends(at, stop, bits)
        if last - at < np.int64(1) << bits:
            return at, last
        if hubs.near[at >> bits] <= most:
            _tighten(hubs, adj, weight, cost, at)
            if hubs.near[at >> bits] <= most:
                return at, last
        at = last
    return stop, stop


@uncounted
def next_far(
    hubs: Hubs, adj: Int32, weight: Int32, cost: Int32, at: Number, stop: Number, least: Number
) -> tuple[Number, Number]:
    """As ``next_near``, those that may lead to a node that costs no less than through a hub which costs ``least``."""
    bits = hubs.sizes[BITS]
    while at < stop:
        last = _block_ends(at, stop, bits)
        if last - at < np.int64(1) << bits:
            return at, last
        if hubs.far[at >> bits] >= least:
            _tighten(hubs, adj, weight, cost, at)
            if hubs.far[at >> bits] >= least:
                return at, last
        at = last
    return stop, stop


@uncounted
def _block_ends(at: Number, stop: Number, bits: Number) -> Number:
    return min(np.int64(stop), ((at >> bits) + 1) << bits)


@uncounted
def _tighten(hubs: Hubs, adj: Int32, weight: Int32, cost: Int32, first: Number) -> None:
    """Make the bounds of the block that begins at a slot exact."""
    bits = hubs.sizes[BITS]
    near, far = np.int64(UNREACHABLE), np.int64(NEAR_UNKNOWN)
    for slot in range(first, first + (np.int64(1) << bits)):
        held = np.int64(cost[adj[slot]])
        near = min(near, held + weight[slot])
        far = max(far, held if held == UNREACHABLE else held - weight[slot])
    hubs.near[first >> bits], hubs.far[first >> bits] = near, far


@uncounted
def loosen(near: Int32, far: Int32, block: Number, cost: Number, weight: Number) -> None:
    """Let the bounds of a block hold for a node of this cost at this weight as well."""
    near[block] = min(np.int64(near[block]), np.int64(cost) + weight)
    far[block] = max(np.int64(far[block]), np.int64(cost) if cost == UNREACHABLE else np.int64(cost) - weight)


@uncounted
def forget(near: Int32, far: Int32, bits: Number, start: Number, stop: Number) -> None:
    """Nothing is known any more of the blocks that these slots are in."""
    for block in range(start >> bits, (stop + (np.int64(1) << bits) - 1) >> bits):
        near[block], far[block] = NEAR_UNKNOWN, FAR_UNKNOWN


@nb.njit(cache=True, nogil=True)
def survey(hubs: Hubs, adj: Int32, weight: Int32, cost: Int32, start: Int64, stop: Int64) -> None:
    """Make the bounds of all hubs exact."""
    bits = hubs.sizes[BITS]
    for node in np.flatnonzero(hubs.hub[: start.size]):
        at = start[node]
        while at < stop[node]:
            last = _block_ends(at, stop[node], bits)
            if last - at == np.int64(1) << bits:
                _tighten(hubs, adj, weight, cost, at)
            at = last
