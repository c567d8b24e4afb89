"""Arrivals are on disk before they are answered for; whatever is killed when, each is a record once in the end."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from graphinv.ingest import RecordStore, ingest, journal
from graphinv.ingest.compaction import MANY, compact
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder

#: Appends, rolls and puts together until it is killed; tells each row once it is kept.
_BUSY = """
import sys
from pathlib import Path
from graphinv.ingest import compaction, journal, RecordStore
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder

compaction.MANY = 3
workspace = open_workspace_folder(Settings(workspace=Path(sys.argv[1])))
for at in range(100000):
    kept = f"{sys.argv[2]}-{at}"
    path = journal.append(workspace, "shipments", [{"shipment_id": kept, "filed_at": "2024-06-01"}])
    print(kept, flush=True)
    if at % 2:
        journal.roll(workspace, path if at % 4 == 1 else None)
    if at % 5 == 4:
        compaction.compact(workspace, RecordStore(workspace).newest_seq())
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace_folder(Settings(workspace=tmp_path / "workspace"))


def shipment(key: str) -> dict[str, str]:
    return {"shipment_id": key, "filed_at": "2024-06-01T10:00:00Z"}


def recorded(workspace: Workspace) -> Counter[str]:
    return Counter(RecordStore(workspace).scan("shipments").collect()["shipment_id"].to_list())


def test_what_is_appended_becomes_a_record_when_it_is_rolled(workspace: Workspace) -> None:
    path = journal.append(workspace, "shipments", [shipment("X1"), {"shipment_id": "X2", "filed_at": "soon"}])
    assert recorded(workspace) == {}
    accounting = journal.roll(workspace, path)
    assert accounting is not None
    counts = accounting.feeds["shipments"]
    assert (counts.read, counts.accepted, counts.quarantined) == (2, 1, 1)
    assert recorded(workspace) == {"X1": 1}
    assert list(workspace.journal.iterdir()) == []


def test_many_files_are_rolled_into_one_batch(workspace: Workspace) -> None:
    for at in range(5):
        journal.append(workspace, "shipments", [shipment(f"X{at}")])
    journal.roll(workspace)
    assert recorded(workspace) == {f"X{at}": 1 for at in range(5)}
    assert len(RecordStore(workspace).batches("shipments")) == 1


def test_a_file_that_was_committed_before_its_removal_counts_once(workspace: Workspace) -> None:
    path = journal.append(workspace, "shipments", [shipment("X1")])
    ingest(workspace, [path], feed="shipments")
    journal.roll(workspace)
    assert recorded(workspace) == {"X1": 1}


def test_small_batches_are_put_together_with_the_same_rows_and_ids(workspace: Workspace) -> None:
    for at in range(MANY):
        journal.roll(workspace, journal.append(workspace, "shipments", [shipment(f"X{at}")]))
    records = RecordStore(workspace)
    before, newest = records.scan("shipments").collect().sort("record_id"), records.newest_seq()
    assert compact(workspace, newest) == MANY - 1
    assert records.scan("shipments").collect().sort("record_id").equals(before)
    assert (records.newest_seq(), len(records.batches("shipments"))) == (newest, 1)
    assert compact(workspace, newest) == 0
    journal.roll(workspace, journal.append(workspace, "shipments", [shipment("X0")]))
    assert recorded(workspace)["X0"] == 1, "a duplicate is known in the batch that holds it now"
    assert len(list((workspace.records / "shipments").iterdir())) == 1, "files of left batches are removed by a load"


def test_batches_that_the_graph_does_not_hold_are_left_alone(workspace: Workspace) -> None:
    for at in range(MANY):
        journal.roll(workspace, journal.append(workspace, "shipments", [shipment(f"X{at}")]))
    assert compact(workspace, up_to=MANY // 2) == 0


def test_killed_at_any_moment_every_kept_row_is_a_record_once(workspace: Workspace) -> None:
    kept: list[str] = []
    for turn, seconds in enumerate((0.5, 0.9, 1.3)):
        kept += _killed_after(workspace, f"T{turn}", seconds)
    journal.roll(workspace)
    assert len(kept) > 10
    found = recorded(workspace)
    assert {key: found[key] for key in kept} == dict.fromkeys(kept, 1)
    assert max(found.values()) == 1
    RecordStore(workspace).check_files()


def _killed_after(workspace: Workspace, name: str, seconds: float) -> list[str]:
    """Run appends and rolls, kill them so long after the first row was kept; the rows told until then."""
    command = [sys.executable, "-c", _BUSY, str(workspace.root), name]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        time.sleep(seconds)
        running.send_signal(signal.SIGKILL)
        rest = running.stdout.read()
    return [line for line in (first + rest).split("\n")[:-1] if line]
