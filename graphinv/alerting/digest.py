"""The digest: how many alerts there are of each status, the most certain ones, and what the last load did."""

from dataclasses import dataclass
from datetime import UTC, datetime

from graphinv.alerting.alert import Alert, Examined, Status
from graphinv.alerting.alert_store import AlertStore, Wanted
from graphinv.errors import InvalidInput


@dataclass(frozen=True)
class Digest:
    """``counts`` of the alerts changed since a moment by status; ``items`` of the wanted ones, most certain first, of
    which there are ``total``; ``examined``: the last examination and when it was."""

    counts: dict[str, int]
    items: tuple[Alert, ...]
    total: int
    since: datetime | None
    examined: Examined | None
    examined_at: datetime | None


def digest(store: AlertStore, statuses: tuple[Status, ...], since: datetime | None, limit: int) -> Digest:
    """The digest of some statuses; none means all."""
    page = store.most_certain(limit, Wanted(statuses, since))
    last = next(iter(store.examinations()), None)
    at, examined = last if last is not None else (None, None)
    return Digest(store.counts(Wanted(since=since)), page.items, page.total, since, examined, at)


def parse_since(text: str) -> datetime:
    """A moment, or the beginning of a day. Without a zone: UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput("since: no ISO 8601 day or moment; write 2024-06-15 or 2024-06-15T12:00:00Z") from None
