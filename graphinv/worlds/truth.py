"""The truth files: who stands behind every record, the true links, the innocents, the expected counts."""

from collections.abc import Iterable
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from graphinv.worlds.draws import NONE, joined, take
from graphinv.worlds.feeds import FileCount
from graphinv.worlds.innocents import hands, innocents
from graphinv.worlds.links import true_links
from graphinv.worlds.model import World, dates, shipment_ids


def owners_of_importers(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """``record_id, hands_id`` of the registrations."""
    party = frame["_party"].to_numpy()
    owners = pl.DataFrame(
        {"record_id": "importers:" + frame["importer_number"], "hands_id": take(world.party_hands(), party)}
    )
    return owners.unique(maintain_order=True)  # an amended registration is one record


def owners_of_sellers(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """``record_id, hands_id`` of the marketplace accounts."""
    record = joined("sellers:", frame["platform"], "/", frame["seller_id"])
    return pl.DataFrame({"record_id": record, "hands_id": take(world.sellers["hands"], frame["_seller"].to_numpy())})


def owners_of_shipments(world: World, frame: pl.DataFrame, party_hands: pl.Series) -> pl.DataFrame:
    """``record_id, hands_id`` of the consignees, and of the shippers that are named or located."""
    rows = frame["_row"].to_numpy()
    supplier = world.shipments.supplier[rows]
    shown = frame.select(pl.any_horizontal(pl.col("shipper_name", "shipper_address", "manufacturer_id").is_not_null()))
    consignees = joined("shipments:", frame["shipment_id"], "#consignee")
    shippers = joined("shipments:", frame["shipment_id"], "#shipper")
    hands_of_suppliers = world.supplier_hands(supplier)
    return pl.concat(
        [
            pl.DataFrame({"record_id": consignees, "hands_id": take(party_hands, world.shipments.party[rows])}),
            pl.DataFrame({"record_id": shippers, "hands_id": hands_of_suppliers}).filter(shown.to_series()),
        ]
    )


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
