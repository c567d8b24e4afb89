"""What is known of shipments that are being recorded, so that working them in does not find it out again."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

#: Whom a new consignee is in all likelihood, by record: (uid, probability); what look-ups found already.
Recognised = Mapping[str, tuple[str, float] | None]


@dataclass(frozen=True)
class Arriving:
    """Shipments as they were ``accepted`` (columns of the record store), and who their consignees are."""

    accepted: pl.DataFrame
    recognised: Recognised
