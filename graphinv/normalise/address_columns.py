"""Addresses by columns: what ``columns.address_columns`` runs on unique rows.

Streets of the regular form are split by expressions made from the patterns and tables of ``streets``; the rest goes
through ``normalize_address``, row by row.
"""

from typing import Any

import polars as pl

from graphinv.normalise import streets
from graphinv.normalise.address_words import STREET_WORDS
from graphinv.normalise.addresses import Address, normalize_address, parse_address
from graphinv.normalise.column_tools import (
    Schema,
    are_few,
    cleaned,
    is_plain,
    mapped,
    on_unique,
    padded,
    rewrite_expr,
    run_steps,
    scalar_rows,
    unpadded,
    with_declined,
)
from graphinv.normalise.locality_columns import PLACE_FIELDS, localities

ADDRESS_FIELDS = ("line1", "line2", "city", "state", "postal_code", "country")

_ADDRESS: Schema = {
    "address_caption": pl.String, "building_key": pl.String, "unit_key": pl.String, "mail_drop": pl.Boolean,
    "city": pl.String, "state": pl.String, "postal_code": pl.String, "country": pl.String,
}  # fmt: skip
#: A Chinese street whose name may stand in syllables ("12 tian he rd").
_PERHAPS_SPLIT = "[a-z] [a-z]+ [a-z]"


def addresses(unique: pl.DataFrame) -> pl.DataFrame:
    """The columns of ``columns.address_columns`` for a frame of ``ADDRESS_FIELDS``."""

    def row(*fields: str | None) -> tuple[Any, ...] | None:
        return _address_row(normalize_address(*fields))

    if are_few(unique):
        return scalar_rows(unique, row, _ADDRESS)
    lines = on_unique(unique.select("line1", "line2"), _street_lines)
    done = run_steps(
        lines.hstack(on_unique(unique.select(PLACE_FIELDS), localities)),
        {
            "placed": pl.any_horizontal(pl.col("city", "state", "postal_code").is_not_null()),
            "building_key": pl.concat_str("building", pl.lit("|"), "place_key"),
            "split_name": pl.col("chinese") & pl.col("building").str.contains(_PERHAPS_SPLIT),
            "address_caption": pl.concat_str("lines", pl.lit(", "), "place_caption"),
        },
        {"declined": ~(pl.col("regular") & pl.col("placed")) | pl.col("split_name").fill_null(False)},
    )

    return with_declined(done, unique, row, _ADDRESS)


def text_addresses(unique: pl.DataFrame) -> pl.DataFrame:
    """The columns of ``columns.text_address_columns`` for a frame of one column."""

    def row(text: str | None) -> tuple[Any, ...] | None:
        return _address_row(parse_address(text))

    return scalar_rows(unique, row, _ADDRESS)


def _address_row(address: Address | None) -> tuple[Any, ...] | None:
    if address is None:
        return None
    return (
        address.caption, address.building_key, address.unit_key, address.mail_drop, address.city, address.state,
        address.postal_code, address.country,
    )  # fmt: skip


def _street_lines(unique: pl.DataFrame) -> pl.DataFrame:
    """Both street lines as one caption, split where they are ``regular``."""
    parts = [pl.col(name).str.strip_chars(" ,").replace("", None) for name in ("one", "two")]
    groups = pl.col("line").str.extract_groups(streets.REGULAR).struct.rename_fields(
        ["house", "street", "unit", "mailbox", "tail"]
    )  # fmt: skip
    street, unit = pl.col("street"), pl.coalesce("unit", "mailbox")
    regular = (
        pl.col("plain") & ~street.str.contains(streets.IRREGULAR) & ~pl.col("tail").str.contains(streets.IRREGULAR_TAIL)
    )
    mark = pl.col("unit").str.contains(streets.FORWARDER_MARK)
    return run_steps(
        unique,
        {"one": cleaned("line1"), "two": cleaned("line2"), "plain": is_plain("line1") & is_plain("line2")},
        {"lines": pl.concat_str(parts, separator=", ", ignore_nulls=True)},
        {"line": rewrite_expr(pl.col("lines").str.to_lowercase(), streets.LINE_RULES)},
        {"groups": groups},
        {name: pl.col("groups").struct.field(name) for name in ("house", "street", "unit", "mailbox", "tail")},
        {
            "building": pl.concat_str(
                _no_zeros(pl.col("house")), pl.lit(" "), unpadded(mapped(padded(street), STREET_WORDS))
            ),
            "unit_key": _no_zeros(unit.str.replace_all("-", "", literal=True)),
            "mail_drop": pl.col("mailbox").is_not_null() | mark.fill_null(False),
            "regular": regular.fill_null(False),
        },
    ).select("lines", "building", "unit_key", "mail_drop", "regular")


def _no_zeros(number: pl.Expr) -> pl.Expr:
    return number.str.strip_chars_start("0").replace("", "0")
