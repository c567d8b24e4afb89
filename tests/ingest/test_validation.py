"""Which rows are refused and why, what counts as known when, and which records are one."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from graphinv.ingest import FeedCounts, RecordStore, ingest, quarantined
from graphinv.ingest.privacy import hash_numbers, mask_numbers
from graphinv.normalise.hashing import hash_nine_digits
from graphinv.workspace import Workspace
from tests.ingest.conftest import Load

SHIPMENT = "shipment_id,filed_at,mode,quantity,weight_kg,value_usd\n"


@pytest.mark.parametrize(
    ("row", "field", "value", "reason"),
    [
        (",2024-01-01,air,1,1,1", "shipment_id", None, "missing"),
        ("   ,2024-01-01,air,1,1,1", "shipment_id", "   ", "missing"),
        ("X1,,air,1,1,1", "filed_at", None, "missing"),
        ("X1,N/A,air,1,1,1", "filed_at", "N/A", "ISO 8601"),
        ("X1,2024-02-30,air,1,1,1", "filed_at", "2024-02-30", "ISO 8601"),
        ("X1,2024-01-01,hovercraft,1,1,1", "mode", "hovercraft", "none of air"),
        ("X1,2024-01-01,air,-1,1,1", "quantity", "-1", "negative"),
        ("X1,2024-01-01,air,1,-0.01,1", "weight_kg", "-0.01", "negative"),
        ('X1,2024-01-01,air,1,1,"-1,000"', "value_usd", "-1,000", "negative"),
    ],
)
def test_a_row_is_refused_with_file_line_field_value_and_reason(
    load: Load, workspace: Workspace, row: str, field: str, value: str | None, reason: str
) -> None:
    accounting = load("shipments.csv", f"{SHIPMENT}GOOD,2024-01-01,air,1,1,1\n{row}\n")
    assert accounting.feeds["shipments"] == FeedCounts(2, 1, 0, 1)
    (refused,) = quarantined(workspace).rows(named=True)
    assert (refused["field"], refused["value"], refused["line"]) == (field, value, 3)
    assert reason in refused["reason"]
    assert refused["file"].endswith("shipments.csv")


@pytest.mark.parametrize(
    "row",
    [
        "X1,2024-01-01, AIR ,1,1,1",
        "X1,2024-01-01,,,,",
        "X1,2024-01-01,air,0,-0,0.0",
        "X1,2024-01-01T10:00:00+02:00,Express,some,heavy,N/A",
    ],
)
def test_blank_odd_and_unreadable_optional_values_are_accepted(load: Load, row: str) -> None:
    assert load("shipments.csv", f"{SHIPMENT}{row}\n").feeds["shipments"] == FeedCounts(1, 1, 0, 0)


def test_unreadable_optional_values_are_kept_and_counted_as_warnings(load: Load, records: RecordStore) -> None:
    accounting = load("shipments.csv", SHIPMENT.strip() + ",arrived_on,known_at\nX1,2024-01-01,,few,,,soon,later\n")
    assert {(one.column, one.reason, one.count) for one in accounting.warnings} == {
        ("quantity", "unreadable number", 1),
        ("arrived_on", "unreadable date", 1),
        ("known_at", "unreadable date", 1),
    }
    (row,) = records.scan("shipments").collect().rows(named=True)
    assert (row["quantity"], row["quantity_num"], row["arrived_on"], row["arrived_on_ts"]) == (
        "few",
        None,
        "soon",
        None,
    )
    assert row["known_at"] == datetime(2024, 1, 1, tzinfo=UTC)


def test_a_file_without_a_required_column_is_refused_row_by_row(load: Load, workspace: Workspace) -> None:
    accounting = load("seizures.csv", "seizure_id,hts\nZ1,1\nZ2,2\n")
    assert accounting.feeds["seizures"] == FeedCounts(2, 0, 0, 2)
    assert quarantined(workspace)["field"].unique().to_list() == ["seized_on"]


@pytest.mark.parametrize(
    ("feed", "content", "known_at"),
    [
        ("importers", "importer_number,name,registered_on\n1-1,A,2024-01-05\n", "2024-01-05T00:00:00+00:00"),
        ("importers", "importer_number,name,known_at\n1-1,A,2024-01-05\n", "2024-01-05T00:00:00+00:00"),
        ("importers", "importer_number,name\n1-1,A\n", "1970-01-01T00:00:00+00:00"),
        ("shipments", "shipment_id,filed_at\nX,2024-01-05\n", "2024-01-05T00:00:00+00:00"),
        ("seizures", "seizure_id,seized_on\nZ,2024-01-05\n", "2024-01-05T23:59:59.999999+00:00"),
        ("seizures", "seizure_id,seized_on\nZ,2024-01-05T10:00:00Z\n", "2024-01-05T10:00:00+00:00"),
        ("seizures", "seizure_id,seized_on,known_at\nZ,2024-01-05,2024-02-01\n", "2024-02-01T23:59:59.999999+00:00"),
        (
            "inspections",
            "inspection_id,inspected_on,shipment_id,result\nE,20240105,X,seized\n",
            "2024-01-05T23:59:59.999999+00:00",
        ),
        ("watchlist", "list,entry_id,name,effective_on\nWRO,1,A,1953-12-28\n", "1953-12-28T00:00:00+00:00"),
        ("trusted", "importer_number,program,vetted_on\n1-1,CTPAT,2024-01-05\n", "2024-01-05T00:00:00+00:00"),
        ("sellers", "platform,seller_id,opened_on\nb,S1,2024-01-05 10:00\n", "2024-01-05T10:00:00+00:00"),
    ],
)
def test_a_bare_day_counts_from_the_end_the_feed_says(
    load: Load, records: RecordStore, feed: str, content: str, known_at: str
) -> None:
    load(f"{feed}.csv", content)
    assert records.scan(feed).collect()["known_at"].item() == datetime.fromisoformat(known_at)


@pytest.mark.parametrize(
    ("feed", "content", "record_id"),
    [
        ("importers", "importer_number,name\n 98-7654321 ,A\n", "importers:98-7654321"),
        ("sellers", "platform,seller_id\nbazario,S123\n", "sellers:bazario/S123"),
        ("watchlist", "list,entry_id,name\nWRO,12,A\n", "watchlist:WRO/12"),
        ("trusted", "importer_number,program,vetted_on\n98-7654321,CTPAT,2024-01-01\n", "trusted:98-7654321/CTPAT"),
    ],
)
def test_a_records_id_is_its_key_as_the_row_wrote_it(
    load: Load, records: RecordStore, feed: str, content: str, record_id: str
) -> None:
    load(f"{feed}.csv", content)
    assert records.scan(feed).collect()["record_id"].to_list() == [record_id]


def test_blanks_around_values_and_the_order_of_columns_make_no_other_content(load: Load) -> None:
    load("importers-1.csv", "importer_number,name,city,dba\n1-1,Arlen Imports,Newark,\n")
    again = load("importers-2.csv", 'dba,NAME,importer_number,city\n  , Arlen Imports ,1-1,"Newark"\n')
    assert again.feeds["importers"] == FeedCounts(1, 0, 1, 0)


def test_unknown_columns_are_kept_out_with_a_warning(load: Load, records: RecordStore) -> None:
    accounting = load("importers.csv", "importer_number,name,shoe_size\n1-1,A,44\n1-2,B,45\n")
    assert [(one.column, one.count) for one in accounting.warnings if "kept out" in one.reason] == [("shoe_size", 2)]
    assert "shoe_size" not in records.scan("importers").collect_schema()


@pytest.mark.parametrize("written", ["078-05-1120", "078 05 1120", "078051120", " 078-05-1120 "])
def test_a_social_security_number_is_one_hash_however_it_is_written(written: str) -> None:
    (hashed,) = hash_numbers(pl.Series([written]), b"key")
    assert hashed == hash_nine_digits(b"key", "078051120")
    assert len(hashed) == len("ssn-") + 24


@pytest.mark.parametrize(
    "dressed",
    ["123.45.6704", "123–45–6704", "123/45/6704", "123_45_6704", "123--45--6704", "１２３-45-6704", "SSN 123-45-6704",
     "SSN: 123456704", "123-45-670400", "(123) 45 6704"],
)  # fmt: skip
def test_a_social_security_number_is_hashed_in_any_dress(dressed: str) -> None:
    plain = hash_numbers(pl.Series(["123-45-6704"]), b"key")[0]
    assert hash_numbers(pl.Series([dressed, "98-7654321"]), b"key").to_list() == [plain, "98-7654321"]


def test_eight_digits_may_be_one_that_lost_its_zero() -> None:
    assert hash_numbers(pl.Series(["23456704", "023-45-6704"]), b"key").n_unique() == 1


def test_numbers_within_text_are_masked() -> None:
    texts = pl.DataFrame(
        {"t": ["Jo Doe SSN 123-45-6724", "SSN 123456721", "123.45.6720", "213-555-0142", "2024-06-15"]}
    )
    told = texts.select(mask_numbers(pl.col("t")))["t"].to_list()
    assert told == ["Jo Doe SSN ***-**-****", "***-**-****", "***-**-****", "213-555-0142", "2024-06-15"]


@pytest.mark.parametrize("other", ["98-7654321", "98-765432100", "210601-12345", "0780511201", "", "A78051120"])
def test_other_numbers_are_left_as_they_are(other: str) -> None:
    assert hash_numbers(pl.Series([other, None]), b"key").to_list() == [other, None]


def test_numbers_are_hashed_in_rows_and_masked_in_refused_rows_and_broken_lines(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "sellers.csv"
    path.write_text(
        "platform,seller_id,legal_name,tax_id\n"
        "bazario,S1,A,078-05-1120\n"
        "bazario,,owner 078 05 1120,078051120\n"
        'bazario,S3,"broken,078051120\n'
    )
    ingest(workspace, [path])
    token = hash_nine_digits(workspace.hash_key, "078051120")
    assert RecordStore(workspace).scan("sellers").collect()["tax_id"].to_list() == [token]
    refused = quarantined(workspace)
    assert refused.height == 2
    text = refused.write_json()
    assert token in text
    assert "***-**-****" in refused["text"].drop_nulls().item()
    assert not [one for one in ("078-05-1120", "078 05 1120", "078051120") if one in text]
