"""Hints at seized parties that are too weak for a link: a note tells of them, and nothing is left out in silence."""

from collections.abc import Sequence

from graphinv.links.index import LinkIndex
from graphinv.links.kernels import UNREACHABLE
from graphinv.links.sentences import hint_words
from graphinv.links.walks import WEAKEST, Start
from graphinv.links.weights import HINTS, strength_of

#: What is weaker still is not told at all.
_FAINTEST = 0.002


def told_weak(index: LinkIndex, starts: Sequence[Start]) -> tuple[str, ...]:
    """A note for each value or combination of a question that hints at a seized party by less than a link needs."""
    told: dict[tuple[str, str], tuple[float, str]] = {}
    for start in starts:
        if start.claim is None or start.claim not in HINTS or index.graph.cost[start.node] == UNREACHABLE:
            continue
        by_value = not index.graph.party[start.node]
        strength = strength_of(float(start.cost) + float(index.graph.cost[start.node]), 1 + by_value)
        given = (start.claim, start.value)
        if strength > told.get(given, (_FAINTEST, ""))[0]:
            told[given] = (strength, _words(index, start, start.claim))
    return tuple(
        f"too weak for a link (strength {strength:.3f}): {words}"
        for strength, words in told.values()
        if strength < WEAKEST
    )


def _words(index: LinkIndex, start: Start, claim: str) -> str:
    graph, node = index.graph, start.node
    user = node if graph.party[node] else int(graph.before[node])
    held, party, seized = (index.nodes.text("caption", at) or "" for at in (node, user, int(graph.origin[node])))
    words = hint_words(claim, start.value, held, party)
    if int(graph.origin[node]) == user:
        return f"{words}, whose goods were seized"
    return f"{words}, from whom a path leads to {seized}, whose goods were seized"
