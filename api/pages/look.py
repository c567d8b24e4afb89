"""The look of the network for pages: the palette and symbols that reports use, as CSS and as JSON."""

from typing import Any, NamedTuple

from graphinv.views import look
from graphinv.views.wording import VERBS

#: The party asked about, which is no node of the graph.
_QUERY = look.Symbol("path", "circle", "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.1 10.1l3.2 3.2")


class Colour(NamedTuple):
    """One custom property, on light and on dark ground."""

    name: str
    light: str
    dark: str


def palette() -> list[Colour]:
    """Every colour of the network's look."""
    return [Colour(name, *hue) for name, hue in {**look.SURFACES, **look.FAMILIES}.items()]


def look_data() -> dict[str, Any]:
    """Symbols by label, badges and meanings by standing, both readings of every relationship type."""
    return {
        "symbols": {label: _drawn(symbol) for label, symbol in {"Query": _QUERY, **look.SYMBOLS}.items()},
        "unknown": _drawn(look.UNKNOWN_SYMBOL),
        "standings": look.STANDINGS,
        "badges": look.BADGES,
        "badge_signs": look.BADGE_SIGNS,
        "verbs": {name: tuple(verb) for name, verb in VERBS.items()},
        "sure": look.SURE,
    }


def _drawn(symbol: look.Symbol) -> dict[str, str]:
    return {"family": symbol.family, "path": look.shape_path(symbol.shape), "sign": symbol.sign}
