"""Networks selected from the store, on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import networkx as nx
import pytest

from graphinv.entities import Edge, Summary
from graphinv.errors import InvalidInput, NotFound
from graphinv.opened import OpenedWorkspace
from graphinv.store import Store
from graphinv.views.attributes import Network
from graphinv.views.exports import export_graph, read_json
from graphinv.views.overlay import add_paths
from graphinv.views.selection import Selection, _admit, _Found, _Picture, select_network
from tests.conftest import STORES
from tests.small_case import AGENT, BRIGHTLINE, KESTREL, ORCHID, PHONE, SHOP, TENANTS, opened_case


@pytest.fixture(scope="module", params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case, loaded once for this module; the tests only read."""
    with opened_case(request, tmp_path_factory.mktemp("case"), request.param) as found:
        yield found


@pytest.fixture
def graph(opened: OpenedWorkspace) -> Store:
    """The store that holds the case."""
    return opened.store


def edges(network: Network, kind: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(a, b): data for a, b, data in network.edges(data=True) if data["type"] == kind}


def triples(network: Network) -> set[tuple[str, str, str]]:
    return {(a, data["type"], b) for a, b, data in network.edges(data=True)}


def test_shipments_between_two_parties_are_one_edge_that_counts_them(graph: Store) -> None:
    bought = edges(select_network(graph, Selection((ORCHID,))), "BUYS_FROM")[ORCHID, SHOP]
    assert bought["properties"] == {"shipments": 5, "seized": 2}
    assert (bought["count"], bought["first_seen"], bought["last_seen"]) == (5, "2024-01-10", "2024-05-10")
    assert bought["sources"] == [f"shipments:X{number}" for number in range(1, 6)]


def test_a_dealing_reads_the_same_from_either_side(graph: Store) -> None:
    from_shop = select_network(graph, Selection((SHOP,)))
    from_importer = select_network(graph, Selection((ORCHID,)))
    assert edges(from_shop, "BUYS_FROM")[ORCHID, SHOP] == edges(from_importer, "BUYS_FROM")[ORCHID, SHOP]


def test_two_steps_lead_from_the_newcomer_to_the_suite_of_the_seized(graph: Store) -> None:
    network = select_network(graph, Selection((BRIGHTLINE,), hops=2))
    assert nx.has_path(network.to_undirected(), BRIGHTLINE, ORCHID)
    assert network.nodes[ORCHID]["standing"] == "seized"


def test_a_hub_is_shown_and_named_but_not_followed(graph: Store) -> None:
    network = select_network(graph, Selection((BRIGHTLINE,), hops=2))
    assert AGENT in network
    assert AGENT in network.graph["left_out"]["hubs"]
    assert network.nodes[AGENT]["properties"]["parties"] == network.nodes[AGENT]["degree"] == TENANTS + 1
    assert not any("Tenant" in data["caption"] for _, data in network.nodes(data=True))
    wider = select_network(graph, Selection((BRIGHTLINE,), hops=2, max_users=100))
    assert sum("Tenant" in data["caption"] for _, data in wider.nodes(data=True)) == TENANTS


def test_a_seed_is_followed_even_when_it_is_a_hub(graph: Store) -> None:
    assert len(select_network(graph, Selection((AGENT,)))) == TENANTS + 2


def test_degrees_are_those_of_the_whole_graph(graph: Store) -> None:
    network = select_network(graph, Selection((BRIGHTLINE,), hops=2))
    for uid, data in network.nodes(data=True):
        true = graph.read(f"MATCH (n:{data['label']} {{uid: $uid}})-[r]-() RETURN count(r)", {"uid": uid}).scalar()
        assert data["degree"] == true, uid


def test_what_is_beyond_the_limit_is_counted(graph: Store) -> None:
    whole = select_network(graph, Selection((ORCHID,), hops=1))
    cut = select_network(graph, Selection((ORCHID,), hops=1, limit=4))
    assert whole.graph["left_out"] == {"nodes": 0, "edges": 0, "hubs": [], "truncated": False, "status": "complete"}
    assert len(cut) == 4
    assert cut.graph["left_out"]["nodes"] == len(whole) - 4
    assert cut.graph["left_out"]["status"] == "truncated"
    assert set(cut) <= set(whole)
    assert {"seizure:Z1", "seizure:Z2"} <= set(cut)


BUSY = "address:0000000000000001"


def beside(uid: str, label: str, over: str, standing: str | None = None, users: int | None = None) -> _Found:
    """A node next to a busy address."""
    edge = Edge(f"{over} {uid}", uid, BUSY, over, (), 1, None, None, None, None)
    return _Found(Summary(uid, label, uid, standing, parties=users), edge)


def test_around_a_busy_address_parties_come_before_other_units_and_the_strongest_standing_first() -> None:
    units = [beside(f"address:{number:016x}", "Address", "SAME_BUILDING", users=3) for number in range(2, 40)]
    parties = [
        beside("importer:1", "Importer", "LOCATED_AT", "unknown"),
        beside("importer:2", "Importer", "LOCATED_AT", "known"),
        beside("importer:3", "Importer", "LOCATED_AT", "seized"),
        beside("importer:4", "Importer", "LOCATED_AT", "trusted"),
    ]
    picture = _Picture(nodes={BUSY: Summary(BUSY, "Address", "12 Example Road", parties=400)})
    admitted = _admit(picture, [*units, *parties], Selection((BUSY,), limit=7))
    assert [node.id for node in admitted[:4]] == ["importer:3", "importer:4", "importer:2", "importer:1"]
    assert [node.label for node in admitted[4:]] == ["Address", "Address"]
    assert len(picture.dropped_nodes) == len(units) - 2


def test_the_same_graph_gives_the_same_selection(graph: Store) -> None:
    wanted = Selection((BRIGHTLINE, KESTREL), hops=3, limit=20)
    first, second = select_network(graph, wanted), select_network(graph, wanted)
    assert list(first.nodes(data=True)) == list(second.nodes(data=True))
    assert list(first.edges(keys=True, data=True)) == list(second.edges(keys=True, data=True))


def test_edges_among_the_last_nodes_are_drawn_too(graph: Store) -> None:
    network = select_network(graph, Selection((KESTREL, ORCHID), hops=1))
    found = triples(network)
    assert {(KESTREL, "HAS_PHONE", PHONE), (ORCHID, "HAS_PHONE", PHONE)} <= found
    shipper = next(uid for uid in network if uid.startswith("shipper:"))
    assert (SHOP, "SUPPLIED_BY", shipper) in found


def test_shipments_are_drawn_as_nodes_on_demand(graph: Store) -> None:
    network = select_network(graph, Selection((ORCHID,), hops=2, shipments=True))
    assert {f"shipment:X{number}" for number in range(1, 6)} <= set(network)
    assert not edges(network, "BUYS_FROM")
    assert ("shipment:X2", "SOLD_BY", SHOP) in triples(network)


def test_a_seized_shipment_can_be_the_seed(graph: Store) -> None:
    network = select_network(graph, Selection(("shipment:X2",)))
    assert {ORCHID, SHOP, "seizure:Z1"} <= set(network)
    assert "shipment:X1" not in network


def test_as_of_a_past_day_only_what_was_known_is_drawn_and_counted(graph: Store) -> None:
    moment = datetime(2024, 3, 1, tzinfo=UTC)
    network = select_network(graph, Selection((ORCHID,), hops=2, as_of=moment))
    assert edges(network, "BUYS_FROM")[ORCHID, SHOP]["properties"] == {"shipments": 2, "seized": 1}
    assert BRIGHTLINE not in network
    assert all(data["known_at"] <= "2024-03-01T00:00:00.000000Z" for _, _, data in network.edges(data=True))
    assert "last_seen" in network.graph["not_as_of"]
    earlier = select_network(graph, Selection((ORCHID,), as_of=datetime(2024, 2, 1, tzinfo=UTC)))
    assert earlier.nodes[ORCHID]["standing"] is None


def test_a_seed_that_nobody_knew_by_then_is_not_found(graph: Store) -> None:
    with pytest.raises(NotFound, match="known by then"):
        select_network(graph, Selection((ORCHID, BRIGHTLINE), as_of=datetime(2024, 3, 1, tzinfo=UTC)))


def test_paths_of_a_look_up_lie_on_the_same_edges(opened: OpenedWorkspace) -> None:
    network = select_network(opened.store, Selection((BRIGHTLINE,), hops=2))
    drawn = set(network.edges(keys=True))
    answer = opened.paths(BRIGHTLINE)
    add_paths(network, answer.paths, answer.graph)
    walked = [path for path in network.graph["paths"] if ORCHID in path["nodes"]]
    assert walked
    keys = {key for *_, key in network.edges(keys=True)}
    assert all(edge in keys for path in network.graph["paths"] for edge in path["edges"])
    assert {edge for path in walked[:1] for edge in path["edges"]} <= {key for *_, key in drawn}


def test_a_selection_survives_every_export(opened: OpenedWorkspace) -> None:
    network = select_network(opened.store, Selection((BRIGHTLINE,), hops=2))
    again = read_json(export_graph(network, "json"))
    assert set(again.edges(keys=True)) == set(network.edges(keys=True))
    for name in ("graphml", "gexf", "csv", "html"):
        assert export_graph(network, name)


@pytest.mark.parametrize(
    "wanted",
    [
        Selection((ORCHID,), hops=4),
        Selection((ORCHID,), hops=0),
        Selection((ORCHID,), limit=0),
        Selection((ORCHID,), limit=2000),
        Selection(()),
    ],
)
def test_bounds_out_of_range_are_refused(graph: Store, wanted: Selection) -> None:
    with pytest.raises(InvalidInput, match=r"give"):
        select_network(graph, wanted)
