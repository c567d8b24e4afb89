"""The same graph always gets the same, readable picture."""

import itertools
import math
import time
from collections.abc import Callable

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.views import look
from graphinv.views.attributes import Network
from graphinv.views.layout import label_lines, layout

Case = Callable[[int], Network]


def shuffled(graph: Network) -> Network:
    """The same graph, its nodes and edges added in the opposite order."""
    other: Network = nx.MultiDiGraph(**graph.graph)
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    for start, end, key, data in reversed(list(graph.edges(keys=True, data=True))):
        other.add_edge(start, end, key=key, **data)
    return other


@pytest.mark.parametrize("size", [12, 60])
def test_the_order_of_nodes_does_not_matter(case: Case, size: int) -> None:
    graph = case(size)
    assert layout(graph) == layout(graph) == layout(shuffled(graph))


def test_the_first_path_runs_straight_from_left_to_right(case: Case) -> None:
    graph = case(300)
    places = layout(graph)
    stops = [places[uid] for uid in graph.graph["paths"][0]["nodes"]]
    assert len({y for _, y in stops}) == 1
    gaps = [b[0] - a[0] for a, b in itertools.pairwise(stops)]
    assert min(gaps) > 150
    assert max(gaps) - min(gaps) < 1


def test_a_second_path_leaves_the_line_and_comes_back(case: Case) -> None:
    graph = case(60)
    places = layout(graph)
    line = places[graph.graph["paths"][0]["nodes"][0]][1]
    walk = [places[uid] for uid in graph.graph["paths"][1]["nodes"]]
    assert all(abs(y - line) > 100 for _, y in walk[1:-1])
    assert [x for x, _ in walk] == sorted(x for x, _ in walk)


@pytest.mark.parametrize("size", [12, 60, 300])
def test_no_two_nodes_touch(case: Case, size: int) -> None:
    places = list(layout(case(size)).values())
    closest = min(math.dist(a, b) for a, b in itertools.combinations(places, 2))
    assert closest > 2.2 * look.RADIUS


@pytest.mark.parametrize("size", [12, 60])
def test_no_label_below_its_node_covers_another_label(case: Case, size: int) -> None:
    graph = case(size)
    stops = {uid for path in graph.graph["paths"] for uid in path["nodes"]}
    boxes = []
    for uid, (x, y) in layout(graph).items():
        lines = label_lines(graph, uid, stop=uid in stops)
        width = max(look.text_width(line) for line in lines)
        boxes.append((x, y + look.RADIUS + look.LABEL_LINE * len(lines) / 2, width, look.LABEL_LINE * len(lines)))
    overlapping = [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if abs(a[0] - b[0]) * 2 < a[2] + b[2] and abs(a[1] - b[1]) * 2 < a[3] + b[3]
    ]
    assert overlapping == []


def test_neighbours_are_nearer_than_strangers(case: Case) -> None:
    graph = case(300)
    places = layout(graph)
    joined = [math.dist(places[a], places[b]) for a, b in graph.edges()]
    everyone = [math.dist(a, b) for a, b in itertools.combinations(places.values(), 2)]
    assert sum(joined) / len(joined) < 0.25 * sum(everyone) / len(everyone)


def test_six_hundred_nodes_are_placed_while_one_waits(case: Case) -> None:
    graph = case(600)
    started = time.process_time()
    layout(graph)
    assert time.process_time() - started < 5


def test_parts_that_are_not_joined_stand_apart() -> None:
    graph: Network = nx.MultiDiGraph()
    for part in "abc":
        nx.add_path(graph, [f"{part}{i}" for i in range(5)])
    graph.add_nodes_from(["alone1", "alone2"])
    places = layout(graph)
    spans = [[places[f"{part}{i}"] for i in range(5)] for part in "abc"]
    for one, other in itertools.combinations(spans, 2):
        assert min(math.dist(a, b) for a in one for b in other) > 60
    assert len(places) == 17


def test_a_path_through_nodes_that_were_left_out_is_still_drawn(case: Case) -> None:
    graph = case(12)
    graph.graph["paths"][0]["nodes"].insert(2, "importer:gone")
    assert set(layout(graph)) == set(graph)


@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40),
    st.lists(st.lists(st.integers(0, 14), max_size=6), max_size=3),
    st.integers(0, 5),
)
@settings(max_examples=80, deadline=None)
def test_every_node_gets_a_place(edges: list[tuple[int, int]], paths: list[list[int]], alone: int) -> None:
    graph: Network = nx.MultiDiGraph()
    graph.add_edges_from((f"n{a}", f"n{b}") for a, b in edges)  # loops, parallel edges, both directions
    graph.add_nodes_from(f"alone{i}" for i in range(alone))
    graph.graph["paths"] = [{"nodes": [f"n{i}" for i in path]} for path in paths]
    places = layout(graph)
    assert set(places) == set(graph)
    assert all(math.isfinite(x) and math.isfinite(y) for x, y in places.values())
    assert len(set(places.values())) == len(places)
