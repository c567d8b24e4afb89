"""A small story, told in feeds, and the link index that it makes; no store is needed for it.

Harbor Gift Inc was seized on 2025-03-04. Lumen Parcel LLC is new and uses its phone. Anchor Mailroom is a mailbox shop
with forty tenants, one of whom, Drift Goods LLC, was seized too: its tenants are innocent. Bright Home LLC was seized,
and the goods were released. Cedar Trade Inc is honest, but someone ships under its number.
"""

from pathlib import Path

import polars as pl
import pytest

from graphinv.ingest import ingest
from graphinv.links.answer import PartyAnswer
from graphinv.links.evidence import build
from graphinv.links.index import LinkIndex, in_memory
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, graph_tables
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder

TENANTS = 40


def importer(number: str, name: str, line1: str, **columns: str) -> dict[str, str]:
    """A registration in Springfield, Illinois."""
    row = {"importer_number": number, "name": name, "address_line1": line1, "city": "Springfield", "state": "IL"}
    return {**row, "postal_code": "62701", "country": "US", "registered_on": "2024-01-10", **columns}


def shipment(key: str, day: str, **columns: str) -> dict[str, str]:
    """A parcel."""
    return {"shipment_id": key, "filed_at": f"{day}T10:00:00Z", "entry_type": "86", "mode": "express", **columns}


def consignee(row: dict[str, str]) -> dict[str, str]:
    """The consignee's columns of a shipment to a registered importer."""
    kept = ("name", "address_line1", "address_line2", "city", "state", "postal_code", "country", "phone", "email")
    return {f"consignee_{name}": row[name] for name in kept if name in row}


HARBOR = importer(
    "12-3456789", "Harbor Gift Inc", "100 Harbor St", phone="213 555 0142", email="sales@harborgift.example"
)
LUMEN = importer("98-7654321", "Lumen Parcel LLC", "7 Lumen Ave", phone="(213) 555-0142", registered_on="2025-05-01")
DRIFT = importer("22-1111111", "Drift Goods LLC", "50 Anchor Rd", address_line2="PMB 7")
BRIGHT = importer("33-2222222", "Bright Home LLC", "9 Elm St", phone="312 555 0111")
BRIGHT_FRIEND = importer("34-2222222", "Glow Goods LLC", "11 Oak St", phone="312 555 0111")
CEDAR = importer("44-3333333", "Cedar Trade Inc", "3 Cedar Ct", phone="312 555 0122")

#: Common words in uncommon pairs, so that no two tenants' names are alike.
_FIRST = ("Maple", "Otter", "Falcon", "Juniper", "Copper", "Velvet", "Prairie", "Summit")
_SECOND = ("Toys", "Lighting", "Kitchens", "Fabrics", "Luggage")


def tenants() -> list[dict[str, str]]:
    """Innocent tenants of the mailbox shop, each with a box of its own."""
    names = [f"{first} {second} LLC" for first in _FIRST for second in _SECOND]
    return [
        importer(f"55-{4000000 + at}", name, "50 Anchor Rd", address_line2=f"PMB {100 + at}")
        for at, name in enumerate(names[:TENANTS])
    ]


def shipments() -> list[dict[str, str]]:
    """Parcels of the story; X90 uses Cedar's number with somebody else's contacts."""
    thief = consignee(importer("", "Nightjar Supply", "800 Quarry Ln", city="Joliet", phone="815 555 0177"))
    return [
        shipment("X77", "2025-03-01", importer_number="12-3456789", **consignee(HARBOR)),
        shipment("X78", "2025-02-01", importer_number="22-1111111", **consignee(DRIFT)),
        shipment("X79", "2025-02-02", importer_number="33-2222222", **consignee(BRIGHT)),
        shipment("X90", "2025-02-03", importer_number="44-3333333", **thief),
        shipment("X91", "2025-05-02", importer_number="98-7654321", **consignee(LUMEN)),
    ]


def seizures() -> list[dict[str, str]]:
    """Three seizures that stand, one that was released."""

    def seizure(key: str, day: str, shipment_id: str, category: str, **columns: str) -> dict[str, str]:
        return {"seizure_id": key, "seized_on": day, "shipment_id": shipment_id, "category": category, **columns}

    return [
        seizure("Z1", "2025-03-04", "X77", "ipr", commodity="cosmetics"),
        seizure("Z2", "2025-02-04", "X78", "narcotics"),
        seizure("Z3", "2025-02-05", "X79", "ipr", status="released"),
        seizure("Z4", "2025-02-06", "X90", "consumer_safety", commodity="chargers", importer_number="44-3333333"),
    ]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The story as records."""
    folder = tmp_path_factory.mktemp("story")
    feeds = {
        "importers": [HARBOR, LUMEN, DRIFT, BRIGHT, BRIGHT_FRIEND, CEDAR, *tenants()],
        "shipments": shipments(),
        "seizures": seizures(),
    }
    return told(folder, feeds)


def told(folder: Path, feeds: dict[str, list[dict[str, str]]]) -> Workspace:
    """A story as records."""
    paths = [_write(folder / f"{feed}.csv", rows) for feed, rows in feeds.items()]
    opened = open_workspace_folder(Settings(workspace=folder / "workspace"))
    ingest(opened, paths)
    return opened


@pytest.fixture(scope="session")
def index(workspace: Workspace) -> LinkIndex:
    """The story's link index."""
    return indexed(workspace)


def indexed(workspace: Workspace) -> LinkIndex:
    """The link index of a story."""
    records = identify(prepared_records(workspace))
    clock = clock_of(records)
    assert clock is not None
    resolution = resolve_alone(records)
    graph = graph_tables(records, concluded(records, resolution), clock)
    return in_memory(build(evidence_tables(records, graph, clock)), resolution, epoch=1)


def ask(index: LinkIndex, workspace: Workspace, **question: object) -> PartyAnswer:
    """The answer to one question."""
    request = LookupRequest.model_validate({"queries": {"k": question}})
    return look_up(index, request, workspace.hash_key).responses["k"]


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    pl.DataFrame([{name: row.get(name) for name in names} for row in rows], infer_schema_length=None).write_csv(path)
    return path


def own_notes(answer: PartyAnswer) -> tuple[str, ...]:
    """The notes of an answer but those of the score, which without a model are the same for every question."""
    return tuple(note for note in answer.notes if not note.startswith("score: "))
