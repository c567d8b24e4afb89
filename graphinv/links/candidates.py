"""Which parties on record the queried one may be: found and compared by the match model that resolves records.

Candidates share a block with the question, as two records would in a batch; those near it come besides (names misspelt,
thin records). The weights are the model's match weights in bits (log2): above 0 for, below 0 against.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from graphinv.links.answer import Candidate, Reason
from graphinv.links.clues import Clues, number_uid
from graphinv.links.index import LinkIndex
from graphinv.links.rivals import bounded
from graphinv.links.tenants import by_tenants
from graphinv.normalise.hashing import MASKED_NUMBER
from graphinv.resolve.agreement import NO_LEVEL
from graphinv.resolve.asked import Asked, asked_parties
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.match_index import Matched
from graphinv.resolve.model import MATCH

#: Below this probability a candidate is not worth showing, nor following.
SHOWN = 1e-2

#: What it is worth that the question names the very number or account of a party.
_VERY_IDENTITY = 20.0
#: So far below even odds (log2) the holder of an account stays where all that the question tells is another's.
_SHOP_BITS = 2.0

_NUMBER = next(at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is Attribute.NUMBER)
_NAMES = ("person_name", "firm_name")
#: What is told even of a candidate who is somebody else by all the rest: the number may be stolen.
_VERY = {"same_number", "same_account"}
#: What half the country has in common.
_COMMON = {"same_country", "same_place"}
#: Most candidates that are told in words.
_TOLD = 25


@dataclass(frozen=True)
class _Question:
    """One question with everything that was compared with it."""

    index: LinkIndex
    clues: Clues
    asked: Asked
    matched: Matched
    named: Mapping[int, str]


@dataclass(frozen=True)
class Compared:
    """A candidate with its position in the index and what of it agrees. Its reasons are worded when they are asked for:
    most candidates are followed and never shown."""

    node: int
    uid: str
    caption: str
    score: float
    features: frozenset[str]
    question: _Question = field(repr=False, compare=False)
    row: int = field(repr=False, compare=False)

    @property
    def match(self) -> bool:
        """Whether it is the asked party in all likelihood."""
        return self.score >= MATCH

    @cached_property
    def candidate(self) -> Candidate:
        """The candidate as an answer shows it."""
        return Candidate(self.uid, self.caption, self.score, self.match, tuple(_reasons(self)))


def find_candidates(index: LinkIndex, clues: Clues) -> list[Compared]:
    """Candidates by falling probability; hubs bring none, since their users have nothing else in common.

    Of several who are different parties at most one is meant, but for holders of accounts that the question gives
    (``links.rivals``).
    """
    asked = clues.asked
    named = _named(index, clues)
    parties = index.party_at[np.array(list(named), np.int64)]
    found = index.match.match(asked_parties(asked), parties[parties >= 0])
    matched = by_tenants(index, clues.addresses, found, named)
    question = _Question(index, clues, asked, matched, named)
    told = [_Told.of(question, row) for row in _worth_telling(index, matched, named)]
    scores = _scores(question, told)
    compared = [_compared(question, one, score) for one, score in zip(told, scores, strict=True)]
    shown = (item for item in compared if item.score >= SHOWN or item.features & _VERY)
    return sorted(shown, key=lambda item: (-item.score, item.uid))


def _worth_telling(index: LinkIndex, matched: Matched, named: dict[int, str]) -> list[int]:
    """Rows of the likeliest candidates, and of those whom the question names by number or account."""
    very = matched.found.levels[:, _NUMBER] == 0
    for node in named:
        very |= index.match.nodes[matched.party] == node
    likely = matched.probability >= SHOWN
    order = np.argsort(-matched.probability, kind="stable")
    told = order[(likely & ~very)[order]][:_TOLD]
    return [*np.flatnonzero(very).tolist(), *told.tolist()]


def is_party_itself(compared: Compared) -> bool:
    """True when the candidate is a record of the asked party: its number or account, or a match by name and more.

    With another name and nothing else in common a number may be stolen. An account is only the shop where anything
    else differs and nothing agrees.
    """
    features = compared.features
    if "same_name" in features:
        return compared.match
    if "same_number" in features:
        return "different_name" not in features or bool(agreeing(features))
    return "same_account" in features and not _is_only_the_shop(features)


def agreeing(features: frozenset[str]) -> frozenset[str]:
    """What agrees that tells of a party, beside the number or account that the question names."""
    return frozenset(feature for feature in features - _COMMON - _VERY if not feature.startswith("different_"))


def _is_only_the_shop(features: frozenset[str]) -> bool:
    """Whether an account that the question names is somebody else's: who buys there gives contacts of its own."""
    return any(feature.startswith("different_") for feature in features) and not agreeing(features)


def _named(index: LinkIndex, clues: Clues) -> dict[int, str]:
    """Nodes that the question names: the holder of its number, and its accounts."""
    own = index.node(number_uid(clues.number)) if clues.number is not None else None
    named = {} if own is None else {own: "same_number"}
    accounts = (index.node(clue.uid) for clue in clues.sellers)
    return named | {node: "same_account" for node in accounts if node is not None}


class _Told(NamedTuple):
    """A row of what was compared: its node, what agrees, and the sum of its weights in bits."""

    row: int
    node: int
    features: frozenset[str]
    bits: float

    @classmethod
    def of(cls, question: _Question, row: int) -> "_Told":
        """The row with what the question names of it."""
        matched = question.matched
        node = int(question.index.match.nodes[matched.party[row]])
        told = matched.found.levels[row].tolist()
        features = {names[level] for names, level in zip(_FEATURES, told, strict=True) if level != NO_LEVEL}
        named, bits = question.named.get(node), float(matched.bits[row].sum())
        if named is not None and named not in features:
            features.add(named)
            bits += _VERY_IDENTITY
        told_of = frozenset(features)
        if named == "same_account" and _is_only_the_shop(told_of):
            bits = min(bits, -question.index.match.asking.prior_bits - _SHOP_BITS)
        return cls(row, node, told_of, bits)


def _scores(question: _Question, told: list[_Told]) -> list[float]:
    """How likely each is the asked party."""
    if not told:
        return []
    match = question.index.match
    bits = match.asking.prior_bits + np.array([one.bits for one in told])
    parties, nodes = question.matched.party[[one.row for one in told]], [one.node for one in told]
    rivals = np.array(["same_account" not in one.features for one in told])
    scores: list[float] = bounded(question.index, parties, nodes, bits, rivals).round(4).tolist()
    return scores


def _compared(question: _Question, told: _Told, score: float) -> Compared:
    nodes = question.index.nodes
    uid, caption = nodes.text("uid", told.node) or "", nodes.text("caption", told.node) or ""
    return Compared(told.node, uid, caption, score, told.features, question, told.row)


def _reasons(compared: Compared) -> list[Reason]:
    question, named = compared.question, compared.question.named.get(compared.node)
    agreement = _Agreement.of(question.matched, compared.row)
    columns = (column for column, level in enumerate(agreement.levels) if level != NO_LEVEL)
    reasons = [_reason(compared, agreement, column) for column in columns]
    if named is not None and not any(reason.feature == named for reason in reasons):
        number = question.clues.number if named == "same_number" else None
        shown = compared.caption if number is None else number.shown
        reasons.append(Reason(named, _VERY_IDENTITY, shown, shown, "it is this very number or account"))
    return reasons


class _Agreement(NamedTuple):
    """One row of what was compared, by comparison."""

    levels: list[int]
    users: list[int]
    left: list[int]
    right: list[int]
    bits: list[float]

    @classmethod
    def of(cls, matched: Matched, row: int) -> "_Agreement":
        return cls(*(table[row].tolist() for table in (*matched.found, matched.bits)))


def _reason(compared: Compared, agreement: _Agreement, column: int) -> Reason:
    question, comparison = compared.question, COMPARISONS[column]
    at, users = agreement.levels[column], agreement.users[column]
    level = comparison.levels[at]
    query = _query_text(comparison.attribute, question.clues, question.asked, agreement.left[column])
    if comparison.name in _NAMES:
        candidate = compared.caption
    elif level.name == "same":
        candidate = query
    else:
        candidate = _text(comparison.attribute, question.index, agreement.right[column])
    return Reason(
        feature=_FEATURES[column][at],
        weight=round(agreement.bits[column], 3),
        query=query,
        candidate=candidate,
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


#: What every level of every comparison is called.
_FEATURES = tuple(
    tuple(feature(comparison.name, level.name) for level in comparison.levels) for comparison in COMPARISONS
)


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
    text = index.match.text(attribute, value)
    return f"…{text[-4:]}" if attribute is Attribute.BANK_ACCOUNT else text
