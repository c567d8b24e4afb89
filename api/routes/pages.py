"""The pages for people, served at ``/``: shells without data, whose scripts ask the JSON API as any client does.

So a page needs no key, holds nothing to protect, and shows exactly what a machine would get. Only the saved queries,
which are files of the package, are written out on the server.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from api.deps import AskingDep, WorkspaceDep
from api.moved import to_entity
from api.pages import data
from api.pages.fields import FIELDS, Field
from api.pages.look import look_data, palette
from graphinv.entity_records import entity_of
from graphinv.errors import GraphinvError, NotFound
from graphinv.queries.saved import SavedQuery, find_query, load_queries

router = APIRouter(include_in_schema=False)
router.include_router(data.router)

#: Nothing remote, no inline script or style, no eval; pictures of symbols are data addresses.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


@router.get("/")
def home() -> HTMLResponse:
    """What the workspace holds, and the ways in."""
    return _page("home.html")


@router.get("/search")
def search() -> HTMLResponse:
    """Search results; the words searched for stay in the reader's tab, and out of the address."""
    return _page("search.html")


@router.get("/lookup")
def lookup() -> HTMLResponse:
    """The look-up form and its answer."""
    main, more = _split(FIELDS)
    return _page("lookup.html", main=main, more=more)


@router.get("/entities/{entity_id:path}")
def entity(
    request: Request, entity_id: str, workspace: WorkspaceDep, asking: AskingDep, identity: str = ""
) -> Response:
    """Everything about one party, value, shipment or seizure; a merged id leads to its party's page, unless the
    identity itself is wanted.

    Pages hold no data, so who brought no key is led on by the page's script, which brings it.
    """
    if asking.caller.key_id and not identity:
        with suppress(GraphinvError):
            party = entity_of(workspace.index, entity_id)
            if party != entity_id:
                return to_entity(request, "/entities/", party)
    return _page("entity.html", entity_id=entity_id)


@router.get("/clusters")
def clusters() -> HTMLResponse:
    """Clusters of parties; what they were narrowed by stays in the address."""
    return _page("clusters.html")


@router.get("/clusters/{cluster_id}")
def cluster(cluster_id: str) -> HTMLResponse:
    """Everything about one cluster; the page's script follows one that was merged."""
    return _page("cluster.html", cluster_id=cluster_id)


@router.get("/alerts")
def alerts() -> HTMLResponse:
    """New links to seized parties, to be decided on."""
    return _page("alerts.html")


@router.get("/queries")
def queries() -> HTMLResponse:
    """The saved queries."""
    found = load_queries()
    return _page("queries.html", queries=found, tags=sorted({tag for query in found for tag in query.tags}))


@router.get("/cypher")
def cypher() -> HTMLResponse:
    """A box for Cypher of one's own, which the guard reads first."""
    return _page("cypher.html")


@router.get("/queries/{name:path}")
def query(name: str) -> HTMLResponse:
    """One saved query: what its rows mean, its parameters, its answer."""
    found = _find(name)
    if found is None:
        return _page("missing.html", status=404, what=f"There is no saved query “{name[:100]}”.", back="/queries")
    return _page("query.html", query=found)


@router.get("/look.css")
def look_css() -> Response:
    """The palette as custom properties, light and dark: the one that reports use."""
    return Response(_templates().get_template("look.css").render(palette=palette()), 200, HEADERS, "text/css")


@router.get("/static/{path:path}")
async def static(path: str, request: Request) -> Response:
    """Scripts, styles and vendored libraries."""
    try:
        response = await _static_files().get_response(path, request.scope)
    except HTTPException as error:
        return Response(status_code=error.status_code, headers=HEADERS)
    response.headers.update(HEADERS)
    return response


def _page(template: str, status: int = 200, **context: object) -> HTMLResponse:
    return HTMLResponse(_templates().get_template(template).render(**context), status, HEADERS)


@cache
def _templates() -> Environment:
    # Every template is escaped, whatever its suffix: look.css holds colours only, which need none.
    found = Environment(
        loader=PackageLoader("api", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["look"] = _json_ready(look_data())
    return found


@cache
def _static_files() -> StaticFiles:
    return StaticFiles(packages=[("api", "static")])


def _split(fields: tuple[Field, ...]) -> tuple[list[Field], list[Field]]:
    return [field for field in fields if field.main], [field for field in fields if not field.main]


def _find(name: str) -> SavedQuery | None:
    try:
        return find_query(name)
    except NotFound:
        return None


def _json_ready(data: Mapping[str, Any]) -> dict[str, Any]:
    return dict(data)
