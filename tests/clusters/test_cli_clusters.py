"""``graphinv clusters`` and ``graphinv export clusters`` over the small story; no graph store is needed for them."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from graphinv.cli import app
from graphinv.clusters.kept import FOLDER
from graphinv.clusters.making import renew_clusters
from graphinv.links.index import LinkIndex
from graphinv.pipeline import entity_of_records
from graphinv.resolve.identities import PreparedRecords
from graphinv.workspace import Workspace


@pytest.fixture(scope="module")
def root(workspace: Workspace, index: LinkIndex, records: PreparedRecords) -> str:
    """The story's workspace, with its clusters."""
    renew_clusters(workspace.root / FOLDER, index.graph, records)
    return str(workspace.root)


def _run(*words: str) -> str:
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_clusters_are_listed_as_a_table_and_as_json(root: str) -> None:
    listed = json.loads(_run("clusters", "--json", "-w", root))
    assert listed["items"][0]["caption"] == "Harbor Gift Inc and 1 other"
    assert listed["items"][0]["id"] in _run("clusters", "-w", root)
    seized, clean = (json.loads(_run("clusters", one, "--json", "-w", root)) for one in ("--seized", "--not"))
    assert seized["total"] + clean["total"] == listed["total"]
    assert min(seized["total"], clean["total"]) > 0


def test_one_cluster_is_told_in_full_and_found_by_its_member(root: str) -> None:
    cluster = json.loads(_run("clusters", "--json", "-w", root))["items"][0]
    told = json.loads(_run("clusters", cluster["id"], "--json", "-w", root))
    assert [event["event"] for event in told["history"]] == ["born"]
    of_member = json.loads(_run("clusters", "--of", told["parties"][1]["id"], "--json", "-w", root))
    assert [item["id"] for item in of_member["items"]] == [cluster["id"]]
    text = _run("clusters", cluster["id"], "-w", root)
    assert "50% (9% to 91% with 95%)" in text
    assert "+12135550142" in text


def test_every_record_of_the_entities_is_exported_once_with_its_cluster(
    root: str, workspace: Workspace, tmp_path: Path
) -> None:
    out = tmp_path / "clusters.csv"
    _run("export", "clusters", "-o", str(out), "-w", root)
    rows = pl.read_csv(out)
    assert rows.columns == ["record_id", "cluster_id"]
    assert rows["record_id"].is_unique().all()
    assert rows["record_id"].to_list() == entity_of_records(workspace)["record_id"].to_list()
    assert rows["cluster_id"].null_count() == 0
    cluster = dict(rows.iter_rows())
    assert cluster["importers:12-3456789"] == cluster["importers:98-7654321"] == cluster["shipments:X91#consignee"]
    assert cluster["importers:44-3333333"] != cluster["importers:12-3456789"]
