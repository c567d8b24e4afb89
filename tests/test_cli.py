"""The commands as people type them: exit statuses, what goes to standard output and what beside it."""

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphinv import cli
from tests.small_case import BRIGHTLINE, KESTREL, ORCHID, PHONE, write_case


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]

LAMPS = "shipment_id,filed_at,consignee_name,consignee_phone\nN1,2024-08-01,Fern Lamps,+1 213 555 0148\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process."""

    def ran(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["graphinv", *map(str, words)])
        capsys.readouterr()
        try:
            cli.main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        told = capsys.readouterr()
        return Ran(status, told.out, told.err)

    return ran


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feeds of the small case."""
    folder = tmp_path_factory.mktemp("case") / "feeds"
    write_case(folder)
    return folder


@pytest.fixture(scope="module")
def loaded(case: Path) -> str:
    """The ``--workspace`` of the small case, loaded by the command itself."""
    workspace = case.parent / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["graphinv", "load", str(case), "--workspace", str(workspace)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == 0
    return f"--workspace={workspace}"


def test_wrong_usage_ends_with_two(run: Run, tmp_path: Path) -> None:
    assert run("fly").status == 2
    assert run("paths", "a", "b", "-k", "0").status == 2
    unknown = run("load", tmp_path, "--feed", "imports", "--workspace", tmp_path / "w")
    assert (unknown.status, unknown.out) == (2, "")
    assert "the feeds are importers" in unknown.err


def test_an_error_of_the_world_is_one_line_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    ended = run("quarantine", "list", "--workspace", tmp_path)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("graphinv: ")
    assert ended.err.count("\n") == 1


def test_the_schema_is_printed_in_three_ways(run: Run) -> None:
    assert "HAS_PHONE" in run("schema").out
    assert run("schema", "--format", "mermaid").out.startswith("classDiagram")
    assert "CREATE CONSTRAINT" in run("schema", "--format", "cypher").out


def test_saved_queries_are_listed_and_a_wrong_name_tells_the_likely_one(run: Run) -> None:
    assert "seizures/still_importing" in run("query").out
    wrong = run("query", "seizures/still_import")
    assert wrong.status != 0
    assert "did you mean seizures/still_importing" in wrong.err


def test_load_prints_the_accounting_or_json_and_nothing_else(run: Run, loaded: str, case: Path) -> None:
    told = run("load", case, loaded)
    assert told.status == 0
    assert told.out.split()[:5] == ["feed", "read", "accepted", "duplicate", "quarantined"]
    as_json = json.loads(run("load", case, "--json", loaded).out)
    assert as_json["feeds"]["importers"] == {"read": 33, "accepted": 0, "duplicate": 33, "quarantined": 0}


def test_a_warning_of_a_skipped_file_names_no_empty_place(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "trusted.csv").write_text("importer_number,program,vetted_on\n")
    told = run("load", tmp_path, "--json", "--workspace", tmp_path.parent / "skipping")
    assert "warning: skipped: " in told.err
    assert json.loads(told.out)["warnings"]


def test_show_tells_what_is_around_a_party_and_where_it_leads(run: Run, loaded: str) -> None:
    told = run("show", BRIGHTLINE, loaded)
    assert told.status == 0
    assert "desk@agents-for-all.example" in told.out
    assert "links to seizures" in told.out
    assert "Orchid Lane" in told.out
    around = [line for line in told.out.splitlines() if "desk@agents-for-all.example" in line]
    assert around
    assert all(line.split()[0].startswith("email:") for line in around)


def test_show_as_json_keeps_the_fields_of_an_entity_and_adds_two(run: Run, loaded: str) -> None:
    told = json.loads(run("show", ORCHID, "--json", loaded).out)
    assert told["id"] == ORCHID
    assert told["standing"] == "seized"
    assert {item["id"]: item["parties"] for item in told["around"]}[PHONE] == 2
    assert told["links"][0]["seizure"]["id"].startswith("seizure:")


def test_as_of_a_past_day_a_party_is_shown_as_it_stood_then(run: Run, loaded: str) -> None:
    before = run("show", ORCHID, "--as-of", "2024-02-01", loaded).out
    assert "Orchid Lane Trading Company (Importer, not seized then)" in before
    assert "as of 2024-02-01" in before
    assert "(Importer, seized)" in run("show", ORCHID, "--as-of", "2024-03-01", loaded).out
    unknown = run("show", BRIGHTLINE, "--as-of", "2020-01-01", loaded)
    assert unknown.status == 1
    assert "known by then" in unknown.err


def test_show_finds_words_and_tells_ways_to_an_id_at_the_command_line(run: Run, loaded: str) -> None:
    assert ORCHID in run("show", "orchid lane", loaded).out
    nothing = run("show", "importer:0000000000000000", loaded)
    assert nothing.status == 1
    assert "graphinv show WORDS" in nothing.err


def test_a_value_is_shown_with_the_parties_that_use_it_and_no_links(run: Run, loaded: str) -> None:
    told = run("show", PHONE, loaded)
    assert KESTREL in told.out
    assert ORCHID in told.out
    assert "link" not in told.out


def test_paths_are_told_with_their_evidence(run: Run, loaded: str) -> None:
    told = run("paths", BRIGHTLINE, "seized", loaded)
    assert told.status == 0
    assert "shares address" in told.out
    assert json.loads(run("paths", BRIGHTLINE, "--json", loaded).out)["paths"]
    assert run("paths", "importer:0000000000000000", loaded).status == 1


def test_lookup_answers_a_body_and_goes_on_after_a_broken_line(run: Run, loaded: str, tmp_path: Path) -> None:
    good, wrong = '{"queries": {"k": {"phones": ["213 555 0148"]}}}', '{"queries": {"k": {"phone": "213 555 0148"}}}'
    (tmp_path / "one.json").write_text(good)
    assert json.loads(run("lookup", tmp_path / "one.json", loaded).out)["responses"]["k"]["links"]
    read = run("lookup", tmp_path / "one.json", "--text", loaded).out
    assert "was seized on" in read
    assert "not calibrated" in read
    assert "noisy-or" in read
    (tmp_path / "many.jsonl").write_text(f"{wrong}\n{good}\n")
    told = run("lookup", tmp_path / "many.jsonl", loaded)
    refused, answered = map(json.loads, told.out.splitlines())
    assert told.status == 1
    assert refused["detail"] == "queries.k.phone: no such field; did you mean phones?"
    assert answered["responses"]["k"]


def test_screen_writes_a_line_a_shipment_and_tells_the_rest_beside(run: Run, loaded: str, tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text(
        LAMPS.replace("\n", ",colour\n", 1).replace("0148\n", "0148,red\n") + "N2,,nobody,,\n"
    )
    told = run("screen", tmp_path / "shipments.csv", loaded)
    (row,) = csv.DictReader(told.out.splitlines())
    assert row["shipment_id"] == "N1"
    assert "2 read, 1 screened, 1 refused" in told.err
    file = tmp_path / "shipments.csv"
    assert f"refused: {file} line 3, filed_at: required, but missing or blank\n" in told.err
    assert f"warning: shipments colour: unknown column, kept out (2 rows in {file})\n" in told.err
    out = tmp_path / "scores.csv"
    assert run("screen", tmp_path / "shipments.csv", "-o", out, loaded).out == ""
    assert out.read_text().splitlines() == told.out.splitlines()
    again = run("screen", tmp_path / "shipments.csv", "-o", out, loaded).err
    assert again.endswith(f"wrote {out}, in place of the one that was there\n")


def test_screen_leaves_a_file_alone_where_it_cannot_answer(run: Run, loaded: str, tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text(LAMPS)
    out = tmp_path / "scores.csv"
    out.write_text("of yesterday")
    unloaded = run("screen", tmp_path / "shipments.csv", "-o", out, "--workspace", tmp_path / "empty")
    unread = run("screen", tmp_path / "shipmints.csv", "-o", out, loaded)
    assert (unloaded.status, unread.status) == (1, 1)
    assert out.read_text() == "of yesterday"


def test_quarantine_lists_and_exports_what_waits(run: Run, loaded: str, tmp_path: Path) -> None:
    own = f"--workspace={tmp_path / 'w'}"
    (tmp_path / "inspections.csv").write_text("inspection_id,inspected_on,shipment_id,result\nE1,soon,X1,violation\n")
    run("load", tmp_path / "inspections.csv", own)
    (row,) = json.loads(run("quarantine", "list", "--json", own).out)
    assert (row["line"], row["field"], row["value"]) == (2, "inspected_on", "soon")
    mended = tmp_path / "inspections-mended.csv"
    assert "wrote 1 rows" in run("quarantine", "export", "inspections", "-o", mended, own).out
    mended.write_text(mended.read_text().replace("soon", "2024-08-01"))
    run("load", mended, own)
    assert json.loads(run("quarantine", "list", "--json", own).out) == []
    (row,) = json.loads(run("quarantine", "list", "--mended", "--json", own).out)
    assert row["mended"] is True


def test_status_verify_and_doctor_tell_how_things_stand(run: Run, loaded: str) -> None:
    status = json.loads(run("status", "--json", loaded).out)
    assert status["records"]["importers"] == 33
    assert status["clusters"]["as_of"] == status["as_of"]
    assert status["clusters"]["counts"]["middle"] > 0
    assert not status["clusters"]["behind"]
    assert status["stale"] is False
    verified = run("verify", "--json", loaded)
    assert verified.status == 0
    assert json.loads(verified.out)["ok"] is True
    checked = run("doctor", loaded)
    assert checked.status == 0
    assert "ServerInfo" not in checked.out
    assert "127.0.0.1" in checked.out


def test_files_are_written_where_they_are_asked_for(run: Run, loaded: str, tmp_path: Path) -> None:
    assert run("report", ORCHID, "-o", tmp_path / "r.html", loaded).status == 0
    assert run("export", "network", ORCHID, "-o", tmp_path / "n.json", loaded).status == 0
    assert run("export", "entities", "-o", tmp_path / "e.csv", loaded).status == 0
    assert "Orchid Lane" in (tmp_path / "r.html").read_text()
    assert ORCHID in json.loads((tmp_path / "n.json").read_text())["nodes"]
    assert (tmp_path / "e.csv").read_text().startswith("record_id,entity_id\n")
    again = run("export", "entities", "-o", tmp_path / "e.csv", loaded).out
    assert again.endswith("e.csv, in place of the one that was there\n")
    wrong = run("export", "network", ORCHID, "-o", tmp_path / "n.xlsx", loaded)
    assert wrong.status == 2


def test_a_world_is_written_once(run: Run, tmp_path: Path) -> None:
    assert "hidden ties" in run("world", tmp_path / "world", "--size", "tiny").out
    assert run("world", tmp_path / "world", "--size", "tiny").status != 0
