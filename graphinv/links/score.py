"""The score of an answer: the probability that this party's goods were found in violation if inspected now.

The model adds up claims in log-odds and reads the probability from a curve. Every answer tells what each claim added,
and the one change that would lower the score most. Without a model the links alone make the score (``joint_score``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from graphinv.links.answer import Link, LowersMost, Term
from graphinv.links.features import Features, Gathered, Seen, claims_of, features, one_a_seizure, tie_values
from graphinv.links.index import LinkIndex
from graphinv.links.itself import RECORDS as RECORD_STARTS
from graphinv.links.itself import is_itself
from graphinv.links.joint_score import JointScore, joint_score
from graphinv.links.risk import KINDS
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES, NEVER_FILED, RECORDS, TIES, WEAK_TIES
from graphinv.links.score_model import LEAST, MOST, ScoreModel
from graphinv.links.walks import Walk, seizure_of
from graphinv.links.watchlist import one_name
from graphinv.links.weights import HINTS, HUB_USERS

Floats = NDArray[np.float64]

#: Claims that add less are not told.
_WORTH_TELLING = 0.005
#: The interval of a party that declared less is this much wider, in log-odds.
_WIDER = {"full_entry": 1.0, "advance_data": 1.15, "low_value": 1.35, "minimal": 1.7}
#: Claims of ties that quote the paths which make them.
_TOLD_BY_PATHS = ("own_seizure", "best_link", "some_link", "further_links")
#: All claims that paths make.
_PATHS = np.array([NAMES.index(name) for name in (*_TOLD_BY_PATHS, *dict.fromkeys(TIES.values()))])
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
        return _by_strengths(joint_score(links, one_name(tuple(found.listed)), found.left_out, found.standing))
    case = _case(index, model, found, links)
    return Scored(
        score=round(case.probability, 6),
        interval=_interval(case),
        calibrated=model.calibrated,
        band=_band(case),
        terms=_terms(case),
        lowers_most=_lowers_most(case),
    )


def score_and_band(index: LinkIndex, found: Gathered) -> tuple[float, str]:
    """Score and band alone, for many parties; only for an index with a model. Raises ValueError without one."""
    model = index.scoring.model
    if model is None:
        raise ValueError("without a model the links make the score: ask `score`")
    case = _case(index, model, found, ())
    return round(case.probability, 6), _band(case)


@dataclass(frozen=True)
class _Case:
    """A party that a model scores: what was found of it, what that claims, the ``links`` that tell its paths, the sum
    of it all in log-odds, and the probability."""

    index: LinkIndex
    model: ScoreModel
    found: Gathered
    links: tuple[Link, ...]
    claims: Features
    log_odds: float
    probability: float


def _case(index: LinkIndex, model: ScoreModel, found: Gathered, links: tuple[Link, ...]) -> _Case:
    claims = features(index, found)
    log_odds = model.log_odds(claims.values)
    probability = float(model.curve(found.tier).read(log_odds[None])[0])
    return _Case(index, model, found, links, claims, float(log_odds), probability)


def _interval(case: _Case) -> tuple[float, float]:
    """Wider the less was declared, in log-odds: so it nears 0 and 1 and never reaches them, however thin the data."""
    tier, told = case.found.tier, _log_odds(case.probability)
    ends = case.model.curve(tier).interval(case.log_odds)
    wide = [told + (_log_odds(end) - told) * _WIDER[tier] for end in ends]
    low, high = (round(min(max(1.0 / (1.0 + exp(-odds)), LEAST), MOST), 6) for odds in wide)
    return low, high


def _log_odds(probability: float) -> float:
    return log(probability / (1.0 - probability))


def _by_strengths(joint: JointScore) -> Scored:
    best = joint.terms[0] if joint.terms else None
    change = (
        None
        if best is None or joint.without_best >= joint.score
        else LowersMost(best.claim, joint.without_best, f"if this did not hold: {best.detail}")
    )
    return Scored(joint.score, joint.interval, False, joint.band, joint.terms, change)


def _band(case: _Case) -> str:
    """The band, except that nobody gets to the top by what many innocents have in common."""
    band = case.model.band_of(round(case.probability, 6))
    return "review" if band == "high" and not _telling(case) else band


def _telling(case: _Case) -> set[str]:
    """What raises the score and is not shared by many innocents: no kind of goods, no path through a hub or from a
    hint, nothing that was found with a hub."""
    raising = {
        name
        for name, value, weight in zip(NAMES, case.claims.values, case.model.weights, strict=True)
        if value * weight > _WORTH_TELLING and not name.startswith("given_")
    }
    apart = [
        walk
        for walk in case.found.walks
        if not walk.hops
        or (walk.start.claim not in HINTS and int(case.index.graph.users[list(walk.nodes)].max()) < HUB_USERS)
    ]
    told = {claim for walk in apart for claim in claims_of(case.index, walk, case.found.itself)}
    return (
        raising
        - WEAK_TIES
        - ({"own_seizure", *TIES.values()} - told)
        - {"best_link", "some_link", "further_links", NEVER_FILED}
        - {f"{kind}_record" for kind in _COMMON_RECORDS}
        - {name for name, seen in case.claims.seen.items() if seen.hub}
    )


#: Records that thousands share: a lane, a kind of goods.
_COMMON_RECORDS = ("filer", "port", "goods", "chapter", "origin", "platform", "description")


def _terms(case: _Case) -> tuple[Term, ...]:
    """What is assumed of anybody, every claim, most telling first, and what calibration made of their sum."""
    added: list[float] = (case.claims.values * case.model.weights_array).tolist()
    telling = (at for at, much in enumerate(added) if abs(much) >= _WORTH_TELLING)
    told = [
        Term(NAMES[at], round(added[at], 3), _detail(case, NAMES[at]))
        for at in sorted(telling, key=lambda at: -abs(added[at]))
    ]
    base = Term("anybody", round(case.model.intercept, 3), "what is assumed of a party of which nothing is known")
    rest = _log_odds(case.probability) - base.added - sum(term.added for term in told)
    curve = "what became of earlier shipments with such a sum, by how much was declared"
    return (base, *told, Term("calibration", round(rest, 3), curve))


def _detail(case: _Case, name: str) -> str:
    found = case.found
    if name in case.claims.seen:
        return record_sentence(case.claims.seen[name])
    if name in _TOLD_BY_PATHS:
        return _told_by_paths(case, name)
    if name == "paths_through_hubs":
        return f"{found.left_out.paths} seized parties use the busy values {', '.join(found.left_out.hubs)}"
    if name == "watchlist_likeness":
        return max(found.listed, key=lambda hit: hit.score).reason
    return _SAYS[name]


def _told_by_paths(case: _Case, name: str) -> str:
    """The sentences of the very paths that ``tie_values`` made the claim of."""
    index, found = case.index, case.found
    sentences = {id(walk): link.sentence for walk, link in zip(found.paths, case.links, strict=True)}
    others = [walk for walk in found.paths if not is_itself(index, walk, found.itself)]
    if name == "further_links":
        further = one_a_seizure(index, others)[1:]
        return f"{len(further)} more: {'; '.join(sentences[id(walk)] for walk in further)}"
    by_claim = {
        "own_seizure": [walk for walk in found.paths if "own_seizure" in claims_of(index, walk, found.itself)],
        "best_link": others,
        "some_link": found.paths,
    }
    return sentences[id(max(by_claim[name], key=lambda walk: walk.strength))]


def record_sentence(seen: Seen) -> str:
    """How goods with an attribute ended, those examined or, where seizures stand in, all; a party's number is never
    shown."""
    risk, shown = seen.risk, f" ({seen.shown})" if seen.shown else ""
    often = "more often" if risk.added > 0 else "less often"
    if risk.seized:
        found = f"{risk.violations} of {risk.examined} shipments of {KINDS[seen.kind]}{shown}"
        return f"{found} were seized or found in violation: {often} than others"
    return (
        f"{risk.violations} of {risk.examined} examined shipments of {KINDS[seen.kind]}{shown} were in violation: "
        f"{often} than others that were chosen the same way"
    )


def _lowers_most(case: _Case) -> LowersMost | None:
    """The seizure, the value given or the claim without which the score would be lowest; all paths together where none
    of them alone holds it."""
    for changes in (_changes(case), _without_any(case)):
        told = list(changes)
        if not told:
            continue
        scores = case.model.curve(case.found.tier).read(
            case.model.log_odds(np.array([change.values for change in told]))
        )
        at = int(np.argmin(scores))
        lowest = round(float(scores[at]), 6)
        if lowest < round(case.probability, 6):
            return LowersMost(told[at].claim, lowest, _if_not(case, told[at]))
    return None


@dataclass(frozen=True)
class _Change:
    """What falls away, the links that tell of it where it is no record, and the claims without it."""

    claim: str
    gone: Sequence[Link] | None
    values: Floats


def _changes(case: _Case) -> Iterator[_Change]:
    """Without each seizure, however many paths lead to it; each value given, whatever it leads to; each record."""
    every = case.found.paths
    seizures: list[object] = [seizure_of(case.index, walk) for walk in every]
    given: list[object] = [
        None if walk.start.claim in RECORD_STARTS else (walk.start.claim, walk.start.value) for walk in every
    ]
    for at, walk in enumerate(case.found.walks):
        for reasons in (seizures, given):
            if reasons[at] is not None and reasons.index(reasons[at]) == at:
                left = [other for other, reason in zip(every, reasons, strict=True) if reason != reasons[at]]
                gone = [link for link, reason in zip(case.links, reasons, strict=True) if reason == reasons[at]]
                yield _Change(_held_by(case, walk), gone, _with_paths(case, left))
    claimed = case.claims.values.tolist()
    for at in _ALONE:
        if claimed[at] > 0.0:
            yield _Change(NAMES[at], None, _without(case, at))


#: Claims that may fall away by themselves.
_ALONE = tuple(map(NAMES.index, (*RECORDS, "watchlist_likeness", "number_of_another", "near_seizures")))


def _without_any(case: _Case) -> Iterator[_Change]:
    """Without all that leads to seizures."""
    if case.found.walks:
        values = _with_paths(case, [])
        values[NAMES.index("near_seizures")] = 0.0
        yield _Change(_held_by(case, case.found.walks[0]), case.links, values)


def _if_not(case: _Case, change: _Change) -> str:
    """What falls away, every path of it."""
    if change.gone is None:
        return f"if this said nothing: {_detail(case, change.claim)}"
    told = list(dict.fromkeys(link.sentence for link in change.gone))
    return f"{'if this did not hold' if len(told) == 1 else 'if none of this held'}: {'; '.join(told)}"


def _held_by(case: _Case, walk: Walk) -> str:
    return claims_of(case.index, walk, case.found.itself)[0]


def _with_paths(case: _Case, walks: Sequence[Walk]) -> Floats:
    """The claims if these were all the paths."""
    values = case.claims.values.copy()
    values[_PATHS] = tie_values(case.index, walks, case.found.itself)[_PATHS]
    return values


def _without(case: _Case, claim: int) -> Floats:
    """The claims if one of them said nothing."""
    values = case.claims.values.copy()
    values[claim] = 0.0
    return values
