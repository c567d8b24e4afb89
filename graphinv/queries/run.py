"""Run saved queries and user-written Cypher; both answer a ``QueryResult``."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphinv.errors import InvalidInput, QueryError
from graphinv.queries.guard import guard
from graphinv.queries.params import bind, plain_values
from graphinv.queries.saved import Column, ColumnType, SavedQuery
from graphinv.store import GraphPath, Node, Relationship, Rows, Store

SAVED_TIMEOUT_S = 30.0
USER_TIMEOUT_S = 15.0
ROW_LIMIT = 1_000

#: Every saved query has this parameter for its final LIMIT.
LIMIT_PARAM = "limit"


@dataclass(frozen=True)
class QueryResult:
    """An answer of plain values that write as JSON; ``truncated`` says that there are more rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    took_ms: float
    truncated: bool

    def entities(self) -> tuple[str, ...]:
        """Uids in the entity columns, each once, in the order of the rows: what the network view draws."""
        places = [i for i, column in enumerate(self.columns) if column.type is ColumnType.ENTITY]
        return tuple(dict.fromkeys(str(row[i]) for row in self.rows for i in places if row[i] is not None))


def run_query(
    store: Store,
    query: SavedQuery,
    params: Mapping[str, object] | None = None,
    *,
    timeout_s: float = SAVED_TIMEOUT_S,
    row_limit: int = ROW_LIMIT,
) -> QueryResult:
    """Run a saved query.

    Raises InvalidInput for a parameter that will not do, QueryTimeout after ``timeout_s``, and QueryError when the
    answer has other columns than the query declares.
    """
    bound = bind(query.params, params or {})
    wanted = bound.get(LIMIT_PARAM)
    limit = min(wanted, row_limit) if isinstance(wanted, int) else row_limit
    # One row more than asked for tells whether there are more.
    more = {LIMIT_PARAM: limit + 1} if LIMIT_PARAM in bound else {}
    started = time.perf_counter()
    found = store.read(query.cypher, {**bound, **more}, timeout_s=timeout_s, row_limit=limit)
    names = tuple(column.name for column in query.columns)
    # ArcadeDB names no columns when there are no rows.
    if found.columns and found.columns != names:
        raise QueryError(f"{query.name}: answers {', '.join(found.columns)}, but declares {', '.join(names)}")
    return _result(query.columns, found, started)


def run_text(
    store: Store,
    cypher: str,
    params: Mapping[str, object] | None = None,
    *,
    timeout_s: float = USER_TIMEOUT_S,
    row_limit: int = ROW_LIMIT,
) -> QueryResult:
    """Run user-written Cypher: through the guard, then as the store's read-only user with a timeout and caps.

    A node answers as its uid, a path as the uids of its nodes. Raises QueryRefused with rule, place and way out,
    InvalidInput for a parameter, QueryTimeout after ``timeout_s``, QueryError when the store cannot run it.
    """
    guarded = guard(cypher, row_limit=row_limit + 1)
    values = plain_values(params or {})
    missing = sorted(guarded.parameters - values.keys())
    if missing:
        raise InvalidInput(f"the query uses ${missing[0]}, which was not given; pass it among the parameters")
    used = {name: value for name, value in values.items() if name in guarded.parameters}
    started = time.perf_counter()
    found = store.read_as_user(guarded.cypher, used, timeout_s=timeout_s, row_limit=row_limit)
    names = found.columns or guarded.columns
    columns = tuple(Column(name, _type_of(row[i] for row in found.rows)) for i, name in enumerate(names))
    return _result(columns, found, started)


def _result(columns: tuple[Column, ...], found: Rows, started: float) -> QueryResult:
    rows = tuple(tuple(_plain(value) for value in row) for row in found.rows)
    return QueryResult(columns, rows, round((time.perf_counter() - started) * 1_000, 3), found.truncated)


def _plain(value: object) -> object:
    match value:
        case Node():
            return value.uid
        case GraphPath():
            return [node.uid for node in value.nodes]
        case Relationship():
            return {"type": value.type, "source": value.start, "target": value.end, **value.properties}
        case list() | tuple():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case None | str() | int() | float():
            return value
    return str(value)


def _type_of(values: Iterable[object]) -> ColumnType:
    """The type of the first value that is one."""
    for value in values:
        match value:
            case None:
                continue
            case Node():
                return ColumnType.ENTITY
            case bool():
                return ColumnType.BOOLEAN
            case int():
                return ColumnType.INTEGER
            case float():
                return ColumnType.NUMBER
            case list() | tuple() | GraphPath():
                return ColumnType.LIST
        break
    return ColumnType.TEXT
