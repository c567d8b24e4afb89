"""A tiny and a small world, written once for all tests, and their feeds as tables."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl
import pytest

from graphinv.worlds import WorldSummary, write_world


@dataclass(frozen=True)
class Written:
    """A written world, read back as text the way any reader would."""

    summary: WorldSummary

    @property
    def folder(self) -> Path:
        return self.summary.folder

    def csv(self, name: str) -> pl.DataFrame:
        return pl.read_csv(self.folder / name, infer_schema=False)

    def truth(self, name: str) -> pl.DataFrame:
        return self.csv(f"truth/{name}.csv")

    @cached_property
    def importers(self) -> pl.DataFrame:
        return self.csv("importers.csv")

    @cached_property
    def sellers(self) -> pl.DataFrame:
        return pl.read_ndjson(self.folder / "sellers.jsonl.gz", infer_schema_length=None, ignore_errors=True)

    @cached_property
    def shipments(self) -> pl.DataFrame:
        parts = [pl.read_parquet(file) for file in sorted(self.folder.glob("shipments-*.parquet"))]
        return pl.concat(parts or [self.csv(file.name) for file in sorted(self.folder.glob("shipments-*.csv"))])

    @cached_property
    def hands(self) -> pl.DataFrame:
        """record_id, hands_id, kind."""
        return self.truth("parties").join(self.truth("hands").select("hands_id", "kind"), on="hands_id")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(write_world(tmp_path_factory.mktemp("worlds") / "tiny", "tiny", 3))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(write_world(tmp_path_factory.mktemp("worlds") / "small", "small", 7))
