"""One node and its neighbours, on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from graphinv.by_label import label_of
from graphinv.entities import Neighbours, Order, find_entity, find_neighbours, summaries
from graphinv.errors import InvalidInput, NotFound
from graphinv.opened import OpenedWorkspace
from graphinv.store import Store
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


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def totals(graph: Store, uid: str, as_of: datetime | None = None) -> dict[tuple[str, str], int]:
    return {(kind.type, kind.direction): kind.total for kind in find_entity(graph, uid, as_of).neighbours}


def test_a_node_shows_what_it_is_and_true_counts_of_its_neighbours(graph: Store) -> None:
    orchid = find_entity(graph, ORCHID)
    assert (orchid.label, orchid.caption, orchid.standing) == ("Importer", "Orchid Lane Trading Company", "seized")
    assert totals(graph, ORCHID) == {
        ("IMPORTED", "out"): 5,
        ("ENTERS_AT", "out"): 1,
        ("DECLARES", "out"): 1,
        ("LOCATED_AT", "out"): 1,
        ("HAS_PHONE", "out"): 1,
        ("HAS_EMAIL", "out"): 1,
        ("SEIZED_FROM", "in"): 2,
    }
    assert orchid.degree == sum(kind.total for kind in orchid.neighbours) == 12


def test_a_node_names_the_records_that_speak_of_it(graph: Store) -> None:
    assert {"importers:22-3334445AA", "shipments:X1", "seizures:Z1"} <= set(find_entity(graph, ORCHID).records)
    assert find_entity(graph, "seizure:Z3").records[0] == "seizures:Z3"


def test_a_hub_is_shown_by_its_total_and_paged_without_loss(graph: Store) -> None:
    seen: list[str] = []
    for skip in range(0, TENANTS + 1, 7):
        page = find_neighbours(graph, AGENT, limit=7, order=Order.CAPTION, skip=skip)
        seen += [item.id for item in page.items]
        assert page.total == TENANTS + 1
        assert page.kinds[0].left_out == TENANTS + 1 - len(seen)
        assert page.next == (skip + 7 if len(seen) <= TENANTS else None)
    assert len(seen) == len(set(seen)) == TENANTS + 1
    assert BRIGHTLINE in seen


def test_each_kind_of_neighbour_has_its_own_limit(graph: Store) -> None:
    page = find_neighbours(graph, ORCHID, limit=2)
    shown: dict[str, int] = {}
    for item in page.items:
        shown[item.edge.type] = shown.get(item.edge.type, 0) + 1
    assert shown["IMPORTED"] == 2
    assert shown["HAS_PHONE"] == 1
    assert {kind.type: kind.left_out for kind in page.kinds if kind.left_out} == {"IMPORTED": 3}


@pytest.mark.parametrize(
    ("order", "first"),
    [(Order.RECENT, "shipment:X5"), (Order.OLDEST, "shipment:X1"), (Order.CAPTION, "shipment:X1")],
)
def test_neighbours_come_in_the_order_asked_for(graph: Store, order: Order, first: str) -> None:
    assert find_neighbours(graph, ORCHID, ["Shipment"], limit=1, order=order).items[0].id == first


def test_neighbours_are_chosen_by_relationship_or_by_label(graph: Store) -> None:
    assert ids(find_neighbours(graph, PHONE, ["HAS_PHONE"])) == {KESTREL, ORCHID}
    assert ids(find_neighbours(graph, ORCHID, ["Phone", "Seizure"])) == {PHONE, "seizure:Z1", "seizure:Z2"}
    with pytest.raises(InvalidInput, match="types: there is no such type"):
        find_neighbours(graph, PHONE, ["OWNS"])


def test_an_edge_tells_its_direction_records_and_days(graph: Store) -> None:
    edge = find_neighbours(graph, PHONE, order=Order.CAPTION).items[0].edge
    assert (edge.source, edge.type, edge.target) == (KESTREL, "HAS_PHONE", PHONE)
    assert edge.sources == ("importers:11-2223334AA",)
    assert (edge.first_seen, edge.count) == ("2021-02-01", 1)


def test_identities_of_one_party_are_named_with_their_probability(graph: Store) -> None:
    found = [find_entity(graph, uid) for uid in (KESTREL, SHOP)]
    related = {identity.id for entity in found for identity in entity.same_as}
    pairs = graph.read("MATCH (a)-[:SAME_AS]->(b) RETURN a.uid AS a, b.uid AS b").rows
    assert related == {end for pair in pairs for end in pair if KESTREL in pair or SHOP in pair} - {KESTREL, SHOP}


def test_as_of_a_past_day_later_facts_are_not_there(graph: Store) -> None:
    before = day("2024-03-01")
    assert totals(graph, ORCHID, before)["IMPORTED", "out"] == 2
    assert totals(graph, ORCHID, before)["SEIZED_FROM", "in"] == 1
    assert find_entity(graph, ORCHID, day("2024-02-01")).standing is None
    assert find_entity(graph, ORCHID, before).standing == "seized"
    assert "properties" in find_entity(graph, ORCHID, before).not_as_of
    assert ids(find_neighbours(graph, AGENT, limit=500, as_of=before)).isdisjoint({BRIGHTLINE})


@pytest.mark.parametrize("uid", [BRIGHTLINE, "shipment:X6", AGENT])
def test_what_nobody_knew_by_then_is_not_found(graph: Store, uid: str) -> None:
    with pytest.raises(NotFound, match="known by then"):
        find_entity(graph, uid, day("2020-01-01"))


@pytest.mark.parametrize("uid", ["importer:0000000000000000", "nothing", "", "x' OR 1=1 //:", "importer:`) DETACH"])
def test_an_unknown_id_is_told_without_repeating_it(graph: Store, uid: str) -> None:
    with pytest.raises(NotFound) as told:
        find_entity(graph, uid)
    assert not uid or uid not in str(told.value)


def test_summaries_come_for_every_kind_at_once(graph: Store) -> None:
    uids = [ORCHID, PHONE, SHOP, "seizure:Z1", "port:2704", "importer:none"]
    found = summaries(graph, uids)
    assert set(found) == set(uids) - {"importer:none"}
    assert {uid: node.label for uid, node in found.items()} == {uid: label_of(uid) for uid in found}


def ids(page: Neighbours) -> set[str]:
    return {item.id for item in page.items}
