"""Parties and everything else in the graph: search, one node, its neighbours."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api import cursors
from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import ENTITY_IDS, SEARCHES
from api.models import EntityList, NeighbourList
from graphinv.entities import Entity, Order, find_entity, find_neighbours
from graphinv.errors import InvalidInput
from graphinv.opened import parse_as_of
from graphinv.search import Search, search

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


@router.get("/{entity_id:path}", response_model=Entity, summary="One node")
def show_entity(entity_id: IdDep, workspace: WorkspaceDep, asking: AskingDep, as_of: AsOfDep = None) -> Response:
    """Its properties, the other identities of its party, true counts of its neighbours, the records that name it."""
    moment = parse_as_of(as_of) if as_of else None
    with asking.audited("entities/one"):
        found = find_entity(workspace.graph, entity_id, moment)
    return json_answer(found)
