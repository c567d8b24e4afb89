"""Cypher text as tokens, with their places: what the parser of this package reads.

Stricter than any store on purpose. Where two stores could read one text differently (unicode escapes, quotes escaped
inside a string, odd letters outside strings, unclosed comments) the text is refused, so that what was examined is what
runs. Every refusal is a ``QueryRefused`` that names the rule and the place.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from graphinv.errors import QueryRefused

#: A query is written by a person: one this long is generated, or an attack on the parser.
MAX_CHARACTERS = 20_000
MAX_TOKENS = 3_000
#: Brackets inside brackets.
MAX_DEPTH = 24


class TokenKind(StrEnum):
    """What a token is."""

    NAME = "name"
    QUOTED_NAME = "quoted name"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    PARAMETER = "parameter"
    MARK = "mark"
    END = "end of the query"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: ``value`` is the name, number, mark or parameter name; ``start`` and ``end`` are offsets."""

    kind: TokenKind
    value: str
    start: int
    end: int
    line: int
    column: int

    @property
    def word(self) -> str:
        """Upper case for an unquoted name, else nothing: what keywords are compared with."""
        return self.value.upper() if self.kind is TokenKind.NAME else ""


def refuse(rule: str, line: int, column: int, message: str) -> QueryRefused:
    """The refusal to raise: rule, place, what is wrong and how to write it instead."""
    return QueryRefused(f"line {line}, column {column}: {message} (rule: {rule})")


def refuse_at(rule: str, token: Token, message: str) -> QueryRefused:
    """``refuse`` at the place of a token."""
    return refuse(rule, token.line, token.column, message)


_PIECES = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<quoted>`[^`]*`(?!`))
  | (?P<number>(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_0-9])|\d+[eE][+-]?\d+(?![A-Za-z_0-9]))
  | (?P<integer>\d+(?![A-Za-z_0-9]))
  | (?P<parameter>\$[A-Za-z_][A-Za-z_0-9]*)
  | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
  | (?P<mark>\.\.|<>|<=|>=|=~|\|\||::|[()\[\]{},.:;|=<>+\-*/%^!&])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPES = frozenset("\\ntrbf")
_KINDS = {
    "text": TokenKind.TEXT,
    "quoted": TokenKind.QUOTED_NAME,
    "number": TokenKind.NUMBER,
    "integer": TokenKind.INTEGER,
    "parameter": TokenKind.PARAMETER,
    "name": TokenKind.NAME,
    "mark": TokenKind.MARK,
}
_CLOSES = {")": "(", "]": "[", "}": "{"}


def tokenize(cypher: str) -> tuple[Token, ...]:
    """The tokens of a query, closed by an END token; comments and space are left out.

    Raises QueryRefused when the text is too long, too deep, or holds what two stores might read differently.
    """
    _check_characters(cypher)
    places = _Places(cypher)
    tokens: list[Token] = []
    position = 0
    while position < len(cypher):
        match = _PIECES.match(cypher, position)
        if match is None:
            raise _unreadable(cypher, position, places)
        group = match.lastgroup or ""
        if group in _KINDS:
            tokens.append(_token(group, match, places))
            if len(tokens) > MAX_TOKENS:
                raise refuse_at("size", tokens[-1], f"a query has at most {MAX_TOKENS} words and marks; shorten it")
        position = match.end()
    tokens.append(Token(TokenKind.END, "", len(cypher), len(cypher), *places.of(len(cypher))))
    _check_brackets(tokens)
    return tuple(tokens)


def without_comments(cypher: str) -> str:
    """The same text with comments blanked, places kept: what is sent, so that no store reads a comment as code."""
    pieces: list[str] = []
    position = 0
    while position < len(cypher):
        match = _PIECES.match(cypher, position)
        if match is None:
            return "".join(pieces) + cypher[position:]
        piece = match.group()
        pieces.append(re.sub(r"[^\n]", " ", piece) if match.lastgroup == "comment" else piece)
        position = match.end()
    return "".join(pieces)


class _Places:
    """Line and column (both from 1) of an offset."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._line = 0

    def of(self, offset: int) -> tuple[int, int]:
        if offset < self._starts[self._line]:
            self._line = 0
        while self._line + 1 < len(self._starts) and self._starts[self._line + 1] <= offset:
            self._line += 1
        return self._line + 1, offset - self._starts[self._line] + 1


def _token(group: str, match: re.Match[str], places: _Places) -> Token:
    text = match.group()
    line, column = places.of(match.start())
    if group == "text":
        _check_text(text, line, column)
    if group == "quoted":
        _check_quoted(text[1:-1], line, column)
    value = text[1:-1] if group in ("text", "quoted") else text[1:] if group == "parameter" else text
    return Token(_KINDS[group], value, match.start(), match.end(), line, column)


def _check_characters(cypher: str) -> None:
    if len(cypher) > MAX_CHARACTERS:
        raise refuse("size", 1, 1, f"a query has at most {MAX_CHARACTERS:,} characters, this one has {len(cypher):,}")
    odd = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]", cypher)
    if odd:
        line, column = _Places(cypher).of(odd.start())
        raise refuse("characters", line, column, "a control character; remove it")
    # Neo4j turns \uXXXX into its character before it reads the query, so a quote may hide in one.
    escape = re.search(r"\\[uU]", cypher)
    if escape:
        line, column = _Places(cypher).of(escape.start())
        raise refuse("characters", line, column, "a unicode escape; write the character itself or pass a parameter")


def _check_text(text: str, line: int, column: int) -> None:
    for escape in re.finditer(r"\\(.)", text, re.DOTALL):
        if escape.group(1) not in _ESCAPES:
            raise refuse(
                "characters",
                line,
                column,
                f"the escape \\{escape.group(1)} in a text; write the text in the other quotes or pass a parameter",
            )


def _check_quoted(name: str, line: int, column: int) -> None:
    plain = name.replace(" ", "").replace("_", "").replace("-", "").replace("%", "").replace("/", "")
    if not plain.isalnum() or "//" in name or len(name) > 64:
        raise refuse(
            "names", line, column, "a name in backticks holds letters, digits, spaces, _ - / and %, up to 64; rename it"
        )


def _check_brackets(tokens: list[Token]) -> None:
    open_: list[Token] = []
    for token in tokens:
        if token.kind is not TokenKind.MARK:
            continue
        if token.value in _CLOSES.values():
            open_.append(token)
            if len(open_) > MAX_DEPTH:
                raise refuse_at("depth", token, f"more than {MAX_DEPTH} brackets inside each other; split it by WITH")
        elif token.value in _CLOSES and (not open_ or open_.pop().value != _CLOSES[token.value]):
            raise refuse_at("syntax", token, f"'{token.value}' closes nothing; check the brackets before it")
    if open_:
        raise refuse_at("syntax", open_[-1], f"'{open_[-1].value}' is never closed; close it")


def _unreadable(cypher: str, position: int, places: _Places) -> QueryRefused:
    line, column = places.of(position)
    char = cypher[position]
    if char in "'\"":
        return refuse("syntax", line, column, "a text that never ends; close its quotes")
    if cypher.startswith("/*", position):
        return refuse("syntax", line, column, "a comment that never ends; close it with */")
    if char == "`":
        return refuse("names", line, column, "backticks that never close or are doubled; rename it")
    if char == "$":
        return refuse("portable", line, column, "'$' without a name; labels and types are written out, as :Importer")
    if char.isdigit():
        return refuse("syntax", line, column, "a number that runs into letters; write plain digits, or a space between")
    if ord(char) > 127:
        return refuse("characters", line, column, "a letter outside ASCII; such letters go in texts or parameters")
    return refuse("syntax", line, column, f"'{char}' has no place in a query; remove it")
