"""A small case as feeds, loaded the way every workspace is: what the tests of entities, search and networks tell.

Kestrel Bay Imports had goods seized in 2023 and has the phone of Orchid Lane Trading, which buys from the shop
bazario/K1: five shipments, two of them seized in 2024, one more held and released. Brightline Home Goods came in summer
2024 and sits in Orchid Lane's suite. Thirty other importers share one thing with Brightline: the e-mail of an agent who
files for everybody. All parties are invented.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphinv.opened import OpenedWorkspace
from graphinv.resolve.identities import importer_uid
from graphinv.settings import Settings
from tests.conftest import empty, on_running_server

TENANTS = 30
AGENT = "email:desk@agents-for-all.example"
PHONE = "phone:+12135550148"
SHOP = "seller:bazario/K1"

KESTREL = importer_uid("112223334AA")
ORCHID = importer_uid("223334445AA")
BRIGHTLINE = importer_uid("334445556AA")

_IMPORTERS = "importer_number,name,address_line1,address_line2,city,state,postal_code,country,phone,email,registered_on"
_SHIPMENTS = (
    "shipment_id,filed_at,entry_type,filer_code,importer_number,consignee_name,shipper_name,shipper_country,"
    "platform,seller_id,description,hts,origin_country,port_code"
)
_SEIZURES = "seizure_id,seized_on,shipment_id,category,commodity,status,known_at,status_on"
_SELLERS = "platform,seller_id,display_name,legal_name,bank_account,opened_on"


def write_case(folder: Path, findings: Sequence[str] = (), parties: Sequence[str] = ()) -> None:
    """Write the feeds of the case into a folder, with further seizures and importers."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "importers.csv", _IMPORTERS, [*_parties(), *_tenants(), *parties])
    _write(folder / "shipments.csv", _SHIPMENTS, list(_filings()))
    _write(folder / "seizures.csv", _SEIZURES, [*_findings(), *findings])
    _write(folder / "sellers.csv", _SELLERS, ["bazario,K1,kb outlet,Kestrel Outlet,DE02120300000000202051,2022-03-01"])


@contextmanager
def opened_case(
    request: pytest.FixtureRequest, folder: Path, store: str, findings: Sequence[str] = (), parties: Sequence[str] = ()
) -> Iterator[OpenedWorkspace]:
    """The case in a workspace over one of the stores of ``tests.conftest.STORES``."""
    write_case(folder / "feeds", findings, parties)
    empty(request.getfixturevalue(f"{store}_store"))
    if store == "neo4j":
        settings = Settings(workspace=folder / "workspace", neo4j=request.getfixturevalue("neo4j_settings"))
    else:
        settings = on_running_server(folder / "workspace", request.getfixturevalue("embedded_folder"))
    with OpenedWorkspace(settings) as opened:
        opened.load([folder / "feeds"])
        yield opened
    empty(request.getfixturevalue(f"{store}_store"))


def _parties() -> Sequence[str]:
    suite = "1180 Foundry Row,Suite 14,Los Angeles,CA,90021,US"
    return (
        "11-2223334AA,Kestrel Bay Imports Inc,77 Old Quay Road,,San Pedro,CA,90731,US,+1 213 555 0148,,2021-02-01",
        f"22-3334445AA,Orchid Lane Trading Company,{suite},+1 213 555 0148,orchid@lane.example,2023-08-01",
        f"33-4445556AA,Brightline Home Goods LLC,{suite},,desk@agents-for-all.example,2024-06-20",
    )


def _tenants() -> Iterator[str]:
    """Firms that share nothing but their agent: neither names, numbers nor streets are alike."""
    trees = _TREES.split()
    for number, (name, street, goods) in enumerate(zip(trees, reversed(trees), _GOODS * 6, strict=True)):
        place = f"{(number * 577) % 4000 + 11} {street} Street,,Columbus,OH,43004,US"
        since = f"2023-01-{number % 28 + 1:02}"
        identity = f"{31 + number * 2}-{(number * 7_654_321 + 1_234_567) % 9_000_000 + 1_000_000}AA"
        yield f"{identity},{name} {goods} Tenant Supply,{place},,desk@agents-for-all.example,{since}"


_TREES = (
    "Alder Birch Cedar Dogwood Elm Fir Ginkgo Hazel Ironwood Juniper Katsura Larch Maple Nutmeg Oak Poplar Quince "
    "Rowan Spruce Tupelo Umbrella Viburnum Willow Yew Zelkova Acacia Banyan Catalpa Ebony Filbert"
)
_GOODS = ("Tools", "Fabrics", "Bicycles", "Ceramics", "Instruments")


def _filings() -> Iterator[str]:
    yield _filing("X0", "2023-05-02", "11-2223334AA", "Kestrel Bay Imports Inc", "bazario,K1")
    for number in range(1, 6):
        yield _filing(f"X{number}", f"2024-0{number}-10", "22-3334445AA", "Orchid Lane Trading Company", "bazario,K1")
    yield _filing("X6", "2024-07-01", "33-4445556AA", "Brightline Home Goods LLC", ",")


def _filing(shipment: str, day: str, number: str, name: str, seller: str) -> str:
    goods = "handbags,4202220000,CN,2704"
    return f"{shipment},{day}T08:00:00Z,86,9XK,{number},{name},Ningbo Hualong Bag Co,CN,{seller},{goods}"


def _findings() -> Iterator[str]:
    yield "Z0,2023-05-10,X0,ipr,handbags,seized,2023-05-10,"
    yield "Z1,2024-02-15,X2,ipr,handbags,seized,2024-02-15,"
    yield "Z2,2024-04-15,X4,ipr,handbags,forfeited,2024-04-15,"
    yield "Z3,2024-05-15,X5,ipr,handbags,released,2024-05-20,"


def _write(path: Path, header: str, rows: Sequence[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
