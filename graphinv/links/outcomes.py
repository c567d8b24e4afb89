"""What became of shipments that customs looked at: one row a shipment, by what the records say.

An inspection tells whether goods were in violation. Where nothing was inspected, seizures stand in: goods that were
seized against others that passed, which nobody examined, so what is learned from them is never called calibrated.
"""

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:  # those who only look up need nothing of what makes tables
    from graphinv.resolve.identities import PreparedRecords

RANDOM = "random"
#: Why a shipment counts as examined when only its seizure is known.
SEIZURE = "seizure"
#: Why a shipment counts as compliant when nothing was inspected and it passed.
PASSED = "passed"

#: Of the shipments that passed so many a seizure stand in for compliant ones, at least this many in all.
_PASSED_PER_SEIZURE, _PASSED_AT_LEAST = 10, 400


def outcomes(records: "PreparedRecords") -> pl.DataFrame:
    """(shipment_id, violation, selection, known_at) of every examined shipment that was filed.

    Several examinations of one shipment are one outcome: in violation if any found one, known when the first was.
    A seizure that no examination tells of is an examination as well; released goods are none.
    """
    held = records.seizures.filter(pl.col("status") != "released").select(
        "shipment_id", pl.lit(True).alias("violation"), pl.lit(SEIZURE).alias("selection"), "known_at"
    )
    examined = records.inspections.select(
        "shipment_id", (pl.col("result") != "compliant").alias("violation"), "selection", "known_at"
    )
    unexamined = held.join(examined, on="shipment_id", how="anti")
    filed = records.shipments.select("shipment_id")
    found = pl.concat([examined, unexamined]).drop_nulls("shipment_id").join(filed, on="shipment_id", how="semi")
    return (
        found.sort("known_at", "selection", "violation")
        .group_by("shipment_id", maintain_order=True)
        .agg(pl.col("violation").any(), pl.col("selection").first(), pl.col("known_at").first())
    )


def stand_ins(records: "PreparedRecords", found: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """Outcomes where nothing was inspected: seizures, and shipments that passed; and how many passed for each of them.

    The shipments that passed are picked by a hash of their id, so that the same records give the same ones.
    """
    rest = records.shipments.select("shipment_id", "known_at").join(found, on="shipment_id", how="anti")
    wanted = max(_PASSED_AT_LEAST, _PASSED_PER_SEIZURE * len(found))
    share = min(1.0, wanted / max(len(rest), 1))
    mark = pl.col("shipment_id").hash(seed=7) % 1_000_000
    passed = rest.filter(mark < share * 1_000_000).select(
        "shipment_id", pl.lit(False).alias("violation"), pl.lit(PASSED).alias("selection"), "known_at"
    )
    return pl.concat([found, passed]), 1.0 / share


def known_by(found: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """The outcomes that were known by a moment."""
    return found.filter(pl.col("known_at") <= moment)
