"""Is the server well, and what does it count?"""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import Services, ServicesDep
from api.models import Health, IndexHealth, StoreHealth
from graphinv import __version__
from graphinv.errors import GraphinvError, WorkspaceError
from graphinv.links.index import current_epoch
from graphinv.opened import OpenedWorkspace

router = APIRouter(prefix="/v1", tags=["service"])


@router.get("/health", summary="Is the server well?")
async def health(services: ServicesDep) -> Health:
    """Answers without a key. `degraded`: records wait for the index, or the graph store is away or still starting;
    look-ups go on."""
    return await run_in_threadpool(_health, services)


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(services: ServicesDep) -> Response:
    """Times by route, look-ups by band, rows by feed, in Prometheus' text format."""
    return Response(services.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _health(services: Services) -> Health:
    workspace, starting = services.workspace, not services.greeted.is_set()
    store = StoreHealth(reachable=False) if starting else _store(workspace)
    if current_epoch(workspace.folder.index) is None:
        return Health(status="empty", version=__version__, index=None, store=store)
    try:
        meta, waiting = workspace.index.meta, workspace.stale()
    except WorkspaceError as error:
        return Health(status="degraded", version=__version__, index=None, store=store, detail=str(error))
    index = IndexHealth(epoch=meta.epoch, built_at=meta.built_at, as_of=meta.clock.isoformat())
    away = _STORE_STARTS if starting else _STORE_AWAY
    detail = _waiting(workspace) if waiting else None if store.reachable else away
    return Health(status="degraded" if detail else "ok", version=__version__, index=index, store=store, detail=detail)


def _waiting(workspace: OpenedWorkspace) -> str:
    """What the graph lacks, and what of it look-ups lack, too."""
    known = workspace.waiting().text()
    return f"records or judgements came in that the graph lacks until the next load; {known}"


_STORE_STARTS = "the graph store is starting; look-ups and paths answer already"
_STORE_AWAY = "the graph store does not answer; look-ups and paths do"


def _store(workspace: OpenedWorkspace) -> StoreHealth:
    try:
        return StoreHealth(reachable=True, kind=workspace.store.server_info().kind)
    except GraphinvError:
        return StoreHealth(reachable=False)
