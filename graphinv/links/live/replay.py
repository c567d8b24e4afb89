"""What a change wrote to one copy of the arrays, copied into the other: no kernel runs twice."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from graphinv.links.kernels import Int32, Int64
from graphinv.links.live.arrays import (
    LOG_GONE,
    LOG_GROUPS,
    LOG_MOVED,
    LOG_ROWS,
    OLD_ROWS,
    ROWS,
    Book,
    Side,
)
from graphinv.links.live.relations import UNIT, nodes_of
from graphinv.links.live.snapshot import Row
from graphinv.links.uncounted import uncounted


class Cells(NamedTuple):
    """Cells that a change wrote to, some named twice.

    Nodes: those ``told``, which came, were told anew or are seized otherwise, those ``joined`` by other relationships,
    ``housed`` in another building, used by others (``counted``), and those whose best evidence became another
    (``costed``). Slots, and those ``weighed``, of which the weight alone became another. Edge rows.
    """

    told: Int32
    joined: Int32
    housed: Int32
    counted: Int32
    costed: Int32
    slots: Int64
    weighed: Int64
    rows: Int32


@dataclass(frozen=True)
class Written:
    """The cells that a change wrote to, and the parties whose seizures it changed."""

    cells: Cells
    seeds: dict[int, tuple[Row, ...]]

    @classmethod
    def nothing(cls) -> "Written":
        """No change."""
        nobody, nowhere = np.empty(0, np.int32), np.empty(0, np.int64)
        return cls(Cells(nobody, nobody, nobody, nobody, nobody, nowhere, nowhere, nobody), {})


def written(
    side: Side, book: Book, told: Int32, costed: Int32, weighed: Int32, seeds: dict[int, tuple[Row, ...]]
) -> Written:
    """What the logs tell, with the nodes ``told`` and ``costed`` and the rows ``weighed`` besides."""
    fill = book.fill
    rows = book.rows[: fill[LOG_ROWS]].copy()
    moved = np.unique(book.moved[: fill[LOG_MOVED]])
    placed = _placed(book, rows)
    slots = np.concatenate([book.at_a[placed], book.at_b[placed], _spans(side.start[moved], side.stop[moved])])
    cells = Cells(
        told=told,
        joined=np.concatenate([book.a[placed], book.b[placed], moved]),
        housed=book.a[rows[side.claim[rows] == UNIT]],
        counted=nodes_of(book.groups[: fill[LOG_GROUPS]]),
        costed=costed,
        slots=slots[slots >= 0],
        weighed=np.concatenate([book.at_a[weighed], book.at_b[weighed]]),
        rows=rows,
    )
    return Written(cells, seeds)


def _placed(book: Book, rows: Int32) -> Int32:
    """Of the logged rows, those that came, went or were given another slot: not those that are only seen again."""
    gone = book.fill[LOG_GONE]
    return np.concatenate([rows[:gone], np.arange(book.fill[OLD_ROWS], book.fill[ROWS], dtype=np.int32)])


def _spans(start: Int64, stop: Int64) -> Int64:
    """All from each ``start`` to before its ``stop``."""
    count = stop - start
    return np.repeat(stop - np.cumsum(count), count) + np.arange(count.sum())


def start_logs(book: Book) -> None:
    """Forget what the last change did."""
    book.fill[[LOG_ROWS, LOG_GONE, LOG_MOVED, LOG_GROUPS]] = 0
    book.fill[OLD_ROWS] = book.fill[ROWS]


def replay(source: Side, target: Side, change: Written) -> Side:
    """``target`` with the cells of the change as in ``source``; arrays that grew are copied whole."""
    grown = [name for name in Side._fields if len(getattr(source, name)) != len(getattr(target, name))]
    target = target._replace(**{name: getattr(source, name).copy() for name in grown})
    _copy(source, target, change.cells)
    return target


@uncounted
def _copy(source: Side, target: Side, cells: Cells) -> None:
    for node in cells.told:
        target.party[node] = source.party[node]
        target.node_told[node] = source.node_told[node]
        target.seed_cost[node] = source.seed_cost[node]
        target.building[node] = source.building[node]
    for node in cells.joined:
        target.start[node], target.stop[node] = source.start[node], source.stop[node]
    for node in cells.housed:
        target.building[node] = source.building[node]
    for node in cells.counted:
        target.users[node] = source.users[node]
    for node in cells.costed:
        target.cost[node], target.before[node] = source.cost[node], source.before[node]
        target.origin[node] = source.origin[node]
    for slot in cells.slots:
        target.adj[slot], target.edge[slot] = source.adj[slot], source.edge[slot]
        target.weight[slot] = source.weight[slot]
    for slot in cells.weighed:
        target.weight[slot] = source.weight[slot]
    for row in cells.rows:
        target.claim[row], target.edge_told[row] = source.claim[row], source.edge_told[row]
