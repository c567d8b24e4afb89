"""A change that does not fit is refused whole, and the message says where."""

from datetime import date

import polars as pl
import pytest

from graphinv.errors import InvalidInput
from graphinv.links.live.changes import Changes
from graphinv.links.live.graph import LiveGraph
from tests.links.live.conftest import Relation, Town, assert_equal, edge_rows, node_rows, seed_rows

DAY = date(2025, 1, 1)
WORTH = (0.9, DAY)


@pytest.fixture(scope="module")
def town() -> Town:
    """One importer with a phone, in a unit of a building."""
    edges: dict[Relation, tuple[float, date | None]] = {
        ("importer:1", "phone:1", "HAS_PHONE"): WORTH,
        ("importer:1", "address:1", "LOCATED_AT"): WORTH,
        ("address:1", "address:north", "SAME_BUILDING"): WORTH,
    }
    nodes = dict.fromkeys(("importer:1", "phone:1", "address:1", "address:north", "address:south"))
    return Town(nodes, edges, {("importer:1", "seizure:1"): (1.0, DAY)})


def gone(*keys: tuple[str, str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(keys), schema=["src", "dst", "claim"], orient="row")


REFUSED = {
    "edges, row 2: `dst` is neither": {
        "edges": edge_rows(
            {("importer:1", "phone:1", "HAS_PHONE"): WORTH, ("importer:1", "phone:9", "HAS_PHONE"): WORTH}
        )
    },
    "edges_gone, row 1: there is no such relationship": {"edges_gone": gone(("phone:1", "importer:1", "HAS_PHONE"))},
    "edges, row 1: an address stands in one building": {
        "edges": edge_rows({("address:1", "address:south", "SAME_BUILDING"): WORTH})
    },
    "seeds_gone, row 1: no such party, seizure": {
        "seeds_gone": pl.DataFrame({"party": ["importer:1"], "seizure": ["seizure:9"]})
    },
    "seeds, row 1: `party` is neither": {"seeds": seed_rows({("importer:9", "seizure:1"): (1.0, DAY)})},
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_does_not_fit_the_graph_is_refused_and_changes_nothing(town: Town, message: str) -> None:
    live = LiveGraph.of(town.rebuilt())
    nodes = node_rows({"phone:2": None})
    with pytest.raises(InvalidInput, match=message):
        live.apply(Changes(nodes=nodes, **REFUSED[message]))
    with live.reading() as snapshot:
        assert snapshot.node("phone:2") is None
        assert_equal(snapshot, town.rebuilt())


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (edge_rows({("importer:1", "importer:1", "SAME_AS"): WORTH}), "edges, row 1: a node is joined to itself"),
        (edge_rows({("importer:1", "phone:1", "CALLS"): WORTH}), "edges, row 1: `claim` is none of"),
        (edge_rows({("importer:1", "phone:1", "HAS_PHONE"): (0.0, DAY)}), "edges, row 1: `confidence` is not above 0"),
        (edge_rows({("importer:1", "phone:1", "HAS_PHONE"): (1.5, DAY)}), "edges, row 1: `confidence` is not above 0"),
        (pl.DataFrame({"src": ["a"]}), "edges has no column `dst`"),
        (
            pl.concat([edge_rows({("importer:1", "phone:1", "HAS_PHONE"): WORTH})] * 2),
            "edges, row 2: the same src, dst, claim a second time",
        ),
    ],
)
def test_what_cannot_be_weighed_is_refused(edges: pl.DataFrame, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        Changes(edges=edges)


def test_an_address_moves_to_another_building_in_one_change(town: Town) -> None:
    live = LiveGraph.of(town.rebuilt())
    moved = Town(town.nodes, dict(town.edges), town.seeds)
    del moved.edges["address:1", "address:north", "SAME_BUILDING"]
    moved.edges["address:1", "address:south", "SAME_BUILDING"] = WORTH
    live.apply(town.change(moved))
    with live.reading() as snapshot:
        assert_equal(snapshot, moved.rebuilt())


def test_nothing_happens_when_nothing_is_told(town: Town) -> None:
    live = LiveGraph.of(town.rebuilt())
    assert live.apply(Changes()).nodes.tolist() == []
    with live.reading() as snapshot:
        assert_equal(snapshot, town.rebuilt())
