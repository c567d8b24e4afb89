"""Who is who: which identities are one party, from what they declared, what was concluded before, and judgements.

One pass: blocks, pairs, match weights, clusters, entity ids. What was concluded before is kept (``Kept``): a new batch
is compared with everything, the rest is not compared again, and an entity keeps its id as long as it has members.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.agreement import AT_A_TIME, agreements
from graphinv.resolve.arrays import Float64, Int32, Int64
from graphinv.resolve.blocking import Blocks, block, pairs_of
from graphinv.resolve.clusters import cluster, united
from graphinv.resolve.coding import codes_of, mixed_codes
from graphinv.resolve.declared import Declared, declared_by_records
from graphinv.resolve.entity_ids import entity_ids
from graphinv.resolve.grouping import firsts
from graphinv.resolve.model import MATCH, Model
from graphinv.resolve.parties import Parties, counted_as, parties_of
from graphinv.resolve.training import relearned_hubs, train
from graphinv.resolve.trees import spanning
from graphinv.threads import in_threads

#: A model is trained again once there are so many times as many parties as when it was.
RETRAIN_AT = 1.25
#: Groups of at most so many members are compared all with all before they are cut.
_WHOLE_GROUP = 1000
#: So often groups are cut, compared whole between.
_CUTS = 4
#: Pairs further below even odds than this (log2) stay there, however rare what they share turns out to be.
_HOPELESS_BITS = 20.0
#: Kept pairs nearer to even odds than this (log2) are compared again where others have changed.
_UNDECIDED_BITS = 6.0
#: Pairs less likely than this are kept only where they speak against a group.
_KEPT_FROM = 1e-3


@dataclass(frozen=True)
class Kept:
    """What an earlier pass concluded: the model and for how many parties it was trained, the scored pairs by the codes
    of their uids (``one``, ``other``, ``bits``), a fingerprint a party (``uid``, ``print``), the entities (``uid``,
    ``entity``), the pairs that hold them together, and the uncertain ones (both: src, dst, probability, weight)."""

    model: Model
    trained_for: int
    pairs: pl.DataFrame
    prints: pl.DataFrame
    entities: pl.DataFrame
    holding: pl.DataFrame
    review: pl.DataFrame


@dataclass(frozen=True)
class Resolution:
    """One pass. ``compared`` pairs were scored in it; ``parties`` and ``blocks`` are what a look-up compares with;
    ``judged`` are the pairs that people judged the same (``judgements.judged_same``)."""

    kept: Kept
    compared: int
    parties: Parties
    blocks: Blocks
    judged: pl.DataFrame = field(default_factory=pl.DataFrame)

    @property
    def pairs(self) -> pl.DataFrame:
        """(src, dst, probability, weight), src < dst: the strongest pairs that hold every entity together."""
        return self.kept.holding

    @property
    def entities(self) -> pl.DataFrame:
        """(uid, entity) of every party."""
        return self.kept.entities


@dataclass(frozen=True)
class Scored:
    """Pairs of party positions, ``one`` < ``other``, with the sum of their match weights."""

    one: Int32
    other: Int32
    bits: Float64


def resolve(
    declared: Declared,
    *,
    kept: Kept | None = None,
    before: pl.DataFrame | None = None,
    same: Iterable[tuple[str, str]] = (),
    different: Iterable[tuple[str, str]] = (),
    uids: pl.Series | None = None,
) -> Resolution:
    """Resolve parties.

    ``same`` and ``different`` are judged pairs of uids; ``uids`` adds parties that declared nothing. ``kept`` of an
    earlier pass saves comparing again what did not change, and keeps entity ids; ``before`` (uid, entity) keeps the
    ids alone.
    """
    parties = parties_of(declared, uids, steady=True)
    blocks = block(parties)
    one, other = pairs_of(blocks)
    fresh = kept is None or len(parties) > RETRAIN_AT * kept.trained_for
    together, apart = _positions(parties, same), _positions(parties, different)
    if kept is None or fresh:
        model, trained_for = train(parties, one, other), len(parties)
        parties, scored = _scored_twice(parties, model, Scored(one, other, np.zeros(len(one))), together, apart)
        compared = len(one)
    else:
        model, trained_for = relearned_hubs(kept.model, parties), kept.trained_for
        parties = counted_as(parties, _groups_before(parties, kept))
        scored, compared = _increment(parties, model, kept, one, other)
    groups, whole = _grouped(parties, model, _worth_keeping(parties, model, scored, together), together, apart)
    parties = counted_as(parties, groups)  # as the next pass will count them, which then finds nothing changed
    named = before if before is not None else (None if kept is None else kept.entities)
    keeping = Kept(
        model=model,
        trained_for=trained_for,
        pairs=_kept_pairs(parties, _worth_keeping(parties, model, whole, [])),
        prints=_prints(parties, model),
        entities=entity_ids(parties.uids, groups, named),
        holding=holding(parties, model, whole, groups, together),
        review=_uncertain(parties, model, whole),
    )
    return Resolution(keeping, compared, parties, blocks)


@dataclass(frozen=True)
class ResolvedRecords:
    """``pairs`` (left, right, probability, weight) of compared records; ``entities`` (record_id, entity_id)."""

    pairs: pl.DataFrame
    entities: pl.DataFrame
    model: Model


def resolve_records(records: pl.DataFrame) -> ResolvedRecords:
    """Resolve records that are parties of their own (``declared.RECORD_COLUMNS``), with a model trained on them."""
    parties = parties_of(declared_by_records(records), records["record_id"], steady=True)
    one, other = pairs_of(block(parties))
    model = train(parties, one, other)
    parties, scored = _scored_twice(parties, model, Scored(one, other, np.zeros(len(one))), [], [])
    groups, _ = _grouped(parties, model, scored, [], [])
    uids = parties.uids
    return ResolvedRecords(
        _pair_frame(parties, model, scored).rename({"src": "left", "dst": "right"}),
        pl.DataFrame({"record_id": uids, "entity_id": uids.gather(groups)}),
        model,
    )


def _scored_twice(
    parties: Parties, model: Model, pairs: Scored, together: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> tuple[Parties, Scored]:
    """(parties, pairs): scored by how many records use a value, grouped, and scored again by how many parties do.

    The users of a value are known once it is known who is one party, and the other way round.
    """
    first = _score(parties, model, pairs.one, pairs.other)
    likely = np.flatnonzero(model.prior_bits + first.bits > -_UNDECIDED_BITS)
    groups = cluster(
        len(parties), first.one[likely], first.other[likely], model.prior_bits + first.bits[likely], together, apart
    )
    counted = counted_as(parties, groups)
    again = np.flatnonzero(model.prior_bits + first.bits > -_HOPELESS_BITS)
    first.bits[again] = _score(counted, model, first.one[again], first.other[again]).bits
    return counted, first


def _groups_before(parties: Parties, kept: Kept) -> Int64:
    """A label a party: those that were one entity have one, new ones each their own."""
    before = pl.DataFrame({"uid": parties.uids}).join(kept.entities, on="uid", how="left", maintain_order="left")
    label = before.select(pl.coalesce("entity", "uid").rank("dense").cast(pl.Int64)).to_series()
    groups: Int64 = label.to_numpy()
    return groups


def _score(parties: Parties, model: Model, one: Int32, other: Int32) -> Scored:
    bits = np.zeros(len(one))
    hubs, filled = model.hub_array(), parties.filled

    def score(start: int) -> None:
        some = slice(start, start + AT_A_TIME)
        found = agreements(parties.attributes, parties.attributes, one[some], other[some], hubs)
        bits[some] = model.identity_bits(found, filled).sum(axis=1)

    in_threads(score, range(0, len(one), AT_A_TIME))
    return Scored(one, other, bits)


def _increment(parties: Parties, model: Model, kept: Kept, one: Int32, other: Int32) -> tuple[Scored, int]:
    """(pairs, how many of them were compared): those of what changed, and those kept, the undecided ones as of now.

    What others declare changes how rare a value is, and so a kept pair's weight, but not by much.
    """
    changed = _changed(_prints(parties, model), kept)
    again = changed[one] | changed[other]
    recalled = _recalled(parties, kept, changed)
    undecided = np.abs(model.prior_bits + recalled.bits) < (_UNDECIDED_BITS if changed.any() else 0.0)
    unsure = _score(parties, model, recalled.one[undecided], recalled.other[undecided])
    fresh = _both(_score(parties, model, one[again], other[again]), unsure)
    sure = Scored(recalled.one[~undecided], recalled.other[~undecided], recalled.bits[~undecided])
    return _both(fresh, sure), len(fresh.one)


def _both(some: Scored, more: Scored) -> Scored:
    return Scored(
        np.concatenate([some.one, more.one]),
        np.concatenate([some.other, more.other]),
        np.concatenate([some.bits, more.bits]),
    )


def _grouped(
    parties: Parties,
    model: Model,
    scored: Scored,
    together: list[tuple[int, int]],
    apart: list[tuple[int, int]],
) -> tuple[Int64, Scored]:
    """(groups, pairs): who is one party, and all pairs that it rests on.

    What blocking did not bring together speaks against a group, too: would-be groups are compared whole, and cut again,
    until nothing inside them is unknown or they hardly change any more.
    """
    whole = scored
    for cut in range(1, _CUTS + 1):
        groups = cluster(len(parties), whole.one, whole.other, model.prior_bits + whole.bits, together, apart)
        missing = _missing(groups, whole) if cut < _CUTS else None
        if missing is None or not len(missing):
            break
        inside = _score(parties, model, (missing >> 32).astype(np.int32), (missing & 0xFFFFFFFF).astype(np.int32))
        whole = _both(whole, inside)
    return groups, whole


def _worth_keeping(parties: Parties, model: Model, scored: Scored, together: list[tuple[int, int]]) -> Scored:
    """The pairs that are likely enough, or speak against a group that others make: most pairs are neither."""
    joined = model.prior_bits + scored.bits > 0
    judged = np.array(together, np.int64).reshape(-1, 2)
    reach = united(np.arange(len(parties)), scored.one[joined], scored.other[joined])
    reach = united(reach, judged[:, 0], judged[:, 1])
    worth = (model.probability(scored.bits) >= _KEPT_FROM) | (reach[scored.one] == reach[scored.other])
    return Scored(scored.one[worth], scored.other[worth], scored.bits[worth])


def _missing(groups: Int64, scored: Scored) -> Int64:
    """The pairs inside groups that were not compared, the smaller position in the upper half."""
    order = np.argsort(groups, kind="stable")
    start = firsts(groups[order])
    sizes = np.diff(start, append=len(groups))
    ones, others = [], []
    for size in np.unique(sizes[(sizes > 2) & (sizes <= _WHOLE_GROUP)]).tolist():
        members = order[start[sizes == size][:, None] + np.arange(size)]
        left, right = np.triu_indices(size, 1)
        ones.append(members[:, left].ravel())
        others.append(members[:, right].ravel())
    one, other = (np.concatenate([np.zeros(0, np.int64), *part]) for part in (ones, others))
    packed = np.minimum(one, other).astype(np.int64) << 32 | np.maximum(one, other)
    known = np.sort(scored.one.astype(np.int64) << 32 | scored.other)
    at = np.minimum(np.searchsorted(known, packed), max(len(known) - 1, 0))
    missing: Int64 = packed[known[at] != packed] if len(known) else packed
    return missing


def _prints(parties: Parties, model: Model) -> pl.DataFrame:
    """A fingerprint of everything a party declared, whatever the order, and of which of it is rare or a hub."""
    total = np.zeros(len(parties), np.int64)
    for attribute, values in enumerate(parties.attributes):
        row = codes_of(pl.Series([str(attribute)])).repeat(len(values.codes))
        for column in range(values.codes.shape[1]):
            row = mixed_codes(row, values.codes[:, column])
        # words: of an address without a building they are all there is, of a name some are rare
        told = values.words * (1 + values.rare) if len(values.rare) else values.words
        words = np.concatenate([[0], np.cumsum(told)])
        row = mixed_codes(row, words[values.word_start[1:]] - words[values.word_start[:-1]])
        for column, most in enumerate(model.hubs[attribute]):
            row = mixed_codes(row, (values.users[:, column] > most).astype(np.int64))
        party = np.repeat(np.arange(len(parties)), np.diff(values.start))
        np.add.at(total, party, row[values.value])
    return pl.DataFrame({"uid": parties.uids, "print": total})


def _changed(prints: pl.DataFrame, kept: Kept) -> NDArray[np.bool_]:
    before = prints.join(kept.prints, on="uid", how="left", suffix="_before", maintain_order="left")
    changed: NDArray[np.bool_] = (before["print"] != before["print_before"]).fill_null(True).to_numpy()
    return changed


def _recalled(parties: Parties, kept: Kept, changed: NDArray[np.bool_]) -> Scored:
    """The kept pairs whose sides are both here and as they were."""
    here = pl.DataFrame({"code": codes_of(parties.uids), "at": np.arange(len(parties), dtype=np.int32)}).filter(
        ~changed
    )
    told = kept.pairs.join(here, left_on="one", right_on="code").join(
        here, left_on="other", right_on="code", suffix="_b"
    )
    a, b = told["at"].to_numpy(), told["at_b"].to_numpy()
    return Scored(np.minimum(a, b), np.maximum(a, b), told["bits"].cast(pl.Float64).to_numpy())


def _kept_pairs(parties: Parties, scored: Scored) -> pl.DataFrame:
    codes = codes_of(parties.uids)
    return pl.DataFrame({"one": codes[scored.one], "other": codes[scored.other], "bits": scored.bits})


def _positions(parties: Parties, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
    """Where the two of each pair stand, the first of them first; pairs of the same party or of an unknown one are left
    out."""
    told = pl.DataFrame(list(pairs), schema={"a": pl.String, "b": pl.String}, orient="row")
    here = pl.DataFrame({"uid": parties.uids, "at": pl.int_range(len(parties), eager=True)})
    placed = told.join(here, left_on="a", right_on="uid").join(here, left_on="b", right_on="uid", suffix="_b")
    both = placed.filter(pl.col("at") != pl.col("at_b")).select(
        pl.min_horizontal("at", "at_b").alias("one"), pl.max_horizontal("at", "at_b").alias("other")
    )
    return list(both.sort("one", "other").iter_rows())


def _pair_frame(parties: Parties, model: Model, scored: Scored) -> pl.DataFrame:
    ends = pl.DataFrame({"a": parties.uids.gather(scored.one), "b": parties.uids.gather(scored.other)})
    return ends.select(
        pl.min_horizontal("a", "b").alias("src"),  # not all stand in the order of their uids
        pl.max_horizontal("a", "b").alias("dst"),
        pl.Series("probability", model.probability(scored.bits)),
        pl.Series("weight", scored.bits),
    )


def holding(parties: Parties, model: Model, scored: Scored, groups: Int64, same: list[tuple[int, int]]) -> pl.DataFrame:
    """A strongest spanning tree of every group: the pairs that hold it together, judged ones first."""
    same = [pair for pair in same if groups[pair[0]] == groups[pair[1]]]  # judgements may contradict each other
    inside = groups[scored.one] == groups[scored.other]
    one = np.concatenate([[a for a, _ in same], scored.one[inside]]).astype(np.int32)
    other = np.concatenate([[b for _, b in same], scored.other[inside]]).astype(np.int32)
    bits = np.concatenate([np.full(len(same), np.inf), scored.bits[inside]])
    order = np.lexsort((other, one, -bits))
    kept = order[spanning(len(parties), one, other, order)]
    tree = _pair_frame(parties, model, Scored(one[kept], other[kept], np.minimum(bits[kept], _JUDGED_BITS)))
    return tree.sort("src", "dst")


#: What a judged pair shows as its weight.
_JUDGED_BITS = 60.0


#: Pairs between these probabilities are uncertain.
_UNCERTAIN = (0.05, 0.95)


def _uncertain(parties: Parties, model: Model, scored: Scored) -> pl.DataFrame:
    probability = model.probability(scored.bits)
    between = (probability > _UNCERTAIN[0]) & (probability < _UNCERTAIN[1])
    some = Scored(scored.one[between], scored.other[between], scored.bits[between])
    nearness = (pl.col("probability") - MATCH).abs()
    return _pair_frame(parties, model, some).sort(nearness, "src", "dst")
