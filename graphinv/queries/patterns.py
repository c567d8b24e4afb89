"""Graph patterns: nodes, relationships, shortest paths, read into ``tree`` with what they use."""

from graphinv.queries.cursor import Cursor
from graphinv.queries.tokens import Token, TokenKind, refuse_at
from graphinv.queries.tree import Facts, NodePattern, Path, PropertyUse
from graphinv.queries.tree import RelationshipPattern as Relationship

SHORTEST = frozenset({"SHORTESTPATH", "ALLSHORTESTPATHS"})


class PatternReader(Cursor):
    """Reads path patterns. What they use goes to ``facts``."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        super().__init__(tokens)
        self.facts = Facts()

    def map_(self) -> tuple[tuple[Token, ...], frozenset[str]]:
        """``{key: value}``: the keys, and the variables in the values. The reader of expressions says how."""
        raise NotImplementedError

    def is_path(self, ahead: int = 0) -> bool:
        """Whether a node pattern with a relationship after it begins here, not a bracketed expression."""
        if not self.is_mark("(", ahead):
            return False
        end, depth = self.at + ahead, 0
        while True:
            token = self.tokens[end]
            depth += (token.value in "([{") - (token.value in ")]}") if token.kind is TokenKind.MARK else 0
            end += 1
            if depth == 0 or token.kind is TokenKind.END:
                break
        marks = [token.value if token.kind is TokenKind.MARK else "" for token in self.tokens[end : end + 3]]
        marks = marks[1:] if marks[:1] == ["<"] else marks
        return marks[:2] in (["-", "["], ["-", "-"])

    def path(self, variable: str | None) -> Path:
        """A path pattern, or shortestPath((a)-[*..n]-(b))."""
        place = self.here
        shortest = place.word in SHORTEST
        if shortest:
            self.step()
            self.need_mark("(")
        nodes, relationships = [self._node()], []
        while self.is_mark("-") or (self.is_mark("<") and self.is_mark("-", 1)):
            relationships.append(self._relationship())
            nodes.append(self._node())
        if shortest:
            self.need_mark(")")
        found = Path(place, variable, tuple(nodes), tuple(relationships))
        self.facts.paths.append(found)
        return found

    def _node(self) -> NodePattern:
        place = self.here
        if place.kind is TokenKind.MARK and place.value in "{+*":
            raise refuse_at("portable", place, "a quantified pattern; write the hops as -[:TYPE*1..3]-")
        self.need_mark("(")
        variable = self.variable() if self._is_name() else None
        labels = self.labels() if self.is_mark(":") else ()
        keys, uses = self._keys(variable)
        self.need_mark(")")
        self.facts.labels += [(variable, token) for token in labels]
        return NodePattern(place, variable, labels, keys, uses)

    def _is_name(self) -> bool:
        return self.here.kind in (TokenKind.NAME, TokenKind.QUOTED_NAME) and self.here.word != "WHERE"

    def _keys(self, variable: str | None) -> tuple[tuple[Token, ...], frozenset[str]]:
        if self.here.kind is TokenKind.PARAMETER:
            raise refuse_at("portable", self.here, "a parameter for all properties; write {name: $name}")
        if self.here.word == "WHERE":
            raise refuse_at("portable", self.here, "WHERE inside a pattern; put it after the pattern")
        if not self.is_mark("{"):
            return (), frozenset()
        keys, uses = self.map_()
        self.facts.properties += [PropertyUse(variable, key) for key in keys]
        return keys, uses

    def labels(self) -> tuple[Token, ...]:
        self.need_mark(":")
        found = [self._label()]
        while self.is_mark("|") or self.is_mark(":") or self.is_mark("&"):
            if not self.take_mark("|"):
                raise refuse_at("portable", self.here, "labels joined by ':' or '&'; every node has one label, use '|'")
            found.append(self._label())
        return tuple(found)

    def _label(self) -> Token:
        if self.here.kind is TokenKind.MARK and self.here.value in "!%($:":
            raise refuse_at("portable", self.here, "only names joined by '|' work on every store; list them")
        return self.name("a label or type")

    def _relationship(self) -> Relationship:
        place = self.here
        left = self.take_mark("<")
        self.need_mark("-")
        found = self._detail(place) if self.take_mark("[") else Relationship(place, None, (), ())
        self.need_mark("-")
        if self.take_mark(">") and left:
            raise refuse_at("syntax", place, "a relationship with two heads; leave both out for either direction")
        self.facts.types += found.types
        return found

    def _detail(self, place: Token) -> Relationship:
        variable = self.variable() if self._is_name() else None
        types = self.labels() if self.is_mark(":") else ()
        several = self.take_mark("*")
        high = self._most_hops() if several else None
        keys, _ = self._keys(variable)
        self.need_mark("]")
        return Relationship(place, variable, types, keys, several, high)

    def _most_hops(self) -> int | None:
        exactly = self._whole_number()
        return self._whole_number() if self.take_mark("..") else exactly

    def _whole_number(self) -> int | None:
        # Six digits are far beyond any bound that is let through, and int() refuses thousands of them.
        return int(self.step().value[:6]) if self.here.kind is TokenKind.INTEGER else None
