"""What a world's truth files say of its arrivals (their columns are told in the world's truth/README.md)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.errors import InvalidInput

_FILES = ("parties", "links", "innocents", "violations")


@dataclass(frozen=True)
class Truth:
    """``parties``: (record_id, hands_id, business_id); ``links``: newcomers and the seized parties they are, with
    pattern; ``innocents``: (record_id, kind); ``violations``: shipment ids."""

    parties: pl.DataFrame
    links: pl.DataFrame
    innocents: pl.DataFrame
    violations: pl.Series

    def business_of(self, records: pl.Series) -> pl.Series:
        """The business that each record is about."""
        return self._of(records, "business_id")

    def hands_of(self, records: pl.Series) -> pl.Series:
        """Who is behind each record."""
        return self._of(records, "hands_id")

    def _of(self, records: pl.Series, column: str) -> pl.Series:
        asked = pl.DataFrame({"record_id": records})
        known = self.parties.select("record_id", column).unique("record_id", keep="first")
        return asked.join(known, on="record_id", how="left", maintain_order="left")[column]


def read_truth(folder: Path) -> Truth:
    """Read the truth files of a world. Raises InvalidInput when one of them is not there."""
    missing = [name for name in _FILES if not (folder / f"{name}.csv").is_file()]
    if missing:
        raise InvalidInput(f"{folder} holds no {missing[0]}.csv; name the truth folder that `graphinv world` wrote")
    read = {name: pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in _FILES}
    return Truth(read["parties"], read["links"], read["innocents"], read["violations"]["shipment_id"])


def ties_on_paper(truth: Truth, arrivals: pl.DataFrame, seizures: pl.DataFrame) -> NDArray[np.float64]:
    """The oracle: who sees every tie that is written anywhere, and which parties' goods were seized by then.

    3 for arrivals of a business that was seized, or that a tie on paper joins to one that was; 2 for goods from a
    seller whose hands were seized from; 1 for goods of a shipper whose hands were; 0 for the rest. ``arrivals`` has
    shipment_id, platform and seller_id; ``seizures`` (known by then) shipment_id.
    """
    filed = "shipments:" + seizures["shipment_id"].drop_nulls()
    seized = set(truth.business_of(filed + "#consignee").drop_nulls())
    behind = set(truth.hands_of(filed + "#consignee").drop_nulls()) | set(
        truth.hands_of(filed + "#shipper").drop_nulls()
    )
    accounts = "sellers:" + seizures["platform"] + "/" + seizures["seller_id"]
    behind |= set(truth.hands_of(accounts.drop_nulls()).drop_nulls())
    ends = truth.links.select(
        truth.business_of(truth.links["newcomer_id"]).alias("newcomer"),
        truth.business_of(truth.links["seized_id"]).alias("old"),
    )
    tied = set(ends.filter(pl.col("old").is_in(list(seized)))["newcomer"].drop_nulls())
    records = "shipments:" + arrivals["shipment_id"]
    own = truth.business_of(records + "#consignee").is_in(list(seized | tied)).fill_null(value=False).to_numpy()
    sellers = truth.hands_of("sellers:" + arrivals["platform"] + "/" + arrivals["seller_id"])
    seller = sellers.is_in(list(behind)).fill_null(value=False).to_numpy()
    shipper = truth.hands_of(records + "#shipper").is_in(list(behind)).fill_null(value=False).to_numpy()
    return np.where(own, 3.0, np.where(seller, 2.0, np.where(shipper, 1.0, 0.0)))
