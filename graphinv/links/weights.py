"""What a shared value is worth as evidence: one table, read aloud by anyone.

Sharing a value with one other party says "the same hands" with the reliability of its kind. Every further user makes
it rarer that two given users belong together, so the probability falls with their number to the power ``rarity``;
evidence not seen for years is worth less; a source is trusted as far as its confidence goes. Probabilities are
multiplied along a path, which is adding their negative logarithms. A relationship's cost is a base that depends on
itself alone, plus what the rarity of its value adds: an update of the users changes the second part only.

The table is what is believed before any record is seen. Of kinds that name persons or are chosen freely every epoch
learns from its own records (``links.corroboration``) and keeps what it learned, so relationships are weighed by the
reliabilities of the epoch (``EvidenceGraph.reliability``).
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

#: A reliability for each of ``CLAIMS``.
Reliabilities = NDArray[np.float64]

#: Integer costs are thousandths of a nat.
COST_UNIT = 1000.0

#: Half-life of evidence in days, and what is left of it however old it is.
HALF_LIFE_DAYS = 6 * 365.25
OLD_EVIDENCE_FLOOR = 0.5

#: A path through a third party is worth this much of the path without it.
THROUGH_A_PARTY = 0.8
_PAID_FOR_ENDS = -COST_UNIT * float(np.log(THROUGH_A_PARTY))

#: From this many users a value is a hub: it is counted as left out and, by its cost, links nobody on its own.
HUB_USERS = 25

#: The numbers of users that rarity tells apart: every one up to HUB_USERS, then four steps to a doubling. A hub that
#: gains a user now and then keeps its weights, so thousands of relationships need not be weighed for each newcomer.
USER_STEPS: NDArray[np.int64] = np.concatenate(
    [np.arange(1, HUB_USERS + 1), np.ceil(HUB_USERS * 2.0 ** (np.arange(1, 105) / 4))]
).astype(np.int64)


@dataclass(frozen=True)
class Weight:
    """``reliability``: probability that the two users of a value nobody else uses are the same hands.

    ``rarity``: how fast that falls with further users. ``shared`` values stand between two parties, so each of the two
    relationships carries half; a dealing (buys from, is supplied by) leads from party to party and carries it whole.
    ``learned``: whether records correct the reliability. Two persons of one name, a shop that anybody may name and
    suppliers of many are coincidence far more often in some data than in others; accounts and numbers that an
    authority verified, and contacts that somebody answers, are not.
    """

    claim: str
    reliability: float
    rarity: float
    shared: bool
    phrase: str
    noun: str
    learned: bool = False


WEIGHTS: tuple[Weight, ...] = (
    Weight("PAID_TO", 0.95, 0.8, True, "shares the bank", "account"),
    Weight("HAS_EMAIL", 0.90, 0.8, True, "shares e-mail", "e-mail"),
    Weight("HAS_PHONE", 0.85, 0.8, True, "shares phone", "phone"),
    Weight("HAS_WEBSITE", 0.80, 1.0, True, "shares web shop or affiliate id", "web shop", learned=True),
    Weight("LOCATED_AT", 0.70, 1.0, True, "shares address", "address"),
    Weight("HAS_OFFICER", 0.55, 1.0, True, "shares officer", "officer", learned=True),
    Weight("SAME_BUILDING", 0.15, 1.0, True, "is in the same building as", "building"),
    Weight("SOURCES_FROM", 0.45, 1.0, True, "shares manufacturer", "manufacturer", learned=True),
    Weight("SUPPLIED_BY", 0.40, 1.0, False, "is supplied by", "shipper", learned=True),
    Weight("BUYS_FROM", 0.35, 1.0, False, "buys from", "seller", learned=True),
    Weight("USES_BROKER", 0.03, 1.0, True, "uses broker", "broker"),
    Weight("SAME_AS", 1.0, 0.0, False, "is the same party as", "party"),
    Weight("NEAR_PHONE", 0.12, 1.0, False, "has a phone one digit off", "phone"),
    Weight("NEAR_NUMBER", 0.12, 1.0, False, "has an importer number one digit off", "importer number"),
    Weight("LIKE_DOMAIN", 0.12, 1.0, False, "has a domain that looks alike", "domain"),
    Weight("SAME_DOMAIN", 0.6, 1.0, False, "has the same domain as", "domain"),
    Weight("FILED_ALIKE", 0.08, 1.0, False, "files goods, port and broker together as", "combination"),
    Weight("GOODS_ALIKE", 0.12, 1.0, False, "declares in the same words of the same manufacturer as", "combination"),
)

#: Claims of a question alone: values that almost agree, combinations that few have. Weak, however few there are, but
#: for another mailbox at somebody's own domain.
HINTS = frozenset({"NEAR_PHONE", "NEAR_NUMBER", "LIKE_DOMAIN", "SAME_DOMAIN", "FILED_ALIKE", "GOODS_ALIKE"})

CLAIMS: tuple[str, ...] = tuple(weight.claim for weight in WEIGHTS)
#: Two records of one party, by its place among the claims.
SAME_AS = CLAIMS.index("SAME_AS")


def weight_of(claim: str) -> Weight:
    """The row of the table for a claim; KeyError when there is none."""
    return WEIGHTS[CLAIMS.index(claim)]


def told_reliabilities() -> Reliabilities:
    """Those of the table."""
    return np.array([weight.reliability for weight in WEIGHTS])


def edge_costs(
    reliability: Reliabilities,
    claim: NDArray[np.int64],
    users: NDArray[np.int64],
    confidence: NDArray[np.float64],
    age_days: NDArray[np.float64],
) -> NDArray[np.int32]:
    """Costs of relationships, element by element.

    ``reliability`` is by ``CLAIMS``, which ``claim`` indexes; ``users`` counts the parties that use the value (or deal
    with the party) at the far end; ``confidence`` is the source's, for SAME_AS the match probability; ``age_days``
    since it was last seen.
    """
    rarity = rarity_costs()[claim, np.searchsorted(USER_STEPS, np.maximum(users, 1), side="right") - 1]
    return np.maximum(np.rint(base_costs(reliability, claim, confidence, age_days) + rarity), 1).astype(np.int32)


def base_costs(
    reliability: Reliabilities,
    claim: NDArray[np.int64],
    confidence: NDArray[np.float64],
    age_days: NDArray[np.float64],
) -> NDArray[np.float64]:
    """What relationships would cost if the value had two users at most, unrounded; arguments as in ``edge_costs``."""
    half = _carried()[claim]
    parties = np.where(claim == CLAIMS.index("SAME_BUILDING"), 0.0, half)
    return -COST_UNIT * np.log(reliability[claim] ** half * THROUGH_A_PARTY**parties * confidence * recency(age_days))


def cost_when_given(reliability: Reliabilities, claim: str, users: int, confidence: float, *, more: bool) -> int:
    """What it costs to enter at a value that is given now, by a party that would be one of its ``users``.

    ``more``: the index does not count that party yet. Then its relationship pays besides what those of the others will
    cost more once it is counted (a value that is dealt with, and not shared, is left by none of those).
    """
    costs, added = _given_costs(reliability.tobytes(), confidence)
    row, step = CLAIMS.index(claim), bisect_right(_STEPS, max(users, 1)) - 1
    newly = more and users in _AT_A_STEP
    return costs[row][step] + (added[row][step] if newly else 0)


_STEPS: tuple[int, ...] = tuple(USER_STEPS.tolist())
_AT_A_STEP = frozenset(_STEPS)


@lru_cache(maxsize=32)
def _given_costs(reliability: bytes, confidence: float) -> tuple[list[list[int]], list[list[int]]]:
    """By claim and step of ``USER_STEPS``: the cost of a relationship seen now, and what the step before costs less."""
    rows, steps = len(WEIGHTS), len(USER_STEPS)
    told = np.frombuffer(reliability)
    claim, users = np.repeat(np.arange(rows), steps), np.tile(USER_STEPS, rows)
    costs = edge_costs(told, claim, users, np.full(rows * steps, confidence), np.zeros(rows * steps))
    shared = np.array([weight.shared for weight in WEIGHTS])[:, None]
    added = np.where(shared, np.diff(rarity_costs(), axis=1, prepend=0.0), 0.0)
    return costs.reshape(rows, steps).tolist(), np.rint(added).astype(np.int64).tolist()


def learned_costs(reliability: Reliabilities) -> NDArray[np.float64]:
    """By ``CLAIMS``: what a relationship costs more by these reliabilities than by the table's, unrounded."""
    return COST_UNIT * _carried() * np.log(told_reliabilities() / reliability)


@cache
def rarity_costs() -> NDArray[np.float64]:
    """What further users add to the cost, unrounded: a row a claim, a column a step of ``USER_STEPS``."""
    others = np.log(np.maximum(USER_STEPS - 1, 1).astype(np.float64))
    table = COST_UNIT * (np.array([weight.rarity for weight in WEIGHTS]) * _carried())[:, None] * others
    table.flags.writeable = False
    return table


def _carried() -> NDArray[np.float64]:
    return np.where([weight.shared for weight in WEIGHTS], 0.5, 1.0)


def recency(age_days: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of evidence last seen so many days ago."""
    return np.maximum(0.5 ** (np.maximum(age_days, 0.0) / HALF_LIFE_DAYS), OLD_EVIDENCE_FLOOR)


def cost_of(probability: NDArray[np.float64]) -> NDArray[np.int32]:
    """Integer costs of probabilities, at least 1."""
    return np.maximum(np.rint(-COST_UNIT * np.log(probability)), 1).astype(np.int32)


def strength_of(cost: float, edges: int) -> float:
    """The probability that a path of this cost joins the same hands.

    Every edge paid half a passage for each party at its ends, so the two outer parties paid one passage too many.
    """
    paid_for_ends = _PAID_FOR_ENDS if edges else 0.0
    return float(min(np.exp(-(cost - paid_for_ends) / COST_UNIT), 0.99))
