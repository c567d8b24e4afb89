"""Alerts: new links to seized parties, to be polled by machines and decided on by people."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Header, Path, Query
from starlette.responses import Response

from api import cursors
from api.deps import Asking, AskingDep, WorkspaceDep, json_answer
from api.examples import ALERT_IDS, ALERT_KEYS, DISPOSITIONS, UNDOINGS
from api.idempotency import Ask
from api.models import AlertAnswer, AlertList, DispositionBody, UndoBody
from graphinv.alerting.alert import Alert, Status
from graphinv.alerting.alert_store import AlertPage, AlertStore, Wanted
from graphinv.alerting.digest import parse_since
from graphinv.alerting.dispositions import Say, dispose, undo
from graphinv.errors import InvalidInput
from graphinv.opened import OpenedWorkspace

router = APIRouter(prefix="/v1/alerts", tags=["alerts"])

AlertId = Annotated[str, Path(max_length=40, openapi_examples=ALERT_IDS)]


@router.get("", response_model=AlertList, summary="Alerts, to poll or to work through")
def list_alerts(
    workspace: WorkspaceDep,
    asking: AskingDep,
    status: Annotated[list[Status] | None, Query(description="Some statuses only; without it, all.")] = None,
    since: Annotated[str | None, Query(max_length=40, description="Changed since this day or moment.")] = None,
    order: Annotated[
        Literal["changed", "newest", "certain"],
        Query(
            description="`changed`: in the order of their last changes, to poll; `newest`: the other way round; "
            "`certain`: the strongest links first."
        ),
    ] = "changed",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """In the order `changed`, `next` is never null: keep it and ask with it again, now and then. Every alert that is
    new or changed since is answered once, as it stands then; dispositions are changes too."""
    wanted = Wanted(tuple(dict.fromkeys(status or ())), None if since is None else parse_since(since))
    of = ["alerts", sorted(wanted.statuses), since, order]
    store = AlertStore(workspace.folder)
    with asking.audited("alerts/list") as line:
        page, following = _page(store, order, limit, cursors.decode(cursor, of), wanted)
        line.detail["found"] = len(page.items)
    return json_answer({"items": page.items, "next": cursors.encode(following, of), "total": page.total})


@router.get("/{alert_id}", response_model=AlertAnswer, summary="One alert with its history")
def get_alert(alert_id: AlertId, workspace: WorkspaceDep, asking: AskingDep) -> Response:
    """What changed, by which evidence, and everything that happened to it since."""
    with asking.audited("alerts/get"):
        return _whole(workspace, AlertStore(workspace.folder).find(alert_id))


@router.post("/{alert_id}/disposition", response_model=AlertAnswer, summary="Say what an alert is")
def dispose_of(
    alert_id: AlertId,
    body: Annotated[DispositionBody, Body(openapi_examples=DISPOSITIONS)],
    workspace: WorkspaceDep,
    asking: AskingDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=255,
            description="A key of your choice: the same disposition under it counts once, for good.",
            openapi_examples=ALERT_KEYS,
        ),
    ] = None,
) -> Response:
    """A cleared alert stays cleared across loads, merges and rebuilds until evidence comes that it does not rest on
    now; then it is open again and says what is new."""
    with asking.audited("alerts/disposition") as line:
        request = None
        if idempotency_key is not None:
            request = Ask.of(asking.caller.key_id, "alerts/disposition", idempotency_key).place
        say = Say(body.status, _who(asking, body.who), body.why, request)
        found = dispose(AlertStore(workspace.folder), alert_id, say)
        line.detail.update(alert=found.id, status=str(found.status))
    return _whole(workspace, found)


@router.post("/{alert_id}/undo", response_model=AlertAnswer, summary="Take the last disposition back")
def undo_disposition(
    alert_id: AlertId,
    body: Annotated[UndoBody, Body(openapi_examples=UNDOINGS)],
    workspace: WorkspaceDep,
    asking: AskingDep,
) -> Response:
    """The alert stands as before it; both stay in its history."""
    with asking.audited("alerts/undo") as line:
        found = undo(AlertStore(workspace.folder), alert_id, _who(asking, body.who), body.why)
        line.detail.update(alert=found.id, status=str(found.status))
    return _whole(workspace, found)


def _page(
    store: AlertStore, order: str, limit: int, place: str | int | None, wanted: Wanted
) -> tuple[AlertPage, str | int | None]:
    """A page and where the next one begins."""
    if order == "changed":
        after = int(place or 0)
        page = store.changed_after(after, limit, wanted)
        return page, page.items[-1].seq if page.items else after
    if order == "newest":
        page = store.newest(limit, wanted, None if place is None else int(place))
        return page, page.items[-1].seq if page.more else None
    page = store.most_certain(limit, wanted, _strength_and_id(place))
    last = page.items[-1] if page.more else None
    return page, None if last is None else f"{last.told.strength!r} {last.id}"


def _strength_and_id(place: str | int | None) -> tuple[float, str] | None:
    if place is None:
        return None
    strength, _, alert = str(place).partition(" ")
    try:
        return float(strength), alert
    except ValueError:
        raise InvalidInput("cursor: it is none of this list's; start without one") from None


def _whole(workspace: OpenedWorkspace, alert: Alert) -> Response:
    return json_answer({"alert": alert, "history": AlertStore(workspace.folder).history(alert.id)})


def _who(asking: Asking, who: str | None) -> str:
    """Who decides: as they say, and the key they came with."""
    return who or f"key {asking.caller.key_id}"
