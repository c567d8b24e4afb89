"""The watch list part of a look-up: which entries a party looks like, why, and what that may do to its score.

Velmora Quilts is under an order since 2023; Orlin Linen's order has ended. Domantas Karvelis stands on six lists.
"""

import pytest

from graphinv.ingest import ingest
from graphinv.links.evidence import build
from graphinv.links.index import LinkIndex, in_memory, open_index, write_index
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, graph_tables
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.links.conftest import HARBOR, ask
from tests.load.feeds import write_rows

ORDER = {
    "list": "WRO", "entry_id": "12", "name": "Velmora Quilts Factory", "aliases": 'Tarnow Bedding; "SOLVEX"',
    "kind": "entity", "country": "CN", "address": "901 Fuhua Road, Guangzhou", "effective_on": "2023-01-01",
    "reference_url": "https://lists.example/orders/12",
}  # fmt: skip
ENDED = {**ORDER, "entry_id": "13", "name": "Orlin Linen Works", "aliases": "", "ended_on": "2024-01-31"}
PERSON = {"name": "KARVELIS, Domantas", "kind": "individual", "effective_on": "2023-01-01"}
SENT = {
    "shipment_id": "X1", "filed_at": "2024-05-01T10:00:00Z", "shipper_name": "Velmora Quilts Factory",
    "shipper_address": "901 Fuhua Rd", "shipper_city": "Guangzhou", "shipper_country": "CN",
}  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The story as records."""
    folder = tmp_path_factory.mktemp("listed")
    persons = [{**PERSON, "list": name, "entry_id": "1"} for name in ("SDN", "UFLPA", "CAATSA", "finding", "A", "B")]
    workspace = open_workspace_folder(Settings(workspace=folder / "workspace"))
    ingest(workspace, [write_rows(folder, importers=[HARBOR], shipments=[SENT], watchlist=[ORDER, ENDED, *persons])])
    return workspace


@pytest.fixture(scope="module")
def lists(opened: Workspace, tmp_path_factory: pytest.TempPathFactory) -> LinkIndex:
    """The story's link index, read back from its files."""
    records = identify(prepared_records(opened))
    clock = clock_of(records)
    assert clock is not None
    resolution = resolve_alone(records)
    graph = graph_tables(records, concluded(records, resolution), clock)
    folder = tmp_path_factory.mktemp("index")
    built = build(evidence_tables(records, graph, clock))
    write_index(folder, built, resolution, 1)
    opened_index = open_index(folder)
    assert opened_index.listed.names.equals(in_memory(built, resolution, epoch=1).listed.names)
    return opened_index


def test_a_hit_tells_its_reasons_and_its_record(lists: LinkIndex, opened: Workspace) -> None:
    (hit,) = ask(lists, opened, name="Tarnow Bedding Ltd", country="CN").watchlist
    assert (hit.id, hit.list, hit.caption) == ("watchlist:WRO/12", "WRO", "Velmora Quilts Factory")
    assert hit.reasons == (
        "the same name once folded, without legal forms", "alias", "country agrees", "kind agrees",
    )  # fmt: skip
    assert all(reason in hit.reason for reason in hit.reasons)
    assert hit.records == ("watchlist:WRO/12",)
    assert hit.reference_url == "https://lists.example/orders/12"
    assert hit.in_force


def test_the_look_up_scores_a_party_as_the_graph_does(lists: LinkIndex, opened: Workspace) -> None:
    records = identify(prepared_records(opened))
    clock = clock_of(records)
    assert clock is not None
    graph = graph_tables(records, concluded(records, resolve_alone(records)), clock)
    (edge,) = graph.edges["MATCHES"].to_dicts()
    address = {"address_line1": "901 Fuhua Rd", "city": "Guangzhou", "country": "CN"}
    (hit,) = ask(lists, opened, name="Velmora Quilts Factory", addresses=[address], country="CN").watchlist
    assert (hit.id, hit.score, list(hit.reasons)) == (edge["dst"], edge["score"], edge["reasons"])
    assert hit.score > 0.9


def test_an_order_that_ended_is_told_and_counts_nothing(lists: LinkIndex, opened: Workspace) -> None:
    answer = ask(lists, opened, name="Orlin Linen Works", country="CN")
    assert [hit.in_force for hit in answer.watchlist] == [False]
    assert answer.band == "none"


def test_a_supplier_is_screened_by_its_name(lists: LinkIndex, opened: Workspace) -> None:
    (hit,) = ask(lists, opened, name="Night Owl Imports", shippers=["VELMORA QUILTS FACTORY"]).watchlist
    assert hit.score <= 0.5
    assert hit.reason.startswith("VELMORA QUILTS FACTORY is like Velmora Quilts Factory: the same name")


def test_a_name_alone_on_six_lists_stays_at_review(lists: LinkIndex, opened: Workspace) -> None:
    answer = ask(lists, opened, name="Domantas Karvelis")
    assert len(answer.watchlist) == 6
    assert answer.band in ("low", "review")
    assert len(answer.terms) == 1


def test_nobody_is_like_an_entry_by_a_family_name(lists: LinkIndex, opened: Workspace) -> None:
    assert not ask(lists, opened, name="Rasa Karvelis").watchlist
    assert not ask(lists, opened, phones=["213 555 0142"]).watchlist
