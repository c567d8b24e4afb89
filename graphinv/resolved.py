"""What resolution concluded about a workspace, as judging and reviewing read it: their one way to the match model."""

from typing import Protocol

import polars as pl

from graphinv.links.index import current_epoch
from graphinv.opened import OpenedWorkspace
from graphinv.resolve.explanation import PairExplanation


class Resolution(Protocol):
    """What resolution concluded. ``pairs``: left, right, probability and weight (bits) of every pair that was scored;
    ``entities``: uid and entity of every party."""

    @property
    def pairs(self) -> pl.DataFrame:
        """(left, right, probability, weight)."""

    @property
    def entities(self) -> pl.DataFrame:
        """(uid, entity)."""

    def explain(self, left: str, right: str) -> PairExplanation:
        """Every comparison of two parties by uid."""


def entities(opened: OpenedWorkspace) -> pl.DataFrame:
    """(uid, entity) of every party, as graph and index show it; empty before the first load."""
    if current_epoch(opened.folder.index) is None:
        return pl.DataFrame(schema={"uid": pl.String, "entity": pl.String})
    return opened.index.graph.nodes.select("uid", "entity").drop_nulls()


def bring_up_to_date(opened: OpenedWorkspace) -> None:
    """Let graph and index follow records and judgements; nothing is written where they do already."""
    from graphinv import pipeline  # brings in everything that loading needs; who only reads does without

    with opened.folder.lock("load"):
        pipeline.bring_up_to_date(opened.folder, opened.settings, opened.store)
