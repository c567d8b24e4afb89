"""Marketplace accounts: the parties' own, foreign sellers', those reopened after a seizure, and nominees'.

The rows come in exactly this order, and ``World.seller_rows`` counts on it.
"""

import numpy as np
import polars as pl

from graphinv.worlds.cast import Cast
from graphinv.worlds.contacts import bank_accounts, draw_phones, emails
from graphinv.worlds.disguises import Disguises
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
    zipf,
)
from graphinv.worlds.model import hands_ids
from graphinv.worlds.names import draw_people, factory_names, shop_names
from graphinv.worlds.parties import Parties, Pools
from graphinv.worlds.places import draw_abroad
from graphinv.worlds.reference import Reference
from graphinv.worlds.roles import Role
from graphinv.worlds.trade import PLATFORMS, Trade

# Country code and opening of a mobile number, and how many digits follow.
_DIALS = {
    "CN": ("+86 13", 9),
    "HK": ("+852 9", 7),
    "VN": ("+84 98", 7),
    "TR": ("+90 53", 8),
    "IN": ("+91 98", 8),
    "MX": ("+52 55", 8),
}
_OTHER_DIAL = ("+86 15", 9)  # sellers elsewhere often leave a number in China


def _own_accounts(cast: Cast, parties: Parties, pools: Pools, reference: Reference) -> pl.DataFrame:
    rows = np.flatnonzero(parties.account != NONE)
    address = parties.address[rows]
    places = reference.us[pools.addresses.place[address]]
    return pl.DataFrame(
        {
            "party": rows,
            "slot": np.full(len(rows), NONE),
            "hands": hands_ids(cast.hands[rows]),
            "legal_name": take(pools.names, parties.name[rows]),
            "address_line1": take(pools.addresses.line1, address),
            "address_line2": take(pools.addresses.unit, address),
            "city": places["city"],
            "state": places["state"],
            "postal_code": places["postal_code"],
            "country": pl.Series(["US"]).new_from_index(0, len(rows)),
            "phone": parties.phone[rows],
            "foreign_phone": pl.Series([None], dtype=pl.String).new_from_index(0, len(rows)),
            "email": take(pools.emails, parties.email[rows]),
            "tax_id": take(pools.numbers, np.where(cast.role[rows] == Role.REGISTERED, parties.number[rows], NONE)),
            "bank": parties.bank[rows],
            "website": take(pools.websites, parties.website[rows]),
            "opened": cast.start[rows],
        }
    )


def _foreign_accounts(
    rng: np.random.Generator, reference: Reference, hands: pl.Series, slots: Ints, bank: Ints, opened: Floats
) -> pl.DataFrame:
    n = len(slots)
    abroad = draw_abroad(rng, reference, n)
    people = draw_people(rng, n)
    legal = either(chance(rng, 0.6, n), factory_names(rng, abroad.city), people.full())
    here = draw_phones(rng, reference, weighted(rng, reference.us_weight, n))
    local = chance(rng, 0.2, n)
    opening = abroad.country.replace_strict({k: v[0] for k, v in _DIALS.items()}, default=_OTHER_DIAL[0])
    length = abroad.country.replace_strict({k: v[1] for k, v in _DIALS.items()}, default=_OTHER_DIAL[1])
    number = digits(rng.integers(0, 1_000_000_000, n), 9).str.head(length)
    return pl.DataFrame(
        {
            "party": np.full(n, NONE),
            "slot": slots,
            "hands": hands,
            "legal_name": legal,
            "address_line1": abroad.street,
            "address_line2": pl.Series([None], dtype=pl.String).new_from_index(0, n),
            "city": abroad.city,
            "state": abroad.region,
            "postal_code": digits(rng.integers(100_000, 860_000, n), 6),
            "country": abroad.country,
            "phone": np.where(local, here, NONE),
            "foreign_phone": where(chance(rng, 0.93, n), joined(opening, number)),
            "email": where(chance(rng, 0.72, n), emails(rng, people, legal, chance(rng, 0.5, n))),
            "tax_id": where(chance(rng, 0.5, n), joined("91", digits(rng.integers(0, 10**15, n), 15), "X")),
            "bank": bank,
            "website": pl.Series([None], dtype=pl.String).new_from_index(0, n),
            "opened": opened,
        }
    )


def draw_sellers(
    rng: np.random.Generator,
    reference: Reference,
    cast: Cast,
    parties: Parties,
    pools: Pools,
    trade: Trade,
    disguises: Disguises,
    reopened_on: Floats,
) -> pl.DataFrame:
    """Every account; ``opened`` in days, ``phone`` ten digits or ``NONE``, ``bank`` equal where the account is."""
    n, slots = len(cast), np.arange(len(trade.slot_weight), dtype=np.int64)
    first_hands = int(cast.hands.max()) + 1
    moved = np.flatnonzero(np.isfinite(reopened_on))
    new = disguises.nominee_of
    nominee_opened = cast.start[new] - rng.uniform(5, 60, len(new))
    nominees = _foreign_accounts(
        rng, reference, hands_ids(cast.hands[new]), np.full(len(new), NONE), parties.bank[new], nominee_opened
    ).with_columns(phone=pl.Series(parties.phone[cast.predecessor[new]]))
    sellers = pl.concat(
        [
            _own_accounts(cast, parties, pools, reference),
            _foreign_accounts(rng, reference, hands_ids(first_hands + slots), slots, n + slots, trade.slot_opened),
            _foreign_accounts(
                rng, reference, hands_ids(first_hands + moved), moved, n + moved, reopened_on[moved] - 1.0
            ),
            nominees,
        ]
    )
    return _with_account_columns(rng, sellers, n + len(slots))


def _with_account_columns(rng: np.random.Generator, sellers: pl.DataFrame, banks: int) -> pl.DataFrame:
    n = sellers.height
    platform = weighted(rng, zipf(len(PLATFORMS), 0.6), n)
    serial = digits(scrambled(np.arange(n, dtype=np.int64), 100_000_000, 73_633_871, 5_150), 8)
    shop = either(chance(rng, 0.35, n), sellers["legal_name"], shop_names(rng, n))
    delay = np.where(chance(rng, 0.6, n), rng.uniform(1, 120, n), np.nan)
    return sellers.with_columns(
        platform=take(PLATFORMS, platform),
        seller_id=joined(take(words("A S M V- K0"), platform), serial),
        display_name=shop,
        bank_account=take(bank_accounts(rng, banks), sellers["bank"].to_numpy()),
        verified=pl.Series(sellers["opened"].to_numpy() + delay),
    )
