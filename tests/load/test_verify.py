"""Verification reads the graph in parts, and sees what the store has too much or too little."""

from collections.abc import Iterator

import pytest

from graphinv.load import verify
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.settings import Settings
from tests.load.feeds import SAMPLES, feed_files

STRAY = "MERGE (n:Phone {uid: $uid}) SET n.caption = 'nobody'"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The sample feeds in the embedded store; tests leave the graph as it was."""
    with open_workspace(settings=Settings(workspace=tmp_path_factory.mktemp("verify") / "workspace")) as opened:
        opened.load(feed_files(SAMPLES))
        yield opened


def test_a_graph_read_in_parts_has_the_hash_of_the_whole(
    loaded: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = loaded.verify()
    monkeypatch.setattr(verify, "_PART", 60)
    assert loaded.verify() == whole
    assert whole.ok


def test_what_no_record_claims_is_found_in_whatever_part_it_lies(
    loaded: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_PART", 60)
    strays = ["phone:+1", "phone:é", "phone:~"]
    for uid in strays:
        loaded.store.write(STRAY, {"uid": uid})
    try:
        assert loaded.verify().differences == (
            "Phone: 0 missing or different in the store, 3 that the records do not claim",
        )
    finally:
        loaded.store.write("MATCH (n:Phone) WHERE n.uid IN $uids DETACH DELETE n", {"uids": strays})
