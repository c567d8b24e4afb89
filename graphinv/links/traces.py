"""What leads on though no relationship does: names of shippers, domains that look alike, phones one digit off, and
importer numbers that somebody else used."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graphinv.links.digits import Digits, digits
from graphinv.links.domains import Domains, Sites, domains
from graphinv.links.hashed import Hashed, hashed
from graphinv.links.spellings import Spellings
from graphinv.resolve.match_index import mapped


@dataclass(frozen=True)
class Traces:
    """``shippers`` by the key of their name; ``domains`` of e-mail addresses and web sites; ``phones``; ``used``: those
    whose goods were seized under somebody's importer number, by that one's uid."""

    shippers: Hashed
    domains: Domains
    phones: Digits
    used: Hashed


def traces_of(nodes: pl.DataFrame, seeds: pl.DataFrame) -> Traces:
    """The traces of the nodes and seizures of an evidence graph."""
    shippers, phones = nodes.filter(pl.col("label") == "Shipper"), nodes.filter(pl.col("label") == "Phone")
    return Traces(
        shippers=hashed(shippers["name_key"], shippers["node"]),
        domains=domains(nodes),
        phones=digits(phones["uid"].str.strip_prefix("phone:+"), phones["node"]),
        used=hashed(seeds["under"], seeds["node"]),
    )


def write_traces(folder: Path, traces: Traces) -> None:
    """Write the arrays, a file each."""
    folder.mkdir(parents=True)
    for name, arrays in _parts(traces).items():
        for field, array in arrays._asdict().items():
            np.save(folder / f"{name}-{field}.npy", array)


def open_traces(folder: Path) -> Traces:
    """Open what ``write_traces`` wrote, memory-mapped."""

    def opened(name: str, kind: Callable[..., Any]) -> Any:
        fields: tuple[str, ...] = getattr(kind, "_fields")  # noqa: B009 - not every callable has any
        return kind(*(mapped(folder / f"{name}-{field}.npy") for field in fields))

    return Traces(
        shippers=opened("shippers", Hashed),
        domains=Domains(opened("domains", Spellings), opened("sites", Sites)),
        phones=opened("phones", Digits),
        used=opened("used", Hashed),
    )


def _parts(traces: Traces) -> dict[str, Spellings | Hashed | Sites | Digits]:
    return {
        "shippers": traces.shippers,
        "domains": traces.domains.names,
        "sites": traces.domains.sites,
        "phones": traces.phones,
        "used": traces.used,
    }
