"""Refused rows: listed once, and mended from an export."""

from pathlib import Path

import polars as pl
import pytest

from graphinv.errors import InvalidInput
from graphinv.ingest import FeedCounts, RecordStore, export_quarantine, ingest, quarantined
from graphinv.workspace import Workspace
from tests.ingest.conftest import Load

BAD = "shipment_id,filed_at,mode\nX1,2024-01-01,hovercraft\nX2,2024-01-01,air\n,2024-01-01,air\n,2024-01-01,air\n"


def test_a_file_loaded_again_is_counted_again_but_listed_once(load: Load, workspace: Workspace) -> None:
    assert load("shipments.csv", BAD).feeds["shipments"] == FeedCounts(4, 1, 0, 3)
    assert load("shipments.csv", BAD).feeds["shipments"] == FeedCounts(4, 0, 1, 3)
    assert quarantined(workspace).height == 3


def test_a_file_that_grew_lists_only_what_is_new(load: Load, workspace: Workspace) -> None:
    load("shipments.csv", BAD)
    header, rows = BAD.split("\n", 1)
    grown = load("shipments.csv", f"{header}\nX0,2024-01-01,air\n{rows}X9,,air\n,2024-01-01,air\n")
    assert grown.feeds["shipments"] == FeedCounts(7, 1, 1, 5)
    assert quarantined(workspace).height == 5


def test_the_same_bad_row_of_two_files_is_listed_for_both(load: Load, workspace: Workspace) -> None:
    load("shipments-a.csv", BAD)
    load("shipments-b.csv", BAD + "X3,2024-01-02,air\n")
    assert quarantined(workspace).height == 6
    assert quarantined(workspace)["id"].n_unique() == 6


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_an_export_is_mended_and_loaded_again(load: Load, workspace: Workspace, tmp_path: Path, suffix: str) -> None:
    load("shipments.csv", BAD)
    target = tmp_path / f"shipments-mended.{suffix}"
    assert export_quarantine(workspace, "shipments", target) == 3
    mended = target.read_text().replace("hovercraft", "air")
    target.write_text(mended)
    accounting = ingest(workspace, [target])
    assert accounting.feeds["shipments"] == FeedCounts(3, 1, 0, 2)
    assert not [one for one in accounting.warnings if "unknown column" in one.reason]
    ids = RecordStore(workspace).scan("shipments").collect()["record_id"]
    assert sorted(ids) == ["shipments:X1", "shipments:X2"]


def test_the_list_can_be_of_one_feed_and_is_empty_at_first(load: Load, workspace: Workspace) -> None:
    assert quarantined(workspace).is_empty()
    load("shipments.csv", BAD)
    load("importers.csv", "importer_number,name\n1-1,\n")
    assert quarantined(workspace, "importers").height == 1
    assert set(quarantined(workspace)["feed"]) == {"shipments", "importers"}
    with pytest.raises(InvalidInput, match="no feed"):
        quarantined(workspace, "imports")


def test_an_export_of_another_kind_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.csv or \.jsonl"):
        export_quarantine(workspace, "shipments", tmp_path / "bad.xlsx")


def test_a_broken_line_is_kept_with_its_text(load: Load, workspace: Workspace) -> None:
    load("importers.csv", 'importer_number,name\n1-1,A\n1-2,"B,C\n1-3,D\n')
    (row,) = quarantined(workspace).rows(named=True)
    assert (row["line"], row["text"], row["row"], row["reason"]) == (
        3,
        '1-2,"B,C',
        None,
        "broken line: unbalanced quote",
    )
    assert isinstance(quarantined(workspace), pl.DataFrame)


def test_the_same_bad_row_of_two_folders_is_listed_for_both_and_a_path_may_be_spelt_anew(
    workspace: Workspace, tmp_path: Path
) -> None:
    for folder, more in (("monday", ""), ("tuesday", "X4,2024-01-02,air\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shipments.csv").write_text(BAD + more)
        ingest(workspace, [tmp_path / folder / "shipments.csv"])
    assert quarantined(workspace)["id"].n_unique() == 6
    (tmp_path / "tuesday" / "shipments.csv").write_text(BAD + "X5,2024-01-02,air\n")
    ingest(workspace, [tmp_path / "monday" / ".." / "tuesday" / "shipments.csv"])
    assert quarantined(workspace).height == 6


def test_files_from_the_api_are_known_by_their_name_alone(workspace: Workspace) -> None:
    for upload, more in (("one", ""), ("two", "X4,2024-01-02,air\n")):
        path = workspace.incoming / upload / "shipments.csv"
        path.parent.mkdir(parents=True)
        path.write_text(BAD + more)
        ingest(workspace, [path])
    assert quarantined(workspace).height == 3


def test_a_row_whose_key_was_accepted_later_is_mended_and_leaves_the_list(load: Load, workspace: Workspace) -> None:
    load("shipments.csv", BAD)
    load("shipments.csv", BAD.replace("hovercraft", "vessel"))
    waiting, every = quarantined(workspace), quarantined(workspace, mended=True)
    assert waiting["field"].to_list() == ["shipment_id", "shipment_id"]
    assert every.filter("mended")["value"].to_list() == ["hovercraft"]
    assert every.height == 3


def test_a_row_refused_after_its_key_was_accepted_still_waits(load: Load, workspace: Workspace) -> None:
    load("shipments.csv", BAD.replace("hovercraft", "vessel"))
    load("shipments-b.csv", "shipment_id,filed_at,mode\nX1,2024-03-01,hovercraft\n")
    assert quarantined(workspace).filter(field="mode")["mended"].to_list() == [False]
