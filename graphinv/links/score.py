"""The score of an answer: the probability that this party's goods were found in violation if inspected now.

The model adds up claims in log-odds and reads the probability from a curve. Every answer tells what each claim added,
and the one change that would lower the score most. Without a model the links alone make the score (``joint_score``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from graphinv.links.answer import Link, LowersMost, Term
from graphinv.links.features import Features, Gathered, Seen, features, one_a_seizure, says_itself, tie_of, tie_values
from graphinv.links.index import LinkIndex
from graphinv.links.itself import RECORDS as RECORD_STARTS
from graphinv.links.itself import is_itself
from graphinv.links.joint_score import JointScore, joint_score
from graphinv.links.risk import KINDS
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES, NEVER_FILED, RECORDS, TIES, WEAK_TIES
from graphinv.links.score_model import ScoreModel
from graphinv.links.walks import Walk, seizure_of
from graphinv.links.watchlist import one_name
from graphinv.links.weights import HINTS, HUB_USERS

Floats = NDArray[np.float64]

#: Claims that add less are not told.
_WORTH_TELLING = 0.005
#: The interval of a party that declared less is this much wider.
_WIDER = {"full_entry": 1.0, "advance_data": 1.15, "low_value": 1.35, "minimal": 1.7}
_PATHS = ("own_seizure", "best_link", "some_link", "further_links", *TIES.values())
_SAYS = {claim.name: claim.says for claim in CLAIMS_OF_A_SCORE}


@dataclass(frozen=True)
class Scored:
    """``terms`` add up to the log-odds of the score where a model made it."""

    score: float
    interval: tuple[float, float]
    calibrated: bool
    band: str
    terms: tuple[Term, ...]
    lowers_most: LowersMost | None


def score(index: LinkIndex, found: Gathered, links: tuple[Link, ...]) -> Scored:
    """Score what a look-up gathered; ``links`` tell its paths, in the same order."""
    model = index.scoring.model
    if model is None:
        told = links[: len(found.walks)]
        return _by_strengths(joint_score(told, one_name(tuple(found.listed)), found.left_out, found.standing))
    claims = features(index, found)
    log_odds = float(model.log_odds(claims.values))
    curve = model.curve(found.tier)
    probability = float(curve.read(np.array([log_odds]))[0])
    low, high = curve.interval(log_odds)
    wider = _WIDER[found.tier]
    return Scored(
        score=round(probability, 6),
        interval=(
            round(max(probability - (probability - low) * wider, 0.0), 6),
            round(min(probability + (high - probability) * wider, 1.0), 6),
        ),
        calibrated=model.calibrated,
        band=_band(index, model, claims, found, probability),
        terms=_terms(index, model, claims, found, links, probability),
        lowers_most=_lowers_most(index, model, claims, found, links, probability),
    )


def score_and_band(index: LinkIndex, found: Gathered) -> tuple[float, str]:
    """Score and band alone, for many parties; only for an index with a model. Raises ValueError without one."""
    model = index.scoring.model
    if model is None:
        raise ValueError("without a model the links make the score: ask `score`")
    claims = features(index, found)
    probability = float(model.curve(found.tier).read(model.log_odds(claims.values)[None])[0])
    return round(probability, 6), _band(index, model, claims, found, probability)


def _by_strengths(joint: JointScore) -> Scored:
    best = joint.terms[0] if joint.terms else None
    change = (
        None if best is None else LowersMost(best.claim, joint.without_best, f"if this did not hold: {best.detail}")
    )
    return Scored(joint.score, joint.interval, False, joint.band, joint.terms, change)


def _band(index: LinkIndex, model: ScoreModel, claims: Features, found: Gathered, probability: float) -> str:
    """The band, except that nobody gets to the top by what many innocents have in common."""
    band = model.band_of(round(probability, 6))
    return "review" if band == "high" and not _telling(index, model, claims, found) else band


def _telling(index: LinkIndex, model: ScoreModel, claims: Features, found: Gathered) -> set[str]:
    """What raises the score and is not shared by many innocents: no kind of goods, no path through a hub or from a
    hint, nothing that was found with a hub."""
    raising = {
        name
        for name, value, weight in zip(NAMES, claims.values, model.weights, strict=True)
        if value * weight > _WORTH_TELLING and not name.startswith("given_")
    }
    apart = [
        walk
        for walk in found.walks
        if not walk.hops
        or (walk.start.claim not in HINTS and int(index.graph.users[list(walk.nodes)].max()) < HUB_USERS)
    ]
    told = {"own_seizure" if is_itself(index, walk, found.itself) else tie_of(index, walk) for walk in apart}
    return (
        raising
        - WEAK_TIES
        - ({"own_seizure", *TIES.values()} - told)
        - {"best_link", "some_link", "further_links", NEVER_FILED}
        - {f"{kind}_record" for kind in _COMMON_RECORDS}
        - {name for name, seen in claims.seen.items() if seen.hub}
    )


#: Records that thousands share: a lane, a kind of goods.
_COMMON_RECORDS = ("filer", "port", "goods", "chapter", "origin", "platform", "description")


def _terms(
    index: LinkIndex,
    model: ScoreModel,
    claims: Features,
    found: Gathered,
    links: tuple[Link, ...],
    probability: float,
) -> tuple[Term, ...]:
    """What is assumed of anybody, every claim, most telling first, and what calibration made of their sum."""
    added = claims.values * np.array(model.weights)
    told = [
        Term(NAMES[at], round(float(added[at]), 3), _detail(index, NAMES[at], claims, found, links))
        for at in np.argsort(-np.abs(added), kind="stable")
        if abs(added[at]) >= _WORTH_TELLING
    ]
    base = Term("anybody", round(model.intercept, 3), "what is assumed of a party of which nothing is known")
    rest = log(probability / (1.0 - probability)) - base.added - sum(term.added for term in told)
    curve = "what became of earlier shipments with such a sum, by how much was declared"
    return (base, *told, Term("calibration", round(rest, 3), curve))


def _detail(index: LinkIndex, name: str, claims: Features, found: Gathered, links: tuple[Link, ...]) -> str:
    if name in claims.seen:
        return record_sentence(claims.seen[name])
    if name in _TOLD_BY_PATHS:
        return _told_by_paths(index, name, found, links)
    if name == "paths_through_hubs":
        return f"{found.left_out.paths} seized parties use the busy values {', '.join(found.left_out.hubs)}"
    if name == "watchlist_likeness":
        return max(found.listed, key=lambda hit: hit.score).reason
    return _SAYS[name]


#: Claims of ties that quote the paths which make them.
_TOLD_BY_PATHS = ("own_seizure", "best_link", "some_link", "further_links")


def _told_by_paths(index: LinkIndex, name: str, found: Gathered, links: tuple[Link, ...]) -> str:
    """The sentences of the very paths that ``tie_values`` made the claim of."""
    sentences = {id(walk): link.sentence for walk, link in zip(found.paths, links, strict=True)}
    others = [walk for walk in found.paths if not is_itself(index, walk, found.itself)]
    if name == "further_links":
        further = one_a_seizure(index, others)[1:]
        return f"{len(further)} more: {'; '.join(sentences[id(walk)] for walk in further)}"
    by_claim = {
        "own_seizure": [walk for walk in found.paths if says_itself(index, walk, found.itself)],
        "best_link": others,
        "some_link": found.paths,
    }
    return sentences[id(max(by_claim[name], key=lambda walk: walk.strength))]


def record_sentence(seen: Seen) -> str:
    """How examinations of goods with an attribute ended; a party's number is never shown."""
    risk, shown = seen.risk, f" ({seen.shown})" if seen.shown else ""
    often = "more often" if risk.added > 0 else "less often"
    return (
        f"{risk.violations} of {risk.examined} examined shipments of {KINDS[seen.kind]}{shown} were in violation: "
        f"{often} than others that were chosen the same way"
    )


def _lowers_most(
    index: LinkIndex,
    model: ScoreModel,
    claims: Features,
    found: Gathered,
    links: tuple[Link, ...],
    probability: float,
) -> LowersMost | None:
    """The seizure, the value given or the claim without which the score would be lowest; all paths together where none
    of them alone holds it."""
    for changes in (_changes(index, claims, found, links), _without_any(index, claims, found, links)):
        told = list(changes)
        if not told:
            continue
        scores = model.curve(found.tier).read(model.log_odds(np.array([change.values for change in told])))
        at = int(np.argmin(scores))
        if scores[at] < probability:
            return LowersMost(told[at].claim, round(float(scores[at]), 6), told[at].detail)
    return None


@dataclass(frozen=True)
class _Change:
    """What falls away, in words, and the claims without it."""

    claim: str
    detail: str
    values: Floats


def _changes(index: LinkIndex, claims: Features, found: Gathered, links: tuple[Link, ...]) -> Iterator[_Change]:
    """Without each seizure, however many paths lead to it; each value given, whatever it leads to; each record."""
    every = found.paths
    seizures: list[object] = [seizure_of(index, walk) for walk in every]
    given: list[object] = [
        None if walk.start.claim in RECORD_STARTS else (walk.start.claim, walk.start.value) for walk in every
    ]
    for at, walk in enumerate(found.walks):
        for reasons in (seizures, given):
            if reasons[at] is not None and reasons.index(reasons[at]) == at:
                left = [other for other, reason in zip(every, reasons, strict=True) if reason != reasons[at]]
                gone = [link for link, reason in zip(links, reasons, strict=True) if reason == reasons[at]]
                yield _Change(_held_by(index, walk, found), _if_not(gone), _with_paths(index, claims, left, found))
    for name in (*RECORDS, "watchlist_likeness", "number_of_another", "near_seizures"):
        at = NAMES.index(name)
        if claims.values[at] > 0.0:
            values = claims.values.copy()
            values[at] = 0.0
            yield _Change(name, f"if this said nothing: {_detail(index, name, claims, found, links)}", values)


def _without_any(index: LinkIndex, claims: Features, found: Gathered, links: tuple[Link, ...]) -> Iterator[_Change]:
    """Without all that leads to seizures."""
    if found.walks:
        values = _with_paths(index, claims, [], found)
        values[NAMES.index("near_seizures")] = 0.0
        yield _Change(_held_by(index, found.walks[0], found), _if_not(links), values)


def _if_not(links: Sequence[Link]) -> str:
    """What falls away, every path of it."""
    told = list(dict.fromkeys(link.sentence for link in links))
    return f"{'if this did not hold' if len(told) == 1 else 'if none of this held'}: {'; '.join(told)}"


def _held_by(index: LinkIndex, walk: Walk, found: Gathered) -> str:
    return "own_seizure" if says_itself(index, walk, found.itself) else tie_of(index, walk)


def _with_paths(index: LinkIndex, claims: Features, walks: Sequence[Walk], found: Gathered) -> Floats:
    """The claims if these were all the paths."""
    paths = [NAMES.index(name) for name in _PATHS]
    values = claims.values.copy()
    values[paths] = tie_values(index, walks, found.itself)[paths]
    return values
