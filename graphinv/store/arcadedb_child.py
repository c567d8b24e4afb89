"""The embedded ArcadeDB server, in a process of its own that dies with its parent.

``embedded.py`` runs this file as a script; it imports nothing of graphinv, which keeps its start short. The first line
on standard input is a JSON object with the folder and the secrets (never argv or environment, which other users can
read). One JSON line comes back: ``{"pid": ..., "bolt_port": ..., "control_port": ...}`` or ``{"error": ...}``. When
standard input closes, because the parent closed it or died, the server stops.

Queries go over Bolt; the few things that ArcadeDB does not take there go over an authenticated control connection.
"""

import hmac
import json
import os
import socket
import socketserver
import sys
import threading
import time
from contextlib import suppress
from io import BufferedIOBase
from pathlib import Path
from typing import Any

#: Time limit of a command on the server; a control connection may ask for more while it lives.
COMMAND_TIMEOUT_MS = 30_000
_LOCKED_WAIT_S = 10.0
_STOP_WAIT_S = 3.0
_HEAP = "-Xmx1g"
_ISOLATE_SETTINGS = {
    "txWalFlush": 1,
    "opencypher.loadCsv.allowFileUrls": "false",
    "opencypher.loadCsv.allowRemoteUrls": "false",
    "queryMaxRangeSize": 100_000,
    "queryMaxHeapElementsAllowedPerOp": 500_000,
}
#: The engine logs failed statements with their values, identity numbers among them: only its own breakdowns are kept.
_LOGGING = """\
handlers = java.util.logging.FileHandler
.level = SEVERE
com.arcadedb.level = SEVERE
com.arcadedb.bolt.level = OFF
java.util.logging.FileHandler.pattern = log/arcadedb.log
java.util.logging.FileHandler.formatter = com.arcadedb.log.LogFormatter
java.util.logging.FileHandler.limit = 10000000
java.util.logging.FileHandler.count = 2
"""


def main() -> None:
    """Start the server, serve the control connection, and end with the parent."""
    order = json.loads(sys.stdin.readline())
    try:
        server, control, port = _start(Path(order["folder"]), order)
    except Exception as error:  # whatever the engine raises goes to the parent in one line
        _say({"error": str(error).splitlines()[0]})
        os._exit(1)
    file = Path(order["folder"]) / "server.json"
    _say({"pid": os.getpid(), "bolt_port": port, "control_port": control.port})
    threading.Thread(target=_leave_with_parent, args=(os.getppid(), file), daemon=True).start()
    while sys.stdin.read(4096):  # nothing more is expected: only the end counts
        pass
    control.closed = True
    _stop(server, file)


def _start(folder: Path, order: dict[str, str]) -> "tuple[Any, Control, int]":
    _prepare(folder)
    import arcadedb  # reads the environment that _prepare sets

    deadline = time.monotonic() + _LOCKED_WAIT_S
    while True:
        port = _free_port()
        server = arcadedb.create_server(str(folder), root_password=order["root_password"], config=_config(port, order))
        try:
            server.start()
            database = server.create_database("graph")
            break
        except arcadedb.ArcadeDBError as error:
            if not _passes(str(error)) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    return server, Control(database, order["control_key"].encode()), port


def _passes(message: str) -> bool:
    """Whether the failure goes away by itself: a dying predecessor's lock, or a port that someone took meanwhile."""
    return "locked by another process" in message or "already in use" in message or "BindException" in message


def _prepare(folder: Path) -> None:
    """Write the server's groups and logging, and put the engine's start arguments into our own environment."""
    for name in ("config", "log"):
        (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(folder)  # isolate arguments are split at spaces, so the logging file must be named without the folder
    (folder / "config" / "logging.properties").write_text(_LOGGING, encoding="utf-8")
    (folder / "config" / "server-groups.json").write_text(json.dumps(_groups()), encoding="utf-8")
    (folder / "config" / "server-users.jsonl").unlink(missing_ok=True)  # passwords are new at every start
    settings = [f"-Darcadedb.{key}={value}" for key, value in _ISOLATE_SETTINGS.items()]
    logging = "-Djava.util.logging.config.file=config/logging.properties"
    os.environ["ARCADEDB_LOG_DIR"] = str(folder / "log")
    os.environ["ARCADEDB_LOG_CONSOLE"] = "0"
    os.environ["ARCADEDB_NATIVE_ISOLATE_ARGS"] = " ".join([_HEAP, logging, *settings])


def _config(port: int, order: dict[str, str]) -> dict[str, object]:
    return {
        "mode": "development",  # production mode hides the text of every error
        "host": "127.0.0.1",
        "bolt_host": "127.0.0.1",
        "bolt_port": port,
        "http_port": 0,
        "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
        "server_defaultDatabases": f"graph[reader:{order['reader_password']}:reader]",
    }


def _groups() -> dict[str, object]:
    """ArcadeDB's groups: nobody may do anything, ``reader`` may read, ``admin`` (root) may do what graphinv does."""

    def group(access: list[str], records: list[str]) -> dict[str, object]:
        types = {"*": {"access": [f"{verb}Record" for verb in records]}}
        return {"access": access, "resultSetLimit": -1, "readTimeout": -1, "types": types}

    groups = {
        "*": group([], []),
        "reader": group([], ["read"]),
        "admin": group(
            ["updateSecurity", "updateSchema", "updateDatabaseSettings"], ["create", "read", "update", "delete"]
        ),
    }
    return {"version": 2, "databases": {"*": {"groups": groups}}}


class Control:
    """Answers control connections: SQL that Bolt does not take, longer time limits, and the halt of a runaway query.

    A request is a line of JSON: ``ask`` (itself JSON text), ``nonce`` and ``seal``; both sides seal with the key that
    only the workspace's owner can read, so neither talks to a stranger on this machine.
    """

    def __init__(self, database: Any, key: bytes) -> None:
        self.closed = False
        self._database = database
        self._key = key
        self._lock = threading.Lock()
        self._timeouts: dict[int, int] = {}
        self._set_timeout(COMMAND_TIMEOUT_MS)  # the database remembers what it was last told
        control = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                control.serve(self.rfile, self.wfile)

        listener = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        listener.daemon_threads = True
        self.port = int(listener.server_address[1])
        threading.Thread(target=listener.serve_forever, daemon=True).start()

    def serve(self, requests: BufferedIOBase, answers: BufferedIOBase) -> None:
        """Answer one connection until the other side is done; a request without a true seal ends it."""
        who = threading.get_ident()
        try:
            for line in requests:
                request = json.loads(line)
                nonce = str(request["nonce"])
                if not hmac.compare_digest(self._seal("ask", nonce, request["ask"]), str(request["seal"])):
                    return
                if self.closed:  # a server about to end is no server
                    return
                answer = json.dumps(self._answer(json.loads(request["ask"]), who))
                sealed = {"answer": answer, "seal": self._seal("answer", nonce, answer)}
                answers.write(json.dumps(sealed).encode() + b"\n")
        except (OSError, ValueError, KeyError, TypeError):  # the other side is gone, or not one of ours
            return
        finally:
            self._ask_timeout(who, None)

    def _seal(self, *parts: str) -> str:
        return hmac.digest(self._key, "\n".join(parts).encode(), "sha256").hex()

    def _answer(self, request: dict[str, Any], who: int) -> dict[str, Any]:
        try:
            match request["do"]:
                case "halt":
                    os._exit(3)
                case "sql":
                    self._database.command("sql", request["statement"])
                case "timeout":
                    self._ask_timeout(who, int(request["ms"]))
            return {"pid": os.getpid()}
        except Exception as error:  # whatever the engine raises goes to the asker in one line
            return {"error": str(error).splitlines()[0]}

    def _ask_timeout(self, who: int, milliseconds: int | None) -> None:
        """The engine has one limit for all, read when a query starts: let it be the longest that anyone asks for."""
        with self._lock:
            before = max(COMMAND_TIMEOUT_MS, *self._timeouts.values(), 0)
            self._timeouts.pop(who, None)
            if milliseconds is not None:
                self._timeouts[who] = milliseconds
            now = max(COMMAND_TIMEOUT_MS, *self._timeouts.values(), 0)
            if now != before:
                self._set_timeout(now)

    def _set_timeout(self, milliseconds: int) -> None:
        self._database.command("sql", f"ALTER DATABASE `arcadedb.command.timeout` {milliseconds}")


def _leave_with_parent(parent: int, file: Path) -> None:
    """A process that the parent forked may keep the pipe open after the parent's death: watch for a new parent too."""
    while os.getppid() == parent or sys.platform == "win32":
        time.sleep(1.0)
    _remove_own(file)
    os._exit(0)


def _stop(server: Any, file: Path) -> None:
    _remove_own(file)
    timer = threading.Timer(_STOP_WAIT_S, os._exit, args=(4,))  # a runaway query must not keep us
    timer.daemon = True
    timer.start()
    server.stop()
    os._exit(0)


def _remove_own(path: Path) -> None:
    """Take away the file that leads others here, unless a successor has written its own."""
    with suppress(OSError, ValueError, KeyError):
        if json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid():
            path.unlink()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
