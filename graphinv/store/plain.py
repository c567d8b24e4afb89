"""From the driver's values to plain Python values and the graph types of ours."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from neo4j import graph
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

from graphinv.store.values import GraphPath, Node, Relationship

_PLAIN = frozenset({str, int, float, bool, type(None), bytes})


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
