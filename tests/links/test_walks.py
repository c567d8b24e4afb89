"""Paths of one answer: strongest first, each a reason of its own."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.links.live.graph import LiveGraph
from graphinv.links.live.snapshot import Snapshot
from graphinv.links.walks import Start, Walk, find_walks, weightiest
from tests.links.live.conftest import Town

DAY = date(2025, 1, 1)
_VALUES = {"HAS_PHONE": "phone:0", "HAS_EMAIL": "email:0", "LOCATED_AT": "address:0"}


def town(parties: int) -> Town:
    """So many importers, of whom nothing is known."""
    return Town(nodes={f"importer:{n}": f"importer:{n}" for n in range(parties)})


def same(one: int, other: int) -> dict[tuple[str, str, str], tuple[float, date]]:
    """Two importers that are probably one party."""
    return {(f"importer:{one}", f"importer:{other}", "SAME_AS"): (0.9, DAY)}


def walks_of(of: Town, *starts: tuple[str, int, str | None, str]) -> tuple[Snapshot, tuple[Walk, ...]]:
    """What is told when these starts (uid, cost, claim, value) are searched from."""
    with LiveGraph.of(of.rebuilt()).reading() as snapshot:
        begun = [Start(snapshot.node(uid) or 0, cost, claim, value) for uid, cost, claim, value in starts]
        return snapshot, find_walks(snapshot, begun, 5, 6, weakest=0.0).walks


def test_a_combination_that_two_identities_of_one_party_filed_is_told_once() -> None:
    """The second path led to the same seizure by way of the party's other identity."""
    story = town(2)
    story.edges |= same(0, 1)
    story.seeds = {(f"importer:{n}", "seizure:1"): (1.0 - n / 10, DAY) for n in (0, 1)}
    combination = (2_500, "GOODS_ALIKE", "face cream of one manufacturer")
    _, walks = walks_of(story, ("importer:0", *combination), ("importer:1", *combination))
    assert [len(walk.nodes) for walk in walks] == [1]


def test_a_partys_own_seizure_is_not_told_again_of_its_supplier() -> None:
    story = town(1)
    story.nodes["shipper:0"] = "shipper:0"
    story.edges["importer:0", "shipper:0", "SUPPLIED_BY"] = (1.0, DAY)
    story.seeds = {("importer:0", "seizure:1"): (1.0, DAY), ("shipper:0", "seizure:1"): (1.0, DAY)}
    _, walks = walks_of(story, ("importer:0", 0, None, ""))
    assert [walk.hops for walk in walks] == [0]


def test_another_seizure_of_the_supplier_is_told_as_that_one_and_for_what_it_is_worth() -> None:
    story = town(1)
    story.nodes["shipper:0"] = "shipper:0"
    story.edges["importer:0", "shipper:0", "SUPPLIED_BY"] = (1.0, DAY)
    story.seeds = {
        ("importer:0", "seizure:1"): (1.0, DAY),
        ("shipper:0", "seizure:1"): (1.0, DAY),
        ("shipper:0", "seizure:2"): (0.5, DAY),
    }
    _, walks = walks_of(story, ("importer:0", 0, None, ""))
    assert [(walk.hops, walk.seizure) for walk in walks] == [(0, None), (1, "seizure:2")]
    del story.seeds["shipper:0", "seizure:1"]
    _, alone = walks_of(story, ("importer:0", 0, None, ""))
    assert walks[1].strength == pytest.approx(alone[1].strength, rel=0.01)


def test_two_values_that_lead_to_one_seizure_are_two_reasons() -> None:
    story = town(2)
    story.nodes |= {"phone:0": None, "email:0": None}
    story.edges |= {
        (f"importer:{n}", value, claim): (0.95, DAY)
        for n in (0, 1)
        for claim, value in _VALUES.items()
        if value in story.nodes
    }
    story.seeds = {("importer:1", "seizure:1"): (1.0, DAY)}
    _, walks = walks_of(story, ("importer:0", 0, None, ""))
    assert len(walks) == 2


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Eight importers in some identities, who share values, deal with shippers and have parts in seizures."""
    drawn = town(8)
    drawn.nodes |= {f"{kind}:{n}": None for kind in ("phone", "email") for n in range(3)}
    drawn.nodes |= {f"shipper:{n}": f"shipper:{n}" for n in range(2)}
    party, worth = st.integers(0, 7), st.sampled_from([0.4, 0.7, 0.9, 1.0])
    for kind, claim in (("phone", "HAS_PHONE"), ("email", "HAS_EMAIL"), ("shipper", "SUPPLIED_BY")):
        others = st.integers(0, 1 if kind == "shipper" else 2)
        for one, other in draw(st.lists(st.tuples(party, others), max_size=7)):
            drawn.edges[f"importer:{one}", f"{kind}:{other}", claim] = (draw(worth), DAY)
    for one, other in draw(st.lists(st.tuples(party, party), max_size=4)):
        if one < other:
            drawn.edges |= same(one, other)
    seizable = st.one_of(party.map("importer:{}".format), st.integers(0, 1).map("shipper:{}".format))
    for who, seizure in draw(st.lists(st.tuples(seizable, st.integers(0, 2)), min_size=1, max_size=8)):
        drawn.seeds[who, f"seizure:{seizure}"] = (draw(worth), DAY)
    return drawn


@settings(max_examples=60, deadline=None)
@given(towns(), st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["GOODS_ALIKE", "FILED_ALIKE"])), max_size=4))
def test_no_seizure_is_told_twice_over_the_same_values_and_strengths_fall(
    drawn: Town, filed: list[tuple[int, str]]
) -> None:
    hints = [(f"importer:{n}", 2_500, claim, "what was filed") for n, claim in filed]
    snapshot, walks = walks_of(drawn, ("importer:0", 0, None, ""), *hints)
    reasons = [(told_of(snapshot, walk), frozenset(_rests_on(snapshot, walk))) for walk in walks]
    assert len(set(reasons)) == len(reasons)
    values = [value for _, rests_on in reasons for value in rests_on]
    assert len(set(values)) == len(values)
    assert np.all(np.diff([walk.strength for walk in walks]) <= 0)


def told_of(snapshot: Snapshot, walk: Walk) -> str:
    """The seizure that a walk tells."""
    return str(walk.seizure or weightiest(snapshot.seizures_of(walk.nodes[-1]))["seizure"])


def _rests_on(snapshot: Snapshot, walk: Walk) -> Iterator[object]:
    yield from (node for node in walk.nodes if not snapshot.graph.party[node])
    if walk.start.claim is not None:
        yield walk.start.claim, walk.start.value
