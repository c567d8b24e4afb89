"""What a party is called: the uid of one of its identities, the same from load to load.

A group that holds the identity which gave an entity its name keeps that name. Where two entities become one, the one
with more members goes on (then the one whose name sorts first) and the other's name leads to it; where one is split,
the part that holds the naming identity keeps the name.
"""

import polars as pl

from graphinv.resolve.arrays import Int64


def entity_ids(uids: pl.Series, groups: Int64, before: pl.DataFrame | None) -> pl.DataFrame:
    """(uid, entity) of every identity. ``groups`` numbers the group of each; ``before`` is what this gave last time."""
    now = pl.DataFrame({"uid": uids, "group": groups})
    named = now.with_columns(pl.col("uid").min().over("group").alias("smallest"))
    if before is None or before.is_empty():
        return named.select("uid", entity="smallest")
    told = now.join(before, on="uid")
    members = told.group_by("group", "entity").agg(pl.len().alias("members"))
    home = now.select(pl.col("uid").alias("entity"), pl.col("group").alias("home"))
    claims = members.join(home, on="entity").filter(pl.col("home") == pl.col("group"))
    chosen = (
        claims.sort(["group", "members", "entity"], descending=[False, True, False])
        .group_by("group", maintain_order=True)
        .agg(pl.col("entity").first())
    )
    return (
        named.join(chosen, on="group", how="left", maintain_order="left")
        .select("uid", pl.coalesce("entity", "smallest").alias("entity"))
        .sort("uid")
    )
