"""Versions and moments, and that a load killed at any point leaves either a whole piece or nothing."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import func, select

from graphinv.errors import WorkspaceBusy, WorkspaceError
from graphinv.ingest import FeedCounts, RecordStore, ingest, quarantined, reading, record_store
from graphinv.ingest.csv_reader import read_csv
from graphinv.ingest.loading import checked_pieces
from graphinv.ingest.record_store import PieceRecord, rows_accepted
from graphinv.resolve.versions import newest
from graphinv.settings import Settings
from graphinv.state import CHUNKS
from graphinv.workspace import Workspace, open_workspace_folder
from tests.ingest.conftest import Load

VERSIONS = """importer_number,name,known_at
1-1,Arlen Imports,2024-01-01
1-1,Arlen Trading,2024-03-01
1-1,Arlen Imports,2024-01-01
1-2,Velmar Goods,2024-02-01
"""


def rows(count: int) -> str:
    """A shipment feed of so many rows, every tenth refused, every seventh a copy of the one before."""
    lines = ["shipment_id,filed_at,description"]
    for at in range(count):
        if at % 7 == 6:
            lines.append(lines[-1])
        else:
            lines.append(f"X{at},{'junk' if at % 10 == 9 else '2024-01-01'},{'plush doll' * 3}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in pieces of 2,000 bytes."""
    monkeypatch.setattr(reading, "read_csv", lambda stream, header, salt, _: read_csv(stream, header, salt, 2_000))


def test_the_newest_version_known_by_a_day_counts(load: Load, records: RecordStore) -> None:
    assert load("importers.csv", VERSIONS).feeds["importers"] == FeedCounts(4, 3, 1, 0)

    def names(as_of: datetime | None) -> dict[str, str]:
        until = datetime.max.replace(tzinfo=UTC) if as_of is None else as_of
        known = records.scan("importers").filter(pl.col("known_at") <= until).collect()
        return dict(newest(known, "record_id").select("record_id", "name").iter_rows())

    assert names(datetime(2023, 12, 31, tzinfo=UTC)) == {}
    assert names(datetime(2024, 1, 1, tzinfo=UTC)) == {"importers:1-1": "Arlen Imports"}
    assert names(datetime(2024, 2, 29, tzinfo=UTC))["importers:1-1"] == "Arlen Imports"
    assert names(None) == {"importers:1-1": "Arlen Trading", "importers:1-2": "Velmar Goods"}
    assert records.scan("importers").collect().height == 3


def test_of_two_versions_known_at_once_the_same_one_counts_whatever_came_first(tmp_path: Path) -> None:
    chosen = set()
    for name, order in (("a", ("one", "two")), ("b", ("two", "one"))):
        workspace = open_workspace_folder(Settings(workspace=tmp_path / name))
        for firm in order:
            path = tmp_path / f"importers-{firm}.csv"
            path.write_text(f"importer_number,name,known_at\n1-1,{firm},2024-01-01\n")
            ingest(workspace, [path])
        chosen.add(newest(RecordStore(workspace).scan("importers").collect(), "record_id")["name"].item())
        workspace.close()
    assert len(chosen) == 1


def test_closed_lists_have_codes_with_their_defaults(load: Load, records: RecordStore) -> None:
    load("seizures.csv", "seizure_id,seized_on,mode,status,category\nZ1,2024-01-01, AIR ,,\n")
    (row,) = records.scan("seizures").collect().rows(named=True)
    assert (row["mode_code"], row["status_code"], row["category_code"]) == ("air", "seized", None)
    assert row["event_at"] == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.usefixtures("small_pieces")
def test_a_file_in_pieces_is_accounted_for_as_a_whole(
    workspace: Workspace, records: RecordStore, tmp_path: Path
) -> None:
    path = tmp_path / "shipments.csv"
    path.write_text(rows(700))
    first = ingest(workspace, [path]).feeds["shipments"]
    assert first.read == 700
    assert first.read == first.accepted + first.duplicate + first.quarantined
    ids = records.scan("shipments").collect()["record_id"]
    assert ids.n_unique() == len(ids) == first.accepted
    assert len(records.batches("shipments")) > 10
    assert [batch.seq for batch in records.batches("shipments")] == sorted(b.seq for b in records.batches("shipments"))
    assert ingest(workspace, [path]).feeds["shipments"] == first.again()
    assert quarantined(workspace).height == first.quarantined
    newest = records.batches("shipments")[-1]
    assert records.batches("shipments", after=newest.seq - 1) == [newest]


@pytest.mark.usefixtures("small_pieces")
def test_a_grown_file_reads_only_its_new_pieces(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shipments.csv"
    path.write_text(rows(700))
    ingest(workspace, [path])
    path.write_text(rows(750))
    committed: list[str] = []
    commit = RecordStore.commit

    def counted(self: RecordStore, piece: PieceRecord, accepted: pl.DataFrame, refused: pl.DataFrame) -> None:
        committed.append(piece.digest)
        commit(self, piece, accepted, refused)

    monkeypatch.setattr(RecordStore, "commit", counted)
    accounting = ingest(workspace, [path]).feeds["shipments"]
    assert accounting.read == 750
    assert 0 < len(committed) < 5
    assert RecordStore(workspace).scan("shipments").collect()["content"].is_duplicated().sum() == 0


class Killed(Exception):
    """Stands in for a process that dies at this very point."""


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("step", ["before the file", "half a file", "before the rename", "before the manifest"])
def test_a_load_that_dies_leaves_whole_pieces_and_the_next_load_completes_them(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "shipments.csv"
    path.write_text(rows(700))
    writes = 0
    write = record_store.write_parquet

    def dying(frame: pl.DataFrame, target: Path) -> int:
        nonlocal writes
        writes += 1
        if writes < 8:
            return write(frame, target)
        if step == "half a file":
            target.write_bytes(b"PAR1 and no more")
        if step == "before the rename":
            target.with_suffix(".123.tmp").write_bytes(b"PAR1")
        if step == "before the manifest":
            write(frame, target)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(record_store, "write_parquet", dying)
        with pytest.raises(Killed):
            ingest(workspace, [path])
    records = RecordStore(workspace)
    before = records.scan("shipments").collect()
    assert before.height > 0
    resumed = ingest(workspace, [path]).feeds["shipments"]
    assert resumed.read == 700
    assert records.scan("shipments").collect().height == before.height + resumed.accepted
    assert_as_if_never_killed(workspace, tmp_path)


def assert_as_if_never_killed(workspace: Workspace, tmp_path: Path) -> None:
    """The records are those of an undisturbed load, and no file lies about."""
    undisturbed = open_workspace_folder(Settings(workspace=tmp_path / "undisturbed"))
    ingest(undisturbed, [tmp_path / "shipments.csv"])
    expected, found = (RecordStore(one).scan("shipments").collect().sort("content") for one in (undisturbed, workspace))
    assert found.equals(expected)
    assert quarantined(workspace).height == quarantined(undisturbed).height
    undisturbed.close()
    records = RecordStore(workspace)
    records.check_files()
    files = {path.name for path in (workspace.records / "shipments").iterdir()}
    assert files == {batch.path.name for batch in records.batches("shipments")}


CHILD = """
import os, sys
from pathlib import Path
from graphinv.ingest import ingest, reading
from graphinv.ingest.csv_reader import read_csv
from graphinv.ingest.record_store import PieceRecord
from graphinv.resolve.versions import newest
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
reading.read_csv = lambda stream, header, salt, _: read_csv(stream, header, salt, 2_000)
class Tell:
    def start(self, file, total_bytes): pass
    def advance(self, rows, size): print(rows, flush=True)
    def finish(self): pass
settings = Settings(workspace=Path(sys.argv[1]), hash_key="a test's key")
ingest(open_workspace_folder(settings), [sys.argv[2]], progress=Tell())
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_a_killed_process_loses_nothing_that_was_committed(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "shipments.csv"
    path.write_text(rows(3000))
    command = [sys.executable, "-c", CHILD, str(workspace.root), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(6):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.wait()
    committed = RecordStore(workspace).scan("shipments").collect().height
    assert 0 < committed < 2000
    resumed = ingest(workspace, [path]).feeds["shipments"]
    assert resumed.read == 3000
    assert resumed.accepted + committed == RecordStore(workspace).scan("shipments").collect().height
    assert_as_if_never_killed(workspace, tmp_path)


def test_a_second_load_waits_its_turn(load: Load, workspace: Workspace) -> None:
    with workspace.lock("ingest"), pytest.raises(WorkspaceBusy):
        load("importers.csv", VERSIONS)


def test_a_missing_batch_is_told(load: Load, records: RecordStore) -> None:
    load("importers.csv", VERSIONS)
    records.check_files()
    records.batches("importers")[0].path.unlink()
    with pytest.raises(WorkspaceError, match="backup"):
        records.check_files()


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_duplicates_are_found_in_batches_of_any_time(load: Load, order: tuple[str, str]) -> None:
    parts = {
        "old": "importer_number,name,registered_on\n1-1,A,2020-01-01\n1-2,B,\n",
        "new": "importer_number,name,registered_on\n1-3,C,2024-01-01\n1-4,D,2024-06-01\n",
    }
    for part in order:
        assert load(f"importers-{part}.csv", parts[part]).feeds["importers"] == FeedCounts(2, 2, 0, 0)
    everything = parts["old"] + parts["new"].split("\n", 1)[1]
    assert load("importers-all.csv", everything).feeds["importers"] == FeedCounts(4, 0, 4, 0)
    undated = "importer_number,name\n1-2,B\n1-5,E\n"
    assert load("importers-undated.csv", undated).feeds["importers"] == FeedCounts(2, 1, 1, 0)


def test_equal_pieces_in_one_load_are_entered_once(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"importers-{name}.csv").write_text(VERSIONS)
    accounting = ingest(workspace, [tmp_path / "*.csv"])
    assert accounting.feeds["importers"] == FeedCounts(12, 3, 9, 0)
    with workspace.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(CHUNKS)).scalar() == 1


def test_a_batch_is_named_by_what_its_rows_say(tmp_path: Path) -> None:
    names = set()
    for folder, header in (("a", "importer_number,name"), ("b", "Importer_Number, NAME")):
        workspace = open_workspace_folder(Settings(workspace=tmp_path / folder))
        path = tmp_path / "importers.csv"
        path.write_text(f"{header}\n1-1,Arlen\n1-2,Velmar\n")
        ingest(workspace, [path])
        names |= {batch.name for batch in RecordStore(workspace).batches("importers")}
        workspace.close()
    assert len(names) == 1


def test_an_empty_workspace_scans_as_no_rows(records: RecordStore) -> None:
    assert records.scan("shipments").collect().height == 0
    assert records.clock() is None
    assert records.batches("trusted") == []


def test_rows_at_hand_are_those_of_a_batch_only_where_they_say_the_same(
    workspace: Workspace, records: RecordStore, tmp_path: Path
) -> None:
    first, second = tmp_path / "shipments-1.csv", tmp_path / "shipments-2.csv"
    first.write_text("shipment_id,filed_at,mode\nX1,2024-01-01, OCEAN \nX2,2024-01-02,\n")
    second.write_text("shipment_id,filed_at,mode\nX3,2024-01-03,air\n")
    checked = [checked_pieces(path, "shipments", workspace.hash_key) for path in (first, second)]
    ingest(workspace, [first, second])
    batch, other = records.since(0)
    rows, strange = (next(iter(pieces.values())).accepted for pieces in checked)
    told = rows_accepted(batch, rows)
    assert told is not None
    assert_frame_equal(told, records.read(batch))
    assert rows_accepted(batch, strange) is None
    assert [one.name for one in records.since(batch.seq)] == [other.name]
