"""The identities of one party: a record declares an identity, and SAME_AS joins those that resolution or a person holds
for one party."""

from collections.abc import Iterable

from graphinv.links.around import same_party
from graphinv.links.index import LinkIndex
from graphinv.schema import STANDINGS


def identities_of(index: LinkIndex, nodes: Iterable[int]) -> list[int]:
    """Some identities and all others of their parties, in the order of their positions."""
    frontier = list(nodes)
    members = set(frontier)
    while frontier:
        new = set(same_party(index.graph, frontier.pop())) - members
        members |= new
        frontier.extend(new)
    return sorted(members)


def standing_of(index: LinkIndex, nodes: Iterable[int]) -> str:
    """How the party behind some identities stands."""
    own = list(nodes)
    told = {index.nodes.text("standing", node) for node in own}
    if STANDINGS[0] not in told:  # nothing is stronger
        told |= {index.nodes.text("standing", node) for node in set(identities_of(index, own)).difference(own)}
    return next(name for name in STANDINGS if name in told or name == STANDINGS[-1])
