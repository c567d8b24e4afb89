"""Alerts over HTTP: polled with a cursor, decided on with a reason, taken back.

Kestrel Dock is seized from; Piper Lane and Wren Hill have its phone. All parties are invented.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving
from tests.load.feeds import write_rows

PHONE = {"phone": "+1 213 555 0148", "registered_on": "2024-01-05", "city": "Dayton", "state": "OH", "country": "US"}
SEIZED = {"importer_number": "12-345678900", "name": "Kestrel Dock Imports", "address_line1": "1 Quay Rd", **PHONE}
LINKED = [
    {"importer_number": "98-765432100", "name": "Piper Lane Goods", "address_line1": "77 Elm St", **PHONE},
    {"importer_number": "98-765432200", "name": "Wren Hill Outfitters", "address_line1": "9 Oak Ave", **PHONE},
]
Z1 = {"seizure_id": "Z1", "seized_on": "2024-05-04", "importer_number": "12-345678900", "category": "ipr"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case, loaded into the embedded store."""
    folder = tmp_path_factory.mktemp("alerted")
    feeds = write_rows(folder / "feeds", importers=[SEIZED, *LINKED], seizures=[Z1])
    with OpenedWorkspace(Settings(workspace=folder / "workspace")) as opened:
        assert (opened.load([feeds]).alerts or pytest.fail("nothing was examined")).raised == 2
        yield opened


@pytest.fixture(scope="module")
def client(workspace: OpenedWorkspace) -> Iterator[httpx.Client]:
    """A client of a server over it."""
    with serving(create_app(workspace)) as found:
        yield found


def listed(client: httpx.Client, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/alerts", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def dispose(client: httpx.Client, alert: str, status: str, why: str = "seen", **headers: str) -> httpx.Response:
    body = {"status": status, "why": why, "who": "ann"}
    return client.post(f"/v1/alerts/{alert}/disposition", json=body, headers=headers)


def ids(page: dict[str, Any]) -> list[str]:
    return [one["id"] for one in page["items"]]


def test_an_alert_tells_its_link_with_the_evidence(client: httpx.Client) -> None:
    page = listed(client, order="certain")
    assert page["total"] == 2
    told = page["items"][0]["told"]
    assert told["target"]["caption"] == "Kestrel Dock Imports"
    assert told["evidence"][0]["value"] == "+12135550148"
    assert told["seizure"]["id"] == "seizure:Z1"


def test_a_poller_sees_every_new_or_changed_alert_exactly_once(client: httpx.Client) -> None:
    first = listed(client, limit=1)
    second = listed(client, limit=1, cursor=first["next"])
    assert len({*ids(first), *ids(second)}) == 2
    nothing = listed(client, cursor=second["next"])
    assert (nothing["items"], nothing["next"] is None) == ([], False)
    dispose(client, ids(first)[0], "watching")
    assert ids(listed(client, cursor=nothing["next"])) == ids(first)
    again = listed(client, cursor=listed(client, cursor=nothing["next"])["next"])
    assert again["items"] == []


@pytest.mark.parametrize("order", ["certain", "newest"])
def test_lists_are_paged_to_their_end(client: httpx.Client, order: str) -> None:
    first = listed(client, limit=1, order=order)
    second = listed(client, limit=1, order=order, cursor=first["next"])
    assert len({*ids(first), *ids(second)}) == 2
    assert second["next"] is None


def test_a_cursor_belongs_to_its_list(client: httpx.Client) -> None:
    cursor = listed(client, limit=1)["next"]
    problem(client.get("/v1/alerts", params={"cursor": cursor, "order": "certain"}), 422, "invalid-input")
    problem(client.get("/v1/alerts", params={"cursor": "xxxx"}), 422, "invalid-input")


def test_a_disposition_moves_an_alert_and_is_taken_back(client: httpx.Client) -> None:
    alert = ids(listed(client, order="certain"))[1]
    before = client.get(f"/v1/alerts/{alert}").json()["alert"]
    cleared = dispose(client, alert, "cleared", "a landlord's phone").json()
    assert cleared["alert"]["status"] == "cleared"
    said = cleared["alert"]["disposition"]
    assert (said["status"], said["who"], said["why"]) == ("cleared", "ann", "a landlord's phone")
    assert alert in ids(listed(client, status="cleared"))
    undone = client.post(f"/v1/alerts/{alert}/undo", json={"why": "wrong file", "who": "bob"}).json()
    assert undone["alert"]["status"] == before["status"]
    assert [one["kind"] for one in undone["history"]][-2:] == ["disposed", "undone"]
    problem(client.post(f"/v1/alerts/{alert}/undo", json={}), 422, "invalid-input")


def test_the_same_idempotency_key_counts_once(client: httpx.Client) -> None:
    one, other = ids(listed(client, order="certain"))
    key = {"Idempotency-Key": "k-1"}
    answers = [dispose(client, one, "confirmed", **key).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert [event["kind"] for event in answers[1]["history"]].count("disposed") == len(
        [event for event in answers[0]["history"] if event["kind"] == "disposed"]
    )
    problem(dispose(client, one, "cleared", **key), 422, "invalid-input")
    problem(dispose(client, other, "confirmed", **key), 422, "invalid-input")
    client.post(f"/v1/alerts/{one}/undo", json={})


def test_what_is_no_disposition_is_refused(client: httpx.Client) -> None:
    alert = ids(listed(client))[0]
    refused = problem(dispose(client, alert, "withdrawn"), 422, "invalid-input")
    assert refused["detail"] == "body.status: Input should be 'open', 'watching', 'confirmed' or 'cleared'"
    problem(dispose(client, alert, "cleared", ""), 422, "invalid-input")
    problem(dispose(client, alert, "cleared", "   "), 422, "invalid-input")
    problem(dispose(client, "nonesuch", "cleared"), 404, "not-found")
    problem(client.get("/v1/alerts/nonesuch"), 404, "not-found")
    problem(client.get("/v1/alerts", params={"since": "soon"}), 422, "invalid-input")


def test_a_disposition_leaves_an_audit_line_and_no_number(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    alert = ids(listed(client))[0]
    made = dispose(client, alert, "watching", "her card says 321-54-9876").json()
    assert made["alert"]["disposition"]["why"] == "her card says ***-**-****"
    text = workspace.folder.audit_log.read_text(encoding="utf-8")
    line = orjson.loads(text.splitlines()[-1])
    assert (line["route"], line["detail"]) == ("alerts/disposition", {"alert": alert, "status": "watching"})
    assert "321-54-9876" not in text
