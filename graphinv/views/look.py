"""How the network looks, declared once: a colour family, a shape and a sign for every label, a ring for every standing.

Shape and sign carry the meaning and colour only helps: the six hues stay apart for people with protanopia,
deuteranopia and tritanopia, and a standing is a ring with a badge, never a hue alone.
"""

import math
import unicodedata
from typing import NamedTuple

#: Radius of a node, in layout units (CSS pixels at scale 1).
RADIUS = 13.0
#: Characters of a caption beside a node.
LABEL_LENGTH = 24
#: Font size of a caption beside a node, and the height of a line of it.
LABEL_SIZE, LABEL_LINE = 11.0, 13.0
#: Font size of the number that stands for a caption where the caption does not fit.
NUMBER_SIZE = 8.5
#: Below this confidence an edge is dashed.
SURE = 0.75


class Hue(NamedTuple):
    """A colour on light and on dark ground."""

    light: str
    dark: str


class Symbol(NamedTuple):
    """What stands for one label. ``sign`` is drawn with strokes in a box of 16 by 16."""

    family: str
    shape: str
    sign: str


#: Colour families: who brings goods in, who sells, places, contact details, the trade around, enforcement.
FAMILIES: dict[str, Hue] = {
    "importer": Hue("#1b4fe1", "#5d86ff"),
    "seller": Hue("#a658b4", "#c98ad4"),
    "place": Hue("#0c9c6b", "#2cc08c"),
    "contact": Hue("#bf8707", "#dca52c"),
    "trade": Hue("#555c6d", "#97a1b5"),
    "enforcement": Hue("#af1817", "#f0605f"),
}

SURFACES: dict[str, Hue] = {
    "canvas": Hue("#fbfcfd", "#0c1117"),
    "panel": Hue("#ffffff", "#161d27"),
    "line": Hue("#e2e6ec", "#263041"),
    "ink": Hue("#18202c", "#e6ebf2"),
    "muted": Hue("#5d6878", "#94a1b3"),
    "edge": Hue("#b4bdca", "#3c4a5e"),
    "path": Hue("#2457c5", "#7aa7ff"),
    "sign": Hue("#ffffff", "#0c1117"),
    "seized": Hue("#c8102e", "#ff6b6b"),
    "trusted": Hue("#0969da", "#58a6ff"),
}

SYMBOLS: dict[str, Symbol] = {
    "Importer": Symbol(
        "importer", "circle", "M4 13.5V2.5h8v11M2.5 13.5h11M6.6 5.3h.1M9.3 5.3h.1M6.6 8h.1M9.3 8h.1M7 13.3v-2.6h2v2.6"
    ),
    "Seller": Symbol(
        "seller",
        "octagon",
        "M2.6 6.4 4 2.8h8l1.4 3.6zM4 8.6v4.7h8V8.6M6.7 13.2v-2.8h2.6v2.8",
    ),
    "Shipper": Symbol("trade", "circle", "M2.5 9.5h11l-1.8 3.7H4.3zM8 9.2V2.4M8.3 3l3.9 4H8.3"),
    "Manufacturer": Symbol("trade", "circle", "M2.8 13.2V6.6l3.4 2.2V6.6l3.4 2.2V3h3v10.2z"),
    "Broker": Symbol("trade", "circle", "M2.6 5.6h10.8v7.2H2.6zM6 5.4V3.4h4v2M2.8 9h10.4"),
    "Shipment": Symbol("trade", "square", "M2.8 5 8 2.4 13.2 5v6L8 13.6 2.8 11zM2.9 5.1 8 7.7l5.1-2.6M8 7.8v5.6"),
    "Commodity": Symbol("trade", "square", "M8.2 2.6H3v5.2l5.7 5.6 5-5zM5.6 5.3h.1"),
    "Address": Symbol(
        "place",
        "diamond",
        "M8 13.8C5.2 11 3.9 9 3.9 6.8a4.1 4.1 0 0 1 8.2 0c0 2.2-1.3 4.2-4.1 7zM8 5.7v2M7 6.7h2",
    ),
    "Port": Symbol(
        "place",
        "diamond",
        "M8 5.6v8M8 2.4a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M5.4 7.8h5.2M3 9.8c.4 2.4 2.3 3.8 5 3.8s4.6-1.4 5-3.8",
    ),
    "Phone": Symbol(
        "contact",
        "hexagon",
        "M5.7 2.9 3.6 3.3c-.5 5 4.1 9.6 9.1 9.1l.4-2.1-2.7-1.4-1.3 1.2c-1.4-.6-2.6-1.8-3.2-3.2l1.2-1.3z",
    ),
    "Email": Symbol("contact", "hexagon", "M2.6 4h10.8v8H2.6zM2.8 4.4 8 8.6l5.2-4.2"),
    "Website": Symbol(
        "contact",
        "hexagon",
        "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M2.7 8h10.6M8 2.6c-3 3.2-3 7.6 0 10.8 3-3.2 3-7.6 0-10.8",
    ),
    "BankAccount": Symbol("contact", "hexagon", "M2.6 6 8 2.8 13.4 6zM4.4 6.4v5M8 6.4v5M11.6 6.4v5M2.8 13h10.4"),
    "Officer": Symbol(
        "contact",
        "hexagon",
        "M8 2.6a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2M3.2 13.4c.3-2.6 2.2-3.8 4.8-3.8s4.5 1.2 4.8 3.8",
    ),
    "Seizure": Symbol("enforcement", "octagon", "M4.4 4.4l7.2 7.2M11.6 4.4l-7.2 7.2"),
    "WatchlistEntry": Symbol(
        "enforcement",
        "pentagon",
        "M1.9 8.4C4.6 4.3 11.4 4.3 14.1 8.4 11.4 12.4 4.6 12.4 1.9 8.4M8 6.7a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4",
    ),
    "Report": Symbol("enforcement", "pentagon", "M4.8 13.6V3h6.8L9.8 5.8l1.8 2.8H5"),
}
UNKNOWN_SYMBOL = Symbol("trade", "circle", "M8 3.4v5.4M8 11.9h.1")

#: What a standing means to the reader; ``unknown`` and ``known`` have no ring.
STANDINGS: dict[str, str] = {
    "seized": "Seized: goods of this party were seized before",
    "trusted": "Trusted: vetted in a program",
    "known": "Known: has filed before, nothing seized",
    "unknown": "Unknown: no history",
}
BADGES: dict[str, str] = {
    "seized": "M0-5.4 5.6 4.6H-5.6z",
    "trusted": "M0-5.4A5.4 5.4 0 1 1 0 5.4 5.4 5.4 0 1 1 0-5.4z",
}
BADGE_SIGNS: dict[str, str] = {"seized": "M0-2.1V1.1M0 2.9h.1", "trusted": "M-2.4.1-.7 1.9 2.5-1.7"}

# shape: (corners, turn in degrees, size against a circle of equal weight, rounding 0..0.5)
_POLYGONS: dict[str, tuple[int, float, float, float]] = {
    "diamond": (4, 0.0, 1.26, 0.24),
    "square": (4, 45.0, 1.27, 0.18),
    "pentagon": (5, -90.0, 1.16, 0.2),
    "hexagon": (6, 0.0, 1.12, 0.2),
    "octagon": (8, 22.5, 1.08, 0.14),
}


def symbol(label: str | None) -> Symbol:
    """The symbol of a label; labels of other schemas get a neutral one."""
    return SYMBOLS.get(label or "", UNKNOWN_SYMBOL)


def shape_path(shape: str, radius: float = RADIUS) -> str:
    """The outline of a shape around the origin, as SVG path data (canvas ``Path2D`` reads the same)."""
    if shape not in _POLYGONS:
        r = f"{radius:g}"
        return f"M{r} 0A{r} {r} 0 1 1 -{r} 0A{r} {r} 0 1 1 {r} 0Z"
    count, turn, size, rounding = _POLYGONS[shape]
    angles = [math.radians(turn + 360 * i / count) for i in range(count)]
    corners = [(radius * size * math.cos(a), radius * size * math.sin(a)) for a in angles]
    parts = list[str]()
    for i, (x, y) in enumerate(corners):
        (px, py), (nx, ny) = corners[i - 1], corners[(i + 1) % count]
        start = f"{x + (px - x) * rounding:.2f} {y + (py - y) * rounding:.2f}"
        end = f"{x + (nx - x) * rounding:.2f} {y + (ny - y) * rounding:.2f}"
        parts.append(f"{'L' if parts else 'M'}{start}Q{x:.2f} {y:.2f} {end}")
    return "".join(parts) + "Z"


def edge_width(shipments: int) -> float:
    """Stroke width of an edge that stands for so many shipments; one that stands for none is thin."""
    return 1.5 if shipments <= 0 else min(1.4 + 1.1 * math.log2(1 + shipments), 7.0)


def text_width(text: str, size: float = LABEL_SIZE) -> float:
    """About how wide a text is in a system font, in CSS pixels; wide scripts count double."""
    units = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.58 for c in text)
    return units * size
