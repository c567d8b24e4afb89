"""Since when a seizure stands as its row says: goods are seized first, and released or forfeited months later.

A row is written once, with the status of the day on which it was written; what was known of the goods before the day of
that status is that they were seized.
"""

from datetime import datetime

import polars as pl

from graphinv.records import STATUSES
from graphinv.resolve.versions import newest

_SEIZED = STATUSES[0]
_TO_ITS_END = pl.duration(days=1) - pl.duration(microseconds=1)
#: What may become of goods on one day: nothing follows their release.
_IN_TIME = pl.Enum(["detained", "seized", "forfeited", "released"])


def newest_seizures(seizures: pl.DataFrame) -> pl.DataFrame:
    """Of prepared seizures in several versions those that count, by the moment from which on their status is known.

    A bare day counts from its end, and nobody knows its hour. So where one is among those that tell of a day, the
    status that comes last in the life of goods counts: goods seized on a day and released at noon of it are released.
    """
    since, in_time = status_known_at(), pl.col("status").cast(_IN_TIME)
    bare = since == since.dt.truncate("1d") + _TO_ITS_END
    timed = pl.when(~bare.any().over("record_id")).then(since)
    return newest(seizures, "record_id", since=since.dt.date(), later=(timed, in_time, since))


def status_known_at() -> pl.Expr:
    """The moment from which on the status of a prepared seizure is known: the end of ``status_on`` where that is a
    later day than the one on which the row became known, else the row's own ``known_at``."""
    end = pl.col("status_on").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + _TO_ITS_END
    return pl.when(pl.col("status_on") > pl.col("known_at").dt.date()).then(end).otherwise("known_at")


def as_they_stood(seizures: pl.DataFrame, moment: datetime | pl.Expr) -> pl.DataFrame:
    """Prepared seizures with the status that was known by a moment, or by one of each row's own."""
    told = status_known_at() <= moment
    return seizures.with_columns(
        status=pl.when(told).then("status").otherwise(pl.lit(_SEIZED)), status_on=pl.when(told).then("status_on")
    )
