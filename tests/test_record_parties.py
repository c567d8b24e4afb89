"""Which party every record names, kept beside the records and made again when others came in."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphinv.errors import InvalidInput
from graphinv.ingest import ingest
from graphinv.record_parties import kept_name, record_parties, records_of, uids_of
from graphinv.resolve.identities import importer_uid, seller_uid
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.load.feeds import write_rows

FIRM = {"importer_number": "12-345678900", "name": "Arlen Goods LLC", "registered_on": "2022-01-05"}
CHANGED = {**FIRM, "name": "Arlen Goods Inc", "registered_on": "2023-06-01"}
OWNER = {"importer_number": "321-54-9876", "name": "Vera Lindqvist", "registered_on": "2022-03-05"}
FILED = {
    "shipment_id": "X#1", "filed_at": "2024-05-01", "importer_number": "12-345678900", "consignee_name": "Arlen Goods",
    "shipper_name": "Ningbo Hualong Bag Co", "shipper_country": "CN",
}  # fmt: skip
ACCOUNT = {"platform": "Bazario", "seller_id": "S1", "legal_name": "Arlen Goods", "opened_on": "2023-02-01"}
FIRM_UID = importer_uid("12345678900")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with a registration of two versions, an owner, an account and a shipment."""
    found = open_workspace_folder(Settings(workspace=tmp_path / "workspace"))
    rows = {"importers": [FIRM, CHANGED, OWNER], "shipments": [FILED], "sellers": [ACCOUNT]}
    ingest(found, [write_rows(tmp_path / "feeds", **rows)])
    yield found
    found.close()


def test_every_record_names_its_parties_with_role_and_days(workspace: Workspace) -> None:
    rows = {row["record_id"]: row for row in record_parties(workspace).collect().to_dicts()}
    assert len(rows) == 5
    registered = rows["importers:12-345678900"]
    assert (registered["uid"], registered["role"]) == (FIRM_UID, "importer")
    assert (registered["first_seen"], registered["last_seen"]) == (date(2022, 1, 5), date(2023, 6, 1))
    assert rows["shipments:X#1#consignee"]["uid"] == FIRM_UID
    assert rows["shipments:X#1#shipper"]["uid"].startswith("shipper:")
    assert rows["sellers:Bazario/S1"]["uid"] == seller_uid("bazario", "S1")


def test_it_is_sorted_by_party_so_that_one_is_found_without_reading_all(workspace: Workspace) -> None:
    uids = record_parties(workspace).collect()["uid"].to_list()
    assert uids == sorted(uids)


def test_it_is_made_again_when_records_came_in(workspace: Workspace, tmp_path: Path) -> None:
    assert uids_of(workspace, ["importers:98-765432100"]) == {}
    late = {**FIRM, "importer_number": "98-765432100"}
    ingest(workspace, [write_rows(tmp_path / "late", importers=[late])])
    assert uids_of(workspace, ["importers:98-765432100"]) == {"importers:98-765432100": importer_uid("98765432100")}


def test_a_name_is_a_record_or_a_party(workspace: Workspace) -> None:
    names = ["importers:12-345678900", FIRM_UID, "importer:0000000000000000"]
    assert uids_of(workspace, names) == {"importers:12-345678900": FIRM_UID, FIRM_UID: FIRM_UID}


def test_a_social_security_number_in_a_name_is_hashed_as_in_its_record(workspace: Workspace) -> None:
    kept = kept_name(workspace, " importers:321-54-9876 ")
    assert kept.startswith("importers:ssn-")
    assert uids_of(workspace, [kept])[kept].startswith("importer:s")
    assert kept_name(workspace, "sellers:Bazario/S1") == "sellers:Bazario/S1"


def test_a_shipment_alone_says_not_which_party(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput, match="#consignee or #shipper"):
        kept_name(workspace, "shipments:X#1")


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("shipments:S1#consignee", "shipments:S1"),
        ("shipments:S1#consignee#consignee", "shipments:S1#consignee"),
        ("shipments:S1#shipper#consignee", "shipments:S1#shipper"),
        ("shipments:S\n1#shipper", "shipments:S\n1"),
        ("sellers:bazario/S1#consignee", "sellers:bazario/S1#consignee"),
        (FIRM_UID, FIRM_UID),
    ],
)
def test_one_role_is_left_out_of_a_shipment_and_nothing_of_other_names(name: str, record: str) -> None:
    assert records_of(pl.Series([name])).to_list() == [record]
