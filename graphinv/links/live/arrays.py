"""The arrays of a live evidence graph: what readers see, of which there are two copies, and what only the writer knows.

Arrays are longer than what they hold, so that things can be added; they grow by half when that ends.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphinv.links.hubs import BITS, FAR_UNKNOWN, NEAR_UNKNOWN, Hubs
from graphinv.links.kernels import UNREACHABLE, Int32, Int64, UInt64
from graphinv.links.live.keyed import EMPTY, cells_for, moved_to

Int8 = NDArray[np.int8]


class Side(NamedTuple):
    """What readers see; names as in ``EvidenceGraph``.

    A cell a node: ``start`` to ``building``; ``node_told`` says where its properties are told. A cell a slot: ``adj``,
    ``weight``, ``edge``; the slots of a node lie together, and move to the end when there are too few. A cell an edge
    row: ``claim`` and ``edge_told``.
    """

    start: Int64
    stop: Int64
    cost: Int32
    before: Int32
    origin: Int32
    seed_cost: Int32
    users: Int32
    building: Int32
    party: NDArray[np.bool_]
    node_told: Int64
    adj: Int32
    weight: Int32
    edge: Int32
    claim: Int8
    edge_told: Int64


class Book(NamedTuple):
    """What only the writer knows.

    A cell an edge row: its nodes ``a`` and ``b``, its ``base`` cost (``weights.base_costs``) and its slots ``at_a`` and
    ``at_b``, -1 when it is gone. A cell a node: the ``room`` of its slots, the party (``member``) that it is an
    identity of, its ``rank``, ``state`` for repairs, and whether it is a ``hub`` (in short: ``sign``). A cell a block
    of slots: ``near`` and ``far``, as ``sizes`` say (``links.hubs``). By key: the row of a relationship plus one, and
    the ``tally`` of users. ``rows``, ``moved``, ``groups`` and ``counts`` log what a change did; ``fill`` tells how far
    arrays go.
    """

    a: Int32
    b: Int32
    base: NDArray[np.float64]
    at_a: Int64
    at_b: Int64
    room: Int32
    member: Int32
    rank: UInt64
    state: NDArray[np.uint8]
    hub: NDArray[np.bool_]
    sign: NDArray[np.bool_]
    near: Int32
    far: Int32
    sizes: Int64
    edge_keys: Int64
    edge_rows: Int32
    tally_keys: Int64
    tally: Int32
    rows: Int32
    moved: Int32
    groups: Int64
    counts: Int32
    fill: Int64


#: Cells of ``Book.fill``: how many slots, rows, keys of relationships, keys of tallies, logged rows, logged moves and
#: logged groups there are; how many more slots and other things the next change needs; how many logged rows tell of
#: what went, and how many rows there were before.
SLOTS, ROWS, EDGES, TALLIED, LOG_ROWS, LOG_MOVED, LOG_GROUPS, NEED_SLOTS, NEED, LOG_GONE, OLD_ROWS = range(11)
FILLS = 11

NODE_FIELDS = (
    "start", "stop", "cost", "before", "origin", "seed_cost", "users", "building", "party", "node_told",
)  # fmt: skip
SLOT_FIELDS = ("adj", "weight", "edge")
ROW_FIELDS = ("claim", "edge_told")
_BOOK_ROW_FIELDS = ("a", "b", "base", "at_a", "at_b")
_BOOK_NODE_FIELDS = ("room", "member", "rank", "state", "hub")
_BOOK_BLOCK_FIELDS = ("near", "far")

#: What a cell holds that nothing was written to.
_BLANK = {"cost": UNREACHABLE, "before": -1, "origin": -1, "seed_cost": UNREACHABLE, "building": -1,
          "near": NEAR_UNKNOWN, "far": FAR_UNKNOWN}  # fmt: skip


def hubs_of(side: Side, book: Book) -> Hubs:
    """What repairs know of hubs."""
    return Hubs(book.hub, book.sign, book.near, book.far, book.sizes, side.edge, book.at_a, book.at_b)


def longer(array: NDArray[Any], size: int, blank: object = 0) -> NDArray[Any]:
    """A copy with more cells."""
    grown = np.empty(size, array.dtype)
    grown[: len(array)] = array
    grown[len(array) :] = blank
    return grown


def with_nodes(side: Side, book: Book, count: int) -> tuple[Side, Book]:
    """The arrays with room for at least so many nodes."""
    if count <= len(side.start):
        return side, book
    size = max(count, len(side.start) * 3 // 2)
    return _longer(side, NODE_FIELDS, size), _longer(book, _BOOK_NODE_FIELDS, size)


def with_room(side: Side, book: Book) -> tuple[Side, Book]:
    """The arrays with room for the next change, which told in ``fill`` what it needs."""
    fill = book.fill
    slots, need = int(fill[SLOTS] + fill[NEED_SLOTS]), int(fill[NEED])
    if slots > len(side.adj):
        side = _longer(side, SLOT_FIELDS, max(slots, len(side.adj) * 3 // 2))
        book = _longer(book, _BOOK_BLOCK_FIELDS, blocks_of(len(side.adj), book.sizes))
    if fill[ROWS] + need > len(book.a):
        size = max(int(fill[ROWS]) + need, len(book.a) * 3 // 2)
        side, book = _longer(side, ROW_FIELDS, size), _longer(book, _BOOK_ROW_FIELDS, size)
    for log, names in ((LOG_ROWS, ("rows",)), (LOG_MOVED, ("moved",)), (LOG_GROUPS, ("groups", "counts"))):
        if fill[log] + need > len(getattr(book, names[0])):
            book = _longer(book, names, max(int(fill[log]) + need, 2 * len(getattr(book, names[0]))))
    for taken, keys, values in ((EDGES, "edge_keys", "edge_rows"), (TALLIED, "tally_keys", "tally")):
        if cells_for(int(fill[taken]) + need) > len(getattr(book, keys)):
            book = _more_keys(book, taken, keys, values, need)
    return side, book


def blocks_of(slots: int, sizes: Int64) -> int:
    """How many blocks so many slots lie in."""
    return (slots >> int(sizes[BITS])) + 1


def _longer(arrays: Any, names: tuple[str, ...], size: int) -> Any:  # a Side or a Book
    return arrays._replace(**{name: longer(getattr(arrays, name), size, _BLANK.get(name, 0)) for name in names})


def _more_keys(book: Book, taken: int, keys: str, values: str, need: int) -> Book:
    """What is 0 by now loses its cell; only what is left makes the cells more."""
    old_keys, old_values = getattr(book, keys), getattr(book, values)
    cells = cells_for(int(np.count_nonzero(old_values)) * 5 // 4 + need)
    new_keys, new_values = np.full(cells, EMPTY, np.int64), np.zeros(cells, np.int32)
    book.fill[taken] = moved_to(old_keys, old_values, new_keys, new_values)
    replaced: dict[str, Any] = {keys: new_keys, values: new_values}
    return book._replace(**replaced)
