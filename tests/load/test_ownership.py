"""A database holds one workspace's graph, and everyone notices when it changed hands."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphinv import schema
from graphinv.errors import StoreError
from graphinv.load.apply import Applied
from graphinv.load.ownership import clear_store
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.settings import Settings
from graphinv.store import Store
from tests.load.feeds import write_rows

TAKEN = r"another workspace.*graphinv rebuild"
EMPTIED = r"emptied or restored.*graphinv rebuild"
FOREIGN = r"graphinv did not load; name an empty one with GRAPHINV_NEO4J_DATABASE"
ANYTHING = "MATCH (n) RETURN n.uid LIMIT 1"


@pytest.fixture
def feeds(tmp_path: Path) -> Path:
    """Two importers with one phone, one of them seized."""
    return write_rows(
        tmp_path / "feeds",
        importers=[
            {"importer_number": "12-345678900", "name": "Velmar Lamp LLC", "phone": "310 555 0147"},
            {"importer_number": "98-765432100", "name": "Oricor Goods Inc", "phone": "310 555 0147"},
        ],
        seizures=[{"seizure_id": "Z1", "seized_on": "2024-05-02", "importer_number": "12-345678900"}],
    )


@pytest.fixture
def first(store_settings: Settings) -> Iterator[OpenedWorkspace]:
    """A workspace."""
    with open_workspace(settings=store_settings) as opened:
        yield opened


def _query(opened: OpenedWorkspace) -> int:
    opened._checked = None  # as after some seconds
    return len(opened.query("addresses/busiest", {"limit": 1}).rows)


@pytest.mark.neo4j
def test_a_second_workspace_takes_the_database_over_and_the_first_says_so(
    neo4j_store: Store, feeds: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    neo4j = request.getfixturevalue("neo4j_settings")
    settings = Settings(workspace=tmp_path / "first", neo4j=neo4j)
    clear_store(neo4j_store)
    with open_workspace(settings=settings) as first:
        first.load([feeds])
        own = first.verify()
        other = replace(settings, workspace=tmp_path / "second")
        with open_workspace(settings=other) as second:
            with pytest.raises(StoreError, match=TAKEN):
                _query(second)
            second.load([feeds / "importers.csv"])
            assert second.verify().ok
        with pytest.raises(StoreError, match=TAKEN):
            _query(first)
        with pytest.raises(StoreError, match=TAKEN):
            first.verify()
        first.rebuild()
        assert first.verify() == own
        assert _query(first) == 0


def test_a_load_fills_a_database_that_was_emptied_behind_its_back(first: OpenedWorkspace, feeds: Path) -> None:
    first.load([feeds])
    held = first.store.count()
    clear_store(first.store)
    with pytest.raises(StoreError, match=EMPTIED):
        _query(first)
    again = first.load([feeds])
    assert again.applied.nodes
    assert first.store.count() == held
    assert first.verify().ok


def test_a_database_restored_to_an_older_state_is_filled_anew(first: OpenedWorkspace, feeds: Path) -> None:
    """The mark of the older state stands for the backup: what it says is not what the workspace last wrote."""
    first.load([feeds / "importers.csv"])
    (older,) = first.store.read("MATCH (n:Projection) RETURN n.holds").rows
    first.load([feeds])
    first.store.write("MATCH (n:Projection) SET n.holds = $holds", {"holds": older[0]})
    first.store.write("MATCH (n:Seizure) DETACH DELETE n")
    with pytest.raises(StoreError, match=EMPTIED):
        _query(first)
    first.load([feeds])
    assert first.verify().ok


def test_a_graph_of_somebody_else_is_refused_and_left_alone(first: OpenedWorkspace, feeds: Path) -> None:
    first.store.write(
        "MERGE (n:Person {uid: 'p1'}) MERGE (m:Phone {uid: 'phone:+13105550147'}) MERGE (n)-[:CALLS]->(m)"
    )
    for act in (lambda: first.load([feeds]), first.rebuild):
        with pytest.raises(StoreError, match=FOREIGN):
            act()
    counts = first.store.count()
    assert (counts.nodes, counts.relationships) == (2, 1)


def test_a_rebuild_killed_while_it_empties_the_store_is_finished_by_the_next_load(
    first: OpenedWorkspace, feeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first.load([feeds])
    before = first.verify()

    def killed(store: Store) -> None:
        store.write("MATCH (n:Importer) DETACH DELETE n")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("graphinv.load.ownership.clear_store", killed)
        with pytest.raises(KeyboardInterrupt):
            first.rebuild()
    first.load([feeds])
    assert first.verify() == before


def test_before_the_first_load_an_empty_graph_can_be_read(first: OpenedWorkspace, tmp_path: Path) -> None:
    first.store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
    assert _query(first) == 0
    nothing = write_rows(tmp_path / "empty", seizures=[{"seizure_id": "", "seized_on": "never"}])
    loaded = first.load([nothing])
    assert loaded.accounting.feeds["seizures"].quarantined == 1
    assert loaded.applied == Applied()
    assert loaded.index is None
    assert not first.store.read(ANYTHING).rows
