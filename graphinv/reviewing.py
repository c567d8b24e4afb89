"""Why two parties are taken for one, and which pairs a person should look at first."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from graphinv import resolved
from graphinv.errors import NotFound
from graphinv.judging import identity_of
from graphinv.opened import OpenedWorkspace
from graphinv.record_parties import uids_of
from graphinv.resolve.explanation import PairExplanation
from graphinv.resolve.judgements import Judgement, JudgementStore
from graphinv.resolve.model import MATCH

if TYPE_CHECKING:
    from graphinv.resolve.resolution import Kept


@dataclass(frozen=True)
class Side:
    """One of two parties: the identity, its caption and standing, the entity it belongs to and how large that is."""

    id: str
    caption: str
    standing: str | None
    entity: str
    identities: int


@dataclass(frozen=True)
class Why:
    """Why two parties are one, or two. ``judgement`` is what somebody decided about this very pair."""

    left: Side
    right: Side
    one_party: bool
    judgement: Judgement | None
    explanation: PairExplanation

    @property
    def told(self) -> str:
        """The verdict in words."""
        verdict = "one party" if self.one_party else "two parties"
        if self.judgement is not None:
            return f"{verdict}: {self.judgement.told} decides"
        sure = f"probability {self.explanation.probability:.2f}"
        if self.one_party == (self.explanation.probability >= MATCH):
            return f"{verdict}: {sure}"
        others = "others join them" if self.one_party else "what else is known of their groups speaks against it"
        return f"{verdict}, although alone the pair has {sure}: {others}"


@dataclass(frozen=True)
class Doubt:
    """A pair to look at. ``changes``: how many pairs of identities a verdict against the present state would change;
    ``worth``: bits of doubt times those changes, on a logarithmic scale."""

    left: Side
    right: Side
    one_party: bool
    changes: int
    worth: float
    explanation: PairExplanation


def why(opened: OpenedWorkspace, left: str, right: str) -> Why:
    """Compare two parties by record id or id. Raises NotFound when one of them is nobody on record."""
    uids = [identity_of(opened, name) for name in (left, right)]
    if uids[0] == uids[1]:
        raise NotFound("both are records of one identity: there is nothing to compare")
    kept = resolved.last_pass(opened)
    sides = _Sides(opened, kept)
    return Why(
        left=sides.side(uids[0]),
        right=sides.side(uids[1]),
        one_party=sides.entity(uids[0]) == sides.entity(uids[1]),
        judgement=_judgement(opened, frozenset(uids)),
        explanation=resolved.comparable(opened, uids).explain(*uids),
    )


def review(opened: OpenedWorkspace, limit: int = 20) -> tuple[Doubt, ...]:
    """Uncertain pairs that nobody judged, the most informative first.

    A pair is worth looking at by its doubt (the entropy of its probability, in bits) and by what a verdict would
    change: joining two parties joins every identity of one with every one of the other, parting them as many; twice as
    much when the goods of one of the two were seized, and the other's were not. Of all pairs between two entities only
    the best is told: a verdict on it settles most of the others.
    """
    kept = resolved.last_pass(opened)
    sides = _Sides(opened, kept)
    chosen = _ranked(kept.review, sides.parties, resolved.judged_pairs(opened)).head(limit)
    compared = resolved.comparable(opened, [*chosen["src"], *chosen["dst"]])
    return tuple(
        Doubt(
            left=sides.side(src),
            right=sides.side(dst),
            one_party=together,
            changes=changes,
            worth=round(worth, 3),
            explanation=compared.explain(src, dst),
        )
        for src, dst, together, changes, worth in chosen.iter_rows()
    )


def export_splink(opened: OpenedWorkspace, folder: Path) -> int:
    """Write the trained match model and all parties for Splink into a folder; returns how many parties. Raises
    WorkspaceError before the first load."""
    from graphinv.prepared import prepared_records
    from graphinv.resolve.declared import declared_by
    from graphinv.resolve.identities import identify
    from graphinv.resolve.splink import write_splink

    model = resolved.last_pass(opened).model
    return write_splink(folder, declared_by(identify(prepared_records(opened.folder))), model)


def _ranked(uncertain: pl.DataFrame, parties: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """(src, dst, together, changes, worth) of pairs that nobody judged, the most informative first."""
    pairs = uncertain.join(judged, on=["src", "dst"], how="anti")
    both = pairs.join(parties, left_on="src", right_on="uid").join(
        parties, left_on="dst", right_on="uid", suffix="_right"
    )
    p = pl.col("probability").clip(1e-9, 1 - 1e-9)
    doubt = -(p * p.log(2) + (1 - p) * (1 - p).log(2))
    together = pl.col("entity") == pl.col("entity_right")
    joined = pl.col("size") * pl.col("size_right")
    seized = [(pl.col(name) == "seized").fill_null(False) for name in ("standing", "standing_right")]
    told = both.with_columns(
        together.alias("together"),
        pl.when(together).then(pl.col("size") - 1).otherwise(joined).alias("changes"),
        pl.when(seized[0] != seized[1]).then(2.0).otherwise(1.0).alias("stakes"),
        pl.min_horizontal("entity", "entity_right").alias("entity"),
        pl.max_horizontal("entity", "entity_right").alias("entity_right"),
    ).with_columns((doubt * (1 + pl.col("changes").log(2)) * pl.col("stakes")).alias("worth"))
    ranked = told.sort(["worth", "src", "dst"], descending=[True, False, False])
    one_each = ranked.unique(["entity", "entity_right"], keep="first", maintain_order=True)
    return one_each.select("src", "dst", "together", "changes", "worth")


class _Sides:
    """Parties as a person knows them: captions and standings of the index, entities of the resolution."""

    def __init__(self, opened: OpenedWorkspace, kept: "Kept") -> None:
        nodes = opened.index.graph.nodes.select("uid", "caption", "standing")
        sized = kept.entities.with_columns(pl.len().over("entity").cast(pl.Int64).alias("size"))
        #: (uid, entity, size, caption, standing)
        self.parties = sized.join(nodes, on="uid", how="left")

    def side(self, uid: str) -> Side:
        """The party of an identity."""
        row = self.parties.row(self._at(uid), named=True)
        return Side(uid, row["caption"] or uid, row["standing"], row["entity"], row["size"])

    def entity(self, uid: str) -> str:
        """The entity of an identity."""
        return self.side(uid).entity

    def _at(self, uid: str) -> int:
        return int(self.parties["uid"].index_of(uid) or 0)


def _judgement(opened: OpenedWorkspace, pair: frozenset[str]) -> Judgement | None:
    """What was decided about a pair of identities."""
    current = JudgementStore(opened.folder).current()
    uid_of = uids_of(opened.folder, [side for one in current for side in (one.left, one.right)])
    for one in reversed(current):
        if frozenset(uid_of.get(side, side) for side in (one.left, one.right)) == pair:
            return one
    return None
