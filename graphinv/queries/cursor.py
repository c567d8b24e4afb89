"""A cursor over the tokens of a query, and the words that are no names."""

from graphinv.errors import QueryRefused
from graphinv.queries.tokens import Token, TokenKind, refuse_at


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


#: Words that are no variable here, though Cypher lets some be one: stores need not agree where a clause begins.
RESERVED = words(
    """
    ALL AND ANY AS ASC ASCENDING BY CALL CASE COLLECT CONTAINS CREATE CSV DELETE DESC DESCENDING DETACH DISTINCT DROP
    ELSE END ENDS EXISTS EXPLAIN FALSE FILTER FINISH FOREACH FROM IN INSERT IS LET LIMIT LOAD MATCH MERGE NEXT NODETACH
    NONE NOT NULL OFFSET ON OPTIONAL OR ORDER PROFILE REMOVE RETURN SET SHOW SINGLE SKIP STARTS TERMINATE THEN TRUE
    UNION UNWIND USE USING WHEN WHERE WITH XOR YIELD
    """
)


class Cursor:
    """Where the reader stands, what follows, and what a syntax error says."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def step(self) -> Token:
        token = self.here
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def is_mark(self, value: str, ahead: int = 0) -> bool:
        token = self.ahead(ahead)
        return token.kind is TokenKind.MARK and token.value == value

    def take_mark(self, value: str) -> bool:
        return bool(self.is_mark(value) and self.step())

    def take_word(self, *words: str) -> bool:
        """Step over these words when they all follow."""
        if any(self.ahead(i).word != word for i, word in enumerate(words)):
            return False
        self.at += len(words)
        return True

    def need_mark(self, value: str) -> Token:
        if not self.is_mark(value):
            raise self.unexpected(f"'{value}'")
        return self.step()

    def unexpected(self, wanted: str) -> QueryRefused:
        shown = self.here.value if self.here.kind is not TokenKind.TEXT else "a text"
        found = f"'{shown[:40]}'" if shown else "the end"
        return refuse_at("syntax", self.here, f"found {found} where {wanted} should stand")

    def name(self, what: str) -> Token:
        """A variable, label, type, property or alias."""
        if self.here.kind not in (TokenKind.NAME, TokenKind.QUOTED_NAME):
            raise self.unexpected(what)
        return self.step()

    def variable(self) -> str:
        if self.here.word in RESERVED:
            raise refuse_at("names", self.here, f"{self.here.word} is a word of Cypher; use another name")
        return self.name("a variable").value
