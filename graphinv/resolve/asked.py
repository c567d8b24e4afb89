"""Parties as arrays, straight from their normalised values: what ``parties`` makes of a batch, for a few questions.

No tables are made on the way, since a look-up has milliseconds. The same values give the same codes, words and forms
as in a batch; a property test holds the two together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
import polars as pl

from graphinv.normalise.address_text import address_words
from graphinv.normalise.contacts import free_mail_domains
from graphinv.normalise.given_names import person_key
from graphinv.resolve.coding import NOTHING, code_of, mixed
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.parties import (
    KINDS,
    MARK,
    MOST_LETTERS,
    ORGANISATION,
    TELLING_LETTERS,
    Parties,
    Values,
)
from graphinv.resolve.told import MOST_VALUES


@dataclass(frozen=True)
class AskedAddress:
    """An address as a party declares it, normalised; ``caption`` is its text."""

    building_key: str | None
    unit_key: str | None
    locality: str | None
    postal_code: str | None
    caption: str


@dataclass(frozen=True)
class Asked:
    """Normalised values of one party; ``names`` are (key, kind). ``numbers`` are as ``Declared`` has them."""

    names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[AskedAddress, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    bank_accounts: tuple[str, ...] = ()
    mids: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()

    @cached_property
    def told(self) -> "Told":
        """The values as compiled comparison reads them."""
        return _values_of(self)

    @cached_property
    def parties(self) -> Parties:
        """The arrays of this party alone."""
        return parties_of([self.told])


@dataclass(frozen=True)
class Value:
    """A value as compiled comparison reads it: its codes, its letters, the codes of its words and forms."""

    codes: tuple[int, ...]
    text: str = ""
    words: tuple[int, ...] = ()
    forms: tuple[int, ...] = ()


#: The values of one party, by attribute.
Told = tuple[list[Value], ...]


def asked_parties(*asked: Asked) -> Parties:
    """The arrays of parties that are asked about, in their order. Nobody is counted as a user of their values."""
    return asked[0].parties if len(asked) == 1 else parties_of([one.told for one in asked])


def parties_of(asked: Sequence[Told]) -> Parties:
    """``asked_parties`` by what they told."""
    by_attribute = [*zip(*asked, strict=True)] if asked else [()] * len(Attribute)
    told = _arrays([_lists(parties) for parties in by_attribute if any(parties)])
    nothing = nothing_told(len(asked))
    return Parties(_nameless(len(asked)), tuple([next(told) if any(parties) else nothing for parties in by_attribute]))


def parties_named(*names: tuple[str, str]) -> Parties:
    """``asked_parties`` of which nothing is known but a name each, (key, kind)."""
    told, nothing = _lists([[name_value(*name)] for name in names]), nothing_told(len(names))
    return Parties(_nameless(len(names)), (*_arrays([told]), *[nothing] * (len(Attribute) - 1)))


def _values_of(asked: Asked) -> Told:
    return (
        [name_value(key, kind) for key, kind in asked.names],
        [address_value(address) for address in asked.addresses],
        [spelled_value(text) for text in asked.phones],
        [email_value(text) for text in asked.emails],
        [website_value(text) for text in asked.websites],
        *(
            [spelled_value(text) for text in texts]
            for texts in (
                asked.numbers, asked.officers, asked.bank_accounts, asked.mids, asked.countries, asked.birth_dates,
            )
        ),
    )  # fmt: skip


@cache
def _nameless(parties: int) -> pl.Series:
    """Uids of parties that have none."""
    return pl.Series("uid", [""] * parties, pl.String)


def name_value(key: str, kind: str) -> Value:
    """A name by its key."""
    mark = KINDS.get(kind, 0)
    firm = mark == ORGANISATION
    said = key if firm else person_key(key)
    alike = key.replace(" ", "") if firm else said
    words = key.split(" ")
    forms = () if firm else _forms(words)
    return Value(
        (code_of(key), code_of(alike), NOTHING, NOTHING, mark),
        said,
        _codes(words),
        _codes(forms),
    )


def _forms(words: Sequence[str]) -> tuple[str, ...]:
    """``parties.initial_forms`` of one name."""
    if not 2 <= len(words) <= 3:
        return ()
    return tuple(
        " ".join(sorted(word if at == whole else word[:1] for at, word in enumerate(words)))
        for whole in range(len(words))
    )


def address_value(address: AskedAddress) -> Value:
    """A place."""
    building = _maybe(address.building_key)
    whole = NOTHING if building == NOTHING else int(mixed(building, _maybe(address.unit_key)))
    street = (address.building_key or "").split("|")[0]
    codes = (whole, building, _maybe(address.locality), _maybe(address.postal_code), int(address.unit_key is not None))
    return Value(codes, street[:MOST_LETTERS], _codes(address_words(address.caption)))


def email_value(text: str) -> Value:
    """A mailbox."""
    local, _, domain = text.rpartition("@")
    own = domain and domain not in free_mail_domains()
    return Value(
        (
            code_of(text),
            code_of(domain) if own else NOTHING,
            code_of(local) if len(local) >= TELLING_LETTERS else NOTHING,
        ),
        text[:MOST_LETTERS],
    )


def website_value(text: str) -> Value:
    """A site."""
    return Value((code_of(text), code_of(text.split("/")[0])), text[:MOST_LETTERS])


def spelled_value(text: str) -> Value:
    """A value that is told by its spelling alone."""
    return Value((code_of(text),), text[:MOST_LETTERS])


def _maybe(text: str | None) -> int:
    return NOTHING if text is None else code_of(text)


def _codes(words: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted({code_of(word) for word in words}))


class _Lists(NamedTuple):
    """One attribute of several parties: the numbers of ``Values``, and the letters."""

    start: list[int]
    codes: list[int]
    text_start: list[int]
    words: list[int]
    word_start: list[int]
    forms: list[int]
    form_start: list[int]
    text: bytearray


def _lists(parties: Sequence[list[Value]]) -> _Lists:
    told = _Lists([0], [], [0], [], [0], [], [0], bytearray())
    start, codes, text_start, words, word_start, forms, form_start, text = told
    for values in parties:
        for value in values[:MOST_VALUES]:
            codes += value.codes
            codes += _NO_CODES[len(value.codes) :]
            text += value.text.encode()
            words += value.words
            forms += value.forms
            text_start.append(len(text))
            word_start.append(len(words))
            form_start.append(len(forms))
        start.append(len(text_start) - 1)
    return told


def _arrays(told: Sequence[_Lists]) -> Iterator[Values]:
    """The arrays of some attributes. They are cut from a few that all have in common: to make one takes as long as to
    cut six."""
    numbers: list[int] = []
    letters = bytearray()
    for one in told:
        for part in one[:-1]:
            numbers += part
        letters += one.text
    flat, text = np.array(numbers, np.int64), np.frombuffer(letters, np.uint8)
    most = max([len(one.text_start) for one in told], default=0)
    value, users = np.arange(most, dtype=np.int32), np.zeros((most, 2), np.int32)
    rare = np.frombuffer(bytearray(b"\1") * len(numbers), np.uint8)  # whether a word is, the parties on record know
    at = letter = 0
    for one in told:
        parts = [flat[at : (at := at + len(part))] for part in one[:-1]]
        start, codes, text_start, words, word_start, forms, form_start = parts
        size = len(one.text_start) - 1
        yield Values(
            start, value[:size], codes.reshape(size, MARK + 1), users[:size],
            text[letter : (letter := letter + len(one.text))], text_start,
            words, rare[: len(one.words)], word_start, forms, form_start,
        )  # fmt: skip


_NO_CODES = (NOTHING,) * (MARK + 1)


@cache
def nothing_told(parties: int) -> Values:
    """An attribute that none of so many parties has told anything of."""
    return Values(
        start=np.zeros(parties + 1, np.int64),
        value=np.zeros(0, np.int32),
        codes=np.zeros((0, MARK + 1), np.int64),
        users=np.zeros((0, 2), np.int32),
        text=np.zeros(0, np.uint8),
        text_start=np.zeros(1, np.int64),
        words=np.zeros(0, np.int64),
        rare=np.zeros(0, np.uint8),
        word_start=np.zeros(1, np.int64),
        forms=np.zeros(0, np.int64),
        form_start=np.zeros(1, np.int64),
    )
