"""Which parties on record the queried one may be: found by shared values and like names, compared claim by claim.

The comparison weights are natural-log match weights in the manner of Fellegi and Sunter (JASA 64, 1969): positive for
agreement, negative for disagreement, the prior in front. They are set by hand, not trained; a shared value's weight
falls with the logarithm of its users.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from graphinv.links.answer import Candidate, Reason
from graphinv.links.clues import Clue, Clues, building_uid, number_uid
from graphinv.links.index import LinkIndex
from graphinv.links.names import find_names
from graphinv.links.weights import CLAIMS, HUB_USERS

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

_LOCATED_AT = CLAIMS.index("LOCATED_AT")

_FOUND_BY_NAME = 20
_FOUND_BY_VALUE = 30


@dataclass(frozen=True)
class Compared:
    """A candidate with its position in the index."""

    node: int
    candidate: Candidate


def find_candidates(index: LinkIndex, clues: Clues) -> list[Compared]:
    """Candidates by falling probability; hubs bring none, since their users have nothing else in common."""
    sought = _seek(index, clues)
    by_number = [*sought.own, *sought.accounts, *sorted(sought.numbers)]
    nodes = dict.fromkeys([*by_number, *_by_value(index, sought), *_by_name(index, clues)])
    compared = [_compare(index, clues, sought, node) for node in nodes]
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


@dataclass(frozen=True)
class _Sought:
    """What the question holds, as nodes of the index: looked up once, compared with every candidate."""

    own: frozenset[int]
    accounts: frozenset[int]
    numbers: frozenset[int]
    values: dict[int, Clue]
    buildings: dict[int, str]


def _seek(index: LinkIndex, clues: Clues) -> _Sought:
    number = index.node(number_uid(clues.number)) if clues.number is not None else None
    accounts = [index.node(clue.uid) for clue in clues.sellers]
    values = {
        node: clue for clue in clues.values if clue.claim in _SAME_VALUE and (node := index.node(clue.uid)) is not None
    }
    uids = [(building_uid(address), address.caption) for address in clues.addresses]
    buildings = {node: caption for uid, caption in uids if uid is not None and (node := index.node(uid)) is not None}
    return _Sought(
        own=frozenset([] if number is None else [number]),
        accounts=frozenset(node for node in accounts if node is not None),
        numbers=frozenset(node for key in clues.numbers for node in index.nodes_of_number(key)),
        values=values,
        buildings=buildings,
    )


def _by_value(index: LinkIndex, sought: _Sought) -> list[int]:
    found: list[int] = []
    for node, clue in sought.values.items():
        if index.graph.users[node] <= HUB_USERS:
            others, claims = index.around(node)
            found.extend(others[claims == CLAIMS.index(clue.claim)].tolist())
    return found[:_FOUND_BY_VALUE]


def _by_name(index: LinkIndex, clues: Clues) -> list[int]:
    return [] if clues.name is None else find_names(index.names, clues.name.tokens, _FOUND_BY_NAME)


def _compare(index: LinkIndex, clues: Clues, sought: _Sought, node: int) -> Compared:
    caption = index.nodes.text("caption", node) or ""
    others, claims = index.around(node)
    reasons = [
        *_compare_numbers(clues, sought, node, caption),
        *_compare_names(clues, index.nodes.text("name_key", node), caption),
        *_compare_values(index, sought, others.tolist()),
        *_compare_buildings(index, sought, others[claims == _LOCATED_AT]),
        *_compare_countries(clues, index.nodes.text("country", node)),
    ]
    score = 1.0 / (1.0 + exp(-(PRIOR + sum(reason.weight for reason in reasons))))
    uid = index.nodes.text("uid", node) or ""
    return Compared(node, Candidate(uid, caption, round(score, 4), score >= MATCH, tuple(reasons)))


def _compare_numbers(clues: Clues, sought: _Sought, node: int, caption: str) -> list[Reason]:
    if node in sought.own and clues.number is not None:
        shown = clues.number.shown
        return [Reason("same_number", _SAME_NUMBER, shown, shown, "the importer number is the same")]
    if node in sought.accounts:
        return [Reason("same_account", _SAME_NUMBER, caption, caption, "it is this marketplace account")]
    if node in sought.numbers:
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


def _compare_values(index: LinkIndex, sought: _Sought, others: list[int]) -> list[Reason]:
    shared = [other for other in dict.fromkeys(others) if other in sought.values]
    return [_shared(sought.values[other], int(index.graph.users[other])) for other in shared]


def _shared(clue: Clue, users: int) -> Reason:
    weight = max(_SAME_VALUE[clue.claim] - log(max(users, 1)), 0.0)
    return Reason(_FEATURE[clue.claim], round(weight, 3), clue.shown, clue.shown, f"used by {users} on record")


def _compare_buildings(index: LinkIndex, sought: _Sought, homes: NDArray[np.int32]) -> list[Reason]:
    """The same building, where the unit is not the same anyway."""
    if not sought.buildings or any(home in sought.values for home in homes.tolist()):
        return []
    for building in index.graph.building[homes].tolist():
        if building in sought.buildings:
            users = int(index.graph.users[building])
            weight = max(_SAME_BUILDING - log(max(users, 1)), 0.0)
            caption = index.nodes.text("caption", building) or ""
            detail = f"{users} parties in the building"
            return [Reason("same_building", round(weight, 3), sought.buildings[building], caption, detail)]
    return []


def _compare_countries(clues: Clues, country: str | None) -> list[Reason]:
    if clues.country is None or country is None or clues.country == country:
        return []
    return [Reason("different_country", _OTHER_COUNTRY, clues.country, country, "the countries differ")]
