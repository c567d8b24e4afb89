"""The model behind a score: a table of weights, curves from log-odds to probabilities, and where the bands begin.

It is read aloud as it is stored, one JSON object; nothing but numpy is needed to use it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphinv.links.score_claims import CLAIMS_VERSION, NAMES
from graphinv.links.uncalibrated import BY_CHOICE, CHOSEN, ONLY_ORDERS, SEIZURES

Floats = NDArray[np.float64]

#: Raise it whenever the same rows teach another model: a kept one is then learned anew. Raise ``index.FORMAT`` as well,
#: since an index whose model cannot be read scores uncalibrated.
MODEL_VERSION = 7

#: The curve of all tiers together.
POOLED = "all"

#: A probability is never told as certain.
LEAST, MOST = 0.0002, 0.999


@dataclass(frozen=True)
class Curve:
    """Probability by log-odds, with an interval that holds nine times in ten; straight between the points."""

    at: tuple[float, ...]
    probability: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def read(self, log_odds: Floats) -> Floats:
        """Probabilities."""
        at, probability, _, _ = self._arrays
        return np.minimum(np.maximum(np.interp(log_odds, at, probability), LEAST), MOST)  # np.clip takes far longer

    def interval(self, log_odds: float) -> tuple[float, float]:
        """Within which the probability lies nine times in ten."""
        at, _, *ends = self._arrays
        low, high = (min(max(float(np.interp(log_odds, at, end)), LEAST), MOST) for end in ends)
        return low, high

    @cached_property
    def _arrays(self) -> tuple[Floats, ...]:
        """``at``, ``probability``, ``low`` and ``high``: numpy would copy them again with every reading."""
        return tuple(np.array(ends) for ends in (self.at, self.probability, self.low, self.high))


@dataclass(frozen=True)
class Band:
    """A band begins at a score; of the earlier shipments in it or above, which the model had not learned from, a share
    of ``precision`` (between ``low`` and ``high``, nine times in ten) was in violation. None where nobody was examined.
    ``examined`` shipments of so many ``parties`` tell as much as ``worth`` independent ones would. ``promise``: the
    share that is meant; None where none is.
    """

    name: str
    floor: float
    precision: float | None = None
    low: float | None = None
    high: float | None = None
    examined: int = 0
    parties: int = 0
    worth: float = 0.0
    promise: float | None = None

    @property
    def proof(self) -> str:
        """Whether what was examined bears the promise out, in words; empty where there is nothing to prove."""
        if self.promise is None or self.floor >= 1.0:
            return ""
        if self.precision is None or self.low is None:
            return "nobody examined"
        return "confirmed" if self.low >= self.promise else "too few to confirm"

    def text(self) -> str | None:
        """What an answer in the band says of it; None where there is nothing to prove."""
        if not self.proof or self.precision is None:
            return f"begins at {self.floor:.2f}; {self.proof} so far to confirm that" if self.proof else None
        return (
            f"of earlier shipments in it or above {self.precision:.2f} were in violation ({self.low:.2f} to "
            f"{self.high:.2f}; {self.examined} examined, of {self.parties} parties): "
            + (f"{self.promise:.2f} is confirmed" if self.proof == "confirmed" else f"{self.proof} {self.promise:.2f}")
        )


@dataclass(frozen=True)
class Learned:
    """What a model was learned from: outcomes there were, those looked up for it, those picked at random, those in
    violation, the share of violations among shipments as they come, and when the newest of it was known."""

    outcomes: int
    rows: int
    random: int
    violations: int
    base: float
    known_until: str


@dataclass(frozen=True)
class HeldOut:
    """What windows left out say of a model: the way in which it tells probabilities (``proving``), the log loss of an
    examined shipment by the level alone, how much of that the best other way spares, and the standard error of that."""

    way: str
    level_loss: float
    spared: float
    error: float

    def text(self) -> str:
        """As a sentence."""
        return (
            f"told by {self.way}: on windows left out, the best way to know more than the level spared "
            f"{self.spared:.4f} (standard error {self.error:.4f}) of {self.level_loss:.4f} log loss an examined "
            "shipment"
        )


@dataclass(frozen=True)
class ScoreModel:
    """``weights`` by ``NAMES``. ``calibrated`` is False where too few examinations were at random, or none were told
    and seizures had to stand in. ``plainer`` says what stands in for learned weights and curves, and why; None where
    they held. ``newcomers`` says so where little is known of newcomers as they come. ``stand_in``: why seizures do for
    inspections; None where those tell."""

    calibrated: bool
    intercept: float
    weights: tuple[float, ...]
    curves: Mapping[str, Curve]
    bands: tuple[Band, ...]
    learned: Learned
    held_out: HeldOut | None = None
    plainer: str | None = None
    newcomers: str | None = None
    stand_in: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever reads its scores should know of how they came about."""
        return tuple(note for note in (self.uncalibrated, self.plainer, self.newcomers) if note is not None)

    @property
    def rests_on(self) -> str | None:
        """What stands in for inspections at random (``uncalibrated``); None where those tell."""
        if self.stand_in is not None:
            return SEIZURES
        return None if self.calibrated else CHOSEN

    @property
    def uncalibrated(self) -> str | None:
        """What every answer says where the score only orders."""
        if self.stand_in is None:
            return None if self.calibrated else BY_CHOICE
        return (
            f"{self.stand_in}: seizures stand in, so the score tells how often such goods were seized, not how often "
            f"they are in violation. {ONLY_ORDERS}"
        )

    def told_of(self, name: str) -> str | None:
        """What a band had on windows that the model had not learned from, where it is known how examinations came."""
        return next((band.text() for band in self.bands if band.name == name), None) if self.calibrated else None

    def log_odds(self, values: Floats) -> Floats:
        """Before calibration; one party or a row a party."""
        return np.asarray(self.intercept + values @ self.weights_array, np.float64)

    @cached_property
    def weights_array(self) -> Floats:
        """``weights`` as numpy multiplies them."""
        return np.array(self.weights)

    def curve(self, tier: str) -> Curve:
        """The curve of a tier."""
        return self.curves.get(tier, self.curves[POOLED])

    def band_of(self, score: float) -> str:
        """Which band a score lies in."""
        return next((band.name for band in self.bands if score >= band.floor), "none")

    @cached_property
    def id(self) -> str:
        """The same for the same numbers."""
        return sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """As it is stored; weights by name."""
        told = (
            {"version": CLAIMS_VERSION, "way": MODEL_VERSION}
            | asdict(self)
            | {"weights": dict(zip(NAMES, self.weights, strict=True))}
        )
        return json.dumps(told, indent=1)


def read_model(text: str) -> ScoreModel | None:
    """A stored model; None when it is of other claims than those of today, or was learned in another way."""
    told: dict[str, Any] = json.loads(text)
    if (told.get("version"), told.get("way")) != (CLAIMS_VERSION, MODEL_VERSION) or tuple(told["weights"]) != NAMES:
        return None
    return ScoreModel(
        calibrated=told["calibrated"],
        intercept=told["intercept"],
        weights=tuple(told["weights"].values()),
        curves={
            tier: Curve(**{name: tuple(at) for name, at in curve.items()}) for tier, curve in told["curves"].items()
        },
        bands=tuple(Band(**band) for band in told["bands"]),
        learned=Learned(**told["learned"]),
        held_out=None if told["held_out"] is None else HeldOut(**told["held_out"]),
        plainer=told["plainer"],
        newcomers=told["newcomers"],
        stand_in=told["stand_in"],
    )
