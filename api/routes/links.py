"""Who does an unknown party resemble, and what leads from it to seized goods?"""

from collections import Counter
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import LOOKUPS, PATHS
from api.models import PathsBody
from graphinv.links.answer import LookupAnswer
from graphinv.links.between import PathsAnswer
from graphinv.links.question import LookupRequest

router = APIRouter(prefix="/v1", tags=["links"])


# A plain function: it runs in a thread, since a look-up is arithmetic that would hold up every other request.
@router.post("/links/lookup", response_model=LookupAnswer, summary="Look up parties that nobody may have seen before")
def lookup(
    body: Annotated[LookupRequest, Body(openapi_examples=LOOKUPS)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """Up to 100 keyed queries; every response says whom the party resembles, which paths lead to seizures and how strong
    they are, with the records behind each hop. Nothing is written to the graph."""
    answer = workspace.lookup(body)
    bands = Counter(response.band for response in answer.responses.values())
    states = Counter(response.status for response in answer.responses.values())
    asking.record(
        "links/lookup",
        "+".join(sorted(states)),
        len(answer.responses),
        answer.took_ms,
        epoch=answer.index.epoch,
        bands=dict(bands),
    )
    metrics = asking.services.metrics
    metrics.epoch(answer.index.epoch)
    for response in answer.responses.values():
        metrics.lookup(response.band, response.status)
    return json_answer(answer)


@router.post("/paths", response_model=PathsAnswer, summary="Why are these two linked?")
def paths(
    body: Annotated[PathsBody, Body(openapi_examples=PATHS)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """The strongest paths between two nodes, or from one to any seized party; no two rest on the same shared value."""
    began = perf_counter()
    answer = workspace.paths(
        body.start,
        body.end,
        k=body.k,
        max_hops=body.max_hops,
        as_of=body.as_of,
        without_types=body.without.types,
        without_ids=body.without.ids,
    )
    took = round((perf_counter() - began) * 1000, 3)
    asking.record("paths", answer.status, 1, took, detail={"paths": len(answer.paths)})
    return json_answer(answer)
