"""Which parties on record the queried one may be: found by shared values and like names, compared claim by claim.

The comparison weights are natural-log match weights in the manner of Fellegi and Sunter (JASA 64, 1969): positive for
agreement, negative for disagreement, the prior in front. They are set by hand, not trained; a shared value's weight
falls with the logarithm of its users.
"""

from dataclasses import dataclass
from math import exp, log

from rapidfuzz import fuzz

from graphinv.links.answer import Candidate, Reason
from graphinv.links.clues import Clue, Clues, building_uid, number_uid
from graphinv.links.index import LinkIndex
from graphinv.links.names import find_names
from graphinv.links.weights import HUB_USERS

#: Log-odds that a party found at all is the one that is asked for.
PRIOR = -5.0

#: From this probability on a candidate is called a match.
MATCH = 0.9

#: Below it a candidate is not worth showing, nor following.
SHOWN = 0.05

_SAME_NUMBER = 9.0
_SAME_NAME = 4.0
_LIKE_NAME = 2.5
_OTHER_NAME = -3.0
_OTHER_COUNTRY = -2.0
_SAME_VALUE = {"PAID_TO": 5.5, "HAS_EMAIL": 5.0, "HAS_PHONE": 5.0, "HAS_WEBSITE": 4.0, "LOCATED_AT": 4.5,
               "HAS_OFFICER": 2.0}  # fmt: skip
_SAME_BUILDING = 1.5
_LIKE = 88.0

_FEATURE = {"PAID_TO": "same_bank_account", "HAS_EMAIL": "same_email", "HAS_PHONE": "same_phone",
            "HAS_WEBSITE": "same_website", "LOCATED_AT": "same_address", "HAS_OFFICER": "same_officer"}  # fmt: skip

_FOUND_BY_NAME = 20
_FOUND_BY_VALUE = 30


@dataclass(frozen=True)
class Compared:
    """A candidate with its position in the index."""

    node: int
    candidate: Candidate


def find_candidates(index: LinkIndex, clues: Clues) -> list[Compared]:
    """Candidates by falling probability; hubs bring none, since their users have nothing else in common."""
    nodes = dict.fromkeys([*_by_number(index, clues), *_by_value(index, clues), *_by_name(index, clues)])
    compared = [_compare(index, clues, node) for node in nodes]
    shown = [item for item in compared if item.candidate.score >= SHOWN]
    return sorted(shown, key=lambda item: (-item.candidate.score, item.candidate.id))


def is_party_itself(compared: Compared) -> bool:
    """True when the candidate is a record of the asked party: its number or account, or a match by name and more.

    With another name and nothing else in common a number may be stolen, and an account only the shop.
    """
    features = {reason.feature for reason in compared.candidate.reasons}
    if "same_name" in features:
        return compared.candidate.match
    agreeing = features - {"same_number", "same_account", "different_name", "different_country"}
    return bool(features & {"same_number", "same_account"}) and ("different_name" not in features or bool(agreeing))


def _by_number(index: LinkIndex, clues: Clues) -> list[int]:
    own = [number_uid(clues.number)] if clues.number is not None else []
    sellers = [clue.uid for clue in clues.sellers]
    uids = (*own, *_uids_of_keys(index, clues), *sellers)
    return [node for uid in uids if (node := index.node(uid)) is not None]


def _uids_of_keys(index: LinkIndex, clues: Clues) -> list[str]:
    """Parties that declared one of the question's numbers as a tax number."""
    frame = index.graph.identifiers
    keys = frame["key"]
    spans = [(int(keys.search_sorted(key)), int(keys.search_sorted(key, side="right"))) for key in clues.numbers]
    return [uid for start, end in spans for uid in frame["uid"][start:end].to_list()]


def _by_value(index: LinkIndex, clues: Clues) -> list[int]:
    found: list[int] = []
    for clue in clues.values:
        node = index.node(clue.uid)
        if node is None or clue.claim not in _SAME_VALUE or index.graph.users[node] > HUB_USERS:
            continue
        found.extend(other for other, claim in _neighbours(index, node) if claim == clue.claim)
    return found[:_FOUND_BY_VALUE]


def _by_name(index: LinkIndex, clues: Clues) -> list[int]:
    return [] if clues.name is None else find_names(index.names, clues.name.tokens, _FOUND_BY_NAME)


def _neighbours(index: LinkIndex, node: int) -> list[tuple[int, str]]:
    graph = index.graph
    span = slice(int(graph.ptr[node]), int(graph.ptr[node + 1]))
    claims = graph.edges["claim"].gather(graph.edge[span]).to_list()
    return list(zip(graph.adj[span].tolist(), claims, strict=True))


def _compare(index: LinkIndex, clues: Clues, node: int) -> Compared:
    uid, caption, name_key, country = index.graph.nodes.select("uid", "caption", "name_key", "country").row(node)
    reasons = [
        *_compare_numbers(index, clues, uid),
        *_compare_names(clues, name_key, caption),
        *_compare_values(index, clues, node),
        *_compare_countries(clues, country),
    ]
    score = 1.0 / (1.0 + exp(-(PRIOR + sum(reason.weight for reason in reasons))))
    return Compared(node, Candidate(uid, caption, round(score, 4), score >= MATCH, tuple(reasons)))


def _compare_numbers(index: LinkIndex, clues: Clues, uid: str) -> list[Reason]:
    if clues.number is not None and number_uid(clues.number) == uid:
        shown = clues.number.shown
        return [Reason("same_number", _SAME_NUMBER, shown, shown, "the importer number is the same")]
    if any(clue.uid == uid for clue in clues.sellers):
        return [Reason("same_account", _SAME_NUMBER, uid, uid, "it is this marketplace account")]
    if uid in _uids_of_keys(index, clues):
        return [Reason("same_number", _SAME_NUMBER, "…", "…", "the tax or importer number is the same")]
    return []


def _compare_names(clues: Clues, name_key: str | None, caption: str) -> list[Reason]:
    if clues.name is None or not name_key:
        return []
    if clues.name.key == name_key:
        return [Reason("same_name", _SAME_NAME, clues.name.caption, caption, "the names are the same once folded")]
    likeness = fuzz.token_sort_ratio(clues.name.key, name_key)
    if likeness >= _LIKE:
        detail = f"the names are alike ({likeness:.0f} of 100)"
        return [Reason("like_name", _LIKE_NAME, clues.name.caption, caption, detail)]
    return [Reason("different_name", _OTHER_NAME, clues.name.caption, caption, "the names differ")]


def _compare_values(index: LinkIndex, clues: Clues, node: int) -> list[Reason]:
    around = {uid for other, _ in _neighbours(index, node) if (uid := index.graph.nodes["uid"][other])}
    reasons = [_shared(index, clue) for clue in clues.values if clue.uid in around and clue.claim in _SAME_VALUE]
    if any(reason.feature == "same_address" for reason in reasons):
        return reasons
    return [*reasons, *_compare_buildings(index, clues, node)]


def _shared(index: LinkIndex, clue: Clue) -> Reason:
    node = index.node(clue.uid)
    users = int(index.graph.users[node]) if node is not None else 1
    weight = max(_SAME_VALUE[clue.claim] - log(max(users, 1)), 0.0)
    return Reason(_FEATURE[clue.claim], weight, clue.shown, clue.shown, f"used by {users} on record")


def _compare_buildings(index: LinkIndex, clues: Clues, node: int) -> list[Reason]:
    keys = index.graph.nodes["building_key"]
    near = {keys[other] for other, claim in _neighbours(index, node) if claim == "LOCATED_AT"}
    for address in clues.addresses:
        key = address.building_key
        if key is not None and key in near and (uid := building_uid(address)) is not None:
            building = index.node(uid)
            users = int(index.graph.users[building]) if building is not None else 1
            weight = max(_SAME_BUILDING - log(max(users, 1)), 0.0)
            return [Reason("same_building", weight, address.caption, key, f"{users} parties in the building")]
    return []


def _compare_countries(clues: Clues, country: str | None) -> list[Reason]:
    if clues.country is None or country is None or clues.country == country:
        return []
    return [Reason("different_country", _OTHER_COUNTRY, clues.country, country, "the countries differ")]
