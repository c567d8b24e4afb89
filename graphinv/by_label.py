"""Nodes of the graph read by their ids: a question for each label, since ids are indexed by label."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from graphinv.schema import LABEL_OF_PREFIX
from graphinv.store import Store


def read_by_label(
    store: Store, uids: Iterable[str], cypher: Callable[[str], str], params: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows of a query for each label among the ids, which it gets as ``$ids``.

    One text a label, always the same: a store plans it once. All labels in one UNION would be planned anew for every
    mixture of labels, which takes Neo4j seconds where the answer takes milliseconds.
    """
    grouped: dict[str, list[str]] = {}
    for uid in dict.fromkeys(uids):
        label = label_of(uid)
        if label is not None:
            grouped.setdefault(label, []).append(uid)
    return [
        row
        for label, ids in grouped.items()
        for row in store.read(cypher(label), {**(params or {}), "ids": ids}).dicts()
    ]


def at_ids(label: str, name: str) -> str:
    """The clauses that match the nodes of a label with the ids ``$ids``, through the label's index."""
    return f"UNWIND $ids AS id\nMATCH ({name}:{label} {{uid: id}})"


def label_of(uid: str) -> str | None:
    """The label of a node by its id; None for an id of no kind."""
    return LABEL_OF_PREFIX.get(uid.partition(":")[0])


def moment_text(moment: datetime | None) -> str | None:
    """A moment as the graph keeps it, to compare as text."""
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
