"""What an epoch remembers of the records behind it, so that later ones can be worked in without reading those again."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.evidence import placing
from graphinv.links.mapped_tables import mapped_frame, write_table
from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.coding import codes_of
from graphinv.resolve.match_index import mapped

if TYPE_CHECKING:  # those who only look up need nothing of what makes tables
    from graphinv.resolve.identities import PreparedRecords

#: Its folder in that of an epoch.
FOLDER = "ledger"
_REGISTERED, _SHARED = "registered.arrow", "shared_buildings.arrow"

#: The first day of a party without a dated shipment; the last one is the day as far before 1970.
NEVER = np.int32(np.iinfo(np.int32).max)
#: What identifying takes of a registration.
_REGISTRATION = (
    "record_id", "number_key", "ein_hash", "name_key", "building_key", "unit_key", "phone", "email", "dba_key",
    "officer_key", "mailing_building_key", "address_caption",
)  # fmt: skip
#: The parties of a shipment, in the order of the columns of ``Ledger.parties``.
PARTIES = ("importer_uid", "seller_uid", "shipper_uid", "claimed_uid")


@dataclass(frozen=True)
class Ledger:
    """``registrations``: codes of the record ids of importers and sellers. ``contents``: codes of what they and the
    shipments say. ``shipments``: codes of shipment ids, all in rising order, and the nodes of their ``parties``, -1
    where there is none.

    By node: how many shipments it is a party of (``filings``), the days of the first and the last since 1970, and
    whether one of them was ``examined``. ``registered`` (registrations, of their columns what identifying takes) and
    ``shared_buildings`` make the registry of the epoch.
    """

    registrations: Int64
    contents: Int64
    shipments: Int64
    parties: Int32
    filings: Int32
    first: Int32
    last: Int32
    examined: NDArray[np.bool_]
    registered: pl.DataFrame
    shared_buildings: pl.Series

    @property
    def records(self) -> int:
        """How many records the epoch was made of, those of small feeds left out."""
        return len(self.registrations) + len(self.shipments)

    def has_registrations(self, record_ids: pl.Series) -> NDArray[np.bool_]:
        """Which records of importers and sellers are on record."""
        return _place(self.registrations, record_ids) >= 0

    def says(self, contents: pl.Series) -> NDArray[np.bool_]:
        """Which contents are on record, word for word."""
        return _place(self.contents, contents) >= 0

    def rows_of(self, shipment_ids: pl.Series) -> Int64:
        """The rows of shipments in ``parties``, -1 for those that are not on record."""
        return _place(self.shipments, shipment_ids)


def ledger(records: "PreparedRecords", shared_buildings: pl.Series, nodes: pl.DataFrame) -> Ledger:
    """The ledger of identified records; ``nodes`` has uid and node."""
    filed = records.shipments.select("shipment_id", "seen", *PARTIES)
    placed = placing(nodes["uid"])
    at = pl.DataFrame({name: placed(filed[name]) for name in PARTIES})
    code = codes_of(filed["shipment_id"])
    order = np.argsort(code, kind="stable")
    told = at.select(PARTIES[:3]).with_columns(filed["shipment_id"], filed["seen"])
    history = _history(told, records.inspections["shipment_id"], len(nodes))
    ids = pl.concat([records.importers["record_id"], records.sellers["record_id"]])
    said = pl.concat([rows["content"] for rows in (records.importers, records.sellers, records.shipments)])
    return Ledger(
        _each_once(codes_of(ids)), _each_once(codes_of(said)), code[order], at.to_numpy()[order], *history,
        records.importers.select(_REGISTRATION), shared_buildings,
    )  # fmt: skip


def write_ledger(folder: Path, kept: Ledger) -> None:
    """Write into the folder of an epoch."""
    path = folder / FOLDER
    path.mkdir()
    for item in fields(Ledger):
        value = getattr(kept, item.name)
        if isinstance(value, np.ndarray):
            np.save(path / f"{item.name}.npy", value)
    write_table(path / _REGISTERED, kept.registered)
    write_table(path / _SHARED, kept.shared_buildings.to_frame("key"))


def open_ledger(folder: Path) -> Ledger | None:
    """Read from the folder of an epoch, memory-mapped; None for an epoch without."""
    path = folder / FOLDER
    if not path.exists():
        return None
    names = [item.name for item in fields(Ledger)][:-2]
    arrays = {name: mapped(path / f"{name}.npy") for name in names}
    registered, shared = mapped_frame(path / _REGISTERED), mapped_frame(path / _SHARED)
    return Ledger(**arrays, registered=registered, shared_buildings=shared["key"])


def _history(told: pl.DataFrame, examined: pl.Series, size: int) -> tuple[Int32, Int32, Int32, NDArray[np.bool_]]:
    """Filings, first and last day, and examination by node."""
    seen = told.with_columns(pl.col("shipment_id").is_in(examined.implode()).alias("examined"))
    by_party = (
        pl.concat(
            seen.select(pl.col(role).alias("node"), pl.col("seen").cast(pl.Int32), "examined") for role in PARTIES[:3]
        )
        .filter(pl.col("node") >= 0)
        .group_by("node")
        .agg(
            pl.len().cast(pl.Int32).alias("filings"),
            pl.col("seen").min().alias("first"),
            pl.col("seen").max().alias("last"),
            pl.col("examined").any(),
        )
    )
    node = by_party["node"].to_numpy()
    filings, first, last = np.zeros(size, np.int32), np.full(size, NEVER), np.full(size, -NEVER)
    filings[node] = by_party["filings"].to_numpy()
    first[node] = by_party["first"].fill_null(int(NEVER)).to_numpy()
    last[node] = by_party["last"].fill_null(-int(NEVER)).to_numpy()
    marked = np.zeros(size, np.bool_)
    marked[node] = by_party["examined"].to_numpy()
    return filings, first, last, marked


def _each_once(codes: Int64) -> Int64:
    """Different codes in rising order; sorting finds them several times faster than hashing, as ``np.unique`` does."""
    rising = np.sort(codes)
    different: Int64 = rising[np.diff(rising, prepend=rising[:1] - 1) != 0]
    return different


def _place(codes: Int64, wanted: pl.Series) -> Int64:
    if not len(codes):
        return np.full(len(wanted), -1, np.int64)
    asked = codes_of(wanted)
    at = np.minimum(np.searchsorted(codes, asked), len(codes) - 1)
    return np.where(codes[at] == asked, at, -1)
