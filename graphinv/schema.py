"""The graph's schema, declared once: labels, relationship types, properties, each with a description for people.

Constraints, full-text indexes, ``graphinv schema``, the data-model page and the query checker all come from here.

Days are ISO 8601 text (``2024-06-15``) and moments are too (``2024-06-15T10:38:07.000000Z``, UTC): they sort and
compare as text and read the same on every store, while native temporal values lose their zone on one of them and load
at less than half the speed. ``date(x)`` turns a day into a date inside a query.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a property holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"
    TEXTS = "list of text"


@dataclass(frozen=True)
class Property:
    """One property of a node or relationship."""

    name: str
    kind: Kind
    description: str


@dataclass(frozen=True)
class NodeLabel:
    """A label. ``party`` marks who can be linked or seized; ``shared`` marks values that parties share.

    ``caption`` names the property that a view shows; ``searched`` the properties of its full-text index.
    """

    name: str
    description: str
    properties: tuple[Property, ...]
    caption: str = "caption"
    party: bool = False
    shared: bool = False
    searched: tuple[str, ...] = ()

    def all_properties(self) -> tuple[Property, ...]:
        """``uid`` first, then its own."""
        return (UID, *self.properties)


@dataclass(frozen=True)
class RelationshipType:
    """A relationship type and between which labels it stands."""

    name: str
    description: str
    ends: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...] = ()

    def all_properties(self) -> tuple[Property, ...]:
        """Provenance first, then its own."""
        return (*PROVENANCE, *self.properties)


@dataclass(frozen=True)
class FulltextIndex:
    """A full-text index over some properties of one label."""

    name: str
    label: str
    properties: tuple[str, ...]


UID = Property("uid", Kind.TEXT, "Key of the node, the same in every store and after every reload.")

#: How many source records a relationship names; ``count`` tells how many there are.
SOURCES_KEPT = 5

PROVENANCE: tuple[Property, ...] = (
    Property("sources", Kind.TEXTS, f"Ids of the records that say so: the smallest {SOURCES_KEPT}."),
    Property("count", Kind.INTEGER, "How many records say so."),
    Property("first_seen", Kind.DAY, "Earliest day on which a record says so."),
    Property("last_seen", Kind.DAY, "Latest day on which a record says so."),
    Property("known_at", Kind.MOMENT, "When the first of these records was known."),
    Property("confidence", Kind.NUMBER, "How far the source is trusted, 0 to 1."),
)

_CAPTION = Property("caption", Kind.TEXT, "What a view shows.")
_KNOWN_AT = Property("known_at", Kind.MOMENT, "When this was known.")
#: How a party may stand, the strongest first: it stands as the strongest of its identities does.
STANDINGS = ("seized", "trusted", "known", "unknown")
_STANDING = Property("standing", Kind.TEXT, "unknown, known, trusted or seized: its party's, by all identities.")
_ENTITY = Property("entity", Kind.TEXT, "Id of the party that resolution concludes this identity belongs to.")
_NAME_KEY = Property("name_key", Kind.TEXT, "Name folded for comparison: no case, accents, legal form or word order.")
_COUNTRY = Property("country", Kind.TEXT, "ISO 3166 alpha-2.")
_PARTIES = Property("parties", Kind.INTEGER, "How many parties use it: high means a hub, which links nobody.")
_FIRST_SEEN = Property("first_seen", Kind.DAY, "Earliest day on which a record names it.")


LABELS: tuple[NodeLabel, ...] = (
    NodeLabel(
        "Importer",
        "Importer of record, or the de-facto importer of a parcel: its consignee (provisional).",
        (
            _CAPTION,
            _NAME_KEY,
            _ENTITY,
            _STANDING,
            _COUNTRY,
            Property("number", Kind.TEXT, "Importer number as it may be shown; social security numbers masked."),
            Property("provisional", Kind.BOOLEAN, "True for a consignee without an importer number of its own."),
            Property("claimed_number", Kind.TEXT, "Number written on its shipments that belongs to somebody else."),
            Property("possible_victim", Kind.BOOLEAN, "Its number stands on shipments whose contacts contradict it."),
            Property("dba", Kind.TEXT, "Doing business as."),
            Property("company_type", Kind.TEXT, "As declared on CBP Form 5106."),
            Property("registered_on", Kind.DAY, "Day of registration."),
            Property("trusted_programs", Kind.TEXTS, "Vetting programs with tier."),
            Property("trusted_until", Kind.DAY, "Day on which the last vetting expires."),
            Property("shipments", Kind.INTEGER, "How many shipments it imported."),
            _FIRST_SEEN,
            _KNOWN_AT,
        ),
        party=True,
        searched=("caption", "dba"),
    ),
    NodeLabel(
        "Shipper",
        "Foreign party that ships, as written on the shipment.",
        (_CAPTION, _NAME_KEY, _ENTITY, _STANDING, _COUNTRY, _FIRST_SEEN, _KNOWN_AT),
        party=True,
        searched=("caption",),
    ),
    NodeLabel(
        "Seller",
        "Account on a marketplace.",
        (
            _CAPTION,
            _NAME_KEY,
            _ENTITY,
            _STANDING,
            _COUNTRY,
            Property("platform", Kind.TEXT, "Marketplace."),
            Property("seller_id", Kind.TEXT, "Its id there."),
            Property("display_name", Kind.TEXT, "Shop name."),
            Property("legal_name", Kind.TEXT, "Name behind the shop (INFORM Consumers Act)."),
            Property("opened_on", Kind.DAY, "Day the account was opened."),
            Property("verified_on", Kind.DAY, "Day the marketplace verified it."),
            _FIRST_SEEN,
            _KNOWN_AT,
        ),
        party=True,
        searched=("caption", "display_name", "legal_name"),
    ),
    NodeLabel(
        "Shipment",
        "One shipment as filed: entry type 86, Section 321 data, manifest row or full entry.",
        (
            _CAPTION,
            Property("shipment_id", Kind.TEXT, "Its id in the feed."),
            Property("filed_at", Kind.MOMENT, "When it was filed."),
            Property("filed_on", Kind.DAY, "Day on which it was filed."),
            Property("arrived_on", Kind.DAY, "Day of arrival."),
            Property("entry_type", Kind.TEXT, "CBP entry type, 86 for low value."),
            Property("entry_number", Kind.TEXT, "Entry number."),
            Property("master_bill", Kind.TEXT, "Master bill."),
            Property("mode", Kind.TEXT, "air, express, mail, truck, rail or vessel."),
            Property("port_code", Kind.TEXT, "Port of entry, Schedule D."),
            Property("carrier", Kind.TEXT, "Carrier code."),
            Property("description", Kind.TEXT, "Goods as described."),
            Property("hts", Kind.TEXT, "Tariff number, digits only."),
            Property("origin_country", Kind.TEXT, "Country of origin."),
            Property("quantity", Kind.NUMBER, "Declared quantity."),
            Property("weight_kg", Kind.NUMBER, "Gross weight in kilograms."),
            Property("value_usd", Kind.NUMBER, "Declared value in US dollars."),
            Property("listing_url", Kind.TEXT, "Marketplace listing."),
            Property("importer_number_disputed", Kind.BOOLEAN, "Its contacts contradict the registered importer."),
            Property("inspected_on", Kind.DAY, "Day of the latest examination."),
            Property("inspection_result", Kind.TEXT, "compliant, violation or seized."),
            Property("inspection_selection", Kind.TEXT, "random, targeted or referral."),
            _KNOWN_AT,
        ),
    ),
    NodeLabel(
        "Address",
        "A place: a unit (suite, apartment), or the building that holds it.",
        (
            _CAPTION,
            Property("building_key", Kind.TEXT, "Key of the building."),
            Property("unit", Kind.TEXT, "Suite, apartment or room; empty for the building itself."),
            Property("city", Kind.TEXT, "City."),
            Property("state", Kind.TEXT, "State or province."),
            Property("postal_code", Kind.TEXT, "Postal code."),
            _COUNTRY,
            Property("mail_drop", Kind.BOOLEAN, "Private mailbox, PO box, c/o or a forwarder's suite."),
            _PARTIES,
        ),
        shared=True,
        searched=("caption",),
    ),
    NodeLabel("Phone", "A telephone number, E.164.", (_CAPTION, _PARTIES), shared=True),
    NodeLabel("Email", "An e-mail address.", (_CAPTION, _PARTIES), shared=True),
    NodeLabel(
        "Website",
        "A web host, a shop on a shared host, or an affiliate id in listings.",
        (_CAPTION, _PARTIES),
        shared=True,
    ),
    NodeLabel("BankAccount", "Account that a marketplace pays, shown masked.", (_CAPTION, _PARTIES), shared=True),
    NodeLabel("Officer", "Person who signs for an importer.", (_CAPTION, _NAME_KEY, _PARTIES), shared=True),
    NodeLabel(
        "Manufacturer",
        "Manufacturer identification code (19 CFR 102, appendix).",
        (_CAPTION, _COUNTRY, _PARTIES),
        shared=True,
    ),
    NodeLabel("Broker", "Filer of entries, by filer code.", (_CAPTION, _PARTIES), shared=True),
    NodeLabel(
        "Port", "US port of entry, Schedule D.", (_CAPTION, Property("port_code", Kind.TEXT, "Schedule D code."))
    ),
    NodeLabel("Commodity", "Kind of goods, HTS 6 digits.", (_CAPTION, Property("hts6", Kind.TEXT, "Six digits."))),
    NodeLabel(
        "Seizure",
        "A seizure, detention or forfeiture.",
        (
            _CAPTION,
            Property("seizure_id", Kind.TEXT, "Its id in the feed."),
            Property("seized_on", Kind.DAY, "Day of seizure."),
            Property("category", Kind.TEXT, "ipr, narcotics, pharmaceuticals, consumer_safety, forced_labor or other."),
            Property("commodity", Kind.TEXT, "Goods."),
            Property("hts", Kind.TEXT, "Tariff number, digits only."),
            Property("quantity", Kind.NUMBER, "Quantity seized."),
            Property("unit", Kind.TEXT, "Unit of the quantity."),
            Property("msrp_usd", Kind.NUMBER, "Retail value had the goods been genuine, US dollars."),
            Property("port_code", Kind.TEXT, "Port of entry."),
            Property("mode", Kind.TEXT, "Mode of transport."),
            Property("status", Kind.TEXT, "seized, detained, released or forfeited."),
            Property("status_on", Kind.DAY, "Day of that status."),
            _KNOWN_AT,
        ),
    ),
    NodeLabel(
        "WatchlistEntry",
        "Entry of a withhold release order, finding, UFLPA, CAATSA or SDN list.",
        (
            _CAPTION,
            Property("list", Kind.TEXT, "Which list."),
            Property("entry_id", Kind.TEXT, "Its id there."),
            Property("kind", Kind.TEXT, "What it is about: entity, person, goods, region."),
            _COUNTRY,
            Property("aliases", Kind.TEXTS, "Other names."),
            Property("hts_prefixes", Kind.TEXTS, "Goods it covers."),
            Property("effective_on", Kind.DAY, "First day in force."),
            Property("ended_on", Kind.DAY, "Last day in force; empty while in force."),
            Property("reference_url", Kind.TEXT, "Where it is published."),
            _KNOWN_AT,
        ),
        searched=("caption",),
    ),
    NodeLabel(
        "Report",
        "A public report of a violation.",
        (_CAPTION, Property("reported_on", Kind.DAY, "Day of the report."), _KNOWN_AT),
    ),
)

#: Labels of who can be linked or seized.
PARTY_LABELS = tuple(label.name for label in LABELS if label.party)


def _from_parties(to: str) -> tuple[tuple[str, str], ...]:
    return tuple((party, to) for party in PARTY_LABELS)


RELATIONSHIPS: tuple[RelationshipType, ...] = (
    RelationshipType("IMPORTED", "Is the importer of record or the consignee.", (("Importer", "Shipment"),)),
    RelationshipType("SOLD_BY", "Was sold by this marketplace account.", (("Shipment", "Seller"),)),
    RelationshipType("SHIPPED_BY", "Was shipped by.", (("Shipment", "Shipper"),)),
    RelationshipType("DELIVERED_TO", "Was addressed to.", (("Shipment", "Address"),)),
    RelationshipType("FILED_BY", "Was filed by this broker.", (("Shipment", "Broker"),)),
    RelationshipType("MADE_BY", "Was made by.", (("Shipment", "Manufacturer"),)),
    RelationshipType(
        "ENTERS_AT", "Shipments of the importer entered at the port; count says how many.", (("Importer", "Port"),)
    ),
    RelationshipType(
        "DECLARES", "Shipments of the importer declared the goods; count says how many.", (("Importer", "Commodity"),)
    ),
    RelationshipType("LOCATED_AT", "Gave this address as its own.", _from_parties("Address")),
    RelationshipType("HAS_PHONE", "Gave this telephone number.", _from_parties("Phone")),
    RelationshipType("HAS_EMAIL", "Gave this e-mail address.", _from_parties("Email")),
    RelationshipType(
        "HAS_WEBSITE", "Gave this site, or sells through this shop or affiliate id.", _from_parties("Website")
    ),
    RelationshipType("HAS_OFFICER", "Is signed for by.", (("Importer", "Officer"),)),
    RelationshipType("PAID_TO", "Is paid on this account.", (("Seller", "BankAccount"),)),
    RelationshipType("SAME_BUILDING", "Is a unit of this building.", (("Address", "Address"),)),
    RelationshipType(
        "SAME_AS",
        "Resolution concludes: the same party.",
        tuple((a, b) for a in PARTY_LABELS for b in PARTY_LABELS),
        (Property("probability", Kind.NUMBER, "Probability that both are one party."),),
    ),
    RelationshipType(
        "SEIZED_FROM",
        "Goods were seized from this shipment or party.",
        (("Seizure", "Shipment"), ("Seizure", "Importer"), ("Seizure", "Seller")),
    ),
    RelationshipType(
        "MATCHES",
        "Looks like this watch list entry; a likeness, not an identity.",
        tuple((party, "WatchlistEntry") for party in PARTY_LABELS),
        (
            Property("score", Kind.NUMBER, "How alike, 0 to 1; at most 0.5 where only the name agrees."),
            Property("reasons", Kind.TEXTS, "What is alike, the name first."),
        ),
    ),
    RelationshipType("REPORTED", "Is the subject of this report.", tuple((p, "Report") for p in PARTY_LABELS)),
)

#: The word before the colon of a uid, to its label.
LABEL_OF_PREFIX = {
    "importer": "Importer",
    "shipper": "Shipper",
    "seller": "Seller",
    "shipment": "Shipment",
    "address": "Address",
    "phone": "Phone",
    "email": "Email",
    "website": "Website",
    "bank": "BankAccount",
    "officer": "Officer",
    "mid": "Manufacturer",
    "broker": "Broker",
    "port": "Port",
    "commodity": "Commodity",
    "seizure": "Seizure",
    "watchlist": "WatchlistEntry",
    "report": "Report",
}

#: What resolution derives; ``graphinv verify`` leaves it out of the canonical hash of the graph.
DERIVED_RELATIONSHIPS = frozenset({"SAME_AS", "MATCHES"})
DERIVED_PROPERTIES = frozenset({"entity", "parties", "standing"})


def label(name: str) -> NodeLabel:
    """The label of that name; KeyError when there is none."""
    return {item.name: item for item in LABELS}[name]


def relationship(name: str) -> RelationshipType:
    """The relationship type of that name; KeyError when there is none."""
    return {item.name: item for item in RELATIONSHIPS}[name]


def uniqueness_constraints() -> tuple[tuple[str, str], ...]:
    """(label, property) pairs that are unique: ``uid`` of every label."""
    return tuple((item.name, UID.name) for item in LABELS)


def fulltext_indexes() -> tuple[FulltextIndex, ...]:
    """The full-text indexes that search uses."""
    return tuple(
        FulltextIndex(f"{item.name.lower()}_text", item.name, item.searched) for item in LABELS if item.searched
    )


def property_rows() -> Iterator[tuple[str, str, str, str]]:
    """(label or type, property, kind, description) for every property, in the order of declaration."""
    for node in LABELS:
        for prop in node.all_properties():
            yield node.name, prop.name, prop.kind.value, prop.description
    for rel in RELATIONSHIPS:
        for prop in rel.all_properties():
            yield rel.name, prop.name, prop.kind.value, prop.description


def mermaid() -> str:
    """The schema as a Mermaid class diagram, for the data-model page and ``graphinv schema --format mermaid``."""
    lines = ["classDiagram"]
    for node in LABELS:
        lines.append(f"  class {node.name} {{")
        lines.extend(f"    {prop.kind.name.lower()} {prop.name}" for prop in node.all_properties())
        lines.append("  }")
    for rel in RELATIONSHIPS:
        lines.extend(f"  {start} --> {end} : {rel.name}" for start, end in rel.ends)
    return "\n".join(lines) + "\n"


def constraint_cypher() -> str:
    """The constraints as Cypher statements, for a database that somebody else sets up."""
    return "".join(
        f"CREATE CONSTRAINT {name.lower()}_{prop} IF NOT EXISTS FOR (n:{name}) REQUIRE n.{prop} IS UNIQUE;\n"
        for name, prop in uniqueness_constraints()
    )
