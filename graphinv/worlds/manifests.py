"""The shipments feed: what filers write about each parcel, a month at a time."""

import numpy as np
import polars as pl

from graphinv.worlds.contacts import written_phones
from graphinv.worlds.dirt import gone, mistyped, soiled_lines, soiled_names, sometimes, swapped, upper
from graphinv.worlds.draws import NONE, Bools, Ints, chance, digits, either, joined, take, weighted, where
from graphinv.worlds.model import World, dates, shipment_ids, timestamps
from graphinv.worlds.shipments import ENTRY_TYPES
from graphinv.worlds.trade import MODES, PLATFORMS

_COUNTRY_WORDS = {
    "CN": ("CHN", "China"),
    "HK": ("HKG", "Hong Kong"),
    "VN": ("VNM", "Vietnam"),
    "US": ("USA", "United States"),
}
_LOW_VALUE = (ENTRY_TYPES.index("86"), ENTRY_TYPES.index("321"), ENTRY_TYPES.index(""))


def write_manifest(world: World, rows: Ints, month: str) -> pl.DataFrame:
    """The feed's rows for these shipments, dirty, with ``_row`` and ``_party`` for the truth."""
    rng = world.stream(f"manifest {month}")
    blocks = (
        _filing(rng, world, rows),
        _consignee(rng, world, rows),
        _shipper(rng, world, rows),
        _offer(rng, world, rows),
        _goods(rng, world, rows),
    )
    columns = {name: column for block in blocks for name, column in block.items()}
    return pl.DataFrame({**columns, "_row": rows, "_party": world.shipments.party[rows]})


def _filing(rng: np.random.Generator, world: World, rows: Ints) -> dict[str, pl.Series]:
    s, parties, n = world.shipments, world.parties, len(rows)
    party, entry, filed = s.party[rows], s.entry[rows], s.filed[rows]
    mode = parties.mode[party]
    carrier = _carriers(world, mode, parties.broker[party])
    filer = take(world.trade.filers, np.where(chance(rng, 0.85, n), parties.broker[party], 0))
    mailed = mode == MODES.index("mail")
    brokered = (~mailed & (entry != ENTRY_TYPES.index("321"))) | (entry >= ENTRY_TYPES.index("11"))
    bill = digits(100_000_000 + (filed * 40).astype(np.int64) * 977 % 899_999_999, 9)
    serial = joined(filer, "-", digits(rows % 10_000_000, 7), "-", digits(rows * 7 % 10, 1))
    arrived = dates(filed + rng.uniform(-0.3, 1.5, n))
    junk = pl.Series(["UNKNOWN"]).new_from_index(0, n)
    return {
        "shipment_id": shipment_ids(rows),
        "filed_at": timestamps(filed),
        "master_bill": where(~mailed & chance(rng, 0.9, n), joined(carrier.str.slice(0, 3).str.to_uppercase(), bill)),
        "entry_number": where(brokered & (entry != 0), serial),
        "entry_type": where(entry != 0, take(pl.Series(ENTRY_TYPES), entry)),
        "arrived_on": either(chance(rng, 0.001, n), junk, gone(rng, 0.05, arrived)),
        "mode": take(pl.Series(MODES), mode),
        "port_code": gone(rng, 0.01, take(world.reference.ports["port_code"], s.port[rows])),
        "carrier": gone(rng, 0.08, sometimes(rng, 0.3, carrier, upper)),
        "filer_code": where(brokered, filer),
        "importer_number": where(s.numbered[rows], take(world.pools.numbers, parties.number[party])),
    }


def _carriers(world: World, mode: Ints, habit: Ints) -> pl.Series:
    carriers = world.trade.carriers
    index = np.zeros(len(mode), np.int64)
    for i, name in enumerate(MODES):
        serving = np.flatnonzero((carriers["mode"] == name).to_numpy())
        index = np.where(mode == i, serving[habit % len(serving)], index)
    return take(carriers["carrier"], index)


def _consignee(rng: np.random.Generator, world: World, rows: Ints) -> dict[str, pl.Series]:
    party, n, pools = world.shipments.party[rows], len(rows), world.pools
    full = world.shipments.entry[rows] >= ENTRY_TYPES.index("11")
    stored = (world.parties.warehouse[party] != NONE) & chance(rng, 0.8, n)
    address = np.where(stored, world.parties.warehouse[party], world.parties.address[party])
    places = world.reference.us[pools.addresses.place[address]]
    line1, line2 = take(pools.addresses.line1, address), take(pools.addresses.unit, address)
    line1, line2 = soiled_lines(rng, line1), soiled_lines(rng, line2)
    merged = chance(rng, 0.25, n) & line2.is_not_null().to_numpy()
    line1, line2 = either(merged, joined(line1, " ", line2), line1), where(~merged, line2)
    line1, line2 = swapped(chance(rng, 0.01, n) & line2.is_not_null().to_numpy(), line1, line2)
    city, state = swapped(chance(rng, 0.004, n), _city(rng, places["city"]), places["state"])
    return {
        "consignee_name": gone(rng, 0.004, soiled_names(rng, take(pools.names, world.parties.name[party]))),
        "consignee_address_line1": gone(rng, 0.02, line1),
        "consignee_address_line2": line2,
        "consignee_city": gone(rng, 0.03, city),
        "consignee_state": gone(rng, 0.03, state),
        "consignee_postal_code": _postal(rng, places["postal_code"]),
        "consignee_country": _country(rng, pl.Series(["US"]).new_from_index(0, n), 0.08),
        "consignee_phone": where(
            rng.random(n) < np.where(full, 0.70, 0.50), written_phones(rng, world.parties.phone[party])
        ),
        "consignee_email": where(
            rng.random(n) < np.where(full, 0.40, 0.25),
            sometimes(rng, 0.1, take(pools.emails, world.parties.email[party]), upper),
        ),
        "_address": pl.Series(address),
    }


def _city(rng: np.random.Generator, city: pl.Series) -> pl.Series:
    return sometimes(rng, 0.02, sometimes(rng, 0.35, city, upper), mistyped)


def _postal(rng: np.random.Generator, code: pl.Series) -> pl.Series:
    n = len(code)
    plus_four = joined(code, "-", digits(rng.integers(1, 9999, n), 4))
    shorn = code.str.strip_chars_start("0")  # a spreadsheet took it for a number
    return gone(rng, 0.06, either(chance(rng, 0.08, n), plus_four, either(chance(rng, 0.05, n), shorn, code)))


def _country(rng: np.random.Generator, code: pl.Series, missing: float) -> pl.Series:
    three = code.replace({k: v[0] for k, v in _COUNTRY_WORDS.items()})
    name = code.replace({k: v[1] for k, v in _COUNTRY_WORDS.items()})
    way = weighted(rng, [0.84, 0.08, 0.08], len(code))
    return gone(rng, missing, either(way == 0, code, either(way == 1, three, name)))


def _shipper(rng: np.random.Generator, world: World, rows: Ints) -> dict[str, pl.Series]:
    n, supplier = len(rows), world.shipments.supplier[rows]
    table = world.trade.suppliers
    entry = world.shipments.entry[rows]
    mid = where(rng.random(n) < np.array([0.03, 0.40, 0.10, 0.85, 0.92])[entry], take(table["mid"], supplier))
    street = soiled_lines(rng, take(table["street"], supplier))
    return {
        "shipper_name": gone(rng, 0.06, soiled_names(rng, take(table["name"], supplier))),
        "shipper_address": gone(rng, 0.25, street),
        "shipper_city": gone(rng, 0.15, _city(rng, take(table["city"], supplier))),
        "shipper_country": _country(rng, take(table["country"], supplier), 0.06),
        "manufacturer_id": sometimes(rng, 0.01, mid, mistyped),
    }


def _offer(rng: np.random.Generator, world: World, rows: Ints) -> dict[str, pl.Series]:
    """Where it was sold; a listing's query string may carry the importer's affiliate tag."""
    n, account = len(rows), world.seller_rows(rows)
    sold = account != NONE
    platform = take(world.sellers["platform"], account)
    named = sold & chance(rng, 0.88, n)
    site = either(sold, platform, take(PLATFORMS, rng.integers(0, len(PLATFORMS), n)))
    page = joined("https://www.", site, ".example/item/", digits(rng.integers(0, 10**9, n), 9))
    tag = take(world.pools.affiliates, world.parties.affiliate[world.shipments.party[rows]])
    tagged = joined(page, "?", tag, "&utm_source=mail")
    listed: Bools = rng.random(n) < np.where(sold, 0.65, 0.20)
    return {
        "platform": where(named, platform),
        "seller_id": where(named, take(world.sellers["seller_id"], account)),
        "listing_url": where(listed, either(tag.is_null().to_numpy(), page, tagged)),
    }


def _goods(rng: np.random.Generator, world: World, rows: Ints) -> dict[str, pl.Series]:
    n, s, table = len(rows), world.shipments, world.reference.commodities
    commodity, entry = s.commodity[rows], s.entry[rows]
    low = np.isin(entry, _LOW_VALUE)
    pieces = np.maximum(1, np.where(low, rng.geometric(0.5, n), rng.lognormal(3.2, 1.1, n))).astype(np.int64)
    unit, weight = table["unit_usd"].to_numpy()[commodity], table["unit_kg"].to_numpy()[commodity]
    value = np.round(pieces * unit * rng.lognormal(0.0, 0.4, n), 2)
    value = np.where(low, np.minimum(value, 790.0), value)
    declared = rng.random(n) < np.array([0.35, 0.75, 0.45, 1.0, 1.0])[entry]
    return {
        "description": gone(rng, 0.03, sometimes(rng, 0.25, _wording(rng, table, commodity), upper)),
        "hts": where(declared, _tariff_number(rng, take(table["hts"], commodity))),
        "origin_country": _country(rng, take(world.trade.suppliers["country"], s.supplier[rows]), 0.15),
        "quantity": pl.Series(pieces).cast(pl.Int64).set(pl.Series(chance(rng, 0.03, n)), None),
        "weight_kg": pl.Series(np.round(pieces * weight * rng.lognormal(0.1, 0.2, n), 2)),
        "value_usd": pl.Series(value).set(pl.Series(chance(rng, 0.01, n)), None),
    }


def _wording(rng: np.random.Generator, table: pl.DataFrame, commodity: Ints) -> pl.Series:
    phrases = [text.split("|") for text in table["words"]]
    first = np.cumsum([0] + [len(words) for words in phrases])[:-1]
    count = np.array([len(words) for words in phrases])
    pool = pl.Series([word for words in phrases for word in words])
    return take(pool, first[commodity] + (rng.random(len(commodity)) * count[commodity]).astype(np.int64))


def _tariff_number(rng: np.random.Generator, hts: pl.Series) -> pl.Series:
    dotted = joined(hts.str.slice(0, 4), ".", hts.str.slice(4, 2), ".", hts.str.slice(6, 4))
    way = weighted(rng, [0.5, 0.2, 0.2, 0.1], len(hts))
    short = either(way == 1, dotted, either(way == 2, hts.str.head(6), hts.str.head(8)))
    return either(way == 0, hts, short)
