"""What the members of clusters trade: lanes, goods, ports and months, each shipment once a cluster."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.clusters.ties import Ties
from graphinv.links.evidence import EvidenceGraph
from graphinv.resolve.identities import PreparedRecords

#: Lanes, commodities and ports that a profile names; the others are counted.
NAMED = 10
_ROLES = ("importer_uid", "seller_uid", "shipper_uid")


@dataclass(frozen=True)
class Trade:
    """Shipments with the vertices of those they name (-1: nobody), and seizures with the vertex they weigh on."""

    shipments: pl.DataFrame
    roles: tuple[NDArray[np.int32], ...]
    seizures: pl.DataFrame


def trade_of(records: PreparedRecords, graph: EvidenceGraph, ties: Ties) -> Trade:
    """The shipments and seizures of all parties."""
    vertices = graph.nodes.select("uid", pl.Series("vertex", ties.vertex)).filter(pl.col("vertex") >= 0)
    shipments = records.shipments
    roles = tuple(
        shipments.select(pl.col(role).alias("uid"))
        .join(vertices, on="uid", how="left", maintain_order="left")["vertex"]
        .fill_null(-1)
        .to_numpy()
        for role in _ROLES
    )
    told = shipments.select(
        pl.col("seen").dt.truncate("1mo").alias("month"),
        "seen",
        pl.col("origin_country").cast(pl.Categorical).alias("origin"),
        pl.col("port_code").cast(pl.Categorical).alias("port"),
        pl.col("hts6").cast(pl.Categorical),
    )
    seizures = graph.seeds.select("seizure", "seized_on", vertex=ties.vertex[graph.seed_node])
    return Trade(told, roles, seizures)


def trade_profiles(trade: Trade, code: NDArray[np.int64]) -> pl.DataFrame:
    """By ``code`` (of each vertex, -1: in no cluster that is told of): shipments, seizures, first_seen, last_seen,
    lanes, commodities, ports and timeline."""
    shipped = _shipped(trade, code)
    seized = _seized(trade, code)
    spans = shipped.group_by("code").agg(
        pl.len().cast(pl.Int64).alias("shipments"),
        pl.col("seen").min().alias("first_seen"),
        pl.col("seen").max().alias("last_seen"),
    )
    found = spans.join(_months(shipped, seized), on="code", how="full", coalesce=True)
    for name, columns in (("lanes", ("origin", "port")), ("commodities", ("hts6",)), ("ports", ("port",))):
        found = found.join(_most(shipped, name, columns), on="code", how="left")
    return found.join(
        seized.group_by("code").agg(pl.col("seizure").n_unique().cast(pl.Int64).alias("seizures")),
        on="code",
        how="left",
    )


def _shipped(trade: Trade, code: NDArray[np.int64]) -> pl.DataFrame:
    """(code, ...): each shipment under every cluster that one of those it names belongs to, once."""
    rows, codes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    told: list[NDArray[np.int64]] = []
    for role in trade.roles:
        own = np.where(role >= 0, code[role], -1)
        new = own >= 0
        for other in told:
            new &= own != other
        told.append(own)
        rows.append(np.flatnonzero(new))
        codes.append(own[new])
    return trade.shipments[np.concatenate(rows)].with_columns(pl.Series("code", np.concatenate(codes)))


def _seized(trade: Trade, code: NDArray[np.int64]) -> pl.DataFrame:
    own = pl.Series("code", code[trade.seizures["vertex"].to_numpy()])
    return trade.seizures.with_columns(own).filter(pl.col("code") >= 0).unique(["code", "seizure"])


def _months(shipped: pl.DataFrame, seized: pl.DataFrame) -> pl.DataFrame:
    by = ["code", "month"]
    months = shipped.drop_nulls("month").group_by(by).agg(pl.len().cast(pl.Int64).alias("shipments"))
    taken = seized.with_columns(pl.col("seized_on").dt.truncate("1mo").alias("month")).drop_nulls("month")
    held = taken.group_by(by).agg(pl.len().cast(pl.Int64).alias("seizures"))
    both = months.join(held, on=by, how="full", coalesce=True).sort(by)
    row = pl.struct(
        pl.col("month").dt.strftime("%Y-%m"), pl.col("shipments").fill_null(0), pl.col("seizures").fill_null(0)
    )
    return both.group_by("code", maintain_order=True).agg(row.alias("timeline"))


def _most(shipped: pl.DataFrame, name: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """By code: the commonest of some columns, each with its shipments."""
    counted = shipped.drop_nulls(columns).group_by("code", *columns).agg(pl.len().cast(pl.Int64).alias("shipments"))
    texts = counted.with_columns(pl.col(columns).cast(pl.String))
    ordered = texts.sort("code", "shipments", *columns, descending=[False, True, *(False for _ in columns)])
    return ordered.group_by("code", maintain_order=True).agg(
        pl.struct(*columns, "shipments").head(NAMED).alias(name), pl.len().cast(pl.Int64).alias(f"{name}_total")
    )
