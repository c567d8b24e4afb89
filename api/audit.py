"""Who asked what, when: a line of JSON each in the workspace's ``audit.jsonl``, without any value of a request."""

import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import orjson

from graphinv.errors import WorkspaceError


@dataclass
class AuditEntry:
    """One line, filled in while a request is answered.

    ``key`` is the first digits of the key's hash (``local`` without keys); ``status`` what became of the request, or
    the kind of its problem; ``queries`` how many parties or queries it asked about; ``bands`` how many answers fell in
    each.
    """

    request: str
    key: str
    route: str
    status: str = "complete"
    queries: int = 1
    took_ms: float = 0.0
    epoch: int | None = None
    bands: dict[str, int] = field(default_factory=dict)
    detail: dict[str, int | str] = field(default_factory=dict)


class AuditLog:
    """The open log. A line is one write to a file opened for appending, so that two processes never mix theirs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise self._unwritable(error) from error

    def write(self, entry: AuditEntry) -> None:
        """Add a line. Raises WorkspaceError when it cannot be written: what is not on record is not answered."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **asdict(entry)}
        try:
            os.write(self._descriptor, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _unwritable(self, error: OSError) -> WorkspaceError:
        return WorkspaceError(f"{self._path} cannot be written ({error.strerror}); nothing is answered without it")
