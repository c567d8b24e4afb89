"""The accepted records behind an entity: every record of every identity that is the same party."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from graphinv.errors import NotFound
from graphinv.ingest import RecordStore
from graphinv.links.index import LinkIndex
from graphinv.normalise.hashing import HASHED_PREFIX, MASKED_NUMBER
from graphinv.record_parties import record_parties, records_of
from graphinv.records import FEEDS, Feed, ValueKind
from graphinv.workspace import Workspace

#: What a role's part of a record is: the columns that start so, and those that say which record it is.
_PARTS = {
    "consignee": ("consignee_", ("shipment_id", "filed_at", "importer_number")),
    "shipper": ("shipper_", ("shipment_id", "filed_at", "manufacturer_id")),
}
_ROLES = ("importer", "seller", "consignee", "shipper")
_ACCOUNT = "bank_account"


@dataclass(frozen=True)
class EntityRecord:
    """A record: the identity that it declares, in which role, on which days, and what its newest version says."""

    record: str
    identity: str
    role: str
    first_seen: date | None
    last_seen: date | None
    known_at: datetime
    values: dict[str, str]


@dataclass(frozen=True)
class EntityRecords:
    """Some of the records behind an entity; ``next`` is where the next page begins."""

    items: tuple[EntityRecord, ...]
    next: int | None
    total: int


def entity_of(index: LinkIndex, uid: str) -> str:
    """The id of the entity that an identity belongs to. NotFound when no party has that id."""
    node = index.node(uid)
    if node is None or not index.graph.party[node]:
        raise NotFound("there is no party of that id; GET /v1/entities?q= finds ids by name")
    return index.nodes.text("entity", node) or uid


def members_of(index: LinkIndex, entity: str) -> list[str]:
    """The identities of an entity, sorted."""
    nodes = index.graph.nodes
    members: list[str] = nodes.filter(pl.col("entity") == entity)["uid"].to_list()
    return sorted(members or [entity])


def entity_records(
    workspace: Workspace, index: LinkIndex, entity: str, *, skip: int = 0, limit: int = 50
) -> EntityRecords:
    """Registrations first, then the newest filings; ``limit`` records after the first ``skip``."""
    members = pl.Series(members_of(index, entity)).implode()
    role = pl.col("role").cast(pl.Enum(_ROLES))
    rows = record_parties(workspace).filter(pl.col("uid").is_in(members)).collect()
    ordered = rows.sort(role, "last_seen", "record_id", descending=[False, True, False], nulls_last=True)
    page = ordered.slice(skip, limit)
    values = _values(RecordStore(workspace), page)
    items = tuple(_item(row, values) for row in page.iter_rows(named=True))
    return EntityRecords(items, skip + limit if skip + limit < len(rows) else None, len(rows))


def shown_values(feed: Feed, row: Mapping[str, object], columns: Iterable[str]) -> dict[str, str]:
    """What a row says, as it may be shown: bank accounts keep their last four characters, hashes of social security
    numbers nothing."""
    return {name: _shown(feed, name, str(row[name])) for name in columns if row[name] is not None}


def _shown(feed: Feed, column: str, value: str) -> str:
    if column == _ACCOUNT:
        return f"…{value[-4:]}"
    hashed = feed.column(column).kind is ValueKind.IDENTITY_NUMBER and value.startswith(HASHED_PREFIX)
    return MASKED_NUMBER if hashed else value


def _values(records: RecordStore, page: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The newest version of every record of a page, by its id."""
    keys = records_of(page["record_id"]).unique()
    found: dict[str, dict[str, object]] = {}
    for feed in FEEDS:
        wanted = keys.filter(keys.str.starts_with(f"{feed}:"))
        if len(wanted):
            rows = records.scan(feed).filter(pl.col("record_id").is_in(wanted.implode())).collect()
            newest = rows.sort("known_at", "content").unique("record_id", keep="last", maintain_order=True)
            found.update({row["record_id"]: row for row in newest.iter_rows(named=True)})
    return found


def _item(row: Mapping[str, object], values: Mapping[str, Mapping[str, object]]) -> EntityRecord:
    record, role = str(row["record_id"]), str(row["role"])
    key = record.removesuffix(f"#{role}")
    feed = FEEDS[key.partition(":")[0]]
    prefix, also = _PARTS.get(role, ("", ()))
    columns = [name for name in feed.names if name.startswith(prefix) or name in also]
    days = {name: row[name] for name in ("first_seen", "last_seen", "known_at")}
    return EntityRecord(record, str(row["uid"]), role, values=shown_values(feed, values[key], columns), **days)  # type: ignore[arg-type]  # columns of a frame
