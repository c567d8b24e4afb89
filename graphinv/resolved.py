"""What resolution concluded about a workspace, as judging and reviewing read it: their one way to the match model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from graphinv.errors import WorkspaceError
from graphinv.links.index import current_epoch
from graphinv.opened import OpenedWorkspace
from graphinv.record_parties import record_parties
from graphinv.resolve.explanation import PairExplanation
from graphinv.resolve.judgements import JudgementStore, pairs_of

if TYPE_CHECKING:  # the match model is compiled: who only judges does without
    from graphinv.resolve.declared import Declared
    from graphinv.resolve.model import Model
    from graphinv.resolve.parties import Parties
    from graphinv.resolve.resolution import Kept


@dataclass(frozen=True)
class Comparable:
    """All parties as the index holds them, what some of them declared, and the model that compares them."""

    declared: "Declared"
    parties: "Parties"
    model: "Model"
    #: (uid, key, written): their names as they were written.
    written: pl.DataFrame

    def explain(self, left: str, right: str) -> PairExplanation:
        """Every comparison of two parties by uid. Raises NotFound for an id of nobody."""
        from graphinv.resolve.explain import explain

        return explain(self.declared, self.parties, self.model, left, right, self.written)


def last_pass(opened: OpenedWorkspace) -> "Kept":
    """The model, the entities and the uncertain pairs of the last load. Raises WorkspaceError before the first."""
    from graphinv.resolving import last_pass

    kept = last_pass(opened.folder)
    if kept is None:
        raise WorkspaceError("nothing is resolved yet; `graphinv load FEEDS` does, or `graphinv rebuild` where it was")
    return kept


def comparable(opened: OpenedWorkspace, uids: Sequence[str]) -> Comparable:
    """Make some parties ready to be compared, by the arrays and the model of the index, as they were resolved."""
    from graphinv.prepared import prepared_records
    from graphinv.resolve.declared import declared_by
    from graphinv.resolve.explain import names_written
    from graphinv.resolve.identities import identify
    from graphinv.resolve.parties import Parties

    records, wanted, match = (
        identify(prepared_records(opened.folder)),
        pl.Series(uids, dtype=pl.String),
        opened.index.match,
    )
    nodes = pl.Series(match.nodes)
    known = opened.index.graph.nodes["uid"].gather(nodes.set(nodes < 0, None))
    parties = Parties(known, match.attributes)
    return Comparable(declared_by(records).of(wanted), parties, match.model, names_written(records, wanted))


def judged_pairs(opened: OpenedWorkspace) -> pl.DataFrame:
    """(src, dst, verdict) of the judgements that count, by uid."""
    parties = record_parties(opened.folder).select("record_id", "uid").collect()
    return pairs_of(JudgementStore(opened.folder).current(), parties)


def entities(opened: OpenedWorkspace) -> pl.DataFrame:
    """(uid, entity) of every party, as graph and index show it; empty before the first load."""
    if current_epoch(opened.folder.index) is None:
        return pl.DataFrame(schema={"uid": pl.String, "entity": pl.String})
    return opened.index.graph.nodes.select("uid", "entity").drop_nulls()


def bring_up_to_date(opened: OpenedWorkspace) -> None:
    """Let graph and index follow records and judgements; nothing is written where they do already."""
    from graphinv import pipeline  # brings in everything that loading needs

    with opened.folder.lock("load"):
        pipeline.bring_up_to_date(opened.folder, opened.settings, opened.store)
