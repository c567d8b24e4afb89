"""The workspace: the one folder that holds records, quarantine, keys, state, store and index.

state.db       batches, chunks, projections, judgements, alerts, audit heads (SQLite; elsewhere with GRAPHINV_STATE_URL)
workspace.json format and identity of the folder
records/       accepted rows, <feed>/<batch>.parquet, append-only
quarantine/    refused rows, <feed>/<chunk>.parquet
keys/          the key of the hashes of social security numbers, readable by the owner alone
store/         the embedded graph database
projection/    what is rebuilt from the records
index/         the evidence index: the current epoch and those of the loads before
past/          indexes of past days that somebody asked for, or that are to be ready
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
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from graphinv.commits import Commits
from graphinv.errors import WorkspaceBusy, WorkspaceError
from graphinv.file_lock import FileLock
from graphinv.settings import Settings
from graphinv.state import HASH_KEYS, open_state

FORMAT = 1
#: The file that makes a folder a workspace.
WORKSPACE_MARKER = "workspace.json"

FOLDERS = ("records", "quarantine", "keys", "store", "projection", "index")

_HASH_KEY_NAME = "social security numbers"
_HASH_KEY_PROBE = b"graphinv: which key hashed the numbers of this workspace?"


@dataclass(frozen=True)
class Workspace:
    """An opened workspace folder with its state database. Get one from ``open_workspace_folder``.

    What every look-up asks for is put together once: making a ``Path`` costs more than looking at the file.
    """

    root: Path
    id: str
    created_at: datetime
    engine: Engine
    hash_key: bytes
    commits: Commits

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

    @cached_property
    def index(self) -> Path:
        """The evidence index."""
        return self.root / "index"

    @cached_property
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
        self.commits.close()
        self.engine.dispose()


def must_be_there(settings: Settings) -> None:
    """Raise WorkspaceError where the settings name no workspace: who only asks makes none."""
    root = settings.workspace.expanduser().absolute()
    if not (root / WORKSPACE_MARKER).exists():
        raise WorkspaceError(
            f"there is no workspace {root}; name one with --workspace, or load feeds into it first: graphinv load"
        )


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
    engine = open_state(root, settings.state_url)
    try:
        _check_hash_key(engine, hash_key, root)
    except WorkspaceError:
        engine.dispose()
        raise
    created_at = datetime.fromisoformat(marker["created_at"])
    return Workspace(root, marker["id"], created_at, engine, hash_key, Commits(engine))


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
