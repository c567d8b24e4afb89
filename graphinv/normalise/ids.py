"""Opaque ids of whole columns."""

import polars as pl

from graphinv.normalise.hashing import opaque_id


def opaque_ids(prefix: str, texts: pl.Series) -> pl.Series:
    """``opaque_id`` of every value, null where the value is null. Each distinct value is hashed once."""
    distinct = texts.drop_nulls().unique()
    ids = pl.Series("id", [opaque_id(prefix, text) for text in distinct.to_list()], dtype=pl.String)
    known = pl.DataFrame({"text": distinct, "id": ids}, schema={"text": pl.String, "id": pl.String})
    return pl.DataFrame({"text": texts}, schema={"text": pl.String}).join(
        known, on="text", how="left", maintain_order="left"
    )["id"]
