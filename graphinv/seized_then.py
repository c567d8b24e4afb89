"""Whether goods were held as of a past day (``$as_of``), asked of the graph: the rule of ``resolve.statuses``.

A party was seized then if goods of any of its identities were held, whichever number they came under: as look-ups tell
a standing (``links.identities``).
"""

from collections.abc import Iterable
from datetime import datetime

import networkx as nx

from graphinv.by_label import at_ids, label_of, moment_text, read_by_label
from graphinv.schema import PARTY_LABELS
from graphinv.store import Store

#: A seizure ``q`` with its relationship ``z``: known by then, and not released by then. A release is known from the end
#: of its day, or with its row where that is no earlier. Of a release in a row of its own the graph holds only that row:
#: before its day the seizure counts as not known, other than in look-ups.
SEIZED_THEN = (
    "z.known_at <= $as_of AND (q.status <> 'released' OR (q.status_on > substring(z.known_at, 0, 10) "
    "AND q.status_on + 'T23:59:59.999999Z' > $as_of))"
)

#: On whom a seizure of a shipment weighs.
_WEIGHED_ON = {"Importer": "IMPORTED", "Seller": "SOLD_BY"}


def parties_seized_then(store: Store, uids: Iterable[str], as_of: datetime) -> set[str]:
    """Which of some nodes are parties with goods that were held as of a moment: of the identity itself, or of another
    of the party's, as far as what joins them (SAME_AS as it is held now) was known by then."""
    asked = {"as_of": moment_text(as_of)}
    frontier = [uid for uid in dict.fromkeys(uids) if label_of(uid) in PARTY_LABELS]
    parties: nx.Graph[str] = nx.Graph()
    parties.add_nodes_from(frontier)
    while frontier:
        rows = read_by_label(store, frontier, _same_then, asked)
        frontier = sorted({row["id"] for row in rows} - set(parties))
        parties.add_edges_from((row["before"], row["id"]) for row in rows)
    held = {row["id"] for row in read_by_label(store, parties, _held_then, asked) if row["seized"]}
    return {uid for one in nx.connected_components(parties) if not held.isdisjoint(one) for uid in one}


def _same_then(label: str) -> str:
    return f"{at_ids(label, 'n')}-[r:SAME_AS]-(m)\nWHERE r.known_at <= $as_of\nRETURN n.uid AS before, m.uid AS id"


def _held_then(label: str) -> str:
    return f"{at_ids(label, 'm')}\nRETURN m.uid AS id, {_seizures_then(label, 'm')} AS seized"


def _seizures_then(label: str, node: str) -> str:
    """Cypher that counts what was held of a node of a label; no party has a relationship to what was released since."""
    direct = f"COUNT {{ ({node})<-[z:SEIZED_FROM]-(q:Seizure) WHERE {SEIZED_THEN} }}"
    if label not in _WEIGHED_ON:
        return direct
    shipped = f"({node})-[:{_WEIGHED_ON[label]}]-(:Shipment)<-[z:SEIZED_FROM]-(q:Seizure)"
    return f"{direct} + COUNT {{ {shipped} WHERE {SEIZED_THEN} }}"
