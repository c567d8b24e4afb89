"""Risks of attributes: shares of few examinations say little, and what officers chose is set against their choice."""

from dataclasses import replace

import polars as pl
import pytest

from graphinv.links.outcomes import Outcomes, StandIn, known_by, outcomes, telling_outcomes
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
        return risk_table(records, Outcomes(found)).of("party", records.shipments["importer_uid"][0]).added

    assert 0.0 < added(1, 0) < added(10, 0)
    assert added(0, 30) < 0.0


def test_of_what_nobody_examined_nothing_is_said(records: PreparedRecords) -> None:
    table = risk_table(records, Outcomes(examined(records, 2, 10)))
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
    told = telling_outcomes(records)
    assert told.stand_in == StandIn("nothing was inspected", 1.0)
    assert set(told.rows["selection"]) == {"seizure", "passed"}
    assert len(told.rows) == records.shipments["shipment_id"].n_unique()


def inspected(records: PreparedRecords, count: int, selection: str) -> PreparedRecords:
    """The story with so many inspections that found nothing, the first of the last shipment, others of none filed."""
    filed = records.shipments.tail(1)
    told = pl.DataFrame({"shipment_id": [filed["shipment_id"][0], *(f"I{at}" for at in range(1, count))]})
    rows = told.with_columns(
        known_at=pl.lit(filed["known_at"][0]).cast(records.shipments.schema["known_at"]),
        result=pl.lit("compliant"),
        selection=pl.lit(selection),
    )
    return replace(records, inspections=rows)


@pytest.mark.parametrize(("count", "selection"), [(249, "targeted"), (59, "random")])
def test_with_few_inspections_seizures_still_stand_in(records: PreparedRecords, count: int, selection: str) -> None:
    told = telling_outcomes(inspected(records, count, selection))
    assert told.stand_in == StandIn("too little was inspected", 1.0)
    assert set(told.rows["selection"]) == {"seizure", "passed", selection}


@pytest.mark.parametrize(("count", "selection"), [(250, "targeted"), (60, "random")])
def test_inspections_that_are_enough_tell_alone(records: PreparedRecords, count: int, selection: str) -> None:
    told = telling_outcomes(inspected(records, count, selection))
    assert told.stand_in is None
    assert set(told.rows["selection"]) == {"seizure", selection}


def test_where_seizures_stand_in_records_are_of_all_that_came(records: PreparedRecords) -> None:
    told = telling_outcomes(records)
    table = risk_table(records, told)
    came, seized = len(told.rows), int(told.rows["violation"].sum())
    assert table.base == pytest.approx((seized + 0.5) / (came + 1.0))
    known = table.of("port", "2704")
    assert (known.violations, known.examined, known.seized) == (seized, came, True)
    assert known.added == pytest.approx(0.0, abs=0.1)
    thrice = Outcomes(told.rows, StandIn("nothing was inspected", 3.0))
    assert risk_table(records, thrice).of("port", "2704").examined == seized + 3 * (came - seized)


def test_words_of_a_description_are_told_once() -> None:
    assert terms_of("LED lamps, led LAMPS 20 pcs") == ["lamps"]
