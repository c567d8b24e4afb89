"""What comes later adds to what is on record exactly as if all had come at once."""

from dataclasses import replace

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphinv.ingest import ingest
from graphinv.load.additions import _in_tables, additions, merged
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, party_tables
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify, registry_of
from graphinv.resolve.same_as import undivided
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.load.feeds import SAMPLES, feed_files


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> PreparedRecords:
    workspace = open_workspace_folder(Settings(workspace=tmp_path_factory.mktemp("additions")))
    ingest(workspace, feed_files(SAMPLES))
    prepared = prepared_records(workspace)
    workspace.close()
    return prepared


def edges_of(records: PreparedRecords) -> pl.DataFrame:
    """All relationships of identified records, nothing concluded."""
    clock = clock_of(records)
    assert clock is not None
    return evidence_tables(records, party_tables(records, undivided(records), clock), clock).edges


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_shipments_that_come_later_add_up_to_the_whole(records: PreparedRecords, share: float) -> None:
    registry, shipments = registry_of(records), records.shipments.sort("known_at", "record_id")
    first = int(len(shipments) * share)
    empty = {feed: rows.clear() for feed, rows in vars(records).items()}
    before = identify(replace(records, shipments=shipments.head(first)), registry)
    later = identify(PreparedRecords(**{**empty, "shipments": shipments.slice(first)}), registry)
    clock = clock_of(records)
    assert clock is not None
    added = additions(later, clock).edges(later.shipments["record_id"])
    whole = edges_of(identify(records, registry))
    key = ["claim", "src", "dst"]
    found = merged(edges_of(before), added).select(whole.columns)
    assert_frame_equal(found.sort(key), whole.sort(key), check_exact=True)


def test_only_what_a_record_names_of_the_registry_tells_who_it_is(records: PreparedRecords) -> None:
    whole = identify(records)
    one_by_one = [
        identify(replace(records, shipments=records.shipments[at : at + 1]), registry_of(records)).shipments
        for at in range(0, len(records.shipments), 7)
    ]
    found = pl.concat(one_by_one).select("record_id", "importer_uid", "claimed_uid", "disputed").sort("record_id")
    told = whole.shipments.select(found.columns).filter(pl.col("record_id").is_in(found["record_id"].implode()))
    assert_frame_equal(found, told.sort("record_id"))


@pytest.mark.parametrize("size", [0, 1, 3, 40, 400])
def test_a_few_shipments_add_row_by_row_what_tables_add(records: PreparedRecords, size: int) -> None:
    empty = {feed: rows.clear() for feed, rows in vars(records).items()}
    registry, clock = registry_of(records), clock_of(records)
    assert clock is not None
    for at in (0, len(records.shipments) // 2):
        some = PreparedRecords(**{**empty, "shipments": records.shipments.slice(at, size)})
        identified = identify(some, registry)
        found, expected = additions(identified, clock), _in_tables(identified, clock)
        nodes = expected.nodes.select(found.nodes.columns)
        assert_frame_equal(found.nodes.sort("uid"), nodes.sort("uid"))
        assert sorted(expected.nodes.columns) == sorted(found.nodes.columns)
        order = found.claims.columns
        assert_frame_equal(found.claims.sort(order), expected.claims.select(order).sort(order))


def test_a_shipment_whose_id_ends_like_a_role_is_the_root_of_its_claims(records: PreparedRecords) -> None:
    taken = records.shipments.filter(pl.col("consignee_phone").is_not_null() & pl.col("filer_code").is_not_null())
    shipment = taken.head(1).with_columns(
        shipment_id=pl.lit("S1#consignee"), record_id=pl.lit("shipments:S1#consignee")
    )
    identified = identify(replace(records, shipments=shipment))
    clock = clock_of(identified)
    assert clock is not None
    for added in (_in_tables(identified, clock), additions(_alone(identified), clock)):
        claims = added.claims.filter(pl.col("record_id").str.starts_with("shipments:S1"))
        assert set(claims["root"]) == {"shipments:S1#consignee"}
        assert {"shipments:S1#consignee", "shipments:S1#consignee#consignee"} <= set(claims["record_id"])


def _alone(records: PreparedRecords) -> PreparedRecords:
    """The shipments by themselves."""
    empty = {feed: rows.clear() for feed, rows in vars(records).items()}
    return PreparedRecords(**{**empty, "shipments": records.shipments})
