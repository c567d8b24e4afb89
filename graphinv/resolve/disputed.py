"""Is an importer number used by somebody else? Where a shipment's contacts contradict the registered ones.

Thieves take the number and often the name with it, but goods, calls and mail must reach them: so the contacts decide
and an equal name proves nothing. What honest filings do is no contradiction: typos, swapped columns, a trade name, an
officer's name, a cut name, goods sent to a mail drop or to a forwarder's address that many others use.
"""

from collections.abc import Callable

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from graphinv.resolve.numbering import number_of, once_a_row

#: Token-set likeness (0 to 100) from which two names are one name, or an address stands in the name's column.
#: Truncation, typos, nicknames and word order keep it above; two unrelated firms that share a legal form stay below,
#: since the keys carry no legal form.
NAMES_AGREE = 80

#: Likeness of house and street, and of the place, from which two building keys are one building with a typo.
STREETS_AGREE = 80
PLACES_AGREE = 80

#: Likeness of two streets of one place from which one is a misspelling of the other.
MISSPELT = 88

#: From so many names at one building it says nothing about any of them: a forwarder, a warehouse, a mailbox shop.
SHARED_BY = 8

_CONTACTS = ("name_key", "building_key", "unit_key", "phone", "email", "mail_drop")


def disputed(shipments: pl.DataFrame, importers: pl.DataFrame, shared: pl.Series | None = None) -> pl.Series:
    """True where a shipment's number is registered and its contacts contradict every registration of it.

    ``shipments`` has ``number_uid`` and the prepared consignee columns, ``importers`` ``uid`` and the prepared columns.
    With nothing to compare there is no contradiction. ``shared`` are keys of buildings that say nothing about those who
    use them; without it they are found among these rows.
    """
    told = shipments.select("number_uid", *(pl.col(f"consignee_{name}").alias(name) for name in _CONTACTS))
    registered = told["number_uid"].is_not_null()
    told, rows = told.filter(registered), registered.arg_true()
    known = told["number_uid"].is_in(importers["uid"].unique().implode())
    told, rows = told.filter(known), rows.filter(known)
    found = pl.Series("disputed", np.zeros(len(shipments), np.bool_))
    if told.is_empty():
        return found
    shared = shared_buildings(shipments, importers) if shared is None else shared
    verdict = once_a_row(told, lambda some: _disputed(some, _registered(importers), shared))
    return found.scatter(rows.filter(verdict), True)


def _disputed(declared: pl.DataFrame, registered: pl.DataFrame, shared: pl.Series) -> pl.Series:
    """``disputed`` of rows that differ; ``registered`` as ``_registered`` gives it."""
    pairs = (
        declared.with_row_index("row")
        .join(registered, left_on="number_uid", right_on="uid", how="inner")
        .with_columns(pl.col("building_key").is_in(shared.implode()).fill_null(False).alias("shared"))
    )
    judged = pairs.with_columns(_exact_agreement(), _contradiction())
    open_pairs = judged.filter(~pl.col("agrees"))
    agreed = pl.concat(
        [judged.filter("agrees"), open_pairs.with_columns(_likeness_agrees(open_pairs), _names_differ(open_pairs))],
        how="diagonal",
    )
    against = pl.col("contradicts") | pl.col("other_name").fill_null(False)
    verdict = agreed.group_by("row").agg((~pl.col("agrees").any() & against.all()).alias("disputed"))
    found = pl.repeat(False, len(declared), eager=True, dtype=pl.Boolean)
    return found.scatter(verdict.filter("disputed")["row"], True)


def _registered(importers: pl.DataFrame) -> pl.DataFrame:
    return importers.select(
        "uid",
        *(pl.col(name).alias(f"r_{name}") for name in _CONTACTS if name != "mail_drop"),
        "dba_key",
        "officer_key",
        "mailing_building_key",
        pl.col("address_caption").str.to_lowercase().str.replace_all(r"[^\pL\pN]+", " ").alias("r_address"),
    ).unique()


def shared_buildings(shipments: pl.DataFrame, importers: pl.DataFrame) -> pl.Series:
    """Buildings that many names use, and the misspellings of those."""
    declared = shipments.select(building_key="consignee_building_key", name_key="consignee_name_key")
    told = pl.concat([declared, importers.select("building_key", "name_key")]).drop_nulls()
    named = told.filter(told.select(number_of("building_key", "name_key")).to_series().is_first_distinct())
    users = named.group_by("building_key").len().with_columns(*_parts("building_key"))
    shared = users.filter(pl.col("len") >= SHARED_BY)
    others = users.filter(pl.col("len") < SHARED_BY).join(shared, on="place", suffix="_shared")
    near = others.filter(_likeness(others, "street", "street_shared", fuzz.ratio) >= MISSPELT)
    return pl.concat([shared["building_key"], near["building_key"].unique()])


def _parts(key: str) -> tuple[pl.Expr, pl.Expr]:
    """House and street, and the place, of a building key."""
    parts = pl.col(key).str.splitn("|", 2)
    return parts.struct.field("field_0").alias("street"), parts.struct.field("field_1").alias("place")


def _exact_agreement() -> pl.Expr:
    """One contact that is the registered one; two units of one building agree unless both are told and differ."""
    other_unit = (pl.col("unit_key") != pl.col("r_unit_key")).fill_null(False)
    return pl.any_horizontal(
        (pl.col("phone") == pl.col("r_phone")).fill_null(False),
        (pl.col("email") == pl.col("r_email")).fill_null(False),
        (pl.col("building_key") == pl.col("r_building_key")).fill_null(False) & ~other_unit,
        (pl.col("building_key") == pl.col("mailing_building_key")).fill_null(False),
    ).alias("agrees")


def _contradiction() -> pl.Expr:
    """A contact that is told on both sides, which counts where nothing agrees."""
    addressed = pl.col("building_key").is_not_null() & ~pl.col("mail_drop").fill_null(False) & ~pl.col("shared")
    elsewhere = addressed & (pl.col("building_key") != pl.col("r_building_key")).fill_null(False)
    called = pl.col("phone").is_not_null() & pl.col("r_phone").is_not_null()
    written = pl.col("email").is_not_null() & pl.col("r_email").is_not_null()
    return (elsewhere | called | written).alias("contradicts")


def _likeness_agrees(pairs: pl.DataFrame) -> pl.Series:
    """The registered address with a typo, or put in the name's column."""
    misplaced = _likeness(pairs, "name_key", "r_address", fuzz.token_set_ratio) >= NAMES_AGREE
    alike = misplaced
    own = pairs.select(*_parts("building_key"))
    for registered in ("r_building_key", "mailing_building_key"):
        sides = own.hstack(pairs.select(expr.name.suffix("_registered") for expr in _parts(registered)))
        same_street = _likeness(sides, "street", "street_registered", fuzz.partial_ratio) >= STREETS_AGREE
        same_place = _likeness(sides, "place", "place_registered", fuzz.partial_ratio) >= PLACES_AGREE
        alike = alike | (same_street & same_place)
    return alike.alias("agrees")


def _names_differ(pairs: pl.DataFrame) -> pl.Series:
    """A name that is none of the registered: not the firm's, not its trade name, not its officer's."""
    told = pairs.select(pl.col("name_key").is_not_null() & pl.col("r_name_key").is_not_null()).to_series()
    for registered in ("r_name_key", "dba_key", "officer_key"):
        told = told & (_likeness(pairs, "name_key", registered, fuzz.token_set_ratio) < NAMES_AGREE)
    return told.alias("other_name")


def _likeness(pairs: pl.DataFrame, one: str, other: str, scorer: Callable[..., float]) -> pl.Series:
    """Likeness (0 to 100) row by row; 0 where either side is missing."""
    sides = [pairs[name].fill_null("").to_list() for name in (one, other)]
    likeness = pl.Series(process.cpdist(*sides, scorer=scorer), dtype=pl.Float64)
    both = pairs.select(pl.col(one).is_not_null() & pl.col(other).is_not_null()).to_series()
    return likeness * both.cast(pl.Float64)
