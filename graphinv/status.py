"""What a workspace holds, and whether everything it needs is there."""

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphinv import __version__
from graphinv.clusters.kept import KeptClusters
from graphinv.current.keeping import Waiting
from graphinv.errors import GraphinvError, WorkspaceError
from graphinv.ingest import quarantined
from graphinv.links.index import IndexMeta
from graphinv.load.progress import graph_name, read_progress
from graphinv.opened import OpenedWorkspace, open_workspace
from graphinv.records import FEEDS
from graphinv.settings import Settings

_GIB = 2**30


@dataclass(frozen=True)
class ClustersStatus:
    """``counts``: clusters of two members or more by resolution. ``behind``: records or judgements are newer."""

    made_at: str
    as_of: str
    counts: Mapping[str, int]
    behind: bool

    def text(self) -> str:
        """How many, from when, and whether they are behind."""
        counts = ", ".join(f"{number:,} {name}" for name, number in self.counts.items())
        behind = "; behind: the next `graphinv load` or `graphinv rebuild` makes them anew" if self.behind else ""
        return f"{counts}; made {self.made_at}, as of {self.as_of}{behind}"


@dataclass(frozen=True)
class WorkspaceStatus:
    """``records``: rows per feed; ``quarantined``: refused rows that wait to be mended.

    ``stale``: records came in, or judgements were made, that graph and index lack. ``clusters`` is None where there are
    none.
    """

    workspace: str
    store: str
    nodes: int
    relationships: int
    records: dict[str, int]
    quarantined: int
    as_of: str | None
    epoch: int | None
    index_built_at: str | None
    stale: bool
    waiting: Waiting | None
    clusters: ClustersStatus | None

    def rows(self) -> list[tuple[str, object]]:
        """What and value, for a table."""
        held = [(f"{feed} records", f"{rows:,}") for feed, rows in self.records.items()]
        return [
            ("workspace", self.workspace),
            ("store", self.store),
            *held,
            ("rows to be mended", f"{self.quarantined:,}"),
            ("nodes", f"{self.nodes:,}"),
            ("relationships", f"{self.relationships:,}"),
            ("as of", self.as_of or "nothing is loaded yet: run `graphinv load FEEDS`"),
            ("index", f"epoch {self.epoch}, built {self.index_built_at}" if self.epoch else "none yet"),
            ("clusters", self.clusters.text() if self.clusters else "none: run `graphinv doctor`"),
            ("up to date", "no: run `graphinv rebuild`, or load again" if self.stale else "yes"),
            ("look-ups", self.waiting.text() if self.waiting else "none can be asked yet"),
        ]


@dataclass(frozen=True)
class Check:
    """One thing that was examined: ok, warning or failed."""

    name: str
    result: str
    detail: str


def workspace_status(opened: OpenedWorkspace) -> WorkspaceStatus:
    """Counts of records, graph and index."""
    counts = opened.store.count()
    meta = _index_meta(opened)
    return WorkspaceStatus(
        workspace=str(opened.folder.root),
        store=_server(opened),
        nodes=counts.nodes,
        relationships=counts.relationships,
        records={feed: rows for feed in FEEDS if (rows := _rows(opened, feed))},
        quarantined=quarantined(opened.folder).height,
        as_of=meta.clock.isoformat() if meta else None,
        epoch=meta.epoch if meta else None,
        index_built_at=meta.built_at if meta else None,
        stale=opened.stale(),
        waiting=opened.waiting() if meta else None,
        clusters=_clusters(opened),
    )


def examine(settings: Settings) -> list[Check]:
    """Examine machine, libraries, workspace, store and index; nothing is changed but a missing workspace made."""
    return [
        Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        Check("graphinv", "ok", __version__),
        *(_library(name) for name in ("arcadedb", "neo4j", "polars", "numba")),
        *_examine_workspace(settings),
    ]


def _examine_workspace(settings: Settings) -> list[Check]:
    try:
        opened = open_workspace(settings=settings)
    except GraphinvError as error:
        return [Check("workspace", "failed", str(error))]
    with opened:
        free = shutil.disk_usage(opened.folder.root).free
        return [
            Check("workspace", "ok", str(opened.folder.root)),
            Check("disk", "ok" if free > _GIB else "warning", f"{free / _GIB:.1f} GiB free"),
            _try("records", lambda: _records(opened)),
            _try("store", lambda: _server(opened)),
            _try("index", lambda: _index(opened)),
            _grouping(opened),
            _loading(opened, settings),
        ]


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, "ok", look())
    except GraphinvError as error:
        return Check(name, "failed", str(error))


def _records(opened: OpenedWorkspace) -> str:
    opened.records.check_files()
    return ", ".join(f"{_rows(opened, feed):,} {feed}" for feed in FEEDS)


def _index(opened: OpenedWorkspace) -> str:
    if opened.records.newest_seq() == 0:
        return "not needed: no records yet"
    meta = opened.index.meta
    return f"epoch {meta.epoch} as of {meta.clock.isoformat()}"


def _grouping(opened: OpenedWorkspace) -> Check:
    """Clusters lack nothing that a look-up needs, so this never fails."""
    if opened.records.newest_seq() == 0:
        return Check("clusters", "ok", "not needed: no records yet")
    try:
        found = _told(opened, opened.clusters)
    except WorkspaceError as error:
        return Check("clusters", "warning", str(error))
    return Check("clusters", "warning" if found.behind else "ok", found.text())


def _clusters(opened: OpenedWorkspace) -> ClustersStatus | None:
    try:
        return _told(opened, opened.clusters)
    except WorkspaceError:
        return None


def _told(opened: OpenedWorkspace, kept: KeptClusters) -> ClustersStatus:
    """They are behind the index where igraph was missing when it was built, and behind the records as the index is."""
    counts = {name: kept.profiles.filter(resolution=name).height for name in kept.meta.resolutions}
    meta = _index_meta(opened)
    behind = opened.stale() or meta is None or meta.clock.isoformat() != kept.meta.as_of
    return ClustersStatus(kept.meta.made_at, kept.meta.as_of, counts, behind)


def _loading(opened: OpenedWorkspace, settings: Settings) -> Check:
    progress = read_progress(opened.folder, graph_name(settings))
    if progress.pending is not None:
        return Check("graph", "warning", "a load was interrupted; the next `graphinv load` finishes it")
    if opened.stale():
        return Check("graph", "warning", "records or judgements are newer; load again")
    return Check("graph", "ok", "up to date")


def _library(name: str) -> Check:
    try:
        return Check(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "failed", f"not installed; {sys.executable} -m pip install graphinv")


def _index_meta(opened: OpenedWorkspace) -> IndexMeta | None:
    try:
        return opened.index.meta
    except WorkspaceError:
        return None


def _server(opened: OpenedWorkspace) -> str:
    info = opened.store.server_info()
    return f"{info.kind} {info.version} at {info.address}"


def _rows(opened: OpenedWorkspace, feed: str) -> int:
    return sum(batch.rows for batch in opened.records.batches(feed))
