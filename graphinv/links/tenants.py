"""Of whom an address tells that many use: whoever leaves the unit out may be any of the building's tenants."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graphinv.links.clues import building_uid
from graphinv.links.index import LinkIndex
from graphinv.links.weights import HUB_USERS
from graphinv.normalise.addresses import Address
from graphinv.resolve.agreement import Agreements
from graphinv.resolve.comparisons import COMPARISONS, Attribute
from graphinv.resolve.match_index import Matched

_ADDRESS = next(at for at, comparison in enumerate(COMPARISONS) if comparison.attribute is Attribute.ADDRESS)
_LEVELS = [level.name for level in COMPARISONS[_ADDRESS].levels]
_SAME, _UNIT_MISSING, _OTHER_UNIT = (_LEVELS.index(name) for name in ("same", "unit_missing", "other_unit"))
#: What is more than the address and the country that it lies in.
_ELSE = np.array([comparison.attribute not in (Attribute.ADDRESS, Attribute.COUNTRY) for comparison in COMPARISONS])


def by_tenants(index: LinkIndex, addresses: tuple[Address, ...], matched: Matched, named: Collection[int]) -> Matched:
    """What was compared, an address without a unit as rare as its building has tenants; without those who have nothing
    but a hub in common with the question. ``named`` are nodes that it names by number or account, which stay.

    The match model counts who left the unit out as well, and these may be few at a mailbox shop of hundreds.
    """
    if not addresses or not len(matched.party):
        return matched
    level, asked = matched.found.levels[:, _ADDRESS], matched.found.left[:, _ADDRESS]
    same, beside = level == _SAME, (level == _UNIT_MISSING) | (level == _OTHER_UNIT)
    if not (same | beside).any():
        return matched
    tenants = np.array([_tenants(index, address) for address in addresses], np.int32)
    if not tenants.any():
        return matched  # nobody on record is in any of these buildings
    unitless = np.array([address.unit_key is None for address in addresses])
    users = matched.found.users[:, _ADDRESS]
    housed = np.where(same & unitless[asked], np.maximum(users, tenants[asked]), users)
    hub = same & (housed >= HUB_USERS) | beside & (tenants[asked] >= HUB_USERS)
    kept = np.arange(len(hub))
    if hub.any():
        stays = ~hub | (matched.bits[:, _ELSE] > 0.0).any(axis=1)
        for node in named:
            stays |= index.match.nodes[matched.party] == node
        kept = np.flatnonzero(stays)
    return _counted_anew(index, matched, housed, kept)


def _counted_anew(index: LinkIndex, matched: Matched, users: NDArray[np.int32], kept: NDArray[np.int64]) -> Matched:
    """Some rows, the users of their addresses counted otherwise."""
    if len(kept) == len(matched.party) and np.array_equal(users, matched.found.users[:, _ADDRESS]):
        return matched
    found = matched.found
    before, bits = found.users[kept], matched.bits[kept].copy()
    counted = before.copy()
    counted[:, _ADDRESS] = users[kept]
    bits[:, _ADDRESS] -= np.log2(_others(counted[:, _ADDRESS]) / _others(before[:, _ADDRESS]))
    return replace(
        matched,
        party=matched.party[kept],
        found=Agreements(found.levels[kept], counted, found.left[kept], found.right[kept]),
        bits=bits,
        probability=index.match.asking.probability(bits.sum(axis=1)),
    )


def _others(users: NDArray[np.int32]) -> NDArray[np.int32]:
    """Whom else a value may stand for."""
    return np.maximum(users, 2) - 1


def _tenants(index: LinkIndex, address: Address) -> int:
    uid = building_uid(address)
    node = None if uid is None else index.node(uid)
    return 0 if node is None else int(index.graph.users[node])
