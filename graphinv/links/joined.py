"""Neighbours of a node by one claim, compiled by numba: a seller of thousands has few others that are itself."""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import Int32, Int64
from graphinv.resolve.ahead import ask_ahead

#: How many neighbours ahead memory is asked for: claims lie in the order of relationships, not of neighbours.
_FAR = 16


@nb.njit(cache=True, nogil=True)
def joined_by(
    wanted: int, node: int, start: Int64, stop: Int64, adj: Int32, edge: Int32, claim: NDArray[np.int8]
) -> Int32:
    """The neighbours of a node that the ``wanted`` claim joins to it, in the order of their places.

    Arrays as in ``EvidenceGraph``: neighbours of a node stand in ``adj`` from its ``start`` to before its ``stop``,
    the rows of their relationships beside them in ``edge``, and a row's claim in ``claim``.
    """
    found = np.empty(stop[node] - start[node], np.int32)
    count = 0
    for at in range(start[node], stop[node]):
        if at + _FAR < stop[node]:
            ask_ahead(claim, edge[at + _FAR])
        if claim[edge[at]] == wanted:
            found[count] = adj[at]
            count += 1
    return found[:count]
