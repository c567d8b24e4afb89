"""What the written feeds show of offenders: each value as written, the record it stands in, and its plain form."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.worlds.draws import NONE, Ints, joined
from graphinv.worlds.model import World

#: Joins the columns of a composed value; every part stands in the row as written.
PART = " | "
SCHEMA = {"holder": pl.Int64, "record": pl.String, "tie": pl.String, "value": pl.String, "plain": pl.String}

_ABBREVIATED = {
    "STREET": "ST",
    "AVENUE": "AVE",
    "ROAD": "RD",
    "DRIVE": "DR",
    "BOULEVARD": "BLVD",
    "LANE": "LN",
    "COURT": "CT",
    "PLACE": "PL",
    "PARKWAY": "PKWY",
    "SUITE": "STE",
}


@dataclass(frozen=True)
class Column:
    """A tie and the expression that reads its value from a feed's rows."""

    tie: str
    value: pl.Expr


def _address(prefix: str) -> pl.Expr:
    lines = [pl.col(f"{prefix}address_line1"), pl.col(f"{prefix}address_line2")]
    return pl.concat_str(lines, separator=PART, ignore_nulls=True)


_IMPORTERS = (
    Column("phone", pl.col("phone")),
    Column("email", pl.col("email")),
    Column("website", pl.col("website")),
    Column("officer", pl.col("officer_name")),
    Column("address", _address("")),
    Column("building", pl.col("address_line1")),
    Column("name", pl.col("name")),
)
_SELLERS = (
    Column("phone", pl.col("phone")),
    Column("email", pl.col("email")),
    Column("website", pl.col("website")),
    Column("bank_account", pl.col("bank_account")),
    Column("address", _address("")),
    Column("building", pl.col("address_line1")),
)
_SHIPMENTS = (
    Column("phone", pl.col("consignee_phone")),
    Column("email", pl.col("consignee_email")),
    Column("address", _address("consignee_")),
    Column("building", pl.col("consignee_address_line1")),
    Column("name", pl.col("consignee_name")),
    Column("supplier", pl.col("manufacturer_id")),
    Column("supplier", pl.col("shipper_name")),
    Column("affiliate", pl.col("listing_url").str.extract(r"\?([a-z]+=k\d+)", 1)),
    Column("habit", pl.concat_str(["filer_code", "port_code"], separator=PART)),
)


def plain_form(tie: str) -> pl.Expr:
    """A written value without the ways of writing it: what is equal here is visibly the same."""
    value = pl.col("value")
    if tie == "phone":
        return value.str.replace_all(r"\D", "").str.strip_prefix("1").str.head(10)
    upper = value.str.to_uppercase()
    if tie in ("address", "building"):
        upper = upper.str.replace_many(list(_ABBREVIATED), list(_ABBREVIATED.values()))
    return upper.str.replace_all(r"[^A-Z0-9]", "")


def _seen(rows: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    parts = [
        rows.select("holder", "record", tie=pl.lit(column.tie), value=column.value)
        .drop_nulls("value")
        .with_columns(plain=plain_form(column.tie))
        for column in columns
    ]
    return pl.concat(parts).select(list(SCHEMA)).cast(SCHEMA)  # type: ignore[arg-type]


def seen_in_importers(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """From offenders' registrations; the holder is the party."""
    guilty = world.cast.offender[frame["_party"].to_numpy()]
    rows = frame.filter(pl.Series(guilty)).with_columns(
        holder="_party", record="importers:" + pl.col("importer_number")
    )
    return _seen(rows, _IMPORTERS)


def nominee_holders(world: World) -> Ints:
    """Holder numbers of the nominee accounts, in the order of ``Disguises.nominee_of``; beyond the parties'."""
    return len(world.cast) + np.arange(len(world.disguises.nominee_of))


def seen_in_sellers(world: World, frame: pl.DataFrame) -> pl.DataFrame:
    """From offenders' own accounts and their nominees'."""
    seller = frame["_seller"].to_numpy()
    party = world.sellers["party"].to_numpy()
    holder = np.where((party != NONE) & world.cast.offender[party], party, NONE)
    nominees = nominee_holders(world)
    holder[len(holder) - len(nominees) :] = nominees
    record = joined("sellers:", frame["platform"], "/", frame["seller_id"])
    rows = frame.with_columns(holder=pl.Series(holder[seller]), record=record).filter(pl.col("holder") != NONE)
    return _seen(rows, _SELLERS)


def telling_shipments(world: World) -> np.typing.NDArray[np.bool_]:
    """Which shipments are read for evidence: an offender's first eight, and those seized."""
    s = world.shipments
    mine = np.flatnonzero(world.cast.offender[s.party])
    order = np.argsort(s.party[mine], kind="stable")
    party = s.party[mine][order]
    first = np.flatnonzero(np.r_[True, np.diff(party) != 0])
    rank = np.arange(len(party)) - np.repeat(first, np.diff(np.r_[first, len(party)]))
    telling = np.zeros(len(s), np.bool_)
    telling[mine[order[rank < 8]]] = True
    telling[mine] |= s.outcomes.seized[mine]
    return telling


def seen_in_shipments(frame: pl.DataFrame, telling: np.typing.NDArray[np.bool_]) -> pl.DataFrame:
    """From the telling rows of one month."""
    rows = frame.filter(pl.Series(telling[frame["_row"].to_numpy()]))
    rows = rows.with_columns(holder="_party", record=pl.format("shipments:{}#consignee", "shipment_id"))
    return _seen(rows, _SHIPMENTS)
