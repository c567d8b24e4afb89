"""Two link indexes hold the same evidence."""

from dataclasses import fields

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from graphinv.links.evidence import EvidenceGraph


def assert_same_evidence(found: EvidenceGraph, expected: EvidenceGraph) -> None:
    """Every array and table is equal; the names of watch lists, which have no order of their own, as a set."""
    for field in fields(EvidenceGraph):
        one, other = getattr(found, field.name), getattr(expected, field.name)
        if isinstance(one, np.ndarray):
            assert np.array_equal(one, other), field.name
        elif isinstance(one, pl.DataFrame):
            in_order = field.name != "listed"
            assert_frame_equal(one, other, check_row_order=in_order, check_exact=True)
        else:
            assert one == other, field.name
