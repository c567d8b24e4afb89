"""Parties that file again, or are corrected, use what they share once: values are as common as all records say."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from graphinv.links.live.index import LiveIndex
from graphinv.links.live.match import LiveMatch
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.opened import OpenedWorkspace
from graphinv.prepared import prepared_records
from graphinv.resolve.coding import NOTHING
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import identify
from graphinv.resolve.match_index import MatchIndex
from graphinv.resolve.parties import PART, WHOLE, Parties, parties_of
from graphinv.settings import Settings
from tests.current.rebuilding import make_epoch
from tests.current.test_splits import Row, record

SHARED, OTHER = "+1 415 555 0100", "+1 646 555 0177"


def shipment(key: str, name: str, phone: str, **columns: str) -> Row:
    filed = {"shipment_id": key, "filed_at": "2024-06-01T10:00:00Z", "entry_type": "86"}
    place = {"consignee_address_line1": "77 Old Quay Road", "consignee_city": "San Pedro", "consignee_state": "CA"}
    rest = {**place, "consignee_postal_code": "90731", "consignee_country": "US", "shipper_name": "Lotus Works"}
    return {**filed, **rest, "consignee_name": name, "consignee_phone": phone, **columns}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenedWorkspace]:
    """An epoch in which four consignees share a phone, a building and a shipper."""
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as found:
        names = ("Alder Tools", "Birch Fabrics", "Cedar Bicycles", "Dogwood Ceramics")
        record(found, "shipments", [shipment(f"A{at}", name, SHARED) for at, name in enumerate(names)])
        make_epoch(found)
        yield found


def assert_counted_as_anew(opened: OpenedWorkspace) -> None:
    """Every value that came is as common as in all records compared anew, and as many parties have any."""
    anew = parties_of(declared_by(identify(prepared_records(opened.folder))))
    with opened.reading() as state:
        assert isinstance(state.index, LiveIndex)
        assert isinstance(state.index.match, LiveMatch)
        since, filled = state.index.match.since, state.index.match.filled
    assert since is not None
    np.testing.assert_array_equal(filled, anew.filled)
    assert_counted(since, anew)
    if isinstance(since, LiveMatch) and since.since is not None:
        assert_counted(since.since, anew)


def assert_counted(since: MatchIndex, anew: Parties) -> None:
    for attribute in Attribute:
        found, whole = since.attributes[attribute], anew.attributes[attribute]
        for column in (WHOLE, PART):
            expected = dict(zip(whole.codes[:, column].tolist(), whole.users[:, column].tolist(), strict=True))
            told = [code for code in found.codes[:, column].tolist() if code != NOTHING]
            users = found.users[found.codes[:, column] != NOTHING, column]
            np.testing.assert_array_equal(users, [expected[code] for code in told], str(attribute))


def test_who_files_again_is_one_user_still(opened: OpenedWorkspace) -> None:
    record(opened, "shipments", [shipment("B0", "Alder Tools", SHARED), shipment("B1", "Elm Optics", SHARED)])
    assert_counted_as_anew(opened)
    record(opened, "shipments", [shipment("B2", "Alder Tools", OTHER), shipment("B3", "Elm Optics", OTHER)])
    assert_counted_as_anew(opened)


def test_who_is_corrected_uses_what_is_said_now(opened: OpenedWorkspace) -> None:
    record(opened, "shipments", [shipment("A0", "Alder Tools", SHARED, consignee_email="desk@alder.example")])
    assert_counted_as_anew(opened)
    record(opened, "shipments", [shipment("A1", "Birch Fabrics", OTHER), shipment("B0", "Elm Optics", SHARED)])
    assert_counted_as_anew(opened)
    record(opened, "shipments", [shipment("A1", "Fir Instruments", SHARED)])
    record(opened, "shipments", [shipment("A2", "Cedar Bicycles", OTHER, shipper_name="Amber Mill")])
    assert_counted_as_anew(opened)


def test_what_is_put_together_and_what_came_last_count_as_one(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.current.compared._FEW", 2)
    names = ("Alder Tools", "Elm Optics", "Fir Instruments", "Birch Fabrics", "Elm Optics", "Gorse Lamps", "Elm Optics")
    for at, name in enumerate(names):
        record(opened, "shipments", [shipment(f"B{at}", name, OTHER if at % 2 else SHARED)])
        assert_counted_as_anew(opened)
    record(opened, "shipments", [shipment("A1", "Birch Fabrics", OTHER)])
    assert_counted_as_anew(opened)
    record(opened, "shipments", [shipment("B7", "Hazel Boats", SHARED)])
    assert_counted_as_anew(opened)
    record(opened, "shipments", [shipment("A3", "Dogwood Ceramics", OTHER)])
    assert_counted_as_anew(opened)


def test_parties_are_found_wherever_they_are_put(opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphinv.current.compared._FEW", 1)
    names = ("Elm Optics", "Fir Instruments", "Gorse Lamps")
    for at, name in enumerate(names):
        record(opened, "shipments", [shipment(f"B{at}", name, f"+1 646 555 017{at}")])
    for at, name in enumerate((*names, "Alder Tools")):
        request = LookupRequest(queries={"k": PartyQuestion(name=name, phones=[f"+1 646 555 017{at}"])})
        assert opened.lookup(request).responses["k"].candidates[0].caption == name
