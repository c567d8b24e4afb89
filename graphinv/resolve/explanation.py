"""Why two parties are one, or two: every comparison of the match model, as it is told to people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ComparedRow:
    """One comparison: the level of agreement that was found, the two values (numbers masked), and its weight in bits.

    Above 0 it speaks for one party, below 0 against. ``note`` says what corrected the weight: how many use the value.
    """

    comparison: str
    level: str
    left_value: str
    right_value: str
    bits: float
    note: str = ""


@dataclass(frozen=True)
class PairExplanation:
    """Two identities compared: ``total_bits`` is the prior and all rows; the probability is what follows from it."""

    left: str
    right: str
    rows: tuple[ComparedRow, ...]
    prior_bits: float
    total_bits: float
    probability: float
