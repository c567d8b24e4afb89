"""What a Cypher query consists of, as far as the guard and the checker ask: clauses, patterns, names and their places.

Expressions are not evaluated, so they are kept as what they use: variables, patterns, subqueries.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphinv.queries.tokens import Token


@dataclass(frozen=True, slots=True)
class NodePattern:
    """``(variable:Label {key: value})``; ``keys`` are the properties it is looked up by."""

    place: Token
    variable: str | None
    labels: tuple[Token, ...]
    keys: tuple[Token, ...]
    uses: frozenset[str]


@dataclass(frozen=True, slots=True)
class RelationshipPattern:
    """``-[variable:TYPE*low..high]->``; both bounds are None for one hop, ``high`` is None when it has no bound."""

    place: Token
    variable: str | None
    types: tuple[Token, ...]
    keys: tuple[Token, ...]
    variable_length: bool = False
    high: int | None = None

    @property
    def hops(self) -> int:
        """The most hops it may take; an unbounded one counts as none here and is refused by its own rule."""
        return (self.high or 0) if self.variable_length else 1


@dataclass(frozen=True, slots=True)
class Path:
    """Nodes and the relationships between them, in order."""

    place: Token
    variable: str | None
    nodes: tuple[NodePattern, ...]
    relationships: tuple[RelationshipPattern, ...]

    def variables(self) -> frozenset[str]:
        """Every name it binds."""
        names = (
            self.variable,
            *(node.variable for node in self.nodes),
            *(step.variable for step in self.relationships),
        )
        return frozenset(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Expression:
    """What an expression uses; ``end`` is an offset.

    ``elements`` are the variables that its loops make; ``alone`` is the variable when it is nothing but that variable.
    """

    place: Token
    end: int
    uses: frozenset[str]
    elements: frozenset[str]
    aggregates: bool
    paths: tuple[Path, ...]
    queries: tuple["Query", ...]
    alone: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """MATCH or OPTIONAL MATCH with its WHERE."""

    place: Token
    paths: tuple[Path, ...]
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Unwind:
    """UNWIND source AS variable."""

    place: Token
    source: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Item:
    """One column of WITH or RETURN; ``name`` is None when it has no AS and is no plain variable."""

    expression: Expression
    name: str | None


@dataclass(frozen=True, slots=True)
class Projection:
    """WITH or RETURN; ``limit`` is its number or parameter."""

    place: Token
    star: bool
    items: tuple[Item, ...]
    order: tuple[Expression, ...]
    limit: Token | None
    where: Expression | None

    def one_row(self) -> bool:
        """Whether it sums everything up into a single row."""
        return not self.star and bool(self.items) and all(item.expression.aggregates for item in self.items)


@dataclass(frozen=True, slots=True)
class ProcedureCall:
    """CALL name(arguments) YIELD names."""

    place: Token
    name: str
    arguments: tuple[Expression, ...]
    yields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubqueryCall:
    """CALL (imports) { query }."""

    place: Token
    imports: tuple[str, ...]
    query: "Query"


Clause = Match | Unwind | Projection | ProcedureCall | SubqueryCall


@dataclass(frozen=True, slots=True)
class Branch:
    """One part of a UNION, or the whole query; ``end`` is the offset where its text ends."""

    clauses: tuple[Clause, ...]
    end: int

    def result(self) -> Projection | None:
        """Its RETURN; None inside EXISTS, which needs none."""
        last = self.clauses[-1] if self.clauses else None
        return last if isinstance(last, Projection) else None


@dataclass(frozen=True, slots=True)
class Query:
    """Branches joined by UNION."""

    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function with its arguments; ``nested_in`` are the functions around it, lower case."""

    place: Token
    name: str
    arguments: tuple[Expression, ...]
    nested_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PropertyUse:
    """``variable.name``, or a key in a pattern; ``variable`` is None when something else stands before the dot."""

    variable: str | None
    place: Token


@dataclass
class Facts:
    """What a query uses anywhere, in the order of its text. ``loops`` holds each loop and how many are around it."""

    functions: list[FunctionCall] = field(default_factory=list)
    parameters: list[Token] = field(default_factory=list)
    properties: list[PropertyUse] = field(default_factory=list)
    labels: list[tuple[str | None, Token]] = field(default_factory=list)
    types: list[Token] = field(default_factory=list)
    map_keys: list[Token] = field(default_factory=list)
    loops: list[tuple[Token, int]] = field(default_factory=list)
    regexes: list[Token] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)


@dataclass(frozen=True)
class Parsed:
    """A query that reads as one read-only statement, and what it uses."""

    text: str
    query: Query
    facts: Facts

    def results(self) -> Iterator[Projection]:
        """The RETURN of every branch."""
        for branch in self.query.branches:
            result = branch.result()
            if result is not None:
                yield result

    def parameter_names(self) -> frozenset[str]:
        """Names after ``$``."""
        return frozenset(token.value for token in self.facts.parameters)

    def columns(self) -> tuple[str | None, ...]:
        """Names of the returned columns in order, of the first branch; None for one without a name."""
        return tuple(item.name for result in list(self.results())[:1] for item in result.items)
