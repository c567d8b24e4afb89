"""Planted groups are found, weak bridges do not merge them, and what nobody touched stays."""

import subprocess
import sys
from collections.abc import Iterator
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


def _partitions(size: int) -> Iterator[list[int]]:
    """Every partition of so many vertices, numbered in the order of first vertices."""
    label = [0] * size

    def fill(at: int, used: int) -> Iterator[list[int]]:
        if at == size:
            yield list(label)
            return
        for group in range(used + 1):
            label[at] = group
            yield from fill(at + 1, max(used, group + 1))

    return fill(0, 0)


def test_what_is_found_for_a_few_parties_is_nearly_always_the_best_of_all_partitions() -> None:
    size, resolution = 6, 0.1
    every = np.array(list(_partitions(size)))
    ends = np.array([(a, b) for a in range(size) for b in range(a + 1, size)])
    together = every[:, ends[:, 0]] == every[:, ends[:, 1]]
    rng = np.random.default_rng(7)
    lost = []
    for _ in range(150):
        tied = rng.random(len(ends)) < rng.uniform(0.2, 1)
        weight = np.where(tied, rng.choice([0.03, 0.08, 0.12, 0.3], len(ends)), 0.0)
        found = communities(ties(size, ends[tied], weight[tied]), resolution)
        worth = (found[ends[:, 0]] == found[ends[:, 1]]) @ (weight - resolution)
        lost.append((together @ (weight - resolution)).max() - worth)
    assert np.mean(np.array(lost) < 1e-9) > 0.95
    assert max(lost) < 0.1
