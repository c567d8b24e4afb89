"""All seven feeds as other hands write them: every row is accounted for as a second opinion says."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from graphinv.ingest import FeedCounts, RecordStore, export_quarantine, ingest, quarantined
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.ingest.foreign_feeds import FEEDS, Sender

KEY = "a test's key"


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> Sender:
    written = Sender(tmp_path_factory.mktemp("foreign"), seed=2026)
    written.write_all(rows_a_file=30)
    return written


@pytest.fixture(scope="module")
def loaded(sender: Sender, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, FeedCounts]]:
    """A workspace that has loaded the folder once, and the accounting."""
    root = tmp_path_factory.mktemp("loaded") / "workspace"
    opened = open_workspace_folder(Settings(workspace=root, hash_key=KEY))
    accounting = ingest(opened, [sender.root])
    opened.close()
    return root, accounting.feeds


@pytest.fixture
def full(loaded: tuple[Path, dict[str, FeedCounts]], tmp_path: Path) -> Iterator[Workspace]:
    """The loaded workspace, one of its own for every test."""
    shutil.copytree(loaded[0], tmp_path / "full")
    opened = open_workspace_folder(Settings(workspace=tmp_path / "full", hash_key=KEY))
    yield opened
    opened.close()


def versions(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    records = RecordStore(workspace)
    return {
        feed: sorted(records.scan(feed).select("record_id", "content", "known_at").collect().rows()) for feed in FEEDS
    }


def test_the_accounting_is_what_a_second_opinion_says(
    loaded: tuple[Path, dict[str, FeedCounts]], full: Workspace, sender: Sender
) -> None:
    assert loaded[1] == sender.ledger.feeds()
    fields = quarantined(full, mended=True).select("feed", pl.col("field").fill_null("broken")).rows()
    assert Counter(fields) == sender.ledger.refused
    stored = Counter(row[0] for rows in versions(full).values() for row in rows)
    assert sorted(stored.values()) == sorted(sender.ledger.versions.values())


def test_files_in_another_order_and_several_loads_give_the_same_records(
    workspace: Workspace, full: Workspace, sender: Sender
) -> None:
    files = sorted((path for path in sender.root.rglob("*") if path.is_file()), key=lambda path: path.name[::-1])
    totals: Counter[tuple[str, str]] = Counter()
    for start in range(9):
        for feed, counts in ingest(workspace, files[start::9]).feeds.items():
            totals.update({(feed, name): count for name, count in vars(counts).items()})
    expected = {(feed, name): n for feed, counts in sender.ledger.feeds().items() for name, n in vars(counts).items()}
    assert totals == expected
    assert versions(workspace) == versions(full)
    assert sorted(quarantined(workspace, mended=True)["id"]) == sorted(quarantined(full, mended=True)["id"])


def test_a_second_load_is_all_duplicates_and_doubles_no_quarantine(full: Workspace, sender: Sender) -> None:
    listed = quarantined(full)
    again = ingest(full, [sender.root]).feeds
    for feed, counts in sender.ledger.feeds().items():
        assert again[feed] == FeedCounts(counts.read, 0, counts.accepted + counts.duplicate, counts.quarantined)
    assert quarantined(full).equals(listed)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_quarantine_comes_back_mended(full: Workspace, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"inspections.{ending}"
    count = export_quarantine(full, "inspections", target)
    csv_file = ending == "csv"
    table = pl.read_csv(target, infer_schema=False) if csv_file else pl.read_ndjson(target, infer_schema_length=None)
    mended = table.with_columns(
        pl.format("MENDED-{}", pl.int_range(pl.len())).alias("inspection_id"),
        shipment_id=pl.lit("S1"),
        inspected_on=pl.lit("2025-05-05"),
        result=pl.lit("Compliant"),
        selection=pl.lit("random"),
    )
    mended.write_csv(target) if csv_file else mended.write_ndjson(target)
    accounting = ingest(full, [target])
    assert accounting.feeds["inspections"] == FeedCounts(count, count, 0, 0)
    assert [one.column for one in accounting.warnings if "unknown" in one.reason] == []


def test_no_social_security_number_stays(full: Workspace, sender: Sender) -> None:
    frames = [pl.read_parquet(path) for path in full.root.rglob("*.parquet")]
    text = "\n".join(frame.select(pl.col(pl.String)).write_ndjson() for frame in frames)
    text += "".join(path.read_bytes().decode("latin-1") for path in full.root.rglob("*") if path.is_file())
    assert len(sender.numbers) > 50
    found = re.findall(r"(?<!\d)\d{3}[ -]?\d{2}[ -]?\d{4}(?!\d)", text)
    assert {re.sub(r"\D", "", one) for one in found} & sender.numbers == set()
