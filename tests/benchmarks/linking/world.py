"""A world's evidence graph, and its last shipments and seizures as changes that are still to come."""

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from graphinv.ingest import ingest
from graphinv.links.live.changes import Changes
from graphinv.load.claims import ClaimingRows, dealing_claims, party_claims
from graphinv.load.evidence import EvidenceTables, evidence_tables
from graphinv.load.tables import clock_of, party_tables
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.resolve.same_as import concluded
from graphinv.resolving import resolve_alone
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from graphinv.worlds import write_world
from tests.benchmarks.ending import run_beside

#: Claims that follow from what parties and addresses are, not from one shipment.
_CONCLUDED = ("SAME_AS", "SAME_BUILDING")


@dataclass(frozen=True)
class Stream:
    """Evidence before the last shipments and seizures (``begin``) and with them (``end``).

    ``touched``: (batch, src, dst, claim), the relationships of the last shipments, ``batch`` numbering them in order of
    arrival; ``seeds`` are the last seizures' weights on parties.
    """

    begin: EvidenceTables
    end: EvidenceTables
    touched: pl.DataFrame
    seeds: pl.DataFrame

    def changes(self, size: int) -> list[Changes]:
        """The last shipments, ``size`` to a change: new nodes, new relationships, and those that are seen again."""
        grouped = self.touched.with_columns(pl.col("batch") // size).unique(["batch", "src", "dst", "claim"])
        edges = grouped.join(self.end.edges, on=["src", "dst", "claim"]).sort("batch", "src", "dst", "claim")
        ends = pl.concat([grouped.select("batch", uid="src"), grouped.select("batch", uid="dst")])
        born = ends.group_by("uid").agg(pl.col("batch").min()).join(self.begin.nodes, on="uid", how="anti")
        nodes = born.join(self.end.nodes, on="uid").sort("batch", "uid")
        by_edge = {key[0]: frame.drop("batch") for key, frame in edges.group_by("batch")}
        by_node = {key[0]: frame.drop("batch") for key, frame in nodes.group_by("batch")}
        return [Changes(nodes=by_node.get(at, pl.DataFrame()), edges=by_edge[at]) for at in sorted(by_edge)]

    def rest(self) -> Changes:
        """What is concluded only once all shipments are known: same parties, units, seizures from newcomers."""
        told = self.touched.select("src", "dst", "claim")
        known = pl.concat([self.begin.edges.select("src", "dst", "claim"), told])
        arrived = pl.concat([self.begin.nodes.select("uid"), told.select(uid="src"), told.select(uid="dst")])
        return Changes(
            nodes=self.end.nodes.join(arrived, on="uid", how="anti"),
            edges=self.end.edges.join(known, on=["src", "dst", "claim"], how="anti"),
            seeds=self.end.seeds.join(self.begin.nodes, left_on="party", right_on="uid", how="anti").join(
                self.end.nodes, left_on="party", right_on="uid", how="semi"
            ),
        )


def stream_in(folder: Path, source: "Source", shipments: int, seizures: int) -> Stream:
    """The stream kept in a folder; made first, by a process of its own, when there is none.

    Making the tables of a large world takes several times the memory that they take.
    """
    if not (folder / "clock").exists():
        folder.mkdir(parents=True, exist_ok=True)
        run_beside(_make, folder, source, shipments, seizures)
    return _read(folder)


@dataclass(frozen=True)
class Source:
    """Where evidence comes from: a workspace whose records are ingested, or else a new world of a size."""

    size: str
    workspace: Path | None


def _records_of(source: Source) -> PreparedRecords:
    if source.workspace is not None:
        return prepared_records(open_workspace_folder(Settings(workspace=source.workspace)))
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder) / "world"
        write_world(world, source.size, seed=7)
        opened = open_workspace_folder(Settings(workspace=Path(folder) / "workspace"))
        ingest(opened, [path for path in sorted(world.iterdir()) if path.is_file()])
        return prepared_records(opened)


def _tables_of(records: PreparedRecords) -> EvidenceTables:
    clock = clock_of(records)
    if clock is None:
        raise SystemExit("there are no records")
    return evidence_tables(records, party_tables(records, concluded(records, resolve_alone(records)), clock), clock)


_END = ("nodes", "edges", "seeds", "listed", "identifiers", "combinations")
_BEGIN = ("nodes", "edges", "seeds")


def _write(folder: Path, stream: Stream) -> None:
    for name in _END:
        getattr(stream.end, name).write_ipc(folder / f"{name}.arrow")
    for name in _BEGIN:
        getattr(stream.begin, name).write_ipc(folder / f"begin_{name}.arrow")
    stream.touched.write_ipc(folder / "touched.arrow")
    stream.seeds.write_ipc(folder / "held_back.arrow")
    (folder / "clock").write_text(stream.end.clock.isoformat())


def _read(folder: Path) -> Stream:
    clock = datetime.fromisoformat((folder / "clock").read_text())
    end = EvidenceTables(**{name: pl.read_ipc(folder / f"{name}.arrow") for name in _END}, clock=clock)
    nodes, edges, seeds = (pl.read_ipc(folder / f"begin_{name}.arrow") for name in _BEGIN)
    begin = replace(end, nodes=nodes, edges=edges, seeds=seeds)
    return Stream(begin, end, *(pl.read_ipc(folder / f"{name}.arrow") for name in ("touched", "held_back")))


def stream_of(records: PreparedRecords, end: EvidenceTables, shipments: int, seizures: int) -> Stream:
    """Hold back the last shipments, and as many seizures as asked for."""
    last = records.shipments.sort("known_at", "record_id").tail(shipments).with_row_index("batch")
    touched = _claimed(records, last)
    cut = last["known_at"].min()
    assert isinstance(cut, datetime)  # for mypy: the column holds moments
    key = ["src", "dst", "claim"]
    new = end.edges.filter(pl.col("known_at") >= cut).select(key).join(touched.select(key), on=key, how="semi")
    again = touched.select(key, again=pl.lit(True)).unique()
    seen = pl.when("again").then(pl.min_horizontal("last_seen", pl.lit(cut.date()))).otherwise("last_seen")
    edges = end.edges.join(new, on=key, how="anti").join(again, on=key, how="left").with_columns(last_seen=seen)
    edges = edges.drop("again")
    dealt = edges.filter(~pl.col("claim").is_in(_CONCLUDED))
    used = pl.concat([dealt.select(uid="src"), dealt.select(uid="dst")])
    fresh = pl.concat([touched.select(uid="src"), touched.select(uid="dst")]).join(used, on="uid", how="anti").unique()
    nodes = end.nodes.join(fresh, on="uid", how="anti")
    seeds = end.seeds.join(nodes.select(party="uid"), on="party", how="semi").sort("known_at", "seizure", "party")
    held_back = seeds.tail(seizures)
    before = end.seeds.join(held_back.select("party", "seizure"), on=["party", "seizure"], how="anti")
    alive = edges.join(fresh, left_on="src", right_on="uid", how="anti").join(
        fresh, left_on="dst", right_on="uid", how="anti"
    )
    return Stream(replace(end, nodes=nodes, edges=alive, seeds=before), end, touched, held_back)


def _claimed(records: PreparedRecords, last: pl.DataFrame) -> pl.DataFrame:
    """(batch, src, dst, claim) of shipments; those of the evidence graph only."""
    shipments = last.drop("batch")
    alone = replace(records, shipments=shipments, importers=records.importers.head(0), sellers=records.sellers.head(0))
    told = ClaimingRows.of(alone)
    frames = [
        claims.rows.select("src", "dst", "record_id", claim=pl.lit(claims.type))
        for claims in (*dealing_claims(told.shipments), *party_claims(told))
    ]
    rows = pl.concat(frames).with_columns(pl.col("record_id").str.replace(r"#\w+$", ""))
    return rows.join(last.select("batch", "record_id"), on="record_id").select("batch", "src", "dst", "claim").unique()


def _make(folder: Path, source: Source, shipments: int, seizures: int) -> None:
    """Make a stream and keep it in a folder."""
    records = identify(_records_of(source))
    _write(folder, stream_of(records, _tables_of(records), shipments, seizures))
