"""Planted groups are found, weak bridges do not merge them, and what nobody touched stays."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from graphinv.clusters.leiden import communities
from graphinv.clusters.resolutions import RESOLUTIONS
from tests.clusters.planted import Labels, changed, planted, rand_index, ties


def _recall(found: Labels, truth: Labels) -> tuple[float, float]:
    """(recall, precision) of pairs that belong together."""

    def pairs(labels: Labels) -> float:
        count = np.unique(labels, return_counts=True)[1].astype(np.float64)
        return float((count * (count - 1) / 2).sum())

    both = pairs(truth * (int(found.max()) + 1) + found)
    return both / pairs(truth), both / pairs(found)


def test_planted_groups_are_found_among_weak_ties() -> None:
    given, truth = planted(600, seed=1)
    recall, precision = _recall(communities(given, RESOLUTIONS["middle"]), truth)
    assert recall > 0.97
    assert precision > 0.97


def test_a_finer_resolution_makes_more_and_smaller_groups() -> None:
    given, _ = planted(300, seed=2)
    counts = [int(communities(given, RESOLUTIONS[name]).max()) + 1 for name in ("coarse", "middle", "fine")]
    assert counts == sorted(counts)
    assert counts[0] < counts[2]


def test_one_weak_shared_value_does_not_merge_two_groups() -> None:
    group = np.array([(a, b) for a in range(6) for b in range(a + 1, 6)])
    ends = np.concatenate([group, group + 6, [[0, 6]]])
    weight = np.concatenate([np.full(2 * len(group), 0.4), [0.08]])
    for resolution in (RESOLUTIONS["middle"], RESOLUTIONS["fine"], RESOLUTIONS["coarse"]):
        found = communities(ties(12, ends, weight), resolution)
        assert found.tolist() == [0] * 6 + [1] * 6


@pytest.mark.parametrize("name", list(RESOLUTIONS))
def test_after_a_change_of_a_hundredth_of_the_ties_the_groups_are_nearly_the_same(name: str) -> None:
    given, _ = planted(1500, seed=3, between=0.6)
    before = communities(given, RESOLUTIONS[name])
    for seed in (1, 2):
        after = communities(changed(given, 0.01, seed), RESOLUTIONS[name], before)
        assert rand_index(before, after) >= 0.98


def test_the_same_ties_again_change_nothing() -> None:
    given, _ = planted(400, seed=4)
    before = communities(given, 0.1)
    assert communities(given, 0.1, before).tolist() == before.tolist()


def test_the_same_ties_give_the_same_groups_in_every_process() -> None:
    told = (
        "from tests.clusters.planted import planted; from graphinv.clusters.leiden import communities; "
        "print(communities(planted(100, seed=5)[0], 0.1).tolist())"
    )
    here = communities(planted(100, seed=5)[0], 0.1).tolist()
    there = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == str(here)


def test_a_group_that_lost_its_ties_falls_apart_whatever_it_was_before() -> None:
    given, truth = planted(50, seed=6, between=0.0)
    before = communities(given, 0.1)
    kept = truth[given.one] != truth[0]
    after = communities(
        replace(given, one=given.one[kept], other=given.other[kept], weight=given.weight[kept]), 0.1, before
    )
    assert len(set(after[truth == truth[0]].tolist())) == (truth == truth[0]).sum()


def test_parties_without_ties_are_alone() -> None:
    nothing = ties(3, np.zeros((0, 2), np.int64), np.zeros(0))
    assert communities(nothing, 0.1).tolist() == [0, 1, 2]
    assert communities(ties(0, np.zeros((0, 2), np.int64), np.zeros(0)), 0.1).tolist() == []
