"""The network as things to draw: marks for nodes, strokes for edges, and where labels fit on paper."""

from collections import defaultdict
from dataclasses import dataclass

from graphinv.views import look, reading
from graphinv.views.attributes import Network
from graphinv.views.layout import label_lines, layout, path_places

#: Width of the figure on paper, in CSS pixels; more nodes than fit are drawn smaller.
_PAPER_WIDTH, _PAPER_HEIGHT = 1000.0, 640.0
_PAD_X, _PAD_Y = 90.0, 50.0


@dataclass(frozen=True)
class Mark:
    """A node. ``number`` is its row in the table of nodes; ``lines`` its label."""

    uid: str
    number: int
    x: float
    y: float
    label: str
    family: str
    shape: str
    standing: str
    lines: tuple[str, ...]
    weight: float
    stop: bool
    seed: bool


@dataclass(frozen=True)
class Stroke:
    """An edge. ``number`` is its row in the table of edges.

    ``bend`` parts parallel edges: how far the curve's control point lies off the straight line, in shares of its length.
    """

    key: str
    number: int
    start: Mark
    end: Mark
    width: float
    dashed: bool
    seized: bool
    bend: float
    on_path: bool

    def control(self) -> tuple[float, float]:
        """The control point of the quadratic curve."""
        dx, dy = self.end.x - self.start.x, self.end.y - self.start.y
        return (self.start.x + self.end.x) / 2 + dy * self.bend, (self.start.y + self.end.y) / 2 - dx * self.bend

    def middle(self) -> tuple[float, float]:
        """The point half way along the curve."""
        dx, dy = self.end.x - self.start.x, self.end.y - self.start.y
        return (self.start.x + self.end.x + dy * self.bend) / 2, (self.start.y + self.end.y - dx * self.bend) / 2


@dataclass(frozen=True)
class PaperLabel:
    """Text beside a mark on paper: its name, or its number where the name does not fit."""

    mark: Mark
    lines: tuple[str, ...]
    x: float
    y: float
    named: bool


@dataclass(frozen=True)
class Drawing:
    """Everything that a figure shows. ``scale`` is CSS pixels on paper for one layout unit."""

    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...]
    left: float
    top: float
    width: float
    height: float
    scale: float
    labels: tuple[PaperLabel, ...]


def draw(graph: Network) -> Drawing:
    """The drawing of a graph: paths last, so that they lie on top."""
    marks = _marks(graph)
    strokes = _strokes(graph, {mark.uid: mark for mark in marks})
    xs, ys = [mark.x for mark in marks] or [0.0], [mark.y for mark in marks] or [0.0]
    left, top = min(xs) - _PAD_X, min(ys) - _PAD_Y
    width, height = max(xs) + _PAD_X - left, max(ys) + _PAD_Y - top
    scale = min(1.0, _PAPER_WIDTH / width, _PAPER_HEIGHT / height)
    ordered = tuple(sorted(marks, key=lambda mark: mark.weight))
    return Drawing(ordered, strokes, left, top, width, height, scale, _paper_labels(ordered, scale))


def _marks(graph: Network) -> list[Mark]:
    places, stops = layout(graph), path_places(graph)
    seeds = set(graph.graph.get("seeds") or [])
    marks = []
    for number, uid in enumerate(graph, start=1):
        data = graph.nodes[uid]
        symbol, standing = look.symbol(data.get("label")), data.get("standing")
        marks.append(
            Mark(
                uid=uid,
                number=number,
                x=places[uid][0],
                y=places[uid][1],
                label=data.get("label") or "",
                family=symbol.family,
                shape=symbol.shape,
                standing=standing if standing in look.STANDINGS else "",
                lines=tuple(label_lines(graph, uid, stop=uid in stops)),
                weight=1000 * (uid in stops) + 500 * (uid in seeds) + 100 * (standing == "seized") + graph.degree(uid),
                stop=uid in stops,
                seed=uid in seeds,
            )
        )
    return marks


def _strokes(graph: Network, marks: dict[str, Mark]) -> tuple[Stroke, ...]:
    on_path = {edge for walk in reading.walks(graph) for edge in (hop.edge for hop in walk.hops)}
    together: dict[frozenset[str], int] = defaultdict(int)
    strokes = []
    for number, (start, end, key, data) in enumerate(graph.edges(keys=True, data=True), start=1):
        place = together[frozenset((start, end))]
        together[frozenset((start, end))] += 1
        # 0, 1, -1, 2, -2 ... on the same side whichever way the edge points.
        side = (place + 1) // 2 * (1 if place % 2 else -1) * (1 if start <= end else -1)
        properties, confidence = data.get("properties") or {}, data.get("confidence")
        strokes.append(
            Stroke(
                key=key,
                number=number,
                start=marks[start],
                end=marks[end],
                width=look.edge_width(_count(properties.get("shipments"))),
                dashed=confidence is not None and confidence < look.SURE,
                seized=_count(properties.get("seized")) > 0 or data.get("type") == "SEIZED_FROM",
                bend=0.22 * side,
                on_path=key in on_path,
            )
        )
    return tuple(sorted(strokes, key=lambda stroke: stroke.on_path))


def _count(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) else 0


def _paper_labels(marks: tuple[Mark, ...], scale: float) -> tuple[PaperLabel, ...]:
    """Names where they fit, the most important first; the number of the table row where they do not."""
    radius = paper_radius(scale)
    taken = _Boxes()
    for mark in marks:
        taken.add(mark.x * scale, mark.y * scale, 2 * radius, 2 * radius)
    labels = []
    for mark in reversed(marks):
        numbered = (str(mark.number),)
        for lines in (mark.lines, numbered):
            place = taken.fit(mark, lines, radius, scale)
            if place is not None:
                labels.append(PaperLabel(mark, lines, place[0] / scale, place[1] / scale, lines is not numbered))
                break
    return tuple(labels)


def paper_radius(scale: float) -> float:
    """Radius of a mark on paper, in CSS pixels: small figures keep marks that can be seen."""
    return max(look.RADIUS * scale, 5.5)


class _Boxes:
    """Rectangles that are taken, in CSS pixels on paper."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = defaultdict(list)

    def fit(self, mark: Mark, lines: tuple[str, ...], radius: float, scale: float) -> tuple[float, float] | None:
        """Takes room for a label below, above, right or left of its mark; None when there is none."""
        width = max((look.text_width(line, look.LABEL_SIZE) for line in lines), default=0.0)
        height = look.LABEL_LINE * len(lines)
        x, y = mark.x * scale, mark.y * scale
        away, beside = radius + 3 + height / 2, radius + 5 + width / 2
        for place in ((x, y + away), (x, y - away), (x + beside, y), (x - beside, y)):
            if self.free(*place, width, height):
                self.add(*place, width, height)
                return place
        return None

    def add(self, x: float, y: float, width: float, height: float) -> None:
        for cell in self._covered(x, y, width, height):
            self._cells[cell].append((x, y, width, height))

    def free(self, x: float, y: float, width: float, height: float) -> bool:
        return not any(
            abs(x - bx) * 2 < width + bw and abs(y - by) * 2 < height + bh
            for cell in self._covered(x, y, width, height)
            for bx, by, bw, bh in self._cells.get(cell, ())
        )

    @staticmethod
    def _covered(x: float, y: float, width: float, height: float) -> list[tuple[int, int]]:
        size = 64
        columns = range(int((x - width / 2) // size), int((x + width / 2) // size) + 1)
        rows = range(int((y - height / 2) // size), int((y + height / 2) // size) + 1)
        return [(column, row) for column in columns for row in rows]
