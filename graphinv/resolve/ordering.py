"""In which order parties stand where they are resolved: one that the workspace's hash key has no part in.

Samples are drawn and ties are broken by where a party stands. Social security numbers are hashed with a key of the
workspace, so in the order of uids the same records would be resolved in another way in every workspace.
"""

from collections.abc import Iterable

import polars as pl

from graphinv.resolve.coding import codes_of, mixed_codes
from graphinv.resolve.identities import SOCIAL

#: Sums of so much smaller codes fit into 64 bits.
_FITS = 2**12


def steady_order(uids: pl.Series, told: Iterable[pl.DataFrame]) -> pl.Series:
    """The uids in rising order, but for those that come of a hashed number: they stand where such uids begin, in an
    order by what they declared. ``told`` has uid and what the party declared, without numbers."""
    social = uids.str.starts_with(SOCIAL)
    plain, hashed = uids.filter(~social).sort(), uids.filter(social)
    if hashed.is_empty():
        return plain
    said = [_said(number, frame) for number, frame in enumerate(told)]
    prints = pl.concat(said).group_by("uid").agg(pl.col("said").sum())
    ordered = hashed.to_frame("uid").join(prints, on="uid", how="left").sort("said", "uid")["uid"]
    at = plain.search_sorted(SOCIAL)
    return pl.concat([plain.head(at), ordered, plain.slice(at)])


def _said(number: int, told: pl.DataFrame) -> pl.DataFrame:
    """(uid, said): a code of everything that a party with a hashed number said in one row."""
    rows = told.filter(pl.col("uid").str.starts_with(SOCIAL))
    codes = codes_of(pl.Series([str(number)])).repeat(len(rows))
    for name in rows.columns:
        if name != "uid":
            codes = mixed_codes(codes, codes_of(rows[name]))
    return rows.select("uid", said=pl.Series(codes // _FITS))
