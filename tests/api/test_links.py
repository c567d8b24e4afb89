"""Look-ups and paths over HTTP, and what is written down about them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import orjson
import pytest

from api.app import create_app
from api.examples import IMPORTER, LOOKUPS, PHONE, SEIZED_IMPORTER
from graphinv.opened import OpenedWorkspace
from graphinv.past import PastIndex, PastIndexes
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving

QUERY: dict[str, Any] = LOOKUPS["example"]["value"] or {}


def lines(workspace: OpenedWorkspace) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in workspace.folder.audit_log.read_bytes().splitlines()]


def test_the_answer_is_that_of_the_library(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    told = client.post("/v1/links/lookup", json=QUERY).json()
    known = orjson.loads(orjson.dumps(workspace.lookup(QUERY)))
    assert told.pop("took_ms") >= 0
    known.pop("took_ms")
    assert told == known
    assert told["responses"]["k1"]["links"]


def test_a_hundred_queries_are_answered_each_under_its_key(client: httpx.Client) -> None:
    queries = {f"k{number}": {"name": f"Larkspur {number}"} for number in range(100)}
    told = client.post("/v1/links/lookup", json={"queries": queries}).json()
    assert told["responses"].keys() == queries.keys()


def test_a_past_day_answers_with_what_was_known_then(client: httpx.Client) -> None:
    told = client.post("/v1/links/lookup", json={**QUERY, "as_of": "2023-09-01"}).json()
    assert told["as_of"] < "2023-09-02"
    late = [link["seizure"]["seized_on"] for link in told["responses"]["k1"]["links"]]
    assert all(day <= "2023-09-01" for day in late)


def test_look_ups_of_now_do_not_wait_for_the_index_of_a_past_day(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()
    made = PastIndexes._made

    def slowly(*given: Any) -> PastIndex | None:
        begun.set()
        assert go_on.wait(60)
        return made(*given)

    monkeypatch.setattr(PastIndexes, "_made", slowly)
    with ThreadPoolExecutor(1) as beside:
        past = beside.submit(client.post, "/v1/links/lookup", json={**QUERY, "as_of": "2023-10-03"})
        try:
            assert begun.wait(60)
            assert client.post("/v1/links/lookup", json=QUERY).json()["responses"]["k1"]["links"]
            assert not past.done()
        finally:
            go_on.set()
        notes = past.result().json()["responses"]["k1"]["notes"]
    assert any("one was made from the records" in note for note in notes)


def test_paths_lead_from_a_party_to_a_seizure_or_to_another_node(client: httpx.Client) -> None:
    seized = client.post("/v1/paths", json={"from": IMPORTER}).json()
    assert seized["paths"][0]["seizure"]["id"].startswith("seizure:")
    between = client.post("/v1/paths", json={"from": IMPORTER, "to": SEIZED_IMPORTER}).json()
    first = between["paths"][0]
    assert (first["path"]["nodes"][0], first["path"]["nodes"][-1]) == (IMPORTER, SEIZED_IMPORTER)
    assert {edge["id"] for edge in between["graph"]["edges"]} >= set(first["path"]["edges"])


def test_paths_go_round_what_is_left_out(client: httpx.Client) -> None:
    asked = {"from": IMPORTER, "to": SEIZED_IMPORTER}
    assert PHONE in client.post("/v1/paths", json=asked).json()["paths"][0]["path"]["nodes"]
    told = client.post("/v1/paths", json={**asked, "without": {"ids": [PHONE]}}).json()
    assert all(PHONE not in path["path"]["nodes"] for path in told["paths"])


@pytest.mark.parametrize("types", [["Phones"], ["Importer", "HAS_FAX"], ["Port"]])
def test_a_type_that_no_path_uses_is_refused_and_the_ones_there_are_are_named(
    client: httpx.Client, types: list[str]
) -> None:
    body = {"from": IMPORTER, "without": {"types": types}}
    told = problem(client.post("/v1/paths", json=body), 422, "invalid-input")
    assert "HAS_PHONE" in told["detail"]
    assert "Importer" in told["detail"]
    assert types[-1] not in told["detail"].split(", ")


def test_paths_do_without_a_label_or_a_relationship_type(client: httpx.Client) -> None:
    for name in ("Phone", "HAS_PHONE"):
        body = {"from": IMPORTER, "to": SEIZED_IMPORTER, "k": 10, "without": {"types": [name]}}
        told = client.post("/v1/paths", json=body).json()
        assert PHONE not in {node for path in told["paths"] for node in path["path"]["nodes"]}


def test_every_look_up_leaves_a_line_without_a_value(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    before = len(lines(workspace))
    party = {"name": "Unmistakable Name", "phones": ["+12125550198"], "tax_ids": ["12-3456789"]}
    answered = client.post("/v1/links/lookup", json={"queries": {"secret-key": party, "other": party}})
    line = lines(workspace)[before]
    assert line["request"] == answered.headers["x-request-id"]
    assert (line["route"], line["queries"], line["key"]) == ("links/lookup", 2, "local")
    assert sum(line["bands"].values()) == 2
    assert line["epoch"] == answered.json()["index"]["epoch"]
    written = orjson.dumps(line).decode()
    assert not any(value in written for value in ("Unmistakable", "2125550198", "3456789", "secret-key"))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/queries/run", {"cypher": "MATCH (n) DETACH DELETE n"}, "query-refused"),
        ("/v1/paths", {"from": "importer:none"}, "not-found"),
        ("/v1/network", {"seeds": ["importer:none"]}, "not-found"),
    ],
)
def test_what_was_refused_is_on_record_too(
    client: httpx.Client, workspace: OpenedWorkspace, path: str, body: dict[str, Any], status: str
) -> None:
    answered = client.post(path, json=body)
    line = lines(workspace)[-1]
    assert (line["request"], line["status"]) == (answered.headers["x-request-id"], status)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_what_cannot_be_written_down_is_not_answered(empty_workspace: Settings) -> None:
    with OpenedWorkspace(empty_workspace) as opened:
        opened.folder.audit_log.symlink_to("/dev/full")
        with serving(create_app(opened)) as client:
            answered = client.post("/v1/queries/run", json={"cypher": "MATCH (p:Port) RETURN p.uid"})
    told = problem(answered, 503, "workspace")
    assert "audit.jsonl cannot be written" in told["detail"]
