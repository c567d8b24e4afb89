"""What people decided about who is who: two records are one party (``same``), or are not (``different``).

A judgement goes before the match model. It is kept in the state database with who, why and when, is never removed, and
names its two sides as they were given: record ids, which outlive every reload, or uids, which are made from records.
Judging a pair again supersedes what was judged before; withdrawing a judgement leaves the pair to the model again.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from time import monotonic, sleep

import networkx as nx
import polars as pl
from sqlalchemy import Row, func, insert, select, true, update

from graphinv.errors import InvalidInput, NotFound, WorkspaceBusy
from graphinv.state import JUDGEMENTS
from graphinv.workspace import Workspace

#: Longest name of a side, longest text of a reason.
_LONGEST_NAME = 300
_LONGEST_TEXT = 2000
#: Judging takes milliseconds: so long is waited for another one.
_PATIENCE_S = 10.0


class Verdict(StrEnum):
    """What somebody decided about two parties."""

    SAME = "same"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Judgement:
    """One decision. A superseded judgement counts as withdrawn by whoever judged again."""

    id: str
    left: str
    right: str
    verdict: Verdict
    who: str
    why: str
    judged_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str | None = None

    @property
    def current(self) -> bool:
        """True while it counts."""
        return self.withdrawn_at is None

    @property
    def told(self) -> str:
        """In words, without the names of its sides: those may hold importer numbers."""
        return f"judgement {self.id} ({self.verdict}, {self.who}, {self.judged_at:%Y-%m-%d})"


@dataclass(frozen=True)
class Decision:
    """What somebody wants to have judged. The same ``key`` again, sent twice by accident, is the same judgement."""

    left: str
    right: str
    verdict: Verdict
    who: str
    why: str
    key: str | None = None

    def __post_init__(self) -> None:
        for name, longest in (("left", _LONGEST_NAME), ("right", _LONGEST_NAME), ("who", _LONGEST_NAME),
                              ("why", _LONGEST_TEXT)):  # fmt: skip
            value = getattr(self, name)
            if not value.strip():
                raise InvalidInput(f"{name}: it is empty; a judgement says which two, who judged and why")
            if len(value) > longest:
                raise InvalidInput(f"{name}: longer than {longest} characters")
        if self.left.strip() == self.right.strip():
            raise InvalidInput("left and right are the same; a judgement is about two")


@dataclass(frozen=True)
class JudgementPage:
    """Some judgements, the newest first; ``next`` is where the next page begins, ``total`` how many there are."""

    items: tuple[Judgement, ...]
    next: int | None
    total: int


class JudgementStore:
    """The judgements of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def judge(self, decision: Decision, identities: Mapping[str, str] | None = None) -> Judgement:
        """Keep a decision; what was judged of the same pair before is superseded.

        ``identities`` maps record ids to uids, so that judgements of a record and of its uid are about the same party;
        a name that it lacks stands for itself.

        Raises:
            InvalidInput: both sides are one identity, or the decision contradicts others, which the message names.
        """
        uid_of = identities or {}
        pair = _pair(decision, uid_of)
        with self._alone():
            known = self._sent_before(decision)
            if known is not None:
                return known
            if len(pair) == 1:
                raise InvalidInput("both are records of one identity, which is never split: there is nothing to judge")
            current = self.current()
            again = [one for one in current if _pair(one, uid_of) == pair]
            others = [one for one in current if one not in again and len(_pair(one, uid_of)) == 2]
            _check(decision, others, uid_of)
            return self._write(decision, again)

    def withdraw(self, judgement: str, who: str, why: str) -> Judgement:
        """Take a judgement back: it is kept and counts no more. NotFound for an id that there is not."""
        if not who.strip() or not why.strip():
            raise InvalidInput("who withdraws a judgement, and why, must be told")
        with self._alone():
            found = self.find(judgement)
            if not found.current:
                raise InvalidInput(f"{found.told} was withdrawn by {found.withdrawn_by}: {found.withdrawn_why}")
            with self._workspace.engine.begin() as connection:
                connection.execute(
                    update(JUDGEMENTS)
                    .where(JUDGEMENTS.c.judgement == judgement)
                    .values(withdrawn_at=datetime.now(UTC), withdrawn_by=who.strip(), withdrawn_why=why.strip())
                )
        return self.find(judgement)

    def find(self, judgement: str) -> Judgement:
        """The judgement of an id; NotFound when there is none."""
        with self._workspace.engine.connect() as connection:
            row = connection.execute(select(JUDGEMENTS).where(JUDGEMENTS.c.judgement == judgement)).one_or_none()
        if row is None:
            raise NotFound("there is no judgement of that id; `graphinv resolve judgements` lists them")
        return _read(row)

    def all(self) -> list[Judgement]:
        """Every judgement that was ever made, the oldest first."""
        with self._workspace.engine.connect() as connection:
            return [_read(row) for row in connection.execute(select(JUDGEMENTS).order_by(JUDGEMENTS.c.seq))]

    def current(self, as_of: datetime | None = None) -> list[Judgement]:
        """Those that count, the oldest first; as of a moment, those that counted then."""
        return counting(self.all(), as_of)

    def page(self, limit: int, after: int | None = None, *, current: bool = False) -> JudgementPage:
        """``limit`` judgements, the newest first, after the ``next`` of the page before; ``current``: those that count.

        A judgement made in between is on no later page, and shifts none.
        """
        counted = JUDGEMENTS.c.withdrawn_at.is_(None) if current else true()
        older = JUDGEMENTS.c.seq < after if after is not None else true()
        query = select(JUDGEMENTS).where(counted, older).order_by(JUDGEMENTS.c.seq.desc()).limit(limit + 1)
        with self._workspace.engine.connect() as connection:
            rows = connection.execute(query).all()
            total = connection.execute(select(func.count()).select_from(JUDGEMENTS).where(counted)).scalar_one()
        more = rows[limit - 1].seq if len(rows) > limit else None
        return JudgementPage(tuple(_read(row) for row in rows[:limit]), more, total)

    def revision(self, as_of: datetime | None = None) -> str:
        """A digest of the judgements that count (as of a moment: that counted then): whatever was concluded under
        another one is out of date."""
        return digest_of(self.current(as_of))

    def stamp(self) -> tuple[int, int]:
        """What changes whenever one is made or withdrawn, without reading them."""
        query = select(func.coalesce(func.max(JUDGEMENTS.c.seq), 0), func.count(JUDGEMENTS.c.withdrawn_at))
        with self._workspace.engine.connect() as connection:
            made, withdrawn = connection.execute(query).one()
        return made, withdrawn

    def _sent_before(self, decision: Decision) -> Judgement | None:
        """The judgement that the same key made. InvalidInput when it was another decision."""
        if decision.key is None:
            return None
        try:
            found = self.find(_id_of(decision))
        except NotFound:
            return None
        told, before = ((one.left, one.right, one.verdict, one.who, one.why) for one in (decision, found))
        if told != before:
            raise InvalidInput("the idempotency key was used for another judgement; send a new one")
        return found

    def _write(self, decision: Decision, again: Sequence[Judgement]) -> Judgement:
        new, now = _id_of(decision), datetime.now(UTC)
        superseded = {"withdrawn_at": now, "withdrawn_by": decision.who, "withdrawn_why": f"judged again: {new}"}
        with self._workspace.engine.begin() as connection:
            connection.execute(
                insert(JUDGEMENTS).values(
                    judgement=new,
                    left=decision.left,
                    right=decision.right,
                    verdict=str(decision.verdict),
                    who=decision.who,
                    why=decision.why,
                    judged_at=now,
                )
            )
            for one in again:
                connection.execute(update(JUDGEMENTS).where(JUDGEMENTS.c.judgement == one.id).values(superseded))
        return self.find(new)

    def _alone(self) -> AbstractContextManager[None]:
        """The lock of judging, so that two contradicting judgements cannot pass each other; waited for a while."""
        return _Patient(self._workspace)


class _Patient:
    """The workspace's lock of judgements, asked for until it is free."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __enter__(self) -> None:
        until = monotonic() + _PATIENCE_S
        while True:
            self._lock = self._workspace.lock("judgements")
            try:
                return self._lock.__enter__()
            except WorkspaceBusy:
                if monotonic() > until:
                    raise
                sleep(0.02)

    def __exit__(self, *error: object) -> None:
        self._lock.__exit__(None, None, None)


def pairs_of(judgements: Sequence[Judgement], uid_of_record: pl.DataFrame) -> pl.DataFrame:
    """(src, dst, verdict) by uid, src < dst, a row a pair: the newest judgement of a pair counts.

    ``uid_of_record`` has record_id and uid. A side that is no record id there is taken for a uid. Judgements that name
    nobody on record, or two records that are one identity by now, are left out.
    """
    return _by_pair(judgements, uid_of_record).select("src", "dst", "verdict")


def judged_same(judgements: Sequence[Judgement], uid_of_record: pl.DataFrame) -> pl.DataFrame:
    """Of the same pairs those that are one party: (src, dst, judged_on, why)."""
    found = _by_pair(judgements, uid_of_record).filter(pl.col("verdict") == str(Verdict.SAME))
    return found.select("src", "dst", "judged_on", "why")


def _by_pair(judgements: Sequence[Judgement], uid_of_record: pl.DataFrame) -> pl.DataFrame:
    """The newest judgement of each pair, sorted by src and dst."""
    given = pl.DataFrame(
        [(at, one.left, one.right, str(one.verdict), one.judged_at.date(), one.why)
         for at, one in enumerate(judgements)],
        schema={"at": pl.Int64, "left": pl.String, "right": pl.String, "verdict": pl.String, "judged_on": pl.Date,
                "why": pl.String},
        orient="row",
    )  # fmt: skip
    named = uid_of_record.select("record_id", "uid").drop_nulls()
    as_uid = named.select(pl.col("uid").alias("record_id"), "uid")
    wanted = pl.concat([given["left"], given["right"]]).unique().implode()
    uids = pl.concat([named, as_uid]).filter(pl.col("record_id").is_in(wanted)).unique("record_id", keep="first")
    sides = given.join(uids, left_on="left", right_on="record_id").join(
        uids, left_on="right", right_on="record_id", suffix="_right"
    )
    pairs = sides.select(
        "at",
        pl.min_horizontal("uid", "uid_right").alias("src"),
        pl.max_horizontal("uid", "uid_right").alias("dst"),
        "verdict",
        "judged_on",
        "why",
    ).filter(pl.col("src") != pl.col("dst"))
    last = pairs.sort("at").unique(["src", "dst"], keep="last", maintain_order=True)
    return last.sort("src", "dst")


def counting(judgements: Iterable[Judgement], as_of: datetime | None = None) -> list[Judgement]:
    """Those that count, in their order; as of a moment, those that counted then."""
    if as_of is None:
        return [one for one in judgements if one.current]
    return [
        one for one in judgements if one.judged_at <= as_of and (one.withdrawn_at is None or one.withdrawn_at > as_of)
    ]


def digest_of(judgements: Iterable[Judgement]) -> str:
    """Which judgements count, the oldest first, as the text that indexes keep (``JudgementStore.revision``)."""
    return sha256(" ".join(one.id for one in judgements).encode()).hexdigest()[:16]


def _id_of(decision: Decision) -> str:
    if decision.key is None:
        return secrets.token_hex(8)
    return sha256(decision.key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _pair(judged: Judgement | Decision, uid_of: Mapping[str, str]) -> frozenset[str]:
    return frozenset(uid_of.get(side, side) for side in (judged.left, judged.right))


def _check(decision: Decision, others: Sequence[Judgement], uid_of: Mapping[str, str]) -> None:
    """Whatever is the same as the same is the same: no "different" may stand between two of such a group."""
    same: nx.Graph[str] = nx.Graph()
    for one in others:
        if one.verdict is Verdict.SAME:
            same.add_edge(*_pair(one, uid_of), judgement=one)
    left, right = _pair(decision, uid_of)
    same.add_nodes_from((left, right))
    if nx.has_path(same, left, right):
        if decision.verdict is Verdict.DIFFERENT:
            raise InvalidInput(f"they cannot be different: {_told(same, left, right)} make them one; {_WAY_OUT}")
        return
    if decision.verdict is Verdict.DIFFERENT:
        return
    groups = nx.node_connected_component(same, left), nx.node_connected_component(same, right)
    for one in others:
        if one.verdict is Verdict.DIFFERENT and all(_pair(one, uid_of) & group for group in groups):
            raise InvalidInput(f"they cannot be the same: {one.told} keeps them apart; {_WAY_OUT}")


_WAY_OUT = "withdraw that judgement first (`graphinv resolve undo ID`), or leave this one"


def _told(same: "nx.Graph[str]", left: str, right: str) -> str:
    steps = nx.shortest_path(same, left, right)
    return " and ".join(same.edges[step]["judgement"].told for step in pairwise(steps))


def _read(row: Row[tuple[object, ...]]) -> Judgement:
    return Judgement(
        id=row.judgement,
        left=row.left,
        right=row.right,
        verdict=Verdict(row.verdict),
        who=row.who,
        why=row.why,
        judged_at=row.judged_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_why=row.withdrawn_why,
    )
