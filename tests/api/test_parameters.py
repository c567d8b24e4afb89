"""A query parameter that a route does not take is refused with those that it takes, on every route of ``/v1``."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from api.app import create_app
from api.parameters import parameters_of
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving


@pytest.fixture
def empty(empty_workspace: Settings) -> Iterator[httpx.Client]:
    """A server over a workspace without records."""
    with serving(create_app(empty_workspace)) as found:
        yield found


def test_a_field_of_the_body_sent_in_the_address_is_told_as_one(empty: httpx.Client) -> None:
    told = problem(empty.post("/v1/shipments", params={"apply": "true"}, json={"shipments": [{}]}), 422)
    assert told["detail"] == "query.apply: no such parameter; this route takes none: it is a field of the body"
    assert told["errors"][0]["location"] == ["query", "apply"]


@pytest.mark.parametrize("path", ["/v1/clusters", "/v1/judgements", "/v1/alerts"])
def test_a_misspelt_parameter_is_told_with_those_of_the_route(empty: httpx.Client, path: str) -> None:
    told = problem(empty.get(path, params={"limt": 3, "cursor": ""}), 422, "invalid-input")
    assert [one["location"] for one in told["errors"]] == [["query", "limt"]]
    assert "limit, cursor" in told["detail"] or "cursor, limit" in told["detail"]


def test_every_route_of_the_api_refuses_what_it_does_not_take_and_takes_what_it_documents(
    empty_workspace: Settings,
) -> None:
    app = create_app(empty_workspace)
    documented: dict[str, Any] = app.openapi()["paths"]
    with serving(app) as client:
        routes = {
            (found.path, method): found
            for context in iter_route_contexts(app.routes)
            if isinstance(found := context.original_route, APIRoute) and found.path.startswith("/v1/")
            for method in found.methods or ()
        }
        assert {("/v1/health", "GET"), ("/v1/shipments", "POST"), ("/v1/pages/summary", "GET")} <= set(routes)
        for (path, method), route in routes.items():
            told = problem(client.request(method, path.replace(":path}", "}"), params={"zzz": "1"}), 422)
            assert told["errors"][0]["location"] == ["query", "zzz"], path
            if not path.startswith("/v1/pages"):
                places = documented[path.replace(":path}", "}")][method.lower()].get("parameters", [])
                assert {one["name"] for one in places if one["in"] == "query"} == set(parameters_of(route)), path


def test_the_address_of_a_page_may_carry_what_its_script_reads(empty: httpx.Client) -> None:
    assert empty.get("/clusters", params={"seized": "true"}).status_code == 200
