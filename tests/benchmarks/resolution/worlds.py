"""Records of invented worlds with their truth, drawn so that whole parties and all fronts of one owner stay together.

A record is what one row tells about one party: a registration, a marketplace account, a consignee, a shipper. Records
of one business that normalise to the same values are one record, so that the counts are not those of plain copies.
"""

import gzip
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graphinv.worlds import write_world
from tests.benchmarks.resolution.records import normalised

#: Records that a world of each size has at least, after copies are left out.
_ENOUGH = {"small": 40_000, "medium": 400_000}


@dataclass(frozen=True)
class WorldRecords:
    """Normalised records (``RECORD_COLUMNS``) and, in the same order, the truth.

    ``truth``: record_id, business_id, hands_id, role (importer, seller, consignee, shipper) and marks: what happened to
    the record on its way (a list of text).
    """

    records: pl.DataFrame
    truth: pl.DataFrame

    @property
    def cluster(self) -> pl.Series:
        """The true cluster of every record."""
        return self.truth["business_id"]


def world_records(count: int, seed: int) -> WorldRecords:
    """About ``count`` records of the world with this seed: everything of hands taken in an order that says nothing."""
    size = next((size for size, most in _ENOUGH.items() if most >= count), None)
    if size is None:
        raise ValueError(f"at most {max(_ENOUGH.values()):,} records, not {count:,}")
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        write_world(world, size, seed)
        return read_world(world, count)


def read_world(world: Path, count: int) -> WorldRecords:
    """The same from a written world."""
    owners = pl.read_csv(world / "truth" / "parties.csv", infer_schema=False)
    owners = owners.with_columns(place=pl.col("hands_id").hash(2_718)).sort("place", "record_id")
    raw = _raw(world).join(owners.head(3 * count), on="record_id", maintain_order="right")
    records = normalised(raw)
    truth = raw.select("record_id", "business_id", "hands_id", _role(), marks=pl.col("spelling").str.split(";"))
    told = [name for name in records.columns if name != "record_id"]
    copies = pl.concat([records.select(told), raw.select("business_id", "place")], how="horizontal").with_row_index(
        "row"
    )
    different = copies.unique(["business_id", *told], keep="first", maintain_order=True)
    last = different["place"][min(count, different.height) - 1]
    kept = different.filter(pl.col("place") <= last)["row"]
    return WorldRecords(records[kept], truth[kept])


def _role() -> pl.Expr:
    mark = pl.col("record_id").str.extract("#(.*)$", 1)
    return pl.coalesce(mark, pl.col("record_id").str.extract("^([a-z]+)s:", 1)).alias("role")


def _raw(world: Path) -> pl.DataFrame:
    importers = pl.read_csv(world / "importers.csv", infer_schema=False)
    lines = gzip.decompress((world / "sellers.jsonl.gz").read_bytes()).splitlines()
    whole = b"\n".join(line for line in lines if line.endswith(b"}"))
    sellers = pl.read_ndjson(whole, infer_schema_length=None)
    shipments = pl.concat([pl.read_parquet(file) for file in sorted(world.glob("shipments-*.parquet"))])
    shipments = shipments.filter(pl.col("filed_at").str.starts_with("20"))
    frames = [_importers(importers), _sellers(sellers), _consignees(shipments), _shippers(shipments)]
    return (
        pl.concat(frames, how="diagonal").drop_nulls("record_id").unique("record_id", keep="last", maintain_order=True)
    )


def _importers(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("name").str.strip_chars() != "").select(
        "name", "city", "state", "postal_code", "country", "phone", "email", "website",
        record_id="importers:" + pl.col("importer_number"),
        line1="address_line1", line2="address_line2", number="importer_number", officer="officer_name",
    )  # fmt: skip


def _sellers(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "city", "state", "postal_code", "country", "phone", "email", "website", "bank_account",
        record_id=pl.concat_str(pl.lit("sellers:"), "platform", pl.lit("/"), "seller_id"),
        name="legal_name", line1="address_line1", line2="address_line2", number="tax_id",
    )  # fmt: skip


def _consignees(rows: pl.DataFrame) -> pl.DataFrame:
    fields = ("name", "city", "state", "postal_code", "country", "phone", "email")
    return rows.select(
        record_id=pl.concat_str(pl.lit("shipments:"), "shipment_id", pl.lit("#consignee")),
        **{field: pl.col(f"consignee_{field}") for field in fields},
        line1="consignee_address_line1", line2="consignee_address_line2", number="importer_number",
    )  # fmt: skip


def _shippers(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        record_id=pl.concat_str(pl.lit("shipments:"), "shipment_id", pl.lit("#shipper")),
        name="shipper_name", line1="shipper_address", city="shipper_city", country="shipper_country",
        mid="manufacturer_id",
    )  # fmt: skip
