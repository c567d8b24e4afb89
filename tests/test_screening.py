"""What a shipment asks about its de-facto importer, and what a spreadsheet may be given."""

import csv
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

import graphinv
from graphinv.errors import FeedError, InvalidInput, WorkspaceError
from graphinv.ingest import FeedCounts
from graphinv.opened import OpenedWorkspace
from graphinv.screening import COLUMNS, question_of, screen_file, unfinished
from graphinv.screening_processes import _out_of_reach, harmless, processes_for
from graphinv.settings import Settings
from graphinv.terminal import bars
from tests.current.rebuilding import make_epoch
from tests.current.test_splits import record
from tests.processes import alive, ends


def test_a_shipment_asks_with_what_its_row_gives() -> None:
    row = {"consignee_name": " Fern Lamps ", "consignee_phone": "213 555 0148", "platform": "bazario", "hts": "  "}
    question = question_of(row)
    assert question.given() == ("name", "phones")
    assert question.name == "Fern Lamps"
    assert question_of({**row, "seller_id": "K1"}).given() == ("name", "phones", "sellers")


def test_an_address_without_a_street_is_no_address() -> None:
    assert question_of({"consignee_city": "Newark"}).addresses == []
    assert question_of({"consignee_city": "Newark", "consignee_address_line1": "9 Kesona Road"}).addresses


@pytest.mark.parametrize(("text", "written"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-4", "'-4"), ("X1", "X1"), ("", "")])
def test_no_cell_runs_in_a_spreadsheet(text: str, written: str) -> None:
    assert harmless(text) == written


def test_before_the_first_load_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text("shipment_id,filed_at\nN1,2024-08-01\n")
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as opened:
        with pytest.raises(WorkspaceError, match="graphinv load"):
            screen_file(opened, [tmp_path / "shipments.csv"], tmp_path / "scores.csv")
        with pytest.raises(InvalidInput, match="workspace itself"):
            screen_file(opened, [opened.folder.root], tmp_path / "scores.csv")
    assert not (tmp_path / "scores.csv").exists()


def test_several_processes_give_the_same_lines_in_the_same_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kestrel Dock is seized from; every third shipment has its phone, and one is refused."""
    phones = ("+1 213 555 0148", "+1 415 555 0100", "+1 415 555 0101")
    rows = [f"N{at},2024-08-01T00:00:00Z,Invented Trader {at},{phones[at % 3]}" for at in range(400)]
    rows[17] = "N17,some day,Invented Trader 17,"
    (tmp_path / "shipments.csv").write_text("\n".join(["shipment_id,filed_at,consignee_name,consignee_phone", *rows]))
    lines, seen = [], list[int]()
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as opened:
        filed = {"shipment_id": "X0", "filed_at": "2024-01-02", "consignee_name": "Kestrel Dock Imports"}
        record(opened, "shipments", [{**filed, "consignee_phone": phones[0]}])
        record(opened, "seizures", [{"seizure_id": "Z0", "seized_on": "2024-01-10", "shipment_id": "X0"}])
        make_epoch(opened)
        for processes in (1, 2):
            monkeypatch.setattr("graphinv.screening.processes_for", lambda _, count=processes: count)
            out = tmp_path / f"{processes}.csv"
            counts = screen_file(opened, [tmp_path / "shipments.csv"], out, lambda done, *_: seen.append(done))
            assert counts.counts == FeedCounts(400, 399, 0, 1)
            assert (counts.screened, counts.versions) == (399, 0)
            assert counts.scores == {"not calibrated: links joined by noisy-or": 399}
            assert [(one.line, one.field) for one in counts.accounting.refused] == [(19, "filed_at")]
            lines.append(out.read_text().splitlines())
    assert lines[0] == lines[1]
    assert [line.split(",")[0] for line in lines[0][1:4]] == ["N0", "N1", "N2"]
    assert all(line.endswith(",not calibrated: links joined by noisy-or") for line in lines[0][1:])
    assert sum("seizure:Z0" in line for line in lines[0]) == 134
    assert (seen[0], seen[-1]) == (0, 399)
    assert seen[: len(seen) // 2] == sorted(set(seen)) == seen[len(seen) // 2 :]


def _hundred_and_twenty(folder: Path, opened: OpenedWorkspace) -> Path:
    """A file of shipments, and an index to look them up in."""
    record(opened, "shipments", [{"shipment_id": "X0", "filed_at": "2024-01-02", "consignee_name": "Kestrel Dock"}])
    make_epoch(opened)
    rows = [f"N{at},2024-08-01T00:00:00Z,Invented Trader {at}" for at in range(120)]
    (folder / "shipments.csv").write_text("\n".join(["shipment_id,filed_at,consignee_name", *rows, ""]))
    return folder / "shipments.csv"


def test_files_that_hold_no_shipments_and_files_that_are_read_are_no_places_to_begin(tmp_path: Path) -> None:
    (tmp_path / "importers.csv").write_text("importer_number,name,known_at\n12-3456789,Fern,2024-01-01\n")
    (tmp_path / "shipments.xlsx").write_text("")
    out = tmp_path / "scores.csv"
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as opened:
        file = _hundred_and_twenty(tmp_path, opened)
        with pytest.raises(FeedError, match=r"importers\.csv holds no shipments: none of its 1 rows has a shipment_id"):
            screen_file(opened, [tmp_path / "importers.csv"], out)
        with pytest.raises(FeedError, match="no CSV, JSON Lines or Parquet file"):
            screen_file(opened, [tmp_path / "shipments.xlsx"], out)
        with pytest.raises(InvalidInput, match="one of the files that are read"):
            screen_file(opened, [tmp_path], file)
    assert not out.exists()
    assert len(file.read_text().splitlines()) == 121


def test_what_was_done_before_somebody_stopped_is_kept_apart_in_whole_lines(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    out.write_text("of yesterday")

    def stop(done: int, total: int | None, filed: datetime | None = None) -> None:
        assert (total, filed) == (120 if done else None, None)
        if done == 100:
            raise KeyboardInterrupt

    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as opened:
        file = _hundred_and_twenty(tmp_path, opened)
        with pytest.raises(KeyboardInterrupt):
            screen_file(opened, [file], out, stop)
        assert out.read_text() == "of yesterday"
        with unfinished(out).open(newline="") as stream:
            lines = list(csv.reader(stream))
        assert {len(line) for line in lines} == {len(COLUMNS)}
        assert [line[0] for line in lines] == ["shipment_id", *(f"N{at}" for at in range(100))]
        screen_file(opened, [file], out)
    assert not unfinished(out).exists()
    assert len(out.read_text().splitlines()) == 121


def test_where_no_bar_can_move_a_screening_tells_in_lines_how_far_it_is_and_what_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("graphinv.terminal.monotonic", lambda: clock[0])
    with bars(shown=True) as shown:
        for done in (0, 50, 100, 150):
            shown.screened(done, 200)
            clock[0] += 20.0
        said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("screened") and "left" in line]
    assert len(said) == 1
    assert "screened 100 rows" in said[0]


def test_ctrl_c_does_not_reach_a_process_that_screens() -> None:
    with _out_of_reach():
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    with child:
        child.send_signal(signal.SIGINT)
        assert child.poll() is None
        child.communicate()
    assert child.returncode == 0


_SCREENS = """
import multiprocessing, sys, time
from pathlib import Path
from graphinv.errors import WorkspaceError
from graphinv.opened import OpenedWorkspace
from graphinv.screening_processes import screening_by
from graphinv.settings import Settings

if __name__ == "__main__":
    with OpenedWorkspace(Settings(workspace=Path(sys.argv[1]))) as opened, screening_by(2, opened) as screen:
        try:
            next(screen([[{"shipment_id": "N1"}]]))
        except WorkspaceError:  # there is no index; the process that said so waits for more
            print(multiprocessing.active_children()[0].pid, flush=True)
        time.sleep(60)
"""


def test_processes_that_screen_end_with_the_one_that_started_them_even_when_it_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "screens.py"
    script.write_text(_SCREENS)
    command = [sys.executable, str(script), str(tmp_path / "workspace")]
    packages = str(Path(graphinv.__file__).parents[1])
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": packages}) as started:
        assert started.stdout is not None
        pid = int(started.stdout.readline())
        assert alive(pid)
        started.kill()
        started.wait()
        assert ends(pid)


def test_a_short_file_is_screened_by_the_process_that_reads_it() -> None:
    assert processes_for(0) == processes_for(4_999) == 1
    assert 1 <= processes_for(1_000_000) <= 8
