"""Simple resolvers on the same normalised records: exact rules, and rapidfuzz's token-sort ratio."""

import numpy as np
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from tests.benchmarks.resolution.answers import Answer, clustered

#: Two records are one party when a rule's columns are all given and equal.
RULES = (
    ("number", "name_key"),
    ("name_key", "building_key"),
    ("name_key", "phone"),
    ("name_key", "email"),
    ("name_key", "mid"),
    ("name_key", "birth_date"),
)
#: Token-sort compares pairs that agree in one of these; more records than ``MOST`` to a value are left out.
BLOCKS: tuple[tuple[str, ...], ...] = (
    *((column,) for column in ("name_key", "phone", "email", "website", "number", "mid", "building_key")),
    ("postal_code", "start"),
    ("locality", "start"),
)
MOST = 200
ALL_PAIRS = 1_000


def exact_rules(records: pl.DataFrame) -> Answer:
    """What equal keys say, with probability 1."""
    found = [_sharing(records, rule, records.height) for rule in RULES]
    pairs = pl.concat(found).unique(maintain_order=True)
    told = pairs.with_columns(probability=pl.lit(1.0), weight=pl.lit(1.0))
    return clustered(records["record_id"], told, 1.0)


def token_sort(records: pl.DataFrame, least: float) -> Answer:
    """Pairs whose names, and addresses where both tell one, are alike word for word: the mean of the ratios (0 to 100)
    is the weight, ``least`` the weight from which two records are one party."""
    blocked = records.with_columns(start=pl.col("name_key").str.head(3), any=pl.lit(1))
    few = records.height <= ALL_PAIRS
    blocks = (("any",),) if few else BLOCKS
    found = [_sharing(blocked, block, ALL_PAIRS if few else MOST) for block in blocks]
    pairs = pl.concat(found).unique(maintain_order=True)
    text = records.select(
        "record_id", name="name_key", address=pl.col("address_words").list.join(" ").replace("", None)
    )
    left = text.rename({"record_id": "left"})
    right = text.rename({"record_id": "right", "name": "other_name", "address": "other_address"})
    both = pairs.join(left, on="left", maintain_order="left").join(right, on="right", maintain_order="left")
    weight = np.nanmean(
        [_ratio(both["name"], both["other_name"]), _ratio(both["address"], both["other_address"])], axis=0
    )
    scored = both.select("left", "right").with_columns(probability=pl.Series(weight / 100), weight=pl.Series(weight))
    return clustered(records["record_id"], scored, least)


def _ratio(one: pl.Series, other: pl.Series) -> np.typing.NDArray[np.float64]:
    """nan where a side tells nothing; but never for names, so that a record always has a score."""
    ratio = cpdist(one.fill_null("").to_list(), other.fill_null("").to_list(), scorer=fuzz.token_sort_ratio)
    given = (one.is_not_null() & other.is_not_null()).to_numpy()
    return np.where(given, ratio.astype(np.float64), np.nan if one.name == "address" else 0.0)


def _sharing(records: pl.DataFrame, columns: tuple[str, ...], most: int) -> pl.DataFrame:
    """Pairs (left before right) of records that agree in all the columns, of values that at most ``most`` have."""
    keyed = records.select("record_id", *columns).drop_nulls(list(columns))
    keyed = keyed.filter(pl.len().over(columns) <= most)
    both = keyed.join(keyed, on=list(columns), suffix="_right")
    return both.filter(pl.col("record_id") < pl.col("record_id_right")).select(
        left="record_id", right="record_id_right"
    )
