"""Preparing in processes gives what preparing here gives, and tells when a process is lost."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphinv.errors import GraphinvError
from graphinv.ingest.record_store import read_batch
from graphinv.ingest.validation import stored_schema
from graphinv.prepare_process import ROWS_WORTH_A_PROCESS, Job, preparing, processes_for
from graphinv.records import IMPORTERS
from graphinv.resolve.prepare import prepare

KEY = b"a key"


@pytest.fixture
def batches(tmp_path: Path) -> tuple[Path, Path]:
    """Two batches of a recorded importer each, one of them with a hashed number."""
    empty = pl.DataFrame(schema=stored_schema(IMPORTERS))
    for name, number, who, phone in (
        ("a", "98-765432100", "Oricor Goods Inc", "520 555 0147"),
        ("b", "ssn-0123456789abcdef01234567", "Quade, Marisol", None),
    ):
        told = pl.DataFrame(
            {"record_id": [f"importers:{number}"], "importer_number": [number], "name": [who], "phone": [phone]},
            schema_overrides={"phone": pl.String},
        )
        rows = pl.concat([empty, told], how="diagonal")
        rows.with_columns(known_at=pl.datetime(2024, 5, 1, time_zone="UTC")).write_parquet(tmp_path / f"{name}.parquet")
    return tmp_path / "a.parquet", tmp_path / "b.parquet"


@pytest.mark.parametrize("processes", [1, 2])
def test_every_batch_is_prepared_into_its_own_file(batches: tuple[Path, Path], processes: int, tmp_path: Path) -> None:
    expected = [prepare("importers", read_batch("importers", batch), KEY) for batch in batches]
    assert expected[0]["phone"].to_list() == ["+15205550147"]
    with preparing(processes, KEY) as do:
        for turn in range(3):
            targets = (tmp_path / f"out{turn}" / "a.parquet", tmp_path / f"out{turn}" / "b.parquet")
            do(Job("importers", batches, targets))
            for target, rows in zip(targets, expected, strict=True):
                assert_frame_equal(pl.read_parquet(target), rows)
            assert len(list((tmp_path / f"out{turn}").iterdir())) == 2  # no draft is left


def test_a_process_that_fails_is_told_and_not_waited_for(
    batches: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lost = Job("importers", (tmp_path / "gone.parquet",), (tmp_path / "out.parquet",))
    with preparing(2, KEY) as do, pytest.raises(GraphinvError, match=r"ended with status 1.*load again"):
        do(lost)
    assert "gone.parquet" in capfd.readouterr().err


def test_few_rows_start_no_process() -> None:
    assert processes_for(0) == processes_for(ROWS_WORTH_A_PROCESS) == 1
