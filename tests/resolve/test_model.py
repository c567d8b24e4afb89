"""The table of weights: what it says of a pair, how it is kept, and what a handful of records may teach it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from graphinv.errors import InvalidInput
from graphinv.resolve.agreement import NO_LEVEL, Agreements, agreements
from graphinv.resolve.blocking import block, pairs_of
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.model import MATCH, POPULATION, Model, untrained
from graphinv.resolve.parties import Parties
from graphinv.resolve.training import train
from tests.resolve.crowd import at, firm, parties, person

COLUMNS = [comparison.name for comparison in COMPARISONS]
FILLED = np.full(len(Attribute), 1_000, np.int64)


def found(users: int = 2, **levels: str) -> Agreements:
    """One pair with some levels by name."""
    row = np.full((1, len(COMPARISONS)), NO_LEVEL, np.int8)
    for column, comparison in enumerate(COMPARISONS):
        if comparison.name in levels:
            row[0, column] = [level.name for level in comparison.levels].index(levels[comparison.name])
    nothing = np.full(row.shape, -1, np.int32)
    return Agreements(row, np.full(row.shape, users, np.int32), nothing, nothing)


def bits(users: int = 2, /, **levels: str) -> float:
    return float(untrained().bits(found(users, **levels), FILLED).sum())


def probability(users: int = 2, /, **levels: str) -> float:
    model = untrained()
    return float(model.probability(model.identity_bits(found(users, **levels), FILLED).sum(axis=1))[0])


def trained(told: Parties) -> Model:
    return train(told, *pairs_of(block(told)))


def test_a_model_is_read_as_it_was_written() -> None:
    model = replace(untrained(), prior=0.25, pairs=7, hubs=((3, 4),) * len(Attribute))
    again = Model.from_json(model.to_json())
    assert again == model
    assert again.id == model.id


def test_a_model_of_another_table_is_refused() -> None:
    told = json.loads(untrained().to_json())
    told["table"][0][1] = "alike"
    with pytest.raises(InvalidInput, match="train"):
        Model.from_json(json.dumps(told))
    del told["table"]
    with pytest.raises(InvalidInput, match="train"):
        Model.from_json(json.dumps(told))


def test_other_numbers_have_another_id_and_the_same_have_the_same() -> None:
    assert untrained().id == untrained().id
    ids = {untrained().id, replace(untrained(), prior=0.25).id, replace(untrained(), pairs=1).id}
    m = ((0.5, 0.5, *untrained().m[0][2:]), *untrained().m[1:])
    assert len({*ids, replace(untrained(), m=m).id}) == 4


def test_what_was_not_compared_weighs_nothing() -> None:
    assert bits() == 0.0
    assert probability() == pytest.approx(untrained().prior)


@pytest.mark.parametrize(
    ("comparison", "level"),
    [
        ("firm_name", "same"), ("address", "same"), ("address", "unit_missing"), ("phone", "same"),
        ("email", "same_domain"), ("officer", "same"), ("mid", "same"),
    ],
)  # fmt: skip
def test_the_more_use_a_value_the_less_it_weighs(comparison: str, level: str) -> None:
    weights = [bits(users, **{comparison: level}) for users in range(1, 2_000, 7)]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > weights[-1]


def test_a_value_is_rare_among_those_who_have_one() -> None:
    model, pair = untrained(), found(100, phone="same")
    few, many = (np.full(len(Attribute), POPULATION * times, np.int64) for times in (1, 100))
    assert model.bits(pair, many).sum() == pytest.approx(model.bits(pair, few).sum() + np.log2(100), abs=0.01)


def test_levels_weigh_in_the_order_of_the_table_at_its_ends() -> None:
    for comparison in COMPARISONS:
        weights = [bits(**{comparison.name: level.name}) for level in comparison.levels]
        assert weights[0] > 0 > weights[-1], comparison.name


def test_a_persons_name_alone_is_never_enough() -> None:
    assert probability(person_name="same") < MATCH
    assert probability(person_name="same", country="same") < MATCH
    assert probability(person_name="same", country="same", address="different") < MATCH
    assert probability(person_name="same", address="same") > 0.9
    assert probability(firm_name="same", address="same") > 0.9


def test_contacts_alone_do_not_make_two_names_one_party() -> None:
    for name in ("firm_name", "person_name"):
        everything = dict.fromkeys(("address", "phone", "email", "website", "officer", "bank_account"), "same")
        assert probability(**{name: "different"}, **everything) < MATCH
        assert probability(**{name: "different"}, **everything, number="different") < MATCH
        assert probability(**{name: "different"}, **everything, number="same") > 0.9


def test_nobody_and_one_alone_teach_nothing() -> None:
    assert trained(parties()) == untrained()
    assert trained(parties(a=firm("arlen goods", **at(12)))) == untrained()


def test_a_handful_of_records_leaves_the_table_nearly_as_it_was() -> None:
    same = firm("arlen goods", phone="+19375550142", **at(12))
    model = trained(parties(a=same, b=same, c=firm("queston toys", **at(900)), d=person("john smith", **at(900))))
    for row, own in zip(model.m, untrained().m, strict=True):
        assert np.abs(np.log2(np.array(row) / np.array(own))).max() < 1.0
    for row, own in zip(model.u, untrained().u, strict=True):
        assert np.abs(np.log2(np.array(row) / np.array(own))).max() < 1.0


def test_what_is_learned_are_probabilities_and_the_same_every_time() -> None:
    told = parties(
        **{f"f{n}": firm(f"firm{n // 2} supply", phone=f"+1937555{n // 2:04}", **at(n // 3)) for n in range(300)}
    )
    model = trained(told)
    assert model == trained(told)
    assert 0.0 < model.prior < 0.01
    for row in (*model.m, *model.u):
        assert sum(row) == pytest.approx(1.0, abs=0.01)
        assert all(0.0 < value < 1.0 for value in row)


def test_what_agrees_among_the_same_and_not_among_others_gains_weight() -> None:
    """Websites are worth more where every party with two records has the same one on both."""
    firms = [firm(f"firm{n} supply", phone=f"+1937555{n:04}", website=f"firm{n}.example", **at(n)) for n in range(300)]
    told = parties(**{f"f{n:03}{side}": told for n, told in enumerate(firms) for side in "ab"})
    one = np.array([0], np.int32)
    pair = agreements(told.attributes, told.attributes, one, one + 1, untrained().hub_array())
    website = COLUMNS.index("website")
    before, after = (model.bits(pair, told.filled)[0, website] for model in (untrained(), trained(told)))
    assert after > before > 0
    assert trained(told).m[website][0] > 0.9
