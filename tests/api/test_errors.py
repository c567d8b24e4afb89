"""Every error has the problem shape, and none repeats what was sent."""

import gzip
import logging
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from graphinv import errors
from graphinv.errors import GraphinvError
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving

SECRET = "123-45-6789"
JSON = {"content-type": "application/json"}
MISTAKES: list[tuple[str, str, dict[str, Any], int]] = [
    ("GET", "/nowhere", {}, 404),
    ("GET", "/v1/nowhere", {}, 404),
    ("GET", f"/v1/{SECRET}", {}, 404),
    ("DELETE", "/v1/paths", {}, 405),
    ("GET", "/v1/links/lookup", {}, 405),
    ("POST", "/v1/links/lookup", {}, 422),
    ("POST", "/v1/links/lookup", {"content": '{"queries": ', "headers": JSON}, 422),
    ("POST", "/v1/links/lookup", {"content": SECRET.encode() + b"\xff", "headers": JSON}, 400),
    ("POST", "/v1/links/lookup", {"content": "{}", "headers": {"content-type": "text/plain"}}, 422),
    ("POST", "/v1/links/lookup", {"json": {"queries": {}}}, 422),
    ("POST", "/v1/links/lookup", {"json": {"queries": {SECRET: {"phones": SECRET}}}}, 422),
    ("POST", "/v1/links/lookup", {"json": {"queries": {"k": {"tax_ids": [SECRET], SECRET: 1}}}}, 422),
    ("POST", "/v1/links/lookup", {"json": {"queries": {"k": {}}, "as_of": SECRET}}, 422),
    ("POST", "/v1/links/lookup", {"json": {"queries": {f"k{n}": {} for n in range(101)}}}, 422),
    ("POST", "/v1/paths", {"json": {"from": f"importer:{SECRET}"}}, 404),
    ("POST", "/v1/paths", {"json": {"from": "importer:x", "k": 99}}, 422),
    ("POST", "/v1/network", {"json": {"seeds": [f"importer:{SECRET}"]}}, 404),
    ("POST", "/v1/network", {"json": {"seeds": ["importer:x"], "format": SECRET}}, 422),
    ("GET", f"/v1/entities/importer:{SECRET}", {}, 404),
    ("GET", f"/v1/entities/importer:{SECRET}/neighbours", {}, 404),
    ("GET", "/v1/entities", {"params": {"type": SECRET}}, 422),
    ("GET", "/v1/entities", {"params": {"as_of": "2024-01-01"}}, 422),
    ("GET", "/v1/entities", {"params": {"cursor": SECRET}}, 422),
    ("GET", "/v1/entities", {"params": {"limit": SECRET}}, 422),
    ("GET", "/v1/entities", {"params": {SECRET: "1"}}, 422),
    ("GET", "/v1/queries/no/such", {}, 404),
    ("POST", "/v1/queries/no/such/run", {"json": {}}, 404),
    ("POST", "/v1/queries/networks/neighbourhood/run", {"json": {"params": {"party": SECRET}}}, 422),
    ("POST", "/v1/queries/run", {"json": {"cypher": "MATCH (n) DETACH DELETE n"}}, 422),
    ("POST", "/v1/queries/run", {"json": {"cypher": f"MATCH (n) WHERE n.uid = '{SECRET}' RETURN n.uid +"}}, 422),
    ("POST", "/v1/records", {"json": {"id": "nonsense"}}, 422),
    ("POST", "/v1/records", {"json": {"id": f"importers:{SECRET}"}}, 404),
    ("POST", f"/v1/feeds/{SECRET}", {"content": b"a\n1\n", "headers": {"content-type": "text/csv"}}, 422),
    ("POST", "/v1/feeds/importers", {"content": b"a\n1\n", "headers": {"content-type": "text/csv"}}, 422),
    ("POST", "/v1/feeds/importers", {"content": SECRET.encode(), "headers": {"content-type": "image/png"}}, 422),
    (
        "POST",
        "/v1/feeds/importers",
        {
            "content": gzip.compress(b"name\nA\n")[:12],
            "headers": {"content-type": "text/csv", "content-encoding": "gzip"},
        },
        422,
    ),
]


@pytest.mark.parametrize(("method", "path", "sent", "status"), MISTAKES)
def test_every_mistake_is_told_as_a_problem_that_does_not_repeat_it(
    client: httpx.Client, method: str, path: str, sent: dict[str, Any], status: int
) -> None:
    response = client.request(method, path, **sent)
    problem(response, status)
    assert SECRET not in response.text
    assert SECRET.replace("-", "") not in response.text


def test_more_than_a_hundred_queries_are_refused_with_the_place(client: httpx.Client) -> None:
    body = {"queries": {f"k{number}": {"name": "A"} for number in range(101)}}
    told = problem(client.post("/v1/links/lookup", json=body), 422, "invalid-input")
    assert told["errors"][0]["location"] == ["body", "queries"]
    assert "100" in told["detail"]


def test_a_refused_query_says_rule_place_and_way_out(client: httpx.Client) -> None:
    told = problem(client.post("/v1/queries/run", json={"cypher": "MATCH (n)-[*]->(m) RETURN n"}), 422, "query-refused")
    assert "line 1" in told["detail"]
    assert "hops" in told["detail"]


def test_a_method_that_is_not_allowed_names_those_that_are(client: httpx.Client) -> None:
    assert client.delete("/v1/paths").headers["allow"] == "POST"


def kinds(base: type[GraphinvError]) -> list[type[GraphinvError]]:
    return [base, *(kind for child in base.__subclasses__() for kind in kinds(child))]


def test_every_error_of_ours_has_a_status_and_hides_the_folder(empty_workspace: Settings) -> None:
    app = create_app(empty_workspace)
    raised = {kind.__name__: kind for kind in kinds(errors.GraphinvError)}

    @app.get("/raise/{name}")
    async def fail(name: str) -> None:
        raise raised[name](f"the lock of {empty_workspace.workspace.absolute()}/keys is held; wait")

    with serving(app) as client:
        for name, kind in raised.items():
            response = client.get(f"/raise/{name}")
            told = problem(response, response.status_code, kind.kind)
            assert (response.status_code == 503) <= ("retry-after" in response.headers), name
            assert told["detail"] == "the lock of the workspace/keys is held; wait"
            ours = kind is GraphinvError or issubclass(kind, errors.StoreError | errors.WorkspaceError)
            assert (response.status_code >= 500) == (ours and kind is not errors.WorkspaceBusy), name


def broken_app(settings: Settings) -> FastAPI:
    app = create_app(settings)

    @app.get("/break")
    async def fail() -> None:
        raise KeyError(SECRET)

    return app


def test_what_nobody_foresaw_is_a_problem_too_and_its_text_stays_out_of_the_log(
    empty_workspace: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(broken_app(empty_workspace)) as client, caplog.at_level(logging.DEBUG):
        response = client.get("/break")
        told = problem(response, 500, "internal")
    assert told["instance"].removeprefix("urn:uuid:") in caplog.text
    assert "KeyError" in caplog.text
    assert SECRET not in caplog.text


def test_a_misspelt_field_is_told_with_the_one_that_was_meant(client: httpx.Client) -> None:
    body = {"queries": {"k1": {"phone": "+1 213 555 0148"}}}
    told = problem(client.post("/v1/links/lookup", json=body), 422, "invalid-input")
    assert told["detail"] == "body.queries.k1.phone: no such field; did you mean phones?"
