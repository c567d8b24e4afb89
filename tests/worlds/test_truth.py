"""The truth is complete, and every true link can be seen in the feeds."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import polars as pl

from graphinv.worlds.disguises import PATTERNS
from graphinv.worlds.evidence import PART, plain_form
from tests.worlds.accounting import rows_of
from tests.worlds.conftest import Written
from tests.worlds.leaks import auc


def records(world: Written) -> dict[str, list[set[str]]]:
    """The cells of every version of every importers, sellers and shipments record."""
    found: dict[str, list[set[str]]] = defaultdict(list)

    def add(key: str, row: dict[str, Any]) -> None:
        found[key].append({str(value) for value in row.values() if value is not None})

    for row in world.importers.to_dicts():
        add(f"importers:{row['importer_number']}", row)
    for seller in rows_of(world.folder / "sellers.jsonl.gz"):
        if seller:
            add(f"sellers:{seller['platform']}/{seller['seller_id']}", seller)
    for row in world.shipments.to_dicts():
        add(f"shipments:{row['shipment_id']}#consignee", row)
    return found


def stands_in(value: str, versions: Iterable[set[str]], tie: str) -> bool:
    """Whether one version of the record has every part of the value as a cell (an affiliate: inside the listing)."""
    if tie == "affiliate":
        return any(value in cell for cells in versions for cell in cells)
    return any(set(value.split(PART)) <= cells for cells in versions)


def test_every_shared_value_is_written_in_both_records(small: Written) -> None:
    rows = records(small)
    links = small.truth("links").to_dicts()
    assert len(links) > 100
    for link in links:
        old_value = link["seized_value"]
        assert stands_in(link["shared_value"], rows[link["newcomer_record"]], link["tie"]), link
        assert stands_in(old_value, rows[link["seized_record"]], link["tie"]), link
        if link["tie"] == "two_hop":
            assert stands_in(link["via_value"], rows[link["via_record"]], "phone"), link
            banks = {cell.replace(" ", "") for cells in rows[link["via_record"]] for cell in cells}
            assert link["shared_value"].replace(" ", "") in banks, link


def test_a_shared_value_is_recognisably_the_same_on_both_sides(small: Written) -> None:
    for (tie,), links in small.truth("links").group_by("tie"):
        if tie == "name":
            continue
        ours = "via_value" if tie == "two_hop" else "shared_value"
        kind = "phone" if tie == "two_hop" else str(tie)
        left = links.select(value=ours).select(plain_form(kind)).to_series()
        right = links.select(value="seized_value").select(plain_form(kind)).to_series()
        assert left.to_list() == right.to_list()


def test_both_ends_of_a_link_are_one_pair_of_hands_that_offends(small: Written) -> None:
    owner = dict(small.hands.select("record_id", "hands_id").iter_rows())
    kind = dict(small.hands.select("record_id", "kind").iter_rows())
    for newcomer, seized in small.truth("links").select("newcomer_id", "seized_id").iter_rows():
        assert owner[newcomer] == owner[seized]
        assert kind[newcomer] == "offender"


def test_the_seized_end_of_a_link_was_seized_before_the_newcomer_appeared(small: Written) -> None:
    hands = dict(small.hands.select("record_id", "hands_id").iter_rows())
    seizures = small.csv("seizures.csv").with_columns(
        hands=pl.coalesce("shipments:" + pl.col("shipment_id") + "#consignee", "importers:" + pl.col("importer_number"))
    )
    seizures = seizures.with_columns(pl.col("hands").replace_strict(hands, default=None))
    first = dict(seizures.group_by("hands").agg(pl.col("seized_on").min()).iter_rows())
    registered = dict(small.importers.select("importer_number", "registered_on").iter_rows())
    checked = 0
    for newcomer, seized in small.truth("links").select("newcomer_id", "seized_id").unique().iter_rows():
        number = newcomer.removeprefix("importers:")
        if newcomer.startswith("importers:") and hands[seized] in first:
            assert registered[number] > first[hands[seized]]
            checked += 1
    assert checked > 40


def test_everybody_accepted_has_hands(small: Written) -> None:
    known = set(small.truth("parties")["record_id"])
    assert {
        f"importers:{number}"
        for number in small.importers.filter(pl.col("name").str.strip_chars() != "")["importer_number"].drop_nulls()
    } <= known
    shipped = small.shipments.filter(pl.col("filed_at").str.starts_with("20"))["shipment_id"].drop_nulls()
    assert {f"shipments:{key}#consignee" for key in shipped} <= known
    assert len(known) == small.truth("parties").height


def test_a_business_has_one_pair_of_hands_and_a_later_front_is_another_business(small: Written) -> None:
    parties = small.truth("parties")
    assert parties.group_by("business_id").agg(pl.col("hands_id").n_unique())["hands_id"].max() == 1
    business = dict(parties.select("record_id", "business_id").iter_rows())
    for newcomer, seized in small.truth("links").select("newcomer_id", "seized_id").iter_rows():
        assert business[newcomer] != business[seized]
    for reopened in small.truth("reopened").to_dicts():
        assert business[reopened["newcomer_id"]] != business[reopened["seized_id"]]


def test_an_importers_registration_own_account_and_parcels_are_one_business(small: Written) -> None:
    business = small.truth("parties").select("record_id", "business_id")
    accounts = pl.DataFrame(
        [row for row in rows_of(small.folder / "sellers.jsonl.gz") if row], infer_schema_length=None
    )
    pairs = accounts.unique(["platform", "seller_id"]).select(
        seller=pl.format("sellers:{}/{}", "platform", "seller_id"), importer="importers:" + pl.col("tax_id")
    )
    pairs = pairs.join(business, left_on="seller", right_on="record_id").join(
        business, left_on="importer", right_on="record_id", suffix="_registered"
    )
    assert pairs.height > 1000
    assert pairs.select((pl.col("business_id") == pl.col("business_id_registered")).all()).item()
    parcels = business.filter(pl.col("record_id").str.ends_with("#consignee"))
    registered = business.filter(pl.col("record_id").str.starts_with("importers:"))
    assert parcels["business_id"].is_in(registered["business_id"].implode()).mean() > 0.4  # type: ignore[operator]


def test_the_spelling_tells_what_happened_to_a_record(small: Written) -> None:
    owners = small.truth("parties")
    marks = owners["spelling"].str.split(";").explode().value_counts()
    count = dict(marks.iter_rows())
    parcels = (
        small.shipments.filter(pl.col("filed_at").str.starts_with("20")).unique("shipment_id").drop_nulls("shipment_id")
    )
    assert 0.02 < count["name_reordered"] / parcels.height < 0.06  # two words only, of consignees only
    assert 0.01 < count["name_mistyped"] / (2 * parcels.height) < 0.05
    told = parcels.with_columns(record_id=pl.format("shipments:{}#consignee", "shipment_id")).join(
        owners, on="record_id"
    )
    merged = told.filter(pl.col("spelling").str.contains("unit_in_line"))
    assert merged["consignee_address_line2"].null_count() == merged.height > 100
    misread = told.filter(pl.col("spelling").str.contains("name_misread"))["consignee_name"]
    assert misread.str.contains("(?i)Ã").all()
    unmarked = told.filter(pl.col("spelling") == "")
    assert unmarked.height > 1000
    assert unmarked["consignee_phone"].null_count() < 0.2 * unmarked.height  # parties without a phone


def test_innocents_are_real_records_of_honest_hands(small: Written) -> None:
    kind = dict(small.hands.select("record_id", "kind").iter_rows())
    innocents = small.truth("innocents")
    assert {kind[record] for record in innocents["record_id"]} == {"honest"}
    assert {
        "mailbox_tenant",
        "common_name",
        "accountant_client",
        "formation_agent_client",
        "reassigned_phone",
        "stolen_number_owner",
        "customer_of_offending_seller",
        "family_phone",
    } <= set(innocents["kind"])


def test_stolen_numbers_are_declared_by_their_thieves(small: Written) -> None:
    owners = set(small.truth("innocents").filter(pl.col("kind") == "stolen_number_owner")["record_id"])
    hands = dict(small.hands.select("record_id", "hands_id").iter_rows())
    used = small.shipments.filter(("importers:" + pl.col("importer_number")).is_in(list(owners)))
    thefts = [
        key
        for key, number in used.select("shipment_id", "importer_number").drop_nulls().iter_rows()
        if hands[f"shipments:{key}#consignee"] != hands[f"importers:{number}"]
    ]
    assert len(thefts) > 10


def test_every_pattern_and_strength_occurs(small: Written) -> None:
    links, hands = small.truth("links"), small.truth("hands")
    assert set(links["strength"]) == {"strong", "medium", "weak", "two_hops"}
    worn = set(hands["disguise"].drop_nulls().str.split(";").explode().str.split("/").list.get(0))
    assert {pattern.name for pattern in PATTERNS} <= worn


def test_reopened_accounts_share_their_bank_account_with_the_seized_one(small: Written) -> None:
    rows = records(small)
    reopened = small.truth("reopened").to_dicts()
    assert len(reopened) > 5
    for link in reopened:
        for side in ("newcomer_id", "seized_id"):
            banks = {cell.replace(" ", "") for cells in rows[link[side]] for cell in cells}
            assert link["shared_value"] in banks


def test_nothing_trivial_tells_offenders_from_other_newcomers(small: Written) -> None:
    rows = small.importers.with_row_index("row").filter(
        pl.col("known_at").is_null(), pl.col("registered_on") >= "2022-07-01"
    )
    rows = rows.with_columns(record_id="importers:" + pl.col("importer_number")).unique(
        "record_id", maintain_order=True
    )
    rows = rows.join(small.hands, on="record_id")
    guilty = (rows["kind"] == "offender").to_numpy()
    assert guilty.sum() > 150
    filled = ("dba", "phone", "email", "website", "officer_name", "address_line2", "mailing_address")
    trivial = {
        "row order": rows["row"],
        "order of numbers": rows["importer_number"].str.replace_all("-", "").rank(),
        "hash of the number": rows["importer_number"].hash(1),
        "length of the number": rows["importer_number"].str.len_chars(),
        "length of the name": rows["name"].str.len_chars(),
        "length of the address": rows["address_line1"].str.len_chars(),
        "capitals": (rows["name"] == rows["name"].str.to_uppercase()).cast(pl.Int8),
        "missing fields": rows.select(pl.sum_horizontal(pl.all().is_null())).to_series(),
        **{f"has {column}": rows[column].is_not_null().cast(pl.Int8) for column in filled},
    }
    found = {name: auc(values.fill_null(0).to_list(), guilty) for name, values in trivial.items()}
    assert {name: value for name, value in found.items() if not 0.45 <= value <= 0.55} == {}
