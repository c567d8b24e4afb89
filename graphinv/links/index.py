"""The link index on disk: one folder an epoch, memory-mapped, swapped in by one rename.

``index/<epoch>/`` holds the arrays (.npy), the tables (.arrow), the name index (tantivy) and ``meta.json``;
``index/CURRENT`` names the epoch that readers open. A reader keeps the epoch it opened until it asks again, so nobody
ever sees half an update.
"""

import json
import os
import shutil
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import tantivy

from graphinv.errors import WorkspaceError
from graphinv.links.evidence import EvidenceGraph
from graphinv.links.names import open_names, write_names
from graphinv.links.weights import WEIGHTS

#: Raise it whenever the layout on disk changes; an index of another version is built anew.
FORMAT = 1

_TABLES = ("nodes", "edges", "seeds", "listed", "identifiers")


@dataclass(frozen=True)
class IndexMeta:
    """Which index this is. ``records`` is the generation of the graph it was built from."""

    epoch: int
    built_at: str
    model: str
    clock: datetime
    records: int


@dataclass(frozen=True)
class LinkIndex:
    """An opened epoch: the evidence graph and the names of its parties."""

    meta: IndexMeta
    graph: EvidenceGraph
    names: tantivy.Index

    def node(self, uid: str) -> int | None:
        """The position of a node, None when the index does not know it."""
        uids = self.graph.nodes["uid"]
        at = int(uids.search_sorted(uid))
        return at if at < len(uids) and uids[at] == uid else None


def model_id() -> str:
    """Which weights an index was built with."""
    return f"sha256:{sha256(repr(WEIGHTS).encode()).hexdigest()}"


def write_index(folder: Path, graph: EvidenceGraph, generation: int) -> IndexMeta:
    """Write the next epoch and make it current; older epochs but the last one are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    epoch = max([int(path.name) for path in folder.iterdir() if path.name.isdigit()], default=0) + 1
    temporary = folder / f".{epoch}.{os.getpid()}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    meta = IndexMeta(epoch, built_at, model_id(), graph.clock, generation)
    for field in fields(EvidenceGraph):
        value = getattr(graph, field.name)
        if isinstance(value, np.ndarray):
            np.save(temporary / f"{field.name}.npy", value)
        elif isinstance(value, pl.DataFrame):
            value.rechunk().write_ipc(temporary / f"{field.name}.arrow", compression="uncompressed")
    write_names(temporary / "names", graph.nodes)
    (temporary / "meta.json").write_text(json.dumps(_as_json(meta)))
    temporary.rename(folder / str(epoch))
    _point_to(folder, epoch)
    _drop_old(folder, keep={epoch, epoch - 1})
    return meta


def current_epoch(folder: Path) -> int | None:
    """The epoch that readers should open, None before the first."""
    try:
        return int((folder / "CURRENT").read_text())
    except (FileNotFoundError, ValueError):
        return None


def open_index(folder: Path) -> LinkIndex:
    """Open the current epoch, memory-mapped.

    Raises WorkspaceError when there is none yet or its layout is of another version.
    """
    epoch = current_epoch(folder)
    if epoch is None:
        raise WorkspaceError("this workspace has no link index yet; `graphinv load FEEDS` makes it")
    path = folder / str(epoch)
    stored = json.loads((path / "meta.json").read_text())
    if stored.pop("format") != FORMAT:
        raise WorkspaceError("the link index was made by another version of graphinv; `graphinv rebuild` makes it anew")
    meta = IndexMeta(**{**stored, "clock": datetime.fromisoformat(stored["clock"])})
    arrays: dict[str, Any] = {item.stem: np.load(item, mmap_mode="r") for item in path.glob("*.npy")}
    tables: dict[str, Any] = {name: _mapped(path / f"{name}.arrow") for name in _TABLES}
    return LinkIndex(meta, EvidenceGraph(clock=meta.clock, **tables, **arrays), open_names(path / "names"))


def in_memory(graph: EvidenceGraph, epoch: int) -> LinkIndex:
    """An index that is kept nowhere: for a look-up as of a past day."""
    meta = IndexMeta(epoch, datetime.now(UTC).isoformat(timespec="seconds"), model_id(), graph.clock, 0)
    return LinkIndex(meta, graph, write_names(None, graph.nodes))


def _mapped(path: Path) -> pl.DataFrame:
    """A table whose columns lie in the file's own pages: nothing is read before it is asked for."""
    with pa.memory_map(str(path)) as source:
        frame = pl.from_arrow(pa.ipc.open_file(source).read_all(), rechunk=False)
    if not isinstance(frame, pl.DataFrame):
        raise WorkspaceError(f"{path} is no table; `graphinv rebuild` makes the index anew")
    return frame


def _as_json(meta: IndexMeta) -> dict[str, object]:
    return {**vars(meta), "clock": meta.clock.isoformat(), "format": FORMAT}


def _point_to(folder: Path, epoch: int) -> None:
    temporary = folder / f".CURRENT.{os.getpid()}"
    temporary.write_text(str(epoch))
    temporary.replace(folder / "CURRENT")


def _drop_old(folder: Path, keep: set[int]) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not (path.name.isdigit() and int(path.name) in keep):
            shutil.rmtree(path, ignore_errors=True)
