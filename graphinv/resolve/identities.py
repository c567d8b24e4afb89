"""Which party is named where: every role of every record gets the uid of the identity it declares.

Records are joined by exact identity keys only: an importer number whose registered contacts do not contradict the
shipment's, platform and seller id, and for a consignee without a number its normalised name and place. What merely
looks alike is left to ``same_as`` and to the match model; sharing a phone is a link, not an identity.
"""

from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz, process

from graphinv.normalise.columns import opaque_ids
from graphinv.normalise.hashing import opaque_id

#: Token-set likeness (0 to 100) from which two spellings of a name do not contradict each other. Truncation, typos,
#: nicknames and word order keep it above; two unrelated firms that share a legal form stay below, since the keys
#: carry no legal form.
NAMES_AGREE = 80

#: Likeness from which two building keys are one street address with a typo.
BUILDINGS_AGREE = 88

_CONTACTS = ("name_key", "building_key", "unit_key", "phone", "email")


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


def identify(records: PreparedRecords) -> PreparedRecords:
    """The same records with identities.

    Adds ``uid`` to importers, sellers and trusted; ``importer_uid``, ``claimed_uid`` (a number that the contacts
    contradict), ``shipper_uid`` and ``seller_uid`` to shipments; ``importer_uid`` and ``seller_uid`` to seizures.
    """
    spelled = _nine_digit_spellings(records.importers)
    importers = _named_by_record(_with_number_uid(records.importers, spelled, "uid"))
    return PreparedRecords(
        importers=importers,
        sellers=records.sellers.with_columns(_seller_uid("uid")),
        shipments=_identify_shipments(_with_number_uid(records.shipments, spelled, "number_uid"), importers),
        seizures=_with_number_uid(records.seizures, spelled, "importer_uid").with_columns(_seller_uid("seller_uid")),
        inspections=records.inspections,
        watchlist=records.watchlist,
        trusted=_with_number_uid(records.trusted, spelled, "uid"),
    )


def importer_uid(number_key: str) -> str:
    """The uid of a registered importer. Social security numbers are told apart by their prefix, since their keys
    depend on the workspace's hash key and a canonical hash must not."""
    return opaque_id(_number_prefix(number_key.startswith("ssn-")), number_key)


def seller_uid(platform: str, seller_id: str) -> str:
    """The uid of a marketplace account; the platform is compared without case, the id as it is."""
    return f"seller:{platform.strip().lower()}/{seller_id.strip()}"


def _seller_uid(alias: str) -> pl.Expr:
    return pl.concat_str([pl.lit("seller:"), "platform", pl.lit("/"), "seller_id"]).alias(alias)


def _number_prefix(social: bool) -> str:
    return "importer:s" if social else "importer:"


def _named_by_record(importers: pl.DataFrame) -> pl.DataFrame:
    """A registration whose number cannot be read is a party all the same, of its own record."""
    own = opaque_ids("importer:r", importers["record_id"])
    return importers.with_columns(pl.coalesce(pl.col("uid"), own).alias("uid"))


def _nine_digit_spellings(importers: pl.DataFrame) -> pl.DataFrame:
    """(ein_hash, ein_key): a bare nine-digit number is hashed like a social security number, since nobody can tell;
    where a registered EIN has the same hash, that is who is meant."""
    return (
        importers.filter(pl.col("ein_hash").is_not_null() & ~pl.col("number_key").str.starts_with("ssn-"))
        .group_by("ein_hash")
        .agg(pl.col("number_key").min().alias("ein_key"))
    )


def _with_number_uid(rows: pl.DataFrame, spelled: pl.DataFrame, alias: str) -> pl.DataFrame:
    joined = rows.join(spelled, left_on="number_key", right_on="ein_hash", how="left", maintain_order="left")
    keyed = joined.with_columns(pl.coalesce("ein_key", "number_key").alias("number_key")).drop("ein_key")
    social = keyed["number_key"].str.starts_with("ssn-")
    uids = (
        pl.DataFrame({"plain": opaque_ids(_number_prefix(False), keyed["number_key"]),
                      "hashed": opaque_ids(_number_prefix(True), keyed["number_key"]), "social": social})
        .select(pl.when("social").then("hashed").otherwise("plain"))
        .to_series()
    )  # fmt: skip
    return keyed.with_columns(uids.alias(alias))


def _identify_shipments(shipments: pl.DataFrame, importers: pl.DataFrame) -> pl.DataFrame:
    disputed = _disputed(shipments, importers)
    provisional = opaque_ids("importer:p", _consignee_key(shipments))
    shipper = opaque_ids("shipper:", shipments.select(_joined("shipper_name_key", "shipper_country")).to_series())
    return shipments.with_columns(disputed=disputed, provisional_uid=provisional, shipper_uid=shipper).with_columns(
        pl.when(pl.col("number_uid").is_null() | pl.col("disputed"))
        .then("provisional_uid")
        .otherwise("number_uid")
        .alias("importer_uid"),
        pl.when("disputed").then("number_uid").alias("claimed_uid"),
        pl.when(pl.col("shipper_name_key").is_not_null()).then("shipper_uid").alias("shipper_uid"),
        _seller_uid("seller_uid"),
    )


def _consignee_key(shipments: pl.DataFrame) -> pl.Series:
    """What makes a consignee without a number the same party again: the name, and the first place or contact given.

    A bare name is too little (there are many Wei Zhangs), and so is a place without a name: those stay one party a
    shipment.
    """
    place = pl.coalesce(
        _tagged("a", "consignee_building_key", "consignee_unit_key"),
        _tagged("p", "consignee_phone"),
        _tagged("e", "consignee_email"),
        _tagged("s", "shipment_id"),
    )
    name = pl.coalesce(_tagged("n", "consignee_name_key"), _tagged("s", "shipment_id"))
    return shipments.select(pl.concat_str([name, pl.lit("\x1f"), place])).to_series()


def _tagged(tag: str, first: str, *others: str) -> pl.Expr:
    """``tag`` and the values, null where the first is null."""
    return pl.concat_str([pl.lit(tag), first, *(pl.col(name).fill_null("") for name in others)], separator="\x1f")


def _joined(first: str, second: str) -> pl.Expr:
    return pl.concat_str([first, pl.col(second).fill_null("")], separator="\x1f")


def _disputed(shipments: pl.DataFrame, importers: pl.DataFrame) -> pl.Series:
    """True where a shipment's number is registered and its contacts agree with none of the registered ones.

    With nothing to compare there is no contradiction.
    """
    declared = shipments.select("number_uid", *(pl.col(f"consignee_{name}").alias(name) for name in _CONTACTS))
    combinations = declared.filter(pl.col("number_uid").is_not_null()).unique()
    registered = importers.select(
        "uid", *(pl.col(name).alias(f"r_{name}") for name in _CONTACTS),
        "dba_key", "officer_key", "mailing_building_key",
        pl.col("address_caption").str.to_lowercase().alias("r_address"),
    ).unique()  # fmt: skip
    pairs = combinations.join(registered, left_on="number_uid", right_on="uid", how="inner")
    judged = pairs.with_columns(_exact_agreement(), _comparable())
    agreed = judged["agrees"].fill_null(False) | _likeness_agrees(judged)
    verdict = (
        judged.with_columns(agreed.alias("agrees"))
        .group_by("number_uid", *_CONTACTS)
        .agg(pl.col("agrees").any(), pl.col("comparable").any())
        .select("number_uid", *_CONTACTS, (pl.col("comparable") & ~pl.col("agrees")).alias("disputed"))
    )
    keys = ["number_uid", *_CONTACTS]
    return declared.join(verdict, on=keys, how="left", nulls_equal=True, maintain_order="left")["disputed"].fill_null(
        False
    )


def _exact_agreement() -> pl.Expr:
    same_unit = pl.col("unit_key").eq_missing(pl.col("r_unit_key"))
    return (
        (pl.col("name_key") == pl.col("r_name_key")).fill_null(False)
        | (pl.col("phone") == pl.col("r_phone")).fill_null(False)
        | (pl.col("email") == pl.col("r_email")).fill_null(False)
        | ((pl.col("building_key") == pl.col("r_building_key")) & same_unit).fill_null(False)
        | (pl.col("building_key") == pl.col("mailing_building_key")).fill_null(False)
    ).alias("agrees")


def _comparable() -> pl.Expr:
    return pl.any_horizontal(
        pl.col(name).is_not_null() & pl.col(f"r_{name}").is_not_null()
        for name in ("name_key", "building_key", "phone", "email")
    ).alias("comparable")


def _likeness_agrees(pairs: pl.DataFrame) -> pl.Series:
    """Names that are alike though not equal: the firm's, its trade name, its officer's, or an address put in the name's
    column."""
    names = pairs["name_key"].fill_null("").to_list()
    agreed = pl.repeat(False, len(pairs), eager=True)
    for column in ("r_name_key", "dba_key", "officer_key", "r_address"):
        likeness = process.cpdist(names, pairs[column].fill_null("").to_list(), scorer=fuzz.token_set_ratio)
        agreed = agreed | pl.Series(likeness >= NAMES_AGREE)
    buildings = [pairs[column].fill_null("").to_list() for column in ("building_key", "r_building_key")]
    alike = pl.Series(process.cpdist(*buildings, scorer=fuzz.ratio) >= BUILDINGS_AGREE)
    return agreed | (alike & pairs["building_key"].is_not_null())
