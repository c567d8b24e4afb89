"""Expressions of Cypher, read by recursive descent into ``tree``.

Operators have no precedence here: nothing is evaluated, what counts is which names, patterns and loops occur.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from graphinv.queries.patterns import SHORTEST, PatternReader
from graphinv.queries.tokens import Token, TokenKind, refuse_at
from graphinv.queries.tree import Expression, FunctionCall, Path, PropertyUse, Query

#: CASE inside CASE needs no brackets, so expressions count their own depth.
MAX_EXPRESSION_DEPTH = 40

AGGREGATES = frozenset({"count", "collect", "sum", "avg", "min", "max", "stdev", "stdevp", "percentilecont"}) | {
    "percentiledisc"
}
_QUANTIFIERS = frozenset({"ANY", "ALL", "NONE", "SINGLE"})
_SUBQUERIES = frozenset({"EXISTS", "COUNT", "COLLECT"})
_OPERATORS = frozenset({"=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "^", "=~"})
_WORD_OPERATORS = frozenset({"AND", "OR", "XOR", "IN", "CONTAINS"})
_WORD_VALUES = frozenset({"TRUE", "FALSE", "NULL"})


@dataclass
class _Used:
    """What the expression being read has used so far."""

    names: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)
    aggregates: bool = False
    paths: list[Path] = field(default_factory=list)
    queries: list[Query] = field(default_factory=list)

    def add(self, inner: "_Used") -> None:
        """What an expression inside used is used here too."""
        self.names |= inner.names
        self.elements |= inner.elements
        self.aggregates |= inner.aggregates
        self.paths += inner.paths
        self.queries += inner.queries


class ExpressionReader(PatternReader):
    """Reads expressions and notes what they use."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        super().__init__(tokens)
        self._depth = 0
        self._loops = 0
        self._functions: tuple[str, ...] = ()
        self._used = _Used()

    # -- expressions ------------------------------------------------------------------------------------------------

    def expression(self) -> Expression:
        """One expression as an ``Expression``; what it uses also counts for the one around it."""
        around, used = self._used, _Used()
        self._used = used
        start, place = self.at, self.here
        self._operands()
        alone = place.value if self.at == start + 1 and place.value in used.names else None
        self._used = around
        around.add(used)
        return Expression(
            place,
            self.tokens[self.at - 1].end,
            frozenset(used.names),
            frozenset(used.elements),
            used.aggregates,
            tuple(used.paths),
            tuple(used.queries),
            alone,
        )

    def _operands(self) -> None:
        self._depth += 1
        if self._depth > MAX_EXPRESSION_DEPTH:
            raise refuse_at("depth", self.here, "an expression too deep; split it by WITH")
        self._operand()
        while self._operator():
            self._operand()
        self._depth -= 1

    def _operator(self) -> bool:
        token = self.here
        if token.kind is TokenKind.MARK and token.value in ("||", "::"):
            raise refuse_at("portable", token, f"'{token.value}' does not work on every store; use + or a function")
        if token.kind is TokenKind.MARK and token.value in _OPERATORS:
            if token.value == "=~":
                self.facts.regexes.append(token)
            return bool(self.step())
        if token.word in _WORD_OPERATORS:
            return bool(self.step())
        return self.take_word("STARTS", "WITH") or self.take_word("ENDS", "WITH")

    def _operand(self) -> None:
        while self.take_word("NOT") or self.take_mark("-") or self.take_mark("+"):
            pass
        before = self.at
        self._atom()
        is_name = self.at == before + 1 and self.tokens[before].kind in (TokenKind.NAME, TokenKind.QUOTED_NAME)
        self._suffixes(self.tokens[before].value if is_name and not self._was_value(before) else None)

    def _was_value(self, at: int) -> bool:
        return self.tokens[at].word in _WORD_VALUES

    def _suffixes(self, variable: str | None) -> None:
        while True:
            if self.take_mark("."):
                self.facts.properties.append(PropertyUse(variable, self.name("a property")))
            elif self.is_mark("["):
                self._index()
            elif variable and self.is_mark(":"):
                self.facts.labels += [(variable, token) for token in self.labels()]
            elif variable and self.is_mark("{"):
                self._map_projection(variable)
            elif self.take_word("IS", "NULL") or self.take_word("IS", "NOT", "NULL"):
                pass
            else:
                return
            variable = None

    def _index(self) -> None:
        self.need_mark("[")
        if not self.is_mark(".."):
            self.expression()
        if self.take_mark("..") and not self.is_mark("]"):
            self.expression()
        self.need_mark("]")

    def _atom(self) -> None:
        token = self.here
        if token.kind is TokenKind.PARAMETER:
            self.facts.parameters.append(self.step())
        elif token.kind in (TokenKind.TEXT, TokenKind.INTEGER, TokenKind.NUMBER) or token.word in _WORD_VALUES:
            self.step()
        elif self.is_mark("["):
            self._list()
        elif self.is_mark("{"):
            self.map_()
        elif self.is_mark("("):
            self._bracket()
        else:
            self._named(token)

    def _named(self, token: Token) -> None:
        word = token.word
        if word == "CASE":
            self._case()
        elif word in _SUBQUERIES and self.is_mark("{", 1):
            self.step()
            self._used.queries.append(self._subquery_alone(needs_return=word == "COLLECT"))
        elif word in _QUANTIFIERS and self.is_mark("(", 1):
            self._looping(self._quantifier)
        elif word == "REDUCE" and self.is_mark("(", 1):
            self._looping(self._reduce)
        elif word in SHORTEST and self.is_mark("(", 1):
            self._used.paths.append(self.path(None))
        elif self._is_call():
            self._call()
        else:
            self._used.names.add(self.variable())

    def _case(self) -> None:
        self.step()
        if self.here.word != "WHEN":
            self.expression()
        while self.take_word("WHEN"):
            self.expression()
            if not self.take_word("THEN"):
                raise self.unexpected("THEN")
            self.expression()
        if self.take_word("ELSE"):
            self.expression()
        if not self.take_word("END"):
            raise self.unexpected("END")

    def _bracket(self) -> None:
        if self.is_path():
            self._used.paths.append(self.path(None))
            return
        self.need_mark("(")
        self.expression()
        self.need_mark(")")

    def _list(self) -> None:
        if self.ahead(2).word == "IN" and self.ahead().kind in (TokenKind.NAME, TokenKind.QUOTED_NAME):
            self._looping(self._comprehension)
        elif self.is_path(1) or (self.is_mark("=", 2) and self.is_path(3)):
            self._looping(self._pattern_comprehension)
        else:
            self.need_mark("[")
            self._listed("]")

    def _listed(self, closing: str) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while not self.take_mark(closing):
            found.append(self.expression())
            if not self.is_mark(closing):
                self.need_mark(",")
        return tuple(found)

    # -- loops ------------------------------------------------------------------------------------------------------

    def _looping(self, read: Callable[[], None]) -> None:
        self.facts.loops.append((self.here, self._loops))
        self._loops += 1
        read()
        self._loops -= 1

    def _element(self) -> None:
        self._used.elements.add(self.variable())
        if not self.take_word("IN"):
            raise self.unexpected("IN")
        self.expression()

    def _where_and_result(self) -> None:
        if self.take_word("WHERE"):
            self.expression()
        if self.take_mark("|"):
            self.expression()

    def _comprehension(self) -> None:
        self.need_mark("[")
        self._element()
        self._where_and_result()
        self.need_mark("]")

    def _pattern_comprehension(self) -> None:
        self.need_mark("[")
        variable = self.variable() if not self.is_mark("(") else None
        if variable:
            self.need_mark("=")
        self._used.paths.append(self.path(variable))
        self._where_and_result()
        self.need_mark("]")

    def _quantifier(self) -> None:
        self.step()
        self.need_mark("(")
        self._element()
        self._where_and_result()
        self.need_mark(")")

    def _reduce(self) -> None:
        self.step()
        self.need_mark("(")
        self.variable()
        self.need_mark("=")
        self.expression()
        self.need_mark(",")
        self._element()
        self.need_mark("|")
        self.expression()
        self.need_mark(")")

    # -- calls and maps ---------------------------------------------------------------------------------------------

    def _is_call(self) -> bool:
        ahead = 0
        while self.ahead(ahead).kind is TokenKind.NAME:
            if self.is_mark("(", ahead + 1):
                return True
            if not self.is_mark(".", ahead + 1):
                return False
            ahead += 2
        return False

    def dotted_name(self) -> str:
        parts = [self.name("a name").value]
        while self.take_mark("."):
            parts.append(self.name("a name").value)
        return ".".join(parts)

    def _call(self) -> None:
        place = self.here
        name = self.dotted_name().lower()
        with self._inside(name):
            arguments = self.arguments()
        self.facts.functions.append(FunctionCall(place, name, arguments, self._functions))
        if name in AGGREGATES:
            self._used.aggregates = True

    @contextmanager
    def _inside(self, function: str) -> Iterator[None]:
        around = self._functions
        self._functions = (*around, function)
        yield
        self._functions = around

    def arguments(self) -> tuple[Expression, ...]:
        self.need_mark("(")
        if self.is_mark("*") and self.is_mark(")", 1):
            self.at += 2
            return ()
        self.take_word("DISTINCT")
        return self._listed(")")

    def map_(self) -> tuple[tuple[Token, ...], frozenset[str]]:
        """``{key: value}``: the keys, and the variables in the values."""
        keys: list[Token] = []
        uses = frozenset[str]()
        self.need_mark("{")
        while not self.take_mark("}"):
            keys.append(self.name("a key"))
            self.need_mark(":")
            uses |= self.expression().uses
            if not self.is_mark("}"):
                self.need_mark(",")
        self.facts.map_keys += keys
        return tuple(keys), uses

    def _map_projection(self, variable: str) -> None:
        self.need_mark("{")
        while not self.take_mark("}"):
            if self.take_mark("."):
                if not self.take_mark("*"):
                    self.facts.properties.append(PropertyUse(variable, self.name("a property")))
            elif self.is_mark(":", 1):
                self.step()
                self.step()
                self.expression()
            else:
                self._used.names.add(self.variable())
            if not self.is_mark("}"):
                self.need_mark(",")

    # -- subqueries -------------------------------------------------------------------------------------------------

    def _subquery_alone(self, *, needs_return: bool) -> Query:
        # What the subquery's own expressions use is judged by its own variables, not by those around it.
        around, self._used = self._used, _Used()
        query = self.braced_query(needs_return=needs_return)
        self._used = around
        return query

    def braced_query(self, *, needs_return: bool) -> Query:
        """A query in braces; the reader of clauses says how."""
        raise NotImplementedError
