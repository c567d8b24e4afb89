"""What seized parties filed that hardly anyone else did: a broker, a port and goods together; a description's very text
of one manufacturer. Each by itself is common, so a combination tells something only while few have it.
"""

import re
from collections.abc import Iterator
from functools import reduce

import numpy as np
import polars as pl

from graphinv.load.claims import CONFIDENCE_ADVANCE_DATA
from graphinv.load.feed_rows import FeedRows
from graphinv.load.grouping import groups_of
from graphinv.load.relations import aggregate
from graphinv.normalise.text import clean
from graphinv.resolve.arrays import Int64
from graphinv.resolve.coding import NOTHING, codes_of, mixed_codes

#: With more parties than this a combination says nothing.
FEW = 5

#: Claims of parties that have a combination in common.
FILED_ALIKE, GOODS_ALIKE = "FILED_ALIKE", "GOODS_ALIKE"

_PART = "\x1f"
_NO_WORD = r"[\W_]+"
_BETWEEN = re.compile(_NO_WORD)


def filing_key(broker: str, port: str, hts6: str) -> str:
    """The key of a broker, a port and a subheading."""
    return _PART.join((FILED_ALIKE, broker, port, hts6))


def goods_key(description: str, mid: str) -> str | None:
    """The key of a description, told by its words, and a manufacturer; None without words."""
    words = _BETWEEN.sub(" ", clean(description).lower()).strip()
    return _PART.join((GOODS_ALIKE, words, mid)) if words else None


def combinations(shipments: FeedRows, seized: pl.Series) -> pl.DataFrame:
    """Combinations of the ``seized`` parties (uids), a row a party: ``src``, ``dst`` (the key), provenance, ``users``.

    Users are all parties with the combination, seized or not; those with more than ``FEW`` are left out.
    """
    theirs = pl.Series(shipments.code("importer_uid")).is_in(pl.Series(codes_of(seized)).implode())
    found = pl.concat(_claims(shipments, theirs))
    users = (
        found.group_by("dst").agg(pl.col("src").n_unique().cast(pl.Int32).alias("users")).filter(pl.col("users") <= FEW)
    )
    held = found.filter(pl.col("src").is_in(seized.unique().implode()))
    return aggregate(held).join(users, on="dst").sort("dst", "src")


def no_combinations() -> pl.DataFrame:
    """The table without a row."""
    return pl.DataFrame(
        schema={
            "src": pl.String,
            "dst": pl.String,
            "sources": pl.List(pl.String),
            "count": pl.Int64,
            "first_seen": pl.Date,
            "last_seen": pl.Date,
            "known_at": pl.Datetime("us", "UTC"),
            "confidence": pl.Float64,
            "users": pl.Int32,
        }
    )


def _claims(shipments: FeedRows, theirs: pl.Series) -> Iterator[pl.DataFrame]:
    """A claim for every shipment with a combination that one of ``theirs`` has, too."""
    words = pl.col("description").str.to_lowercase().str.replace_all(_NO_WORD, " ").str.strip_chars()
    named = shipments.frame["importer_uid"].is_not_null()
    keys: dict[str, tuple[Int64, tuple[str | pl.Expr, ...]]] = {
        FILED_ALIKE: (_together(shipments, "filer_code", "port_code", "hts6"), ("filer_code", "port_code", "hts6")),
        GOODS_ALIKE: (_worded(shipments, words), (pl.when(words != "").then(words), "mid")),
    }
    for kind, (codes, parts) in keys.items():
        code = pl.Series(codes)
        told = (code != NOTHING) & named
        wanted = told & code.is_in(code.filter(told & theirs).unique().implode())
        key = pl.concat_str(pl.lit(kind), *parts, separator=_PART)
        yield shipments.frame.filter(wanted).select(
            pl.col("importer_uid").alias("src"),
            key.alias("dst"),
            "record_id",
            "seen",
            "known_at",
            pl.lit(CONFIDENCE_ADVANCE_DATA).alias("confidence"),
        )


def _worded(shipments: FeedRows, words: pl.Expr) -> Int64:
    """A code a shipment for the words of its goods and their maker; descriptions come back, so each is read once."""
    group, first = groups_of(shipments.code("description"))
    told = shipments.frame["description"].gather(first).to_frame().select(pl.when(words != "").then(words)).to_series()
    return _both(np.append(codes_of(told), NOTHING)[group], shipments.code("mid"))


def _together(shipments: FeedRows, *columns: str) -> Int64:
    return reduce(_both, (shipments.code(column) for column in columns))


def _both(some: Int64, others: Int64) -> Int64:
    """A code for two together, ``NOTHING`` where one of them is."""
    return np.where((some == NOTHING) | (others == NOTHING), NOTHING, mixed_codes(some, others))
