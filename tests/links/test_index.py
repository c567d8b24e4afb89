"""How the index lies on disk."""

from pathlib import Path

import polars as pl
import pyarrow as pa

from graphinv.links.cells import Cells
from graphinv.links.index import mapped_table, write_table

_ROWS = 300_000


def test_tables_are_read_where_they_lie(tmp_path: Path) -> None:
    write_table(tmp_path / "edges.arrow", pl.DataFrame({"src": range(_ROWS)}))
    before = pa.total_allocated_bytes()
    cells = Cells.of(mapped_table(tmp_path / "edges.arrow"))
    assert pa.total_allocated_bytes() - before < _ROWS
    assert cells.cell("src", _ROWS - 1) == _ROWS - 1
