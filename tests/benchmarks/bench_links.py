"""How fast the best evidence is found, told and kept current, beside other libraries on the same graph.

    python -m tests.benchmarks.bench_links [--size large | --workspace FOLDER] [--kept FOLDER] [--neo4j]
                                           [--only passes|updates] [--shipments 5000] [--seizures 200]

A world is invented, or the records of a workspace are taken, and the evidence graph is built (the graph store is not
needed); ``--kept`` names a folder where its tables stay for the next run. The last shipments and seizures are held back
and then told to the live graph as they arrived; at the end it must equal the graph that is built from all. Times are
CPU seconds of this process, so that other work on the machine does not count; of what one thread does alone (a known
party, paths) those of that thread, since memory of what was built before is still being given back beside it. Those of
Neo4j's shortestPath over Bolt, and ours beside it, are wall-clock; where no Neo4j can be started, it says so. Needs the
rivals (``linking.rivals``).
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.evidence import EvidenceGraph, build, text_hash
from graphinv.links.kernels import UNREACHABLE, best_costs
from graphinv.links.live.changes import Changes
from graphinv.links.live.graph import LiveGraph
from graphinv.links.live.snapshot import Snapshot
from graphinv.links.walks import WEAKEST, Start, best_evidence, find_walks
from tests import neo4j_server
from tests.benchmarks.bounds import end_with
from tests.benchmarks.ending import end_in_order
from tests.benchmarks.linking.neo4j_rival import Neo4jRival
from tests.benchmarks.linking.rivals import Edges, cpu_seconds, rivals
from tests.benchmarks.linking.world import Source, Stream, stream_in

T = TypeVar("T")

#: How many times faster than scipy and networkx the pass must be.
TIMES_SCIPY, TIMES_NETWORKX = 4.0, 60.0

#: A known party's best evidence, ten paths, a shipment and a seizure worked in.
KNOWN_US, PATHS_P99_MS, SHIPMENT_US, SEIZURE_MS = 10.0, 2.0, 50.0, 5.0

#: Hops that a look-up goes unless told otherwise, and how many paths are asked for.
HOPS, PATHS = 6, 10

#: Shipments that are told at once.
BATCH = 500


def main() -> None:
    """Print the table; ends with status 1 when a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="large", help="size of the world (large: 300,000 importers)")
    parser.add_argument("--workspace", type=Path, help="with ingested records, in the place of a new world")
    parser.add_argument("--kept", type=Path, help="keep the tables here, and take them from here the next time")
    parser.add_argument("--neo4j", action="store_true", help="ask Neo4j's shortestPath also with --only")
    parser.add_argument("--only", choices=("passes", "updates"), help="the index pass, or updates and paths")
    parser.add_argument("--shipments", type=int, default=5000)
    parser.add_argument("--seizures", type=int, default=200)
    arguments = parser.parse_args()
    end_in_order()
    source = Source(arguments.size, arguments.workspace)
    with TemporaryDirectory() as folder:
        stream = stream_in(arguments.kept or Path(folder) / "kept", source, arguments.shipments, arguments.seizures)
        graph = build(stream.end)
        seeds = int((graph.seed_cost != UNREACHABLE).sum())
        print(f"{len(graph.nodes):,} nodes, {len(graph.edges):,} relationships, {seeds:,} seized parties")
        if arguments.neo4j or arguments.only is None:
            _beside_neo4j(graph)
        held = _passes(graph) if arguments.only != "updates" else []
        compared = replace(graph, nodes=graph.nodes.select("uid"), edges=graph.edges.clear())
        del graph
        held += _updates(stream, compared) if arguments.only != "passes" else []
    end_with(held)


def _passes(graph: EvidenceGraph) -> list[tuple[str, bool]]:
    arrays = graph.start, graph.stop, graph.adj, graph.weight, graph.seed_cost, graph.rank
    cost, _, _ = best_costs(*arrays)
    ours = cpu_seconds(lambda: best_costs(*arrays), 5)
    print(f"{'index pass, graphinv':<28} {ours * 1e3:12.2f} ms CPU")
    times: dict[str, float] = {}
    for rival in rivals(Edges.of(graph), 5):
        if not np.array_equal(rival.cost, np.where(cost == UNREACHABLE, np.inf, cost)):
            raise SystemExit(f"{rival.name} finds other costs than graphinv")
        times[rival.name] = rival.seconds / ours
        print(f"{'index pass, ' + rival.name:<28} {rival.seconds * 1e3:12.2f} ms CPU   {times[rival.name]:8.1f} times")
    return [
        (f"index pass at least {TIMES_SCIPY:g} times scipy", times["scipy"] >= TIMES_SCIPY),
        (f"index pass at least {TIMES_NETWORKX:g} times networkx", times["networkx"] >= TIMES_NETWORKX),
    ]


def _updates(stream: Stream, end: EvidenceGraph) -> list[tuple[str, bool]]:
    began = time.process_time()
    live = LiveGraph.of(build(stream.begin, end.reliability))
    print(f"live graph made in {time.process_time() - began:.1f} s CPU, {live.nbytes / 2**20:,.0f} MiB for all arrays")
    _warm_up(stream)
    shipments = _shipments(live, stream)
    seizures = _seizures(live, stream)
    live.apply(stream.rest())
    with live.reading() as snapshot:
        known, paths = _known(snapshot), _paths(snapshot)
        same = _equal(snapshot, end)
    return [
        (f"known party (cost, origin, predecessors) at most {KNOWN_US:g} us", known <= KNOWN_US),
        (f"{PATHS} paths p99 at most {PATHS_P99_MS:g} ms", paths <= PATHS_P99_MS),
        (f"a shipment worked in within {SHIPMENT_US:g} us", shipments <= SHIPMENT_US),
        (f"a seizure worked in within {SEIZURE_MS:g} ms (p99)", seizures <= SEIZURE_MS),
        ("the live graph equals a rebuild", same),
    ]


def _warm_up(stream: Stream) -> None:
    """Compile what is compiled, on a graph of a few nodes."""
    few = stream.begin.nodes.head(50)
    tables = type(stream.begin)(**{**vars(stream.begin), "nodes": few, "edges": stream.begin.edges.head(0)})
    live = LiveGraph.of(build(tables))
    for change in stream.changes(1)[:1]:
        ends = pl.concat([change.edges["src"], change.edges["dst"]]).unique()
        nodes = stream.end.nodes.filter(pl.col("uid").is_in(ends.implode())).join(few, on="uid", how="anti")
        live.apply(Changes(nodes=nodes, edges=change.edges))
        live.apply(Changes(edges_gone=change.edges.select("src", "dst", "claim")))


def _shipments(live: LiveGraph, stream: Stream) -> float:
    """Microseconds a shipment, told ``BATCH`` at a time; the first fifth one by one."""
    count = int(stream.touched["batch"].max()) + 1  # type: ignore[arg-type]  # a number, as the column is
    single = stream.touched.filter(pl.col("batch") < min(BATCH, count // 5))
    later = stream.touched.filter(pl.col("batch") >= min(BATCH, count // 5))
    one_by_one = _cpu(live.apply, _part(stream, single).changes(1))
    batches = _part(stream, later).changes(BATCH)
    upserts = sum(len(change.edges) for change in batches)
    in_batches = _cpu(live.apply, batches)
    shipments = later["batch"].n_unique()
    each = float(in_batches.sum()) * 1e6 / shipments
    _print("a shipment, one at a time", one_by_one * 1e6, "us")
    print(f"{f'a shipment, {BATCH} at a time':<28} {each:12.2f} us CPU   ({upserts / shipments:.1f} upserts each)")
    return each


def _part(stream: Stream, touched: pl.DataFrame) -> Stream:
    known = pl.concat([stream.begin.nodes, _arrived(stream, touched)], how="diagonal")
    return Stream(type(stream.begin)(**{**vars(stream.begin), "nodes": known}), stream.end, touched, stream.seeds)


def _arrived(stream: Stream, touched: pl.DataFrame) -> pl.DataFrame:
    """Nodes that came with shipments before these."""
    before = stream.touched.filter(pl.col("batch") < touched["batch"].min())
    ends = pl.concat([before.select(uid="src"), before.select(uid="dst")]).unique()
    return stream.end.nodes.join(ends, on="uid", how="semi").join(stream.begin.nodes, on="uid", how="anti")


def _seizures(live: LiveGraph, stream: Stream) -> float:
    """Milliseconds of the 99th of a hundred seizures and releases; every second seizure is released and seized anew."""
    changes: list[Changes] = []
    for at in range(len(stream.seeds)):
        seized = stream.seeds[at : at + 1]
        changes.append(Changes(seeds=seized))
        if at % 2:
            changes += [Changes(seeds_gone=seized.select("party", "seizure")), Changes(seeds=seized)]
    times = _cpu(live.apply, changes) * 1e3
    _print("a seizure or release", times, "ms")
    return float(np.quantile(times, 0.99))


def _known(snapshot: Snapshot) -> float:
    """Microseconds from a uid's node to its evidence, and from the uid for comparison."""
    uids = snapshot.epoch.nodes.filter(pl.col("label") == "Importer")["uid"].sample(2000, seed=3, with_replacement=True)
    nodes = [node for uid in uids if (node := snapshot.node(uid)) is not None]
    walked = _cpu_all(lambda node: best_evidence(snapshot.graph, node), nodes)
    found = _cpu_all(lambda uid: best_evidence(snapshot.graph, snapshot.node(uid) or 0), uids.to_list())
    hashed = _cpu_all(text_hash, uids.to_list())
    print(f"{'known party, by position':<28} {walked:12.2f} us CPU")
    print(f"{'known party, by uid':<28} {found:12.2f} us CPU   (its hash {hashed:.2f})")
    return found


def _paths(snapshot: Snapshot) -> float:
    """Milliseconds of the 99th of a hundred searches for ten paths from parties on record; the worst of three ways.

    Most parties have no ten paths that count. So those that have are asked for by themselves, and of all parties paths
    of any strength.
    """
    parties = np.flatnonzero(snapshot.graph.party[: snapshot.size])
    starts = np.random.default_rng(4).choice(parties, min(20_000, len(parties)), replace=False).tolist()
    many = [node for node in starts if _found(snapshot, node, WEAKEST) == PATHS]
    asked = (
        (f"{PATHS} paths, any party", starts[:2000], WEAKEST),
        (f"{PATHS} paths, any strength", starts[:2000], 0.0),
        (f"{PATHS} paths, who have so many", many[:2000], WEAKEST),
    )
    return max(_paths_of(snapshot, name, nodes, weakest) for name, nodes, weakest in asked if nodes)


def _paths_of(snapshot: Snapshot, name: str, nodes: list[int], weakest: float) -> float:
    found = sum(_found(snapshot, node, weakest) for node in nodes) / len(nodes)
    times = _cpu(lambda node: _found(snapshot, node, weakest), nodes, time.thread_time) * 1e3
    _print(name, times, "ms")
    print(f"{'':<28} {found:.1f} paths on average, {len(nodes):,} parties")
    return float(np.quantile(times, 0.99))


def _found(snapshot: Snapshot, node: int, weakest: float) -> int:
    return len(find_walks(snapshot, [Start(node, 0, None, "")], PATHS, HOPS, weakest=weakest).walks)


def _beside_neo4j(graph: EvidenceGraph) -> None:
    """The best path from parties to any seized party, wall-clock: ours by uid, and Neo4j's shortest over Bolt."""
    snapshot = _snapshot_of(graph)
    parties = np.random.default_rng(5).choice(np.flatnonzero(graph.party), 1000)
    uids = graph.nodes["uid"].gather(parties).to_list()
    best = _wall(lambda uid: best_evidence(snapshot.graph, snapshot.node(uid) or 0), uids)
    path = _wall(
        lambda uid: find_walks(snapshot, [Start(snapshot.node(uid) or 0, 0, None, "")], 1, HOPS, weakest=0.0), uids
    )
    _print("best path, graphinv's pass", best, "ms", "wall")
    _print(f"best path of {HOPS}, graphinv", path, "ms", "wall")
    try:
        rival = Neo4jRival(graph, HOPS)
    except neo4j_server.CannotRun as error:
        print(f"{'best path, Neo4j':<28} not asked: {error}")
        return
    try:
        times, hops = rival.asked(uids)
    finally:
        rival.stop()
    reached = [edges for edges in hops if edges is not None]
    _print(f"shortestPath of {HOPS}, Neo4j", times, "ms", "wall")
    print(
        f"{'':<28} {np.median(times) / np.median(best):,.0f} and {np.median(times) / np.median(path):,.0f} times ours"
    )
    print(f"{'':<28} {len(reached):,} of {len(uids):,} reached, {np.mean(reached or [0]):.1f} hops on average")


def _snapshot_of(graph: EvidenceGraph) -> Snapshot:
    with LiveGraph.of(graph).reading() as snapshot:
        return snapshot


def _wall(work: Callable[[T], object], items: Sequence[T]) -> NDArray[np.float64]:
    """Milliseconds of wall-clock each, after a warm-up."""
    times = np.empty(len(items))
    for item in items[:100]:
        work(item)
    for at, item in enumerate(items):
        began = time.perf_counter()
        work(item)
        times[at] = (time.perf_counter() - began) * 1e3
    return times


def _equal(snapshot: Snapshot, graph: EvidenceGraph) -> bool:
    """Weights, users, costs, predecessors and origins, node by node by uid."""
    live = snapshot.graph
    at = np.array([snapshot.node(uid) for uid in graph.nodes["uid"]], np.int64)
    place = np.full(len(live.start) + 1, -1, np.int64)  # the last cell is that of position -1
    place[at] = np.arange(len(at))
    columns = all(
        np.array_equal(getattr(live, name)[at], getattr(graph, name)) for name in ("cost", "users", "seed_cost")
    )
    pointers = all(
        np.array_equal(place[getattr(live, name)[at]], getattr(graph, name)) for name in ("before", "origin")
    )
    count = live.stop[at] - live.start[at]
    slots = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(live.start[at], count)
    ours = np.column_stack([np.repeat(np.arange(len(at)), count), place[live.adj[slots]], live.weight[slots]])
    tail = np.repeat(np.arange(len(at)), np.diff(graph.ptr))
    theirs = np.column_stack([tail, graph.adj, graph.weight])
    return columns and pointers and np.array_equal(_sorted(ours), _sorted(theirs))


def _sorted(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return rows[np.lexsort(rows.T[::-1])]


def _cpu(
    work: Callable[[T], object], items: Sequence[T], clock: Callable[[], float] = time.process_time
) -> NDArray[np.float64]:
    """CPU seconds of each, of all threads unless the clock is that of one."""
    times = np.empty(len(items))
    for at, item in enumerate(items):
        began = clock()
        work(item)
        times[at] = clock() - began
    return times


def _cpu_all(work: Callable[[T], object], items: Sequence[T]) -> float:
    """Microseconds of this thread each, of all together: a single one is too short for the clock."""
    began = time.thread_time()
    for item in items:
        work(item)
    return (time.thread_time() - began) * 1e6 / len(items)


def _print(name: str, times: NDArray[np.float64], unit: str, clock: str = "CPU") -> None:
    p50, p99 = np.quantile(times, [0.5, 0.99])
    print(
        f"{name:<28} {p50:12.3f} {unit} {clock}   p99 {p99:10.2f}   max {times.max():10.2f}   mean {times.mean():10.2f}"
    )


if __name__ == "__main__":
    main()
