"""Search: nodes by words of their names, by id, contact or number, or all of a kind. All of it from the store."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, utils

from graphinv import schema
from graphinv.entities import SUMMARY, Summary, read_summary, summaries
from graphinv.errors import InvalidInput
from graphinv.normalise.contacts import normalize_email, normalize_phone, normalize_website
from graphinv.normalise.identifiers import normalize_importer_number
from graphinv.resolve.identities import importer_uid
from graphinv.store import Store

#: Hits that are taken of each full-text index, to be ranked together.
_HITS = 100
#: Likeness of a caption to the text, 0 to 100, from which a hit is worth showing: one common word alone is not.
_ALIKE = 60.0

_LABELS = {label.name.lower(): label.name for label in schema.LABELS}
_SEARCHED = frozenset(index.label for index in schema.fulltext_indexes())
_STANDINGS = ("unknown", "known", "trusted", "seized")


@dataclass(frozen=True)
class Search:
    """What to look for. Without ``text`` everything of the labels is listed, by id; without labels, parties are.

    ``after`` is the ``next`` of the page before.
    """

    text: str = ""
    labels: tuple[str, ...] = ()
    standing: str | None = None
    limit: int = 50
    after: str | None = None


@dataclass(frozen=True)
class Page:
    """Some of what was found; ``total`` is None where a search found more than it ranks."""

    items: tuple[Summary, ...]
    next: str | None
    total: int | None


def search(store: Store, wanted: Search) -> Page:
    """Nodes by words of their names, by id or contact, or all of a label.

    Raises InvalidInput for a label, standing or ``after`` that there is not.
    """
    labels = tuple(dict.fromkeys(_label_named(name) for name in wanted.labels))
    if wanted.standing is not None and wanted.standing not in _STANDINGS:
        raise InvalidInput(f"standing: there is no such standing; give one of {', '.join(_STANDINGS)}")
    return _find(store, wanted, labels) if wanted.text.strip() else _list(store, wanted, labels or schema.PARTY_LABELS)


def _label_named(name: str) -> str:
    label = _LABELS.get(name.strip().lower())
    if label is None:
        raise InvalidInput(f"type: there is no such kind of node; give one of {', '.join(_LABELS.values())}")
    return label


def _list(store: Store, wanted: Search, labels: tuple[str, ...]) -> Page:
    """All nodes of some labels, label by label, by id."""
    at, _, after = (wanted.after or "").partition("/")
    if wanted.after and at not in labels:
        raise _other_list()
    found: list[Summary] = []
    for label in labels[labels.index(at) if at else 0 :]:
        where = "m.uid > $after" + (" AND m.standing = $standing" if wanted.standing else "")
        asked = {
            "after": after if label == at else "",
            "standing": wanted.standing,
            "limit": wanted.limit + 1 - len(found),
        }
        cypher = f"MATCH (m:{label})\nWHERE {where}\nRETURN {SUMMARY}\nORDER BY m.uid\nLIMIT $limit"
        found.extend(read_summary(row) for row in store.read(cypher, asked).dicts())
        if len(found) > wanted.limit:
            break
    items = tuple(found[: wanted.limit])
    more = len(found) > wanted.limit
    total = _count(store, labels, wanted.standing)
    return Page(items, f"{items[-1].label}/{items[-1].id}" if more else None, total)


def _count(store: Store, labels: tuple[str, ...], standing: str | None) -> int:
    where = "WHERE m.standing = $standing\n" if standing else ""
    held = [
        store.read(f"MATCH (m:{label})\n{where}RETURN count(m)", {"standing": standing}).scalar() for label in labels
    ]
    return sum(held)


def _find(store: Store, wanted: Search, labels: tuple[str, ...]) -> Page:
    """What a text names outright, then what its words occur in, by likeness of the caption."""
    indexes = [index for index in schema.fulltext_indexes() if index.label in (labels or _SEARCHED)]
    hits = [store.search(index, wanted.text, limit=_HITS) for index in indexes]
    named = _named_by(wanted.text)
    nodes = summaries(store, [*named, *(uid for rows in hits for uid in rows.column("uid"))])
    ranked = _ranked(nodes.values(), wanted, labels, named)
    if wanted.after and not wanted.after.isdecimal():
        raise _other_list()
    skip = int(wanted.after or 0)
    end = skip + wanted.limit
    cut = any(len(rows) >= _HITS for rows in hits)
    return Page(tuple(ranked[skip:end]), str(end) if len(ranked) > end else None, None if cut else len(ranked))


def _ranked(nodes: Iterable[Summary], wanted: Search, labels: tuple[str, ...], named: frozenset[str]) -> list[Summary]:
    """Nodes that fit: those that the text names first, then by likeness."""
    alike = {node: 100.0 if node.id in named else _likeness(wanted.text, node) for node in nodes}
    fitting = [
        node
        for node, likeness in alike.items()
        if (not labels or node.label in labels) and wanted.standing in (None, node.standing) and likeness >= _ALIKE
    ]
    return sorted(fitting, key=lambda node: (node.id not in named, -alike[node], node.id))


def _likeness(text: str, node: Summary) -> float:
    return fuzz.WRatio(text, node.caption, processor=utils.default_process)


def _named_by(text: str) -> frozenset[str]:
    """Ids that a text may be, or that its contact or number would have; social security numbers are nobody's id."""
    bare = text.strip()
    phone, email, website = normalize_phone(bare), normalize_email(bare), normalize_website(bare)
    number = normalize_importer_number(bare, b"")
    ids = [bare, *(f"{prefix}:{bare}" for prefix in ("shipment", "seizure", "port", "commodity"))]
    ids += [f"{prefix}:{bare.upper()}" for prefix in ("broker", "mid")]
    ids += [f"phone:{phone.e164}"] if phone else []
    ids += [f"email:{email.address}"] if email else []
    ids += [f"website:{website.key}"] if website else []
    ids += [importer_uid(number.key)] if number is not None and number.kind != "ssn" else []
    return frozenset(ids)


def _other_list() -> InvalidInput:
    return InvalidInput("cursor: it belongs to another list; start without one")
