"""A few records give the arrays of their parties one by one as tables give them."""

from collections.abc import Sequence

import numpy as np
import pytest

from graphinv.current.batches import JOINING
from graphinv.ingest import ingest
from graphinv.prepared import prepared_records
from graphinv.resolve.declared import declared_by
from graphinv.resolve.few import FewParties
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.resolve.parties import Values, parties_of
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.load.feeds import SAMPLES, feed_files


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> PreparedRecords:
    workspace = open_workspace_folder(Settings(workspace=tmp_path_factory.mktemp("few")))
    ingest(workspace, feed_files(SAMPLES))
    records = identify(prepared_records(workspace))
    workspace.close()
    return records


def sliced(records: PreparedRecords, feeds: Sequence[str], at: int, size: int | None) -> PreparedRecords:
    """Some rows of some feeds, nothing of the others."""
    told = {feed: rows.slice(at, size) if feed in feeds else rows.clear() for feed, rows in vars(records).items()}
    return PreparedRecords(**told)


@pytest.mark.parametrize("size", [0, 1, 7, 200])
@pytest.mark.parametrize("feeds", [("shipments",), ("importers",), ("sellers",), JOINING])
def test_a_few_records_give_the_arrays_that_tables_give(
    records: PreparedRecords, feeds: Sequence[str], size: int
) -> None:
    for at in (0, 300):
        some = sliced(records, feeds, at, size)
        few = FewParties()
        for batch in (sliced(some, feeds, 0, 3), sliced(some, feeds, 3, None)):
            few.add(batch)
        found, expected = few.parties(), parties_of(declared_by(some))
        assert found.uids.to_list() == expected.uids.to_list()
        for mine, theirs in zip(found.attributes, expected.attributes, strict=True):
            for name in Values._fields:
                one, other = getattr(mine, name), getattr(theirs, name)
                assert one.dtype == other.dtype, name
                assert np.array_equal(one, other), name
