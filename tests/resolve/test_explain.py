"""Why two parties are one: every comparison with both values, and the sum that makes the probability."""

import math
from dataclasses import replace

import polars as pl
import pytest

from graphinv.errors import NotFound
from graphinv.resolve.declared import declared_by
from graphinv.resolve.explain import explain, names_written
from graphinv.resolve.explanation import ComparedRow, PairExplanation
from graphinv.resolve.identities import PreparedRecords, importer_uid
from graphinv.resolve.model import untrained
from graphinv.resolve.parties import parties_of
from graphinv.resolve.resolution import resolve
from tests.resolve.conftest import Tell

HERE = {
    "address_line1": "12 Maple Avenue",
    "address_line2": "Suite 4",
    "city": "Dayton",
    "state": "OH",
    "country": "US",
}
ARLEN = {"importer_number": "12-345678900", "name": "Arlen Goods LLC", "phone": "937 555 0142", **HERE}
AGAIN = {"importer_number": "98-765432100", "name": "Arlen Goods Inc", "phone": "937 555 0142", **HERE}
NEIGHBOUR = {"importer_number": "55-111222300", "name": "Queston Toys", "email": "desk@queston.example", **HERE}
ACCOUNT = {
    "platform": "bazario", "seller_id": "S1", "legal_name": "Arlen Goods", "tax_id": "321-54-9876",
    "bank_account": "DE02120300000000202051", **HERE,
}  # fmt: skip
OTHER_ACCOUNT = {**ACCOUNT, "seller_id": "S2", "legal_name": "Queston Toys"}
A, B, C = (importer_uid(row["importer_number"].replace("-", "")) for row in (ARLEN, AGAIN, NEIGHBOUR))
S1, S2 = "seller:bazario/S1", "seller:bazario/S2"


@pytest.fixture
def records(tell: Tell) -> PreparedRecords:
    """Three importers and two accounts in one suite."""
    return tell(importers=[ARLEN, AGAIN, NEIGHBOUR], sellers=[ACCOUNT, OTHER_ACCOUNT])


def told(records: PreparedRecords, left: str, right: str) -> PairExplanation:
    declared = declared_by(records)
    return explain(declared, parties_of(declared), untrained(), left, right)


def rows(explanation: PairExplanation) -> dict[str, ComparedRow]:
    return {row.comparison: row for row in explanation.rows}


def test_names_are_shown_as_they_were_written(records: PreparedRecords) -> None:
    declared = declared_by(records)
    written = names_written(records, pl.Series([A, S1]))
    row = rows(explain(declared, parties_of(declared), untrained(), A, S1, written))["firm_name"]
    assert (row.left_value, row.right_value) == ("Arlen Goods LLC", "Arlen Goods")


def test_every_comparison_is_told_with_both_values(records: PreparedRecords) -> None:
    by_name = rows(told(records, A, C))
    assert (by_name["firm_name"].left_value, by_name["firm_name"].right_value) == ("arlen goods", "queston toys")
    assert by_name["firm_name"].level == "different"
    assert by_name["firm_name"].bits < 0
    assert by_name["address"].level == "same"
    assert "Maple" in by_name["address"].left_value
    assert by_name["address"].note.endswith("used by 5 parties")


def test_the_sum_of_prior_and_weights_makes_the_probability(records: PreparedRecords) -> None:
    found = told(records, A, B)
    assert found.total_bits == pytest.approx(found.prior_bits + sum(row.bits for row in found.rows), abs=0.01)
    assert found.probability == pytest.approx(1 / (1 + math.exp2(-found.total_bits)), abs=1e-3)
    assert [abs(row.bits) for row in found.rows] == sorted((abs(row.bits) for row in found.rows), reverse=True)


def test_what_one_side_lacks_is_told_and_weighs_nothing(records: PreparedRecords) -> None:
    by_name = rows(told(records, A, C))
    assert (by_name["email"].left_value, by_name["email"].right_value) == ("", "desk@queston.example")
    assert (by_name["email"].bits, by_name["email"].note) == (0.0, "told by one side only")
    assert by_name["phone"].left_value == "+19375550142"
    assert "website" not in by_name


def test_left_and_right_change_places_and_nothing_else(records: PreparedRecords) -> None:
    one, other = told(records, A, C), told(records, C, A)
    assert one.total_bits == other.total_bits
    assert {(row.comparison, row.left_value, row.right_value) for row in one.rows} == {
        (row.comparison, row.right_value, row.left_value) for row in other.rows
    }


def test_numbers_are_compared_and_never_shown(records: PreparedRecords) -> None:
    found = told(records, S1, S2)
    by_name = rows(found)
    assert (by_name["number"].level, by_name["number"].left_value) == ("same", "***-**-****")
    assert by_name["bank_account"].right_value == "…2051"
    shown = repr(found) + repr(told(records, A, B))
    assert not any(text in shown for text in ("321", "9876", "12345678", "98765432", "ssn-", "DE02"))


def test_a_pair_is_explained_as_it_was_resolved(tell: Tell) -> None:
    crowd = [
        {"importer_number": f"44-555{number:04}00", "name": f"Firm {number} Supply", "phone": f"614 555 {number:04}"}
        for number in range(500)
    ]
    declared = declared_by(tell(importers=[ARLEN, AGAIN, *crowd], sellers=[ACCOUNT]))
    first = resolve(declared).kept
    kept = replace(first, model=untrained(), pairs=first.pairs.clear(), prints=first.prints.clear())
    concluded = resolve(declared, kept=kept)
    assert {A, B} <= set(concluded.pairs["src"]) | set(concluded.pairs["dst"])
    for src, dst, probability, weight in concluded.pairs.iter_rows():
        found = explain(declared, concluded.parties, concluded.kept.model, src, dst)
        assert found.probability == pytest.approx(probability, abs=1e-3)
        assert found.total_bits - found.prior_bits == pytest.approx(weight, abs=0.01)


def test_nobody_is_not_explained(records: PreparedRecords) -> None:
    with pytest.raises(NotFound, match="no party"):
        told(records, A, "importer:0000000000000000")
