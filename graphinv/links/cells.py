"""Tables read a cell at a time: what a look-up needs of a few rows, without the cost of a query for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
import pyarrow as pa

from graphinv.resolve.listed_arrays import ListedArrays
from graphinv.resolve.listing import Listing
from graphinv.resolve.parties import Parties


@dataclass(frozen=True)
class Cells:
    """Columns as Arrow arrays, one chunk each; over a memory-mapped table nothing is copied."""

    columns: Mapping[str, pa.Array]

    @classmethod
    def of(cls, table: pa.Table) -> "Cells":
        """The cells of a table."""
        return cls({name: _one_chunk(table.column(name)) for name in table.column_names})

    def cell(self, column: str, row: int) -> Any:
        """A cell."""
        return self.columns[column][row].as_py()

    def text(self, column: str, row: int) -> str | None:
        """A cell of a text column."""
        value = self.cell(column, row)
        return value if isinstance(value, str) else None

    def row(self, row: int, *columns: str) -> dict[str, Any]:
        """A whole row, by column, or some columns of it: each costs a microsecond."""
        return {name: self.columns[name][row].as_py() for name in columns or self.columns}

    def rows(self, span: range, *columns: str) -> list[dict[str, Any]]:
        """Rows that follow each other, as ``row`` gives them; many at once cost less than one by one."""
        if len(span) == 1:
            return [self.row(span.start, *columns)]
        names = columns or tuple(self.columns)
        told = (self.columns[name].slice(span.start, len(span)).to_pylist() for name in names)
        return [dict(zip(names, row, strict=True)) for row in zip(*told, strict=True)]


@dataclass(frozen=True)
class ListedName:
    """A name of an entry that a party looks like: the party by its place among those compared, the row of the listing,
    how alike, and why."""

    party: int
    row: Mapping[str, Any]
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """Names of watch lists: what a party is compared with, and what an answer shows of their entries."""

    names: pl.DataFrame
    arrays: ListedArrays | None = None

    @classmethod
    def of(cls, frame: pl.DataFrame, arrays: ListedArrays | None = None) -> "Listed":
        """The names of a frame of ``resolve.listed``, with what is shown of their entries, and their arrays if they
        are kept."""
        return cls(frame, arrays)

    def like(self, parties: Parties) -> Iterator[ListedName]:
        """The entries that parties which are asked about look like, each by its best name."""
        if self.names.is_empty():
            return
        found = self._listing.likenesses(parties)
        told = zip(found.party.tolist(), found.row.tolist(), found.score.tolist(), found.reasons, strict=True)
        for party, row, score, reasons in told:
            yield ListedName(party, self.names.row(row, named=True), score, reasons)

    @cached_property
    def _listing(self) -> Listing:
        """The kept arrays; others are made when the first party is asked about."""
        return Listing.of(self.names) if self.arrays is None else Listing.over(self.arrays)


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
