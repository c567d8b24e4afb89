"""Exact identities: which spellings of a number are one importer, and who is a party without a number."""

import polars as pl
import pytest

from graphinv.resolve.identities import importer_uid, seller_uid
from tests.resolve.conftest import Tell

FILED = {"shipment_id": "X1", "filed_at": "2024-05-01T10:00:00Z"}


@pytest.mark.parametrize("spelling", ["98-765432100", "98765432100", "98 7654321 00", "98-7654321-00"])
def test_an_ein_is_one_importer_however_it_is_spelled(tell: Tell, spelling: str) -> None:
    records = tell(
        importers=[{"importer_number": "98-765432100", "name": "Oricor Goods"}],
        shipments=[{**FILED, "importer_number": spelling}],
    )
    assert records.shipments["importer_uid"].to_list() == [importer_uid("98765432100")]


def test_nine_bare_digits_are_the_registered_ein_of_those_digits(tell: Tell) -> None:
    records = tell(
        importers=[{"importer_number": "98-765432100", "name": "Oricor Goods"}],
        shipments=[{**FILED, "importer_number": "987654321"}],
        seizures=[{"seizure_id": "Z1", "seized_on": "2024-06-01", "importer_number": "987654321"}],
        trusted=[{"importer_number": "987654321", "program": "CTPAT", "vetted_on": "2024-01-01"}],
    )
    (registered,) = records.importers["uid"]
    assert records.shipments["importer_uid"].to_list() == [registered]
    assert records.seizures["importer_uid"].to_list() == [registered]
    assert records.trusted["uid"].to_list() == [registered]


def test_a_social_security_number_joins_itself_with_and_without_dashes(tell: Tell) -> None:
    records = tell(
        importers=[{"importer_number": "219-09-9998", "name": "Marisol Quade"}],
        shipments=[
            {**FILED, "importer_number": "219099998"},
            {**FILED, "shipment_id": "X2", "importer_number": "219 09 9998"},
        ],
    )
    uids = {*records.importers["uid"], *records.shipments["importer_uid"]}
    assert len(uids) == 1
    assert uids.pop().startswith("importer:s")
    shown = records.shipments.select(pl.concat_str(pl.col(pl.String).fill_null(""))).to_series()
    assert not shown.str.contains("9998").any()


def test_a_consignee_without_a_number_is_the_same_party_at_the_same_place(tell: Tell) -> None:
    here = {"consignee_name": "Wei Zhang", "consignee_address_line1": "12 Maple Avenue", "consignee_city": "Dayton",
            "consignee_state": "OH", "consignee_country": "US"}  # fmt: skip
    there = {**here, "consignee_address_line1": "900 Lincoln Street"}
    rows = [{**FILED, "shipment_id": f"X{n}", **row} for n, row in enumerate((here, here, there, {}, {}))]
    uids = tell(shipments=rows).shipments.sort("shipment_id")["importer_uid"].to_list()
    assert uids[0] == uids[1]
    assert len(set(uids)) == 4
    assert all(uid.startswith("importer:p") for uid in uids)


def test_a_registration_without_a_usable_number_is_kept_as_a_provisional_importer(tell: Tell) -> None:
    records = tell(importers=[{"importer_number": "pending", "name": "Arlen Goods", "phone": "520 555 0147"}])
    assert records.importers["uid"].str.starts_with("importer:p").to_list() == [True]


def test_a_shipper_is_its_name_and_country_and_without_a_name_its_place(tell: Tell) -> None:
    shippers: tuple[dict[str, str], ...] = (
        {"shipper_name": "Yiwu Senhe Toys Co., Ltd.", "shipper_country": "CN"},
        {"shipper_name": "YIWU SENHE TOYS CO LTD", "shipper_country": "China"},
        {"shipper_name": "Yiwu Senhe Toys Co., Ltd.", "shipper_country": "VN"},
        {"shipper_address": "No. 8 Heping Road", "shipper_city": "Yiwu", "shipper_country": "CN"},
        {},
    )
    rows = [{**FILED, "shipment_id": f"X{n}", **row} for n, row in enumerate(shippers)]
    uids = tell(shipments=rows).shipments.sort("shipment_id")["shipper_uid"].to_list()
    assert uids[0] == uids[1]
    assert uids[0] != uids[2]
    assert uids[3] is not None
    assert uids[4] is None


def test_an_account_is_told_apart_by_case_in_its_id_but_not_in_its_platform(tell: Tell) -> None:
    records = tell(
        sellers=[{"platform": "Bazario", "seller_id": "aB1"}, {"platform": "bazario", "seller_id": "AB1"}],
        shipments=[{**FILED, "platform": "BAZARIO", "seller_id": "aB1"}],
    )
    assert records.sellers["uid"].n_unique() == 2
    assert records.shipments["seller_uid"].to_list() == [seller_uid("bazario", "aB1")]
