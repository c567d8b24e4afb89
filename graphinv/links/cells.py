"""Tables read a cell at a time: what a look-up needs of a few rows, without the cost of a query for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa


@dataclass(frozen=True)
class Cells:
    """Columns as Arrow arrays, one chunk each; over a memory-mapped table nothing is copied."""

    columns: Mapping[str, pa.Array]

    @classmethod
    def of(cls, table: pa.Table) -> "Cells":
        """The cells of a table."""
        return cls({name: _one_chunk(table.column(name)) for name in table.column_names})

    def text(self, column: str, row: int) -> str | None:
        """A cell of a text column."""
        value = self.columns[column][row].as_py()
        return value if isinstance(value, str) else None

    def row(self, row: int) -> dict[str, Any]:
        """A whole row, by column."""
        return {name: array[row].as_py() for name, array in self.columns.items()}


@dataclass(frozen=True)
class Listed:
    """Names of watch lists, by their folded key."""

    rows: Mapping[str, tuple[dict[str, Any], ...]]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "Listed":
        """The names of a frame with ``name_key``."""
        grouped: dict[str, list[dict[str, Any]]] = {}
        for row in frame.iter_rows(named=True):
            grouped.setdefault(row["name_key"], []).append(row)
        return cls({key: tuple(rows) for key, rows in grouped.items()})

    def named(self, key: str) -> tuple[dict[str, Any], ...]:
        """Entries that have this name."""
        return self.rows.get(key, ())


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
