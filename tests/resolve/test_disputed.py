"""A number written on somebody else's shipment is told by its contacts, and by nothing that honest filings do."""

from collections.abc import Mapping

import pytest

from graphinv.resolve.identities import PreparedRecords
from tests.resolve.conftest import Tell

Row = Mapping[str, str]

HARBOR: Row = {
    "importer_number": "12-345678900",
    "name": "Velmar Harbor Trading LLC",
    "dba": "Lumen House",
    "address_line1": "482 Juniper Street",
    "address_line2": "Suite 12",
    "city": "Tucson",
    "state": "AZ",
    "postal_code": "85701",
    "country": "US",
    "mailing_address": "PO Box 771, Tucson, AZ 85702",
    "phone": "(520) 555-0147",
    "email": "office@velmar.example",
    "officer_name": "Marisol Quade",
    "registered_on": "2022-03-01",
}
HONEST: Row = {
    "shipment_id": "X1",
    "filed_at": "2024-05-01T10:00:00Z",
    "importer_number": "12-345678900",
    "consignee_name": "VELMAR HARBOR TRADING",
    "consignee_address_line1": "482 Juniper St Ste 12",
    "consignee_city": "Tucson",
    "consignee_state": "AZ",
    "consignee_postal_code": "85701",
    "consignee_country": "US",
}
ELSEWHERE: Row = {
    "consignee_address_line1": "9 Kesona Canyon Road",
    "consignee_city": "Newark",
    "consignee_state": "NJ",
    "consignee_postal_code": "07104",
}


def _disputed(records: PreparedRecords) -> bool:
    """Whether the one shipment is disputed; then it goes to a provisional importer, and the number is told apart."""
    (shipment,) = records.shipments.to_dicts()
    (registered,) = records.importers["uid"].unique()
    disputed = bool(shipment["disputed"])
    assert shipment["importer_uid"].startswith("importer:p") == disputed
    assert shipment["claimed_uid"] == (registered if disputed else None)
    assert disputed or shipment["importer_uid"] == registered
    return disputed


@pytest.mark.parametrize(
    "written",
    [
        {**ELSEWHERE, "consignee_phone": "+1 862 555 0190"},
        {**ELSEWHERE},
        {**ELSEWHERE, "consignee_name": "Oricor Goods Inc"},
        {**ELSEWHERE, "consignee_email": "desk@oricor.example", "consignee_address_line1": ""},
        {**ELSEWHERE, "consignee_name": "Oricor Goods Inc", "consignee_address_line1": ""},
    ],
    ids=["name borrowed too", "address alone", "other name", "other e-mail", "name alone"],
)
def test_contacts_of_somebody_else_contradict_the_number(tell: Tell, written: Row) -> None:
    assert _disputed(tell(importers=[HARBOR], shipments=[{**HONEST, **written}]))


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"consignee_name": "VELMAR HARBOUR TRADNG LLC", "consignee_address_line1": "482 Junipper Str Ste 12"},
        {"consignee_name": "VELMAR HARBOR TRA"},
        {"consignee_name": "Lumen House"},
        {"consignee_name": "Quade, Marisol"},
        {"consignee_name": "482 Juniper Street Tucson", "consignee_address_line1": "Velmar Harbor Trading"},
        {"consignee_name": "Receiving dept", "consignee_address_line1": "", "consignee_phone": "520.555.0147"},
        {**ELSEWHERE, "consignee_email": "Office@Velmar.example"},
        {**ELSEWHERE, "consignee_address_line1": "PO Box 12"},
        {"consignee_address_line1": "P.O. Box 771", "consignee_postal_code": "85702"},
        {"consignee_name": "", "consignee_address_line1": "", "consignee_city": "", "consignee_postal_code": ""},
        {"consignee_address_line1": "", "consignee_city": "", "consignee_postal_code": "", "consignee_state": ""},
    ],
    ids=[
        "as registered", "typos", "cut name", "trade name", "officer", "swapped columns", "its phone", "its e-mail",
        "mail drop", "its mailing address", "nothing written", "nothing but the name",
    ],
)  # fmt: skip
def test_what_honest_filings_do_is_no_contradiction(tell: Tell, written: Row) -> None:
    assert not _disputed(tell(importers=[HARBOR], shipments=[{**HONEST, **written}]))


def test_an_address_that_was_registered_before_still_agrees(tell: Tell) -> None:
    moved = {**HARBOR, "address_line1": "77 Praix Avenue", "phone": "520 555 0199", "known_at": "2023-09-01"}
    assert not _disputed(tell(importers=[HARBOR, moved], shipments=[HONEST]))


def test_a_forwarders_address_that_many_use_contradicts_nobody(tell: Tell) -> None:
    names = ("Dovster", "Arlen", "Tarivel", "Queston", "Marlow", "Praix", "Oricor")
    unnumbered = {**HONEST, **ELSEWHERE, "importer_number": ""}
    others = [{**unnumbered, "shipment_id": f"Y {name}", "consignee_name": f"{name} Co"} for name in names]
    records = tell(importers=[HARBOR], shipments=[{**HONEST, **ELSEWHERE}, *others])
    assert not records.shipments["disputed"].any()


def test_an_unregistered_number_is_nobody_elses(tell: Tell) -> None:
    records = tell(shipments=[HONEST, {**HONEST, **ELSEWHERE, "shipment_id": "X2"}])
    assert not records.shipments["disputed"].any()
    assert records.shipments["importer_uid"].n_unique() == 1
