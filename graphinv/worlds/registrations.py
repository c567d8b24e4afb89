"""The importers feed (registrations on CBP Form 5106) and the sellers feed."""

import numpy as np
import polars as pl

from graphinv.worlds.contacts import draw_phones, written_phones
from graphinv.worlds.dirt import gone, misread, soiled_lines, soiled_names, sometimes, upper
from graphinv.worlds.draws import NONE, Bools, Ints, chance, either, joined, take, where, words
from graphinv.worlds.model import World, dates, timestamps
from graphinv.worlds.names import shop_names
from graphinv.worlds.plan import WORLD_DAYS
from graphinv.worlds.roles import Role


def registered(world: World) -> Ints:
    """Parties with an importer number of their own."""
    return np.flatnonzero(world.cast.role == Role.REGISTERED)


def write_importers(world: World) -> pl.DataFrame:
    """Registrations in no order, a few of them amended later; ``_party`` is for the truth."""
    rng = world.stream("registrations")
    party = rng.permutation(registered(world))
    rows = _registrations(rng, world, party)
    changed = np.flatnonzero(chance(rng, 0.01, len(party)))
    return pl.concat([rows, _amendments(rng, world, rows, changed)])


def _registrations(rng: np.random.Generator, world: World, party: Ints) -> pl.DataFrame:
    n, pools, parties = len(party), world.pools, world.parties
    address = parties.address[party]
    places = world.reference.us[pools.addresses.place[address]]
    name = take(pools.names, parties.name[party])
    box = joined("PO Box ", pl.Series(rng.integers(10, 9999, n)).cast(pl.String), ", ", places["city"], ", ")
    mailing = joined(box, places["state"], " ", places["postal_code"])
    kinds = words("LLC Corporation Sole_proprietor Partnership Limited_partnership")
    return pl.DataFrame(
        {
            "importer_number": take(pools.numbers, parties.number[party]),
            "name": sometimes(rng, 0.3, name, upper),
            "dba": where(chance(rng, 0.15, n), shop_names(rng, n)),
            "company_type": gone(rng, 0.1, take(kinds, rng.integers(0, len(kinds), n))),
            "address_line1": soiled_lines(rng, take(pools.addresses.line1, address)),
            "address_line2": soiled_lines(rng, take(pools.addresses.unit, address)),
            "city": sometimes(rng, 0.3, places["city"], upper),
            "state": places["state"],
            "postal_code": gone(rng, 0.02, places["postal_code"]),
            "country": pl.Series(["US"]).new_from_index(0, n),
            "mailing_address": where(chance(rng, 0.15, n), mailing),
            "phone": written_phones(rng, parties.phone[party]),
            "email": sometimes(rng, 0.1, take(pools.emails, parties.email[party]), upper),
            "website": take(pools.websites, parties.website[party]),
            "officer_name": soiled_names(rng, take(pools.officers, parties.officer[party])),
            "registered_on": dates(world.cast.start[party]),
            "known_at": pl.Series([None], dtype=pl.String).new_from_index(0, n),
            "_party": party,
        }
    )


def _amendments(rng: np.random.Generator, world: World, rows: pl.DataFrame, changed: Ints) -> pl.DataFrame:
    """Later versions of some registrations: a new phone, known from the day it was filed."""
    party = rows["_party"].to_numpy()[changed]
    opened = np.maximum(world.cast.start[party], 0.0)
    day = opened + rng.uniform(0.2, 0.9, len(party)) * (WORLD_DAYS - opened)
    places = world.pools.addresses.place[world.parties.address[party]]
    phone = written_phones(rng, draw_phones(rng, world.reference, places))
    return rows[changed].with_columns(phone=phone, known_at=timestamps(day))


def write_sellers(world: World) -> pl.DataFrame:
    """Marketplace accounts in no order; ``_seller`` is the row in ``World.sellers``."""
    rng = world.stream("sellers feed")
    order = rng.permutation(world.sellers.height)
    s = world.sellers[order]
    phone = s["phone"].to_numpy()
    n = s.height
    return pl.DataFrame(
        {
            "platform": s["platform"],
            "seller_id": s["seller_id"],
            "display_name": s["display_name"],
            "legal_name": sometimes(rng, 0.2, sometimes(rng, 0.1, s["legal_name"], misread), upper),
            "address_line1": soiled_lines(rng, s["address_line1"]),
            "address_line2": s["address_line2"],
            "city": s["city"],
            "state": s["state"],
            "postal_code": gone(rng, 0.05, s["postal_code"]),
            "country": s["country"],
            "phone": either(phone != NONE, written_phones(rng, phone), s["foreign_phone"]),
            "email": s["email"],
            "tax_id": gone(rng, 0.3, s["tax_id"]),
            "bank_account": _spaced(s["bank_account"], chance(rng, 0.2, n)),
            "website": s["website"],
            "opened_on": dates(s["opened"].to_numpy()),
            "verified_on": dates(np.where(s["verified"].to_numpy() < WORLD_DAYS, s["verified"].to_numpy(), np.nan)),
            "_seller": order,
        }
    )


def _spaced(account: pl.Series, mask: Bools) -> pl.Series:
    parts = joined(account.str.slice(0, 4), " ", account.str.slice(4, 4), " ", account.str.slice(8))
    return either(mask, parts, account)
