"""A workspace in a fresh folder, and a short way to write a feed file and load it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphinv.ingest import Accounting, RecordStore, ingest
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder

Load = Callable[..., Accounting]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace_folder(Settings(workspace=tmp_path / "workspace", hash_key="a test's key"))
    yield opened
    opened.close()


@pytest.fixture
def records(workspace: Workspace) -> RecordStore:
    return RecordStore(workspace)


@pytest.fixture
def load(workspace: Workspace, tmp_path: Path) -> Load:
    """Write a text as a feed file of that name, and load it."""

    def write_and_load(name: str, content: str | bytes) -> Accounting:
        path = tmp_path / "feeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return ingest(workspace, [path])

    return write_and_load
