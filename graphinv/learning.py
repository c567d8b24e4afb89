"""What a workspace's outcomes teach the score: rows are made a window at a time and kept, the model is made from them.

Making rows costs an index of a past day for each window, so it is done when there is enough new to learn from. An index
of a past day learns from the outcomes that were known by then, from the same rows where its windows are the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from graphinv.drafts import draft_of
from graphinv.ingest import RecordStore
from graphinv.links.fitting import fit_score
from graphinv.links.index import LinkIndex, model_id
from graphinv.links.outcomes import Outcomes, is_enough, telling_outcomes
from graphinv.links.score_claims import CLAIMS_VERSION
from graphinv.links.score_model import ScoreModel, read_model
from graphinv.links.training import MOST_ROWS, SCHEMA, Window, rows_of, windows
from graphinv.load.tables import GRAPH_VERSION
from graphinv.records import FEEDS
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.prepare import PREPARED_VERSION
from graphinv.workspace import Workspace

#: A model is learned anew when there are so many times the outcomes that it was learned from.
_GROWN = 1.25
_FOLDER, _ROWS = f"score-{CLAIMS_VERSION}", "rows.parquet"

IndexAt = Callable[[datetime], LinkIndex | None]


def learned_model(workspace: Workspace, records: PreparedRecords, index_at: IndexAt) -> ScoreModel | None:
    """The model of all outcomes: the kept one, or a new one when outcomes grew by a quarter; None with too few.

    ``index_at`` gives the index of a past moment, asked for in rising order. A new model costs one for each window (at
    most twelve), and a look-up for each examined shipment.
    """
    told = telling_outcomes(records)
    if not is_enough(told.rows):
        return None
    kept = _kept(workspace)
    if not is_outgrown(kept, told):
        return kept
    rows = window_rows(workspace, told.rows, len(records.shipments), index_at)
    with draft_of(workspace.projection / _FOLDER / _ROWS) as draft:
        rows.write_parquet(draft)
    model = fit_score(rows, len(told.rows), told.stand_in)
    if model is not None:
        with draft_of(_model_path(workspace)) as draft:
            draft.write_text(model.to_json())
    return model


def model_as_of(
    workspace: Workspace, records: PreparedRecords, moment: datetime, index_at: IndexAt
) -> ScoreModel | None:
    """The model that ``records``, those known by a moment, teach: as a workspace would learn it that holds no others;
    None with too few outcomes. Windows whose rows are kept cost nothing, others an index each."""
    told = telling_outcomes(records)
    if not is_enough(told.rows):
        return None
    rows = window_rows(workspace, told.rows, len(records.shipments), index_at)
    return fit_score(rows.filter(pl.col("known_at") <= moment), len(told.rows), told.stand_in)


def window_rows(workspace: Workspace, found: pl.DataFrame, shipments: int, index_at: IndexAt) -> pl.DataFrame:
    """What outcomes teach (``links.training.SCHEMA``): the rows of every window, kept ones or new ones."""
    examined = _examined(workspace, found)
    cut = windows(examined["known_at"], shipments)
    most = MOST_ROWS // max(len(cut), 1)
    make = _Maker(workspace, examined, _signatures(workspace, examined, cut, most), index_at, most)
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(make.rows(window) for window in cut)])


def is_outgrown(model: ScoreModel | None, told: Outcomes) -> bool:
    """Whether outcomes are worth a new model: since they are many more, or since inspections tell by now."""
    why = None if told.stand_in is None else told.stand_in.why
    return model is None or model.stand_in != why or len(told.rows) >= model.learned.outcomes * _GROWN


def learned_rows(workspace: Workspace) -> pl.DataFrame:
    """The rows (``links.training``) that the newest model was learned from; none before the first."""
    path = workspace.projection / _FOLDER / _ROWS
    rows = pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=SCHEMA)
    return rows if rows.schema == SCHEMA else pl.DataFrame(schema=SCHEMA)


def forget_learning(workspace: Workspace) -> None:
    """Have the next load learn anew."""
    for path in (workspace.projection / _FOLDER).glob("*"):
        path.unlink(missing_ok=True)


def _kept(workspace: Workspace) -> ScoreModel | None:
    path = _model_path(workspace)
    return read_model(path.read_text()) if path.exists() else None


def _model_path(workspace: Workspace) -> Path:
    """Where the model is kept that was learned from links of these weights: others say other things of a party."""
    return workspace.projection / _FOLDER / f"model-{model_id().partition(':')[2][:16]}.json"


def _examined(workspace: Workspace, found: pl.DataFrame) -> pl.DataFrame:
    """Raw rows of the examined shipments as they were first filed, with what became of them."""
    told = found.rename({"known_at": "outcome_known_at"})
    rows = RecordStore(workspace).scan("shipments").join(told.lazy(), on="shipment_id").collect()
    return rows.sort("known_at", "content").unique("record_id", keep="first", maintain_order=True)


def _signatures(workspace: Workspace, examined: pl.DataFrame, cut: list[Window], most: int) -> Mapping[datetime, str]:
    """By start of a window: a digest of everything that its rows, at most ``most``, are made from."""
    store = RecordStore(workspace)
    signed: dict[datetime, str] = {}
    for window in cut:
        known = [
            store.scan(feed).filter(pl.col("known_at") <= window.start).select(pl.len()).collect().item()
            for feed in FEEDS
        ]
        mine = examined.filter((pl.col("known_at") > window.start) & (pl.col("known_at") <= window.end))
        told = mine.select("shipment_id", "selection", "violation", "content").sort("shipment_id").write_csv()
        versions = (PREPARED_VERSION, GRAPH_VERSION, CLAIMS_VERSION, model_id(), tuple(SCHEMA))
        said = f"{versions} {window} {known} {min(most, len(mine))} {told}"
        signed[window.start] = sha256(said.encode()).hexdigest()
    return signed


@dataclass(frozen=True)
class _Maker:
    """Makes the rows of windows, and keeps them for as long as nothing changes that they are made from."""

    workspace: Workspace
    examined: pl.DataFrame
    signed: Mapping[datetime, str]
    index_at: IndexAt
    most: int

    def rows(self, window: Window) -> pl.DataFrame:
        """Rows of a window; none where nothing was known when it began."""
        path = self.workspace.projection / _FOLDER / f"{self.signed[window.start]}.parquet"
        if path.exists():
            return pl.read_parquet(path)
        index = self.index_at(window.start)
        if index is None:
            return pl.DataFrame(schema=SCHEMA)
        rows = rows_of(window, self.examined, index, self.workspace.hash_key, self.most)
        with draft_of(path) as draft:  # a load and a question as of a past day may make the same at once
            rows.write_parquet(draft)
        return rows
