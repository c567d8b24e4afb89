"""What is exported for Splink runs there as the documentation says, and is weighed as the model weighs it."""

import json
import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from graphinv.resolve.agreement import NO_LEVEL, agreements
from graphinv.resolve.blocking import block, pairs_of
from graphinv.resolve.comparisons import COMPARISONS
from graphinv.resolve.declared import declared_by_records
from graphinv.resolve.model import POPULATION, Model, untrained
from graphinv.resolve.parties import parties_of
from graphinv.resolve.splink import write_splink
from graphinv.resolve.splink_table import splink_table
from graphinv.resolve.training import train
from tests.resolve.crowd import at, declared, firm, person, records, somebodies

DOCS = Path(__file__).parents[2] / "docs" / "resolution.md"


@pytest.fixture(scope="module")
def crowd() -> pl.DataFrame:
    """Parties of one record each that share anything with each other."""
    return records(**{f"p{n:03}": told for n, told in enumerate(somebodies(160, 5))})


def as_documented(folder: Path, monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    """What the example in the documentation gives in a folder where ``for-splink`` was written."""
    (example,) = re.findall(r"```py\n(import polars, splink\n.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(logging.getLogger("splink"), "level", logging.ERROR)  # it tells of levels nobody reaches
    told: dict[str, Any] = {}
    exec(example, told)  # noqa: S102 - the documentation's own example
    found: pl.DataFrame = told["scored"].as_duckdbpyrelation().pl()
    return found


def trained(crowd: pl.DataFrame) -> Model:
    parties = parties_of(declared_by_records(crowd))
    return train(parties, *pairs_of(block(parties)))


@pytest.mark.parametrize("learnt", [False, True])
def test_splink_weighs_pairs_as_the_model_does_within_what_is_documented(
    crowd: pl.DataFrame, learnt: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = trained(crowd) if learnt else untrained()
    declared_ = declared_by_records(crowd)
    assert write_splink(tmp_path / "for-splink", declared_, model) == crowd.height
    scored = as_documented(tmp_path, monkeypatch)
    parties = parties_of(declared_)
    one, other = (parties.uids.search_sorted(scored[f"unique_id_{side}"]).to_numpy().astype(np.int32) for side in "lr")
    found = agreements(parties.attributes, parties.attributes, one, other, model.hub_array())
    _same_levels(scored, found.levels)
    ours = model.prior_bits + model.bits(found, parties.filled).sum(axis=1)
    most = _documented(tmp_path / "for-splink", found.levels)
    difference = ours - scored["match_weight"].to_numpy()
    assert len(scored) > 1_000
    assert np.all(difference > -1e-6)
    assert np.all(difference <= most + 1e-6)
    assert np.allclose(difference[most == 0.0], 0.0, atol=1e-6)
    assert np.count_nonzero(most == 0.0) > 10


def _same_levels(scored: pl.DataFrame, levels: np.typing.NDArray[np.int8]) -> None:
    for at_, comparison in enumerate(COMPARISONS):
        gamma = scored[f"gamma_{comparison.name}"].to_numpy()
        ours = np.where(levels[:, at_] == NO_LEVEL, -1, len(comparison.levels) - 1 - levels[:, at_])
        assert gamma.tolist() == ours.tolist(), comparison.name


def _documented(folder: Path, levels: np.typing.NDArray[np.int8]) -> np.typing.NDArray[np.float64]:
    """The most bits by which pairs may differ: for every shared value that rarity corrects."""
    told = json.loads((folder / "settings.json").read_text(encoding="utf-8"))["comparisons"]
    table, most = pl.read_parquet(folder / "records.parquet"), np.zeros(len(levels))
    for column, comparison in enumerate(told):
        for level, one in enumerate(comparison["comparison_levels"][1:]):
            if "tf_adjustment_column" in one:
                telling = table[one["tf_adjustment_column"]].count()
                most += (levels[:, column] == level) * (1.0 + np.log2(POPULATION / telling))
    return most


def test_a_party_is_told_by_what_it_declared_most_often() -> None:
    often, once = firm("arlen goods", phone="+19375550142", **at(12)), firm("arlen", phone="+19375550143", **at(14))
    (row,) = splink_table(declared(a=[once, often, often]), untrained()).to_dicts()
    told = (row["unique_id"], row["name_key"], row["phone"], row["building_key"], row["address_given"])
    assert told == ("a", "arlen goods", "+19375550142", "12 maple avenue|dayton|US", True)


def test_derived_columns_are_those_that_the_conditions_need() -> None:
    told = splink_table(
        declared(a=person("mike smith", email="mike.smith@gmail.com"), b=firm("arlen goods", email="x@arlen.example")),
        untrained(),
    )
    a, b = told.to_dicts()
    assert (a["name_said"], a["name_initials"]) == ("michael smith", ["mike s", "m smith"])
    assert (a["email_domain"], a["email_local"]) == (None, "mike.smith")
    assert (b["name_alike"], b["name_words"], b["name_rare_words"]) == (
        "arlengoods",
        ["arlen", "goods"],
        ["arlen", "goods"],
    )
    assert (b["email_domain"], b["email_local"], b["address_given"]) == ("arlen.example", None, None)


def test_a_hubs_values_are_left_out_but_for_the_place() -> None:
    crowd = {f"p{n}": firm(f"firm{n}", phone="+15205550100", **at(1, unit=str(n))) for n in range(9)}
    model = replace(untrained(), hubs=((5, 5),) * len(untrained().hubs))
    told = splink_table(declared(own=firm("arlen goods", phone="+19375550142", **at(2)), **crowd), model)
    theirs = told.filter(pl.col("unique_id") != "own").select("phone", "building_key", "unit_key", "address")
    assert theirs.null_count().row(0) == (9, 9, 9, 9)
    assert told["locality"].null_count() == 0
    assert told.row(0, named=True)["phone"] == "+19375550142"
