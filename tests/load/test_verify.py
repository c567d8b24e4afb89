"""Verification reads the graph in parts, and sees what the store has too much or too little."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graphinv.load import verify
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.settings import Settings

STRAY = "MERGE (n:Phone {uid: $uid}) SET n.caption = 'nobody'"


@pytest.fixture(scope="module")
def loaded(sample_workspace: Path) -> Iterator[OpenedWorkspace]:
    """The sample feeds in the embedded store; tests leave the graph as it was."""
    with open_workspace(settings=Settings(workspace=sample_workspace)) as opened:
        yield opened


def test_a_graph_read_in_parts_has_the_hash_of_the_whole(
    loaded: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = loaded.verify()
    monkeypatch.setattr(verify, "_PART", 300)
    assert loaded.verify() == whole
    assert whole.ok


def test_what_no_record_claims_is_found_in_whatever_part_it_lies(
    loaded: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_PART", 300)
    strays = ["phone:+1", "phone:é", "phone:~"]
    for uid in strays:
        loaded.store.write(STRAY, {"uid": uid})
    try:
        assert loaded.verify().differences == (
            "Phone: 0 missing or different in the store, 3 that the records do not claim",
        )
    finally:
        loaded.store.write("MATCH (n:Phone) WHERE n.uid IN $uids DETACH DELETE n", {"uids": strays})
