"""What of a question leads on though it is no node of the graph: words of names, names of shippers."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graphinv.links.hashed import Hashed, hashed
from graphinv.links.names import words_on_record
from graphinv.links.spellings import Spellings
from graphinv.resolve.match_index import mapped


@dataclass(frozen=True)
class Traces:
    """``words`` of the names on record; ``shippers`` by the key of their name."""

    words: Spellings
    shippers: Hashed


_KINDS: dict[str, type[Spellings | Hashed]] = {"words": Spellings, "shippers": Hashed}


def traces_of(nodes: pl.DataFrame) -> Traces:
    """The traces of the nodes of an evidence graph."""
    shippers = nodes.filter(pl.col("label") == "Shipper")
    return Traces(words=words_on_record(nodes), shippers=hashed(shippers["name_key"], shippers["node"]))


def write_traces(folder: Path, traces: Traces) -> None:
    """Write the arrays, a file each."""
    folder.mkdir(parents=True)
    for item in fields(Traces):
        arrays = getattr(traces, item.name)
        for name, array in arrays._asdict().items():
            np.save(folder / f"{item.name}-{name}.npy", array)


def open_traces(folder: Path) -> Traces:
    """Open what ``write_traces`` wrote, memory-mapped."""
    told: dict[str, Any] = {
        field: kind(*(mapped(folder / f"{field}-{name}.npy") for name in kind._fields))
        for field, kind in _KINDS.items()
    }
    return Traces(**told)
