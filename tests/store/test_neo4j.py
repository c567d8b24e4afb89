"""What only a Neo4j server can show: other releases, wrong passwords, nobody there, and the end of the test server."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from graphinv import schema
from graphinv.errors import QueryRefused, QueryTimeout, StoreUnavailable
from graphinv.settings import Neo4jSettings, Settings
from graphinv.store import open_store
from tests.processes import ends

START_AND_TELL = """
import sys
from tests import neo4j_server
server = neo4j_server.start()
print(server.uri.rpartition(":")[2], server.supervisor.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.neo4j
def test_a_wrong_password_is_named_without_being_told(neo4j_settings: Neo4jSettings, tmp_path: Path) -> None:
    wrong = Settings(neo4j=replace(neo4j_settings, password="not-the-password"))
    with pytest.raises(StoreUnavailable, match="refuses user neo4j; check GRAPHINV_NEO4J_USER") as refused:
        open_store(wrong, tmp_path)
    assert "not-the-password" not in str(refused.value)


@pytest.mark.neo4j
def test_a_database_that_does_not_exist_is_refused(neo4j_settings: Neo4jSettings, tmp_path: Path) -> None:
    other = Settings(neo4j=replace(neo4j_settings, database="nosuch"))
    with open_store(other, tmp_path) as store, pytest.raises(StoreUnavailable, match="GRAPHINV_NEO4J_DATABASE"):
        store.count()


def test_an_address_where_nobody_answers_is_named_at_once(tmp_path: Path) -> None:
    nobody = Settings(neo4j=Neo4jSettings(uri="bolt://127.0.0.1:1", password="secret"))
    started = time.monotonic()
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1 does not answer; check that it runs"):
        open_store(nobody, tmp_path)
    assert time.monotonic() - started < 8


@pytest.mark.parametrize(
    "uri", ["bolt://localhost:none", "localhost", "http://localhost:7474", "bolt://me:secret@localhost", ""]
)
def test_an_address_that_is_none_is_refused(uri: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="GRAPHINV_NEO4J_URI") as refused:
        open_store(Settings(neo4j=Neo4jSettings(uri=uri)), tmp_path)
    assert "secret" not in str(refused.value)


@pytest.mark.neo4j
@pytest.mark.slow
def test_the_calendar_line_serves_as_well(calendar_neo4j_settings: Neo4jSettings, tmp_path: Path) -> None:
    with open_store(Settings(neo4j=calendar_neo4j_settings), tmp_path) as store:
        store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
        store.write("MERGE (:Importer {uid: 'importer:1', caption: 'Golden Dragon'})")
        index = next(item for item in schema.fulltext_indexes() if item.label == "Importer")
        assert store.search(index, "dragon").column("uid") == ["importer:1"]
        with pytest.raises(QueryRefused):
            store.read_as_user("MATCH (n) SET n.caption = ''")
        with pytest.raises(QueryTimeout):
            store.read_as_user("UNWIND range(1, 90000) AS a UNWIND range(1, 90000) AS b RETURN count(*)", timeout_s=1)


@pytest.mark.neo4j
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_killed_test_run_leaves_no_server_behind(neo4j_settings: Neo4jSettings) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_TELL],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        port, supervisor = map(int, run.stdout.readline().split())
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert ends(supervisor, within_s=30)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
