"""Splink as the oracle of our comparisons: exported settings and records in, Splink's own match weight of pairs out.

The settings are a Splink settings dict as JSON would carry it. Splink runs them on DuckDB in this process, on all pairs
or on given ones; a test holds the weights against ours.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import polars as pl
from splink import DuckDBAPI, Linker


def splink_weights(
    settings: Mapping[str, Any], records: pl.DataFrame, pairs: pl.DataFrame | None = None
) -> pl.DataFrame:
    """``left, right, weight`` (bits, the prior included), ``probability`` and ``gamma_<comparison>`` of every pair.

    ``records`` has the columns that the settings name and their unique id column. ``pairs``: left, right of the pairs
    wanted (whichever comes first); without it all pairs of the records are scored, so keep them few. ``left`` is always
    the smaller id. A gamma is the level: -1 for nothing to compare, 0 for the last, rising to the first.
    """
    told: dict[str, Any] = json.loads(json.dumps(dict(settings)))  # what a file would carry, and no more
    told |= {
        "blocking_rules_to_generate_predictions": ["1=1"],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,  # the levels come only with them
    }
    unique_id = told.get("unique_id_column_name", "unique_id")
    with _quiet():
        linker = Linker(DuckDBAPI().register(records.to_arrow(), dataset_display_name="records"), told, log_level=None)
        scored = linker.inference.predict(warning_mode="never").as_duckdbpyrelation().pl()
    ids = {f"{unique_id}_l": "left", f"{unique_id}_r": "right", "match_weight": "weight"}
    gammas = [pl.col(column) for column in scored.columns if column.startswith("gamma_")]
    renamed = scored.rename({**ids, "match_probability": "probability"})
    low, high = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
    found: pl.DataFrame = renamed.select(low.alias("left"), high.alias("right"), "weight", "probability", *gammas)
    if pairs is None:
        return found.sort("left", "right")
    wanted = pairs.select(left=low, right=high)
    return wanted.join(found, on=["left", "right"], how="left", maintain_order="left")


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Splink's warnings about levels that no record reaches."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
