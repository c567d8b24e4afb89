"""What leads to nodes that came since an epoch though a question does not name them; domains that look alike wait."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from graphinv.links.digits import Digits, digits
from graphinv.links.evidence import text_hashes
from graphinv.links.hashed import Hashed, hashed
from graphinv.links.index import LinkIndex
from graphinv.links.kernels import Int32, UInt64
from graphinv.resolve.identities import PreparedRecords

#: What is found by a name or a number near its own.
_LEADING = ("Shipper", "Phone")
_Place = Callable[[pl.Series], Int32]


class Leads:
    """Names of shippers, digits of phones, numbers that are no nodes, and who used whose number: those of an epoch and
    of what came since."""

    def __init__(self, epoch: LinkIndex) -> None:
        self._epoch = epoch
        self.traces = epoch.traces
        self._named: set[str] = set()
        self._used: set[tuple[str, str]] = set()
        self.forget_numbers()

    @property
    def numbers(self) -> tuple[UInt64, Int32]:
        """Codes of numbers in rising order, and the node of each."""
        return self._numbers

    def name(self, nodes: pl.DataFrame, place: _Place) -> None:
        """Nodes come, or say something anew; ``place`` tells where they are."""
        if nodes.is_empty():
            return
        told = nodes.select("uid", "label", "name_key").iter_rows()
        new = [row for row in told if row[1] in _LEADING and row[0] not in self._named]
        if not new:
            return
        self._named.update(uid for uid, *_ in new)
        at = place(pl.Series([uid for uid, *_ in new], dtype=pl.String)).tolist()
        fresh = [(node, *row) for node, row in zip(at, new, strict=True) if node >= len(self._epoch.graph.nodes)]
        shippers = [(node, key) for node, _, label, key in fresh if label == "Shipper" and key is not None]
        phones = [(node, uid.removeprefix("phone:+")) for node, uid, label, _ in fresh if label == "Phone"]
        if shippers:
            filed = hashed(*_columns(shippers))
            self.traces = replace(self.traces, shippers=Hashed(*_both(self.traces.shippers, filed)))
        if phones:
            called = digits(*_columns(phones))
            self.traces = replace(self.traces, phones=Digits(*_both(self.traces.phones, called)))

    def use(self, seeds: pl.DataFrame, place: _Place) -> None:
        """Seizures come. Of those that go by now their own rows tell: a trace too many leads to nothing."""
        if seeds.is_empty():
            return
        told = seeds.select("under", "party").drop_nulls("under").unique().rows()
        if new := [pair for pair in told if pair not in self._used]:
            self._used.update(new)
            owners, users = (pl.Series(side, dtype=pl.String) for side in zip(*new, strict=True))
            filed = hashed(owners, pl.Series(place(users)))
            self.traces = replace(self.traces, used=Hashed(*_both(self.traces.used, filed)))

    def forget_numbers(self) -> None:
        """Only the numbers of the epoch lead anywhere."""
        self._numbers = self._epoch.graph.number_hash, self._epoch.graph.number_node
        self._numbered: set[tuple[str, str]] = set()

    def number(self, came: Iterable[PreparedRecords], place: _Place) -> None:
        """Registrations come."""
        told = {pair: None for records in came for pair in _pairs(records) if pair not in self._numbered}
        if told:
            self._numbered.update(told)
            codes = text_hashes([key for key, _ in told])
            order = np.argsort(codes, kind="stable")
            nodes = place(pl.Series([uid for _, uid in told], dtype=pl.String))
            codes, nodes = _both(self._numbers, (codes[order], nodes[order]))
            self._numbers = codes, nodes


def _columns(rows: Iterable[tuple[int, str]]) -> tuple[pl.Series, pl.Series]:
    nodes, texts = zip(*rows, strict=True)
    return pl.Series(texts, dtype=pl.String), pl.Series("node", nodes, dtype=pl.Int32)


def _pairs(records: PreparedRecords) -> Iterable[tuple[str, str]]:
    """(number, uid) of registrations."""
    told = ((records.importers, "ein_hash"), (records.sellers, "tax_hash"), (records.sellers, "tax_key"))
    return [
        (key, uid) for rows, column in told if len(rows) for key, uid in rows[column, "uid"].drop_nulls().iter_rows()
    ]


def _both(one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Two files by rising code as one."""
    at = np.searchsorted(one[0], other[0], side="right")
    return [np.insert(mine, at, theirs) for mine, theirs in zip(one, other, strict=True)]
