"""What an investigator judged is told by an index that a load made, too: in memory, and written and opened again."""

from pathlib import Path

import pytest

from graphinv.links.between import Without, find_paths
from graphinv.links.evidence import build
from graphinv.links.index import LinkIndex, in_memory, open_index, write_index
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, graph_tables
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.judgements import Decision, JudgementStore, Verdict
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_workspace
from tests.links.conftest import CEDAR, HARBOR, LUMEN, importer, told

MILL = importer("66-5555555", "Harbour Gift Inc", "100 Harbor St", phone="213 555 0142")
REASON = "seen the papers\n" + "of both " * 60


@pytest.mark.parametrize("kept", [False, True])
def test_what_was_judged_is_told_as_such_and_what_was_concluded_is_not(tmp_path: Path, kept: bool) -> None:
    workspace = told(tmp_path, {"importers": [HARBOR, MILL, LUMEN, CEDAR]})
    sides = ("importers:98-7654321", "importers:44-3333333")
    day = JudgementStore(workspace).judge(Decision(*sides, Verdict.SAME, "officer", REASON)).judged_at.date()
    records = identify(prepared_records(workspace))
    clock = clock_of(records)
    assert clock is not None
    resolution = resolve_workspace(workspace, records)
    graph = build(evidence_tables(records, graph_tables(records, concluded(records, resolution), clock), clock))
    index: LinkIndex = in_memory(graph, resolution, epoch=1)
    if kept:
        write_index(tmp_path / "index", graph, resolution, 1)
        index = open_index(tmp_path / "index")
    uids = dict(zip(graph.nodes["caption"], graph.nodes["uid"], strict=True))
    said = between(index, uids["Lumen Parcel LLC"], uids["Cedar Trade Inc"])
    assert said.startswith("Lumen Parcel LLC was judged the same party as Cedar Trade Inc by an investigator on ")
    assert f"on {day} (seen the papers of both of both" in said
    assert said.endswith("…)")
    assert len(said) < 320
    others = between(index, uids["Harbor Gift Inc"], uids["Harbour Gift Inc"])
    assert "investigator" not in others


def between(index: LinkIndex, one: str, other: str) -> str:
    """The sentence of the best path."""
    return find_paths(index, one, other, 1, 6, Without()).paths[0].sentence
