"""What pages ask beyond the public routes: counts for the home page, captions of ids, searches that leave no words in
addresses, the report of a look-up.

They stand under ``/v1`` so that a server with keys guards them like all other data.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import networkx as nx
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep, json_answer
from api.models import Uid
from api.routes.entities import SearchParams, searched
from graphinv.by_label import label_of
from graphinv.links.answer import LookupAnswer
from graphinv.links.question import LookupRequest
from graphinv.store import Store
from graphinv.views.attributes import Network
from graphinv.views.exports import FORMATS, export_graph
from graphinv.views.overlay import add_paths

router = APIRouter(prefix="/v1/pages", include_in_schema=False)

#: Properties that a line of a list shows.
_QUICK = ("country", "number", "dba", "provisional", "platform", "seller_id", "parties", "first_seen", "seized_on")
_COUNTED = ("Importer", "Seller", "Shipment", "Seizure")

#: A report runs its own script in a frame without our origin, so that it reaches nothing of ours.
_REPORT_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-scripts allow-downloads"
)


class CardsBody(BaseModel):
    """Ids to tell about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ids: Annotated[list[Uid], Field(max_length=500)]


@router.get("/summary")
def summary(workspace: WorkspaceDep) -> Response:
    """How many of each kind the graph holds, and how many parties of each standing."""
    labels = {label: _held(workspace.graph, label) for label in _COUNTED}
    standings = dict(workspace.index.graph.nodes.drop_nulls("standing").group_by("standing").len().iter_rows())
    return json_answer({"labels": labels, "standings": standings})


@router.post("/search")
def search(body: SearchParams, workspace: WorkspaceDep, asking: AskingDep) -> Response:
    """``GET /v1/entities`` with its words in the body: what people type stays out of addresses, and so out of logs."""
    return searched(body, workspace, asking)


@router.post("/cards")
def cards(body: CardsBody, workspace: WorkspaceDep) -> Response:
    """Kind, caption, standing and quick facts of nodes, by id."""
    return json_answer(_cards(workspace.graph, body.ids))


@router.post("/report")
def report(body: LookupRequest, workspace: WorkspaceDep, asking: AskingDep) -> Response:
    """A look-up asked again, answered as the self-contained report of its paths."""
    with asking.audited("pages/report") as line:
        graph = _drawn(workspace.lookup(body))
        line.detail.update(nodes=len(graph), edges=graph.number_of_edges())
    written = FORMATS["html"]
    headers = {
        "Content-Disposition": f'attachment; filename="look-up{written.suffix}"',
        "Content-Security-Policy": _REPORT_POLICY,
    }
    return Response(export_graph(graph, "html"), headers=headers, media_type=written.media_type)


def _cards(store: Store, ids: list[str]) -> dict[str, dict[str, Any]]:
    """Shipments are counted on the graph where the node does not carry their number."""
    grouped: dict[str, list[str]] = {}
    for uid in dict.fromkeys(ids):
        if label := label_of(uid):
            grouped.setdefault(label, []).append(uid)
    parts = [
        f"UNWIND ${label} AS id\nMATCH (m:{label} {{uid: id}})\nRETURN m, labels(m)[0] AS label, {_shipments(label)}"
        for label in grouped
    ]
    rows = store.read("\nUNION ALL\n".join(parts), grouped).dicts() if parts else []
    return {row["m"].uid: _card(row["label"], row["m"].properties, row["shipments"]) for row in rows}


def _shipments(label: str) -> str:
    role = {"Seller": "SOLD_BY", "Shipper": "SHIPPED_BY"}.get(label)
    return f"COUNT {{ (m)<-[:{role}]-() }} AS shipments" if role else "m.shipments AS shipments"


def _card(label: str, properties: Mapping[str, Any], shipments: int | None) -> dict[str, Any]:
    facts = {name: properties[name] for name in _QUICK if properties.get(name) is not None}
    return {
        "label": label,
        "caption": properties.get("caption") or properties["uid"],
        "standing": properties.get("standing"),
        "properties": {**facts, **({"shipments": shipments} if shipments else {})},
    }


def _held(store: Store, label: str) -> int:
    found = store.read(f"MATCH (n:{label})\nRETURN count(n)").scalar()
    return int(found) if isinstance(found, int) else 0


def _drawn(answer: LookupAnswer) -> Network:
    """The paths of an answer as one network."""
    graph: Network = nx.MultiDiGraph()
    names = [node.caption for node in answer.graph.nodes.values() if node.label == "Query"]
    graph.graph.update(
        title=f"Look-up: {', '.join(names) or 'nothing found'}",
        as_of=answer.as_of,
        epoch=answer.index.epoch,
        model=answer.index.model,
        calibrated=all(response.calibrated for response in answer.responses.values()),
        left_out={
            "paths": sum(response.suppressed.paths for response in answer.responses.values()),
            "hubs": list(dict.fromkeys(hub for one in answer.responses.values() for hub in one.suppressed.hubs)),
        },
    )
    for response in answer.responses.values():
        add_paths(graph, response.links, answer.graph)
    return graph
