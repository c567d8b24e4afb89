"""JSON Lines in pieces: one object a line."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson
import polars as pl

from graphinv.errors import FeedError
from graphinv.ingest.pieces import BLOCK_BYTES, LINE, BrokenLine, ParsedPiece, Piece, piece_digest, repair_text

_BOM = b"\xef\xbb\xbf"
_MAX_LINE_BYTES = 8 * BLOCK_BYTES
_UNTEXT = str.maketrans("", "", "\x00\x1f")


def read_json_lines(stream: BinaryIO, salt: str, block_bytes: int = BLOCK_BYTES) -> Iterator[Piece]:
    """Pieces of a JSON Lines stream.

    Raises:
        FeedError: a line without an end in sight: no JSON Lines.
    """
    line = 1
    rest = b""
    while True:
        block = stream.read(block_bytes)
        if line == 1 and not rest:
            block = block.removeprefix(_BOM)
        text = rest + block
        if not block and text and not text.endswith(b"\n"):
            text += b"\n"
        cut = text.rfind(b"\n") + 1
        if not cut and not block:
            return
        if not cut and len(text) > _MAX_LINE_BYTES:
            raise FeedError(f"line {line} does not end within {len(text):,} bytes; is this JSON Lines?")
        used, rest = text[:cut], text[cut:]
        if used:
            yield _piece(used, line, salt)
        line += used.count(b"\n")


def _piece(used: bytes, line: int, salt: str) -> Piece:
    return Piece(piece_digest(salt, used), line, len(used), lambda: _parse(used, line))


def _parse(used: bytes, first_line: int) -> ParsedPiece:
    clean, damaged = repair_text(used)
    lines: list[int] = []
    rows: list[dict[str, Any]] = []
    broken: list[BrokenLine] = []
    for number, text in enumerate(clean.split(b"\n"), first_line):
        if not text.strip():
            continue
        try:
            row = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            broken.append(BrokenLine(number, text.decode(), f"no JSON: {error.msg}"))
            continue
        if isinstance(row, dict):
            lines.append(number)
            rows.append(row)
        else:
            broken.append(BrokenLine(number, text.decode(), "no JSON object"))
    return ParsedPiece(_frame(lines, rows, escapes=b"\\u00" in clean), tuple(broken), damaged)


def _frame(lines: list[int], rows: list[dict[str, Any]], escapes: bool) -> pl.DataFrame:
    """The objects as text columns; a name counts once, however its case is written.

    ``escapes``: control characters may be hidden in escapes, so every value is looked through.
    """
    spelt: dict[str, Any] = {}
    for row in rows:
        spelt.update(row)
    columns: dict[str, pl.Series] = {}
    for key in spelt:
        name = key.strip().lower()
        if name and name != LINE:
            column = _column(name, [row.get(key) for row in rows], escapes)
            columns[name] = columns[name].fill_null(column) if name in columns else column
    return pl.DataFrame([*columns.values(), pl.Series(LINE, lines, dtype=pl.Int64)])


def _column(name: str, values: list[Any], escapes: bool) -> pl.Series:
    if not escapes:
        try:
            return pl.Series(name, values, dtype=pl.String, strict=True)
        except TypeError:
            pass  # some values are no text
    return pl.Series(name, [json_text(value) for value in values], dtype=pl.String)


def json_text(value: Any) -> str | None:
    """A JSON value as the text a CSV cell would hold: lists of plain values with semicolons, objects as JSON."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.translate(_UNTEXT)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        return ";".join(text for item in value if (text := json_text(item)) is not None)
    return orjson.dumps(value).decode()


def number_text(value: float) -> str:
    """A number as short text: whole numbers without a decimal point."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
