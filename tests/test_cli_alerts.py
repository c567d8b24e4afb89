"""``graphinv alerts`` and ``graphinv clusters`` after a real load: what is listed, decided, told again and exported."""

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from graphinv.cli import app
from graphinv.errors import InvalidInput, NotFound, WorkspaceError


@pytest.fixture
def own(sample_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the loaded sample feeds, to decide in."""
    return Path(shutil.copytree(sample_workspace, tmp_path / "workspace"))


def run(workspace: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--workspace", str(workspace)], env={"COLUMNS": "200"})


def ran(workspace: Path, *words: str) -> str:
    result = run(workspace, *words)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def told(workspace: Path, *words: str) -> Any:
    return json.loads(ran(workspace, *words, "--json"))


def first(workspace: Path) -> str:
    """The id of the most certain alert."""
    return str(told(workspace, "alerts", "--limit", "1")["items"][0]["id"])


def test_the_digest_counts_all_and_tells_the_most_certain(sample_workspace: Path) -> None:
    found = told(sample_workspace, "alerts", "--limit", "3")
    assert len(found["items"]) == 3 < found["total"] == found["counts"]["open"] == found["examined"]["raised"]
    certain = [one["told"]["strength"] for one in told(sample_workspace, "alerts", "--limit", "1000")["items"]]
    assert certain == sorted(certain, reverse=True)
    text = ran(sample_workspace, "alerts", "--limit", "3")
    assert text.startswith(f"alerts: {found['total']:,} open, 0 watching")
    assert f"{found['total'] - 3:,} more; --limit shows them" in text
    for alert in found["items"]:
        assert f"{alert['id']}  open  strength {alert['told']['strength']:.2f}" in text
        assert alert["told"]["sentence"] in " ".join(text.split())


def test_an_alert_is_shown_in_full_with_every_piece_of_evidence(sample_workspace: Path) -> None:
    alert = next(one for one in told(sample_workspace, "alerts")["items"] if one["kind"] == "seizure")
    found = told(sample_workspace, "alerts", "show", alert["id"])
    text = ran(sample_workspace, "alerts", "show", alert["id"])
    assert found["told"] == alert["told"]
    assert found["told"]["evidence"]
    for piece in found["told"]["evidence"]:
        assert piece["value"] in text
        assert all(record in text for record in piece["records"])
    assert [event["kind"] for event in found["history"]] == ["raised"]
    assert "raised" in text


def test_what_is_decided_leaves_the_digest_and_comes_back_when_undone(own: Path) -> None:
    alert = first(own)
    before = told(own, "alerts")
    made = ran(own, "alerts", "dispose", alert, "--as", "cleared", "--why", "one landlord", "--by", "ann")
    assert made == f"{alert} is cleared\n"
    after = told(own, "alerts")
    assert after["total"] == before["total"] - 1
    assert after["counts"]["cleared"] == 1
    assert [one["id"] for one in told(own, "alerts", "--status", "cleared")["items"]] == [alert]
    assert f"{alert}  cleared" in ran(own, "alerts", "--status", "cleared")
    assert "ann: one landlord" in ran(own, "alerts", "--status", "cleared")
    assert told(own, "alerts", "--status", "all")["total"] == before["total"]
    assert ran(own, "alerts", "undo", alert, "--by", "bob", "--why", "the wrong file") == f"{alert} is open again\n"
    assert told(own, "alerts")["counts"] == before["counts"]
    events = told(own, "alerts", "show", alert)["history"]
    assert [(one["kind"], one["who"], one["why"]) for one in events] == [
        ("raised", None, None),
        ("disposed", "ann", "one landlord"),
        ("undone", "bob", "the wrong file"),
    ]


def test_since_leaves_out_what_did_not_change_after_it(own: Path) -> None:
    raised = told(own, "alerts", "--status", "all", "--limit", "1000")["items"]
    told(own, "alerts", "dispose", raised[-1]["id"], "--as", "watching", "--why", "wait for the next one")
    moment = told(own, "alerts", "show", raised[-1]["id"])["changed_at"]
    since = told(own, "alerts", "--since", moment)
    assert [one["id"] for one in since["items"]] == [raised[-1]["id"]]
    assert since["counts"]["watching"] == since["total"] == 1
    assert "changed since" in ran(own, "alerts", "--since", "2020-01-01")


def test_what_cannot_be_asked_is_told(sample_workspace: Path) -> None:
    assert isinstance(run(sample_workspace, "alerts", "show", "nonesuch").exception, NotFound)
    undone = run(sample_workspace, "alerts", "undo", first(sample_workspace)).exception
    assert isinstance(undone, InvalidInput), undone
    day = run(sample_workspace, "alerts", "--since", "yesterday").exception
    assert isinstance(day, InvalidInput)
    assert "2024-06-15" in str(day)
    nameless = run(sample_workspace, "alerts", "dispose", first(sample_workspace), "--as", "cleared")
    assert nameless.exit_code == 2
    assert "--why" in nameless.output


def test_options_before_the_name_of_a_command_count_for_it(sample_workspace: Path, tmp_path: Path) -> None:
    alert = first(sample_workspace)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        patch.delenv("GRAPHINV_WORKSPACE", raising=False)
        before = CliRunner().invoke(app, ["alerts", "-w", str(sample_workspace), "--json", "show", alert])
    assert json.loads(before.stdout) == told(sample_workspace, "alerts", "show", alert)
    assert not list(tmp_path.iterdir())
    useless = CliRunner().invoke(app, ["alerts", "--limit", "3", "show", alert, "-w", str(sample_workspace)])
    assert (useless.exit_code, "--limit is for the list" in useless.output) == (2, True)


@pytest.mark.parametrize(
    "words",
    [("alerts",), ("clusters",), ("status",), ("quarantine", "list"), ("resolve", "review"), ("show", "orchid")],
    ids=" ".join,
)
def test_who_only_asks_makes_no_workspace(words: tuple[str, ...], tmp_path: Path) -> None:
    refused = run(tmp_path / "missing", *words)
    assert isinstance(refused.exception, WorkspaceError)
    assert "there is no workspace" in str(refused.exception)
    assert not list(tmp_path.iterdir())


def test_a_load_makes_clusters_that_are_listed_told_and_exported(sample_workspace: Path, tmp_path: Path) -> None:
    listed = told(sample_workspace, "clusters", "--seized")
    riskiest = listed["items"][0]
    assert riskiest["id"] in ran(sample_workspace, "clusters").replace("\n", "")
    profile = told(sample_workspace, "clusters", riskiest["id"])
    assert profile["standings"]["seized"] >= 1
    assert len(profile["parties"]) == profile["members"]
    assert [event["event"] for event in profile["history"]] == ["born"]
    out = tmp_path / "clusters.csv"
    ran(sample_workspace, "export", "clusters", "-o", str(out))
    rows = pl.read_csv(out)
    assert rows["record_id"].is_unique().all()
    assert riskiest["id"] in rows["cluster_id"]


def test_a_cluster_is_told_with_what_it_trades_and_when(sample_workspace: Path) -> None:
    riskiest = told(sample_workspace, "clusters", "--seized")["items"][0]["id"]
    profile = told(sample_workspace, "clusters", riskiest)
    lines = [line.split() for line in ran(sample_workspace, "clusters", riskiest).splitlines()]
    assert profile["commodities"]
    assert profile["ports"]
    for one in (*profile["commodities"], *profile["ports"]):
        assert [one["id"], str(one["shipments"])] in lines
    for one in profile["lanes"]:
        assert [one["origin"], one["port"], str(one["shipments"])] in lines
    shown = profile["timeline"][-24:]
    assert [line for line in lines if line and line[0][:2] == "20" and len(line) == 3] == [
        [one["month"], str(one["shipments"]), str(one["seizures"])] for one in shown
    ]
