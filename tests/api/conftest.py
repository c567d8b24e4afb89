"""A running server over a workspace that holds the sample feeds, for all tests of the API; they only add records.

The first test that asks for it waits for the load, and all share it.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.api.serving import serving

SAMPLE = Path(__file__).parents[1] / "data" / "sample_feeds"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The sample feeds, loaded into the embedded store."""
    with OpenedWorkspace(Settings(workspace=tmp_path_factory.mktemp("api") / "workspace")) as opened:
        opened.load([SAMPLE / "history", SAMPLE / "arrivals"])
        yield opened


@pytest.fixture(scope="session")
def client(workspace: OpenedWorkspace) -> Iterator[httpx.Client]:
    """A client of the running server; no keys, since it is on loopback."""
    with serving(create_app(workspace)) as found:
        yield found


@pytest.fixture
def empty_workspace(tmp_path: Path) -> Settings:
    """Settings of a workspace that holds nothing."""
    return Settings(workspace=tmp_path / "workspace")
