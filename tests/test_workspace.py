"""Creating, opening and locking a workspace."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, inspect, select, text

from graphinv.errors import WorkspaceBusy, WorkspaceError
from graphinv.settings import Settings
from graphinv.state import HASH_KEYS, PROJECTIONS, STATE
from graphinv.workspace import FOLDERS, open_workspace_folder


def test_a_new_folder_becomes_a_workspace_and_stays_the_same_one(tmp_path: Path) -> None:
    settings = Settings(workspace=tmp_path / "deep" / "ws")
    first = open_workspace_folder(settings)
    first.close()
    second = open_workspace_folder(settings)
    assert (second.id, second.created_at, second.hash_key) == (first.id, first.created_at, first.hash_key)
    assert {path.name for path in second.root.iterdir() if path.is_dir()} == set(FOLDERS)
    assert set(inspect(second.engine).get_table_names()) == set(STATE.tables)
    second.close()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_only_the_owner_can_read_the_hash_key(tmp_path: Path) -> None:
    workspace = open_workspace_folder(Settings(workspace=tmp_path / "ws"))
    keys = workspace.root / "keys"
    assert [stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()] == [0o600]
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    workspace.close()


def test_every_workspace_has_its_own_key_and_a_given_key_goes_first(tmp_path: Path) -> None:
    keys = set()
    for name, given in (("a", None), ("b", None), ("c", "from outside")):
        workspace = open_workspace_folder(Settings(workspace=tmp_path / name, hash_key=given))
        keys.add(workspace.hash_key)
        workspace.close()
    assert len(keys) == 3
    assert b"from outside" in keys
    assert not list((tmp_path / "c" / "keys").iterdir())


def test_sqlite_writes_ahead_so_that_readers_go_on(tmp_path: Path) -> None:
    workspace = open_workspace_folder(Settings(workspace=tmp_path / "ws"))
    with workspace.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    workspace.close()


def test_state_can_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    workspace = open_workspace_folder(Settings(workspace=tmp_path / "ws", state_url=f"sqlite:///{elsewhere}"))
    assert elsewhere.exists()
    assert not (workspace.root / "state.db").exists()
    workspace.close()


def test_a_state_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://analyst:hunter2@127.0.0.1:1/state"
    with pytest.raises(WorkspaceError, match="GRAPHINV_STATE_URL") as raised:
        open_workspace_folder(Settings(workspace=tmp_path / "ws", state_url=url))
    assert "hunter2" not in str(raised.value)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match="no graphinv workspace"):
        open_workspace_folder(Settings(workspace=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_workspace_of_a_newer_graphinv_is_not_touched(tmp_path: Path) -> None:
    open_workspace_folder(Settings(workspace=tmp_path / "ws")).close()
    marker = tmp_path / "ws" / "workspace.json"
    marker.write_text(json.dumps({**json.loads(marker.read_text()), "format": 99}))
    with pytest.raises(WorkspaceError, match="newer graphinv"):
        open_workspace_folder(Settings(workspace=tmp_path / "ws"))


@pytest.mark.parametrize("damage", ["", "{", '{"format": 1}', '{"format": 1, "id": "x", "created_at": "then"}'])
def test_a_damaged_marker_is_told(tmp_path: Path, damage: str) -> None:
    open_workspace_folder(Settings(workspace=tmp_path / "ws")).close()
    (tmp_path / "ws" / "workspace.json").write_text(damage)
    with pytest.raises(WorkspaceError, match="damaged"):
        open_workspace_folder(Settings(workspace=tmp_path / "ws"))


def test_another_hash_key_is_noticed_and_the_way_out_told(tmp_path: Path) -> None:
    own, given = Settings(workspace=tmp_path / "own"), Settings(workspace=tmp_path / "given", hash_key="first")
    for settings in (own, given):
        open_workspace_folder(settings).close()
        open_workspace_folder(settings).close()
    for changed in (replace(own, hash_key="now set"), replace(given, hash_key="second"), replace(given, hash_key=None)):
        with pytest.raises(WorkspaceError, match=r"another key.*GRAPHINV_HASH_KEY.*new workspace") as raised:
            open_workspace_folder(changed)
        assert "second" not in str(raised.value)


def test_the_state_keeps_no_key(tmp_path: Path) -> None:
    workspace = open_workspace_folder(Settings(workspace=tmp_path / "ws", hash_key="a very secret key"))
    with workspace.engine.connect() as connection:
        (row,) = connection.execute(select(HASH_KEYS)).all()
    assert "secret" not in row.check_value
    assert len(row.check_value) == 64
    workspace.close()


def test_processes_that_make_one_workspace_at_once_all_get_it(tmp_path: Path) -> None:
    opener = """
import sys, time
from pathlib import Path
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
print("ready", flush=True)
sys.stdin.readline()
for at in range(5):
    opened = open_workspace_folder(Settings(workspace=Path(sys.argv[1]) / str(at)))
    print(opened.id, opened.hash_key.decode(), flush=True)
    opened.close()
"""
    command = [sys.executable, "-c", opener, str(tmp_path)]
    children = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    told = {child.communicate()[0] for child in children}
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    assert len(told) == 1
    assert len(told.pop().splitlines()) == 5


def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path) -> None:
    open_workspace_folder(Settings(workspace=tmp_path / "ws")).close()
    (tmp_path / "ws" / "keys" / "ssn-hash.key").write_text("short")
    with pytest.raises(WorkspaceError, match="backup"):
        open_workspace_folder(Settings(workspace=tmp_path / "ws"))


def test_moments_keep_their_zone_and_microseconds(tmp_path: Path) -> None:
    workspace = open_workspace_folder(Settings(workspace=tmp_path / "ws"))
    moment = datetime(2024, 6, 15, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=5)))
    with workspace.engine.begin() as connection:
        connection.execute(insert(PROJECTIONS).values(name="graph", batch_seq=3, updated_at=moment))
        found = connection.execute(select(PROJECTIONS.c.updated_at)).scalar_one()
    assert found == moment
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)
    workspace.close()


def test_a_lock_is_held_by_one_and_ends_with_its_holder(tmp_path: Path) -> None:
    workspace = open_workspace_folder(Settings(workspace=tmp_path / "ws"))
    with workspace.lock("ingest"), pytest.raises(WorkspaceBusy, match="ingest"), workspace.lock("ingest"):
        pass
    holder = """
import sys
from pathlib import Path
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
with open_workspace_folder(Settings(workspace=Path(sys.argv[1]))).lock("ingest"):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(workspace.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(WorkspaceBusy), workspace.lock("ingest"):
            pass
        child.kill()
        child.wait()
    with workspace.lock("ingest"):
        pass
    workspace.close()
