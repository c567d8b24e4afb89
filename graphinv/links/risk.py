"""How often goods with an attribute in common were found in violation: the port, the filer, the goods, the maker.

A share of few examinations says little, so each is shrunk towards the share of all (empirical Bayes: a beta-binomial
whose strength is the likeliest for its kind of attribute; Robbins, "An empirical Bayes approach to statistics", 1956).
Examinations that officers chose find more: there a compliant result tells more than one at random would, and counts
for as many as the odds of the two differ (outcome-dependent sampling; Prentice and Pyke, Biometrika 66, 1979).
Where seizures stand in, shares are of all that came: of those that passed, some stand for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.links.evidence import text_hash, text_hashes
from graphinv.links.outcomes import PASSED, RANDOM, Outcomes
from graphinv.load.claims import address_uid

if TYPE_CHECKING:
    from graphinv.resolve.identities import PreparedRecords

Floats = NDArray[np.float64]

#: The kinds of attributes, and how a person calls one.
KINDS = {
    "party": "this party",
    "phone": "this phone",
    "email": "this e-mail address",
    "address": "this address",
    "seller": "this marketplace account",
    "shipper": "this shipper",
    "manufacturer": "this manufacturer",
    "broker": "this filer",
    "port": "this port",
    "hts6": "this kind of goods",
    "chapter": "this chapter of the tariff",
    "origin": "this country of origin",
    "platform": "this marketplace",
    "term": "this word of the description",
}

#: A compliant result of a chosen examination counts for at most so many of random ones.
_MOST_FOR_ONE = 10.0
#: What the prior of a kind may weigh, in examinations.
_STRENGTHS = np.geomspace(2.0, 2000.0, 13)
_SHORTEST_TERM = 4


@dataclass(frozen=True)
class Risk:
    """``added``: log-odds of the shrunk share against the share of all; ``violations`` of ``examined``, as counted.
    ``seized``: of all that came so many were seized, or found in violation, since too little was inspected."""

    added: float
    violations: int
    examined: int
    seized: bool = False


#: Of what nobody examined nothing is known.
NO_RISK = Risk(0.0, 0, 0)


@dataclass(frozen=True)
class RiskTable:
    """Risks by hashed attribute (``key`` sorted); ``base`` is the share of violations among all shipments. ``seized``:
    seizures stand in."""

    base: float
    key: NDArray[np.uint64]
    added: NDArray[np.float32]
    violations: NDArray[np.int32]
    examined: NDArray[np.int32]
    seized: bool = False

    def of(self, kind: str, value: str) -> Risk:
        """The risk of one attribute."""
        return self.of_all([(kind, value)])[0]

    def of_all(self, attributes: Sequence[tuple[str, str]]) -> list[Risk]:
        """The risk of each attribute, by its kind and value: looked for at once, since most of a question's many are
        nobody's."""
        hashed = text_hashes([_name(kind, value) for kind, value in attributes])
        if not len(self.key):
            return [NO_RISK] * len(attributes)
        at = np.minimum(self.key.searchsorted(hashed), len(self.key) - 1)
        known = (self.key[at] == hashed).tolist()
        return [self._at(row) if held else NO_RISK for row, held in zip(at.tolist(), known, strict=True)]

    def _at(self, row: int) -> Risk:
        return Risk(float(self.added[row]), int(self.violations[row]), int(self.examined[row]), self.seized)


def empty_risks(base: float = 0.0) -> RiskTable:
    """Of nothing anything is known."""
    none = np.zeros(0, np.int32)
    return RiskTable(base, np.zeros(0, np.uint64), np.zeros(0, np.float32), none, none)


def risk_table(records: "PreparedRecords", told: Outcomes) -> RiskTable:
    """The risk of every attribute of the shipments whose outcomes are known."""
    found = told.rows
    base, counts_for = _by_selection(told)
    if found.is_empty():
        return empty_risks(base)
    weight = pl.when("violation").then(1.0).otherwise(pl.col("selection").replace_strict(counts_for, default=1.0))
    shipments = found.select("shipment_id", "violation", weight.alias("weight")).join(
        records.shipments, on="shipment_id"
    )
    compliant = pl.col("weight").filter(~pl.col("violation")).sum()
    examined = pl.len() if told.stand_in is None else (compliant + pl.col("violation").sum()).round()
    counted = (
        _attributes(shipments)
        .group_by("kind", "value")
        .agg(
            pl.col("violation").sum().cast(pl.Int32).alias("violations"),
            examined.cast(pl.Int32).alias("examined"),
            compliant.alias("compliant"),
        )
    )
    found_guilty = float(shipments["violation"].sum())
    usual = float(np.clip((found_guilty + 0.5) / (float(shipments["weight"].sum()) + 1.0), 1e-4, 0.9))
    parts = [_shrunk(kind.sort("value"), usual) for kind in counted.partition_by("kind")]
    risks = pl.concat(parts)
    named = zip(risks["kind"].to_list(), risks["value"].to_list(), strict=True)
    hashes = np.fromiter((text_hash(_name(kind, value)) for kind, value in named), np.uint64, len(risks))
    order = np.argsort(hashes, kind="stable")
    return RiskTable(
        base,
        hashes[order],
        risks["added"].to_numpy().astype(np.float32)[order],
        risks["violations"].to_numpy()[order],
        risks["examined"].to_numpy()[order],
        seized=told.stand_in is not None,
    )


def _by_selection(told: Outcomes) -> tuple[float, dict[str, float]]:
    """The share of violations among shipments as they come, and for how many a compliant one counts, by selection."""
    if told.stand_in is None:
        return base_rates(told.rows)
    passed = int((told.rows["selection"] == PASSED).sum())
    guilty = float(told.rows["violation"].sum())
    came = len(told.rows) + (told.stand_in.passed_weight - 1.0) * passed
    return (guilty + 0.5) / (came + 1.0), {PASSED: told.stand_in.passed_weight}


def base_rates(found: pl.DataFrame) -> tuple[float, dict[str, float]]:
    """The share of violations among shipments as they come, and by selection how its odds exceed that.

    Random examinations tell the share; without any the chosen ones have to.
    """
    unbiased = found.filter(pl.col("selection") == RANDOM)
    base = _share(unbiased if len(unbiased) else found)
    odds: dict[str, float] = {}
    for rows in found.partition_by("selection"):
        share = _share(rows)
        ratio = share / (1.0 - share) / (base / (1.0 - base))
        chosen = rows["selection"][0] != RANDOM
        odds[rows["selection"][0]] = float(np.clip(ratio, 1.0, _MOST_FOR_ONE)) if chosen else 1.0
    return base, odds


def terms_of(description: str) -> list[str]:
    """The words of a description that say something about goods."""
    words = "".join(letter if letter.isalpha() else " " for letter in description.lower()).split()
    return list(dict.fromkeys(word for word in words if len(word) >= _SHORTEST_TERM))


def _share(rows: pl.DataFrame) -> float:
    """The share of violations; with few rows never none or all (Jeffreys' prior)."""
    return (float(rows["violation"].sum()) + 0.5) / (len(rows) + 1.0)


def _name(kind: str, value: str) -> str:
    return f"{kind}|{value}"


def _attributes(shipments: pl.DataFrame) -> pl.DataFrame:
    """(kind, value, violation, weight), a row for every attribute of every shipment."""
    values: dict[str, pl.Expr] = {
        "party": pl.col("importer_uid"),
        "phone": pl.col("consignee_phone"),
        "email": pl.col("consignee_email"),
        "seller": pl.col("seller_uid"),
        "shipper": pl.col("shipper_name_key"),
        "manufacturer": pl.col("mid"),
        "broker": pl.col("filer_code"),
        "port": pl.col("port_code"),
        "hts6": pl.col("hts6"),
        "chapter": pl.col("hts6").str.head(2),
        "origin": pl.col("origin_country"),
        "platform": pl.col("platform"),
    }
    kept = (pl.col("violation"), pl.col("weight"))
    parts = [
        shipments.select(pl.lit(kind).alias("kind"), value.cast(pl.String).alias("value"), *kept)
        for kind, value in values.items()
    ]
    places = [
        None if building is None else address_uid(building, unit)
        for building, unit in shipments.select("consignee_building_key", "consignee_unit_key").iter_rows()
    ]
    parts.append(shipments.select(pl.lit("address").alias("kind"), pl.Series("value", places, dtype=pl.String), *kept))
    words = pl.Series("value", [terms_of(text or "") for text in shipments["description"]], dtype=pl.List(pl.String))
    terms = shipments.select(pl.lit("term").alias("kind"), words, *kept).explode("value")
    return pl.concat([*parts, terms]).drop_nulls("value")


def _shrunk(counted: pl.DataFrame, base: float) -> pl.DataFrame:
    violations = counted["violations"].to_numpy().astype(np.float64)
    compliant = counted["compliant"].to_numpy().astype(np.float64)
    strength = _likeliest_strength(violations, compliant, base)
    odds = (violations + strength * base) / (compliant + strength * (1.0 - base))
    return counted.with_columns(pl.Series("added", np.log(odds) - np.log(base / (1.0 - base))))


def _likeliest_strength(violations: Floats, compliant: Floats, base: float) -> float:
    """How many examinations the prior of a kind weighs, by the likelihood of all its shares."""
    from scipy.special import betaln

    total = [
        float((betaln(violations + m * base, compliant + m * (1.0 - base)) - betaln(m * base, m * (1.0 - base))).sum())
        for m in _STRENGTHS
    ]
    return float(_STRENGTHS[int(np.argmax(total))])
