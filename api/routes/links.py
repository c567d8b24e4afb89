"""Who does an unknown party resemble, and what leads from it to seized goods?"""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import LOOKUPS, PATHS
from api.metrics import Metrics
from api.models import PathsBody
from graphinv.errors import NotFound
from graphinv.links.answer import LookupAnswer
from graphinv.links.between import PathsAnswer
from graphinv.links.question import LookupRequest
from graphinv.opened import OpenedWorkspace

router = APIRouter(prefix="/v1", tags=["links"])


# A plain function: it runs in a thread, since a look-up is arithmetic that would hold up every other request.
@router.post("/links/lookup", response_model=LookupAnswer, summary="Look up parties that nobody may have seen before")
def lookup(
    body: Annotated[LookupRequest, Body(openapi_examples=LOOKUPS)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """Up to 100 keyed queries. Every response says whom the party resembles, which paths lead to seizures and how
    strong they are, with the records behind each hop. Nothing is written to the graph."""
    with asking.audited("links/lookup") as line:
        line.queries = len(body.queries)
        answer = workspace.lookup(body)
        line.status = "+".join(sorted({response.status for response in answer.responses.values()}))
        line.epoch = answer.index.epoch
        line.bands = dict(Counter(response.band for response in answer.responses.values()))
    _count(asking.services.metrics, answer)
    return json_answer(answer)


def _count(metrics: Metrics, answer: LookupAnswer) -> None:
    metrics.epoch(answer.index.epoch)
    for response in answer.responses.values():
        metrics.lookup(response.band, response.status)


@router.post("/paths", response_model=PathsAnswer, summary="Why are these two linked?")
def paths(
    body: Annotated[PathsBody, Body(openapi_examples=PATHS)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """The strongest paths between two nodes, or from one to any seized party; no two rest on the same shared value."""
    with asking.audited("paths") as line:
        answer = _paths(workspace, body)
        line.status = answer.status
        line.detail["paths"] = len(answer.paths)
    return json_answer(answer)


def _paths(workspace: OpenedWorkspace, body: PathsBody) -> PathsAnswer:
    try:
        return workspace.paths(
            body.start,
            body.end,
            k=body.k,
            max_hops=body.max_hops,
            as_of=body.as_of,
            without_types=body.without.types,
            without_ids=body.without.ids,
        )
    except NotFound:
        # Its message names the id, which is whatever somebody sent.
        raise NotFound("from, to: the evidence graph has no such node; GET /v1/entities?q= finds ids") from None
