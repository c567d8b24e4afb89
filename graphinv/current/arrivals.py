"""What came since an epoch, worked into it as it comes, so that the next shipment is looked up among all before it."""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from graphinv.links.cells import Listed
from graphinv.links.index import LinkIndex
from graphinv.links.live.changes import Changes
from graphinv.links.live.graph import LiveGraph
from graphinv.links.live.index import LiveIndex, live_index
from graphinv.links.live.match import Counted, arrived
from graphinv.links.vetted import Scope
from graphinv.load.additions import Additions, merged
from graphinv.records import FEEDS
from graphinv.resolve.declared import declared_by
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.match_index import MatchIndex

#: So many new parties and values may wait to be compared with, as long as nobody names them.
_MOST_UNCOMPARED = 2_000


@dataclass(frozen=True)
class Same:
    """Who a new party was recognised as: an identity on record, its entity, how surely, and by which record when."""

    uid: str
    entity: str
    probability: float
    record: str
    moment: datetime

    def relation(self, other: str, like: pl.DataFrame) -> pl.DataFrame:
        """SAME_AS to another identity, with the columns of ``like``."""
        src, dst = sorted((self.uid, other))
        day = self.moment.date()
        row = {
            "src": src, "dst": dst, "claim": "SAME_AS", "sources": [self.record], "count": 1, "first_seen": day,
            "last_seen": day, "known_at": self.moment, "confidence": self.probability,
        }  # fmt: skip
        return pl.DataFrame([row], schema=like.schema)


class Arrivals:
    """An epoch and all that was added to it. One thread."""

    def __init__(self, epoch: LinkIndex) -> None:
        self._epoch = epoch
        self._live = LiveGraph.of(epoch.graph)
        self._counted = Counted.of(epoch.match)
        self._came: list[PreparedRecords] = []
        self._weighing: dict[str, list[tuple[str, str]]] = {}
        for party, seizure in epoch.graph.seeds.select("party", "seizure").iter_rows():
            self._weighing.setdefault(seizure, []).append((party, seizure))
        self._compared_with: MatchIndex | None = None
        self._uncompared: set[str] = set()

    @property
    def rows(self) -> int:
        """How many records came."""
        return sum(len(getattr(records, feed)) for records in self._came for feed in FEEDS)

    @contextmanager
    def index(self, clock: datetime, named: Set[str]) -> Iterator[LiveIndex]:
        """What look-ups are asked of; it holds everything that came before the block began.

        ``named`` are the parties, values and names (``name:`` and the key) that the questions give: parties that came
        since are worth comparing with once one of theirs is among them.
        """
        if len(self._uncompared) > _MOST_UNCOMPARED or not self._uncompared.isdisjoint(named):
            self._catch_up()
        with self._live.reading() as snapshot:
            yield live_index(self._epoch, snapshot, self._compared_with, clock)

    def add(self, records: PreparedRecords, added: Additions, same: Mapping[str, Same]) -> None:
        """Add identified records, all of them among ``added``. ``same`` names who of their parties was recognised."""
        roots = pl.concat([getattr(records, feed)["record_id"] for feed in FEEDS])
        edges = added.edges(roots)
        known = self._live.relations(edges)
        ends = pl.concat([edges["src"], edges["dst"], *self._named(records)]).unique()
        fresh = ends.filter(~self._live.known(ends))
        nodes = added.nodes.filter(pl.col("uid").is_in(fresh.implode()))
        joined = {uid: found for uid, found in same.items() if uid in set(fresh)}
        if joined:
            entity = pl.DataFrame({"uid": list(joined), "_entity": [found.entity for found in joined.values()]})
            nodes = nodes.join(entity, on="uid", how="left", maintain_order="left")
            nodes = nodes.with_columns(pl.coalesce("_entity", "entity").alias("entity")).drop("_entity")
            edges = pl.concat([merged(known, edges), *(found.relation(uid, edges) for uid, found in joined.items())])
            known = edges.clear()
        self._live.apply(Changes(nodes=nodes, edges=merged(known, edges)))
        self._came.append(records)
        self._uncompared.update(fresh, "name:" + nodes["name_key"].drop_nulls())

    def seize(self, nodes: pl.DataFrame, come: pl.DataFrame, seizures: pl.Series) -> None:
        """Some ``seizures`` weigh on these parties from now on, and on nobody else. ``nodes`` has those who are new."""
        told = come.select("party", "seizure")
        held = pl.DataFrame(
            [pair for seizure in seizures for pair in self._weighing.get(seizure, ())], schema=told.schema, orient="row"
        )
        gone = held.join(told, on=["party", "seizure"], how="anti")
        for seizure in seizures:
            self._weighing[seizure] = list(told.filter(pl.col("seizure") == seizure).iter_rows())
        fresh = nodes.filter(~self._live.known(nodes["uid"]))
        seized = self._seized(come["party"].unique())
        self._live.apply(Changes(nodes=pl.concat([fresh, seized], how="diagonal"), seeds=come, seeds_gone=gone))

    def screen_by(self, listed: pl.DataFrame, vetted: Mapping[str, list[Scope]]) -> None:
        """Take other watch lists (``load.evidence.listed_names``) and vettings."""
        scoring = replace(self._epoch.scoring, vetted=vetted)
        self._epoch = replace(self._epoch, listed=Listed.of(listed), scoring=scoring)

    def new_claims(self, added: Additions) -> pl.DataFrame:
        """Of what records claim, what nobody has claimed yet."""
        known = self._live.relations(added.claims.select("src", "dst", "claim").unique())
        return added.claims.join(known, on=["src", "dst", "claim"], how="anti")

    def _catch_up(self) -> None:
        both = {feed: pl.concat([getattr(records, feed) for records in self._came]) for feed in FEEDS}
        declared = declared_by(PreparedRecords(**both))
        with self._live.reading() as snapshot:
            self._compared_with = arrived(self._epoch.match, self._counted, declared, snapshot.uids.find)
        self._uncompared.clear()

    def _named(self, records: PreparedRecords) -> list[pl.Series]:
        """Parties that claim nothing are parties all the same."""
        shipments = records.shipments
        return [
            series.drop_nulls()
            for series in (
                records.importers["uid"], records.sellers["uid"], shipments["importer_uid"], shipments["seller_uid"],
                shipments["shipper_uid"],
            )
        ]  # fmt: skip

    def _seized(self, parties: pl.Series) -> pl.DataFrame:
        """Known parties, told anew as seized."""
        with self._live.reading() as snapshot:
            rows = [dict(snapshot.node_row(node)) for node in snapshot.uids.find(parties).tolist() if node >= 0]
        schema = {name: kind for name, kind in self._epoch.graph.nodes.schema.items() if name != "node"}
        told = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
        return told.with_columns(standing=pl.lit("seized"))
