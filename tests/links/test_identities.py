"""A party with several identities is one party: it stands as one, whichever identity a question names.

Harbor Gift Inc is registered twice, and goods under its second number were seized. Lumen Parcel LLC has its phone.
"""

import pytest

from graphinv.links.features import tie_values
from graphinv.links.identities import identities_of, standing_of
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import gather_all
from graphinv.links.question import PartyQuestion
from graphinv.links.score_claims import NAMES
from graphinv.load.tables import clock_of, graph_tables, stand_as_parties
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.workspace import Workspace
from tests.links.conftest import HARBOR, ask, consignee, importer, indexed, shipment, tenants, told

AGAIN = {**HARBOR, "importer_number": "77-1234567"}
FRIEND = importer("78-7654321", "Quartz Pantry LLC", "7 Lumen Ave", phone=HARBOR["phone"])


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The story."""
    feeds = {
        "importers": [HARBOR, AGAIN, FRIEND, *tenants()],
        "shipments": [shipment("X1", "2025-02-01", importer_number=AGAIN["importer_number"], **consignee(AGAIN))],
        "seizures": [{"seizure_id": "Z1", "seized_on": "2025-02-04", "shipment_id": "X1", "category": "ipr"}],
    }
    return told(tmp_path_factory.mktemp("twice"), feeds)


@pytest.fixture(scope="module")
def both(twice: Workspace) -> LinkIndex:
    """Its index."""
    return indexed(twice)


def _ties(index: LinkIndex, workspace: Workspace, **question: object) -> dict[str, float]:
    asked = {"k": PartyQuestion.model_validate(question)}
    found = gather_all(index, asked, workspace.hash_key)["k"]
    return dict(zip(NAMES, tie_values(index, found.paths, found.itself).tolist(), strict=True))


def test_the_identities_of_a_party_are_found_from_each_and_nobody_elses(both: LinkIndex) -> None:
    harbor, friend = ([node for node in range(len(both.graph.party)) if both.nodes.text("caption", node) == name]
                      for name in (HARBOR["name"], FRIEND["name"]))  # fmt: skip
    assert len(harbor) == 2
    assert all(identities_of(both, [one]) == harbor for one in harbor)
    assert {standing_of(both, [one]) for one in harbor} == {"seized"}
    assert standing_of(both, friend) == "unknown"
    assert standing_of(both, []) == "unknown"


@pytest.mark.parametrize("number", [HARBOR["importer_number"], AGAIN["importer_number"]])
@pytest.mark.parametrize("more", [{}, {"name": HARBOR["name"], "phones": [HARBOR["phone"]]}])
def test_a_party_is_itself_by_whichever_number_it_is_asked_about(
    number: str, more: dict[str, object], both: LinkIndex, twice: Workspace
) -> None:
    assert ask(both, twice, importer_number=number, **more).standing == "seized"
    ties = _ties(both, twice, importer_number=number, **more)
    assert ties["own_seizure"] > 0.8
    assert ties["best_link"] == 0.0


def test_another_with_its_phone_is_tied_to_it(both: LinkIndex, twice: Workspace) -> None:
    answer = ask(both, twice, importer_number=FRIEND["importer_number"])
    assert answer.standing == "unknown"
    assert _ties(both, twice, importer_number=FRIEND["importer_number"])["best_link"] > 0.3


def test_the_store_shows_one_standing_for_all_identities_of_a_party(twice: Workspace) -> None:
    records = identify(prepared_records(twice))
    clock = clock_of(records)
    assert clock is not None
    graph = graph_tables(records, concluded(records, resolve_alone(records)), clock)
    shown = stand_as_parties(graph)
    stands = [
        dict(tables.nodes["Importer"].group_by("caption").agg("standing").iter_rows()) for tables in (graph, shown)
    ]
    assert sorted(stands[0][HARBOR["name"]]) == ["seized", "unknown"]
    assert stands[1][HARBOR["name"]] == ["seized"] * 2
    assert stands[1][FRIEND["name"]] == ["unknown"]
    assert [frame.columns for frame in shown.nodes.values()] == [frame.columns for frame in graph.nodes.values()]
    assert shown.nodes["Importer"]["uid"].equals(graph.nodes["Importer"]["uid"])
