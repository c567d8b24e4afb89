"""The inspections and seizures feeds, and the watchlist and the vetted importers."""

import numpy as np
import polars as pl

from graphinv.worlds.dirt import gone, sometimes, upper
from graphinv.worlds.draws import (
    NONE,
    Floats,
    Ints,
    chance,
    digits,
    either,
    joined,
    scrambled,
    take,
    weighted,
    where,
    words,
)
from graphinv.worlds.enforcement import Result, Selection
from graphinv.worlds.model import World, dates, shipment_ids
from graphinv.worlds.names import respelled
from graphinv.worlds.plan import WORLD_DAYS
from graphinv.worlds.roles import Role
from graphinv.worlds.trade import MODES


def _inspection_days(world: World) -> Floats:
    """By shipment: when it was or would be examined, one to three days after filing."""
    return world.shipments.filed + world.stream("inspection days").uniform(1.0, 3.5, len(world.shipments))


def write_inspections(world: World) -> pl.DataFrame:
    """Every examination, in order of its day; ``_row`` is the shipment."""
    outcomes = world.shipments.outcomes
    rows = np.flatnonzero(outcomes.selection != Selection.PASSED)
    day = _inspection_days(world)[rows]
    rows, day = rows[np.argsort(day, kind="stable")], np.sort(day, kind="stable")
    rng = world.stream("inspections")
    serial = scrambled(np.arange(len(rows), dtype=np.int64), 10_000_000, 7_368_787, 77)
    selection = take(pl.Series(["", "random", "targeted", "referral"]), outcomes.selection[rows])
    result = take(pl.Series(["", "compliant", "violation", "seized"]), outcomes.result[rows])
    unsaid = chance(rng, 0.03, len(rows)) & (outcomes.selection[rows] == Selection.TARGETED)
    return pl.DataFrame(
        {
            "inspection_id": joined("E", digits(serial, 7)),
            "inspected_on": dates(day),
            "shipment_id": shipment_ids(rows),
            "selection": where(~unsaid, selection),
            "result": result,
            "port_code": gone(rng, 0.02, take(world.reference.ports["port_code"], world.shipments.port[rows])),
            "_row": rows,
        }
    )


def seized_rows(world: World) -> Ints:
    """Shipments whose goods were seized."""
    return np.flatnonzero(world.shipments.outcomes.result == Result.SEIZED)


def write_seizures(world: World) -> pl.DataFrame:
    """Seizures in order of their day; a few leave out the shipment, most name the importer number when known."""
    rng, rows = world.stream("seizures"), seized_rows(world)
    seized = _inspection_days(world)[rows] + rng.uniform(0.0, 1.5, len(rows))
    rows, seized = rows[np.argsort(seized, kind="stable")], np.sort(seized, kind="stable")
    s, parties, n = world.shipments, world.parties, len(rows)
    number = where(s.numbered[rows] & chance(rng, 0.9, n), take(world.pools.numbers, parties.number[s.party[rows]]))
    unnamed = chance(rng, 0.04, n) & number.is_not_null().to_numpy()
    account = np.where(chance(rng, 0.6, n), world.seller_rows(rows), NONE)
    table, goods = world.reference.commodities, s.commodity[rows]
    pieces = np.maximum(1, rng.lognormal(2.0, 1.0, n)).astype(np.int64)
    msrp = pieces * table["unit_usd"].to_numpy()[goods] * rng.lognormal(1.4, 0.6, n)
    serial = scrambled(np.arange(n, dtype=np.int64), 10_000_000, 7_368_787, 1_234)
    return pl.DataFrame(
        {
            "seizure_id": joined("Z", digits(serial, 7)),
            "seized_on": dates(seized),
            "shipment_id": where(~unnamed, shipment_ids(rows)),
            "importer_number": number,
            "platform": take(world.sellers["platform"], account),
            "seller_id": take(world.sellers["seller_id"], account),
            "category": _categories(rng, world, rows),
            "commodity": take(table["words"], goods).str.split("|").list.get(0),
            "hts": take(table["hts"], goods),
            "quantity": pl.Series(pieces),
            "unit": pl.Series(["pieces"]).new_from_index(0, n),
            "msrp_usd": pl.Series(np.round(msrp, 2)),
            "port_code": take(world.reference.ports["port_code"], s.port[rows]),
            "mode": take(pl.Series(MODES), parties.mode[s.party[rows]]),
            **_status(rng, seized),
            "_row": rows,
        }
    )


def _categories(rng: np.random.Generator, world: World, rows: Ints) -> pl.Series:
    s = world.shipments
    listed = world.trade.listed_on[s.supplier[rows]] < s.filed[rows]
    goods = take(world.reference.commodities["category"], s.commodity[rows])
    forced = pl.Series(["forced_labor"]).new_from_index(0, len(rows))
    other = pl.Series(["other"]).new_from_index(0, len(rows))
    return either(listed, forced, either(chance(rng, 0.02, len(rows)), other, goods))


def _status(rng: np.random.Generator, seized: Floats) -> dict[str, pl.Series]:
    n = len(seized)
    status = weighted(rng, [0.60, 0.24, 0.08, 0.04, 0.04], n)
    names = pl.Series(["seized", "forfeited", "detained", "released", None])
    later = seized + rng.uniform(5, 120, n)
    known = (status == 1) | (status == 3)
    return {
        "status": take(names, np.where((later >= WORLD_DAYS) & known, 0, status)),
        "status_on": dates(np.where(known & (later < WORLD_DAYS), later, np.nan)),
    }


def write_watchlist(world: World) -> pl.DataFrame:
    """Orders and lists against invented suppliers, some of them sending parcels here; ``_supplier`` or ``NONE``."""
    rng, table = world.stream("watchlist"), world.trade.suppliers
    listed = np.flatnonzero(np.isfinite(world.trade.listed_on))
    n = len(listed)
    lists = words("WRO WRO finding UFLPA CAATSA SDN")
    name = table["name"][listed]
    ended = np.where(chance(rng, 0.1, n), world.trade.listed_on[listed] + 200, np.nan)
    prefix = take(world.reference.commodities["hts"], rng.integers(0, world.reference.commodities.height, n))
    return pl.DataFrame(
        {
            "list": take(lists, rng.integers(0, len(lists), n)),
            "entry_id": digits(1 + np.arange(n, dtype=np.int64), 4),
            "name": sometimes(rng, 0.4, name, upper),
            "aliases": joined(respelled(rng, name), "; ", respelled(rng, name)),
            "kind": pl.Series(["organization"]).new_from_index(0, n),
            "country": table["country"][listed],
            "address": where(chance(rng, 0.7, n), joined(table["street"][listed], ", ", table["city"][listed])),
            "hts_prefixes": where(chance(rng, 0.5, n), joined(prefix.str.head(4), ";", prefix.str.head(6))),
            "effective_on": dates(world.trade.listed_on[listed]),
            "ended_on": dates(np.where(ended < WORLD_DAYS, ended, np.nan)),
            "reference_url": joined("https://lists.example/orders/", digits(np.arange(n, dtype=np.int64), 4)),
            "_supplier": listed,
        }
    )


def write_trusted(world: World) -> pl.DataFrame:
    """Vetted importers: honest, registered early; some let it expire."""
    rng, cast = world.stream("trusted"), world.cast
    early = np.flatnonzero((cast.role == Role.REGISTERED) & ~cast.offender & (cast.start < WORLD_DAYS / 3))
    party = rng.permutation(early)[: max(2, len(early) // 20)]
    n = len(party)
    vetted = np.maximum(cast.start[party] + 120, -400) + rng.uniform(0, 400, n)
    programs = words("CTPAT CTPAT trusted_trader")
    hts = take(world.reference.commodities["hts"], world.parties.commodity[party]).str.head(4)
    return pl.DataFrame(
        {
            "importer_number": take(world.pools.numbers, world.parties.number[party]),
            "program": take(programs, rng.integers(0, len(programs), n)),
            "tier": pl.Series(rng.integers(1, 4, n)).cast(pl.String),
            "scope_hts": where(chance(rng, 0.6, n), hts),
            "scope_origins": where(chance(rng, 0.4, n), pl.Series(["CN;HK"]).new_from_index(0, n)),
            "vetted_on": dates(vetted),
            "expires_on": dates(vetted + 730),
            "vetted_by": take(words("Desk_4 Desk_7 Field_office_West Field_office_East"), rng.integers(0, 4, n)),
            "_party": party,
        }
    )
