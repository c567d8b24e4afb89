"""Everything that a load writes is declared, with its kind; every relationship brings its provenance."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from graphinv import schema
from graphinv.load.ownership import MARK
from graphinv.load.tables import GraphTables, clock_of, graph_tables
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.schema import Kind
from graphinv.settings import Settings
from graphinv.store.values import Node, Relationship
from tests.conftest import STORES, empty
from tests.load.feeds import SAMPLES, feed_files

DAYS = {"first_seen", "last_seen"}  # a record without a date is seen on no day


@pytest.fixture(scope="module", params=STORES)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The sample feeds on each store in turn; the tests only read."""
    if request.param == "embedded":
        with open_workspace(settings=Settings(workspace=request.getfixturevalue("sample_workspace"))) as opened:
            yield opened
        return
    empty(request.getfixturevalue("neo4j_store"))
    neo4j = request.getfixturevalue("neo4j_settings")
    with open_workspace(settings=Settings(workspace=tmp_path_factory.mktemp("schema"), neo4j=neo4j)) as opened:
        opened.load(feed_files(SAMPLES))
        yield opened


def _fits(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.TEXT:
            return isinstance(value, str)
        case Kind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.DAY:
            return isinstance(value, str) and len(value) == len("2024-06-15") and value[4] == value[7] == "-"
        case Kind.MOMENT:
            return isinstance(value, str) and len(value) == len("2024-06-15T10:38:07.000000Z") and value[-1] == "Z"
        case Kind.TEXTS:
            return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _strange(declared: tuple[schema.Property, ...], properties: Mapping[str, Any]) -> set[str]:
    """Names of properties that are not declared, or hold something else than declared."""
    kinds = {prop.name: prop.kind for prop in declared}
    return {name for name, value in properties.items() if name not in kinds or not _fits(kinds[name], value)}


def test_every_node_is_declared_with_its_properties(loaded: OpenedWorkspace) -> None:
    nodes: list[Node] = [row[0] for row in loaded.graph.read("MATCH (n) RETURN n", timeout_s=60).rows]
    seen = {node.labels for node in nodes}
    assert all(len(labels) == 1 for labels in seen)
    assert {labels[0] for labels in seen} >= {item.name for item in schema.LABELS} - {"Report"}
    for node in nodes:
        if node.labels != (MARK,):
            properties = {"uid": node.uid, **node.properties}
            assert _strange(schema.label(node.labels[0]).all_properties(), properties) == set(), node.uid


def test_every_relationship_is_declared_and_brings_its_provenance(loaded: OpenedWorkspace) -> None:
    rows = loaded.graph.read("MATCH (a)-[r]->(b) RETURN labels(a), r, labels(b)", timeout_s=60).rows
    assert {row[1].type for row in rows} >= {item.name for item in schema.RELATIONSHIPS} - {"REPORTED"}
    provenance = {prop.name for prop in schema.PROVENANCE}
    for start, found, end in rows:
        relationship: Relationship = found
        declared = schema.relationship(relationship.type)
        assert (start[0], end[0]) in declared.ends
        assert _strange(declared.all_properties(), relationship.properties) == set(), relationship
        missing = provenance - relationship.properties.keys()
        assert not missing or (missing <= DAYS and relationship.properties["known_at"].startswith("1970")), relationship
        assert 1 <= len(relationship.properties["sources"]) <= schema.SOURCES_KEPT
        assert len(relationship.properties["sources"]) <= relationship.properties["count"]


def test_keys_are_unique_and_every_relationship_has_its_ends(loaded: OpenedWorkspace) -> None:
    records = identify(prepared_records(loaded.folder))
    clock = clock_of(records)
    assert clock is not None
    tables: GraphTables = graph_tables(records, concluded(records, resolve_alone(records)), clock)
    uids = [uid for frame in tables.nodes.values() for uid in frame["uid"]]
    assert len(set(uids)) == len(uids)
    for name, frame in tables.edges.items():
        assert frame.select("src", "dst").is_unique().all(), name
        assert {*frame["src"], *frame["dst"]} <= set(uids), name
