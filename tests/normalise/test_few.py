"""A few rows go through the scalar functions and give what columns give."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphinv.ingest import RecordStore, ingest
from graphinv.normalise import column_tools
from graphinv.records import FEEDS
from graphinv.resolve.prepare import prepare
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.load.feeds import SAMPLES, feed_files

KEY = b"a key of this test"


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    workspace = open_workspace_folder(Settings(workspace=tmp_path_factory.mktemp("few")))
    ingest(workspace, feed_files(SAMPLES))
    found = {feed: RecordStore(workspace).scan(feed).collect().sort("record_id") for feed in FEEDS}
    workspace.close()
    return found


@pytest.mark.parametrize("feed", ["importers", "sellers", "shipments"])
def test_rows_prepared_a_few_at_a_time_are_prepared_as_all_at_once(
    rows: dict[str, pl.DataFrame], feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = rows[feed].head(160)
    whole = prepare(feed, some, KEY)
    monkeypatch.setattr(column_tools, "FEW", 8)
    found = pl.concat(prepare(feed, one, KEY) for one in some.iter_slices(8))
    assert_frame_equal(found, whole)
