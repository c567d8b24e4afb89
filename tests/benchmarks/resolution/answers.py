"""What a resolver answers, and clusters from scored pairs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Answer:
    """``pairs``: left, right (record ids), probability, weight (bits) of every pair that was compared;
    ``entities``: record_id, entity_id, one row a record."""

    pairs: pl.DataFrame
    entities: pl.DataFrame

    def write(self, folder: Path) -> None:
        """Into two Parquet files."""
        self.pairs.write_parquet(folder / "pairs.parquet")
        self.entities.write_parquet(folder / "entities.parquet")

    @classmethod
    def read(cls, folder: Path) -> "Answer":
        """What ``write`` wrote."""
        return cls(pl.read_parquet(folder / "pairs.parquet"), pl.read_parquet(folder / "entities.parquet"))

    def entity_of(self, record_ids: pl.Series) -> pl.Series:
        """The entity of every one of these records."""
        order = pl.DataFrame({"record_id": record_ids})
        return order.join(self.entities, on="record_id", how="left", maintain_order="left")["entity_id"]


def numbered(pairs: pl.DataFrame, record_ids: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The row of each pair's left and right record in ``record_ids``."""
    rows = pl.DataFrame({"record_id": record_ids}).with_row_index("row")
    found = [
        pairs.select(record_id=side).join(rows, on="record_id", how="left", maintain_order="left")["row"]
        for side in ("left", "right")
    ]
    return found[0].to_numpy().astype(np.int64), found[1].to_numpy().astype(np.int64)


def components(count: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> pl.Series:
    """A number for each of ``count`` rows: the same for rows that pairs join, directly or over others."""
    graph = coo_array((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
    return pl.Series(connected_components(graph, directed=False)[1])


def clustered(record_ids: pl.Series, pairs: pl.DataFrame, least_weight: float) -> Answer:
    """The answer that takes pairs of at least this weight for one party, and all that they join."""
    labels = components(len(record_ids), *numbered(pairs.filter(pl.col("weight") >= least_weight), record_ids))
    return Answer(pairs, pl.DataFrame({"record_id": record_ids, "entity_id": labels.cast(pl.String)}))
