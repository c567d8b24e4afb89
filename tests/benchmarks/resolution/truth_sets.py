"""Two public sets with a published truth: Senzing's demo records and the Open Supply Hub's factory pairs."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.benchmarks.resolution.records import normalised

_DATA = Path(__file__).parents[2] / "data"

#: Which number of a record counts when it has several, and what each is called in the one space of numbers.
_DOCUMENTS = (
    ("PASSPORT_NUMBER", "passport"),
    ("DRIVERS_LICENSE_NUMBER", "licence"),
    ("NATIONAL_ID_NUMBER", "national"),
    ("TAX_ID_NUMBER", "tax"),
    ("LEI_NUMBER", "lei"),
)
_ORDERS_OF_DAY = ("%m/%d/%Y", "%m/%d/%y", "%d-%b-%y", "%d-%b-%Y", "%Y-%m-%d")


@dataclass(frozen=True)
class LabelledRecords:
    """Normalised records (``RECORD_COLUMNS``) and the true cluster of each: ``record_id``, ``cluster``."""

    name: str
    records: pl.DataFrame
    truth: pl.DataFrame


@dataclass(frozen=True)
class LabelledPairs:
    """Normalised records and pairs of them that people judged: ``left``, ``right``, ``same``."""

    name: str
    records: pl.DataFrame
    pairs: pl.DataFrame


def senzing() -> LabelledRecords:
    """159 records, 108 true pairs."""
    folder = _DATA / "senzing_truth"
    files = [_text(folder / f"{name}.csv") for name in ("customers", "reference", "watchlist")]
    told = pl.concat(files, how="diagonal")
    key = _text(folder / "actual_truthset_key.csv").select(_record_id(), cluster="CLUSTER_ID")
    return LabelledRecords("senzing", normalised(_senzing_raw(told)), key)


def _senzing_raw(told: pl.DataFrame) -> pl.DataFrame:
    person = pl.concat_str(
        "PRIMARY_NAME_FIRST", "PRIMARY_NAME_MIDDLE", "PRIMARY_NAME_LAST", separator=" ", ignore_nulls=True
    ).replace("", None)
    documents = [pl.lit(f"{kind}:") + pl.col(column) for column, kind in _DOCUMENTS]
    days = [pl.col("DATE_OF_BIRTH").str.to_date(order, strict=False) for order in _ORDERS_OF_DAY]
    return told.select(
        record_id=_record_id(),
        name=pl.coalesce("PRIMARY_NAME_FULL", "PRIMARY_NAME_ORG", person, "NATIVE_NAME_FULL"),
        address="ADDR_FULL",
        line1="ADDR_LINE1",
        city="ADDR_CITY",
        state="ADDR_STATE",
        postal_code="ADDR_POSTAL_CODE",
        country="ADDR_COUNTRY",
        phone="PHONE_NUMBER",
        email="EMAIL_ADDRESS",
        number="SSN_NUMBER",
        document=pl.coalesce(documents),
        birth_date=_in_this_life(pl.coalesce(days)).dt.to_string("%Y-%m-%d"),
    )


def _in_this_life(day: pl.Expr) -> pl.Expr:
    """Two digits of a year after 2020 mean the century before."""
    short, late = day.dt.year() < 100, (day.dt.year() >= 2021) & (day.dt.year() < 2100)
    year = day.dt.year()
    full = pl.when(short).then(year + pl.when(year > 20).then(1900).otherwise(2000)).when(late).then(year - 100)
    return pl.date(full.otherwise(year), day.dt.month(), day.dt.day())


def factories() -> LabelledPairs:
    """112 pairs of 214 factories; 47 are the same."""
    rows = _text(_DATA / "osh_facilities" / "factory_pairs.csv")
    sides = [
        rows.select(
            record_id="factories:" + pl.col(f"id{side}"),
            name=f"name{side}",
            address=f"address{side}",
            country=pl.col(f"country{side}").str.to_uppercase(),
        )
        for side in (1, 2)
    ]
    records = pl.concat(sides).unique("record_id", keep="first", maintain_order=True)
    pairs = rows.select(
        left="factories:" + pl.col("id1"), right="factories:" + pl.col("id2"), same=pl.col("label") == "1"
    )
    return LabelledPairs("factories", normalised(records), pairs)


def _record_id() -> pl.Expr:
    return pl.concat_str("DATA_SOURCE", pl.lit(":"), "RECORD_ID").alias("record_id")


def _text(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False).with_columns(pl.all().replace("", None))
