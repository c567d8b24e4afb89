"""Comparing with parties on record and with those that came since: two match indexes that answer as one."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.agreement import Agreements
from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.blocking import block
from graphinv.resolve.coding import looked_up
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.match_index import Matched, MatchIndex
from graphinv.resolve.nearby import nearby
from graphinv.resolve.parties import PART, WHOLE, Parties, Values

_ATTRIBUTES = np.array([comparison.attribute for comparison in COMPARISONS], np.int64)


@dataclass(frozen=True)
class Counted:
    """How many parties of an epoch use each code of an attribute (WHOLE, PART), and which words of names are common."""

    codes: tuple[tuple[Int64, Int64], ...]
    users: tuple[tuple[Int32, Int32], ...]
    common_words: Int64

    @classmethod
    def of(cls, index: MatchIndex) -> "Counted":
        """Count once an epoch."""
        told = [[_first_of(values, column) for column in (WHOLE, PART)] for values in index.attributes]
        names = index.attributes[Attribute.NAME]
        return cls(
            tuple((whole[0], part[0]) for whole, part in told),
            tuple((whole[1], part[1]) for whole, part in told),
            np.unique(names.words[names.rare == 0]),
        )


def _first_of(values: Values, column: int) -> tuple[Int64, Int32]:
    codes, first = np.unique(values.codes[:, column], return_index=True)
    return codes, values.users[first, column]


def arrived(
    epoch: MatchIndex, counted: Counted, parties: Parties, filled: Int64, place: Callable[[pl.Series], Int32]
) -> MatchIndex:
    """The match index of what came since an epoch: its model, and values that are as rare as epoch and arrivals say.

    ``filled`` is how many parties of both have a value of each attribute, everybody once; ``place`` gives the caller's
    positions of uids. Parties of the epoch are in it, too, with what they declare anew.
    """
    attributes = tuple(
        _known_users(values, counted, attribute)
        for attribute, values in zip(Attribute, parties.attributes, strict=True)
    )
    known = Parties(parties.uids, attributes)
    return MatchIndex(epoch.model, attributes, block(known), filled, place(parties.uids), nearby(known))


def _known_users(values: Values, counted: Counted, attribute: Attribute) -> Values:
    users = values.users.copy()
    for column in (WHOLE, PART):
        codes, on_record = counted.codes[attribute][column], counted.users[attribute][column]
        users[:, column] += looked_up(codes, on_record, values.codes[:, column])
    rare: UInt8 = values.rare
    if attribute is Attribute.NAME:
        rare = rare & ~np.isin(values.words, counted.common_words)
    return values._replace(users=users, rare=rare.astype(np.uint8))


@dataclass(frozen=True)
class LiveMatch(MatchIndex):
    """A match index with arrivals: their parties come after those of the epoch, their values after its values.

    ``outdated`` are parties of the epoch, in rising order, that say something else by now: ``since`` has all of it.
    """

    since: MatchIndex | None = None
    outdated: Int32 = field(default_factory=lambda: np.zeros(0, np.int32))

    @classmethod
    def of(cls, epoch: MatchIndex, since: MatchIndex | None, outdated: Int32 | None = None) -> "LiveMatch":
        """The two as one."""
        if since is None:
            return cls(*(getattr(epoch, item.name) for item in fields(MatchIndex)))
        nodes = np.concatenate([epoch.nodes, since.nodes])
        told = cls(epoch.model, epoch.attributes, epoch.blocks, since.filled, nodes, epoch.near, since)
        return told if outdated is None else replace(told, outdated=outdated)

    def match(self, asked: Parties, also: Int32) -> Matched:
        """As ``MatchIndex.match``; a party that is in both is told by where it matches better."""
        if self.since is None:
            return super().match(asked, also)
        size = len(self.nodes) - len(self.since.nodes)
        before = _without(super().match(asked, also[also < size]), self.outdated)
        after = self.since.match(asked, also[also >= size] - np.int32(size))
        return self._once(_joined(before, after, size, self._shift()))

    def parts(self) -> list[tuple[int, tuple[Values, ...]]]:
        """As ``MatchIndex.parts``: the epoch, and what came since, which may itself have come in parts."""
        if self.since is None:
            return super().parts()
        size = len(self.nodes) - len(self.since.nodes)
        return [(0, self.attributes), *((size + start, part) for start, part in self.since.parts())]

    def has(self, attribute: Attribute, parties: Int32) -> NDArray[np.bool_]:
        """As ``MatchIndex.has``."""
        if self.since is None:
            return super().has(attribute, parties)
        size = len(self.nodes) - len(self.since.nodes)
        late = parties >= size
        having = np.zeros(len(parties), np.bool_)
        having[~late] = super().has(attribute, parties[~late])
        having[late] = self.since.has(attribute, parties[late] - np.int32(size))
        return having

    def text(self, attribute: Attribute, value: int) -> str:
        """As ``MatchIndex.text``."""
        own = len(self.attributes[attribute].codes)
        if self.since is None or value < own:
            return super().text(attribute, value)
        return self.since.text(attribute, value - own)

    def _shift(self) -> Int32:
        sizes = np.array([len(values.codes) for values in self.attributes], np.int32)
        return sizes[_ATTRIBUTES]

    def _once(self, matched: Matched) -> Matched:
        """Every node once; parties that the caller does not know stay."""
        node = self.nodes[matched.party]
        order = np.argsort(-matched.bits.sum(axis=1), kind="stable")
        _, first = np.unique(np.where(node < 0, -1 - matched.party, node)[order], return_index=True)
        return _only(matched, np.sort(order[first]))


def _without(matched: Matched, parties: Int32) -> Matched:
    """What was compared, some parties left out."""
    return _only(matched, np.flatnonzero(~np.isin(matched.party, parties))) if len(parties) else matched


def _only(matched: Matched, kept: Int64) -> Matched:
    levels, users, left, right = matched.found
    found = Agreements(levels[kept], users[kept], left[kept], right[kept])
    return Matched(matched.party[kept], found, matched.bits[kept], matched.probability[kept])


def _joined(before: Matched, after: Matched, size: int, shift: Int32) -> Matched:
    own, other = before.found, after.found
    right = np.where(other.right >= 0, other.right + shift, -1).astype(np.int32)
    return Matched(
        np.concatenate([before.party, after.party + np.int32(size)]).astype(np.int32),
        Agreements(
            np.concatenate([own.levels, other.levels]),
            np.concatenate([own.users, other.users]),
            np.concatenate([own.left, other.left]),
            np.concatenate([own.right, right]),
        ),
        np.concatenate([before.bits, after.bits]),
        np.concatenate([before.probability, after.probability]),
    )
