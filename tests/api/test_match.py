"""Queries by example, as clients of yente send them."""

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from api.examples import IMPORTER, MATCHES
from graphinv.links.match_question import NAME_PARTS, PROPERTIES
from graphinv.opened import OpenedWorkspace
from tests.api.problems import problem

_EXAMPLE: Any = MATCHES["example"]
QUERY = _EXAMPLE["value"]["queries"]["q1"]


def ask(client: httpx.Client, properties: dict[str, Any], **params: float) -> dict[str, Any]:
    body = {"queries": {"q": {"schema": "LegalEntity", "properties": properties}}}
    response = client.post("/v1/match", json=body, params=params)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def results(client: httpx.Client, properties: dict[str, Any], **params: float) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(client, properties, **params)["responses"]["q"]["results"]
    return found


@pytest.fixture(scope="module")
def declared(workspace: OpenedWorkspace) -> dict[str, str]:
    """What the importer of the examples registered."""
    rows = workspace.entity_of_records()
    entity = workspace.index.nodes.text("entity", workspace.index.node(IMPORTER) or 0)
    record = next(row[0] for row in rows.rows() if row[1] == entity and row[0].startswith("importers:"))
    found: dict[str, str] = workspace.records.scan("importers").filter(record_id=record).collect().row(0, named=True)
    return found


def test_a_company_by_example_is_found_with_every_comparison(client: httpx.Client, declared: dict[str, str]) -> None:
    best = results(client, {"name": [declared["name"]], "phone": declared["phone"]})[0]
    assert best["id"] == IMPORTER
    assert best["match"] is True
    assert best["datasets"] == ["importers", "shipments"]
    assert declared["name"].upper() in [name.upper() for name in best["properties"]["name"]]
    assert best["features"].keys() == best["explanations"].keys() >= {"same_name", "same_phone"}
    for feature, told in best["explanations"].items():
        assert told["score"] == best["features"][feature]
        assert told["query"]
        assert told["candidate"]
        assert told["detail"]


def test_results_fall_by_score_and_the_total_counts_those_beyond_the_limit(client: httpx.Client) -> None:
    many = results(client, QUERY["properties"], limit=50)
    assert [one["score"] for one in many] == sorted((one["score"] for one in many), reverse=True)
    assert len({one["id"] for one in many}) == len(many)
    few = ask(client, QUERY["properties"], limit=1)["responses"]["q"]
    assert few["results"] == many[:1]
    assert few["total"] == {"value": len(many), "relation": "eq"}


def test_the_threshold_decides_what_is_called_a_match(client: httpx.Client) -> None:
    assert not any(one["match"] for one in results(client, {"name": "Franklin Grove Gear"}, threshold=1))
    assert all(one["match"] for one in results(client, {"name": "Franklin Grove Gear"}, threshold=0))


def test_any_of_several_names_finds_the_party(client: httpx.Client, declared: dict[str, str]) -> None:
    plain = results(client, {"name": declared["name"], "phone": declared["phone"]})[0]
    alias = results(client, {"name": "Queston Nobody GmbH", "alias": declared["name"], "phone": declared["phone"]})[0]
    assert (alias["id"], alias["score"]) == (plain["id"], plain["score"])


def test_a_person_is_named_by_parts(client: httpx.Client) -> None:
    told = ask(client, {"firstName": "Vera", "lastName": "Lindqvist"})["responses"]["q"]["query"]
    assert told["properties"] == {"firstName": ["Vera"], "lastName": ["Lindqvist"]}


def test_an_importer_number_finds_its_party_under_any_of_its_properties(
    client: httpx.Client, declared: dict[str, str]
) -> None:
    for name in ("registrationNumber", "taxNumber", "idNumber"):
        best = results(client, {name: declared["importer_number"], "name": declared["name"]})[0]
        assert best["id"] == IMPORTER
        assert "same_number" in best["features"]


def test_what_was_not_used_is_not_repeated_and_social_security_numbers_are_masked(client: httpx.Client) -> None:
    given = {"name": ["Vera Lindqvist"], "birthDate": ["1975"], "taxNumber": ["123-45-6789"], "phone": [" "]}
    answer = ask(client, given)
    told = answer["responses"]["q"]["query"]["properties"]
    assert told == {"name": ["Vera Lindqvist"], "taxNumber": ["***-**-6789"]}
    assert "123-45-6789" not in orjson.dumps(answer).decode()


def test_the_other_identities_of_a_party_are_its_referents(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    parties = workspace.index.graph.nodes.drop_nulls("entity")
    several = parties.filter(parties["entity"].is_duplicated() & (parties["label"] == "Importer")).sort("uid")
    entity = several["entity"][0]
    members = set(parties.filter(parties["entity"] == entity)["uid"])
    caption = several["caption"][0]
    found = [one for one in results(client, {"name": caption}, limit=50) if one["id"] == entity]
    assert [set(one["referents"]) | {one["id"]} for one in found] == [members]


@pytest.mark.parametrize(
    "query",
    [
        {"schema": "Vessel", "properties": {"name": "x"}},
        {"schema": "Company"},
        {"schema": "Company", "properties": {"name": "x"}, "weights": {}},
        {"schema": "Company", "properties": {"name": {"full": "x"}}},
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_place(client: httpx.Client, query: dict[str, Any]) -> None:
    told = problem(client.post("/v1/match", json={"queries": {"q": query}}), 422, "invalid-input")
    assert told["errors"][0]["location"][:3] == ["body", "queries", "q"]


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 51}, {"threshold": 1.5}])
def test_bounds_out_of_range_are_refused(client: httpx.Client, params: dict[str, float]) -> None:
    problem(client.post("/v1/match", json=MATCHES["example"]["value"], params=params), 422)


def test_a_match_leaves_an_audit_line_without_what_was_asked(client: httpx.Client, workspace: OpenedWorkspace) -> None:
    ask(client, {"name": "Quillon Vasterby Imports"})
    text = Path(workspace.folder.audit_log).read_text(encoding="utf-8")
    line = orjson.loads(text.splitlines()[-1])
    assert (line["route"], line["status"], line["queries"]) == ("match", "complete", 1)
    assert "Quillon" not in text


def test_every_property_that_is_compared_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    for name in (*NAME_PARTS, *(name for names in PROPERTIES.values() for name in names)):
        assert f"`{name}`" in page, name
