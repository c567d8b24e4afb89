"""What a shipment asks about its de-facto importer, and what a spreadsheet may be given."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import graphinv
from graphinv.errors import InvalidInput, WorkspaceError
from graphinv.ingest import FeedCounts
from graphinv.opened import OpenedWorkspace
from graphinv.screening import question_of, screen_file
from graphinv.screening_processes import harmless, processes_for
from graphinv.settings import Settings
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
            assert counts == FeedCounts(400, 399, 0, 1)
            lines.append(out.read_text().splitlines())
    assert lines[0] == lines[1]
    assert [line.split(",")[0] for line in lines[0][1:4]] == ["N0", "N1", "N2"]
    assert sum("seizure:Z0" in line for line in lines[0]) == 134
    assert seen[-1] == 399
    assert seen[: len(seen) // 2] == sorted(set(seen)) == seen[len(seen) // 2 :]


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
