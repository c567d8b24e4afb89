"""Who is who: stories of two parties, and a world that comes at once or bit by bit."""

import random
from dataclasses import dataclass, fields, replace
from time import process_time
from typing import Any

import numpy as np
import polars as pl
import pytest

from graphinv.ingest import ingest
from graphinv.normalise.hashing import HASHED_PREFIX, opaque_id
from graphinv.prepared import prepared_records
from graphinv.resolve.declared import Declared, declared_by, declared_by_records
from graphinv.resolve.identities import SOCIAL, identify
from graphinv.resolve.resolution import Resolution, resolve, resolve_records
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from graphinv.worlds import plan
from graphinv.worlds.plan import WorldPlan
from graphinv.worlds.world import write_world
from tests.benchmarks.resolution.metrics import pair_counts
from tests.resolve.crowd import Told, apart, at, declared, entities, firm, person, records, who_is_who

PHONE, OTHER_PHONE = {"phone": "+19375550142"}, {"phone": "+15205550100"}
BANK = {"bank_account": "account-1"}


def together(*uids: str) -> set[frozenset[str]]:
    return {frozenset(uids)}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("john smith"), person("mary smith")),
        (person("smith"), person("smith")),
        (person("john smith"), person("john smith")),
        (person("garcia lopez maria", country="US"), person("garcia lopez maria", country="US")),
        (person("john smith", **at(12)), person("john smith", **at(900, "harbor road", place="reno"))),
        (person("john smith"), {"name_key": "john smith"}),
    ],
)
def test_a_persons_name_alone_never_matches(left: Told, right: Told) -> None:
    assert who_is_who(a=left, b=right) == apart("a", "b")


@pytest.mark.parametrize("country", [{}, {"country": "US"}])
def test_a_person_and_a_firm_named_alike_do_not_join_on_the_name(country: dict[str, str]) -> None:
    assert who_is_who(a=firm("john smith", **country), b=person("john smith", **country)) == apart("a", "b")


def test_a_family_name_at_one_address_and_phone_never_matches() -> None:
    assert who_is_who(a=person("john smith", **at(12), **PHONE), b=person("mary smith", **at(12), **PHONE)) == apart(
        "a", "b"
    )


def test_a_father_and_a_son_at_one_address_stay_two_persons() -> None:
    father, son = person("john smith", **at(12)), person("robert smith", **at(12))
    assert who_is_who(a=father, b=son) == apart("a", "b")
    moved = [son, person("robert smith", **at(900, "harbor road", place="reno"))]
    assert who_is_who(a=father, b=moved, c=[father, father]) == {frozenset("ac"), frozenset("b")}


def test_two_firms_that_share_phone_address_and_bank_stay_two() -> None:
    shared = {**at(12, unit="4"), **PHONE, **BANK}
    assert who_is_who(a=firm("arlen goods", **shared), b=firm("queston toys", **shared)) == apart("a", "b")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("john smith"), person("john smith")),
        (person("mike smith"), person("michael smith")),
        (person("j smith"), person("john smith")),
        (person("garcia maria"), person("garcia lopez maria")),
        (person("johnathan smithers"), person("johnathan smithars")),
        (firm("arlen goods"), firm("arlen goods")),
        (firm("arlen goods"), firm("arlengoods")),
        (firm("arlen goods"), firm("arlen goods trading")),
        (firm("arlington goods"), firm("arlingtom goods")),
        (firm("john smith"), person("john smith")),
    ],
)
def test_a_name_written_otherwise_joins_at_one_address(left: dict[str, Any], right: dict[str, Any]) -> None:
    here = at(12, unit="4")
    assert who_is_who(a={**left, **here}, b={**right, **here}) == together("a", "b")


def test_one_name_joins_by_each_contact() -> None:
    for contact in (
        PHONE,
        BANK,
        {"email": "desk@arlen.example"},
        {"website": "arlen.example"},
        {"number": "12-34567890"},
    ):
        assert who_is_who(a=firm("arlen goods", **contact), b=firm("arlen goods", **contact)) == together("a", "b")


def test_a_record_like_two_groups_that_are_not_alike_joins_them_not() -> None:
    """A bridge: a filer's record with the name of one firm and everything else of the other."""
    one = firm("arlen goods", email="desk@arlen.example", **PHONE, **at(12))
    other = firm("queston toys", email="shop@queston.example", **OTHER_PHONE, **at(900, "harbor road", place="reno"))
    mixed = [one, other]
    told: dict[str, Any] = {"a1": one, "a2": one, "a3": one, "b1": other, "b2": other, "b3": other, "m": mixed}
    found = who_is_who(**told)
    assert len(found) == 2
    assert {frozenset(group - {"m"}) for group in found} == {
        frozenset(["a1", "a2", "a3"]),
        frozenset(["b1", "b2", "b3"]),
    }


ONE = firm("arlen goods", **at(12))
SAME = firm("arlen goods", **at(12), **PHONE)
OTHER = firm("queston toys", **OTHER_PHONE)


def test_people_decide_before_the_model_does() -> None:
    told = declared(a=ONE, b=SAME, c=OTHER)
    assert entities(resolve(told)) == {frozenset("ab"), frozenset("c")}
    assert entities(resolve(told, same=[("c", "b")])) == together("a", "b", "c")
    assert entities(resolve(told, different=[("b", "a")])) == apart("a", "b", "c")


def test_a_judged_difference_holds_indirectly() -> None:
    found = resolve(declared(a=ONE, b=SAME, c=OTHER), same=[("b", "c")], different=[("a", "c")])
    assert entities(found) == {frozenset("a"), frozenset("bc")}


def test_judgements_of_parties_that_are_gone_are_passed_over() -> None:
    found = resolve(declared(a=ONE, b=SAME), same=[("a", "zz"), ("0", "b")], different=[("a", "x")])
    assert entities(found) == together("a", "b")


def test_pairs_hold_exactly_the_entities_together() -> None:
    told = declared(**{f"a{n}": SAME for n in range(5)}, b=OTHER, c=OTHER, d=person("john smith"))
    found = resolve(told, same=[("a0", "d")], different=[("b", "c")])
    named = dict(found.entities.iter_rows())
    assert all(named[src] == named[dst] and src < dst for src, dst in found.pairs.select("src", "dst").iter_rows())
    assert len(found.pairs) == len(named) - len(set(named.values()))


def test_contradicting_judgements_hold_no_entities_together() -> None:
    found = resolve(declared(a=ONE, b=SAME, c=OTHER), same=[("a", "b"), ("b", "c")], different=[("a", "c")])
    named = dict(found.entities.iter_rows())
    assert named["a"] != named["c"]
    assert all(named[src] == named[dst] for src, dst in found.pairs.select("src", "dst").iter_rows())


def test_who_declared_nothing_is_an_entity_of_its_own() -> None:
    found = resolve(declared(a=ONE, b=SAME), uids=pl.Series(["a", "b", "z"]))
    assert entities(found) == {frozenset("ab"), frozenset("z")}
    assert resolve(declared()).entities.is_empty()


def test_an_address_without_a_street_that_changed_is_compared_again() -> None:
    def told(*words: str) -> Declared:
        mine = firm("arlen goods", address_words=list(words))
        return declared(a=mine, b=firm("arlen goods", address_words=["maple", "court", "house", "12", "dayton"]))

    first = resolve(told("harbor", "wharf", "gate", "9", "reno"))
    second = resolve(told("maple", "court", "house", "12", "dayton"), kept=first.kept)
    assert second.compared == 1
    assert (len(entities(first)), len(entities(second))) == (2, 1)


def test_a_mailbox_building_joins_nobody() -> None:
    tenants = {f"t{n:03}": firm(f"{name} supply", **at(1)) for n, name in enumerate(names(100))}
    found = resolve(declared(**tenants, **elsewhere(400)))
    assert entities(found) >= apart(*tenants)
    assert found.kept.model.hubs[1][0] < 100


def names(count: int) -> list[str]:
    """Words that no two firms have in common and that do not resemble each other."""
    rng = random.Random(11)  # noqa: S311 - invents names, keeps no secrets
    return ["".join(rng.choices("abcdefghijklmnoprstuvw", k=9)) for _ in range(count)]


def elsewhere(count: int) -> dict[str, Told]:
    """Firms with two records each, so that an address is known to tell something."""
    return {
        f"e{n:03}{side}": firm(f"{name} trading", **at(100 + n, "harbor road"), phone=f"+1520555{n:04}")
        for n, name in enumerate(names(count))
        for side in "ab"
    }


def test_thousands_of_identities_that_hang_together_resolve_in_seconds() -> None:
    """A firm that moves on every ten filings, with a filing under both addresses and telephones each time."""

    def filing(n: int) -> dict[str, Any]:
        return firm("arlen goods", phone=f"+1937{n // 20:07}", **at(n // 20))

    moving = {f"p{n:04}": [filing(n), filing(n + 10)] for n in range(3_000)}
    start = process_time()
    found = resolve(declared(**moving, z=OTHER))
    took = process_time() - start
    assert took < 30.0, f"{took:.1f} s"
    assert found.entities["entity"].n_unique() <= 600
    assert frozenset("z") in entities(found)


def test_hundreds_of_accounts_of_one_name_at_one_address_are_one() -> None:
    accounts = {f"s{n:03}": firm("arlen goods", **at(12), **BANK) for n in range(120)}
    found = resolve(declared(**accounts, **elsewhere(400)))
    assert frozenset(accounts) in entities(found)


def test_records_resolve_alone_as_parties_do() -> None:
    told = records(a=ONE, b=SAME, c=OTHER)
    found = resolve_records(told)
    assert dict(found.entities.iter_rows()) == {"a": "a", "b": "a", "c": "c"}
    assert found.pairs.select("left", "right").rows() == [("a", "b")]
    assert found.pairs["probability"][0] > 0.9


@dataclass(frozen=True)
class World:
    declared: Declared
    uids: pl.Series
    resolved: Resolution

    def until(self, batch: pl.DataFrame, last: int) -> Declared:
        """What those parties declared that came in a batch up to this one."""
        return self.declared.of(batch.filter(pl.col("batch") <= last)["uid"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The parties of an invented world of many hundreds of importers, resolved at once."""
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(plan._PLANS, "less", WorldPlan("less", importers=1_500, shipments=7_500, months_per_file=12))
        write_world(folder / "feeds", "less", seed=3)
    workspace = open_workspace_folder(Settings(workspace=folder / "workspace"))
    try:
        ingest(workspace, [folder / "feeds"])
        told = declared_by(identify(prepared_records(workspace)))
    finally:
        workspace.close()
    resolved = resolve(told)
    return World(told, resolved.parties.uids, resolved)


def test_five_increments_conclude_what_one_batch_does(world: World) -> None:
    """With one model nearly exactly; the model of so few records still varies with the fifth that it has not seen."""
    rng = np.random.default_rng(5)
    batch = pl.DataFrame({"uid": world.uids, "batch": rng.integers(0, 5, len(world.uids))})
    kept, compared = None, []
    for last in range(5):
        found = resolve(world.until(batch, last), kept=kept)
        kept = found.kept
        compared.append(found.compared)
    assert kept is not None
    forgotten = replace(kept, pairs=kept.pairs.clear(), prints=kept.prints.clear(), trained_for=len(world.uids))
    anew = resolve(world.declared, kept=forgotten)
    assert anew.compared == world.resolved.compared
    assert compared[-1] < 0.75 * world.resolved.compared, compared
    assert alike(anew, found) >= 0.998
    assert alike(world.resolved, found) >= 0.98


def alike(one: Resolution, other: Resolution) -> float:
    """Pairwise F1 of two ways to divide the same parties."""
    both = one.entities.join(other.entities, on="uid", suffix="_other")
    assert len(both) == len(one.entities) == len(other.entities)
    return pair_counts(both["entity"], both["entity_other"]).score.f1


def test_a_second_pass_over_the_same_compares_nothing_and_concludes_the_same(world: World) -> None:
    again = resolve(world.declared, kept=world.resolved.kept)
    assert again.compared == 0
    for field in fields(again.kept):
        one, other = (getattr(found.kept, field.name) for found in (world.resolved, again))
        if isinstance(one, pl.DataFrame):
            order = one.columns[:2]
            assert one.sort(order).equals(other.sort(order)), field.name
        else:
            assert one == other, field.name
    for values, same in zip(world.resolved.parties.attributes, again.parties.attributes, strict=True):
        assert np.array_equal(values.users, same.users)


def test_the_order_of_records_does_not_matter(world: World) -> None:
    rng = np.random.default_rng(6)
    frames = {field.name: getattr(world.declared, field.name) for field in fields(Declared)}
    turned = Declared(**{name: frame[rng.permutation(len(frame))] for name, frame in frames.items()})
    found = resolve(turned)
    assert found.kept.model == world.resolved.kept.model
    assert found.entities.equals(world.resolved.entities)
    assert found.pairs.equals(world.resolved.pairs)


def test_the_hash_key_of_a_workspace_does_not_matter(world: World) -> None:
    """Uids and codes of hashed numbers are others in every workspace; who is who is not."""
    uids = {uid: opaque_id(SOCIAL, f"another key {uid}") for uid in world.uids if uid.startswith(SOCIAL)}
    numbers = world.declared.numbers["value"].unique().to_list()
    hashed = {number: opaque_id(HASHED_PREFIX, number) for number in numbers if number.startswith(HASHED_PREFIX)}
    frames = {field.name: getattr(world.declared, field.name) for field in fields(Declared)}
    renamed = {name: frame.with_columns(pl.col("uid").replace(uids)) for name, frame in frames.items()}
    renamed["numbers"] = renamed["numbers"].with_columns(pl.col("value").replace(hashed))
    found = resolve(Declared(**renamed))
    assert len(uids) > 100
    assert len(hashed) > 100
    assert sorted(uids) != [uid for _, uid in sorted((new, uid) for uid, new in uids.items())]
    assert found.kept.model == world.resolved.kept.model
    assert tied(found.pairs) == tied(world.resolved.pairs.with_columns(pl.col("src", "dst").replace(uids)))


def tied(pairs: pl.DataFrame) -> set[tuple[frozenset[str], float]]:
    return {(frozenset((src, dst)), weight) for src, dst, weight in pairs.select("src", "dst", "weight").iter_rows()}


def test_no_two_of_a_world_are_one_by_their_names_alone(world: World) -> None:
    named = dict(world.resolved.entities.iter_rows())
    alone = declared_by_records(records(a=person("john smith", country="US"), b=person("john smith", country="US")))
    more = Declared(**{
        field.name: pl.concat([getattr(world.declared, field.name), getattr(alone, field.name)], how="diagonal")
        for field in fields(Declared)
    })  # fmt: skip
    found = dict(resolve(more, kept=world.resolved.kept).entities.iter_rows())
    assert found["a"] != found["b"]
    assert sum(found[uid] == entity for uid, entity in named.items()) == len(named)
