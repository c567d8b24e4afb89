"""The arrivals that are scored: shipments that came after a day, with what became of them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.errors import NotFound
from graphinv.evaluate.truth import Truth
from graphinv.ingest import RecordStore
from graphinv.links.outcomes import telling_outcomes
from graphinv.links.risk import base_rates
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.workspace import Workspace


@dataclass(frozen=True)
class Arrivals:
    """``rows``: raw rows as first filed; ``violation``, ``newcomer`` and ``weight`` beside them, and what each weighs
    when compliant. ``labels`` says where the outcomes come from. ``seizures`` are those known on the day."""

    rows: pl.DataFrame
    violation: NDArray[np.bool_]
    newcomer: NDArray[np.bool_]
    weight: NDArray[np.float64]
    compliant_weight: NDArray[np.float64]
    labels: str
    seizures: pl.DataFrame


def arrivals_after(workspace: Workspace, as_of: datetime, until: datetime, most: int, truth: Truth | None) -> Arrivals:
    """Shipments that became known after a moment, at most ``most`` of them, picked by a hash of their ids.

    With a world's truth all of them are labelled. Without it the examined ones are: a compliant one that officers chose
    then counts for as many as the odds of their choice say, so that the share in violation is that of all arrivals.
    Where too little was inspected, seizures stand in: all are labelled, those that passed as compliant.
    Raises NotFound when none has an outcome.
    """
    records = identify(prepared_records(workspace))
    rows = RecordStore(workspace).scan("shipments").filter(pl.col("known_at") <= until).collect()
    first = rows.sort("known_at", "content").unique("record_id", keep="first", maintain_order=True)
    came = first.filter(pl.col("known_at") > as_of)
    if truth is not None:
        labels = "truth"
        labelled = came.with_columns(
            violation=pl.col("shipment_id").is_in(truth.violations.implode()), compliant_weight=1.0
        )
    else:
        labels, examined = _examined(records)
        labelled = came.join(examined, on="shipment_id")
    if labelled.is_empty():
        raise NotFound(f"no arrival after {as_of.date()} has an outcome; choose an earlier day with --as-of")
    chosen = labelled.sort(pl.col("shipment_id").hash(seed=3), "shipment_id").head(most).sort("known_at", "shipment_id")
    weight = chosen.select(pl.when("violation").then(1.0).otherwise("compliant_weight")).to_series()
    before = first.filter(pl.col("known_at") <= as_of)
    return Arrivals(
        chosen,
        chosen["violation"].to_numpy(),
        _newcomers(records, before, chosen, truth),
        weight.to_numpy(),
        chosen["compliant_weight"].to_numpy(),
        labels,
        records.seizures.filter(pl.col("known_at") <= as_of),
    )


def _examined(records: PreparedRecords) -> tuple[str, pl.DataFrame]:
    """Where outcomes come from, and (shipment_id, violation, compliant_weight)."""
    told = telling_outcomes(records, at_least=len(records.shipments))
    if told.stand_in is not None:
        labels = f"seizures stand in, against arrivals that passed, since {told.stand_in.why}"
        return labels, told.rows.select("shipment_id", "violation", pl.lit(1.0).alias("compliant_weight"))
    _, odds = base_rates(told.rows)
    weight = pl.col("selection").replace_strict(odds, default=1.0, return_dtype=pl.Float64)
    return "examined shipments", told.rows.select("shipment_id", "violation", weight.alias("compliant_weight"))


def _newcomers(
    records: PreparedRecords, before: pl.DataFrame, chosen: pl.DataFrame, truth: Truth | None
) -> NDArray[np.bool_]:
    """Whose party never filed before: by the truth's businesses, or by the identity that the shipment declares."""
    if truth is not None:
        party = [truth.business_of("shipments:" + rows["shipment_id"] + "#consignee") for rows in (before, chosen)]
    else:
        uids = records.shipments.select("shipment_id", "importer_uid").unique("shipment_id")
        party = [
            rows.select("shipment_id").join(uids, on="shipment_id", how="left", maintain_order="left")["importer_uid"]
            for rows in (before, chosen)
        ]
    known = party[0].drop_nulls().unique()
    return ~party[1].is_in(known.implode()).fill_null(value=False).to_numpy()
