"""In which order parties stand where they are resolved: one that the workspace's hash key has no part in.

Samples are drawn and ties are broken by where a party stands. Social security numbers are hashed with a key of the
workspace, so in the order of uids the same records would be resolved in another way in every workspace.
"""

from collections.abc import Iterable

import polars as pl

from graphinv.resolve.coding import codes_of, mixed_codes
from graphinv.resolve.identities import SOCIAL
from graphinv.resolve.told import Told

#: Sums of so much smaller codes fit into 64 bits.
_FITS = 2**12


def steady_order(parties: pl.DataFrame, told: Iterable[Told]) -> pl.Series:
    """The uids of parties (who, uid) in rising order, but for those that come of a hashed number: they stand where such
    uids begin, in an order by what they ``told``, which is to hold no numbers."""
    social = pl.col("uid").str.starts_with(SOCIAL)
    plain, hashed = parties.filter(~social)["uid"].sort(), parties.filter(social)
    if hashed.is_empty():
        return plain
    said = [_said(number, one, hashed["who"]) for number, one in enumerate(told)]
    prints = pl.concat(said).group_by("who").agg(pl.col("said").sum())
    ordered = hashed.join(prints, on="who", how="left").sort("said", "uid")["uid"]
    at = plain.search_sorted(SOCIAL)
    return pl.concat([plain.head(at), ordered, plain.slice(at)])


def _said(number: int, told: Told, whose: pl.Series) -> pl.DataFrame:
    """(who, said): a code of every value that some parties told."""
    values = told.values.filter(pl.col("who").is_in(whose.implode()))
    unique = told.unique.join(values, on="same", how="semi")
    codes = codes_of(pl.Series([str(number)])).repeat(len(unique))
    for name in unique.columns:
        if name != "same":
            codes = mixed_codes(codes, codes_of(unique[name]))
    coded = unique.select("same", said=pl.Series(codes // _FITS))
    return values.join(coded, on="same").select("who", "said")
