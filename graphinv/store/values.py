"""What a query returns: rows of plain Python values, without anything of the driver."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from neo4j import graph
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

_PLAIN = frozenset({str, int, float, bool, type(None), bytes})


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


def plain_row(values: Sequence[Any]) -> tuple[Any, ...]:
    """One record's values as plain Python values."""
    for value in values:
        if type(value) not in _PLAIN:
            return tuple(plain(item) for item in values)
    return tuple(values)


def plain(value: Any) -> Any:
    """Graph types become our dataclasses, days and moments (in UTC) ``datetime``'s, a duration its ISO text."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list | tuple) and not isinstance(value, Point):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, DateTime):
        return _moment(value.to_native())
    if isinstance(value, Date | Time):
        return value.to_native()
    if isinstance(value, Duration):
        return value.iso_format()
    if isinstance(value, Point):
        return tuple(value)
    return _graph_value(value)


def _moment(moment: datetime) -> datetime:
    """ArcadeDB stores moments in UTC and forgets that it did; Neo4j keeps any zone."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _graph_value(value: Any) -> Any:
    if isinstance(value, graph.Node):
        properties = _properties(value.items())
        return Node(properties.pop("uid", ""), tuple(sorted(value.labels)), properties)
    if isinstance(value, graph.Relationship):
        start, end = (node.get("uid", "") if node is not None else "" for node in value.nodes)
        return Relationship(value.type, start, end, _properties(value.items()))
    if isinstance(value, graph.Path):
        return GraphPath(tuple(map(_graph_value, value.nodes)), tuple(map(_graph_value, value.relationships)))
    return value


def _properties(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {key: plain(item) for key, item in items}


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
