"""Small stories told in rows of feeds, and the identities that come of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from graphinv.ingest import ingest
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.load.feeds import write_rows

Tell = Callable[..., PreparedRecords]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Rows by feed, as identified records."""

    def told(**feeds: Sequence[Mapping[str, str]]) -> PreparedRecords:
        folder = write_rows(tmp_path / "feeds", **feeds)
        workspace = open_workspace_folder(Settings(workspace=tmp_path / "workspace"))
        try:
            assert all(count.quarantined == 0 for count in ingest(workspace, [folder]).feeds.values())
            return identify(prepared_records(workspace))
        finally:
            workspace.close()

    return told
