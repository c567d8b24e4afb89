"""How fast feeds become records, prepared rows and a graph.

    python -m tests.benchmarks.bench_load [records|store|world] [--rows N] [--store embedded|neo4j] [--size SIZE]

``records``  a million shipments read, validated, kept and normalised: rows a second and the most memory ever held.
``store``    rows a second of graphinv's plan and apply beside the bare driver sending the same batches in turns to an
             equal server; ends with status 1 below the floor.
``world``    an invented world end to end on the embedded store: seconds and memory of every step, size by size.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from neo4j import GraphDatabase

from graphinv import pipeline
from graphinv.ingest import ingest
from graphinv.load.apply import apply_pending
from graphinv.load.generations import as_stored, write_generation
from graphinv.load.ownership import start_filling
from graphinv.load.plan import Action, Step, plan
from graphinv.load.progress import Pending, write_progress
from graphinv.load.tables import GraphTables, clock_of, graph_tables
from graphinv.opened import open_workspace
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.settings import Neo4jSettings, Settings
from graphinv.store import Store, open_store
from graphinv.store.server import Endpoint, ServerFile
from graphinv.workspace import Workspace, open_workspace_folder
from graphinv.worlds import write_world
from tests import neo4j_server
from tests.benchmarks.bench_ingest import write
from tests.load.feeds import feed_files

#: The least share of the bare driver's speed that plan and apply must reach.
FLOOR = 0.85
NAME = "benchmark"


def main() -> None:
    """Run what the arguments ask for, everything without them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("records", "store", "world"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--store", choices=("embedded", "neo4j"), action="append")
    parser.add_argument("--size", action="append", help="of the invented world")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if asked.what in (None, "records"):
            records(Path(folder), asked.rows)
        if asked.what in (None, "world"):
            for size in asked.size or ("small",):
                world(Path(folder), size)
        if asked.what in (None, "store"):
            shares = [store(Path(folder), name) for name in asked.store or ("embedded", "neo4j")]
            if min(shares) < FLOOR:
                raise SystemExit(f"graphs load at {min(shares):.0%} of the bare driver's speed; {FLOOR:.0%} is wanted")


def records(folder: Path, rows: int) -> None:
    """Read, validate, keep and normalise shipments; then how much memory that took."""
    path = folder / "shipments.csv"
    write(path, rows, dirty=0.002, style="minimal")
    workspace = open_workspace_folder(Settings(workspace=folder / "records"))
    kept = _timed(lambda: ingest(workspace, [path]))
    made = _timed(lambda: prepared_records(workspace))
    workspace.close()
    print(f"{rows:,} shipments: kept in {kept:.1f} s, prepared in {made:.1f} s: {rows / (kept + made):,.0f} rows/s")
    print(f"peak memory {_peak_mib():,.0f} MiB, of the largest process that helped {_peak_mib(helpers=True):,.0f} MiB")


def world(folder: Path, size: str) -> None:
    """Load an invented world into the embedded store, told step by step."""
    summary = write_world(folder / size, size, seed=1)
    started = time.perf_counter()
    with open_workspace(settings=Settings(workspace=folder / f"workspace-{size}")) as opened, _steps_told():
        loaded = opened.load(feed_files(folder / size), writing=_StepRates())
        counts = opened.store.count()
    took = time.perf_counter() - started
    print(f"{size}: {summary.shipments:,} shipments, {counts.nodes:,} nodes, {counts.relationships:,} relationships")
    print(
        f"{size}: {took:.1f} s, {summary.shipments / took:,.0f} shipments/s, {loaded.applied}, {_peak_mib():,.0f} MiB"
    )


class _StepRates:
    """Prints how fast each step of the graph went."""

    def __init__(self) -> None:
        self._step, self._began, self._before = "", time.perf_counter(), 0

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.perf_counter()
        if step != self._step:
            self._step, self._before = step, 0
        if done == total:
            print(f"  {step:34} {total:10,} rows {now - self._began:7.1f} s {total / (now - self._began):9,.0f} rows/s")
            self._began = now


@contextmanager
def _steps_told() -> Iterator[None]:
    """While inside, every step of the pipeline prints its time."""
    names = (
        "ingest", "prepared_records", "identify", "resolve_workspace", "graph_tables", "write_generation",
        "apply_pending", "evidence_tables", "build", "write_index",
    )  # fmt: skip
    before = {name: getattr(pipeline, name) for name in names}
    for name, step in before.items():
        setattr(pipeline, name, _told(name, step))
    try:
        yield
    finally:
        for name, step in before.items():
            setattr(pipeline, name, step)


def _told(name: str, step: Callable[..., object]) -> Callable[..., object]:
    def told(*args: object, **options: object) -> object:
        started, worked = time.perf_counter(), time.process_time()
        result = step(*args, **options)
        seconds, own = time.perf_counter() - started, time.process_time() - worked
        print(f"{name:20} {seconds:7.1f} s ({own:.1f} s of this process), {_peak_mib():,.0f} MiB", flush=True)
        return result

    return told


def store(folder: Path, name: str) -> float:
    """graphinv's share of the bare driver's speed: two equal servers, batch by batch in turns."""
    feeds = folder / "bench-world"
    if not feeds.exists():
        write_world(feeds, "small", seed=1)
    with _opened(folder / f"bare-{name}", name) as bare, _opened(folder / f"graphinv-{name}", name) as own:
        tables = _tables(own.workspace, feeds)
        steps = list(plan(GraphTables(nodes={}, edges={}), tables))
        start_filling(bare.workspace, bare.store, NAME)
        progress = start_filling(own.workspace, own.store, NAME)
        pending = Pending(write_generation(own.workspace.projection, tables), 1)
        write_progress(own.workspace, NAME, replace(progress, pending=pending))
        beside = _bare_batches(bare, steps)
        spent = {"bare": 0.0, "graphinv": 0.0}

        def meanwhile(_step: str, _done: int, _total: int) -> None:
            spent["bare"] += next(beside)

        spent["graphinv"] = _timed(lambda: apply_pending(own.workspace, own.store, NAME, meanwhile)) - spent["bare"]
        assert next(beside, None) is None
        assert bare.store.count() == own.store.count()
    rows = sum(len(step.rows) for step in steps)
    share = spent["bare"] / spent["graphinv"]
    told = ", ".join(f"{way} {rows / seconds:,.0f} rows/s" for way, seconds in spent.items())
    print(f"{name}: {rows:,} nodes and relationships; {told}: {share:.0%} of the bare driver's speed", flush=True)
    return share


def _tables(workspace: Workspace, feeds: Path) -> GraphTables:
    """The graph of the feeds as the store keeps it."""
    ingest(workspace, feed_files(feeds))
    identified = identify(prepared_records(workspace))
    clock = clock_of(identified)
    assert clock is not None
    tables = graph_tables(identified, concluded(identified, resolve_alone(identified)), clock)
    return GraphTables(
        nodes={name: as_stored(frame) for name, frame in tables.nodes.items()},
        edges={name: as_stored(frame) for name, frame in tables.edges.items()},
    )


def _bare_batches(bare: "_Opened", steps: Sequence[Step]) -> Iterator[float]:
    """The same statements and batches by the driver alone, one each time it is asked for; how long each took."""
    endpoint = bare.endpoint
    with GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver:
        for step in steps:
            nodes = step.action is Action.PUT_NODES
            batches = step.batches(bare.store.dialect.node_rows if nodes else bare.store.dialect.relationship_rows)
            started = time.perf_counter()
            for batch in batches:
                with driver.session(database=endpoint.database) as session, session.begin_transaction() as transaction:
                    transaction.run(step.cypher, rows=batch).consume()
                    transaction.commit()
                yield time.perf_counter() - started
                started = time.perf_counter()


@dataclass(frozen=True)
class _Opened:
    """A new workspace, its store, and where that answers."""

    workspace: Workspace
    store: Store
    endpoint: Endpoint


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[_Opened]:
    if name == "embedded":
        workspace = open_workspace_folder(Settings(workspace=folder))
        with open_store(Settings(workspace=folder), folder) as opened:
            found = ServerFile.read(folder / "store" / "server.json")
            assert found is not None
            yield _Opened(workspace, opened, found.endpoint)
        return
    server = neo4j_server.start()
    try:
        neo4j = Neo4jSettings(server.uri, server.user, server.password)
        settings = Settings(workspace=folder, neo4j=neo4j)
        workspace = open_workspace_folder(settings)
        with open_store(settings, folder) as opened:
            account = (server.user, server.password)
            yield _Opened(workspace, opened, Endpoint("neo4j", server.uri, neo4j.database, *account, *account))
    finally:
        server.stop()


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _peak_mib(*, helpers: bool = False) -> float:
    """The most memory this process, or the largest that it started and that ended, ever held."""
    who = resource.RUSAGE_CHILDREN if helpers else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    main()
