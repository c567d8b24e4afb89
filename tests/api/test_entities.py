"""Search, nodes and neighbours over HTTP."""

from urllib.parse import quote

import httpx
import pytest

from api.examples import IMPORTER, PHONE
from graphinv.opened import OpenedWorkspace
from tests.api.problems import problem


def test_a_search_finds_the_importer_by_words_of_its_name(client: httpx.Client) -> None:
    told = client.get("/v1/entities", params={"q": "franklin grove gear", "type": "importer"}).json()
    assert IMPORTER in [item["id"] for item in told["items"]]
    assert told["total"] == len(told["items"])
    assert told["next"] is None


def test_a_search_with_its_words_in_the_body_finds_the_same(client: httpx.Client) -> None:
    wanted: dict[str, str | int] = {"q": "franklin grove gear", "type": "importer", "limit": 3}
    told = client.post("/v1/pages/search", json=wanted).json()
    assert told == client.get("/v1/entities", params=wanted).json()
    assert told["items"]
    problem(client.post("/v1/pages/search", json={"words": "franklin"}), 422)


def test_a_list_is_paged_by_an_opaque_cursor_to_its_end(client: httpx.Client) -> None:
    seen: list[str] = []
    params: dict[str, str | int] = {"type": "Seller", "standing": "seized", "limit": 20}
    while True:
        told = client.get("/v1/entities", params=params).json()
        seen += [item["id"] for item in told["items"]]
        if told["next"] is None:
            break
        assert "seller" not in told["next"]
        params["cursor"] = told["next"]
    assert len(seen) == len(set(seen)) == told["total"] > 20


def test_a_cursor_belongs_to_its_list(client: httpx.Client) -> None:
    cursor = client.get("/v1/entities", params={"limit": 1}).json()["next"]
    problem(client.get("/v1/entities", params={"limit": 1, "standing": "seized", "cursor": cursor}), 422)
    problem(client.get(f"/v1/entities/{PHONE}/neighbours", params={"cursor": cursor}), 422)


def test_ids_with_slashes_and_colons_are_read_quoted_or_not(client: httpx.Client) -> None:
    seller = client.get("/v1/entities", params={"type": "Seller", "limit": 1}).json()["items"][0]["id"]
    assert "/" in seller
    for path in (seller, quote(seller, safe="")):
        assert client.get(f"/v1/entities/{path}", params={"identity": True}).json()["id"] == seller
        assert client.get(f"/v1/entities/{path}/neighbours").status_code == 200


def test_counts_of_neighbours_are_true_and_pages_hold_them_all(
    client: httpx.Client, workspace: OpenedWorkspace
) -> None:
    ports = workspace.store.read(
        "MATCH (p:Port)<-[r]-() RETURN p.uid AS uid, count(r) AS c ORDER BY c DESC LIMIT 1"
    ).rows
    uid, count = ports[0]
    assert client.get(f"/v1/entities/{uid}").json()["neighbours"] == [
        {"type": "ENTERS_AT", "direction": "in", "labels": ["Importer"], "total": count}
    ]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        told = client.get(f"/v1/entities/{uid}/neighbours", params={"limit": 40, "cursor": cursor}).json()
        seen += [item["id"] for item in told["items"]]
        assert told["kinds"][0]["left_out"] == count - len(seen)
        cursor = told["next"]
    assert len(seen) == len(set(seen)) == count


@pytest.mark.parametrize("params", [{"order": "loudest"}, {"types": "OWNS"}, {"limit": 0}, {"as_of": "soon"}])
def test_parameters_that_will_not_do_are_refused(client: httpx.Client, params: dict[str, str]) -> None:
    problem(client.get(f"/v1/entities/{PHONE}/neighbours", params=params), 422)


def test_a_search_as_of_a_past_day_is_refused_with_the_way_out(client: httpx.Client) -> None:
    told = problem(client.get("/v1/entities", params={"q": "orchid", "as_of": "2024-01-01"}), 422, "invalid-input")
    assert "/v1/entities/{id}?as_of=" in told["detail"]


def test_a_past_day_leaves_out_what_was_known_later(client: httpx.Client) -> None:
    problem(client.get(f"/v1/entities/{IMPORTER}", params={"as_of": "2024-01-01"}), 404)
    told = client.get(f"/v1/entities/{PHONE}", params={"as_of": "2023-12-31"}).json()
    assert 0 < told["degree"] < client.get(f"/v1/entities/{PHONE}").json()["degree"]
    assert "properties" in told["not_as_of"]
