"""A write sent again under its Idempotency-Key changes nothing and is answered as before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from api import idempotency
from api.app import create_app
from api.idempotency import Ask, KeptAnswers
from graphinv.errors import InvalidInput, WorkspaceBusy
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.api.problems import problem
from tests.api.serving import serving

SELLERS = b"platform,seller_id,display_name\nbazario,S1,lamp row\n"
MORE = SELLERS + b"bazario,S2,lamp row two\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Workspace]:
    opened = open_workspace_folder(Settings(workspace=tmp_path / "workspace"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server over a workspace of this module's own."""
    with (
        OpenedWorkspace(Settings(workspace=tmp_path_factory.mktemp("idempotency") / "workspace")) as workspace,
        serving(create_app(workspace)) as client,
    ):
        yield client


def send(client: httpx.Client, key: str | None, body: bytes = SELLERS, feed: str = "sellers") -> httpx.Response:
    named = {"content-type": "text/csv"} | ({} if key is None else {"idempotency-key": key})
    return client.post(f"/v1/feeds/{feed}", content=body, headers=named)


def test_the_same_request_is_answered_as_before_and_not_worked_on_again(fresh: httpx.Client) -> None:
    first, second = send(fresh, '"lamps-1"'), send(fresh, "lamps-1")
    assert first.status_code == second.status_code == 200
    assert second.content == first.content
    assert first.json()["feeds"]["sellers"]["accepted"] == 1
    assert (first.headers.get("idempotency-replayed"), second.headers["idempotency-replayed"]) == (None, "true")
    assert send(fresh, None).json()["feeds"]["sellers"]["duplicate"] == 1


def test_a_key_used_for_another_body_or_route_is_refused_and_nothing_is_loaded(fresh: httpx.Client) -> None:
    assert send(fresh, "lamps-2").status_code == 200
    told = problem(send(fresh, "lamps-2", MORE), 422, "invalid-input")
    assert "another request" in told["detail"]
    assert send(fresh, None, MORE).json()["feeds"]["sellers"]["accepted"] == 1


def test_a_refused_request_may_be_mended_under_its_key(fresh: httpx.Client) -> None:
    problem(send(fresh, "lamps-3", b"what is this\n"), 422, "feed")
    assert send(fresh, "lamps-3").status_code == 200


def test_a_key_that_is_too_long_is_refused(fresh: httpx.Client) -> None:
    problem(send(fresh, "k" * 256), 422, "invalid-input")


def test_keys_belong_to_their_caller_and_route(folder: Workspace) -> None:
    answers = KeptAnswers(folder.engine)
    answers.keep(Ask.of("anna", "feeds/sellers", "k", "body"), b"one")
    assert answers.find(Ask.of("anna", "feeds/sellers", '"k"', "body")) == b"one"
    assert answers.find(Ask.of("bert", "feeds/sellers", "k", "body")) is None
    assert answers.find(Ask.of("anna", "feeds/importers", "k", "body")) is None
    with pytest.raises(InvalidInput, match="another request"):
        answers.find(Ask.of("anna", "feeds/sellers", "k", "another body"))


def test_answers_go_after_a_day_and_their_keys_are_free_again(
    folder: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, ask = KeptAnswers(folder.engine), Ask.of("anna", "feeds/sellers", "k", "body")
    answers.keep(ask, b"one")
    monkeypatch.setattr(idempotency, "KEPT_FOR", timedelta(0))
    assert answers.find(ask) is None
    answers.keep(ask, b"two")
    monkeypatch.setattr(idempotency, "KEPT_FOR", timedelta(days=1))
    assert answers.find(ask) == b"two"


def test_of_two_servers_that_keep_one_answer_the_first_wins(folder: Workspace) -> None:
    ask = Ask.of("anna", "feeds/sellers", "k", "body")
    KeptAnswers(folder.engine).keep(ask, b"one")
    KeptAnswers(folder.engine).keep(ask, b"two")
    assert KeptAnswers(folder.engine).find(ask) == b"one"


def test_a_request_that_is_being_worked_on_is_not_worked_on_twice(folder: Workspace) -> None:
    answers, ask = KeptAnswers(folder.engine), Ask.of("anna", "feeds/sellers", "k", "body")
    with answers.working_on(ask), pytest.raises(WorkspaceBusy, match="still being worked on"), answers.working_on(ask):
        pass
    with answers.working_on(ask):
        pass
