"""Which version of a record counts: the newest by ``known_at``, and of several known at one moment always the same.

A tie is broken by what the versions say, with hashed numbers masked: neither the order of loading nor the workspace's
hash key, which differs from workspace to workspace, may decide.
"""

import polars as pl

from graphinv.normalise.hashing import HASHED_PREFIX

#: Tokens and uids that depend on the workspace's hash key.
KEYED = rf"{HASHED_PREFIX}[0-9a-f]{{24}}|importer:s[0-9a-f]{{16}}"
MASKED_TOKEN = "<keyed>"  # noqa: S105 - what stands for a hashed number, no secret

_PART = "\x1f"


def newest(rows: pl.DataFrame, key: str, since: pl.Expr | None = None, later: tuple[pl.Expr, ...] = ()) -> pl.DataFrame:
    """One row per ``key`` (rows without one are left out), in no fixed order.

    ``since`` tells from when on a version counts, where that is not its ``known_at``; of several that count from one
    moment on the highest by ``later`` does.
    """
    known = rows.filter(pl.col(key).is_not_null())
    counts = pl.col("known_at") if since is None else since
    last = known.filter(counts == counts.max().over(key))
    tied = pl.len().over(key) > 1
    alone, several = last.filter(~tied), last.filter(tied)
    if several.is_empty():
        return alone
    chosen = several.with_columns(_said(several).alias("_said")).sort(*later, "_said", "content")
    return pl.concat([alone, chosen.unique(key, keep="last", maintain_order=True).drop("_said")])


def _said(rows: pl.DataFrame) -> pl.Series:
    """Everything a row says as one text."""
    parts = [
        (pl.col(name).list.join(_PART) if isinstance(kind, pl.List) else pl.col(name).cast(pl.String)).fill_null("")
        for name, kind in rows.schema.items()
        if name != "content"
    ]
    text = rows.select(pl.concat_str(parts, separator=_PART)).to_series()
    return text.str.replace_all(KEYED, MASKED_TOKEN)
