"""Threads that read while another writes see whole states only."""

from copy import deepcopy
from datetime import date
from threading import Event, Thread

import numpy as np
import pytest

from graphinv.errors import GraphinvError
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.live.changes import Changes
from graphinv.links.live.graph import LiveGraph
from graphinv.links.live.snapshot import Snapshot
from graphinv.links.walks import Start, find_walks
from tests.links.live.conftest import Town, assert_equal, assert_scipy_agrees, seed_rows

DAY = date(2025, 1, 1)


def town_of(size: int) -> Town:
    """A chain of parties, each sharing a phone with the next; the first was seized from."""
    town = Town({}, {}, {("importer:0", "seizure:0"): (1.0, DAY)})
    for number in range(size):
        town.nodes |= {f"importer:{number}": None, f"phone:{number}": None}
        town.edges[f"importer:{number}", f"phone:{number}", "HAS_PHONE"] = (0.95, DAY)
        if number:
            town.edges[f"importer:{number}", f"phone:{number - 1}", "HAS_PHONE"] = (0.95, DAY)
    return town


def is_whole(snapshot: Snapshot) -> bool:
    """Every cost is what its predecessor's makes of it, and no relationship offers less; any half change breaks it."""
    live, size = snapshot.graph, snapshot.size
    count = live.stop[:size] - live.start[:size]
    tail = np.repeat(np.arange(size), count)
    slot = np.arange(len(tail)) - np.repeat(np.cumsum(count) - count, count) + live.start[tail]
    best = live.seed_cost[:size].astype(np.int64)
    reached = live.cost[live.adj[slot]] != UNREACHABLE
    offers = live.cost[live.adj[slot]].astype(np.int64) + live.weight[slot]
    np.minimum.at(best, tail[reached], offers[reached])
    return bool((best == live.cost[:size]).all())


def test_readers_see_whole_states_while_a_writer_writes() -> None:
    town = town_of(30)
    live = LiveGraph.of(town.rebuilt())
    stop, torn, seen = Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            with live.reading() as snapshot:
                first = snapshot.graph.cost[: snapshot.size].tobytes()
                if not is_whole(snapshot) or snapshot.graph.cost[: snapshot.size].tobytes() != first:
                    torn.append(snapshot.size)
                seen.add(snapshot.size)
                find_walks(snapshot, [Start(29, 0, None, "")], 2, 100, weakest=0.0)

    threads = [Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    random = np.random.default_rng(5)
    try:
        for number in range(30, 60):
            told = deepcopy(town)
            town.nodes[f"importer:{number}"] = None
            for phone in random.integers(0, 30, 3).tolist():
                town.edges[f"importer:{number}", f"phone:{phone}", "HAS_PHONE"] = (0.9, DAY)
            gone = sorted(town.edges)[int(random.integers(len(town.edges)))]
            del town.edges[gone]
            party = f"importer:{int(random.integers(number))}", "seizure:1"
            if town.seeds.pop(party, None) is None:
                town.seeds[party] = (1.0, DAY)
            live.apply(told.change(town))
    finally:
        stop.set()
        for thread in threads:
            thread.join(20)
    assert not torn
    assert len(seen) > 3
    with live.reading() as snapshot:
        assert_equal(snapshot, town.rebuilt())
        assert_scipy_agrees(snapshot)


def test_a_reader_keeps_its_state_through_the_next_change() -> None:
    town = town_of(3)
    live = LiveGraph.of(town.rebuilt())
    with live.reading() as snapshot:
        before = snapshot.graph.cost.copy()
        live.apply(Changes(seeds=seed_rows({("importer:2", "seizure:1"): (1.0, DAY)})))
        assert snapshot.graph.cost.tolist() == before.tolist()
        assert snapshot.seizures_of(snapshot.node("importer:2") or 0) == ()
        with live.reading() as newer:
            assert [row["seizure"] for row in newer.seizures_of(newer.node("importer:2") or 0)] == ["seizure:1"]


def test_a_change_that_a_reader_holds_up_changes_nothing_and_can_be_told_again() -> None:
    town = town_of(3)
    live = LiveGraph.of(town.rebuilt())
    one, two = (seed_rows({("importer:2", f"seizure:{n}"): (1.0, DAY)}) for n in (1, 2))
    with live.reading():
        live.apply(Changes(seeds=one))
        with pytest.raises(GraphinvError, match="Nothing was changed"):
            live.apply(Changes(seeds=two), patience=0.01)
    live.apply(Changes(seeds=two))
    town.seeds |= {("importer:2", f"seizure:{n}"): (1.0, DAY) for n in (1, 2)}
    with live.reading() as snapshot:
        assert_equal(snapshot, town.rebuilt())


def test_walks_over_a_live_graph_do_not_rest_on_the_same_value_and_enter_nothing_twice() -> None:
    town = town_of(4)
    town.edges["importer:3", "phone:0", "HAS_PHONE"] = (0.95, DAY)
    told = deepcopy(town)
    live = LiveGraph.of(town.rebuilt())
    town.nodes["email:1"] = None
    town.edges |= {(f"importer:{n}", "email:1", "HAS_EMAIL"): (0.95, DAY) for n in (0, 3)}
    live.apply(told.change(town))
    with live.reading() as snapshot:
        start = snapshot.node("importer:3")
        assert start is not None
        walks = find_walks(snapshot, [Start(start, 0, None, "")], 5, 10, weakest=0.0).walks
        shared = [{node for node in walk.nodes if not snapshot.graph.party[node]} for walk in walks]
        through = [[snapshot.node_row(node)["uid"] for node in walk.nodes] for walk in walks]
    assert through[:2] == [["importer:3", "email:1", "importer:0"], ["importer:3", "phone:0", "importer:0"]]
    assert all(len(set(walk.nodes)) == len(walk.nodes) for walk in walks)
    assert sum(len(values) for values in shared) == len(set().union(*shared))


def test_a_bound_on_hops_that_leaves_out_the_best_path_says_so() -> None:
    live = LiveGraph.of(town_of(4).rebuilt())
    with live.reading() as snapshot:
        start = [Start(snapshot.node("importer:3") or 0, 0, None, "")]
        bounded, free = (find_walks(snapshot, start, 1, hops, weakest=0.0) for hops in (4, 6))
    assert free.beyond is None
    assert bounded.walks == ()
    assert bounded.beyond is not None
    assert (bounded.beyond.hops, bounded.beyond.strength) == (6, free.walks[0].strength)
