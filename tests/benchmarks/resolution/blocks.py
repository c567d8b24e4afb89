"""How many of the true pairs ever meet, and how many pairs are spared: what blocking costs and what it saves."""

import numpy as np
import polars as pl

from graphinv.resolve.blocking import block, pairs_of, reduction_ratio
from graphinv.resolve.declared import declared_by_records
from graphinv.resolve.parties import parties_of
from tests.benchmarks.resolution.figures import Row


def met_by_graphinv(records: pl.DataFrame) -> pl.DataFrame:
    """(left, right) of the pairs that share a block, before groups are compared whole."""
    parties = parties_of(declared_by_records(records), records["record_id"])
    one, other = pairs_of(block(parties))
    return pl.DataFrame({"left": parties.uids.gather(one), "right": parties.uids.gather(other)})


def pairs_of_clusters(ids: pl.Series, cluster: pl.Series) -> pl.DataFrame:
    """(left, right) of all pairs of records of one cluster."""
    told = pl.DataFrame({"id": ids, "cluster": cluster}).drop_nulls()
    both = told.join(told, on="cluster", suffix="_right").filter(pl.col("id") < pl.col("id_right"))
    return both.select(left="id", right="id_right")


def blocking_row(case: str, rival: str, met: pl.DataFrame, true: pl.DataFrame, records: int) -> Row:
    """Pairs completeness and reduction ratio of pairs that met; sides in any order."""
    compared, wanted = _unordered(met), _unordered(true)
    found = wanted.join(compared, on=["low", "high"], how="semi").height
    measures = {
        "true pairs": wanted.height,
        "never met": wanted.height - found,
        "pairs completeness": found / wanted.height if wanted.height else 1.0,
        "pairs compared": compared.height,
        "reduction ratio": reduction_ratio(records, compared.height),
    }
    return Row(case, rival, {name: float(value) for name, value in measures.items()})


def _unordered(pairs: pl.DataFrame) -> pl.DataFrame:
    low, high = pl.min_horizontal("left", "right"), pl.max_horizontal("left", "right")
    return pairs.select(low=low, high=high).unique()


def shuffled(count: int, parts: int, seed: int) -> list[np.typing.NDArray[np.int64]]:
    """Rows 0 to ``count`` in random order, in so many parts."""
    return np.array_split(np.random.default_rng(seed).permutation(count), parts)
