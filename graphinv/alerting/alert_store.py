"""The alerts of a workspace in its state database: alerts as they stand, and everything that happened to them.

Who writes holds the lock of alerts, so the sequence of events is that of their commits: who polls by it misses none.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, and_, func, insert, or_, select, true, update
from sqlalchemy.sql import ColumnElement

from graphinv.alerting.alert import (
    Alert,
    Change,
    Disposition,
    Event,
    Examined,
    Kind,
    RestsOn,
    Status,
    Told,
)
from graphinv.errors import NotFound, WorkspaceBusy
from graphinv.file_lock import FileLock
from graphinv.state import ALERT_EVENTS, ALERT_EXAMINATIONS, ALERTS
from graphinv.workspace import Workspace

#: An examination may take a while: so long does a disposition wait for it.
_PATIENCE_S = 20.0

_TOLD: TypeAdapter[Told] = TypeAdapter(Told)
_CHANGES: TypeAdapter[tuple[Change, ...]] = TypeAdapter(tuple[Change, ...])
_RESTS_ON: TypeAdapter[RestsOn] = TypeAdapter(RestsOn)


@dataclass(frozen=True)
class Held:
    """An alert as an examination needs it. ``status`` is what people said; ``withdrawn`` why it does not count now."""

    id: str
    kind: Kind
    party: str
    record: str
    status: Status
    strength: float
    withdrawn: str | None
    rests_on: RestsOn
    cleared: RestsOn | None


@dataclass(frozen=True)
class Write:
    """One change of an alert: how it stands then, what it says (None: as before), and the event to be kept."""

    held: Held
    event: str
    changes: tuple[Change, ...] = ()
    told: Told | None = None
    who: str | None = None
    why: str | None = None
    undo: str | None = None
    request: str | None = None


@dataclass(frozen=True)
class Wanted:
    """Which alerts a list holds: those of some statuses, changed since a moment."""

    statuses: tuple[Status, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True)
class AlertPage:
    """Some alerts; ``total`` is how many there are of that kind."""

    items: tuple[Alert, ...]
    more: bool
    total: int


class AlertStore:
    """The alerts of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of alerts, waited for a while; WorkspaceBusy when it stays taken."""
        lock = FileLock(self._workspace.root / "keys" / "alerts.lock")
        if not lock.acquire(_PATIENCE_S):
            raise WorkspaceBusy("alerts are being examined; try again in a moment")
        try:
            yield
        finally:
            lock.release()

    def held(self) -> list[Held]:
        """Every alert as an examination needs it."""
        columns = (ALERTS.c.alert, ALERTS.c.kind, ALERTS.c.party, ALERTS.c.record, ALERTS.c.status, ALERTS.c.strength,
                   ALERTS.c.withdrawn, ALERTS.c.rests_on, ALERTS.c.cleared)  # fmt: skip
        with self._workspace.engine.connect() as connection:
            return [_held(row) for row in connection.execute(select(*columns).order_by(ALERTS.c.alert))]

    def held_one(self, alert: str) -> Held:
        """The same for one alert. NotFound for an id that there is not."""
        return _held(self._row(alert))

    def find(self, alert: str) -> Alert:
        """The alert of an id. NotFound for an id that there is not."""
        row = self._row(alert)
        return _alert(row, self._dispositions([row]))

    def history(self, alert: str) -> list[Event]:
        """What happened to an alert, the oldest first."""
        query = select(ALERT_EVENTS).where(ALERT_EVENTS.c.alert == alert).order_by(ALERT_EVENTS.c.seq)
        with self._workspace.engine.connect() as connection:
            return [
                Event(row.seq, row.at, row.kind, Status(row.status), row.who, row.why, _changes(row.changes))
                for row in connection.execute(query)
            ]

    def changed_after(self, seq: int, limit: int, wanted: Wanted) -> AlertPage:
        """Alerts that changed after an event, in the order of their last changes."""
        return self._page(wanted, ALERTS.c.seq > seq, (ALERTS.c.seq,), limit)

    def newest(self, limit: int, wanted: Wanted, before: int | None = None) -> AlertPage:
        """Alerts by their last changes, the newest first, before an event."""
        place = true() if before is None else ALERTS.c.seq < before
        return self._page(wanted, place, (ALERTS.c.seq.desc(),), limit)

    def most_certain(self, limit: int, wanted: Wanted, after: tuple[float, str] | None = None) -> AlertPage:
        """Alerts by the strength of their links, after one of a page before."""
        place: ColumnElement[bool] = true()
        if after is not None:
            strength, alert = after
            place = or_(ALERTS.c.strength < strength, and_(ALERTS.c.strength == strength, ALERTS.c.alert > alert))
        return self._page(wanted, place, (ALERTS.c.strength.desc(), ALERTS.c.alert), limit)

    def counts(self, wanted: Wanted | None = None) -> dict[str, int]:
        """How many alerts there are of each status, of some alerts."""
        chosen = _chosen(wanted or Wanted())
        with self._workspace.engine.connect() as connection:
            query = select(ALERTS.c.status, ALERTS.c.withdrawn.is_(None), func.count()).where(chosen)
            rows = connection.execute(query.group_by(ALERTS.c.status, ALERTS.c.withdrawn.is_(None))).all()
        counts = dict.fromkeys(map(str, Status), 0)
        for status, standing, number in rows:
            counts[status if standing else str(Status.WITHDRAWN)] += number
        return counts

    def last_seq(self) -> int:
        """The event that came last; 0 before the first."""
        with self._workspace.engine.connect() as connection:
            return connection.execute(select(func.max(ALERTS.c.seq))).scalar() or 0

    def sent_before(self, request: str) -> Row[Any] | None:
        """The event that a request made, with alert, status, who and why; None for a new request."""
        with self._workspace.engine.connect() as connection:
            return connection.execute(select(ALERT_EVENTS).where(ALERT_EVENTS.c.request == request)).one_or_none()

    def last_disposition(self, alert: str) -> Row[Any] | None:
        """The last event by which somebody, or new evidence, gave an alert its status; None where none did."""
        kinds = ("disposed", "undone", "reopened")
        query = select(ALERT_EVENTS).where(ALERT_EVENTS.c.alert == alert, ALERT_EVENTS.c.kind.in_(kinds))
        with self._workspace.engine.connect() as connection:
            return connection.execute(query.order_by(ALERT_EVENTS.c.seq.desc()).limit(1)).one_or_none()

    def examinations(self, limit: int = 1) -> list[tuple[datetime, Examined]]:
        """What the last examinations did, the newest first."""
        query = select(ALERT_EXAMINATIONS).order_by(ALERT_EXAMINATIONS.c.seq.desc()).limit(limit)
        with self._workspace.engine.connect() as connection:
            return [(row.at, Examined(**orjson.loads(row.did))) for row in connection.execute(query)]

    def write(self, writes: Sequence[Write], examined: Examined | None = None) -> None:
        """Enter changes and their events as a whole, in their order; only while ``alone``."""
        now = datetime.now(UTC)
        with self._workspace.engine.begin() as connection:
            known = set(connection.execute(select(ALERTS.c.alert)).scalars()) if len(writes) > 1 else None
            for one in writes:
                _enter(connection, one, now, known)
            if examined is not None:
                did = orjson.dumps(asdict(examined)).decode()
                connection.execute(insert(ALERT_EXAMINATIONS).values(at=now, did=did))

    def _row(self, alert: str) -> Row[Any]:
        with self._workspace.engine.connect() as connection:
            row = connection.execute(select(ALERTS).where(ALERTS.c.alert == alert)).one_or_none()
        if row is None:
            raise NotFound("there is no alert of that id; `graphinv alerts` lists them")
        return row

    def _page(
        self, wanted: Wanted, place: ColumnElement[bool], order: Sequence[ColumnElement[Any]], limit: int
    ) -> AlertPage:
        chosen = _chosen(wanted)
        with self._workspace.engine.connect() as connection:
            rows = connection.execute(select(ALERTS).where(chosen, place).order_by(*order).limit(limit + 1)).all()
            total = connection.execute(select(func.count()).select_from(ALERTS).where(chosen)).scalar_one()
        told = self._dispositions(rows[:limit])
        return AlertPage(tuple(_alert(row, told) for row in rows[:limit]), len(rows) > limit, total)

    def _dispositions(self, rows: Sequence[Row[Any]]) -> Mapping[str, Disposition]:
        """Who said last what became of alerts, and why."""
        of_these = ALERT_EVENTS.c.alert.in_([row.alert for row in rows])
        said = ALERT_EVENTS.c.kind.in_(("disposed", "undone"))
        last = select(func.max(ALERT_EVENTS.c.seq)).where(of_these, said).group_by(ALERT_EVENTS.c.alert)
        with self._workspace.engine.connect() as connection:
            events = connection.execute(select(ALERT_EVENTS).where(ALERT_EVENTS.c.seq.in_(last))).all()
        return {one.alert: Disposition(Status(one.status), one.who, one.why, one.at) for one in events}


def _chosen(wanted: Wanted) -> ColumnElement[bool]:
    """The rows that a list is made of."""
    parts: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        parts.append(ALERTS.c.changed_at >= wanted.since)
    if wanted.statuses:
        said = [str(status) for status in wanted.statuses if status is not Status.WITHDRAWN]
        standing = and_(ALERTS.c.withdrawn.is_(None), ALERTS.c.status.in_(said))
        gone = ALERTS.c.withdrawn.is_not(None)
        parts.append(or_(standing, gone) if Status.WITHDRAWN in wanted.statuses else standing)
    return and_(true(), *parts)


def _enter(connection: Connection, one: Write, now: datetime, known: set[str] | None) -> None:
    held, status = one.held, Status.WITHDRAWN if one.held.withdrawn else one.held.status
    changes = _CHANGES.dump_json(one.changes).decode()
    said = {"who": one.who, "why": one.why, "undo": one.undo, "request": one.request}
    entered = connection.execute(
        insert(ALERT_EVENTS).values(alert=held.id, kind=one.event, status=str(status), at=now, changes=changes, **said)
    )
    stands = {
        "seq": entered.inserted_primary_key[0] if entered.inserted_primary_key else 0,
        "party": held.party,
        "record": held.record,
        "status": str(held.status),
        "strength": held.strength,
        "changed_at": now,
        "withdrawn": held.withdrawn,
        "rests_on": _RESTS_ON.dump_json(held.rests_on).decode(),
        "cleared": None if held.cleared is None else _RESTS_ON.dump_json(held.cleared).decode(),
        **({} if one.told is None else {"told": _TOLD.dump_json(one.told).decode()}),
        **({"changes": changes} if one.changes else {}),
    }  # fmt: skip
    if known is None or held.id in known:
        done = connection.execute(update(ALERTS).where(ALERTS.c.alert == held.id).values(**stands))
        if done.rowcount:
            return
    first = {"changes": changes, **stands}
    connection.execute(insert(ALERTS).values(alert=held.id, kind=str(held.kind), raised_at=now, **first))


def _changes(text: str) -> tuple[Change, ...]:
    return _CHANGES.validate_json(text)


def _held(row: Any) -> Held:
    return Held(
        id=row.alert,
        kind=Kind(row.kind),
        party=row.party,
        record=row.record,
        status=Status(row.status),
        strength=row.strength,
        withdrawn=row.withdrawn,
        rests_on=_RESTS_ON.validate_json(row.rests_on),
        cleared=None if row.cleared is None else _RESTS_ON.validate_json(row.cleared),
    )


def _alert(row: Row[Any], dispositions: Mapping[str, Disposition]) -> Alert:
    said = dispositions.get(row.alert)
    return Alert(
        id=row.alert,
        seq=row.seq,
        kind=Kind(row.kind),
        status=Status.WITHDRAWN if row.withdrawn else Status(row.status),
        raised_at=row.raised_at,
        changed_at=row.changed_at,
        told=_TOLD.validate_json(row.told),
        changes=_changes(row.changes),
        disposition=said,
        note=row.withdrawn,
    )
