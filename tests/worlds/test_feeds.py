"""What the feeds look like to a reader."""

import re
from importlib.resources import files

import phonenumbers
import polars as pl
import pytest

from graphinv.worlds.plan import plan_for
from tests.worlds.accounting import KEYS, counted, rows_of
from tests.worlds.conftest import Written

COLUMNS = {
    "importers": "importer_number name dba company_type address_line1 address_line2 city state postal_code country"
    " mailing_address phone email website officer_name registered_on known_at",
    "shipments": "shipment_id filed_at master_bill entry_number entry_type arrived_on mode port_code carrier filer_code"
    " importer_number consignee_name consignee_address_line1 consignee_address_line2 consignee_city consignee_state"
    " consignee_postal_code consignee_country consignee_phone consignee_email shipper_name shipper_address shipper_city"
    " shipper_country manufacturer_id platform seller_id listing_url description hts origin_country quantity weight_kg"
    " value_usd known_at",
    "sellers": "platform seller_id display_name legal_name address_line1 address_line2 city state postal_code country"
    " phone email tax_id bank_account website opened_on verified_on",
    "seizures": "seizure_id seized_on shipment_id importer_number platform seller_id category commodity hts quantity"
    " unit msrp_usd port_code mode status status_on",
    "inspections": "inspection_id inspected_on shipment_id selection result port_code",
    "watchlist": "list entry_id name aliases kind country address hts_prefixes effective_on ended_on reference_url",
    "trusted": "importer_number program tier scope_hts scope_origins vetted_on expires_on vetted_by",
}


def packaged(name: str) -> pl.DataFrame:
    return pl.read_csv(files("graphinv.worlds").joinpath("data", name).read_bytes(), infer_schema=False)


@pytest.mark.parametrize("feed", COLUMNS)
def test_each_feed_has_exactly_the_columns_of_the_contract(small: Written, feed: str) -> None:
    path = min(file for file in small.folder.iterdir() if file.name.startswith(feed))
    row = next(row for row in rows_of(path) if row)
    assert list(row) == COLUMNS[feed].split()


@pytest.mark.parametrize("size", ["tiny", "small"])
def test_the_stated_counts_are_what_the_accounting_rules_give(request: pytest.FixtureRequest, size: str) -> None:
    world: Written = request.getfixturevalue(size)
    stated = world.truth("counts")
    found = [
        {"feed": feed, "file": file, **counted(feed, world.folder / file)}
        for feed, file in stated.select("feed", "file").iter_rows()
    ]
    assert pl.DataFrame(found).select(pl.all().cast(pl.String)).rows() == stated.rows()


def test_small_has_every_kind_of_row(small: Written) -> None:
    totals = small.truth("counts").with_columns(pl.col("read", "duplicate", "quarantined").cast(pl.Int64))
    by_feed = {row["feed"]: row for row in totals.group_by("feed").agg(pl.col(pl.Int64).sum()).to_dicts()}
    assert set(by_feed) == set(COLUMNS)
    assert by_feed["importers"]["read"] >= plan_for("small").importers
    assert abs(by_feed["shipments"]["read"] / plan_for("small").shipments - 1) < 0.03
    for feed in ("importers", "shipments", "sellers"):
        assert by_feed[feed]["duplicate"] > 0
        assert by_feed[feed]["quarantined"] > 0


def test_a_key_comes_back_only_as_a_later_version(small: Written) -> None:
    versions = small.shipments.unique(maintain_order=True).drop_nulls(KEYS["shipments"])
    again = versions.filter(pl.col("known_at").is_not_null())
    assert again.height > 20
    assert again.select((pl.col("known_at") > pl.col("filed_at")).all()).item()


def test_city_state_and_postal_code_agree_in_the_registrations(small: Written) -> None:
    places = packaged("us_places.csv")
    known = set(places.select(pl.col("city").str.to_uppercase(), "state", "postal_code").iter_rows())
    rows = small.importers.drop_nulls(["city", "state", "postal_code"])
    written = set(rows.select(pl.col("city").str.to_uppercase(), "state", "postal_code").iter_rows())
    assert len(written) > 1000
    assert written <= known


def test_registered_phones_are_valid_numbers_of_the_state(small: Written) -> None:
    areas = packaged("states.csv")
    of_state = {state: set(codes.split()) for state, codes in areas.select("state", "area_codes").iter_rows()}
    rows = small.importers.filter(pl.col("known_at").is_null()).drop_nulls(["phone", "state"])
    at_home = 0
    for phone, state in rows.select("phone", "state").iter_rows():
        number = phonenumbers.parse(phone, "US")
        assert phonenumbers.is_valid_number(number), phone
        at_home += str(number.national_number)[:3] in of_state[state]
    assert at_home / rows.height > 0.85  # accountants' and second firms' phones are elsewhere


def test_numbers_shaped_like_a_social_security_number_can_be_nobodys(small: Written) -> None:
    shaped = small.importers["importer_number"].drop_nulls().str.extract(r"^(\d{3}-\d{2})-\d{4}$", 1).drop_nulls()
    assert len(shaped) > 50
    assert all(text[0] == "9" and 1 <= int(text[4:]) <= 49 for text in shaped)


def test_low_value_parcels_are_thin_and_full_entries_are_not(small: Written) -> None:
    thin = small.shipments.filter(pl.col("entry_type").is_null())
    full = small.shipments.filter(pl.col("entry_type") == "01")
    assert thin["importer_number"].null_count() / thin.height > 0.9
    assert full["manufacturer_id"].null_count() / full.height < 0.2
    assert 0.3 < small.shipments["consignee_phone"].null_count() / small.shipments.height < 0.7


def test_the_dirt_of_real_feeds_is_there(small: Written) -> None:
    text = "\n".join(small.shipments.select("consignee_name").drop_nulls().to_series())
    phones = "\n".join(small.shipments["consignee_phone"].drop_nulls())
    assert "Ã" in text
    assert re.search(r"x\d+$", phones, re.MULTILINE)
    assert small.shipments["arrived_on"].is_in(["UNKNOWN"]).any()
    assert small.shipments["consignee_state"].drop_nulls().str.len_chars().max() > 2  # type: ignore[operator]
    assert {"US", "USA", "United States"} <= set(small.shipments["consignee_country"].drop_nulls())


def test_most_seizures_are_of_express_and_mail(small: Written) -> None:
    modes = small.csv("seizures.csv")["mode"]
    assert 0.8 < modes.is_in(["express", "mail"]).mean() < 0.97  # type: ignore[operator]


def test_mailbox_shops_have_hundreds_of_tenants_with_a_box_each(small: Written) -> None:
    boxes = small.importers.unique("importer_number").filter(pl.col("address_line2").str.contains("(?i)pmb|box"))
    busiest = boxes.group_by("postal_code").agg(
        pl.len(), pl.col("address_line2").str.to_uppercase().n_unique().alias("boxes")
    )
    top = busiest.sort("len").row(-1, named=True)
    assert top["len"] > 60
    assert top["boxes"] > 0.95 * top["len"]
