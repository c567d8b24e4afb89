"""What came since an epoch, worked into it as it comes, so that the next shipment is looked up among all before it."""

from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic, sleep

import numpy as np
import polars as pl

from graphinv.current.compared import ComparedParties, Known
from graphinv.current.traces import Leads
from graphinv.errors import GraphinvError
from graphinv.links.around import same_party
from graphinv.links.cells import Listed
from graphinv.links.index import LinkIndex
from graphinv.links.judged_same import JudgedSame
from graphinv.links.live.changes import Changes
from graphinv.links.live.graph import PATIENCE, LiveGraph
from graphinv.links.live.index import LiveIndex, live_index
from graphinv.links.vetted import Scope
from graphinv.load.additions import Additions, merged
from graphinv.records import FEEDS
from graphinv.resolve.arrays import Int32
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.match_index import MatchIndex

#: So many new parties and values may wait to be compared with, as long as nobody names them.
_MOST_UNCOMPARED = 2_000
#: Between two looks at whether a state that was just shown can be asked, in seconds.
_SOON = 0.0002


@dataclass(frozen=True)
class Same:
    """Who a new party was recognised as: an identity on record, its entity, how surely, and by which record when."""

    uid: str
    entity: str
    probability: float
    record: str
    moment: datetime

    @classmethod
    def told_by(cls, index: LinkIndex, uid: str, probability: float, shipment: str, moment: datetime) -> "Same":
        """A consignee recognised as an identity of an index, by the record of a shipment."""
        node = index.node(uid)
        entity = None if node is None else index.nodes.text("entity", node)
        return cls(uid, entity or uid, probability, f"{shipment}#consignee", moment)

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
    """An epoch and all that was added to it. One thread changes it; any may hold a state (``reading``)."""

    def __init__(self, epoch: LinkIndex) -> None:
        self._epoch = epoch
        self._live = LiveGraph.of(epoch.graph)
        self._came: list[PreparedRecords] = []
        self._parties = ComparedParties(epoch.match)
        self._weighing: dict[str, list[tuple[str, str]]] = {}
        for party, seizure in epoch.graph.seeds.select("party", "seizure").iter_rows():
            self._weighing.setdefault(seizure, []).append((party, seizure))
        self._compared_with: MatchIndex | None = None
        self._uncompared: set[str] = set()
        self._leads = Leads(epoch)
        self._shown: LiveIndex | None = None
        self._outdated = self._gone = np.zeros(0, np.int32)

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
            with self._live.reading() as snapshot:
                self._compared_with = self._compared(snapshot.uids.find)
            self._uncompared.clear()
        with self._live.reading() as snapshot:
            yield live_index(self._epoch, snapshot, self._compared_with, clock)

    @contextmanager
    def reading(self) -> Iterator[LiveIndex]:
        """The state that ``work_in`` showed last, whole, for as long as the block runs."""
        until = monotonic() + PATIENCE
        while monotonic() < until:
            with self._live.reading() as snapshot:
                shown = self._shown
                if shown is not None and shown.snapshot is snapshot:
                    yield shown
                    return
            sleep(_SOON)
        raise GraphinvError("what came last could not be shown; ask again: look-ups go on with the last epoch")

    def work_in(
        self, changes: Changes, records: PreparedRecords, clock: datetime, restated: pl.Series | None = None
    ) -> None:
        """Work in what identified records changed, and show it together with the parties it can be compared with.

        ``restated`` are parties of whom the records are all there are: what they said before counts no more.
        """
        before = self._came if restated is None else [_besides(one, records) for one in self._came]
        came = [*before, records]
        if restated is not None:
            self._outdated = np.union1d(self._outdated, self._of_epoch(restated)).astype(np.int32)
            self._gone = self._at(self._outdated[[self._alone(node) for node in self._outdated.tolist()]])
        compared = self._compared(self._placed(changes.nodes), came)
        self._live.apply(changes)
        self._came = came
        with self._live.reading() as snapshot:
            self._lead(changes, snapshot.uids.find, restated is not None)
            shown = live_index(self._epoch, snapshot, compared, clock, self._outdated)
            codes, nodes = self._leads.numbers
            graph = replace(shown.graph, number_hash=codes, number_node=nodes)
            self._shown = replace(shown, graph=graph, traces=self._leads.traces)

    def add(self, records: PreparedRecords, added: Additions, same: Mapping[str, Same]) -> None:
        """Add identified records, all of them among ``added``. ``same`` names who of their parties was recognised."""
        changes = self.joining(records, added, same)
        self._live.apply(changes)
        self._came.append(records)
        self._uncompared.update(changes.nodes["uid"], "name:" + changes.nodes["name_key"].drop_nulls())

    def joining(self, records: PreparedRecords, added: Additions, same: Mapping[str, Same]) -> Changes:
        """What identified records change: parties and values that are new, and relationships."""
        roots = pl.concat([getattr(records, feed)["record_id"] for feed in FEEDS])
        edges = added.edges(roots)
        known = self._live.relations(edges)
        ends = pl.concat([edges["src"], edges["dst"], *_named(records)]).unique()
        fresh = ends.filter(~self._live.known(ends))
        nodes = added.nodes.filter(pl.col("uid").is_in(fresh.implode()))
        joined = {uid: found for uid, found in same.items() if uid in set(fresh)}
        if joined:
            entity = pl.DataFrame({"uid": list(joined), "_entity": [found.entity for found in joined.values()]})
            nodes = nodes.join(entity, on="uid", how="left", maintain_order="left")
            nodes = nodes.with_columns(pl.coalesce("_entity", "entity").alias("entity")).drop("_entity")
            told = merged(known, edges)
            edges = pl.concat([told, *(found.relation(uid, told) for uid, found in joined.items())])
            known = edges.clear()
        return Changes(nodes=nodes, edges=merged(known, edges))

    def seize(self, nodes: pl.DataFrame, come: pl.DataFrame, seizures: pl.Series) -> None:
        """Some ``seizures`` weigh on these parties from now on, and on nobody else. ``nodes`` has those who are new.

        Shippers stand as they stood: they serve many.
        """
        gone = self.lifted(come, seizures)
        fresh = nodes.filter(~self._live.known(nodes["uid"]))
        owners = come.filter(pl.col("role") != "shipper")["party"].unique()
        seized = self.nodes_of(owners).with_columns(standing=pl.lit("seized"))
        self._live.apply(Changes(nodes=pl.concat([fresh, seized], how="diagonal"), seeds=come, seeds_gone=gone))

    def lifted(self, come: pl.DataFrame, seizures: pl.Series) -> pl.DataFrame:
        """(party, seizure) of those on whom some ``seizures`` weigh no more: they weigh as ``come`` says now."""
        told = come.select("party", "seizure")
        held = pl.DataFrame(
            [pair for seizure in seizures for pair in self._weighing.get(seizure, ())], schema=told.schema, orient="row"
        )
        for seizure in seizures:
            self._weighing[seizure] = list(told.filter(pl.col("seizure") == seizure).iter_rows())
        return held.join(told, on=["party", "seizure"], how="anti")

    def screen_by(self, listed: pl.DataFrame | None, vetted: Mapping[str, list[Scope]]) -> None:
        """Take other watch lists (``load.evidence.listed_names``; None: as before) and vettings."""
        scoring = replace(self._epoch.scoring, vetted=vetted)
        names = self._epoch.listed if listed is None else Listed.of(listed)
        self._epoch = replace(self._epoch, listed=names, scoring=scoring)

    def judge_by(self, revision: str, same: JudgedSame) -> None:
        """Say from the next state on which judgements it holds: one as of a moment before them must not ask it.
        ``same`` are the pairs that they make one party."""
        self._epoch = replace(self._epoch, meta=replace(self._epoch.meta, judged=revision), judged=same)

    def new_claims(self, added: Additions) -> pl.DataFrame:
        """Of what records claim, what nobody has claimed yet."""
        known = self._live.relations(added.claims.select("src", "dst", "claim").unique())
        return added.claims.join(known, on=["src", "dst", "claim"], how="anti")

    def relations_at(self, uids: pl.Series) -> pl.DataFrame:
        """Every relationship of some parties and values, as it was told last."""
        with self._live.reading() as snapshot:
            side, nodes = snapshot.graph, snapshot.uids.find(uids)
            spans = [side.edge[side.start[node] : side.stop[node]] for node in nodes[nodes >= 0].tolist()]
            rows = np.unique(np.concatenate([np.zeros(0, np.int32), *spans]))
            return snapshot.edges_told(rows)

    @property
    def match(self) -> MatchIndex:
        """What the epoch compares parties by."""
        return self._epoch.match

    def compared_at(self, uids: pl.Series) -> Int32:
        """Where parties are in ``match``, -1 for those who came since or say something else by now."""
        with self._live.reading() as snapshot:
            nodes = snapshot.uids.find(uids)
        return np.where(np.isin(nodes, self._outdated), -1, self._at(nodes)).astype(np.int32)

    def known(self, uids: pl.Series) -> pl.Series:
        """Whether each party or value was named by now."""
        return self._live.known(uids)

    def nodes_of(self, uids: pl.Series) -> pl.DataFrame:
        """What is told of those parties and values that were named by now."""
        with self._live.reading() as snapshot:
            rows = [dict(snapshot.node_row(node)) for node in snapshot.uids.find(uids).tolist() if node >= 0]
        schema = {name: kind for name, kind in self._epoch.graph.nodes.schema.items() if name != "node"}
        return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)

    def _compared(self, place: Callable[[pl.Series], Int32], came: list[PreparedRecords] | None = None) -> MatchIndex:
        return self._parties.of(self._came if came is None else came, Known(place, self._in_epoch, self._gone))

    def _in_epoch(self, uids: pl.Series) -> Int32:
        """Where the epoch has parties, -1 for those that it does not know."""
        with self._live.reading() as snapshot:
            return self._at(snapshot.uids.find(uids))

    def _at(self, nodes: Int32) -> Int32:
        told = (nodes >= 0) & (nodes < len(self._epoch.party_at))
        at = np.full(len(nodes), -1, np.int32)
        at[told] = self._epoch.party_at[nodes[told]]
        return at

    def _alone(self, node: int) -> bool:
        """Whether the epoch concluded of nobody else that it is the same: its values are told by no other record."""
        return not same_party(self._epoch.graph, node)

    def _of_epoch(self, uids: pl.Series) -> Int32:
        """The nodes of those whom the epoch knows."""
        with self._live.reading() as snapshot:
            nodes = snapshot.uids.find(uids)
        known = nodes[(nodes >= 0) & (nodes < len(self._epoch.party_at))]
        return known[self._epoch.party_at[known] >= 0]

    def _placed(self, nodes: pl.DataFrame) -> Callable[[pl.Series], Int32]:
        """Where parties will stand once the graph has these nodes, too."""
        with self._live.reading() as snapshot:
            uids, size = snapshot.uids, snapshot.size
        fresh = nodes["uid"].filter(uids.find(nodes["uid"]) < 0) if len(nodes) else pl.Series([], dtype=pl.String)
        new = dict(zip(fresh.to_list(), range(size, size + len(fresh)), strict=True))

        def place(wanted: pl.Series) -> Int32:
            found = uids.find(wanted)
            missing = np.flatnonzero(found < 0)
            found[missing] = [new.get(uid, -1) for uid in wanted.gather(missing).to_list()]
            return found

        return place

    def _lead(self, changes: Changes, place: Callable[[pl.Series], Int32], restated: bool) -> None:
        """Lead to what the last records brought; numbers of restated ones may be somebody else's by now."""
        self._leads.name(changes.nodes, place)
        self._leads.use(changes.seeds, place)
        if restated:
            self._leads.forget_numbers()
        self._leads.number(self._came if restated else self._came[-1:], place)


def _besides(records: PreparedRecords, others: PreparedRecords) -> PreparedRecords:
    """The records that are not among others; the same object where none is."""
    left_out = {
        feed: rows["record_id"].is_in(getattr(others, feed)["record_id"].implode())
        for feed in FEEDS
        if len(rows := getattr(records, feed)) and len(getattr(others, feed))
    }
    if not any(among.any() for among in left_out.values()):
        return records
    return replace(records, **{feed: getattr(records, feed).filter(~among) for feed, among in left_out.items()})


def _named(records: PreparedRecords) -> list[pl.Series]:
    """Parties that claim nothing are parties all the same."""
    shipments, seizures = records.shipments, records.seizures
    return [
        series.drop_nulls()
        for series in (
            records.importers["uid"], records.sellers["uid"], shipments["importer_uid"], shipments["seller_uid"],
            shipments["shipper_uid"], shipments["claimed_uid"], seizures["importer_uid"], seizures["seller_uid"],
            records.trusted["uid"],
        )
    ]  # fmt: skip
