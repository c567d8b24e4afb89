"""Which party is named where: every role of every record gets the uid of the identity it declares.

Records are joined by exact identity keys only: an importer number whose registered contacts do not contradict the
shipment's, platform and seller id, and for a consignee without a number its normalised name and place. What merely
looks alike is left to ``same_as`` and to the match model; sharing a phone is a link, not an identity.
"""

from dataclasses import dataclass

import polars as pl

from graphinv.normalise.hashing import HASHED_PREFIX, opaque_id
from graphinv.resolve.disputed import disputed, shared_buildings
from graphinv.resolve.numbering import once_a_row

#: How the uid of an importer begins whose number is a social security number: the rest depends on the workspace's key.
SOCIAL = "importer:s"


@dataclass(frozen=True)
class PreparedRecords:
    """Prepared rows of every feed: all versions of registrations, the newest version of events."""

    importers: pl.DataFrame
    sellers: pl.DataFrame
    shipments: pl.DataFrame
    seizures: pl.DataFrame
    inspections: pl.DataFrame
    watchlist: pl.DataFrame
    trusted: pl.DataFrame


@dataclass(frozen=True)
class Registry:
    """What identifying a record takes of all others: prepared registrations of importers, and the keys of buildings
    that so many names use that they say nothing about any of them."""

    importers: pl.DataFrame
    shared_buildings: pl.Series

    def of(self, records: PreparedRecords) -> "Registry":
        """What of it some records may name; all of it, where they are the very records that made it."""
        if self.importers is records.importers:
            return self
        rows = (records.importers, records.shipments, records.seizures, records.trusted)
        numbers = pl.concat([frame["number_key"] for frame in rows]).drop_nulls().unique().implode()
        named = pl.col("number_key").is_in(numbers) | pl.col("ein_hash").is_in(numbers)
        return Registry(self.importers.filter(named), self.shared_buildings)


def registry_of(records: PreparedRecords) -> Registry:
    """The registry that some records make."""
    return Registry(records.importers, shared_buildings(records.shipments, records.importers))


def identify(records: PreparedRecords, registry: Registry | None = None) -> PreparedRecords:
    """The same records with identities; ``registry`` is what is on record besides, and has their registrations, too.

    Adds ``uid`` to importers, sellers and trusted; ``importer_uid``, ``claimed_uid`` (a number that the contacts
    contradict), ``shipper_uid`` and ``seller_uid`` to shipments; ``importer_uid`` and ``seller_uid`` to seizures.
    """
    known = registry_of(records) if registry is None else registry.of(records)
    spelled = _nine_digit_spellings(known.importers)
    importers = _registered(_with_number_uid(records.importers, spelled, "uid"))
    own = known.importers is records.importers
    registered = importers if own else _registered(_with_number_uid(known.importers, spelled, "uid"))
    numbered = _with_number_uid(records.shipments, spelled, "number_uid")
    return PreparedRecords(
        importers=importers,
        sellers=records.sellers.with_columns(_seller_uid("uid")),
        shipments=_identify_shipments(numbered, registered, known.shared_buildings),
        seizures=_with_number_uid(records.seizures, spelled, "importer_uid").with_columns(_seller_uid("seller_uid")),
        inspections=records.inspections,
        watchlist=records.watchlist,
        trusted=_with_number_uid(records.trusted, spelled, "uid"),
    )


def importer_uid(number_key: str) -> str:
    """The uid of a registered importer. Social security numbers are told apart by their prefix, since their keys
    depend on the workspace's hash key and a canonical hash must not."""
    return opaque_id(_number_prefix(number_key.startswith(HASHED_PREFIX)), number_key)


def seller_uid(platform: str, seller_id: str) -> str:
    """The uid of a marketplace account; the platform is compared without case, the id as it is."""
    return f"seller:{platform.strip().lower()}/{seller_id.strip()}"


def _seller_uid(alias: str) -> pl.Expr:
    return pl.concat_str([pl.lit("seller:"), "platform", pl.lit("/"), "seller_id"]).alias(alias)


def _number_prefix(social: bool) -> str:
    return SOCIAL if social else "importer:"


def _nine_digit_spellings(importers: pl.DataFrame) -> pl.DataFrame:
    """(ein_hash, ein_key): a bare nine-digit number is hashed like a social security number, since nobody can tell;
    where a registered EIN has the same hash, that is who is meant."""
    return (
        importers.filter(pl.col("ein_hash").is_not_null() & ~pl.col("number_key").str.starts_with(HASHED_PREFIX))
        .group_by("ein_hash")
        .agg(pl.col("number_key").min().alias("ein_key"))
    )


def _with_number_uid(rows: pl.DataFrame, spelled: pl.DataFrame, alias: str) -> pl.DataFrame:
    if rows["number_key"].null_count() == len(rows):
        return rows.with_columns(pl.lit(None, pl.String).alias(alias))
    told = rows.select(pl.col("number_key").unique()).drop_nulls()
    keyed = told.join(spelled, left_on="number_key", right_on="ein_hash", how="left", maintain_order="left")
    keyed = keyed.with_columns(meant=pl.coalesce("ein_key", "number_key")).drop("ein_key")
    social = keyed["meant"].str.starts_with(HASHED_PREFIX)
    uids = [
        part.with_columns(_opaque(_number_prefix(hashed), part["meant"]).alias(alias))
        for hashed, part in ((True, keyed.filter(social)), (False, keyed.filter(~social)))
    ]
    found = rows.select("number_key").join(pl.concat(uids), on="number_key", how="left", maintain_order="left")
    return rows.with_columns(found["meant"].alias("number_key"), found[alias])


def _identify_shipments(shipments: pl.DataFrame, importers: pl.DataFrame, shared: pl.Series) -> pl.DataFrame:
    contradicted = disputed(shipments, importers, shared)
    unnumbered = shipments["number_uid"].is_null() | contradicted
    provisional = _unnumbered_ids(shipments.filter(unnumbered), "consignee_", "shipment_id")
    named = shipments.select(_SHIPPER_KEY)
    shipper = once_a_row(named, lambda rows: _opaque("shipper:", rows.select(_shipper_key()).to_series()))
    return shipments.with_columns(
        contradicted,
        shipper.alias("shipper_uid"),
        shipments["number_uid"].scatter(unnumbered.arg_true(), provisional).alias("importer_uid"),
        pl.when(contradicted).then("number_uid").alias("claimed_uid"),
        _seller_uid("seller_uid"),
    )


def _registered(importers: pl.DataFrame) -> pl.DataFrame:
    """A registration whose number is none ("pending") is a party all the same, told apart like a consignee without a
    number: many firms may have written the same word."""
    if not importers["uid"].null_count():
        return importers
    provisional = _unnumbered_ids(importers, "", "record_id")
    return importers.with_columns(pl.coalesce("uid", provisional.alias("provisional_uid")).alias("uid"))


def _unnumbered_ids(rows: pl.DataFrame, prefix: str, own: str) -> pl.Series:
    """The uids of parties without a number, by ``_unnumbered_key``."""
    unnamed = pl.col(f"{prefix}name_key").is_null()
    placeless = pl.all_horizontal(pl.col(f"{prefix}{name}").is_null() for name in ("building_key", "phone", "email"))
    key = rows.select(
        *(f"{prefix}{name}" for name in ("name_key", "building_key", "unit_key", "phone", "email")),
        pl.when(unnamed | placeless).then(own).alias(own),  # most do without, and are equal then
    )
    return once_a_row(key, lambda some: _opaque("importer:p", some.select(_unnumbered_key(prefix, own)).to_series()))


def _opaque(prefix: str, values: pl.Series) -> pl.Series:
    """``opaque_id`` of values that are hardly ever equal; null stays null."""
    ids = [None if value is None else opaque_id(prefix, value) for value in values]
    return pl.Series(ids, dtype=pl.String)


def _unnumbered_key(prefix: str, own: str) -> pl.Expr:
    """What makes a party without a number the same party again: the name, and the first place or contact given.

    A bare name is too little (there are many Wei Zhangs), and so is a place without a name: those stay one party a
    record, which ``own`` names.
    """
    place = pl.coalesce(
        _tagged("a", f"{prefix}building_key", f"{prefix}unit_key"),
        _tagged("p", f"{prefix}phone"),
        _tagged("e", f"{prefix}email"),
        _tagged("s", own),
    )
    name = pl.coalesce(_tagged("n", f"{prefix}name_key"), _tagged("s", own))
    return pl.concat_str([name, pl.lit("\x1f"), place])


_SHIPPER_KEY = ("shipper_name_key", "shipper_country", "shipper_building_key", "shipper_unit_key")


def _shipper_key() -> pl.Expr:
    """A shipper is told apart by name and country; one without a name by its place."""
    return pl.coalesce(
        _joined("shipper_name_key", "shipper_country"),
        _tagged("a", "shipper_building_key", "shipper_unit_key"),
    )


def _tagged(tag: str, first: str, *others: str) -> pl.Expr:
    """``tag`` and the values, null where the first is null."""
    return pl.concat_str([pl.lit(tag), first, *(pl.col(name).fill_null("") for name in others)], separator="\x1f")


def _joined(first: str, second: str) -> pl.Expr:
    return pl.concat_str([first, pl.col(second).fill_null("")], separator="\x1f")
