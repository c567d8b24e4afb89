"""Queries over HTTP."""

import httpx

from api.examples import CYPHER, IMPORTER, PHONE
from graphinv.opened import OpenedWorkspace
from graphinv.queries.saved import load_queries


def test_every_saved_query_is_listed_with_its_parameters(client: httpx.Client) -> None:
    told = client.get("/v1/queries").json()
    known = load_queries()
    assert [item["name"] for item in told["items"]] == [query.name for query in known]
    assert told["total"] == len(known)
    assert told["next"] is None


def test_one_query_is_shown_with_its_file(client: httpx.Client) -> None:
    told = client.get("/v1/queries/networks/neighbourhood").json()
    assert told["text"].startswith("/*---")
    assert told["params"][0] == {
        "name": "party",
        "type": "entity",
        "required": True,
        "default": None,
        "min": None,
        "max": None,
        "choices": [],
        "help": "The party to start from.",
    }


def test_a_saved_query_answers_as_the_library_does(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    told = client.post("/v1/queries/networks/neighbourhood/run", json={"params": {"party": IMPORTER}}).json()
    known = workspace.query("networks/neighbourhood", {"party": IMPORTER})
    assert [tuple(row) for row in told["rows"]] == list(known.rows)
    assert told["entities"] == list(known.entities())
    assert [column["type"] for column in told["columns"]] == [column.type.value for column in known.columns]


def test_every_saved_query_with_defaults_runs(client: httpx.Client) -> None:
    for query in load_queries():
        if not any(param.required for param in query.params):
            assert client.post(f"/v1/queries/{query.name}/run", json={}).status_code == 200, query.name


def test_cypher_of_ones_own_is_limited_and_says_that_there_is_more(client: httpx.Client) -> None:
    told = client.post("/v1/queries/run", json=CYPHER["example"]["value"]).json()
    assert [IMPORTER in row for row in told["rows"]].count(True) == 1
    many = client.post("/v1/queries/run", json={"cypher": "MATCH (s:Shipment) RETURN s"}).json()
    assert (len(many["rows"]), many["truncated"]) == (1000, True)
    assert many["columns"][0]["type"] == "entity"
    assert PHONE not in many["entities"]
