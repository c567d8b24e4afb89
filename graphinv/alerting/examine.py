"""The examination that follows every load and judgement: what is new is told, what is no more is withdrawn.

It compares the index with what the last examination knew, so it may be killed at any moment and run again: alerts are
found by what they rest on, and the same evidence raises nothing twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl

from graphinv.alerting.alert import Change, Examined, Kind, RestsOn, Status
from graphinv.alerting.alert_store import AlertStore, Held, Write
from graphinv.alerting.changes import Changes, changes_since
from graphinv.alerting.identities import find_identities, identity_link
from graphinv.alerting.known import index_id, known_index, known_of, read_known, write_known
from graphinv.alerting.links_found import (
    FoundLink,
    Members,
    Rules,
    entity_of_node,
    find_links,
    links_between,
    seized_entities,
    seizures_of,
)
from graphinv.alerting.orders import find_orders, in_force, order_keys
from graphinv.alerting.said import judged_pairs
from graphinv.links.evidence import seed_rows
from graphinv.links.index import IndexMeta, LinkIndex
from graphinv.record_parties import uids_of
from graphinv.workspace import Workspace

#: An alert that people look at changed when its link got so much stronger, relatively.
_STRONGER = 1.1
_WEAKER = 0.75

_GONE = "what it rested on is no longer on record"
_RELEASED = "its seizure was released or is no longer on record"
_ENDED = "the order is no longer in force, or the party no longer like it"
_TWIN = "the parties turned out to be one; told by alert "
_MERGED = "it turned out to be the party's own goods that were seized, under another identity"
_APART = "it is no longer taken for a seized party"
_SEIZED = "goods of the party's own were seized since"


@dataclass(frozen=True)
class _Scene:
    """An examination under way. ``nodes``: the identity of every alert's party, where it is still on record, and
    ``parties``: the entity; of an alert about an identity that one itself.
    """

    index: LinkIndex
    who: Members
    changes: Changes
    orders: pl.DataFrame
    rules: Rules
    seizures: frozenset[str]
    seized: frozenset[str]
    nodes: Mapping[str, int]
    parties: Mapping[str, str]


def examine(
    workspace: Workspace, index: LinkIndex, matches: pl.DataFrame, rules: Rules | None = None
) -> Examined | None:
    """Raise, change, reopen and withdraw alerts after what is new in an index; None where it was examined already.

    ``matches`` are the likenesses of parties to watch list entries (``resolve.watchlist.matches``).
    """
    store, rules = AlertStore(workspace), rules or Rules()
    with store.alone():
        known = read_known(workspace.alerts)
        if known is not None and known.index == index_id(index.meta):
            return None
        changes = changes_since(index, known)
        if changes.judged:
            changes = replace(changes, said=judged_pairs(workspace))
        orders = in_force(index, matches)
        found = find_links(index, changes, rules)
        held = store.held()
        scene = _scene(workspace, index, changes, orders, rules, held)
        told = {scene.nodes[one.id] for one in held if one.kind is Kind.IDENTITY and one.id in scene.nodes}
        same = find_identities(index, changes, rules, told)
        links = [*found.links, *same.links, *find_orders(index, orders, known, changes, rules)]
        writes, left_out = _told(scene, links, held)
        writes += _stands(scene, held, {one.held.id for one in writes})
        examined = _counted(index.meta.epoch, writes, left_out + found.left_out + same.left_out)
        store.write(writes, examined)
        write_known(workspace.alerts, known_of(index, changes.edges, order_keys(orders)))
    return examined


def is_examined(workspace: Workspace, meta: IndexMeta) -> bool:
    """Whether alerts know all of an index."""
    return known_index(workspace.alerts) == index_id(meta)


def _scene(
    workspace: Workspace, index: LinkIndex, changes: Changes, orders: pl.DataFrame, rules: Rules, held: Sequence[Held]
) -> _Scene:
    seizures = frozenset(index.graph.seeds["seizure"])
    nodes = _nodes(workspace, index, held)
    parties = {one.id: _subject(index, one, nodes[one.id]) for one in held if one.id in nodes}
    seized = frozenset(seized_entities(index))
    return _Scene(index, Members(index), changes, orders, rules, seizures, seized, nodes, parties)


def _nodes(workspace: Workspace, index: LinkIndex, held: Sequence[Held]) -> dict[str, int]:
    """The identity that each alert is about by now: the one it named, else that of the record that names it."""
    nodes = {one.id: index.node(one.party) for one in held}
    lost = {one.record for one in held if nodes[one.id] is None}
    uids = uids_of(workspace, lost) if lost else {}
    for one in held:
        if nodes[one.id] is None and one.record in uids:
            nodes[one.id] = index.node(uids[one.record])
    return {alert: node for alert, node in nodes.items() if node is not None}


def _subject(index: LinkIndex, one: Held, node: int) -> str:
    return (index.nodes.text("uid", node) or "") if one.kind is Kind.IDENTITY else entity_of_node(index, node)


def _told(scene: _Scene, links: Sequence[FoundLink], held: Sequence[Held]) -> tuple[list[Write], int]:
    """What the links found do: an alert that is about the same link changes, the others are raised, up to a number."""
    about: dict[tuple[Kind, str], list[Held]] = {}
    for one in held:
        if one.id in scene.parties:
            about.setdefault((one.kind, scene.parties[one.id]), []).append(one)
    most = scene.rules.first if scene.changes.first else scene.rules.raised
    writes: list[Write] = []
    raised = left_out = 0
    for link in sorted(links, key=lambda link: -link.told.strength):
        same = [one for one in about.get((link.kind, link.entity), []) if _meets(one.rests_on, link.rests_on)]
        if same:
            writes += _changed(same, link)
        elif raised < most:
            raised += 1
            writes.append(_raised(link))
        else:
            left_out += 1
    return writes, left_out


def _meets(held: RestsOn, found: RestsOn) -> bool:
    return not set(held.targets).isdisjoint(found.targets)


def _raised(link: FoundLink) -> Write:
    target = link.rests_on.targets[0]
    alert = sha256(f"{link.kind}\n{link.record}\n{target}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    strength = link.told.strength
    held = Held(alert, link.kind, link.told.party.id, link.record, Status.OPEN, strength, None, link.rests_on, None)
    return Write(held, "raised", link.changes, link.told)


def _changed(same: Sequence[Held], link: FoundLink) -> list[Write]:
    """What a link does to the alerts that are about it: more than one where parties turned out to be the same.

    What any of them rests on, all do: merging parties is no new evidence.
    """
    known = sum((one.rests_on for one in same), RestsOn((), ()))
    writes = [_change_of(one, link, known) for one in same]
    return [one for one in writes if one is not None]


def _change_of(one: Held, link: FoundLink, known: RestsOn) -> Write | None:
    now = replace(one, withdrawn=None, strength=link.told.strength, rests_on=one.rests_on + link.rests_on)
    if one.status is Status.CLEARED:
        new = link.rests_on.beyond(known)
        if new:
            return Write(replace(now, status=Status.OPEN, cleared=None), "reopened", _new(new, link), link.told)
        return Write(now, "returned", (_RETURNED,), link.told) if one.withdrawn else None
    if one.withdrawn:
        return Write(now, "returned", (_RETURNED, *link.changes), link.told)
    new = link.rests_on.beyond(one.rests_on)
    if new or link.told.strength >= one.strength * _STRONGER:
        return Write(now, "changed", _new(new, link) if new else link.changes, link.told)
    return None


_RETURNED = Change("returned", "what it rested on is on record again")


def _new(new: RestsOn, link: FoundLink) -> tuple[Change, ...]:
    """What was not in the evidence before, as the link tells it; else by its ids."""
    kinds = {"new_seizure", "new_order"} if new.targets else set()
    kinds |= {"new_value", "new_party", "judgement", "same_party"} if new.values else set()
    told = tuple(change for change in link.changes if change.kind in kinds)
    if told:
        return told
    named = [*(target.partition(":")[2] for target in new.targets), *new.values]
    return (Change("new_evidence", "; ".join(named)),)


def _stands(scene: _Scene, held: Sequence[Held], told: set[str]) -> list[Write]:
    """What became of alerts that no new link is about: those that rest on nothing any more are withdrawn, those whose
    reason to be withdrawn is gone return, and of several about one link the most certain one stays."""
    gone = set(scene.changes.gone.tolist())
    touched = (one for one in held if one.id in scene.parties and not gone.isdisjoint(one.rests_on.edges))
    scene.who.fill(entity_of_node(scene.index, scene.nodes[one.id]) for one in touched)
    twins = _twins(scene, held)
    writes: list[Write] = []
    for one in held:
        if one.id in told and one.id not in twins:
            continue
        why = f"{_TWIN}{twins[one.id]}" if one.id in twins else None
        if one.withdrawn is not None:
            if why is None and _is_back(scene, one):
                writes.append(Write(replace(one, withdrawn=None), "returned", (_RETURNED,)))
            continue
        why = why or _why_gone(scene, one)
        if why is not None:
            writes.append(Write(replace(one, withdrawn=why), "withdrawn", (Change("withdrawn", why),)))
        elif one.kind is not Kind.ORDER:
            writes += _weaker(scene, one, gone)
    return writes


def _twins(scene: _Scene, held: Sequence[Held]) -> dict[str, str]:
    """Alerts that people have not decided on, about a link of which a more certain alert tells: its id."""
    about: dict[tuple[Kind, str], list[Held]] = {}
    for one in sorted(held, key=lambda one: (one.status is Status.OPEN, -one.strength, one.id)):
        if one.id in scene.parties and one.status in (Status.OPEN, Status.WATCHING, Status.CONFIRMED):
            about.setdefault((one.kind, scene.parties[one.id]), []).append(one)
    twins: dict[str, str] = {}
    for group in about.values():
        for at, one in enumerate(group):
            better = (
                other.id for other in group[:at] if other.id not in twins and _meets(other.rests_on, one.rests_on)
            )
            if (first := next(better, None)) is not None:
                twins[one.id] = first
    return twins


def _is_back(scene: _Scene, one: Held) -> bool:
    """Whether an alert stands again that was withdrawn for what its party was, not for its evidence."""
    if one.withdrawn is None or not one.withdrawn.startswith((_TWIN, _SEIZED, _MERGED, _APART)):
        return False
    return _why_gone(scene, one) is None


def _why_gone(scene: _Scene, one: Held) -> str | None:
    """Why the link of an alert is none now; None while it may be one."""
    entity = scene.parties.get(one.id)
    if entity is None:
        return _GONE
    if one.kind is Kind.ORDER:
        likes = scene.orders.filter(pl.col("dst").is_in(list(one.rests_on.targets)))["src"].to_list()
        nodes = [scene.index.node(party) for party in likes]
        return None if entity in {entity_of_node(scene.index, node) for node in nodes if node is not None} else _ENDED
    if seed_rows(scene.index.graph, scene.nodes[one.id]):
        return _SEIZED
    if one.kind is not Kind.IDENTITY and entity in scene.seized:
        return _MERGED
    if not scene.seizures.intersection(one.rests_on.targets):
        return _RELEASED
    return _APART if one.kind is Kind.IDENTITY and not _left(scene, one) else None


def _left(scene: _Scene, one: Held) -> frozenset[str]:
    """The seizures that an alert rests on and that still weigh; on its own party, of one about an identity."""
    left = scene.seizures.intersection(one.rests_on.targets)
    if one.kind is not Kind.IDENTITY:
        return left
    return left.intersection(seizures_of(scene.who, entity_of_node(scene.index, scene.nodes[one.id])))


def _weaker(scene: _Scene, one: Held, gone: set[int]) -> list[Write]:
    """An alert some of whose evidence went away: walked again, and told anew where much of it did."""
    left = _left(scene, one)
    if len(left) == len(one.rests_on.targets) and gone.isdisjoint(one.rests_on.edges):
        return []
    link = (
        identity_link(scene.who, scene.nodes[one.id], scene.changes, scene.rules)
        if one.kind is Kind.IDENTITY
        else links_between(scene.who, scene.parties[one.id], left, scene.changes, scene.rules)
    )
    if link is None:
        return [Write(replace(one, withdrawn=_GONE), "withdrawn", (Change("withdrawn", _GONE),))]
    rests_on = replace(one.rests_on, targets=tuple(sorted(left)))
    now = replace(one, strength=link.told.strength, rests_on=rests_on)
    if len(left) < len(one.rests_on.targets):
        return [Write(now, "changed", (Change("released", "one of its seizures was released"),), link.told)]
    if link.told.strength < one.strength * _WEAKER and one.status is not Status.CLEARED:
        return [
            Write(now, "changed", (Change("weaker", "more share what joins them, or part of it is gone"),), link.told)
        ]
    return []


def _counted(epoch: int, writes: Sequence[Write], left_out: int) -> Examined:
    events = [one.event for one in writes]
    return Examined(
        epoch=epoch,
        raised=events.count("raised"),
        changed=events.count("changed"),
        reopened=events.count("reopened"),
        withdrawn=events.count("withdrawn"),
        returned=events.count("returned"),
        left_out=left_out,
    )
