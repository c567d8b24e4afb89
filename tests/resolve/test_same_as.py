"""Which identities are one party, on which records that rests, and since when it was known."""

from datetime import UTC, datetime

from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.resolution import resolve
from graphinv.resolve.same_as import Conclusions, concluded, declared_uids
from tests.resolve.conftest import Tell

HERE = {"address_line1": "12 Maple Avenue", "city": "Dayton", "state": "OH", "country": "US"}
FIRM = {"importer_number": "12-345678900", "name": "Arlen Goods LLC", "registered_on": "2022-01-05", **HERE}
FILED = {
    "shipment_id": "X1", "filed_at": "2024-05-01T10:00:00Z", "consignee_name": "ARLEN GOODS",
    **{f"consignee_{name}": value for name, value in HERE.items()},
}  # fmt: skip


def concluding(records: PreparedRecords) -> Conclusions:
    return concluded(records, resolve(declared_by(records), uids=declared_uids(records)))


def test_one_name_at_one_place_is_one_party_on_the_records_that_say_so(tell: Tell) -> None:
    elsewhere = {**FILED, "shipment_id": "X2", "filed_at": "2024-06-01T00:00:00Z", "importer_number": "12-345678900",
                 "consignee_address_line1": ""}  # fmt: skip
    records = tell(importers=[FIRM], shipments=[FILED, elsewhere])
    conclusions = concluding(records)
    (pair,) = conclusions.same_as.to_dicts()
    assert pair["sources"] == ["importers:12-345678900", "shipments:X1#consignee", "shipments:X2#consignee"]
    assert pair["count"] == 3
    assert str(pair["first_seen"]) == "2022-01-05"
    assert str(pair["last_seen"]) == "2024-06-01"
    assert pair["known_at"] == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert conclusions.entities["entity"].n_unique() == 1


def test_a_name_without_a_place_joins_nobody(tell: Tell) -> None:
    nameless = {**FILED, "consignee_address_line1": "", "consignee_city": ""}
    assert concluding(tell(importers=[FIRM], shipments=[nameless])).same_as.is_empty()


def test_a_sellers_tax_number_joins_its_importer_where_a_contact_agrees(tell: Tell) -> None:
    account = {"platform": "bazario", "seller_id": "S1", "tax_id": "12-3456789", "opened_on": "2023-02-01"}
    agreeing = {**account, "legal_name": "Arlen Goods"}
    contradicting = {**account, "seller_id": "S2", "legal_name": "Queston Toys", "phone": "520 555 0100"}
    pairs = concluding(tell(importers=[FIRM], sellers=[agreeing, contradicting])).same_as
    assert pairs["dst"].to_list() == ["seller:bazario/S1"]
    assert pairs["sources"].to_list() == [["importers:12-345678900", "sellers:bazario/S1"]]
    assert pairs["probability"][0] > 0.9
