"""Health, metrics, headers, start and stop."""

import uuid

import httpx
import orjson
import pytest
from pydantic import TypeAdapter

from api.app import create_app
from graphinv import __version__
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving


def test_a_loaded_workspace_is_well(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    told = client.get("/v1/health").json()
    assert (told["status"], told["version"]) == ("ok", __version__)
    assert told["index"]["epoch"] == workspace.index.meta.epoch
    assert told["store"] == {"reachable": True, "kind": "arcadedb"}


def test_an_empty_workspace_says_so_and_answers_what_it_can(empty_workspace: Settings) -> None:
    with serving(create_app(empty_workspace)) as client:
        assert client.get("/v1/health").json()["status"] == "empty"
        assert client.get("/v1/queries").status_code == 200
        told = problem(client.post("/v1/links/lookup", json={"queries": {"k": {"name": "A"}}}), 503, "workspace")
        assert "load" in told["detail"]
        row = "importer_number,name\n55-010203000,Larkspur Tile Imports LLC\n"
        client.post("/v1/feeds/importers", content=row, headers={"content-type": "text/csv"})
        assert client.get("/v1/health").json()["status"] == "ok"
        assert client.post("/v1/links/lookup", json={"queries": {"k": {"name": "A"}}}).status_code == 200


def test_the_first_request_builds_no_route(empty_workspace: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a route is built while other threads compile and silence warnings")

    app = create_app(empty_workspace)
    monkeypatch.setattr(TypeAdapter, "__init__", refuse)
    with serving(app) as client:
        assert client.get("/v1/health").status_code == 200
        assert client.get("/v1/alerts").status_code == 200


def test_metrics_count_by_route_template_and_band_and_name_nobody(client: httpx.Client) -> None:
    client.get("/v1/entities/phone:+12125550199")
    client.post("/v1/links/lookup", json={"queries": {"k": {"name": "Hidden Name", "phones": ["+12125550199"]}}})
    text = client.get("/v1/metrics").text
    assert 'route="/v1/entities/{entity_id:path}"' in text
    assert 'graphinv_lookups_total{band="' in text
    assert "12125550199" not in text
    assert "Hidden" not in text


def test_every_answer_carries_security_headers_and_its_id(client: httpx.Client) -> None:
    mine = str(uuid.uuid4())
    for path in ("/v1/health", "/v1/nowhere", "/openapi.json"):
        answered = client.get(path, headers={"x-request-id": mine})
        assert answered.headers["x-request-id"] == mine
        assert answered.headers["x-content-type-options"] == "nosniff"
        assert answered.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answered.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answered.headers
    assert client.get("/v1/health").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("sent", ["123-45-6789", "x" * 500, "a b"])
def test_an_id_that_may_say_anything_is_replaced(client: httpx.Client, sent: str) -> None:
    given = client.get("/v1/health", headers={"x-request-id": sent}).headers["x-request-id"]
    assert given != sent
    assert uuid.UUID(given)


def test_a_page_of_another_site_may_not_send_json(client: httpx.Client) -> None:
    """Text is what a browser sends across sites without asking first; it is not taken for JSON."""
    body = orjson.dumps({"queries": {"k": {"name": "A"}}})
    problem(client.post("/v1/links/lookup", content=body, headers={"content-type": "text/plain"}), 422)
    asked = client.options(
        "/v1/links/lookup", headers={"origin": "https://a.example", "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in asked.headers


def test_the_store_is_stopped_with_the_app_that_opened_it(empty_workspace: Settings) -> None:
    running = empty_workspace.workspace / "store" / "server.json"
    with serving(create_app(empty_workspace)) as client:
        assert client.get("/v1/health").json()["store"]["reachable"]
        assert running.exists()
    assert not running.exists()


def test_a_server_whose_store_is_still_starting_answers_at_once(workspace: OpenedWorkspace) -> None:
    app = create_app(workspace)
    with serving(app) as client:
        app.state.services.greeted.clear()
        told = client.get("/v1/health").json()
        assert (told["status"], told["store"]["reachable"]) == ("degraded", False)
        assert "starting" in told["detail"]
