"""Marketplace accounts as a reader sees them."""

import phonenumbers
import polars as pl

from tests.worlds.accounting import rows_of
from tests.worlds.conftest import Written
from tests.worlds.leaks import auc


def sellers(world: Written) -> pl.DataFrame:
    rows = [row for row in rows_of(world.folder / "sellers.jsonl.gz") if row and row["platform"] and row["seller_id"]]
    return pl.DataFrame(rows, infer_schema_length=None)


def test_sellers_phones_are_valid_where_they_live_or_in_the_us(small: Written) -> None:
    found = sellers(small).drop_nulls("phone")
    bad = [
        phone
        for phone, country in found.select("phone", "country").iter_rows()
        if not phonenumbers.is_valid_number(phonenumbers.parse(phone, country if phone[0] == "+" else "US"))
    ]
    assert len(bad) < 0.03 * found.height


def test_accounts_are_on_several_marketplaces_and_mostly_one_to_a_bank_account(small: Written) -> None:
    found = sellers(small).unique(["platform", "seller_id"])
    shared = found.group_by(pl.col("bank_account").str.replace_all(" ", "")).len().filter(pl.col("len") > 1)
    assert found["platform"].n_unique() == 5
    assert 20 < shared.height < 0.05 * found.height


def test_shipments_cite_accounts_that_exist_and_were_open(small: Written) -> None:
    opened = {(row["platform"], row["seller_id"]): row["opened_on"] for row in sellers(small).to_dicts()}
    cited = small.shipments.drop_nulls("seller_id").filter(pl.col("filed_at").str.starts_with("20"))
    late = [
        key
        for platform, key, filed in cited.select("platform", "seller_id", "filed_at").iter_rows()
        if opened[platform, key] > filed
    ]
    assert cited.height > 10_000
    assert late == []


def test_nothing_trivial_tells_offenders_accounts_from_others(small: Written) -> None:
    rows = sellers(small).with_row_index("row").unique(["platform", "seller_id"], maintain_order=True)
    rows = rows.with_columns(record_id=pl.format("sellers:{}/{}", "platform", "seller_id"))
    rows = rows.join(small.hands, on="record_id")
    guilty = rows["kind"].is_in(["offender", "offending_seller"]).to_numpy()
    assert guilty.sum() > 150
    trivial = {
        "row order": rows["row"],
        "order of ids": rows["seller_id"].str.tail(8).rank(),
        "platform": rows["platform"].rank(),
        "length of the name": rows["legal_name"].str.len_chars(),
        "missing fields": rows.select(pl.sum_horizontal(pl.all().is_null())).to_series(),
    }
    found = {name: auc(values.to_list(), guilty) for name, values in trivial.items()}
    assert {name: value for name, value in found.items() if not 0.44 <= value <= 0.56} == {}
