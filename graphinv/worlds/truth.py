"""The truth files: who stands behind every record, the true links, the innocents, the expected counts."""

from collections.abc import Iterable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from graphinv.worlds.draws import NONE, Ints, joined, take
from graphinv.worlds.feeds import FileCount
from graphinv.worlds.innocents import hands, innocents
from graphinv.worlds.links import true_links
from graphinv.worlds.model import World, dates, shipment_ids
from graphinv.worlds.spellings import PLACE, spelling

#: Columns of ``parties.csv``.
OWNERS = ("record_id", "hands_id", "business_id", "spelling")


def owners_of_importers(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """``OWNERS`` of the registrations."""
    party, pools = frame["_party"].to_numpy(), world.pools
    true = {"name": take(pools.names, world.parties.name[party]), **_true_address(world, world.parties.address[party])}
    lines = {"line1": frame["address_line1"], "line2": frame["address_line2"]}
    written = {"name": frame["name"], **lines, **{place: frame[place] for place in PLACE}}
    owners = _owners(
        joined("importers:", frame["importer_number"]),
        take(world.party_hands(), party),
        world.party_business(party),
        spelling(pl.DataFrame(written), pl.DataFrame(true)),
    )
    return owners.unique("record_id", keep="first", maintain_order=True)  # an amended registration is one record


def owners_of_sellers(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """``OWNERS`` of the marketplace accounts."""
    account = frame["_seller"].to_numpy()
    columns = {"name": "legal_name", "line1": "address_line1", "line2": "address_line2", "number": "tax_id"}
    columns |= {place: place for place in PLACE}
    written = frame.select(**{name: pl.col(column) for name, column in columns.items()})
    true = world.sellers[account].select(**{name: pl.col(column) for name, column in columns.items()})
    return _owners(
        joined("sellers:", frame["platform"], "/", frame["seller_id"]),
        take(world.sellers["hands"], account),
        world.account_business(account),
        spelling(written, true),
    )


def owners_of_shipments(world: World, frame: pl.DataFrame, party_hands: pl.Series) -> pl.DataFrame:
    """``OWNERS`` of the consignees, and of the shippers that are named or located."""
    rows = frame["_row"].to_numpy()
    party, supplier = world.shipments.party[rows], world.shipments.supplier[rows]
    shown = frame.select(pl.any_horizontal(pl.col("shipper_name", "shipper_address", "manufacturer_id").is_not_null()))
    consignees = _owners(
        joined("shipments:", frame["shipment_id"], "#consignee"),
        take(party_hands, party),
        world.party_business(party),
        _consignee_spelling(world, frame),
    )
    shippers = _owners(
        joined("shipments:", frame["shipment_id"], "#shipper"),
        world.supplier_hands(supplier),
        world.supplier_business(supplier),
        _shipper_spelling(world, frame),
    )
    return pl.concat([consignees, shippers.filter(shown.to_series())])


def _owners(record: pl.Series, hands: pl.Series, business: pl.Series, marks: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(dict(zip(OWNERS, (record, hands, business, marks), strict=True)))


def _consignee_spelling(world: World, frame: pl.DataFrame) -> pl.Series:
    party, parties, pools = frame["_party"].to_numpy(), world.parties, world.pools
    phone = pl.Series(parties.phone[party])
    true = {
        "name": take(pools.names, parties.name[party]),
        **_true_address(world, frame["_address"].to_numpy()),
        "phone": phone.set(phone == NONE, None).cast(pl.String),
        "email": take(pools.emails, parties.email[party]),
        "number": take(pools.numbers, parties.number[party]),
    }
    written = frame.select(
        name="consignee_name",
        line1="consignee_address_line1",
        line2="consignee_address_line2",
        city="consignee_city",
        postal_code="consignee_postal_code",
        phone="consignee_phone",
        email="consignee_email",
        number="importer_number",
    )
    marks = spelling(written, pl.DataFrame(true).select(written.columns))
    elsewhere = frame["_address"].to_numpy() != parties.address[party]
    return marks.zip_with(pl.Series(~elsewhere), (marks + ";sent_to_warehouse").str.strip_chars_start(";"))


def _shipper_spelling(world: World, frame: pl.DataFrame) -> pl.Series:
    suppliers = world.trade.suppliers[world.shipments.supplier[frame["_row"].to_numpy()]]
    written = frame.select(name="shipper_name", line1="shipper_address", city="shipper_city", mid="manufacturer_id")
    return spelling(written, suppliers.select(name="name", line1="street", city="city", mid="mid"))


def _true_address(world: World, rows: Ints) -> dict[str, pl.Series]:
    addresses = world.pools.addresses
    places = world.reference.us[addresses.place[rows]]
    lines = {"line1": take(addresses.line1, rows), "line2": take(addresses.unit, rows)}
    return {**lines, **{place: places[place] for place in PLACE}}


def append_csv(stream: BinaryIO, frame: pl.DataFrame) -> None:
    """Add rows to an open CSV; the header goes before the first."""
    stream.write(frame.write_csv(include_header=stream.tell() == 0).encode())


def _reopened(world: World) -> pl.DataFrame:
    moved = np.flatnonzero(np.isfinite(world.shipments.reopened_on))
    before = world.first_slot_account + moved
    after = world.first_slot_account + len(world.trade.slot_weight) + np.arange(len(moved))
    ids = joined("sellers:", world.sellers["platform"], "/", world.sellers["seller_id"])
    return pl.DataFrame(
        {
            "newcomer_id": take(ids, after),
            "seized_id": take(ids, before),
            "tie": pl.Series(["bank_account"]).new_from_index(0, len(moved)),
            "shared_value": take(world.sellers["bank_account"], after),
            "reopened_on": dates(world.shipments.reopened_on[moved]),
        }
    )


def _violations(world: World) -> pl.DataFrame:
    s = world.shipments
    rows = np.flatnonzero(s.outcomes.violation)
    cheated = (s.slot[rows] != NONE) & world.trade.slot_offends[s.slot[rows]] & ~world.cast.offender[s.party[rows]]
    own = take(world.party_hands(), s.party[rows])
    sellers = world.slot_hands(np.maximum(s.slot[rows], 0))
    return pl.DataFrame({"shipment_id": shipment_ids(rows), "hands_id": sellers.zip_with(pl.Series(cheated), own)})


def write_truth(world: World, folder: Path, seen: pl.DataFrame, counts: Iterable[FileCount]) -> int:
    """Write all truth but ``parties.csv``, which grows with the feeds; returns how many links there are."""
    links = true_links(world, seen)
    tables = {
        "hands": hands(world),
        "links": links,
        "reopened": _reopened(world),
        "innocents": innocents(world),
        "counts": pl.DataFrame([asdict(count) for count in counts]),
        "violations": _violations(world),
    }
    for name, table in tables.items():
        table.write_csv(folder / f"{name}.csv")
    explained = files("graphinv.worlds").joinpath("data", "TRUTH.md").read_bytes()
    (folder / "README.md").write_bytes(explained)
    return links.height
