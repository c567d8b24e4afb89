"""What the index keeps for the score: how near seizures are, risks of attributes, scopes of vettings, the model."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphinv.links.closeness import closeness
from graphinv.links.outcomes import telling_outcomes
from graphinv.links.risk import RiskTable, empty_risks, risk_table
from graphinv.links.score_model import ScoreModel, read_model
from graphinv.links.uncalibrated import BY_LINKS, LINKS
from graphinv.links.vetted import Scope, scopes

if TYPE_CHECKING:
    from graphinv.links.evidence import EvidenceGraph
    from graphinv.resolve.identities import PreparedRecords

_FOLDER = "score"
#: Where seizures stand in, records are of all that passed, up to so many shipments; of more some stand for all.
_PASSED_COUNTED = 200_000
#: What of the risks is no array.
_TOLD_BY_WORD = ("base", "seized")


@dataclass(frozen=True)
class Scoring:
    """``closeness`` by node (nodes that came since have none); ``vetted`` by uid. Without a ``model`` the score is the
    joint strength of the links, and says that it is not calibrated."""

    closeness: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    risks: RiskTable = field(default_factory=empty_risks)
    vetted: Mapping[str, list[Scope]] = field(default_factory=dict)
    model: ScoreModel | None = None

    @property
    def rests_on(self) -> str | None:
        """What stands in for inspections at random (``uncalibrated``); None where those tell."""
        return LINKS if self.model is None else self.model.rests_on

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever reads scores should know of how they came about."""
        return (BY_LINKS,) if self.model is None else self.model.notes

    def with_model(self, model: ScoreModel | None) -> "Scoring":
        """The same, scored by another model."""
        return replace(self, model=model)


def scoring(records: "PreparedRecords", graph: "EvidenceGraph", clock: datetime) -> Scoring:
    """What the records of an index say for the score, without a model."""
    told = telling_outcomes(records, at_least=_PASSED_COUNTED)
    return Scoring(closeness(graph), risk_table(records, told), scopes(records, clock))


def write_scoring(folder: Path, kept: Scoring) -> None:
    """Write into the folder of an epoch."""
    path = folder / _FOLDER
    path.mkdir()
    np.save(path / "closeness.npy", kept.closeness)
    for item in fields(RiskTable):
        if item.name not in _TOLD_BY_WORD:
            np.save(path / f"risk_{item.name}.npy", getattr(kept.risks, item.name))
    vetted = {uid: [asdict(scope) for scope in held] for uid, held in kept.vetted.items()}
    told = {name: getattr(kept.risks, name) for name in _TOLD_BY_WORD}
    (path / "known.json").write_text(json.dumps(told | {"vetted": vetted}))
    if kept.model is not None:
        (path / "model.json").write_text(kept.model.to_json())


def open_scoring(folder: Path) -> Scoring:
    """Read from the folder of an epoch, arrays memory-mapped; nothing for an epoch without."""
    path = folder / _FOLDER
    if not path.exists():
        return Scoring()
    known = json.loads((path / "known.json").read_text())
    arrays = {
        item.name: np.asarray(np.load(path / f"risk_{item.name}.npy", mmap_mode="r"))
        for item in fields(RiskTable)
        if item.name not in _TOLD_BY_WORD
    }
    vetted = {
        uid: [Scope(tuple(scope["goods"]), tuple(scope["origins"])) for scope in held]
        for uid, held in known["vetted"].items()
    }
    stored = path / "model.json"
    return Scoring(
        np.asarray(np.load(path / "closeness.npy", mmap_mode="r")),
        RiskTable(base=known["base"], seized=known["seized"], **arrays),
        vetted,
        read_model(stored.read_text()) if stored.exists() else None,
    )
