"""An opened workspace: what the command line, the API and notebooks call. ``graphinv.open_workspace`` gives one."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import polars as pl
from pydantic import ValidationError

from graphinv.clusters.drawing import draw_cluster
from graphinv.clusters.kept import FOLDER as CLUSTERS
from graphinv.clusters.kept import KeptClusters, current_number, read_clusters
from graphinv.clusters.reading import MEMBERS_NAMED, find_cluster, heir_of
from graphinv.current.keeping import Keeping, Reading, Waiting
from graphinv.errors import InvalidInput, NotFound, WorkspaceError
from graphinv.ingest.progress import Progress as ReadProgress
from graphinv.ingest.record_store import RecordStore
from graphinv.likely_fields import unknown_field
from graphinv.links.answer import LookupAnswer
from graphinv.links.between import SEIZED, PathsAnswer, Without, check_known_by, find_paths
from graphinv.links.index import IndexMeta, LinkIndex, current_epoch, epoch_stamp, files_of_lookups, open_index
from graphinv.links.lookup import look_up
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.links.weights import HUB_USERS
from graphinv.load.ownership import check_owner
from graphinv.load.progress import graph_name, read_progress
from graphinv.queries.run import QueryResult, run_query, run_text
from graphinv.queries.saved import find_query
from graphinv.read_ahead import ReadingAhead
from graphinv.resolve.judgements import JudgementStore
from graphinv.settings import Settings
from graphinv.store import Store, open_store
from graphinv.views.attributes import LeftOut, Network
from graphinv.views.overlay import add_paths, network_of
from graphinv.views.selection import Selection, select_network
from graphinv.workspace import Workspace, must_be_there, open_workspace_folder

# The pipeline brings in everything that loading needs; a server that only answers starts in half the time without it.
if TYPE_CHECKING:
    from graphinv.load.apply import Applied, Watch
    from graphinv.load.verify import Verification
    from graphinv.past import PastIndex, PastIndexes
    from graphinv.pipeline import Loaded

#: Who reads on learns after so long that the database changed hands.
_CHECK_EVERY_S = 10.0


def open_workspace(
    path: Path | str | None = None, settings: Settings | None = None, *, serving: bool = False, create: bool = True
) -> "OpenedWorkspace":
    """Open a workspace, which is made where there is none, unless ``create`` is False: then WorkspaceError says so.

    Settings come from the environment unless given. ``serving``: indexes of past days are made by a process beside
    this one, in which others are answered meanwhile.
    """
    settings = settings or Settings.from_environment(workspace=path)
    if not create:
        must_be_there(settings)
    return OpenedWorkspace(settings, serving=serving)


class OpenedWorkspace:
    """A workspace with its store and link index, opened when first needed. Threads may share one."""

    def __init__(self, settings: Settings, *, serving: bool = False) -> None:
        self.settings = settings
        self._serving = serving
        self.folder: Workspace = open_workspace_folder(settings)
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._checked: float | None = None
        self._index: LinkIndex | None = None
        self._stamp: object = None
        self._ahead: ReadingAhead | None = None
        self._keeping: Keeping | None = None
        self._clusters: KeptClusters | None = None
        self._past: PastIndexes | None = None
        self._stale: tuple[object, bool] | None = None

    @property
    def store(self) -> Store:
        """The graph store; the embedded server is started (or attached to) at the first use."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self.settings, self.folder.root)
            return self._store

    @property
    def graph(self) -> Store:
        """The store for reading this workspace's graph; looked at now and then whether it still holds that.

        Raises StoreError when it holds another workspace's by now, or was emptied.
        """
        store = self.store
        if self._checked is None or time.monotonic() - self._checked > _CHECK_EVERY_S:
            check_owner(self.folder, store, graph_name(self.settings))
            self._checked = time.monotonic()
        return store

    @property
    def index(self) -> LinkIndex:
        """The current epoch of the link index; a newer one is opened as soon as it is there."""
        with self._lock:
            if self._stamp != (stamp := epoch_stamp(self.folder.index)) or self._index is None:
                self._index, self._stamp = open_index(self.folder.index), stamp
                self._read_ahead(self._index)
            return self._index

    def _read_ahead(self, index: LinkIndex) -> None:
        """Have a new epoch's files read, once somebody asked for that."""
        if self._ahead is not None:
            self._ahead.begin(files_of_lookups(self.folder.index, index.meta.epoch))

    @property
    def keeping(self) -> Keeping:
        """The current epoch with all that came since."""
        epoch = self.index
        with self._lock:
            if self._keeping is None or self._keeping.epoch is not epoch:
                self._keeping = Keeping(self.folder, epoch)
            return self._keeping

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """What look-ups are asked of: the current epoch and all records that came since, one whole state of it for as
        long as the block runs. Keep blocks short: the next changes but one wait for them."""
        with self.keeping.reading() as state:
            yield state

    def waiting(self) -> Waiting:
        """What look-ups lack of what is on record, told at once: nothing is worked in for that."""
        return self.keeping.waiting()

    @property
    def clusters(self) -> KeptClusters:
        """The current clusters, to be asked by ``clusters.reading``; newer ones are opened as soon as they are there.

        Raises WorkspaceError before the first load, and where igraph was missing when it ran.
        """
        folder = self.folder.root / CLUSTERS
        with self._lock:
            if self._clusters is None or self._clusters.meta.number != current_number(folder):
                self._clusters = read_clusters(folder)
            if self._clusters is None:
                from graphinv.clusters.leiden import INSTALL, igraph_is_there

                made = "this workspace has no clusters yet; `graphinv load FEEDS` makes them, `graphinv rebuild` anew"
                raise WorkspaceError(made if igraph_is_there() else INSTALL)
            return self._clusters

    @property
    def records(self) -> RecordStore:
        """The accepted records."""
        return RecordStore(self.folder)

    def load(
        self,
        paths: Sequence[Path | str],
        *,
        feed: str | None = None,
        mapping: Path | str | None = None,
        reading: ReadProgress | None = None,
        writing: "Watch | None" = None,
    ) -> "Loaded":
        """Read feeds, load the graph, build the index."""
        from graphinv import pipeline

        return pipeline.load(
            self.folder, self.settings, self.store, paths, feed=feed, mapping=mapping, reading=reading, writing=writing
        )

    def lookup(self, request: LookupRequest | Mapping[str, object]) -> LookupAnswer:
        """Answer a look-up request (the body of ``POST /v1/links/lookup``). Nothing is written.

        Raises InvalidInput when the request does not fit, WorkspaceError before the first load.
        """
        wanted = request if isinstance(request, LookupRequest) else read_request(request)
        moment = None if wanted.as_of is None else parse_as_of(wanted.as_of)
        with self.reading() as state:
            if moment is None or self.past_indexes.is_now(moment, state.index):
                return look_up(state.index, wanted, self.folder.hash_key, behind=state.behind)
        past = self.past_index(moment)
        answer = look_up(past.index, wanted, self.folder.hash_key)
        return answer if past.made_in is None else answer.with_note(past.made_note(moment), wanted.queries)

    def warm(self) -> ReadingAhead:
        """Do once what a first look-up would wait for: open the index, load the compiled kernels and phone tables.

        Meanwhile its files are read ahead as far as memory allows, from now on those of every new epoch too: wait for
        what is returned to have them. Raises WorkspaceError before the first load.
        """
        index = self.index
        if self._ahead is None:
            self._ahead = ReadingAhead()
            self._read_ahead(index)
        self.lookup(LookupRequest(queries={"warm": PartyQuestion(name="warm up", phones=["+1 213 555 0142"])}))
        if len(index.graph.seed_node):
            self.paths(index.nodes.text("uid", int(index.graph.seed_node[0])) or "", k=1)
        return self._ahead

    def paths(
        self,
        start: str,
        end: str = SEIZED,
        *,
        k: int = 3,
        max_hops: int = 6,
        as_of: str | None = None,
        without_types: Sequence[str] = (),
        without_ids: Sequence[str] = (),
    ) -> PathsAnswer:
        """Why two are linked: the strongest paths from ``start`` to ``end``, or to any seizure (``seized``).

        Raises NotFound when the evidence graph does not know a node, or did not by then.
        """
        moment = None if as_of is None else parse_as_of(as_of)
        without = Without(frozenset(without_types), frozenset(without_ids))
        with self.reading() as state:
            if moment is None or self.past_indexes.is_now(moment, state.index):
                return find_paths(state.index, start, end, k, max_hops, without)
        past = self.past_index(moment)
        with self.reading() as now:
            check_known_by(moment, past.index, now.index, (start, end))
        answer = find_paths(past.index, start, end, k, max_hops, without)
        made = () if past.made_in is None else (past.made_note(moment),)
        return replace(answer, notes=(*answer.notes, *made))

    def network(
        self,
        seeds: Sequence[str],
        *,
        hops: int = 1,
        limit: int = 300,
        as_of: str | None = None,
        max_users: int = HUB_USERS,
        shipments: bool = False,
        paths: int = 0,
    ) -> Network:
        """The network around some nodes as a ``networkx.MultiDiGraph`` (attributes: ``views.attributes``).

        ``paths`` adds the best paths from each seed to seizures. Shipments are counted on edges between parties unless
        ``shipments``; values with more users than ``max_users`` are shown and not followed.
        Raises NotFound for an unknown seed, InvalidInput for bounds out of range.
        """
        moment = None if as_of is None else parse_as_of(as_of)
        graph = select_network(self.graph, Selection(tuple(seeds), hops, limit, moment, max_users, shipments))
        for seed in seeds if paths else ():
            try:
                answer = self.paths(seed, k=paths, as_of=as_of)
            except NotFound:
                continue  # the evidence graph holds no ports, commodities, shipments or seizures
            add_paths(graph, answer.paths, answer.graph)
        if current_epoch(self.folder.index) is not None:
            meta = self.index.meta
            graph.graph.update(epoch=meta.epoch, model=meta.model)
            graph.graph.setdefault("as_of", meta.clock.isoformat())
        return graph

    def cluster_network(self, cluster: str, *, limit: int = MEMBERS_NAMED) -> Network:
        """A cluster as a ``networkx.MultiDiGraph``: up to ``limit`` members, each once, and all that two of them share.

        Clusters are of the last load. One that was merged gives the one it went into. Raises NotFound for an unknown
        id.
        """
        found = find_cluster(self.clusters, heir_of(self.clusters, cluster), limit)
        index = self.index
        graph = network_of(draw_cluster(index, found, members=limit, values=len(index.graph.nodes)))
        left_out: LeftOut = {"nodes": found.left_out["members"], "truncated": found.left_out["members"] > 0}
        graph.graph.update(
            title=found.caption, as_of=found.as_of, seeds=[member.id for member in found.parties], left_out=left_out,
            epoch=index.meta.epoch, model=index.meta.model,
        )  # fmt: skip
        return graph

    def index_as_of(self, moment: datetime) -> LinkIndex:
        """The index as of a moment: the current epoch, or ``past_index``."""
        index = self.index
        return index if self.past_indexes.is_now(moment, index) else self.past_index(moment).index

    def past_index(self, moment: datetime) -> "PastIndex":
        """The index of what was known by a past moment: that of a load of then which is still there, one that was made
        before, or one that is made now from the records, which takes about as long as a load's last step.

        Raises InvalidInput when nothing was known by then.
        """
        found = self.past_indexes.index(moment)
        if found is None:
            raise InvalidInput(f"as_of {moment.isoformat()}: nothing was known by then; choose a later day")
        return found

    @property
    def past_indexes(self) -> "PastIndexes":
        """The indexes of past days that there are, and the making of others."""
        with self._lock:
            if self._past is None:
                from graphinv.past import PastIndexes
                from graphinv.past_making import MakingBeside, make_here

                self._past = PastIndexes(self.folder, MakingBeside(self.settings) if self._serving else make_here)
            return self._past

    def stale(self) -> bool:
        """True when records were accepted, or judgements made or withdrawn, that graph and epoch do not hold yet.

        Look-ups may know them all the same (``reading``).
        """
        state, epoch, held = self.folder.commits.stamp(), current_epoch(self.folder.index), self._stale
        if held is None or state is None or held[0] != (state, epoch):
            held = self._stale = ((state, epoch), self._something_waits(epoch))
        return held[1]

    def _something_waits(self, epoch: int | None) -> bool:
        progress = read_progress(self.folder, graph_name(self.settings))
        if progress.batch_seq < self.records.newest_seq():
            return True
        if epoch is None:
            return False
        try:
            return self.index.meta.judged != JudgementStore(self.folder).revision()
        except WorkspaceError:  # an index that cannot be read holds nothing
            return True

    def query(self, name: str, params: Mapping[str, object] | None = None, **kwargs: object) -> QueryResult:
        """Run a saved query by name."""
        return run_query(self.graph, find_query(name), {**(params or {}), **kwargs})

    def query_text(self, cypher: str, params: Mapping[str, object] | None = None) -> QueryResult:
        """Run Cypher that a user wrote: guarded, read-only, limited."""
        return run_text(self.graph, cypher, dict(params or {}))

    def entity_of_records(self) -> pl.DataFrame:
        """(record_id, entity_id) of importers, sellers, consignees and shippers."""
        from graphinv import pipeline

        return pipeline.entity_of_records(self.folder)

    def cluster_of_records(self) -> pl.DataFrame:
        """(record_id, cluster_id) of the same records at the middle resolution, parties that are alone included."""
        from graphinv.clusters.making import cluster_of_records

        return cluster_of_records(self.clusters, self.entity_of_records())

    def verify(self) -> "Verification":
        """Do the records and the graph agree?"""
        from graphinv import pipeline

        return pipeline.verify_workspace(self.folder, self.graph)

    def rebuild(self, watch: "Watch | None" = None) -> "tuple[Applied, IndexMeta | None]":
        """Make graph and index anew from the records."""
        from graphinv import pipeline

        return pipeline.rebuild(self.folder, self.settings, self.store, watch)

    def close(self) -> None:
        """Release the store and the state database."""
        with self._lock:
            if self._ahead is not None:
                self._ahead.end()
            if self._store is not None:
                self._store.close()
                self._store = None
        self.folder.close()

    def __enter__(self) -> "OpenedWorkspace":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_request(body: Mapping[str, object]) -> LookupRequest:
    """The request, validated; the error names the place and never repeats a value, which may be an identity number."""
    try:
        return LookupRequest.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        told = unknown_field(LookupRequest, first["loc"]) if first["type"] == "extra_forbidden" else first["msg"]
        raise InvalidInput(f"{where or 'body'}: {told}") from None


def parse_as_of(text: str) -> datetime:
    """A moment, or the end of a day. Without a zone: UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput("as_of: no ISO 8601 day or moment; write 2024-06-15 or 2024-06-15T12:00:00Z") from None
    if len(text.strip()) <= len("2024-06-15"):
        moment = datetime.combine(moment.date(), time_of_day.max)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise InvalidInput("as_of: outside the years 1 to 9999 once it is told in UTC") from None
