"""What becomes of clusters: which one of today is which one of yesterday, and what happened to each.

A cluster of yesterday lives on where most of its members went; of several that went to one place the one with the most
members there gives it its id. So an id means the same group through loads and rebuilds, and is never given twice.
"""

from dataclasses import dataclass

import polars as pl

from graphinv.normalise.columns import opaque_ids

#: How often an id that somebody else had is made again before another group gets it.
_TRIES = 100


@dataclass(frozen=True)
class Lineage:
    """``clusters``: (entity, cluster), every entity once. ``events``: cluster, event, members, moved, others."""

    clusters: pl.DataFrame
    events: pl.DataFrame


def follow(before: pl.DataFrame, now: pl.DataFrame, used: pl.Series, salt: str) -> Lineage:
    """Name the groups of ``now`` (entity, label) by what they were ``before`` (entity, cluster).

    ``used`` are ids that may not be given again: those of clusters that ended. ``salt`` keeps ids of several
    resolutions apart.
    """
    flows = _flows(before, now)
    ids = _heirs(flows)
    named = now.join(ids, on="label", how="left")
    founded = _founded(named, pl.concat([used, ids["cluster"]]), salt)
    clusters = named.join(founded, on="label", how="left").select(
        "entity", pl.coalesce("cluster", "founded").alias("cluster")
    )
    return Lineage(clusters, _events(before, clusters))


def with_recounted(lineage: Lineage, told: pl.DataFrame) -> Lineage:
    """Adds what happened to clusters of which nothing else is told and that have more or fewer members than ``told``
    says (cluster, members): members that were one party are several by now, or several one."""
    sizes = _sizes(lineage.clusters).join(told, on="cluster").filter(pl.col("size") > 1, pl.col("members") > 1)
    other = sizes.filter(pl.col("size") != pl.col("members")).join(lineage.events, on="cluster", how="anti")
    events = other.select(
        "cluster",
        pl.when(pl.col("size") > pl.col("members")).then(pl.lit("grew")).otherwise(pl.lit("shrank")).alias("event"),
        pl.col("size").alias("members"),
        (pl.col("size") - pl.col("members")).abs().alias("moved"),
        pl.lit([], dtype=pl.List(pl.String)).alias("others"),
    )
    return Lineage(lineage.clusters, pl.concat([lineage.events, events]).sort("cluster", "event", "moved"))


def first_ids(founders: pl.Series, salt: str, attempt: int = 0) -> pl.Series:
    """The ids that clusters get which these entities found, unless others have them."""
    return opaque_ids("cluster:", f"{salt}\x1f{attempt}\x1f" + founders)


def _flows(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """(cluster, label, members, first): how many members of each cluster of before are in each group of now."""
    return (
        before.join(now, on="entity")
        .group_by("cluster", "label")
        .agg(pl.len().cast(pl.Int64).alias("members"), pl.col("entity").min().alias("first"))
    )


def _heirs(flows: pl.DataFrame) -> pl.DataFrame:
    """(label, cluster): each cluster goes where most of its members are, each group takes the largest that comes."""
    goes = flows.sort("members", "first", descending=[True, False]).unique("cluster", keep="first", maintain_order=True)
    return (
        goes.sort("members", "cluster", descending=[True, False])
        .unique("label", keep="first", maintain_order=True)
        .select("label", "cluster")
    )


def _founded(named: pl.DataFrame, taken: pl.Series, salt: str) -> pl.DataFrame:
    """(label, founded): ids of new groups, by the first of their members; another one where that id is taken."""
    new = named.filter(pl.col("cluster").is_null()).group_by("label").agg(pl.col("entity").min().alias("founder"))
    found = [pl.DataFrame(schema={"label": new.schema["label"], "founded": pl.String})]
    waiting = new.sort("founder")
    for attempt in range(_TRIES):
        made = waiting.with_columns(first_ids(waiting["founder"], salt, attempt).alias("founded"))
        free = ~pl.col("founded").is_in(taken.implode())
        found.append(made.filter(free).select("label", "founded"))
        waiting = made.filter(~free).drop("founded")
        if waiting.is_empty():
            break
    return pl.concat(found)


def _events(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """What happened to every cluster that has, or had, more than one member; nothing where nothing changed."""
    told = _facts(before, now)
    lived = (pl.col("size") > 1) & (pl.col("size_now") > 1)
    joined = pl.col("size_now") - pl.col("kept") - pl.col("absorbed_members")
    left = pl.col("size") - pl.col("kept") - pl.col("given_members")
    return pl.concat(
        [
            _event("born", told.filter(pl.col("size") < 2, pl.col("size_now") > 1), pl.col("size_now"), "origin"),
            _event("merged", told.filter(pl.col("went").is_not_null()), pl.col("size"), "went"),
            _event("merged", told.filter(pl.col("absorbed").is_not_null()), pl.col("absorbed_members"), "absorbed"),
            _event("split", told.filter(pl.col("given").is_not_null()), pl.col("given_members"), "given"),
            _event("grew", told.filter(lived & (joined > 0)), joined, None),
            _event("shrank", told.filter(lived & (left > 0)), left, None),
            _event(
                "died", told.filter(pl.col("size") > 1, pl.col("size_now") < 2, pl.col("went").is_null()), left, None
            ),
        ]
    ).sort("cluster", "event", "moved")


def _facts(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """By id: its ``size`` before and now, the members it ``kept``; where it ``went`` if it ended in another cluster;
    whom it ``absorbed``; to which new or other clusters it has ``given`` two members or more; the ``origin`` of such
    members, with how many they are."""
    old, new = _sizes(before), _sizes(now)
    flows = _flows(before, now.rename({"cluster": "label"})).rename({"label": "into"})
    sized = (
        flows.join(old, on="cluster")
        .join(new.rename({"cluster": "into", "size": "into_size"}), on="into")
        .join(new.select("cluster", pl.lit(True).alias("lives")), on="cluster", how="left")
    )
    moved = sized.filter(pl.col("cluster") != pl.col("into"), pl.col("size") > 1, pl.col("into_size") > 1)
    most = pl.col("members") * 2 >= pl.col("size")
    ended = moved.filter(pl.col("lives").is_null(), most).sort("members", "into", descending=[True, False])
    went = ended.unique("cluster", keep="first", maintain_order=True)
    parts = moved.filter(pl.col("lives").is_not_null(), pl.col("members") > 1)
    facts = old.join(new.rename({"size": "size_now"}), on="cluster", how="full", coalesce=True)
    for more in (
        flows.filter(pl.col("cluster") == pl.col("into")).select("cluster", pl.col("members").alias("kept")),
        went.select("cluster", pl.concat_list("into").alias("went")),
        _listed(went, "into", "cluster", "absorbed"),
        _listed(parts, "cluster", "into", "given"),
        _listed(parts, "into", "cluster", "origin"),
    ):
        facts = facts.join(more, on="cluster", how="left")
    return facts.with_columns(pl.col(pl.Int64).fill_null(0))


def _listed(flows: pl.DataFrame, key: str, other: str, name: str) -> pl.DataFrame:
    """By ``key``: the others, sorted, and how many members they stand for."""
    grouped = flows.group_by(key).agg(
        pl.col(other).sort().alias(name), pl.col("members").sum().cast(pl.Int64).alias(f"{name}_members")
    )
    return grouped.rename({key: "cluster"})


def _event(name: str, told: pl.DataFrame, moved: pl.Expr, others: str | None) -> pl.DataFrame:
    nobody = pl.lit([], dtype=pl.List(pl.String))
    return told.select(
        "cluster",
        pl.lit(name).alias("event"),
        pl.when(pl.col("went").is_null()).then("size_now").otherwise(0).alias("members"),
        moved.cast(pl.Int64).alias("moved"),
        nobody.alias("others") if others is None else pl.col(others).fill_null(nobody).alias("others"),
    )


def _sizes(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("cluster").agg(pl.len().cast(pl.Int64).alias("size"))
