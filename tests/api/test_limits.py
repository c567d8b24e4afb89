"""Bodies that are too long, and callers who ask too often."""

import os
from collections.abc import Iterator

import httpx
import pytest

from api.app import create_app
from api.limits import ApiLimits
from graphinv.errors import InvalidInput
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving

SMALL = ApiLimits(body_bytes=2_000_000, feed_bytes=3_000_000)
JSON = {"content-type": "application/json"}


@pytest.fixture
def small(empty_workspace: Settings) -> Iterator[httpx.Client]:
    """A server that takes little."""
    with serving(create_app(empty_workspace, SMALL)) as client:
        yield client


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // 100_000):
        yield b"x" * 100_000


def test_a_body_that_is_too_long_is_refused_before_it_is_read(small: httpx.Client) -> None:
    told = problem(small.post("/v1/links/lookup", content=b"x" * 2_000_001, headers=JSON), 413)
    assert "2 MB" in told["detail"]


def test_a_body_without_a_length_is_read_no_further_than_allowed(small: httpx.Client) -> None:
    problem(small.post("/v1/links/lookup", content=chunks(5_000_000), headers=JSON), 413)
    problem(small.post("/v1/feeds/importers", content=chunks(5_000_000), headers={"content-type": "text/csv"}), 413)


def test_a_feed_may_be_longer_than_other_bodies(small: httpx.Client) -> None:
    rows = [b"55-0102030%02dAA,Larkspur Tile %02d,%s" % (number, number, b"x" * 50_000) for number in range(50)]
    body = b"importer_number,name,company_type\n" + b"\n".join(rows)
    assert 2_000_000 < len(body) < 3_000_000
    answered = small.post("/v1/feeds/importers", content=body, headers={"content-type": "text/csv"})
    assert answered.json()["feeds"]["importers"]["accepted"] == 50


def test_a_refused_upload_leaves_no_file(small: httpx.Client, empty_workspace: Settings) -> None:
    small.post("/v1/feeds/importers", content=chunks(5_000_000), headers={"content-type": "text/csv"})
    assert not [path for path in (empty_workspace.workspace / "incoming").rglob("*") if path.is_file()]


def test_what_a_killed_server_left_of_an_upload_goes_at_the_next_start(empty_workspace: Settings) -> None:
    old, young = (empty_workspace.workspace / "incoming" / name for name in ("old", "young"))
    create_app(empty_workspace)
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "importers.csv").write_text("half a")
    os.utime(old, (0, 0))
    with serving(create_app(empty_workspace)):
        assert not old.exists()
        assert young.exists()


def test_a_caller_who_asks_too_often_is_told_when_to_come_back(empty_workspace: Settings) -> None:
    with serving(create_app(empty_workspace, ApiLimits(requests_per_minute=5))) as client:
        answers = [client.get("/v1/queries/networks/neighbourhood") for _ in range(7)]
        assert [answer.status_code for answer in answers[:5]] == [200] * 5
        problem(answers[6], 429)
        assert 1 <= int(answers[6].headers["retry-after"]) <= 12


def test_one_caller_does_not_use_up_the_rate_of_another(empty_workspace: Settings) -> None:
    settings = Settings(workspace=empty_workspace.workspace, api_keys=("a", "b"))
    with serving(create_app(settings, ApiLimits(requests_per_minute=2))) as client:
        first = [client.get("/v1/nowhere", headers={"x-api-key": "a"}).status_code for _ in range(3)]
        assert first == [404, 404, 429]
        assert client.get("/v1/nowhere", headers={"x-api-key": "b"}).status_code == 404


def test_limits_come_from_the_environment() -> None:
    env = {"GRAPHINV_MAX_BODY_MB": "1", "GRAPHINV_MAX_FEED_MB": "50", "GRAPHINV_RATE_PER_MINUTE": "600"}
    assert ApiLimits.from_environment(env) == ApiLimits(1_000_000, 50_000_000, 600)
    assert ApiLimits.from_environment({}) == ApiLimits()
    with pytest.raises(InvalidInput, match="GRAPHINV_MAX_FEED_MB"):
        ApiLimits.from_environment({"GRAPHINV_MAX_FEED_MB": "-3"})
