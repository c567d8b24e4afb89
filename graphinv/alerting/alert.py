"""An alert as people and machines see it: the link, what changed, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from graphinv.links.answer import EvidencePiece, Path, SeizureSummary


class Kind(StrEnum):
    """What the party is linked to. ``identity``: it is probably a seized party itself, under another number, account or
    name."""

    SEIZURE = "seizure"
    ORDER = "order"
    IDENTITY = "identity"


class Status(StrEnum):
    """What became of an alert. ``withdrawn`` is nobody's decision: what it rested on is no more."""

    OPEN = "open"
    WATCHING = "watching"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"


#: What a person may say of an alert.
DISPOSITIONS = (Status.OPEN, Status.WATCHING, Status.CONFIRMED, Status.CLEARED)


@dataclass(frozen=True)
class Change:
    """Why an alert was raised or changed: ``new_seizure``, ``new_party``, ``new_value``, ``new_order``, ``judgement``,
    ``same_party``, ``parted``, ``stronger``, ``withdrawn``, ``returned`` or ``baseline``, and the words for it."""

    kind: str
    detail: str


@dataclass(frozen=True)
class LinkedParty:
    """One end of a link. ``id`` is an identity; ``records`` name it."""

    id: str
    caption: str
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What an alert says: the strongest path between party and target, and the sentences of other ones."""

    party: LinkedParty
    target: LinkedParty
    seizure: SeizureSummary | None
    strength: float
    hops: int
    sentence: str
    also: tuple[str, ...]
    path: Path
    evidence: tuple[EvidencePiece, ...]


@dataclass(frozen=True)
class RestsOn:
    """What a link rests on, without a word on who is who: ids of shared values and third parties, ids of seizures or
    orders, and hashes of the relationships of its paths."""

    values: tuple[str, ...]
    targets: tuple[str, ...]
    edges: tuple[int, ...] = ()

    def beyond(self, held: "RestsOn") -> "RestsOn":
        """What of it another one does not hold."""
        return RestsOn(
            tuple(value for value in self.values if value not in held.values),
            tuple(target for target in self.targets if target not in held.targets),
        )

    def __add__(self, other: "RestsOn") -> "RestsOn":
        return RestsOn(
            tuple(sorted({*self.values, *other.values})),
            tuple(sorted({*self.targets, *other.targets})),
            tuple(sorted({*self.edges, *other.edges})),
        )

    def __bool__(self) -> bool:
        return bool(self.values or self.targets)


@dataclass(frozen=True)
class Disposition:
    """What somebody said of an alert, and why."""

    status: Status
    who: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Alert:
    """An alert as it stands. ``seq`` grows with every change of any alert: who polls reads on from the last one seen.

    ``changes`` are those of the last time that something changed; ``note`` says why it was withdrawn.
    """

    id: str
    seq: int
    kind: Kind
    status: Status
    raised_at: datetime
    changed_at: datetime
    told: Told
    changes: tuple[Change, ...]
    disposition: Disposition | None
    note: str | None


@dataclass(frozen=True)
class Event:
    """One entry of an alert's history. ``kind``: raised, changed, reopened, withdrawn, returned, disposed, undone."""

    seq: int
    at: datetime
    kind: str
    status: Status
    who: str | None
    why: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Examined:
    """What an examination did. ``left_out`` links and parties were beyond what one load may raise or examine."""

    epoch: int
    raised: int = 0
    changed: int = 0
    reopened: int = 0
    withdrawn: int = 0
    returned: int = 0
    left_out: int = 0

    @property
    def told(self) -> str:
        """In words: what is none is not mentioned."""
        counts = (
            (self.raised, "new"),
            (self.reopened, "reopened"),
            (self.changed, "changed"),
            (self.returned, "returned"),
            (self.withdrawn, "withdrawn"),
            (self.left_out, "weaker links left out"),
        )
        return ", ".join(f"{number:,} {word}" for number, word in counts if number)
