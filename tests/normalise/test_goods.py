import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.normalise.goods import hts6, normalize_hts
from graphinv.normalise.hashing import hash_nine_digits, opaque_id


@pytest.mark.parametrize(
    ("raw", "hts"),
    [
        ("8517.13.00.00", "8517130000"), ("8517 13 0000", "8517130000"), ("85171300", "85171300"),
        ("8517.13", "851713"),
        ("306170000", "0306170000"), ("3061700", "03061700"), ("30617", "030617"),  # a spreadsheet's lost zero
        ("8517", None), ("7700000000", None), ("0000000000", None), ("85171300001", None), ("8517A3", None), ("", None),
        (None, None), ("８５１７13", None),
    ],
)  # fmt: skip
def test_hts_numbers_are_even_digits(raw: str | None, hts: str | None) -> None:
    assert normalize_hts(raw) == hts
    assert hts6(raw) == (hts[:6] if hts else None)


@given(st.text(max_size=15))
def test_an_hts_number_is_its_own_number(text: str) -> None:
    hts = normalize_hts(text)
    assert hts is None or normalize_hts(hts) == hts


def test_opaque_ids_are_the_start_of_blake2b() -> None:
    assert opaque_id("importer:", "x") == "importer:" + hashlib.blake2b(b"x").hexdigest()[:16]
    assert opaque_id("importer:", "x") != opaque_id("importer:", "y")
    assert len(opaque_id("", "\ud800")) == 16


def test_hashes_of_nine_digits_depend_on_the_key() -> None:
    one, other = hash_nine_digits(b"one", "983461163"), hash_nine_digits(b"two", "983461163")
    assert one != other
    assert len(one) == len("ssn-") + 24
