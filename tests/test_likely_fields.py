"""A misspelt field of a request is told with the one that was meant."""

import pytest

from api.models import PathsBody
from graphinv.likely_fields import unknown_field
from graphinv.links.question import LookupRequest


@pytest.mark.parametrize(
    ("location", "meant"),
    [
        (("queries", "k1", "phone"), "phones"),
        (("queries", "name", "Email"), "emails"),
        (("queries", "k1", "address"), "addresses"),
        (("querys",), "queries"),
        (("queries", "k1", "addresses", 0, "AddressQuestion", "postcode"), "postal_code"),
        (("queries", "k1", "sellers", 3, "sellerid"), "seller_id"),
    ],
)
def test_the_field_spelt_most_alike_at_that_place_is_named(location: tuple[str | int, ...], meant: str) -> None:
    assert unknown_field(LookupRequest, location) == f"no such field; did you mean {meant}?"


def test_without_any_alike_the_fields_of_the_place_are_listed() -> None:
    told = unknown_field(LookupRequest, ("queries", "k1", "sellers", 0, "zzz"))
    assert told == "no such field; there are platform, seller_id"


def test_fields_are_named_as_a_body_spells_them() -> None:
    assert unknown_field(PathsBody, ("form",)) == "no such field; did you mean from?"
