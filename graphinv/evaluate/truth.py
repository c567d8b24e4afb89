"""What a world's truth files say of its arrivals (their columns are told in the world's truth/README.md)."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.errors import InvalidInput

#: The truth files, and the columns of each that are read.
_COLUMNS = {
    "parties": ("record_id", "hands_id", "business_id"),
    "links": ("newcomer_id", "seized_id", "pattern"),
    "innocents": ("record_id", "kind"),
    "violations": ("shipment_id",),
}
#: More seizures behind an arrival than so many count no further.
_MOST_COUNTED = 99.0


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
    """Read the truth files of a world. Raises InvalidInput when one of them, or a column, is not there."""
    read = {name: _table(folder, name, columns) for name, columns in _COLUMNS.items()}
    return Truth(read["parties"], read["links"], read["innocents"], read["violations"]["shipment_id"])


def _table(folder: Path, name: str, columns: tuple[str, ...]) -> pl.DataFrame:
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise InvalidInput(f"{folder} holds no {path.name}; name the truth folder that `graphinv world` wrote")
    table = pl.read_csv(path, infer_schema=False, raise_if_empty=False)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise InvalidInput(
            f"{path} has no column {missing[0]}: another version of graphinv wrote that world; write it again"
        )
    return table


def ties_on_paper(truth: Truth, arrivals: pl.DataFrame, seizures: pl.DataFrame) -> NDArray[np.float64]:
    """The oracle: who sees every tie that is written anywhere, and which parties' goods were seized by then.

    4 for arrivals of a business that a tie on paper joins to one that was seized; 3 for one that was seized itself; 2
    for goods from a seller whose hands were seized from; 1 for goods of a shipper whose hands were; 0 for the rest; and
    of each, those with more seizures behind all their ties come first. It knows nothing but ties: not the goods, not
    the port, nor how examinations ended. ``arrivals`` has shipment_id, platform and seller_id, ``seizures`` (known by
    then) the same.
    """
    filed = "shipments:" + seizures["shipment_id"].drop_nulls()
    accounts = ("sellers:" + seizures["platform"] + "/" + seizures["seller_id"]).drop_nulls()
    businesses = Counter(truth.business_of(filed + "#consignee").drop_nulls())
    hands = Counter(
        name
        for records in (filed + "#consignee", filed + "#shipper", accounts)
        for name in truth.hands_of(records).drop_nulls()
    )
    tied: Counter[str] = Counter()
    ends = truth.links.select(
        truth.business_of(truth.links["newcomer_id"]).alias("newcomer"),
        truth.business_of(truth.links["seized_id"]).alias("old"),
    )
    for newcomer, old in ends.drop_nulls().unique().iter_rows():
        tied[newcomer] += businesses[old]
    records = "shipments:" + arrivals["shipment_id"]
    own = truth.business_of(records + "#consignee").to_list()
    seller = truth.hands_of("sellers:" + arrivals["platform"] + "/" + arrivals["seller_id"]).to_list()
    shipper = truth.hands_of(records + "#shipper").to_list()
    behind = np.array(
        [
            (tied[party], businesses[party], hands[account], hands[sender])
            for party, account, sender in zip(own, seller, shipper, strict=True)
        ],
        np.float64,
    ).reshape(-1, 4)
    surest = np.where(behind.any(axis=1), 4.0 - (behind > 0).argmax(axis=1), 0.0)
    return np.asarray(surest + np.minimum(behind.sum(axis=1), _MOST_COUNTED) / (_MOST_COUNTED + 1.0), np.float64)
