"""What a look-up answers: the response of ``POST /v1/links/lookup``, as frozen types that serialise as they are."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Reason:
    """One comparison behind a candidate: the claim, its match weight in bits (log2), and the values compared."""

    feature: str
    weight: float
    query: str
    candidate: str
    detail: str


@dataclass(frozen=True)
class Candidate:
    """A party on record that the queried one may be."""

    id: str
    caption: str
    score: float
    match: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SeizureSummary:
    """The seizure that a path leads to; ``status`` tells a detention from a seizure."""

    id: str
    seized_on: str
    status: str
    category: str | None
    commodity: str | None
    shipment_id: str | None


@dataclass(frozen=True)
class PartySummary:
    """The party from whom goods were seized."""

    id: str
    caption: str
    records: tuple[str, ...]


@dataclass(frozen=True)
class NumberUsed:
    """Goods seized under the importer number of ``owner`` (an id) on a filing whose contacts contradict the registered
    ones: they weigh on the ``party`` that is written on it, and are no evidence against the owner."""

    owner: str
    seizure: SeizureSummary
    party: PartySummary
    sentence: str


@dataclass(frozen=True)
class EvidencePiece:
    """One relationship of a path: what is claimed, by which records, between which days, how sure."""

    edge: str
    claim: str
    value: str
    shared_by: int
    records: tuple[str, ...]
    first_seen: str | None
    last_seen: str | None
    confidence: float


@dataclass(frozen=True)
class Path:
    """Node and edge ids in walking order."""

    nodes: tuple[str, ...]
    edges: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """One path to a seized party. ``strength``: probability that it joins the same hands; ``hops``: its edges."""

    seizure: SeizureSummary
    party: PartySummary
    strength: float
    hops: int
    sentence: str
    path: Path
    evidence: tuple[EvidencePiece, ...]


@dataclass(frozen=True)
class Term:
    """How much a claim added to the score, in log-odds."""

    claim: str
    added: float
    detail: str


@dataclass(frozen=True)
class LowersMost:
    """The one change that would lower the score most: the claim that would have to fall away, and the score then."""

    claim: str
    score: float
    detail: str


@dataclass(frozen=True)
class MissingHelp:
    """A field that was not given, and why it would help; ``bits``: what it is expected to tell of this party."""

    field: str
    why: str
    bits: float = 0.0


@dataclass(frozen=True)
class Completeness:
    """What was given, what was not, and the tier that makes of it."""

    tier: str
    given: tuple[str, ...]
    missing: tuple[str, ...]
    missing_help: tuple[MissingHelp, ...]


@dataclass(frozen=True)
class Suppressed:
    """What was left out: paths that run through hubs only, and those hubs."""

    paths: int
    hubs: tuple[str, ...]


@dataclass(frozen=True)
class WatchlistHit:
    """A likeness to a watch list entry: how alike, and every reason, the name first."""

    id: str
    list: str
    caption: str
    score: float
    reason: str
    in_force: bool
    records: tuple[str, ...]
    reference_url: str | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartyAnswer:
    """The answer to one query. ``stand_in``: what a score that is not calibrated rests on (``links``, ``seizures``
    or ``targeted_inspections``); None where it is calibrated."""

    status: str
    score: float
    interval: tuple[float, float]
    calibrated: bool
    stand_in: str | None
    band: str
    standing: str
    terms: tuple[Term, ...]
    completeness: Completeness
    candidates: tuple[Candidate, ...]
    links: tuple[Link, ...]
    suppressed: Suppressed
    watchlist: tuple[WatchlistHit, ...]
    notes: tuple[str, ...] = ()
    lowers_most: LowersMost | None = None
    number_used: tuple[NumberUsed, ...] = ()


@dataclass(frozen=True)
class NodeView:
    """A node as the graph of an answer shows it."""

    label: str
    caption: str
    standing: str | None = None
    properties: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class EdgeView:
    """A relationship as the graph of an answer shows it."""

    id: str
    source: str
    target: str
    type: str
    sources: tuple[str, ...]
    count: int
    first_seen: str | None
    last_seen: str | None
    confidence: float


@dataclass(frozen=True)
class GraphView:
    """Node map and edge list."""

    nodes: dict[str, NodeView]
    edges: tuple[EdgeView, ...]


@dataclass(frozen=True)
class IndexInfo:
    """Which index answered."""

    epoch: int
    built_at: str
    model: str


@dataclass(frozen=True)
class LookupAnswer:
    """The answer to a request."""

    responses: dict[str, PartyAnswer]
    graph: GraphView
    as_of: str
    index: IndexInfo
    took_ms: float

    def with_note(self, note: str, keys: Collection[str]) -> "LookupAnswer":
        """The same with one more note in the responses of these keys."""
        told = {
            key: replace(one, notes=(*one.notes, note)) if key in keys else one for key, one in self.responses.items()
        }
        return replace(self, responses=told)
