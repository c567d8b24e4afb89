"""What became of every row that was read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
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


#: Refused rows that an accounting names; the quarantine lists all.
MOST_REFUSED = 20


@dataclass(frozen=True)
class RefusedRow:
    """Where a refused row is and what is wrong with it. ``line`` counts from 1, in Parquet and for rows sent as a list
    in rows; ``field`` is empty where the line is no row. Numbers in ``value`` that identify somebody are masked."""

    feed: str
    file: str
    line: int
    field: str
    value: str | None
    reason: str


@dataclass(frozen=True)
class Accounting:
    """Counts per feed, warnings and the first refused rows of one load. Accountings add up."""

    feeds: dict[str, FeedCounts] = field(default_factory=dict)
    warnings: tuple[FeedWarning, ...] = ()
    refused: tuple[RefusedRow, ...] = ()

    def __add__(self, other: "Accounting") -> "Accounting":
        names = dict.fromkeys((*self.feeds, *other.feeds))
        nothing = FeedCounts()
        feeds = {name: self.feeds.get(name, nothing) + other.feeds.get(name, nothing) for name in names}
        refused = (*self.refused, *other.refused)[:MOST_REFUSED]
        return Accounting(feeds, add_up((*self.warnings, *other.warnings)), refused)

    def located(self, file: str) -> "Accounting":
        """The same of one file, under another name."""
        warnings = tuple(replace(one, file=file) for one in self.warnings)
        return Accounting(self.feeds, warnings, tuple(replace(one, file=file) for one in self.refused))

    def to_json(self) -> dict[str, Any]:
        """``{"feeds": {feed: {"read", "accepted", "duplicate", "quarantined"}}, "warnings": [], "refused": []}``."""
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
            "refused": [asdict(one) for one in self.refused],
        }


def add_up(warnings: Iterable[FeedWarning]) -> tuple[FeedWarning, ...]:
    """Warnings that differ only in their count become one."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in warnings:
        counts[one.feed, one.file, one.column, one.reason] += one.count
    return tuple(FeedWarning(*key, count) for key, count in counts.items())
