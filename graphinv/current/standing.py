"""How parties stand once more shipments, examinations, seizures and vettings are on record (``load.tables``)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graphinv.links.index import LinkIndex
from graphinv.links.ledger import NEVER, PARTIES, Ledger
from graphinv.load.tables import KNOWN_AFTER, KNOWN_AFTER_SHIPMENTS

_ROLES = PARTIES[:3]


@dataclass(frozen=True)
class History:
    """What a party filed: how many shipments, the days of the first and the last since 1970, any examined."""

    filings: int = 0
    first: int = int(NEVER)
    last: int = -int(NEVER)
    examined: bool = False

    @property
    def known(self) -> bool:
        """Whether the party is known by it."""
        long = self.filings >= KNOWN_AFTER_SHIPMENTS and self.last - self.first >= KNOWN_AFTER.days
        return self.examined or long


class Standings:
    """The history of parties, and which are seized from or vetted."""

    def __init__(self, epoch: LinkIndex, ledger: Ledger) -> None:
        self._epoch, self._ledger = epoch, ledger
        self._since: dict[str, History] = {}
        self._shipments: dict[str, tuple[str | None, ...]] = {}
        self._new: set[str] = set()
        self.vetted: frozenset[str] = frozenset()

    def file(self, shipments: pl.DataFrame, examined: pl.Series) -> set[str]:
        """Identified shipments come; the parties in them. ``examined`` are ids of examined shipments."""
        touched: set[str] = set()
        for shipment, day, seen_by, *parties in _told(shipments, examined).iter_rows():
            self._shipments[shipment] = tuple(parties)
            self._new.add(shipment)
            for uid in filter(None, parties[:3]):
                self._count(uid, day, seen_by)
                touched.add(uid)
        return touched

    def file_anew(self, shipments: pl.DataFrame, examined: pl.Series, parties: pl.Series) -> None:
        """Some parties filed these identified shipments, all that name them, and no others."""
        anew = set(parties)
        self._since.update(dict.fromkeys(anew, History()))
        fresh = shipments["shipment_id"].filter(pl.Series(self._ledger.rows_of(shipments["shipment_id"]) < 0))
        self._new.update(fresh)
        for shipment, day, seen_by, *named in _told(shipments, examined).iter_rows():
            self._shipments[shipment] = tuple(named)
            for uid in anew.intersection(filter(None, named[:3])):
                for _ in range(named[:3].count(uid)):
                    self._count(uid, day, seen_by)

    def _count(self, uid: str, day: int | None, examined: bool) -> None:
        before = self.history(uid)
        self._since[uid] = History(
            before.filings + 1,
            before.first if day is None else min(before.first, day),
            before.last if day is None else max(before.last, day),
            before.examined or examined,
        )

    def examine(self, shipment_ids: pl.Series) -> set[str]:
        """Shipments were examined; their parties."""
        touched = {uid for parties in self.parties(shipment_ids).select(_ROLES).iter_rows() for uid in parties if uid}
        for uid in touched:
            self._since[uid] = replace(self.history(uid), examined=True)
        return touched

    def parties(self, shipment_ids: pl.Series) -> pl.DataFrame:
        """(shipment_id, and the columns of PARTIES) of the shipments that are on record."""
        asked = shipment_ids.drop_nulls().unique()
        rows = self._ledger.rows_of(asked)
        found = [
            (shipment, *(self._uid(node) for node in self._ledger.parties[row].tolist()))
            for shipment, row in zip(asked.to_list(), rows.tolist(), strict=True)
            if row >= 0 and shipment not in self._shipments
        ]
        came = [(shipment, *self._shipments[shipment]) for shipment in asked if shipment in self._shipments]
        schema = dict.fromkeys(("shipment_id", *PARTIES), pl.String)
        return pl.DataFrame([*found, *came], schema=schema, orient="row")

    def came(self, shipment_ids: Iterable[str]) -> set[str]:
        """Which of these shipments came since the epoch."""
        return {shipment for shipment in shipment_ids if shipment in self._new}

    def history(self, uid: str) -> History:
        """What a party filed until now."""
        if uid in self._since:
            return self._since[uid]
        node, kept = self._epoch.node(uid), self._ledger
        if node is None:
            return History()
        return History(int(kept.filings[node]), int(kept.first[node]), int(kept.last[node]), bool(kept.examined[node]))

    def of(self, uid: str, seized: bool) -> str:
        """How a party stands."""
        if seized:
            return "seized"
        if uid in self.vetted:
            return "trusted"
        return "known" if self.history(uid).known else "unknown"

    def _uid(self, node: int) -> str | None:
        return None if node < 0 else self._epoch.nodes.text("uid", node)


def _told(shipments: pl.DataFrame, examined: pl.Series) -> pl.DataFrame:
    """(shipment_id, day since 1970, whether it was examined, and its parties)."""
    day = pl.col("seen").cast(pl.Int32)
    return shipments.select("shipment_id", day, _among(shipments, examined).alias("examined"), *PARTIES)


def _among(shipments: pl.DataFrame, examined: pl.Series) -> pl.Series:
    ids = shipments["shipment_id"]
    return ids.is_in(examined.implode()) if len(examined) else pl.Series(np.zeros(len(ids), np.bool_))
