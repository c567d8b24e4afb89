"""A seized party that is recognised as itself keeps what led to it, and a score follows no bound on what is shown."""

from collections.abc import Iterator

import polars as pl
import pytest

from graphinv.ingest import RecordStore, ingest
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest, addresses_of, text_of
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from graphinv.worlds import write_world
from tests.links.conftest import ask, indexed
from tests.links.test_score import by, model

_PHONE = {"phones": ["213 555 0142"]}
_NAME = {"name": "HARBOR GIFT, INC."}
_PLACE = {"addresses": ["100 Harbor Street, Springfield, IL 62701"]}
_NUMBER = {"importer_number": "12-3456789"}


@pytest.mark.parametrize("more", [_NAME, _PLACE, _NUMBER, _NAME | _PLACE, _NAME | _NUMBER, _NAME | _PLACE | _NUMBER])
def test_a_seized_partys_name_number_or_address_beside_its_phone_never_lowers_its_score(
    index: LinkIndex, workspace: Workspace, more: dict[str, object]
) -> None:
    learned = by(index, model(own_seizure=0.0))
    alone, sure = ask(learned, workspace, **_PHONE), ask(learned, workspace, **_PHONE, **more)
    assert sure.score >= alone.score
    assert alone.score > ask(learned, workspace, phones=["217 555 0000"]).score


def test_another_name_on_a_seized_partys_phone_tells_of_somebody_behind_it(
    index: LinkIndex, workspace: Workspace
) -> None:
    learned = by(index, model())
    other = ask(learned, workspace, name="Night Owl Imports", **_PHONE)
    assert other.score > ask(learned, workspace, **_NAME, **_PHONE).score
    assert {"best_link", "shared_phone"} <= {term.claim for term in other.terms}


def test_the_number_of_a_seized_party_adds_to_its_phone_under_another_name(
    index: LinkIndex, workspace: Workspace
) -> None:
    learned = by(index, model(own_seizure=0.0))
    other = ask(learned, workspace, name="Night Owl Imports", **_PHONE)
    numbered = ask(learned, workspace, name="Night Owl Imports", **_PHONE, **_NUMBER)
    assert numbered.score >= other.score


@pytest.mark.parametrize("number", [_NUMBER, {}])
def test_a_seized_party_that_misspells_its_name_is_itself_and_nobody_behind_it(
    index: LinkIndex, workspace: Workspace, number: dict[str, object]
) -> None:
    """The match model takes both for one party: a letter less must not make of it another on its own phone."""
    learned = by(index, model())
    right, misspelt, other = (
        ask(learned, workspace, name=name, **_PHONE, **_PLACE, **number)
        for name in ("Harbor Gift Inc", "Harbr Gift Inc", "Night Owl Imports")
    )
    assert "own_seizure" in {term.claim for term in misspelt.terms}
    assert "best_link" not in {term.claim for term in misspelt.terms}
    assert misspelt.score == pytest.approx(right.score, abs=0.02)
    assert other.score > misspelt.score


@pytest.mark.parametrize("bounds", [{"max_hops": 1}, {"max_hops": 2}, {"max_hops": 10}, {"paths": 0}, {"paths": 10}])
def test_the_score_follows_no_bound_on_the_links_that_are_told(
    index: LinkIndex, workspace: Workspace, bounds: dict[str, int]
) -> None:
    learned = by(index, model())
    query = {"queries": {"q": {"name": "Night Owl Imports", **_PHONE}}}
    usual, bound = (
        look_up(learned, LookupRequest.model_validate(query | more), workspace.hash_key).responses["q"]
        for more in ({}, bounds)
    )
    assert (bound.score, bound.band, bound.interval, bound.terms) == (
        usual.score, usual.band, usual.interval, usual.terms
    )  # fmt: skip
    assert all(link.hops <= bounds.get("max_hops", 6) for link in bound.links)
    assert len(bound.links) <= bounds.get("paths", 3)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A tiny world as records."""
    folder = tmp_path_factory.mktemp("itself")
    write_world(folder / "world", "tiny", seed=5)
    opened = open_workspace_folder(Settings(workspace=folder / "workspace"))
    ingest(opened, [path for path in sorted((folder / "world").iterdir()) if path.is_file()])
    return opened


def _seized(records: RecordStore) -> Iterator[dict[str, object]]:
    """Shipments that were seized, with a phone, one of each consignee."""
    seized = records.scan("seizures").select("shipment_id").collect().to_series().drop_nulls()
    rows = records.scan("shipments").filter(pl.col("shipment_id").is_in(seized.implode())).collect()
    told = rows.drop_nulls("consignee_phone").sort("shipment_id").unique("consignee_name", maintain_order=True)
    yield from told.iter_rows(named=True)


def test_in_a_world_no_seized_partys_name_or_number_beside_its_phone_lowers_its_score(world: Workspace) -> None:
    learned = by(indexed(world), model(own_seizure=0.0))
    tried = 0
    for row in _seized(RecordStore(world)):
        phone = {"phones": [text_of(row, "consignee_phone")]}
        name = {"name": text_of(row, "consignee_name")}
        number = {"importer_number": text_of(row, "importer_number")}
        alone = ask(learned, world, **phone)
        named = ask(learned, world, **phone, **name)
        if named.standing != "seized" or not alone.links:
            continue
        tried += 1
        assert named.score >= alone.score, row["shipment_id"]
        assert ask(learned, world, **phone, **name, **number).score >= named.score, row["shipment_id"]
        placed = ask(learned, world, **phone, **name, addresses=addresses_of(row, "consignee_"))
        assert placed.score >= named.score, row["shipment_id"]
    assert tried >= 6
