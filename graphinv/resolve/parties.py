"""Parties as arrays: what compiled comparison reads, in one batch or for one question.

Every party has a few values of each attribute (CSR: ``start``, ``value``). Equal values are kept once, with their
codes, their bytes where likeness of spelling counts, their words, and how many parties use them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl

from graphinv.normalise.contacts import free_mail_domains
from graphinv.normalise.given_names import person_keys
from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.coding import NOTHING, bytes_of, codes_of, mixed_codes, starts_of
from graphinv.resolve.comparisons import RARE_WORD, Attribute
from graphinv.resolve.declared import Declared
from graphinv.resolve.grouping import numbered, users_of_groups, users_of_words
from graphinv.resolve.ordering import steady_order
from graphinv.resolve.told import WHO, Told, told_once
from graphinv.resolve.word_codes import address_word_codes, each_once, word_codes
from graphinv.threads import in_threads

#: Letters of a text that likeness looks at.
MOST_LETTERS = 63

#: Columns of ``Values.codes``: the value, and what it has in common with others. Names: key, alike key, nothing,
#: nothing, kind. Addresses: building with unit, building, locality, postal code, 1 with a unit. E-mails: mailbox, own
#: domain, mailbox name. Websites: site, host. Everything else: the value.
WHOLE, PART, THIRD, FOURTH, MARK = range(5)
KINDS = {"person": 1, "organisation": 2}
PERSON, ORGANISATION = KINDS["person"], KINDS["organisation"]


class Values(NamedTuple):
    """The values of one attribute. Arrays only, so that compiled code takes it as it is.

    ``start`` (parties + 1) and ``value``: which values a party has. ``codes`` (values, 5). ``users`` (values, 2):
    parties with the value, and with its part; once something is resolved, entities (``counted_as``). ``text`` by
    ``text_start``: bytes. ``words`` by ``word_start``: sorted codes of words; ``rare`` says which of them are rare.
    ``forms`` by ``form_start``: a person's name with given names written as initials.
    """

    start: Int64
    value: Int32
    codes: Int64
    users: Int32
    text: UInt8
    text_start: Int64
    words: Int64
    rare: UInt8
    word_start: Int64
    forms: Int64
    form_start: Int64


@dataclass(frozen=True)
class Parties:
    """Parties in the order of ``parties_of``, and what they declared; ``attributes`` in the order of ``Attribute``."""

    uids: pl.Series
    attributes: tuple[Values, ...]

    def __len__(self) -> int:
        """How many parties there are."""
        return len(self.uids)

    @property
    def filled(self) -> Int64:
        """How many parties have a value of each attribute."""
        return np.array([np.count_nonzero(np.diff(values.start)) for values in self.attributes], np.int64)


@dataclass(frozen=True)
class Coded:
    """The distinct values of an attribute with their derived columns: a row a value, ``users`` filled in later."""

    codes: Int64
    text: UInt8
    text_start: Int64
    words: Int64
    word_start: Int64
    forms: Int64
    form_start: Int64


def parties_of(declared: Declared, uids: pl.Series | None = None, *, steady: bool = False) -> Parties:
    """Arrays of everything the parties declared; ``uids`` adds parties that declared nothing.

    They stand in the order of their uids, or in one that is ``steady`` from workspace to workspace.
    """
    told = in_threads(lambda attribute: _told(attribute, declared), Attribute)
    more = [] if uids is None else [uids.to_frame("uid").select(WHO, "uid")]
    named = pl.concat([*(one.parties for one in told), *more]).unique("who")
    unhashed = [told[attribute] for attribute in Attribute if attribute is not Attribute.NUMBER]
    ordered = steady_order(named, unhashed) if steady else named["uid"].sort()
    position = pl.DataFrame({"uid": ordered, "party": pl.int_range(len(ordered), dtype=pl.Int32, eager=True)})
    position = position.select(WHO, "party")
    values = in_threads(lambda attribute: _values(attribute, told[attribute], position), Attribute)
    return Parties(ordered, tuple(values))


def counted_as(parties: Parties, groups: Int64) -> Parties:
    """The same arrays with ``users`` counted in groups, a label a party: the records of one party count once.

    A firm that is on record thirty times under one name makes that name no less telling.
    """
    order = np.argsort(groups)

    def recounted(values: Values) -> Values:
        return values._replace(users=_users(values.codes, order, groups, values.start, values.value))

    return Parties(parties.uids, tuple(in_threads(recounted, parties.attributes)))


def rare_limit(parties: int) -> int:
    """At most so many parties have a rare word in their name."""
    return max(3, int(parties * RARE_WORD))


def _told(attribute: Attribute, declared: Declared) -> Told:
    frame: pl.DataFrame = getattr(declared, attribute.field)
    if attribute is not Attribute.ADDRESS:
        return told_once(frame, _KEYS[attribute])
    unkeyed = pl.when(pl.col("building_key").is_null()).then("caption")  # every spelling is a value of its own then
    return told_once(frame.with_columns(unkeyed=unkeyed), _KEYS[attribute], smallest="caption")


def _values(attribute: Attribute, told: Told, position: pl.DataFrame) -> Values:
    numbered = told.unique.select("same", pl.int_range(pl.len(), dtype=pl.Int32).alias("value_id"))
    placed = told.values.join(numbered, on="same").join(position, on="who").select("party", "times", "value_id")
    placed = placed.sort("party", "times", "value_id", descending=[False, True, False])
    start = starts_of(np.bincount(placed["party"].to_numpy(), minlength=len(position)))
    value = placed["value_id"].to_numpy().astype(np.int32)
    return arranged(attribute, _CODERS[attribute](told.unique), start, value)


def arranged(attribute: Attribute, coded: Coded, start: Int64, value: Int32) -> Values:
    """The values of an attribute with their users; ``start`` and ``value`` say which values each party has."""
    everyone = np.arange(len(start) - 1)
    return Values(
        start=start,
        value=value,
        codes=coded.codes,
        users=_users(coded.codes, everyone, everyone, start, value),
        text=coded.text,
        text_start=coded.text_start,
        words=coded.words,
        rare=_rare(coded, start, value) if attribute is Attribute.NAME else np.zeros(0, np.uint8),
        word_start=coded.word_start,
        forms=coded.forms,
        form_start=coded.form_start,
    )


def _users(codes: Int64, order: Int64, user: Int64, start: Int64, value: Int32) -> Int32:
    """How many users have each value, and its part; ``order`` goes through the parties, those of one user in a row."""
    users = np.zeros((len(codes), 2), np.int32)
    for column in (WHOLE, PART):
        group, groups = numbered(codes[:, column])
        users[:, column] = users_of_groups(group, groups, order, user, start, value)[group]
        users[codes[:, column] == NOTHING, column] = 0
    return users


def _rare(coded: Coded, start: Int64, value: Int32) -> UInt8:
    """Which words of names are rare, by the parties whose names have them."""
    word, words = numbered(coded.words)
    used = users_of_words(word, words, start, value, coded.word_start, np.ones(len(coded.codes), bool))
    return (used[word] <= rare_limit(len(start) - 1)).astype(np.uint8)


def _coded(
    codes: list[Int64],
    text: pl.Series | None = None,
    words: tuple[Int64, Int64] | None = None,
    forms: tuple[Int64, Int64] | None = None,
) -> Coded:
    size = len(codes[0])
    columns = [*codes, *(np.zeros(size, np.int64) for _ in range(MARK + 1 - len(codes)))]
    letters = (np.zeros(0, np.uint8), np.zeros(size + 1, np.int64)) if text is None else bytes_of(text)
    nothing = (np.zeros(0, np.int64), np.zeros(size + 1, np.int64))
    return Coded(np.ascontiguousarray(np.stack(columns, axis=1)), *letters, *(words or nothing), *(forms or nothing))


def _code_names(unique: pl.DataFrame) -> Coded:
    key, kind = unique["key"], unique["kind"]
    firm = (kind == "organisation").fill_null(False)
    said = pl.select(pl.when(firm).then(key).otherwise(person_keys(key))).to_series()
    alike = pl.select(pl.when(firm).then(key.str.replace_all(" ", "")).otherwise(said)).to_series()
    kinds = kind.replace_strict(KINDS, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
    forms = [codes_of(form) for form in _forms(key.set(firm, None))]
    return _coded(
        [codes_of(key), codes_of(alike), *_nothing(2, len(key)), kinds],
        said,
        word_codes(key),
        each_once(np.stack(forms, axis=1)),
    )


def _nothing(columns: int, size: int) -> Iterator[Int64]:
    return (np.zeros(size, np.int64) for _ in range(columns))


def initial_forms(keys: pl.Series) -> pl.Series:
    """A person's name with given names as initials, sorted as a key is: "john smith" is "j smith" or "john s".

    Names of two or three words; other names have no forms.
    """
    forms = _forms(keys)
    told = pl.concat_list(*forms.columns).list.drop_nulls()
    return forms.select(pl.when(pl.any_horizontal(pl.all().is_not_null())).then(told).alias("form")).to_series()


def _forms(keys: pl.Series) -> pl.DataFrame:
    """``initial_forms``, a column a form, null where there is none."""
    frame = keys.str.split_exact(" ", 3).struct.unnest()
    words, beyond = [pl.col(name) for name in frame.columns[:3]], pl.col(frame.columns[3])
    two, three = words[1].is_not_null() & words[2].is_null(), words[2].is_not_null() & beyond.is_null()
    of_two, of_three = (_with_one_whole(words[:size]) for size in (2, 3))
    return frame.select(
        pl.when(two).then(of_two[0]).when(three).then(of_three[0]).alias("first"),
        pl.when(two).then(of_two[1]).when(three).then(of_three[1]).alias("second"),
        pl.when(three).then(of_three[2]).alias("third"),
    )


def _with_one_whole(words: list[pl.Expr]) -> list[pl.Expr]:
    return [
        _in_order([word if at == whole else word.str.slice(0, 1) for at, word in enumerate(words)])
        for whole in range(len(words))
    ]


def _in_order(words: list[pl.Expr]) -> pl.Expr:
    """Two or three words in rising order, between spaces."""
    low, high = pl.min_horizontal(*words[:2]), pl.max_horizontal(*words[:2])
    if len(words) == 2:
        return pl.concat_str([low, high], separator=" ")
    middle = pl.max_horizontal(low, pl.min_horizontal(high, words[2]))
    ends = pl.min_horizontal(low, words[2]), pl.max_horizontal(high, words[2])
    return pl.concat_str([ends[0], middle, ends[1]], separator=" ")


def _code_addresses(unique: pl.DataFrame) -> Coded:
    building, unit = unique["building_key"], unique["unit_key"]
    building_code = codes_of(building)
    whole = np.where(building_code == NOTHING, NOTHING, mixed_codes(building_code, codes_of(unit)))
    marked = unit.is_not_null().to_numpy().astype(np.int64)
    codes = [whole, building_code, codes_of(unique["locality"]), codes_of(unique["postal_code"]), marked]
    street = building.str.split("|").list.get(0, null_on_oob=True).str.slice(0, MOST_LETTERS)
    return _coded(codes, street, address_word_codes(unique["caption"]))


def _code_emails(unique: pl.DataFrame) -> Coded:
    value = unique["value"]
    local, domain = value.str.extract("^(.*)@"), value.str.extract("@([^@]*)$")
    own = ~domain.is_in(sorted(free_mail_domains()))
    telling = (local.str.len_chars() >= TELLING_LETTERS).fill_null(False)
    codes = [codes_of(value), codes_of(domain.set(~own, None)), codes_of(local.set(~telling, None))]
    return _coded(codes, value.str.slice(0, MOST_LETTERS))


def _code_websites(unique: pl.DataFrame) -> Coded:
    return _coded(
        [codes_of(unique["value"]), codes_of(unique["value"].str.split("/").list.first())],
        unique["value"].str.slice(0, MOST_LETTERS),
    )


def _code_spelled(unique: pl.DataFrame) -> Coded:
    return _coded([codes_of(unique["value"])], unique["value"].str.slice(0, MOST_LETTERS))


#: A mailbox name of fewer letters ("info", "sales") tells nobody apart.
TELLING_LETTERS = 6

_ADDRESS_KEY = ("building_key", "unit_key", "locality", "postal_code", "unkeyed")


_VALUE = ("value",)
_KEYS: dict[Attribute, tuple[str, ...]] = {
    attribute: {Attribute.NAME: ("key", "kind"), Attribute.ADDRESS: _ADDRESS_KEY}.get(attribute, _VALUE)
    for attribute in Attribute
}
_CODERS: dict[Attribute, Callable[[pl.DataFrame], Coded]] = {
    Attribute.NAME: _code_names,
    Attribute.ADDRESS: _code_addresses,
    Attribute.PHONE: _code_spelled,
    Attribute.EMAIL: _code_emails,
    Attribute.WEBSITE: _code_websites,
    Attribute.NUMBER: _code_spelled,
    Attribute.OFFICER: _code_spelled,
    Attribute.BANK_ACCOUNT: _code_spelled,
    Attribute.MID: _code_spelled,
    Attribute.COUNTRY: _code_spelled,
    Attribute.BIRTH_DATE: _code_spelled,
}


def iter_values(parties: Parties, attribute: Attribute, party: int) -> Iterator[int]:
    """The values of one party, as rows of the attribute's arrays."""
    values = parties.attributes[attribute]
    yield from values.value[values.start[party] : values.start[party + 1]].tolist()
