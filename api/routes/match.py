"""Which party on record is this one? Queries by example, in the shape of yente's `/match`."""

from typing import Annotated

from fastapi import APIRouter, Body, Query
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import MATCHES
from graphinv.links.match import MatchAnswer, match_parties
from graphinv.links.match_question import MatchRequest
from graphinv.resolve.model import MATCH

router = APIRouter(prefix="/v1", tags=["links"])


@router.post("/match", response_model=MatchAnswer, summary="Which party on record is this one?")
def match(
    body: Annotated[MatchRequest, Body(openapi_examples=MATCHES)],
    workspace: WorkspaceDep,
    asking: AskingDep,
    limit: Annotated[int, Query(ge=1, le=50, description="Most results of each query.")] = 5,
    threshold: Annotated[float, Query(ge=0, le=1, description="From this score on a result is a match.")] = MATCH,
) -> Response:
    """Up to 100 keyed queries in the shape of yente's `/match`: properties have FollowTheMoney's names, and those that
    are repeated under `query` were used. Results are entities with every comparison; no links are followed."""
    with asking.audited("match") as line:
        line.queries = len(body.queries)
        answer = match_parties(workspace.index, body, workspace.folder.hash_key, limit=limit, threshold=threshold)
        line.epoch = answer.matcher.epoch
        line.detail["matches"] = sum(result.match for one in answer.responses.values() for result in one.results)
    return json_answer(answer)
