"""What leads to nodes that came since an epoch though a question does not name them; domains that look alike wait."""

from dataclasses import replace

import numpy as np
import polars as pl

from graphinv.links.digits import Digits, digits
from graphinv.links.hashed import Hashed, hashed
from graphinv.links.traces import Traces


def traces_with(epoch: Traces, fresh: pl.DataFrame) -> Traces:
    """The traces of an epoch and of nodes (node, label, uid, name_key) that came since."""
    shippers, phones = fresh.filter(pl.col("label") == "Shipper"), fresh.filter(pl.col("label") == "Phone")
    named = hashed(shippers["name_key"], shippers["node"])
    called = digits(phones["uid"].str.strip_prefix("phone:+"), phones["node"])
    return replace(
        epoch,
        shippers=epoch.shippers if not len(shippers) else Hashed(*_both(epoch.shippers, named)),
        phones=epoch.phones if not len(phones) else Digits(*_both(epoch.phones, called)),
    )


def _both(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """Two files by rising code as one."""
    arrays = [np.concatenate(pair) for pair in zip(one, other, strict=True)]
    order = np.argsort(arrays[0], kind="stable")
    return [array[order] for array in arrays]
