"""Where a store answers and with which accounts, and the little that a store asks of its server besides Bolt."""

import json
import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from graphinv.errors import StoreError, StoreUnavailable
from graphinv.settings import Neo4jSettings

_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})


@dataclass(frozen=True)
class Endpoint:
    """A Bolt address with its accounts. ``reader_*`` is the account for user-written queries."""

    kind: Literal["arcadedb", "neo4j"]
    uri: str
    database: str
    user: str
    password: str = field(repr=False)
    reader_user: str
    reader_password: str = field(repr=False)

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return urlsplit(self.uri).netloc.rpartition("@")[2] or self.uri


class Server(Protocol):
    """What a store asks of its server besides Bolt."""

    def endpoint(self) -> Endpoint:
        """Where it answers now."""

    def sql(self, statement: str) -> None:
        """Run a statement that cannot be sent over Bolt."""

    def time_limit(self, seconds: float) -> AbstractContextManager[None]:
        """Let queries that start inside the block run this long."""

    def halt(self) -> None:
        """End the server at once, because something on it cannot be interrupted."""

    def close(self) -> None:
        """Give up the server, and stop it if it is ours."""


class RemoteServer:
    """A server that somebody else runs: Neo4j. It ends queries by itself."""

    def __init__(self, settings: Neo4jSettings) -> None:
        _check_address(settings.uri)
        self._endpoint = Endpoint(
            kind="neo4j",
            uri=settings.uri,
            database=settings.database,
            user=settings.user,
            password=settings.password,
            reader_user=settings.user,
            reader_password=settings.password,
        )

    def endpoint(self) -> Endpoint:
        """Always the same."""
        return self._endpoint

    def sql(self, statement: str) -> None:
        """Neo4j has no SQL."""
        raise StoreError(f"Neo4j takes no SQL: {statement.split(maxsplit=1)[0]}")

    def time_limit(self, seconds: float) -> AbstractContextManager[None]:  # noqa: ARG002 - not needed here
        """Each query brings its own."""
        return nullcontext()

    def halt(self) -> None:
        """Not ours to end."""

    def close(self) -> None:
        """Not ours to stop."""


def _check_address(uri: str) -> None:
    """StoreUnavailable unless it is a Bolt address; the address is not repeated, since it may hold a password."""
    try:
        parts = urlsplit(uri)
        usable = parts.scheme in _SCHEMES and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # no number for a port
        usable = False
    if not usable:
        raise StoreUnavailable(
            "GRAPHINV_NEO4J_URI is not the address of a Neo4j server: write bolt://HOST:7687 or neo4j://HOST:7687 "
            "(+s for TLS), and user and password in GRAPHINV_NEO4J_USER and GRAPHINV_NEO4J_PASSWORD"
        )


@dataclass(frozen=True)
class ServerFile:
    """What a running embedded server leaves in the workspace for other graphinv processes of the same owner."""

    pid: int
    bolt_port: int
    control_port: int
    root_password: str = field(repr=False)
    reader_password: str = field(repr=False)
    control_key: str = field(repr=False)

    @property
    def endpoint(self) -> Endpoint:
        """The Bolt address and accounts of that server."""
        return Endpoint(
            kind="arcadedb",
            uri=f"bolt://127.0.0.1:{self.bolt_port}",
            database="graph",
            user="root",
            password=self.root_password,
            reader_user="reader",
            reader_password=self.reader_password,
        )

    def write(self, path: Path) -> None:
        """Put it at ``path`` in one step, readable by its owner alone."""
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> "ServerFile | None":
        """The server written down at ``path``; None when there is none or the file is of another version."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
