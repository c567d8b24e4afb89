"""What a score is made of: claims about one party, each a number that a person can be told the reason for.

A claim of a tie is 0 without one and 1 for the surest; a claim of a record is the log-odds by which goods with that
attribute were in violation more often than others. All of it is known at the moment of the question: the index, its
risks and its seizures hold nothing later, and nothing of the shipment that is asked about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

from graphinv.links.answer import Completeness, Suppressed, WatchlistHit
from graphinv.links.candidates import Compared
from graphinv.links.clues import Clues
from graphinv.links.hashed import nodes_at
from graphinv.links.index import LinkIndex
from graphinv.links.itself import is_itself
from graphinv.links.question import PartyQuestion
from graphinv.links.risk import NO_RISK, Risk, terms_of
from graphinv.links.score_claims import NAMES, NEVER_FILED, RECORDS, TIES
from graphinv.links.vetted import vetted_for
from graphinv.links.walks import Start, Walk, seizure_of
from graphinv.links.weights import CLAIMS, COST_UNIT, HUB_USERS, SAME_AS, weight_of
from graphinv.normalise.goods import hts6
from graphinv.normalise.places import normalize_country, normalize_port

Floats = NDArray[np.float64]


_AT = {name: at for at, name in enumerate(NAMES)}
_RELIABILITY = np.array([weight_of(claim).reliability for claim in CLAIMS])
#: Claims that only shipments make.
_OF_SHIPMENTS = np.isin(CLAIMS, ("SUPPLIED_BY", "BUYS_FROM", "SOURCES_FROM", "USES_BROKER"))
#: Doublings of a strength count from about here.
_LEAST = 0.02
_MANY_HUB_PATHS = 100


@dataclass(frozen=True)
class Gathered:
    """Everything a look-up found before it says anything. ``agreeing``: paths by the values given alone to parties
    that ``walks`` tell as records; ``itself``: parties that the asked one is or may as well be."""

    question: PartyQuestion
    clues: Clues
    compared: Sequence[Compared]
    own: frozenset[int]
    starts: Sequence[Start]
    walks: Sequence[Walk]
    agreeing: Sequence[Walk]
    itself: frozenset[int]
    left_out: Suppressed
    listed: Sequence[WatchlistHit]
    standing: str
    completeness: Completeness

    @property
    def paths(self) -> tuple[Walk, ...]:
        """All that claims of ties are made of: ``walks``, then ``agreeing``."""
        return (*self.walks, *self.agreeing)

    @property
    def tier(self) -> str:
        """How much was declared."""
        return self.completeness.tier


@dataclass(frozen=True)
class Seen:
    """The risk that a record's claim rests on: the kind of attribute, its value as it may be shown, and whether that is
    a hub, which many innocents use."""

    kind: str
    shown: str
    risk: Risk
    hub: bool = False


@dataclass(frozen=True)
class Features:
    """``values`` by ``NAMES``; ``seen`` tells what the records' claims rest on."""

    values: Floats
    seen: dict[str, Seen]


def features(index: LinkIndex, found: Gathered) -> Features:
    """The claims about a party. Raises nothing: what was not given claims nothing."""
    values = tie_values(index, found.paths, found.itself)
    values[_AT["near_seizures"]] = doublings(min(_nearness(index, found), 1.0))
    values[_AT["paths_through_hubs"]] = min(log1p(found.left_out.paths) / log1p(_MANY_HUB_PATHS), 1.0)
    values[_AT["watchlist_likeness"]] = max((hit.score for hit in found.listed if hit.in_force), default=0.0)
    values[_AT["number_of_another"]] = float(_number_of_another(found))
    seen = _records(index, found)
    for name, told in seen.items():
        values[_AT[name]] = told.risk.added
    values[_AT["vetted"]] = float(
        found.standing == "trusted" and vetted_for(index.scoring.vetted, index, found.own, found.question)
    )
    values[_AT[NEVER_FILED]] = float(not _has_filed(index, found))
    if f"given_{found.tier}" in _AT:
        values[_AT[f"given_{found.tier}"]] = 1.0
    return Features(values, seen)


def tie_values(index: LinkIndex, walks: Iterable[Walk], itself: frozenset[int]) -> Floats:
    """What paths alone claim, in an array for all claims.

    A party that was seized itself has the strongest link there is. To each record of ``itself`` (``itself``) the surest
    path alone counts: its values are no further evidence beside it.
    """
    values = np.zeros(len(NAMES))
    others: list[Walk] = []
    for walk in walks:
        for claim in claims_of(index, walk, itself):
            values[_AT[claim]] = max(values[_AT[claim]], walk.strength)
        if not is_itself(index, walk, itself):
            others.append(walk)
    strengths = [walk.strength for walk in one_a_seizure(index, others)]
    values[_AT["some_link"]] = doublings(max([float(values[_AT["own_seizure"]]), *strengths]))
    if strengths:
        values[_AT["best_link"]] = strengths[0]
        values[_AT["further_links"]] = 1.0 - float(np.prod(1.0 - np.array(strengths[1:])))
    return values


def claims_of(index: LinkIndex, walk: Walk, itself: frozenset[int]) -> tuple[str, ...]:
    """What a path claims: that the party's own goods were seized, or by what it holds together with another. Both where
    it ends at a record of the party's own that has another name."""
    own = is_itself(index, walk, itself)
    return (*(("own_seizure",) if own or walk.hops == 0 else ()), *(() if own else (tie_of(index, walk),)))


def one_a_seizure(index: LinkIndex, walks: Sequence[Walk]) -> list[Walk]:
    """The surest path to each seizure, strongest first: another way to the same one is no other."""
    if len(walks) < 2:
        return list(walks)
    surest: dict[str | None, Walk] = {}
    for walk in sorted(walks, key=lambda one: -one.strength):
        surest.setdefault(seizure_of(index, walk), walk)
    return list(surest.values())


def tie_of(index: LinkIndex, walk: Walk) -> str:
    """What a path holds together by: its least reliable claim."""
    claims = [int(index.graph.claim[edge]) for edge in walk.edges]
    if walk.start.claim in CLAIMS:
        claims.append(CLAIMS.index(walk.start.claim))
    weakest = min(claims, key=lambda claim: (_RELIABILITY[claim], claim), default=SAME_AS)
    return TIES.get(CLAIMS[weakest], TIES["SAME_AS"])


def doublings(strength: float) -> float:
    """A strength as a claim: 0 for none, 1 for certainty, and each doubling counts much the same."""
    return log1p(strength / _LEAST) / log1p(1.0 / _LEAST)


def _nearness(index: LinkIndex, found: Gathered) -> float:
    """What reaches the party from seizures over all its values, each value once."""
    near = index.scoring.closeness
    best = {start.node: max(exp(-start.cost / COST_UNIT), 0.0) for start in found.starts if start.node < len(near)}
    return sum(worth * float(near[node]) for node, worth in best.items())


def _number_of_another(found: Gathered) -> bool:
    """The number that the question gives is registered to somebody whose contacts all differ; whoever takes a number
    often takes the name with it, so an equal name proves nothing."""
    holders = [item for item in found.compared if "same_number" in item.features]
    return bool(holders) and all(
        item.features & _OTHER_CONTACTS and not item.features & _AGREEING_CONTACTS for item in holders
    )


_CONTACTS = ("phone", "email", "address")
_OTHER_CONTACTS = frozenset(f"different_{contact}" for contact in _CONTACTS)
_AGREEING_CONTACTS = frozenset(
    {"same_building", *(f"{how}_{contact}" for how in ("same", "like") for contact in _CONTACTS)}
)


def _has_filed(index: LinkIndex, found: Gathered) -> bool:
    """Somebody on record who is the party, or matches it, had goods shipped: a registration alone files nothing."""
    parties = {*found.own, *(item.node for item in found.compared if item.match)}
    parties.update(walk.nodes[-1] for walk in found.walks if is_itself(index, walk, found.itself))
    return any(_files(index, node) for node in parties)


def _files(index: LinkIndex, node: int) -> bool:
    """An importer with a supplier, a shop, a manufacturer or a filer: only its shipments name those."""
    graph = index.graph
    around = graph.edge[int(graph.start[node]) : int(graph.stop[node])]
    return bool(_OF_SHIPMENTS[graph.claim[around]].any()) and index.nodes.text("label", node) == "Importer"


def _records(index: LinkIndex, found: Gathered) -> dict[str, Seen]:
    values = _attributes(index, found)
    given = [
        (name, kind, key, shown) for name, kinds in RECORDS.items() for kind in kinds for key, shown in values[kind]
    ]
    risks = index.scoring.risks.of_all([(kind, key) for _, kind, key, _ in given])
    told: dict[str, tuple[str, str, str, Risk]] = {}
    for (name, kind, key, shown), risk in zip(given, risks, strict=True):
        if risk is not NO_RISK and (name not in told or _tells_more(risk, told[name][-1])):
            told[name] = kind, key, shown, risk
    return {
        name: Seen(kind, shown, risk, hub=_is_hub(index, kind, key)) for name, (kind, key, shown, risk) in told.items()
    }


def _tells_more(risk: Risk, other: Risk) -> bool:
    return (abs(risk.added), risk.examined) > (abs(other.added), other.examined)


def _is_hub(index: LinkIndex, kind: str, key: str) -> bool:
    if kind == "shipper":
        nodes = nodes_at(index.traces.shippers, key)
    else:
        node = index.node(_NODES[kind] + key) if kind in _NODES else None
        nodes = [] if node is None else [node]
    return any(int(index.graph.users[node]) >= HUB_USERS for node in nodes)


#: How the uids of values begin, by the kind of a record; lanes and goods have no nodes that link.
_NODES = {"phone": "phone:", "email": "email:", "address": "", "seller": "", "manufacturer": "mid:"}


def _attributes(index: LinkIndex, found: Gathered) -> dict[str, list[tuple[str, str]]]:
    """By kind: keys as ``links.risk`` counts them, and how each is shown."""
    question, clues = found.question, found.clues
    by_claim: dict[str, list[tuple[str, str]]] = {}
    for clue in clues.values:
        key = clue.uid.partition(":")[2] if clue.claim in _KEYED_BY_UID else clue.uid
        by_claim.setdefault(clue.claim, []).append((clue.key if clue.claim in _KEYED_BY_KEY else key, clue.shown))
    goods = [code for text in question.hts if (code := hts6(text)) is not None]
    port = normalize_port(question.port_code) if question.port_code else None
    origin = normalize_country(question.origin_country) if question.origin_country else None
    own = [uid for node in found.own if (uid := index.nodes.text("uid", node)) is not None]
    return {
        "party": [(uid, "") for uid in own],
        "phone": by_claim.get("HAS_PHONE", []),
        "email": by_claim.get("HAS_EMAIL", []),
        "address": by_claim.get("LOCATED_AT", []),
        "seller": [(clue.uid, clue.shown) for clue in clues.sellers],
        "shipper": by_claim.get("SUPPLIED_BY", []),
        "manufacturer": by_claim.get("SOURCES_FROM", []),
        "broker": by_claim.get("USES_BROKER", []),
        "port": [] if port is None else [(port.code, port.name or port.code)],
        "hts6": [(code, code) for code in goods],
        "chapter": [(code[:2], code[:2]) for code in goods],
        "origin": [] if origin is None else [(origin, origin)],
        "platform": [(item.platform.strip().lower(), item.platform.strip()) for item in question.sellers],
        "term": [(word, word) for text in question.descriptions for word in terms_of(text)],
    }


_KEYED_BY_UID = frozenset({"SUPPLIED_BY", "SOURCES_FROM", "USES_BROKER"})
_KEYED_BY_KEY = frozenset({"HAS_PHONE", "HAS_EMAIL"})
