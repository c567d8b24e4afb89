"""The true links: newcomer and seized predecessor, what they share, and where that is written."""

import numpy as np
import polars as pl

from graphinv.worlds.disguises import PATTERNS
from graphinv.worlds.draws import NONE, Ints, joined, take
from graphinv.worlds.evidence import nominee_holders
from graphinv.worlds.findings import seized_rows
from graphinv.worlds.model import World, shipment_ids
from graphinv.worlds.roles import Role

#: What a kept tie is called in the truth; two_hop is a link of its own kind.
TIE_NAMES = {
    "phone": "phone",
    "address": "address",
    "bank": "bank_account",
    "supplier": "supplier",
    "email": "email",
    "officer": "officer",
    "affiliate": "affiliate",
    "website": "website",
    "name_respelled": "name",
    "unit_moved": "building",
    "habit": "habit",
}
COLUMNS = (
    "newcomer_id",
    "seized_id",
    "pattern",
    "tie",
    "strength",
    "shared_by",
    "shared_value",
    "newcomer_record",
    "seized_value",
    "seized_record",
    "via_record",
    "via_value",
)


def first_rows(world: World, rows: Ints) -> Ints:
    """By party: its first shipment among ``rows`` (in order of filing), or ``NONE``."""
    first = np.full(len(world.cast), NONE)
    first[world.shipments.party[rows[::-1]]] = rows[::-1]
    return first


def party_records(world: World, rows: Ints) -> pl.Series:
    """By party: its registration, else the consignee of its first shipment among ``rows``, else null."""
    own = np.where(world.cast.role == Role.REGISTERED, world.parties.number, NONE)
    registered = joined("importers:", take(world.pools.numbers, own))
    first = first_rows(world, rows)
    consignee = joined("shipments:", shipment_ids(np.maximum(first, 0)), "#consignee").set(pl.Series(first < 0), None)
    return registered.fill_null(consignee)


def _shared_by(world: World) -> pl.DataFrame:
    """By offender and tie: how many parties share the value."""
    p, guilty = world.parties, np.flatnonzero(world.cast.offender)
    habit = p.broker * 1_000 + p.port
    building = world.pools.addresses.building[p.address]
    values = {
        "phone": p.phone,
        "address": p.address,
        "bank_account": p.bank,
        "supplier": p.supplier,
        "email": p.email,
        "officer": p.officer,
        "affiliate": p.affiliate,
        "website": p.website,
        "name": p.name,
        "building": building,
        "habit": habit,
    }
    parts = []
    for tie, value in values.items():
        _, inverse, counts = np.unique(value, return_inverse=True, return_counts=True)
        parts.append(
            pl.DataFrame({"newcomer": guilty, "shared_by": counts[inverse[guilty]]}).with_columns(tie=pl.lit(tie))
        )
    return pl.concat(parts)


def _kept(world: World) -> pl.DataFrame:
    """Each newcomer, its predecessor, and each tie its pattern keeps."""
    d = world.disguises
    parts = []
    for index, pattern in enumerate(PATTERNS):
        mine = d.pattern == index
        pairs = pl.DataFrame({"newcomer": d.newcomer[mine], "predecessor": d.predecessor[mine]})
        ties = pl.DataFrame({"tie": [TIE_NAMES.get(tie, tie) for tie in pattern.keeps]})
        parts.append(pairs.join(ties, how="cross").with_columns(pattern=pl.lit(pattern.name)))
    return pl.concat(parts)


def _one_each(found: pl.DataFrame) -> pl.DataFrame:
    """For each pair and tie the first sighting on both sides, in a fixed order."""
    ordered = found.sort("newcomer", "tie", "newcomer_record", "seized_record", "shared_value", "seized_value")
    return ordered.unique(["newcomer", "tie"], keep="first", maintain_order=True)


def _direct(kept: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Pairs whose shared value is written, recognisably the same, on both sides. A respelled name need not be equal."""
    new = seen.rename({"holder": "newcomer", "record": "newcomer_record", "value": "shared_value"})
    old = seen.rename({"holder": "predecessor", "record": "seized_record", "value": "seized_value"})
    sides = kept.filter(pl.col("tie") != "two_hop").join(new, on=["newcomer", "tie"])
    loose = sides.filter(pl.col("tie") == "name").drop("plain").join(old.drop("plain"), on=["predecessor", "tie"])
    exact = sides.filter(pl.col("tie") != "name").join(old, on=["predecessor", "tie", "plain"]).drop("plain")
    found = _one_each(pl.concat([exact, loose.select(exact.columns)]))
    return found.with_columns(via_record=pl.lit(None, pl.String), via_value=pl.lit(None, pl.String))


def _over_nominees(world: World, kept: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Old party, its phone at a nominee account, that account's bank account at the newcomer's account."""
    via = pl.DataFrame({"newcomer": world.disguises.nominee_of, "nominee": nominee_holders(world)})
    pairs = kept.filter(pl.col("tie") == "two_hop").join(via, on="newcomer")
    bank, phone = (seen.filter(pl.col("tie") == tie).drop("tie") for tie in ("bank_account", "phone"))
    found = (
        pairs.join(
            bank.rename({"holder": "newcomer", "record": "newcomer_record", "value": "shared_value"}), on="newcomer"
        )
        .join(bank.rename({"holder": "nominee"}).drop("value"), on=["nominee", "plain"])
        .drop("plain", "record")
        .join(phone.rename({"holder": "nominee", "record": "via_record", "value": "via_value"}), on="nominee")
        .join(
            phone.rename({"holder": "predecessor", "record": "seized_record", "value": "seized_value"}),
            on=["predecessor", "plain"],
        )
        .drop("plain", "nominee")
    )
    return _one_each(found)


def true_links(world: World, seen: pl.DataFrame) -> pl.DataFrame:
    """One row for each newcomer and tie that the written feeds show (``COLUMNS``), in order of the ids."""
    kept = _kept(world)
    direct = _direct(kept, seen)
    found = pl.concat([direct, _over_nominees(world, kept, seen).select(direct.columns)])
    found = found.join(_shared_by(world), on=["newcomer", "tie"], how="left").with_columns(
        pl.col("shared_by").fill_null(2)
    )
    newcomer, seized = party_records(world, np.arange(len(world.shipments))), party_records(world, seized_rows(world))
    strength = (
        pl.when(pl.col("tie") == "two_hop")
        .then(pl.lit("two_hops"))
        .when(pl.col("tie").is_in(["habit", "name"]) | (pl.col("shared_by") > 25))
        .then(pl.lit("weak"))
        .when((pl.col("shared_by") > 3) | (pl.col("tie") == "building"))
        .then(pl.lit("medium"))
        .otherwise(pl.lit("strong"))
    )
    ids = {
        "newcomer_id": take(newcomer, found["newcomer"].to_numpy()),
        "seized_id": take(seized, found["predecessor"].to_numpy()),
    }
    links = found.with_columns(**ids, strength=strength).select(COLUMNS)
    return links.drop_nulls(["newcomer_id", "seized_id"]).sort("newcomer_id", "tie")
