"""Invented parties for tests of resolution, told in a few words each, and crowds of them that share things."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from graphinv.resolve.declared import RECORD_COLUMNS, Declared, declared_by_records
from graphinv.resolve.parties import Parties, parties_of
from graphinv.resolve.resolution import Resolution, resolve

Told = Mapping[str, Any]

_WIDTHS = {"address_words": pl.List(pl.String)}
_SCHEMA = {column: _WIDTHS.get(column, pl.String()) for column in RECORD_COLUMNS}


def person(key: str, **told: Any) -> dict[str, Any]:
    """What a person declares; ``key`` is the name as it is normalised: folded words in order."""
    return {"name_key": key, "name_kind": "person", **told}


def firm(key: str, **told: Any) -> dict[str, Any]:
    """What a firm declares."""
    return {"name_key": key, "name_kind": "organisation", **told}


def at(number: int, street: str = "maple avenue", unit: str | None = None, place: str = "dayton") -> dict[str, Any]:
    """An address in the keys of normalised ones."""
    words = [str(number), *street.split(), *([unit] if unit else []), place]
    return {
        "building_key": f"{number} {street}|{place}|US", "unit_key": unit, "locality": place,
        "postal_code": f"{10_000 + sum(place.encode())}", "address_words": words,
    }  # fmt: skip


def records(**told: Told | Sequence[Told]) -> pl.DataFrame:
    """Normalised records; a party with several values is told in several rows."""
    rows = [
        {"record_id": uid, **row}
        for uid, party in told.items()
        for row in ([party] if isinstance(party, Mapping) else party)
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


def declared(**told: Told | Sequence[Told]) -> Declared:
    """What parties declare, by uid."""
    return declared_by_records(records(**told))


def parties(**told: Told | Sequence[Told]) -> Parties:
    """The arrays of parties, by uid."""
    frame = records(**told)
    return parties_of(declared_by_records(frame), frame["record_id"])


def entities(resolution: Resolution) -> set[frozenset[str]]:
    """Who is one, as sets of uids."""
    told = resolution.entities.group_by("entity").agg("uid")["uid"].to_list()
    return {frozenset(uids) for uids in told}


def who_is_who(**told: Told | Sequence[Told]) -> set[frozenset[str]]:
    """The same of parties by uid, resolved at once with the table's own numbers."""
    return entities(resolve(declared(**told)))


def apart(*uids: str) -> set[frozenset[str]]:
    """Everyone alone."""
    return {frozenset([uid]) for uid in uids}


_NAMES = ("john smith", "j smith", "jon smith", "john smithe", "jack smith", "mary smith", "maria lopez garcia",
          "maria lopez", "arlen goods", "arlengoods", "arlen goods trading", "arlen goodz", "queston toys")  # fmt: skip
_ADDRESSES: tuple[dict[str, Any], ...] = (
    at(12), at(12, unit="4"), at(12, unit="5"), at(12, street="mapel avenue"), at(900, "harbor road"), {
    "locality": "dayton", "address_words": ["harbor", "road", "dayton"]},
    {"address_words": ["7", "harbor", "quince", "wharf"]}, {"address_words": ["7", "harbor", "mill", "velmar"]},
    {"address_words": ["7", "harbor", "pier", "quince", "wharf"]},
    {"postal_code": "45402"}, {})  # fmt: skip
_OTHERS: dict[str, tuple[str, ...]] = {
    "phone": ("+19375550142", "+19375550143", "+1937555014", "+15205550100"),
    "email": ("desk@arlen.example", "sales@arlen.example", "john.smith@gmail.com", "john.smith@yahoo.com"),
    "website": ("arlen.example/", "bazario.example/shop/1", "bazario.example/shop/2"),
    "number": ("12-345678900", "98-765432100"),
    "officer": ("mary smith", "mary smyth", "wei zhang"),
    "bank_account": ("hash-1", "hash-2"),
    "mid": ("CNARLGOO12DON", "CNQUETOY9SHE"),
    "country": ("US", "CN"),
    "birth_date": ("1980-02-01", "1980-02-07", "1955-11-30"),
}

_KINDS = ("person", "organisation")


def somebodies(count: int, seed: int) -> list[dict[str, Any]]:
    """One record each of parties that share anything with each other."""
    rng = random.Random(seed)  # noqa: S311 - invents parties, keeps no secrets
    return [
        _told(
            rng.choice((*_NAMES, None)), rng.choice(_KINDS), rng.choice(_ADDRESSES),
            {name: rng.choice(values) for name, values in _OTHERS.items() if rng.random() < 0.7},
        )
        for _ in range(count)
    ]  # fmt: skip


def _told(name: str | None, kind: str, address: Told, others: Told) -> dict[str, Any]:
    return {**({} if name is None else {"name_key": name, "name_kind": kind}), **address, **others}


_SOMEBODY: st.SearchStrategy[dict[str, Any]] = st.builds(
    _told,
    st.none() | st.sampled_from(_NAMES),
    st.sampled_from(_KINDS),
    st.sampled_from(_ADDRESSES),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in _OTHERS.items()}),
)


def crowds(least: int = 2, most: int = 12) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Parties by uid, each of one to three records, that share names, places and contacts all over."""
    told = st.lists(st.lists(_SOMEBODY, min_size=1, max_size=3), min_size=least, max_size=most)
    return told.map(lambda rows: {f"p{number:02}": party for number, party in enumerate(rows)})
