"""The link index on disk: one folder an epoch, memory-mapped, swapped in by one rename.

``index/<epoch>/`` holds the arrays (.npy), the tables (.arrow) and ``meta.json``; it is a version (``graphinv.kept``).
A reader keeps the epoch it opened until it asks again, so nobody ever sees half an update.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from graphinv.errors import WorkspaceError
from graphinv.kept import Versions
from graphinv.links.cells import Cells, Listed
from graphinv.links.combos import Combos
from graphinv.links.corroboration import TABLE_PAIRS
from graphinv.links.evidence import EvidenceGraph, node_of_uid, seed_rows, text_hash, text_hashes
from graphinv.links.judged_same import JudgedSame, open_judged_same, write_judged_same
from graphinv.links.ledger import FOLDER as LEDGER
from graphinv.links.ledger import Ledger, open_ledger, write_ledger
from graphinv.links.mapped_tables import mapped_table, write_table
from graphinv.links.rooms import Rooms
from graphinv.links.scoring import Scoring, open_scoring, write_scoring
from graphinv.links.traces import Traces, open_traces, traces_of, write_traces
from graphinv.links.weights import WEIGHTS
from graphinv.resolve.listed_arrays import ListedArrays, listed_arrays, open_listed_arrays, write_listed_arrays
from graphinv.resolve.match_index import MatchIndex, match_index, open_match_index, write_match_index

if TYPE_CHECKING:  # those who only look up need nothing of what resolves
    from graphinv.resolve.resolution import Resolution
from graphinv.threads import in_threads

#: Raise it whenever the layout on disk changes; an index of another version is built anew.
FORMAT = 22

#: The current epoch, the one that readers may still hold, and another.
EPOCHS_KEPT = 3
#: Beside them stays the last epoch of each of so many days before that of the current one: questions as of the end of
#: those days cost nothing.
DAYS_KEPT = 7
#: No more of those stay, the oldest day goes first, while less is free on the disk than so many epochs take.
ROOM = 4
#: What reading an epoch that is damaged, of another layout or just removed may raise.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, WorkspaceError)

#: Nodes that are remembered by their uids.
_REMEMBERED = 1024

_TABLES = ("nodes", "edges", "seeds", "listed", "combos")


@dataclass(frozen=True)
class Held:
    """What was on record when an index was made: ``digest`` tells it from all else, from ``since`` on it was all that
    was known."""

    digest: str
    since: datetime


@dataclass(frozen=True)
class IndexMeta:
    """Which index this is. ``records`` is the generation of the graph it was built from, ``judged`` the revision of the
    judgements it follows; no question as of a past day finds one of which nobody said what it ``held``."""

    epoch: int
    built_at: str
    model: str
    clock: datetime
    records: int
    judged: str = ""
    held: Held | None = None

    @property
    def since(self) -> datetime:
        """From when on it was what was known."""
        return self.clock if self.held is None else self.held.since


@dataclass(frozen=True)
class LinkIndex:
    """An opened epoch: the evidence graph, its tables a cell at a time, what leads to its nodes, what compares parties.

    ``party_at`` are the positions of nodes in ``match``, -1 for nodes that are no party. Without a ``ledger`` nothing
    can be worked in before the next epoch.
    """

    meta: IndexMeta
    graph: EvidenceGraph
    nodes: Cells
    edges: Cells
    seeds: Cells
    listed: Listed
    traces: Traces
    combos: Combos
    match: MatchIndex
    party_at: NDArray[np.int32]
    rooms: Rooms
    scoring: Scoring = field(default_factory=Scoring)
    ledger: Ledger | None = None
    judged: JudgedSame = field(default_factory=JudgedSame)

    @cached_property
    def scored_by(self) -> str:
        """Which weights, reliabilities learned among them, and which model of the score answer."""
        model = self.scoring.model
        told = f"{self.meta.model}{self.graph.reliability.tolist()}{'' if model is None else model.id}"
        return f"sha256:{sha256(told.encode()).hexdigest()}"

    def node(self, uid: str) -> int | None:
        """The position of a node, None when the index does not know it."""
        return self._found(uid)

    @cached_property
    def _found(self) -> Callable[[str], int | None]:
        """``node``, which remembers the last ones: a look-up asks for each of its uids several times."""
        return lru_cache(_REMEMBERED)(partial(node_of_uid, self.graph, partial(self.nodes.text, "uid")))

    def nodes_among(self, uids: Sequence[str]) -> list[int]:
        """The positions of those of many uids that the index knows: at once, since most are nobody's."""
        hashed = text_hashes(uids)
        at = np.minimum(self.graph.uid_hash.searchsorted(hashed), max(len(self.graph.uid_hash) - 1, 0))
        there = np.flatnonzero(self.graph.uid_hash[at] == hashed) if len(self.graph.uid_hash) else at[:0]
        return [node for item in there.tolist() if (node := self.node(uids[item])) is not None]

    def nodes_of_number(self, key: str) -> list[int]:
        """Parties that declared a number which is no node: a tax number, or the nine digits of an EIN."""
        hashed = np.uint64(text_hash(key))
        start, end = np.searchsorted(self.graph.number_hash, [hashed, hashed + np.uint64(1)])
        return [int(node) for node in self.graph.number_node[start:end]]

    def around(self, node: int) -> NDArray[np.int32]:
        """Neighbours of a node."""
        return self.graph.adj[int(self.graph.start[node]) : int(self.graph.stop[node])]

    def seizures_of(self, node: int, *columns: str) -> Sequence[Mapping[str, Any]]:
        """The seizures that weigh on a party, as the table of seeds has them, or these ``columns`` of it."""
        return self.seeds.rows(seed_rows(self.graph, node), *columns)


def assemble(
    meta: IndexMeta,
    graph: EvidenceGraph,
    traces: Traces,
    match: MatchIndex,
    tables: Mapping[str, pa.Table],
    scoring: Scoring | None = None,
    ledger: Ledger | None = None,
    listed: ListedArrays | None = None,
    judged: JudgedSame | None = None,
) -> LinkIndex:
    """An index from its parts; ``tables`` are the graph's frames as Arrow tables."""
    party_at = np.full(len(graph.users), -1, np.int32)
    known = match.nodes >= 0
    party_at[match.nodes[known]] = np.flatnonzero(known)
    nodes, edges, seeds = (Cells.of(tables[name]) for name in ("nodes", "edges", "seeds"))
    return LinkIndex(
        meta, graph, nodes, edges, seeds, Listed.of(graph.listed, listed), traces,
        Combos.of(tables["combos"]), match, party_at, Rooms(len(graph.users)), scoring or Scoring(),
        ledger, judged or JudgedSame(),
    )  # fmt: skip


def model_id() -> str:
    """Which weights an index was built with, and how they learn from its records."""
    return f"sha256:{sha256(repr((WEIGHTS, TABLE_PAIRS)).encode()).hexdigest()}"


def write_index(
    folder: Path,
    graph: EvidenceGraph,
    resolution: "Resolution",
    generation: int,
    judged: str = "",
    scoring: Scoring | None = None,
    ledger: Ledger | None = None,
    held: Held | None = None,
) -> IndexMeta:
    """Write the next epoch and make it current; older epochs but the last ones, and the last of each of the last days,
    are removed."""
    epoch = max(epochs(folder), default=0) + 1
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    meta = IndexMeta(epoch, built_at, model_id(), graph.clock, generation, judged, held)
    with Versions(folder, EPOCHS_KEPT).writing(epoch, beside=_of_last_days(folder, meta.since.date())) as draft:
        parts: list[Callable[[], None]] = [
            lambda: write_table(draft / "edges.arrow", graph.edges),
            lambda: write_match_index(draft / "match", match_index(resolution, graph.nodes["uid"])),
            lambda: write_traces(draft / "traces", traces_of(graph.nodes, graph.seeds)),
            lambda: _write_graph(draft, graph),
            lambda: write_scoring(draft, scoring or Scoring()),
            lambda: write_ledger(draft, ledger) if ledger is not None else None,
            lambda: _write_listing(draft, graph.listed),
            lambda: write_judged_same(draft, resolution.judged),
        ]
        in_threads(lambda part: part(), parts)
        (draft / "meta.json").write_text(json.dumps(_as_json(meta)))
    return meta


def _of_last_days(folder: Path, day: date) -> list[int]:
    """The last epochs of the days before the one that comes next, the newest first; those for which there is no room
    are removed before it is written."""
    last: dict[date, int] = {}
    for epoch in epochs(folder):
        with suppress(*UNREADABLE):
            last.setdefault(read_meta(folder, epoch).since.date(), epoch)
    last.pop(day, None)
    days = [last[one] for one in sorted(last, reverse=True)[:DAYS_KEPT]]
    newest = epochs(folder)[:EPOCHS_KEPT]
    room = ROOM * max((size_of(folder / str(epoch)) for epoch in newest[:1]), default=0)
    while days and shutil.disk_usage(folder).free < room:
        oldest = days.pop()
        if oldest not in newest:
            shutil.rmtree(folder / str(oldest), ignore_errors=True)
    return days


def size_of(folder: Path) -> int:
    """How many bytes the files in a folder take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _write_graph(folder: Path, graph: EvidenceGraph) -> None:
    """Arrays and tables but for the largest."""
    for item in fields(EvidenceGraph):
        value = getattr(graph, item.name)
        if isinstance(value, np.ndarray):
            np.save(folder / f"{item.name}.npy", value)
        elif isinstance(value, pl.DataFrame) and item.name != "edges":
            write_table(folder / f"{item.name}.arrow", value)


def _write_listing(folder: Path, listed: pl.DataFrame) -> None:
    if not listed.is_empty():
        write_listed_arrays(folder / "listing", listed_arrays(listed))


def current_epoch(folder: Path) -> int | None:
    """The epoch that readers should open, None before the first."""
    return Versions(folder).current


def epoch_stamp(folder: Path) -> object:
    """What changes when there is another current epoch, told faster than which one that is."""
    return Versions(folder).stamp


def epochs(folder: Path) -> list[int]:
    """The epochs that are there, the newest first: the current one, and those kept for questions as of then."""
    return Versions(folder).numbers


def keep_current_epoch(folder: Path) -> None:
    """Remove all epochs but the current one."""
    for epoch in epochs(folder):
        if epoch != current_epoch(folder):
            shutil.rmtree(folder / str(epoch), ignore_errors=True)


def open_index(folder: Path) -> LinkIndex:
    """Open the current epoch, memory-mapped.

    Raises WorkspaceError when there is none yet or its layout is of another version.
    """
    epoch = current_epoch(folder)
    if epoch is None:
        raise WorkspaceError("this workspace has no link index yet; `graphinv load FEEDS` makes it")
    return open_epoch(folder, epoch)


def open_epoch(folder: Path, epoch: int) -> LinkIndex:
    """Open one epoch. Raises WorkspaceError when its layout is of another version, OSError when it is not there."""
    meta, path = read_meta(folder, epoch), folder / str(epoch)
    arrays: dict[str, Any] = {item.stem: np.asarray(np.load(item, mmap_mode="r")) for item in path.glob("*.npy")}
    tables = {name: mapped_table(path / f"{name}.arrow") for name in _TABLES}
    frames: dict[str, Any] = {name: pl.from_arrow(table, rechunk=False) for name, table in tables.items()}
    match = open_match_index(path / "match")
    return assemble(
        meta, EvidenceGraph(clock=meta.clock, **frames, **arrays), open_traces(path / "traces"), match, tables,
        open_scoring(path), open_ledger(path), open_listed_arrays(path / "listing"), open_judged_same(path),
    )  # fmt: skip


def files_of_lookups(folder: Path, epoch: int) -> list[Path]:
    """The files of an epoch that look-ups jump about in, the smallest first: of the largest, the evidence of every
    relationship, they need the least. None of an epoch that was removed."""
    try:
        files = [path for path in (folder / str(epoch)).rglob("*") if path.parent.name != LEDGER and path.is_file()]
        return sorted(files, key=lambda path: (path.stat().st_size, path))
    except FileNotFoundError:
        return []


def in_memory(graph: EvidenceGraph, resolution: "Resolution", epoch: int, scoring: Scoring | None = None) -> LinkIndex:
    """An index that is kept nowhere: for a look-up as of a past day."""
    meta = IndexMeta(epoch, datetime.now(UTC).isoformat(timespec="seconds"), model_id(), graph.clock, 0)
    tables = {name: getattr(graph, name).to_arrow() for name in _TABLES}
    match = match_index(resolution, graph.nodes["uid"])
    judged = JudgedSame.of(resolution.judged)
    return assemble(meta, graph, traces_of(graph.nodes, graph.seeds), match, tables, scoring, judged=judged)


def read_meta(folder: Path, epoch: int) -> IndexMeta:
    """Which index an epoch is, without opening it; raises as ``open_epoch`` does."""
    stored = json.loads((folder / str(epoch) / "meta.json").read_text())
    if stored.pop("format") != FORMAT:
        raise WorkspaceError("the link index was made by another version of graphinv; `graphinv rebuild` makes it anew")
    held = stored.pop("held", None)
    return IndexMeta(
        **{**stored, "clock": datetime.fromisoformat(stored["clock"])},
        held=None if held is None else Held(held["digest"], datetime.fromisoformat(held["since"])),
    )


def _as_json(meta: IndexMeta) -> dict[str, object]:
    held = None if meta.held is None else {"digest": meta.held.digest, "since": meta.held.since.isoformat()}
    return {**vars(meta), "clock": meta.clock.isoformat(), "held": held, "format": FORMAT}
