"""What the resolution benchmark measures on: the public sets, worlds' records, planted pairs, and the plain rivals."""

import polars as pl
import pytest

from graphinv.resolve.declared import RECORD_COLUMNS
from graphinv.worlds import write_world
from tests.benchmarks.resolution.answers import clustered
from tests.benchmarks.resolution.fairness import ORIGINS, PAIRS, planted
from tests.benchmarks.resolution.metrics import pair_counts
from tests.benchmarks.resolution.rivals import exact_rules, token_sort
from tests.benchmarks.resolution.truth_sets import factories, senzing
from tests.benchmarks.resolution.worlds import WorldRecords, read_world


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> WorldRecords:
    world = tmp_path_factory.mktemp("worlds") / "small"
    write_world(world, "small", 11)
    return read_world(world, 5_000)


def test_senzing_has_its_published_clusters_and_pairs() -> None:
    told = senzing()
    assert told.records.columns == list(RECORD_COLUMNS)
    assert set(told.records["record_id"]) == set(told.truth["record_id"])
    assert told.truth["cluster"].n_unique() == 85
    assert pair_counts(told.truth["cluster"], told.truth["cluster"]).true == 108


def test_senzing_birth_dates_are_of_people_alive() -> None:
    days = dict(senzing().records.select("record_id", "birth_date").drop_nulls().iter_rows())
    assert days["CUSTOMERS:1001"] == "1978-12-11"
    assert days["CUSTOMERS:1075"] == "1931-02-04"  # written 2/4/31
    assert days["CUSTOMERS:1081"] == "1992-03-15"  # written 15-Mar-92
    assert "1900" < min(days.values()) < max(days.values()) < "2021"


def test_factories_are_in_as_many_pairs_as_people_judged() -> None:
    told = factories()
    assert told.pairs.height == 112
    assert told.pairs["same"].sum() == 47
    assert set(told.pairs["left"]) | set(told.pairs["right"]) == set(told.records["record_id"])
    assert told.records.select(pl.col("name_key", "country").null_count()).row(0) == (0, 0)


def test_world_records_are_different_and_keep_all_fronts_of_one_owner(small: WorldRecords) -> None:
    assert small.records.height == pytest.approx(5_000, rel=0.02)
    assert small.truth["record_id"].equals(small.records["record_id"])
    assert set(small.truth["role"]) == {"importer", "seller", "consignee", "shipper"}
    told = pl.concat([small.records.drop("record_id"), small.truth.select("business_id")], how="horizontal")
    assert told.is_unique().all()
    fronts = pair_counts(small.truth["hands_id"], small.cluster)
    assert fronts.true > fronts.claimed == fronts.right  # every business has one owner, some owners several


def test_simple_rivals_find_something_and_are_mostly_right(small: WorldRecords) -> None:
    ids = small.records["record_id"]
    exact = pair_counts(small.cluster, exact_rules(small.records).entity_of(ids)).score
    alike = pair_counts(small.cluster, token_sort(small.records, 85.0).entity_of(ids)).score
    assert exact.precision > 0.95
    assert exact.recall > 0.3
    assert alike.precision > 0.8
    assert alike.recall > 0.4


def test_clusters_join_over_others_from_the_least_weight_on() -> None:
    ids = pl.Series(["a", "b", "c", "d"])
    pairs = pl.DataFrame(
        {"left": ["a", "b", "c"], "right": ["b", "c", "d"], "probability": [0.9, 0.9, 0.1], "weight": [3.0, 2.0, -1.0]}
    )
    found = clustered(ids, pairs, 2.0).entity_of(ids).to_list()
    assert found[0] == found[1] == found[2] != found[3]


def test_planted_pairs_differ_between_origins_in_nothing_but_names_and_their_own_digits() -> None:
    people = planted()
    assert people.height == 2 * PAIRS * 4 * len(ORIGINS)
    assert people["record_id"].is_unique().all()
    plain = people.with_columns(
        pl.col("line1").str.replace("^([0-9]+)[0-9] ", "${1} "), pl.col("phone").str.replace("-[0-9]{3}-", "-")
    )
    same = plain.select("case", "pair", "line1", "line2", "city", "postal_code", "phone")
    first, *others = (same.filter(plain["origin"] == origin.name) for origin in ORIGINS)
    assert all(other.equals(first) for other in others)
    names = people.group_by("origin", "case", "pair").agg(pl.col("name").n_unique())["name"]
    assert names.min() == 2
