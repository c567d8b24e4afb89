"""A part of the graph to look at, or as a file."""

from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep
from api.examples import NETWORKS
from api.models import NetworkAnswer, NetworkBody
from graphinv.opened import OpenedWorkspace
from graphinv.views.attributes import Network
from graphinv.views.exports import FORMATS, export_graph

router = APIRouter(prefix="/v1", tags=["network"])

#: The report brings its own policy in a nonce'd meta element; this one keeps it from reaching anything of ours.
_REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-scripts allow-downloads"
)

_FILES = {form.media_type.partition(";")[0]: {"schema": {"type": "string"}} for form in FORMATS.values()}


@router.post(
    "/network",
    response_model=NetworkAnswer,
    responses={200: {"content": {kind: about for kind, about in _FILES.items() if kind != "application/json"}}},
    summary="The network around some nodes",
)
def network(
    body: Annotated[NetworkBody, Body(openapi_examples=NETWORKS)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """Shipments are counted on edges between parties; hubs are shown, named in `left_out.hubs` and not followed; what
    is beyond the limit is counted. Other formats than JSON come as files."""
    with asking.audited("network") as line:
        graph = _select(workspace, body)
        line.detail.update(nodes=len(graph), edges=graph.number_of_edges())
    written = FORMATS[body.format]
    headers = (
        {} if body.format == "json" else {"Content-Disposition": f'attachment; filename="network{written.suffix}"'}
    )
    if body.format == "html":
        headers["Content-Security-Policy"] = _REPORT_POLICY
    return Response(export_graph(graph, body.format), headers=headers, media_type=written.media_type)


def _select(workspace: OpenedWorkspace, body: NetworkBody) -> Network:
    return workspace.network(
        body.seeds,
        hops=body.hops,
        limit=body.limit,
        as_of=body.as_of,
        max_users=body.max_users,
        shipments=body.shipments,
        paths=body.paths,
    )
