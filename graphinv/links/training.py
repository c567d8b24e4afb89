"""The rows that a score is learned from: examined shipments with what was known when their window began.

Time is cut into windows of the calendar. The shipments filed in a window are looked up in the index of its first
moment, so a row holds nothing of its own outcome, of later shipments, seizures or examinations, nor of how busy a value
became later. A row is made once: an index of a past day learns from those rows alone whose outcome was known by then.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from graphinv.links.clues import number_uid
from graphinv.links.features import Gathered, features
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import gather_all
from graphinv.links.question import question_of
from graphinv.links.score_claims import NAMES
from graphinv.normalise.hashing import opaque_id

#: How long a window may be: its shipments are looked up in the index of its start, so a long one learns from old news.
LENGTHS = tuple(timedelta(days=days) for days in (14, 30, 61, 91, 183))
#: Most windows by how many shipments there are: each costs an index of a past day. Fewer are longer, and an index of
#: half a year ago knows too little of those who came since: of 40,000 shipments six windows taught next to nothing.
_MOST_WINDOWS = ((100_000, 12), (1_000_000, 6), (10**12, 4))
#: So many outcomes in the windows are enough: with more, shorter windows are taken.
_ENOUGH = 4_000
#: This much of the time at the beginning teaches nothing: hardly anything had been seized yet.
_UNTAUGHT = 0.2
#: Most examined shipments that are looked up, over all windows.
MOST_ROWS = 12_000

_TOGETHER = 50
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_KINDS: dict[str, pl.DataType] = {
    "shipment_id": pl.String(),
    "window": pl.Datetime("us", "UTC"),
    "known_at": pl.Datetime("us", "UTC"),
    "selection": pl.String(),
    "violation": pl.Boolean(),
    "tier": pl.String(),
    "party": pl.String(),
    "tie": pl.String(),
} | {name: pl.Float32() for name in NAMES}
SCHEMA = pl.Schema(_KINDS)


@dataclass(frozen=True)
class Window:
    """From its first moment, excluded, to its last."""

    start: datetime
    end: datetime


def windows(filed: pl.Series, shipments: int) -> list[Window]:
    """Windows of the calendar over the filings of examined shipments, oldest first: side by side where outcomes are
    few, spread over the time where fewer windows hold enough of them. ``shipments``: how many there are in all."""
    first, last = filed.min(), filed.max()
    if not isinstance(first, datetime) or not isinstance(last, datetime) or first == last:
        return []
    begin = first + (last - first) * _UNTAUGHT
    most = next(count for up_to, count in _MOST_WINDOWS if shipments <= up_to)
    taught = int((filed > begin).sum())
    length = next((one for one in LENGTHS if _outcomes_in(most, one, last - begin, taught) >= _ENOUGH), LENGTHS[-1])
    length = next((one for one in LENGTHS if one * most >= min(length * most, last - begin)), LENGTHS[-1])
    whole = [_EPOCH + length * at for at in range((begin - _EPOCH) // length + 1, (last - _EPOCH) // length + 1)]
    chosen = {round(at) for at in np.linspace(0, len(whole) - 1, min(most, len(whole)))}
    return [Window(start, start + length) for at, start in enumerate(whole) if at in chosen]


def _outcomes_in(count: int, length: timedelta, span: timedelta, taught: int) -> float:
    return min(count * length / span, 1.0) * taught


def rows_of(
    window: Window, examined: pl.DataFrame, index: LinkIndex, hash_key: bytes, most: int = MOST_ROWS
) -> pl.DataFrame:
    """Rows (``SCHEMA``) of the shipments examined in a window, looked up in the index of its start.

    ``examined``: raw rows of the shipments as they were first filed, with violation, selection and outcome_known_at.
    ``party`` is who files as the window's index tells them apart, ``tie`` what their strongest path leads to, or the
    seller; shipments that share one tell one story. Null where nothing was declared that tells.
    """
    mine = examined.filter(
        (pl.col("known_at") > window.start) & (pl.col("known_at") <= window.end)
        & (pl.col("outcome_known_at") > window.start)
    )  # fmt: skip
    chosen = mine.sort("shipment_id").sample(min(most, len(mine)), seed=1) if len(mine) > most else mine
    found = list(_gathered(index, chosen, hash_key))
    of_each: dict[str, list[str | None]] = {
        "tier": [one.tier for one in found],
        "party": [_party(index, one) for one in found],
        "tie": [_tie(index, one) for one in found],
    }
    told = chosen.select(
        "shipment_id", pl.lit(window.start).alias("window"), pl.col("outcome_known_at").alias("known_at"),
        "selection", "violation", *(pl.Series(name, values, dtype=pl.String) for name, values in of_each.items()),
    )  # fmt: skip
    values = np.array([features(index, one).values for one in found], np.float64).reshape(len(found), len(NAMES))
    return pl.concat([told, pl.DataFrame(values, schema=list(NAMES), orient="row")], how="horizontal").cast(SCHEMA)


def _gathered(index: LinkIndex, rows: pl.DataFrame, hash_key: bytes) -> Iterator[Gathered]:
    """What is found of every row, some looked up together."""
    for piece in rows.iter_slices(_TOGETHER):
        questions = {str(at): question_of(row) for at, row in enumerate(piece.iter_rows(named=True))}
        yield from gather_all(index, questions, hash_key).values()


def _party(index: LinkIndex, found: Gathered) -> str | None:
    """By the number declared, else the name, the same in every window; else whom the records of that day know."""
    if found.clues.number is not None:
        return number_uid(found.clues.number)
    if found.clues.name is not None:
        return opaque_id("name:", found.clues.name.key)
    return min(filter(None, (index.nodes.text("uid", node) for node in found.own)), default=None)


def _tie(index: LinkIndex, found: Gathered) -> str | None:
    if found.walks:
        return index.nodes.text("uid", found.walks[0].nodes[-1])
    return found.clues.sellers[0].uid if found.clues.sellers else None
