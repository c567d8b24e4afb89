"""The rule against cross products: every pattern hangs together with what the query already holds.

A pattern is attached when it shares a variable with the clauses before it or looks a node up by ``uid``, the one
indexed property. One free pattern may begin a query; a second one would pair every row with every match.
"""

from collections.abc import Iterable

from graphinv.queries.tokens import Token, refuse_at
from graphinv.queries.tree import (
    Branch,
    Expression,
    Match,
    Path,
    ProcedureCall,
    Projection,
    Query,
    SubqueryCall,
    Unwind,
)

_HOW = "share a variable with it, or look a node up by {uid: ...}"


def check_connected(query: Query, bound: frozenset[str] = frozenset(), *, many: bool = False) -> None:
    """Raise QueryRefused at the first pattern that pairs every row with every match.

    ``bound`` are the variables around the query; ``many`` says that there may be several rows of them.
    """
    for branch in query.branches:
        _Scope(bound, many).walk(branch)


class _Scope:
    """What is bound on the way through the clauses of one branch."""

    def __init__(self, bound: frozenset[str], many: bool) -> None:
        self.bound = bound
        self.many = many

    def walk(self, branch: Branch) -> None:
        for clause in branch.clauses:
            match clause:
                case Match():
                    self._match(clause)
                case Unwind():
                    self._expressions((clause.source,))
                    self._add({clause.variable})
                case Projection():
                    self._projection(clause)
                case ProcedureCall():
                    self._procedure(clause)
                case SubqueryCall():
                    self._subquery(clause)

    def _add(self, names: Iterable[str]) -> None:
        self.bound |= frozenset(names)
        self.many = True

    def _match(self, clause: Match) -> None:
        for group in _groups(clause.paths):
            names = frozenset[str]().union(*(path.variables() for path in group))
            if not (names & self.bound or any(_by_uid(path) for path in group)) and self.many:
                raise refuse_at("cross product", group[0].place, f"a pattern apart from what stands before it; {_HOW}")
            self._add(names)
        if clause.where:
            self._expressions((clause.where,))

    def _projection(self, clause: Projection) -> None:
        self._expressions(item.expression for item in clause.items)
        self._expressions(clause.order)
        names = frozenset(item.name for item in clause.items if item.name)
        self.bound = self.bound | names if clause.star else names
        self.many = self.many and not clause.one_row() and not (clause.limit and clause.limit.value == "1")
        if clause.where:
            self._expressions((clause.where,))

    def _procedure(self, clause: ProcedureCall) -> None:
        self._expressions(clause.arguments)
        used = frozenset[str]().union(*(argument.uses for argument in clause.arguments))
        if self.many and not used & self.bound:
            raise self._apart(clause.place, "procedure")
        self._add(clause.yields)

    def _subquery(self, clause: SubqueryCall) -> None:
        results = [result for branch in clause.query.branches if (result := branch.result())]
        if self.many and not clause.imports and not all(result.one_row() for result in results):
            raise self._apart(clause.place, "subquery")
        check_connected(clause.query, frozenset(clause.imports), many=bool(clause.imports))
        self._add(item.name for result in results for item in result.items if item.name)

    def _apart(self, place: Token, what: str) -> Exception:
        return refuse_at(
            "cross product", place, f"a {what} that every row would repeat; put it first, or hand it a row"
        )

    def _expressions(self, expressions: Iterable[Expression]) -> None:
        for expression in expressions:
            for path in expression.paths:
                if path.variables() & expression.elements:
                    raise refuse_at(
                        "portable", path.place, "a pattern on the variable of a loop; UNWIND the list first"
                    )
                if not path.variables() & self.bound and not _by_uid(path):
                    raise refuse_at(
                        "cross product", path.place, f"a pattern apart from the row it is asked for; {_HOW}"
                    )
            for query in expression.queries:
                check_connected(query, self.bound, many=True)


def _by_uid(path: Path) -> bool:
    return any(key.value == "uid" for node in path.nodes for key in node.keys)


def _groups(paths: tuple[Path, ...]) -> list[list[Path]]:
    """Paths of one MATCH put together where they share a variable."""
    groups: list[tuple[set[str], list[Path]]] = []
    for path in paths:
        names, members = set(path.variables()), [path]
        apart = []
        for other_names, other in groups:
            if other_names & names:
                names |= other_names
                members = other + members
            else:
                apart.append((other_names, other))
        groups = [*apart, (names, members)]
    return [members for _, members in groups]
