"""Parties on record as a look-up compares with them: blocks, arrays and model, memory-mapped from one folder."""

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphinv.resolve.agreement import Agreements, agreements
from graphinv.resolve.arrays import Float64, Int32
from graphinv.resolve.blocking import Blocks, ask
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.model import Model
from graphinv.resolve.near_words import Words, each_once
from graphinv.resolve.nearby import ARRAYS as NEARBY_ARRAYS
from graphinv.resolve.nearby import Nearby, ask_nearby, nearby
from graphinv.resolve.parties import Parties, Values

if TYPE_CHECKING:  # those who only look up need nothing of what resolves
    from graphinv.resolve.resolution import Resolution

_MODEL = "model.json"
_FILLED = "filled.json"


@dataclass(frozen=True)
class Matched:
    """Parties compared with one that is asked about, by position: levels, match weights (bits) and probability."""

    party: Int32
    found: Agreements
    bits: Float64
    probability: Float64


@dataclass(frozen=True)
class MatchIndex:
    """Everything that comparing a new party with those on record takes. ``nodes`` are the caller's positions of the
    parties, -1 for one that the caller does not know; ``filled`` says how many have a value of each attribute; ``near``
    finds those that share no block with a question and may be meant all the same."""

    model: Model
    attributes: tuple[Values, ...]
    blocks: Blocks
    filled: NDArray[np.int64]
    nodes: Int32
    near: Nearby

    def match(self, asked: Parties, also: Int32) -> Matched:
        """Compare one party with those that share a block with it, those near it, and ``also``."""
        party = each_once(np.concatenate([self.candidates(asked), also]))
        nobody = np.zeros(len(party), np.int32)
        found = agreements(asked.attributes, self.attributes, nobody, party, self.model.hub_array())
        bits = self.asking.question_bits(found, self.filled, self._most)
        return Matched(party, found, bits, self.asking.probability(bits.sum(axis=1)))

    @cached_property
    def asking(self) -> Model:
        """The model that compares a question with those on record."""
        return self.model.of_questions(self.filled)

    @cached_property
    def _most(self) -> Float64:
        return self.asking.most_bits(self.filled)

    def between(self, one: Int32, other: Int32) -> Float64:
        """The probability that two parties on record are one, by what they declare; of every pair of a row each."""
        told, parts = np.zeros(len(one)), self.parts()
        if len(parts) == 1:  # nothing came since the epoch
            return self._as_one(agreements(self.attributes, self.attributes, one, other, self.model.hub_array()))
        starts = np.array([start for start, _ in parts], np.int32)
        mine, theirs = (np.searchsorted(starts, side, side="right") - 1 for side in (one, other))
        sides = mine * len(parts) + theirs
        for side in np.unique(sides).tolist():
            rows, (a, b) = np.flatnonzero(sides == side), divmod(side, len(parts))
            left, right = one[rows] - starts[a], other[rows] - starts[b]
            told[rows] = self._as_one(agreements(parts[a][1], parts[b][1], left, right, self.model.hub_array()))
        return told

    def _as_one(self, found: Agreements) -> Float64:
        """The probability that each pair is one party."""
        return self.model.probability(self.model.identity_bits(found, self.filled).sum(axis=1))

    def parts(self) -> list[tuple[int, tuple[Values, ...]]]:
        """The position of the first party, and the attributes, of each crowd that the parties are told in."""
        return [(0, self.attributes)]

    def has(self, attribute: Attribute, parties: Int32) -> NDArray[np.bool_]:
        """Which of these parties declared a value of an attribute."""
        start = self.attributes[attribute].start
        having: NDArray[np.bool_] = start[parties + 1] > start[parties]
        return having

    def text(self, attribute: Attribute, value: int) -> str:
        """A value on record, as ``Matched.found`` names it: its first letters."""
        values = self.attributes[attribute]
        return bytes(values.text[values.text_start[value] : values.text_start[value + 1]]).decode(errors="replace")

    def telling(self, attribute: Attribute) -> float:
        """What comparing an attribute tells on average of two that are one party, in bits."""
        return self._telling[attribute]

    @cached_property
    def _telling(self) -> dict[Attribute, float]:
        """Of an attribute that is compared in two ways the one that tells more."""
        told = dict.fromkeys(Attribute, 0.0)
        for comparison, m, u in zip(COMPARISONS, self.model.m, self.model.u, strict=True):
            bits = sum(one * math.log2(one / other) for one, other in zip(m, u, strict=True) if one > 0.0 < other)
            told[comparison.attribute] = max(told[comparison.attribute], bits)
        return told

    def candidates(self, asked: Parties) -> Int32:
        """The parties that are worth comparing with one that is asked about; some more than once."""
        near = ask_nearby(self.near, self.attributes[Attribute.NAME], asked)
        return np.concatenate([ask(self.blocks, asked), near])


def match_index(resolution: "Resolution", nodes: pl.Series) -> MatchIndex:
    """The index of resolved parties, in memory; ``nodes`` are uids in the caller's order."""
    parties = resolution.parties
    placed = _positions(parties.uids, nodes)
    return MatchIndex(
        resolution.kept.model, parties.attributes, resolution.blocks, parties.filled, placed, nearby(parties)
    )


def write_match_index(folder: Path, index: MatchIndex) -> None:
    """Write the arrays, a file each."""
    folder.mkdir(parents=True)
    for attribute in Attribute:
        values = index.attributes[attribute]
        for name in Values._fields:
            np.save(folder / f"{attribute.name.lower()}-{name}.npy", getattr(values, name))
    for name in Blocks._fields:
        np.save(folder / f"blocks-{name}.npy", getattr(index.blocks, name))
    for name in Words._fields:
        np.save(folder / f"near-{name}.npy", getattr(index.near.vocabulary, name))
    for name in NEARBY_ARRAYS:
        np.save(folder / f"near-{name}.npy", getattr(index.near, name))
    np.save(folder / "nodes.npy", index.nodes)
    (folder / _MODEL).write_text(index.model.to_json())
    (folder / _FILLED).write_text(json.dumps(index.filled.tolist()))


def open_match_index(folder: Path) -> MatchIndex:
    """Open what ``write_match_index`` wrote, memory-mapped."""
    attributes = tuple(
        Values(*(mapped(folder / f"{attribute.name.lower()}-{name}.npy") for name in Values._fields))
        for attribute in Attribute
    )
    return MatchIndex(
        model=Model.from_json((folder / _MODEL).read_text()),
        attributes=attributes,
        blocks=Blocks(*(mapped(folder / f"blocks-{name}.npy") for name in Blocks._fields)),
        filled=np.array(json.loads((folder / _FILLED).read_text()), np.int64),
        nodes=mapped(folder / "nodes.npy"),
        near=Nearby(
            Words(*(mapped(folder / f"near-{name}.npy") for name in Words._fields)),
            **{name: mapped(folder / f"near-{name}.npy") for name in NEARBY_ARRAYS},
        ),
    )


def _positions(uids: pl.Series, nodes: pl.Series) -> Int32:
    at = pl.DataFrame({"uid": nodes, "node": pl.int_range(len(nodes), dtype=pl.Int32, eager=True)})
    placed = pl.DataFrame({"uid": uids}).join(at, on="uid", how="left", maintain_order="left")
    found: Int32 = placed["node"].fill_null(-1).to_numpy()
    return found


def mapped(path: Path) -> Any:
    """A saved array, memory-mapped: copy on write, since compiled code takes such an array like one that it made
    itself. Nothing is ever written."""
    if path.stat().st_size <= _HEADER:
        return np.load(path)
    return np.asarray(np.load(path, mmap_mode="c"))


#: An array without values is its header alone, which cannot be mapped.
_HEADER = 128
