"""Whom on record an example resembles, in the shape of yente's ``/match``: entities by falling score, each with the
features that were compared. Nothing is written anywhere, and no links are followed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter

from graphinv.links.answer import Reason
from graphinv.links.candidates import Compared, find_candidates
from graphinv.links.identities import identities_of
from graphinv.links.index import LinkIndex
from graphinv.links.match_question import Example, MatchQuery, MatchRequest, read_example
from graphinv.links.weights import CLAIMS

#: Most values of one property that a result shows.
_VALUES = 20
#: Most edges of an identity that are read for its properties.
_READ = 200
#: FollowTheMoney's properties that edges lead to.
_PROPERTY = {"LOCATED_AT": "address", "HAS_PHONE": "phone", "HAS_EMAIL": "email", "HAS_WEBSITE": "website"}
#: What a party is, by FollowTheMoney's schemas: feeds seldom say whether it is a firm or a person.
_SCHEMA = "LegalEntity"


@dataclass(frozen=True)
class Explanation:
    """One comparison: its weight, what was found, and the two values."""

    score: float
    detail: str
    query: str
    candidate: str


@dataclass(frozen=True)
class MatchResult:
    """An entity on record. ``referents`` are its other identities, ``datasets`` the feeds that name it."""

    id: str
    caption: str
    schema: str
    properties: dict[str, list[str]]
    datasets: tuple[str, ...]
    referents: tuple[str, ...]
    score: float
    match: bool
    features: dict[str, float]
    explanations: dict[str, Explanation]


@dataclass(frozen=True)
class MatchTotal:
    """How many entities resemble the example at all."""

    value: int
    relation: str


@dataclass(frozen=True)
class MatchedQuery:
    """The query as it was understood."""

    id: str | None
    schema: str
    properties: dict[str, list[str]]


@dataclass(frozen=True)
class Matches:
    """The answer to one query."""

    status: int
    results: tuple[MatchResult, ...]
    total: MatchTotal
    query: MatchedQuery


@dataclass(frozen=True)
class Matcher:
    """What compared: the model and index, and how to read a feature's score."""

    name: str
    model: str
    epoch: int
    scores: str


@dataclass(frozen=True)
class MatchAnswer:
    """The answer to a request."""

    responses: dict[str, Matches]
    matcher: Matcher
    limit: int
    threshold: float
    took_ms: float


_HOW_TO_READ = (
    "A feature's score is a match weight in bits (log2): above 0 it speaks for one party, below 0 against. The "
    "score of a result is the probability that it is the party of the example."
)


def match_parties(
    index: LinkIndex, request: MatchRequest, hash_key: bytes, *, limit: int, threshold: float
) -> MatchAnswer:
    """Answer every query of a request: up to ``limit`` entities each, a match from the ``threshold`` on."""
    began = perf_counter()
    responses = {key: _match(index, query, hash_key, limit, threshold) for key, query in request.queries.items()}
    return MatchAnswer(
        responses=responses,
        matcher=Matcher("graphinv", index.meta.model, index.meta.epoch, _HOW_TO_READ),
        limit=limit,
        threshold=threshold,
        took_ms=round((perf_counter() - began) * 1000, 3),
    )


def _match(index: LinkIndex, query: MatchQuery, hash_key: bytes, limit: int, threshold: float) -> Matches:
    example = read_example(query, hash_key)
    found = _by_entity(index, example)
    used = {name: list(values) for name, values in example.used.items()}
    return Matches(
        status=200,
        results=tuple(_result(index, one, threshold) for one in found[:limit]),
        total=MatchTotal(len(found), "eq"),
        query=MatchedQuery(query.id, query.schema_, used),
    )


def _by_entity(index: LinkIndex, example: Example) -> list[Compared]:
    """The likeliest identity of every entity, over all names of the example, by falling score."""
    best: dict[str, Compared] = {}
    for clues in example.variants:
        for item in find_candidates(index, clues):
            entity = index.nodes.text("entity", item.node) or item.uid
            if entity not in best or item.score > best[entity].score:
                best[entity] = item
    return sorted(best.values(), key=lambda item: (-item.score, item.uid))


def _result(index: LinkIndex, item: Compared, threshold: float) -> MatchResult:
    candidate = item.candidate
    members = identities_of(index, [item.node])
    entity = index.nodes.text("entity", item.node) or candidate.id
    told = _explained(candidate.reasons)
    properties, datasets = _properties(index, members)
    return MatchResult(
        id=entity,
        caption=candidate.caption,
        schema=_SCHEMA,
        properties=properties,
        datasets=datasets,
        referents=tuple(sorted({index.nodes.text("uid", node) or "" for node in members} - {entity})),
        score=candidate.score,
        match=candidate.score >= threshold,
        features={name: one.score for name, one in told.items()},
        explanations=told,
    )


def _explained(reasons: Iterable[Reason]) -> dict[str, Explanation]:
    """By feature; one that several values have (two shared phones) is told by the strongest, with the sum of all."""
    told: dict[str, Explanation] = {}
    for reason in sorted(reasons, key=lambda reason: -abs(reason.weight)):
        before = told.get(reason.feature)
        if before is None:
            told[reason.feature] = Explanation(reason.weight, reason.detail, reason.query, reason.candidate)
        else:
            score, detail = round(before.score + reason.weight, 3), f"{before.detail}; {reason.detail}"
            told[reason.feature] = Explanation(score, detail, before.query, before.candidate)
    return told


def _properties(index: LinkIndex, members: list[int]) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """What the identities declared, by FollowTheMoney's names, and which feeds say so."""
    found: dict[str, dict[str, None]] = {}
    feeds: set[str] = set()
    for node in members:
        _add(found, "name", index.nodes.text("caption", node))
        _add(found, "country", index.nodes.text("country", node))
        start = int(index.graph.start[node])
        span = slice(start, min(int(index.graph.stop[node]), start + _READ))
        edges = index.graph.edge[span].tolist()
        for other, edge in zip(index.graph.adj[span].tolist(), edges, strict=True):
            claim = CLAIMS[int(index.graph.claim[edge])]
            if claim in _PROPERTY:
                _add(found, _PROPERTY[claim], index.nodes.text("caption", other))
                feeds.update(record.partition(":")[0] for record in index.edges.cell("sources", edge))
    return {name: list(values)[:_VALUES] for name, values in found.items()}, tuple(sorted(feeds))


def _add(found: dict[str, dict[str, None]], name: str, value: str | None) -> None:
    if value:
        found.setdefault(name, {})[value] = None
