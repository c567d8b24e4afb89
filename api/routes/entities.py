"""Parties and everything else in the graph: search, one node, its neighbours."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api import cursors
from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import ENTITY_IDS, SEARCHES
from api.models import EntityList, EntityRecordList, NeighbourList
from api.moved import to_entity
from graphinv.entities import Entity, Order, find_entity, find_neighbours
from graphinv.entity_records import entity_of, entity_records
from graphinv.errors import InvalidInput
from graphinv.opened import parse_as_of
from graphinv.search import Search, search

_ROOT = "/v1/entities/"
_MOVED: dict[int | str, dict[str, object]] = {308: {"description": "The party goes by another id: see `Location`."}}

router = APIRouter(prefix="/v1/entities", tags=["entities"])

IdDep = Annotated[str, Path(max_length=300, description="Id of a node.", openapi_examples=ENTITY_IDS)]
AsOfDep = Annotated[
    str | None,
    Query(max_length=40, description="A day or moment: without what was known later. `not_as_of` says what is as now."),
]


class SearchParams(BaseModel):
    """What to look for."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Query(
            max_length=500,
            description="Words of a name, an id, a phone, an e-mail. Empty: list all of a type.",
            openapi_examples=SEARCHES,
        ),
    ] = ""
    type: Annotated[str, Field(max_length=300, description="Kinds of nodes, comma-separated: Importer,Seller.")] = ""
    standing: Annotated[str | None, Field(max_length=20, description="unknown, known, trusted or seized.")] = None
    cursor: Annotated[str | None, Field(max_length=1000)] = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    as_of: Annotated[str | None, Field(max_length=40, description="Refused: a search shows what is known now.")] = None


@router.get("", response_model=EntityList, summary="Search, or list all of a kind")
def list_entities(wanted: Annotated[SearchParams, Query()], workspace: WorkspaceDep, asking: AskingDep) -> Response:
    """By likeness for words; by id for a list. `total` is null where more was found than is ranked."""
    return searched(wanted, workspace, asking)


def searched(wanted: SearchParams, workspace: WorkspaceDep, asking: AskingDep) -> Response:
    """What a search finds, however it was asked."""
    if wanted.as_of is not None:
        raise InvalidInput(
            "as_of: a search shows what is known now; ask one node (/v1/entities/{id}?as_of=), a network or a look-up"
        )
    kinds = tuple(part.strip() for part in wanted.type.split(",") if part.strip())
    of = [wanted.q, kinds, wanted.standing]
    after = cursors.decode(wanted.cursor, of)
    asked = Search(wanted.q, kinds, wanted.standing, wanted.limit, None if after is None else str(after))
    with asking.audited("entities") as line:
        page = search(workspace.graph, asked)
        line.detail["found"] = len(page.items)
    return json_answer({"items": page.items, "next": cursors.encode(page.next, of), "total": page.total})


# Before the route of one node, whose path would take the word for a part of the id.
@router.get("/{entity_id:path}/neighbours", response_model=NeighbourList, summary="Neighbours of a node")
def neighbours(
    entity_id: IdDep,
    workspace: WorkspaceDep,
    asking: AskingDep,
    types: Annotated[
        str, Query(max_length=1000, description="Relationship types or kinds of nodes, comma-separated.")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=500, description="Most neighbours of each kind.")] = 25,
    order: Annotated[Order, Query(description="Within a kind.")] = Order.RECENT,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    as_of: AsOfDep = None,
) -> Response:
    """Up to `limit` of each kind; `kinds` tells how many of each there are and how many are on no page so far."""
    wanted = tuple(part.strip() for part in types.split(",") if part.strip())
    of = [entity_id, wanted, order.value, as_of]
    skip = cursors.decode(cursor, of)
    moment = parse_as_of(as_of) if as_of else None
    with asking.audited("entities/neighbours") as line:
        page = find_neighbours(
            workspace.graph, entity_id, wanted, limit=limit, order=order, skip=int(skip or 0), as_of=moment
        )
        line.detail["found"] = len(page.items)
    return json_answer(
        {
            "items": page.items,
            "next": cursors.encode(page.next, of),
            "total": page.total,
            "kinds": page.kinds,
            "as_of": page.as_of,
            "not_as_of": page.not_as_of,
        }
    )


@router.get(
    "/{entity_id:path}/records",
    response_model=EntityRecordList,
    responses=_MOVED,
    summary="The records behind a party",
)
def records(
    request: Request,
    entity_id: IdDep,
    workspace: WorkspaceDep,
    asking: AskingDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """Every accepted record of every identity of the party: registrations first, then the newest filings. Each with
    its identity, role, days, and what its newest version says of that role."""
    skip = cursors.decode(cursor, [entity_id, "records"])
    with asking.audited("entities/records") as line:
        index = workspace.index
        entity = entity_of(index, entity_id)
        if entity != entity_id:
            return to_entity(request, _ROOT, entity, "/records")
        page = entity_records(workspace.folder, index, entity, skip=int(skip or 0), limit=limit)
        line.detail["found"] = len(page.items)
    after = cursors.encode(page.next, [entity_id, "records"])
    return json_answer({"id": entity, "items": page.items, "next": after, "total": page.total})


@router.get("/{entity_id:path}", response_model=Entity, responses=_MOVED, summary="One node")
def show_entity(
    request: Request,
    entity_id: IdDep,
    workspace: WorkspaceDep,
    asking: AskingDep,
    as_of: AsOfDep = None,
    identity: Annotated[
        bool, Query(description="The identity itself, also where its party goes by another id.")
    ] = False,
) -> Response:
    """Its properties, the other identities of its party, true counts of its neighbours, the records that name it.

    An identity whose party goes by another id answers with a redirect there. As of a past day it answers itself: who
    was taken for whom on that day is not kept.
    """
    moment = parse_as_of(as_of) if as_of else None
    with asking.audited("entities/one"):
        found = find_entity(workspace.graph, entity_id, moment)
    if moment is None and not identity and found.entity not in (None, entity_id):
        return to_entity(request, _ROOT, found.entity)
    return json_answer(found)
