"""How much was given, and which missing field would help this party most.

What a field would tell is the information of its comparison: the weight in bits (log2 of m over u) that it brings on
average when the two are one party. It tells nothing where the record has no such value, so it counts as often as
those whom the party may be have one; where nobody on record resembles it, as often as anybody has.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from graphinv.links.answer import Completeness, MissingHelp
from graphinv.links.index import LinkIndex
from graphinv.links.question import PartyQuestion
from graphinv.resolve.comparisons import Attribute

_FIELDS = tuple(PartyQuestion.model_fields)
#: Fields that are compared with a record's, and what they are called.
_COMPARED = {
    "name": (Attribute.NAME, "a name"),
    "addresses": (Attribute.ADDRESS, "an address"),
    "phones": (Attribute.PHONE, "a phone"),
    "emails": (Attribute.EMAIL, "an e-mail address"),
    "websites": (Attribute.WEBSITE, "a web site"),
    "importer_number": (Attribute.NUMBER, "an importer or tax number"),
    "officers": (Attribute.OFFICER, "an officer"),
    "bank_accounts": (Attribute.BANK_ACCOUNT, "a bank account"),
}
#: What opens other evidence than a comparison, in bits: no better than a hint, since these are shared by many.
_OTHERWISE = {
    "sellers": (2.0, "a marketplace account brings the contacts that the marketplace verified"),
    "manufacturer_ids": (1.0, "a supplier is often kept when the importer is new"),
}
#: What is looked up together.
_COMBINED = (frozenset({"filer_code", "port_code", "hts"}), frozenset({"descriptions", "manufacturer_ids"}))
_COMBINATION = "with {others} it makes a combination that few may have filed"
#: A field that would bring less is not told.
_WORTH_TELLING = 0.1


class MayBe(Protocol):
    """Somebody on record whom the party may be."""

    @property
    def node(self) -> int: ...
    @property
    def score(self) -> float: ...


def completeness(index: LinkIndex, given: tuple[str, ...], compared: Sequence[MayBe]) -> Completeness:
    """Tier, given fields, and the missing ones with what they would bring, the most helpful first.

    ``given`` fields hold something that can be used (``Clues``): all others are missing.
    """
    missing = tuple([field for field in _FIELDS if field not in given])
    help_ = [*_comparing(index, missing, compared), *_otherwise(missing, frozenset(given))]
    told = sorted((item for item in help_ if item.bits >= _WORTH_TELLING), key=lambda item: (-item.bits, item.field))
    return Completeness(tier=_tier(set(given)), given=given, missing=missing, missing_help=tuple(told))


def _comparing(index: LinkIndex, missing: Sequence[str], compared: Sequence[MayBe]) -> list[MissingHelp]:
    parties = index.party_at[np.array([item.node for item in compared], np.int64)]
    told: list[MissingHelp] = []
    for field, (attribute, noun) in _COMPARED.items():
        if field not in missing:
            continue
        bits = index.match.telling(attribute)
        if len(parties):
            have = int(np.count_nonzero(index.match.has(attribute, parties)))
            share, who = have / len(parties), f"{have} of the {len(parties)} whom it may be have"
        else:
            share = float(index.match.filled[attribute]) / max(len(index.match.nodes), 1)
            who = f"it resembles nobody on record yet; {share:.0%} of those on record have"
        why = f"{who} {noun}; if it is one of them, comparing it brings {bits:.0f} bits"
        told.append(MissingHelp(field, why, round(bits * share, 2)))
    return told


def _otherwise(missing: Sequence[str], given: frozenset[str]) -> list[MissingHelp]:
    told = {field: MissingHelp(field, why, bits) for field, (bits, why) in _OTHERWISE.items() if field in missing}
    for together in _COMBINED:
        lacking = together - given
        if len(lacking) == 1:
            why = _COMBINATION.format(others=" and ".join(sorted(together - lacking)))
            told |= {field: MissingHelp(field, why, 1.0) for field in lacking}
    return list(told.values())


def _tier(given: set[str]) -> str:
    if not {"name", "addresses"} <= given:
        return "minimal"
    if "importer_number" in given and given & {"manufacturer_ids", "hts", "filer_code"}:
        return "full_entry"
    if given & {"phones", "emails", "sellers", "listing_urls", "websites"}:
        return "advance_data"
    return "low_value"
