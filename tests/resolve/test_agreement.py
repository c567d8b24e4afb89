"""Two parties compared: every level of the table in a case of its own, and what holds whoever is compared."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from graphinv.normalise.given_names import person_keys
from graphinv.resolve.agreement import NO_LEVEL, Agreements, agreements, compare
from graphinv.resolve.arrays import Int64
from graphinv.resolve.coding import code_of
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.model import NO_HUB
from graphinv.resolve.parties import WHOLE, Parties, initial_forms
from tests.resolve.crowd import at, crowds, firm, parties, person, somebodies

COLUMNS = [comparison.name for comparison in COMPARISONS]
NO_HUBS = np.full((len(Attribute), 2), NO_HUB, np.int64)


def hubs(**limits: tuple[int, int]) -> Int64:
    """Most users of a value and of a part, by attribute; no hubs elsewhere."""
    found = NO_HUBS.copy()
    for name, limit in limits.items():
        found[Attribute[name.upper()]] = limit
    return found


def all_pairs(told: Parties, limits: Int64 = NO_HUBS, *, mirrored: bool = False) -> Agreements:
    pairs = np.array(list(combinations(range(len(told)), 2)), np.int32).reshape(-1, 2)
    one, other = (np.ascontiguousarray(pairs[:, side]) for side in ((1, 0) if mirrored else (0, 1)))
    return agreements(told.attributes, told.attributes, one, other, limits)


def levels(told: Parties, limits: Int64 = NO_HUBS) -> dict[str, str]:
    """The levels by name of the first two parties."""
    pair = [np.array([position], np.int32) for position in (0, 1)]
    found = agreements(told.attributes, told.attributes, pair[0], pair[1], limits).levels[0]
    return {COMPARISONS[column].name: COMPARISONS[column].levels[found[column]].name
            for column in np.flatnonzero(found != NO_LEVEL)}  # fmt: skip


HERE = at(12)
CASES: list[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = [
    ("person_name", "same", person("john smith"), person("john smith")),
    ("person_name", "nickname", person("mike smith"), person("michael smith")),
    ("person_name", "initials", person("j smith"), person("john smith")),
    ("person_name", "contained", person("garcia maria"), person("garcia lopez maria")),
    ("person_name", "close", person("john smith"), person("john smyth")),
    ("person_name", "close", person("bob j smith"), person("robert smith")),
    ("person_name", "one_letter", person("li wei"), person("li weii")),
    ("person_name", "different", person("john smith"), person("robert smith")),
    ("person_name", "different", person("kusha mark"), person("kusha marsha")),
    ("person_name", "same", {"name_key": "wei zhang"}, person("wei zhang")),  # a kind that nobody knows
    ("firm_name", "same", firm("arlen goods"), firm("arlen goods")),
    ("person_name", "same", firm("john smith"), person("john smith")),
    ("firm_name", "same", {"name_key": "arlen goods"}, firm("arlen goods")),
    ("firm_name", "joined", firm("arlen goods"), firm("arlengoods")),
    ("firm_name", "contained", firm("arlen goods"), firm("arlen goods trading")),
    ("firm_name", "close", firm("arlen goods"), firm("arlen goodz")),
    ("firm_name", "rare_word", firm("arlen trading"), firm("bluebird arlen of ohio")),
    ("firm_name", "different", firm("arlen goods"), firm("queston toys")),
    ("firm_name", "rare_word", firm("arlen"), firm("arlen goods of ohio")),  # one word is no name contained
    ("address", "same", at(12, unit="4"), at(12, unit="4")),
    ("address", "same", HERE, HERE),
    ("address", "unit_missing", HERE, at(12, unit="4")),
    ("address", "close_street", at(12, "maple avenue"), at(12, "mapel avenue")),
    ("address", "same_place", at(12, "maple avenue"), at(14, "maple avenue")),
    ("address", "alike", {"address_words": ["maple", "777", "dayton", "rear"]},
     {"address_words": ["777", "dayton", "maple", "house", "rear"]}),
    ("address", "some_words", {"address_words": ["bozburun", "7042", "6", "denizli"]},
     {"address_words": ["bozburun", "7042", "9", "sokaka"]}),
    ("address", "other_unit", at(12, unit="4"), at(12, unit="5")),
    ("address", "same_place", at(12), at(900, "harbor road")),
    ("address", "same_place", {"postal_code": "45402"}, {"postal_code": "45402", "locality": "dayton"}),
    ("address", "different", at(12), at(900, "harbor road", place="reno")),
    ("phone", "same", {"phone": "+19375550142"}, {"phone": "+19375550142"}),
    ("phone", "one_digit", {"phone": "+19375550142"}, {"phone": "+19375550143"}),
    ("phone", "one_digit", {"phone": "+19375550142"}, {"phone": "+1937555142"}),
    ("phone", "different", {"phone": "+19375550142"}, {"phone": "+15205550100"}),
    ("email", "same", {"email": "desk@arlen.example"}, {"email": "desk@arlen.example"}),
    ("email", "same_domain", {"email": "desk@arlen.example"}, {"email": "sales@arlen.example"}),
    ("email", "same_local", {"email": "johnsmith@gmail.com"}, {"email": "johnsmith@yahoo.com"}),
    ("email", "different", {"email": "sales@arlen.example"}, {"email": "sales@queston.example"}),
    ("email", "different", {"email": "johnsmith@gmail.com"}, {"email": "marysmith@gmail.com"}),
    ("website", "same", {"website": "arlen.example"}, {"website": "arlen.example"}),
    ("website", "different", {"website": "bazario.example/shop/1"}, {"website": "bazario.example/shop/2"}),
    ("number", "same", {"number": "12-345678900"}, {"number": "12-345678900"}),
    ("number", "different", {"number": "12-345678900"}, {"number": "12-345678901"}),
    ("officer", "same", {"officer": "mary smith"}, {"officer": "mary smith"}),
    ("officer", "close", {"officer": "mary smith"}, {"officer": "mary smyth"}),
    ("officer", "different", {"officer": "mary smith"}, {"officer": "wei zhang"}),
    ("bank_account", "same", {"bank_account": "account-1"}, {"bank_account": "account-1"}),
    ("bank_account", "different", {"bank_account": "account-1"}, {"bank_account": "account-2"}),
    ("mid", "same", {"mid": "CNARLGOO12DON"}, {"mid": "CNARLGOO12DON"}),
    ("mid", "different", {"mid": "CNARLGOO12DON"}, {"mid": "CNARLGOO12SHE"}),
    ("country", "same", {"country": "US"}, {"country": "US"}),
    ("country", "different", {"country": "US"}, {"country": "CN"}),
    ("birth_date", "same", {"birth_date": "1980-02-01"}, {"birth_date": "1980-02-01"}),
    ("birth_date", "close", {"birth_date": "1980-02-01"}, {"birth_date": "1980-02-07"}),
    ("birth_date", "different", {"birth_date": "1980-02-01"}, {"birth_date": "1955-11-30"}),
]  # fmt: skip


@pytest.mark.parametrize(("comparison", "level", "left", "right"), CASES)
def test_a_pair_has_the_level_that_its_values_show(
    comparison: str, level: str, left: Mapping[str, Any], right: Mapping[str, Any]
) -> None:
    assert levels(parties(a=left, b=right)) == {comparison: level}
    assert levels(parties(a=right, b=left)) == {comparison: level}


def test_every_level_of_the_table_has_a_case() -> None:
    table = {(comparison.name, level.name) for comparison in COMPARISONS for level in comparison.levels}
    assert {(comparison, level) for comparison, level, _, _ in CASES} == table


def test_what_one_side_lacks_has_no_level() -> None:
    assert levels(parties(a=person("john smith", **at(12)), b={"phone": "+19375550142", "country": "US"})) == {}


@given(crowds())
@settings(max_examples=20, deadline=None)
def test_a_pair_and_its_mirror_have_the_same_levels_and_users(crowd: dict[str, list[dict[str, Any]]]) -> None:
    told = parties(**crowd)
    limits = hubs(phone=(3, NO_HUB), address=(2, 4), email=(2, 3))
    one, other = all_pairs(told, limits), all_pairs(told, limits, mirrored=True)
    np.testing.assert_array_equal(one.levels, other.levels)
    np.testing.assert_array_equal(one.users, other.users)


@given(crowds(most=8))
@settings(max_examples=10, deadline=None)
def test_one_attribute_compared_alone_has_the_level_it_has_among_all(crowd: dict[str, list[dict[str, Any]]]) -> None:
    told = parties(**crowd)
    pairs = np.array(list(combinations(range(len(told)), 2)), np.int32)
    one, other = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    whole = agreements(told.attributes, told.attributes, one, other, NO_HUBS).levels
    for attribute in Attribute:
        alone = compare(told.attributes, told.attributes, one, other, NO_HUBS, attribute).levels
        columns = [at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is attribute]
        np.testing.assert_array_equal(alone[:, columns], whole[:, columns])


@given(crowds())
@settings(max_examples=10, deadline=None)
def test_who_asks_alone_agrees_as_among_all(crowd: dict[str, list[dict[str, Any]]]) -> None:
    told = parties(**crowd)
    others = np.arange(len(told), dtype=np.int32)
    for asked in range(len(told)):
        alone = tuple(values._replace(start=values.start[asked : asked + 2]) for values in told.attributes)
        among = agreements(told.attributes, told.attributes, np.full_like(others, asked), others, NO_HUBS)
        for found, wanted in zip(agreements(alone, told.attributes, 0 * others, others, NO_HUBS), among, strict=True):
            np.testing.assert_array_equal(found, wanted)


def test_equal_agreement_as_person_and_as_firm_is_the_persons_from_both_sides() -> None:
    one = [person("j smith"), firm("arlen goods trading")]
    other = [firm("arlen goods"), person("john smith")]
    expected = {"person_name": "initials"}
    assert levels(parties(a=one, b=other)) == levels(parties(a=other, b=one)) == expected


def test_the_best_of_several_values_counts() -> None:
    moved = [firm("arlen goods", phone="+19375550142", **at(12)), firm("aeon trading", phone="+15205550100", **at(77))]
    here = [firm("queston toys", phone="+15205550101", **at(900, place="reno")), firm("aeon trading", **at(77))]
    found = all_pairs(told := parties(a=moved, b=here))
    assert levels(told) == {"firm_name": "same", "address": "same", "phone": "one_digit"}
    name = told.attributes[Attribute.NAME]
    assert name.codes[found.left[0, COLUMNS.index("firm_name")], WHOLE] == code_of("aeon trading")


def test_of_two_shared_values_the_rarer_one_counts() -> None:
    common = {f"c{number}": {"phone": "+19375550142"} for number in range(8)}
    both = [{"phone": "+19375550142"}, {"phone": "+15205550100"}]
    found = all_pairs(parties(a=both, b=both, **common))
    assert found.users[0, COLUMNS.index("phone")] == 2


def test_a_hubs_value_gives_no_level_and_another_value_does() -> None:
    agent = {"phone": "+19375550142"}
    crowd = {f"c{number}": agent for number in range(8)}
    limits = hubs(phone=(5, NO_HUB))
    assert levels(parties(a=agent, b=agent, **crowd), limits) == {}
    own = [agent, {"phone": "+15205550100"}]
    assert levels(parties(a=own, b=own, **crowd), limits) == {"phone": "same"}
    assert levels(parties(a=agent, b=agent), limits) == {"phone": "same"}


def test_tenants_of_a_mailbox_shop_share_a_city_and_an_agents_customers_no_domain() -> None:
    tenants = {f"t{number}": {**at(12, unit=str(number)), "email": f"m{number}@agent.example"} for number in range(8)}
    limits = hubs(address=(5, 5), email=(5, 5))
    assert levels(parties(**tenants)) == {"address": "other_unit", "email": "same_domain"}
    assert levels(parties(**tenants), limits) == {"address": "same_place", "email": "different"}


def test_letters_outside_ascii_and_very_long_names_are_compared() -> None:
    assert levels(parties(a=person("山" * 80), b=person("山" * 79 + "川"))) == {"person_name": "one_letter"}
    assert levels(parties(a=firm("ab " * 80 + "x"), b=firm("yz " * 80 + "x"))) == {"firm_name": "rare_word"}
    assert levels(parties(a=person("山" * 30), b=person("川" * 30))) == {"person_name": "different"}


def test_the_tables_conditions_in_sql_hold_for_the_same_pairs() -> None:
    """Splink and we read one table: a pair's level is the first whose condition holds."""
    crowd = [*somebodies(120, seed=7), firm("bluebird harbor ohio"), firm("bluebird trading reno")]
    found = all_pairs(parties(**{f"p{number:03}": party for number, party in enumerate(crowd)})).levels
    met = {column: set(found[:, column].tolist()) for column in range(len(COMPARISONS))}
    assert all(len(met[at]) >= len(comparison.levels) for at, comparison in enumerate(COMPARISONS))
    np.testing.assert_array_equal(found, _levels_in_sql(crowd))


def _levels_in_sql(crowd: list[dict[str, Any]]) -> Int64:
    cases = []
    for comparison in COMPARISONS:
        held = " ".join(f"WHEN {level.sql} THEN {at}" for at, level in enumerate(comparison.levels) if level.sql)
        cases.append(
            f"CASE WHEN NOT ({comparison.filled}) THEN {NO_LEVEL} {held} ELSE {len(comparison.levels) - 1} END"
        )
    told = _sql_columns(crowd)
    with duckdb.connect() as connection:
        for side in "lr":
            connection.register(side, told.rename({name: f"{name}_{side}" for name in told.columns}).to_arrow())
        rows = connection.sql(f"SELECT {', '.join(cases)} FROM l JOIN r ON at_l < at_r ORDER BY at_l, at_r")  # noqa: S608 - the table's own conditions
        return np.array(rows.fetchall(), np.int64)


def _sql_columns(crowd: list[dict[str, Any]]) -> pl.DataFrame:
    names = [
        "name_key", "name_kind", "building_key", "unit_key", "locality", "postal_code", "phone", "email", "website",
        "number", "officer", "bank_account", "mid", "country", "birth_date",
    ]  # fmt: skip
    frame = pl.DataFrame(crowd, schema={**dict.fromkeys(names, pl.String), "address_words": pl.List(pl.String)})
    key, words = pl.col("name_key"), pl.col("name_key").str.split(" ")
    firms = (pl.col("name_kind") == "organisation").fill_null(False)
    alike = pl.Series("alike", person_keys(frame["name_key"]))
    used = frame.select(words.list.unique().explode()).to_series().drop_nulls().value_counts()
    rare = used.filter(pl.col("count") <= RARE)["name_key"].to_list()
    local, domain = pl.col("email").str.extract("^(.*)@"), pl.col("email").str.extract("@(.*)$")
    return frame.with_columns(
        pl.int_range(pl.len()).alias("at"),
        pl.when(firms).then(key).otherwise(alike).alias("name_said"),
        pl.when(firms).then(key.str.replace_all(" ", "")).otherwise(alike).alias("name_alike"),
        words.alias("name_words"),
        words.list.filter(pl.element().is_in(rare)).alias("name_rare_words"),
        pl.when(~firms).then(initial_forms(frame["name_key"])).alias("name_initials"),
        pl.when(pl.any_horizontal(pl.col("building_key", "locality", "postal_code", "address_words").is_not_null()))
        .then(True)
        .alias("address_given"),
        pl.when(~domain.is_in(["gmail.com", "yahoo.com"])).then(domain).alias("email_domain"),
        pl.when(local.str.len_chars() >= 6).then(local).alias("email_local"),
    )


#: Of so few parties a word is rare that at most three have.
RARE = 3


@pytest.mark.parametrize(
    ("left", "right"), [("cedar supply tenant", "alder supply tenant"), ("31 supply tenant", "32 supply tenant")]
)
def test_one_word_that_differs_makes_another_firm(left: str, right: str) -> None:
    crowd = {
        f"c{at}": firm(f"{word} supply tenant") for at, word in enumerate(("oak", "elm", "ash", "fir", "31", "32"))
    }
    assert levels(parties(a=firm(left), b=firm(right), **crowd))["firm_name"] in ("different", "rare_word")
