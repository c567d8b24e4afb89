"""Which identities are one party, on which records that rests, and since when it was known."""

from datetime import UTC, datetime

import polars as pl

from graphinv.resolve.same_as import entities, same_as
from tests.resolve.conftest import Tell

HERE = {"address_line1": "12 Maple Avenue", "city": "Dayton", "state": "OH", "country": "US"}
FIRM = {"importer_number": "12-345678900", "name": "Arlen Goods LLC", "registered_on": "2022-01-05", **HERE}
FILED = {
    "shipment_id": "X1", "filed_at": "2024-05-01T10:00:00Z", "consignee_name": "ARLEN GOODS",
    **{f"consignee_{name}": value for name, value in HERE.items()},
}  # fmt: skip


def test_one_name_at_one_place_is_one_party_on_the_records_that_say_so(tell: Tell) -> None:
    elsewhere = {**FILED, "shipment_id": "X2", "filed_at": "2024-06-01T00:00:00Z", "importer_number": "12-345678900",
                 "consignee_address_line1": ""}  # fmt: skip
    records = tell(importers=[FIRM], shipments=[FILED, elsewhere])
    (pair,) = same_as(records).to_dicts()
    assert pair["sources"] == ["importers:12-345678900", "shipments:X1#consignee"]
    assert pair["count"] == 2
    assert str(pair["first_seen"]) == "2022-01-05"
    assert str(pair["last_seen"]) == "2024-05-01"
    assert pair["known_at"] == datetime(2024, 5, 1, 10, tzinfo=UTC)
    entity = entities(pl.Series([pair["src"], pair["dst"], "importer:other"]), same_as(records))
    assert entity["entity"].n_unique() == 2


def test_a_name_without_a_place_joins_nobody(tell: Tell) -> None:
    nameless = {**FILED, "consignee_address_line1": "", "consignee_city": ""}
    assert same_as(tell(importers=[FIRM], shipments=[nameless])).is_empty()


def test_a_sellers_tax_number_joins_its_importer_where_a_contact_agrees(tell: Tell) -> None:
    account = {"platform": "bazario", "seller_id": "S1", "tax_id": "12-3456789", "opened_on": "2023-02-01"}
    agreeing = {**account, "legal_name": "Arlen Goods"}
    contradicting = {**account, "seller_id": "S2", "legal_name": "Queston Toys", "phone": "520 555 0100"}
    pairs = same_as(tell(importers=[FIRM], sellers=[agreeing, contradicting]))
    assert pairs["dst"].to_list() == ["seller:bazario/S1"]
    assert pairs["sources"].to_list() == [["importers:12-345678900", "sellers:bazario/S1"]]
    assert pairs["probability"].to_list() == [0.97]
