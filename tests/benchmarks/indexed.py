"""Workspaces with records, a score model and a link index, but without a graph store: look-ups need none."""

from datetime import datetime
from pathlib import Path

from graphinv.ingest import RecordStore, ingest
from graphinv.links.fitting import fit_score
from graphinv.links.index import IndexMeta, write_index
from graphinv.links.outcomes import outcomes
from graphinv.links.score_model import ScoreModel
from graphinv.links.training import Window, rows_of
from graphinv.load.tables import clock_of
from graphinv.opened import OpenedWorkspace
from graphinv.pipeline import claimed_and_resolved, evidence_of, index_of, kept_and_scored
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify, registry_of
from graphinv.resolving import resolve_alone, resolve_workspace
from graphinv.settings import Settings


def recorded(workspace: Path, feeds: Path) -> OpenedWorkspace:
    """A workspace that holds the records of a folder of feeds; also one that holds others already."""
    opened = OpenedWorkspace(Settings(workspace=workspace))
    ingest(opened.folder, [path for path in sorted(feeds.iterdir()) if path.is_file()])
    return opened


def index_records(opened: OpenedWorkspace, model: ScoreModel | None = None) -> IndexMeta:
    """Build the index of all records as a load does; what was resolved before is not compared again."""
    prepared = prepared_records(opened.folder)
    registry = registry_of(prepared)
    records = identify(prepared, registry)
    del prepared
    clock = clock_of(records)
    if clock is None:
        raise SystemExit("the world holds no records")
    claimed, resolution = claimed_and_resolved(records, clock, lambda: resolve_workspace(opened.folder, records))
    evidence = evidence_of(records, resolution, clock, claimed)
    kept, scores = kept_and_scored(records, registry, evidence, clock)
    newest = RecordStore(opened.folder).newest_seq()
    scores = scores.with_model(model)
    return write_index(opened.folder.index, evidence, resolution, newest, scoring=scores, ledger=kept)


def model_of(opened: OpenedWorkspace) -> ScoreModel:
    """A score learned from one window: what was examined in the later half of a world, as its index told by then."""
    found = outcomes(identify(prepared_records(opened.folder))).rename({"known_at": "outcome_known_at"})
    filed = RecordStore(opened.folder).scan("shipments").join(found.lazy(), on="shipment_id").collect()
    examined = filed.sort("known_at", "content").unique("record_id", keep="first", maintain_order=True)
    moment, last = examined["known_at"].median(), examined["known_at"].max()
    assert isinstance(moment, datetime)  # for mypy: the column holds moments
    assert isinstance(last, datetime)
    then = identify(prepared_records(opened.folder, moment))
    index = index_of(then, resolve_alone(then), moment, 0, None)
    rows = rows_of(Window(moment, last), examined, index, opened.folder.hash_key)
    model = fit_score(rows, len(rows))
    if model is None:
        raise SystemExit("the world's outcomes are too few to learn a score from")
    return model
