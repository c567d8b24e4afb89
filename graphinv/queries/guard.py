"""The guard for user-written Cypher: what may run, said before it runs.

A query passes when it reads as one read-only statement (``parser``) and obeys the rules below: bounded hops, no cross
product, known functions and procedures, no loop inside a loop, no regular expression, a LIMIT. It then still runs as
the store's read-only user with a timeout and caps on rows; the guard is for what those do not stop (server
procedures, expressions that no timeout interrupts, answers without end) and for saying how to write it instead.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphinv.queries.connected import check_connected
from graphinv.queries.cursor import words
from graphinv.queries.parser import parse
from graphinv.queries.tokens import Token, TokenKind, refuse_at, without_comments
from graphinv.queries.tree import FunctionCall, Match, Parsed, Path, ProcedureCall


@dataclass(frozen=True)
class Limits:
    """How much one user-written query may ask for.

    ``hops``: the most of one variable-length relationship and of all in one MATCH. ``rows``: the most that LIMIT may
    say. ``range``: the longest list that range() may make.
    """

    hops: int = 6
    relationships: int = 24
    clauses: int = 30
    rows: int = 10_000
    range: int = 10_000


@dataclass(frozen=True)
class Guarded:
    """A query that passed: the text to run, without comments and with a LIMIT, its parameters and its columns.

    ``columns`` is empty after RETURN *.
    """

    cypher: str
    parameters: frozenset[str]
    columns: tuple[str, ...]


FUNCTIONS = words(
    """
    abs avg ceil coalesce collect count date date.truncate datetime duration duration.between duration.indays endnode
    exp floor head isempty keys labels last left length log log10 ltrim max min nodes nullif percentilecont
    percentiledisc properties range relationships replace reverse right round rtrim sign size split sqrt startnode
    stdev stdevp substring sum tail toboolean tofloat tointeger tolower tostring toupper trim type
    """
)
_INSTEAD = {
    "id": "the database's own ids change; use the property uid",
    "elementid": "the database's own ids change; use the property uid",
    "exists": "exists() is gone; write 'n.name IS NOT NULL' or EXISTS { (a)--(b) }",
    "rand": "an answer by chance cannot be repeated; order by a property",
    "randomuuid": "an answer by chance cannot be repeated; order by a property",
}
#: Procedures that read the graph, mean the same on every store and have a bounded answer.
PROCEDURES = frozenset({"db.index.fulltext.queryNodes", "db.labels", "db.relationshipTypes"})


def guard(cypher: str, *, row_limit: int, limits: Limits | None = None) -> Guarded:
    """Let a user-written query through, or raise QueryRefused with the rule, the place and how to write it instead.

    A query without LIMIT gets ``LIMIT row_limit``, in every branch of a UNION.
    """
    limits = limits or Limits()
    parsed = parse(cypher)
    _check_size(parsed, limits)
    _check_hops(parsed, limits)
    for call in parsed.facts.functions:
        _check_function(call, parsed.text, limits)
    _check_procedures(parsed)
    _check_loops(parsed)
    check_connected(parsed.query)
    _check_limits(parsed, limits)
    return Guarded(_with_limits(parsed, row_limit), parsed.parameter_names(), _columns(parsed))


def _check_size(parsed: Parsed, limits: Limits) -> None:
    clauses = parsed.facts.clauses
    if len(clauses) > limits.clauses:
        place = clauses[limits.clauses].place
        raise refuse_at("size", place, f"more than {limits.clauses} clauses; split the question into several queries")
    steps = [step for path in parsed.facts.paths for step in path.relationships]
    if len(steps) > limits.relationships:
        place = steps[limits.relationships].place
        raise refuse_at("size", place, f"more than {limits.relationships} relationships; ask in several queries")


def _check_hops(parsed: Parsed, limits: Limits) -> None:
    for path in parsed.facts.paths:
        for step in path.relationships:
            if step.variable_length and step.high is None:
                raise refuse_at("hops", step.place, f"'*' without an upper bound; write *1..{min(4, limits.hops)}")
    for place, paths in _together(parsed):
        hops = sum(step.hops for path in paths for step in path.relationships if step.variable_length)
        if hops > limits.hops:
            raise refuse_at("hops", place, f"up to {hops} hops of variable length; at most {limits.hops} in one MATCH")


def _together(parsed: Parsed) -> Iterator[tuple[Token, tuple[Path, ...]]]:
    """Paths matched at once: those of one MATCH, and each path of an expression for itself."""
    matched = [clause for clause in parsed.facts.clauses if isinstance(clause, Match)]
    for clause in matched:
        yield clause.place, clause.paths
    for path in parsed.facts.paths:
        yield path.place, (path,)


def _check_function(call: FunctionCall, text: str, limits: Limits) -> None:
    if call.place.kind is TokenKind.QUOTED_NAME or call.name not in FUNCTIONS:
        instead = _INSTEAD.get(call.name, "it is not among the functions that work on every store; do without it")
        raise refuse_at("functions", call.place, f"{call.name[:40]}(): {instead}")
    if call.name == "replace" and "replace" in call.nested_in:
        raise refuse_at("functions", call.place, "replace() inside replace(); split it by WITH")
    if call.name == "range" and not _short_range(call, text, limits.range):
        raise refuse_at(
            "functions", call.place, f"range() takes whole numbers up to {limits.range} or the size() of a list"
        )


def _short_range(call: FunctionCall, text: str, longest: int) -> bool:
    for argument in call.arguments:
        written = text[argument.place.start : argument.end]
        number = re.fullmatch(r"-?\d{1,6}", written)
        sized = re.fullmatch(r"(size|length)\([^()*^]*(\([^()*^]*\))?\)( *[-+] *1)?", written, re.IGNORECASE)
        if not sized and (not number or abs(int(written)) > longest):
            return False
    return True


def _check_procedures(parsed: Parsed) -> None:
    for clause in parsed.facts.clauses:
        if isinstance(clause, ProcedureCall) and clause.name not in PROCEDURES:
            allowed = ", ".join(sorted(PROCEDURES))
            raise refuse_at("procedures", clause.place, f"CALL {clause.name[:60]}; only {allowed} may be called")


def _check_loops(parsed: Parsed) -> None:
    for place, around in parsed.facts.loops:
        if around:
            raise refuse_at("loops", place, "a loop inside a loop, which no timeout stops; use UNWIND for one of them")
    if parsed.facts.regexes:
        place = parsed.facts.regexes[0]
        raise refuse_at("regex", place, "a regular expression, which no timeout stops; use CONTAINS or STARTS WITH")


def _check_limits(parsed: Parsed, limits: Limits) -> None:
    for result in parsed.results():
        limit = result.limit
        if limit and limit.kind is TokenKind.INTEGER and (len(limit.value) > 9 or int(limit.value) > limits.rows):
            raise refuse_at("limit", limit, f"LIMIT over {limits.rows:,}; ask for fewer rows, or page with SKIP")


def _columns(parsed: Parsed) -> tuple[str, ...]:
    """Names of the returned columns; one without AS is called by its text, as the stores do."""
    first = next(parsed.results(), None)
    if first is None or first.star:
        return ()
    items = first.items
    return tuple(item.name or parsed.text[item.expression.place.start : item.expression.end] for item in items)


def _with_limits(parsed: Parsed, row_limit: int) -> str:
    text = without_comments(parsed.text)
    for branch in reversed(parsed.query.branches):
        result = branch.result()
        if result is not None and result.limit is None:
            text = f"{text[: branch.end]}\nLIMIT {row_limit}{text[branch.end :]}"
    return text.rstrip().removesuffix(";").rstrip()
