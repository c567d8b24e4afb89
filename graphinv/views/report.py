"""The network as one HTML file that an investigator can attach to a case.

The file opens without a network: vis-network comes out of the pyvis package into it, and its policy forbids every
request. Nothing that comes from data is ever markup or script: the template escapes, and the page's script writes
text only.
"""

import json
import secrets
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyvis
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup
from pyvis.network import Network as PyvisNetwork

from graphinv.views import look, reading
from graphinv.views.attributes import Network
from graphinv.views.drawing import Drawing, Mark, Stroke, draw, paper_radius
from graphinv.views.text import document_text, one_line
from graphinv.views.wording import counted, spaced, verb

_VIS_NETWORK = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 120, "zoomView": False, "selectConnectedEdges": False},
    "nodes": {"shape": "custom", "chosen": False},
    "edges": {"smooth": False, "chosen": False, "hoverWidth": 0, "selectionWidth": 0},
}


@dataclass(frozen=True)
class Row:
    """A node or an edge in the tables and in the panel of what is selected."""

    key: str
    heading: str
    kind: str
    standing: str
    facts: tuple[reading.Fact, ...]
    properties: tuple[reading.Fact, ...]
    records: tuple[str, ...]
    unlisted: int


def write_report(graph: Network, *, title: str | None = None) -> str:
    """``graph`` as a self-contained HTML page (UTF-8): figure, paths hop by hop, legend, what was left out, tables.

    ``title`` is the question that the page answers; without it the graph's own, or one made of its paths.
    """
    drawing = draw(graph)
    page = Report(heading=one_line(title) if title else reading.question(graph))
    page.add(graph, drawing)
    return page.generate_html()


class Report(PyvisNetwork):  # type: ignore[misc]  # pyvis has no types
    """A pyvis network that is drawn with our own page instead of pyvis's template.

    pyvis's template executes what stands in titles, ids and headings, and asks a content network for Bootstrap. Nodes
    and edges go by their row numbers, for vis-network keeps ids as keys of plain objects.
    """

    def __init__(self, heading: str) -> None:
        super().__init__(height="100%", width="100%", directed=True, heading=heading, cdn_resources="in_line")
        self.options = _OPTIONS
        self.context: dict[str, Any] = {}

    def add(self, graph: Network, drawing: Drawing) -> None:
        """Takes over the drawing and everything that the page says about the graph."""
        for mark in drawing.marks:
            self.add_node(mark.number, label=" ", shape="custom", color=None, **_node_options(mark))
        for stroke in drawing.strokes:
            self.add_edge(stroke.start.number, stroke.end.number, **_edge_options(stroke))
        self.context = _context(graph, drawing)

    def generate_html(self, name: str = "report.html", local: bool = True, notebook: bool = False) -> str:  # noqa: ARG002
        """The page; the arguments are pyvis's and change nothing."""
        nodes, edges, heading, _, _, options = self.get_network_data()
        figure = {"nodes": nodes, "edges": edges, "options": json.loads(options)} | self.context["figure"]
        self.html = _page().render(
            self.context | {"figure": figure},
            heading=heading,
            nonce=secrets.token_urlsafe(18),
            vis_network=Markup(_VIS_NETWORK.read_text("utf-8")),  # noqa: S704 - a library's file, no data
        )
        return str(self.html)


@cache
def _page() -> Template:
    environment = Environment(
        loader=PackageLoader("graphinv.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_fit_for_utf8,
    )
    environment.filters |= {"spaced": spaced, "counted": counted}
    return environment.get_template("report.html")


def _fit_for_utf8(value: object) -> object:
    """Whatever the template puts out, without the characters that no page can carry."""
    return document_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _node_options(mark: Mark) -> dict[str, Any]:
    return {
        "x": mark.x,
        "y": mark.y,
        "title": mark.caption,
        "kind": mark.label,
        "family": mark.family,
        "outline": mark.shape,
        "standing": mark.standing,
        "lines": mark.lines,
        "weight": mark.weight,
        "side": mark.side,
        "stop": mark.stop,
        "seed": mark.seed,
    }


def _edge_options(stroke: Stroke) -> dict[str, Any]:
    # vis-network's own line is clear and only there to be clicked; the page draws "stroke" along "control".
    bend = {"enabled": True, "type": "curvedCW" if stroke.bend > 0 else "curvedCCW", "roundness": abs(stroke.bend)}
    return {
        "id": stroke.number,
        "arrows": "",
        "color": {"opacity": 0},
        "smooth": bend if stroke.bend else False,
        "stroke": stroke.width,
        "dashed": stroke.dashed,
        "seized": stroke.seized,
        "control": stroke.control(),
        "middle": stroke.middle(),
    }


def _context(graph: Network, drawing: Drawing) -> dict[str, Any]:
    """Everything that the template and the page's script read, apart from pyvis's nodes and edges."""
    walks = reading.walks(graph)
    nodes = [_node_row(graph, uid) for uid in graph]
    edges = [_edge_row(graph, start, end, key) for start, end, key in graph.edges(keys=True)]
    numbers = {"nodes": _numbers(nodes), "edges": _numbers(edges)}
    return {
        "about": _about(graph),
        "asked_for_paths": "paths" in graph.graph,
        "walks": walks,
        "calibrated": bool(graph.graph.get("calibrated")),
        "complete": (graph.graph.get("left_out") or {}).get("status", "complete") == "complete",
        "left_out": reading.left_out(graph),
        "hubs": reading.hidden_hubs(graph),
        "legend": _legend(graph),
        "legend_symbols": [*look.SYMBOLS.items(), ("Other", look.UNKNOWN_SYMBOL)],
        "strokes": {
            "dashed": any(stroke.dashed for stroke in drawing.strokes),
            "wide": any(stroke.width > 3 for stroke in drawing.strokes),
            "seized": any(stroke.seized for stroke in drawing.strokes),
        },
        "about_figure": f"Network of {counted(len(nodes), 'node')} and {counted(len(edges), 'link')}; tables below.",
        "standings": Counter(row.standing for row in nodes if row.standing),
        "nodes": nodes,
        "edges": edges,
        "numbers": numbers,
        "drawing": drawing,
        "radius": paper_radius(drawing.scale) / drawing.scale,
        "badges": _badges(walks, drawing),
        "look": look,
        "shapes": {shape: look.shape_path(shape) for shape in sorted({s.shape for s in look.SYMBOLS.values()})},
        "figure": {
            "walks": [_walk_numbers(walk, numbers) for walk in walks],
            "rows": {"nodes": [asdict(row) for row in nodes], "edges": [asdict(row) for row in edges]},
            "shapes": {shape: look.shape_path(shape) for shape in {s.shape for s in look.SYMBOLS.values()}},
            "signs": {
                label: look.symbol(label).sign for label in {*look.SYMBOLS, *(mark.label for mark in drawing.marks)}
            },
            "badges": look.BADGES,
            "badgeSigns": look.BADGE_SIGNS,
            "radius": look.RADIUS,
            "labelSize": look.LABEL_SIZE,
            "labelLine": look.LABEL_LINE,
        },
    }


def _numbers(rows: list[Row]) -> dict[str, int]:
    return {row.key: number for number, row in enumerate(rows, start=1)}


def _walk_numbers(walk: reading.Walk, numbers: dict[str, dict[str, int]]) -> dict[str, list[int]]:
    """The rows of a path's nodes and edges; what is not in the graph is left out."""
    return {
        "nodes": [numbers["nodes"][uid] for uid in walk.nodes if uid in numbers["nodes"]],
        "edges": [numbers["edges"][hop.edge] for hop in walk.hops if hop.edge in numbers["edges"]],
    }


def _about(graph: Network) -> list[reading.Fact]:
    made_at = graph.graph.get("made_at") or datetime.now(UTC).isoformat(timespec="minutes")
    about = {
        "As of": graph.graph.get("as_of"),
        "Made": f"{document_text(made_at)[:16].replace('T', ' ')} UTC",
        "By": graph.graph.get("made_by"),
        "Shows": f"{counted(len(graph), 'node')}, {counted(graph.number_of_edges(), 'link')}",
        "Index": f"epoch {graph.graph['epoch']}" if graph.graph.get("epoch") is not None else None,
        "Model": graph.graph.get("model"),
    }
    return [reading.Fact(name, one_line(value)) for name, value in about.items() if value]


def _legend(graph: Network) -> list[tuple[str, look.Symbol, int]]:
    """(label, symbol, count) of every label in the graph, in the order of the symbol table."""
    counts = Counter(data.get("label") or "Other" for _, data in graph.nodes(data=True))
    order = {label: i for i, label in enumerate(look.SYMBOLS)}
    return [(label, look.symbol(label), counts[label]) for label in sorted(counts, key=lambda k: (order.get(k, 99), k))]


def _badges(walks: list[reading.Walk], drawing: Drawing) -> list[tuple[int, float, float]]:
    """Hop numbers of the first path on paper."""
    middles = {stroke.key: stroke.middle() for stroke in drawing.strokes}
    return [(hop.number, *middles[hop.edge]) for walk in walks[:1] for hop in walk.hops if hop.edge in middles]


def _node_row(graph: Network, uid: str) -> Row:
    data = graph.nodes[uid]
    shown, degree = graph.degree(uid), data.get("degree")
    links = f"{shown} shown, {degree:,} in all" if degree is not None else f"{shown} shown"
    facts = [reading.Fact("Links", links), reading.Fact("Id", document_text(uid))]
    if data.get("entity"):
        facts.append(reading.Fact("Entity", document_text(data["entity"])))
    standing = data.get("standing")
    return Row(
        key=uid,
        heading=reading.caption(graph, uid),
        kind=data.get("label") or "Other",
        standing=standing if standing in look.STANDINGS else "",
        facts=tuple(facts),
        properties=tuple(reading.properties(data)),
        records=tuple(document_text(record) for record in data.get("records") or []),
        unlisted=0,
    )


def _edge_row(graph: Network, start: str, end: str, key: str) -> Row:
    data = graph.edges[start, end, key]
    sources = tuple(document_text(record) for record in data.get("sources") or [])
    seen = reading.period(data.get("first_seen"), data.get("last_seen"))
    facts = [
        reading.Fact("From", reading.caption(graph, start)),
        reading.Fact("To", reading.caption(graph, end)),
        reading.Fact("Seen", seen),
        reading.Fact("Known", document_text(data.get("known_at") or "")[:10]),
    ]
    if data.get("confidence") is not None:
        facts.append(reading.Fact("Confidence", reading.percent(data["confidence"])))
    words = verb(data.get("type") or "")
    return Row(
        key=key,
        heading=f"{reading.caption(graph, start)} {words} {reading.caption(graph, end)}",
        kind=words,
        standing="",
        facts=tuple(fact for fact in facts if fact.value),
        properties=tuple(reading.properties(data)),
        records=sources,
        unlisted=max(int(data.get("count") or 0) - len(sources), 0),
    )
