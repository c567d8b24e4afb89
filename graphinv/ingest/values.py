"""Dates and numbers as feeds write them, read in whole columns. What is none becomes null, never an error."""

import polars as pl

MOMENT = pl.Datetime("us", "UTC")

_ISO = (
    r"^([0-9]{4})-?([0-9]{2})-?([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"[ ]?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$"
)
_BARE_DAY = r"^[0-9]{4}-?[0-9]{2}-?[0-9]{2}$"
#: The spellings nearly all rows have, read in one step. The shape is checked too: the format alone takes "2024-6-5".
_COMMON = (
    ("%Y-%m-%dT%H:%M:%SZ", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z$"),
    ("%Y-%m-%d", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
)
_GROUPED_NUMBER = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"


def is_bare_day(text: pl.Expr) -> pl.Expr:
    """Whether the (trimmed) text is a day without a time."""
    return text.str.contains(_BARE_DAY)


def read_times(text: pl.Series) -> pl.Series:
    """ISO 8601 days and timestamps as UTC moments; without a zone UTC, a bare day its start; else null.

    A space may stand for the T, days and times may be written without separators. Text must be trimmed.
    """
    found = pl.Series(text.name, [None], dtype=MOMENT).new_from_index(0, len(text))
    if text.null_count() == len(text):
        return found
    for form, shape in _COMMON:
        shaped = text.set(~text.str.contains(shape), None)
        moments = shaped.str.strptime(pl.Datetime("us"), form, strict=False)
        found = found.fill_null(moments.dt.replace_time_zone("UTC"))
        if found.null_count() == text.null_count():
            return found
    return _fill_from_unread(found, text, _read_iso(pl.col("text")))


def _read_iso(text: pl.Expr) -> pl.Expr:
    """The slow, complete way: ISO 8601 taken apart by a regular expression."""
    part = [text.str.extract(_ISO, group) for group in range(1, 9)]
    year, month, day, hour, minute, second, fraction, zone = part
    plain = pl.format(
        "{}-{}-{}T{}:{}:{}.{}",
        year,
        month,
        day,
        hour.fill_null("00"),
        minute.fill_null("00"),
        second.fill_null("00"),
        fraction.fill_null("0").str.pad_end(6, "0").str.slice(0, 6),
    )
    moment = plain.str.strptime(pl.Datetime("us"), "%Y-%m-%dT%H:%M:%S%.6f", strict=False)
    digits = zone.str.replace_all(r"[^0-9]", "").str.pad_end(4, "0")
    minutes = digits.str.slice(0, 2).cast(pl.Int64, strict=False) * 60 + digits.str.slice(2, 2).cast(
        pl.Int64, strict=False
    )
    offset = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes).fill_null(0)
    valid = (
        (minutes.is_null() | (minutes < 24 * 60))
        & (hour.is_null() | (hour < "24"))
        & (second.is_null() | (second < "60"))
    )
    return pl.when(valid).then((moment - pl.duration(minutes=offset)).dt.replace_time_zone("UTC"))


def read_numbers(text: pl.Series) -> pl.Series:
    """Decimal numbers, with or without thousands commas, as Float64; else null. Text must be trimmed."""
    found = text.cast(pl.Float64, strict=False)
    found = found.set(~found.is_finite(), None)
    if found.null_count() == text.null_count():
        return found
    return _fill_from_unread(found, text, _read_decorated(pl.col("text")))


def _read_decorated(text: pl.Expr) -> pl.Expr:
    """Numbers that a plain cast does not read: a typographic minus, thousands commas."""
    plain = text.str.replace("\N{MINUS SIGN}", "-", literal=True)
    digits = pl.when(plain.str.contains(_GROUPED_NUMBER)).then(plain.str.replace_all(",", "", literal=True))
    value = digits.otherwise(plain).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def _fill_from_unread(found: pl.Series, text: pl.Series, reader: pl.Expr) -> pl.Series:
    """Fill what is not read yet by a slower reader, each distinct text once."""
    left = text.filter(found.is_null() & text.is_not_null()).unique()
    table = pl.DataFrame({"text": left}).with_columns(read=reader)
    rest = pl.DataFrame({"text": text}).join(table, on="text", how="left", maintain_order="left")["read"]
    return found.fill_null(rest).alias(text.name)
