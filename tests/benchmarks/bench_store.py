"""Rows a second that a store writes, beside the bare driver sending the same batches, and how long reads take.

    python -m tests.benchmarks.bench_store [embedded|neo4j] [--rows 40000] [--sizes]

``--sizes`` tries batch lengths; the figures in ``graphinv/store/dialect.py`` come from there.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from neo4j import GraphDatabase

from graphinv import schema
from graphinv.settings import Neo4jSettings, Settings
from graphinv.store import Store, batched, open_store
from graphinv.store.server import Endpoint, ServerFile
from tests import neo4j_server

Rows = Sequence[Mapping[str, Any]]
MOMENT_MS = 1_700_000_000_123
#: The least share of the bare driver's speed that the store must reach.
FLOOR = 0.85


def main() -> None:
    """Run what the arguments ask for; ends with status 1 when the store falls below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", nargs="?", choices=("embedded", "neo4j"), default="embedded")
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--sizes", action="store_true", help="try batch lengths")
    arguments = parser.parse_args()
    with _opened(arguments.store) as (store, endpoint):
        store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
        _warm_up(store)
        if arguments.sizes:
            for size in (1_000, 2_500, 5_000, 10_000, 20_000):
                _write_all(store, f"{size:,} a batch", size, arguments.rows)
            return
        share = _beside_the_bare_driver(store, endpoint, arguments.rows)
        _reads(store)
    if share < FLOOR:
        raise SystemExit(f"the store writes at {share:.0%} of the bare driver's speed; at least {FLOOR:.0%} is wanted")


@contextmanager
def _opened(name: str) -> Iterator[tuple[Store, Endpoint]]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        workspace = Path(folder)
        if name == "embedded":
            with open_store(Settings(), workspace) as store:
                found = ServerFile.read(workspace / "store" / "server.json")
                assert found is not None
                yield store, found.endpoint
            return
        server = neo4j_server.start()
        try:
            settings = Neo4jSettings(server.uri, server.user, server.password)
            with open_store(Settings(neo4j=settings), workspace) as store:
                user, password = server.user, server.password
                yield store, Endpoint("neo4j", server.uri, "neo4j", user, password, user, password)
        finally:
            server.stop()


def _nodes(tag: str, count: int) -> list[dict[str, Any]]:
    return [
        {"uid": f"importer:{tag}{n:08x}", "caption": f"Golden Dragon {n} Trading LLC", "seen": date(2024, 1, 5)}
        for n in range(count)
    ]


def _phones(tag: str, count: int) -> list[dict[str, Any]]:
    return [{"uid": f"phone:{tag}{n:07d}"} for n in range(count)]


def _links(tag: str, count: int, ends: int) -> list[dict[str, Any]]:
    chance = random.Random(11)  # noqa: S311 - the same links in every run
    return [
        {
            "src": f"importer:{tag}{chance.randrange(ends):08x}",
            "dst": f"phone:{tag}{chance.randrange(ends):07d}",
            "known_at": MOMENT_MS,
            "p": {"sources": [f"importers:98-{n:07d}", f"shipments:X{n}"], "count": 2, "first_seen": date(2024, 1, 2)},
        }
        for n in range(count)
    ]


NODE = "UNWIND $rows AS row MERGE (n:{label} {{uid: row.uid}}) SET n += row"
LINK = """
UNWIND $rows AS row
MATCH (a:Importer {uid: row.src})
MATCH (b:Phone {uid: row.dst})
MERGE (a)-[r:HAS_PHONE]->(b)
SET r = row.p, r.known_at = datetime({epochMillis: row.known_at})
"""


def _warm_up(store: Store) -> None:
    _write_all(store, "warm-up", 5_000, 10_000)


def _steps(tag: str, count: int) -> list[tuple[str, str, Rows]]:
    return [
        ("nodes", NODE.format(label="Importer"), _nodes(tag, count)),
        ("phones", NODE.format(label="Phone"), _phones(tag, count)),
        ("relationships", LINK, _links(tag, count * 3 // 2, count)),
    ]


def _write_all(store: Store, title: str, size: int, count: int) -> None:
    for name, cypher, rows in _steps(f"{title.replace(' ', '')}-", count):
        seconds = _timed(lambda c=cypher, r=rows: store.write_batches(c, batched(r, size)))  # type: ignore[misc]
        print(f"{title:16} {name:14} {len(rows) / seconds:10,.0f} rows/s", flush=True)


def _beside_the_bare_driver(store: Store, endpoint: Endpoint, count: int) -> float:
    """The store's share of the bare driver's speed over alternating rounds of new rows."""
    spent = {"bare": 0.0, "store": 0.0}
    with GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver:

        def bare(cypher: str, rows: Rows, size: int) -> None:
            for batch in batched(rows, size):
                with driver.session(database=endpoint.database) as session, session.begin_transaction() as transaction:
                    transaction.run(cypher, rows=batch).consume()
                    transaction.commit()

        ways: dict[str, Callable[[str, Rows, int], object]] = {
            "bare": bare,
            "store": lambda cypher, rows, size: store.write_batches(cypher, batched(rows, size)),
        }
        for turn, way in enumerate(("bare", "store", "store", "bare", "bare", "store")):
            for name, cypher, rows in _steps(f"{turn}-", count // 3):
                size = store.dialect.relationship_rows if name == "relationships" else store.dialect.node_rows
                spent[way] += _timed(lambda w=ways[way], c=cypher, r=rows, s=size: w(c, r, s))  # type: ignore[misc]
    share = spent["bare"] / spent["store"]
    print(f"bare {spent['bare']:.2f} s, store {spent['store']:.2f} s: {share:.0%} of the bare driver's speed")
    return share


def _reads(store: Store) -> None:
    uids = store.read("MATCH (n:Importer) RETURN n.uid AS uid LIMIT 500").column("uid")
    query = "MATCH (n:Importer {uid: $uid})-[:HAS_PHONE]->(p) RETURN p.uid"
    taken = [_timed(lambda uid=uid: store.read(query, {"uid": uid})) * 1000 for uid in uids]  # type: ignore[misc]
    taken.sort()
    p50, p95 = statistics.median(taken), taken[len(taken) * 95 // 100]
    print(f"one hop p50 {p50:.2f} ms, p95 {p95:.2f} ms")
    seconds = _timed(lambda: store.read("MATCH (a)-[r:HAS_PHONE]->(b) RETURN a.uid, b.uid, r.count"))
    print(f"all {store.count().relationships:,} relationships read in {seconds:.2f} s")


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
