"""Steps that are made side by side give what they give one after the other, and fail as they would."""

from datetime import datetime
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from graphinv import pipeline
from graphinv.load.claims import ClaimingRows, address_uid
from graphinv.load.tables import claimed_tables, clock_of, concluded_tables, party_tables
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify, registry_of
from graphinv.resolve.resolution import Resolution
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder


@pytest.fixture(scope="module")
def prepared(sample_workspace: Path) -> PreparedRecords:
    """The prepared rows of the samples."""
    return prepared_records(open_workspace_folder(Settings(workspace=sample_workspace)))


@pytest.fixture(scope="module")
def records(prepared: PreparedRecords) -> PreparedRecords:
    """The same, identified."""
    return identify(prepared)


@pytest.fixture(scope="module")
def clock(records: PreparedRecords) -> datetime:
    """When the newest of them was known."""
    found = clock_of(records)
    assert found is not None
    return found


def test_records_identified_by_the_registry_they_make_are_the_same(
    prepared: PreparedRecords, records: PreparedRecords
) -> None:
    again = identify(prepared, registry_of(prepared))
    for feed, rows in vars(records).items():
        assert_frame_equal(getattr(again, feed), rows)


def test_what_is_claimed_beside_resolution_is_what_party_tables_claim(
    records: PreparedRecords, clock: datetime
) -> None:
    claimed, resolution = pipeline.claimed_and_resolved(records, clock, lambda: resolve_alone(records))
    conclusions = concluded(records, resolution)
    beside = concluded_tables(claimed.tables, conclusions)
    alone = party_tables(records, conclusions, clock)
    for one, other in ((beside.nodes, alone.nodes), (beside.edges, alone.edges)):
        assert one.keys() == other.keys()
        for name, frame in one.items():
            assert_frame_equal(frame, other[name], check_row_order=False)


def test_records_behind_a_conclusion_are_the_same_when_put_together_before(
    records: PreparedRecords, clock: datetime
) -> None:
    resolution = resolve_alone(records)
    before = concluded(records, resolution, claimed_tables(records, clock).behind).same_as
    assert len(before) > 0
    assert_frame_equal(before, concluded(records, resolution).same_as, check_row_order=False)


def test_a_resolution_that_fails_is_told(records: PreparedRecords, clock: datetime) -> None:
    def failing() -> Resolution:
        raise ValueError("no model")

    with pytest.raises(ValueError, match="no model"):
        pipeline.claimed_and_resolved(records, clock, failing)


def test_claims_that_fail_beside_resolution_are_told(
    records: PreparedRecords, clock: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ValueError("no claims")

    resolution = resolve_alone(records)
    monkeypatch.setattr(pipeline, "claimed_tables", failing)
    with pytest.raises(ValueError, match="no claims"):
        pipeline.claimed_and_resolved(records, clock, lambda: resolution)


def test_a_place_has_one_uid_whoever_names_it(records: PreparedRecords) -> None:
    rows = ClaimingRows.of(records)
    for party, prefix in rows.places():
        keys = party.rows.frame.select(building=f"{prefix}building_key", unit=f"{prefix}unit_key")
        at = keys["building"].is_not_null().arg_true().to_numpy()
        places, buildings = rows.place(party.rows, prefix).uids(at), rows.building(party.rows, prefix).uids(at)
        told = keys[at].rows()
        assert places.to_list() == [address_uid(building, unit) for building, unit in told]
        assert buildings.to_list() == [address_uid(building, None) for building, _ in told]
