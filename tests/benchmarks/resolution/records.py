"""Raw records of any source as the normalised records that every resolver gets: the same columns for all of them."""

import polars as pl

from graphinv.normalise import columns as normal
from graphinv.normalise.address_text import address_words_column
from graphinv.resolve.declared import RECORD_COLUMNS

#: What a raw record may tell; all text. ``address`` is an address in one string, read where the parts tell nothing.
#: ``number`` is an importer or tax number, ``document`` any other government number with its kind before a colon.
RAW_COLUMNS = (
    "record_id", "name", "line1", "line2", "city", "state", "postal_code", "country", "address", "phone", "email",
    "website", "number", "document", "officer", "bank_account", "mid", "birth_date",
)  # fmt: skip
_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")
_HASH_KEY = b"benchmark of resolution"


def normalised(raw: pl.DataFrame) -> pl.DataFrame:
    """``RECORD_COLUMNS`` of raw records, in their order; columns of ``RAW_COLUMNS`` that are missing count as empty.

    Everything is text but ``address_words``, a list of text. What normalises to nothing is null.
    """
    missing = [pl.lit(None, pl.String).alias(name) for name in RAW_COLUMNS if name not in raw.columns]
    full = raw.with_columns(missing).cast(dict.fromkeys(RAW_COLUMNS, pl.String))
    place = _addresses(full)
    columns = {
        "record_id": full["record_id"],
        **_columns(normal.name_columns(full["name"]), "name_key", "name_kind"),
        **_columns(place, "building_key", "unit_key", "locality", "postal_code"),
        "address_words": address_words_column(place["address_caption"]),
        "phone": normal.phone_columns(full["phone"], place["country"])["phone"],
        "email": normal.email_columns(full["email"])["email"],
        "website": normal.website_columns(full["website"])["website"],
        "number": _numbers(full),
        "officer": normal.name_columns(full["officer"])["name_key"],
        "bank_account": normal.bank_account_columns(full["bank_account"])["bank_account"],
        "mid": normal.mid_columns(full.select(manufacturer_id="mid"))["mid"],
        "country": place["country"],
        "birth_date": full["birth_date"],
    }
    return pl.DataFrame(columns).select(RECORD_COLUMNS)


def _addresses(raw: pl.DataFrame) -> pl.DataFrame:
    """The address from its parts, or from the one string; the country as declared where there is one."""
    parts = normal.address_columns(raw.select(_PARTS))
    text = normal.text_address_columns(raw["address"])
    told = raw["address"].is_null()
    both = [parts[name].zip_with(told, text[name]).alias(name) for name in parts.columns]
    declared = normal.country_columns(raw["country"])["country"]
    locality = pl.coalesce(
        pl.col("building_key").str.split("|").list.get(1, null_on_oob=True), pl.col("city").str.to_lowercase()
    )
    return pl.DataFrame(both).with_columns(
        country=pl.coalesce(declared, pl.col("country")),
        locality=locality,
        address_caption=pl.coalesce("address_caption", raw["address"], raw["line1"]),
    )


def _numbers(raw: pl.DataFrame) -> pl.Series:
    number = normal.importer_number_columns(raw["number"], _HASH_KEY)
    document = raw["document"].str.to_uppercase().str.replace_all("[^A-Z0-9:]", "")
    return number.select(pl.coalesce("ein_hash", "number_key", document)).to_series()


def _columns(frame: pl.DataFrame, *names: str) -> dict[str, pl.Series]:
    return {name: frame[name] for name in names}
