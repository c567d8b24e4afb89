"""Arriving feeds are screened by what was known when each shipment was filed, and by nothing later."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from graphinv.cli import app
from graphinv.errors import InvalidInput
from graphinv.links.outcomes import StandIn
from graphinv.links.score_claims import CLAIMS_VERSION
from graphinv.opened import OpenedWorkspace
from graphinv.replay.known import read_folder
from graphinv.replay.screening import _between_events, _Course, _examined, _telling
from graphinv.screening import screen_arrivals
from graphinv.settings import Settings
from tests.links.test_score_fitting import drawn, examined
from tests.links.test_score_fitting import rows as learned_rows

Row = Mapping[str, str]
Scores = dict[str, Mapping[str, str]]

OLD: Row = {
    "shipment_id": "A1",
    "filed_at": "2024-03-01T09:00:00Z",
    "consignee_name": "Velmar Harbor Gifts LLC",
    "consignee_address_line1": "482 Juniper Street",
    "consignee_city": "Tucson",
    "consignee_state": "AZ",
    "consignee_postal_code": "85701",
    "consignee_country": "US",
    "consignee_phone": "+1 520 555 0147",
}
#: Another name at another place that calls from the same phone, and writes from a mailbox of its own.
NEW: Row = {
    "shipment_id": "B1",
    "filed_at": "2024-05-02T10:00:00Z",
    "consignee_name": "Kesona Canyon Supply",
    "consignee_address_line1": "9 Larkspur Road",
    "consignee_city": "Newark",
    "consignee_state": "NJ",
    "consignee_postal_code": "07104",
    "consignee_country": "US",
    "consignee_phone": "(520) 555-0147",
    "consignee_email": "orders@kesona-canyon.example",
}
#: A third party that has nothing but the second one's mailbox, an hour later.
THIRD: Row = {
    "shipment_id": "C1",
    "filed_at": "2024-05-02T11:00:00Z",
    "consignee_name": "Ostrava Lantern Works",
    "consignee_email": "orders@kesona-canyon.example",
}
SEIZED: Row = {"seizure_id": "Z1", "seized_on": "2024-03-20", "shipment_id": "A1", "category": "ipr"}


def write(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    names = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(names))
        writer.writeheader()
        writer.writerows(rows)


def replay(folder: Path, workspace: Path) -> Scores:
    out = folder.parent / f"{folder.name}.csv"
    with OpenedWorkspace(Settings(workspace=workspace)) as opened:
        screen_arrivals(opened, folder, out)
    with out.open(newline="") as stream:
        return {row["shipment_id"]: row for row in csv.DictReader(stream)}


def story(
    folder: Path, shipments: Sequence[Row], seizures: Sequence[Row] = (SEIZED,), **others: Sequence[Row]
) -> Scores:
    """The scores of a few feeds, over a workspace that holds nothing."""
    write(folder / "feeds" / "shipments.csv", shipments)
    for name, rows in {"seizures": seizures, **others}.items():
        if rows:
            write(folder / "feeds" / f"{name}.csv", rows)
    return replay(folder / "feeds", folder / "workspace")


def test_a_newcomer_is_linked_to_what_was_seized_before(tmp_path: Path) -> None:
    scores = story(tmp_path, [OLD, NEW])
    assert list(scores) == ["A1", "B1"]
    assert scores["A1"]["top_seizure"] == ""
    assert scores["B1"]["top_seizure"] == "seizure:Z1"
    assert "+15205550147" in scores["B1"]["sentence"]
    assert float(scores["B1"]["score"]) > float(scores["A1"]["score"])
    assert {row["score_is"] for row in scores.values()} == {"not calibrated: links joined by noisy-or"}


def test_an_arrival_of_the_same_day_is_evidence_for_the_next(tmp_path: Path) -> None:
    told = story(tmp_path / "both", [OLD, NEW, THIRD])["C1"]
    alone = story(tmp_path / "alone", [OLD, THIRD])["C1"]
    assert told["top_seizure"] == "seizure:Z1"
    assert alone["top_seizure"] == ""


def test_what_is_seized_later_changes_nothing(tmp_path: Path) -> None:
    later = {"seizure_id": "Z2", "seized_on": "2024-05-03", "shipment_id": "B1", "category": "narcotics"}
    inspected = {"inspection_id": "E1", "inspected_on": "2024-05-03", "shipment_id": "B1", "result": "violation"}
    plain = story(tmp_path / "plain", [OLD, NEW, THIRD])
    assert story(tmp_path / "later", [OLD, NEW, THIRD], [SEIZED, later], inspections=[inspected]) == plain


def test_how_busy_a_phone_becomes_later_changes_nothing(tmp_path: Path) -> None:
    crowd = [
        {**NEW, "shipment_id": f"D{at}", "consignee_name": f"Tenant {at} Trading", "filed_at": "2024-06-01T08:00:00Z"}
        for at in range(40)
    ]
    before = story(tmp_path / "before", [OLD, NEW])
    after = story(tmp_path / "after", [OLD, NEW, *crowd])
    assert {name: after[name] for name in before} == before


def test_a_released_seizure_links_nobody_any_more(tmp_path: Path) -> None:
    released = {**SEIZED, "status": "released", "status_on": "2024-04-20", "known_at": "2024-04-20T12:00:00Z"}
    kept = {**SEIZED, "status": "seized", "status_on": "", "known_at": "2024-03-20T12:00:00Z"}
    early = {**NEW, "shipment_id": "B0", "filed_at": "2024-04-01T10:00:00Z"}
    scores = story(tmp_path, [OLD, early, NEW], [kept, released])
    assert scores["B0"]["top_seizure"] == "seizure:Z1"
    assert scores["B1"]["top_seizure"] == ""


def test_a_release_becomes_known_on_its_own_day(tmp_path: Path) -> None:
    """The row of the seizure was written after both; the release came between the two parcels."""
    released = {**SEIZED, "status": "released", "status_on": "2024-04-20"}
    early = {**NEW, "shipment_id": "B0", "filed_at": "2024-04-20T10:00:00Z"}
    scores = story(tmp_path / "once", [OLD, early, NEW], [released])
    assert scores["B0"]["top_seizure"] == "seizure:Z1"
    assert scores["B1"]["top_seizure"] == ""
    assert story(tmp_path / "told anew", [OLD, early, NEW], [SEIZED, released]) == scores
    assert scores["B0"] == story(tmp_path / "then", [OLD, early])["B0"]


@pytest.mark.parametrize("told_anew", [False, True])
def test_released_goods_are_an_outcome_from_their_seizure_until_their_release(told_anew: bool, tmp_path: Path) -> None:
    """Whether one row tells both, or the release has a row and a moment of its own."""
    released = {**SEIZED, "status": "released", "status_on": "2024-04-20"}
    rows = [SEIZED, {**released, "known_at": "2024-04-20T12:00:00Z"}] if told_anew else [released]
    write(tmp_path / "feeds" / "shipments.csv", [OLD])
    write(tmp_path / "feeds" / "seizures.csv", rows)
    with OpenedWorkspace(Settings(workspace=tmp_path / "w")) as opened:
        found, withdrawn = _examined(read_folder(opened.folder, tmp_path / "feeds", tmp_path / "scratch"))
    end = time(12) if told_anew else time.max
    assert found.select("shipment_id", "violation", "outcome_known_at").rows() == [
        ("A1", True, datetime.combine(date(2024, 3, 20), time.max, UTC))
    ]
    assert withdrawn.rows() == [("A1", datetime.combine(date(2024, 4, 20), end, UTC))]


def test_of_seized_goods_the_consignee_stands_as_seized_and_the_shipper_does_not(tmp_path: Path) -> None:
    shipper = {"shipper_name": "Dongguan Velpa Export", "shipper_country": "CN"}
    write(tmp_path / "feeds" / "shipments.csv", [{**OLD, **shipper}, NEW])
    write(tmp_path / "feeds" / "seizures.csv", [SEIZED])
    with OpenedWorkspace(Settings(workspace=tmp_path / "w")) as opened:
        arriving = read_folder(opened.folder, tmp_path / "feeds", tmp_path / "scratch")
        course = _Course(opened.folder, arriving)
        for rows in _between_events(arriving):
            list(course.file(rows))
        with course._arrivals.index(arriving.shipments["known_at"][-1], set()) as index:
            assert index.snapshot is not None
            nodes = {index.nodes.text("caption", node): node for node in range(index.snapshot.size)}
            standing = {name: index.nodes.text("standing", node) for name, node in nodes.items()}
    assert standing["Velmar Harbor Gifts LLC"] == "seized"
    assert standing["Dongguan Velpa Export"] == "unknown"


def test_a_registration_counts_from_its_day_on(tmp_path: Path) -> None:
    registered = {
        "importer_number": "12-345678900",
        "name": "Velmar Harbor Gifts",
        "phone": "520 555 0147",
        "email": "orders@kesona-canyon.example",
        "registered_on": "2024-04-15",
    }
    early = {**THIRD, "shipment_id": "C0", "filed_at": "2024-04-14T10:00:00Z"}
    scores = story(tmp_path, [OLD, early, THIRD], importers=[registered])
    assert scores["C0"]["top_seizure"] == ""
    assert scores["C1"]["top_seizure"] == "seizure:Z1"


def test_every_accepted_shipment_is_answered_once_as_it_was_first_filed(tmp_path: Path) -> None:
    corrected = {**NEW, "consignee_phone": "", "known_at": "2024-05-09T10:00:00Z"}
    refused = {**NEW, "shipment_id": "B9", "filed_at": "some day"}
    first = {**NEW, "known_at": ""}
    scores = story(tmp_path, [corrected, first, refused, {**OLD, "known_at": ""}, first])
    assert list(scores) == ["A1", "B1"]
    assert scores["B1"]["top_seizure"] == "seizure:Z1"


def test_the_workspace_knows_as_much_as_the_folder_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    write(tmp_path / "past" / "shipments.csv", [OLD])
    write(tmp_path / "past" / "seizures.csv", [SEIZED])
    write(tmp_path / "feeds" / "shipments.csv", [NEW])
    workspace = tmp_path / "workspace"
    with OpenedWorkspace(Settings(workspace=workspace)) as opened:
        opened.load([tmp_path / "past"])
    before = {path: path.stat().st_mtime_ns for path in (workspace / "records").rglob("*")}
    assert replay(tmp_path / "feeds", workspace)["B1"]["top_seizure"] == "seizure:Z1"
    assert {path: path.stat().st_mtime_ns for path in (workspace / "records").rglob("*")} == before


def test_every_row_of_every_feed_is_accounted_for_and_broken_files_are_told(tmp_path: Path) -> None:
    """A seizures file that cannot be read must not pass for "no links"."""
    corrected = {**OLD, "consignee_phone": "+1 520 555 0199", "known_at": "2024-03-05T00:00:00Z"}
    write(tmp_path / "feeds" / "shipments.csv", [OLD, corrected, {**NEW, "filed_at": "soon"}])
    (tmp_path / "feeds" / "seizures.parquet").write_bytes(b"PAR1 cut short")
    words = ["screen", "--workspace", str(tmp_path / "w"), "--replay", str(tmp_path / "feeds")]
    result = CliRunner().invoke(app, words, env={"COLUMNS": "300"})
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2
    assert "shipments: 3 read, 2 accepted, 0 twice, 1 refused" in result.stderr
    assert "shipments.csv line 4, filed_at: no ISO 8601 day or timestamp (soon)" in result.stderr
    assert "1 scores only order, not calibrated: links joined by noisy-or" in result.stderr
    assert "warning: seizures: skipped: " in result.stderr
    assert "seizures.parquet" in result.stderr
    newer = "1 newer versions of a shipment that was screened as first filed"
    assert f"3 read, 1 screened, 1 refused, {newer}; took" in result.stderr


def test_a_folder_whose_shipments_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "shipments-bad.parquet").write_bytes(b"PAR1 cut short")
    with (
        OpenedWorkspace(Settings(workspace=tmp_path / "w")) as opened,
        pytest.raises(InvalidInput, match=r"no shipment that can be screened: .*shipments-bad\.parquet: skipped: "),
    ):
        screen_arrivals(opened, tmp_path / "feeds", tmp_path / "out.csv")


def test_a_folder_without_shipments_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "feeds" / "seizures.csv", [SEIZED])
    with (
        OpenedWorkspace(Settings(workspace=tmp_path / "w")) as opened,
        pytest.raises(InvalidInput, match="no shipment"),
    ):
        screen_arrivals(opened, tmp_path / "feeds", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_the_command_line_wants_files_or_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "feeds" / "shipments.csv", [OLD])
    words = ["screen", "--workspace", str(tmp_path / "w")]
    assert CliRunner().invoke(app, words).exit_code == 2
    both = [*words, "--replay", str(tmp_path / "feeds"), str(tmp_path / "feeds" / "shipments.csv")]
    assert CliRunner().invoke(app, both).exit_code == 2
    result = CliRunner().invoke(app, [*words, "--replay", str(tmp_path / "feeds")])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("shipment_id,score,band,status,")
    assert result.stdout.splitlines()[1].startswith("A1,")


def test_a_release_that_is_told_again_is_one_from_its_first_telling(tmp_path: Path) -> None:
    first = {**SEIZED, "status": "released", "status_on": "2024-04-20", "known_at": "2024-04-20T12:00:00Z"}
    again = {**first, "commodity": "lamps", "known_at": "2024-06-20T12:00:00Z"}
    held_again = {**SEIZED, "status": "seized", "known_at": "2024-05-02T12:00:00Z"}
    for rows, told in (([first, again], (4, 20)), ([first, held_again, again], (6, 20))):
        folder = tmp_path / str(len(rows))
        write(folder / "shipments.csv", [OLD])
        write(folder / "seizures.csv", [SEIZED, *rows])
        with OpenedWorkspace(Settings(workspace=tmp_path / "w")) as opened:
            _, withdrawn = _examined(read_folder(opened.folder, folder, tmp_path / "scratch"))
        assert withdrawn.rows() == [("A1", datetime(2024, *told, 12, tzinfo=UTC))]


def test_what_was_learned_from_seizures_stays_so_until_inspections_tell() -> None:
    values, violation = drawn(3_000)
    seized = learned_rows(values, violation, ["seizure" if one else "passed" for one in violation])
    why = StandIn("nothing was inspected", 3.0)
    late = seized.filter("violation").with_columns(known_at=pl.lit(datetime(2026, 6, 1, tzinfo=UTC)))
    found = _telling(pl.concat([seized, late]), why)
    assert found.stand_in == why
    assert found.rows.equals(seized)
    inspected = examined().with_columns(pl.col("shipment_id") + "i")
    found = _telling(pl.concat([seized, inspected]), why)
    assert found.stand_in is None
    assert set(found.rows["selection"]) == {"seizure", "random", "targeted"}


def test_a_replay_beside_a_model_of_seizures_says_so(tmp_path: Path) -> None:
    values, violation = drawn(3_000)
    learned = learned_rows(values, violation, ["seizure" if one else "passed" for one in violation])
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as opened:
        folder = opened.folder.projection / f"score-{CLAIMS_VERSION}"
        folder.mkdir(parents=True)
        learned.with_columns(pl.col("known_at", "window").dt.offset_by("-2y")).write_parquet(folder / "rows.parquet")
    scores = story(tmp_path, [OLD, NEW])
    assert {row["score_is"] for row in scores.values()} == {"not calibrated: learned from seizures"}
