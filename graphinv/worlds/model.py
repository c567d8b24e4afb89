"""A whole world in memory, before it is written."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphinv.worlds.cast import Cast
from graphinv.worlds.disguises import Disguises
from graphinv.worlds.draws import NONE, Floats, Ints, digits, joined, scrambled, stream
from graphinv.worlds.lookalikes import LookAlikes
from graphinv.worlds.parties import Parties, Pools
from graphinv.worlds.plan import WORLD_START, WorldPlan
from graphinv.worlds.reference import Reference
from graphinv.worlds.shipments import Shipments
from graphinv.worlds.trade import Trade


@dataclass(frozen=True)
class World:
    """Everything that is true, as tables that point at each other by row."""

    plan: WorldPlan
    seed: int
    reference: Reference
    trade: Trade
    cast: Cast
    parties: Parties
    pools: Pools
    disguises: Disguises
    lookalikes: LookAlikes
    shipments: Shipments
    sellers: pl.DataFrame  # see marketplaces.py

    def stream(self, step: str) -> np.random.Generator:
        return stream(self.seed, self.plan.size, step)

    @property
    def first_slot_account(self) -> int:
        """Row in ``sellers`` of the first foreign seller; own accounts come before it."""
        return int((self.parties.account != NONE).sum())

    def seller_rows(self, rows: Ints) -> Ints:
        """For these shipments: the row in ``sellers`` of the account sold from, or ``NONE``."""
        shipments, slot = self.shipments, self.shipments.slot[rows]
        moved = np.isfinite(shipments.reopened_on)
        again = np.cumsum(moved) - 1 + len(moved)
        late = (slot != NONE) & (shipments.filed[rows] >= shipments.reopened_on[slot])
        account = self.first_slot_account + np.where(late, again[slot], slot)
        return np.where(slot != NONE, account, shipments.own_account[rows])

    def party_hands(self) -> pl.Series:
        return hands_ids(self.cast.hands)

    def slot_hands(self, slots: Ints) -> pl.Series:
        """Hands behind foreign sellers."""
        return hands_ids(int(self.cast.hands.max()) + 1 + slots)

    def supplier_hands(self, suppliers: Ints) -> pl.Series:
        """Hands behind suppliers."""
        return hands_ids(int(self.cast.hands.max()) + 1 + len(self.trade.slot_weight) + suppliers)

    def party_business(self, parties: Ints) -> pl.Series:
        """The business or person that each of these parties is; a later front of the same hands is another one."""
        return _business_ids(parties)

    def account_business(self, accounts: Ints) -> pl.Series:
        """The business behind rows of ``sellers``: a party's own, or one for each account abroad."""
        party = self.sellers["party"].to_numpy()[accounts]
        return _business_ids(np.where(party != NONE, party, len(self.cast) + accounts))

    def supplier_business(self, suppliers: Ints) -> pl.Series:
        """The supplier itself."""
        return _business_ids(len(self.cast) + self.sellers.height + suppliers)


def _business_ids(rows: Ints) -> pl.Series:
    return joined("B", digits(scrambled(rows.astype(np.int64), 9_999_991, 514_229, 1_618), 7))


def hands_ids(hands: Ints) -> pl.Series:
    """Ids whose order says nothing about who offends."""
    return joined("H", digits(scrambled(hands.astype(np.int64), 9_999_991, 736_338, 4_711), 7))


def shipment_ids(rows: Ints) -> pl.Series:
    """Ids of shipments; their order is not the filing order."""
    return joined("S", digits(scrambled(rows.astype(np.int64), 1_000_000_000, 736_338_717, 20_220_701), 9))


def moments(days: Floats) -> pl.Series:
    """Days from the world's start as timestamps; null for nan."""
    seconds = np.where(np.isfinite(days), np.floor(np.nan_to_num(days) * 86_400), 0).astype("timedelta64[s]")
    start = np.datetime64(WORLD_START.replace(tzinfo=None), "s")
    return pl.Series((start + seconds).astype("datetime64[ms]")).set(pl.Series(~np.isfinite(days)), None)


def timestamps(days: Floats) -> pl.Series:
    """``2024-03-05T14:07:09Z``."""
    return moments(days).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def dates(days: Floats) -> pl.Series:
    """``2024-03-05``."""
    return moments(days).dt.strftime("%Y-%m-%d")
