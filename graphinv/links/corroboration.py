"""What the records themselves say of the reliability of links: how often two who share a value share another, too.

Whoever runs two businesses keeps more than one thing in common more often than strangers whom a name, a supplier or a
shop brings together. So the share of pairs that something else corroborates tells, without any truth, which kinds of
values say "the same hands" and which are coincidence. Who takes care to keep one thing alone is never corroborated:
the share is a lower bound. Between it and the table of ``weights``, which was set by hand, lies what is believed.
"""

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.counting import counted_order, numbers
from graphinv.links.kernels import Int32, Int64
from graphinv.links.weights import CLAIMS, SAME_AS, WEIGHTS, Reliabilities, told_reliabilities

#: Kinds of values that may corroborate: somebody's own, and not the trade's.
_OWN = np.isin(CLAIMS, ("HAS_PHONE", "HAS_EMAIL", "PAID_TO", "HAS_WEBSITE", "HAS_OFFICER", "LOCATED_AT"))
#: Values with more users corroborate nothing.
_FEW = 6
#: From so many pairs on the records have half of all that they may have to say.
TABLE_PAIRS = 20


@dataclass(frozen=True)
class Corroboration:
    """By place in ``CLAIMS``: pairs of parties that alone share a value of the kind, and how many of them another
    value of their own joins as well."""

    pairs: Int64
    corroborated: Int64


def corroboration(a: Int32, b: Int32, claim: Int32, party: Int32, asking: NDArray[np.bool_]) -> Corroboration:
    """Count them. ``a``, ``b``, ``claim``: ends and kinds of relationships; ``party`` numbers the parties of the nodes
    (a party of several records counts once), ``asking`` are the nodes that count: importers and sellers."""
    rows = np.flatnonzero(asking[a] & (claim != SAME_AS)).astype(np.int32)
    user, value, kind = party[a[rows]], b[rows], claim[rows]
    order = counted_order(value, len(party), counted_order(kind, len(CLAIMS), numbers(len(rows))))
    pair, by, users = _pairs(user[order], value[order], kind[order])
    two, own = users == 2, _OWN[by]
    joined, bits = _joined(pair[own], by[own])
    asked, of = pair[two], by[two]
    another = np.zeros(len(asked), np.bool_)
    if len(joined):
        at = np.minimum(np.searchsorted(joined, asked), len(joined) - 1)
        another = (joined[at] == asked) & ((bits[at] & ~(1 << of)) != 0)
    size = len(CLAIMS)
    return Corroboration(np.bincount(of, minlength=size), np.bincount(of[another], minlength=size))


def reliabilities(found: Corroboration) -> Reliabilities:
    """The table's; of kinds that are learned what lies between the table's and the corroborated share, by logarithms.

    Many pairs move it halfway, which is the geometric mean; few hardly move it. That a share is never 0, the table
    counts as one pair more.
    """
    told = told_reliabilities()
    share = (found.corroborated + told) / (found.pairs + 1)
    weight = 0.5 * found.pairs / (found.pairs + TABLE_PAIRS)
    return np.where([row.learned for row in WEIGHTS], told ** (1.0 - weight) * share**weight, told)


@nb.njit(cache=True, nogil=True)
def _pairs(user: Int32, value: Int32, kind: Int32) -> tuple[Int64, Int64, Int64]:
    """Every two users of a value that few use: the pair as one number, the kind, how many users the value has.

    Rows of one value and kind stand together; the same user may stand in several.
    """
    most = user.size * (_FEW - 1) // 2 + 1
    pair, by, users = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    held = np.empty(_FEW, np.int64)
    found = row = 0
    while row < user.size:
        count, first = 0, row
        while row < user.size and value[row] == value[first] and kind[row] == kind[first]:
            if count <= _FEW and not (held[: min(count, _FEW)] == user[row]).any():
                if count < _FEW:
                    held[count] = user[row]
                count += 1
            row += 1
        if count <= _FEW:
            for i in range(count):
                for j in range(i):
                    pair[found] = (min(held[i], held[j]) << 31) | max(held[i], held[j])
                    by[found], users[found] = kind[first], count
                    found += 1
    return pair[:found], by[:found], users[:found]


def _joined(pair: Int64, claim: Int64) -> tuple[Int64, Int64]:
    """Each pair once, rising, and a bit for every claim that joins it."""
    order = np.argsort(pair, kind="stable")
    first = np.flatnonzero(np.diff(pair[order], prepend=-1))
    bits = np.bitwise_or.reduceat(1 << claim[order], first) if len(first) else first
    return pair[order][first], bits
