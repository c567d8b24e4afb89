"""What a change of the users does to weights: those of all relationships of the value, when rarity takes a step."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.hubs import BITS, loosen, may_be_hub
from graphinv.links.kernels import Int32, Int64
from graphinv.links.live.arrays import Book, Side
from graphinv.links.live.relations import UNIT, claim_of, group_key, node_of, users_cell, users_of
from graphinv.links.uncounted import Number, uncounted
from graphinv.links.weights import CLAIMS, HINTS
from graphinv.resolve.ahead import ask_ahead

#: What became of a row.
_SAME, _DEARER, _CHEAPER, _GONE = range(4)

#: How many rows ahead memory is asked for.
_AHEAD = 12

#: Claims that relationships make: hints are a question's alone, and have no place in a ``group_key``.
_CLAIMS = np.array([at for at, claim in enumerate(CLAIMS) if claim not in HINTS])


@nb.njit(cache=True, nogil=True)
def weigh(
    side: Side, book: Book, rows: Int32, groups: Int64, counts: Int32, steps: Int64, rarity: NDArray[np.float64]
) -> tuple[Int32, Int32, Int32]:
    """Weigh relationships anew; (pairs that got dearer or went, triples that got cheaper or came, rows weighed anew).

    ``rows`` came, changed or went; ``groups`` are values under a claim whose users were ``counts``. ``steps`` and
    ``rarity`` are ``weights.USER_STEPS`` and ``weights.rarity_costs``. Pairs and triples are as ``repair`` takes them.
    """
    changed = [np.int64(0) for _ in range(0)]
    for i in range(groups.size):
        _ask_about_group(side, book, groups, i + _AHEAD)
        step = _stepped(side, book, groups[i], counts[i], steps)
        if step >= 0:
            node, claim = node_of(groups[i]), claim_of(groups[i])
            for slot in range(side.start[node], side.stop[node]):
                _ask_about_slot(side, book, slot + _AHEAD, side.stop[node])
                row = side.edge[slot]
                if book.b[row] == node and side.claim[row] == claim:
                    _log(changed, row, _weigh_row(side, book, row, rarity[claim, step]))
    for i in range(rows.size):
        _ask_about(side, book, rows, i + _AHEAD)
        _log(changed, rows[i], _weigh_as_told(side, book, rows[i], steps, rarity))
    return _told(side, book, changed)


@nb.njit(cache=True, nogil=True)
def _log(changed: list[np.int64], row: np.int32, way: Number) -> None:
    if way != _SAME:
        changed.append(np.int64(row) << 2 | way)


@nb.njit(cache=True, nogil=True)
def _told(side: Side, book: Book, changed: list[np.int64]) -> tuple[Int32, Int32, Int32]:
    """Pairs that got dearer or went, triples that got cheaper or came, rows weighed anew."""
    way = np.array([code & 3 for code in changed], np.int8)
    row = np.array([code >> 2 for code in changed], np.int32)
    dearer, cheaper = row[way != _CHEAPER], row[way == _CHEAPER]
    pairs, triples = np.empty((dearer.size, 2), np.int32), np.empty((cheaper.size, 3), np.int32)
    pairs[:, 0], pairs[:, 1] = book.a[dearer], book.b[dearer]
    triples[:, 0], triples[:, 1] = book.a[cheaper], book.b[cheaper]
    triples[:, 2] = side.weight[book.at_a[cheaper]]
    return pairs, triples, row[way != _GONE]


@uncounted
def _stepped(side: Side, book: Book, group: Number, count: Number, steps: Int64) -> Number:
    """The step of rarity that a value comes to when its users were ``count``, -1 when it stays or nobody uses it."""
    now, was = users_of(book, group), _counted(group, count)
    _count_node(side, book, node_of(group), was, now)
    step = _step(steps, now)
    return step if now > 0 and step != _step(steps, was) else np.int64(-1)


@uncounted
def _weigh_as_told(side: Side, book: Book, row: Number, steps: Int64, rarity: NDArray[np.float64]) -> Number:
    if book.at_a[row] < 0:
        return _GONE
    claim = side.claim[row]
    users = users_of(book, group_key(book.b[row], claim))
    return _weigh_row(side, book, row, rarity[claim, _step(steps, users)])


@uncounted
def _weigh_row(side: Side, book: Book, row: Number, added: Number) -> Number:
    """Whether a row got cheaper or dearer; ``added`` is what rarity adds. One that has just come has weight 0."""
    a, b = book.a[row], book.b[row]
    weight = np.int32(max(np.rint(book.base[row] + added), 1.0))
    was = side.weight[book.at_a[row]]
    if weight == was:
        return _SAME
    side.weight[book.at_a[row]] = side.weight[book.at_b[row]] = weight
    if weight > was > 0:
        return _DEARER
    bits = book.sizes[BITS]
    if may_be_hub(book.sign, a):
        loosen(book.near, book.far, book.at_a[row] >> bits, side.cost[b], weight)
    if may_be_hub(book.sign, b):
        loosen(book.near, book.far, book.at_b[row] >> bits, side.cost[a], weight)
    return _CHEAPER


@uncounted
def _ask_about_group(side: Side, book: Book, groups: Int64, at: Number) -> None:
    """Have memory fetched of a value and its users; twice as far ahead where its relationships lie."""
    if at + _AHEAD < groups.size:
        group = np.int64(groups[at + _AHEAD])
        node = node_of(group)
        ask_ahead(side.start, node)
        ask_ahead(side.stop, node)
        ask_ahead(side.users, node)
        cell = users_cell(book, group)
        ask_ahead(book.tally_keys, cell)
        ask_ahead(book.tally, cell)
    if at < groups.size:
        ask_ahead(side.edge, side.start[node_of(np.int64(groups[at]))])


@uncounted
def _ask_about_slot(side: Side, book: Book, at: Number, stop: Number) -> None:
    """Have memory fetched of the relationship of a slot; twice as far ahead the row's own cells."""
    if at + _AHEAD < stop:
        _ask_about_row(side, book, np.int32(side.edge[at + _AHEAD]))
    if at < stop:
        ask_ahead(side.weight, book.at_a[side.edge[at]])


@uncounted
def _ask_about_row(side: Side, book: Book, row: np.int32) -> None:
    ask_ahead(book.a, row)
    ask_ahead(book.b, row)
    ask_ahead(book.at_a, row)
    ask_ahead(book.at_b, row)
    ask_ahead(book.base, row)
    ask_ahead(side.claim, row)


@uncounted
def _ask_about(side: Side, book: Book, rows: Int32, at: Number) -> None:
    """Twice as far ahead a row's own cells, which lead to the others."""
    if at + _AHEAD < rows.size:
        _ask_about_row(side, book, np.int32(rows[at + _AHEAD]))
    if at < rows.size:
        row = np.int32(rows[at])
        ask_ahead(side.weight, book.at_a[row])
        ask_ahead(side.weight, book.at_b[row])
        ask_ahead(book.tally_keys, users_cell(book, group_key(book.b[row], side.claim[row])))


@uncounted
def _count_node(side: Side, book: Book, node: Number, was: Number, now: Number) -> None:
    """The users of a node are those under the claim that has most: looked for when that claim lost some."""
    if now >= side.users[node]:
        side.users[node] = now
    elif was >= side.users[node]:
        most: Number = 0
        for claim in _CLAIMS:
            most = max(most, users_of(book, group_key(node, claim)))
        side.users[node] = most


@uncounted
def _counted(group: Number, count: Number) -> Number:
    """What ``users_of`` told while the tally was so."""
    return max(count, 1) if claim_of(group) == UNIT else count


@uncounted
def _step(steps: Int64, users: Number) -> Number:
    at: Number = np.searchsorted(steps, users, side="right") - 1
    return at if at > 0 else 0
