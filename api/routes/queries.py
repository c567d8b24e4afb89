"""Saved queries and Cypher that somebody wrote."""

from dataclasses import asdict
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Body, Path
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import CYPHER, QUERY_NAMES, QUERY_RUNS
from api.models import CypherBody, QueryAnswer, QueryList, QueryTextBody, RunBody
from graphinv.queries.params import Param
from graphinv.queries.run import QueryResult
from graphinv.queries.saved import Column, SavedQuery, find_query, load_queries

router = APIRouter(prefix="/v1/queries", tags=["queries"])

NameDep = Annotated[str, Path(max_length=200, description="Name of a saved query.", openapi_examples=QUERY_NAMES)]


@router.get("", response_model=QueryList, summary="Saved queries")
def list_queries() -> Response:
    """Every saved query with its parameters and columns."""
    found = _packaged()
    return json_answer({"items": [_about(query) for query in found], "next": None, "total": len(found)})


@router.post("/run", response_model=QueryAnswer, summary="Run Cypher that you wrote")
def run_cypher(
    body: Annotated[CypherBody, Body(openapi_examples=CYPHER)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """Read-only, guarded, limited in time and rows. A refusal says which rule, where, and how to write it instead."""
    with asking.audited("queries/run") as line:
        result = workspace.query_text(body.cypher, body.params)
        line.detail["rows"] = len(result.rows)
    return json_answer(_answer(result))


@router.post("/{name:path}/run", response_model=QueryAnswer, summary="Run a saved query")
def run_saved(
    name: NameDep,
    body: Annotated[RunBody, Body(openapi_examples=QUERY_RUNS)],
    workspace: WorkspaceDep,
    asking: AskingDep,
) -> Response:
    """Rows by the query's columns; `truncated` says that there are more."""
    query = find_query(name)
    with asking.audited("queries/saved") as line:
        line.detail["name"] = query.name
        result = workspace.query(query.name, body.params)
        line.detail["rows"] = len(result.rows)
    return json_answer(_answer(result))


@router.get("/{name:path}", response_model=QueryTextBody, summary="One saved query")
def show_query(name: NameDep) -> Response:
    """What it asks, its parameters, its columns, and its text to paste into a Neo4j console."""
    query = find_query(name)
    return json_answer({**_about(query), "cypher": query.cypher, "text": query.text})


@cache
def _packaged() -> tuple[SavedQuery, ...]:
    """The package's own files: they do not change while a server runs, and reading them all takes 50 ms."""
    return load_queries()


def _about(query: SavedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "params": [_param(param) for param in query.params],
        "columns": [_column(column) for column in query.columns],
        "tags": list(query.tags),
    }


def _param(param: Param) -> dict[str, object]:
    shown = {name: value for name, value in asdict(param).items() if name != "many"}
    return {**shown, "type": param.type_name}


def _column(column: Column) -> dict[str, str]:
    return {"name": column.name, "type": column.type.value, "label": column.label}


def _answer(result: QueryResult) -> dict[str, object]:
    return {
        "columns": [_column(column) for column in result.columns],
        "rows": result.rows,
        "entities": result.entities(),
        "truncated": result.truncated,
        "took_ms": result.took_ms,
    }
