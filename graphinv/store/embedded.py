"""The workspace's embedded ArcadeDB server: attach to the one that runs, or start our own.

One server a workspace, a child of the process that started it. ``store/server.json`` leads other processes there; when
the server goes, whoever needs it next starts another.
"""

import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path

from graphinv.errors import StoreError, StoreUnavailable
from graphinv.store.lock import FileLock
from graphinv.store.server import Endpoint, ServerFile

_START_WAIT_S = 30.0
_STOP_WAIT_S = 5.0
if sys.platform == "win32":
    _PROCESS_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _PROCESS_GROUP = 0
_CHILD = Path(__file__).with_name("arcadedb_child.py")


class EmbeddedServer:
    """The embedded server of one workspace, ours or another process's."""

    def __init__(self, workspace: Path) -> None:
        self._folder = (workspace / "store").absolute()
        self._path = self._folder / "server.json"
        self._lock = threading.RLock()
        self._child: subprocess.Popen[str] | None = None
        self._server: ServerFile | None = None

    @property
    def owned(self) -> bool:
        """Whether the server is a child of this object."""
        return self._child is not None and self._child.poll() is None

    def endpoint(self) -> Endpoint:
        """Where the server answers now; starts one when none runs. StoreUnavailable when that fails."""
        with self._lock:
            if self._server is None or not _answers(self._server):
                self._server = self._attach() or self._attach_or_start()
            return self._server.endpoint

    def sql(self, statement: str) -> None:
        """Run one SQL statement that cannot be sent over Bolt (full-text indexes)."""
        with self._control() as connection:
            _ask(connection, {"do": "sql", "statement": statement})

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Let queries that start inside the ``with`` block run this long, where the server's own limit is shorter."""
        with self._control() as connection:
            _ask(connection, {"do": "timeout", "ms": int(seconds * 1000)})
            yield

    def halt(self) -> None:
        """End the server at once, with everything that runs on it; the next operation starts another."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._reap()
            elif self._server is not None:
                with suppress(OSError, EOFError, AuthenticationError), _connect(self._server) as connection:
                    connection.send_bytes(b'{"do": "halt"}')
                    connection.recv_bytes()  # ends with the server
            self._server = None

    def close(self) -> None:
        """Stop the server if it is ours; others who use it start their own."""
        with self._lock:
            self._server = None
            if self._child is not None:
                self._reap()

    def _attach(self) -> ServerFile | None:
        found = ServerFile.read(self._path)
        return found if found is not None and _answers(found) else None

    def _attach_or_start(self) -> ServerFile:
        """Of several processes that find no server one starts it, and the others attach."""
        lock = FileLock(self._folder / "start.lock")
        if not lock.acquire(_START_WAIT_S):
            raise StoreUnavailable(
                f"{self._folder}: another process has been starting the embedded database for {_START_WAIT_S:.0f} s; "
                "end that process and try again"
            )
        try:
            return self._attach() or self._start()
        finally:
            lock.release()

    def _start(self) -> ServerFile:
        if self._child is not None:
            self._reap()
        keys = {name: secrets.token_hex(24) for name in ("root_password", "reader_password", "control_key")}
        self._child = _spawn()
        order = json.dumps({"folder": str(self._folder), **keys})
        answer = _first_line(self._child, order)
        if "error" in answer:
            self._reap()
            raise StoreUnavailable(
                f"{self._folder}: the embedded database does not start: {answer['error']}; "
                f"see {self._folder / 'log'}, or set GRAPHINV_NEO4J_URI to use a Neo4j server"
            )
        server = ServerFile(
            pid=int(answer["pid"]),
            bolt_port=int(answer["bolt_port"]),
            control_port=int(answer["control_port"]),
            **keys,
        )
        server.write(self._path)
        return server

    def _reap(self) -> None:
        """Close the child's standard input, which ends it, and collect it."""
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        try:
            child.wait(_STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    @contextmanager
    def _control(self) -> Iterator["Connection[bytes, bytes]"]:
        self.endpoint()
        server = self._server
        if server is None:
            raise StoreUnavailable(f"{self._folder}: the embedded database was closed meanwhile; try again")
        try:
            connection = _connect(server)
        except (OSError, EOFError, AuthenticationError) as error:
            raise StoreUnavailable(f"{self._folder}: the embedded database went away; try again") from error
        with connection:
            yield connection


def _spawn() -> "subprocess.Popen[str]":
    """The child in a session of its own, so that Ctrl-C reaches us first and we end it in order."""
    return subprocess.Popen(
        [sys.executable, "-P", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=sys.platform != "win32",
        creationflags=_PROCESS_GROUP,
    )


def _first_line(child: "subprocess.Popen[str]", order: str) -> dict[str, str]:
    """Give the child its order and read its one answer."""
    if child.stdin is None or child.stdout is None:
        raise StoreUnavailable("the embedded database was started without pipes")
    timer = threading.Timer(_START_WAIT_S, child.kill)
    timer.start()
    try:
        child.stdin.write(order + "\n")
        child.stdin.flush()
        line = child.stdout.readline()
    except OSError:
        line = ""
    finally:
        timer.cancel()
    if not line:
        return {"error": f"it ended with status {child.wait()}"}
    answer: dict[str, str] = json.loads(line)
    return answer


def _connect(server: ServerFile) -> "Connection[bytes, bytes]":
    return Client(("127.0.0.1", server.control_port), authkey=server.control_key.encode())


def _answers(server: ServerFile) -> bool:
    """Whether this very server is alive: the address could be another program's by now, so the key decides."""
    try:
        with _connect(server) as connection:
            connection.send_bytes(b'{"do": "ping"}')
            return bool(connection.poll(_STOP_WAIT_S)) and json.loads(connection.recv_bytes())["pid"] == server.pid
    except (OSError, EOFError, ValueError, KeyError, AuthenticationError):
        return False


def _ask(connection: "Connection[bytes, bytes]", request: dict[str, str | int]) -> None:
    try:
        connection.send_bytes(json.dumps(request).encode())
        answer = json.loads(connection.recv_bytes())
    except (OSError, EOFError) as error:
        raise StoreUnavailable("the embedded database went away; try again") from error
    if "error" in answer:
        raise StoreError(f"the embedded database refused a statement: {answer['error']}")
