"""The normalisers on whole columns, with the scalar functions' results.

Each function works on unique values. The regular majority is done by polars expressions made from the scalar code's
own patterns and word tables; what they decline goes through the scalar function, value by value, and is put back.
A test holds both ways equal on arbitrary text.
"""

import polars as pl

from graphinv.normalise import contacts, identifiers, names
from graphinv.normalise.address_columns import ADDRESS_FIELDS, addresses, text_addresses
from graphinv.normalise.column_tools import (
    Schema,
    are_few,
    cleaned,
    field_frame,
    has_word,
    is_plain,
    mapped,
    on_unique,
    padded,
    rewrite_expr,
    run_steps,
    scalar_rows,
    sorted_words,
    unpadded,
    value_frame,
    with_declined,
    without_words,
)
from graphinv.normalise.goods import normalize_hts
from graphinv.normalise.hashing import hash_nine_digits, opaque_id
from graphinv.normalise.mids import build_mid, compare_mid, parse_mid
from graphinv.normalise.name_words import ABBREVIATIONS, HONORIFICS, LEGAL_FORMS, ORGANISATION_WORDS
from graphinv.normalise.places import normalize_country, normalize_port
from graphinv.normalise.text import PLACEHOLDERS

_MID_FIELDS = ("manufacturer_id", "name", "address", "city", "country")

_NAME: Schema = {
    "name_caption": pl.String, "name_key": pl.String, "name_kind": pl.String, "name_also": pl.List(pl.String),
}  # fmt: skip
_PHONE: Schema = {"phone": pl.String, "toll_free": pl.Boolean}
_EMAIL: Schema = {
    "email": pl.String, "email_local": pl.String, "email_domain": pl.String, "free_mail": pl.Boolean,
}  # fmt: skip
_WEBSITE: Schema = {"website": pl.String, "affiliate_ids": pl.List(pl.String)}
_NUMBER: Schema = {"number_key": pl.String, "number_kind": pl.String, "ein_hash": pl.String}
_MID: Schema = {"mid": pl.String, "built_mid": pl.String, "mid_level": pl.String}


def name_columns(values: pl.Series) -> pl.DataFrame:
    """``name_caption``, ``name_key``, ``name_kind`` of party names; all null where there is no name.

    ``name_also``: the keys of the other names in the text ("ACME LLC DBA BEST SHOP"), null where there are none.
    """
    return on_unique(value_frame(values), _names)


def address_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Addresses from any of the columns line1, line2, city, state, postal_code, country; missing ones count as blank.

    ``address_caption``, ``building_key``, ``unit_key``, ``mail_drop``, ``city``, ``state``, ``postal_code``,
    ``country``; all null where ``normalize_address`` gives None.
    """
    return on_unique(field_frame(frame, ADDRESS_FIELDS), addresses)


def text_address_columns(values: pl.Series) -> pl.DataFrame:
    """The columns of ``address_columns`` for addresses given as one string."""
    return on_unique(value_frame(values), text_addresses)


def phone_columns(phones: pl.Series, countries: pl.Series | None = None) -> pl.DataFrame:
    """``phone`` in E.164, read as dialled in ``countries`` (alpha-2; null is the US), and ``toll_free``."""
    where = pl.Series("country", [None], dtype=pl.String) if countries is None else countries.cast(pl.String)
    frame = value_frame(phones).with_columns(country=where.first() if len(where) == 1 and len(phones) != 1 else where)
    return on_unique(frame, _phones)


def email_columns(values: pl.Series) -> pl.DataFrame:
    """``email``, ``email_local``, ``email_domain``, ``free_mail``."""
    return on_unique(value_frame(values), _emails)


def website_columns(values: pl.Series) -> pl.DataFrame:
    """``website`` and ``affiliate_ids`` (a list of ``parameter=value``)."""
    return on_unique(value_frame(values), _websites)


def importer_number_columns(values: pl.Series, hash_key: bytes) -> pl.DataFrame:
    """``number_key``, ``number_kind``, ``ein_hash`` of importer numbers or tax ids."""
    return on_unique(value_frame(values), lambda unique: _numbers(unique, hash_key))


def bank_account_columns(values: pl.Series) -> pl.DataFrame:
    """``bank_account``."""

    def row(value: str | None) -> tuple[str | None]:
        return (identifiers.normalize_bank_account(value),)

    return on_unique(value_frame(values), lambda unique: scalar_rows(unique, row, {"bank_account": pl.String}))


def mid_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """MIDs from any of the columns manufacturer_id, name, address, city, country.

    ``mid`` (as declared, if it is one), ``built_mid`` (from name and address), ``mid_level`` (``compare_mid``).
    """

    def row(declared: str | None, *maker: str | None) -> tuple[str | None, ...]:
        parsed, built = parse_mid(declared), build_mid(*maker)
        return parsed.key if parsed else None, built, compare_mid(declared, built)

    return on_unique(field_frame(frame, _MID_FIELDS), lambda unique: scalar_rows(unique, row, _MID))


def hts_columns(values: pl.Series) -> pl.DataFrame:
    """``hts`` and ``hts6``."""

    def row(value: str | None) -> tuple[str | None, str | None]:
        hts = normalize_hts(value)
        return hts, hts[:6] if hts else None

    return on_unique(
        value_frame(values), lambda unique: scalar_rows(unique, row, {"hts": pl.String, "hts6": pl.String})
    )


def country_columns(values: pl.Series) -> pl.DataFrame:
    """``country`` as alpha-2."""
    return on_unique(
        value_frame(values),
        lambda unique: scalar_rows(unique, lambda raw: (normalize_country(raw),), {"country": pl.String}),
    )


def port_columns(values: pl.Series) -> pl.DataFrame:
    """``port_code`` and ``port_name`` (null for a code that the packaged list lacks)."""

    def row(value: str | None) -> tuple[str | None, str | None] | None:
        port = normalize_port(value)
        return (port.code, port.name) if port else None

    return on_unique(
        value_frame(values), lambda unique: scalar_rows(unique, row, {"port_code": pl.String, "port_name": pl.String})
    )


def opaque_ids(prefix: str, values: pl.Series) -> pl.Series:
    """``opaque_id`` of every value; null stays null."""
    unique = values.unique().drop_nulls()
    ids = pl.Series([opaque_id(prefix, value) for value in unique], dtype=pl.String)
    return values.replace_strict(unique, ids, default=None, return_dtype=pl.String)


# Names --------------------------------------------------------------------------------------------------------------


def _names(unique: pl.DataFrame) -> pl.DataFrame:

    def row(value: str | None) -> tuple[str, str, str, list[str] | None] | None:
        name = names.normalize_name(value)
        return (name.caption, name.key, name.kind, list(name.also) or None) if name else None

    if are_few(unique):
        return scalar_rows(unique, row, _NAME)
    lower, folded, has_form, has_trade = (pl.col(name) for name in ("lower", "words", "has_form", "has_trade"))
    core = (
        pl.when(has_trade)
        .then(without_words(folded, names.DROPPED_BESIDE_WORDS))
        .when(has_form)
        .then(without_words(folded, names.DROPPED_BESIDE_FORMS))
        .otherwise(without_words(folded, names.DROPPED_OTHERWISE))
    )
    count = folded.str.count_matches("  ", literal=True) + 1
    kind = (
        pl.when(has_form | has_trade | folded.str.contains("[0-9]"))
        .then(pl.lit("organisation"))
        .when(has_word(folded, HONORIFICS) | count.is_between(2, 4))
        .then(pl.lit("person"))
        .otherwise(pl.lit("unknown"))
    )
    bare, key = unpadded(folded), pl.col("name_key")
    done = run_steps(
        unique,
        {"name_caption": cleaned("value")},
        {"lower": pl.col("name_caption").str.to_lowercase(), "plain": is_plain("value")},
        {"words": mapped(padded(rewrite_expr(lower, names.WORD_RULES).str.strip_chars(" ")), ABBREVIATIONS)},
        {
            "has_form": has_word(folded, LEGAL_FORMS),
            "has_trade": has_word(folded, ORGANISATION_WORDS),
            "has_sign": has_word(folded, names.form_signs()),
        },
        {"core": unpadded(core), "none": folded.is_null() | (bare == "") | bare.is_in(sorted(PLACEHOLDERS))},
        {"name_kind": kind, "name_also": pl.lit(None, pl.List(pl.String))},
    )
    told_by_scalar = lower.str.contains(names.MARKED) | pl.col("has_sign") | key.str.contains(names.UNSTABLE_KEY)
    done = run_steps(
        done.with_columns(name_key=sorted_words(done["core"])),
        {"declined": ~pl.col("plain") | (key == "") | told_by_scalar},
        {name: pl.when(~pl.col("none")).then(pl.col(name)) for name in _NAME},
    )

    return with_declined(done, unique, row, _NAME)


# Contacts -----------------------------------------------------------------------------------------------------------


def _phones(unique: pl.DataFrame) -> pl.DataFrame:

    def row(value: str | None, country: str | None) -> tuple[str, bool] | None:
        phone = contacts.normalize_phone(value, country)
        return (phone.e164, phone.toll_free) if phone else None

    if are_few(unique):
        return scalar_rows(unique, row, _PHONE)
    groups = pl.col("text").str.extract_groups(contacts.NANP)
    at_home = pl.col("country").is_null() | pl.col("country").is_in(contacts.NANP_COUNTRIES)
    digits = pl.col("text").str.replace_all(contacts.NOT_DIGITS, "")
    done = run_steps(
        unique,
        {"text": cleaned("value").str.to_lowercase(), "plain": is_plain("value")},
        {
            "nanp": pl.concat_str(pl.lit("+1"), *(groups.struct.field(str(number)) for number in (1, 2, 3))),
            "mobile": pl.when(pl.col("text").str.contains(contacts.PLUS) & digits.str.contains(contacts.MOBILES)).then(
                pl.concat_str(pl.lit("+"), digits)
            ),
            "nanp_read": at_home | pl.col("text").str.starts_with("+"),
        },
        {"read": pl.when(pl.col("nanp_read")).then(pl.col("nanp")).fill_null(pl.col("mobile"))},
        {
            "phone": pl.when(~pl.col("read").str.contains(contacts.DUMMY)).then(pl.col("read")),
            "declined": pl.col("value").is_not_null() & (pl.col("read").is_null() | ~pl.col("plain")),
        },
        {"toll_free": pl.col("phone").str.contains(contacts.TOLL_FREE)},
    )

    return with_declined(done, unique, row, _PHONE)


def _emails(unique: pl.DataFrame) -> pl.DataFrame:

    def row(value: str | None) -> tuple[str, str, str, bool] | None:
        email = contacts.normalize_email(value)
        return (email.address, email.local, email.domain, email.free_mail) if email else None

    if are_few(unique):
        return scalar_rows(unique, row, _EMAIL)
    groups = pl.col("text").str.extract_groups(contacts.EMAIL)
    local, domain = pl.col("local"), pl.col("email_domain")
    undotted = local.str.replace_all(".", "", literal=True)
    known = domain.is_in(sorted(contacts.free_mail_domains()))
    valid = (
        domain.is_not_null()
        & ~pl.col("text").str.contains(contacts.NO_EMAIL)
        & ~domain.str.contains("..", literal=True)
    )
    done = run_steps(
        unique,
        {"text": cleaned("value").str.to_lowercase(), "plain": is_plain("value")},
        {"local": groups.struct.field("1"), "email_domain": groups.struct.field("2").replace(contacts.SAME_DOMAIN)},
        {
            "valid": valid,
            "local": pl.when(domain.is_in(sorted(contacts.TAGGED_DOMAINS)))
            .then(local.str.replace(r"^([^+]+)\+.*$", "${1}"))
            .otherwise(local),
        },
        {
            "email_local": pl.when(domain.is_in(sorted(contacts.DOTLESS_DOMAINS)) & (undotted != ""))
            .then(undotted)
            .otherwise(local),
            "declined": ~pl.col("plain")
            | (domain.is_null() & pl.col("text").str.contains("@|[^a-z]at[^a-z]|\\(a\\)"))
            | pl.col("text").str.contains("^[.']"),
        },
        {"email": pl.concat_str("email_local", pl.lit("@"), domain), "free_mail": known},
        {name: pl.when(pl.col("valid")).then(pl.col(name)) for name in _EMAIL},
    )

    return with_declined(done, unique, row, _EMAIL)


def _websites(unique: pl.DataFrame) -> pl.DataFrame:

    def row(value: str | None) -> tuple[str, list[str]] | None:
        site = contacts.normalize_website(value)
        return (site.key, [f"{name}={ident}" for name, ident in site.affiliate_ids]) if site else None

    if are_few(unique):
        return scalar_rows(unique, row, _WEBSITE)
    groups = pl.col("text").str.extract_groups("(?i)" + contacts.WEBSITE)
    done = run_steps(
        unique,
        {"text": cleaned("value").str.strip_chars(" .,;<>\"'"), "plain": is_plain("value")},
        {"website": groups.struct.field("1").str.to_lowercase(), "query": groups.struct.field("3")},
    )
    hosts = done["website"].unique().drop_nulls().to_list()
    shared = [host for host in hosts if contacts.tells_shops_apart(host)]
    done = done.with_columns(
        declined=~pl.col("plain") | pl.col("query").str.contains("=", literal=True) | pl.col("website").is_in(shared),
        affiliate_ids=pl.when(pl.col("website").is_not_null()).then(pl.lit([], dtype=pl.List(pl.String))),
    )

    return with_declined(done, unique, row, _WEBSITE)


# Numbers ------------------------------------------------------------------------------------------------------------


def _numbers(unique: pl.DataFrame, hash_key: bytes) -> pl.DataFrame:

    def row(value: str | None) -> tuple[str, str, str | None] | None:
        number = identifiers.normalize_importer_number(value, hash_key)
        return (number.key, number.kind, identifiers.ein_hash(number, hash_key)) if number else None

    if are_few(unique):
        return scalar_rows(unique, row, _NUMBER)
    text, bare = pl.col("text"), pl.col("bare")
    kind = (
        pl.when(text.str.contains(identifiers.EIN))
        .then(pl.lit("ein"))
        .when(bare.str.contains(identifiers.NINE_DIGITS))
        .then(pl.lit("ssn"))
        .when(text.str.contains(identifiers.CBP_ASSIGNED))
        .then(pl.lit("cbp_assigned"))
        .otherwise(pl.lit("other"))
    )
    usable = (
        bare.str.contains(identifiers.OTHER) & ~bare.str.contains(identifiers.DUMMY_NUMBER) & bare.str.contains("[0-9]")
    )
    dressed = text.str.contains(identifiers.LABEL) | text.str.contains(identifiers.SPREADSHEET_END)
    irregular = dressed | bare.str.contains(identifiers.SHORT_SSN)
    hidden = text.str.contains(identifiers.HIDDEN_SSN) & ~bare.str.contains(identifiers.NINE_DIGITS)
    done = run_steps(
        unique,
        {"text": cleaned("value").str.to_uppercase(), "plain": is_plain("value")},
        {"bare": text.str.replace_all(identifiers.SEPARATORS, "")},
        {"number_kind": pl.when(usable).then(kind), "declined": ~pl.col("plain") | irregular | hidden},
    )
    hashed = {
        name: _hashes(
            done.select(pl.when(pl.col("number_kind") == wanted).then(bare.str.head(9))).to_series(), hash_key
        )
        for name, wanted in (("ein_hash", "ein"), ("ssn", "ssn"))
    }
    key = pl.when(pl.col("number_kind").is_not_null()).then(pl.col("ssn").fill_null(bare))
    done = done.with_columns(**hashed).with_columns(number_key=key)

    return with_declined(done, unique, row, _NUMBER)


def _hashes(digits: pl.Series, hash_key: bytes) -> pl.Series:
    values = [None if nine is None else hash_nine_digits(hash_key, nine) for nine in digits.to_list()]
    return pl.Series(values, dtype=pl.String)
