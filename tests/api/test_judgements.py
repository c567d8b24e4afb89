"""Judgements over HTTP, ids of merged parties, and the records behind a party.

Arlen Goods is registered and files a consignment without its number; Arlen Goods Holding sits elsewhere, and a fourth
importer under the social security number of somebody. All parties are invented.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.resolve.identities import importer_uid
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving
from tests.load.feeds import write_rows

HERE = {"address_line1": "12 Maple Avenue", "city": "Dayton", "state": "OH", "country": "US"}
FIRM = {"importer_number": "12-345678900", "name": "Arlen Goods LLC", "registered_on": "2022-01-05", **HERE}
OTHER = {"importer_number": "98-765432100", "name": "Arlen Goods Holding", "registered_on": "2022-02-05"}
OWNER = {"importer_number": "321-54-9876", "name": "Vera Lindqvist", "registered_on": "2022-03-05"}
FILED = {
    "shipment_id": "X#1", "filed_at": "2024-05-01T10:00:00Z", "consignee_name": "ARLEN GOODS",
    "shipper_name": "Ningbo Hualong Bag Co", "shipper_country": "CN", "manufacturer_id": "CNNINHUA12NIN",
    **{f"consignee_{name}": value for name, value in HERE.items()},
}  # fmt: skip
ACCOUNT = {
    "platform": "bazario", "seller_id": "S/1", "legal_name": "Arlen Goods LLC", "opened_on": "2023-01-05",
    "bank_account": "DE02120300000000202051", **HERE,
}  # fmt: skip

IMPORTER = importer_uid("12345678900")
RECORD, CONSIGNEE, HOLDING = "importers:12-345678900", "shipments:X#1#consignee", "importers:98-765432100"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case, loaded into the embedded store."""
    folder = tmp_path_factory.mktemp("judged")
    feeds = write_rows(folder / "feeds", importers=[FIRM, OTHER, OWNER], shipments=[FILED], sellers=[ACCOUNT])
    with OpenedWorkspace(Settings(workspace=folder / "workspace")) as opened:
        opened.load([feeds])
        yield opened


@pytest.fixture(scope="module")
def client(workspace: OpenedWorkspace) -> Iterator[httpx.Client]:
    """A client of a server over it; it follows no redirects."""
    with serving(create_app(workspace)) as found:
        yield found


@pytest.fixture
def clean(client: httpx.Client) -> Iterator[httpx.Client]:
    """The client; what the test judged is withdrawn after it."""
    yield client
    for one in client.get("/v1/judgements", params={"current": True}).json()["items"]:
        client.post(f"/v1/judgements/{one['id']}/withdraw", json={"why": "the test is over", "apply": False})


def judge(client: httpx.Client, left: str, right: str, verdict: str, **more: Any) -> httpx.Response:
    body = {"left": left, "right": right, "verdict": verdict, "why": "seen together", "apply": False}
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    return client.post("/v1/judgements", json={**body, **more}, headers=headers)


def judged(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["judgement"]
    return found


def entity_and_members(workspace: OpenedWorkspace) -> tuple[str, list[str]]:
    nodes = workspace.index.graph.nodes
    entity = workspace.index.nodes.text("entity", workspace.index.node(IMPORTER) or 0) or ""
    return entity, sorted(nodes.filter(nodes["entity"] == entity)["uid"])


def test_a_judgement_is_listed_with_who_and_why_until_it_is_withdrawn(clean: httpx.Client) -> None:
    made = judged(judge(clean, RECORD, HOLDING, "different", who="ann"))
    assert (made["left"], made["right"], made["verdict"], made["who"]) == (RECORD, HOLDING, "different", "ann")
    listed = clean.get("/v1/judgements", params={"current": True}).json()
    assert listed == {"items": [made], "next": None, "total": 1}
    body = {"why": "they are", "who": "bob", "apply": False}
    taken = judged(clean.post(f"/v1/judgements/{made['id']}/withdraw", json=body))
    assert (taken["withdrawn_by"], taken["withdrawn_why"]) == ("bob", "they are")
    assert clean.get("/v1/judgements", params={"current": True}).json()["items"] == []
    assert clean.get("/v1/judgements", params={"limit": 1}).json()["items"] == [taken]


def test_without_a_name_the_key_judged(clean: httpx.Client) -> None:
    assert judged(judge(clean, RECORD, HOLDING, "different"))["who"] == "key local"


def test_judging_again_says_what_it_replaces(clean: httpx.Client) -> None:
    first = judged(judge(clean, RECORD, HOLDING, "different"))
    second = judge(clean, HOLDING, IMPORTER, "same").json()
    assert second["superseded"] == [first["id"]]
    assert second["applied"] is False


def test_the_graph_follows_a_judgement_and_its_withdrawal_before_the_answer(
    clean: httpx.Client, workspace: OpenedWorkspace
) -> None:
    entity, members = entity_and_members(workspace)
    holding = importer_uid("98765432100")
    told = judge(clean, RECORD, HOLDING, "same", apply=True).json()
    assert told["applied"] is True
    assert entity_and_members(workspace)[1] == sorted([*members, holding])
    assert {one["id"] for one in told["moved"]} & {holding, *members}
    joined = clean.get(f"/v1/entities/{holding}", follow_redirects=True).json()
    assert {joined["id"], *(one["id"] for one in joined["same_as"])} == {holding, *members}
    body = {"why": "two firms after all"}
    clean.post(f"/v1/judgements/{told['judgement']['id']}/withdraw", json=body).raise_for_status()
    assert entity_and_members(workspace) == (entity, members)


def test_a_judgement_during_a_load_is_kept_and_says_that_the_graph_follows_later(
    clean: httpx.Client, workspace: OpenedWorkspace
) -> None:
    with workspace.folder.lock("load"):
        told = judge(clean, RECORD, HOLDING, "different", apply=True).json()
    assert told["applied"] is False
    assert "follow with the next load" in told["told"]
    assert clean.get("/v1/judgements", params={"current": True}).json()["items"] == [told["judgement"]]


def test_the_list_is_paged_newest_first(clean: httpx.Client) -> None:
    made = [judged(judge(clean, RECORD, HOLDING, "different"))["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None and len(seen) < 5:
        page = clean.get("/v1/judgements", params={"limit": 2, "cursor": cursor}).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert seen[:5] == made[::-1]
    problem(clean.get("/v1/judgements", params={"limit": 2, "current": True, "cursor": cursor}), 422)


def test_a_contradiction_is_refused_and_names_the_judgement_in_the_way(clean: httpx.Client) -> None:
    seller = "sellers:bazario/S/1"
    apart = judged(judge(clean, HOLDING, seller, "different"))
    judged(judge(clean, HOLDING, RECORD, "same"))
    told = problem(judge(clean, RECORD, seller, "same"), 422, "invalid-input")
    assert apart["id"] in told["detail"]
    assert "98-7654" not in told["detail"]


def test_nobody_on_record_is_not_found_and_not_repeated(clean: httpx.Client) -> None:
    told = problem(judge(clean, RECORD, "importers:55-5555555", "same"), 404, "not-found")
    assert told["detail"].startswith("right: ")
    assert "55-5555555" not in told["detail"]
    problem(judge(clean, "shipments:X1", RECORD, "same"), 422, "invalid-input")
    problem(clean.post("/v1/judgements/nonesuch/withdraw", json={"why": "no"}), 404, "not-found")


@pytest.mark.parametrize("wrong", [{"verdict": "maybe"}, {"why": ""}, {"left": "x"}, {"sure": True}])
def test_what_is_no_judgement_is_refused_at_its_place(client: httpx.Client, wrong: dict[str, Any]) -> None:
    body = {"left": RECORD, "right": HOLDING, "verdict": "same", "why": "seen together", **wrong}
    told = problem(client.post("/v1/judgements", json=body), 422, "invalid-input")
    assert told["errors"][0]["location"] == ["body", next(iter(wrong))]


def test_the_same_idempotency_key_makes_one_judgement(clean: httpx.Client) -> None:
    before = clean.get("/v1/judgements").json()["total"]
    made = [judged(judge(clean, RECORD, HOLDING, "different", key="k-1")) for _ in range(2)]
    assert made[0] == made[1]
    assert clean.get("/v1/judgements").json()["total"] == before + 1
    problem(judge(clean, RECORD, HOLDING, "same", key="k-1"), 422, "invalid-input")


def test_social_security_numbers_are_kept_nowhere(clean: httpx.Client, workspace: OpenedWorkspace) -> None:
    made = judged(judge(clean, "importers:321-54-9876", RECORD, "different", why="her card says 321-54-9876"))
    assert made["left"].startswith("importers:ssn-")
    assert made["why"] == "her card says ***-**-****"
    clean.post("/v1/records", json={"id": made["left"]}).raise_for_status()
    for path in workspace.folder.root.glob("state.db*"):
        assert b"321-54-9876" not in path.read_bytes()


def test_every_judgement_leaves_an_audit_line_without_names(clean: httpx.Client, workspace: OpenedWorkspace) -> None:
    made = judged(judge(clean, RECORD, HOLDING, "different", who="ann"))
    text = Path(workspace.folder.audit_log).read_text(encoding="utf-8")
    line = orjson.loads(text.splitlines()[-1])
    assert line["route"] == "judgements"
    assert line["detail"] == {"judgement": made["id"], "verdict": "different", "moved": 0}
    assert "12-345678900" not in text


def test_a_merged_id_redirects_to_its_party_with_the_query_kept(
    client: httpx.Client, workspace: OpenedWorkspace
) -> None:
    entity, members = entity_and_members(workspace)
    assert len(members) == 3
    for member in members:
        answer = client.get(f"/v1/entities/{member}", params={"identity": False})
        if member == entity:
            assert answer.json()["id"] == entity
            continue
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/v1/entities/{entity}?identity=false"
        assert answer.content == b""
        followed = client.get(f"/v1/entities/{member}", follow_redirects=True).json()
        assert followed["id"] == entity
        assert member in [one["id"] for one in followed["same_as"]]
        paged = client.get(f"/v1/entities/{member}/records", params={"limit": 2})
        assert paged.headers["location"] == f"/v1/entities/{entity}/records?limit=2"
        page = client.get(f"/entities/{member}", params={"tab": "network"})
        assert (page.status_code, page.headers["location"]) == (308, f"/entities/{entity}?tab=network")


def test_an_identity_opens_as_such_where_that_is_asked(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    entity, members = entity_and_members(workspace)
    member = next(one for one in members if one != entity)
    assert client.get(f"/v1/entities/{member}", params={"identity": True}).json()["id"] == member
    assert client.get(f"/v1/entities/{member}", params={"as_of": "2024-12-31"}).json()["id"] == member
    assert client.get(f"/entities/{member}", params={"identity": "true"}).status_code == 200


def test_pages_tell_nothing_of_merged_ids_without_a_key(workspace: OpenedWorkspace) -> None:
    entity, members = entity_and_members(workspace)
    member = next(one for one in members if one != entity)
    keyed = Settings(workspace=workspace.settings.workspace, api_keys=("a-long-key",))
    with OpenedWorkspace(keyed) as opened, serving(create_app(opened)) as anonymous:
        assert anonymous.get(f"/entities/{member}").status_code == 200
        known = anonymous.get(f"/entities/{member}", headers={"X-API-Key": "a-long-key"})
        assert known.status_code == 308


def test_the_records_behind_a_party_are_those_of_all_its_identities(
    client: httpx.Client, workspace: OpenedWorkspace
) -> None:
    entity, members = entity_and_members(workspace)
    told = client.get(f"/v1/entities/{entity}/records").json()
    assert (told["id"], told["total"], told["next"]) == (entity, 3, None)
    by_record = {one["record"]: one for one in told["items"]}
    assert [one["role"] for one in told["items"]] == ["importer", "seller", "consignee"]
    assert {one["identity"] for one in told["items"]} == set(members)
    assert by_record[RECORD]["identity"] == IMPORTER
    assert by_record[RECORD]["values"]["name"] == "Arlen Goods LLC"
    filed = by_record[CONSIGNEE]
    assert (filed["first_seen"], filed["last_seen"]) == ("2024-05-01", "2024-05-01")
    assert filed["values"]["consignee_name"] == "ARLEN GOODS"
    assert not any(name.startswith("shipper") for name in filed["values"])
    assert by_record["sellers:bazario/S/1"]["values"]["bank_account"] == "…2051"


def test_records_are_paged(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    entity, _ = entity_and_members(workspace)
    whole = client.get(f"/v1/entities/{entity}/records").json()["items"]
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(f"/v1/entities/{entity}/records", params={"limit": 2, "cursor": cursor}).json()
        seen += page["items"]
        cursor = page["next"]
    assert seen == whole


def test_a_shippers_records_show_the_shippers_part_and_hashed_numbers_are_masked(client: httpx.Client) -> None:
    shipper = client.get("/v1/entities", params={"type": "Shipper"}).json()["items"][0]["id"]
    (filed,) = client.get(f"/v1/entities/{shipper}/records").json()["items"]
    assert filed["values"]["shipper_name"] == "Ningbo Hualong Bag Co"
    assert filed["values"]["manufacturer_id"] == "CNNINHUA12NIN"
    assert "consignee_name" not in filed["values"]
    owner = client.get("/v1/entities", params={"q": "Vera Lindqvist"}).json()["items"][0]["id"]
    (record,) = client.get(f"/v1/entities/{owner}/records").json()["items"]
    assert record["values"]["importer_number"] == "***-**-****"


def test_what_is_no_party_has_no_records(client: httpx.Client) -> None:
    problem(client.get("/v1/entities/importer:0000000000000000/records"), 404, "not-found")
    problem(client.get("/v1/entities/port:2704/records"), 404, "not-found")
