"""Values that say nothing: a phone that is none, an unknown state. Their rows stay, and are counted as warnings.

What counts is what the normalisers give, so that a warning means exactly: kept as written, used for nothing. They are
asked once for each distinct value of a piece, and only for values without the shape that nearly all have.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from graphinv.ingest.accounting import RowWarning
from graphinv.normalise import columns as normal
from graphinv.normalise import contacts
from graphinv.normalise.column_tools import are_few
from graphinv.normalise.goods import normalize_hts
from graphinv.normalise.identifiers import normalize_bank_account
from graphinv.normalise.mids import parse_mid
from graphinv.normalise.places import normalize_country, normalize_port, normalize_state, zip_city
from graphinv.records import Feed

#: Shapes whose values are all usable. A phone ends in two digits that no dummy number ends in.
_PHONE = (
    r"^(?:\+?1[ .-]*)?\(?[2-9][0-9]{2}\)?[ .-]*[2-9][0-9]{2}[ .-]*[0-9]{2}"
    r"(?:0[1-9]|1[2-9]|2[013-9]|3[0-24-9]|4[0-35-9]|5[0-46-9]|6[0-57-9]|7[0-689]|8[0-7]|9[1-8])$"
)
_WEBSITE = r"^https?://[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]{2,24}(?:/[!-~]*)?$"
_MID = r"^[A-Z]{2}[A-Z]{1,6}[0-9]{1,4}[A-Z]{3}$"
_NUMBER = r"^[0-9]{2}-?[0-9]{7}(?:[0-9]{2})?$|^ssn-[0-9a-f]{24}$"
_ONE_DIGIT = r"^(?:[0-]+|[1-]+|[2-]+|[3-]+|[4-]+|[5-]+|[6-]+|[7-]+|[8-]+|[9-]+)$"


@dataclass(frozen=True)
class _Kind:
    """A kind of value. ``sure`` says of which values nobody needs to ask whether they are usable.

    ``usable`` answers for the distinct others (column ``value``), with what stands ``beside`` them in their rows.
    """

    reason: str
    sure: Callable[[pl.Series], pl.Series]
    usable: Callable[[pl.DataFrame], pl.Series]
    beside: tuple[str, ...] = ()


def unusable_values(rows: pl.DataFrame, feed: Feed) -> list[RowWarning]:
    """How many rows have a value that normalises to nothing, for each column. Cells are trimmed, blank ones null."""
    counts = [(name, _KINDS[name].reason, _count(rows, name, _KINDS[name])) for name in feed.names if name in _KINDS]
    return [RowWarning(*counted) for counted in counts if counted[2]]


def _count(rows: pl.DataFrame, name: str, kind: _Kind) -> int:
    values = rows[name]
    if values.null_count() == len(values):
        return 0
    doubtful = values.is_not_null() & ~kind.sure(values)
    if not doubtful.any():
        return 0
    party = "consignee_" if name.startswith("consignee_") else ""
    wanted = rows.select(values.alias("value"), *(pl.col(party + other).alias(other) for other in kind.beside))
    asked = wanted.filter(doubtful)
    distinct = asked.with_columns(len=1) if are_few(asked) else asked.group_by(pl.all()).len()
    return int(distinct.filter(~kind.usable(distinct))["len"].sum())


def _shaped(pattern: str) -> Callable[[pl.Series], pl.Series]:
    return lambda values: values.str.contains(pattern)


def _none_is_sure(values: pl.Series) -> pl.Series:
    """For columns with so few distinct values that each may be asked for."""
    return values.is_null()


def _read_by(normaliser: Callable[[pl.Series], pl.DataFrame]) -> Callable[[pl.DataFrame], pl.Series]:
    """Usable is what the first column of a columnar normaliser holds."""
    return lambda distinct: normaliser(distinct["value"]).to_series().is_not_null()


def _each(normaliser: Callable[[str], object | None]) -> Callable[[pl.DataFrame], pl.Series]:
    """Usable is what a normaliser of one value does not turn into nothing."""
    return lambda distinct: pl.Series([normaliser(value) is not None for value in distinct["value"]], dtype=pl.Boolean)


def _sure_number(values: pl.Series) -> pl.Series:
    return values.str.contains(_NUMBER) & ~values.str.contains(_ONE_DIGIT)


def _is_number(distinct: pl.DataFrame) -> pl.Series:
    any_key = b"\0"  # which key hashes a number says nothing about whether it is one
    return normal.importer_number_columns(distinct["value"], any_key)["number_key"].is_not_null()


def _is_phone(distinct: pl.DataFrame) -> pl.Series:
    countries = normal.country_columns(distinct["country"])["country"]
    return normal.phone_columns(distinct["value"], countries)["phone"].is_not_null()


def _sure_email(values: pl.Series) -> pl.Series:
    text = values.str.to_lowercase()
    return text.str.contains(contacts.EMAIL) & ~text.str.contains(contacts.NO_EMAIL) & ~text.str.contains(r"\.\.")


def _sure_state(values: pl.Series) -> pl.Series:
    states = [value for value in values.unique().drop_nulls() if normalize_state(value) is not None]
    return values.is_in(states)


def _is_state(distinct: pl.DataFrame) -> pl.Series:
    """Unknown states in addresses of the US; elsewhere any region may stand there. City and state may be swapped."""
    countries = normal.country_columns(distinct["country"])["country"]
    zips = distinct["postal_code"].str.slice(0, 5)
    return pl.Series(
        [
            not _is_american(country, zip5) or normalize_state(city) is not None
            for country, zip5, city in zip(countries, zips, distinct["city"], strict=True)
        ],
        dtype=pl.Boolean,
    )


def _is_american(country: str | None, zip5: str | None) -> bool:
    return country == "US" or (country is None and zip5 is not None and zip_city(zip5) is not None)


_NUMBERS = _Kind("no importer number", _sure_number, _is_number)
_PHONES = _Kind("no phone number", _shaped(_PHONE), _is_phone, beside=("country",))
_EMAILS = _Kind("no email address", _sure_email, _read_by(normal.email_columns))
_WEBSITES = _Kind("no web address", _shaped(_WEBSITE), _read_by(normal.website_columns))
_COUNTRIES = _Kind("no country", _none_is_sure, _each(normalize_country))
_STATES = _Kind("no state of the US", _sure_state, _is_state, beside=("city", "postal_code", "country"))

_KINDS = {
    "importer_number": _NUMBERS,
    "tax_id": _NUMBERS,
    "phone": _PHONES,
    "consignee_phone": _PHONES,
    "email": _EMAILS,
    "consignee_email": _EMAILS,
    "website": _WEBSITES,
    "listing_url": _WEBSITES,
    "country": _COUNTRIES,
    "consignee_country": _COUNTRIES,
    "shipper_country": _COUNTRIES,
    "origin_country": _COUNTRIES,
    "state": _STATES,
    "consignee_state": _STATES,
    "hts": _Kind("no HTS number", _none_is_sure, _each(normalize_hts)),
    "port_code": _Kind("no port of entry", _none_is_sure, _each(normalize_port)),
    "manufacturer_id": _Kind("no manufacturer identification code", _shaped(_MID), _each(parse_mid)),
    "bank_account": _Kind("no bank account", _none_is_sure, _each(normalize_bank_account)),
}
