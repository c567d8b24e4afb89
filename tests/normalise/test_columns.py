# ruff: noqa: SIM905  (lists of words read better as text)
"""The columnar normalisers give what the scalar ones give, on dirty and arbitrary text, and keep the rows in order."""

from collections.abc import Callable
from dataclasses import astuple

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphinv.normalise import columns
from graphinv.normalise.address_text import locality_column
from graphinv.normalise.addresses import Address, normalize_address, parse_address
from graphinv.normalise.contacts import normalize_email, normalize_phone, normalize_website
from graphinv.normalise.goods import normalize_hts
from graphinv.normalise.hashing import opaque_id
from graphinv.normalise.identifiers import ein_hash, normalize_bank_account, normalize_importer_number
from graphinv.normalise.localities import normalize_locality
from graphinv.normalise.locality_columns import PLACE_FIELDS, localities
from graphinv.normalise.mids import build_mid, compare_mid, parse_mid
from graphinv.normalise.names import normalize_name
from graphinv.normalise.places import normalize_country, normalize_port

HASH_KEY = b"a key for tests"

NAME_PARTS = (
    "PARKER, C|c.|Maria|Co|Co., Ltd.|& Co|LLC|L.L.C.|S.A.|S. A.|de C.V.|Trading|Intl|A|B|C.|x|Dr.|Mr|GmbH|and|"
    "The|Quan Zhou"
    "|Limited Liability Comp|O'Neil|Jean-Luc|3M|公司|有限公司|上海|MÃ¼ller|É|N/A|none|"
    "sp. z o.o.|AS|Holdings|,|(HK)|ltd|DBA|d/b/a|t/a|(formerly|a.k.a.|c/o|Attn:|PT|Private|S. de R.L.|Joint|Stock|"
    "Company|Sociedad Anonima|San Ve Tic|&amp;|\u200b|"
    "   |\t"
).split("|")
STREET_PARTS = (
    "12|0012|9237|100A|No. 1285|S|North|Aspen|Main|18th|First|Ave|Street|Rd.|Blvd|Wy|Highway 1|US-1|St|,|"
    "APT. 37|#5|# 12B"
    "|Suite 300|Ste|Room 1111|RM|PMB 45|Box 45|, Mailbox 007|# A-21859|Suite K20844"
    "|PO Box 9|c/o Ann|2nd Floor|12/F|Bldg 3|Tower B|Unit SKB-48213|Houston|TX|77083|"
    "Longhua District|Tianhe Road|Tian He Lu|12 Hao|3 Dong|301 Shi|No.5 Building|Nanjing West Road|N.E.|D:3|"
    "42 St|FM 1960|路|é|1/2|State|  |\t|Unit 0|Apt 007"
).split("|")
PLACE_PARTS = (
    "Houston|HOUSTON |Los Angeles|Hollywood|Saint Louis|Shenzhen|Shenzhen City|São Paulo|X||"
    "  |New York City|Nanshan Qu|Yiwu|Kowloon|Bombay|Chaoyang".split("|")
)
STATES = "TX|tx|Texas|CA|Guangdong|N.Y.|ZZ||MO".split("|")
POSTALS = "77083|77083-1234|770831234|8833|90028|00000|518000|SW1A 2AA|7708|x||77083.0".split("|")
COUNTRIES = "US|usa|CN|P.R. China|HK|SG|Narnia||U.S.A.|PR".split("|")
PHONES = (
    "+1 980 649 4465|310-350-5922|(360) 825-3911 x12|3106085441|+852 906 71010|1-504-708-9262 ext. 7|"
    "+86 139 70324750|0086 "
    "13970324750|(000) 000-0000|123-456-7890|555-555-5555|1-800-FLOWERS|N/A|+44 (0)20 7946 0958|13970324750|"
    "９４９-783-3930|+|+1|"
    "212 555 0187|+86 10 6552 9988|02165529988|911|+90 532 123 45 67|1 (212) 555.0187|+1 000 000 0000|"
    "212-555-0187 / 310-350-5922|tel: 212-555-0187|1-800-MATTRESS|+0086 13970324750|2125550187;ext=12|212-123-4567"
).split("|")
EMAILS = (
    "robertb5697+imp@gmail.com|Sales@Firm.Store|Ann <a.b@googlemail.com>|mailto:x@firm.com|a@b|none@none.com|"
    ".a.b.@gmail.com|"
    "'x'@firm.com|a@b..com|x@firm.com,|a b@firm.com|+tag@firm.com|..@gmail.com|ü@firm.com|@|x@firm.example|N/A|"
    "ann+us@firm.com|ann+us@outlook.com|a.b@gmail.con|ann (at) firm (dot) com|ann at firm.com|ann@firm.com; b@c.com|"
    "mailto:ann@firm.com?subject=x|Ann <ann@firm.com>, B <b@firm.com>|e-mail: ann@firm.com|ann?subject=x@firm.com"
).split("|")
SITES = (
    "www.Firm.store|https://www.bazario.example/itm/110303828|www.millmarket.co?utm_id=DE3N|https://instagram.com/foo/|"
    "https://www.amazon.co.uk/shops/ABC?tag=x-20&ref=1|foo bar|http://firm.com:8080/a#b|ﬁrm.com|facebook.com|firm.com/?a|.x.com."
    "|HTTPS://WWW2.FIRM.COM/?REF=a;aff=b|a.b|n/a|sites.host.example/annshop|shop.firm.com/about|store.host.example/a/b|"
    "x.com/?a=1&amp;ref=7"
).split("|")
NUMBERS = (
    "38-507358900|24-8735068A1|24-735068A1|180069-29477|18006929477|983-46-1163|983 46 1163|983461163|"
    "98-3461163|000-00-0000|"
    "***-**-1234|SSN 983-46-1163|83461163|ssn-33b6a3bc20e5ca8875919e63|N/A|915517750667455884|９８３-46-1163|"
    "38507358900|123456789|"
    "98.3461163|XX-1234567|24 8735068 A1|983-46-1163-00|"
    "SSN 983461163|EIN: 38-507358900|Tax ID no. 38-5073589|983461163.0|38-507358900.0|83461163.0|TAX 12|"
    "CBP 180069-29477"
).split("|")


def joined(parts: list[str]) -> st.SearchStrategy[str | None]:
    """Sentences of typical parts, arbitrary text, and nothing."""
    return st.one_of(
        st.none(),
        st.lists(st.sampled_from(parts), min_size=0, max_size=6).map(" ".join),
        st.lists(st.sampled_from(parts), min_size=1, max_size=3).map(", ".join),
        st.text(max_size=30),
    )


def picked(parts: list[str]) -> st.SearchStrategy[str | None]:
    return st.one_of(
        st.none(),
        st.sampled_from(parts),
        st.tuples(st.sampled_from(parts), st.text(st.characters(codec="ascii"), max_size=4)).map("".join),
        st.text(max_size=20),
        st.text("0123456789 -.()+x", max_size=16),
    )


def rows_of(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return frame.rows()


def address_row(address: Address | None) -> tuple[object, ...]:
    if address is None:
        return (None,) * 8
    return (
        address.caption, address.building_key, address.unit_key, address.mail_drop, address.city, address.state,
        address.postal_code, address.country,
    )  # fmt: skip


def strings(values: list[str | None]) -> pl.Series:
    return pl.Series("value", values, dtype=pl.String)


MANY = settings(max_examples=100, deadline=None)


@MANY
@given(st.lists(joined(NAME_PARTS), max_size=12))
@example(["A.B. c.d", "a x b", "Dr Co Ltd", "x s.a.", "Co", None])
def test_name_columns_equal_the_scalar(values: list[str | None]) -> None:
    expected = [
        (name.caption, name.key, name.kind, list(name.also) or None)
        if (name := normalize_name(value))
        else (None, None, None, None)
        for value in values
    ]
    assert rows_of(columns.name_columns(strings(values))) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            joined(STREET_PARTS), st.one_of(st.none(), joined(STREET_PARTS)), picked(PLACE_PARTS), picked(STATES),
            picked(POSTALS), picked(COUNTRIES),
        ),
        max_size=8,
    )
)  # fmt: skip
@example([("12 Main St, Unit 0", None, "Houston", "TX", "77083", "US")])
def test_address_columns_equal_the_scalar(values: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(
        values, orient="row",
        schema=dict.fromkeys(("line1", "line2", "city", "state", "postal_code", "country"), pl.String),
    )  # fmt: skip
    assert rows_of(columns.address_columns(frame)) == [address_row(normalize_address(*fields)) for fields in values]


@MANY
@given(
    st.lists(
        st.tuples(
            st.one_of(picked(PLACE_PARTS), picked(STATES)), st.one_of(picked(STATES), picked(PLACE_PARTS)),
            st.one_of(picked(POSTALS), st.text("0123456789- .", max_size=10)), picked(COUNTRIES),
        ),
        max_size=12,
    )
)  # fmt: skip
@example([("TX", "Houston", "77083", "US"), ("Hosuton", "TX", "８８３３", None), (None, None, None, "Narnia")])
def test_localities_equal_the_scalar(values: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(values, orient="row", schema=dict.fromkeys(PLACE_FIELDS, pl.String))
    expected = [
        (place.key, place.caption or None, *astuple(place)[1:5], place.chinese or None)
        if (place := normalize_locality(*fields))
        else (None,) * 7
        for fields in values
    ]
    assert rows_of(localities(frame)) == expected


@MANY
@given(
    st.lists(
        st.tuples(joined(STREET_PARTS), picked(PLACE_PARTS), picked(STATES), picked(POSTALS), picked(COUNTRIES)),
        max_size=8,
    )
)
@example([(None, None, None, "518000", None), (None, None, None, "8833", "PR"), ("12 Main St", "TX", "X", None, None)])
def test_localities_of_address_columns_equal_the_scalar(values: list[tuple[str | None, ...]]) -> None:
    frame = pl.DataFrame(values, orient="row", schema=dict.fromkeys(("line1", *PLACE_FIELDS), pl.String))
    declared = [normalize_address(line, None, *place) for line, *place in values]
    told = [parse_address(line) for line, *_ in values]
    for found, given_rows in (
        (columns.address_columns(frame), declared),
        (columns.text_address_columns(frame["line1"]), told),
    ):
        assert locality_column(found).to_list() == [address.locality if address else None for address in given_rows]


@MANY
@given(st.lists(joined(STREET_PARTS), max_size=8))
def test_text_address_columns_equal_the_scalar(values: list[str | None]) -> None:
    assert rows_of(columns.text_address_columns(strings(values))) == [
        address_row(parse_address(value)) for value in values
    ]


@MANY
@given(st.lists(st.tuples(picked(PHONES), st.sampled_from([None, "US", "CN", "GB", "HK", "CA"])), max_size=10))
def test_phone_columns_equal_the_scalar(values: list[tuple[str | None, str | None]]) -> None:
    result = columns.phone_columns(strings([phone for phone, _ in values]), strings([where for _, where in values]))
    assert rows_of(result) == [
        (phone.e164, phone.toll_free) if (phone := normalize_phone(raw, where)) else (None, None)
        for raw, where in values
    ]


@MANY
@given(st.lists(picked(EMAILS), max_size=10))
def test_email_columns_equal_the_scalar(values: list[str | None]) -> None:
    expected = [
        (email.address, email.local, email.domain, email.free_mail)
        if (email := normalize_email(value))
        else (None, None, None, None)
        for value in values
    ]
    assert rows_of(columns.email_columns(strings(values))) == expected


@MANY
@given(st.lists(picked(SITES), max_size=10))
def test_website_columns_equal_the_scalar(values: list[str | None]) -> None:
    expected = [
        (site.key, [f"{name}={ident}" for name, ident in site.affiliate_ids])
        if (site := normalize_website(value))
        else (None, None)
        for value in values
    ]
    assert rows_of(columns.website_columns(strings(values))) == expected


@MANY
@given(st.lists(picked(NUMBERS), max_size=10))
def test_importer_number_columns_equal_the_scalar(values: list[str | None]) -> None:
    expected = [
        (number.key, number.kind, ein_hash(number, HASH_KEY))
        if (number := normalize_importer_number(value, HASH_KEY))
        else (None, None, None)
        for value in values
    ]
    assert rows_of(columns.importer_number_columns(strings(values), HASH_KEY)) == expected


@pytest.mark.parametrize(
    ("column", "scalar", "values"),
    [
        (columns.hts_columns, normalize_hts, ["8517.13.0000", "851713", "306170000", "85", None, "x", "8517.13.0000"]),
        (columns.country_columns, normalize_country, ["USA", "P.R. China", "viet nam", None, "Narnia", "USA"]),
        (columns.bank_account_columns, normalize_bank_account, ["065175894-20784774328", "291-***8925", None, "12"]),
    ],
)
def test_simple_columns_equal_the_scalar(
    column: Callable[[pl.Series], pl.DataFrame], scalar: Callable[[str | None], object], values: list[str | None]
) -> None:
    assert column(strings(values)).to_series(0).to_list() == [scalar(value) for value in values]


def test_port_columns_keep_unnamed_ports_of_known_districts() -> None:
    values = ["401", "2704", "2799", "9999", None, "2704"]
    expected = [(port.code, port.name) if (port := normalize_port(value)) else (None, None) for value in values]
    assert rows_of(columns.port_columns(strings(values))) == expected


def test_mid_columns_build_and_compare() -> None:
    frame = pl.DataFrame(
        {
            "manufacturer_id": ["CNSHEVOL123SHE", None, "CNSHEVOL124SHE"],
            "name": ["Shenzhen Volt Co., Ltd.", "Shenzhen Volt Co., Ltd.", "Shenzhen Volt Co., Ltd."],
            "address": ["No. 123 Renmin Road", "", "No. 123 Renmin Road"],
            "city": ["Shenzhen"] * 3,
            "country": ["CN"] * 3,
        }
    )
    built = build_mid("Shenzhen Volt Co., Ltd.", "No. 123 Renmin Road", "Shenzhen", "CN")
    parsed = parse_mid("CNSHEVOL123SHE")
    assert parsed is not None
    assert rows_of(columns.mid_columns(frame)) == [
        (parsed.key, built, compare_mid("CNSHEVOL123SHE", built)),
        (None, "CNSHEVOLSHE", "unknown"),
        ("CNSHEVOL124SHE", built, "close"),
    ]


def test_address_columns_accept_frames_without_most_columns() -> None:
    frame = pl.DataFrame({"city": ["Houston", None], "line1": ["12 Main St", None], "other": [1, 2]})
    assert columns.address_columns(frame)["building_key"].to_list() == ["12 main st|houston", None]


def test_columns_keep_the_order_of_many_rows() -> None:
    values: list[str | None] = [f"Firm Number {number % 70_001} LLC" for number in range(150_000)]
    values[::1000] = ["上海有限公司"] * 150
    keys = columns.name_columns(strings(values))["name_key"].to_list()
    assert keys[1:1000] == [f"{number} firm number" for number in range(1, 1000)]
    assert keys[149_999] == f"{149_999 % 70_001} firm number"
    assert keys[5000] == "shanghai"


def test_phone_columns_take_the_us_for_missing_countries() -> None:
    assert columns.phone_columns(strings(["212 555 0187", "x"]))["phone"].to_list() == ["+12125550187", None]


def test_opaque_ids_equal_the_scalar() -> None:
    ids = columns.opaque_ids("address:", strings(["a", None, "b", "a"]))
    assert ids.to_list() == [opaque_id("address:", "a"), None, opaque_id("address:", "b"), opaque_id("address:", "a")]


@pytest.mark.parametrize(
    "column",
    [columns.name_columns, columns.text_address_columns, columns.phone_columns, columns.email_columns,
     columns.website_columns, columns.hts_columns, columns.country_columns, columns.port_columns],
)  # fmt: skip
def test_empty_and_all_null_columns_give_typed_frames(column: Callable[[pl.Series], pl.DataFrame]) -> None:
    empty = column(strings([]))
    nulls = column(strings([None, None]))
    assert empty.height == 0
    assert empty.schema == nulls.schema
    assert all(value is None for row in nulls.rows() for value in row)
