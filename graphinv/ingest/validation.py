"""Rows of a piece become accepted rows in the record store's columns, or refused ones with their reason."""

from dataclasses import dataclass
from functools import cache

import orjson
import polars as pl

from graphinv.ingest.accounting import MOST_REFUSED, Accounting, FeedCounts, FeedWarning, RefusedRow, RowWarning
from graphinv.ingest.contents import content_digests
from graphinv.ingest.pieces import LINE, ParsedPiece
from graphinv.ingest.privacy import hash_numbers, mask_numbers, mask_raw, mask_told
from graphinv.ingest.unusable import unusable_values
from graphinv.ingest.values import MOMENT, is_bare_day, read_numbers, read_times
from graphinv.records import (
    KNOWN_AT,
    NUMBER_SUFFIX,
    TIME_SUFFIX,
    UNDATED,
    BareDay,
    Column,
    Feed,
    ValueKind,
)

#: The ``known_at`` cell as its row wrote it; ``known_at`` itself is the moment the fact counts as known.
KNOWN_AT_TEXT = "known_at_text"

#: Columns of refused rows. ``row`` holds the cells as JSON, ``text`` the line itself where it is no row.
REFUSED_SCHEMA = {
    LINE: pl.Int64,
    "field": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "row": pl.String,
    "text": pl.String,
}

_MISSING = "required, but missing or blank"
_END_OF_DAY = pl.duration(days=1) - pl.duration(microseconds=1)
#: Columns an export of the quarantine adds; they are no news when it comes back mended.
EXPORT_PREFIX = "quarantine_"


@dataclass(frozen=True)
class CheckedPiece:
    """Accepted rows as the record store keeps them (duplicates still among them), refused rows, and warnings.
    ``file`` is where they are, if that was told."""

    accepted: pl.DataFrame
    refused: pl.DataFrame
    warnings: tuple[RowWarning, ...]
    file: str = ""

    def accounted(self, feed: str, file: str) -> Accounting:
        """What was found of the rows, before anybody asked which are duplicates."""
        refused = self.refused.height
        return Accounting(
            {feed: FeedCounts(self.read, self.read - refused, 0, refused)},
            tuple(FeedWarning(feed, file, one.column, one.reason, one.count) for one in self.warnings),
            self.first_refused(feed, file),
        )

    def first_refused(self, feed: str, file: str) -> tuple[RefusedRow, ...]:
        """The first refused rows in the order of the file, so many as an accounting tells."""
        if self.refused.is_empty():
            return ()
        told = self.refused.sort(LINE, maintain_order=True).head(MOST_REFUSED)
        rows = told.select(LINE, pl.col("field").fill_null(""), mask_told(pl.col("value")), "reason")
        return tuple(RefusedRow(feed, file, *row) for row in rows.iter_rows())

    @property
    def lacks(self) -> str | None:
        """The required field that no row has; None where one has all of them or a row is refused for something else."""
        named = self.refused.filter(reason=_MISSING)["field"]
        missing = len(named) == self.refused.height > 0 and not self.accepted.height and named.n_unique() == 1
        return str(named[0]) if missing else None

    @property
    def read(self) -> int:
        """How many rows the piece had."""
        return self.accepted.height + self.refused.height


def stored_schema(feed: Feed) -> dict[str, pl.DataType]:
    """Columns of the record store for a feed, in order."""
    text = {column.name: pl.String() for column in feed.columns}
    times = {column.name + TIME_SUFFIX: MOMENT for column in feed.of_kind(ValueKind.TIME)}
    numbers = {column.name + NUMBER_SUFFIX: pl.Float64() for column in feed.of_kind(ValueKind.NUMBER)}
    first = {"record_id": pl.String(), "content": pl.String(), KNOWN_AT: MOMENT}
    return {**first, **text, KNOWN_AT_TEXT: pl.String(), **times, **numbers}


def check_piece(piece: ParsedPiece, feed: Feed, hash_key: bytes) -> CheckedPiece:
    """Apply the feed's rules to every row of a piece."""
    raw = _declared_columns(piece.rows, feed, hash_key)
    trimmed = raw.select(pl.col(pl.String).str.strip_chars().replace("", None))
    typed = _typed_columns(trimmed, feed)
    faults, first_fault = _rules(feed)
    fault = typed.select(first_fault).to_series()
    good = fault.is_null()
    stored = _stored(trimmed, typed, feed)
    if not good.all():
        stored, typed = stored.filter(good), typed.filter(good)
    return CheckedPiece(
        accepted=stored,
        refused=pl.concat([_refused(raw, fault, faults), _broken(piece)]),
        warnings=(
            *_dirty_values(typed, feed),
            *unusable_values(typed, feed),
            *_kept_out(piece.rows, feed),
            *_damaged(piece),
        ),
    )


def _declared_columns(rows: pl.DataFrame, feed: Feed, hash_key: bytes) -> pl.DataFrame:
    """The feed's columns in order, missing ones null, social security numbers hashed."""
    present = set(rows.columns)
    frame = rows.select(
        LINE,
        *(
            pl.col(column.name) if column.name in present else pl.lit(None, pl.String).alias(column.name)
            for column in feed.all_columns
        ),
    )
    numbers = [column.name for column in feed.of_kind(ValueKind.IDENTITY_NUMBER)]
    names = [name for name in feed.names if name == "dba" or name.endswith("name")]
    return frame.with_columns(
        *(hash_numbers(frame[name], hash_key) for name in numbers), *(mask_numbers(pl.col(name)) for name in names)
    )


def _typed_columns(trimmed: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """Trimmed text with the moments and numbers read beside it."""
    times = [
        read_times(trimmed[column.name]).alias(column.name + TIME_SUFFIX)
        for column in feed.all_columns
        if column.kind is ValueKind.TIME
    ]
    numbers = [
        read_numbers(trimmed[column.name]).alias(column.name + NUMBER_SUFFIX)
        for column in feed.of_kind(ValueKind.NUMBER)
    ]
    return trimmed.with_columns(*times, *numbers)


@dataclass(frozen=True)
class _Fault:
    field: str
    reason: str
    applies: pl.Expr


@cache
def _rules(feed: Feed) -> tuple[list[_Fault], pl.Expr]:
    """What rows of a feed are refused for, and the number of the first of it; kept, since arrivals come one by one."""
    faults = _faults(feed)
    return faults, _first_fault(faults)


def _faults(feed: Feed) -> list[_Fault]:
    """What a row is refused for, in the order in which it is told."""
    missing = [_Fault(name, _MISSING, pl.col(name).is_null()) for name in feed.required]
    others = [fault for column in feed.columns if (fault := _value_fault(column)) is not None]
    return [*missing, *others]


def _value_fault(column: Column) -> _Fault | None:
    value = pl.col(column.name)
    if column.kind is ValueKind.TIME and column.required:
        unread = value.is_not_null() & pl.col(column.name + TIME_SUFFIX).is_null()
        return _Fault(column.name, "no ISO 8601 day or timestamp", unread)
    if column.kind is ValueKind.NUMBER:
        return _Fault(column.name, "negative", pl.col(column.name + NUMBER_SUFFIX) < 0)
    if column.kind is ValueKind.CODE:
        outside = value.is_not_null() & ~value.str.to_lowercase().is_in(list(column.codes))
        return _Fault(column.name, f"none of {', '.join(column.codes)}", outside)
    return None


def _first_fault(faults: list[_Fault]) -> pl.Expr:
    """Number of the first fault of a row, null for a good one."""
    return pl.coalesce(pl.when(fault.applies).then(pl.lit(at, pl.Int32)) for at, fault in enumerate(faults))


def _refused(raw: pl.DataFrame, fault: pl.Series, faults: list[_Fault]) -> pl.DataFrame:
    """The refused rows with their cells; social security numbers within them masked."""
    if fault.null_count() == len(fault):
        return pl.DataFrame(schema=REFUSED_SCHEMA)
    rows = raw.filter(fault.is_not_null()).with_columns(mask_numbers(pl.col(pl.String)))
    of_row = [faults[at] for at in fault.drop_nulls()]
    cells = rows.drop(LINE).to_dicts()
    return pl.DataFrame(
        {
            LINE: rows[LINE],
            "field": [one.field for one in of_row],
            "value": [row[one.field] for row, one in zip(cells, of_row, strict=True)],
            "reason": [one.reason for one in of_row],
            "row": [orjson.dumps({k: v for k, v in row.items() if v is not None}).decode() for row in cells],
            "text": None,
        },
        schema=REFUSED_SCHEMA,
    )


def _broken(piece: ParsedPiece) -> pl.DataFrame:
    """Lines that are no rows, masked."""
    if not piece.broken:
        return pl.DataFrame(schema=REFUSED_SCHEMA)
    lines = pl.DataFrame(
        {
            LINE: [one.line for one in piece.broken],
            "field": None,
            "value": None,
            "reason": [f"broken line: {one.reason}" for one in piece.broken],
            "row": None,
            "text": [one.text for one in piece.broken],
        },
        schema=REFUSED_SCHEMA,
    )
    return lines.with_columns(mask_raw(pl.col("text")))


def _stored(trimmed: pl.DataFrame, typed: pl.DataFrame, feed: Feed) -> pl.DataFrame:
    """Rows in the record store's columns. Equal content is equal in every stored cell, whichever row came first."""
    order = [KNOWN_AT, *feed.names]
    known = typed.select(_known_at(feed)).to_series()
    record_id = pl.concat_str(pl.lit(feed.name + ":"), pl.concat_str(*feed.key, separator="/"))
    return (
        trimmed.rename({KNOWN_AT: KNOWN_AT_TEXT})
        .with_columns(
            *typed.select(name for name in stored_schema(feed) if name.endswith((TIME_SUFFIX, NUMBER_SUFFIX))),
            content_digests(trimmed.select(order)),
            known.alias(KNOWN_AT),
            trimmed.select(record_id.alias("record_id")).to_series(),
        )
        .select(*stored_schema(feed))
    )


def _known_at(feed: Feed) -> pl.Expr:
    """The row's own ``known_at`` or else its event; a bare day counts from the end of the day the feed says."""

    def moment(name: str) -> pl.Expr:
        start = pl.col(name + TIME_SUFFIX)
        if feed.bare_day is BareDay.START:
            return start
        return pl.when(is_bare_day(pl.col(name))).then(start + _END_OF_DAY).otherwise(start)

    return pl.coalesce(moment(KNOWN_AT), moment(feed.event), pl.lit(UNDATED, MOMENT))


def _dirty_values(typed: pl.DataFrame, feed: Feed) -> list[RowWarning]:
    """Optional dates and numbers that none can read, and rows without any date."""
    readers = {ValueKind.TIME: (TIME_SUFFIX, "unreadable date"), ValueKind.NUMBER: (NUMBER_SUFFIX, "unreadable number")}
    checks = {
        (column.name, readers[column.kind][1]): pl.col(column.name).is_not_null()
        & pl.col(column.name + readers[column.kind][0]).is_null()
        for column in feed.all_columns
        if column.kind in readers
    }
    undated = pl.col(KNOWN_AT + TIME_SUFFIX).is_null() & pl.col(feed.event + TIME_SUFFIX).is_null()
    checks[feed.event, "no date: counts as always known"] = undated
    counts = typed.select(check.sum().alias(str(at)) for at, check in enumerate(checks.values())).row(0)
    return [RowWarning(*key, count) for key, count in zip(checks, counts, strict=True) if count]


def _kept_out(rows: pl.DataFrame, feed: Feed) -> list[RowWarning]:
    known = {LINE, *(column.name for column in feed.all_columns)}
    extra = [name for name in rows.columns if name not in known and not name.startswith(EXPORT_PREFIX)]
    return [RowWarning(name, "unknown column, kept out", rows.height) for name in extra if rows.height]


def _damaged(piece: ParsedPiece) -> list[RowWarning]:
    return [RowWarning("", "bytes that are no UTF-8 text", piece.damaged)] if piece.damaged else []
