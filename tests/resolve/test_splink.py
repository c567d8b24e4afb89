"""The exported settings are what Splink takes: it finds the same levels and weighs them alike."""

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import splink

from graphinv.resolve.comparisons import COMPARISONS
from graphinv.resolve.model import untrained
from graphinv.resolve.splink import splink_settings

LISTS = ("name_words", "name_rare_words", "name_initials", "address_words")
TEXTS = (
    "name_key", "name_kind", "name_said", "name_alike", "address", "building_key", "unit_key", "locality",
    "postal_code", "phone",
    "email", "email_domain", "email_local", "website", "number", "officer", "bank_account", "mid", "country",
    "birth_date",
)  # fmt: skip
ARLEN = {
    "name_key": "arlen goods", "name_said": "arlen goods", "name_kind": "organisation",
    "name_words": ["arlen", "goods"], "phone": "+19375550142",
    "building_key": "12 maple avenue|dayton|OH|US", "address": "12 maple avenue|dayton|OH|US#4", "unit_key": "4",
    "email": "desk@arlen.example", "email_domain": "arlen.example", "email_local": None, "country": "US",
}  # fmt: skip
AGAIN = {
    **ARLEN, "name_key": "arlen goodz", "name_said": "arlen goodz", "name_words": ["arlen", "goodz"],
    "phone": "+19375550143", "unit_key": None,
    "address": "12 maple avenue|dayton|OH|US#", "email": "info@arlen.example",
}  # fmt: skip


def compared(folder: Path, *parties: dict[str, Any]) -> dict[str, Any]:
    """What Splink says of two parties, from the file that is exported."""
    path = folder / "settings.json"
    path.write_text(splink_settings(untrained()), encoding="utf-8")
    schema: dict[str, Any] = {
        **dict.fromkeys(("unique_id", *TEXTS), pl.String),
        **dict.fromkeys(LISTS, pl.List(pl.String)),
    }
    rows = [{"unique_id": str(at), "address_given": True, **party} for at, party in enumerate(parties)]
    table = pl.DataFrame(rows, schema={**schema, "address_given": pl.Boolean})
    linker = splink.Linker(splink.DuckDBAPI(duckdb.connect()).register(table.to_arrow()), str(path), log_level=None)
    (pair,) = linker.inference.predict().as_duckdbpyrelation().pl().to_dicts()
    found: dict[str, Any] = pair
    return found


def test_splink_finds_the_levels_of_the_table(tmp_path: Path) -> None:
    pair = compared(tmp_path, ARLEN, AGAIN)
    expected = {
        "firm_name": "close", "address": "unit_missing", "phone": "one_digit", "email": "same_domain",
        "country": "same",
    }  # fmt: skip
    for comparison in COMPARISONS:
        gamma = pair[f"gamma_{comparison.name}"]
        level = "" if gamma == -1 else comparison.levels[len(comparison.levels) - 1 - gamma].name
        assert level == expected.get(comparison.name, ""), comparison.name


def test_splink_weighs_a_level_as_the_model_does(tmp_path: Path) -> None:
    pair = compared(tmp_path, ARLEN, AGAIN)
    model = untrained()
    row = [comparison.name for comparison in COMPARISONS].index("phone")
    assert 2 ** pair["mw_phone"] == pytest.approx(model.m[row][1] / model.u[row][1], rel=1e-6)


def test_the_prior_and_every_level_are_exported() -> None:
    told = json.loads(splink_settings(untrained()))
    assert told["probability_two_random_records_match"] == untrained().prior
    levels = {one["output_column_name"]: len(one["comparison_levels"]) - 1 for one in told["comparisons"]}
    assert levels == {comparison.name: len(comparison.levels) for comparison in COMPARISONS}
