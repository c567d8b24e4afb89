"""The arrays of a few parties that records name, value by value: what ``parties_of`` makes of tables, without one.

A table step costs the same for a row as for a thousand, and arrivals come one by one. Values are coded as those of a
question are (``asked``), each once for as long as a ``FewParties`` is kept. The same records give the same arrays
either way; a property test holds the two together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from graphinv.normalise.localities import normalize_locality
from graphinv.resolve import asked, parties
from graphinv.resolve.asked import AskedAddress
from graphinv.resolve.coding import starts_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.parties import MARK, Coded, Parties, Values
from graphinv.resolve.told import MOST_VALUES

_ADDRESS = ("building_key", "unit_key", "city", "state", "postal_code", "country", "address_caption")


class _Role(NamedTuple):
    """A party in the records of a feed, and where they tell of it: ``prefix`` stands before the columns of its name
    and country, ``places`` before those of its addresses; of several columns for a value the first that is filled
    counts."""

    feed: str
    uid: str
    prefix: str
    places: tuple[str, ...]
    values: tuple[tuple[Attribute, tuple[str, ...]], ...]
    trade_name: str | None = None

    def columns(self, rows: pl.DataFrame) -> list[str]:
        """Those of the rows that tell of it."""
        named = [self.prefix + name for name in ("name_key", "name_kind", "name_also", "country")]
        placed = [place + name for place in self.places for name in _ADDRESS]
        valued = [column for _, several in self.values for column in several]
        traded = [] if self.trade_name is None else [self.trade_name]
        return [name for name in dict.fromkeys((self.uid, *named, *placed, *valued, *traded)) if name in rows.columns]


_CONTACTS = ((Attribute.PHONE, ("phone",)), (Attribute.EMAIL, ("email",)), (Attribute.WEBSITE, ("website",)))
_ROLES = (
    _Role(
        "importers", "uid", "", ("", "mailing_"),
        (*_CONTACTS, (Attribute.NUMBER, ("ein_hash", "number_key")), (Attribute.OFFICER, ("officer_key",))), "dba_key",
    ),
    _Role(
        "sellers", "uid", "", ("",),
        (*_CONTACTS, (Attribute.NUMBER, ("tax_hash", "tax_key")), (Attribute.BANK_ACCOUNT, ("bank_account",))),
    ),
    _Role(
        "shipments", "importer_uid", "consignee_", ("consignee_",),
        ((Attribute.PHONE, ("consignee_phone",)), (Attribute.EMAIL, ("consignee_email",))),
    ),
    _Role("shipments", "shipper_uid", "shipper_", ("shipper_",), ((Attribute.MID, ("mid",)),)),
)  # fmt: skip


class _Key(NamedTuple):
    """A value: ``cells`` are what ``parties`` tells values of an attribute apart by."""

    cells: tuple[str | None, ...]

    def nulls_first(self) -> tuple[tuple[bool, str], ...]:
        return tuple((cell is not None, cell or "") for cell in self.cells)

    def nulls_last(self) -> tuple[tuple[bool, str], ...]:
        return tuple((cell is None, cell or "") for cell in self.cells)


#: By attribute and party: how often it told each value, and the captions of addresses.
_Told = Mapping[Attribute, Mapping[str, Counter[_Key]]]


class FewParties:
    """What the parties of records told, as it comes."""

    def __init__(self) -> None:
        self._told: dict[Attribute, dict[str, Counter[_Key]]] = {
            attribute: defaultdict(Counter) for attribute in Attribute
        }
        self._captions: dict[tuple[str, _Key], str] = {}
        self._coded: dict[tuple[Attribute, _Key, str], asked.Value] = {}

    def add(self, records: PreparedRecords) -> None:
        """Identified records come."""
        for role in _ROLES:
            rows: pl.DataFrame = getattr(records, role.feed)
            for row in rows.select(role.columns(rows)).iter_rows(named=True) if len(rows) else ():
                if (uid := row[role.uid]) is not None:
                    self._tell(uid, _values_of(row, role))

    def _tell(self, uid: str, values: Iterable[tuple[Attribute, _Key, str | None]]) -> None:
        for attribute, key, caption in values:
            self._told[attribute][uid][key] += 1
            if caption is not None:
                held = self._captions.get((uid, key), caption)
                self._captions[uid, key] = min(held, caption)

    def parties(self) -> Parties:
        """The arrays of everything told until now."""
        uids = sorted(set(chain.from_iterable(self._told.values())))
        return Parties(
            pl.Series("uid", uids, pl.String), tuple(self._values(attribute, uids) for attribute in Attribute)
        )

    def _values(self, attribute: Attribute, uids: list[str]) -> Values:
        told = {uid: _most(values) for uid, values in self._told[attribute].items()}
        keys = sorted({key for ranked in told.values() for key, _ in ranked}, key=_Key.nulls_first)
        at = {key: place for place, key in enumerate(keys)}
        captions: dict[_Key, str] = {}
        if attribute is Attribute.ADDRESS:
            for uid, ranked in told.items():
                for key, _ in ranked:
                    caption = self._captions[uid, key]
                    captions[key] = min(captions.get(key, caption), caption)
        placed = [
            [at[key] for key, _ in sorted(told.get(uid, ()), key=lambda one: (-one[1], at[one[0]]))] for uid in uids
        ]
        start = starts_of(np.array([len(values) for values in placed], np.int64))
        value = np.array([*chain.from_iterable(placed)], np.int32)
        coded = _together([self._code(attribute, key, captions.get(key, "")) for key in keys])
        return parties.arranged(attribute, coded, start, value)

    def _code(self, attribute: Attribute, key: _Key, caption: str) -> asked.Value:
        known = (attribute, key, caption)
        if known not in self._coded:
            self._coded[known] = _CODERS.get(attribute, _spelled)(key.cells, caption)
        return self._coded[known]


def _most(values: Counter[_Key]) -> list[tuple[_Key, int]]:
    """The most used values of a party."""
    return sorted(values.items(), key=lambda one: (-one[1], one[0].nulls_last()))[:MOST_VALUES]


def _values_of(row: Mapping[str, Any], role: _Role) -> Iterator[tuple[Attribute, _Key, str | None]]:
    prefix = role.prefix
    if row[prefix + "name_key"] is not None:
        yield Attribute.NAME, _Key((row[prefix + "name_key"], row[prefix + "name_kind"])), None
    trading = [] if role.trade_name is None else [row[role.trade_name]]
    for name in (*trading, *(row[prefix + "name_also"] or ())):
        if name is not None:
            yield Attribute.NAME, _Key((name, "organisation")), None
    for place in role.places:
        if row[place + "address_caption"] is not None:
            yield Attribute.ADDRESS, _address_key(row, place), row[place + "address_caption"]
    for attribute, columns in (*role.values, (Attribute.COUNTRY, (prefix + "country",))):
        value = next((row[column] for column in columns if row[column] is not None), None)
        if value is not None:
            yield attribute, _Key((value,)), None


def _address_key(row: Mapping[str, Any], prefix: str) -> _Key:
    building, unit, city, state, postal, country = (row.get(prefix + name) for name in _ADDRESS[:-1])
    _, stroke, place = (building or "").partition("|")
    if stroke:
        locality: str | None = place.partition("|")[0]
    else:
        found = normalize_locality(city, state, postal, country)
        locality = None if found is None else found.key
    unkeyed = row[prefix + "address_caption"] if building is None else None
    return _Key((building, unit, locality, postal, unkeyed))


def _together(values: list[asked.Value]) -> Coded:
    texts = [value.text.encode() for value in values]
    lists = [[value.words for value in values], [value.forms for value in values]]
    (words, word_start), (forms, form_start) = (
        (np.array([*chain.from_iterable(one)], np.int64), starts_of(np.array([len(part) for part in one], np.int64)))
        for one in lists
    )
    codes = np.zeros((len(values), MARK + 1), np.int64)
    for at, value in enumerate(values):
        codes[at, : len(value.codes)] = value.codes
    text_start = starts_of(np.array([len(text) for text in texts], np.int64))
    text = np.frombuffer(bytearray().join(texts), np.uint8)
    return Coded(codes, text, text_start, words, word_start, forms, form_start)


_Coder = Callable[[tuple[Any, ...], str], asked.Value]


def _spelled(cells: tuple[Any, ...], _: str) -> asked.Value:
    return asked.spelled_value(cells[0])


_CODERS: dict[Attribute, _Coder] = {
    Attribute.NAME: lambda cells, _: asked.name_value(cells[0], cells[1] or ""),
    Attribute.ADDRESS: lambda cells, caption: asked.address_value(
        AskedAddress(cells[0], cells[1], cells[2], cells[3], caption)
    ),
    Attribute.EMAIL: lambda cells, _: asked.email_value(cells[0]),
    Attribute.WEBSITE: lambda cells, _: asked.website_value(cells[0]),
}
