"""Feeds as files: rows that must be quarantined, exact duplicates and amendments mixed in, and their counts."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from graphinv.worlds.draws import Ints
from graphinv.worlds.plan import WORLD_DAYS, WORLD_START, WorldPlan

#: What breaks a row of each feed: a required value gone, a date that is none, a value outside its list, below zero.
_BREAKS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "importers": (("importer_number", None), ("name", None), ("name", "   ")),
    "sellers": (("platform", None), ("seller_id", None)),
    "shipments": (
        ("shipment_id", None),
        ("filed_at", None),
        ("filed_at", "not recorded"),
        ("mode", "parcel"),
        ("value_usd", "-12.5"),
        ("weight_kg", "-0.4"),
        ("quantity", "-3"),
    ),
    "seizures": (("seized_on", "31/31/2024"), ("category", "misc"), ("msrp_usd", "-1")),
    "inspections": (("result", "pending"), ("shipment_id", None), ("inspected_on", "soon")),
    "watchlist": (("name", None),),
    "trusted": (("vetted_on", "in review"), ("program", None)),
}


_LAST_MOMENT = np.datetime64(WORLD_START.replace(tzinfo=None), "ms") + np.timedelta64(WORLD_DAYS * 86_400_000 - 1, "ms")


@dataclass(frozen=True)
class FileCount:
    """What a reader of one file must count."""

    feed: str
    file: str
    read: int
    accepted: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True)
class _Extras:
    rows: pl.DataFrame
    duplicate: int
    quarantined: int


def write_feed(rng: np.random.Generator, plan: WorldPlan, out: Path, name: str, frame: pl.DataFrame) -> FileCount:
    """Write the frame with its extra rows; columns that start with ``_`` stay out of the file."""
    feed = name.split(".")[0].split("-")[0]
    extras = _extra_rows(rng, plan, feed, frame)
    mixed = _mixed(rng, frame, extras.rows)
    quarantined = extras.quarantined
    if name.endswith(".jsonl.gz"):
        quarantined += _write_json_lines(out / name, mixed)
    elif name.endswith(".parquet"):
        mixed.write_parquet(out / name, compression="zstd")
    else:
        mixed.write_csv(out / name)
    read = mixed.height + quarantined - extras.quarantined
    return FileCount(feed, name, read, read - extras.duplicate - quarantined, extras.duplicate, quarantined)


def _some_rows(rng: np.random.Generator, share: float, rows: int) -> Ints:
    """About ``share`` of the row numbers; rounding is drawn, so that many small files add up to the share."""
    count = min(rows, int(share * rows + rng.random()))
    return np.sort(rng.choice(rows, count, replace=False)) if count else np.zeros(0, np.int64)


def _extra_rows(rng: np.random.Generator, plan: WorldPlan, feed: str, frame: pl.DataFrame) -> _Extras:
    order = pl.Series("_order", np.arange(frame.height, dtype=np.float64))
    frame = frame.with_columns(order)
    again = frame[_some_rows(rng, plan.duplicate_rows, frame.height)]
    parts = [again]
    broken = frame[_some_rows(rng, plan.broken_rows, frame.height)]
    kinds = rng.integers(0, len(_BREAKS[feed]), broken.height)
    for kind, (column, value) in enumerate(_BREAKS[feed]):
        mine = broken.filter(pl.Series(kinds == kind))
        parts.append(mine.with_columns(pl.lit(value).cast(frame.schema[column]).alias(column)))
    if feed == "shipments":
        parts.append(_amended(rng, frame[_some_rows(rng, plan.amended_rows, frame.height)]))
    return _Extras(pl.concat(parts), again.height, broken.height)


def _amended(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """Corrections by the filer some days later: another value, known from then on."""
    filed = rows["filed_at"].str.to_datetime("%Y-%m-%dT%H:%M:%SZ")
    later = filed + pl.Series((rng.uniform(1, 5, rows.height) * 86_400_000).astype("timedelta64[ms]"))
    later = pl.Series(np.minimum(later.to_numpy(), _LAST_MOMENT))
    value = (rows["value_usd"].fill_null(10.0) * 1.25 + 1.0).round(2)
    return rows.with_columns(value_usd=value, known_at=later.dt.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _mixed(rng: np.random.Generator, frame: pl.DataFrame, extra: pl.DataFrame) -> pl.DataFrame:
    """The extra rows some places after the rows they repeat."""
    frame = frame.with_columns(pl.Series("_order", np.arange(frame.height, dtype=np.float64)))
    extra = extra.with_columns(_order=extra["_order"] + pl.Series(rng.uniform(0.1, 40.0, extra.height)))
    mixed = pl.concat([frame, extra]).sort("_order", maintain_order=True)
    return mixed.select(column for column in mixed.columns if not column.startswith("_"))


def _write_json_lines(path: Path, frame: pl.DataFrame) -> int:
    """One JSON object a line, with one line cut off in the middle as after a full disk; returns how many such."""
    lines = frame.write_ndjson().splitlines()
    lines.insert(len(lines) // 2, lines[len(lines) // 3][:40])
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=6, mtime=0))
    return 1
