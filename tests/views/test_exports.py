"""Files lose nothing and run nothing."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphinv.errors import InvalidInput
from graphinv.views.attributes import Network
from graphinv.views.exports import FORMATS, export_graph, flat_graph, read_json
from graphinv.views.text import document_id

Case = Callable[[int], Network]

# Of the story in conftest.py.
BRIGHTLINE, SUITE, PHONE = "importer:00000000000000b1", "address:00000000000000a1", "phone:+12135550148"

ANY_TEXT = st.text(st.characters(), max_size=12)  # with control characters, lone surrogates, and emoji
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), ANY_TEXT)
PROPERTIES = st.dictionaries(ANY_TEXT, VALUES | st.lists(ANY_TEXT, max_size=3), max_size=3)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    graph: Network = nx.MultiDiGraph()
    graph.graph["title"] = draw(ANY_TEXT)
    uids = draw(st.lists(ANY_TEXT.filter(bool), min_size=1, max_size=5, unique=True))
    for uid in uids:
        graph.add_node(uid, label=draw(ANY_TEXT), caption=draw(ANY_TEXT), standing=None, properties=draw(PROPERTIES))
    for key in draw(st.lists(ANY_TEXT.filter(bool), max_size=5, unique=True)):
        start, end = draw(st.sampled_from(uids)), draw(st.sampled_from(uids))
        graph.add_edge(start, end, key=key, type=draw(ANY_TEXT), sources=draw(st.lists(ANY_TEXT, max_size=3)))
        graph.edges[start, end, key]["properties"] = draw(PROPERTIES)
    return graph


def as_data(graph: Network) -> tuple[object, object, object]:
    edges = {(start, end, key): data for start, end, key, data in graph.edges(keys=True, data=True)}
    return graph.graph, nodes_of(graph), edges


def nodes_of(graph: Network) -> dict[str, dict[str, Any]]:
    return {uid: data for uid, data in graph.nodes(data=True)}  # noqa: C416 - networkx's types have no dict() of it


def test_json_is_a_node_map_and_an_edge_list(case: Case) -> None:
    document = json.loads(export_graph(case(12), "json"))
    assert document["nodes"][BRIGHTLINE]["caption"] == "Brightline Home Goods LLC"
    edge = next(e for e in document["edges"] if e["type"] == "LOCATED_AT")
    assert (edge["source"], edge["target"], edge["id"]) == (BRIGHTLINE, SUITE, f"{BRIGHTLINE}|LOCATED_AT|{SUITE}")


def test_json_comes_back_as_the_same_graph(case: Case) -> None:
    graph = case(60)
    again = read_json(export_graph(graph, "json"))
    assert isinstance(again, nx.MultiDiGraph)
    assert as_data(again) == as_data(graph)


@given(networks())
@settings(max_examples=80, deadline=None)
def test_json_keeps_any_text(graph: Network) -> None:
    assert as_data(read_json(export_graph(graph, "json"))) == as_data(graph)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"nodes": {}}', b'{"graph": {}, "nodes": 3, "edges": []}'])
def test_other_json_is_refused_with_the_reason(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="no graphinv JSON export"):
        read_json(data)


def test_json_with_an_edge_into_nowhere_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'e1'"):
        read_json(b'{"graph": {}, "nodes": {"a": {}}, "edges": [{"id": "e1", "source": "a", "target": "b"}]}')


@given(networks())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_graphml_reads_back_as_the_flat_graph_whatever_the_text(graph: Network) -> None:
    data = export_graph(graph, "graphml")
    again: Any = nx.parse_graphml(data.decode(), edge_key_type=str, force_multigraph=True)
    expected = flat_graph(graph)
    assert nodes_of(again) == nodes_of(expected)
    assert sorted(again.edges(keys=True)) == sorted(expected.edges(keys=True))
    assert all(
        expected.edges[edge] == {k: v for k, v in again.edges[edge].items() if k != "id"} for edge in again.edges
    )


@given(networks())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_gexf_reads_back_as_the_flat_graph_whatever_the_text(graph: Network) -> None:
    again: Any = nx.read_gexf(io.BytesIO(export_graph(graph, "gexf")))
    expected = flat_graph(graph)
    found = {uid: {k: v for k, v in data.items() if k != "viz"} for uid, data in again.nodes(data=True)}
    assert found == nodes_of(expected)
    assert sorted((a, b, d["id"]) for a, b, d in again.edges(data=True)) == sorted(expected.edges(keys=True))


def test_gexf_opens_with_our_colours_and_places(case: Case) -> None:
    node = nx.read_gexf(io.BytesIO(export_graph(case(12), "gexf"))).nodes[BRIGHTLINE]
    assert node["label"] == "Brightline Home Goods LLC"
    assert node["kind"] == "Importer"
    assert node["viz"]["color"] == {"r": 27, "g": 79, "b": 225, "a": 1.0}


def test_flat_attributes_join_lists_and_leave_out_nothing_but_nothing(case: Case) -> None:
    graph = case(12)
    graph.nodes[PHONE]["records"] = ["importers:1", "importers:2"]
    node = flat_graph(graph).nodes[PHONE]
    assert node["records"] == "importers:1; importers:2"
    assert node["property_parties"] == 2
    assert "entity" not in node


def test_a_column_with_numbers_and_text_becomes_text(case: Case) -> None:
    graph = case(12)
    graph.nodes[PHONE]["properties"] = {"parties": "many"}
    data = export_graph(graph, "gexf")
    ElementTree.fromstring(data)  # noqa: S314 - our own
    assert nx.read_gexf(io.BytesIO(data)).nodes[SUITE]["property_parties"] == "3"


@given(st.lists(ANY_TEXT, unique=True, max_size=6))
def test_ids_stay_apart_in_xml(ids: list[str]) -> None:
    assert len({document_id(uid) for uid in ids}) == len(ids)


def test_csv_names_both_ends_of_every_edge(case: Case) -> None:
    graph = case(12)
    rows = list(csv.DictReader(io.StringIO(export_graph(graph, "csv").decode(), newline="")))
    assert len(rows) == graph.number_of_edges()
    first = next(row for row in rows if row["type"] == "HAS_PHONE")
    assert first["source_caption"] == "Orchid Lane Trading Company"
    assert first["target_caption"] == "'+1 213 555 0148"
    assert first["confidence"] == "0.97"
    nodes = list(csv.DictReader(io.StringIO(export_graph(graph, "csv_nodes").decode(), newline="")))
    assert {row["uid"] for row in nodes} == set(graph)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\n", "  =", "＝", "\r"])
def test_no_cell_starts_a_formula(case: Case, start: str) -> None:
    graph = case(12)
    payload = start + "cmd|'/C calc'!A0"
    graph.nodes[PHONE].update(caption=payload, properties={payload: payload}, records=[payload])
    for name in ("csv", "csv_nodes"):
        cells = [
            cell for row in csv.reader(io.StringIO(export_graph(graph, name).decode(), newline="")) for cell in row
        ]
        assert any("calc" in cell for cell in cells)
        assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝"))]


def test_numbers_in_csv_stay_numbers(case: Case) -> None:
    graph = case(12)
    graph.nodes[PHONE]["properties"] = {"balance": -12.5}
    rows = list(csv.DictReader(io.StringIO(export_graph(graph, "csv_nodes").decode(), newline="")))
    assert next(row for row in rows if row["uid"] == PHONE)["property_balance"] == "-12.5"


def test_an_unknown_format_says_which_there_are(case: Case) -> None:
    with pytest.raises(InvalidInput, match=", ".join(FORMATS)):
        export_graph(case(12), "docx")


def test_an_empty_graph_can_be_exported_in_every_format() -> None:
    for name in FORMATS:
        assert export_graph(nx.MultiDiGraph(), name)
