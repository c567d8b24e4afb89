"""An epoch of everything on record, and what a state that was kept current must equal: the same built anew."""

from typing import Any

import numpy as np
import polars as pl

from graphinv.current.keeping import Reading
from graphinv.ingest import RecordStore
from graphinv.known import held
from graphinv.links.evidence import EvidenceGraph, build
from graphinv.links.index import write_index
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.ledger import ledger
from graphinv.links.live.index import LiveIndex
from graphinv.links.number_used import is_victim, number_used
from graphinv.links.scoring import scoring
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, party_tables
from graphinv.opened import OpenedWorkspace
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import Registry, identify, registry_of
from graphinv.resolve.judgements import JudgementStore
from graphinv.resolve.same_as import Conclusions, concluded
from graphinv.resolving import resolve_alone

#: What is told of a node: its properties, its best evidence, the seizures, and under whose number they were filed.
Told = dict[object, object]
_PROPERTIES = ("label", "standing", "entity", "possible_victim")
_SAME_AS: dict[str, Any] = {
    "src": pl.String, "dst": pl.String, "sources": pl.List(pl.String), "count": pl.Int64, "first_seen": pl.Date,
    "last_seen": pl.Date, "known_at": pl.Datetime("us", "UTC"), "confidence": pl.Float64,
}  # fmt: skip


def make_epoch(opened: OpenedWorkspace) -> None:
    """Index everything on record, as a load does; no graph store is needed for that."""
    records = identify(prepared_records(opened.folder))
    clock = clock_of(records)
    assert clock is not None
    resolution = resolve_alone(records)
    graph = build(evidence_tables(records, party_tables(records, concluded(records, resolution), clock), clock))
    kept = ledger(records, registry_of(records).shared_buildings, graph.nodes)
    newest, judged = RecordStore(opened.folder).newest_seq(), JudgementStore(opened.folder).revision()
    there, scored = held(opened.folder, newest, clock, judged), scoring(records, graph, clock)
    write_index(opened.folder.index, graph, resolution, newest, judged, scored, kept, there)


def told_by(index: LiveIndex) -> Told:
    """Everything that a state says of nodes and relationships, by uid."""
    snapshot = index.snapshot
    assert snapshot is not None
    side, told = snapshot.graph, Told()
    rows = [snapshot.node_row(node) for node in range(snapshot.size)]
    uids = [row["uid"] for row in rows]
    for node, row in enumerate(rows):
        seizures = sorted((seed["seizure"], seed["under"] or "") for seed in snapshot.seizures_of(node))
        told[uids[node]] = (*(row.get(name) for name in _PROPERTIES), *_evidence(index.graph, node), tuple(seizures))
        for slot in range(int(side.start[node]), int(side.stop[node])):
            told.update([_relation(snapshot.edge_row(int(side.edge[slot])), int(side.weight[slot]))])
    for use in number_used(index, [node for node in range(snapshot.size) if is_victim(index, node)]):
        told[use.owner, use.seizure.id] = use.party.id
    return told


def told_anew(opened: OpenedWorkspace, state: Reading) -> Told:
    """The same of all records, built at once by its epoch's clock and reliabilities and the state's conclusions."""
    assert state.epoch.ledger is not None
    assert isinstance(state.index, LiveIndex)
    raw = prepared_records(opened.folder)
    records = identify(raw, Registry(raw.importers, state.epoch.ledger.shared_buildings))
    tables = party_tables(records, conclusions(state.index), state.index.meta.clock)
    return _told_of(build(evidence_tables(records, tables, state.epoch.meta.clock), state.epoch.graph.reliability))


def _told_of(graph: EvidenceGraph) -> Told:
    told = Told()
    seizures: dict[str, list[tuple[str, str]]] = {}
    for party, seizure, under in graph.seeds.select("party", "seizure", "under").iter_rows():
        seizures.setdefault(party, []).append((seizure, under or ""))
        if under is not None:
            told[under, seizure] = party
    for row in graph.nodes.iter_rows(named=True):
        weighing = tuple(sorted(seizures.get(row["uid"], [])))
        told[row["uid"]] = (*(row[name] for name in _PROPERTIES), *_evidence(graph, row["node"]), weighing)
    weight = np.zeros(len(graph.edges), np.int64)
    weight[graph.edge] = graph.weight
    told.update(
        _relation(row, cost) for row, cost in zip(graph.edges.iter_rows(named=True), weight.tolist(), strict=True)
    )
    return told


def _evidence(graph: EvidenceGraph, node: int) -> tuple[int, ...]:
    return int(graph.users[node]), int(graph.seed_cost[node]), int(graph.cost[node])


def _relation(row: Any, weight: int) -> tuple[object, object]:
    said = (row["count"], round(row["confidence"], 6), row["first_seen"], row["last_seen"], row["known_at"])
    return (row["src"], row["dst"], row["claim"]), (weight, *said, tuple(row["sources"]))


def conclusions(index: LiveIndex) -> Conclusions:
    """What a state says of who is who."""
    snapshot = index.snapshot
    assert snapshot is not None
    entities = {row["uid"]: row["entity"] for row in map(snapshot.node_row, range(snapshot.size)) if row["entity"]}
    rows = {
        (row["src"], row["dst"]): row
        for node in range(snapshot.size)
        for slot in range(int(snapshot.graph.start[node]), int(snapshot.graph.stop[node]))
        if (row := snapshot.edge_row(int(snapshot.graph.edge[slot])))["claim"] == "SAME_AS"
    }
    same_as = pl.DataFrame([{name: row[name] for name in _SAME_AS} for row in rows.values()], schema=_SAME_AS)
    uids = pl.DataFrame({"uid": list(entities), "entity": list(entities.values())})
    return Conclusions(same_as.with_columns(probability="confidence"), uids)


def besides(found: Told, expected: Told) -> Told:
    """What is told without those whom nobody names any more: they stay as nodes, and lead nowhere."""
    silent = (0, UNREACHABLE, UNREACHABLE, ())
    return {key: said for key, said in found.items() if key in expected or _silent(said) != silent}


def _silent(said: object) -> tuple[object, ...]:
    return tuple(said)[len(_PROPERTIES) :] if isinstance(said, tuple) else ()
