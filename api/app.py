"""The web application: routes, the layers around them, and what happens when it starts and stops."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from api import errors
from api.audit import AuditLog
from api.auth import AccessControl
from api.deps import Services
from api.idempotency import KeptAnswers
from api.limits import ApiLimits, BodyLimit, RateLimit
from api.metrics import Metrics
from api.middleware import Observed
from api.parameters import refuse_unknown
from api.routes import (
    alerts,
    clusters,
    entities,
    feeds,
    judgements,
    links,
    match,
    network,
    pages,
    queries,
    records,
    service,
    shipments,
)
from graphinv import __version__
from graphinv.errors import GraphinvError
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.settings import Settings

_log = logging.getLogger("graphinv.api")

#: Seconds for first answers before index and store are made ready.
_FIRST_ANSWERS_S = 0.1

_PARTS = (
    service, links, shipments, match, network, entities, alerts, clusters, judgements, queries, feeds, records, pages
)  # fmt: skip

_ABOUT = """Hidden links between unknown importers and parties whose goods were seized, with the evidence of every hop.

Every error is a problem object (RFC 9457, `application/problem+json`). Lists answer `items`, `next` (an opaque cursor,
null at the end) and `total` (null where counting would cost too much). Keys go as `Authorization: Bearer` or
`X-API-Key`; on loopback without configured keys none is needed.
"""

_ERRORS: dict[int | str, dict[str, object]] = {
    status: {"model": errors.ProblemBody, "description": text, "content": {errors.MEDIA_TYPE: {}}}
    for status, text in {
        401: "No key of this server.",
        413: "The body is too long.",
        422: "The input cannot be used; `errors` lists the places.",
        503: "The workspace or its graph store cannot answer now.",
    }.items()
}


def app_from_environment() -> FastAPI:
    """The app of the workspace that GRAPHINV_WORKSPACE names."""
    return create_app(Settings.from_environment(), ApiLimits.from_environment())


def create_app(source: Settings | OpenedWorkspace, limits: ApiLimits | None = None) -> FastAPI:
    """An app over a workspace. One that is given opened stays the caller's; one opened here is closed with the app.

    Raises WorkspaceError when the workspace cannot be opened.
    """
    workspace = source if isinstance(source, OpenedWorkspace) else open_workspace(settings=source, serving=True)
    bounds = limits or ApiLimits()
    answers = KeptAnswers(workspace.folder.engine)
    services = Services(workspace, AuditLog(workspace.folder.audit_log), Metrics(), bounds, answers)
    app = FastAPI(
        title="graphinv",
        version=__version__,
        description=_ABOUT,
        docs_url=None,  # Swagger UI and ReDoc load from elsewhere; the OpenAPI document is at /openapi.json.
        redoc_url=None,
        responses=_ERRORS,
        dependencies=[Depends(refuse_unknown)],
        lifespan=_lifespan(services, owned=workspace is not source),
        middleware=[
            Middleware(Observed, services.metrics),
            Middleware(AccessControl, workspace.settings.api_keys),
            Middleware(RateLimit, bounds),
            Middleware(BodyLimit, bounds),
        ],
    )
    app.state.services = services
    errors.install(app, str(workspace.folder.root))
    for part in _PARTS:
        app.include_router(part.router)
    # The first request would build the routes, beside threads that compile: whoever silences warnings meanwhile, as
    # numba and FastAPI both do, does so for the whole process, and their filters get mixed up.
    tuple(iter_route_contexts(app.routes))
    return app


def _lifespan(services: Services, *, owned: bool) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(feeds.remove_leftovers, services.workspace.folder.incoming)
        ending = asyncio.Event()
        warming = asyncio.create_task(_warm(services, ending))
        yield
        ending.set()
        await warming
        services.audit.close()
        if owned:
            await run_in_threadpool(services.workspace.close)

    return lifespan


async def _warm(services: Services, ending: asyncio.Event) -> None:
    """Make index and store ready in threads, once whoever waits for the server was answered: all that loads at once
    holds up the first answer longest."""
    try:
        async with asyncio.timeout(_FIRST_ANSWERS_S):
            await ending.wait()
    except TimeoutError:
        await asyncio.gather(
            run_in_threadpool(_warm_index, services.workspace), run_in_threadpool(_warm_store, services)
        )
        gc.freeze()  # all of it stays: a search for garbage among it would only hold up an answer


def _warm_index(workspace: OpenedWorkspace) -> None:
    """Open the index and load the compiled kernels while the server answers already: the first caller waits less."""
    try:
        workspace.warm()
    except GraphinvError as error:
        _log.info("look-ups are not ready: %s", error)


def _warm_store(services: Services) -> None:
    """Start the embedded database, or greet Neo4j; look-ups do without."""
    try:
        services.workspace.store.server_info()
    except GraphinvError as error:
        _log.warning("the graph store is not ready: %s", error)
    finally:
        services.greeted.set()
