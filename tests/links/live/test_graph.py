"""After any changes the live graph equals one that is built anew from the same tables."""

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from graphinv.links.hubs import BLOCK_BITS, HUB_ROOM
from graphinv.links.live import layout
from graphinv.links.live.changes import Changes
from graphinv.links.live.graph import LiveGraph
from tests.links.live.conftest import CLOCK, Town, Worth, assert_equal, assert_scipy_agrees

PARTIES = [*(f"importer:{n}" for n in range(6)), "seller:a", "seller:b", "shipper:a"]
UNITS = [f"address:unit{n}" for n in range(3)]
BUILDINGS = ["address:north", "address:south"]
VALUES = {"PAID_TO": ["bank:1", "bank:2"], "HAS_PHONE": ["phone:1", "phone:2"], "HAS_EMAIL": ["email:1"],
          "LOCATED_AT": [*UNITS, *BUILDINGS],
          "BUYS_FROM": ["seller:a", "seller:b"], "SUPPLIED_BY": ["shipper:a"], "USES_BROKER": ["broker:1"],
          "SAME_AS": PARTIES}  # fmt: skip

days = st.sampled_from([date(2025, 5, 1), date(2021, 3, 4), date(2005, 1, 1), None])
worths: st.SearchStrategy[Worth] = st.tuples(st.sampled_from([1.0, 0.95, 0.75, 0.3]), days)
claims = st.sampled_from(sorted(VALUES))


class LiveTown(RuleBasedStateMachine):
    """Changes gather in ``town`` until they are told, many or few at a time, to the live graph."""

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.town = Town(dict.fromkeys([*PARTIES, *UNITS, *BUILDINGS, "phone:1", "email:1", "broker:1"]))
        for _ in range(data.draw(st.integers(0, 12))):
            self.relate(data)
        self.told = deepcopy(self.town)
        with pytest.MonkeyPatch.context() as patch:  # so few relationships make a hub, so many are in a block of them
            room, bits = data.draw(st.sampled_from([(HUB_ROOM, BLOCK_BITS), (2, 0), (4, 1), (16, 2)]))
            patch.setattr(layout, "HUB_ROOM", room)
            patch.setattr(layout, "BLOCK_BITS", bits)
            self.live = LiveGraph.of(self.town.rebuilt())

    @rule(data=st.data())
    def relate(self, data: st.DataObject) -> None:
        """Somebody uses a value, again or for the first time; the value may be new."""
        claim = data.draw(claims)
        src, dst = data.draw(st.sampled_from(PARTIES)), data.draw(st.sampled_from(VALUES[claim]))
        self.town.nodes.setdefault(dst, None)
        if src != dst:
            self.town.edges[src, dst, claim] = data.draw(worths)

    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        if self.town.edges:
            del self.town.edges[data.draw(st.sampled_from(sorted(self.town.edges)))]

    @rule(unit=st.sampled_from(UNITS), building=st.sampled_from([*BUILDINGS, None]), worth=worths)
    def house(self, unit: str, building: str | None, worth: Worth) -> None:
        """A unit turns out to be in a building, or in another one."""
        for other in BUILDINGS:
            self.town.edges.pop((unit, other, "SAME_BUILDING"), None)
        if building is not None:
            self.town.edges[unit, building, "SAME_BUILDING"] = worth

    @rule(size=st.integers(1, 45), data=st.data())
    def crowd(self, size: int, data: st.DataObject) -> None:
        """Many come to use one value, which may make it a hub, or move into one building."""
        claim = data.draw(st.sampled_from(["HAS_PHONE", "LOCATED_AT", "BUYS_FROM"]))
        dst = data.draw(st.sampled_from(VALUES[claim]))
        self.town.nodes.setdefault(dst, None)
        first = len(self.town.nodes)
        for number in range(first, first + size):
            self.town.nodes[f"importer:c{number}"] = None
            self.town.edges[f"importer:c{number}", dst, claim] = (0.9, date(2025, 1, 2))

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Many of a crowd are retracted."""
        crowd = [key for key in self.town.edges if key[0].startswith("importer:c")]
        for key in crowd[: data.draw(st.integers(0, len(crowd)))]:
            del self.town.edges[key]

    @rule(party=st.sampled_from(PARTIES), entity=st.sampled_from(["entity:1", "entity:2", None]))
    def identify(self, party: str, entity: str | None) -> None:
        """Two identities turn out to be one party, or not to be."""
        self.town.nodes[party] = entity

    @rule(party=st.sampled_from(PARTIES), seizure=st.sampled_from(["seizure:1", "seizure:2"]), worth=worths)
    def seize(self, party: str, seizure: str, worth: Worth) -> None:
        self.town.seeds[party, seizure] = worth[0], worth[1] or CLOCK.date()

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if self.town.seeds:
            del self.town.seeds[data.draw(st.sampled_from(sorted(self.town.seeds)))]

    @rule()
    def release_all(self) -> None:
        self.town.seeds.clear()

    @rule()
    def tell(self) -> None:
        """All that happened since the last time is worked in, and told truly."""
        with self.live.reading() as held:
            before = held.graph.cost[: held.size].copy()
        applied = self.live.apply(self.told.change(self.town))
        self.told, rebuilt = deepcopy(self.town), self.town.rebuilt()
        with self.live.reading() as snapshot:
            assert_equal(snapshot, rebuilt)
            assert_scipy_agrees(snapshot)
            after = snapshot.graph.cost[: snapshot.size]
            changed = {node for node in range(len(before)) if before[node] != after[node]}
            assert changed <= set(applied.nodes.tolist())
            assert applied.cost_after.tolist() == after[applied.nodes].tolist()
        self.live.apply(Changes())  # shows the other copy
        with self.live.reading() as snapshot:
            assert_equal(snapshot, rebuilt)

    @invariant()
    def nothing_is_seen_before_it_is_told(self) -> None:
        with self.live.reading() as snapshot:
            assert snapshot.size == len(self.told.nodes)


LiveTown.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
test_after_any_changes_the_live_graph_equals_a_rebuild = LiveTown.TestCase


@pytest.mark.parametrize("beside", ["PAID_TO", "HAS_EMAIL"])
@pytest.mark.parametrize("gone", [0, 1])
def test_what_nobody_uses_any_more_has_no_users_whatever_is_used_beside_it(gone: int, beside: str) -> None:
    values = [f"phone:{number}" for number in range(6)]
    town = Town(dict.fromkeys(["importer:1", "importer:2", *values]))
    for party in ("importer:1", "importer:2"):
        for number, value in enumerate(values):
            town.edges[party, value, "HAS_PHONE" if number % 2 == gone else beside] = 0.95, date(2025, 1, 1)
    live, told = LiveGraph.of(town.rebuilt()), deepcopy(town)
    town.edges = {key: worth for key, worth in town.edges.items() if key[2] == beside}
    live.apply(told.change(town))
    with live.reading() as snapshot:
        assert_equal(snapshot, town.rebuilt())


@pytest.mark.parametrize("batch", [1, 7])
def test_a_value_that_becomes_a_hub_user_by_user_equals_a_rebuild(batch: int) -> None:
    town = Town({"phone:1": None, "importer:0": None}, {}, {("importer:0", "seizure:1"): (1.0, date(2025, 1, 1))})
    town.edges["importer:0", "phone:1", "HAS_PHONE"] = (0.95, date(2025, 1, 1))
    live = LiveGraph.of(town.rebuilt())
    for first in range(1, 120, batch):
        told = deepcopy(town)
        for number in range(first, first + batch):
            town.nodes[f"importer:{number}"] = None
            town.edges[f"importer:{number}", "phone:1", "HAS_PHONE"] = (0.95, date(2025, 1, 1))
        live.apply(told.change(town))
    with live.reading() as snapshot:
        assert_equal(snapshot, town.rebuilt())
    told = deepcopy(town)
    for number in range(30, 120):
        del town.edges[f"importer:{number}", "phone:1", "HAS_PHONE"]
    live.apply(told.change(town))
    with live.reading() as snapshot:
        assert_equal(snapshot, town.rebuilt())
