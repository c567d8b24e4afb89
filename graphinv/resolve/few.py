"""The arrays of a few parties that shipments name, value by value: what ``parties_of`` makes of tables, without one.

A table step costs the same for a row as for a thousand, and arrivals come one by one. Values are coded as those of a
question are (``asked``), each once for as long as a ``FewParties`` is kept. The same shipments give the same arrays
either way; a property test holds the two together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from graphinv.normalise.localities import normalize_locality
from graphinv.resolve import asked, parties
from graphinv.resolve.asked import AskedAddress
from graphinv.resolve.coding import starts_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.parties import MARK, Coded, Parties, Values
from graphinv.resolve.told import MOST_VALUES

_ADDRESS = ("building_key", "unit_key", "city", "state", "postal_code", "country", "address_caption")
_ROLES = (("importer_uid", "consignee_"), ("shipper_uid", "shipper_"))
_SHARED = tuple(
    prefix + name for _, prefix in _ROLES for name in ("name_key", "name_kind", "name_also", "country")
)  # fmt: skip
_COLUMNS = ("importer_uid", "shipper_uid", "consignee_phone", "consignee_email", "mid", *_SHARED)


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
    """What the parties of shipments told, as it comes."""

    def __init__(self) -> None:
        self._told: dict[Attribute, dict[str, Counter[_Key]]] = {
            attribute: defaultdict(Counter) for attribute in Attribute
        }
        self._captions: dict[tuple[str, _Key], str] = {}
        self._coded: dict[tuple[Attribute, _Key, str], asked.Value] = {}

    def add(self, shipments: pl.DataFrame) -> None:
        """Identified shipments come."""
        address = [prefix + name for _, prefix in _ROLES for name in _ADDRESS if prefix + name in shipments.columns]
        for row in shipments.select(*dict.fromkeys((*_COLUMNS, *address))).iter_rows(named=True):
            for attribute, uid, key, caption in _values_of(row):
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


def _values_of(row: Mapping[str, Any]) -> Iterator[tuple[Attribute, str, _Key, str | None]]:
    importer, shipper = row["importer_uid"], row["shipper_uid"]
    for uid, prefix in ((importer, "consignee_"), (shipper, "shipper_")):
        if uid is None:
            continue
        if row[prefix + "name_key"] is not None:
            yield Attribute.NAME, uid, _Key((row[prefix + "name_key"], row[prefix + "name_kind"])), None
        for name in row[prefix + "name_also"] or ():
            if name is not None:
                yield Attribute.NAME, uid, _Key((name, "organisation")), None
        if row[prefix + "address_caption"] is not None:
            yield Attribute.ADDRESS, uid, _address_key(row, prefix), row[prefix + "address_caption"]
        if row[prefix + "country"] is not None:
            yield Attribute.COUNTRY, uid, _Key((row[prefix + "country"],)), None
    for attribute, uid, column in (
        (Attribute.PHONE, importer, "consignee_phone"),
        (Attribute.EMAIL, importer, "consignee_email"),
        (Attribute.MID, shipper, "mid"),
    ):
        if uid is not None and row[column] is not None:
            yield attribute, uid, _Key((row[column],)), None


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
}
