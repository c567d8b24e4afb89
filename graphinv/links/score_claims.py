"""The claims that a score adds up: one table, read aloud by anyone.

A claim of a tie is 0 without one and 1 for the surest; a claim of a record is the log-odds by which goods with that
attribute were in violation more often than others.
"""

from dataclasses import dataclass

#: Raise it whenever the same look-up gives other values of a claim: what was learned from those is then learned anew.
CLAIMS_VERSION = 11


@dataclass(frozen=True)
class Claim:
    """``sign``: 1 when more of it may only raise the score, -1 when it may only lower it. ``usual``: its weight where
    outcomes tell nothing else."""

    name: str
    sign: int
    usual: float
    says: str


#: By what a path holds together: the least reliable claim on it.
TIES = {
    "PAID_TO": "shared_bank_account",
    "HAS_EMAIL": "shared_email",
    "HAS_PHONE": "shared_phone",
    "HAS_WEBSITE": "shared_web_shop",
    "LOCATED_AT": "shared_address",
    "HAS_OFFICER": "shared_officer",
    "SAME_BUILDING": "same_building",
    "SOURCES_FROM": "shared_manufacturer",
    "SUPPLIED_BY": "shared_shipper",
    "BUYS_FROM": "shared_seller",
    "USES_BROKER": "shared_broker",
    "SAME_AS": "likeness",
    "NEAR_PHONE": "near_phone",
    "NEAR_NUMBER": "near_number",
    "LIKE_DOMAIN": "like_domain",
    "SAME_DOMAIN": "shared_web_shop",
    "FILED_ALIKE": "filed_alike",
    "GOODS_ALIKE": "goods_alike",
}
#: Ties that many innocents have: they alone lift nobody into the top band.
WEAK_TIES = frozenset(
    {"same_building", "shared_broker", "near_seizures", "paths_through_hubs", "watchlist_likeness"}
    | {"near_phone", "near_number", "like_domain", "filed_alike", "goods_alike"}
)

#: Records of goods by what they have in common, and the kinds of attributes that each looks at.
RECORDS = {
    "own_record": ("party",),
    "contact_record": ("phone", "email", "address"),
    "seller_record": ("seller",),
    "supplier_record": ("shipper", "manufacturer"),
    "filer_record": ("broker",),
    "port_record": ("port",),
    "goods_record": ("hts6",),
    "chapter_record": ("chapter",),
    "origin_record": ("origin",),
    "platform_record": ("platform",),
    "description_record": ("term",),
}

#: Newness is no evidence of ties: it moves the level, and lifts nobody into the top band.
NEVER_FILED = "never_filed"

CLAIMS_OF_A_SCORE: tuple[Claim, ...] = (
    Claim("own_seizure", 1, 1.0, "goods of this party were seized before"),
    Claim("best_link", 1, 4.0, "the strongest path to another party that was seized"),
    Claim(
        "some_link",
        1,
        0.5,
        "that there is a path at all, to itself or another, where each doubling of its strength counts the same",
    ),
    Claim("further_links", 1, 1.0, "more paths that rest on other evidence"),
    *(Claim(name, 1, 0.3, "how that path holds together") for name in dict.fromkeys(TIES.values())),
    Claim("near_seizures", 1, 1.0, "how near seizures are over all paths together"),
    Claim("paths_through_hubs", 1, 0.0, "seized parties that are reached through busy values only"),
    Claim("watchlist_likeness", 1, 1.0, "it resembles an entry of a watch list"),
    Claim("number_of_another", 1, 1.0, "its importer number is registered to a party with other contacts"),
    *(Claim(name, 1, 0.5, "how examinations of such goods ended") for name in RECORDS),
    Claim("vetted", -1, -1.0, "it is a vetted importer, and this is within the scope of that"),
    Claim(NEVER_FILED, 0, 0.0, "nobody on record whom it may be has filed a shipment before"),
    *(Claim(f"given_{tier}", 0, 0.0, "how much was declared") for tier in ("advance_data", "low_value", "minimal")),
)

NAMES: tuple[str, ...] = tuple(claim.name for claim in CLAIMS_OF_A_SCORE)
