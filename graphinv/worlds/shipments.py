"""Every shipment as numbers: who, when, from whom, what, how, and what came of it."""

from dataclasses import dataclass

import numpy as np

from graphinv.worlds.cast import Cast
from graphinv.worlds.draws import NONE, Bools, Floats, Ints, chance, weighted
from graphinv.worlds.enforcement import SEIZED_WITHIN, Outcomes, examine
from graphinv.worlds.offences import Careers
from graphinv.worlds.parties import Parties
from graphinv.worlds.plan import WORLD_DAYS, WorldPlan
from graphinv.worlds.reference import Reference
from graphinv.worlds.roles import Role
from graphinv.worlds.trade import MODES, Trade

#: Informal low-value filings, Section 321 data, informal and formal entries; the first is none at all.
ENTRY_TYPES = ("", "86", "321", "11", "01")


@dataclass(frozen=True)
class Shipments:
    """By shipment, in order of filing."""

    party: Ints
    filed: Floats  # days from the world's start
    slot: Ints  # foreign seller, or NONE
    own_account: Ints  # the party's own account, or NONE
    supplier: Ints
    commodity: Ints
    port: Ints
    entry: Ints  # index into ENTRY_TYPES
    numbered: Bools  # an importer number is declared
    outcomes: Outcomes
    reopened_on: Floats  # by foreign seller: day a seized one took a new account; nan: never

    def __len__(self) -> int:
        return len(self.party)


def _honest_parcels(rng: np.random.Generator, plan: WorldPlan, cast: Cast, total: int) -> tuple[Ints, Floats]:
    """``total`` shipments of honest parties: Poisson arrivals, given how many there are."""
    opening = np.maximum(cast.start, 0.0)
    length = np.maximum(cast.end - opening, 1.0)
    volume = length * rng.lognormal(0.0, 1.1, len(cast)) * ~cast.offender
    party: list[Ints] = []
    shares = {Role.REGISTERED: plan.registered_parcels, Role.BUSINESS: plan.business_parcels}
    left = total
    for role in (Role.REGISTERED, Role.BUSINESS, Role.CONSUMER):
        count = left if role == Role.CONSUMER else round(shares[role] * total)
        party.append(weighted(rng, volume * (cast.role == role), count))
        left -= count
    whose = np.concatenate(party)
    return whose, opening[whose] + rng.random(total) * length[whose]


def _sellers(
    rng: np.random.Generator, cast: Cast, parties: Parties, trade: Trade, party: Ints, filed: Floats
) -> tuple[Ints, Ints]:
    """The foreign seller and the own account each shipment cites; at most one of them."""
    n = len(party)
    account = np.where(chance(rng, 0.5, n), parties.account[party], NONE)
    usual = np.where(chance(rng, 0.6, n), parties.slot[party], weighted(rng, trade.slot_weight, n))
    buys = rng.random(n) < np.where(cast.role[party] == Role.CONSUMER, 0.75, 0.20)
    buys &= (account == NONE) & (usual != NONE) & (trade.slot_opened[usual] < filed)
    return np.where(buys, usual, NONE), account


def draw_shipments(
    rng: np.random.Generator,
    plan: WorldPlan,
    reference: Reference,
    cast: Cast,
    parties: Parties,
    trade: Trade,
    careers: Careers,
) -> Shipments:
    """Offenders' shipments from their careers and the honest rest, about ``plan.shipments`` in all."""
    offending = len(careers.filed)
    party, filed = _honest_parcels(rng, plan, cast, max(plan.shipments - offending, plan.shipments // 2))
    party = np.concatenate([cast.career[careers.business], party])
    filed = np.concatenate([careers.filed, filed])
    n = len(party)
    slot, account = _sellers(rng, cast, parties, trade, party, filed)
    supplier = np.where(chance(rng, 0.7, n), parties.supplier[party], parties.supplier2[party])
    supplier = np.where(slot != NONE, trade.slot_supplier[slot], supplier)
    supplier[:offending] = np.where(
        careers.outcomes.violation, parties.supplier[party[:offending]], supplier[:offending]
    )
    first_goods = chance(rng, 0.7, n)
    first_goods[:offending] |= careers.outcomes.violation
    commodity = np.where(first_goods, parties.commodity[party], parties.commodity2[party])
    honest = slice(offending, None)
    guilty_goods = _honest_violations(rng, plan, trade, slot[honest], supplier[honest], filed[honest])
    risk = reference.commodities["seizure_weight"].to_numpy() / reference.commodities["volume_weight"].to_numpy()
    found = examine(rng, plan, guilty_goods, np.clip(risk, 0.3, 3.0)[commodity[honest]])
    outcomes = _both(careers.outcomes, found)
    entry = _entries(rng, cast, parties, party)
    order = np.argsort(filed, kind="stable")
    outcomes = _settled(outcomes, filed, order)
    return Shipments(
        party=party[order],
        filed=filed[order],
        slot=slot[order],
        own_account=account[order],
        supplier=supplier[order],
        commodity=commodity[order],
        port=_ports(rng, reference, parties.port[party])[order],
        entry=entry[order],
        numbered=_numbered(rng, parties, party, entry)[order],
        outcomes=outcomes,
        reopened_on=_reopenings(rng, trade, slot[order], filed[order], outcomes),
    )


def _settled(outcomes: Outcomes, filed: Floats, order: Ints) -> Outcomes:
    """In order of filing; what would be examined after the world's end was not examined."""
    in_time = filed[order] < WORLD_DAYS - SEIZED_WITHIN
    selection, result = outcomes.selection[order] * in_time, outcomes.result[order] * in_time
    return Outcomes(outcomes.violation[order], selection, result)


def _ports(rng: np.random.Generator, reference: Reference, usual: Ints) -> Ints:
    """Mostly the usual port, else another one that serves the same mode."""
    mode = reference.ports["mode"].to_numpy()
    other = rng.integers(0, reference.ports.height, len(usual))
    return np.where(chance(rng, 0.3, len(usual)) & (mode[other] == mode[usual]), other, usual)


def _entries(rng: np.random.Generator, cast: Cast, parties: Parties, party: Ints) -> Ints:
    n = len(party)
    freight = np.isin(parties.mode[party], [MODES.index(mode) for mode in ("air", "vessel", "truck", "rail")])
    mailed = parties.mode[party] == MODES.index("mail")
    firm = cast.role[party] != Role.CONSUMER
    by_freight = weighted(rng, [0, 2, 1, 3, 6], n)
    by_mail = weighted(rng, [8, 2, 1, 0.3, 0], n)
    by_express = np.where(firm, weighted(rng, [0.3, 5, 2, 2, 1], n), weighted(rng, [0.5, 6, 3, 0.3, 0], n))
    return np.where(freight, by_freight, np.where(mailed, by_mail, by_express))


def _numbered(rng: np.random.Generator, parties: Parties, party: Ints, entry: Ints) -> Bools:
    share = np.array([0.10, 0.55, 0.35, 1.0, 1.0])[entry]
    return np.asarray((parties.number[party] != NONE) & (rng.random(len(party)) < share), dtype=np.bool_)


def _both(first: Outcomes, second: Outcomes) -> Outcomes:
    return Outcomes(
        np.concatenate([first.violation, second.violation]),
        np.concatenate([first.selection, second.selection]),
        np.concatenate([first.result, second.result]),
    )


def _honest_violations(
    rng: np.random.Generator, plan: WorldPlan, trade: Trade, slot: Ints, supplier: Ints, filed: Floats
) -> Bools:
    """Accidents of honest importers, goods of offending sellers, goods of listed suppliers."""
    n = len(slot)
    accident = chance(rng, plan.violation_honest, n)
    cheated = (slot != NONE) & trade.slot_offends[slot] & chance(rng, plan.violation_offending_seller, n)
    listed = (trade.listed_on[supplier] < filed) & chance(rng, plan.violation_listed_supplier, n)
    guilty: Bools = accident | cheated | listed
    return guilty


def _reopenings(rng: np.random.Generator, trade: Trade, slot: Ints, filed: Floats, outcomes: Outcomes) -> Floats:
    """Offending foreign sellers move to a new account some weeks after their first seizure."""
    first = np.full(len(trade.slot_offends), np.inf)
    mine = outcomes.seized & (slot != NONE)
    mine &= trade.slot_offends[slot]
    np.minimum.at(first, slot[mine], filed[mine] + SEIZED_WITHIN)
    moved = first + rng.uniform(5, 60, len(first))
    return np.where(moved < WORLD_DAYS - 1, moved, np.nan)
