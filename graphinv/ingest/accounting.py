"""What became of every row that was read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FeedCounts:
    """Rows of one feed: ``read`` is the sum of the other three."""

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0

    def __add__(self, other: "FeedCounts") -> "FeedCounts":
        return FeedCounts(
            self.read + other.read,
            self.accepted + other.accepted,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
        )

    def again(self) -> "FeedCounts":
        """The counts of the same rows loaded once more: what was accepted is a duplicate now."""
        return FeedCounts(self.read, 0, self.accepted + self.duplicate, self.quarantined)


@dataclass(frozen=True)
class RowWarning:
    """``count`` accepted rows of a piece whose ``column`` asks for a look."""

    column: str
    reason: str
    count: int


@dataclass(frozen=True, order=True)
class FeedWarning:
    """``count`` rows (or files, where ``column`` is empty and no row is meant) that ask for a look."""

    feed: str
    file: str
    column: str
    reason: str
    count: int = 1


@dataclass(frozen=True)
class Accounting:
    """Counts per feed and warnings of one load. Accountings add up."""

    feeds: dict[str, FeedCounts] = field(default_factory=dict)
    warnings: tuple[FeedWarning, ...] = ()

    def __add__(self, other: "Accounting") -> "Accounting":
        names = dict.fromkeys((*self.feeds, *other.feeds))
        nothing = FeedCounts()
        feeds = {name: self.feeds.get(name, nothing) + other.feeds.get(name, nothing) for name in names}
        return Accounting(feeds, add_up((*self.warnings, *other.warnings)))

    def to_json(self) -> dict[str, Any]:
        """``{"feeds": {feed: {"read", "accepted", "duplicate", "quarantined"}}, "warnings": [...]}``."""
        return {
            "feeds": {
                name: {
                    "read": counts.read,
                    "accepted": counts.accepted,
                    "duplicate": counts.duplicate,
                    "quarantined": counts.quarantined,
                }
                for name, counts in self.feeds.items()
            },
            "warnings": [
                {"feed": one.feed, "file": one.file, "column": one.column, "reason": one.reason, "count": one.count}
                for one in self.warnings
            ],
        }


def add_up(warnings: Iterable[FeedWarning]) -> tuple[FeedWarning, ...]:
    """Warnings that differ only in their count become one."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in warnings:
        counts[one.feed, one.file, one.column, one.reason] += one.count
    return tuple(FeedWarning(*key, count) for key, count in counts.items())
