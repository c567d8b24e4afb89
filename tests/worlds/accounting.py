"""The accounting rules of the feeds, counted again from the written files in the plainest way."""

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl

REQUIRED = {
    "importers": ["importer_number", "name"],
    "shipments": ["shipment_id", "filed_at"],
    "sellers": ["platform", "seller_id"],
    "seizures": ["seizure_id", "seized_on"],
    "inspections": ["inspection_id", "inspected_on", "shipment_id", "result"],
    "watchlist": ["list", "entry_id", "name"],
    "trusted": ["importer_number", "program", "vetted_on"],
}
DATES = {"filed_at", "seized_on", "inspected_on", "vetted_on"}
LISTS = {
    "mode": {"air", "express", "mail", "truck", "rail", "vessel"},
    "category": {"ipr", "narcotics", "pharmaceuticals", "consumer_safety", "forced_labor", "other"},
    "status": {"seized", "detained", "released", "forfeited"},
    "selection": {"random", "targeted", "referral"},
    "result": {"compliant", "violation", "seized"},
}
AMOUNTS = {"quantity", "weight_kg", "value_usd", "msrp_usd"}
KEYS = {
    "importers": ["importer_number"],
    "shipments": ["shipment_id"],
    "sellers": ["platform", "seller_id"],
    "seizures": ["seizure_id"],
    "inspections": ["inspection_id"],
    "watchlist": ["list", "entry_id"],
    "trusted": ["importer_number", "program"],
}


def rows_of(path: Path) -> list[dict[str, Any] | None]:
    """The file's rows; ``None`` for a line that cannot be read."""
    if path.name.endswith(".parquet"):
        return list(pl.read_parquet(path).to_dicts())
    if path.name.endswith(".csv"):
        return list(pl.read_csv(path, infer_schema=False).to_dicts())
    rows: list[dict[str, Any] | None] = []
    for line in gzip.decompress(path.read_bytes()).decode().splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            rows.append(None)
    return rows


def is_usable(feed: str, row: dict[str, Any] | None) -> bool:
    """Whether a row is accepted (or a duplicate) rather than quarantined."""
    if row is None:
        return False
    if any(not str(row[column] or "").strip() for column in REQUIRED[feed]):
        return False
    if any(not str(row[column])[:4].isdigit() or str(row[column])[4] != "-" for column in DATES & set(REQUIRED[feed])):
        return False
    if any(row.get(column) and row[column] not in allowed for column, allowed in LISTS.items()):
        return False
    return all(row.get(column) in (None, "") or float(row[column]) >= 0 for column in AMOUNTS)


def counted(feed: str, path: Path) -> dict[str, int]:
    """read, accepted, duplicate and quarantined of one file."""
    rows = rows_of(path)
    usable = [row for row in rows if row is not None and is_usable(feed, row)]
    different = {tuple(row.items()) for row in usable}
    return {
        "read": len(rows),
        "accepted": len(different),
        "duplicate": len(usable) - len(different),
        "quarantined": len(rows) - len(usable),
    }
