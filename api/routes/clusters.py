"""Groups of parties that hang together: the list, and one of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api import cursors
from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import CLUSTER_IDS, CLUSTERED
from api.models import ClusterAnswer, ClusterList, Uid
from api.moved import to_entity
from graphinv.clusters.drawing import draw_cluster
from graphinv.clusters.reading import ClusterSearch, find_cluster, heir_of, list_clusters
from graphinv.errors import InvalidInput

_ROOT = "/v1/clusters/"
_NOT_AS_OF = "as_of: clusters are of now; ask for a network or a look-up as of a past day"
_MOVED: dict[int | str, dict[str, object]] = {308: {"description": "It was merged into another: see `Location`."}}

router = APIRouter(prefix="/v1/clusters", tags=["clusters"])


class ClusterParams(BaseModel):
    """Which clusters."""

    model_config = ConfigDict(extra="forbid")

    seized: Annotated[bool | None, Field(description="With a seized member, or without; both by default.")] = None
    min_size: Annotated[int, Field(ge=2, le=1_000_000, description="Fewest members.")] = 2
    resolution: Annotated[
        Literal["fine", "middle", "coarse"], Field(description="How strongly members are tied: most in `fine` ones.")
    ] = "middle"
    member: Annotated[
        Uid | None, Query(description="Only the one that holds this party.", openapi_examples=CLUSTERED)
    ] = None
    cursor: Annotated[str | None, Field(max_length=1000)] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    as_of: Annotated[str | None, Field(max_length=40, description="Refused: clusters are of now.")] = None


@router.get("", response_model=ClusterList, summary="Clusters, the most unknown risk first")
def clusters(wanted: Annotated[ClusterParams, Query()], workspace: WorkspaceDep, asking: AskingDep) -> Response:
    """Groups of two parties or more that share much with each other and little with others, hubs left out. First come
    those whose unknown members have the strongest links to seizures."""
    _refuse(wanted.as_of)
    search = ClusterSearch(wanted.seized, wanted.min_size, wanted.resolution, wanted.member)
    of = ["clusters", *vars(search).values()]
    skip = cursors.decode(wanted.cursor, of)
    with asking.audited("clusters") as line:
        page = list_clusters(workspace.clusters, search, skip=int(skip or 0), limit=wanted.limit)
        line.detail["found"] = len(page.items)
    return json_answer({"items": page.items, "next": cursors.encode(page.next, of), "total": page.total})


@router.get("/{cluster_id}", response_model=ClusterAnswer, responses=_MOVED, summary="One cluster")
def cluster(
    request: Request,
    cluster_id: Annotated[str, Path(max_length=300, description="Id of a cluster.", openapi_examples=CLUSTER_IDS)],
    workspace: WorkspaceDep,
    asking: AskingDep,
    as_of: Annotated[str | None, Query(max_length=40, description="Refused: clusters are of now.")] = None,
) -> Response:
    """Its members, what joins them, what they trade and when, what became of it from load to load, and a drawing of the
    first members with the values that they share. One that was merged answers with a redirect."""
    _refuse(as_of)
    with asking.audited("clusters/one"):
        kept = workspace.clusters
        heir = heir_of(kept, cluster_id)
        if heir != cluster_id:
            return to_entity(request, _ROOT, heir)
        found = find_cluster(kept, cluster_id)
        graph = draw_cluster(workspace.index, found)
    return json_answer({**vars(found), "graph": graph})


def _refuse(as_of: str | None) -> None:
    if as_of is not None:
        raise InvalidInput(_NOT_AS_OF)
