"""Fixtures for every test: both graph stores, empty and with graphinv's schema, and a browser.

A machine without Java, Maven or Chromium skips what needs them and says so; under CI a missing tool is a failure.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from graphinv import schema
from graphinv.opened import open_workspace
from graphinv.settings import Neo4jSettings, Settings
from graphinv.store import Store, open_store
from graphinv.workspace import open_workspace_folder
from tests import neo4j_server
from tests.load.feeds import SAMPLES, feed_files

STORES = ("embedded", pytest.param("neo4j", marks=pytest.mark.neo4j))
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(autouse=True)
def nothing_given_up(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A batch that could not be worked in is told to users and gone around: a test without the marker must see it."""
    yield
    given_up = [one for one in caplog.get_records("call") if one.name == "graphinv.current.keeping"]
    if given_up and request.node.get_closest_marker("gives_up") is None:
        pytest.fail(given_up[0].getMessage())


def missing(reason: str) -> None:
    """Skip the test, since this machine lacks something; under CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def neo4j_settings() -> Iterator[Neo4jSettings]:
    """Settings of a real Neo4j server, one for this test process."""
    yield from _running(neo4j_server.SUPPORTED)


@pytest.fixture(scope="session")
def calendar_neo4j_settings() -> Iterator[Neo4jSettings]:
    """Settings of a Neo4j server of the calendar line; only where a Java for it happens to be installed."""
    try:
        neo4j_server.find_java(21)
    except neo4j_server.CannotRun as error:
        pytest.skip(str(error))
    yield from _running(neo4j_server.CALENDAR)


def _running(version: str) -> Iterator[Neo4jSettings]:
    try:
        server = neo4j_server.start(version)
    except neo4j_server.CannotRun as error:
        missing(str(error))
        raise
    try:
        yield Neo4jSettings(uri=server.uri, user=server.user, password=server.password)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def embedded_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the embedded store of this test process is."""
    return tmp_path_factory.mktemp("embedded")


@pytest.fixture(scope="session")
def embedded_store(embedded_folder: Path) -> Iterator[Store]:
    """An embedded store for this test process; tests take ``store``, which is empty."""
    yield from _with_schema(Settings(), embedded_folder)


@pytest.fixture(scope="session")
def neo4j_store(neo4j_settings: Neo4jSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A Neo4j store for this test process; tests take ``store``, which is empty."""
    yield from _with_schema(Settings(neo4j=neo4j_settings), tmp_path_factory.mktemp("neo4j"))


def _with_schema(settings: Settings, workspace: Path) -> Iterator[Store]:
    with open_store(settings, workspace) as store:
        store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
        yield store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    """Each store in turn: empty, with graphinv's constraints and full-text indexes."""
    found: Store = request.getfixturevalue(f"{request.param}_store")
    empty(found)
    return found


@pytest.fixture(params=STORES)
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a new workspace for each store in turn, its graph empty: for tests that open the store themselves."""
    if request.param == "embedded":
        found: Settings = request.getfixturevalue("embedded_settings")
        return found
    empty(request.getfixturevalue("neo4j_store"))
    return Settings(workspace=tmp_path / "workspace", neo4j=request.getfixturevalue("neo4j_settings"))


@pytest.fixture
def embedded_settings(embedded_store: Store, embedded_folder: Path, tmp_path: Path) -> Settings:
    """Settings of a new workspace on the embedded store alone, its graph empty."""
    empty(embedded_store)
    return on_running_server(tmp_path / "workspace", embedded_folder)


def on_running_server(workspace: Path, running: Path) -> Settings:
    """Settings of a new workspace on the embedded server of another one: a server of its own takes seconds to start.

    As with Neo4j, the workspace that loads takes the database over.
    """
    settings = Settings(workspace=workspace)
    open_workspace_folder(settings).close()
    (workspace / "store").rmdir()
    (workspace / "store").symlink_to(running / "store", target_is_directory=True)
    return settings


def empty(store: Store) -> None:
    """Delete everything in the graph, in transactions that fit a small server's memory."""
    while store.read("MATCH (n) RETURN n.uid LIMIT 1").rows:
        store.write("MATCH (n) WITH n LIMIT 1000 DETACH DELETE n")


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace with the sample feeds in its embedded store, loaded once for this test process.

    Tests only read it; those that write copy it.
    """
    folder = tmp_path_factory.mktemp("samples") / "workspace"
    with open_workspace(settings=Settings(workspace=folder)) as opened:
        opened.load(feed_files(SAMPLES))
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None and CHROMIUM_ON_MACOS.exists():
        found = str(CHROMIUM_ON_MACOS)
    if found is None:
        missing("no Chromium: install the package chromium")
    return found or ""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium; tests open pages in it with ``browser.new_page()`` and close them.

    For one module at a time: while it is open, Playwright keeps an event loop running in the test thread, and
    ``asyncio.run`` fails there.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, headless=True, args=list(CHROMIUM_FLAGS))
        yield running
        running.close()
