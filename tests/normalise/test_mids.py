"""The worked examples of the appendix to 19 CFR Part 102 and of the instructions for CBP Form 7501."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.normalise.mids import build_mid, compare_mid, parse_mid


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Amalgamated Plastics Corp.", "AMAPLA"), ("Bergstrom", "BER"), ("A.B.C. Company", "ABCCOM"),
        ("A B C Company", "ABCCOM"), ("O.A.S.I.S. Corp.", "OASCOR"), ("Dr. S.A. Smith", "DRSA"),
        ("Shavings B L Inc.", "SHABL"), ("The Embassy of Spain", "EMBSPA"), ("Rawles-Aden Corp.", "RAWCOR"),
        ("Rawles - Aden Corp.", "RAWCOR"), ("20th Century Fox", "20TCEN"), ("Concept 2000", "CON200"),
        ("Fabrica de Artigos de Vestuario JUMP HIGH Ltd", "JUMHIG"), ("PT Morich Indo Fashion", "MORIND"),
        ("OOO Romashka Textile", "ROMTEX"), ("Thomas S. Delvaux Company", "THODEL"), ("N. Minami & Co., LTD.", "MINCO"),
        ("E.K. Rodgers Companies", "EKROD"), ("Łódź Tekstyl", "LODTEK"),
    ],
)  # fmt: skip
def test_the_name_gives_two_words(name: str, part: str) -> None:
    assert build_mid(name, None, None, "FR") == f"FR{part}"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("11455 Main Street, Suite 9999", "1145"), ("232 Main Street, Suite 1234", "1234"),
        ("One Hundred Century Plaza", ""),
        ("One Hundred Century Plaza, Suite 345", "345"), ("12,34,56 Alaska Road", "1234"),
        ("12-34-56 Alaska Road", "1234"),
        ("2-6, 8-Chome Isogami-Dori", "268"), ("No. 206 Shennan Road", "206"),
    ],
)  # fmt: skip
def test_the_street_gives_its_largest_number(line: str, number: str) -> None:
    assert build_mid("Bergstrom", line, "Tokyo", "JP") == f"JPBER{number}TOK"


@pytest.mark.parametrize(
    ("city", "part"),
    [("Tokyo", "TOK"), ("St. Michel", "STM"), ("18-Mile High", "MIL"), ("The Hague", "HAG"), ("Ho Chi Minh", "HOC")],
)
def test_the_city_gives_three_letters(city: str, part: str) -> None:
    assert build_mid("Bergstrom", "5 Rue A", city, "France") == f"FRBER5{part}"


def test_canada_needs_a_province() -> None:
    assert build_mid("Bergstrom", "5 Rue A", "Montreal", "CA", "QC") == "XQBER5MON"
    assert build_mid("Bergstrom", "5 Rue A", "Toronto", "Canada", "Ontario") == "XOBER5TOR"
    assert build_mid("Bergstrom", "5 Rue A", "Toronto", "CA") is None


def test_a_mid_needs_a_name_and_a_country() -> None:
    assert build_mid("", "5 Rue A", "Paris", "FR") is None
    assert build_mid("Bergstrom", "5 Rue A", "Paris", None) is None


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("CNSHEVOL123SHE", ("CN", "SHEVOL", "123", "SHE")), ("AUCON200111STM", ("AU", "CON200", "111", "STM")),
        ("cn shevol 123 she", ("CN", "SHEVOL", "123", "SHE")), ("FRBERPAR", ("FR", "BER", "", "PAR")),
        ("JPBER5TOK", ("JP", "BER", "5", "TOK")),
    ],
)  # fmt: skip
def test_mids_are_split(raw: str, parts: tuple[str, str, str, str]) -> None:
    mid = parse_mid(raw)
    assert mid is not None
    assert (mid.country, mid.name, mid.number, mid.city) == parts


@pytest.mark.parametrize("raw", [None, "", "12345", "CN", "CN123", "N/A", "CNSHEVOL123SHEEEEEEE", "CNSHEVOLA12345SHE"])
def test_what_has_not_the_shape_is_none(raw: str | None) -> None:
    assert parse_mid(raw) is None


@pytest.mark.parametrize(
    ("declared", "built", "level"),
    [
        ("CNSHEVOL123SHE", "CNSHEVOL123SHE", "exact"), ("cn-shevol-123-she", "CNSHEVOL123SHE", "exact"),
        ("CNSHEVOL124SHE", "CNSHEVOL123SHE", "close"), ("CNSHEVOL123GUA", "CNSHEVOL123SHE", "close"),
        ("CNSHEVOL9GUA", "CNSHEVOL123SHE", "name"), ("CNOTHNAM123SHE", "CNSHEVOL123SHE", "different"),
        ("HKSHEVOL123SHE", "CNSHEVOL123SHE", "different"), (None, "CNSHEVOL123SHE", "unknown"),
        ("?", "CNSHEVOL123SHE", "unknown"),
    ],
)  # fmt: skip
def test_declared_and_built_are_compared(declared: str | None, built: str, level: str) -> None:
    assert compare_mid(declared, built) == level


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=15))
def test_no_text_makes_it_fail_and_a_mid_is_short(name: str, line: str, city: str) -> None:
    mid = build_mid(name, line, city, "CN")
    assert mid is None or len(mid) <= 15
    parse_mid(line)
