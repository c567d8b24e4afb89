"""Risks of attributes: shares of few examinations say little, and what officers chose is set against their choice."""

import polars as pl
import pytest

from graphinv.links.outcomes import known_by, outcomes, stand_ins
from graphinv.links.risk import base_rates, risk_table, terms_of
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.workspace import Workspace


@pytest.fixture(scope="module")
def records(workspace: Workspace) -> PreparedRecords:
    """The story, each shipment at a port of its own name."""
    told = identify(prepared_records(workspace))
    ports = told.shipments.with_columns(port_code=pl.lit("2704"), hts6=pl.lit("950300"))
    return PreparedRecords(**{**vars(told), "shipments": ports})


def examined(records: PreparedRecords, violations: int, compliant: int, selection: str = "random") -> pl.DataFrame:
    """Outcomes of the first shipments, told several times over."""
    one = records.shipments.select("shipment_id", "known_at").head(1)
    rows = [(True, violations), (False, compliant)]
    return pl.concat(
        pl.concat([one] * count).with_columns(violation=pl.lit(told), selection=pl.lit(selection))
        for told, count in rows
        if count
    )


def test_one_violation_says_less_than_ten(records: PreparedRecords) -> None:
    others = examined(records, 3, 97).with_columns(shipment_id=pl.lit("X78"))

    def added(violations: int, compliant: int) -> float:
        found = pl.concat([examined(records, violations, compliant), others])
        return risk_table(records, found).of("party", records.shipments["importer_uid"][0]).added

    assert 0.0 < added(1, 0) < added(10, 0)
    assert added(0, 30) < 0.0


def test_of_what_nobody_examined_nothing_is_said(records: PreparedRecords) -> None:
    table = risk_table(records, examined(records, 2, 10))
    assert table.of("port", "9999").added == 0.0
    known = table.of("port", "2704")
    assert (known.violations, known.examined) == (2, 12)


def test_the_share_of_all_is_that_of_the_random_ones(records: PreparedRecords) -> None:
    found = pl.concat([examined(records, 2, 98), examined(records, 60, 40, "targeted")])
    base, odds = base_rates(found)
    assert base == pytest.approx(0.025, abs=0.002)
    assert odds["random"] == 1.0
    assert odds["targeted"] > 5.0


def test_a_released_seizure_is_no_outcome_and_others_are_examinations(records: PreparedRecords) -> None:
    found = outcomes(records)
    assert set(found["selection"]) == {"seizure"}
    assert "X79" not in found["shipment_id"].to_list()
    assert known_by(found, found["known_at"].min()).height == 1  # type: ignore[arg-type]


def test_without_inspections_shipments_that_passed_stand_in(records: PreparedRecords) -> None:
    found, stands_for = stand_ins(records, outcomes(records))
    assert stands_for == 1.0
    assert set(found["selection"]) == {"seizure", "passed"}
    assert len(found) == records.shipments["shipment_id"].n_unique()


def test_words_of_a_description_are_told_once() -> None:
    assert terms_of("LED lamps, led LAMPS 20 pcs") == ["lamps"]
