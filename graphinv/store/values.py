"""What a query returns: rows of plain Python values, without anything of the driver."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """A node: its key, its labels in alphabetical order, and its other properties."""

    uid: str
    labels: tuple[str, ...]
    properties: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class Relationship:
    """A relationship; ``start`` and ``end`` are node keys, empty when the query did not return those nodes too."""

    type: str
    start: str
    end: str
    properties: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class GraphPath:
    """A path: its nodes in order, and the relationships between them."""

    nodes: tuple[Node, ...]
    relationships: tuple[Relationship, ...]


@dataclass(frozen=True)
class Rows:
    """An answer: column names, and a tuple of values for each row. ``truncated``: a cap cut it off.

    The embedded store names no columns when there is no row.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def scalar(self) -> Any:
        """The first value of the first row; None when there is no row."""
        return self.rows[0][0] if self.rows else None

    def column(self, name: str) -> list[Any]:
        """All values of one column."""
        if not self.rows:
            return []
        position = self.columns.index(name)
        return [row[position] for row in self.rows]

    def dicts(self) -> list[dict[str, Any]]:
        """Each row as a dictionary from column to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def size_of(value: Any) -> int:
    """About how many bytes a plain value takes when written out."""
    if isinstance(value, str | bytes):
        return len(value) + 2
    if isinstance(value, list | tuple):
        return sum(map(size_of, value)) + 2
    if isinstance(value, dict):
        return sum(len(key) + 3 + size_of(item) for key, item in value.items()) + 2
    if isinstance(value, Node):
        return size_of(value.uid) + size_of(value.labels) + size_of(dict(value.properties))
    if isinstance(value, Relationship):
        return len(value.type) + len(value.start) + len(value.end) + size_of(dict(value.properties))
    if isinstance(value, GraphPath):
        return size_of(value.nodes) + size_of(value.relationships)
    return 8
