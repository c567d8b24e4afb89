"""Localities by columns: ``normalize_locality`` as expressions over the tables that it looks its words up in.

Cities, states and countries are few and go through the scalar functions once each; postal codes, which are many, are
read by expressions. Rows whose city and state stand in each other's fields, or with strange characters in the postal
code, go through ``normalize_locality``.
"""

from functools import cache
from typing import Any

import polars as pl

from graphinv.normalise import localities as scalar
from graphinv.normalise.chinese_places import chinese_city
from graphinv.normalise.column_tools import (
    Schema,
    are_few,
    cleaned,
    is_plain,
    on_unique,
    run_steps,
    scalar_rows,
    with_declined,
)
from graphinv.normalise.localities import normalize_locality
from graphinv.normalise.places import city_key, normalize_country, normalize_state, us_cities, zip_cities

PLACE_FIELDS = ("city", "state", "postal_code", "country")

#: The columns that ``localities`` gives.
PLACE: Schema = {
    "place_key": pl.String, "place_caption": pl.String, "city": pl.String, "state": pl.String,
    "postal_code": pl.String, "country": pl.String, "chinese": pl.Boolean,
}  # fmt: skip
_CITY: Schema = {"city": pl.String, "us_key": pl.String, "foreign_key": pl.String, "city_is_state": pl.Boolean}
_STATE: Schema = {"state": pl.String, "us_state": pl.String, "state_key": pl.String}
_COUNTRY: Schema = {"land": pl.String, "alpha2": pl.String}


def localities(unique: pl.DataFrame) -> pl.DataFrame:
    """The columns of ``PLACE`` for a frame of ``PLACE_FIELDS``; all null where ``normalize_locality`` gives None."""

    def row(*fields: str | None) -> tuple[Any, ...] | None:
        place = normalize_locality(*fields)
        if place is None:
            return None
        return (
            place.key, place.caption or None, place.city, place.state, place.postal_code, place.country,
            place.chinese or None,
        )  # fmt: skip

    if are_few(unique):
        return scalar_rows(unique.select(PLACE_FIELDS), row, PLACE)
    own_zip = pl.col("american") | pl.col("alpha2").is_not_null()
    done = run_steps(
        _with_chinese_cities(_with_us_cities(_with_zip_cities(_fields(unique)))),
        {"postal_code": pl.when(own_zip).then(pl.coalesce("zip5", "postal")).otherwise("postal")},
        {"place_key": pl.when("american").then(_us_key()).otherwise(_foreign_key())},
        {
            "state": pl.when("american").then(pl.coalesce("us_state", "state")).otherwise("state"),
            "country": pl.when("american").then(pl.coalesce("alpha2", pl.lit("US"))).otherwise("alpha2"),
        },
        {"region": _joined(" ", "state", "postal_code").replace("", None)},
        {"place_caption": _joined(", ", "city", "region", "country").replace("", None)},
    )

    return with_declined(done, unique.select(PLACE_FIELDS), row, PLACE)


def _fields(unique: pl.DataFrame) -> pl.DataFrame:
    """What each field says for itself."""

    def city(raw: str | None) -> tuple[Any, ...]:
        city = scalar.trimmed(raw)
        return city, scalar.us_city_key(city), city_key(city, foreign=True), normalize_state(city) is not None

    def state(raw: str | None) -> tuple[Any, ...]:
        state = scalar.trimmed(raw)
        return state, normalize_state(state), city_key(state, foreign=True)

    def country(raw: str | None) -> tuple[Any, ...]:
        land = scalar.trimmed(raw)
        return land, normalize_country(land)

    fields = pl.concat(
        [
            on_unique(unique.select("city"), lambda values: scalar_rows(values, city, _CITY)),
            on_unique(unique.select("state"), lambda values: scalar_rows(values, state, _STATE)),
            on_unique(unique.select("country"), lambda values: scalar_rows(values, country, _COUNTRY)),
            unique.select(
                postal=cleaned("postal_code").str.strip_chars(" ,.;").replace("", None), plain=is_plain("postal_code")
            ),
        ],
        how="horizontal",
    )
    swapped = pl.col("city_is_state") & pl.col("state").is_not_null() & pl.col("us_state").is_null()
    return fields.with_columns(declined=~pl.col("plain") | swapped)


def _with_zip_cities(fields: pl.DataFrame) -> pl.DataFrame:
    """``zip5``, ``zip_city`` and ``zip_state``; whether the place is ``american``."""
    text = pl.col("postal").str.strip_suffix(".0")
    in_zip_country = pl.col("alpha2").is_null() | pl.col("alpha2").is_in(sorted(scalar.ZIP_COUNTRIES))
    read = fields.with_columns(
        full=pl.when(in_zip_country).then(text.str.extract(scalar.ZIP)),
        short=pl.when(in_zip_country).then(text.str.extract(scalar.SHORT_ZIP).str.zfill(5)),
    ).with_columns(zip5=pl.coalesce("full", "short"))
    known = read.join(_zips(), on="zip5", how="left", maintain_order="left")
    padded_well = pl.col("us_state").is_null() | (pl.col("us_state") == pl.col("zip_state"))
    zip5 = pl.coalesce("full", pl.when(pl.col("zip_city").is_not_null() & padded_well).then("short"))
    american = (pl.col("alpha2") == "US").fill_null(
        pl.col("us_state").is_not_null() | (pl.col("zip5").is_not_null() & pl.col("zip_city").is_not_null())
    )
    return run_steps(
        known,
        {"zip5": zip5},
        {name: pl.when(pl.col("zip5").is_not_null()).then(name) for name in ("zip_city", "zip_state")},
        {"american": american, "where": pl.coalesce("us_state", "zip_state")},
    )


def _with_us_cities(fields: pl.DataFrame) -> pl.DataFrame:
    """``in_state``: whether the declared city is one of the state."""
    found = fields.join(
        _cities(), left_on=["us_key", "where"], right_on=["key", "state"], how="left", maintain_order="left"
    )
    return found.with_columns(pl.col("in_state").fill_null(False))


def _with_chinese_cities(fields: pl.DataFrame) -> pl.DataFrame:
    """``chinese_key``: the city of China that city and state name; whether the place is ``chinese`` (or null)."""
    asked = ~pl.col("american") & (pl.col("alpha2").is_null() | (pl.col("alpha2") == "CN"))
    in_china = (pl.col("alpha2") == "CN").fill_null(False)

    def row(city: str | None, state: str | None, in_china: bool | None) -> tuple[str | None]:
        return (chinese_city(city, state, in_china=bool(in_china)),)

    found = on_unique(
        fields.select(pl.when(asked).then(name) for name in ("city", "state", in_china.alias("in_china"))),
        lambda names: scalar_rows(names, row, {"chinese_key": pl.String}),
    )
    chinese = pl.when(in_china | pl.col("chinese_key").is_not_null()).then(True)
    return fields.hstack(found).with_columns(chinese=chinese)


def _us_key() -> pl.Expr:
    """``localities.us_key`` as an expression."""
    where, lower = pl.col("where"), pl.col("where").str.to_lowercase()
    by_zip = pl.concat_str("zip_city", pl.lit(" "), pl.col("zip_state").str.to_lowercase())
    declared = pl.coalesce("us_key", "zip5")
    return (
        pl.when("in_state")
        .then(pl.concat_str("us_key", pl.lit(" "), lower))
        .when(pl.col("zip_city").is_not_null() & (where == pl.col("zip_state")))
        .then(by_zip)
        .when(declared.is_not_null())
        .then(pl.concat_str(declared, lower, separator=" ", ignore_nulls=True))
    )


def _foreign_key() -> pl.Expr:
    """``localities.foreign_key`` as an expression."""
    alone = pl.col("alpha2").replace_strict(scalar.CITY_STATES, default=None, return_dtype=pl.String)
    postal = pl.col("postal_code").str.to_lowercase().str.replace_all(" ", "", literal=True)
    return pl.coalesce(alone, "chinese_key", "foreign_key", postal, "state_key")


def _joined(separator: str, *names: str) -> pl.Expr:
    return pl.concat_str(names, separator=separator, ignore_nulls=True)


@cache
def _zips() -> pl.DataFrame:
    rows = [(zip5, *place) for zip5, place in zip_cities().items()]
    return pl.DataFrame(rows, schema=["zip5", "zip_city", "zip_state"], orient="row")


@cache
def _cities() -> pl.DataFrame:
    return pl.DataFrame(sorted(us_cities()), schema=["key", "state"], orient="row").with_columns(in_state=True)
