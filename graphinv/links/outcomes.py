"""What became of shipments that customs looked at: one row a shipment, by what the records say.

An inspection tells whether goods were in violation. Where too little was inspected, seizures stand in: goods that were
seized, or found in violation, against others that passed, which nobody examined, so what is learned from them is never
called calibrated.
"""

from dataclasses import dataclass
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

#: Below these there is too little to learn a score from.
FEWEST_OUTCOMES, FEWEST_VIOLATIONS, FEWEST_RANDOM = 250, 25, 60

#: Of the shipments that passed so many a seizure stand in for compliant ones, at least this many in all.
_PASSED_PER_SEIZURE, _PASSED_AT_LEAST = 10, 400


@dataclass(frozen=True)
class StandIn:
    """Why seizures stand in, and how many shipments each one stands for that merely passed."""

    why: str
    passed_weight: float = 1.0


@dataclass(frozen=True)
class Outcomes:
    """``rows``: (shipment_id, violation, selection, known_at), an outcome a shipment; ``stand_in`` is None where
    inspections tell."""

    rows: pl.DataFrame
    stand_in: StandIn | None = None


def telling_outcomes(
    records: "PreparedRecords", per_seizure: int = _PASSED_PER_SEIZURE, at_least: int = _PASSED_AT_LEAST
) -> Outcomes:
    """The outcomes that tell most: what was examined, or, where that is too little, seizures against shipments that
    passed: so many for each seizure, and ``at_least`` so many in all."""
    found = outcomes(records)
    why = _why_seizures(records)
    return Outcomes(found) if why is None else _with_passed(records, found, why, per_seizure, at_least)


def _why_seizures(records: "PreparedRecords") -> str | None:
    """Why seizures stand in: inspections are too few to learn from, and too few of them at random to tell a level; None
    where they are enough."""
    inspected = records.inspections.drop_nulls("shipment_id").unique("shipment_id")
    if inspections_tell(inspected["selection"]):
        return None
    return "nothing was inspected" if inspected.is_empty() else "too little was inspected"


def inspections_tell(selection: pl.Series) -> bool:
    """Whether inspections, by how each was selected, are enough to learn from or to tell a level."""
    return len(selection) >= FEWEST_OUTCOMES or int((selection == RANDOM).sum()) >= FEWEST_RANDOM


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


def _with_passed(
    records: "PreparedRecords", found: pl.DataFrame, why: str, per_seizure: int, at_least: int
) -> Outcomes:
    """Outcomes with shipments that passed beside them.

    The shipments that passed are picked by a hash of their id, so that the same records give the same ones.
    """
    rest = records.shipments.select("shipment_id", "known_at").join(found, on="shipment_id", how="anti")
    wanted = max(at_least, per_seizure * len(found))
    share = min(1.0, wanted / max(len(rest), 1))
    mark = pl.col("shipment_id").hash(seed=7) % 1_000_000
    passed = rest.filter(mark < share * 1_000_000).select(
        "shipment_id", pl.lit(False).alias("violation"), pl.lit(PASSED).alias("selection"), "known_at"
    )
    return Outcomes(pl.concat([found, passed]), StandIn(why, 1.0 / share))


def is_enough(found: pl.DataFrame) -> bool:
    """Whether outcomes are enough to learn from: of one kind alone nothing can be learned, however many."""
    guilty = int(found["violation"].sum())
    return len(found) >= FEWEST_OUTCOMES and min(guilty, len(found) - guilty) >= FEWEST_VIOLATIONS


def known_by(found: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """The outcomes that were known by a moment."""
    return found.filter(pl.col("known_at") <= moment)
