"""A score from rarity-weighted evidence alone, for as long as outcomes are too few to learn from.

It is not calibrated, and every answer says so.

Each link is one piece of evidence with a probability of its own; links over shared values rest on different ones, so
they are combined as a noisy-or (Pearl, Probabilistic Reasoning in Intelligent Systems, 1988, section 4.3)
over a base rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np

from graphinv.links.answer import Link, Suppressed, Term, WatchlistHit
from graphinv.links.score_claims import TIES
from graphinv.links.weights import WEIGHTS

#: What is assumed of a party of which nothing is known.
BASE_RATE = 0.02
#: Between what it may lie: nothing was examined that would tell, and shares found in violation differ so much by lane
#: and by goods. An answer without a link is uncertain by this alone.
_BASE_AT_LEAST, _BASE_AT_MOST = 0.002, 0.1

#: A watch list likeness counts this much of its score: it is a name, not an act.
WATCHLIST_SHARE = 0.5

#: A vetted status leaves this much of every indirect link.
VETTED_SHARE = 0.5

#: Worth of one relationship by its phrase; of the two that share a value each carries half.
_FULL_WORTH = {weight.phrase: weight.reliability ** (0.5 if weight.shared else 1.0) for weight in WEIGHTS}

#: Relationships to a value that several have, by phrase.
_SHARED = frozenset(weight.phrase for weight in WEIGHTS if weight.shared)

#: What a relationship is called as a claim, by its phrase, and how reliable each is beside the others.
_TIES = {weight.phrase: TIES[weight.claim] for weight in WEIGHTS}
_ORDER = {weight.phrase: (weight.reliability, at) for at, weight in enumerate(WEIGHTS)}

_BANDS = ((0.60, "high"), (0.25, "review"), (0.05, "low"), (0.0, "none"))


@dataclass(frozen=True)
class JointScore:
    """``interval``: from the score if the strongest piece were wrong and the base rate low, to the score if the base
    rate were high, nothing were discounted for rarity, age or source, and every hub left out did count a little.
    ``without_best``: without that piece, by the usual base rate."""

    score: float
    interval: tuple[float, float]
    band: str
    terms: tuple[Term, ...]
    without_best: float


def joint_score(
    links: tuple[Link, ...], listed: tuple[WatchlistHit, ...], left_out: Suppressed, standing: str
) -> JointScore:
    """Combine links and watch list likenesses; a direct seizure is never softened by a vetted status."""
    share = VETTED_SHARE if standing == "trusted" else 1.0
    votes = _votes(links)
    pieces = [
        *((_claim(link), link.strength * (share if link.hops else 1.0), link.sentence) for link in votes),
        *(("watchlist_likeness", hit.score * WATCHLIST_SHARE, hit.reason) for hit in listed if hit.in_force),
    ]
    ordered = sorted(pieces, key=lambda piece: -piece[1])
    together = _noisy_or([probability for _, probability, _ in ordered])
    without_best = _noisy_or([probability for _, probability, _ in ordered[1:]])
    full = [max(_undiscounted(link), link.strength) * share for link in votes]
    listed_worth = [hit.score * WATCHLIST_SHARE for hit in listed if hit.in_force]
    at_least = _noisy_or([probability for _, probability, _ in ordered[1:]], _BASE_AT_LEAST)
    at_most = _noisy_or([*full, *listed_worth, *[BASE_RATE] * min(left_out.paths, 20)], _BASE_AT_MOST)
    return JointScore(
        score=round(together, 4),
        interval=(round(at_least, 4), round(max(at_most, together), 4)),
        band=next(name for floor, name in _BANDS if together >= floor),
        terms=_terms(ordered),
        without_best=round(without_best, 4),
    )


def joint_strength(strengths: Iterable[float]) -> float:
    """What links of these strengths make of a party of which nothing else is known."""
    return _noisy_or(list(strengths))


def _votes(links: tuple[Link, ...]) -> list[Link]:
    """Of the links to each seizure the strongest, or all over shared values if that is one of them.

    A phone and a suite shared with one seized party are two pieces of evidence. Two dealings with parties of one seized
    shipment are one, and so is a likeness, which rests on the very values that are shared.
    """
    by_seizure: dict[str, list[Link]] = {}
    for link in links:
        by_seizure.setdefault(link.seizure.id, []).append(link)
    return [vote for found in by_seizure.values() for vote in _votes_of_one(found)]


def _votes_of_one(links: list[Link]) -> list[Link]:
    strongest = max(links, key=lambda link: link.strength)
    return [link for link in links if _is_over_a_value(link)] if _is_over_a_value(strongest) else [strongest]


def _is_over_a_value(link: Link) -> bool:
    return bool(link.evidence) and link.evidence[0].claim in _SHARED


def _undiscounted(link: Link) -> float:
    """What the link would be worth if nothing were discounted for rarity, age or source."""
    return float(np.prod([_FULL_WORTH.get(piece.claim, 1.0) for piece in link.evidence]))


def _noisy_or(probabilities: list[float], base: float = BASE_RATE) -> float:
    none = 1.0 - base
    for probability in probabilities:
        none *= 1.0 - probability
    return min(1.0 - none, 0.999)


def _terms(pieces: list[tuple[str, float, str]]) -> tuple[Term, ...]:
    terms: list[Term] = []
    before = _noisy_or([])
    for at, (claim, _, detail) in enumerate(pieces):
        after = _noisy_or([probability for _, probability, _ in pieces[: at + 1]])
        terms.append(Term(claim, round(_log_odds(after) - _log_odds(before), 3), detail))
        before = after
    return tuple(terms)


def _claim(link: Link) -> str:
    """The name that a learned score has for it, too: by the least reliable relationship of the path."""
    if link.hops == 0:
        return "own_seizure"
    phrases = [piece.claim for piece in link.evidence if piece.claim in _TIES]
    return _TIES[min(phrases, key=_ORDER.__getitem__)] if phrases else "likeness"


def _log_odds(probability: float) -> float:
    return log(probability / (1.0 - probability))
