"""``graphinv resolve`` over an invented world: what it shows, and that judging changes who is who for good."""

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from graphinv.cli import app
from graphinv.errors import GraphinvError, InvalidInput, NotFound, WorkspaceError
from graphinv.opened import open_workspace
from graphinv.record_parties import record_parties
from graphinv.worlds import write_world


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny world, loaded into the embedded store."""
    folder = tmp_path_factory.mktemp("resolve")
    write_world(folder / "world", "tiny", 1)
    with open_workspace(folder / "workspace") as opened:
        opened.load([path for path in sorted((folder / "world").iterdir()) if path.is_file()])
    return folder / "workspace"


@pytest.fixture
def clean(workspace: Path, tmp_path: Path) -> Path:
    """A copy of the workspace, to judge in."""
    return Path(shutil.copytree(workspace, tmp_path / "workspace"))


def run(workspace: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["resolve", *words, "--workspace", str(workspace)], env={"COLUMNS": "200"})


def ran(workspace: Path, *words: str) -> str:
    result = run(workspace, *words)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.stdout


def told(workspace: Path, *words: str) -> Any:
    return json.loads(ran(workspace, *words, "--json"))


def refused(workspace: Path, *words: str) -> GraphinvError:
    error = run(workspace, *words).exception
    assert isinstance(error, GraphinvError), error
    return error


def entities(workspace: Path) -> dict[str, str]:
    with open_workspace(workspace) as opened:
        return dict(opened.index.graph.nodes.drop_nulls("entity").select("uid", "entity").iter_rows())


def joined_pair(workspace: Path) -> tuple[str, str]:
    """Two identities that resolution made one party."""
    with open_workspace(workspace) as opened:
        edges = opened.index.graph.edges
        pair = edges.filter(edges["claim"] == "SAME_AS").sort("src", "dst").row(0, named=True)
    return pair["src"], pair["dst"]


def doubtful_pair(workspace: Path) -> tuple[str, str]:
    """Two identities that it left apart, in doubt."""
    doubt = next(one for one in told(workspace, "review", "--limit", "50") if not one["one_party"])
    return doubt["left"]["id"], doubt["right"]["id"]


def test_review_shows_uncertain_pairs_most_informative_first_with_all_weights(workspace: Path) -> None:
    doubts = told(workspace, "review", "--limit", "50")
    assert len(doubts) > 1
    assert [one["worth"] for one in doubts] == sorted((one["worth"] for one in doubts), reverse=True)
    for doubt in doubts:
        found = doubt["explanation"]
        assert 0.05 < found["probability"] < 0.95
        weights = [row["bits"] for row in found["rows"]]
        assert found["total_bits"] == pytest.approx(found["prior_bits"] + sum(weights), abs=0.02)
        assert doubt["changes"] >= 1
        assert (doubt["left"]["entity"] == doubt["right"]["entity"]) is doubt["one_party"]
    entities_of = [frozenset((one["left"]["entity"], one["right"]["entity"])) for one in doubts]
    assert len(set(entities_of)) == len(entities_of)


def test_the_table_of_why_has_every_comparison_the_sum_and_the_verdict(workspace: Path) -> None:
    pair = joined_pair(workspace)
    found = told(workspace, "why", *pair)
    text = ran(workspace, "why", *pair)
    for row in found["explanation"]["rows"]:
        assert row["comparison"].replace("_", " ") in text
        assert f"{row['bits']:+.2f}" in text
    assert f"{found['explanation']['prior_bits']:+.2f}" in text
    assert f"probability {found['explanation']['probability']:.4f}" in text
    assert text.rstrip().splitlines()[-1] == found["told"]
    assert found["told"].startswith("one party")
    assert found["one_party"] is True


def test_a_same_joins_survives_reload_and_rebuild_and_can_be_withdrawn(clean: Path, workspace: Path) -> None:
    left, right = doubtful_pair(clean)
    before = entities(clean)
    made = told(clean, "judge", left, right, "same", "--why", "one owner", "--who", "ann")
    after = entities(clean)
    assert after[left] == after[right]
    assert {one["id"] for one in made["moved"]} == {uid for uid in after if after[uid] != before[uid]}
    with open_workspace(clean) as opened:
        opened.load([workspace.parent / "world" / "importers.csv"])
        opened.rebuild()
        assert opened.verify().ok
    assert entities(clean) == after
    assert told(clean, "why", left, right)["told"].startswith(
        f"one party: judgement {made['judgement']['id']} (same, ann"
    )
    assert {left, right} not in [
        {one["left"]["id"], one["right"]["id"]} for one in told(clean, "review", "--limit", "500")
    ]
    ran(clean, "undo", made["judgement"]["id"], "--why", "two owners")
    assert entities(clean) == before


def test_look_ups_know_a_judgement_before_the_graph_follows(clean: Path) -> None:
    left, right = doubtful_pair(clean)
    question = {"queries": {"q": {"name": "Velmar Lamp LLC", "phones": ["520 555 0147"]}}}
    with open_workspace(clean) as opened:
        assert not opened.stale()
        made = told(clean, "judge", left, right, "same", "--why", "one owner", "--later")
        assert opened.stale()
        assert opened.lookup(question).responses["q"].status == "complete"
        with opened.reading() as state:
            nodes = [state.index.node(side) for side in (left, right)]
            one, other = (None if node is None else state.index.nodes.text("entity", node) for node in nodes)
        assert one == other
        ran(clean, "undo", made["judgement"]["id"], "--why", "two owners", "--later")
        assert not opened.stale()
        ran(clean, "judge", left, right, "same", "--why", "one owner after all")
        assert not opened.stale()


def test_a_different_parts_and_says_which_identities_moved(clean: Path) -> None:
    left, right = joined_pair(clean)
    before = entities(clean)
    text = ran(clean, "judge", left, right, "different", "--why", "two families of one name")
    after = entities(clean)
    assert after[left] != after[right]
    moved = [uid for uid in after if after[uid] != before[uid]]
    assert moved
    assert all(uid in text for uid in moved)
    assert told(clean, "why", left, right)["told"].startswith("two parties: judgement")
    made = told(clean, "judgements")[0]["id"]
    ran(clean, "undo", made, "--why", "they are one after all")
    assert entities(clean) == before


def test_records_are_judged_as_parties_are(clean: Path) -> None:
    left, right = doubtful_pair(clean)
    with open_workspace(clean) as opened:
        rows = dict(record_parties(opened.folder).select("uid", "record_id").collect().iter_rows())
    first = told(clean, "judge", left, right, "same", "--why", "one owner", "--later")
    assert first["applied"] is False
    again = told(clean, "judge", rows[right], rows[left], "different", "--why", "two owners", "--later")
    assert again["superseded"] == [first["judgement"]["id"]]
    assert (again["judgement"]["left"], again["judgement"]["right"]) == (rows[right], rows[left])


def test_judgements_are_listed_with_who_and_why(clean: Path) -> None:
    left, right = doubtful_pair(clean)
    made = told(clean, "judge", left, right, "same", "--why", "one owner", "--who", "ann", "--later")["judgement"]["id"]
    line = next(line for line in ran(clean, "judgements").splitlines() if line.startswith(made))
    assert "ann" in line
    assert "one owner" in line
    ran(clean, "undo", made, "--why", "mixed up", "--who", "bob", "--later")
    assert made not in ran(clean, "judgements")
    assert "withdrawn by bob: mixed up" in ran(clean, "judgements", "--withdrawn")


def test_a_contradiction_names_the_judgement_in_the_way(clean: Path) -> None:
    left, right = doubtful_pair(clean)
    third = next(uid for uid in entities(clean) if uid not in (left, right))
    for pair in ((left, right), (right, third)):
        told(clean, "judge", *pair, "same", "--why", "one owner", "--later")
    error = refused(clean, "judge", left, third, "different", "--why", "no", "--later")
    assert isinstance(error, InvalidInput)
    assert all(one["id"] in str(error) for one in told(clean, "judgements"))


def test_what_cannot_be_judged_or_compared_is_told(clean: Path, tmp_path: Path) -> None:
    left, _ = doubtful_pair(clean)
    assert isinstance(refused(clean, "why", left, "importers:00-0000000"), NotFound)
    assert "one identity" in str(refused(clean, "why", left, left))
    assert isinstance(refused(clean, "undo", "nonesuch", "--why", "no"), NotFound)
    assert isinstance(refused(tmp_path / "new", "review"), WorkspaceError)
    assert run(clean, "judge", left, left, "perhaps", "--why", "no").exit_code == 2


def test_splink_settings_and_records_are_written(workspace: Path, tmp_path: Path) -> None:
    out = tmp_path / "for-splink"
    told = ran(workspace, "export-splink", "-o", str(out))
    records = pl.read_parquet(out / "records.parquet")
    assert f"{records.height:,} parties" in told
    settings = json.loads((out / "settings.json").read_text(encoding="utf-8"))
    named = {
        rule["blocking_rule"].split(" = ")[0].removeprefix("l.")
        for rule in settings["blocking_rules_to_generate_predictions"]
    }
    assert named < set(records.columns)
