"""The look-up: a party that nobody may have seen before, and how it hangs together with seized parties.

The party becomes a virtual node over the values it shares with the index and the candidates it may be; the best paths
from there to seizures are the answer. Nothing is written anywhere.
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from graphinv.links.answer import (
    Candidate,
    GraphView,
    IndexInfo,
    Link,
    LookupAnswer,
    PartyAnswer,
    Suppressed,
    WatchlistHit,
)
from graphinv.links.candidates import Compared, find_candidates, is_party_itself
from graphinv.links.clues import Clue, Clues, building_uid, read_clues
from graphinv.links.completeness import completeness
from graphinv.links.describe import Asked, describe_walk, merge_views
from graphinv.links.index import LinkIndex
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.names import find_names
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.links.score import score
from graphinv.links.walks import Start, Walks, find_walks
from graphinv.links.weights import CLAIMS, HUB_USERS, cost_of, edge_costs
from graphinv.normalise.names import normalize_name

#: A candidate less probable than this is shown but not followed.
FOLLOWED = 0.3

#: What is believed of a value that the caller gives.
GIVEN = 0.95

_NAME_ALONE, _NAME_AND_COUNTRY = 0.4, 0.6


@dataclass(frozen=True)
class _Answered:
    answer: PartyAnswer
    view: GraphView


def look_up(index: LinkIndex, request: LookupRequest, hash_key: bytes, *, stale: bool = False) -> LookupAnswer:
    """Answer every query of a request. ``stale`` marks answers as degraded: records came in after the index."""
    began = perf_counter()
    answered = {
        key: _answer(index, Asked(key, question), request, hash_key, stale) for key, question in request.queries.items()
    }
    return LookupAnswer(
        responses={key: item.answer for key, item in answered.items()},
        graph=merge_views(item.view for item in answered.values()),
        as_of=index.meta.clock.isoformat(),
        index=IndexInfo(index.meta.epoch, index.meta.built_at, index.meta.model),
        took_ms=round((perf_counter() - began) * 1000, 3),
    )


def _answer(index: LinkIndex, asked: Asked, request: LookupRequest, hash_key: bytes, stale: bool) -> _Answered:
    question = asked.question
    clues = read_clues(question, hash_key)
    compared = find_candidates(index, clues)
    itself = [item for item in compared if is_party_itself(item)]
    starts = _starts(index, clues, compared, itself)
    walks = find_walks(index, starts, request.paths, request.max_hops)
    told = [describe_walk(index, walk, asked) for walk in walks.walks]
    links = tuple(item.link for item in told)
    left_out = _left_out(index, clues, links)
    listed = _watchlist(index, clues, question)
    standing = _standing(index, compared, itself)
    scored = score(links, listed, left_out, standing)
    answer = PartyAnswer(
        status=_status(walks, stale),
        score=scored.score,
        interval=scored.interval,
        calibrated=False,
        band=scored.band,
        standing=standing,
        terms=scored.terms,
        completeness=completeness(question),
        candidates=_shown(compared, request.limit),
        links=links,
        suppressed=left_out,
        watchlist=listed,
        notes=_notes(index, clues, compared, itself),
    )
    return _Answered(answer, merge_views(item.view for item in told))


def _shown(compared: list[Compared], limit: int) -> tuple[Candidate, ...]:
    return tuple(item.candidate for item in compared[:limit])


def _status(walks: Walks, stale: bool) -> str:
    if walks.gave_up:
        return "truncated"
    return "degraded" if stale else "complete"


def _starts(index: LinkIndex, clues: Clues, compared: list[Compared], itself: list[Compared]) -> list[Start]:
    own = {item.node for item in itself}
    starts: list[Start] = []
    for item in compared:
        if item.candidate.score >= FOLLOWED:
            cost = int(cost_of(np.array([item.candidate.score]))[0])
            claim = None if item.node in own else "SAME_AS"
            starts.append(Start(item.node, cost, claim, item.candidate.caption, item.candidate.score))
    starts.extend(_value_start(index, clue) for clue in clues.values if index.node(clue.uid) is not None)
    starts.extend(_value_start(index, clue) for clue in clues.sellers if _is_other(index, clue, own))
    starts.extend(_building_starts(index, clues))
    starts.extend(_shipper_starts(index, clues))
    return starts


def _is_other(index: LinkIndex, clue: Clue, own: set[int]) -> bool:
    node = index.node(clue.uid)
    return node is not None and node not in own


def _value_start(index: LinkIndex, clue: Clue, node: int | None = None) -> Start:
    at = index.node(clue.uid) if node is None else node
    if at is None:
        raise ValueError(f"{clue.field}: not in the index")
    return Start(at, _cost(clue.claim, int(index.graph.users[at]) + 1), clue.claim, clue.shown, GIVEN)


def _cost(claim: str, users: int) -> int:
    one = edge_costs(np.array([CLAIMS.index(claim)]), np.array([users]), np.array([GIVEN], np.float64), np.array([0.0]))
    return int(one[0])


def _building_starts(index: LinkIndex, clues: Clues) -> list[Start]:
    """A suite that nobody has used yet still stands in a building that the index may know."""
    starts: list[Start] = []
    for address in clues.addresses:
        uid = building_uid(address)
        node = index.node(uid) if uid is not None else None
        if node is not None and address.unit_key is not None:
            users = int(index.graph.users[node]) + 1
            cost = _cost("LOCATED_AT", 1) + _cost("SAME_BUILDING", users)
            starts.append(Start(node, cost, "SAME_BUILDING", address.caption, GIVEN))
    return starts


def _shipper_starts(index: LinkIndex, clues: Clues) -> list[Start]:
    """Shippers are on record by name and country; here the name alone has to do."""
    starts: list[Start] = []
    labels, keys = index.graph.nodes["label"], index.graph.nodes["name_key"]
    for clue in clues.values:
        if clue.claim == "SUPPLIED_BY":
            key = clue.uid.removeprefix("name:")
            found = find_names(index.names, tuple(key.split()), 10)
            starts.extend(
                _value_start(index, clue, node) for node in found if labels[node] == "Shipper" and keys[node] == key
            )
    return starts


def _left_out(index: LinkIndex, clues: Clues, links: tuple[Link, ...]) -> Suppressed:
    """Seized parties that are reached through hubs only: counted, and the hubs named."""
    graph = index.graph
    told = {node for link in links for node in link.path.nodes}
    hubs: list[str] = []
    paths = 0
    for uid in dict.fromkeys([*(clue.uid for clue in clues.values), *filter(None, map(building_uid, clues.addresses))]):
        node = index.node(uid)
        if node is None or graph.users[node] < HUB_USERS or uid in told:
            continue
        around = graph.adj[int(graph.ptr[node]) : int(graph.ptr[node + 1])]
        paths += int((graph.seed_cost[around] != UNREACHABLE).sum())
        hubs.append(uid)
    return Suppressed(paths, tuple(hubs))


def _standing(index: LinkIndex, compared: list[Compared], itself: list[Compared]) -> str:
    """The strongest standing among the records that are the party itself, or surely match it."""
    order = ("seized", "trusted", "known")
    sure = itself or [item for item in compared if item.candidate.match]
    standings = {index.graph.nodes["standing"][item.node] for item in sure}
    return next((name for name in order if name in standings), "unknown")


def _watchlist(index: LinkIndex, clues: Clues, question: PartyQuestion) -> tuple[WatchlistHit, ...]:
    names = [(clues.name, clues.country)] if clues.name is not None else []
    shippers = [(name, None) for text in question.shippers if (name := normalize_name(text)) is not None]
    hits: dict[str, WatchlistHit] = {}
    frame = index.graph.listed
    for name, country in (*names, *shippers):
        for row in frame.filter(frame["name_key"] == name.key).iter_rows(named=True):
            agrees = country is not None and country == row["country"]
            worth = _NAME_AND_COUNTRY if agrees else _NAME_ALONE
            reason = f"{name.caption} has the name of {row['caption']}" + (" and its country" if agrees else "")
            in_force = row["ended_on"] is None or row["ended_on"] >= index.meta.clock.date()
            hit = WatchlistHit(
                row["uid"],
                row["list"],
                row["caption"],
                worth,
                reason,
                in_force,
                (row["record_id"],),
                row["reference_url"],
            )
            hits.setdefault(hit.id, hit)
    return tuple(sorted(hits.values(), key=lambda hit: (-hit.score, hit.id)))


def _notes(index: LinkIndex, clues: Clues, compared: list[Compared], itself: list[Compared]) -> tuple[str, ...]:
    own = {item.node for item in itself}
    notes = [f"{field}: nothing usable in what was given" for field in clues.unusable]
    for item in compared:
        features = {reason.feature for reason in item.candidate.reasons}
        if "same_number" in features and item.node not in own:
            notes.append(
                f"importer_number: registered to {item.candidate.caption}, whose contacts differ; it may be stolen"
            )
    if any(index.graph.nodes["possible_victim"][item.node] for item in itself):
        notes.append("importer_number: it stands on shipments whose contacts contradict the registered ones")
    return tuple(notes)
