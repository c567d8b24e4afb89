"""The graph store: one code path over Bolt with the official driver, for Neo4j and for the embedded database."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from graphinv.errors import QueryTimeout
from graphinv.schema import FulltextIndex
from graphinv.settings import Settings
from graphinv.store.connection import Caps, Link, Row, begin, connect, fetch, run
from graphinv.store.dialect import (
    Dialect,
    Failure,
    OutOfMemory,
    constraint_statements,
    dialect_of,
    explain,
    fulltext_terms,
    of_driver,
)
from graphinv.store.embedded import EmbeddedServer
from graphinv.store.lock import WriteLock
from graphinv.store.server import RemoteServer, Server
from graphinv.store.values import Rows

QUERY_TIMEOUT_S = 30.0
USER_ROWS = 1_000
USER_BYTES = 8_000_000
#: How long work goes on trying when the server is away or too busy.
_WRITE_PATIENCE_S = 30.0
_READ_PATIENCE_S = 3.0
#: How long a server gets to stop a query by itself before the watchdog ends the server.
_GRACE_S = 1.0
#: Failures that a server going down may cause.
_SUSPECT = frozenset({Failure.UNREACHABLE, Failure.QUERY, Failure.OTHER})

_T = TypeVar("_T")


@dataclass(frozen=True)
class ServerInfo:
    """What the server says of itself, and where it answers."""

    kind: str
    version: str
    address: str


@dataclass(frozen=True)
class Counts:
    """How much the graph holds."""

    nodes: int
    relationships: int


def open_store(settings: Settings, workspace: Path, *, write: bool = False) -> "Store":
    """The workspace's store: Neo4j when the settings name one, else the embedded database.

    ``write`` holds the writer's lock until ``close``. StoreUnavailable when nothing answers, WorkspaceBusy when
    somebody else writes.
    """
    server: Server = RemoteServer(settings.neo4j) if settings.neo4j else EmbeddedServer(workspace)
    store = Store(server, WriteLock(workspace))
    try:
        if write:
            store.keep_writing()
        store.server_info()
    except BaseException:
        store.close()
        raise
    return store


class Store:
    """A graph store. Threads may share one; ``close`` it, or use it in a ``with`` block."""

    def __init__(self, server: Server, write_lock: WriteLock) -> None:
        self._server = server
        self._write_lock = write_lock
        self._linking = threading.Lock()
        self._link: Link | None = None
        self._held = ExitStack()
        self.dialect: Dialect = dialect_of(server.endpoint())

    def read(
        self,
        cypher: str,
        params: Row | None = None,
        *,
        timeout_s: float = QUERY_TIMEOUT_S,
        row_limit: int | None = None,
    ) -> Rows:
        """Run a query of ours, reading only. QueryTimeout after ``timeout_s``; ``row_limit`` cuts the answer."""
        caps = Caps(timeout_s, row_limit, None)
        return self._reading(caps, lambda link: fetch(link, link.driver, cypher, params, caps))

    def read_as_user(
        self,
        cypher: str,
        params: Row | None = None,
        *,
        timeout_s: float = QUERY_TIMEOUT_S,
        row_limit: int = USER_ROWS,
        byte_limit: int = USER_BYTES,
    ) -> Rows:
        """Run a query that a user wrote, as the read-only user; ``truncated`` tells that a cap cut the answer.

        The guard must have let it pass before. QueryError when the server cannot run it, QueryRefused when it writes,
        QueryTimeout after ``timeout_s``.
        """
        caps = Caps(timeout_s, row_limit, byte_limit)
        return self._reading(caps, lambda link: fetch(link, link.reader, cypher, params, caps))

    def search(self, index: FulltextIndex, text: str, *, limit: int = 20) -> Rows:
        """Nodes of a full-text index that contain words of ``text``, best first: columns ``uid`` and ``score``."""
        terms = fulltext_terms(text)
        if not terms:
            return Rows(("uid", "score"), [])
        return self.read(
            "CALL db.index.fulltext.queryNodes($index, $terms) YIELD node, score\n"
            "RETURN node.uid AS uid, score\nORDER BY score DESC, uid\nLIMIT $limit",
            {"index": index.name, "terms": terms, "limit": limit},
        )

    def write_batches(
        self,
        cypher: str,
        batches: Iterable[Sequence[Row]],
        *,
        on_commit: Callable[[int], None] | None = None,
    ) -> int:
        """Run ``cypher`` (which reads ``UNWIND $rows AS row``) once for each batch, each in a transaction of its own.

        The query must be repeatable (MERGE): a batch whose commit was not confirmed is sent again. ``on_commit`` gets
        the number of rows committed so far. Returns that number. ``dialect.node_rows``, ``relationship_rows`` and
        ``delete_rows`` tell how long a batch should be, ``batched`` cuts rows to that length.
        """
        done = 0
        with self.writing():
            for batch in batches:
                self._commit_rows(cypher, batch)
                done += len(batch)
                if on_commit is not None:
                    on_commit(done)
        return done

    def write(self, cypher: str, params: Row | None = None) -> None:
        """Run one repeatable write in a transaction of its own."""
        with self.writing():
            self._commit(cypher, params or {})

    @contextmanager
    def writing(self, wait_s: float = 0.0) -> Iterator[None]:
        """Hold the workspace's writer lock over several writes; WorkspaceBusy when it is not free in ``wait_s``."""
        with self._write_lock.hold(wait_s):
            yield

    def keep_writing(self) -> None:
        """Hold the writer lock until ``close``."""
        self._held.enter_context(self.writing())

    def apply_schema(
        self, constraints: Iterable[tuple[str, str]], fulltext_indexes: Iterable[FulltextIndex] = ()
    ) -> None:
        """Create what is missing of unique (label, property) pairs and full-text indexes; ready afterwards."""
        with self.writing():
            statements = constraint_statements(constraints)
            for index in fulltext_indexes:
                statements += self.dialect.create_fulltext(self._server, index)
            for statement in (*statements, *self.dialect.ready_statements()):
                self._commit(statement, {})

    def server_info(self) -> ServerInfo:
        """Kind, version and address of the server; an error when it does not answer."""
        agent = self._attempt(lambda link: link.driver.get_server_info().agent)
        endpoint = self._linked().endpoint
        return ServerInfo(endpoint.kind, agent, endpoint.address)

    def count(self) -> Counts:
        """How many nodes and relationships the graph holds."""
        nodes = self.read("MATCH (n) RETURN count(n)").scalar()
        return Counts(nodes, self.read("MATCH ()-[r]->() RETURN count(r)").scalar())

    def close(self) -> None:
        """Release the lock and the connections, and stop the embedded server if it is ours."""
        self._held.close()
        with self._linking:
            link, self._link = self._link, None
        if link is not None:
            link.close()
        self._server.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reading(self, caps: "Caps", work: Callable[[Link], Rows]) -> Rows:
        """Read under a watchdog where the server cannot be trusted to stop by itself."""
        limit = self.dialect.server_limit_s
        if not limit:
            return self._attempt(work)
        longer = self._server.time_limit(caps.timeout_s) if caps.timeout_s > limit else nullcontext()
        with longer, _Watchdog(caps.timeout_s + _GRACE_S, self._server.halt) as watchdog:
            return self._attempt(work, watchdog=watchdog)

    def _commit_rows(self, cypher: str, rows: Sequence[Row]) -> None:
        """Commit a batch; one that needs more memory than the server gives a transaction goes in halves."""
        try:
            self._commit(cypher, {"rows": rows})
        except OutOfMemory:
            if len(rows) < 2:
                raise
            middle = len(rows) // 2
            self._commit_rows(cypher, rows[:middle])
            self._commit_rows(cypher, rows[middle:])

    def _commit(self, cypher: str, params: Row) -> None:
        def work(link: Link) -> None:
            with begin(link.driver, link, write=True) as transaction:
                run(transaction, cypher, params).consume()
                transaction.commit()

        self._attempt(work, _WRITE_PATIENCE_S)

    def _attempt(
        self,
        work: Callable[[Link], _T],
        patience_s: float = _READ_PATIENCE_S,
        watchdog: "_Watchdog | None" = None,
    ) -> _T:
        """Do the work; where the server was away or too busy, again, until patience ends after the first failure."""
        pause, deadline = 0.05, 0.0
        while True:
            link = self._linked()
            try:
                return work(link)
            except Exception as error:
                if not of_driver(error):
                    raise
                deadline = deadline or time.monotonic() + patience_s
                if watchdog is not None and watchdog.fired:
                    raise QueryTimeout(
                        f"{self.dialect.name} was restarted, since the query ran past its time limit and could not be "
                        "interrupted; narrow it, or allow more time"
                    ) from error
                failure = self.dialect.classify(error)
                again = self._moved(link, failure) or failure is Failure.TRANSIENT
                if not again or time.monotonic() >= deadline:
                    raise explain(failure, error, self.dialect, link.endpoint) from error
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def _linked(self) -> Link:
        with self._linking:
            if self._link is None:
                self._link = connect(self._server.endpoint())
            return self._link

    def _moved(self, link: Link, failure: Failure) -> bool:
        """Whether the failure came from the connection; finds out where the server answers now.

        A server that is about to end answers with any error, so one without a clear cause is looked into as well.
        """
        with self._linking:
            if self._link is not link:
                return True  # another thread has found out already
            if failure not in _SUSPECT:
                return False
            endpoint = self._server.endpoint()
            if endpoint == link.endpoint:
                return failure is Failure.UNREACHABLE
            self._link = connect(endpoint)
            link.close()
            return True


class _Watchdog:
    """Calls ``act`` unless the ``with`` block ends in time; ``fired`` tells that it did."""

    def __init__(self, after_s: float, act: Callable[[], None]) -> None:
        self.fired = False
        self._act = act
        self._lock = threading.Lock()
        self._done = False
        self._timer = threading.Timer(after_s, self._fire)
        self._timer.daemon = True

    def __enter__(self) -> "_Watchdog":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._done = True

    def _fire(self) -> None:
        with self._lock:
            if not self._done:
                self.fired = True
                self._act()


def batched(rows: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Rows in consecutive batches of ``size``."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
