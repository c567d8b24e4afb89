"""Rows of a feed for those who put rows together: codes of columns, each made once, and the order of records."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.load.grouping import NO_DAY, NO_MOMENT, ranks_of
from graphinv.records import PARTY_ROLES
from graphinv.resolve.arrays import Int32, Int64
from graphinv.resolve.coding import NOTHING, bytes_of, codes_of, mixed_codes

#: What may stand behind a record id, in rising order.
ROLES = ("", *PARTY_ROLES)

#: The last letter that may come before or in a role: ids with one of those are put in order with their role.
_BEFORE_ROLES = ord("#")


@dataclass(frozen=True, eq=False)
class FeedRows:
    """``frame`` has the prepared columns and identities of ``feed``."""

    feed: str
    frame: pl.DataFrame
    _made: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def code(self, column: str) -> Int64:
        """A code a row for the text of a column."""
        return self._once(column, lambda: codes_of(self.frame[column]))

    def place(self, prefix: str) -> Int64:
        """A code a row for the unit, or for the building where no unit is given, of an address."""
        return self._once(f"{prefix}place", lambda: self._placed(prefix, self.frame[f"{prefix}unit_key"]))

    def building(self, prefix: str) -> Int64:
        """A code a row for the building of an address."""
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(self.frame))
        return self._once(f"{prefix}building", lambda: self._placed(prefix, nothing))

    def rank(self, role: str) -> Int64:
        """The place of every record, with a role, among those of the feed with any role; the same for its versions."""
        return self._once(f"rank{role}", lambda: self._ranked(role))

    def days(self) -> Int32:
        """When what a record tells was, in days since 1970; ``NO_DAY`` where nobody knows."""
        return self.frame["seen"].cast(pl.Int32).fill_null(int(NO_DAY)).to_numpy()

    def moments(self) -> Int64:
        """When the record was known, in microseconds since 1970."""
        return self.frame["known_at"].cast(pl.Int64).fill_null(int(NO_MOMENT)).to_numpy()

    def _placed(self, prefix: str, unit: pl.Series) -> Int64:
        building = self.code(f"{prefix}building_key")
        codes = mixed_codes(building, codes_of(unit.fill_null("")))
        codes[building == NOTHING] = NOTHING
        return codes

    def _ranked(self, role: str) -> Int64:
        ids = self.frame["record_id"]
        letters, _ = bytes_of(ids)
        if (letters <= _BEFORE_ROLES).any():
            told = pl.concat([ids + one for one in ROLES]).rank("dense").to_numpy().astype(np.int64)
            at = ROLES.index(role) * len(ids)
            return told[at : at + len(ids)]
        return self._once("ranks", lambda: ranks_of(ids)) * len(ROLES) + ROLES.index(role)

    def _once(self, name: str, make: Callable[[], Int64]) -> Int64:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]
