"""The state database: its tables, and how it is opened (SQLite in the workspace; elsewhere with GRAPHINV_STATE_URL)."""

import time
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
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError

from graphinv.errors import WorkspaceError

STATE = MetaData()

#: So often a state database that is being made by another process is tried.
_STATE_TRIES = 5
_TRY_AGAIN_S = 0.1


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


def open_state(root: Path, url: str | None) -> Engine:
    """The state database of a workspace folder, with its tables. WorkspaceError when it does not answer."""
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
