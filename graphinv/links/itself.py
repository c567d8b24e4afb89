"""The party itself, or another with its values? The same phone says one thing of a party that was seized and another
of a newcomer who took it over.

Goods of those who were seized once are in violation less often than goods of newcomers on their values. So a value
alone, with nothing that tells the asked party from its seized holder, is weaker evidence of the holder itself and not
of somebody behind it: giving the holder's name as well makes that surer, and must not make the score lower.
"""

from collections.abc import Sequence

from graphinv.links.candidates import Compared
from graphinv.links.clues import Clues
from graphinv.links.index import LinkIndex
from graphinv.links.walks import Start, Walk, Walks, find_walks, is_party
from graphinv.links.weights import SAME_AS

#: Claims of a start at a record that the party is, or may be.
RECORDS = (None, "SAME_AS")
#: Values that a party has itself; whom it deals with, or whose building it is in, are others.
_ITS_OWN = frozenset({"HAS_PHONE", "HAS_EMAIL", "HAS_WEBSITE", "HAS_OFFICER", "LOCATED_AT", "PAID_TO"})
#: What tells another from a record under the number that the question gives, and from any other record.
_ANOTHER_NAME = frozenset({"different_name", "like_name"})
_ANOTHER = _ANOTHER_NAME | {"different_number"}
#: What does not where the match model takes both for one party: a name misspelt is still its own.
_MISSPELT = frozenset({"like_name"})


def not_told_apart(
    index: LinkIndex, clues: Clues, compared: Sequence[Compared], own: frozenset[int], walks: Sequence[Walk]
) -> frozenset[int]:
    """The parties that the asked one is or may as well be: no other name or number is given than theirs, or than those
    of another identity of the same party."""
    alike = {item.node for item in compared if not item.features & _tells_apart(item, own)}
    anybody = clues.name is None and clues.number is None  # it may be any holder of a value
    for walk in walks:
        if (walk.start.node in alike or (anybody and _is_straight(walk))) and _ends_at_one_party(index, walk):
            alike.update(_parties(index, walk))
    return frozenset(alike)


def _ends_at_one_party(index: LinkIndex, walk: Walk) -> bool:
    """Whether all parties on a path are identities of one, which nothing but that joins."""
    first = next(at for at, node in enumerate(walk.nodes) if is_party(index, node))
    joined = index.graph.claim[list(walk.edges[first:])] == SAME_AS
    return bool(joined.all())


def _tells_apart(compared: Compared, own: frozenset[int]) -> frozenset[str]:
    other = _ANOTHER_NAME if compared.node in own else _ANOTHER
    return other - _MISSPELT if compared.match else other


def is_itself(index: LinkIndex, walk: Walk, itself: frozenset[int]) -> bool:
    """Whether a path says that the party is a seized one, and not that it hangs together with one; ``itself`` are those
    ``not_told_apart``."""
    return _is_straight(walk) and itself.issuperset(_parties(index, walk))


def _is_straight(walk: Walk) -> bool:
    return walk.start.claim in RECORDS or walk.start.claim in _ITS_OWN


def _parties(index: LinkIndex, walk: Walk) -> list[int]:
    return [node for node in walk.nodes if is_party(index, node)]


def by_values_alone(
    index: LinkIndex, starts: Sequence[Start], walks: Sequence[Walk], count: int, max_hops: int
) -> Walks:
    """By which values alone a question leads to seized parties that its record as a whole leads to already.

    Such a party is told once, as a record, and not by its phone again. But with what else is given the phone is worth
    no less than without.
    """
    if not any(len(walk.nodes) == 1 and walk.start.claim in RECORDS for walk in walks):
        return Walks((), gave_up=False)
    told = {node for walk in walks for node in walk.nodes if not is_party(index, node)}
    known = {(walk.start.node, walk.nodes) for walk in walks}
    alone = find_walks(index, [start for start in starts if start.claim not in RECORDS], count, max_hops)
    new = (walk for walk in alone.walks if told.isdisjoint(walk.nodes) and (walk.start.node, walk.nodes) not in known)
    return Walks(tuple(new), alone.gave_up)
