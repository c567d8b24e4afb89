"""What seized parties filed that hardly anyone else did: a broker, a port and goods together; a description's very text
of one manufacturer. Each by itself is common, so a combination tells something only while few have it.
"""

import re
from collections.abc import Iterator

import polars as pl

from graphinv.load.claims import CONFIDENCE_ADVANCE_DATA
from graphinv.load.relations import aggregate
from graphinv.normalise.text import clean

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


def combinations(shipments: pl.DataFrame, seized: pl.Series) -> pl.DataFrame:
    """Combinations of the ``seized`` parties (uids), a row a party: ``src``, ``dst`` (the key), provenance, ``users``.

    Users are all parties with the combination, seized or not; those with more than ``FEW`` are left out.
    """
    found = pl.concat(_claims(shipments))
    theirs = found.filter(pl.col("src").is_in(seized.unique().implode()))
    users = (
        found.join(theirs.select("dst").unique(), on="dst", how="semi")
        .group_by("dst")
        .agg(pl.col("src").n_unique().cast(pl.Int32).alias("users"))
        .filter(pl.col("users") <= FEW)
    )
    return aggregate(theirs).join(users, on="dst").sort("dst", "src")


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


def _claims(shipments: pl.DataFrame) -> Iterator[pl.DataFrame]:
    words = pl.col("description").str.to_lowercase().str.replace_all(_NO_WORD, " ").str.strip_chars()
    keys = {
        FILED_ALIKE: ("filer_code", "port_code", "hts6"),
        GOODS_ALIKE: (pl.when(words != "").then(words), "mid"),
    }
    for kind, parts in keys.items():
        key = pl.concat_str(pl.lit(kind), *parts, separator=_PART)
        yield shipments.select(
            pl.col("importer_uid").alias("src"),
            key.alias("dst"),
            "record_id",
            "seen",
            "known_at",
            pl.lit(CONFIDENCE_ADVANCE_DATA).alias("confidence"),
        ).drop_nulls(["src", "dst"])
