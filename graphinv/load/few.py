"""What a few shipments add to the evidence, row by row: what ``additions`` makes of tables, without one.

A table step costs the same for a row as for a thousand, and arrivals come one by one. The same shipments give the same
nodes and claims either way; a property test holds the two together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from graphinv.load.claims import CONFIDENCE_ADVANCE_DATA, CONFIDENCE_FILING, address_uid
from graphinv.load.tables import KNOWN_AFTER, KNOWN_AFTER_SHIPMENTS

_ADDRESS = ("building_key", "unit_key", "address_caption", "city", "state", "country", "mail_drop")
_CONSIGNEE, _SHIPPER = "consignee_", "shipper_"
_COLUMNS = (
    "record_id", "seen", "known_at", "entry_type", "importer_uid", "claimed_uid", "shipper_uid", "seller_uid",
    "number_shown", "consignee_name_caption", "consignee_name_key", "consignee_phone", "consignee_email",
    "shipper_name_caption", "shipper_name_key", "mid", "filer_code", "affiliate_ids",
    *(prefix + name for prefix in (_CONSIGNEE, _SHIPPER) for name in _ADDRESS),
)  # fmt: skip
_NODE: dict[str, pl.DataType] = {
    "label": pl.String(), "uid": pl.String(), "caption": pl.String(), "name_key": pl.String(), "country": pl.String(),
    "standing": pl.String(), "entity": pl.String(), "possible_victim": pl.Boolean(), "first_seen": pl.Date(),
    "mail_drop": pl.Boolean(), "building_key": pl.String(),
}  # fmt: skip
_CLAIM: dict[str, pl.DataType] = {
    "claim": pl.String(), "src": pl.String(), "dst": pl.String(), "record_id": pl.String(), "seen": pl.Date(),
    "known_at": pl.Datetime("us", "UTC"), "confidence": pl.Float64(), "root": pl.String(),
}  # fmt: skip

#: A row of identified shipments by column, and a row of a frame that is made.
_Row = dict[str, Any]
_Cells = tuple[object, ...]

_LOW_VALUE_ENTRIES = (None, "86")
_UNNAMED = "unnamed consignee"


class _Node(NamedTuple):
    label: str
    uid: str
    caption: str | None
    name_key: str | None = None
    country: str | None = None
    standing: str | None = None
    entity: str | None = None
    possible_victim: bool | None = None
    first_seen: date | None = None
    mail_drop: bool | None = None
    building_key: str | None = None


class _Claim(NamedTuple):
    claim: str
    src: str
    dst: str
    record_id: str


@dataclass
class _Place:
    """A unit or a building, as rows gave it."""

    building_key: str
    captions: list[str] = field(default_factory=list)
    given: list[tuple[str | None, str | None, str | None]] = field(default_factory=list)
    mail_drop: bool = False


def few_nodes(shipments: pl.DataFrame) -> pl.DataFrame:
    """The parties and values that identified shipments name, every party one of its own."""
    rows = shipments.select(_COLUMNS).sort("known_at", "record_id").rows(named=True)
    standing = _Standing(rows)
    nodes = [
        *_importers(rows, standing),
        *_sellers(rows, standing),
        *_shippers(rows, standing),
        *_places(rows),
        *_values("Phone", "phone:", (row["consignee_phone"] for row in rows)),
        *_values("Email", "email:", (row["consignee_email"] for row in rows)),
        *_values("Website", "website:", (site for row in rows for site in row["affiliate_ids"] or ())),
        *_manufacturers(row["mid"] for row in rows),
        *_values("Broker", "broker:", (row["filer_code"] for row in rows)),
    ]
    return pl.DataFrame(nodes, schema=_NODE, orient="row")


def few_claims(shipments: pl.DataFrame) -> pl.DataFrame:
    """What identified shipments claim, with the columns of ``additions``."""
    rows = shipments.select(_COLUMNS).rows(named=True)
    told = [
        (*claim, row["seen"], row["known_at"], _confidence(row), row["record_id"])
        for row in rows
        for claim in _claims_of(row)
    ]
    return pl.DataFrame(told, schema=_CLAIM, orient="row")


def _claims_of(row: _Row) -> Iterator[_Claim]:
    record, importer, seller, shipper = row["record_id"], row["importer_uid"], row["seller_uid"], row["shipper_uid"]
    maker = _uid("mid:", row["mid"])
    pairs: list[tuple[str, str | None, str | None, str]] = [
        ("HAS_PHONE", importer, _uid("phone:", row["consignee_phone"]), "#consignee"),
        ("HAS_EMAIL", importer, _uid("email:", row["consignee_email"]), "#consignee"),
        *(("HAS_WEBSITE", seller or importer, _uid("website:", site), "") for site in row["affiliate_ids"] or ()),
        ("BUYS_FROM", importer, seller, ""),
        ("SUPPLIED_BY", importer, shipper, ""),
        ("SUPPLIED_BY", seller, shipper, ""),
        ("SOURCES_FROM", importer, maker, ""),
        ("SOURCES_FROM", seller, maker, ""),
        ("USES_BROKER", importer, _uid("broker:", row["filer_code"]), ""),
    ]
    for prefix, party, role in ((_CONSIGNEE, importer, "#consignee"), (_SHIPPER, shipper, "#shipper")):
        building, unit = row[prefix + "building_key"], row[prefix + "unit_key"]
        if building is not None:
            place = address_uid(building, unit)
            pairs.append(("LOCATED_AT", party, place, role))
            if unit is not None and party is not None:
                pairs.append(("SAME_BUILDING", place, address_uid(building, None), role))
    for claim, src, dst, role in pairs:
        if src is not None and dst is not None:
            yield _Claim(claim, src, dst, record + role)


class _Standing:
    """Who is known by what the rows say: whoever filed often over long."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._days: dict[str, list[date | None]] = defaultdict(list)
        for row in rows:
            for role in ("importer_uid", "seller_uid", "shipper_uid"):
                if row[role] is not None:
                    self._days[row[role]].append(row["seen"])

    def of(self, uid: str) -> str:
        days = [day for day in self._days[uid] if day is not None]
        often = len(self._days[uid]) >= KNOWN_AFTER_SHIPMENTS
        return "known" if often and days and max(days) - min(days) >= KNOWN_AFTER else "unknown"

    def files(self, uid: str) -> bool:
        """Whether somebody filed, sold or shipped as that."""
        return uid in self._days

    def first(self, uid: str) -> date | None:
        return min((day for day in self._days[uid] if day is not None), default=None)


def _importers(rows: Sequence[_Row], standing: _Standing) -> Iterator[_Node]:
    """Consignees as they file, and numbers that somebody else files under."""
    claimed = {row["claimed_uid"]: None for row in rows if row["claimed_uid"] is not None}
    for uid, filed in _by(rows, "importer_uid").items():
        number = _last(row["number_shown"] for row in filed if row["claimed_uid"] is None)
        yield _Node(
            "Importer", uid, _last(row["consignee_name_caption"] for row in filed) or number or _UNNAMED,
            _last(row["consignee_name_key"] for row in filed), _last(row["consignee_country"] for row in filed),
            standing.of(uid), uid, True if uid in claimed else None, standing.first(uid),
        )  # fmt: skip
    for uid in claimed:
        if not standing.files(uid):
            shown = [row["number_shown"] for row in rows if row["claimed_uid"] == uid and row["number_shown"]]
            yield _Node("Importer", uid, min(shown, default=_UNNAMED), None, None, standing.of(uid), uid, True)


def _sellers(rows: Sequence[_Row], standing: _Standing) -> Iterator[_Node]:
    for uid in _by(rows, "seller_uid"):
        caption = uid.removeprefix("seller:")
        yield _Node("Seller", uid, caption, None, None, standing.of(uid), uid, None, standing.first(uid))


def _shippers(rows: Sequence[_Row], standing: _Standing) -> Iterator[_Node]:
    for uid, shipped in _by(rows, "shipper_uid").items():
        caption = _last(row["shipper_name_caption"] or row["shipper_address_caption"] for row in shipped)
        key, country = (_last(row[name] for row in shipped) for name in ("shipper_name_key", "shipper_country"))
        yield _Node("Shipper", uid, caption, key, country, standing.of(uid), uid, None, standing.first(uid))


def _places(rows: Sequence[_Row]) -> Iterator[_Node]:
    """Units and their buildings; of a building that nobody gave as such, the caption is made from its key."""
    places: dict[str, _Place] = {}
    for row in rows:
        for prefix in (_CONSIGNEE, _SHIPPER):
            building, unit, caption, *where, drop = (row[prefix + name] for name in _ADDRESS)
            if building is not None:
                whole = places.setdefault(address_uid(building, None), _Place(building))
                part = whole if unit is None else places.setdefault(address_uid(building, unit), _Place(building))
                part.captions += [caption] if caption is not None else []
                part.mail_drop = part.mail_drop or bool(drop)
                for one in (whole, part):
                    one.given.append(tuple(where))
    unnamed = [place for place in places.values() if not place.captions]
    for place, caption in zip(unnamed, _in_words(unnamed), strict=True):
        place.captions.append(caption)
    for uid, place in places.items():
        country = _least(given[2] for given in place.given)
        caption = min(place.captions)
        yield _Node(
            "Address", uid, caption, country=country, mail_drop=place.mail_drop, building_key=place.building_key
        )


def _in_words(places: Sequence[_Place]) -> Iterator[str]:
    """Captions of places that nobody gave as such: the street from the key, then the place."""
    streets = pl.Series([place.building_key.split("|")[0] for place in places], dtype=pl.String).str.to_titlecase()
    for street, place in zip(streets, places, strict=True):
        where = (_least(given[at] for given in place.given) for at in range(3))
        yield ", ".join([street, *filter(None, where)])


def _values(label: str, prefix: str, values: Iterable[str | None]) -> Iterator[_Node]:
    """Nodes whose uid says what they are."""
    for value in dict.fromkeys(values):
        if value is not None:
            yield _Node(label, prefix + value, value)


def _manufacturers(codes: Iterable[str | None]) -> Iterator[_Node]:
    """The first two letters of a manufacturer's code are its country."""
    return (node._replace(country=(node.caption or "")[:2]) for node in _values("Manufacturer", "mid:", codes))


def _confidence(row: _Row) -> float:
    return CONFIDENCE_ADVANCE_DATA if row["entry_type"] in _LOW_VALUE_ENTRIES else CONFIDENCE_FILING


def _uid(prefix: str, value: str | None) -> str | None:
    return None if value is None else prefix + value


def _by(rows: Sequence[_Row], column: str) -> dict[str, list[_Row]]:
    """The rows of each party, in their order."""
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            found[row[column]].append(row)
    return found


def _last(values: Iterable[str | None]) -> str | None:
    """The last value that is one."""
    found = None
    for value in values:
        found = found if value is None else value
    return found


def _least(values: Iterable[str | None]) -> str | None:
    return min((value for value in values if value is not None), default=None)
