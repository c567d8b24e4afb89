"""The workspace: the one folder that holds records, quarantine, keys, state, store and index.

state.db       batches, chunks, projections, judgements, alerts, audit heads (SQLite; elsewhere with GRAPHINV_STATE_URL)
workspace.json format and identity of the folder
records/       accepted rows, <feed>/<batch>.parquet, append-only
quarantine/    refused rows, <feed>/<chunk>.parquet
keys/          the key of the hashes of social security numbers, readable by the owner alone
store/         the embedded graph database
projection/    what is rebuilt from the records
index/         the evidence index
journal/       rows that came over the API, until they are rolled into the records
alerts/        which evidence alerts have seen
incoming/      files that came over the API, while they are loaded
audit.jsonl    who asked and changed what
"""

import hashlib
import hmac
import json
import os
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError

from graphinv.errors import WorkspaceBusy, WorkspaceError
from graphinv.file_lock import FileLock
from graphinv.settings import Settings

FORMAT = 1
#: The file that makes a folder a workspace.
WORKSPACE_MARKER = "workspace.json"

FOLDERS = ("records", "quarantine", "keys", "store", "projection", "index")

STATE = MetaData()


class Moment(TypeDecorator[datetime]):
    """A UTC moment as ISO 8601 text of fixed width: it sorts, and keeps zone and microseconds on every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: object) -> str | None:
        """The moment in UTC, as text."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, _dialect: object) -> datetime | None:
        """The text as a moment."""
        return None if value is None else datetime.fromisoformat(value)


#: One row per committed Parquet file of accepted rows. ``seq`` is the order of commits; it never changes.
BATCHES = Table(
    "batches",
    STATE,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("batch", String(64), nullable=False, unique=True),
    Column("feed", String(32), nullable=False, index=True),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("first_known_at", Moment(), nullable=False),
    Column("last_known_at", Moment(), nullable=False),
    Column("committed_at", Moment(), nullable=False),
)

#: One row per piece of a file that was read: the same bytes again are counted from here without being read again.
CHUNKS = Table(
    "chunks",
    STATE,
    Column("chunk", String(64), primary_key=True),
    Column("feed", String(32), nullable=False),
    Column("file", Text, nullable=False),
    Column("first_line", BigInteger, nullable=False),
    Column("read", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("duplicate", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("refused", LargeBinary, nullable=False),
    Column("batch", String(64), nullable=True),
    Column("quarantine", String(64), nullable=True),
    Column("committed_at", Moment(), nullable=False),
)

#: How far each projection (graph, index) has come: every batch up to ``batch_seq`` is in it.
PROJECTIONS = Table(
    "projections",
    STATE,
    Column("name", String(64), primary_key=True),
    Column("batch_seq", BigInteger, nullable=False),
    Column("detail", Text, nullable=False, default="{}"),
    Column("updated_at", Moment(), nullable=False),
)

#: The newest link of the audit chain, so that a shortened audit.jsonl is noticed.
AUDIT_HEADS = Table(
    "audit_heads",
    STATE,
    Column("name", String(64), primary_key=True),
    Column("entries", BigInteger, nullable=False),
    Column("head", String(64), nullable=False),
    Column("updated_at", Moment(), nullable=False),
)

#: What people decided about who is who: one row a judgement, never removed. ``left`` and ``right`` are record ids or
#: uids as they were given; a withdrawn or superseded judgement says by whom, when and why.
JUDGEMENTS = Table(
    "judgements",
    STATE,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("judgement", String(32), nullable=False, unique=True),
    Column("left", Text, nullable=False),
    Column("right", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("judged_at", Moment(), nullable=False),
    Column("withdrawn_at", Moment(), nullable=True),
    Column("withdrawn_by", Text, nullable=True),
    Column("withdrawn_why", Text, nullable=True),
)

#: Alerts as they stand, one row each, never removed. ``seq`` is that of the last event that changed the alert;
#: ``rests_on`` and ``cleared`` tell what it rests on, and what it rested on when it was cleared (JSON).
ALERTS = Table(
    "alerts",
    STATE,
    Column("alert", String(32), primary_key=True),
    Column("seq", BigInteger, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("party", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("strength", Float, nullable=False),
    Column("raised_at", Moment(), nullable=False),
    Column("changed_at", Moment(), nullable=False),
    Column("withdrawn", Text, nullable=True),
    Column("rests_on", Text, nullable=False),
    Column("cleared", Text, nullable=True),
    Column("told", Text, nullable=False),
    Column("changes", Text, nullable=False),
)

#: What happened to alerts, never removed: raised, changed, disposed by whom and why. ``undo`` holds what an undone
#: disposition goes back to (JSON), ``request`` a digest of the request's key, so that one sent twice counts once.
ALERT_EVENTS = Table(
    "alert_events",
    STATE,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("alert", String(32), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("who", Text, nullable=True),
    Column("why", Text, nullable=True),
    Column("at", Moment(), nullable=False),
    Column("changes", Text, nullable=False),
    Column("undo", Text, nullable=True),
    Column("request", String(64), nullable=True, unique=True),
)

#: What each examination did: how many alerts it raised and changed, and how many links it left out.
ALERT_EXAMINATIONS = Table(
    "alert_examinations",
    STATE,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Moment(), nullable=False),
    Column("did", Text, nullable=False),
)

#: By which key the numbers of this workspace were hashed: what the key makes of a constant, never the key.
HASH_KEYS = Table(
    "hash_keys",
    STATE,
    Column("name", String(64), primary_key=True),
    Column("check_value", String(64), nullable=False),
    Column("made_at", Moment(), nullable=False),
)

#: Answers to requests that came with an Idempotency-Key: a digest of who asked where with which key, and one of what.
ANSWERS = Table(
    "answers",
    STATE,
    Column("place", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("answered_at", Moment(), nullable=False, index=True),
)

_HASH_KEY_NAME = "social security numbers"
_HASH_KEY_PROBE = b"graphinv: which key hashed the numbers of this workspace?"
#: So often a state database that is being made by another process is tried.
_STATE_TRIES = 5
_TRY_AGAIN_S = 0.1


@dataclass(frozen=True)
class Workspace:
    """An opened workspace folder with its state database. Get one from ``open_workspace_folder``."""

    root: Path
    id: str
    created_at: datetime
    engine: Engine
    hash_key: bytes

    @property
    def records(self) -> Path:
        """Accepted rows, a folder per feed."""
        return self.root / "records"

    @property
    def quarantine(self) -> Path:
        """Refused rows, a folder per feed."""
        return self.root / "quarantine"

    @property
    def store(self) -> Path:
        """The embedded graph database."""
        return self.root / "store"

    @property
    def projection(self) -> Path:
        """What is rebuilt from the records."""
        return self.root / "projection"

    @property
    def index(self) -> Path:
        """The evidence index."""
        return self.root / "index"

    @property
    def journal(self) -> Path:
        """Rows that came over the API and are not in the records yet."""
        return self.root / "journal"

    @property
    def alerts(self) -> Path:
        """Which evidence alerts have seen."""
        return self.root / "alerts"

    @property
    def incoming(self) -> Path:
        """Files that came over the API; one stays only while it is loaded."""
        return self.root / "incoming"

    @property
    def audit_log(self) -> Path:
        """Who asked and changed what, a line each."""
        return self.root / "audit.jsonl"

    @contextmanager
    def lock(self, purpose: str) -> Iterator[None]:
        """Hold the workspace's lock of that name; WorkspaceBusy if another process (or thread) holds it.

        The lock dies with its process, so a kill leaves nothing to clean.
        """
        lock = FileLock(self.root / "keys" / f"{purpose}.lock")
        if not lock.acquire():
            raise WorkspaceBusy(
                f"another process holds the {purpose} lock of {self.root}; wait until it is done and try again"
            )
        try:
            yield
        finally:
            lock.release()

    def close(self) -> None:
        """Give the state database's connections back."""
        self.engine.dispose()


def open_workspace_folder(settings: Settings) -> Workspace:
    """Open the workspace that the settings name; create it if the folder is missing or empty.

    Raises:
        WorkspaceError: the folder is something else, was made by a newer graphinv, cannot be written, or its state
            database does not answer, or its numbers were hashed with another key.
    """
    root = settings.workspace.expanduser().absolute()
    try:
        marker = _marker(root)
        for folder in FOLDERS:
            (root / folder).mkdir(exist_ok=True)
        (root / "keys").chmod(0o700)
        hash_key = settings.hash_key.encode() if settings.hash_key else _hash_key(root / "keys" / "ssn-hash.key")
    except OSError as error:
        raise WorkspaceError(
            f"the workspace {root} cannot be used: {error.strerror or error}; choose another folder with --workspace"
        ) from error
    engine = _state(root, settings.state_url)
    try:
        _check_hash_key(engine, hash_key, root)
    except WorkspaceError:
        engine.dispose()
        raise
    created_at = datetime.fromisoformat(marker["created_at"])
    return Workspace(root=root, id=marker["id"], created_at=created_at, engine=engine, hash_key=hash_key)


_NO_WORKSPACE = "{root} exists and is no graphinv workspace; name an empty or a new folder"


def _marker(root: Path) -> dict[str, Any]:
    """The content of workspace.json, written first if the folder is new."""
    path = root / WORKSPACE_MARKER
    if not path.exists():
        if root.exists() and not root.is_dir():
            raise WorkspaceError(_NO_WORKSPACE.format(root=root))
        root.mkdir(parents=True, exist_ok=True)
        # Another process may be making the same workspace: its drafts are no strangers, and its marker comes first.
        strangers = any(not one.name.startswith(f".{WORKSPACE_MARKER}") for one in root.iterdir())
        if strangers and not path.exists():
            raise WorkspaceError(_NO_WORKSPACE.format(root=root))
        fresh = {"format": FORMAT, "id": uuid.uuid4().hex, "created_at": datetime.now(UTC).isoformat()}
        _write_first(path, json.dumps(fresh), mode=0o644)
    try:
        marker: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = int(marker["format"])
        datetime.fromisoformat(marker["created_at"])
        str(marker["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"{path} is damaged; restore it from a backup or load into a new workspace") from error
    if found > FORMAT:
        raise WorkspaceError(
            f"the workspace {root} has format {found}, this graphinv reads up to {FORMAT}; install a newer graphinv"
        )
    return marker


def _hash_key(path: Path) -> bytes:
    """The workspace's own key: 32 random bytes as hex, made once, readable by the owner alone."""
    if not path.exists():
        _write_first(path, secrets.token_hex(32), mode=0o600)
    key = path.read_bytes().strip()
    if len(key) != 64:
        raise WorkspaceError(f"{path} is damaged; restore it from a backup: without it hashed numbers match no more")
    return key


def _write_first(path: Path, content: str, mode: int) -> None:
    """Write a new file whole; of several processes that do so at once the first one wins."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def _check_hash_key(engine: Engine, key: bytes, root: Path) -> None:
    """The key is the one that hashed what this workspace holds; the first key that comes is entered."""
    value = hmac.new(key, _HASH_KEY_PROBE, hashlib.sha256).hexdigest()
    held = select(HASH_KEYS.c.check_value).where(HASH_KEYS.c.name == _HASH_KEY_NAME)
    try:
        with engine.connect() as connection:
            found = connection.execute(held).scalar()
        if found is None:
            with suppress(IntegrityError), engine.begin() as connection:
                entry = {"name": _HASH_KEY_NAME, "check_value": value, "made_at": datetime.now(UTC)}
                connection.execute(insert(HASH_KEYS).values(entry))
            with engine.connect() as connection:
                found = connection.execute(held).scalar_one()
    except SQLAlchemyError as error:
        raise WorkspaceError(f"the state database of {root} does not answer: {type(error).__name__}") from error
    if not hmac.compare_digest(found, value):
        raise WorkspaceError(
            f"the numbers in the workspace {root} were hashed with another key, and would match no more; set "
            "GRAPHINV_HASH_KEY as it was when the workspace was made (unset it, if it was not set then), "
            "or load the feeds into a new workspace"
        )


def _state(root: Path, url: str | None) -> Engine:
    """The state database with its tables."""
    try:
        engine = create_engine(url or f"sqlite:///{root / 'state.db'}")
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _tune_sqlite)
        _make_tables(engine)
    except (SQLAlchemyError, ImportError) as error:
        where = "GRAPHINV_STATE_URL" if url else root / "state.db"
        raise WorkspaceError(f"the state database ({where}) does not answer: {type(error).__name__}") from error
    return engine


def _make_tables(engine: Engine) -> None:
    """Make the tables that are missing; where another process makes them too, the next try finds them there."""
    for tries_left in reversed(range(_STATE_TRIES)):
        try:
            STATE.create_all(engine)
        except (OperationalError, ProgrammingError, IntegrityError):
            if not tries_left:
                raise
            time.sleep(_TRY_AGAIN_S)
        else:
            return


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Readers go on while one writes; a committed transaction survives a power cut."""
    for pragma in ("busy_timeout = 10000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
