"""Which disguises are seen through, and which innocents are alarmed over: with a world's truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.evaluate.arrivals import Arrivals
from graphinv.evaluate.truth import Truth

_ALARMS = frozenset({"review", "high"})
#: The share of all arrivals that is opened.
_OPENED = 0.05


@dataclass(frozen=True)
class Story:
    """Arrivals of one disguise or of one kind of innocents: those that are in the bands ``review`` and ``high``, in
    ``high`` alone, and those among the highest twentieth of all scores, as shares."""

    name: str
    arrivals: int
    alarmed: float
    high: float
    opened: float


def disguises_found(
    truth: Truth, arrivals: Arrivals, score: NDArray[np.float64], band: Sequence[str]
) -> tuple[Story, ...]:
    """By disguise: arrivals in violation of newcomers that wore it."""
    wore = truth.links.select(truth.business_of(truth.links["newcomer_id"]).alias("business"), pl.col("pattern"))
    return _stories(wore.rename({"pattern": "name"}), truth, arrivals, arrivals.violation, score, band)


def innocents_alarmed(
    truth: Truth, arrivals: Arrivals, score: NDArray[np.float64], band: Sequence[str]
) -> tuple[Story, ...]:
    """By kind of innocent: their arrivals that are in order."""
    kinds = truth.innocents.select(truth.business_of(truth.innocents["record_id"]).alias("business"), pl.col("kind"))
    return _stories(kinds.rename({"kind": "name"}), truth, arrivals, ~arrivals.violation, score, band)


def _stories(
    named: pl.DataFrame,
    truth: Truth,
    arrivals: Arrivals,
    counted: NDArray[np.bool_],
    score: NDArray[np.float64],
    band: Sequence[str],
) -> tuple[Story, ...]:
    bound = float(np.quantile(score, 1.0 - _OPENED))
    business = truth.business_of("shipments:" + arrivals.rows["shipment_id"] + "#consignee")
    rows = pl.DataFrame(
        {
            "business": business,
            "counted": counted,
            "alarmed": [one in _ALARMS for one in band],
            "high": [one == "high" for one in band],
            "opened": score > bound,
        }
    ).filter("counted")
    joined = rows.join(named.drop_nulls().unique(), on="business")
    told = joined.group_by("name").agg(
        pl.len().alias("arrivals"), pl.col("alarmed").mean(), pl.col("high").mean(), pl.col("opened").mean()
    )
    return tuple(Story(**row) for row in told.sort("name").iter_rows(named=True))
