"""Judging who is who, and letting the graph follow: what commands and routes call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from graphinv import resolved
from graphinv.errors import NotFound, WorkspaceBusy
from graphinv.ingest.privacy import mask_numbers
from graphinv.opened import OpenedWorkspace
from graphinv.record_parties import kept_name, uids_of
from graphinv.resolve.judgements import Decision, Judgement, JudgementStore

_UNKNOWN = "there is no record and no party of that id; `graphinv show WORDS` and GET /v1/entities?q= find ids"


@dataclass(frozen=True)
class Moved:
    """An identity that belongs to another entity than before."""

    id: str
    before: str
    after: str


@dataclass(frozen=True)
class Judged:
    """What became of a judgement. ``applied`` is False while graph and index wait to follow it.

    ``superseded`` are the ids of judgements of the same pair that it replaced.
    """

    judgement: Judgement
    superseded: tuple[str, ...]
    applied: bool
    moved: tuple[Moved, ...]

    @property
    def told(self) -> str:
        """What changed, in words."""
        if not self.applied:
            return "kept; graph and index follow with the next load, or the next judgement that is applied"
        if not self.moved:
            return "no entity changed: resolution had concluded that already"
        entities = sorted({moved.after for moved in self.moved})
        count = f"{len(self.moved)} identities" if len(self.moved) > 1 else "1 identity"
        return f"{count} moved, to {', '.join(entities)}"


def judgements_of(opened: OpenedWorkspace) -> JudgementStore:
    """The judgements of a workspace."""
    return JudgementStore(opened.folder)


def judge(opened: OpenedWorkspace, decision: Decision, *, apply: bool = True) -> Judged:
    """Keep a decision about two records or parties and let the graph follow.

    Social security numbers in its names are hashed and those in its reason masked, as in records.

    Raises:
        NotFound: one of the two is nobody on record.
        InvalidInput: they are one identity, or another judgement is in the way, which the message names.
    """
    kept = replace(
        decision,
        left=kept_name(opened.folder, decision.left),
        right=kept_name(opened.folder, decision.right),
        who=decision.who.strip(),
        why=_masked(decision.why),
    )
    store = judgements_of(opened)
    before = {one.id for one in store.current()}
    identities = _identities(opened, kept, store.current())
    made = store.judge(kept, identities)
    superseded = tuple(sorted(before - {one.id for one in store.current()} - {made.id}))
    sides = [identities[made.left], identities[made.right]]
    return _followed(opened, made, superseded, sides, apply=apply)


def withdraw(opened: OpenedWorkspace, judgement: str, who: str, why: str, *, apply: bool = True) -> Judged:
    """Take a judgement back and let the graph follow. Raises NotFound for an id that there is not."""
    made = judgements_of(opened).withdraw(judgement, who, _masked(why))
    sides = list(uids_of(opened.folder, [made.left, made.right]).values())
    return _followed(opened, made, (), sides, apply=apply)


def identity_of(opened: OpenedWorkspace, name: str) -> str:
    """The identity that a record id or an id of a party stands for. Raises NotFound when there is none."""
    kept = kept_name(opened.folder, name)
    found = uids_of(opened.folder, [kept]).get(kept)
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


def _identities(opened: OpenedWorkspace, decision: Decision, current: Iterable[Judgement]) -> Mapping[str, str]:
    names = [decision.left, decision.right, *(side for one in current for side in (one.left, one.right))]
    found = uids_of(opened.folder, names)
    for side in ("left", "right"):
        if getattr(decision, side) not in found:
            raise NotFound(f"{side}: {_UNKNOWN}")
    return found


def _followed(
    opened: OpenedWorkspace, made: Judgement, superseded: tuple[str, ...], sides: Sequence[str], *, apply: bool
) -> Judged:
    """Let graph and index follow, and see which identities of the two parties moved."""
    if not apply:
        return Judged(made, superseded, False, ())
    before = resolved.entities(opened)
    try:
        resolved.bring_up_to_date(opened)
    except WorkspaceBusy:  # somebody loads: the judgement is kept, and what is kept must not be answered with an error
        return Judged(made, superseded, False, ())
    return Judged(made, superseded, True, _moved(before, resolved.entities(opened), sides))


def _moved(before: pl.DataFrame, after: pl.DataFrame, sides: Sequence[str]) -> tuple[Moved, ...]:
    """Identities of the entities that the sides belong to, or belonged to, whose entity is another one now."""
    both = before.join(after, on="uid", suffix="_after")
    own = both.filter(pl.col("uid").is_in(sides)).select(pl.concat_list("entity", "entity_after").explode())
    touched = own.to_series().unique().implode()
    moved = both.filter(
        pl.col("entity") != pl.col("entity_after"),
        pl.col("entity").is_in(touched) | pl.col("entity_after").is_in(touched),
    )
    return tuple(Moved(*row) for row in moved.sort("uid").iter_rows())


def _masked(text: str) -> str:
    """A reason without the social security numbers that it may quote."""
    return str(pl.select(mask_numbers(pl.lit(text.strip()))).item())
