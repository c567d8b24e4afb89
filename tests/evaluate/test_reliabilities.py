"""Which kinds of shared values are corroborated: counted again by hand, a pair at a time."""

from collections import defaultdict
from itertools import combinations

import pytest

from graphinv.evaluate.reliabilities import corroborated
from graphinv.links.index import LinkIndex, open_index
from graphinv.links.weights import CLAIMS, weight_of
from graphinv.opened import OpenedWorkspace
from tests.evaluate.test_evaluation import folder, opened

__all__ = ["folder", "opened"]

_OWN = {"HAS_PHONE", "HAS_EMAIL", "PAID_TO", "HAS_WEBSITE", "HAS_OFFICER", "LOCATED_AT"}


@pytest.fixture(scope="module")
def index(opened: OpenedWorkspace) -> LinkIndex:
    """The index of a tiny world."""
    return open_index(opened.folder.index)


def by_hand(index: LinkIndex) -> dict[str, tuple[int, float]]:
    """By kind: pairs who alone share a value of it, and the share of them that another value joins."""
    nodes = index.graph.nodes.to_dicts()
    users: dict[tuple[str, int], set[str]] = defaultdict(set)
    for claim, a, b in zip(index.graph.claim, index.graph.edges["a"], index.graph.edges["b"], strict=True):
        if CLAIMS[claim] != "SAME_AS" and nodes[a]["label"] in ("Importer", "Seller"):
            users[CLAIMS[claim], b].add(nodes[a]["entity"] or nodes[a]["uid"])
    joined: dict[frozenset[str], set[str]] = defaultdict(set)
    for (claim, _), who in users.items():
        if claim in _OWN and len(who) <= 6:
            for pair in combinations(who, 2):
                joined[frozenset(pair)].add(claim)
    told: dict[str, list[bool]] = defaultdict(list)
    for (claim, _), who in users.items():
        if len(who) == 2:
            told[claim].append(bool(joined[frozenset(who)] - {claim}))
    return {claim: (len(found), sum(found) / len(found)) for claim, found in told.items()}


def test_pairs_are_counted_as_by_hand(index: LinkIndex) -> None:
    found = corroborated(index, enough=1)
    counted = by_hand(index)
    assert {"HAS_PHONE", "SUPPLIED_BY"} <= set(counted)
    assert {one.claim: one.pairs for one in found} == {claim: pairs for claim, (pairs, _) in counted.items()}
    assert {one.claim: one.corroborated for one in found} == pytest.approx(
        {claim: share for claim, (_, share) in counted.items()}
    )
    assert {one.claim for one in corroborated(index)} == {claim for claim, (pairs, _) in counted.items() if pairs >= 10}
    assert all(one.table == weight_of(one.claim).reliability for one in found)
    assert {one.told for one in found} <= set(index.graph.reliability.tolist())
    assert any(one.told < one.table for one in found)
    assert [one.corroborated for one in found] == sorted((one.corroborated for one in found), reverse=True)
