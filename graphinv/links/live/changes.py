"""What may happen to the evidence graph between two epochs, as tables."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.errors import InvalidInput
from graphinv.links.weights import CLAIMS

RELATION = ("src", "dst", "claim")
SEED = ("party", "seizure")


def _none() -> pl.DataFrame:
    return pl.DataFrame()


@dataclass(frozen=True)
class Changes:
    """Changes that become visible together: first what goes, then what comes.

    ``nodes``, ``edges`` and ``seeds`` come or replace what has the same uid, (src, dst, claim), (party, seizure); their
    columns are those of the tables that ``evidence.build`` reads. ``edges_gone`` has src, dst, claim: retractions.
    ``seeds_gone`` has party, seizure: releases and retractions. Nodes without relationships stay; they link nobody.
    """

    nodes: pl.DataFrame = field(default_factory=_none)
    edges: pl.DataFrame = field(default_factory=_none)
    seeds: pl.DataFrame = field(default_factory=_none)
    edges_gone: pl.DataFrame = field(default_factory=_none)
    seeds_gone: pl.DataFrame = field(default_factory=_none)

    def __post_init__(self) -> None:
        """Raises InvalidInput when a table names the same thing twice or holds a value that cannot be weighed."""
        tables = (
            ("nodes", self.nodes, ("uid",)),
            ("edges", self.edges, RELATION),
            ("seeds", self.seeds, SEED),
            ("edges_gone", self.edges_gone, RELATION),
            ("seeds_gone", self.seeds_gone, SEED),
        )
        for name, table, key in tables:
            _check_key(name, table, key)
        for name, table in (("edges", self.edges), ("edges_gone", self.edges_gone)):
            if len(table):
                refuse(name, ~table["claim"].is_in(CLAIMS).to_numpy(), f"`claim` is none of {', '.join(CLAIMS)}")
                refuse(name, (table["src"] == table["dst"]).to_numpy(), "a node is joined to itself")
        for name, table in (("edges", self.edges), ("seeds", self.seeds)):
            if len(table):
                sure = table["confidence"].to_numpy().astype(np.float64)
                refuse(name, ~((sure > 0.0) & (sure <= 1.0)), "`confidence` is not above 0 and at most 1")


def refuse(table: str, wrong: NDArray[np.bool_], why: str) -> None:
    """Raise InvalidInput, naming the first row of the table that is wrong, if one is."""
    if wrong.any():
        raise InvalidInput(f"{table}, row {int(wrong.argmax()) + 1}: {why}. Nothing was changed")


def _check_key(name: str, table: pl.DataFrame, key: tuple[str, ...]) -> None:
    if table.is_empty():
        return
    missing = [column for column in key if column not in table.columns]
    if missing:
        raise InvalidInput(f"{name} has no column `{missing[0]}`; it needs {', '.join(key)}. Nothing was changed")
    for column in key:
        if table[column].null_count():
            refuse(name, table[column].is_null().to_numpy(), f"`{column}` is empty")
    if len(table) > 1:
        again = ~table.select(pl.struct(key).is_first_distinct()).to_series()
        refuse(name, again.to_numpy(), f"the same {', '.join(key)} a second time")
