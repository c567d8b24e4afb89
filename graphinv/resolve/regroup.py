"""Who is who among a few parties, judged anew: as the whole resolution would group them, without comparing the rest."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.resolve.agreement import agreements
from graphinv.resolve.arrays import Float64, Int32
from graphinv.resolve.clusters import cluster
from graphinv.resolve.entity_ids import entity_ids
from graphinv.resolve.match_index import MatchIndex
from graphinv.resolve.parties import Parties
from graphinv.resolve.resolution import Scored, holding

#: More parties than these are not compared all with all.
MOST = 1000
#: How sure a conclusion can be, in bits (log2 of odds), where nothing but its probability is known.
_SUREST = 40.0


@dataclass(frozen=True)
class Regrouped:
    """``entities``: uid and entity. ``pairs``: src, dst, probability, weight of those that hold entities together."""

    entities: pl.DataFrame
    pairs: pl.DataFrame


def regroup(
    index: MatchIndex,
    members: pl.DataFrame,
    held: pl.DataFrame,
    same: Iterable[tuple[str, str]],
    different: Iterable[tuple[str, str]],
) -> Regrouped:
    """Group parties by the match model and by judged pairs of uids.

    ``members``: at most ``MOST`` rows of uid, entity (what it is of so far) and ``party`` (its position in the index,
    -1 for one that the index does not know, which ``held`` tells of: src, dst, probability, concluded before).
    """
    told = members.sort("uid")
    uids = told["uid"]
    one, other = (side.astype(np.int32) for side in np.triu_indices(len(told), 1))
    scored = Scored(one, other, _bits(index, told["party"].to_numpy(), one, other, _held_bits(index, held, uids)))
    together, apart = _positions(uids, same), _positions(uids, different)
    groups = cluster(len(told), one, other, index.model.prior_bits + scored.bits, together, apart)
    pairs = holding(Parties(uids, ()), index.model, scored, groups, together)
    return Regrouped(entity_ids(uids, groups, told.select("uid", "entity")), pairs)


def _bits(index: MatchIndex, party: Int32, one: Int32, other: Int32, held: Float64) -> Float64:
    """Match weights of pairs: compared where the index knows both, as they were concluded elsewhere."""
    bits = held[one, other]
    known = (party[one] >= 0) & (party[other] >= 0)
    left, right = party[one[known]], party[other[known]]
    found = agreements(index.attributes, index.attributes, left, right, index.model.hub_array())
    bits[known] = index.model.identity_bits(found, index.filled).sum(axis=1)
    return bits


def _held_bits(index: MatchIndex, held: pl.DataFrame, uids: pl.Series) -> Float64:
    """What is known of pairs from conclusions alone; whatever was not concluded weighs nothing either way."""
    bits = np.full((len(uids), len(uids)), -index.model.prior_bits)
    place = {uid: at for at, uid in enumerate(uids)}
    for src, dst, probability in held.select("src", "dst", "probability").iter_rows():
        odds = np.log2(max(probability, 1e-12) / max(1.0 - probability, 1e-12))
        weight = float(np.clip(odds, -_SUREST, _SUREST)) - index.model.prior_bits
        bits[place[src], place[dst]] = bits[place[dst], place[src]] = weight
    return bits


def _positions(uids: pl.Series, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
    place = {uid: at for at, uid in enumerate(uids)}
    inside = [(place[a], place[b]) for a, b in pairs if a in place and b in place and a != b]
    return [(min(pair), max(pair)) for pair in inside]
