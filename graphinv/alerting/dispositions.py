"""What people say of alerts: confirmed, cleared, watching or open again, with who and why; and taking it back."""

from dataclasses import dataclass, replace

import orjson
import polars as pl
from pydantic import TypeAdapter

from graphinv.alerting.alert import DISPOSITIONS, Alert, RestsOn, Status
from graphinv.alerting.alert_store import AlertStore, Held, Write
from graphinv.errors import InvalidInput
from graphinv.ingest.privacy import mask_numbers

_LONGEST_WHO = 300
_LONGEST_WHY = 2000

#: Why nothing can be taken back, by what happened last.
_REASONS = {None: "nobody decided", "undone": "it was taken back already", "reopened": "new evidence reopened it since"}

_RESTS_ON: TypeAdapter[RestsOn | None] = TypeAdapter(RestsOn | None)


@dataclass(frozen=True)
class Say:
    """What somebody says of an alert. The same ``request`` again, sent twice by accident, counts once."""

    status: Status
    who: str
    why: str
    request: str | None = None

    def __post_init__(self) -> None:
        if self.status not in DISPOSITIONS:
            raise InvalidInput(f"status: one of {', '.join(DISPOSITIONS)}; an alert withdraws by itself")
        _check(self.who, self.why)


def dispose(store: AlertStore, alert: str, say: Say) -> Alert:
    """Enter what somebody says of an alert. A cleared one stays so until evidence comes that it does not rest on now.

    Raises:
        NotFound: no alert of that id.
        InvalidInput: the request's key was used for something else.
    """
    say = replace(say, who=say.who.strip(), why=masked(say.why))
    with store.alone():
        if say.request is not None and (sent := store.sent_before(say.request)) is not None:
            if (sent.alert, sent.status, sent.who, sent.why) != (alert, str(say.status), say.who, say.why):
                raise InvalidInput("the idempotency key was used for another disposition; send a new one")
            return store.find(alert)
        before = store.held_one(alert)
        cleared = before.rests_on if say.status is Status.CLEARED else None
        stands = replace(before, status=say.status, cleared=cleared)
        undo = _goes_back_to(before)
        store.write([Write(stands, "disposed", who=say.who, why=say.why, undo=undo, request=say.request)])
        return store.find(alert)


def undo(store: AlertStore, alert: str, who: str, why: str) -> Alert:
    """Take the last disposition of an alert back: it stands as before.

    Raises:
        NotFound: no alert of that id.
        InvalidInput: nobody disposed of it, that was taken back already, or new evidence reopened it since.
    """
    _check(who, why)
    with store.alone():
        stands = store.held_one(alert)
        last = store.last_disposition(alert)
        if last is None or last.undo is None:
            raise InvalidInput(
                f"there is no disposition of this alert to take back: {_REASONS[last.kind if last else None]}"
            )
        before = orjson.loads(last.undo)
        cleared = _RESTS_ON.validate_python(before["cleared"])
        earlier = replace(stands, status=Status(before["status"]), cleared=cleared)
        store.write([Write(earlier, "undone", who=who.strip(), why=masked(why))])
        return store.find(alert)


def masked(text: str) -> str:
    """A reason without the social security numbers that it may quote."""
    return str(pl.select(mask_numbers(pl.lit(text.strip()))).item())


def _goes_back_to(held: Held) -> str:
    return orjson.dumps({"status": held.status, "cleared": _RESTS_ON.dump_python(held.cleared, mode="json")}).decode()


def _check(who: str, why: str) -> None:
    for name, value, longest in (("who", who, _LONGEST_WHO), ("why", why, _LONGEST_WHY)):
        if not value.strip():
            raise InvalidInput(f"{name}: it is empty; a disposition says who decided, and why")
        if len(value) > longest:
            raise InvalidInput(f"{name}: longer than {longest} characters")
