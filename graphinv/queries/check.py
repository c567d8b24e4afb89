"""What a saved query must fulfil, said in sentences: the test over ``cypher/`` and whoever writes a query ask here."""

from collections.abc import Iterator, Mapping

from graphinv.errors import QueryRefused
from graphinv.queries.guard import guard
from graphinv.queries.parser import parse
from graphinv.queries.run import LIMIT_PARAM, ROW_LIMIT
from graphinv.queries.saved import SavedQuery
from graphinv.queries.tokens import Token
from graphinv.queries.tree import Parsed
from graphinv.schema import LABELS, RELATIONSHIPS

_NODE_PROPERTIES = {item.name: frozenset(prop.name for prop in item.all_properties()) for item in LABELS}
_TYPE_PROPERTIES = {item.name: frozenset(prop.name for prop in item.all_properties()) for item in RELATIONSHIPS}
_ANYWHERE = frozenset[str]().union(*_NODE_PROPERTIES.values(), *_TYPE_PROPERTIES.values())
#: Parts of a day or of a length of time.
_TEMPORAL = frozenset({"year", "month", "week", "day", "dayOfWeek", "weekYear", "years", "months", "weeks", "days"})


def check_query(query: SavedQuery) -> tuple[str, ...]:
    """Everything wrong with a saved query, as sentences; empty when it may be used.

    Besides the guard's rules: parameters and columns as declared and all used, an explicit ORDER BY and LIMIT, labels,
    types and properties of the schema, and a description that says when a row misleads.
    """
    try:
        parsed = parse(query.cypher)
        guard(query.cypher, row_limit=ROW_LIMIT)
    except QueryRefused as error:
        return (str(error),)
    return (*_params(query, parsed), *_columns(query, parsed), *_order(parsed), *_words(query), *_schema(parsed))


def _params(query: SavedQuery, parsed: Parsed) -> Iterator[str]:
    declared = {param.name for param in query.params}
    used = parsed.parameter_names()
    for name in sorted(used - declared):
        yield f"uses ${name}, which params does not declare"
    for name in sorted(declared - used):
        yield f"declares parameter {name}, which the query does not use"
    if LIMIT_PARAM not in declared:
        yield f"declares no parameter '{LIMIT_PARAM}'"
    for param in query.params:
        if not param.help and param.name != LIMIT_PARAM:
            yield f"parameter {param.name} has no help"
        if param.name == LIMIT_PARAM and param.max is None:
            yield f"parameter '{LIMIT_PARAM}' has no max"


def _columns(query: SavedQuery, parsed: Parsed) -> Iterator[str]:
    declared = tuple(column.name for column in query.columns)
    if parsed.columns() != declared:
        returned = ", ".join(name or "a column without AS" for name in parsed.columns())
        yield f"returns {returned}, but columns declares {', '.join(declared)}"


def _order(parsed: Parsed) -> Iterator[str]:
    if len(parsed.query.branches) > 1:
        yield "a UNION has no order of its own; put it into CALL () { ... } and order what comes out"
    for result in parsed.results():
        if not result.order:
            yield "the final RETURN has no ORDER BY"
        if result.limit is None or result.limit.value != LIMIT_PARAM:
            yield f"the final RETURN has no LIMIT ${LIMIT_PARAM}"


def _words(query: SavedQuery) -> Iterator[str]:
    if "mislead" not in query.description.lower():
        yield "the description does not say when a row misleads"


def _schema(parsed: Parsed) -> Iterator[str]:
    for _, label in parsed.facts.labels:
        if label.value not in _NODE_PROPERTIES:
            yield f"{_place(label)}: no label '{label.value}' in the schema"
    for type_ in parsed.facts.types:
        if type_.value not in _TYPE_PROPERTIES:
            yield f"{_place(type_)}: no relationship type '{type_.value}' in the schema"
    bound = _bound_properties(parsed)
    others = _ANYWHERE | {key.value for key in parsed.facts.map_keys}
    for use in parsed.facts.properties:
        known = others | _TEMPORAL if use.variable is None else bound.get(use.variable, others)
        if use.place.value not in known:
            owner = f" of {use.variable}" if use.variable else ""
            yield f"{_place(use.place)}: no property '{use.place.value}'{owner} in the schema"


def _bound_properties(parsed: Parsed) -> Mapping[str, frozenset[str]]:
    """Properties that a variable can have, by the labels or types it is matched with anywhere in the query."""
    bound: dict[str, frozenset[str]] = {}
    for variable, label in parsed.facts.labels:
        if variable:
            bound[variable] = bound.get(variable, frozenset()) | _NODE_PROPERTIES.get(label.value, frozenset())
    for path in parsed.facts.paths:
        for step in path.relationships:
            types = [_TYPE_PROPERTIES.get(type_.value, frozenset()) for type_ in step.types]
            if step.variable and types:
                bound[step.variable] = bound.get(step.variable, frozenset()).union(*types)
    return bound


def _place(token: Token) -> str:
    return f"line {token.line}, column {token.column}"
