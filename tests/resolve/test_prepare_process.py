"""Preparing in processes gives what preparing here gives, and tells when a process is lost."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphinv.errors import GraphinvError
from graphinv.ingest.validation import stored_schema
from graphinv.records import IMPORTERS
from graphinv.resolve.prepare import prepare
from graphinv.resolve.prepare_process import ROWS_WORTH_A_PROCESS, preparing, processes_for

KEY = b"a key"


@pytest.fixture
def rows() -> pl.DataFrame:
    """Two recorded importers, one with a hashed number."""
    empty = pl.DataFrame(schema={**stored_schema(IMPORTERS), "event_at": pl.Datetime("us", "UTC")})
    told = pl.DataFrame(
        {
            "record_id": ["importers:98-765432100", "importers:ssn-0123456789abcdef01234567"],
            "importer_number": ["98-765432100", "ssn-0123456789abcdef01234567"],
            "name": ["Oricor Goods Inc", "Quade, Marisol"],
            "phone": ["520 555 0147", None],
        }
    )
    return pl.concat([empty, told], how="diagonal").with_columns(known_at=pl.datetime(2024, 5, 1, time_zone="UTC"))


def test_two_processes_give_what_this_one_gives(rows: pl.DataFrame) -> None:
    expected = prepare("importers", rows, KEY)
    assert expected["phone"].to_list() == ["+15205550147", None]
    for processes in (1, 2):
        with preparing(processes, KEY) as prepare_rows:
            for _ in range(3):
                assert_frame_equal(prepare_rows("importers", rows), expected)


def test_a_process_that_fails_is_told_and_not_waited_for(rows: pl.DataFrame, capfd: pytest.CaptureFixture[str]) -> None:
    with preparing(2, KEY) as prepare_rows, pytest.raises(GraphinvError, match=r"ended with status 1.*load again"):
        prepare_rows("parcels", rows)
    assert "KeyError" in capfd.readouterr().err


def test_few_rows_start_no_process() -> None:
    assert processes_for(0) == processes_for(ROWS_WORTH_A_PROCESS) == 1
