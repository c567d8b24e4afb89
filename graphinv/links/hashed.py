"""What stands under a text that is no node: sorted codes of texts, and the nodes of each."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.coding import code_of, codes_of


class Hashed(NamedTuple):
    """``code`` in rising order (see ``resolve.coding``), and a ``node`` for each."""

    code: NDArray[np.int64]
    node: NDArray[np.int32]


def hashed(texts: pl.Series, nodes: pl.Series) -> Hashed:
    """File the nodes under their texts; no text, no entry."""
    codes = pl.DataFrame({"code": codes_of(texts), "node": nodes.cast(pl.Int32)}).filter(texts.is_not_null())
    filed = codes.unique().sort("code", "node")
    return Hashed(filed["code"].to_numpy(), filed["node"].to_numpy())


def nodes_at(filed: Hashed, text: str) -> list[int]:
    """The nodes of a text, in rising order; once in a long while one of another text with its code."""
    code = code_of(text)
    begin, end = filed.code.searchsorted([code, code + 1])
    found: list[int] = filed.node[begin:end].tolist()
    return found
