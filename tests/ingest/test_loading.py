"""Which files a load reads, in which formats, and what it says when one cannot be read."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from graphinv.errors import FeedError, InvalidInput
from graphinv.ingest import Accounting, FeedCounts, FeedWarning, RecordStore, checked_rows, ingest
from graphinv.workspace import Workspace
from tests.ingest.conftest import Load

ROWS = [
    {"seizure_id": "Z1", "seized_on": "2024-01-05", "quantity": "12", "msrp_usd": "1250.5", "category": "ipr"},
    {"seizure_id": "Z2", "seized_on": "2024-01-06T10:00:00Z", "quantity": "7", "hts": "9503", "unit": "PCS"},
]
FRAME = pl.DataFrame(
    ROWS,
    schema=dict.fromkeys(("seizure_id", "seized_on", "quantity", "msrp_usd", "category", "hts", "unit"), pl.String),
)
CSV = FRAME.write_csv().encode()
JSON_LINES = "\n".join(json.dumps(row) for row in ROWS).encode()


def parquet(path: Path) -> None:
    FRAME.write_parquet(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("seizures.csv", CSV),
        ("seizures-2026-01.csv", CSV),
        ("Seizures_jan.csv.gz", gzip.compress(CSV)),
        ("seizures.jsonl", JSON_LINES),
        ("seizures.ndjson", JSON_LINES + b"\n\n"),
        ("seizures.jsonl.gz", gzip.compress(JSON_LINES)),
    ],
)
def test_every_format_gives_the_same_records(
    load: Load, workspace: Workspace, tmp_path: Path, name: str, content: bytes
) -> None:
    assert load(name, content).feeds == {"seizures": FeedCounts(2, 2, 0, 0)}
    twin = tmp_path / "seizures.parquet"
    parquet(twin)
    assert ingest(workspace, [twin]).feeds == {"seizures": FeedCounts(2, 0, 2, 0)}


def test_a_typed_parquet_file_is_the_twin_of_its_csv(load: Load, workspace: Workspace, tmp_path: Path) -> None:
    load(
        "shipments.csv",
        "shipment_id,filed_at,arrived_on,quantity,weight_kg,value_usd,hts,known_at\n"
        "1,2024-01-05T10:00:00Z,2024-01-07,5,0.25,1250,8518,2024-01-05T10:00:00.5Z\n"
        "2,2024-01-06T00:00:00Z,,,12,3.5,,\n",
    )
    path = tmp_path / "shipments.parquet"
    pl.DataFrame(
        {
            "SHIPMENT_ID": [1, 2],
            "filed_at": [datetime(2024, 1, 5, 10, tzinfo=UTC), datetime(2024, 1, 6, tzinfo=UTC)],
            "arrived_on": [date(2024, 1, 7), None],
            "quantity": [5, None],
            "weight_kg": [0.25, 12.0],
            "value_usd": pl.Series(["1250.00", "3.50"]).cast(pl.Decimal(10, 2)),
            "hts": pl.Series(["8518", None], dtype=pl.Categorical),
            "known_at": [datetime(2024, 1, 5, 10, 0, 0, 500_000), None],  # noqa: DTZ001 - no zone means UTC
        }
    ).write_parquet(path)
    assert ingest(workspace, [path]).feeds["shipments"] == FeedCounts(2, 0, 2, 0)


def test_json_values_are_text_and_lists_are_joined(load: Load, records: RecordStore) -> None:
    load(
        "watchlist.jsonl",
        '{"list": "WRO", "entry_id": 12, "name": "A", "aliases": ["B", "C"], '
        '"HTS_prefixes": [52, 6307.0], "kind": null}\n',
    )
    (row,) = records.scan("watchlist").collect().rows(named=True)
    assert (row["record_id"], row["aliases"], row["hts_prefixes"], row["kind"]) == (
        "watchlist:WRO/12",
        "B;C",
        "52;6307",
        None,
    )


def test_broken_json_is_quarantined_line_by_line(load: Load, workspace: Workspace) -> None:
    good = '{"seizure_id": "Z1", "seized_on": "2024-01-05"}'
    accounting = load("seizures.jsonl", f'{good}\n{{"seizure_id": "Z2"\n[1, 2]\n"text"\n\n{good.replace("Z1", "Z3")}\n')
    assert accounting.feeds["seizures"] == FeedCounts(5, 2, 0, 3)


def test_folders_are_read_recursively_and_strangers_skipped_with_a_warning(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "seizures.csv").write_bytes(CSV)
    (tmp_path / "in" / "seizures-copy.jsonl").write_bytes(JSON_LINES)
    (tmp_path / "in" / "truth.csv").write_text("a,b\n")
    (tmp_path / "in" / "seizures.xlsx").write_text("no")
    (tmp_path / "in" / ".seizures.csv").write_bytes(CSV)
    accounting = ingest(workspace, [tmp_path / "in"])
    assert accounting.feeds == {"seizures": FeedCounts(4, 2, 2, 0)}
    assert sorted(Path(one.file).name for one in accounting.warnings if "skipped" in one.reason) == [
        "seizures.xlsx",
        "truth.csv",
    ]


def test_globs_and_a_given_feed(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("export-1.csv", "export-2.csv"):
        (tmp_path / name).write_bytes(CSV)
    assert ingest(workspace, [str(tmp_path / "export-*.csv")], feed="seizures").feeds["seizures"].read == 4
    with pytest.raises(InvalidInput, match="no feed 'imports'"):
        ingest(workspace, [tmp_path], feed="imports")


def test_a_path_that_names_nothing_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"nothing\.csv: no such file"):
        ingest(workspace, [tmp_path / "nothing.csv"])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("seizures.csv", b"Z1,2024-01-01\nZ2,2024-01-02\n", "needs a header"),
        ("seizures.csv", b"seizure_id;seized_on\nZ1;2024-01-01\n", "comma-separated"),
        ("seizures.parquet", b"PAR1 or not", "no readable Parquet"),
        ("seizures.csv.gz", b"no gzip", "archive is damaged"),
    ],
)
def test_a_file_that_is_no_feed_is_told_before_anything_is_stored(
    workspace: Workspace, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / "importers.csv").write_text("importer_number,name\n1-1,A\n")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FeedError, match=told):
        ingest(workspace, [tmp_path / "importers.csv", tmp_path / name])
    assert RecordStore(workspace).scan("importers").collect().is_empty()


def test_a_folder_without_feeds_is_told(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    accounting = ingest(workspace, [tmp_path / "nothing"])
    assert [(one.file, one.reason.split(":")[0]) for one in accounting.warnings] == [
        (str(tmp_path / "nothing"), "nothing to read")
    ]


def test_a_broken_file_in_a_folder_is_a_warning_and_the_others_are_loaded(workspace: Workspace, tmp_path: Path) -> None:
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    (feeds / "importers.csv").write_text("importer_number,name\n1-1,A\n")
    (feeds / "seizures.csv").write_bytes(b"seizure_id;seized_on\nZ1;2024-01-01\n")
    (feeds / "sellers.parquet").write_bytes(b"")
    (feeds / "seizures-2.jsonl.gz").write_bytes(gzip.compress(JSON_LINES * 50)[:-20])
    accounting = ingest(workspace, [feeds])
    assert accounting.feeds["importers"].accepted == 1
    unread = ("skipped:", "not read to its end:")
    told = {Path(one.file).name for one in accounting.warnings if one.reason.startswith(unread)}
    assert told == {"seizures.csv", "sellers.parquet", "seizures-2.jsonl.gz"}


def test_an_archive_cut_short_is_told(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "seizures.jsonl.gz"
    path.write_bytes(gzip.compress(JSON_LINES * 50)[:-20])
    with pytest.raises(FeedError, match="cut short"):
        ingest(workspace, [path])


def test_an_empty_file_is_a_warning(load: Load) -> None:
    accounting = load("seizures.csv", b"")
    assert accounting == Accounting({"seizures": FeedCounts()}, accounting.warnings)
    assert [one.reason for one in accounting.warnings] == ["empty file"]


def test_progress_adds_up_to_the_rows_and_bytes_of_the_file(workspace: Workspace, tmp_path: Path) -> None:
    class Told:
        def __init__(self) -> None:
            self.files: list[tuple[str, int]] = []
            self.rows = self.bytes = self.finished = 0

        def start(self, file: Path, total_bytes: int) -> None:
            self.files.append((file.name, total_bytes))

        def advance(self, rows: int, size: int) -> None:
            self.rows += rows
            self.bytes += size

        def finish(self) -> None:
            self.finished += 1

    makers: dict[str, Callable[[Path], object]] = {
        "seizures.csv": lambda path: path.write_bytes(CSV),
        "seizures.jsonl.gz": lambda path: path.write_bytes(gzip.compress(JSON_LINES)),
        "seizures.parquet": parquet,
    }
    for name, make in makers.items():
        told = Told()
        make(tmp_path / name)
        ingest(workspace, [tmp_path / name], progress=told)
        assert told.files == [(name, (tmp_path / name).stat().st_size)]
        assert (told.rows, told.bytes, told.finished) == (2, told.files[0][1], 1)


def test_accountings_add_up_and_are_json() -> None:
    one = Accounting({"shipments": FeedCounts(3, 1, 1, 1)}, (FeedWarning("shipments", "a", "hts", "odd", 2),))
    both = one + Accounting({"shipments": FeedCounts(1, 1), "trusted": FeedCounts()}, one.warnings)
    assert json.loads(json.dumps(both.to_json())) == {
        "feeds": {
            "shipments": {"read": 4, "accepted": 2, "duplicate": 1, "quarantined": 1},
            "trusted": {"read": 0, "accepted": 0, "duplicate": 0, "quarantined": 0},
        },
        "warnings": [{"feed": "shipments", "file": "a", "column": "hts", "reason": "odd", "count": 4}],
        "refused": [],
    }


def test_the_first_refused_rows_are_told_with_line_field_and_reason_also_when_they_come_again(load: Load) -> None:
    bad = "".join(f"B{at},some day,ipr\n" for at in range(30))
    text = f"seizure_id,seized_on,category\nZ1,2024-01-05,ipr\nZ2,123456789 or 98-7654321,ipr\n,2024-01-05,ipr\n{bad}"
    first, again = load("seizures.csv", text), load("seizures.csv", text)
    assert first.feeds["seizures"].quarantined == 32
    assert len(first.refused) == 20
    assert [(one.line, one.field, one.value, one.reason) for one in first.refused[:3]] == [
        (3, "seized_on", "***-**-**** or ***-**-****", "no ISO 8601 day or timestamp"),
        (4, "seizure_id", None, "required, but missing or blank"),
        (5, "seized_on", "some day", "no ISO 8601 day or timestamp"),
    ]
    assert {Path(one.file).name for one in first.refused} == {"seizures.csv"}
    assert again.feeds["seizures"] == FeedCounts(33, 0, 1, 32)
    assert again.refused == first.refused


def test_rows_can_be_checked_without_keeping_them(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "seizures.csv"
    path.write_bytes(CSV + b"Z3,junk\n,2024-01-01,,,,,\n")
    (piece,) = checked_rows([path], "seizures", workspace.hash_key)
    assert (piece.accepted.height, piece.refused.height, piece.read) == (2, 2, 4)
    assert RecordStore(workspace).scan("seizures").collect().is_empty()


@pytest.mark.parametrize("name", ["shipments.csv", "shipments.jsonl", "shipments.parquet"])
def test_rows_that_are_only_looked_at_come_in_small_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    rows = pl.DataFrame({"shipment_id": [f"N{at}" for at in range(500)]}).with_columns(filed_at=pl.lit("2024-06-01"))
    path = tmp_path / name
    if name.endswith("csv"):
        rows.write_csv(path)
    elif name.endswith("jsonl"):
        rows.write_ndjson(path)
    else:
        rows.write_parquet(path)
    monkeypatch.setattr("graphinv.ingest.loading._LOOKED_AT", 4_000)
    shares: list[float] = []
    read = checked_rows([path], "shipments", b"key", shares.append)
    pieces = [piece.accepted["shipment_id"].to_list() for piece in read]
    assert [one for piece in pieces for one in piece] == rows["shipment_id"].to_list()
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 4_000 // len("N1,2024-06-01")
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1, abs=0.01)


def test_a_days_arrivals_are_read_once_however_many_come_after_them(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share their time: only the digests tell what was there before."""
    read: list[Path] = []

    def reading(path: Path) -> pl.Series:
        read.append(path)
        return pl.read_parquet(path, columns=["content"])["content"]

    monkeypatch.setattr("graphinv.ingest.loading._read_contents", reading)
    path = tmp_path / "shipments.csv"
    for at in range(6):
        path.write_text(f"shipment_id,filed_at\nN{at},2024-06-01\nN{at // 2},2024-06-01\n")
        counts = ingest(workspace, [path]).feeds["shipments"]
        assert (counts.accepted, counts.duplicate) == (1, 1)
    assert len(read) == len(set(read)) == 5
