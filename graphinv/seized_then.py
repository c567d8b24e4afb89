"""Whether goods were held as of a past day (``$as_of``), asked of the graph: the rule of ``resolve.statuses``."""

#: A seizure ``q`` with its relationship ``z``: known by then, and not released by then. A release is known from the end
#: of its day, or with its row where that is no earlier.
SEIZED_THEN = (
    "z.known_at <= $as_of AND (q.status <> 'released' OR (q.status_on > substring(z.known_at, 0, 10) "
    "AND q.status_on + 'T23:59:59.999999Z' > $as_of))"
)

#: On whom a seizure of a shipment weighs.
_WEIGHED_ON = {"Importer": "IMPORTED", "Seller": "SOLD_BY"}


def seizures_then(label: str, node: str) -> str:
    """Cypher that counts what was held of a node of a label; no party has a relationship to what was released since."""
    direct = f"COUNT {{ ({node})<-[z:SEIZED_FROM]-(q:Seizure) WHERE {SEIZED_THEN} }}"
    if label not in _WEIGHED_ON:
        return direct
    shipped = f"({node})-[:{_WEIGHED_ON[label]}]-(:Shipment)<-[z:SEIZED_FROM]-(q:Seizure)"
    return f"{direct} + COUNT {{ {shipped} WHERE {SEIZED_THEN} }}"
