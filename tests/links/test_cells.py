"""Rows of a table, one by one and many at once."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphinv.links.cells import Cells
from graphinv.links.mapped_tables import mapped_table, write_table

TABLE = pl.DataFrame(
    {
        "seizure": ["seizure:1", "seizure:2", None, "seizure:4"],
        "seized_on": [date(2025, 1, 1), None, date(2024, 2, 29), date(2023, 3, 4)],
        "confidence": [1.0, 0.8, 0.5, None],
    }
)


@pytest.mark.parametrize("columns", [(), ("confidence", "seizure")])
@pytest.mark.parametrize("span", [range(4), range(1, 3), range(2, 3), range(2, 2)])
def test_many_rows_are_what_each_is(span: range, columns: tuple[str, ...], tmp_path: Path) -> None:
    write_table(tmp_path / "seeds.arrow", TABLE)
    cells = Cells.of(mapped_table(tmp_path / "seeds.arrow"))
    assert cells.rows(span, *columns) == [cells.row(at, *columns) for at in span]
