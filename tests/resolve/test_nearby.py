"""Whom one question may mean although they share no block with it, and no more than a question can compare."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graphinv.resolve.agreement import compare
from graphinv.resolve.blocking import ask
from graphinv.resolve.comparisons import COMPARISONS, LONG_WORD, Attribute
from graphinv.resolve.likeness import within_one
from graphinv.resolve.match_index import MatchIndex, match_index, open_match_index, write_match_index
from graphinv.resolve.model import NO_HUB
from graphinv.resolve.nearby import MOST_OF_NAME, MOST_OF_PLACE, ask_nearby, nearby
from graphinv.resolve.parties import Parties
from graphinv.resolve.resolution import resolve
from graphinv.resolve.word_likeness import words_alike
from tests.resolve.crowd import Told, at, declared, firm, parties, person


def found(told: Parties, asked: Told) -> set[str]:
    near = ask_nearby(nearby(told), told.attributes[Attribute.NAME], parties(asked=asked))
    return {told.uids[party] for party in near.tolist()}


@pytest.mark.parametrize(
    ("asked", "on_record"),
    [
        (person("maria marrtinez"), person("maria martinez")),
        (firm("corvi factory garmet guangzhou"), firm("corvi factory garment guangzhou")),
        (firm("delkoin gifts votata"), firm("gifts kelpoin")),
        (person("james smith"), person("jaems mith")),
        (person("j smith"), person("james smith")),
        (person("james smith"), person("j smith")),
        (person("mike smith"), person("michael smiht")),
        (person("li zheng"), person("li zhang")),
        (firm("queston"), firm("quesron")),
        (person("李伟"), person("李伟")),
        (person("wei chang zhou"), person("zhou zhou")),
    ],
)
def test_names_spelt_alike_are_found(asked: Told, on_record: Told) -> None:
    assert found(parties(a=on_record, b=firm("arlen goods")), asked) == {"a"}


@pytest.mark.parametrize(
    "asked", [person("james"), person("smith"), firm("arlen trading"), person("k smith"), person("smith wei"), {}]
)
def test_one_word_in_common_is_no_likeness(asked: Told) -> None:
    assert found(parties(a=person("james smith"), b=firm("arlen goods")), asked) == set()


#: Names of words that are unlike each other; of more than initials, which are looked for beside another word only.
_ALIKE = (("wei", "weii"), ("smith", "smit", "smithe", "s"), ("goods", "godos"), ("trading", "tradnig"), ("7",), ("j",))
_NAME = (
    st.lists(st.sampled_from(_ALIKE).flatmap(lambda one: st.sampled_from([(one[0], word) for word in one])),
             min_size=1, max_size=3, unique_by=lambda told: told[0])
    .map(lambda told: sorted(word for _, word in told))
    .filter(lambda words: max(map(len, words)) > 1)
    .map(" ".join)
)  # fmt: skip


def _looked_for(name: str, asked: str) -> bool:
    """Whether they have more than initials in common, and neither has an initial that begins no word of the other."""
    whole, others = ({one[0] for one in _ALIKE for word in told.split() if len(word) > 1 and word in one}
                     for told in (name, asked))  # fmt: skip
    begin, other = ({word[0] for word in told.split()} for told in (name, asked))
    initials = ({word for word in told.split() if len(word) == 1} for told in (name, asked))
    return bool(whole & others) and all(told <= begin & other for told in initials)


@given(st.lists(_NAME, min_size=1, max_size=8), _NAME, st.sampled_from((person, firm)))
@settings(max_examples=60, deadline=None)
@example(["7 smith"], "7 s wei", firm)
@example(["j wei"], "7 wei", person)
def test_every_name_that_the_model_calls_close_is_found(names: list[str], asked: str, kind: type) -> None:
    """But for those that have nothing but initials in common with it, or other initials."""
    told = parties(**{f"p{n}": kind(name) for n, name in enumerate(names)})
    question = parties(asked=kind(asked))
    hubs = np.full(2, NO_HUB, np.int64)
    everybody = np.arange(len(told), dtype=np.int32)
    levels = compare(
        question.attributes, told.attributes, np.zeros_like(everybody), everybody,
        np.tile(hubs, (len(Attribute), 1)), Attribute.NAME,
    ).levels  # fmt: skip
    close = {
        told.uids[party]
        for party in everybody.tolist()
        for column in range(2)
        if COMPARISONS[column].levels[levels[party, column]].name in ("same", "close", "one_letter")
        and levels[party, column] >= 0
        and _looked_for(names[party], asked)
    }
    assert close <= found(told, kind(asked))


@given(st.lists(_NAME, min_size=1, max_size=12), _NAME)
@settings(max_examples=60, deadline=None)
def test_names_are_those_that_going_through_all_of_them_finds(names: list[str], asked: str) -> None:
    told = parties(**{f"p{n}": firm(name) for n, name in enumerate(names)})
    assert found(told, firm(asked)) == {f"p{n}" for n, name in enumerate(names) if _reads_alike(asked, name)}


def _reads_alike(asked: str, name: str) -> bool:
    """Whether a name has enough words like those of the question, and resembles it as a whole; word by word."""
    told, likeness, whole = name.split(), 0, False
    for word in asked.split():
        like = [other for other in told if _spelt_alike(word, other)]
        likeness += (16 if like else 0) + (word in like)
        whole = whole or (len(word) > 1 and bool(like))
    one, other = (np.frombuffer(bytearray(text, "ascii"), np.uint8) for text in (asked, name))
    resembles = words_alike(one, other, True) or words_alike(one, other, False) or within_one(one, other)
    return whole and likeness >= 16 * min(len(asked.split()), len(told)) and resembles


def _spelt_alike(word: str, other: str) -> bool:
    if min(len(word), len(other)) == 1:
        return word[0] == other[0]
    return OSA.distance(word, other) <= 1 + (min(len(word), len(other)) >= LONG_WORD)


def test_a_rare_word_finds_its_names_among_thousands_with_the_common_one() -> None:
    common = {f"p{n}": firm(f"delkoin {n:04} trading") for n in range(700)}
    told = parties(**common, meant=firm("keldor trading"), alone=firm("trading"), other=firm("keldor goods"))
    assert found(told, firm("keldro tradnig")) == {"meant"}
    assert {*common, "meant"} > found(told, firm("trading delkoin")) > set()


def test_of_many_namesakes_those_come_first_that_tell_least() -> None:
    """They have the least that speaks against them."""
    many = {f"p{n:03}": person("wei zhang", phone=f"+1937555{n:04}", **at(n, place=f"town{n}")) for n in range(300)}
    thin = {f"thin{n}": person("wei zhang") for n in range(5)}
    near = found(parties(**many, **thin), person("wei zhang"))
    assert set(thin) < near
    assert len(near) == MOST_OF_NAME


def test_parties_without_a_name_are_found_by_their_place() -> None:
    told = parties(
        nameless=at(12), named=firm("queston toys", **at(14)), elsewhere=at(9, place="reno"),
        without_street={"locality": "dayton", "address_words": ["dayton"]},
    )  # fmt: skip
    assert found(told, firm("arlen goods", **at(900, "harbor road"))) == {"nameless", "without_street"}
    assert found(told, at(900, "harbor road")) == {"nameless", "without_street", "named"}


def test_a_place_brings_no_more_than_a_question_can_compare() -> None:
    told = parties(**{f"p{n:03}": at(n) for n in range(200)})
    assert len(found(told, firm("arlen goods", **at(900)))) <= 2 * MOST_OF_PLACE  # its city and its postal code


def test_nobody_is_near_nobody() -> None:
    assert found(parties(), firm("arlen goods", **at(1))) == set()
    assert found(parties(a={"phone": "+19375550142"}), {"phone": "+19375550142"}) == set()


@pytest.fixture
def index() -> MatchIndex:
    told = declared(a=firm("arlen goods", **at(12)), b=firm("queston toys"), c=at(12, unit="4"))
    return match_index(resolve(told), pl.Series(["a", "b", "c"]))


def test_a_question_is_compared_with_its_blocks_and_with_those_near(index: MatchIndex) -> None:
    question = parties(asked=firm("qeuston tosy", **at(12)))
    near = ask_nearby(index.near, index.attributes[Attribute.NAME], question)
    matched = index.match(question, np.zeros(0, np.int32))
    assert matched.party.tolist() == sorted({*ask(index.blocks, question).tolist(), *near.tolist()}) == [0, 1, 2]


def test_a_written_index_finds_the_same(index: MatchIndex, tmp_path: Path) -> None:
    write_match_index(tmp_path / "match", index)
    question = parties(asked=firm("qeuston tosy"))
    again = open_match_index(tmp_path / "match").match(question, np.zeros(0, np.int32))
    assert again.party.tolist() == index.match(question, np.zeros(0, np.int32)).party.tolist() == [1]
