"""Laying the evidence graph out: rows in the order of their nodes by counting, and who uses what."""

import numba as nb
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.coding import NOTHING
from graphinv.threads import in_threads

#: No node has that code.
NOWHERE = np.int32(-1)


@nb.njit(cache=True, nogil=True)
def places_of(codes: Int64, wanted: Int64) -> Int32:
    """The place in ``codes``, which differ from each other, of every code that is wanted; ``NOWHERE`` for others."""
    bits = 4
    while (1 << bits) < 2 * codes.size:
        bits += 1
    mask = np.int64((1 << bits) - 1)
    table = np.full(1 << bits, NOWHERE)
    for place in range(codes.size):
        at = (codes[place] >> np.int64(7)) & mask
        while table[at] >= 0:
            at = (at + 1) & mask
        table[at] = place
    out = np.full(wanted.size, NOWHERE)
    for row in range(wanted.size):
        code = wanted[row]
        at = (code >> np.int64(7)) & mask
        while code != NOTHING and table[at] >= 0:
            if codes[table[at]] == code:
                out[row] = table[at]
                break
            at = (at + 1) & mask
    return out


@nb.njit(cache=True, nogil=True)
def counted_order(keys: Int32, size: int, order: Int32) -> Int32:
    """Rows by their key, which is below ``size``; those of one key stay in the ``order`` given."""
    begin = np.zeros(size + 1, np.int64)
    for key in keys:
        begin[key + 1] += 1
    for key in range(size):
        begin[key + 1] += begin[key]
    out = np.empty(order.size, np.int32)
    for row in order:
        out[begin[keys[row]]] = row
        begin[keys[row]] += 1
    return out


@nb.njit(cache=True, nogil=True)
def users_of(a: Int32, b: Int32, claim: Int32, party: Int32, located: int, building: int) -> Int64:
    """For each row the parties at its far end under its claim; under ``building`` those ``located`` in its units.

    Rows are sorted by ``b`` and ``claim``; ``party`` numbers the parties of the nodes.
    """
    users = np.empty(b.size, np.int64)
    seen = np.full(party.max() + 1 if party.size else 0, -1, np.int64)
    home = np.full((party.size, 2), 0, np.int64)
    row = 0
    while row < b.size:
        end, count = row, 0
        while end < b.size and b[end] == b[row] and claim[end] == claim[row]:
            if seen[party[a[end]]] != row:
                seen[party[a[end]]] = row
                count += 1
            end += 1
        users[row:end] = count
        if claim[row] == located:
            home[b[row]] = row, end
        row = end
    _count_tenants(a, b, claim, party, home, building, users)
    return users


@nb.njit(cache=True, nogil=True)
def _count_tenants(a: Int32, b: Int32, claim: Int32, party: Int32, home: Int64, building: int, users: Int64) -> None:
    seen = np.full(party.max() + 1 if party.size else 0, -1, np.int64)
    row = 0
    while row < b.size:
        if claim[row] != building:
            row += 1
            continue
        end, count = row, 0
        while end < b.size and b[end] == b[row] and claim[end] == building:
            for at in range(home[a[end], 0], home[a[end], 1]):
                if seen[party[a[at]]] != row:
                    seen[party[a[at]]] = row
                    count += 1
            end += 1
        users[row:end] = max(count, 1)
        row = end


@nb.njit(cache=True, nogil=True)
def both_ways(a: Int32, b: Int32, size: int) -> tuple[Int64, Int32, Int32]:
    """(ptr, adj, edge) of the undirected graph: at every node first the rows that leave it, then those that reach it,
    each in their order."""
    ptr = np.zeros(size + 1, np.int64)
    for row in range(a.size):
        ptr[a[row] + 1] += 1
        ptr[b[row] + 1] += 1
    for node in range(size):
        ptr[node + 1] += ptr[node]
    at = ptr[:-1].copy()
    adj, edge = np.empty(2 * a.size, np.int32), np.empty(2 * a.size, np.int32)
    for row in range(a.size):
        adj[at[a[row]]], edge[at[a[row]]] = b[row], row
        at[a[row]] += 1
    for row in range(a.size):
        adj[at[b[row]]], edge[at[b[row]]] = a[row], row
        at[b[row]] += 1
    return ptr, adj, edge


def numbers(size: int) -> NDArray[np.int32]:
    """The rows of a table in their order."""
    return np.arange(size, dtype=np.int32)


def rows_taken(frame: pl.DataFrame, rows: Int32) -> pl.DataFrame:
    """Some rows of a table: column by column, since a whole one put into one chunk takes as much memory again."""
    wanted = pl.Series(rows)

    def taken(column: pl.Series) -> pl.Series:
        whole = column.rechunk()
        return _lists_taken(whole, rows) if isinstance(column.dtype, pl.List) else whole.gather(wanted)

    return pl.DataFrame(in_threads(taken, frame.get_columns()))


def _lists_taken(lists: pl.Series, rows: Int32) -> pl.Series:
    held = lists.to_arrow(compat_level=pl.CompatLevel.newest())
    start, items = _items(held.offsets.to_numpy(), rows)
    values = pl.Series(held.values).gather(items).rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    return pl.Series(lists.name, pa.LargeListArray.from_arrays(start, values))


@nb.njit(cache=True, nogil=True)
def _items(start: Int64, rows: Int32) -> tuple[Int64, Int64]:
    """Where the lists of some rows start when they follow each other, and where their items were."""
    out = np.zeros(rows.size + 1, np.int64)
    for at in range(rows.size):
        out[at + 1] = out[at] + start[rows[at] + 1] - start[rows[at]]
    items = np.empty(out[-1], np.int64)
    for at in range(rows.size):
        for item in range(out[at + 1] - out[at]):
            items[out[at] + item] = start[rows[at]] + item
    return out, items
