"""Relationships come, change and go in the arrays of a live graph, and the users of values are counted along.

Users are kept as a tally: how often a party stands behind a value under a claim. A building's users are its tenants:
the parties located at its units.
"""

import numba as nb
import numpy as np

from graphinv.links.hubs import BITS, ROOM, SIGNS, forget
from graphinv.links.kernels import Int32, Int64
from graphinv.links.live.arrays import (
    EDGES,
    LOG_GROUPS,
    LOG_MOVED,
    LOG_ROWS,
    NEED,
    NEED_SLOTS,
    ROWS,
    SLOTS,
    TALLIED,
    Book,
    Int8,
    Side,
)
from graphinv.links.live.keyed import EMPTY, cell_of, first_cell
from graphinv.links.uncounted import Number, uncounted
from graphinv.links.weights import CLAIMS
from graphinv.resolve.ahead import ask_ahead

#: Bits of a key: 28 for a node, 4 for a claim, 31 for a party.
MOST_NODES = 1 << 28
_CLAIM_BITS, _PARTY_BITS = 4, 31

#: In the place of a party: the number of different parties, and the number of units of a building.
_ALL, _UNITS = (1 << _PARTY_BITS) - 1, (1 << _PARTY_BITS) - 2

#: How many relationships ahead memory is asked for.
_AHEAD = 8

_HOME = np.int8(CLAIMS.index("LOCATED_AT"))
UNIT = np.int8(CLAIMS.index("SAME_BUILDING"))


@uncounted
def put(
    side: Side,
    book: Book,
    a: Int32,
    b: Int32,
    claim: Int8,
    base: np.ndarray[tuple[int], np.dtype[np.float64]],
    at: Number,
) -> Number:
    """Add relationships from the ``at``-th on, or give them another base cost; the first for which there is no room."""
    while at < a.size:
        _look_ahead(side, book, a, b, claim, at + _AHEAD)
        if _is_short(side, book, a[at], b[at], claim[at]):
            return at
        _put(side, book, a[at], b[at], claim[at], base[at])
        at += 1
    return at


@uncounted
def drop(side: Side, book: Book, a: Int32, b: Int32, claim: Int8, at: Number) -> Number:
    """Take away relationships from the ``at``-th on, all of them known; the first for which there is no room."""
    while at < a.size:
        if _is_short(side, book, a[at], b[at], claim[at]):
            return at
        cell = cell_of(book.edge_keys, relation_key(a[at], b[at], claim[at]))
        row = np.int32(book.edge_rows[cell] - 1)
        book.edge_rows[cell] = 0
        _count(side, book, row, -1)
        _take_slot(side, book, a[at], book.at_a[row])
        _take_slot(side, book, b[at], book.at_b[row])
        book.at_a[row] = book.at_b[row] = -1
        _log_row(book, row)
        at += 1
    return at


@uncounted
def rejoin(side: Side, book: Book, nodes: Int32, members: Int32, at: Number) -> Number:
    """Make nodes identities of other parties, from the ``at``-th on; the first for which there is no room."""
    while at < nodes.size:
        node = nodes[at]
        if _is_short(side, book, node, node, UNIT):
            return at
        was, book.member[node] = book.member[node], members[at]
        for slot in range(side.start[node], side.stop[node]):
            row = side.edge[slot]
            if book.at_a[row] == slot and side.claim[row] != UNIT:
                _use(side, book, row, members[at], 1)
                _use(side, book, row, was, -1)
        at += 1
    return at


@uncounted
def enter(side: Side, book: Book, row: Number, end: Number) -> Number:
    """Key and count relationships that lie in the arrays already; the first for which there is no room.

    The units of buildings are in ``side.building`` already.
    """
    while row < end:
        if _is_short(side, book, 0, 0, _HOME):
            return row
        cell = cell_of(book.edge_keys, relation_key(book.a[row], book.b[row], side.claim[row]))
        book.edge_keys[cell], book.edge_rows[cell] = relation_key(book.a[row], book.b[row], side.claim[row]), row + 1
        book.fill[EDGES] += 1
        if side.claim[row] == UNIT:
            _add(book, group_key(book.b[row], UNIT), _UNITS, 1)
        else:
            _use(side, book, row, book.member[book.a[row]], 1)
        book.fill[LOG_GROUPS] = 0
        row += 1
    return row


@nb.njit(cache=True, nogil=True)
def rows_of(book: Book, a: Int32, b: Int32, claim: Int8) -> Int32:
    """The edge rows of relationships, -1 for those that are not there."""
    rows = np.empty(a.size, np.int32)
    for i in range(a.size):
        rows[i] = book.edge_rows[cell_of(book.edge_keys, relation_key(a[i], b[i], claim[i]))] - 1
    return rows


@uncounted
def users_of(book: Book, group: Number) -> Number:
    """How many parties use a value under a claim; 0 when none does. A building with units counts as one at least."""
    counted: Number = book.tally[cell_of(book.tally_keys, (group << _PARTY_BITS) | _ALL)]
    if (
        counted == 0
        and claim_of(group) == UNIT
        and book.tally[cell_of(book.tally_keys, (group << _PARTY_BITS) | _UNITS)]
    ):
        return 1
    return counted


@uncounted
def users_cell(book: Book, group: Number) -> Number:
    """The cell that ``users_of`` looks at first."""
    return first_cell(book.tally_keys, (group << _PARTY_BITS) | _ALL)


@uncounted
def group_key(node: Number, claim: Number) -> Number:
    """A value under a claim, as one number."""
    return np.int64((np.int64(node) << _CLAIM_BITS) | np.int64(claim))


@uncounted
def claim_of(group: Number) -> Number:
    """The claim of a ``group_key``."""
    return group & ((1 << _CLAIM_BITS) - 1)


@uncounted
def node_of(group: Number) -> Number:
    """The node of a ``group_key``."""
    return group >> _CLAIM_BITS


def nodes_of(groups: Int64) -> Int32:
    """The nodes of many ``group_key``."""
    return (groups >> _CLAIM_BITS).astype(np.int32)


@uncounted
def relation_key(a: Number, b: Number, claim: Number) -> Number:
    """A relationship, as one number."""
    return np.int64((np.int64(a) << 32) | group_key(b, claim))


@uncounted
def _is_short(side: Side, book: Book, a: Number, b: Number, claim: Number) -> bool:
    """Whether arrays must grow before one more change; ``fill`` then tells by how much."""
    fan = side.stop[a] - side.start[a] if claim == UNIT else np.int64(1)
    slots = 2 * (side.stop[a] - side.start[a] + side.stop[b] - side.start[b]) + 8
    need = 6 * fan + 8
    fill = book.fill
    fill[NEED_SLOTS], fill[NEED] = slots, need
    logs_short = (
        fill[LOG_ROWS] + need > book.rows.size
        or fill[LOG_MOVED] + need > book.moved.size
        or fill[LOG_GROUPS] + need > book.groups.size
    )
    keys_short = 3 * (fill[EDGES] + need) > 2 * book.edge_keys.size or 3 * (fill[TALLIED] + need) > 2 * book.tally.size
    return bool(fill[SLOTS] + slots > side.adj.size or fill[ROWS] + need > book.a.size or logs_short or keys_short)


@uncounted
def _look_ahead(side: Side, book: Book, a: Int32, b: Int32, claim: Int8, at: Number) -> None:
    """Have memory fetched that a relationship which comes needs; twice as far ahead that which leads to it."""
    far = np.int64(at + _AHEAD)
    if far < a.size:
        _ask_about_ends(side, book, a[far], b[far], claim[far])
    if at < a.size:
        _ask_about_cells(side, book, a[at], b[at], claim[at])


@uncounted
def _ask_about_ends(side: Side, book: Book, a: Number, b: Number, claim: Number) -> None:
    """Have memory fetched that tells where a relationship lies, or will lie."""
    cell = first_cell(book.edge_keys, relation_key(a, b, claim))
    ask_ahead(book.edge_keys, cell)
    ask_ahead(book.edge_rows, cell)
    ask_ahead(book.member, a)
    for node in (a, b):
        ask_ahead(side.start, node)
        ask_ahead(side.stop, node)
        ask_ahead(book.room, node)


@uncounted
def _ask_about_cells(side: Side, book: Book, a: Number, b: Number, claim: Number) -> None:
    """Have memory fetched of what changes when a relationship comes."""
    row = np.int32(book.edge_rows[first_cell(book.edge_keys, relation_key(a, b, claim))] - 1)
    if row >= 0:
        ask_ahead(book.base, row)
        return
    _ask_about_slot(side, a)
    _ask_about_slot(side, b)
    for party in (np.int64(book.member[a]), np.int64(_ALL)):
        cell = first_cell(book.tally_keys, (group_key(b, claim) << _PARTY_BITS) | party)
        ask_ahead(book.tally_keys, cell)
        ask_ahead(book.tally, cell)


@uncounted
def _ask_about_slot(side: Side, node: Number) -> None:
    """Have memory fetched of the slot that a node gives next."""
    slot = side.stop[node]
    ask_ahead(side.adj, slot)
    ask_ahead(side.weight, slot)
    ask_ahead(side.edge, slot)


@uncounted
def _put(side: Side, book: Book, a: Number, b: Number, claim: Number, base: np.float64) -> None:
    key = relation_key(a, b, claim)
    cell = cell_of(book.edge_keys, key)
    row = np.int32(book.edge_rows[cell] - 1)
    if row >= 0:
        book.base[row] = base
        _log_row(book, row)
        return
    row = np.int32(book.fill[ROWS])
    book.fill[ROWS] += 1
    book.a[row], book.b[row], book.base[row], side.claim[row] = a, b, base, claim
    if book.edge_keys[cell] == EMPTY:
        book.edge_keys[cell] = key
        book.fill[EDGES] += 1
    book.edge_rows[cell] = row + 1
    book.at_a[row] = book.at_b[row] = -1
    book.at_a[row] = _give_slot(side, book, a, b, row)
    book.at_b[row] = _give_slot(side, book, b, a, row)
    _count(side, book, row, 1)
    _log_row(book, row)


@uncounted
def _count(side: Side, book: Book, row: Number, step: Number) -> None:
    """A relationship comes (``step`` 1) or goes (-1): so do a user, and tenants of a building."""
    a, b = book.a[row], book.b[row]
    if side.claim[row] != UNIT:
        _use(side, book, row, book.member[a], step)
        return
    _add(book, group_key(b, UNIT), _UNITS, step)
    _log_group(
        book, group_key(b, UNIT), book.tally[cell_of(book.tally_keys, (group_key(b, UNIT) << _PARTY_BITS) | _ALL)]
    )
    side.building[a] = b if step > 0 else a
    for slot in range(side.start[a], side.stop[a]):
        home = side.edge[slot]
        if side.claim[home] == _HOME and book.b[home] == a:
            _tally(book, group_key(b, UNIT), book.member[book.a[home]], step)


@uncounted
def _use(side: Side, book: Book, row: Number, party: Number, step: Number) -> None:
    """A party comes to use, or no longer uses, the value of a relationship, and the building that the value is in."""
    b = book.b[row]
    _tally(book, group_key(b, side.claim[row]), party, step)
    if side.claim[row] == _HOME and side.building[b] >= 0 and side.building[b] != b:
        _tally(book, group_key(side.building[b], UNIT), party, step)


@uncounted
def _tally(book: Book, group: Number, party: Number, step: Number) -> None:
    held = _add(book, group, party, step)
    if held == 0 or held + step == 0:
        _log_group(book, group, _add(book, group, _ALL, step))


@uncounted
def _add(book: Book, group: Number, party: Number, step: Number) -> Number:
    """Add to a tally; what it was."""
    key = (group << _PARTY_BITS) | np.int64(party)
    cell = cell_of(book.tally_keys, key)
    if book.tally_keys[cell] == EMPTY:
        book.tally_keys[cell] = key
        book.fill[TALLIED] += 1
    was: Number = book.tally[cell]
    book.tally[cell] = was + step
    return was


@uncounted
def _give_slot(side: Side, book: Book, node: Number, other: Number, row: Number) -> Number:
    """A slot among those of a node, which move to the end of the arrays when there is none left."""
    count = side.stop[node] - side.start[node]
    if count == book.room[node]:
        new = book.fill[SLOTS]
        for i in range(count):
            old = side.start[node] + i
            side.adj[new + i], side.weight[new + i], side.edge[new + i] = (
                side.adj[old],
                side.weight[old],
                side.edge[old],
            )
            _is_at(book, side.edge[old], old, new + i)
        side.start[node], side.stop[node] = new, new + count
        book.room[node] = max(4, 2 * count)
        book.fill[SLOTS] += book.room[node]
        book.hub[node] = book.room[node] >= book.sizes[ROOM]
        if book.hub[node]:
            book.sign[node & (SIGNS - 1)] = True
            forget(book.near, book.far, book.sizes[BITS], new, new + book.room[node])
        book.moved[book.fill[LOG_MOVED]] = node
        book.fill[LOG_MOVED] += 1
    slot: Number = side.stop[node]
    side.adj[slot], side.weight[slot], side.edge[slot] = other, 0, row
    side.stop[node] = slot + 1
    return slot


@uncounted
def _take_slot(side: Side, book: Book, node: Number, slot: Number) -> None:
    """The last slot of the node takes the place of the one that goes."""
    last = side.stop[node] - 1
    if slot != last:
        row = side.edge[last]
        side.adj[slot], side.weight[slot], side.edge[slot] = side.adj[last], side.weight[last], row
        _is_at(book, row, last, slot)
        _log_row(book, row)
        if book.hub[node]:
            forget(book.near, book.far, book.sizes[BITS], slot, slot + 1)
    side.stop[node] = last


@uncounted
def _is_at(book: Book, row: Number, old: Number, new: Number) -> None:
    if book.at_a[row] == old:
        book.at_a[row] = new
    else:
        book.at_b[row] = new


@uncounted
def _log_row(book: Book, row: Number) -> None:
    book.rows[book.fill[LOG_ROWS]] = row
    book.fill[LOG_ROWS] += 1


@uncounted
def _log_group(book: Book, group: Number, was: Number) -> None:
    book.groups[book.fill[LOG_GROUPS]] = group
    book.counts[book.fill[LOG_GROUPS]] = was
    book.fill[LOG_GROUPS] += 1
