"""What a change of the users does to weights: those of all relationships of the value, when rarity takes a step."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import Int32, Int64, Number
from graphinv.links.live.arrays import Book, Side
from graphinv.links.live.relations import claim_of, group_key, node_of, users_of
from graphinv.links.weights import CLAIMS

_CLAIMS = len(CLAIMS)
_UNIT = CLAIMS.index("SAME_BUILDING")


@nb.njit(cache=True, nogil=True)
def weigh(
    side: Side, book: Book, rows: Int32, groups: Int64, counts: Int32, steps: Int64, rarity: NDArray[np.float64]
) -> tuple[Int32, Int32, Int32]:
    """Weigh relationships anew; (pairs that got dearer or went, triples that got cheaper or came, rows weighed anew).

    ``rows`` came, changed or went; ``groups`` are values under a claim whose users were ``counts``. ``steps`` and
    ``rarity`` are ``weights.USER_STEPS`` and ``weights.rarity_costs``. Pairs and triples are as ``repair`` takes them.
    """
    weighed = [np.int32(0) for _ in range(0)]
    dearer = [(np.int32(0), np.int32(0)) for _ in range(0)]
    cheaper = [(np.int32(0), np.int32(0), np.int32(0)) for _ in range(0)]
    for i in range(groups.size):
        now, was = users_of(book, groups[i]), _counted(groups[i], counts[i])
        _count_node(side, book, node_of(groups[i]), was, now)
        if now > 0 and _step(steps, now) != _step(steps, was):
            added = rarity[claim_of(groups[i]), _step(steps, now)]
            _weigh_group(side, book, groups[i], added, weighed, dearer, cheaper)
    for row in rows:
        if book.at_a[row] < 0:
            dearer.append((book.a[row], book.b[row]))
        else:
            claim = side.claim[row]
            added = rarity[claim, _step(steps, users_of(book, group_key(book.b[row], claim)))]
            _weigh_row(side, book, row, added, weighed, dearer, cheaper)
    pairs = np.empty((len(dearer), 2), np.int32)
    for i, (a, b) in enumerate(dearer):
        pairs[i, 0], pairs[i, 1] = a, b
    triples = np.empty((len(cheaper), 3), np.int32)
    for i, (a, b, cost) in enumerate(cheaper):
        triples[i, 0], triples[i, 1], triples[i, 2] = a, b, cost
    return pairs, triples, np.array(weighed, np.int32)


@nb.njit(cache=True, nogil=True)
def _weigh_group(side, book, group, added, weighed, dearer, cheaper):  # type: ignore[no-untyped-def]  # numba's lists
    node, claim = node_of(group), claim_of(group)
    for slot in range(side.start[node], side.stop[node]):
        row = side.edge[slot]
        if book.b[row] == node and side.claim[row] == claim:
            _weigh_row(side, book, row, added, weighed, dearer, cheaper)


@nb.njit(cache=True, nogil=True)
def _weigh_row(side, book, row, added, weighed, dearer, cheaper):  # type: ignore[no-untyped-def]  # numba's lists
    """``added`` is what rarity adds. A row that has just come has weight 0."""
    a, b = book.a[row], book.b[row]
    weight = np.int32(max(np.rint(book.base[row] + added), 1.0))
    was = side.weight[book.at_a[row]]
    if weight == was:
        return
    side.weight[book.at_a[row]] = side.weight[book.at_b[row]] = weight
    weighed.append(np.int32(row))
    if weight > was > 0:
        dearer.append((a, b))
    else:
        cheaper.append((a, b, weight))


@nb.njit(cache=True, nogil=True)
def _count_node(side: Side, book: Book, node: Number, was: Number, now: Number) -> None:
    """The users of a node are those under the claim that has most: looked for when that claim lost some."""
    if now >= side.users[node]:
        side.users[node] = now
    elif was >= side.users[node]:
        most: Number = 0
        for claim in range(_CLAIMS):
            most = max(most, users_of(book, group_key(node, claim)))
        side.users[node] = most


@nb.njit(cache=True, nogil=True)
def _counted(group: Number, count: Number) -> Number:
    """What ``users_of`` told while the tally was so."""
    return max(count, 1) if claim_of(group) == _UNIT else count


@nb.njit(cache=True, nogil=True)
def _step(steps: Int64, users: Number) -> Number:
    at: Number = np.searchsorted(steps, users, side="right") - 1
    return at if at > 0 else 0
