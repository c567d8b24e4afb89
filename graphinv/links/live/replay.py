"""What a change wrote to one copy of the arrays, copied into the other: no kernel runs twice."""

from dataclasses import dataclass
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from graphinv.links.kernels import Int32, Int64
from graphinv.links.live.arrays import (
    COST_FIELDS,
    LOG_GROUPS,
    LOG_MOVED,
    LOG_ROWS,
    NODE_FIELDS,
    ROW_FIELDS,
    SLOT_FIELDS,
    Book,
    Side,
)
from graphinv.links.live.relations import nodes_of
from graphinv.links.live.snapshot import Row


@dataclass(frozen=True)
class Written:
    """The cells that a change wrote to, some named twice, and the parties whose seizures it changed.

    Of the nodes ``costed`` only the best evidence became another, of the slots ``weighed`` only the weight.
    """

    nodes: Int32
    costed: Int32
    slots: Int64
    weighed: Int64
    rows: Int32
    seeds: dict[int, tuple[Row, ...]]


def written(
    side: Side, book: Book, nodes: Int32, costed: Int32, weighed: Int32, seeds: dict[int, tuple[Row, ...]]
) -> Written:
    """What the logs tell, with ``nodes`` written to, others ``costed`` and rows ``weighed`` besides."""
    rows = book.rows[: book.fill[LOG_ROWS]].copy()
    moved = book.moved[: book.fill[LOG_MOVED]]
    groups = nodes_of(book.groups[: book.fill[LOG_GROUPS]])
    spans = [np.arange(side.start[node], side.stop[node]) for node in np.unique(moved).tolist()]
    slots = np.concatenate([book.at_a[rows], book.at_b[rows], *spans])
    return Written(
        nodes=np.concatenate([nodes, book.a[rows], book.b[rows], moved, groups]),
        costed=costed,
        slots=slots[slots >= 0],
        weighed=np.concatenate([book.at_a[weighed], book.at_b[weighed]]),
        rows=rows,
        seeds=seeds,
    )


def reset_logs(book: Book) -> None:
    """Forget what the last change did."""
    book.fill[[LOG_ROWS, LOG_MOVED, LOG_GROUPS]] = 0


def replay(source: Side, target: Side, change: Written) -> Side:
    """``target`` with the cells of the change as in ``source``; arrays that grew are copied whole."""
    cells: dict[str, tuple[NDArray[Any], ...]] = {
        **dict.fromkeys(NODE_FIELDS, (change.nodes,)),
        **dict.fromkeys(SLOT_FIELDS, (change.slots,)),
        **dict.fromkeys(ROW_FIELDS, (change.rows,)),
    }
    cells |= dict.fromkeys(COST_FIELDS, (change.nodes, change.costed)) | {"weight": (change.slots, change.weighed)}
    grown = {}
    for name, places in cells.items():
        theirs, ours = getattr(source, name), getattr(target, name)
        if len(theirs) != len(ours):
            grown[name] = theirs.copy()
        else:
            for at in places:
                _copy(theirs, ours, at)
    return target._replace(**grown)


@nb.njit(cache=True, nogil=True)
def _copy(source: NDArray[Any], target: NDArray[Any], places: NDArray[Any]) -> None:
    for at in places:
        target[at] = source[at]
