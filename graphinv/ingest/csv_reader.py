"""CSV files in pieces: UTF-8 with a header, comma-separated, quoted as in RFC 4180, dirty as real ones are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from graphinv.errors import FeedError
from graphinv.ingest.csv_records import CsvLayout, lay_out, read_record
from graphinv.ingest.pieces import BLOCK_BYTES, LINE, BrokenLine, ParsedPiece, Piece, piece_digest, repair_text

_BOM = b"\xef\xbb\xbf"
#: A "line" longer than this is no line of a CSV file.
_MAX_LINE_BYTES = 8 * BLOCK_BYTES


@dataclass(frozen=True)
class CsvHeader:
    """Column names of a file, trimmed and in lower case, and how many lines and bytes the header takes."""

    names: tuple[str, ...]
    lines: int
    size: int


def read_header(stream: BinaryIO) -> CsvHeader | None:
    """The header at the start of the stream, or None if there is nothing but blank lines. The stream moves on."""
    start = stream.read(BLOCK_BYTES // 32)
    text = start.removeprefix(_BOM)
    skipped = len(text) - len(text.lstrip(b"\r\n"))
    body = text[skipped:]
    if not body.strip():
        return None
    line = (body if body.endswith(b"\n") else body + b"\n").replace(b"\r\n", b"\n")
    clean, _ = repair_text(line)
    record = read_record(clean, 0)
    fields = record.fields if record.fields is not None else clean[: clean.index(b"\n")].split(b",")
    header_end = _line_end(body, clean.count(b"\n", 0, record.end) if record.fields is not None else 1)
    names = tuple(name.decode().strip().lower() for name in fields)
    consumed = len(start) - len(text) + skipped + header_end
    return CsvHeader(names, lines=start[:consumed].count(b"\n") or 1, size=consumed)


def headerless(stream: BinaryIO, columns: tuple[str, ...]) -> CsvHeader | None:
    """The header that a file without one lacks; None if there is nothing but blank lines."""
    start = stream.read(BLOCK_BYTES // 32)
    if not start.removeprefix(_BOM).strip():
        return None
    return CsvHeader(columns, lines=0, size=len(_BOM) if start.startswith(_BOM) else 0)


def _line_end(body: bytes, lines: int) -> int:
    """Where the first so many lines of the text end."""
    position = 0
    for _ in range(lines):
        found = body.find(b"\n", position)
        if found < 0:
            return len(body)
        position = found + 1
    return position


def read_csv(stream: BinaryIO, header: CsvHeader, salt: str, block_bytes: int = BLOCK_BYTES) -> Iterator[Piece]:
    """Pieces of a CSV stream that stands at its beginning, after the header.

    Raises:
        FeedError: a line without an end in sight: no CSV file.
    """
    skip = header.size
    while skip:
        skip -= len(stream.read(min(skip, block_bytes)))
    line = header.lines + 1
    rest = b""
    salt = f"{salt}\n{header.names}"
    while True:
        block = stream.read(block_bytes)
        final = not block
        text = rest + block
        if final and text and not text.endswith(b"\n"):
            text += b"\n"
        cut = text.rfind(b"\n") + 1
        if not cut and final:
            return
        if not cut and len(text) > _MAX_LINE_BYTES:
            raise FeedError(f"line {line} does not end within {len(text):,} bytes; is this a CSV file?")
        used, damaged = repair_text(text[:cut])
        layout = lay_out(used, len(header.names), final)
        if layout.used < len(used):
            # The unfinished record is left as it came: repairing its line ends twice would change them twice.
            cut = _line_end(text, layout.line_count)
            used, damaged = repair_text(text[:cut])
        rest = text[cut:]
        if used:
            yield _piece(layout, used, header, line, damaged, salt)
        line += layout.line_count


def _piece(layout: CsvLayout, used: bytes, header: CsvHeader, line: int, damaged: int, salt: str) -> Piece:
    def parse() -> ParsedPiece:
        broken = tuple(
            BrokenLine(line + at, text.decode(), reason) for at, (text, reason) in sorted(layout.broken.items())
        )
        return ParsedPiece(_rows(layout, header, line), broken, damaged)

    return Piece(piece_digest(salt, used), line, len(used), parse)


def _rows(layout: CsvLayout, header: CsvHeader, line: int) -> pl.DataFrame:
    """All good records as text columns; of two columns with one name the first counts."""
    names = [str(at) for at in range(len(header.names))]
    plain = _read_plain(layout.plain, names)
    if plain.height != len(layout.plain_lines):
        raise FeedError(f"from line {line}: {len(layout.plain_lines)} lines were read as {plain.height} rows")
    frame = plain.with_columns(pl.Series(LINE, layout.plain_lines, dtype=pl.Int64) + line)
    if layout.special:
        columns = {
            name: [fields[at].decode() or None for fields in layout.special.values()] for at, name in enumerate(names)
        }
        special = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
        frame = pl.concat(
            [frame, special.with_columns(pl.Series(LINE, list(layout.special), dtype=pl.Int64) + line)],
            rechunk=False,
        )
    first = {name: str(header.names.index(name)) for name in header.names if name and name != LINE}
    return frame.select(LINE, *(pl.col(at).alias(name) for name, at in first.items()))


def _read_plain(text: bytes, names: list[str]) -> pl.DataFrame:
    schema = dict.fromkeys(names, pl.String)
    if not text:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(text, has_header=False, schema=schema, raise_if_empty=False)
