"""``Idempotency-Key`` on requests that write (the IETF draft of that name): what was answered once is answered again.

The same key with the same request gets the kept answer; with another request it is refused; while the first one is
being worked on, the second one is told to wait. Answers are kept for a day in the state database, those of refused
requests not at all: they changed nothing, so they may be tried again under their key.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from graphinv.errors import InvalidInput, WorkspaceBusy
from graphinv.state import ANSWERS

HEADER = "Idempotency-Key"
#: Set on an answer that was kept.
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Ask:
    """One request under a key: who sent it where with which key, as a digest, and what it said, as another."""

    place: str
    fingerprint: str

    @classmethod
    def of(cls, caller: str, route: str, key: str, *said: str) -> "Ask":
        """``key`` as the header gives it: a structured string, with or without its quotes."""
        return cls(_digest(caller, route, key.strip().removeprefix('"').removesuffix('"')), _digest(*said))


class KeptAnswers:
    """Answers by their keys, and which keys are being worked on in this process. Threads may share one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._running: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def working_on(self, ask: Ask) -> Iterator[None]:
        """Hold a key while its request is worked on; WorkspaceBusy when it is already."""
        with self._lock:
            if ask.place in self._running:
                raise WorkspaceBusy(f"the request with this {HEADER} is still being worked on; send it again later")
            self._running.add(ask.place)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(ask.place)

    def find(self, ask: Ask) -> bytes | None:
        """The answer that was given before; None for a new key. InvalidInput for a key of another request."""
        query = select(ANSWERS).where(
            ANSWERS.c.place == ask.place, ANSWERS.c.answered_at > datetime.now(UTC) - KEPT_FOR
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.fingerprint != ask.fingerprint:
            raise InvalidInput(f"this {HEADER} was used for another request; a new request needs a new key")
        return bytes(row.answer)

    def keep(self, ask: Ask, answer: bytes) -> None:
        """Keep an answer; those that are too old go."""
        now = datetime.now(UTC)
        with suppress(IntegrityError), self._engine.begin() as connection:  # another server kept the same answer
            connection.execute(delete(ANSWERS).where(ANSWERS.c.answered_at <= now - KEPT_FOR))
            row = {"place": ask.place, "fingerprint": ask.fingerprint, "answer": answer, "answered_at": now}
            connection.execute(insert(ANSWERS).values(row))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(f"{len(part)} {part}" for part in parts).encode()).hexdigest()
