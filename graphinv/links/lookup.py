"""The look-up: a party that nobody may have seen before, and how it hangs together with seized parties.

The party becomes a virtual node over the values it shares with the index and the candidates it may be; the best paths
from there to seizures are the answer. Nothing is written anywhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from graphinv.links.answer import (
    Candidate,
    GraphView,
    IndexInfo,
    LookupAnswer,
    PartyAnswer,
    Suppressed,
    WatchlistHit,
)
from graphinv.links.around import added_through
from graphinv.links.candidates import Compared, agreeing, find_candidates, is_party_itself
from graphinv.links.clues import Clue, Clues, building_uid, read_clues
from graphinv.links.completeness import completeness
from graphinv.links.describe import Asked, describe_walk, merge_views
from graphinv.links.faint import told_weak
from graphinv.links.features import Gathered
from graphinv.links.hashed import nodes_at
from graphinv.links.hints import Hint, hints_of
from graphinv.links.identities import standing_of
from graphinv.links.index import LinkIndex
from graphinv.links.itself import by_values_alone, not_told_apart
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.number_used import is_victim, number_used
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.links.score import score
from graphinv.links.uncalibrated import BY_LINKS
from graphinv.links.walks import Start, Walks, find_walks
from graphinv.links.watchlist import watchlist_hits
from graphinv.links.weights import CLAIMS, HUB_USERS, cost_of, cost_when_given, edge_costs, told_reliabilities

#: A candidate less probable than this is shown but not followed.
FOLLOWED = 0.3

#: Links that make the score, and how long they may be, however many and however long ones are shown.
SCORED = 5
SCORED_HOPS: int = LookupRequest.model_fields["max_hops"].default

#: What is believed of a value that the caller gives.
GIVEN = 0.95

#: Shippers of one name that are followed.
_SHIPPERS = 10

#: What it costs to be in a unit of a building.
_UNIT_COST = int(
    edge_costs(told_reliabilities(), np.array([CLAIMS.index("LOCATED_AT")]), np.array([1]), np.ones(1), np.zeros(1))[0]
)


@dataclass(frozen=True)
class _Read:
    """A query as it was understood, and the watch list entries that it looks like."""

    asked: Asked
    clues: Clues
    listed: tuple[WatchlistHit, ...]


@dataclass(frozen=True)
class _Answered:
    answer: PartyAnswer
    view: GraphView


def look_up(index: LinkIndex, request: LookupRequest, hash_key: bytes, *, behind: str | None = None) -> LookupAnswer:
    """Answer every query of a request. ``behind`` says what is on record that the index lacks: it marks answers as
    degraded, and they say so."""
    began = perf_counter()
    read = _read_all(index, request.queries, hash_key)
    answered = {key: _answer(index, item, request, behind) for key, item in read.items()}
    return LookupAnswer(
        responses={key: item.answer for key, item in answered.items()},
        graph=merge_views(item.view for item in answered.values()),
        as_of=index.meta.clock.isoformat(),
        index=IndexInfo(index.meta.epoch, index.meta.built_at, index.scored_by),
        took_ms=round((perf_counter() - began) * 1000, 3),
    )


def _read_all(index: LinkIndex, questions: Mapping[str, PartyQuestion], hash_key: bytes) -> dict[str, _Read]:
    clues = {key: read_clues(question, hash_key) for key, question in questions.items()}
    return {
        key: _Read(Asked(key, question), clues[key], watchlist_hits(index, clues[key]))
        for key, question in questions.items()
    }


def starts_of(index: LinkIndex, question: PartyQuestion, clues: Clues) -> list[Start]:
    """Where a question enters the index: records that may be the party, values that it gives, and hints."""
    compared = find_candidates(index, clues)
    itself = [item for item in compared if is_party_itself(item)]
    return _starts(index, question, clues, compared, itself)


def gather_all(index: LinkIndex, questions: Mapping[str, PartyQuestion], hash_key: bytes) -> dict[str, Gathered]:
    """What look-ups of these questions find, without a word said: what scores are learned from."""
    return {key: _gather(index, item)[0] for key, item in _read_all(index, questions, hash_key).items()}


def _gather(index: LinkIndex, read: _Read) -> tuple[Gathered, Walks]:
    compared = find_candidates(index, read.clues)
    itself = [item for item in compared if is_party_itself(item)]
    starts = _starts(index, read.asked.question, read.clues, compared, itself)
    walks = find_walks(index, starts, SCORED, SCORED_HOPS)
    alone = by_values_alone(index, starts, walks.walks, SCORED, SCORED_HOPS)
    own = frozenset(item.node for item in itself)
    found = Gathered(
        question=read.asked.question,
        clues=read.clues,
        compared=compared,
        own=own,
        starts=starts,
        walks=walks.walks,
        agreeing=alone.walks,
        itself=not_told_apart(index, read.clues, compared, own, (*walks.walks, *alone.walks)),
        left_out=_left_out(index, read.clues, walks),
        listed=read.listed,
        standing=_standing(index, compared, itself),
        completeness=completeness(index, read.clues.given, compared),
    )
    return found, replace(walks, gave_up=walks.gave_up or alone.gave_up)


def _answer(index: LinkIndex, read: _Read, request: LookupRequest, behind: str | None) -> _Answered:
    found, walks = _gather(index, read)
    links = [describe_walk(index, walk, read.asked) for walk in found.paths]
    scored = score(index, found, tuple(item.link for item in links))
    told = links[: len(found.walks)][: request.paths]
    if request.max_hops != SCORED_HOPS or request.paths > SCORED:
        shown = find_walks(index, list(found.starts), request.paths, request.max_hops)
        walks = replace(shown, gave_up=shown.gave_up or walks.gave_up)  # the score rests on the other search
        told = [describe_walk(index, walk, read.asked) for walk in walks.walks]
    victims = _victims(index, found)
    answer = PartyAnswer(
        status=_status(walks.gave_up, behind),
        score=scored.score,
        interval=scored.interval,
        calibrated=scored.calibrated,
        stand_in=index.scoring.rests_on,
        band=scored.band,
        standing=found.standing,
        terms=scored.terms,
        completeness=found.completeness,
        candidates=_shown(found.compared, request.limit),
        links=tuple(item.link for item in told),
        suppressed=found.left_out,
        watchlist=read.listed,
        notes=(
            *_notes(read.clues, found, victims),
            *beyond_bound(walks, request.max_hops),
            *told_weak(index, found.starts),
            *_lacking(behind),
            *_of_the_model(index, scored.band),
        ),
        lowers_most=scored.lowers_most,
        number_used=number_used(index, victims) if victims else (),
    )
    return _Answered(answer, merge_views(item.view for item in told))


def _of_the_model(index: LinkIndex, band: str) -> tuple[str, ...]:
    """How well the band is borne out, what stands in where the score is not calibrated, and that it is by a plainer way
    than by learned weights and curves."""
    model = index.scoring.model
    if model is None:
        return (f"score: {BY_LINKS}",)
    told = ((f"band {band}", model.told_of(band)), ("score", model.uncalibrated), ("score", model.plainer))
    return tuple(f"{what}: {said}" for what, said in told if said is not None)


def beyond_bound(walks: Walks, max_hops: int) -> tuple[str, ...]:
    """What the bound on hops left out, for those who read the answer."""
    if walks.beyond is None:
        return ()
    told = f"a path of {walks.beyond.hops} hops and strength {walks.beyond.strength:.2f} is longer than that"
    return (f"max_hops {max_hops}: {told}",)


def _shown(compared: Sequence[Compared], limit: int) -> tuple[Candidate, ...]:
    return tuple(item.candidate for item in compared[:limit])


def _status(gave_up: bool, behind: str | None) -> str:
    if gave_up:
        return "truncated"
    return "complete" if behind is None else "degraded"


def _lacking(behind: str | None) -> tuple[str, ...]:
    """Why the answer is degraded, for those who read it."""
    return () if behind is None else (f"not known here yet: {behind}; the next load brings it in",)


@dataclass(frozen=True)
class _Lead:
    """Something that leads into the index: a node, what claims it, how it is shown, and how many use it by now, the
    asked party counted once; ``more``: it is a user of whom the index does not know."""

    node: int
    claim: str
    shown: str
    users: int
    more: bool


def _starts(
    index: LinkIndex, question: PartyQuestion, clues: Clues, compared: list[Compared], itself: list[Compared]
) -> list[Start]:
    followed = [item for item in compared if item.score >= FOLLOWED]
    own = {item.node for item in itself if item.score >= FOLLOWED}  # the others are reached by what is given
    costs = cost_of(np.array([item.score for item in followed], np.float64))
    records = [
        Start(item.node, int(cost), None if item.node in own else "SAME_AS", item.caption, item.score)
        for item, cost in zip(followed, costs, strict=True)
    ]
    hints = [hint for hint in hints_of(index, question, clues) if hint.node not in own]
    values = [_value_start(index, lead) for lead in _leads(index, clues, own)]
    return [*records, *values, *_hint_starts(index, hints)]


def _hint_starts(index: LinkIndex, hints: list[Hint]) -> list[Start]:
    if not hints:
        return []
    costs = edge_costs(
        index.graph.reliability,
        np.array([CLAIMS.index(hint.claim) for hint in hints]),
        np.array([hint.users for hint in hints]),
        np.array([GIVEN * hint.confidence for hint in hints]),
        np.array([hint.age_days for hint in hints], np.float64),
    )
    return [
        Start(
            hint.node, max(int(cost) - _to_a_user(index, hint.node), 1), hint.claim, hint.given,
            round(GIVEN * hint.confidence, 4), hint.records, hint.users,
        )
        for hint, cost in zip(hints, costs, strict=True)
    ]  # fmt: skip


def _to_a_user(index: LinkIndex, node: int) -> int:
    """What the way on from a value to the surest of its users costs, which a hint pays already: it tells of them."""
    if index.graph.party[node]:
        return 0
    return int(index.graph.weight[int(index.graph.start[node]) : int(index.graph.stop[node])].min(initial=UNREACHABLE))


def _value_start(index: LinkIndex, lead: _Lead) -> Start:
    """It pays for the asked party's own half, and for what the other users' half loses by one user more: so it is as
    strong before it is on record as it is then."""
    cost = cost_when_given(index.graph.reliability, lead.claim, lead.users, GIVEN, more=lead.more)
    unit = _UNIT_COST if lead.claim == "SAME_BUILDING" else 0
    return Start(lead.node, cost + unit, lead.claim, lead.shown, GIVEN, users=lead.users)


def _leads(index: LinkIndex, clues: Clues, own: set[int]) -> list[_Lead]:
    """Values given, shops bought from, buildings whose unit nobody has used yet, and shippers by their name."""
    found = [(index.node(clue.uid), clue) for clue in (*clues.values, *clues.sellers)]
    using = _used_by(index, own)
    leads = [
        _lead(index, using, node, clue.claim, clue.shown)
        for node, clue in found
        if node is not None and node not in own
    ]
    for address in clues.addresses:
        uid = building_uid(address) if address.unit_key is not None else None
        node = index.node(uid) if uid is not None else None
        if node is not None:
            leads.append(_lead(index, using, node, "SAME_BUILDING", address.caption))
    for clue in clues.values:
        if clue.claim == "SUPPLIED_BY":
            leads.extend(_lead(index, using, node, clue.claim, clue.shown) for node in _shippers(index, clue))
    return leads


def _used_by(index: LinkIndex, own: set[int]) -> set[int]:
    """What the asked party's own records use, and the buildings of their units: there it is counted already."""
    graph = index.graph
    near = [node for record in own for node in graph.adj[graph.start[record] : graph.stop[record]].tolist()]
    return {*near, *graph.building[near].tolist()} if near else set()


def _lead(index: LinkIndex, using: set[int], node: int, claim: str, shown: str) -> _Lead:
    more = node not in using
    return _Lead(node, claim, shown, int(index.graph.users[node]) + more, more)


def _shippers(index: LinkIndex, clue: Clue) -> list[int]:
    """Shippers are on record by name and country; here the name alone has to do."""
    key = clue.uid.removeprefix("name:")
    found = nodes_at(index.traces.shippers, key)[:_SHIPPERS]
    return [node for node in found if index.nodes.text("name_key", node) == key]


def _left_out(index: LinkIndex, clues: Clues, walks: Walks) -> Suppressed:
    """Seized parties that are reached through hubs only: counted, each once, and the hubs named that lead to them."""
    graph = index.graph
    told = {node for walk in walks.walks for node in walk.nodes}
    hubs = [node for node in dict.fromkeys(_given(index, clues)) if graph.users[node] >= HUB_USERS and node not in told]
    if not hubs:
        return Suppressed(0, ())
    buildings = {index.node(uid) for uid in filter(None, map(building_uid, clues.addresses))}
    added = added_through(
        np.array(hubs), np.array([node in buildings for node in hubs]), np.array([*told], np.int64),
        graph.start, graph.stop, graph.adj, graph.seed_cost, graph.party,
    )  # fmt: skip
    leading = (index.nodes.text("uid", node) or "" for node, more in zip(hubs, added.tolist(), strict=True) if more)
    return Suppressed(int(added.sum()), tuple(leading))


def _given(index: LinkIndex, clues: Clues) -> Iterator[int]:
    """The nodes of all that a question gives: values, buildings, sellers, and shippers by their name."""
    uids = (clue.uid for clue in (*clues.values, *clues.sellers))
    for uid in (*uids, *filter(None, map(building_uid, clues.addresses))):
        node = index.node(uid)
        if node is not None:
            yield node
    for clue in clues.values:
        if clue.claim == "SUPPLIED_BY":
            yield from _shippers(index, clue)


def _standing(index: LinkIndex, compared: list[Compared], itself: list[Compared]) -> str:
    """The strongest standing among the identities of records that are the party itself, or match it by more than one
    value: others answer the same phone, and live at the same address."""
    sure = itself or [item for item in compared if item.match and len(agreeing(item.features)) > 1]
    return standing_of(index, [item.node for item in sure])


#: Why a value cannot be used, where that is not plain to see.
_UNUSABLE = {"bank_accounts": "part of an account fits many; give the full account number, or IBAN"}


def _notes(clues: Clues, found: Gathered, victims: Sequence[int]) -> tuple[str, ...]:
    notes = [f"{field}: {_UNUSABLE.get(field, 'nothing usable in what was given')}" for field in clues.unusable]
    notes += [
        f"importer_number: registered to {item.caption}, whose contacts differ; it may be stolen"
        + (", as it stood before on shipments of somebody else" if item.node in victims else "")
        for item in _of_others(found)
    ]
    if not found.own.isdisjoint(victims):
        notes.append("importer_number: it stands on shipments whose contacts contradict the registered ones")
    return tuple(notes)


def _of_others(found: Gathered) -> Iterator[Compared]:
    """Those whose importer number is given by somebody else."""
    return (item for item in found.compared if "same_number" in item.features and item.node not in found.own)


def _victims(index: LinkIndex, found: Gathered) -> list[int]:
    """Whose number others used: the party itself, or the holder of the number that it gives."""
    holders = (*sorted(found.own), *(item.node for item in _of_others(found)))
    return [node for node in holders if is_victim(index, node)]
