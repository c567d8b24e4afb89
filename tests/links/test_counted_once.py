"""The asked party counts once among those who use a value: the same facts are worth the same before they are on record
and after, and as its own paths."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.links.between import SEIZED, Without, find_paths
from graphinv.links.index import LinkIndex
from graphinv.normalise.identifiers import normalize_importer_number
from graphinv.resolve.identities import importer_uid
from graphinv.workspace import Workspace
from tests.links.conftest import HARBOR, ask, consignee, importer, indexed, shipment, told

_DAY = "2025-05-20"
_SEIZURE = {"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X77", "category": "ipr"}
_OTHERS = ("Quartz Luggage", "Bramble Kitchens", "Oxbow Fabrics", "Juniper Toys", "Falcon Lighting", "Otter Paper")
_NUMBER = "88-1234567"

#: (strength, how many use each value) of a link, by the value that it leads over.
Worth = dict[str, tuple[float, tuple[int, ...]]]


def asked(index: LinkIndex, workspace: Workspace, row: dict[str, str]) -> Worth:
    """What a question of the row's values leads to."""
    place = {name: row[name] for name in ("address_line1", "city", "state", "postal_code", "country")}
    given_ = {"name": row["name"], "phones": [row["phone"]], "emails": [row["email"]], "addresses": [place]}
    answer = ask(index, workspace, **given_)
    return {
        link.evidence[0].value: (link.strength, tuple(piece.shared_by for piece in link.evidence))
        for link in answer.links
    }


def recorded(index: LinkIndex, workspace: Workspace) -> Worth:
    """What the recorded party leads to by itself."""
    number = normalize_importer_number(_NUMBER, workspace.hash_key)
    assert number is not None
    found = find_paths(index, importer_uid(number.key), SEIZED, 3, 6, Without())
    return {
        path.evidence[0].value: (path.strength, tuple(piece.shared_by for piece in path.evidence))
        for path in found.paths
    }


@settings(max_examples=4, deadline=None)
@given(st.integers(0, len(_OTHERS)), st.sets(st.sampled_from(["phone", "email"]), min_size=1))
def test_a_question_is_worth_what_it_is_once_on_record(others: int, shared: set[str]) -> None:
    same = {name: HARBOR[name] for name in shared}
    row = importer(_NUMBER, "Teal Sparrow Outfitters", "44 Fig Ct", registered_on=_DAY,
                   **{"phone": "815 555 0144", "email": "x@tealsparrow.example", **same})  # fmt: skip
    users = [
        importer(f"7{at}-12345{at}7", name, f"{at}8 Alder St", registered_on=_DAY, **same)
        for at, name in enumerate(_OTHERS[:others])
    ]
    pilot = shipment("P1", _DAY, **consignee(importer("", "Pilot Row", "1 Pilot Row", phone="815 555 0111")))
    seized = [shipment("X77", "2025-03-01", importer_number=HARBOR["importer_number"], **consignee(HARBOR)), pilot]
    feeds = {"importers": [HARBOR, *users], "shipments": seized, "seizures": [_SEIZURE]}
    with TemporaryDirectory() as before, TemporaryDirectory() as after:
        unknown = told(Path(before), feeds)
        first = asked(indexed(unknown), unknown, row)
        known = told(Path(after), {**feeds, "importers": [HARBOR, *users, row]})
        index = indexed(known)
        again, own = asked(index, known, row), recorded(index, known)
        unknown.close()
        known.close()
    assert first
    for value, (strength, counted) in first.items():
        for later in (again, own):
            assert later[value][0] == pytest.approx(strength, abs=0.003), (value, first, later)
            assert later[value][1] == counted


def test_who_is_on_record_by_a_filing_alone_counts_once(tmp_path: Path) -> None:
    row = importer("", "Teal Sparrow Outfitters", "44 Fig Ct", phone=HARBOR["phone"], email="x@tealsparrow.example")
    other = importer("71-1234571", "Quartz Luggage", "18 Alder St", registered_on=_DAY, phone=HARBOR["phone"])
    seized = shipment("X77", "2025-03-01", importer_number=HARBOR["importer_number"], **consignee(HARBOR))
    feeds = {"importers": [HARBOR, other], "shipments": [seized], "seizures": [_SEIZURE]}
    found = []
    for name, filed in (("before", []), ("after", [shipment("N1", _DAY, entry_type="86", **consignee(row))])):
        (tmp_path / name).mkdir()
        workspace = told(tmp_path / name, {**feeds, "shipments": [seized, *filed]})
        found.append(asked(indexed(workspace), workspace, row))
        workspace.close()
    before, after = found
    phone = "+12135550142"
    assert before.keys() == after.keys() == {phone}
    assert before[phone][1] == after[phone][1] == (3, 3)
    assert after[phone][0] == pytest.approx(before[phone][0], abs=0.003)
