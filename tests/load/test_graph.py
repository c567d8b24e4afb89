"""What the graph says after news: newest versions count, retracted facts go, the dead letters of registrations stay."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.settings import Settings
from tests.load.feeds import write_rows

Row = Mapping[str, str]

FIRM: Row = {
    "importer_number": "12-345678900", "name": "Velmar Lamp LLC", "address_line1": "482 Juniper Street",
    "city": "Tucson", "state": "AZ", "country": "US", "phone": "520 555 0147", "registered_on": "2022-03-01",
}  # fmt: skip
FILED: Row = {
    "shipment_id": "X1", "filed_at": "2024-05-01T10:00:00Z", "consignee_name": "Oricor Goods",
    "consignee_address_line1": "9 Kesona Canyon Road", "consignee_city": "Newark", "consignee_state": "NJ",
    "consignee_country": "US", "consignee_phone": "862 555 0190", "value_usd": "120",
}  # fmt: skip
SEIZED: Row = {"seizure_id": "Z1", "seized_on": "2024-06-01", "shipment_id": "X1", "category": "ipr"}


class News:
    """A workspace that rows are told to, one load at a time."""

    def __init__(self, opened: OpenedWorkspace, folder: Path) -> None:
        self.opened = opened
        self._folder = folder
        self._loads = 0

    def tell(self, **feeds: list[Row]) -> None:
        """Load rows by feed; afterwards records and graph agree."""
        self._loads += 1
        self.opened.load([write_rows(self._folder / str(self._loads), **feeds)])
        assert self.opened.verify().differences == ()

    def ask(self, cypher: str) -> list[tuple[object, ...]]:
        """Rows of a query."""
        return self.opened.graph.read(cypher).rows


@pytest.fixture
def news(store_settings: Settings, tmp_path: Path) -> Iterator[News]:
    """A new workspace on each store in turn."""
    with open_workspace(settings=store_settings) as opened:
        yield News(opened, tmp_path / "news")


def test_the_newest_version_of_a_shipment_replaces_the_older_wherever_it_comes_from(news: News) -> None:
    amended = {**FILED, "consignee_phone": "", "value_usd": "450", "known_at": "2024-05-09"}
    news.tell(shipments=[amended])
    news.tell(shipments=[FILED])  # an old version that comes late changes nothing
    assert news.ask("MATCH (s:Shipment) RETURN s.value_usd") == [(450.0,)]
    assert news.ask("MATCH (n)-[r:HAS_PHONE]->(p) RETURN p.uid") == []
    again = {**amended, "consignee_phone": "862 555 0191", "known_at": "2024-05-10"}
    news.tell(shipments=[again])
    assert news.ask("MATCH (n)-[r:HAS_PHONE]->(p) RETURN p.uid, r.known_at") == [
        ("phone:+18625550191", "2024-05-10T00:00:00.000000Z")
    ]


def test_a_retracted_phone_takes_its_relationship_and_its_node_away(news: News) -> None:
    news.tell(shipments=[FILED])
    assert news.ask("MATCH (i:Importer)-[:HAS_PHONE]->(p:Phone) RETURN p.uid, p.parties") == [("phone:+18625550190", 1)]
    news.tell(shipments=[{**FILED, "consignee_phone": "", "known_at": "2024-05-09"}])
    assert news.ask("MATCH (p:Phone) RETURN p.uid") == []


def test_what_a_registration_said_before_stays_evidence_and_its_name_is_the_newest(news: News) -> None:
    news.tell(importers=[FIRM])
    news.tell(importers=[{**FIRM, "name": "Velmar Light LLC", "phone": "520 555 0199", "known_at": "2023-04-01"}])
    assert news.ask("MATCH (i:Importer) RETURN i.caption, i.number") == [("Velmar Light LLC", "12345678900")]
    phones = news.ask("MATCH (:Importer)-[r:HAS_PHONE]->(p) RETURN p.uid, r.known_at ORDER BY p.uid")
    assert phones == [
        ("phone:+15205550147", "2022-03-01T00:00:00.000000Z"),
        ("phone:+15205550199", "2023-04-01T00:00:00.000000Z"),
    ]


def test_a_release_takes_the_standing_back(news: News) -> None:
    news.tell(shipments=[FILED], seizures=[SEIZED])
    assert news.ask("MATCH (:Seizure)-[:SEIZED_FROM]->(i:Importer) RETURN i.standing") == [("seized",)]
    news.tell(seizures=[{**SEIZED, "status": "released", "status_on": "2024-07-01", "known_at": "2024-07-01"}])
    assert news.ask("MATCH (i:Importer) RETURN i.standing") == [("unknown",)]
    assert news.ask("MATCH (z:Seizure)-[:SEIZED_FROM]->(n) RETURN z.status, n.uid") == [("released", "shipment:X1")]
    assert news.opened.index.graph.seeds.is_empty()


def test_same_as_goes_when_its_reason_goes(news: News) -> None:
    same = {**FILED, "consignee_name": "Velmar Lamp", "consignee_address_line1": "482 Juniper St",
            "consignee_city": "Tucson", "consignee_state": "AZ"}  # fmt: skip
    news.tell(importers=[FIRM], shipments=[same])
    joined = "MATCH (a)-[r:SAME_AS]->(b) RETURN r.probability"
    entities = (
        "MATCH (i:Importer)-[:IMPORTED]->(:Shipment) "
        "MATCH (f:Importer {number: '12345678900'}) "
        "RETURN i.entity = f.entity"
    )
    ((probability,),) = news.ask(joined)
    assert isinstance(probability, float)
    assert probability > 0.95
    assert news.ask(entities) == [(True,)]
    news.tell(shipments=[{**FILED, "known_at": "2024-05-09"}])
    assert news.ask(joined) == []
    assert news.ask(entities) == [(False,)]


def test_a_seizure_does_not_weigh_on_the_owner_of_a_stolen_number(news: News) -> None:
    stolen = {**FILED, "importer_number": "12-345678900", "consignee_name": "Velmar Lamp LLC"}
    news.tell(importers=[FIRM], shipments=[stolen], seizures=[{**SEIZED, "importer_number": "12-345678900"}])
    people = news.ask(
        "MATCH (i:Importer) "
        "RETURN i.number, i.claimed_number, i.standing, i.possible_victim, i.provisional ORDER BY i.standing"
    )
    assert people == [(None, "12345678900", "seized", None, True), ("12345678900", None, "unknown", True, False)]
    assert news.ask("MATCH (s:Shipment) RETURN s.importer_number_disputed") == [(True,)]
    assert news.ask("MATCH (:Seizure)-[:SEIZED_FROM]->(i:Importer) RETURN i.provisional") == [(True,)]


def test_a_vetting_stands_while_it_is_in_force(news: News) -> None:
    vetted = {"importer_number": "12-345678900", "program": "CTPAT", "tier": "2", "vetted_on": "2024-01-01",
              "expires_on": "2024-06-30"}  # fmt: skip
    news.tell(importers=[FIRM], trusted=[vetted])
    assert news.ask("MATCH (i:Importer) RETURN i.standing, i.trusted_programs") == [("trusted", ["CTPAT 2"])]
    news.tell(shipments=[{**FILED, "filed_at": "2024-07-02T00:00:00Z"}])
    assert news.ask("MATCH (i:Importer {number: '12345678900'}) RETURN i.standing, i.trusted_programs") == [
        ("unknown", None)
    ]


def test_undated_registrations_are_known_always_and_seen_on_no_day(news: News) -> None:
    news.tell(importers=[{**FIRM, "registered_on": ""}])
    assert news.ask("MATCH (i:Importer)-[r:HAS_PHONE]->() RETURN i.first_seen, r.first_seen, r.known_at") == [
        (None, None, "1970-01-01T00:00:00.000000Z")
    ]


def test_identities_of_one_party_use_a_value_once(news: News) -> None:
    consigned = {
        f"consignee_{name}": value for name, value in FIRM.items() if name not in ("importer_number", "registered_on")
    }
    anew = {**FILED, **consigned, "shipment_id": "X7"}
    other = {**FILED, "shipment_id": "X8", "consignee_phone": FIRM["phone"]}
    news.tell(importers=[FIRM], shipments=[anew, other])
    assert news.ask("MATCH (a:Importer)-[:SAME_AS]-(b:Importer) RETURN count(*) > 0") == [(True,)]
    assert news.ask("MATCH (n)-[:HAS_PHONE]->(p:Phone) RETURN count(n), p.parties") == [(3, 2)]
