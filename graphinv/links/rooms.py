"""Room for searches to work in, kept and used again: a search then costs what it visits, not what the graph holds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from graphinv.links.astar import LABEL_FIELDS, NOT_REACHED, Scratch, nothing_ahead

#: How much a search may write down before it gives up and says so.
MAX_LABELS = 200_000
_MANY = 32


@dataclass
class Room:
    """What one search at a time works in."""

    scratch: Scratch
    _marked: list[int] = field(default_factory=list)

    def bar(self, nodes: list[int], mark: np.uint8) -> None:
        """Mark nodes for the searches to come in this room."""
        if len(nodes) < _MANY:  # one by one costs less than an index of them
            for node in nodes:
                self.scratch.barred[node] = mark
        else:
            self.scratch.barred[nodes] = mark
        self._marked.extend(nodes)

    def clear(self) -> None:
        """Forget the marks, and what one search told the next."""
        self.scratch.ahead.clear()
        self.scratch.barred[self._marked] = 0
        self._marked.clear()


class Rooms:
    """Rooms for the nodes of one graph: as many as searches have run side by side."""

    def __init__(self, nodes: int) -> None:
        self._nodes = nodes
        self._free: list[Room] = []
        self._lock = threading.Lock()

    @contextmanager
    def room(self) -> Iterator[Room]:
        """A cleared room for the length of the block."""
        with self._lock:
            room = self._free.pop() if self._free else None
        if room is None:
            room = Room(_scratch(self._nodes))
        try:
            yield room
        finally:
            room.clear()
            with self._lock:
                self._free.append(room)


def _scratch(nodes: int) -> Scratch:
    return Scratch(
        labels=np.empty((MAX_LABELS, LABEL_FIELDS), np.int64),
        heap=np.empty(MAX_LABELS, np.int64),
        fewest=np.full(nodes, NOT_REACHED, np.int16),
        barred=np.zeros(nodes, np.uint8),
        ahead=nothing_ahead(),
    )
