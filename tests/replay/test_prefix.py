"""A replay never looks ahead: the first half of a folder is answered alike with and without the second half.

The folder is a tiny world with seizures, examinations and registrations, to which some come that correct what was said:
shipments with another phone, seizures that were released.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from graphinv.ingest import RecordStore, ingest
from graphinv.opened import OpenedWorkspace
from graphinv.records import FEEDS
from graphinv.replay import screening
from graphinv.screening import screen_arrivals
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from graphinv.worlds import write_world

#: Every so many shipments are corrected, and every so many seizures released, so long after they were told.
CORRECTED, RELEASED, LATER = 9, 3, pl.duration(days=12)
END = datetime(9999, 1, 1, tzinfo=UTC)

Feeds = dict[str, pl.DataFrame]
Answers = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Feeds:
    """Every row of the world and of its corrections, with ``moment``: when it became known."""
    folder = tmp_path_factory.mktemp("feeds")
    write_world(folder / "world", "tiny", 11)
    workspace = open_workspace_folder(Settings(workspace=folder / "workspace"))
    ingest(workspace, [path for path in (folder / "world").iterdir() if path.is_file()])
    store = RecordStore(workspace)
    told = {name: store.scan(name).collect().sort("known_at", "record_id") for name in FEEDS}
    workspace.close()
    rows = {
        name: frame.select(*FEEDS[name].names, pl.col("known_at_text").alias("known_at"), moment="known_at")
        for name, frame in told.items()
    }
    again = _told_again(rows["shipments"].gather_every(CORRECTED)).with_columns(consignee_phone=pl.lit("213 555 0149"))
    freed = _told_again(rows["seizures"].gather_every(RELEASED)).with_columns(status=pl.lit("released"))
    return {
        **rows,
        "shipments": pl.concat([rows["shipments"], again]),
        "seizures": pl.concat([rows["seizures"], freed]),
    }


def _told_again(rows: pl.DataFrame) -> pl.DataFrame:
    later = (pl.col("moment") + LATER).dt.truncate("1s")
    return rows.with_columns(moment=later, known_at=later.dt.to_string("%Y-%m-%dT%H:%M:%SZ"))


def replayed(feeds: Feeds, until: datetime, folder: Path) -> Answers:
    """The answers to what was filed until a moment, of a folder that holds nothing which was told later."""
    for name, rows in feeds.items():
        path = folder / "feeds" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        rows.filter(pl.col("moment") <= until).drop("moment").write_csv(path)
    with OpenedWorkspace(Settings(workspace=folder / "workspace")) as opened:
        screen_arrivals(opened, folder / "feeds", folder / "answers.csv")
    with (folder / "answers.csv").open(newline="") as stream:
        return {row["shipment_id"]: row for row in csv.DictReader(stream)}


def test_what_comes_later_changes_no_answer(feeds: Feeds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_FEWEST", 350)  # a few epochs, which learn from the examinations before them
    whole = replayed(feeds, END, tmp_path / "whole")
    assert any(row["top_seizure"] for row in whole.values())
    until = feeds["shipments"]["moment"].sort()[int(0.7 * len(feeds["shipments"]))]
    part = replayed(feeds, until, tmp_path / "part")
    assert 0.5 * len(whole) <= len(part) < len(whole)
    assert part == {name: whole[name] for name in part}
