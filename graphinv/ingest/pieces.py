"""What every reader hands on: a file in pieces, each with the digest of its bytes, parsed only when it is new."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

#: Line number of the row in its file (the first is 1); in Parquet the row number.
LINE = "line"

#: Raise it when a rule of reading or validation changes, so that old pieces are read again.
RULES = 2

#: Old systems end a text with it; it carries nothing, and is no damage.
_DOS_END = b"\x1a"

BLOCK_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class BrokenLine:
    """A line that is no row: its number, its text, and what is wrong with it."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ParsedPiece:
    """Rows of a piece as text columns beside ``line``, and the lines that are no rows.

    Columns have the names the file gives them, trimmed and in lower case. ``damaged`` counts the places where bytes
    were no UTF-8 text.
    """

    rows: pl.DataFrame
    broken: tuple[BrokenLine, ...] = ()
    damaged: int = 0


@dataclass(frozen=True)
class Piece:
    """A run of whole records of a file, not parsed yet. ``digest`` is that of its bytes and of how they are read."""

    digest: str
    first_line: int
    size: int
    parse: Callable[[], ParsedPiece] = field(repr=False)


def piece_digest(salt: str, content: bytes | memoryview) -> str:
    """Name of a piece: the SHA-256 of the rules, the salt (feed and header) and the bytes."""
    digest = hashlib.sha256(f"{RULES}\n{salt}\n".encode())
    digest.update(content)
    return digest.hexdigest()


def repair_text(content: bytes) -> tuple[bytes, int]:
    """Bytes as valid UTF-8 with LF line ends, and how many places were damaged.

    Bytes that are no text become U+FFFD; NUL and unit separators, which carry no text, are dropped.
    """
    damaged = 0
    content = content.replace(_DOS_END, b"")
    for control in (b"\x00", b"\x1f"):
        if control in content:
            damaged += content.count(control)
            content = content.replace(control, b"")
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        genuine = content.count("\N{REPLACEMENT CHARACTER}".encode())
        text = content.decode("utf-8", errors="replace")
        damaged += text.count("\N{REPLACEMENT CHARACTER}") - genuine
        content = text.encode()
    return content, damaged
