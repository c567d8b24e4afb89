import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.identifiers import (
    ein_hash,
    normalize_bank_account,
    normalize_importer_number,
    normalize_tax_id,
)

KEY = b"a key for tests"


def hashed(nine: str) -> str:
    return "ssn-" + hmac.new(KEY, nine.encode(), hashlib.sha256).hexdigest()[:24]


@pytest.mark.parametrize(
    ("raw", "kind", "key", "shown"),
    [
        ("38-507358900", "ein", "38507358900", "38-507358900"),
        ("38507358900", "ein", "38507358900", "38-507358900"),
        ("38-5073589", "ein", "385073589", "38-5073589"),
        (" 24-8735068a1 ", "ein", "248735068A1", "24-8735068A1"),
        ("24–8735068A1", "ein", "248735068A1", "24-8735068A1"),  # a dash that is none on a keyboard
        ("EIN: 38-507358900", "ein", "38507358900", "38-507358900"),
        ("Tax ID no. 38-5073589", "ein", "385073589", "38-5073589"),
        ("IRS# 38-507358900", "ein", "38507358900", "38-507358900"),
        ("38507358900.0", "ein", "38507358900", "38-507358900"),  # a spreadsheet took it for a quantity
        ("CBP 180069-29477", "cbp_assigned", "18006929477", "180069-29477"),
        ("180069-29477", "cbp_assigned", "18006929477", "180069-29477"),
        ("24-735068A1", "other", "24735068A1", "24-735068A1"),  # a digit short of an EIN
    ],
)
def test_numbers_of_form_5106_are_told_apart(raw: str, kind: str, key: str, shown: str) -> None:
    number = normalize_importer_number(raw, KEY)
    assert number is not None
    assert (number.kind, number.key, number.shown) == (kind, key, shown)


@pytest.mark.parametrize(
    "raw",
    [
        "983-46-1163",
        "983 46 1163",
        "983461163",
        "983-461163",
        "98346-1163",
        "SSN: 983-46-1163",
        "983-46-1163 (pers.)",
        "SSN 983461163",
        "SSN#983461163",
        "ssn983461163",
        "Tax ID: 983461163",
        "983461163.0",
        "Social Security No. 983461163",
        "ITIN 983-46-1163",
    ],
)
def test_social_security_numbers_leave_hashed_and_masked(raw: str) -> None:
    number = normalize_importer_number(raw, KEY)
    assert number is not None
    assert (number.kind, number.key, number.shown) == ("ssn", hashed("983461163"), "***-**-1163")
    again = normalize_importer_number(number.key, KEY)
    assert again is not None
    assert again.key == number.key


def test_a_dropped_leading_zero_does_not_lay_a_number_open() -> None:
    number = normalize_importer_number("83461163", KEY)
    assert number is not None
    assert number.key == hashed("083461163")


def test_a_bare_spelling_of_an_ein_is_found_by_its_hash() -> None:
    bare = normalize_importer_number("385073589", KEY)
    assert bare is not None
    written = ("38-507358900", "38-5073589", "983-46-1163", "180069-29477")
    read = (normalize_importer_number(raw, KEY) for raw in written)
    suffixed, dashed, social, assigned = (None if number is None else ein_hash(number, KEY) for number in read)
    assert suffixed == dashed == bare.key
    assert social is None
    assert assigned is None


@pytest.mark.parametrize(
    "raw", [None, "", "N/A", "000-00-0000", "00-000000000", "***-**-1234", "999999999", "12-34", "ABCDEFG"]
)
def test_unusable_numbers_are_none(raw: str | None) -> None:
    assert normalize_importer_number(raw, KEY) is None


def test_another_key_gives_another_hash() -> None:
    one, other = normalize_importer_number("983-46-1163", b"one"), normalize_importer_number("983-46-1163", b"two")
    assert one is not None
    assert other is not None
    assert one.key != other.key


def test_foreign_tax_ids_are_other_numbers() -> None:
    number = normalize_tax_id("9155 1775 0667 455884", KEY)
    assert number is not None
    assert (number.kind, number.key) == ("other", "915517750667455884")


@pytest.mark.parametrize(
    ("raw", "account"),
    [
        ("065175894-20784774328", "06517589420784774328"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("IBAN: DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("IBAN DE89370400440532013000", "DE89370400440532013000"),
        ("Acct# 20784774328", "20784774328"), ("ACCOUNT NO. 20784774328", "20784774328"),
        ("A/C 2078-4774-328", "20784774328"), ("ACC20784774", "20784774"),
        ("291341963-***8925", None), ("XXXXXX8925", None), ("12345", None), ("00000000000", None), ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_bank_accounts_lose_separators_and_masked_ones_are_none(raw: str | None, account: str | None) -> None:
    assert normalize_bank_account(raw) == account


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=30), st.text("0123456789- X*A", max_size=16)))
def test_no_text_makes_them_fail_and_no_ssn_comes_through(text: str) -> None:
    number = normalize_importer_number(text, KEY)
    normalize_bank_account(text)
    if number is not None and number.kind == "ssn":
        digits = "".join(char for char in text if char.isdigit())
        assert digits not in number.key
        assert digits not in number.shown
