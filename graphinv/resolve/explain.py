"""Why two parties are one, or two: the comparison that everything else rests on, told for one pair."""

import numpy as np
import polars as pl

from graphinv.errors import NotFound
from graphinv.normalise.hashing import MASKED_NUMBER
from graphinv.resolve.agreement import NO_LEVEL, Agreements, agreements
from graphinv.resolve.arrays import Int64
from graphinv.resolve.coding import codes_of, mixed_codes
from graphinv.resolve.comparisons import COMPARISONS, NONE, Attribute
from graphinv.resolve.declared import Declared
from graphinv.resolve.explanation import ComparedRow, PairExplanation
from graphinv.resolve.identities import PreparedRecords
from graphinv.resolve.model import Model
from graphinv.resolve.parties import WHOLE, Parties, iter_values

#: Between several values of one side that were not compared one by one.
_BETWEEN = "; "
_SHOWN = 3


def explain(
    declared: Declared, parties: Parties, model: Model, left: str, right: str, written: pl.DataFrame | None = None
) -> PairExplanation:
    """Every comparison of two parties by uid, with both values and the weight in bits, and what follows.

    ``parties`` are all parties on record: how rare a value is counts; of ``declared`` only what the two declared is
    read. ``written`` (``names_written``) has names shown as they were written. Numbers are masked. An attribute that
    only one side tells, or of which they share no more than a hub's value, is told with no weight.

    Raises:
        NotFound: one of the two is no party.
    """
    one, other = (_position(parties, uid) for uid in (left, right))
    pair = np.array([[one], [other]], np.int32)
    found = agreements(parties.attributes, parties.attributes, pair[0], pair[1], model.hub_array())
    bits = model.identity_bits(found, parties.filled)
    told = _Told(declared.of(pl.Series([left, right])), parties, (one, other), (left, right), written)
    rows = [told.compared(column, found, float(bits[0, column])) for column in _with_level(found)]
    given = {COMPARISONS[column].attribute for column in _with_level(found)}
    rows += [row for attribute in Attribute if attribute not in given and (row := told.alone(attribute)) is not None]
    total = float(bits.sum())
    return PairExplanation(
        left=left,
        right=right,
        rows=tuple(sorted(rows, key=lambda row: -abs(row.bits))),
        prior_bits=round(model.prior_bits, 3),
        total_bits=round(model.prior_bits + total, 3),
        probability=round(float(model.probability(np.array([total]))[0]), 4),
    )


def names_written(records: PreparedRecords, uids: pl.Series) -> pl.DataFrame:
    """(uid, key, written): names and officers of some parties as their records write them, one spelling a key."""
    sources = (
        (records.importers, "uid", ("name", "dba", "officer")),
        (records.sellers, "uid", ("name",)),
        (records.shipments, "importer_uid", ("consignee_name",)),
        (records.shipments, "shipper_uid", ("shipper_name",)),
    )
    told = [
        rows.filter(pl.col(uid).is_in(uids.implode())).select(
            pl.col(uid).alias("uid"), pl.col(f"{name}_key").alias("key"), pl.col(f"{name}_caption").alias("written")
        )
        for rows, uid, names in sources
        for name in names
    ]
    return pl.concat(told).drop_nulls().group_by("uid", "key").agg(pl.col("written").min())


def _position(parties: Parties, uid: str) -> int:
    at = parties.uids.index_of(uid)
    if at is None:
        raise NotFound("there is no party of that id to compare")
    return int(at)


def _with_level(found: Agreements) -> list[int]:
    return [int(column) for column in np.flatnonzero(found.levels[0] != NO_LEVEL)]


class _Told:
    """The two parties' values as texts."""

    def __init__(
        self,
        declared: Declared,
        parties: Parties,
        places: tuple[int, int],
        uids: tuple[str, str],
        written: pl.DataFrame | None,
    ) -> None:
        self._declared = declared
        self._written = written
        self._parties = parties
        self._places = places
        self._uids = uids

    def compared(self, column: int, found: Agreements, bits: float) -> ComparedRow:
        """A comparison that has a level."""
        comparison = COMPARISONS[column]
        level = comparison.levels[int(found.levels[0, column])]
        users = int(found.users[0, column]) if level.rarity != NONE else 0
        attribute = comparison.attribute
        return ComparedRow(
            comparison=comparison.name,
            level=level.name,
            left_value=self._text(attribute, 0, [int(found.left[0, column])]),
            right_value=self._text(attribute, 1, [int(found.right[0, column])]),
            bits=round(bits, 3),
            note=f"{level.meaning}; used by {users} parties" if users else level.meaning,
        )

    def alone(self, attribute: Attribute) -> ComparedRow | None:
        """An attribute that was not compared: told by one side only, or shared with too many others."""
        values = [list(iter_values(self._parties, attribute, place)) for place in self._places]
        if not any(values):
            return None
        note = "what they share is used by too many" if all(values) else "told by one side only"
        left, right = (self._text(attribute, side, values[side]) for side in (0, 1))
        return ComparedRow(attribute.name.lower(), "not compared", left, right, 0.0, note)

    def _text(self, attribute: Attribute, side: int, values: list[int]) -> str:
        """Values of a side, which the arrays know by their codes."""
        frame = _frame(self._declared, attribute, self._written).filter(pl.col("uid") == self._uids[side])
        wanted = self._parties.attributes[attribute].codes[values[:_SHOWN], WHOLE]
        shown = frame.filter(pl.Series(np.isin(_codes(attribute, frame), wanted), dtype=pl.Boolean))["shown"]
        texts = [_masked(attribute, text) for text in shown.unique(maintain_order=True).to_list()]
        return _BETWEEN.join(list(dict.fromkeys(texts))[: len(values[:_SHOWN])])


def _frame(declared: Declared, attribute: Attribute, written: pl.DataFrame | None) -> pl.DataFrame:
    """(uid, what makes the code, shown) of an attribute."""
    frame: pl.DataFrame = getattr(declared, attribute.field)
    shown = {Attribute.NAME: "key", Attribute.ADDRESS: "caption"}.get(attribute, "value")
    if written is None or attribute not in (Attribute.NAME, Attribute.OFFICER):
        return frame.with_columns(pl.col(shown).alias("shown"))
    found = frame.join(written, left_on=["uid", shown], right_on=["uid", "key"], how="left", maintain_order="left")
    return found.with_columns(pl.coalesce("written", shown).alias("shown"))


def _codes(attribute: Attribute, frame: pl.DataFrame) -> Int64:
    """The codes by which the arrays know a value: an address by building and unit."""
    if attribute is not Attribute.ADDRESS:
        return codes_of(frame["key" if attribute is Attribute.NAME else "value"])
    building = codes_of(frame["building_key"])
    whole = mixed_codes(building, codes_of(frame["unit_key"]))
    return np.where(frame["building_key"].is_null().to_numpy(), building, whole)


def _masked(attribute: Attribute, text: str) -> str:
    """Identity numbers are compared, never shown; of a bank account the last four characters are."""
    if attribute is Attribute.NUMBER:
        return MASKED_NUMBER
    return f"…{text[-4:]}" if attribute is Attribute.BANK_ACCOUNT else text
