"""The seven feeds, declared once: columns, what each holds, natural keys, and when a row's fact counts as known.

Readers, validation, the record store and the API take columns and rules from here. Every column is kept as the text
its row wrote, without blanks around it. Beside it, the record store offers what validation could read:

- ``<column>_ts``    Datetime (UTC, microseconds) of a date column; a bare day is its start; null if unreadable;
- ``<column>_num``   Float64 of a number column; null if unreadable;
- ``<column>_code``  the lower-case code of a closed list; its default where the row left it blank.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from graphinv.errors import InvalidInput

KNOWN_AT = "known_at"
TIME_SUFFIX = "_ts"
NUMBER_SUFFIX = "_num"
CODE_SUFFIX = "_code"

#: ``known_at`` of a row without any date: it counts as known in every past, and moves no clock.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class ValueKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    TIME = "time"  # ISO 8601, a day or a timestamp
    NUMBER = "number"  # never negative
    CODE = "code"  # one of a closed list
    IDENTITY_NUMBER = "identity number"  # may be a social security number: hashed before it is stored
    LIST = "list"  # several values, separated by semicolons


class BareDay(StrEnum):
    """From which end of a day without a time its fact counts as known (UTC)."""

    START = "start"
    END = "end"


@dataclass(frozen=True)
class Column:
    """One column of a feed. ``codes`` and ``default`` belong to closed lists: a blank cell means the default."""

    name: str
    kind: ValueKind = ValueKind.TEXT
    required: bool = False
    codes: tuple[str, ...] = ()
    default: str | None = None


@dataclass(frozen=True)
class Feed:
    """One feed: its columns in order, the columns of its natural key, and when its facts count as known.

    ``event`` names the date column that stands in for a missing ``known_at``. ``bare_day`` says from which end of
    the day a known day without a time counts.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    event: str
    bare_day: BareDay = BareDay.START

    def column(self, name: str) -> Column:
        """The column of that name, ``known_at`` included."""
        for column in self.all_columns:
            if column.name == name:
                return column
        raise InvalidInput(f"the feed {self.name} has no column {name}; its columns: {', '.join(self.names)}")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the declared columns, without ``known_at``."""
        return tuple(column.name for column in self.columns)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns, then the optional ``known_at`` that every feed has."""
        return (*self.columns, KNOWN_AT_COLUMN)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that no row may leave blank."""
        return tuple(column.name for column in self.columns if column.required)

    def of_kind(self, kind: ValueKind) -> tuple[Column, ...]:
        """The declared columns of one kind, without ``known_at``."""
        return tuple(column for column in self.columns if column.kind is kind)


KNOWN_AT_COLUMN = Column(KNOWN_AT, ValueKind.TIME)

MODES = ("air", "express", "mail", "truck", "rail", "vessel")
CATEGORIES = ("ipr", "narcotics", "pharmaceuticals", "consumer_safety", "forced_labor", "other")
STATUSES = ("seized", "detained", "released", "forfeited")
SELECTIONS = ("random", "targeted", "referral")
RESULTS = ("compliant", "violation", "seized")
#: What stands behind the id of a shipment's record where one of its two parties is meant, in rising order.
PARTY_ROLES = ("#consignee", "#shipper")


def _columns(names: str) -> tuple[Column, ...]:
    """Text columns from a line of names; a star marks a required one."""
    return tuple(Column(name.rstrip("*"), required=name.endswith("*")) for name in names.split())


def _time(name: str) -> Column:
    return Column(name.rstrip("*"), ValueKind.TIME, required=name.endswith("*"))


def _number(name: str) -> Column:
    return Column(name, ValueKind.NUMBER)


def _identity(name: str) -> Column:
    return Column(name.rstrip("*"), ValueKind.IDENTITY_NUMBER, required=name.endswith("*"))


def _list(name: str) -> Column:
    return Column(name, ValueKind.LIST)


def _code(name: str, codes: tuple[str, ...], default: str | None = None) -> Column:
    return Column(name.rstrip("*"), ValueKind.CODE, required=name.endswith("*"), codes=codes, default=default)


IMPORTERS = Feed(
    "importers",
    (
        _identity("importer_number*"),
        *_columns("name* dba company_type address_line1 address_line2 city state postal_code country"),
        *_columns("mailing_address phone email website officer_name"),
        _time("registered_on"),
    ),
    key=("importer_number",),
    event="registered_on",
)

SHIPMENTS = Feed(
    "shipments",
    (
        *_columns("shipment_id*"),
        _time("filed_at*"),
        *_columns("master_bill entry_number entry_type"),
        _time("arrived_on"),
        _code("mode", MODES),
        *_columns("port_code carrier filer_code"),
        _identity("importer_number"),
        *_columns("consignee_name consignee_address_line1 consignee_address_line2 consignee_city consignee_state"),
        *_columns("consignee_postal_code consignee_country consignee_phone consignee_email"),
        *_columns("shipper_name shipper_address shipper_city shipper_country manufacturer_id"),
        *_columns("platform seller_id listing_url description hts origin_country"),
        _number("quantity"),
        _number("weight_kg"),
        _number("value_usd"),
    ),
    key=("shipment_id",),
    event="filed_at",
)

SELLERS = Feed(
    "sellers",
    (
        *_columns("platform* seller_id* display_name legal_name address_line1 address_line2 city state postal_code"),
        *_columns("country phone email"),
        _identity("tax_id"),
        *_columns("bank_account website"),
        _time("opened_on"),
        _time("verified_on"),
    ),
    key=("platform", "seller_id"),
    event="opened_on",
)

SEIZURES = Feed(
    "seizures",
    (
        *_columns("seizure_id*"),
        _time("seized_on*"),
        *_columns("shipment_id"),
        _identity("importer_number"),
        *_columns("platform seller_id"),
        _code("category", CATEGORIES),
        *_columns("commodity hts"),
        _number("quantity"),
        *_columns("unit"),
        _number("msrp_usd"),
        *_columns("port_code"),
        _code("mode", MODES),
        _code("status", STATUSES, default="seized"),
        _time("status_on"),
    ),
    key=("seizure_id",),
    event="seized_on",
    bare_day=BareDay.END,
)

INSPECTIONS = Feed(
    "inspections",
    (
        *_columns("inspection_id*"),
        _time("inspected_on*"),
        *_columns("shipment_id*"),
        _code("selection", SELECTIONS, default="targeted"),
        _code("result*", RESULTS),
        *_columns("port_code"),
    ),
    key=("inspection_id",),
    event="inspected_on",
    bare_day=BareDay.END,
)

WATCHLIST = Feed(
    "watchlist",
    (
        *_columns("list* entry_id* name*"),
        _list("aliases"),
        *_columns("kind country address"),
        _list("hts_prefixes"),
        _time("effective_on"),
        _time("ended_on"),
        *_columns("reference_url"),
    ),
    key=("list", "entry_id"),
    event="effective_on",
)

TRUSTED = Feed(
    "trusted",
    (
        _identity("importer_number*"),
        *_columns("program* tier"),
        _list("scope_hts"),
        _list("scope_origins"),
        _time("vetted_on*"),
        _time("expires_on"),
        *_columns("vetted_by"),
    ),
    key=("importer_number", "program"),
    event="vetted_on",
)

FEEDS: MappingProxyType[str, Feed] = MappingProxyType(
    {feed.name: feed for feed in (IMPORTERS, SHIPMENTS, SELLERS, SEIZURES, INSPECTIONS, WATCHLIST, TRUSTED)}
)


def feed_named(name: str) -> Feed:
    """The feed of that name; InvalidInput names the ones there are."""
    try:
        return FEEDS[name]
    except KeyError:
        raise InvalidInput(f"there is no feed {name!r}; the feeds are {', '.join(FEEDS)}") from None
