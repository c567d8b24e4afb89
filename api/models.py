"""Bodies that routes take, and shapes of answers that no package declares already; ``graphinv`` has the others."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from graphinv.alerting.alert import Alert, Event, Status
from graphinv.arrivals import FEED, MOST_ROWS
from graphinv.clusters.reading import Cluster, ClusterSummary
from graphinv.entities import LeftOut, Neighbour, Summary
from graphinv.entity_records import EntityRecord
from graphinv.ingest.accounting import MOST_REFUSED
from graphinv.judging import Moved
from graphinv.links.answer import GraphView, IndexInfo, PartyAnswer
from graphinv.links.weights import CLAIMS
from graphinv.records import feed_named
from graphinv.resolve.judgements import Judgement, Verdict
from graphinv.schema import LABELS

#: What the evidence graph holds: labels of parties and shared values, and the claims between them.
EVIDENCE_TYPES = (*(label.name for label in LABELS if label.party or label.shared), *CLAIMS)

Uid = Annotated[str, StringConstraints(min_length=3, max_length=300)]
AsOf = Annotated[
    str | None,
    StringConstraints(max_length=40),
    Field(description="A day or moment (ISO 8601): answer with what was known then. Null: the newest."),
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _evidence_type(name: str) -> str:
    if name not in EVIDENCE_TYPES:
        raise PydanticCustomError("unknown_type", f"there is no such type; give some of {', '.join(EVIDENCE_TYPES)}")
    return name


class WithoutBody(_Body):
    """What paths may not use."""

    types: Annotated[
        list[Annotated[str, AfterValidator(_evidence_type)]],
        Field(max_length=50, description=f"Labels or relationship types: {', '.join(EVIDENCE_TYPES)}."),
    ] = []
    ids: Annotated[list[Uid], Field(max_length=1000, description="Nodes.")] = []


class PathsBody(_Body):
    """Between which nodes, and how far."""

    start: Uid = Field(alias="from", description="Id of a node.")
    end: Uid = Field("seized", alias="to", description="Id of a node, or `seized` for any party with a seizure.")
    k: Annotated[int, Field(ge=1, le=10, description="How many paths.")] = 3
    max_hops: Annotated[int, Field(ge=1, le=10)] = 6
    as_of: AsOf = None
    without: WithoutBody = WithoutBody()


class NetworkBody(_Body):
    """What to draw."""

    seeds: Annotated[list[Uid], Field(min_length=1, max_length=50, description="Ids to start from.")]
    hops: Annotated[int, Field(ge=1, le=3)] = 1
    limit: Annotated[int, Field(ge=1, le=1500, description="Most nodes; what is left out is counted.")] = 300
    as_of: AsOf = None
    format: Literal["json", "graphml", "gexf", "csv", "html"] = "json"
    max_users: Annotated[
        int, Field(ge=1, le=1000, description="Values that more parties use are shown, named as hubs and not followed.")
    ] = 25
    shipments: Annotated[bool, Field(description="Draw shipments as nodes instead of counting them on edges.")] = False
    paths: Annotated[int, Field(ge=0, le=10, description="Add the strongest paths of each seed to a seizure.")] = 0


class NetworkAnswer(BaseModel):
    """A network: node map and edge list, with what was left out under ``graph.left_out``."""

    graph: dict[str, Any]
    nodes: dict[str, dict[str, Any]]
    edges: list[dict[str, Any]]


class EntityList(BaseModel):
    """Nodes."""

    items: list[Summary]
    next: str | None
    total: int | None


class NeighbourList(BaseModel):
    """Neighbours, up to a limit of each kind."""

    items: list[Neighbour]
    next: str | None
    total: int
    kinds: list[LeftOut]
    as_of: str | None
    not_as_of: list[str]


class EntityRecordList(BaseModel):
    """The accepted records behind an entity: registrations first, then the newest filings."""

    id: str = Field(description="The entity.")
    items: list[EntityRecord]
    next: str | None
    total: int


class ClusterList(BaseModel):
    """Clusters, the one that holds most unknown risk first."""

    items: list[ClusterSummary]
    next: str | None
    total: int


@dataclass(frozen=True, kw_only=True)
class ClusterAnswer(Cluster):
    """A cluster, and a drawing of its first members with what they share."""

    graph: GraphView


class JudgementBody(_Body):
    """Two records or parties, and what was decided about them."""

    left: Uid = Field(description="Id of a record (`importers:...`, `shipments:X1#consignee`) or of a party.")
    right: Uid = Field(description="The other one.")
    verdict: Verdict
    why: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    who: Annotated[str | None, StringConstraints(min_length=1, max_length=300)] = Field(
        None, description="Who judges; without it, the key that was sent."
    )
    apply: bool = Field(True, description="Let the graph follow before the answer.")


class WithdrawalBody(_Body):
    """Why a judgement is taken back."""

    why: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    who: Annotated[str | None, StringConstraints(min_length=1, max_length=300)] = None
    apply: bool = True


class JudgementList(BaseModel):
    """Judgements, the newest first."""

    items: list[Judgement]
    next: str | None
    total: int


class JudgedAnswer(BaseModel):
    """What became of a judgement."""

    judgement: Judgement
    superseded: list[str] = Field(description="Judgements of the same pair that this one replaces.")
    applied: bool = Field(description="False while graph and index wait to follow.")
    moved: list[Moved] = Field(description="Identities that belong to another entity than before.")
    told: str = Field(description="What changed, in words.")


class AlertList(BaseModel):
    """Alerts. In the order of their changes `next` is where to go on polling, in that of certainty null at the end."""

    items: list[Alert]
    next: str | None
    total: int


class AlertAnswer(BaseModel):
    """An alert and everything that happened to it, the oldest first."""

    alert: Alert
    history: list[Event]


class DispositionBody(_Body):
    """What somebody says of an alert."""

    status: Literal[Status.OPEN, Status.WATCHING, Status.CONFIRMED, Status.CLEARED]
    why: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    who: Annotated[str | None, StringConstraints(min_length=1, max_length=300)] = Field(
        None, description="Who decides; without it, the key that was sent."
    )


class UndoBody(_Body):
    """Why a disposition is taken back."""

    why: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = "undone"
    who: Annotated[str | None, StringConstraints(min_length=1, max_length=300)] = None


class RunBody(_Body):
    """Parameters of a saved query."""

    params: dict[str, Any] = Field({}, description="By name; the others take their defaults.")


class RecordBody(_Body):
    """Which record: `<feed>:<key>`, as evidence names it."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class CypherBody(_Body):
    """A query that somebody wrote."""

    cypher: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    params: dict[str, Any] = {}


class IndexHealth(BaseModel):
    """The index that look-ups use."""

    epoch: int
    built_at: str
    as_of: str


class StoreHealth(BaseModel):
    """The graph store."""

    reachable: bool
    kind: str | None = None


class Health(BaseModel):
    """``ok``; ``empty`` before the first load; ``degraded`` when records wait for the index or the store is away."""

    status: Literal["ok", "empty", "degraded"]
    version: str
    index: IndexHealth | None
    store: StoreHealth
    detail: str | None = Field(default=None, description="Why it is degraded.")


class ColumnBody(BaseModel):
    """One column of a query's answer; ``entity`` columns hold ids that the network view draws."""

    name: str
    type: str
    label: str


class ParamBody(BaseModel):
    """One parameter of a saved query."""

    name: str
    type: str
    required: bool
    default: Any
    min: Any
    max: Any
    choices: list[Any]
    help: str


class QueryBody(BaseModel):
    """A saved query."""

    name: str
    title: str
    description: str
    params: list[ParamBody]
    columns: list[ColumnBody]
    tags: list[str]


class QueryTextBody(QueryBody):
    """A saved query with its text."""

    cypher: str = Field(description="What runs.")
    text: str = Field(description="The whole file, to paste into a Neo4j console.")


class QueryList(BaseModel):
    """Saved queries."""

    items: list[QueryBody]
    next: str | None
    total: int


class QueryAnswer(BaseModel):
    """Rows of a query; ``entities`` are the ids in entity columns, ``truncated`` says that there are more rows."""

    columns: list[ColumnBody]
    rows: list[list[Any]]
    entities: list[str]
    truncated: bool
    took_ms: float


class FeedCountsBody(BaseModel):
    """Rows of one feed: read = accepted + duplicate + quarantined."""

    read: int
    accepted: int
    duplicate: int
    quarantined: int


class FeedWarningBody(BaseModel):
    """Rows that ask for a look."""

    feed: str
    file: str
    column: str
    reason: str
    count: int


class RefusedRowBody(BaseModel):
    """A refused row; `graphinv quarantine list` has all."""

    feed: str
    file: str
    line: int = Field(description="Its line in the file, its row in Parquet or in a list of rows; the first is 1.")
    field: str = Field(description="Empty where the line is no row.")
    value: str | None = Field(description="What the field holds; numbers that may identify somebody are masked.")
    reason: str


_FIRST_REFUSED = f"The first refused rows, {MOST_REFUSED} at most."


class LoadAnswer(BaseModel):
    """What became of every row."""

    feeds: dict[str, FeedCountsBody]
    warnings: list[FeedWarningBody]
    refused: list[RefusedRowBody] = Field(description=_FIRST_REFUSED)
    waited: int = Field(description="Records that came before and waited, which graph and index hold since, too.")
    epoch: int | None = Field(description="The index that was made; null where nothing was new.")
    took_ms: float


def _flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose cells are values: an object in a cell would be kept as a text that nobody wrote."""
    for at, row in enumerate(rows):
        for name, cell in row.items():
            if isinstance(cell, dict | list):
                column = f"the column {name}" if name in _COLUMNS else "a column that the feed does not have"
                raise PydanticCustomError(
                    "nested_cell",
                    "row {at} (the first is 0): {column} holds a list or an object; a cell is a text, a number, true, "
                    "false or null",
                    {"at": at, "column": column},
                )
    return rows


_COLUMNS = frozenset(column.name for column in feed_named(FEED).all_columns)


class ShipmentsBody(_Body):
    """Rows of the shipments feed, by column."""

    shipments: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ROWS), AfterValidator(_flat)]
    apply: bool = Field(False, description="Let graph and index follow before the answer.")


class ArrivedAnswer(BaseModel):
    """What became of every row, and a look-up for each shipment, by its id."""

    feeds: dict[str, FeedCountsBody]
    warnings: list[FeedWarningBody]
    refused: list[RefusedRowBody] = Field(description=_FIRST_REFUSED)
    responses: dict[str, PartyAnswer]
    graph: GraphView
    as_of: str
    index: IndexInfo
    recorded: bool = Field(description="False while a load runs: the rows are kept, duplicates are counted later.")
    applied: bool = Field(description="Whether graph and index hold the rows by now.")
    took_ms: float


class RecordVersion(BaseModel):
    """One accepted version of a record, as its row wrote it; social security numbers and bank accounts masked."""

    known_at: str
    content: str = Field(description="Digest of what the row says.")
    values: dict[str, str]


class RecordAnswer(BaseModel):
    """A record with its versions, the newest first."""

    id: str
    feed: str
    versions: list[RecordVersion]
