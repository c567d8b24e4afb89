"""Combinations that few filed, looked up by what a question gives: each by itself is common, together they are rare."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from graphinv.links.cells import Cells
from graphinv.links.question import PartyQuestion
from graphinv.load.combinations import FILED_ALIKE, GOODS_ALIKE, filing_key, goods_key
from graphinv.normalise.goods import hts6
from graphinv.normalise.mids import parse_mid
from graphinv.normalise.places import normalize_port
from graphinv.resolve.coding import code_of, codes_of

#: Keys that one question is looked up by, at most.
_MOST = 50
#: Letters of a description that are shown.
_SHOWN = 60


@dataclass(frozen=True)
class Combo:
    """What a question gives that is looked up together: the claim it would make, its key, and how it is shown."""

    claim: str
    key: str
    shown: str


@dataclass(frozen=True)
class Filed:
    """A party that filed the same: by which records, how many parties did, and when last."""

    node: int
    records: tuple[str, ...]
    users: int
    last_seen: date | None
    confidence: float


@dataclass(frozen=True)
class Combos:
    """Rows by ``code`` of their key, in rising order."""

    code: NDArray[np.int64]
    cells: Cells

    @classmethod
    def of(cls, table: pa.Table) -> "Combos":
        """The combinations of an evidence graph."""
        return cls(table.column("code").to_numpy(), Cells.of(table))

    def filed(self, combo: Combo) -> list[Filed]:
        """The seized parties that filed the same."""
        code = code_of(combo.key)
        begin, end = np.searchsorted(self.code, [code, code + 1]).tolist()
        rows = (self.cells.row(row) for row in range(begin, end))
        return [
            Filed(row["node"], tuple(row["sources"]), row["users"], row["last_seen"], row["confidence"]) for row in rows
        ]


def filed_alike(combinations: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """The table behind ``Combos``, from ``load.combinations`` and the positions (uid, node) of the parties."""
    return (
        combinations.with_columns(pl.Series("code", codes_of(combinations["dst"]), dtype=pl.Int64))
        .join(ends, left_on="src", right_on="uid")
        .select("code", pl.col("node").cast(pl.Int32), "users", "sources", "last_seen", "confidence")
        .sort("code", "node")
    )


def combos_of(question: PartyQuestion) -> list[Combo]:
    """What a question gives of combinations."""
    return [*_filings(question), *_goods(question)][:_MOST]


def _filings(question: PartyQuestion) -> list[Combo]:
    broker = (question.filer_code or "").strip().upper()
    port = normalize_port(question.port_code) if question.port_code else None
    if not broker or port is None:
        return []
    codes = dict.fromkeys(code for text in question.hts if (code := hts6(text)) is not None)
    return [
        Combo(
            FILED_ALIKE,
            filing_key(broker, port.code, code),
            f"goods {code} at port {port.code} by filer {broker}",
        )
        for code in codes
    ]


def _goods(question: PartyQuestion) -> list[Combo]:
    makers = dict.fromkeys(mid.key for text in question.manufacturer_ids if (mid := parse_mid(text)) is not None)
    texts = dict.fromkeys(text.strip() for text in question.descriptions)
    return [
        Combo(GOODS_ALIKE, key, f"\u201c{text[:_SHOWN]}\u201d of manufacturer {maker}")
        for text in texts
        for maker in makers
        if (key := goods_key(text, maker)) is not None
    ]
