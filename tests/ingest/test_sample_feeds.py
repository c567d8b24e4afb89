"""The sample feeds: dirty as real ones are, and every row of them accounted for."""

from pathlib import Path

import polars as pl
import pytest

from graphinv.ingest import FeedCounts, RecordStore, ingest, quarantined
from graphinv.workspace import Workspace

SAMPLE = Path(__file__).parents[1] / "data" / "sample_feeds"


def expected(folder: str) -> dict[str, FeedCounts]:
    rows = pl.read_csv(SAMPLE / "counts.csv").filter(pl.col("file").str.starts_with(folder)).drop("file")
    return {feed: FeedCounts(*counts) for feed, *counts in rows.iter_rows()}


def test_every_row_is_accounted_for_as_the_counts_say(workspace: Workspace) -> None:
    assert ingest(workspace, [SAMPLE / "history"]).feeds == expected("history")
    assert ingest(workspace, [SAMPLE / "arrivals"]).feeds == expected("arrivals")
    refused = sum(counts.quarantined for part in ("history", "arrivals") for counts in expected(part).values())
    assert quarantined(workspace).height == refused


@pytest.mark.parametrize("folder", ["history", "arrivals"])
def test_loading_again_changes_nothing_but_is_counted(workspace: Workspace, folder: str) -> None:
    records = RecordStore(workspace)
    first = ingest(workspace, [SAMPLE / folder])
    state = {feed: records.scan(feed).collect() for feed in first.feeds}
    again = ingest(workspace, [SAMPLE / folder])
    assert again.feeds == {feed: counts.again() for feed, counts in first.feeds.items()}
    assert again.warnings == first.warnings
    assert {feed: records.scan(feed).collect().equals(rows) for feed, rows in state.items()} == dict.fromkeys(
        state, True
    )
    assert quarantined(workspace).height == sum(counts.quarantined for counts in first.feeds.values())


def test_no_social_security_number_reaches_the_workspace(workspace: Workspace) -> None:
    ingest(workspace, [SAMPLE])
    numbers = pl.read_csv(SAMPLE / "history" / "importers.csv", infer_schema=False)["importer_number"].drop_nulls()
    shaped = [one for one in numbers if len(one) == 11 and one[3] == one[6] == "-"]
    assert shaped
    stored = [pl.read_parquet(path) for path in workspace.root.glob("*/*/*.parquet")]
    text = "\n".join(frame.select(pl.col(pl.String).fill_null("")).write_csv() for frame in stored)
    assert [one for one in shaped if one in text or one.replace("-", "") in text] == []
    hashed = (
        RecordStore(workspace).scan("importers").filter(pl.col("importer_number").str.starts_with("ssn-")).collect()
    )
    assert hashed.height >= len(set(shaped)) - 1
    assert (hashed["record_id"] == "importers:" + hashed["importer_number"]).all()


def test_the_clock_is_the_newest_known_moment(workspace: Workspace) -> None:
    ingest(workspace, [SAMPLE])
    records = RecordStore(workspace)
    newest = max(records.scan(feed).select(pl.col("known_at").max()).collect().item() for feed in expected("history"))
    assert records.clock() == newest
