"""Calls everything that look-ups and arrivals call, on a small invented workspace, so that numba compiles and keeps it.

The workspace is written and read as any other: compiled code is for one layout of arrays, and mapped ones are others
than those in memory.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from graphinv.arrivals import arrive
from graphinv.ingest import RecordStore, ingest
from graphinv.known import held
from graphinv.links.index import write_index
from graphinv.links.kernels import Int32, Int64
from graphinv.links.live.keyed import EMPTY, moved_to
from graphinv.links.question import AddressQuestion, LookupRequest, PartyQuestion
from graphinv.load.tables import clock_of
from graphinv.opened import OpenedWorkspace
from graphinv.pipeline import claimed_and_resolved, evidence_of, kept_and_scored
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify, registry_of
from graphinv.resolve.judgements import Decision, JudgementStore, Verdict
from graphinv.resolving import resolve_workspace
from graphinv.settings import Settings
from graphinv.worlds import write_world

#: Importers of the invented world: enough for parties that resemble each other.
_IMPORTERS, _SEED = 60, 1
#: How much of it comes after the index: enough for arrays to grow.
_MONTHS_LATER = 12


def compile_kernels() -> None:
    """Load a small world but for its last shipments, look parties up, let those shipments arrive, correct one, judge
    two parties, release seized goods. Takes one to three minutes where nothing is compiled, seconds where all is."""
    with TemporaryDirectory(prefix="graphinv-kernels-") as folder:
        world, feeds = Path(folder, "world"), Path(folder, "feeds")
        write_world(world, str(_IMPORTERS), _SEED)
        later = _held_back(world, feeds)
        with OpenedWorkspace(Settings(workspace=Path(folder, "workspace"))) as opened:
            ingest(opened.folder, sorted(feeds.iterdir()))
            _index(opened)
            _ask(opened)
            _go_on(opened, later)
        moved_to(*_room(), *_room())  # arrays that grow, which so few arrivals need not


@dataclass(frozen=True)
class _Later:
    """What comes after the index was made: rows of shipments, and a file of seizures that are released by then."""

    shipments: list[dict[str, object]]
    released: Path


def _held_back(world: Path, feeds: Path) -> _Later:
    """Put the feeds of a world but for the shipments of its last year into a folder."""
    feeds.mkdir()
    files = [path for path in sorted(world.iterdir()) if path.is_file()]
    newest = [path for path in files if path.match("shipments*")][-_MONTHS_LATER:]
    for path in files:
        if path not in newest:
            path.rename(feeds / path.name)
    rows = pl.concat([pl.read_parquet(path) for path in newest], how="diagonal_relaxed").to_dicts()
    released = world / "seizures.csv"
    seizures = pl.read_csv(feeds / "seizures.csv", infer_schema=False)
    seizures.head(1).with_columns(status=pl.lit("released")).write_csv(released)
    return _Later([{name: value for name, value in row.items() if value is not None} for row in rows], released)


def _index(opened: OpenedWorkspace) -> None:
    """What a load does after reading feeds, without a graph store."""
    prepared = prepared_records(opened.folder)
    registry = registry_of(prepared)
    identified = identify(prepared, registry)
    clock = clock_of(identified)
    if clock is None:
        raise AssertionError("the invented world has no records")
    claimed, resolution = claimed_and_resolved(identified, clock, lambda: resolve_workspace(opened.folder, identified))
    evidence = evidence_of(identified, resolution, clock, claimed)
    kept, scored = kept_and_scored(identified, registry, evidence, clock)
    newest, judged = RecordStore(opened.folder).newest_seq(), JudgementStore(opened.folder).revision()
    there = held(opened.folder, newest, clock, judged)
    write_index(opened.folder.index, evidence, resolution, newest, judged, scored, kept, there)


def _ask(opened: OpenedWorkspace) -> None:
    """Look up whoever gives something of every kind, and why somebody seized is seized."""
    opened.warm().wait()
    mailbox = _uid(opened, "Email").removeprefix("email:")
    party = PartyQuestion(
        name="Warm Harbor Trading LLC",
        importer_number="12-3456789",
        addresses=[AddressQuestion(address_line1="18 Grove Row Ste 4", city="Denver", state="CO", postal_code="80202")],
        phones=["+1 213 555 0142"],
        emails=[mailbox, f"x{mailbox}", f"info@{mailbox.rpartition('@')[2]}x.com", "info@brightwell-goods.com"],
        websites=["brightwell-goods.com"],
        officers=["Ann Reed"],
    )
    opened.lookup(LookupRequest(queries={"warm": party}))


def _go_on(opened: OpenedWorkspace, later: _Later) -> None:
    """Let shipments arrive, correct one of them, judge, and release goods; each is worked in."""
    first = later.shipments[0]
    arrive(opened, later.shipments[:1])
    arrive(opened, later.shipments[1:])
    arrive(opened, [{**first, "consignee_name": "Plover Reach", "consignee_phone": "+1 303 664 7777"}])
    graph = opened.index.graph
    joined = graph.edges.filter(pl.col("claim") == "SAME_AS").select("src", "dst").row(0)
    two = graph.nodes.drop_nulls("entity")["uid"].sample(2, seed=_SEED).to_list()
    store = JudgementStore(opened.folder)
    store.judge(Decision(joined[0], joined[1], Verdict.DIFFERENT, "graphinv", "compiling"))
    store.judge(Decision(two[0], two[1], Verdict.SAME, "graphinv", "compiling"))
    _ask(opened)
    ingest(opened.folder, [later.released], feed="seizures")
    _ask(opened)


def _room() -> tuple[Int64, Int32]:
    """Numbers kept by key: none."""
    return np.full(16, EMPTY, np.int64), np.zeros(16, np.int32)


def _uid(opened: OpenedWorkspace, label: str) -> str:
    found: str = opened.index.graph.nodes.filter(pl.col("label") == label)["uid"][0]
    return found


if __name__ == "__main__":
    compile_kernels()
