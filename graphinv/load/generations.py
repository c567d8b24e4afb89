"""Generations of the graph's tables on disk: what the store should hold, and what it was last brought to.

``projection/<number>/nodes/<Label>.parquet`` and ``edges/<TYPE>.parquet``. A generation is written under a temporary
name and renamed, so it is there whole or not at all.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from graphinv.errors import WorkspaceError
from graphinv.load.tables import GraphTables


def write_generation(folder: Path, number: int, tables: GraphTables) -> Path:
    """Write the tables as generation ``number``; replaces a half-written one of the same number."""
    temporary, final = folder / f".{number}.{os.getpid()}", folder / str(number)
    for path in (temporary, final):
        shutil.rmtree(path, ignore_errors=True)
    for kind, frames in (("nodes", tables.nodes), ("edges", tables.edges)):
        (temporary / kind).mkdir(parents=True)
        for name, frame in frames.items():
            as_stored(frame).write_parquet(
                temporary / kind / f"{name}.parquet", compression="zstd", compression_level=1
            )
    temporary.rename(final)
    return final


def read_generation(folder: Path, number: int | None) -> GraphTables:
    """The tables of a generation as the store keeps them; empty tables for None."""
    if number is None:
        return GraphTables(nodes={}, edges={})
    path = folder / str(number)
    if not path.is_dir():
        raise WorkspaceError(
            f"{path} is missing, so nobody can tell what the store holds; "
            "`graphinv rebuild` makes it anew from the records"
        )
    return GraphTables(nodes=_read(path / "nodes"), edges=_read(path / "edges"))


def drop_generations(folder: Path, keep: set[int]) -> None:
    """Remove every generation that is not to be kept, half-written ones too."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if not (path.name.isdigit() and int(path.name) in keep):
            shutil.rmtree(path, ignore_errors=True)


def as_stored(frame: pl.DataFrame) -> pl.DataFrame:
    """Days and moments as the graph keeps them: ISO 8601 text, moments always with microseconds so that text sorts."""
    moments = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    days = [name for name, kind in frame.schema.items() if kind == pl.Date]
    return frame.with_columns(
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ") for name in moments),
        *(pl.col(name).dt.strftime("%Y-%m-%d") for name in days),
    )


def _read(folder: Path) -> Mapping[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
