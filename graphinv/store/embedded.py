"""The workspace's embedded ArcadeDB server: attach to the one that runs, or start our own.

One server a workspace, a child of the process that started it. ``store/server.json`` leads other processes there; when
the server goes, whoever needs it next starts another.
"""

import hmac
import json
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from graphinv.errors import StoreError, StoreUnavailable
from graphinv.file_lock import FileLock
from graphinv.store.server import Endpoint, ServerFile

_START_WAIT_S = 30.0
_STOP_WAIT_S = 5.0
#: Longest control request: building a full-text index over what is already there.
_SQL_WAIT_S = 600.0
_GONE = "the embedded database went away; try again"
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
        with self._control() as control:
            control.ask({"do": "sql", "statement": statement})

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Let queries that start inside the ``with`` block run this long, where the server's own limit is shorter."""
        with self._control() as control:
            control.ask({"do": "timeout", "ms": int(seconds * 1000)})
            yield

    def halt(self) -> None:
        """End the server at once, with everything that runs on it; the next operation starts another."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._reap()
            elif self._server is not None:
                with suppress(StoreUnavailable), _Control(self._server, _STOP_WAIT_S) as control:
                    control.ask({"do": "halt"})  # ends with the server
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

    def _control(self) -> "_Control":
        with self._lock:
            self.endpoint()
            if self._server is None:
                raise StoreUnavailable(f"{self._folder}: the embedded database is closed; open the store again")
            return _Control(self._server)


class _Control:
    """A control connection to a server; see ``Control`` in ``arcadedb_child.py`` for what goes over it."""

    def __init__(self, server: ServerFile, wait_s: float = _SQL_WAIT_S) -> None:
        self._key = server.control_key.encode()
        try:
            self._socket = socket.create_connection(("127.0.0.1", server.control_port), timeout=wait_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise StoreUnavailable(_GONE) from error
        self._answers = self._socket.makefile("rb")

    def __enter__(self) -> "_Control":
        return self

    def __exit__(self, *_: object) -> None:
        self._answers.close()
        self._socket.close()

    def ask(self, request: dict[str, str | int]) -> dict[str, Any]:
        """Send a request and wait for its answer. StoreUnavailable when the server is gone or is not the one meant."""
        text, nonce = json.dumps(request), secrets.token_hex(12)
        line = json.dumps({"ask": text, "nonce": nonce, "seal": self._seal("ask", nonce, text)})
        try:
            self._socket.sendall(line.encode() + b"\n")
            sealed = json.loads(self._answers.readline())
            if not hmac.compare_digest(self._seal("answer", nonce, sealed["answer"]), sealed["seal"]):
                raise StoreUnavailable(_GONE)
            answer: dict[str, Any] = json.loads(sealed["answer"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreUnavailable(_GONE) from error
        if "error" in answer:
            raise StoreError(f"the embedded database refused a statement: {answer['error']}")
        return answer

    def _seal(self, *parts: str) -> str:
        return hmac.digest(self._key, "\n".join(parts).encode(), "sha256").hex()


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


def _answers(server: ServerFile) -> bool:
    """Whether this very server is alive: the port could be another program's by now, so the seal decides."""
    try:
        with _Control(server, _STOP_WAIT_S) as control:
            return bool(control.ask({"do": "ping"})["pid"] == server.pid)
    except StoreUnavailable:
        return False
