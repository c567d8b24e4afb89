"""Batches of records worked into an epoch, one by one in the order of their commits: the same in every process."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from graphinv.current.arrivals import Arrivals, Same
from graphinv.current.arriving import Arriving, Recognised
from graphinv.current.batches import JOINING, OnRecord, named_before, only
from graphinv.current.judged import Judged, Meant, regrouped, told_same
from graphinv.current.naming import OnFile
from graphinv.current.restating import Changed, Restated, changed, difference, nodes_anew, restated
from graphinv.current.standing import Standings
from graphinv.ingest.record_store import Batch, RecordStore
from graphinv.links.candidates import find_candidates
from graphinv.links.clues import read_clues
from graphinv.links.index import LinkIndex
from graphinv.links.ledger import Ledger
from graphinv.links.live.changes import Changes
from graphinv.links.question import question_of
from graphinv.links.vetted import scopes
from graphinv.load.additions import Additions, additions
from graphinv.load.evidence import listed_names
from graphinv.load.nodes import trusted_now
from graphinv.load.seeds import seeds
from graphinv.prepared import batch_rows, feed_rows, no_rows, scan_rows
from graphinv.record_parties import records_of
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.model import MATCH
from graphinv.resolve.statuses import newest_seizures
from graphinv.resolve.versions import newest
from graphinv.workspace import Workspace


@dataclass(frozen=True)
class _Weighed:
    """Seizures that are told anew: on whom they weigh now, on whom no more, and whose standing that touches."""

    records: PreparedRecords
    come: pl.DataFrame
    gone: pl.DataFrame
    touched: set[str]


class Work:
    """What was worked into an epoch. One thread changes it; any may hold a state (``reading``)."""

    def __init__(self, workspace: Workspace, epoch: LinkIndex, ledger: Ledger) -> None:
        self._workspace, self._epoch = workspace, epoch
        self._arrivals = Arrivals(epoch)
        self._record = OnRecord(ledger)
        self._standings = Standings(epoch, ledger)
        self._empty = no_rows(workspace)
        self._nothing = self._record.identify(self._empty)
        self._no_seeds = seeds(self._nothing)
        self._seizures = self._seizures_by(epoch.meta.records)
        self._examined = feed_rows(workspace, "inspections")["shipment_id"].drop_nulls()
        self._screened = self._screening()
        self._standings.vetted = self._vetted_in(epoch)
        self._seized: dict[str, set[str]] = {}
        for row in epoch.graph.seeds.filter(pl.col("role") != "shipper").iter_rows(named=True):
            self._seized.setdefault(row["party"], set()).add(row["seizure"])
        self.clock = epoch.meta.clock
        self.begun = False
        self._corrected: set[str] = set()
        self._meant = Meant(self._arrivals, self._record)

    @contextmanager
    def reading(self) -> Iterator[LinkIndex]:
        """The newest whole state."""
        if not self.begun:
            yield self._epoch
            return
        with self._arrivals.reading() as index:
            yield index

    def take(self, batch: Batch, arriving: Arriving | None = None) -> None:
        """Work a batch in."""
        rows = batch_rows(self._workspace, batch, None if arriving is None else arriving.accepted)
        recognised = None if arriving is None else arriving.recognised
        self.clock = max(self.clock, batch.last_known_at)
        touched = set[str]()
        joining, seizures = self._nothing, self._nothing.seizures["seizure_id"]
        if batch.feed in JOINING:
            new, again = self._record.new(batch.feed, rows)
            joining = self._record.identify(only(batch.feed, new, self._empty)) if len(new) else self._nothing
            late = named_before(joining.importers, self._arrivals.known).any()
            self._record.remember(replace(self._empty, **{batch.feed: pl.concat([new, again])}))
            if len(again) or late:
                self._restate(batch, pl.concat([new, again]), recognised)
                return
            seizures = self._seizures_of(joining.shipments)
            touched = self._standings.file(joining.shipments, self._examined)
        elif batch.feed == "seizures":
            self._seizures = self._seizures_by(batch.seq)
            seizures = rows["seizure_id"].drop_nulls().unique()
        elif batch.feed == "inspections":
            self._examined = feed_rows(self._workspace, "inspections")["shipment_id"].drop_nulls()
            touched = self._standings.examine(rows["shipment_id"])
        else:
            self._screened = self._screening()
        same = self._recognised(batch, joining.shipments, recognised)
        self._work_in(joining, seizures, touched | self._screen(batch.feed), same)

    def names_corrected(self, names: Iterable[str]) -> bool:
        """Whether some names are of records that said something else before, and so perhaps of somebody else."""
        return not self._corrected.isdisjoint(records_of(pl.Series(list(names), dtype=pl.String)))

    def judge(self, newest_seq: int, told: Judged) -> bool:
        """Let judgements count; False where that waits for the next load."""
        on_file = OnFile(self._workspace, newest_seq, self._empty)
        changes = regrouped(self._arrivals, self._record, on_file, self._meant, told)
        if changes is not None:
            self._arrivals.judge_by(told.revision, told_same(on_file, self._meant, told))
            self._arrivals.work_in(changes, self._nothing, self.clock)
            self.begun = True
        return changes is not None

    def came(self, shipment_ids: Iterable[str]) -> set[str]:
        """Which of these shipments were worked in."""
        return self._standings.came(shipment_ids)

    def _restate(self, batch: Batch, rows: pl.DataFrame, recognised: Recognised | None) -> None:
        """Work in rows that say anew what is on record, or register numbers that were named before."""
        on_file = OnFile(self._workspace, batch.seq, self._empty)
        told = changed(on_file, self._record, batch.feed, rows)
        self._corrected.update(told.versions.shipments["record_id"], told.versions.importers["record_id"])
        self._meant.forget()
        parties = told.parties(self._standings.parties(told.versions.shipments["shipment_id"]))
        if batch.feed == "importers":
            self._screened = self._screening()  # a number may be somebody else's by now
        seizures = self._seizures_naming(told)
        anew = restated(on_file, self._record, told, parties, self._others(seizures, parties), self.clock)
        same = self._recognised(batch, told.now.shipments, recognised)
        self._standings.file_anew(anew.records.shipments, self._examined, parties)
        weighed = self._weigh(seizures["seizure_id"].drop_nulls().unique())
        touched = (weighed.touched | self._screen(batch.feed)) - set(parties)
        self._show_anew(anew, weighed, touched, same)

    def _show_anew(self, anew: Restated, weighed: _Weighed, touched: set[str], same: Mapping[str, Same]) -> None:
        held = self._arrivals.nodes_of(parties := anew.parties.filter(self._arrivals.known(anew.parties)))
        known, unnamed = set(parties), set(anew.nobody)  # whom only the corrected rows named is nobody to be like
        joined = {uid: found for uid, found in same.items() if uid not in known and found.uid not in unnamed}
        theirs = nodes_anew(anew, held, {uid: found.entity for uid, found in joined.items()})
        gone, come = difference(anew, self._arrivals.relations_at(pl.concat([anew.parties, anew.places])))
        ends = pl.concat([come["src"], come["dst"]]).unique()
        values = anew.added.nodes.filter(
            pl.col("uid").is_in(ends.filter(~self._arrivals.known(ends)).implode()),
            ~pl.col("uid").is_in(theirs["uid"].implode()),
        )
        told = pl.concat([theirs, values], how="diagonal_relaxed")
        rest = self._told_anew(anew.added, self._nothing, touched, set())
        nodes = pl.concat([told.with_columns(standing=self._standing(told)), rest], how="diagonal_relaxed")
        edges = pl.concat([come, *(found.relation(uid, come) for uid, found in joined.items())])
        changes = Changes(nodes=nodes, edges=edges, seeds=weighed.come, edges_gone=gone, seeds_gone=weighed.gone)
        nobody = replace(anew.records, seizures=self._nothing.seizures, trusted=self._nothing.trusted)
        self._arrivals.work_in(changes, nobody, self.clock, anew.parties)
        self.begun = True

    def _seizures_naming(self, told: Changed) -> pl.DataFrame:
        """Seizures of changed shipments, and of numbers that may be somebody else's by now."""
        filed = pl.col("shipment_id").is_in(told.now.shipments["shipment_id"].implode())
        return self._seizures.filter(
            (filed | pl.col("number_key").is_in(told.numbers.implode())).fill_null(value=False)
        )

    def _others(self, seizures: pl.DataFrame, parties: pl.Series) -> PreparedRecords:
        """Some seizures, and the vettings of some parties."""
        found = self._record.identify(only("seizures", seizures, self._empty)) if len(seizures) else self._nothing
        vetted = pl.col("uid").is_in(parties.implode())
        return replace(found, trusted=self._screened.trusted.filter(vetted))

    def _work_in(
        self, joining: PreparedRecords, seizures: pl.Series, touched: set[str], same: Mapping[str, Same]
    ) -> None:
        weighed = self._weigh(seizures)
        records = replace(joining, seizures=weighed.records.seizures, trusted=self._vetted_first())
        added = additions(records, self.clock)
        changes = self._arrivals.joining(records, added, same)
        victims = set(joining.shipments["claimed_uid"].drop_nulls())
        anew = self._told_anew(added, joining, touched | weighed.touched, victims)
        fresh = changes.nodes.with_columns(standing=self._standing(changes.nodes))
        told = pl.concat([fresh, anew], how="diagonal_relaxed")
        changed = Changes(nodes=told, edges=changes.edges, seeds=weighed.come, seeds_gone=weighed.gone)
        self._arrivals.work_in(changed, replace(records, trusted=self._nothing.trusted), self.clock)
        self.begun = True

    def _vetted_first(self) -> pl.DataFrame:
        """Vettings of parties that nothing else has named yet."""
        rows = self._screened.trusted
        return rows.filter(~self._arrivals.known(rows["uid"])) if len(rows) else rows

    def _weigh(self, seizures: pl.Series) -> _Weighed:
        """On whom seizures weigh by their newest versions, and by the shipments that are on record by now."""
        if seizures.is_empty():
            return _Weighed(self._nothing, self._no_seeds, self._no_seeds.select("party", "seizure"), set())
        current = self._seizures.filter(pl.col("seizure_id").is_in(seizures.implode()))
        identified = self._record.identify(only("seizures", current, self._empty))
        filed = self._standings.parties(current["shipment_id"])
        come = seeds(replace(identified, shipments=filed))
        gone = self._arrivals.lifted(come, "seizure:" + seizures)
        for party, seizure in gone.select("party", "seizure").iter_rows():
            self._seized.get(party, set()).discard(seizure)
        for party, seizure in come.filter(pl.col("role") != "shipper").select("party", "seizure").iter_rows():
            self._seized.setdefault(party, set()).add(seizure)
        return _Weighed(identified, come, gone, set(come["party"]) | set(gone["party"]))

    def _told_anew(
        self, added: Additions, joining: PreparedRecords, touched: set[str], victims: set[str]
    ) -> pl.DataFrame:
        """Parties that were named before, and stand otherwise by now or are told of for the first time."""
        uids = pl.Series("uid", sorted(touched | victims), dtype=pl.String)
        held = self._arrivals.nodes_of(uids.filter(self._arrivals.known(uids)))
        now = held.with_columns(
            standing=self._standing(held),
            possible_victim=pl.when(pl.col("uid").is_in(list(victims))).then(True).otherwise("possible_victim"),
        )
        other = (now["standing"] != held["standing"]) | now["possible_victim"].ne_missing(held["possible_victim"])
        sellers = joining.sellers["uid"].unique()
        opened = added.nodes.filter(pl.col("uid").is_in(sellers.filter(self._arrivals.known(sellers)).implode()))
        opened = opened.with_columns(standing=self._standing(opened))
        rest = now.filter(other).filter(~pl.col("uid").is_in(opened["uid"].implode()))
        return pl.concat([rest, opened], how="diagonal_relaxed")

    def _standing(self, nodes: pl.DataFrame) -> pl.Series:
        """The standings of parties among the nodes; null for values."""
        told = [
            None if standing is None else self._standings.of(uid, bool(self._seized.get(uid)))
            for uid, standing in nodes.select("uid", "standing").iter_rows()
        ]
        return pl.Series("standing", told, dtype=pl.String)

    def _seizures_of(self, shipments: pl.DataFrame) -> pl.Series:
        """Seizures of shipments that came after them."""
        named = pl.col("shipment_id").is_in(shipments["shipment_id"].implode())
        return self._seizures.filter(named)["seizure_id"].drop_nulls().unique()

    def _seizures_by(self, seq: int) -> pl.DataFrame:
        """The newest versions of seizures as of a batch: those that wait behind it may name whom nobody named yet."""
        return newest_seizures(scan_rows(self._workspace, "seizures", seq).collect())

    def _screening(self) -> PreparedRecords:
        """Watch lists and vettings as they are now."""
        told = {feed: feed_rows(self._workspace, feed) for feed in ("watchlist", "trusted")}
        return self._record.identify(replace(self._empty, **told))

    def _vetted_in(self, epoch: LinkIndex) -> frozenset[str]:
        """Who was vetted by the records of an epoch, whatever came since."""
        rows = newest(scan_rows(self._workspace, "trusted", epoch.meta.records).collect(), "record_id")
        trusted = self._record.identify(only("trusted", rows, self._empty)).trusted
        return frozenset(trusted_now(trusted, epoch.meta.clock)["uid"].drop_nulls())

    def _vetted(self, clock: datetime) -> frozenset[str]:
        return frozenset(trusted_now(self._screened.trusted, clock)["uid"].drop_nulls())

    def _screen(self, feed: str) -> set[str]:
        """Let watch lists and vettings be those of now; the parties whose vetting changed."""
        vetted = self._vetted(self.clock)
        changed = set(vetted ^ self._standings.vetted)
        self._standings.vetted = vetted
        listed = None
        if feed == "watchlist":
            importers = self._record.identify(only("importers", feed_rows(self._workspace, "importers"), self._empty))
            listed = listed_names(replace(self._screened, importers=importers.importers))
        if changed or feed in ("watchlist", "trusted"):
            self._arrivals.screen_by(listed, scopes(self._screened, self.clock))
        return changed

    def _recognised(self, batch: Batch, shipments: pl.DataFrame, found: Recognised | None) -> dict[str, Same]:
        """New consignees that are somebody on record in all likelihood."""
        unknown = shipments.filter(~self._arrivals.known(shipments["importer_uid"]))
        first = unknown.unique("importer_uid", keep="first", maintain_order=True)
        if first.is_empty():
            return {}
        with self.reading() as index:
            told = self._look(index, batch, first) if found is None else found
            best = {row["importer_uid"]: told.get(row["record_id"]) for row in first.iter_rows(named=True)}
            return {
                row["importer_uid"]: Same.told_by(index, *who, row["record_id"], row["known_at"])
                for row in first.iter_rows(named=True)
                if (who := best[row["importer_uid"]]) is not None and who[0] != row["importer_uid"]
            }

    def _look(self, index: LinkIndex, batch: Batch, wanted: pl.DataFrame) -> Recognised:
        raw = RecordStore(self._workspace).read(batch).join(wanted, on=["record_id", "content"], how="semi")
        return {row["record_id"]: _best(index, row, self._workspace.hash_key) for row in raw.iter_rows(named=True)}


def _best(index: LinkIndex, row: Mapping[str, object], hash_key: bytes) -> tuple[str, float] | None:
    compared = find_candidates(index, read_clues(question_of(row), hash_key))
    return (compared[0].uid, compared[0].score) if compared and compared[0].score >= MATCH else None
