"""Where every node goes: paths straight from left to right, neighbours around them, labels clear of each other.

The same graph always gets the same picture, whatever the order in which its nodes were added.
"""

import networkx as nx
import numpy as np

from graphinv.views import look
from graphinv.views.attributes import Network
from graphinv.views.placement import Flags, Floats, Ints, Web, distances, fan_out, majorise, push_apart
from graphinv.views.text import shorten, wrapped

Place = tuple[float, float]

#: Distance between neighbours, between the stops of a path, and between paths drawn above each other.
_EDGE, _STOP, _LANE = 92.0, 200.0, 150.0
#: Least room for the label of a stop.
_STOP_MINIMUM = 140.0
#: Room left between components.
_MARGIN = 60.0
#: Characters of a line of a stop's label, and its lines.
STOP_WIDTH, STOP_LINES = 22, 2


def layout(graph: Network) -> dict[str, Place]:
    """A place (x to the right, y down; CSS pixels at scale 1) for every node of ``graph``.

    Reads ``paths`` and ``seeds`` of the graph and the captions. Deterministic; about 1 s for 600 nodes.
    """
    stops = path_places(graph)
    parts = sorted(nx.weakly_connected_components(graph), key=lambda part: (-len(part), min(part)))
    on_paths = sorted({uid for part in parts if not stops.keys().isdisjoint(part) for uid in part})
    groups = [on_paths] if on_paths else []
    groups += [sorted(part) for part in parts if stops.keys().isdisjoint(part) and len(part) > 1]
    blocks = [_arrange(graph, group, stops) for group in groups]
    alone = sorted(uid for part in parts if len(part) == 1 and part.isdisjoint(stops) for uid in part)
    if alone:
        blocks.append(_grid(graph, alone))
    return {uid: (round(x, 1), round(y, 1)) for uid, (x, y) in sorted(_pack(blocks).items())}


def label_lines(graph: Network, uid: str, *, stop: bool) -> list[str]:
    """The caption beside a node: two lines for a stop of a path, one for any other node."""
    caption = graph.nodes[uid].get("caption") or uid
    return wrapped(caption, STOP_WIDTH, STOP_LINES) if stop else [shorten(caption, look.LABEL_LENGTH)]


def path_places(graph: Network) -> dict[str, Place]:
    """Places of the nodes on paths: the first path straight, others on lanes above and below where they differ."""
    walks = [[uid for uid in path.get("nodes", []) if uid in graph] for path in graph.graph.get("paths", [])]
    walks = [walk for walk in walks if walk]
    if not walks:
        return {}
    longest = max(len(walk) for walk in walks)
    step = min(_roomy(graph), 1.25) * max(_STOP, _STOP_MINIMUM * (longest - 1) / max(len(walks[0]) - 1, 1))
    placed = {uid: (i * step, 0.0) for i, uid in reversed(list(enumerate(walks[0])))}
    for number, walk in enumerate(walks[1:]):
        lane = (number // 2 + 1) * (_LANE if number % 2 else -_LANE)
        placed |= _lane_places(walk, placed, step, lane)
    return placed


def _lane_places(walk: list[str], placed: dict[str, Place], step: float, lane: float) -> dict[str, Place]:
    """Places for the nodes of one more path: between the nodes that are placed already, ``lane`` off their line."""
    known = [i for i, uid in enumerate(walk) if uid in placed]
    new = dict[str, Place]()
    for i, uid in enumerate(walk):
        if uid in placed or uid in new:
            continue
        before = max((k for k in known if k < i), default=None)
        after = min((k for k in known if k > i), default=None)
        if before is not None and after is not None:
            share = (i - before) / (after - before)
            x = placed[walk[before]][0] * (1 - share) + placed[walk[after]][0] * share
        elif before is not None:
            x = placed[walk[before]][0] + step * (i - before)
        else:
            x = (placed[walk[after]][0] if after is not None else len(walk) * step) - step * ((after or len(walk)) - i)
        new[uid] = (x, lane)
    return new


def _arrange(graph: Network, uids: list[str], stops: dict[str, Place]) -> dict[str, Place]:
    """Places for some nodes; those of ``stops`` stay where they are."""
    index = {uid: i for i, uid in enumerate(uids)}
    places = np.zeros((len(uids), 2))
    fixed = np.zeros(len(uids), dtype=np.bool_)
    for uid in stops.keys() & index.keys():
        places[index[uid]] = stops[uid]
        fixed[index[uid]] = True
    if not fixed.any():
        fixed[index[_root(graph, uids)]] = True
    far = distances(_web(graph, index, places, fixed))
    start = fan_out(far, fixed, places, _sectors(places, fixed))
    settled = majorise(far, start, fixed)
    obstacles = _badge_places(graph, index, settled)
    boxes = np.vstack([_boxes(graph, uids, stops), np.full((len(obstacles), 2), (90.0, 34.0))])
    held = np.concatenate([fixed & bool(stops), np.ones(len(obstacles), dtype=np.bool_)])
    final = push_apart(np.vstack([settled, obstacles]), boxes, held)
    return {uid: (float(final[i, 0]), float(final[i, 1])) for uid, i in index.items()}


def _root(graph: Network, uids: list[str]) -> str:
    """The middle of a component without a path: its first seed, else its busiest node."""
    seeds = [uid for uid in graph.graph.get("seeds", []) if uid in set(uids)]
    return str(seeds[0]) if seeds else min(uids, key=lambda uid: (-graph.degree(uid), uid))


def _web(graph: Network, index: dict[str, int], places: Floats, fixed: Flags) -> Web:
    """Edges with the length they should have: longer at a node with many leaves, as drawn between stops."""
    pairs = sorted({(min(a, b), max(a, b)) for a, b in ((index[u], index[v]) for u, v in graph.edges(index)) if a != b})
    ends: Ints = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    degree = np.bincount(ends.ravel(), minlength=len(index))
    leaf = degree == 1
    leaves = np.zeros(len(index))
    for near, away in ((0, 1), (1, 0)):
        np.add.at(leaves, ends[:, near], leaf[ends[:, away]])
    crowd = leaves[ends].max(axis=1, initial=0)
    lengths = _EDGE * np.maximum(1.0, 0.42 * np.sqrt(crowd))
    lengths = np.where(leaf[ends].any(axis=1), lengths, lengths * 1.35)
    both = fixed[ends].all(axis=1)
    drawn = np.linalg.norm(places[ends[:, 0]] - places[ends[:, 1]], axis=1)
    return Web(len(index), ends, np.where(both, np.maximum(drawn, _EDGE), lengths))


def _sectors(places: Floats, fixed: Flags) -> list[list[tuple[float, float]]]:
    """Into which angles each anchor sends its neighbours: off the line of the path, outwards at its ends."""
    stops = places[fixed]
    if len(stops) == 1:
        return [[(0.0, 360.0)]]
    left, right = stops[:, 0].min(), stops[:, 0].max()
    result = []
    for x, y in stops:
        above, below = (215.0, 325.0), (35.0, 145.0)
        sectors = [above, below] if y == 0 else [above if y < 0 else below]
        if x == left:
            sectors = [(100.0, 260.0)]
        elif x == right:
            sectors = [(-80.0, 80.0)]
        result.append(sectors)
    return result


def _badge_places(graph: Network, index: dict[str, int], places: Floats) -> Floats:
    """The middle of every hop, where its number is drawn: kept free of nodes."""
    hops = {
        (min(index[a], index[b]), max(index[a], index[b]))
        for path in graph.graph.get("paths", [])
        for a, b in zip(path.get("nodes", []), path.get("nodes", [])[1:], strict=False)
        if a in index and b in index and a != b
    }
    ends = np.array(sorted(hops), dtype=np.int64).reshape(-1, 2)
    middles: Floats = (places[ends[:, 0]] + places[ends[:, 1]]) / 2
    return middles


def _boxes(graph: Network, uids: list[str], stops: dict[str, Place]) -> Floats:
    """Width and height of every node with its label; in large graphs labels get less, for not all show at once."""
    cap = float(np.interp(len(graph), [60, 300], [150, 66]))
    sizes = []
    for uid in uids:
        lines = label_lines(graph, uid, stop=uid in stops)
        widest = max((look.text_width(line) for line in lines), default=0.0)
        width = widest if uid in stops else min(widest, cap)
        room = _roomy(graph) if uid in stops else 1.0
        height = 2.6 * look.RADIUS + look.LABEL_LINE * len(lines) + 6
        sizes.append((room * (max(width, 2.6 * look.RADIUS) + 8), room * height))
    return np.array(sizes, dtype=np.float64).reshape(-1, 2)


def _roomy(graph: Network) -> float:
    """Stops of large networks get more room: they are seen from further away, with names as large as ever."""
    return float(np.interp(len(graph), [12, 60, 300], [1.0, 1.5, 1.8]))


def _grid(graph: Network, uids: list[str]) -> dict[str, Place]:
    """Nodes without any edge, in rows."""
    sizes = _boxes(graph, uids, {})
    width, height = float(sizes[:, 0].max()) + 10, float(sizes[:, 1].max()) + 10
    columns = max(1, round(np.sqrt(len(uids) * 1.6 * height / width)))
    return {uid: (i % columns * width, i // columns * height) for i, uid in enumerate(uids)}


def _pack(blocks: list[dict[str, Place]]) -> dict[str, Place]:
    """Blocks side by side in rows, the first one where it is; rows are about as wide as the widest block."""
    if not blocks:
        return {}
    corners = [np.array(list(block.values())) for block in blocks]
    spans = [np.ptp(corner, axis=0) + _MARGIN + look.RADIUS * 4 for corner in corners]
    area = sum(float(width * height) for width, height in spans)
    limit = max(float(spans[0][0]), np.sqrt(area * 1.5))
    result, x, y, tall = dict[str, Place](), 0.0, 0.0, 0.0
    origin = corners[0].min(axis=0)
    for block, corner, (width, height) in zip(blocks, corners, spans, strict=True):
        if x > 0 and x + width > limit:
            x, y, tall = 0.0, y + tall, 0.0
        shift = origin + np.array((x, y)) - corner.min(axis=0)
        result |= {uid: (px + float(shift[0]), py + float(shift[1])) for uid, (px, py) in block.items()}
        x, tall = x + float(width), max(tall, float(height))
    return result
