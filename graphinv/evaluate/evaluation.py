"""The evaluation: arrivals after a day, scored by the index and the model of that day, beside baselines and truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from graphinv.errors import InvalidInput
from graphinv.evaluate.arrivals import Arrivals, arrivals_after
from graphinv.evaluate.banded import Banded, banded
from graphinv.evaluate.baselines import NAMES as BASELINES
from graphinv.evaluate.baselines import Baselines
from graphinv.evaluate.measures import Ranking, Reliability, ranking, reliability
from graphinv.evaluate.reliabilities import Corroborated, corroborated
from graphinv.evaluate.stories import Story, disguises_found, innocents_alarmed
from graphinv.evaluate.strengths import SameHands, hands_by_node, same_hands
from graphinv.evaluate.truth import Truth, ties_on_paper
from graphinv.links.describe import NOBODY, describe_walk
from graphinv.links.features import Gathered
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import gather_all
from graphinv.links.question import question_of
from graphinv.links.score import score, score_and_band
from graphinv.links.score_model import Band, HeldOut
from graphinv.opened import OpenedWorkspace

Floats = NDArray[np.float64]

OURS, ORACLE = "graphinv", "oracle of ties on paper"
#: How long after the day arrivals are scored, and how many at most.
AFTER, MOST = timedelta(days=61), 6_000
_TOGETHER = 50


@dataclass(frozen=True)
class Ranked:
    """How each scorer ranks some arrivals; ``closed``: how much of the way from the best baseline to the oracle in AUC
    graphinv goes. None without an oracle, and where the oracle, who knows ties alone, ranks no better than graphinv or
    than a baseline: how much of the gap is closed cannot be read there."""

    by: Mapping[str, Ranking]
    closed: float | None


@dataclass(frozen=True)
class Evaluation:
    """Everything that ``graphinv evaluate`` tells. ``held_out`` and ``notes`` are the model's own words, or say
    what stands in for one."""

    as_of: str
    until: str
    labels: str
    calibrated: bool
    model: str
    everyone: Ranked
    newcomers: Ranked
    reliability: Reliability
    reliability_of_newcomers: Reliability
    tiers: Mapping[str, Reliability]
    bands: tuple[Band, ...]
    banded: tuple[Banded, ...]
    disguises: tuple[Story, ...]
    innocents: tuple[Story, ...]
    strengths: tuple[SameHands, ...]
    reliabilities: tuple[Corroborated, ...]
    newest_outcome: str
    held_out: HeldOut | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Scored:
    """Arrays over the arrivals."""

    score: Floats
    band: list[str]
    tier: list[str]
    baselines: Floats
    links: tuple[tuple[int, float, int], ...]  # (arrival, strength, node at the end)


def evaluate(
    opened: OpenedWorkspace,
    as_of: datetime | None = None,
    *,
    truth: Truth | None = None,
    most: int = MOST,
    after: timedelta = AFTER,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Score the arrivals after a moment by what was known then, and compare with what became of them.

    Without ``as_of`` the moment lies ``after`` before the newest record. It costs an index of that moment and a look-up
    an arrival. Raises InvalidInput when nothing was known by then or nothing came after, NotFound when nothing is known
    of what became of that.
    """
    clock = opened.index.meta.clock
    moment = as_of or clock - after
    if moment >= clock:
        raise InvalidInput(f"nothing arrived after {moment.date()}; choose an earlier day with --as-of")
    until = min(moment + after, clock)
    arrivals = arrivals_after(opened.folder, moment, until, most, truth)
    index = opened.index_as_of(moment)
    scored = _score_all(index, opened.folder.hash_key, arrivals, progress)
    oracle = None if truth is None else ties_on_paper(truth, arrivals.rows, arrivals.seizures)
    everyone = np.ones(len(arrivals.violation), np.bool_)
    model = index.scoring.model
    bands = () if model is None else model.bands
    return Evaluation(
        as_of=moment.isoformat(),
        until=until.isoformat(),
        labels=arrivals.labels,
        calibrated=model is not None and model.calibrated,
        model=index.scored_by,
        everyone=_ranked(arrivals, scored, oracle, everyone),
        newcomers=_ranked(arrivals, scored, oracle, arrivals.newcomer),
        reliability=_reliable(arrivals, scored, everyone),
        reliability_of_newcomers=_reliable(arrivals, scored, arrivals.newcomer),
        tiers={tier: _reliable(arrivals, scored, np.array(scored.tier) == tier) for tier in sorted(set(scored.tier))},
        bands=bands,
        banded=banded([band.name for band in bands], scored.band, arrivals.violation, arrivals.weight),
        disguises=() if truth is None else disguises_found(truth, arrivals, scored.score, scored.band),
        innocents=() if truth is None else innocents_alarmed(truth, arrivals, scored.score, scored.band),
        strengths=() if truth is None else _strengths(opened, index, truth, arrivals, scored),
        reliabilities=corroborated(index),
        newest_outcome="" if model is None else model.learned.known_until,
        held_out=None if model is None else model.held_out,
        notes=index.scoring.notes,
    )


def _score_all(
    index: LinkIndex, hash_key: bytes, arrivals: Arrivals, progress: Callable[[int, int], None] | None
) -> _Scored:
    baselines = Baselines.of(index)
    scores: list[float] = []
    bands: list[str] = []
    tiers: list[str] = []
    others: list[tuple[float, ...]] = []
    links: list[tuple[int, float, int]] = []
    for piece in arrivals.rows.iter_slices(_TOGETHER):
        questions = {str(at): question_of(row) for at, row in enumerate(piece.iter_rows(named=True))}
        for found in gather_all(index, questions, hash_key).values():
            answered = _scored(index, found)
            links.extend((len(scores), walk.strength, walk.nodes[-1]) for walk in found.walks)
            scores.append(answered[0])
            bands.append(answered[1])
            tiers.append(found.tier)
            others.append(baselines.scores(found))
        if progress is not None:
            progress(len(scores), arrivals.rows.height)
    return _Scored(np.array(scores), bands, tiers, np.array(others).reshape(-1, len(BASELINES)), tuple(links))


def _scored(index: LinkIndex, found: Gathered) -> tuple[float, str]:
    if index.scoring.model is not None:
        return score_and_band(index, found)
    answered = score(index, found, tuple(describe_walk(index, walk, NOBODY).link for walk in found.paths))
    return answered.score, answered.band


def _ranked(arrivals: Arrivals, scored: _Scored, oracle: Floats | None, among: NDArray[np.bool_]) -> Ranked:
    violation, weight = arrivals.violation[among], arrivals.weight[among]
    by = {OURS: ranking(scored.score[among], violation, weight)}
    for at, name in enumerate(BASELINES):
        by[name] = ranking(scored.baselines[among, at], violation, weight)
    if oracle is None:
        return Ranked(by, None)
    by[ORACLE] = ranking(oracle[among], violation, weight)
    best = max(by[name].auc for name in BASELINES)
    gap = by[ORACLE].auc - best
    return Ranked(by, (by[OURS].auc - best) / gap if gap > 0 and by[ORACLE].auc > by[OURS].auc else None)


def _reliable(arrivals: Arrivals, scored: _Scored, among: NDArray[np.bool_]) -> Reliability:
    weight, compliant = arrivals.weight[among], arrivals.compliant_weight[among]
    return reliability(scored.score[among], arrivals.violation[among], weight, compliant)


def _strengths(
    opened: OpenedWorkspace, index: LinkIndex, truth: Truth, arrivals: Arrivals, scored: _Scored
) -> tuple[SameHands, ...]:
    hands = hands_by_node(opened.folder, index, truth)
    records = "shipments:" + arrivals.rows["shipment_id"] + "#consignee"
    return same_hands(scored.links, truth.hands_of(records).to_list(), hands)
