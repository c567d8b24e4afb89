"""Honest parties who share something with an offender without having anything to do with them."""

from dataclasses import dataclass, replace

import numpy as np

from graphinv.worlds.cast import Cast
from graphinv.worlds.draws import NONE, Ints, chance
from graphinv.worlds.parties import Parties
from graphinv.worlds.plan import WORLD_DAYS
from graphinv.worlds.roles import Role

#: A carrier gives a disconnected number to someone else after at least this many days.
REASSIGNED_AFTER = 90.0


@dataclass(frozen=True)
class LookAlikes:
    """Honest parties arranged to look guilty; other look-alikes arise by themselves and are found by ``truth``."""

    reassigned: Ints  # parties that got a closed offender's phone number
    second_firms: Ints  # second firms of honest hands


def reassign_phones(rng: np.random.Generator, cast: Cast, parties: Parties) -> tuple[Parties, Ints]:
    """Some closed offenders' numbers go to honest importers that register at least 90 days later."""
    _, inverse, times_used = np.unique(parties.phone, return_inverse=True, return_counts=True)
    alone = (parties.phone != NONE) & (times_used[inverse] == 1)
    free_from = cast.end + REASSIGNED_AFTER
    closed = np.flatnonzero(cast.offender & alone & (cast.seized_on > 0) & (free_from < WORLD_DAYS - 60))
    closed = closed[chance(rng, 0.25, len(closed))]
    honest = np.flatnonzero(~cast.offender & (cast.role == Role.REGISTERED) & (parties.phone != NONE))
    honest = honest[np.argsort(cast.start[honest], kind="stable")]
    first = np.searchsorted(cast.start[honest], free_from[closed])
    usable = first < len(honest)
    closed, first = closed[usable], first[usable]
    receiver = honest[first + (rng.random(len(first)) * (len(honest) - first)).astype(np.int64)]
    receiver, which = np.unique(receiver, return_index=True)
    phone = parties.phone.copy()
    phone[receiver] = phone[closed[which]]
    return replace(parties, phone=phone), receiver


def open_second_firms(rng: np.random.Generator, cast: Cast, parties: Parties) -> tuple[Cast, Parties, Ints]:
    """Honest owners with two firms: one phone, one officer, two numbers. Having two firms is no offence."""
    honest = rng.permutation(np.flatnonzero(~cast.offender & (cast.role == Role.REGISTERED)))
    pairs = len(honest) // 60
    first, second = honest[:pairs], honest[pairs : 2 * pairs]
    hands, phone, officer = cast.hands.copy(), parties.phone.copy(), parties.officer.copy()
    hands[second] = hands[first]
    for values in (phone, officer):
        both = (values[first] != NONE) & (values[second] != NONE)
        values[second[both]] = values[first[both]]
    return replace(cast, hands=hands), replace(parties, phone=phone, officer=officer), second


def add_lookalikes(rng: np.random.Generator, cast: Cast, parties: Parties) -> tuple[Cast, Parties, LookAlikes]:
    """Second firms of honest owners and reassigned phone numbers; run after the disguises."""
    cast, parties, second = open_second_firms(rng, cast, parties)
    parties, receivers = reassign_phones(rng, cast, parties)
    return cast, parties, LookAlikes(receivers, second)
