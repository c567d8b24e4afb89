"""What records claim of parties and shipments, feed by feed. ``load.relations`` adds it up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from graphinv.load.feed_rows import FeedRows
from graphinv.load.grouping import groups_of
from graphinv.load.relations import CLAIM, Claims, End, Part, relations
from graphinv.normalise.columns import opaque_ids
from graphinv.normalise.hashing import opaque_id
from graphinv.resolve.arrays import Float64, Int64
from graphinv.resolve.coding import NOTHING
from graphinv.resolve.identities import PreparedRecords

#: How far each kind of source is trusted for what it says of a party. A 5106 is signed under penalty; a marketplace
#: verifies some accounts (INFORM Consumers Act); a parcel's consignee fields are whatever the shop's form let through.
CONFIDENCE_REGISTRATION = 0.95
CONFIDENCE_VERIFIED_SELLER = 0.9
CONFIDENCE_SELLER = 0.75
CONFIDENCE_FILING = 0.85
CONFIDENCE_ADVANCE_DATA = 0.75

_LOW_VALUE_ENTRY = "86"

#: Between the parts of a key: no text has it.
_PART = "\x1f"


@dataclass(frozen=True)
class _Party:
    """Who is named by rows of a feed: its uid in ``uid``, its columns with ``prefix``, its role in a record."""

    rows: FeedRows
    uid: str
    prefix: str
    confidence: Float64
    role: str = ""

    def says(self, dst: End) -> Part:
        """What these parties say of themselves."""
        return Part(self.rows, _text(self.rows, self.uid), dst, self.confidence, self.role)

    def names(self, column: str, prefix: str) -> Part:
        """A value that these parties give, which is its own id."""
        return self.says(_text(self.rows, self.prefix + column, prefix))


@dataclass(frozen=True)
class ClaimingRows:
    """The feeds whose records claim something of parties."""

    importers: FeedRows
    sellers: FeedRows
    shipments: FeedRows

    @classmethod
    def of(cls, records: PreparedRecords) -> "ClaimingRows":
        """Those of identified records."""
        return cls(
            FeedRows("importers", records.importers),
            FeedRows("sellers", records.sellers),
            FeedRows("shipments", records.shipments),
        )

    @cached_property
    def parties(self) -> tuple[_Party, _Party, _Party, _Party]:
        """Importers and sellers as registered, consignees and shippers as filed."""
        filing = filing_confidence(self.shipments.frame)
        verified = self.sellers.frame["verified_on"].is_not_null().to_numpy()
        registered = np.full(len(self.importers.frame), CONFIDENCE_REGISTRATION)
        return (
            _Party(self.importers, "uid", "", registered),
            _Party(self.sellers, "uid", "", np.where(verified, CONFIDENCE_VERIFIED_SELLER, CONFIDENCE_SELLER)),
            _Party(self.shipments, "importer_uid", "consignee_", filing, "#consignee"),
            _Party(self.shipments, "shipper_uid", "shipper_", filing, "#shipper"),
        )

    @cached_property
    def addresses(self) -> "Addresses":
        """The places of all parties, and the buildings that hold them."""
        return Addresses.of((party.rows, prefix) for party, prefix in self.places())

    def place(self, rows: FeedRows, prefix: str) -> End:
        """The place that each row names."""
        codes = rows.place(prefix)
        return End(codes, lambda at: self.addresses.uids(codes[at]))

    def building(self, rows: FeedRows, prefix: str) -> End:
        """The building of that place."""
        codes = rows.building(prefix)
        return End(codes, lambda at: self.addresses.uids(codes[at]))

    def places(self) -> Iterator[tuple[_Party, str]]:
        """Parties and the prefix of the columns of an address of theirs."""
        importers, sellers, consignees, shippers = self.parties
        yield importers, ""
        yield importers, "mailing_"
        yield from ((party, party.prefix) for party in (sellers, consignees, shippers))


@dataclass(frozen=True)
class Addresses:
    """Places by the codes that rows have for them: hashing is slow, so each is hashed once, whoever names it."""

    known: pl.DataFrame

    @classmethod
    def of(cls, named: Iterable[tuple[FeedRows, str]]) -> "Addresses":
        """Those that rows name in the columns with a prefix."""
        told = pl.concat(_told_places(rows, prefix) for rows, prefix in named).unique("code")
        uids = address_uids(told["building_key"], told["unit_key"])
        return cls(told.select("code", uids.alias("uid")))

    def uids(self, codes: Int64) -> pl.Series:
        """Their uids, code by code."""
        asked = pl.DataFrame({"code": codes})
        return asked.join(self.known, on="code", how="left", maintain_order="left")["uid"]


def _told_places(rows: FeedRows, prefix: str) -> pl.DataFrame:
    """(code, building_key, unit_key) of places and of buildings as such."""
    first = groups_of(rows.place(prefix)).first
    keys = rows.frame.select(pl.col(prefix + name).alias(name) for name in ("building_key", "unit_key"))[first]
    units = keys.with_columns(pl.Series("code", rows.place(prefix)[first]))
    buildings = keys.with_columns(pl.Series("code", rows.building(prefix)[first]), unit_key=pl.lit(None, pl.String))
    return pl.concat([units, buildings.unique("code")])


def party_claims(rows: ClaimingRows) -> list[Claims]:
    """What parties say of themselves: places, contacts, officers, accounts."""
    importers, sellers, consignees, _ = rows.parties
    declaring = (importers, sellers, consignees)
    sites = (importers.names("website", "website:"), sellers.names("website", "website:"), _listings(rows.shipments))
    return [
        Claims("LOCATED_AT", tuple(party.says(rows.place(party.rows, prefix)) for party, prefix in rows.places())),
        Claims("HAS_PHONE", tuple(party.names("phone", "phone:") for party in declaring)),
        Claims("HAS_EMAIL", tuple(party.names("email", "email:") for party in declaring)),
        Claims("HAS_WEBSITE", sites),
        Claims("HAS_OFFICER", (importers.says(_opaque(importers.rows, "officer_key", "officer:")),)),
        Claims("PAID_TO", (sellers.says(_opaque(sellers.rows, "bank_account", "bank:")),)),
    ]


def behind_parties(rows: ClaimingRows) -> pl.DataFrame:
    """(uid, sources, count, first_seen, last_seen, known_at): the records that name each party."""
    named = Claims("", tuple(party.says(_text(party.rows, party.uid)) for party in rows.parties))
    return relations(named).select(
        pl.col("src").alias("uid"), "sources", "count", "first_seen", "last_seen", "known_at"
    )


def building_claims(rows: ClaimingRows) -> Claims:
    """Each unit to its building: a star a building, so a mailbox shop with ten thousand tenants stays linear.

    Whoever names a unit as its own names its building.
    """
    parts = []
    for party, prefix in rows.places():
        unit, building = rows.place(party.rows, prefix), rows.building(party.rows, prefix)
        told = (party.rows.code(party.uid) != NOTHING) & (unit.codes != building.codes)
        src = End(np.where(told, unit.codes, NOTHING), unit.uids)
        parts.append(Part(party.rows, src, building, party.confidence, party.role))
    return Claims("SAME_BUILDING", tuple(parts))


def shipment_claims(shipments: FeedRows) -> dict[str, pl.DataFrame]:
    """What hangs on each shipment, by type: at most one claim a shipment, so nothing to add up."""
    filed = shipments.frame.with_columns(
        pl.Series("confidence", filing_confidence(shipments.frame)),
        place_uids(shipments, "consignee_").alias("address_uid"),
    )
    uid = pl.concat_str([pl.lit("shipment:"), "shipment_id"])
    return {
        "IMPORTED": _claims(filed, pl.col("importer_uid"), uid),
        "SOLD_BY": _claims(filed, uid, pl.col("seller_uid")),
        "SHIPPED_BY": _claims(filed, uid, pl.col("shipper_uid")),
        "DELIVERED_TO": _claims(filed, uid, pl.col("address_uid")),
        "FILED_BY": _claims(filed, uid, _prefixed("broker:", "filer_code")),
        "MADE_BY": _claims(filed, uid, _prefixed("mid:", "mid")),
    }


def habit_claims(shipments: FeedRows) -> list[Claims]:
    """Where an importer's shipments enter and what they declare, counted."""
    importer = _text(shipments, "importer_uid")
    return [
        Claims("ENTERS_AT", (_filed(shipments, importer, _text(shipments, "port_code", "port:")),)),
        Claims("DECLARES", (_filed(shipments, importer, _text(shipments, "hts6", "commodity:")),)),
    ]


def dealing_claims(shipments: FeedRows) -> list[Claims]:
    """Shipments collapsed to whom a party deals with: for the evidence graph, not for the store."""
    importer, seller = _text(shipments, "importer_uid"), _text(shipments, "seller_uid")
    shipper, maker = _text(shipments, "shipper_uid"), _text(shipments, "mid", "mid:")
    return [
        Claims("BUYS_FROM", (_filed(shipments, importer, seller),)),
        Claims("SUPPLIED_BY", (_filed(shipments, importer, shipper), _filed(shipments, seller, shipper))),
        Claims("SOURCES_FROM", (_filed(shipments, importer, maker), _filed(shipments, seller, maker))),
        Claims("USES_BROKER", (_filed(shipments, importer, _text(shipments, "filer_code", "broker:")),)),
    ]


def filing_confidence(shipments: pl.DataFrame) -> Float64:
    """How far each shipment's filing is trusted."""
    low_value = (shipments["entry_type"] == _LOW_VALUE_ENTRY).fill_null(True).to_numpy()
    return np.where(low_value, CONFIDENCE_ADVANCE_DATA, CONFIDENCE_FILING)


def named(rows: pl.DataFrame, prefix: str, column: str) -> pl.Series:
    """The uids of values that rows name, which are their own ids: ``prefix`` and the value."""
    return rows.select(_prefixed(prefix, column)).to_series().drop_nulls()


def address_uid(building: str, unit: str | None) -> str:
    """The uid of one place, as ``address_uids`` gives it."""
    return opaque_id("address:", f"{building}{_PART}{unit or ''}")


def address_uids(building: pl.Series, unit: pl.Series) -> pl.Series:
    """Uids of places; null where there is no building key. ``unit`` null means the building itself."""
    text = pl.select(pl.concat_str([building, unit.fill_null("")], separator=_PART)).to_series()
    return opaque_ids("address:", text)


def place_uids(rows: FeedRows, prefix: str) -> pl.Series:
    """The uid of the place that each row names, null where it names none; each place is hashed once."""
    group, first = groups_of(rows.place(prefix))
    uids = address_uids(*(rows.frame[prefix + name].gather(first) for name in ("building_key", "unit_key")))
    return uids.gather(pl.Series(group).set(pl.Series(group < 0), None))


def _filed(shipments: FeedRows, src: End, dst: End) -> Part:
    return Part(shipments, src, dst, filing_confidence(shipments.frame))


def _text(rows: FeedRows, column: str, prefix: str = "") -> End:
    """Uids that stand in a column, or a prefix and what stands there."""

    def uids(at: Int64) -> pl.Series:
        texts = rows.frame[column].gather(at)
        return prefix + texts if prefix else texts

    return End(rows.code(column), uids)


def _opaque(rows: FeedRows, column: str, prefix: str) -> End:
    return End(rows.code(column), lambda at: opaque_ids(prefix, rows.frame[column].gather(at)))


def _listings(shipments: FeedRows) -> Part:
    """Affiliate ids in listings belong to whoever sells; without a seller id, to the importer."""
    told = shipments.frame.select(
        "record_id",
        "seen",
        "known_at",
        pl.coalesce("seller_uid", "importer_uid").alias("party"),
        "affiliate_ids",
        pl.Series("confidence", filing_confidence(shipments.frame)),
    )
    tagged = FeedRows("shipments", told.filter(pl.col("affiliate_ids").list.len() > 0).explode("affiliate_ids"))
    trusted = tagged.frame["confidence"].to_numpy()
    return Part(tagged, _text(tagged, "party"), _text(tagged, "affiliate_ids", "website:"), trusted)


def _claims(rows: pl.DataFrame, src: pl.Expr, dst: pl.Expr) -> pl.DataFrame:
    told = rows.select(src.alias("src"), dst.alias("dst"), "record_id", "seen", "known_at", "confidence")
    return told.drop_nulls(["src", "dst"]).select(CLAIM)


def _prefixed(prefix: str, column: str) -> pl.Expr:
    return pl.concat_str([pl.lit(prefix), column])
