"""Relationships as sentences: what a path says when it is read aloud."""

from typing import NamedTuple


class Verb(NamedTuple):
    """How a relationship reads along its direction and against it."""

    forward: str
    backward: str


#: Both readings of every relationship type of the schema, and of the dealings of the evidence graph.
VERBS: dict[str, Verb] = {
    "IMPORTED": Verb("imported", "was imported by"),
    "SOLD_BY": Verb("was sold by", "sold"),
    "SHIPPED_BY": Verb("was shipped by", "shipped"),
    "DELIVERED_TO": Verb("was delivered to", "received"),
    "FILED_BY": Verb("was filed by", "filed"),
    "ENTERS_AT": Verb("enters goods at", "is a port of entry of"),
    "DECLARES": Verb("declares", "is declared by"),
    "MADE_BY": Verb("was made by", "made"),
    "LOCATED_AT": Verb("is located at", "is the address of"),
    "HAS_PHONE": Verb("has the phone number", "is the phone number of"),
    "HAS_EMAIL": Verb("has the email address", "is the email address of"),
    "HAS_WEBSITE": Verb("has the website", "is the website of"),
    "HAS_OFFICER": Verb("has the officer", "is an officer of"),
    "PAID_TO": Verb("is paid to", "receives payments of"),
    "SAME_BUILDING": Verb("is a unit of the building", "is the building of"),
    # concluded by the model or judged by a person: the relationship does not tell which
    "SAME_AS": Verb("is taken to be the same party as", "is taken to be the same party as"),
    "SEIZED_FROM": Verb("was a seizure from", "had goods seized in"),
    "MATCHES": Verb("matches the list entry", "is the list entry matched by"),
    "REPORTED": Verb("was reported in", "reports"),
    # dealings stand for shipments between two parties; the evidence graph has them, the store does not
    "BUYS_FROM": Verb("buys from", "sells to"),
    "SUPPLIED_BY": Verb("is supplied by", "supplies"),
    "SOURCES_FROM": Verb("sources from", "makes goods for"),
    "USES_BROKER": Verb("uses the broker", "files for"),
}


def verb(edge_type: str, *, forward: bool = True) -> str:
    """The words for one relationship; a type that is not in the table reads as its own name.

    >>> verb("HAS_PHONE", forward=False)
    'is the phone number of'
    """
    known = VERBS.get(edge_type)
    if known is None:
        plain = edge_type.replace("_", " ").lower() or "is linked to"
        return plain if forward else f"{plain} (from)"
    return known.forward if forward else known.backward


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> counted(1, "node"), counted(1200, "party", "parties")
    ('1 node', '1,200 parties')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def spaced(name: str) -> str:
    """A label, type or property name as words.

    >>> spaced("BankAccount"), spaced("postal_code"), spaced("HAS_PHONE")
    ('Bank account', 'Postal code', 'Has phone')
    """
    words = "".join(
        f" {c}" if c.isupper() and before.islower() else c for before, c in zip(" " + name, name, strict=False)
    )
    return words.replace("_", " ").strip().lower().capitalize()
