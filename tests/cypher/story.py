"""The story that the saved queries are tested on: a few dozen invented parties, with what must show and what must not.

Harbor Lamp is seized twice and its people go on as Brightway (same suite, phone, officer) and Kestrel (next door);
its marketplace shop reopens as Lumen Shop. Around them stand the traps: a mail drop, a crowded address, an office
tower, a payment agent, released goods, an order that has ended, shipments out of scope and old ones.
Everything is given as the facts a reader needs; provenance and the number of users of a value are worked out here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass
class Story:
    """Nodes by label, relationships by (start label, type, end label), as rows for UNWIND."""

    nodes: dict[str, dict[str, Row]] = field(default_factory=lambda: defaultdict(dict))
    relationships: dict[tuple[str, str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def node(self, label: str, uid: str, **properties: object) -> str:
        caption = uid.partition(":")[2]
        self.nodes[label][uid] = {"uid": uid, "caption": caption, **properties}
        return uid

    def link(self, start: str, type_: str, end: str, day: str, last: str | None = None, **properties: object) -> None:
        row = {
            "from": start,
            "to": end,
            "sources": [f"importers:{start.partition(':')[2]}"],
            "count": 1,
            "first_seen": day,
            "last_seen": last or day,
            "known_at": f"{day}T00:00:00Z",
            "confidence": 1.0,
            **properties,
        }
        self.relationships[LABEL_OF[start.partition(":")[0]], type_, LABEL_OF[end.partition(":")[0]]].append(row)

    def count_users(self) -> None:
        """Fill ``parties`` of shared values with the parties linked to them, unless the story says a number."""
        users: dict[str, set[str]] = defaultdict(set)
        for (_, type_, _), rows in self.relationships.items():
            if type_ in OWN:
                for row in rows:
                    users[str(row["to"])].add(str(row["from"]))
        for label in ("Address", "Phone", "Email", "Officer", "BankAccount"):
            for uid, row in self.nodes[label].items():
                row.setdefault("parties", len(users[uid]))


LABEL_OF: Mapping[str, str] = {
    "importer": "Importer",
    "seller": "Seller",
    "shipper": "Shipper",
    "address": "Address",
    "phone": "Phone",
    "email": "Email",
    "officer": "Officer",
    "bank": "BankAccount",
    "mid": "Manufacturer",
    "broker": "Broker",
    "commodity": "Commodity",
    "shipment": "Shipment",
    "seizure": "Seizure",
    "watchlist": "WatchlistEntry",
}
OWN = {"LOCATED_AT": "address", "HAS_PHONE": "phone", "HAS_EMAIL": "email", "HAS_OFFICER": "officer", "PAID_TO": "bank"}
_TYPE_OF = {kind: type_ for type_, kind in OWN.items()}


def tell() -> Story:
    """The whole story."""
    story = Story()
    _places(story)
    _importers(story)
    _sellers(story)
    _trade(story)
    _shipments(story)
    _seizures(story)
    _orders(story)
    story.count_users()
    return story


def _party(story: Story, uid: str, since: str, *values: str, **properties: object) -> None:
    label = LABEL_OF[uid.partition(":")[0]]
    story.node(label, uid, first_seen=since, **{"standing": "unknown", **properties})
    for value in values:
        kind = value.partition(":")[0]
        if value not in story.nodes[LABEL_OF[kind]]:
            story.node(LABEL_OF[kind], value)
        story.link(uid, _TYPE_OF[kind], value, since, "2024-09-30")


def _places(story: Story) -> None:
    places: dict[str, Row] = {
        "address:pier-4-suite-4": {"unit": "4"},
        "address:pier-4-suite-5": {"unit": "5"},
        "address:pier-4": {},
        "address:mailbox-9": {"mail_drop": True, "parties": 8},
        "address:crowded-dock": {"parties": 60},
        "address:elm-2": {},
        "address:oak-3": {},
        "address:tower": {},
        "address:tower-1": {"unit": "1"},
        "address:tower-2": {"unit": "2"},
        "address:quiet-lane-7": {"parties": 1},
        "address:spread-road-8": {"parties": 1},
        "address:back-room-10": {"parties": 4},
        "address:farm-1": {},
    }
    for uid, more in places.items():
        story.node("Address", uid, **more)
    story.link("address:pier-4-suite-4", "SAME_BUILDING", "address:pier-4", "2021-01-05")
    story.link("address:pier-4-suite-5", "SAME_BUILDING", "address:pier-4", "2021-01-05")
    story.link("address:tower-1", "SAME_BUILDING", "address:tower", "2021-01-05")
    story.link("address:tower-2", "SAME_BUILDING", "address:tower", "2021-01-05")
    for unit in range(3, 13):
        story.node("Address", f"address:tower-{unit}", unit=str(unit))
        story.link(f"address:tower-{unit}", "SAME_BUILDING", "address:tower", "2021-01-05")


def _importers(story: Story) -> None:
    pier, seized = "address:pier-4-suite-4", {"standing": "seized"}
    harbor = ("phone:+12025550101", "officer:ana-reyes", "email:office@harborlamp.example")
    _party(story, "importer:harbor-lamp", "2021-03-01", pier, *harbor, **seized)
    _party(story, "importer:brightway", "2024-05-01", pier, "phone:+12025550101", "officer:ana-reyes")
    _party(story, "importer:kestrel", "2024-06-01", "address:pier-4-suite-5", "email:hello@kestrel.example")
    _party(story, "importer:second-step", "2024-07-01", "email:hello@kestrel.example", "phone:+12025550102")
    _party(story, "importer:brightway-cousin", "2024-07-15", "phone:+12025550103")
    story.link("importer:brightway", "HAS_PHONE", "phone:+12025550103", "2024-05-01")
    # Was there long before, so it is no newcomer.
    _party(story, "importer:old-town-books", "2019-01-01", pier)
    # Its goods were released, so who came after it is nobody's heir.
    _party(story, "importer:cedar-toys", "2021-01-01", "address:elm-2")
    _party(story, "importer:maple-kites", "2024-06-01", "address:elm-2")
    # A mail drop and a crowded address link nobody.
    _party(story, "importer:dune", "2022-01-01", "address:mailbox-9", **seized)
    _party(story, "importer:fern", "2024-06-01", "address:mailbox-9")
    _party(story, "importer:gale", "2022-01-01", "address:crowded-dock", "address:tower-1", **seized)
    _party(story, "importer:hazel", "2024-06-01", "address:crowded-dock")
    _party(story, "importer:lark", "2024-06-01", "address:tower-2")
    # A hub that touches the seized party: everybody's customs agent wrote the same address into the form.
    story.nodes["Email"]["email:office@harborlamp.example"]["parties"] = 400
    story.link("importer:hazel", "HAS_EMAIL", "email:office@harborlamp.example", "2024-06-01")
    # Seized before the day asked for.
    _party(story, "importer:ivory", "2020-01-01", "address:oak-3", **seized)
    _party(story, "importer:juniper", "2023-01-01", "address:oak-3")
    _number_thieves(story)
    for name in ("ada", "ben", "cleo", "dov"):
        _party(story, f"importer:p-{name}", "2024-05-01", provisional=True)


def _number_thieves(story: Story) -> None:
    _party(story, "importer:northfield", "2018-01-01", "address:farm-1", number="98-2000002", possible_victim=True)
    _party(story, "importer:p-nightowl", "2024-03-01", claimed_number="98-2000002", provisional=True)
    # Two private persons whose masked numbers look alike.
    _party(story, "importer:private-owner", "2018-01-01", number="***-**-1234", possible_victim=True)
    _party(story, "importer:p-alike", "2024-03-01", claimed_number="***-**-1234", provisional=True)


def _sellers(story: Story) -> None:
    _party(
        story, "seller:bazario/lampking", "2022-01-01", "bank:lamp", "phone:+12025550109",
        opened_on="2022-01-01", standing="seized",
    )  # fmt: skip
    lumen = ("bank:lamp", "phone:+12025550109", "phone:+12025550101")
    _party(story, "seller:bazario/lumen-shop", "2024-03-20", *lumen, opened_on="2024-03-20")
    _party(story, "seller:bazario/early-bird", "2020-01-01", "phone:+12025550109", opened_on="2020-01-01")
    # A payment agent has forty sellers.
    story.node("BankAccount", "bank:agent", parties=40)
    _party(story, "seller:mercado/penpal", "2022-01-01", "bank:agent", opened_on="2022-01-01", standing="seized")
    _party(story, "seller:mercado/orchid", "2024-06-01", "bank:agent", opened_on="2024-06-01")
    # Released.
    _party(story, "seller:mercado/quilt", "2022-01-01", "bank:quilt", opened_on="2022-01-01")
    _party(story, "seller:mercado/raven", "2024-06-01", "bank:quilt", opened_on="2024-06-01")
    _party(story, "seller:mercado/plain-words", "2022-01-01", opened_on="2022-01-01")


def _trade(story: Story) -> None:
    story.node("Manufacturer", "mid:CNLAMP1SHE", parties=3)
    story.node("Manufacturer", "mid:CNPAPER2GUA", parties=1)
    for broker in ("HLM", "OLD", "TNY", "CLN"):
        story.node("Broker", f"broker:{broker}", parties=4)
    story.node("Commodity", "commodity:610910", hts6="610910")
    story.node("Commodity", "commodity:851310", hts6="851310")
    _party(story, "shipper:silk-river", "2022-01-01")
    _party(story, "shipper:old-loom", "2022-01-01")
    _party(story, "shipper:silky-reef", "2022-01-01")


def _shipment(story: Story, name: str, importer: str, filed_on: str, *others: str, **properties: object) -> None:
    """A shipment with who brought it in and what else stands on it (address, seller, shipper, mid, broker)."""
    uid = f"shipment:{name}"
    defaults = {"value_usd": 120.0, "hts": "8513104000", "origin_country": "CN", "description": "led desk lamp"}
    story.node("Shipment", uid, shipment_id=name, filed_on=filed_on, **{**defaults, **properties})
    story.link(f"importer:{importer}", "IMPORTED", uid, filed_on)
    types = {
        "address": "DELIVERED_TO",
        "seller": "SOLD_BY",
        "shipper": "SHIPPED_BY",
        "mid": "MADE_BY",
        "broker": "FILED_BY",
    }
    for other in others:
        story.link(uid, types[other.partition(":")[0]], other, filed_on)


def _shipments(story: Story) -> None:
    lamp, paper = "mid:CNLAMP1SHE", "mid:CNPAPER2GUA"
    _shipment(story, "H1", "harbor-lamp", "2024-02-05", lamp, "broker:HLM")
    _shipment(story, "H2", "harbor-lamp", "2024-03-28", lamp, paper, "broker:HLM")
    _shipment(story, "H3", "harbor-lamp", "2024-05-20", paper, "broker:HLM")
    _shipment(story, "D1", "dune", "2024-02-25", lamp, "broker:OLD")
    for number in (2, 3, 4):
        _shipment(story, f"D{number}", "fern", f"2024-03-0{number}", "broker:OLD")
    _shipment(story, "G1", "gale", "2024-02-01", "broker:TNY")
    _shipment(story, "G2", "gale", "2024-02-02", "broker:CLN")
    _shipment(story, "G3", "gale", "2022-02-02", "broker:CLN")
    _shipment(story, "C1", "cedar-toys", "2024-02-20", "broker:CLN")
    _split(story)
    _numbers(story)
    _descriptions(story)
    for day, name in enumerate(("ada", "ben", "cleo", "dov"), start=3):
        _shipment(story, f"P-{name}", f"p-{name}", f"2024-06-0{day}", "address:back-room-10")
        _shipment(story, f"M-{name}", f"p-{name}", f"2024-06-0{day}", "address:mailbox-9")
        # Harbor Lamp is registered at the pier, so parcels for others there are explained.
        _shipment(story, f"R-{name}", f"p-{name}", f"2024-06-0{day}", "address:pier-4-suite-4")
    _goods(story)


def _split(story: Story) -> None:
    for number, (day, value) in enumerate((("06", 790.0), ("08", 780.0), ("12", 760.0)), start=1):
        seller = "seller:bazario/lumen-shop" if number < 3 else "seller:mercado/raven"
        place = "address:quiet-lane-7"
        _shipment(story, f"Q{number}", "brightway", f"2024-05-{day}", place, seller, value_usd=value)
        # The same on a crowded dock says nothing.
        _shipment(story, f"K{number}", "hazel", f"2024-05-{day}", "address:crowded-dock", value_usd=value)
    for number, day in enumerate(("2024-05-06", "2024-05-13", "2024-05-20"), start=1):
        _shipment(story, f"W{number}", "lark", day, "address:spread-road-8", value_usd=790.0)
    _shipment(story, "W4", "lark", "2024-05-07", "address:spread-road-8", value_usd=2400.0)
    _shipment(story, "W5", "lark", "2024-05-08", "address:spread-road-8", value_usd=20.0)


def _numbers(story: Story) -> None:
    for name, day, disputed in (("N1", "2024-03-05", True), ("N2", "2024-04-05", True), ("N3", "2024-05-05", False)):
        _shipment(story, name, "p-nightowl", day, value_usd=300.5, importer_number_disputed=disputed)
    _shipment(story, "N4", "p-nightowl", "2022-05-05", importer_number_disputed=True)
    _shipment(story, "N5", "p-alike", "2024-05-05", importer_number_disputed=True)


def _descriptions(story: Story) -> None:
    for number, words in enumerate(("Gift", "parts ", "", "xx", "cotton t-shirt, men's"), start=1):
        _shipment(story, f"V{number}", "p-ada", "2024-08-01", "seller:mercado/orchid", description=words)
        _shipment(story, f"U{number}", "p-ben", "2024-08-01", "seller:mercado/plain-words")
    _shipment(story, "V6", "p-ada", "2022-08-01", "seller:mercado/orchid", description="gift")
    _shipment(story, "U6", "p-ben", "2024-08-01", "seller:mercado/quilt", description="gift")


def _goods(story: Story) -> None:
    shirts = {"hts": "6109100012", "description": "cotton t-shirts", "value_usd": 4000.0}
    _shipment(story, "T1", "maple-kites", "2024-04-10", "shipper:silk-river", **shirts)
    _shipment(story, "T2", "maple-kites", "2024-05-10", "shipper:silk-river", **shirts)
    _shipment(story, "T3", "maple-kites", "2024-05-11", "shipper:silk-river")
    _shipment(story, "T4", "juniper", "2024-05-12", "shipper:silk-river", **{**shirts, "origin_country": "VN"})
    _shipment(story, "T5", "juniper", "2023-02-01", "shipper:silk-river", **shirts)
    _shipment(story, "T6", "lark", "2024-05-12", "shipper:old-loom")
    _shipment(story, "T7", "fern", "2024-05-12", "shipper:silky-reef", **shirts)
    for importer in ("maple-kites", "juniper", "fern"):
        story.link(f"importer:{importer}", "DECLARES", "commodity:610910", "2024-04-10", count=2)
    story.link("importer:lark", "DECLARES", "commodity:851310", "2024-05-12")


def _seizures(story: Story) -> None:
    for name, day, status, category, targets in (
        ("Z1", "2024-02-10", "seized", "ipr", ("shipment:H1", "importer:harbor-lamp")),
        ("Z2", "2024-04-02", "forfeited", "consumer_safety", ("shipment:H2", "importer:harbor-lamp")),
        ("Z3", "2024-02-25", "released", "ipr", ("shipment:C1", "importer:cedar-toys")),
        ("Z4", "2024-02-15", "seized", "ipr", ("seller:bazario/lampking",)),
        ("Z5", "2024-03-01", "seized", "ipr", ("shipment:D1", "importer:dune")),
        ("Z6", "2024-02-04", "seized", "ipr", ("shipment:G1", "importer:gale")),
        ("Z7", "2024-02-06", "detained", "ipr", ("importer:gale",)),
        ("Z8", "2022-05-05", "seized", "ipr", ("importer:ivory",)),
        ("Z9", "2024-02-20", "seized", "ipr", ("seller:mercado/penpal",)),
        ("Z10", "2024-02-20", "released", "ipr", ("seller:mercado/quilt",)),
    ):
        uid = f"seizure:{name}"
        story.node("Seizure", uid, seizure_id=name, seized_on=day, status=status, category=category)
        for target in targets:
            story.link(uid, "SEIZED_FROM", target, day)


def _orders(story: Story) -> None:
    for name, kind, effective, ended, prefixes in (
        ("12", "WRO", "2023-06-01", None, ["5208", "61091000"]),
        ("3", "FINDING", "2020-01-01", "2023-12-31", ["8513"]),
        ("77", "SDN", "2020-01-01", None, ["8513"]),
    ):
        dates = {"effective_on": effective} | ({"ended_on": ended} if ended else {})
        uid = f"watchlist:{kind}/{name}"
        scope: Mapping[str, Sequence[str] | str] = {"country": "CN", "hts_prefixes": prefixes}
        story.node("WatchlistEntry", uid, list=kind, entry_id=name, **scope, **dates)
    story.link("shipper:silk-river", "MATCHES", "watchlist:WRO/12", "2023-06-01", score=0.93)
    story.link("shipper:silky-reef", "MATCHES", "watchlist:WRO/12", "2023-06-01", score=0.55)
    story.link("shipper:old-loom", "MATCHES", "watchlist:FINDING/3", "2023-06-01", score=0.95)
