"""Generations of the graph's tables on disk: what the store should hold, and what it was last brought to.

``projection/graph/<number>/nodes/<Label>.parquet`` and ``edges/<TYPE>.parquet``. A generation is written under a
temporary name and renamed, so it is there whole or not at all.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from graphinv.errors import WorkspaceError
from graphinv.load.tables import GraphTables


def write_generation(projection: Path, tables: GraphTables) -> int:
    """Write the tables as the next generation, and return its number."""
    folder = projection / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    number = max((int(path.name) for path in folder.iterdir() if path.name.isdigit()), default=0) + 1
    temporary, final = folder / f".{number}.{os.getpid()}", folder / str(number)
    shutil.rmtree(temporary, ignore_errors=True)
    for kind, frames in (("nodes", tables.nodes), ("edges", tables.edges)):
        (temporary / kind).mkdir(parents=True)
        for name, frame in frames.items():
            as_stored(frame).write_parquet(
                temporary / kind / f"{name}.parquet", compression="zstd", compression_level=1
            )
    temporary.rename(final)
    return number


def read_generation(projection: Path, number: int | None) -> GraphTables:
    """The tables of a generation as the store keeps them, each read when it is asked for; no tables for None."""
    if number is None:
        return GraphTables(nodes={}, edges={})
    path = projection / _FOLDER / str(number)
    if not path.is_dir():
        raise WorkspaceError(
            f"{path} is missing, so nobody can tell what the store holds; "
            "`graphinv rebuild` makes it anew from the records"
        )
    return GraphTables(nodes=_Folder(path / "nodes"), edges=_Folder(path / "edges"))


def drop_generations(projection: Path, keep: set[int]) -> None:
    """Remove every generation that is not to be kept, half-written ones too."""
    folder = projection / _FOLDER
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


_FOLDER = "graph"


class _Folder(Mapping[str, pl.DataFrame]):
    """The tables of a folder by name: one at a time in memory."""

    def __init__(self, folder: Path) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.parquet"))}

    def __getitem__(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self._paths[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
