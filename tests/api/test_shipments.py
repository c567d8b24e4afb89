"""Advance data over HTTP: kept, screened before the answer, and lost by nothing.

Kestrel Dock is seized from; what arrives has its phone. All parties are invented.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from api.app import create_app
from graphinv.ingest import RecordStore
from graphinv.links.index import FORMAT
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving
from tests.api.test_alerts import SEIZED, Z1
from tests.current.test_splits import record
from tests.load.feeds import write_rows


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case, loaded into the embedded store."""
    folder = tmp_path_factory.mktemp("arriving")
    feeds = write_rows(folder / "feeds", importers=[SEIZED], seizures=[Z1])
    with OpenedWorkspace(Settings(workspace=folder / "workspace")) as opened:
        opened.load([feeds])
        yield opened


@pytest.fixture(scope="module")
def client(workspace: OpenedWorkspace) -> Iterator[httpx.Client]:
    """A client of a server over it."""
    with serving(create_app(workspace)) as found:
        yield found


def row(key: str, **columns: Any) -> dict[str, Any]:
    filed = {"shipment_id": key, "filed_at": "2024-06-01T10:00:00Z", "entry_type": "86", "consignee_name": "Tern Goods"}
    return {**filed, **columns}


def send(client: httpx.Client, *rows: dict[str, Any], key: str | None = None, **more: Any) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return client.post("/v1/shipments", json={"shipments": list(rows), **more}, headers=headers)


def counts(answer: httpx.Response) -> tuple[int, int, int, int]:
    assert answer.status_code == 200, answer.text
    feed = answer.json()["feeds"]["shipments"]
    return feed["read"], feed["accepted"], feed["duplicate"], feed["quarantined"]


def recorded(workspace: OpenedWorkspace) -> set[str]:
    return set(RecordStore(workspace.folder).scan("shipments").collect()["shipment_id"])


def test_every_shipment_is_screened_and_on_record_before_the_answer(
    client: httpx.Client, workspace: OpenedWorkspace
) -> None:
    linked = row("A1", consignee_phone="(213) 555-0148")
    answer = send(client, linked, row("A2", consignee_phone="415 555 0100"), row("A3", filed_at="soon"))
    assert counts(answer) == (3, 2, 0, 1)
    told = answer.json()
    assert set(told["responses"]) == {"A1", "A2"}
    assert told["responses"]["A1"]["links"][0]["seizure"]["id"] == "seizure:Z1"
    assert told["responses"]["A1"]["status"] == "complete"
    assert told["responses"]["A2"]["links"] == []
    assert told["graph"]["nodes"]["phone:+12135550148"]["label"] == "Phone"
    assert told["recorded"] is True
    assert recorded(workspace) >= {"A1", "A2"}
    assert not list(workspace.folder.journal.iterdir())


def test_refused_rows_and_unknown_columns_are_told(client: httpx.Client) -> None:
    told = send(
        client, row("R1", colour="red"), row("R2", filed_at="soon, 98-7654321"), row("R3", mode="rocket")
    ).json()
    assert [(one["line"], one["field"], one["value"]) for one in told["refused"]] == [
        (2, "filed_at", "soon, ***-**-****"),
        (3, "mode", "rocket"),
    ]
    assert told["refused"][1]["reason"].startswith("none of air,")
    assert {one["file"] for one in told["refused"]} == {""}
    unknown = {"feed": "shipments", "file": "", "column": "colour", "reason": "unknown column, kept out", "count": 3}
    assert unknown in told["warnings"]


def test_a_file_of_refused_rows_alone_says_what_else_went_in_and_else_does_nothing(client: httpx.Client) -> None:
    def sent() -> dict[str, Any]:
        answered = client.post(
            "/v1/feeds/seizures", content=b"seizure_id,seized_on\nZ7,soon\n", headers={"content-type": "text/csv"}
        )
        told: dict[str, Any] = answered.json()
        assert told["feeds"]["seizures"] == {"read": 1, "accepted": 0, "duplicate": 0, "quarantined": 1}
        return told

    send(client, row("W1"), row("W2"))
    first = sent()
    assert first["waited"] >= 2
    alerts = client.get("/v1/alerts").json()
    second = sent()
    assert (second["waited"], second["epoch"]) == (0, None)
    assert client.get("/v1/health").json()["index"]["epoch"] == first["epoch"]
    assert client.get("/v1/alerts").json() == alerts


def test_a_shipment_sent_again_is_a_duplicate_and_screened_again(client: httpx.Client) -> None:
    assert counts(send(client, row("B1"))) == (1, 1, 0, 0)
    again = send(client, row("B1"))
    assert counts(again) == (1, 0, 1, 0)
    assert set(again.json()["responses"]) == {"B1"}


def test_the_same_key_is_answered_as_before(client: httpx.Client) -> None:
    first = send(client, row("C1"), key="k")
    second = send(client, row("C1"), key="k")
    assert (second.content, second.headers["idempotency-replayed"]) == (first.content, "true")
    problem(send(client, row("C2"), key="k"), 422, "invalid-input")


@pytest.mark.parametrize("cell", [{"given": "Ann"}, ["Tern Goods"]])
def test_a_cell_that_holds_more_than_a_value_is_told_and_nothing_is_kept(
    client: httpx.Client, workspace: OpenedWorkspace, cell: object
) -> None:
    answer = send(client, row("N1"), row("N2", consignee_name=cell))
    assert "row 1 (the first is 0): the column consignee_name" in problem(answer, 422, "invalid-input")["detail"]
    assert "98-7654321" not in send(client, row("N3", **{"98-7654321": cell})).text
    assert not recorded(workspace) & {"N1", "N2", "N3"}


@pytest.mark.parametrize("sent", [b'[{"shipment_id": "X1"}]', b'"X1"', b'{"shipments": ["X1"]}'])
def test_rows_sent_bare_are_told_what_is_expected(client: httpx.Client, sent: bytes) -> None:
    answer = client.post("/v1/shipments", content=sent, headers={"Content-Type": "application/json"})
    assert "a JSON object is expected here" in problem(answer, 422, "invalid-input")["detail"]


def test_a_thousand_are_taken_and_one_more_is_not(client: httpx.Client) -> None:
    problem(send(client, *(row(f"D{at}") for at in range(1001))), 422, "invalid-input")
    problem(send(client), 422, "invalid-input")
    problem(client.post("/v1/shipments", json={"shipments": ["x"]}), 422, "invalid-input")


def test_while_a_load_reads_files_rows_are_kept_and_follow_later(
    client: httpx.Client, workspace: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.ingest.journal.PATIENCE_S", 0.1)
    with workspace.folder.lock("ingest"):
        answer = send(client, row("E1"))
    assert counts(answer) == (1, 1, 0, 0)
    assert answer.json()["recorded"] is False
    assert "E1" not in recorded(workspace)
    assert counts(send(client, row("E2"))) == (1, 1, 0, 0)
    assert recorded(workspace) >= {"E1", "E2"}


def test_the_graph_follows_before_the_answer_where_that_is_asked(
    client: httpx.Client, workspace: OpenedWorkspace
) -> None:
    answer = send(client, row("F1", consignee_phone="(213) 555-0148", consignee_name="Osprey Lane Wares"), apply=True)
    assert answer.json()["applied"] is True
    assert client.get("/v1/entities/shipment:F1").status_code == 200
    alerts = client.get("/v1/alerts").json()["items"]
    assert any(alert["told"]["party"]["caption"] == "Osprey Lane Wares" for alert in alerts)
    assert send(client, row("F2")).json()["responses"]["F2"]["status"] == "complete"


def test_social_security_numbers_are_kept_nowhere(
    client: httpx.Client, workspace: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.ingest.journal.PATIENCE_S", 0.1)
    with workspace.folder.lock("ingest"):
        send(client, row("G1", importer_number="321-54-9876"), row("G2", importer_number=321549876)).raise_for_status()
        kept = b"".join(path.read_bytes() for path in workspace.folder.journal.iterdir())
    assert b"G1" in kept
    assert b"321-54-9876" not in kept
    assert b"321549876" not in kept


def test_an_audit_line_counts_rows_and_bands(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    send(client, row("H1", consignee_phone="(213) 555-0148"))
    line = orjson.loads(workspace.folder.audit_log.read_text(encoding="utf-8").splitlines()[-1])
    assert (line["route"], line["queries"]) == ("shipments", 1)
    assert line["detail"] == {"accepted": 1, "duplicate": 0, "quarantined": 0}
    assert sum(line["bands"].values()) == 1


def test_before_the_first_load_nothing_is_kept(empty_workspace: Settings) -> None:
    with OpenedWorkspace(empty_workspace) as opened, serving(create_app(opened)) as empty:
        told = problem(send(empty, row("I1")), 503, "workspace")
        assert "graphinv load" in told["detail"]
        assert not opened.folder.journal.exists()


def test_beside_an_index_of_another_version_nothing_is_kept_and_the_way_out_is_told(
    workspace: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.links.index.FORMAT", FORMAT + 1)
    with OpenedWorkspace(workspace.settings) as opened, serving(create_app(opened)) as other:
        answer = send(other, row("J1"))
    told = problem(answer, 503, "workspace")
    assert answer.headers["retry-after"] == "60"
    assert "`graphinv rebuild` makes it anew; no shipment of this request was kept" in told["detail"]
    assert "J1" not in recorded(workspace)
    assert not list(workspace.folder.journal.iterdir())


def test_health_says_what_waits_and_works_nothing_in(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    record(workspace, "shipments", [row("H1"), row("H2")])
    for _ in range(2):
        told = client.get("/v1/health").json()
        assert (told["status"], told["detail"].rpartition("; ")[2]) == (
            "degraded",
            "the next look-up works in 2 records first",
        )
    client.post("/v1/links/lookup", json={"queries": {"k": {"name": "Tern Goods"}}})
    assert client.get("/v1/health").json()["detail"].endswith("look-ups know all that is on record")
