"""The embedded server: one a workspace, shared by processes, and gone with its owner however that ends."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphinv.errors import StoreError, StoreUnavailable, WorkspaceBusy
from graphinv.settings import Settings
from graphinv.store import Counts, Store, open_store
from graphinv.store.embedded import EmbeddedServer
from graphinv.store.server import ServerFile
from tests.processes import alive, ends, soon

OWN = """
import sys
from pathlib import Path
from graphinv.settings import Settings
from graphinv.store import open_store
with open_store(Settings(), Path(sys.argv[1])) as store:
    store.write("MERGE (:Importer {uid: 'importer:of-the-other-process'})")
    print("open", flush=True)
    sys.stdin.read()
"""
NODES = "UNWIND $rows AS row MERGE (n:Importer {uid: row.uid})"

posix = pytest.mark.skipif(sys.platform == "win32", reason="file modes and signals are POSIX")


@contextmanager
def another_process(workspace: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", OWN, str(workspace)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def opened(workspace: Path) -> Store:
    return open_store(Settings(), workspace)


def server_of(workspace: Path) -> ServerFile:
    found = ServerFile.read(workspace / "store" / "server.json")
    assert found is not None
    return found


def test_what_was_written_is_there_at_the_next_opening(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.write_batches(NODES, [[{"uid": f"importer:{n}"} for n in range(100)]])
    with opened(tmp_path) as store:
        assert store.count() == Counts(nodes=100, relationships=0)


def test_the_server_starts_in_less_than_a_second_and_ends_with_close(tmp_path: Path) -> None:
    quickest, tries = 10.0, 0
    while quickest >= 1.0 and tries < 10:  # the machine may be busy with something else
        tries += 1
        started = time.monotonic()
        with opened(tmp_path):
            quickest = min(quickest, time.monotonic() - started)
            pid = server_of(tmp_path).pid
        assert not alive(pid)
        assert not (tmp_path / "store" / "server.json").exists()
    assert quickest < 1.0


@posix
def test_only_the_owner_may_read_where_the_server_answers(tmp_path: Path) -> None:
    with opened(tmp_path):
        mode = stat.S_IMODE((tmp_path / "store" / "server.json").stat().st_mode)
    assert mode == 0o600


@posix
def test_no_secret_is_in_the_arguments_or_the_environment(tmp_path: Path) -> None:
    with opened(tmp_path):
        server = server_of(tmp_path)
        seen = [Path(f"/proc/{server.pid}/{name}") for name in ("cmdline", "environ")]
        text = b"".join(path.read_bytes() for path in seen if path.exists())
    for secret in (server.root_password, server.reader_password, server.control_key):
        assert secret.encode() not in text
        assert secret not in repr(server)


def test_a_second_process_uses_the_running_server(tmp_path: Path) -> None:
    with another_process(tmp_path), opened(tmp_path) as store:
        pid = server_of(tmp_path).pid
        assert store.read("MATCH (n:Importer) RETURN n.uid").rows == [("importer:of-the-other-process",)]
        store.write("MERGE (:Importer {uid: 'importer:mine'})")
        assert server_of(tmp_path).pid == pid


@posix
def test_the_server_dies_with_a_killed_owner(tmp_path: Path) -> None:
    with another_process(tmp_path) as owner:
        pid = server_of(tmp_path).pid
        assert alive(pid)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert ends(pid)


@posix
def test_a_stopped_owner_that_is_killed_takes_the_server_along(tmp_path: Path) -> None:
    with another_process(tmp_path) as owner:
        pid = server_of(tmp_path).pid
        owner.send_signal(signal.SIGSTOP)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert ends(pid)


@posix
def test_who_still_uses_the_server_starts_another_when_its_owner_is_killed(tmp_path: Path) -> None:
    with another_process(tmp_path) as owner, opened(tmp_path) as store:
        before = server_of(tmp_path).pid
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert store.read("MATCH (n:Importer) RETURN count(n)").scalar() == 1  # the old one may answer for a moment yet
        assert ends(before)
        store.write("MERGE (:Importer {uid: 'importer:after'})")
        assert store.count().nodes == 2
        assert server_of(tmp_path).pid != before


@posix
def test_reading_and_writing_go_on_when_the_server_is_killed(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.apply_schema([("Importer", "uid")])

        def kill_after_two(rows: int) -> None:
            if rows == 200:
                os.kill(server_of(tmp_path).pid, signal.SIGKILL)

        batches = [[{"uid": f"importer:{n}"} for n in range(start, start + 100)] for start in range(0, 500, 100)]
        assert store.write_batches(NODES, batches, on_commit=kill_after_two) == 500
        assert store.count().nodes == 500


@posix
def test_several_threads_mend_one_lost_server_together(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.write("MERGE (:Importer {uid: 'importer:1'})")
        os.kill(server_of(tmp_path).pid, signal.SIGKILL)
        with ThreadPoolExecutor(4) as pool:
            counted = list(pool.map(lambda _: store.read("MATCH (n) RETURN count(n)").scalar(), range(8)))
        assert counted == [1] * 8


def test_processes_that_start_together_share_one_server(tmp_path: Path) -> None:
    with another_process(tmp_path), ThreadPoolExecutor(3) as pool:
        stores = list(pool.map(lambda _: opened(tmp_path), range(3)))
        addresses = {store.server_info().address for store in stores}
        for store in stores:
            store.close()
    assert len(addresses) == 1


def test_stores_that_start_at_the_same_moment_share_one_server(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: opened(tmp_path), range(4)))
    addresses = {store.server_info().address for store in stores}
    for store in stores:
        store.close()
    assert len(addresses) == 1


def test_a_store_opened_for_writing_keeps_other_writers_out(tmp_path: Path) -> None:
    with open_store(Settings(), tmp_path, write=True), opened(tmp_path) as other:
        with pytest.raises(WorkspaceBusy, match=f"pid {os.getpid()}"):
            other.write("MERGE (:Importer {uid: 'importer:1'})")
        assert other.count().nodes == 0


def test_a_file_about_a_server_that_is_gone_is_no_hindrance(tmp_path: Path) -> None:
    stale = ServerFile(
        pid=os.getpid(), bolt_port=1, control_port=1, root_password="a", reader_password="b", control_key="c"
    )
    (tmp_path / "store").mkdir()
    stale.write(tmp_path / "store" / "server.json")
    with opened(tmp_path) as store:
        assert store.count().nodes == 0


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "store" / "databases").mkdir(parents=True)
    (tmp_path / "store" / "databases" / "graph").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="does not start") as refused:
        opened(tmp_path)
    assert str(tmp_path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_servers_own_time_limit_is_the_longest_that_anyone_asks_for(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)

    def limit() -> int:
        server.sql("SELECT 1")  # the server has seen by now that an earlier asker is gone
        found = json.loads((tmp_path / "store" / "databases" / "graph" / "configuration.json").read_text())
        return int(found["configuration"]["command.timeout"])

    try:
        with server.time_limit(90), server.time_limit(60):
            assert limit() == 90_000
        with server.time_limit(5):
            assert soon(lambda: limit() == 30_000)
    finally:
        server.close()


def test_no_value_of_a_refused_statement_reaches_the_log(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.apply_schema([("Importer", "uid")])
        store.write("CREATE (:Importer {uid: 'importer:123-45-6789'})")
        with pytest.raises(StoreError):
            store.write("CREATE (:Importer {uid: 'importer:123-45-6789'})")
    logs = [path for path in (tmp_path / "store" / "log").rglob("*") if path.is_file()]
    assert logs
    assert not [path for path in logs if b"6789" in path.read_bytes()]
