"""Tables of an epoch on disk: Arrow files whose columns are read where they lie."""

from pathlib import Path

import polars as pl
import pyarrow as pa


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a table, in one batch: a column of several is copied whole by whoever opens it."""
    table.rechunk().write_ipc(path, compression="uncompressed", record_batch_size=max(len(table), 1))


def mapped_table(path: Path) -> pa.Table:
    """A table whose columns lie in the file's own pages: nothing is read before it is asked for."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def mapped_frame(path: Path) -> pl.DataFrame:
    """The same as a frame."""
    frame = pl.from_arrow(mapped_table(path), rechunk=False)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table never becomes a series
    return frame
