"""Names of watch lists as arrays, which comparing with them takes: made once for an index, then memory-mapped."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.arrays import Int32, Int64, UInt8
from graphinv.resolve.asked import nothing_told
from graphinv.resolve.blocking import first_keys
from graphinv.resolve.coding import codes_of
from graphinv.resolve.comparisons import Attribute
from graphinv.resolve.listed import HOW, as_declared
from graphinv.resolve.match_index import mapped
from graphinv.resolve.parties import KINDS, PART, WHOLE, Parties, Values, parties_of


@dataclass(frozen=True)
class ListedArrays:
    """Listed names by their rows. ``attributes`` as ``Parties`` has them; ``keys`` in rising order and the row of each.

    ``entry`` of every row, by number; ``how`` (place in ``listed.HOW``) the entry has the name; ``told_kind``: one of
    ``parties.KINDS`` where the list tells, else 0; ``users`` of the name; ``filled``: how many parties and entries have
    a value of each attribute.
    """

    attributes: tuple[Values, ...]
    keys: Int64
    rows: Int32
    entry: Int64
    how: Int64
    told_kind: Int64
    users: Int32
    filled: Int64


_ARRAYS = tuple(item.name for item in fields(ListedArrays) if item.name != "attributes")


def listed_arrays(names: pl.DataFrame) -> ListedArrays:
    """The arrays of ``listed.listed_names``."""
    parties = _parties(names)
    keys = first_keys(parties)
    order = np.argsort(keys.key, kind="stable")
    kind = names["told_kind"].replace_strict(KINDS, default=0, return_dtype=pl.Int64).fill_null(0)
    return ListedArrays(
        attributes=parties.attributes,
        keys=keys.key[order],
        rows=keys.party[order],
        entry=names["uid"].rank("dense").cast(pl.Int64).to_numpy(),
        how=names["how"].replace_strict(list(HOW), range(len(HOW)), return_dtype=pl.Int64).to_numpy(),
        told_kind=kind.to_numpy(),
        users=names["users"].to_numpy(),
        filled=_filled(names),
    )


def write_listed_arrays(folder: Path, listed: ListedArrays) -> None:
    """Write the arrays, a file each; attributes that no list tells have none."""
    folder.mkdir(parents=True)
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(listed, name))
    for attribute, values in zip(Attribute, listed.attributes, strict=True):
        if len(values.value):
            for name in Values._fields:
                np.save(folder / f"{attribute.name.lower()}-{name}.npy", getattr(values, name))


def open_listed_arrays(folder: Path) -> ListedArrays | None:
    """Open what ``write_listed_arrays`` wrote, memory-mapped; None where nothing was written."""
    if not folder.is_dir():
        return None
    arrays = {name: mapped(folder / f"{name}.npy") for name in _ARRAYS}
    nothing = nothing_told(len(arrays["how"]))
    return ListedArrays(attributes=tuple(_opened(folder, attribute, nothing) for attribute in Attribute), **arrays)


def _opened(folder: Path, attribute: Attribute, nothing: Values) -> Values:
    name = attribute.name.lower()
    if not (folder / f"{name}-start.npy").exists():
        return nothing
    return Values(*(mapped(folder / f"{name}-{field}.npy") for field in Values._fields))


def _parties(names: pl.DataFrame) -> Parties:
    """Every row as a party, whose values are as common as the listing says."""
    padded = pl.int_range(len(names), eager=True).cast(pl.String).str.zfill(9)
    parties = parties_of(as_declared(names), padded)
    told = list(parties.attributes)
    named, housed = told[Attribute.NAME], told[Attribute.ADDRESS]
    users = _users(named, names, ("users", "users"))
    told[Attribute.NAME] = named._replace(users=users, rare=_rare(named, names))
    told[Attribute.ADDRESS] = housed._replace(users=_users(housed, names, ("unit_users", "building_users")))
    return Parties(parties.uids, tuple(told))


def _rare(values: Values, names: pl.DataFrame) -> UInt8:
    """Which words are rare among everybody, not among the entries."""
    words = names["rare_words"].str.split(" ").explode().unique()
    return np.isin(values.words, codes_of(words)).astype(np.uint8)


def _users(values: Values, names: pl.DataFrame, columns: tuple[str, str]) -> NDArray[np.int32]:
    """Counts of the listing for every value, from the rows that have it."""
    users = np.zeros_like(values.users)
    row = np.repeat(np.arange(len(names)), np.diff(values.start))
    for at, column in zip((WHOLE, PART), columns, strict=True):
        users[values.value, at] = names[column].to_numpy()[row]
    return users


def _filled(names: pl.DataFrame) -> Int64:
    filled = np.zeros(len(Attribute), np.int64)
    if len(names):
        filled[Attribute.NAME], filled[Attribute.ADDRESS] = names["named"][0], names["placed"][0]
    return filled
