"""Which parties on record the queried one may be: found and compared by the match model that resolves records.

Candidates share a block with the question, as two records would in a batch; parties with names that are spelt
alike come besides. The weights are the model's match weights in bits (log2): above 0 for, below 0 against.
"""

from dataclasses import dataclass

import numpy as np

from graphinv.links.answer import Candidate, Reason
from graphinv.links.clues import Clues, number_uid
from graphinv.links.index import LinkIndex
from graphinv.links.names import find_names
from graphinv.normalise.hashing import MASKED_NUMBER
from graphinv.resolve.agreement import NO_LEVEL
from graphinv.resolve.asked import Asked, AskedAddress, asked_parties
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.match_index import Matched
from graphinv.resolve.model import MATCH
from graphinv.resolve.parties import Values

#: Below this probability a candidate is not worth showing, nor following.
SHOWN = 1e-3

#: What it is worth that the question names the very number or account of a party.
_VERY_IDENTITY = 20.0

_FOUND_BY_NAME = 20
_NUMBER = next(at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is Attribute.NUMBER)
_NAMES = ("person_name", "firm_name")
#: What is told even of a candidate who is somebody else by all the rest: the number may be stolen.
_VERY = {"same_number", "same_account"}
#: What half the country has in common.
_COMMON = {"same_country", "same_place"}
#: Most candidates that are told in words.
_TOLD = 25


@dataclass(frozen=True)
class Compared:
    """A candidate with its position in the index."""

    node: int
    candidate: Candidate


def find_candidates(index: LinkIndex, clues: Clues) -> list[Compared]:
    """Candidates by falling probability; hubs bring none, since their users have nothing else in common."""
    asked = asked_of(clues)
    named = _named(index, clues)
    also = [*named, *_by_name(index, clues)]
    parties = index.party_at[np.array(also, np.int64)] if also else np.zeros(0, np.int32)
    matched = index.match.match(asked_parties(asked), parties[parties >= 0])
    compared = [_tell(index, clues, asked, matched, row, named) for row in _worth_telling(index, matched, named)]
    return sorted(compared, key=lambda item: (-item.candidate.score, item.candidate.id))


def _worth_telling(index: LinkIndex, matched: Matched, named: dict[int, str]) -> list[int]:
    """Rows of the likeliest candidates, and of those whom the question names by number or account."""
    very = np.isin(index.match.nodes[matched.party], list(named)) | (matched.found.levels[:, _NUMBER] == 0)
    likely = matched.probability >= SHOWN
    order = np.argsort(-matched.probability, kind="stable")
    told = order[(likely & ~very)[order]][:_TOLD]
    return [*np.flatnonzero(very).tolist(), *told.tolist()]


def is_party_itself(compared: Compared) -> bool:
    """True when the candidate is a record of the asked party: its number or account, or a match by name and more.

    With another name and nothing else in common a number may be stolen, and an account only the shop.
    """
    features = _features(compared)
    if "same_name" in features:
        return compared.candidate.match
    agreeing = {feature for feature in features if not feature.startswith("different_")} - _COMMON
    return bool(features & _VERY) and ("different_name" not in features or bool(agreeing - _VERY))


def _features(compared: Compared) -> set[str]:
    return {reason.feature for reason in compared.candidate.reasons}


def asked_of(clues: Clues) -> Asked:
    """The question's values as the match model takes them."""
    values: dict[str, list[str]] = {}
    for clue in clues.values:
        values.setdefault(clue.claim, []).append(clue.key)
    names = () if clues.name is None else ((clues.name.key, clues.name.kind),)
    also = () if clues.name is None else tuple((key, "organisation") for key in clues.name.also)
    return Asked(
        names=names + also,
        addresses=tuple(
            AskedAddress(one.building_key, one.unit_key, one.locality, one.postal_code, one.caption)
            for one in clues.addresses
        ),
        phones=tuple(values.get("HAS_PHONE", ())),
        emails=tuple(values.get("HAS_EMAIL", ())),
        websites=tuple(clue.key for clue in clues.values if clue.field == "websites"),
        numbers=clues.numbers,
        officers=tuple(values.get("HAS_OFFICER", ())),
        bank_accounts=tuple(values.get("PAID_TO", ())),
        countries=() if clues.country is None else (clues.country,),
    )


def _named(index: LinkIndex, clues: Clues) -> dict[int, str]:
    """Nodes that the question names: the holder of its number, and its accounts."""
    own = index.node(number_uid(clues.number)) if clues.number is not None else None
    named = {} if own is None else {own: "same_number"}
    accounts = (index.node(clue.uid) for clue in clues.sellers)
    return named | {node: "same_account" for node in accounts if node is not None}


def _by_name(index: LinkIndex, clues: Clues) -> list[int]:
    return [] if clues.name is None else find_names(index.names, clues.name.tokens, _FOUND_BY_NAME)


def _tell(index: LinkIndex, clues: Clues, asked: Asked, matched: Matched, row: int, named: dict[int, str]) -> Compared:
    node = int(index.match.nodes[matched.party[row]])
    caption = index.nodes.text("caption", node) or ""
    reasons = [_reason(index, clues, asked, matched, row, column, caption) for column in _levels(matched, row)]
    total = float(matched.bits[row].sum())
    if node in named and not any(reason.feature == named[node] for reason in reasons):
        total += _VERY_IDENTITY
        shown = clues.number.shown if named[node] == "same_number" and clues.number is not None else caption
        reasons.append(Reason(named[node], _VERY_IDENTITY, shown, shown, "it is this very number or account"))
    score = round(index.match.model.probability_of(total), 4)
    uid = index.nodes.text("uid", node) or ""
    return Compared(node, Candidate(uid, caption, score, score >= MATCH, tuple(reasons)))


def _levels(matched: Matched, row: int) -> list[int]:
    return [int(column) for column in np.flatnonzero(matched.found.levels[row] != NO_LEVEL)]


def _reason(
    index: LinkIndex, clues: Clues, asked: Asked, matched: Matched, row: int, column: int, caption: str
) -> Reason:
    comparison = COMPARISONS[column]
    level = comparison.levels[int(matched.found.levels[row, column])]
    users = int(matched.found.users[row, column])
    mine, theirs = int(matched.found.left[row, column]), int(matched.found.right[row, column])
    query = _query_text(comparison.attribute, clues, asked, mine)
    candidate = caption if comparison.name in _NAMES else _text(comparison.attribute, index, theirs)
    same = level.name == "same"
    return Reason(
        feature=feature(comparison.name, level.name),
        weight=round(float(matched.bits[row, column]), 3),
        query=query,
        candidate=query if same and comparison.name not in _NAMES else candidate,
        detail=f"{level.meaning}; used by {users} on record" if users else level.meaning,
    )


def feature(comparison: str, level: str) -> str:
    """What a level is called in answers: ``same_phone``, ``like_name``, ``different_country``, ``same_building``."""
    noun = "name" if comparison in _NAMES else comparison
    if level in ("same", "different"):
        return f"{level}_{noun}"
    if noun == "name":
        return "like_name"
    if level in ("unit_missing", "other_unit"):
        return "same_building"
    return level if level.startswith("same_") else f"like_{noun}"


def _query_text(attribute: Attribute, clues: Clues, asked: Asked, at: int) -> str:
    """A value of the question as it may be shown."""
    match attribute:
        case Attribute.NAME:
            return clues.name.caption if clues.name is not None and at == 0 else asked.names[at][0]
        case Attribute.ADDRESS:
            return asked.addresses[at].caption
        case Attribute.NUMBER:
            return MASKED_NUMBER
        case Attribute.BANK_ACCOUNT:
            return f"…{asked.bank_accounts[at][-4:]}"
    told: tuple[str, ...] = getattr(asked, attribute.field)
    return told[at]


def _text(attribute: Attribute, index: LinkIndex, value: int) -> str:
    """A value on record as it may be shown."""
    if attribute is Attribute.NUMBER:
        return MASKED_NUMBER
    values: Values = index.match.attributes[attribute]
    text = bytes(values.text[values.text_start[value] : values.text_start[value + 1]]).decode(errors="replace")
    return f"…{text[-4:]}" if attribute is Attribute.BANK_ACCOUNT else text
