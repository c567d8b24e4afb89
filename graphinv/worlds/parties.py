"""Every party's contacts and habits, as numbers that point into pools of text.

Two parties share a phone, an address or a bank account exactly when the numbers are equal, so disguises
copy numbers and truth compares them; text is looked up only when feeds are written.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.worlds.cast import Cast
from graphinv.worlds.contacts import affiliate_tags, draw_phones, emails, importer_numbers, websites
from graphinv.worlds.draws import NONE, Bools, Ints, chance, either, joined, some, take, weighted, zipf
from graphinv.worlds.names import People, draw_people, firm_names
from graphinv.worlds.places import Addresses, draw_addresses
from graphinv.worlds.plan import WorldPlan
from graphinv.worlds.reference import Reference
from graphinv.worlds.roles import Role
from graphinv.worlds.trade import MODES, Trade

# Share of parties by mode (air, express, mail, truck, rail, vessel).
_MODES_IMPORTER = (0.16, 0.38, 0.10, 0.10, 0.02, 0.24)
_MODES_PARCEL = (0.05, 0.55, 0.40, 0.0, 0.0, 0.0)
_MODES_OFFENDER = (0.05, 0.60, 0.30, 0.01, 0.0, 0.04)


@dataclass(frozen=True)
class Pools:
    """Texts that the parties' numbers point to."""

    names: pl.Series
    officers: pl.Series
    addresses: Addresses
    emails: pl.Series
    websites: pl.Series
    numbers: pl.Series
    affiliates: pl.Series


@dataclass(frozen=True)
class Parties:
    """By party, in the cast's order. ``NONE`` where there is none; a phone is its ten digits."""

    name: Ints
    officer: Ints
    address: Ints
    warehouse: Ints  # address row where parcels go instead
    phone: Ints
    email: Ints
    website: Ints
    number: Ints
    affiliate: Ints
    bank: Ints
    account: Ints  # own marketplace account
    supplier: Ints  # preferred one
    supplier2: Ints
    slot: Ints  # foreign seller it buys from
    broker: Ints
    mode: Ints  # index into MODES
    port: Ints  # row of the ports table
    commodity: Ints
    commodity2: Ints
    franchise: Ints  # whose brand it trades under


def _families(rng: np.random.Generator, cast: Cast) -> Ints:
    """By party: the party whose phone, and if a consumer whose home, it shares; usually itself."""
    head = np.arange(len(cast), dtype=np.int64)
    consumers = np.flatnonzero(cast.role == Role.CONSUMER)
    owners = np.flatnonzero((cast.role == Role.REGISTERED) | (cast.role == Role.BUSINESS))
    relatives = consumers[chance(rng, 0.10, len(consumers))]
    by_owner = owners[rng.integers(0, len(owners), len(relatives))]
    by_consumer = consumers[rng.integers(0, len(consumers), len(relatives))]
    chosen = np.where(chance(rng, 0.4, len(relatives)), by_owner, by_consumer)
    free = ~np.isin(chosen, relatives) & (chosen != relatives)
    head[relatives[free]] = chosen[free]
    return head


def _ports(rng: np.random.Generator, reference: Reference, mode: Ints) -> Ints:
    port = np.zeros(len(mode), np.int64)
    weight, serves = reference.ports["weight"].to_numpy(), reference.ports["mode"]
    for i, name in enumerate(MODES):
        mine, rows = np.flatnonzero(mode == i), np.flatnonzero((serves == name).to_numpy())
        port[mine] = rows[weighted(rng, weight[rows], len(mine))]
    return port


def _hub_phones(rng: np.random.Generator, plan: WorldPlan, cast: Cast, phone: Ints) -> Ints:
    """Accountants who register clients under their own phone."""
    clients = np.flatnonzero((cast.role == Role.REGISTERED) & chance(rng, 0.05, len(cast)))
    accountants = phone[rng.choice(len(cast), plan.accountants, replace=False)]
    shared = phone.copy()
    shared[clients] = accountants[weighted(rng, zipf(plan.accountants, 0.8), len(clients))]
    return shared


def _officers(rng: np.random.Generator, plan: WorldPlan, cast: Cast) -> Ints:
    """Mostly the owner; formation agents sign for many firms."""
    n = len(cast)
    agents = rng.choice(n, plan.formation_agents, replace=False)
    own = np.arange(n, dtype=np.int64)
    return np.where(chance(rng, 0.05, n), agents[rng.integers(0, len(agents), n)], own)


def draw_parties(
    rng: np.random.Generator, plan: WorldPlan, reference: Reference, cast: Cast, trade: Trade
) -> tuple[Parties, Pools]:
    """Contacts and habits from one distribution for honest and offending alike, but for goods, mode and origin."""
    n = len(cast)
    consumer: Bools = cast.role == Role.CONSUMER
    head, own = _families(rng, cast), np.arange(n, dtype=np.int64)
    drawn = draw_people(rng, n)
    people = People(drawn.given, drawn.family[head])
    addresses, warehouses = draw_addresses(rng, plan, reference, consumer)
    brands = max(2, plan.importers // 1000)
    franchise = np.where(consumer, NONE, some(rng, 0.02, rng.integers(0, brands, n)))
    pools = _pools(rng, reference, cast, people, addresses, franchise)
    phone = _hub_phones(rng, plan, cast, draw_phones(rng, reference, addresses.place[:n]))[head]
    trading = np.where(consumer, 0.0, np.where(cast.role == Role.REGISTERED, 0.55, 0.60))
    has_account = rng.random(n) < trading
    volume, seizure = (reference.commodities[c].to_numpy() for c in ("volume_weight", "seizure_weight"))
    mode = np.where(
        cast.offender,
        weighted(rng, _MODES_OFFENDER, n),
        np.where(cast.role == Role.REGISTERED, weighted(rng, _MODES_IMPORTER, n), weighted(rng, _MODES_PARCEL, n)),
    )
    supplier = np.where(
        cast.offender, weighted(rng, trade.offender_supplier_weight, n), weighted(rng, trade.supplier_weight, n)
    )
    stored = chance(rng, 0.12, n) & ~consumer
    parties = Parties(
        name=own,
        officer=some(rng, 0.82, _officers(rng, plan, cast)),
        address=np.where(consumer[head], head, own),
        warehouse=np.where(stored, warehouses[weighted(rng, zipf(len(warehouses)), n)], NONE),
        phone=some(rng, 0.93, phone),
        email=some(rng, 0.72, own),
        website=np.where(consumer, NONE, some(rng, 0.45, own)),
        number=np.where(cast.role == Role.REGISTERED, own, NONE),
        affiliate=some(rng, 0.40, own),
        bank=own,
        account=np.where(has_account, np.cumsum(has_account) - 1, NONE),
        supplier=supplier,
        supplier2=weighted(rng, trade.supplier_weight, n),
        slot=np.where(consumer | chance(rng, 0.4, n), weighted(rng, trade.slot_weight, n), NONE),
        broker=weighted(rng, trade.filer_weight, n),
        mode=mode,
        port=_ports(rng, reference, mode),
        commodity=np.where(cast.offender, weighted(rng, seizure, n), weighted(rng, volume, n)),
        commodity2=weighted(rng, volume, n),
        franchise=franchise,
    )
    return parties, pools


def _pools(
    rng: np.random.Generator,
    reference: Reference,
    cast: Cast,
    people: People,
    addresses: Addresses,
    franchise: Ints,
) -> Pools:
    n = len(cast)
    person, firms = people.full(), firm_names(rng, people)
    city = take(reference.us["city"], addresses.place[:n])
    branch = joined(take(firms.str.replace(" (LLC|Inc|Corp|Co|Ltd)$", ""), franchise), " of ", city)
    firms = branch.fill_null(firms)
    individual = (cast.role == Role.CONSUMER) | ((cast.role == Role.BUSINESS) & chance(rng, 0.5, n))
    names = either(individual, person, firms)
    return Pools(
        names=names,
        officers=person,
        addresses=addresses,
        emails=emails(rng, people, names, ~individual),
        websites=websites(rng, names),
        numbers=importer_numbers(rng, n, reference.ports["port_code"]),
        affiliates=affiliate_tags(rng, n),
    )
