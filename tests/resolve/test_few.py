"""A few shipments give the arrays of their parties one by one as tables give them."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from graphinv.ingest import ingest
from graphinv.prepared import prepared_records
from graphinv.resolve.declared import declared_by
from graphinv.resolve.few import FewParties
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.resolve.parties import Parties, Values, parties_of
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.load.feeds import SAMPLES, feed_files


@pytest.fixture(scope="module")
def shipments(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    workspace = open_workspace_folder(Settings(workspace=tmp_path_factory.mktemp("few")))
    ingest(workspace, feed_files(SAMPLES))
    records = identify(prepared_records(workspace))
    workspace.close()
    return records.shipments


def in_tables(shipments: pl.DataFrame) -> Parties:
    columns = dict.fromkeys(PreparedRecords.__dataclass_fields__)
    nothing = PreparedRecords(**{name: _EMPTY[name] for name in columns})
    return parties_of(declared_by(replace(nothing, shipments=shipments)))


_EMPTY: dict[str, pl.DataFrame] = {}


@pytest.fixture(scope="module", autouse=True)
def empty(shipments: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = open_workspace_folder(Settings(workspace=tmp_path_factory.mktemp("nothing")))
    _EMPTY.update(vars(identify(prepared_records(workspace))))
    workspace.close()


@pytest.mark.parametrize("size", [0, 1, 7, 200])
def test_a_few_shipments_give_the_arrays_that_tables_give(shipments: pl.DataFrame, size: int) -> None:
    for at in (0, 300):
        some = shipments.slice(at, size)
        few = FewParties()
        for batch in (some.head(3), some.slice(3)):
            few.add(batch)
        found, expected = few.parties(), in_tables(some)
        assert found.uids.to_list() == expected.uids.to_list()
        for mine, theirs in zip(found.attributes, expected.attributes, strict=True):
            for name in Values._fields:
                one, other = getattr(mine, name), getattr(theirs, name)
                assert one.dtype == other.dtype, name
                assert np.array_equal(one, other), name
