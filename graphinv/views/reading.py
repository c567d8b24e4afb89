"""What a report says in words: the question, each path hop by hop, what was left out, what a node is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphinv.views import look
from graphinv.views.attributes import Evidence, Network, Path
from graphinv.views.text import document_text, one_line
from graphinv.views.wording import counted, spaced, verb

_STATUS = {
    "complete": "The search was complete: everything within its limits was looked at.",
    "truncated": "The search was cut short at its size limit: there is more than is shown.",
    "timed_out": "The search ran out of time: more may exist than is shown.",
    "degraded": "Part of the search was not available: more may exist than is shown.",
}


@dataclass(frozen=True)
class Fact:
    """A named value."""

    name: str
    value: str


@dataclass(frozen=True)
class Hop:
    """One card: an edge of a path as it is walked."""

    number: int
    edge: str
    start: str
    words: str
    end: str
    claim: str
    unsure: bool
    facts: tuple[Fact, ...]
    records: tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """One path, ready to be read."""

    number: int
    sentence: str
    strength: str
    nodes: tuple[str, ...]
    hops: tuple[Hop, ...]


def question(graph: Network) -> str:
    """The title of a report: the graph's own, else what its paths or seeds ask."""
    if graph.graph.get("title"):
        return one_line(graph.graph["title"])
    for path in graph.graph.get("paths") or []:
        nodes = path.get("nodes", [])
        if len(nodes) > 1:
            return f"Why is {caption(graph, nodes[0])} linked to {caption(graph, nodes[-1])}?"
    seeds = [caption(graph, uid) for uid in graph.graph.get("seeds", [])]
    return f"The network around {', '.join(seeds[:3])}" if seeds else "Network"


def caption(graph: Network, uid: str) -> str:
    """The name of a node in a sentence; the uid where there is none."""
    return one_line((graph.nodes[uid].get("caption") if uid in graph else None) or uid)


def walks(graph: Network) -> list[Walk]:
    """The graph's paths in their order, each with one card a hop in walk order."""
    ends = {key: (start, end) for start, end, key in graph.edges(keys=True)}
    return [_walk(graph, number, path, ends) for number, path in enumerate(graph.graph.get("paths") or [], start=1)]


def _walk(graph: Network, number: int, path: Path, ends: dict[str, tuple[str, str]]) -> Walk:
    nodes, edges = path.get("nodes", []), path.get("edges", [])
    found: dict[str, list[Evidence]] = {}
    for item in path.get("evidence") or []:
        found.setdefault(item.get("edge", ""), []).append(item)
    hops = [
        _hop(graph, i, (nodes[i - 1], nodes[i]), edge, ends.get(edge), found.get(edge, []))
        for i, edge in enumerate(edges[: len(nodes) - 1], start=1)
    ]
    strength = path.get("strength")
    return Walk(
        number=number,
        sentence=one_line(path.get("sentence") or _fallback_sentence(graph, nodes)),
        strength="" if strength is None else f"{strength:.2f}",
        nodes=tuple(nodes),
        hops=tuple(hops),
    )


def _fallback_sentence(graph: Network, nodes: list[str]) -> str:
    return f"{caption(graph, nodes[0])} leads to {caption(graph, nodes[-1])}." if nodes else ""


def _hop(
    graph: Network,
    number: int,
    walked: tuple[str, str],
    edge: str,
    ends: tuple[str, str] | None,
    evidence: list[Evidence],
) -> Hop:
    start, end = walked
    data: dict[str, Any] = graph.edges[ends[0], ends[1], edge] if ends else {}
    confidences = [item["confidence"] for item in evidence if item.get("confidence") is not None]
    confidence = min(confidences) if confidences else data.get("confidence")  # type: ignore[type-var]
    records = [record for item in evidence for record in item.get("records") or []] or data.get("sources") or []
    facts = _evidence_facts(evidence) or _unread_facts(data)
    if confidence is not None:
        facts.append(Fact("Confidence", percent(confidence)))
    return Hop(
        number=number,
        edge=edge,
        start=caption(graph, start),
        words=verb(data.get("type") or "", forward=ends is None or ends[0] == start),
        end=caption(graph, end),
        claim="; ".join(_unique(one_line(item["claim"]) for item in evidence if item.get("claim"))),
        unsure=confidence is not None and confidence < look.SURE,
        facts=tuple(facts),
        records=tuple(_unique(document_text(record) for record in records)),
    )


def _evidence_facts(evidence: list[Evidence]) -> list[Fact]:
    facts = []
    for item in evidence:
        if item.get("value") is not None:
            facts.append(Fact("Value", document_text(item["value"])))
        if item.get("shared_by") is not None:
            facts.append(Fact("Shared by", counted(int(item["shared_by"] or 0), "party", "parties")))
        if seen := period(item.get("first_seen"), item.get("last_seen")):
            facts.append(Fact("Seen", seen))
    return list(dict.fromkeys(facts))


def _unread_facts(data: dict[str, Any]) -> list[Fact]:
    seen = period(data.get("first_seen"), data.get("last_seen"))
    return [Fact("Seen", seen)] if seen else []


def left_out(graph: Network) -> list[str]:
    """What the graph does not show, one sentence each; hubs apart, by :func:`hidden_hubs`."""
    hidden: dict[str, Any] = graph.graph.get("left_out") or {}
    lines = [_STATUS.get(str(hidden.get("status")), "")]
    if hidden.get("truncated") and hidden.get("status") != "truncated":
        lines.append(_STATUS["truncated"])
    if hidden.get("paths"):
        lines.append(f"{counted(int(hidden['paths']), 'path')} through hubs only, which say little.")
    if hidden.get("nodes"):
        lines.append(f"{counted(int(hidden['nodes']), 'node')} beyond the limit.")
    if hidden.get("edges"):
        lines.append(f"{counted(int(hidden['edges']), 'link')} beyond the limit.")
    return [line for line in lines if line]


def hidden_hubs(graph: Network) -> list[str]:
    """Names of the values that were not followed because too many parties have them."""
    return [caption(graph, hub) for hub in (graph.graph.get("left_out") or {}).get("hubs") or []]


def properties(data: dict[str, Any]) -> list[Fact]:
    """The properties of a node or an edge that hold something, as people read them."""
    return [
        Fact(spaced(document_text(name)), plain(value))
        for name, value in (data.get("properties") or {}).items()
        if value is not None and value not in ("", [])
    ]


def plain(value: object) -> str:
    """A property's value as text: yes and no, lists joined."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return "; ".join(document_text(item) for item in value)
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else document_text(value)


def period(first: object, last: object) -> str:
    """Two days as one phrase."""
    days = _unique(document_text(day)[:10] for day in (first, last) if day)
    return " to ".join(days)


def percent(share: float) -> str:
    """0.972 as ``97 %``; never rounded up to certainty."""
    return f"{min(int(share * 100 + 0.5), 99) if share < 1 else 100} %"


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
