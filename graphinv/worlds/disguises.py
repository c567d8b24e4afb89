"""How a seized offender comes back: which contacts a new business keeps, and what else ties it to the old one."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graphinv.worlds.cast import Cast
from graphinv.worlds.draws import NONE, Bools, Ints, joined, take, words
from graphinv.worlds.names import respelled
from graphinv.worlds.parties import Parties, Pools
from graphinv.worlds.roles import Role

_ANY = (Role.REGISTERED, Role.BUSINESS, Role.BORROWED)


@dataclass(frozen=True)
class Pattern:
    """A way to come back: what the new business keeps, and in which roles it is used."""

    name: str
    keeps: tuple[str, ...]
    weight: float
    roles: tuple[Role, ...] = _ANY


#: Ties that are columns of ``Parties``, copied as they are. Besides them a pattern may keep the name in another
#: spelling, the building, the habits of trade, or a bank account shared over a nominee's account.
_COPIED = ("phone", "address", "bank", "supplier", "email", "officer", "affiliate", "website")

PATTERNS = (
    Pattern("fresh_front_same_phone", ("phone",), 16),
    Pattern("fresh_front_same_suite", ("address",), 12),
    Pattern("new_account_same_bank", ("bank",), 34),
    Pattern("new_front_same_supplier", ("supplier",), 6),
    Pattern("new_front_same_email", ("email",), 14),
    Pattern("same_officer", ("officer",), 22, (Role.REGISTERED,)),
    Pattern("same_affiliate", ("affiliate",), 32),
    Pattern("same_website", ("website",), 34),
    Pattern("name_respelled", ("name_respelled", "supplier"), 5, (Role.REGISTERED, Role.BUSINESS)),
    Pattern("unit_moved", ("unit_moved", "supplier"), 6),
    Pattern("seller_account_reopened", ("bank", "phone"), 26, (Role.BUSINESS,)),
    Pattern("habits_only", ("habit",), 5),
    Pattern("two_hops_over_a_nominee_account", ("two_hop",), 22),
    Pattern("careless", ("phone", "supplier", "email"), 6),
)


@dataclass(frozen=True)
class Disguises:
    """What the offenders' later businesses did, by row of the three columns."""

    newcomer: Ints  # party
    predecessor: Ints  # party
    pattern: Ints  # index into PATTERNS
    victims: Ints  # honest parties whose number was used
    nominee_of: Ints  # newcomers whose account shares its bank with a nominee account on the old phone


def apply_disguises(
    rng: np.random.Generator, cast: Cast, parties: Parties, pools: Pools
) -> tuple[Parties, Pools, Disguises]:
    """Generation after generation, the new business takes over what its pattern keeps of the one before."""
    nobody = np.zeros(0, np.int64)
    found, victims = [(nobody, nobody, nobody)], nobody
    for generation in range(1, int(cast.generation.max()) + 1):
        new = np.flatnonzero(cast.generation == generation)
        old = cast.predecessor[new]
        pattern = _choose(rng, cast.role[new], _possible(cast, parties, old, new))
        parties, pools = _keep(rng, parties, pools, old, new, pattern)
        parties, stolen = _borrow_numbers(rng, cast, parties, new)
        victims = np.concatenate([victims, stolen])
        found.append((new, old, pattern))
    newcomer, predecessor, pattern = (np.concatenate(column) for column in zip(*found, strict=True))
    nominees = newcomer[_keeps("two_hop")[pattern]]
    return parties, pools, Disguises(newcomer, predecessor, pattern, np.unique(victims), nominees)


def _keeps(tie: str) -> Bools:
    return np.array([tie in pattern.keeps for pattern in PATTERNS])


def _possible(cast: Cast, parties: Parties, old: Ints, new: Ints) -> dict[str, Bools]:
    """Which ties a newcomer can have. Fields are as often empty as anybody's: a tie needs both to be there."""
    both = {tie: (getattr(parties, tie)[old] != NONE) & (getattr(parties, tie)[new] != NONE) for tie in _COPIED}
    accounts = (parties.account[old] != NONE) & (parties.account[new] != NONE)
    always = np.ones(len(new), np.bool_)
    both["bank"] &= accounts
    both["website"] &= (cast.role[old] == Role.REGISTERED) | (parties.account[old] != NONE)
    both["officer"] &= cast.role[old] == Role.REGISTERED
    both["website"] &= (cast.role[new] == Role.REGISTERED) | (parties.account[new] != NONE)
    both["two_hop"] = (parties.phone[old] != NONE) & (parties.account[new] != NONE)
    both["name_respelled"] = cast.role[old] != Role.BORROWED
    both["unit_moved"] = both["habit"] = always
    return both


def _choose(rng: np.random.Generator, role: Ints, possible: dict[str, Bools]) -> Ints:
    weight = np.zeros((len(role), len(PATTERNS)))
    for column, pattern in enumerate(PATTERNS):
        fits = np.isin(role, [int(r) for r in pattern.roles])
        for tie in pattern.keeps:
            fits &= possible[tie]
        weight[:, column] = pattern.weight * fits
    steps = np.cumsum(weight, axis=1)
    drawn = rng.random(len(role)) * steps[:, -1]
    return np.asarray((steps <= drawn[:, None]).sum(axis=1), dtype=np.int64)


def _copied(values: Ints, old: Ints, new: Ints) -> Ints:
    kept = values.copy()
    kept[new] = values[old]
    return kept


def _keep(
    rng: np.random.Generator, parties: Parties, pools: Pools, old: Ints, new: Ints, pattern: Ints
) -> tuple[Parties, Pools]:
    """The parties with every kept tie copied from old to new."""
    changed: dict[str, Ints] = {}
    for tie in _COPIED:
        mine = _keeps(tie)[pattern]
        changed[tie] = _copied(getattr(parties, tie), old[mine], new[mine])
    habit = _keeps("habit")[pattern]
    for column in ("broker", "port", "commodity", "mode"):
        changed[column] = _copied(getattr(parties, column), old[habit], new[habit])
    parties = replace(parties, **changed)
    named = _keeps("name_respelled")[pattern]
    parties, pools = _respell(rng, parties, pools, old[named], new[named])
    moved = _keeps("unit_moved")[pattern]
    return _move_unit(rng, parties, pools, old[moved], new[moved])


def _respell(rng: np.random.Generator, parties: Parties, pools: Pools, old: Ints, new: Ints) -> tuple[Parties, Pools]:
    name = parties.name.copy()
    name[new] = len(pools.names) + np.arange(len(new))
    spelled = respelled(rng, take(pools.names, parties.name[old]))
    return replace(parties, name=name), replace(pools, names=pl.concat([pools.names, spelled]))


def _move_unit(rng: np.random.Generator, parties: Parties, pools: Pools, old: Ints, new: Ints) -> tuple[Parties, Pools]:
    address = parties.address.copy()
    address[new] = len(pools.addresses.place) + np.arange(len(new))
    marks = take(words("Suite_ Ste_ Unit_ #_"), rng.integers(0, 4, len(new)))
    unit = joined(marks, pl.Series(rng.integers(400, 990, len(new))).cast(pl.String))
    addresses = pools.addresses.with_units(parties.address[old], unit)
    return replace(parties, address=address), replace(pools, addresses=addresses)


def _borrow_numbers(rng: np.random.Generator, cast: Cast, parties: Parties, new: Ints) -> tuple[Parties, Ints]:
    """Newcomers in the borrowed role take the number and the name of importers registered before the world began."""
    thieves = new[cast.role[new] == Role.BORROWED]
    owners = np.flatnonzero((cast.role == Role.REGISTERED) & ~cast.offender & (cast.start < 0))
    victims = owners[rng.integers(0, len(owners), len(thieves))]
    number, name = parties.number.copy(), parties.name.copy()
    number[thieves], name[thieves] = parties.number[victims], parties.name[victims]
    return replace(parties, number=number, name=name), victims
