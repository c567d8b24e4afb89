"""Where the records of a CSV text lie, and which of its lines are broken.

No CSV library keeps a broken line apart from its neighbours: an unbalanced quote swallows the lines after it, a short
row is filled up. So the lines that stand for themselves are told apart here, in whole arrays; the few others (quotes
that run over lines, quotes where none should be) are read one by one; and only the plain ones go to the CSV library.

The rules, in the order in which a line meets them:

1. An empty line (or one of nothing but blanks, in a file of several columns) is no record.
2. A field that starts with a quote ends at the next lone quote; doubled quotes stand for one. A quote further inside
   a field is text (``5" PIPE``).
3. A quoted field may run over lines. If its quote never closes, or something else than a comma or the line's end
   follows the closing quote, the line it starts on is broken, that line alone.
4. A record with another number of fields than the header is broken. If it runs over several lines it is broken as a
   whole, unless a line it swallowed is a whole record by itself: then only its first line is.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

NEWLINE, COMMA, QUOTE = 10, 44, 34

#: A quoted field that is still open after so many bytes is an unbalanced quote.
MAX_RECORD_BYTES = 1024 * 1024

UNBALANCED = "unbalanced quote"

_WINDOW_BYTES = 256 * 1024

_MAY_PRECEDE_OPENING = np.zeros(256, dtype=bool)
_MAY_PRECEDE_OPENING[[NEWLINE, COMMA, QUOTE]] = True
_MAY_FOLLOW_CLOSING = _MAY_PRECEDE_OPENING

Lines = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass
class CsvLayout:
    """What lies where in a CSV text. Lines count from 0.

    ``plain`` holds the one-line records whose quotes are in order; ``special`` the fields of the others by line;
    ``broken`` the text and the reason by line. ``used`` is where an unfinished last record starts (else the end).
    """

    plain: bytes
    plain_lines: Lines
    special: dict[int, list[bytes]] = field(default_factory=dict)
    broken: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    used: int = 0
    line_count: int = 0


@dataclass(frozen=True)
class CsvRecord:
    """One record read by itself. ``end`` is just behind its line end; ``fields`` is None if its quotes are broken.

    ``open`` says that the text ended inside its quotes.
    """

    fields: list[bytes] | None
    end: int
    open: bool = False


def read_record(text: bytes, start: int) -> CsvRecord:
    """Read the record that starts at ``start``; the text must end with a line end."""
    limit = min(len(text), start + MAX_RECORD_BYTES)
    fields: list[bytes] = []
    position = start
    while True:
        if text[position] == QUOTE:
            value, position = _quoted_field(text, position + 1, limit)
            if value is None:
                return CsvRecord(None, position, open=position == len(text))
        else:
            comma = text.find(b",", position)
            newline = text.find(b"\n", position)
            stop = newline if comma < 0 or newline < comma else comma
            value, position = text[position:stop], stop
        fields.append(value)
        if text[position] == NEWLINE:
            return CsvRecord(fields, position + 1)
        position += 1


def _quoted_field(text: bytes, position: int, limit: int) -> tuple[bytes | None, int]:
    """Value of a quoted field and the place behind its closing quote; None if it does not close properly."""
    parts: list[bytes] = []
    while True:
        quote = text.find(b'"', position, limit)
        if quote < 0:
            return None, limit
        parts.append(text[position:quote])
        following = text[quote + 1]
        if following != QUOTE:
            return (b"".join(parts) if following in (COMMA, NEWLINE) else None), quote + 1
        parts.append(b'"')
        position = quote + 2


def lay_out(text: bytes, width: int, final: bool) -> CsvLayout:
    """Tell plain, special and broken lines of a text apart.

    Args:
        text: whole lines; the last one ends with a line end.
        width: number of fields of the header.
        final: the file ends here; otherwise a record still open at the end is left for the next text.
    """
    lines, counts = _judge_lines(text)
    plain = ~lines.suspect & ~lines.blank & (counts == width)
    layout = CsvLayout(plain=text, plain_lines=lines.ends, used=len(text), line_count=len(lines.ends))
    if not plain.all():
        _read_others(layout, lines, plain, width, final)
        layout.plain = _join_lines(lines, plain)
    layout.plain_lines = np.flatnonzero(plain)
    return layout


@dataclass(frozen=True)
class _Lines:
    """The lines of a text: where each starts and ends, and whether its quotes are out of order by themselves."""

    text: bytes
    ends: Lines
    suspect: Flags

    @cached_property
    def starts(self) -> Lines:
        return np.concatenate(([0], self.ends[:-1] + 1)) if self.ends.size else self.ends

    @cached_property
    def blank(self) -> Flags:
        return np.equal(self.starts, self.ends)


def _judge_lines(text: bytes) -> tuple[_Lines, Lines]:
    """The lines of a text, and how many fields each has if its quotes are in order.

    Done in windows of whole lines that fit in the processor's cache: several times as fast as in one go.
    """
    ends: list[Lines] = []
    suspects: list[Flags] = []
    counts: list[Lines] = []
    start = 0
    while start < len(text):
        stop = text.rfind(b"\n", start, start + _WINDOW_BYTES) + 1 or text.index(b"\n", start) + 1
        marks = np.frombuffer(text, dtype=np.uint8, count=stop - start, offset=start)
        window_ends = np.flatnonzero(marks == NEWLINE)
        suspect, quotes = _suspect_lines(marks, window_ends)
        ends.append(window_ends + start)
        suspects.append(suspect)
        counts.append(_field_counts(marks, window_ends, quotes))
        start = stop
    if not ends:
        return _Lines(text, np.empty(0, np.int64), np.empty(0, bool)), np.empty(0, np.int64)
    return _Lines(text, np.concatenate(ends), np.concatenate(suspects)), np.concatenate(counts)


def _suspect_lines(marks: npt.NDArray[np.uint8], ends: Lines) -> tuple[Flags, Lines]:
    """Lines whose quotes are not in order by themselves, and the places of the quotes of all other lines."""
    quotes = np.flatnonzero(marks == QUOTE)
    until = np.searchsorted(quotes, ends)
    counts = np.diff(until, prepend=0)
    suspect: Flags = (counts & 1).astype(bool)
    if quotes.size == 0:
        return suspect, quotes
    closing = ((np.arange(len(quotes)) - np.repeat(until - counts, counts)) & 1).astype(bool)
    # The first quote may be the first byte: index -1 is then the text's last byte, a line end, as it should be.
    in_order = np.where(closing, _MAY_FOLLOW_CLOSING[marks[quotes + 1]], _MAY_PRECEDE_OPENING[marks[quotes - 1]])
    if not in_order.all():
        suspect[np.searchsorted(ends, quotes[~in_order])] = True
    return suspect, quotes[~np.repeat(suspect, counts)] if suspect.any() else quotes


def _field_counts(marks: npt.NDArray[np.uint8], ends: Lines, quotes: Lines) -> Lines:
    """Number of fields per line, commas within the given quotes not counted."""
    if quotes.size == 0:
        commas = np.flatnonzero(marks == COMMA)
    else:
        turns = marks == COMMA
        turns[quotes] = True
        places = np.flatnonzero(turns)
        quoted = np.zeros(len(places), dtype=bool)
        quoted[np.searchsorted(places, quotes)] = True
        commas = places[~quoted & (np.cumsum(quoted) & 1 == 0)]
    return np.diff(np.searchsorted(commas, ends), prepend=0) + 1


def _read_others(layout: CsvLayout, lines: _Lines, plain: Flags, width: int, final: bool) -> None:
    """Read the lines that are not plain one by one; a record that runs over lines takes those out of ``plain``."""
    text, starts, ends = lines.text, lines.starts, lines.ends
    following = 0
    for line in np.flatnonzero(~plain & ~lines.blank).tolist():
        if line < following:
            continue
        start, end = int(starts[line]), int(ends[line])
        if not lines.suspect[line]:
            if text[start:end].strip():
                layout.broken[line] = (text[start:end], _wrong_count(text, start, width))
            continue
        record = read_record(text, start)
        if record.open and not final:
            plain[line:] = False
            layout.used, layout.line_count = start, line
            return
        following = line + 1
        if record.fields is None:
            layout.broken[line] = (text[start:end], UNBALANCED)
            continue
        last = int(np.searchsorted(ends, record.end - 1))
        if len(record.fields) == width:
            layout.special[line] = record.fields
        elif any(_is_whole(text, int(at), width) for at in starts[line + 1 : last + 1]):
            layout.broken[line] = (text[start:end], UNBALANCED)
            continue
        else:
            layout.broken[line] = (text[start : record.end - 1], _wrong_count(text, start, width))
        plain[line : last + 1] = False
        following = last + 1


def _is_whole(text: bytes, start: int, width: int) -> bool:
    """Whether a record of the right number of fields starts there."""
    fields = read_record(text, start).fields
    return fields is not None and len(fields) == width


def _wrong_count(text: bytes, start: int, width: int) -> str:
    fields = read_record(text, start).fields or []
    return f"{len(fields)} fields instead of {width}"


def _join_lines(lines: _Lines, keep: Flags) -> bytes:
    """The kept lines, joined; neighbours are copied in one go."""
    turns = np.flatnonzero(np.diff(keep.astype(np.int8), prepend=0, append=0))
    view = memoryview(lines.text)
    first, last = lines.starts[turns[0::2]].tolist(), lines.ends[turns[1::2] - 1].tolist()
    return b"".join(view[start : end + 1] for start, end in zip(first, last, strict=True))
