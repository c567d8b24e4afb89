"""Keys, and who is answered without any."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving

KEYS = ("first-key", "second-key")


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server with two keys, and a client that sends none."""
    settings = Settings(workspace=tmp_path_factory.mktemp("keyed") / "workspace", api_keys=KEYS)
    with serving(create_app(settings)) as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer first-key"},
        {"authorization": "bearer second-key"},
        {"X-API-Key": "second-key"},
    ],
)
def test_a_key_opens_the_api(keyed: httpx.Client, headers: dict[str, str]) -> None:
    assert keyed.get("/v1/queries", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer third-key"},
        {"Authorization": "Basic first-key"},
        {"Authorization": "Bearer"},
        {"X-API-Key": "first-keyy"},
        {"X-API-Key": "first-key,second-key"},
        {"Authorization": "Bearer wrong", "X-API-Key": "first-key"},
    ],
)
def test_without_a_key_every_route_but_health_is_closed(keyed: httpx.Client, headers: dict[str, str]) -> None:
    for path in ("/v1/queries", "/v1/metrics", "/v1/entities", "/v1/nowhere"):
        refused = keyed.get(path, headers=headers)
        told = problem(refused, 401, "unauthorized")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert not any(key in told["detail"] for key in KEYS)
    assert keyed.get("/v1/health", headers=headers).status_code == 200


def test_a_wrong_key_is_refused_before_the_body_is_read(keyed: httpx.Client) -> None:
    problem(keyed.post("/v1/links/lookup", content="{", headers={"content-type": "application/json"}), 401)


def test_without_keys_only_loopback_names_are_answered(client: httpx.Client) -> None:
    for host in ("attacker.example", "attacker.example:80", "127.0.0.1.attacker.example", ""):
        problem(client.get("/v1/queries", headers={"host": host}), 401)
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:8000", "[::1]"):
        assert client.get("/v1/queries", headers={"host": host}).status_code == 200


def test_without_keys_a_server_that_others_reach_answers_nobody(workspace: OpenedWorkspace) -> None:
    app = create_app(workspace)

    async def asked_at(server: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{server}") as client:
            return await client.get("/v1/queries", headers={"host": "localhost"})

    problem(asyncio.run(asked_at("192.0.2.7")), 401)
    assert asyncio.run(asked_at("127.0.0.1")).status_code == 200
