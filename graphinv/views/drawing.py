"""The network as things to draw: marks for nodes, strokes for edges, and where labels fit on paper."""

from collections import defaultdict
from dataclasses import dataclass

from graphinv.views import look, reading
from graphinv.views.attributes import Network
from graphinv.views.layout import label_lines, layout, path_places

#: Width of the figure on paper, in CSS pixels; more nodes than fit are drawn smaller.
_PAPER_WIDTH, _PAPER_HEIGHT = 820.0, 700.0
_PAD_X, _PAD_Y = 90.0, 50.0


@dataclass(frozen=True)
class Mark:
    """A node. ``number`` is its row in the table of nodes; ``lines`` its label.

    ``side`` is where its neighbours are not: 1 right, -1 left.
    """

    uid: str
    number: int
    x: float
    y: float
    label: str
    caption: str
    family: str
    shape: str
    standing: str
    lines: tuple[str, ...]
    weight: float
    side: int
    stop: bool
    seed: bool


@dataclass(frozen=True)
class Stroke:
    """An edge. ``number`` is its row in the table of edges, ``walk`` the first path that it is on (0 for none).

    ``bend`` parts parallel edges: how far the curve's control point lies off the straight line, in shares of its
    length.
    """

    key: str
    number: int
    start: Mark
    end: Mark
    width: float
    dashed: bool
    seized: bool
    bend: float
    walk: int

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
    frame = (left * scale, top * scale, (left + width) * scale, (top + height) * scale)
    return Drawing(ordered, strokes, left, top, width, height, scale, _paper_labels(ordered, strokes, scale, frame))


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
                caption=reading.caption(graph, uid),
                family=symbol.family,
                shape=symbol.shape,
                standing=standing if standing in look.STANDINGS else "",
                lines=tuple(label_lines(graph, uid, stop=uid in stops)),
                weight=1000 * (uid in stops) + 500 * (uid in seeds) + 100 * (standing == "seized") + graph.degree(uid),
                side=_free_side(graph, uid, places),
                stop=uid in stops,
                seed=uid in seeds,
            )
        )
    return marks


def _free_side(graph: Network, uid: str, places: dict[str, tuple[float, float]]) -> int:
    neighbours = [places[other][0] for other in {*graph.successors(uid), *graph.predecessors(uid)}]
    return -1 if sum(neighbours) > places[uid][0] * len(neighbours) + 1 else 1


def _strokes(graph: Network, marks: dict[str, Mark]) -> tuple[Stroke, ...]:
    on_path = {hop.edge: walk.number for walk in reversed(reading.walks(graph)) for hop in walk.hops}
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
                walk=on_path.get(key, 0),
            )
        )
    return tuple(sorted(strokes, key=lambda stroke: -stroke.walk if stroke.walk else -len(strokes)))


def _count(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) else 0


def _paper_labels(
    marks: tuple[Mark, ...], strokes: tuple[Stroke, ...], scale: float, frame: tuple[float, float, float, float]
) -> tuple[PaperLabel, ...]:
    """Names where they fit, the most important first; the number of the table row where they do not.

    The name of a stop may cover other marks, but no other stop and no hop number.
    """
    radius = paper_radius(scale)
    filled, firm = _Boxes(frame), _Boxes(frame)
    for mark in marks:
        for boxes in (filled, firm) if mark.stop else (filled,):
            boxes.add(mark.x * scale, mark.y * scale, 2.1 * radius, 2.1 * radius)
    for stroke in strokes:
        if stroke.walk == 1:
            x, y = stroke.middle()
            filled.add(x * scale, y * scale, 20, 20)
            firm.add(x * scale, y * scale, 20, 20)
    labels = []
    for mark in reversed(marks):
        tries = [(mark.lines, filled), *([(mark.lines, firm)] if mark.stop else []), ((str(mark.number),), filled)]
        for lines, boxes in tries:
            size = look.LABEL_SIZE if lines is mark.lines else look.NUMBER_SIZE
            width, height = _label_size(lines, size, bold=mark.stop or mark.seed)
            place = next(
                (p for p in _beside(mark, width, height, radius, scale) if boxes.free(*p, width, height)), None
            )
            if place is not None:
                filled.add(*place, width, height)
                firm.add(*place, width, height)
                labels.append(PaperLabel(mark, lines, place[0] / scale, place[1] / scale, lines is mark.lines))
                break
    return tuple(labels)


def _label_size(lines: tuple[str, ...], size: float, *, bold: bool) -> tuple[float, float]:
    width = max((look.text_width(line, size) for line in lines), default=0.0)
    return width * (1.12 if bold else 1.0), size / look.LABEL_SIZE * look.LABEL_LINE * len(lines)


def _beside(mark: Mark, width: float, height: float, radius: float, scale: float) -> list[tuple[float, float]]:
    """Where a label may go, best first: below, above, its free side, the other, further off. In CSS pixels on paper."""
    radius += 3 if mark.standing in look.BADGES else 0
    down, side = radius + 4 + height / 2, radius + 5 + width / 2
    low, out = radius * 0.6 + height / 2, radius * 0.7 + width / 2
    side, out = side * mark.side, out * mark.side
    offsets = [(0.0, down), (0.0, -down), (side, 0.0), (-side, 0.0)]
    offsets += [(out, low), (-out, low), (out, -low), (-out, -low)]
    offsets += [(0.0, down + height * 0.7), (0.0, -down - height * 0.7)]
    return [(mark.x * scale + dx, mark.y * scale + dy) for dx, dy in offsets]


def paper_radius(scale: float) -> float:
    """Radius of a mark on paper, in CSS pixels: small figures keep marks that can be seen."""
    return max(look.RADIUS * scale, 5.0)


class _Boxes:
    """Rectangles that are taken within a frame (left, top, right, bottom), in CSS pixels on paper."""

    def __init__(self, frame: tuple[float, float, float, float]) -> None:
        self._frame = frame
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = defaultdict(list)

    def add(self, x: float, y: float, width: float, height: float) -> None:
        for cell in self._covered(x, y, width, height):
            self._cells[cell].append((x, y, width, height))

    def free(self, x: float, y: float, width: float, height: float) -> bool:
        left, top, right, bottom = self._frame
        if x - width / 2 < left or x + width / 2 > right or y - height / 2 < top or y + height / 2 > bottom:
            return False
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
