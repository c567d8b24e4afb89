"""Columns are tested as columns, however few rows a test has; ``test_few`` tests what few rows take instead."""

from collections.abc import Iterator

import pytest

from graphinv.normalise import column_tools


@pytest.fixture(autouse=True, scope="package")
def columns_whatever_the_size() -> Iterator[None]:
    """No row goes to the scalar functions for being one of few."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_tools, "FEW", -1)
        yield
