"""Weak evidence of a question: values that almost agree with those on record, and rare combinations of common ones.

A hint leads into the index like a value does and says what it is: a phone or importer number one digit off, the same
domain or one that looks alike, what hardly anybody but a seized party filed. It is weak, but for another mailbox at
somebody's own domain; none is a reason for the top band of a learned score.
Where many values are near, or many filed the same, it is chance and no hint.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphinv.links.clues import Clue, Clues, number_uid
from graphinv.links.combos import combos_of
from graphinv.links.digits import one_digit_off, with_another_digit
from graphinv.links.domains import domain_of, like_domain
from graphinv.links.index import LinkIndex
from graphinv.links.question import PartyQuestion
from graphinv.links.weights import HUB_USERS
from graphinv.normalise.contacts import in_letters, registrable
from graphinv.resolve.identities import importer_uid

#: With more values near it than this, a value stands in a row of them.
_MOST_NEAR = 5
#: Mailboxes and pages of one domain that are looked at: a service has many parties among them.
_MOST_SITES = 250
#: Digits of an importer number before its suffix.
_EIN_DIGITS = 9


@dataclass(frozen=True)
class Hint:
    """A node, the claim that leads there, what the question gave, how many share it, and who says so besides."""

    node: int
    claim: str
    given: str
    users: int
    records: tuple[str, ...] = ()
    confidence: float = 1.0
    age_days: int = 0


def hints_of(index: LinkIndex, question: PartyQuestion, clues: Clues) -> list[Hint]:
    """Everything about a question that is weak evidence."""
    hints = [*_near_numbers(index, clues), *_filed(index, question)]
    for clue in clues.values:
        if clue.claim == "HAS_PHONE":
            hints.extend(_near_phones(index, clue))
        elif clue.field in ("emails", "websites"):
            domain = clue.key.rpartition("@")[2] if clue.field == "emails" else clue.key.partition("/")[0]
            hints.extend(_like_domains(index, domain, index.node(clue.uid)))
    for host in clues.listed_at:
        hints.extend(_like_domains(index, host, None))
    return hints


def _near_phones(index: LinkIndex, clue: Clue) -> list[Hint]:
    if index.node(clue.uid) is not None:
        return []
    near = one_digit_off(index.traces.phones, clue.key.removeprefix("+"))
    return _hints(index, near, "NEAR_PHONE", clue.shown)


def _near_numbers(index: LinkIndex, clues: Clues) -> list[Hint]:
    """Importers under a number one digit off, where the number itself is nobody's. Numbers are kept as hashes, so each
    is tried; those of social security are left alone. A suffix tells branches apart, not firms."""
    number = clues.number
    if number is None or number.kind == "ssn" or index.node(number_uid(number)) is not None:
        return []
    uids = [importer_uid(key) for key in with_another_digit(number.key, _EIN_DIGITS)]
    return _hints(index, index.nodes_among(uids), "NEAR_NUMBER", number.shown)


def _like_domains(index: LinkIndex, domain: str, own: int | None) -> Iterator[Hint]:
    """Other mailboxes and pages of whoever has that domain, and domains that look like it. Where many parties are, it
    is a service that anybody uses. ``own`` is the node of what was given itself."""
    near = like_domain(index.traces.domains, domain)[:_MOST_SITES].tolist()
    parties = _parties_by_site(index, near)
    others = {node: registrable(domain_of(index.nodes.text("uid", node) or "")) for node in parties if node != own}
    given, seen = registrable(domain), in_letters(domain)
    shown = domain if seen == domain else f"{domain} ({seen})"
    for claim, of_it in (("SAME_DOMAIN", True), ("LIKE_DOMAIN", False)):
        nodes = [node for node, held in others.items() if (held == given) == of_it]
        users = len(set().union(*(parties[node] for node in nodes))) + 1
        yield from (Hint(node, claim, shown, users) for node in nodes)


def _parties_by_site(index: LinkIndex, sites: Sequence[int]) -> dict[int, set[str]]:
    """The parties at each mailbox and page; nothing where they are many. One party may well have dozens."""
    told: dict[int, set[str]] = {}
    everybody: set[str] = set()
    for node in sites:
        told[node] = _parties(index, node)
        everybody |= told[node]
        if len(everybody) >= HUB_USERS:
            return {}
    return told


def _parties(index: LinkIndex, node: int) -> set[str]:
    """Who uses a value, each party once however many records it has."""
    text, users = index.nodes.text, index.around(node)[:HUB_USERS].tolist()
    return {text("entity", user) or text("uid", user) or "" for user in users}


def _hints(index: LinkIndex, near: Sequence[int], claim: str, given: str) -> list[Hint]:
    if len(near) > _MOST_NEAR:
        return []
    return [Hint(int(node), claim, given, max(int(index.graph.users[node]), len(near)) + 1) for node in near]


def _filed(index: LinkIndex, question: PartyQuestion) -> Iterator[Hint]:
    today = index.meta.clock.date()
    for combo in combos_of(question):
        for filed in index.combos.filed(combo):
            age = 0 if filed.last_seen is None else max((today - filed.last_seen).days, 0)
            yield Hint(filed.node, combo.claim, combo.shown, filed.users + 1, filed.records, filed.confidence, age)
