"""What is kept of clusters, so that ids go on: ``clusters/<number>/``, a version (``graphinv.kept``) each time.

``graphinv rebuild`` makes clusters anew and keeps their ids.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from graphinv.kept import Versions

#: Raise it whenever what is kept changes its shape; clusters of another format are made anew and keep their ids.
FORMAT = 1

#: The folder of a workspace that holds them.
FOLDER = "clusters"

#: Columns of the history: ``members`` are how many it has afterwards, ``moved`` how many came or went, ``others`` the
#: clusters it merged with, split into or came from.
EVENT_SCHEMA = pl.Schema(
    {
        "resolution": pl.String(),
        "cluster": pl.String(),
        "event": pl.String(),
        "at": pl.Datetime("us", "UTC"),
        "members": pl.Int64(),
        "moved": pl.Int64(),
        "others": pl.List(pl.String()),
    }
)

#: Members in the order in which a profile names them: seized ones, then those nearest to a seizure.
MEMBER_ORDER = (pl.col("standing") != "seized", -pl.col("strength"), pl.col("entity"))

_META = "meta.json"
_TABLES = ("entities", "identities", "profiles", "events")


@dataclass(frozen=True)
class ClusterMeta:
    """Which clusters these are. ``as_of`` is the newest moment that they know; ``resolutions`` the tie strength that
    holds a cluster together, by name; the others count what ties nobody (``ties.LeftOut``)."""

    number: int
    as_of: str
    made_at: str
    resolutions: Mapping[str, float]
    hubs: int
    hub_uses: int
    weak_ties: int


@dataclass(frozen=True)
class KeptClusters:
    """``entities``: what ``members.entities_of`` tells and a column of cluster ids a resolution. ``identities``: (uid,
    entity). ``profiles``: as ``profiles_of``, with ``resolution``. ``events``: ``EVENT_SCHEMA``, the oldest first."""

    meta: ClusterMeta
    entities: pl.DataFrame
    identities: pl.DataFrame
    profiles: pl.DataFrame
    events: pl.DataFrame


@dataclass(frozen=True)
class Before:
    """What the next clusters go on from, whatever the format: (uid, entity, a column a resolution), and the history."""

    number: int
    members: pl.DataFrame
    events: pl.DataFrame


def current_number(folder: Path) -> int | None:
    """The number of the clusters that readers should open, None before the first."""
    return Versions(folder).current


def read_clusters(folder: Path) -> KeptClusters | None:
    """The newest clusters; None before the first, and where they are of another format."""
    return Versions(folder).read(_read)


def read_before(folder: Path, resolutions: Mapping[str, float]) -> Before:
    """What there was, or an empty beginning."""
    number = current_number(folder)
    nobody = pl.DataFrame(schema=dict.fromkeys(["uid", "entity", *resolutions], pl.String))
    if number is None:
        return Before(0, nobody, EVENT_SCHEMA.to_frame())
    path = folder / str(number)
    try:
        entities = pl.read_parquet(path / "entities.parquet", columns=["entity", *resolutions])
        identities = pl.read_parquet(path / "identities.parquet")
        events = pl.read_parquet(path / "events.parquet")
    except (FileNotFoundError, pl.exceptions.PolarsError):
        return Before(number, nobody, EVENT_SCHEMA.to_frame())
    return Before(number, identities.join(entities, on="entity").select(nobody.columns), events)


def write_clusters(folder: Path, kept: KeptClusters) -> None:
    """Keep clusters and name them as the current ones; those before are removed."""
    with Versions(folder).writing(kept.meta.number) as draft:
        for name in _TABLES:
            getattr(kept, name).write_parquet(draft / f"{name}.parquet")
        (draft / _META).write_text(json.dumps({**vars(kept.meta), "format": FORMAT}))


def _read(path: Path) -> KeptClusters | None:
    meta: dict[str, Any] = json.loads((path / _META).read_text())
    if meta.pop("format") != FORMAT:
        return None
    return KeptClusters(ClusterMeta(**meta), **{name: pl.read_parquet(path / f"{name}.parquet") for name in _TABLES})
