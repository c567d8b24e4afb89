"""Cypher clauses read by recursive descent: only the clauses that read, and only in the spelling every store shares.

Why our own: of the Python parsers, antlr4-cypher 0.1.2 follows the old openCypher grammar (it refuses ``EXISTS { }``
and has no release since January 2025), and graphglot 0.14 does not read ``shortestPath``, ``COUNT { }`` or map
projections. A guard also has to refuse what it does not know, which an allow-list in the grammar does by itself.
Checked in November 2026.
"""

from graphinv.errors import QueryRefused
from graphinv.queries.cursor import words
from graphinv.queries.expressions import ExpressionReader
from graphinv.queries.tokens import Token, TokenKind, refuse_at, tokenize
from graphinv.queries.tree import (
    Branch,
    Clause,
    Expression,
    Item,
    Match,
    Parsed,
    Path,
    ProcedureCall,
    Projection,
    Query,
    SubqueryCall,
    Unwind,
)

_WRITES = words("CREATE MERGE SET REMOVE DELETE DETACH NODETACH FOREACH INSERT DROP ALTER GRANT DENY REVOKE")
_ELSEWHERE = {
    "LOAD": "LOAD CSV reads files and the network; load data with 'graphinv load'",
    "SHOW": "SHOW reveals users, settings and other people's queries; leave it out",
    "TERMINATE": "TERMINATE stops other people's queries; leave it out",
    "USE": "the database is chosen by graphinv; leave USE out",
    "EXPLAIN": "EXPLAIN and PROFILE answer plans, not rows; leave it out",
    "PROFILE": "EXPLAIN and PROFILE answer plans, not rows; leave it out",
    "CYPHER": "a version prefix does not work on every store; leave it out",
    "USING": "index hints do not work on every store; leave it out",
    "FILTER": "FILTER does not work on every store; write WITH * WHERE ...",
    "LET": "LET does not work on every store; write WITH *, ... AS name",
    "FINISH": "a query that answers nothing; end it with RETURN",
    "START": "START is gone from Cypher; write MATCH",
}


def parse(cypher: str) -> Parsed:
    """Read one query. Raises QueryRefused, with rule and place, for anything that is not one read-only query."""
    reader = _ClauseReader(tokenize(cypher))
    return Parsed(cypher, reader.whole(), reader.facts)


class _ClauseReader(ExpressionReader):
    """Reads clauses and, through its base, what stands in them."""

    def whole(self) -> Query:
        query = self._query(needs_return=True)
        end = self.here
        if self.take_mark(";") and self.here.kind is not TokenKind.END:
            raise refuse_at("one statement", end, "a second statement after ';'; run one query at a time")
        if self.here.kind is not TokenKind.END:
            raise self._no_clause()
        return query

    def braced_query(self, *, needs_return: bool) -> Query:
        self.need_mark("{")
        # Loops around a subquery run it again and again, so their count goes on inside it.
        bare = self.is_mark("(") or self.is_mark("=", 1)
        query = self._pattern_query() if bare and not needs_return else self._query(needs_return)
        self.need_mark("}")
        return query

    def _pattern_query(self) -> Query:
        match = self._match(self.here)
        return Query((Branch((match,), self.here.start),))

    def _query(self, needs_return: bool) -> Query:
        branches = [self._branch(needs_return)]
        while self.take_word("UNION"):
            self.take_word("ALL") or self.take_word("DISTINCT")
            branches.append(self._branch(needs_return))
        return Query(tuple(branches))

    def _branch(self, needs_return: bool) -> Branch:
        clauses: list[Clause] = []
        while self.here.word != "UNION" and self.here.kind is not TokenKind.END and not self._at_close():
            clause = self._clause()
            clauses.append(clause)
            self.facts.clauses.append(clause)
            if isinstance(clause, Projection) and clause.place.word == "RETURN":
                return Branch(tuple(clauses), self.tokens[self.at - 1].end)
        if needs_return or not clauses:
            raise self.unexpected("RETURN" if clauses else "MATCH or RETURN")
        return Branch(tuple(clauses), self.tokens[self.at - 1].end)

    def _at_close(self) -> bool:
        return self.is_mark("}") or self.is_mark(";")

    def _clause(self) -> Clause:
        place = self.here
        if self.take_word("MATCH") or self.take_word("OPTIONAL", "MATCH"):
            return self._match(place)
        if self.take_word("WITH") or self.take_word("RETURN"):
            return self._projection(place)
        if self.take_word("UNWIND"):
            return self._unwind(place)
        if self.take_word("CALL"):
            return self._subquery(place) if self.is_mark("{") or self.is_mark("(") else self._procedure(place)
        raise self._no_clause()

    def _no_clause(self) -> QueryRefused:
        word = self.here.word
        if word in _WRITES:
            return refuse_at("read-only", self.here, f"{word} changes the graph; user-written queries only read")
        if word in _ELSEWHERE:
            return refuse_at("clauses", self.here, _ELSEWHERE[word])
        return self.unexpected("MATCH, OPTIONAL MATCH, WITH, UNWIND, CALL or RETURN")

    def _match(self, place: Token) -> Match:
        paths = [self._matched_path()]
        while self.take_mark(","):
            paths.append(self._matched_path())
        if self.here.word == "USING":
            raise self._no_clause()
        where = self.expression() if self.take_word("WHERE") else None
        return Match(place, tuple(paths), where)

    def _matched_path(self) -> Path:
        variable = None
        if self.is_mark("=", 1):
            variable = self.variable()
            self.need_mark("=")
        if self.here.word in ("SHORTEST", "ANY", "ALL"):
            raise refuse_at("portable", self.here, f"{self.here.word} paths; write shortestPath((a)-[*..4]-(b))")
        return self.path(variable)

    def _unwind(self, place: Token) -> Unwind:
        source = self.expression()
        self._need_word("AS")
        return Unwind(place, source, self.variable())

    def _projection(self, place: Token) -> Projection:
        self.take_word("DISTINCT")
        star = self.take_mark("*")
        items: list[Item] = []
        while (star and self.take_mark(",")) or (not star and (not items or self.take_mark(","))):
            items.append(self._item())
        order = self._order() if self.take_word("ORDER", "BY") else ()
        if self.take_word("SKIP"):
            self._amount("SKIP")
        limit = self._amount("LIMIT") if self.take_word("LIMIT") else None
        where = self.expression() if place.word == "WITH" and self.take_word("WHERE") else None
        return Projection(place, star, tuple(items), order, limit, where)

    def _item(self) -> Item:
        expression = self.expression()
        return Item(expression, self.name("a name").value if self.take_word("AS") else expression.alone)

    def _order(self) -> tuple[Expression, ...]:
        keys: list[Expression] = []
        while not keys or self.take_mark(","):
            keys.append(self.expression())
            if self.here.word in ("ASC", "ASCENDING", "DESC", "DESCENDING"):
                self.step()
        return tuple(keys)

    def _amount(self, what: str) -> Token:
        if self.here.kind is TokenKind.PARAMETER:
            self.facts.parameters.append(self.here)
        elif self.here.kind is not TokenKind.INTEGER:
            raise self.unexpected(f"a whole number or a parameter for {what}")
        return self.step()

    def _procedure(self, place: Token) -> ProcedureCall:
        name = self.dotted_name()
        arguments = self.arguments()
        yields: list[str] = []
        if self.take_word("YIELD"):
            while not yields or self.take_mark(","):
                yielded = self.variable()
                yields.append(self.variable() if self.take_word("AS") else yielded)
        if not yields:
            raise refuse_at("procedures", place, "CALL of a procedure without YIELD; name what it gives with YIELD")
        return ProcedureCall(place, name, arguments, tuple(yields))

    def _subquery(self, place: Token) -> SubqueryCall:
        imports: list[str] = []
        if not self.take_mark("("):
            raise refuse_at("portable", place, "CALL { without its variables; write CALL (a, b) { or CALL () {")
        while not self.take_mark(")"):
            imports.append(self.variable())
            if not self.is_mark(")"):
                self.need_mark(",")
        query = self.braced_query(needs_return=True)
        if self.here.word == "IN":
            raise refuse_at("clauses", self.here, "IN TRANSACTIONS is for writing; leave it out")
        return SubqueryCall(place, tuple(imports), query)

    def _need_word(self, word: str) -> None:
        if not self.take_word(word):
            raise self.unexpected(word)
