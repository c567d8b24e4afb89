"""The same question to Neo4j over Bolt: the shortest path from a party on record to any seized party.

Its ``shortestPath`` counts hops and knows no weights, so it is asked for less than graphinv tells: one path of the
fewest relationships, of at most as many hops. As with the other rivals one more node is joined to each seized party,
so that it searches between two nodes from both ends; asked for the nearest of thousands it would search thousands of
times. The start is found by an indexed uid, queries take parameters, and what is measured comes after a warm-up.
"""

import time
from collections.abc import Sequence

import numpy as np
from neo4j import READ_ACCESS, GraphDatabase, Session
from numpy.typing import NDArray

from graphinv.links.evidence import EvidenceGraph
from graphinv.links.kernels import UNREACHABLE
from tests import neo4j_server

#: Rows that are sent at once.
_BATCH = 10_000
_WARM_UP = 300
_SOURCE = "seized"

_INDEX = "CREATE CONSTRAINT node_uid IF NOT EXISTS FOR (n:Node) REQUIRE n.uid IS UNIQUE"
_NODES = "UNWIND $rows AS uid CREATE (:Node {uid: uid})"
_TIES = """\
UNWIND $rows AS row
MATCH (a:Node {uid: row[0]})
MATCH (b:Node {uid: row[1]})
CREATE (a)-[:TIE {weight: row[2]}]->(b)
"""
_SHORTEST = """\
MATCH (a:Node {{uid: $uid}})
MATCH (z:Node {{uid: $source}})
MATCH path = shortestPath((a)-[:TIE*..{edges}]-(z))
RETURN [node IN nodes(path) | node.uid] AS uids
"""


class Neo4jRival:
    """The evidence graph in a Neo4j of its own, which ends with ``stop``."""

    def __init__(self, graph: EvidenceGraph, hops: int) -> None:
        """Raises ``neo4j_server.CannotRun`` when this machine cannot start one."""
        self._server = neo4j_server.start(room=neo4j_server.ROOMY)
        self._driver = GraphDatabase.driver(self._server.uri, auth=(self._server.user, self._server.password))
        self._query = _SHORTEST.format(edges=hops + 1)
        try:
            with self._driver.session(database="neo4j") as session:
                _load(session, graph)
        except BaseException:
            self.stop()
            raise

    def asked(self, uids: Sequence[str]) -> tuple[NDArray[np.float64], list[int | None]]:
        """(milliseconds of wall-clock, hops of the path found) for each uid; the server works in its own process."""
        times, hops = np.empty(len(uids)), []
        with self._driver.session(database="neo4j", default_access_mode=READ_ACCESS) as session:
            for uid in [*uids[:_WARM_UP]]:
                self._ask(session, uid)
            for at, uid in enumerate(uids):
                began = time.perf_counter()
                hops.append(self._ask(session, uid))
                times[at] = (time.perf_counter() - began) * 1e3
        return times, hops

    def _ask(self, session: Session, uid: str) -> int | None:
        found = session.run(self._query, uid=uid, source=_SOURCE).single()
        return None if found is None else len(found["uids"]) - 2

    def stop(self) -> None:
        """End the server."""
        self._driver.close()
        self._server.stop()


def _load(session: Session, graph: EvidenceGraph) -> None:
    uids = graph.nodes["uid"].to_list()
    session.run(_INDEX).consume()
    _send(session, _NODES, [*uids, _SOURCE])
    session.run("CALL db.awaitIndexes(600)").consume()
    tail = np.repeat(np.arange(len(uids)), graph.stop - graph.start)
    once = tail < graph.adj
    ends = tail[once].tolist(), graph.adj[once].tolist(), graph.weight[once].tolist()
    _send(session, _TIES, [[uids[a], uids[b], weight] for a, b, weight in zip(*ends, strict=True)])
    seized = np.flatnonzero(graph.seed_cost != UNREACHABLE)
    _send(session, _TIES, [[uids[node], _SOURCE, int(graph.seed_cost[node])] for node in seized.tolist()])


def _send(session: Session, query: str, rows: Sequence[object]) -> None:
    for first in range(0, len(rows), _BATCH):
        session.run(query, rows=rows[first : first + _BATCH]).consume()
