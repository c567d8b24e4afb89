"""Asking for clusters: the list by the unknown risk they hold, and one with its members and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from graphinv.clusters.kept import MEMBER_ORDER, KeptClusters
from graphinv.clusters.resolutions import RESOLUTIONS, USUAL
from graphinv.errors import InvalidInput, NotFound

#: Members that one cluster names; the others are counted.
MEMBERS_NAMED = 500
_JOINS_IN_LIST = 3
_LIST_WAYS = "`graphinv clusters` and GET /v1/clusters list them"


@dataclass(frozen=True)
class ClusterSearch:
    """Which clusters: with a seized member or without (None: both), of at least so many members, at which resolution,
    and those that hold a party, by the id of any of its identities."""

    seized: bool | None = None
    min_size: int = 2
    resolution: str = USUAL
    member: str | None = None


@dataclass(frozen=True)
class Nearest:
    """The member with the strongest link to a seizure, of those without one of their own; ``seized`` is whose."""

    id: str
    label: str
    caption: str
    standing: str
    strength: float
    seized: str
    seized_caption: str


@dataclass(frozen=True)
class Newest:
    """The member that was seen last for the first time."""

    id: str
    label: str
    caption: str
    standing: str
    first_seen: str


@dataclass(frozen=True)
class Joining:
    """A value that members share. ``weight``: the ties it makes among them, added up; ``members`` of the cluster use
    it, ``users`` of all parties."""

    id: str
    label: str
    caption: str
    weight: float
    members: int
    users: int


@dataclass(frozen=True, kw_only=True)
class ClusterSummary:
    """A cluster in a list. ``seized_interval`` holds the seized share with 95% (Wilson); ``unknown_risk`` adds up, over
    unknown members, the strength of their best link to a seizure."""

    id: str
    resolution: str
    caption: str
    members: int
    identities: int
    standings: Mapping[str, int]
    seized_share: float
    seized_interval: tuple[float, float]
    unknown_risk: float
    shipments: int
    seizures: int
    first_seen: str | None
    last_seen: str | None
    nearest: Nearest | None
    newest: Newest | None
    joined_by: tuple[Joining, ...]


@dataclass(frozen=True)
class Member:
    """A party of a cluster; ``strength`` is that of its best link to a seizure, its own included."""

    id: str
    label: str
    caption: str
    standing: str
    country: str | None
    first_seen: str | None
    identities: int
    strength: float


@dataclass(frozen=True)
class Counted:
    """Something that shipments of the cluster have in common, and how many have it."""

    id: str
    shipments: int


@dataclass(frozen=True)
class Lane:
    """From a country of origin to a port of entry."""

    origin: str
    port: str
    shipments: int


@dataclass(frozen=True)
class Month:
    """What happened in a month."""

    month: str
    shipments: int
    seizures: int


@dataclass(frozen=True)
class Event:
    """What became of a cluster as of a moment: born, grew, shrank, merged, split or died. ``members``: how many it had
    then; ``moved``: how many came or went; ``others``: clusters it merged with, split into or came from."""

    event: str
    at: str
    members: int
    moved: int
    others: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Cluster(ClusterSummary):
    """A cluster with everything its page shows. The ``left_out`` counts say how many are not named."""

    as_of: str
    parties: tuple[Member, ...]
    lanes: tuple[Lane, ...]
    commodities: tuple[Counted, ...]
    ports: tuple[Counted, ...]
    timeline: tuple[Month, ...]
    left_out: Mapping[str, int]
    history: tuple[Event, ...]


@dataclass(frozen=True)
class ClusterPage:
    """A page of a list; ``next`` is where the following one begins."""

    items: tuple[ClusterSummary, ...]
    next: int | None
    total: int


def list_clusters(kept: KeptClusters, wanted: ClusterSearch, *, skip: int = 0, limit: int = 50) -> ClusterPage:
    """Clusters of two members or more, the one that holds most unknown risk first.

    Raises InvalidInput for a resolution that there is not, NotFound for a member that is no party on record.
    """
    if wanted.resolution not in RESOLUTIONS:
        raise InvalidInput(f"resolution: there is no such one; give one of {', '.join(RESOLUTIONS)}")
    found = _keys(kept).filter(pl.col("members") >= wanted.min_size, resolution=wanted.resolution)
    if wanted.seized is not None:
        found = found.filter((pl.col("seized") > 0) == wanted.seized)
    if wanted.member is not None:
        found = found.filter(cluster=cluster_of(kept, wanted.member, wanted.resolution))
    rows = kept.profiles[found["row"].slice(skip, limit)]
    items = tuple(_summary(row) for row in rows.iter_rows(named=True))
    return ClusterPage(items, skip + limit if skip + limit < len(found) else None, len(found))


def _keys(kept: KeptClusters) -> pl.DataFrame:
    """What lists are narrowed by: filtering whole profiles would copy all their lists."""
    return kept.profiles.select("cluster", "resolution", "members", "seized").with_row_index("row")


def cluster_of(kept: KeptClusters, uid: str, resolution: str = USUAL) -> str:
    """The cluster that a party belongs to, alone or not. Raises NotFound when the clusters know no such party."""
    entity = kept.identities.filter(uid=uid)["entity"]
    if entity.is_empty():
        raise NotFound("there is no party of that id; `graphinv show WORDS` or GET /v1/entities?q= finds ids by name")
    return str(kept.entities.filter(entity=entity[0])[resolution][0])


def heir_of(kept: KeptClusters, cluster: str) -> str:
    """The cluster that one lives on in: itself, or the one that it was merged into."""
    seen = {cluster}
    while not (kept.profiles["cluster"] == cluster).any():
        merged = kept.events.filter(cluster=cluster, event="merged", members=0)
        into = str(merged["others"][-1][0]) if len(merged) else cluster
        if into in seen:
            return cluster
        cluster = into
        seen.add(cluster)
    return cluster


def find_cluster(kept: KeptClusters, cluster: str, members: int = MEMBERS_NAMED) -> Cluster:
    """One cluster, so many of its members by name. Raises NotFound, which says what became of it if that is known."""
    at = _keys(kept).filter(cluster=cluster)["row"]
    if at.is_empty():
        raise NotFound(_missing(kept, cluster))
    row = kept.profiles.row(at[0], named=True)
    summary = _summary(row)
    inside = kept.entities.filter(pl.col(summary.resolution) == cluster).sort(*MEMBER_ORDER)
    told = {**vars(summary), "joined_by": tuple(Joining(**one) for one in row["joins"])}
    named = {"joins": row["joins"], "lanes": row["lanes"], "commodities": row["commodities"], "ports": row["ports"]}
    left_out = {name: row[f"{name}_total"] - len(rows) for name, rows in named.items()}
    return Cluster(
        **told,
        as_of=kept.meta.as_of,
        parties=tuple(_member(one) for one in inside.head(members).iter_rows(named=True)),
        lanes=tuple(Lane(**one) for one in row["lanes"]),
        commodities=_counted(row["commodities"], "hts6", "commodity:"),
        ports=_counted(row["ports"], "port", "port:"),
        timeline=tuple(Month(**one) for one in row["timeline"]),
        left_out={"members": max(len(inside) - members, 0), **left_out},
        history=tuple(_event(one) for one in kept.events.filter(cluster=cluster).iter_rows(named=True)),
    )


def _missing(kept: KeptClusters, cluster: str) -> str:
    alone = kept.entities.filter(pl.any_horizontal(pl.col(list(RESOLUTIONS)) == cluster))
    if len(alone):
        entity = alone["entity"][0]
        return (
            f"this cluster has one member, {entity}; `graphinv show {entity}` and GET /v1/entities/{entity} tell of it"
        )
    ended = kept.events.filter(cluster=cluster, event="died")
    if len(ended):
        return f"this cluster fell apart, as of {_text(ended['at'][-1])}; {_LIST_WAYS}"
    return f"there is no cluster of that id; {_LIST_WAYS}"


def _summary(row: Mapping[str, Any]) -> ClusterSummary:
    others = row["members"] - 1
    return ClusterSummary(
        id=row["cluster"],
        resolution=row["resolution"],
        caption=f"{row['caption']} and {others} {'other' if others == 1 else 'others'}",
        members=row["members"],
        identities=row["identities"],
        standings={name: row[name] for name in ("seized", "trusted", "known", "unknown")},
        seized_share=row["seized_share"],
        seized_interval=(row["seized_low"], row["seized_high"]),
        unknown_risk=row["unknown_risk"],
        shipments=row["shipments"],
        seizures=row["seizures"],
        first_seen=_text(row["first_seen"]),
        last_seen=_text(row["last_seen"]),
        nearest=_nearest(row["nearest"]),
        newest=_newest(row["newest"]),
        joined_by=tuple(Joining(**one) for one in row["joins"][:_JOINS_IN_LIST]),
    )


def _nearest(told: Mapping[str, Any] | None) -> Nearest | None:
    if told is None:
        return None
    return Nearest(
        told["entity"], told["label"], told["caption"], told["standing"], round(told["strength"], 4), told["seized"],
        told["of"],
    )  # fmt: skip


def _newest(told: Mapping[str, Any] | None) -> Newest | None:
    if told is None:
        return None
    day = _text(told["first_seen"]) or ""
    return Newest(told["entity"], told["label"], told["caption"], told["standing"], day)


def _member(row: Mapping[str, Any]) -> Member:
    return Member(
        row["entity"], row["label"], row["caption"], row["standing"], row["country"], _text(row["first_seen"]),
        row["identities"], round(row["strength"], 4),
    )  # fmt: skip


def _counted(rows: Sequence[Mapping[str, Any]], column: str, prefix: str) -> tuple[Counted, ...]:
    return tuple(Counted(prefix + row[column], row["shipments"]) for row in rows)


def _event(row: Mapping[str, Any]) -> Event:
    return Event(row["event"], _text(row["at"]) or "", row["members"], row["moved"], tuple(row["others"]))


def _text(value: object) -> str | None:
    return value.isoformat() if isinstance(value, date | datetime) else None
