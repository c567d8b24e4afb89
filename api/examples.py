"""One example a route, for the OpenAPI document; a test sends every one of them to an app that holds the sample feeds.

All parties are invented.
"""

from collections.abc import Mapping
from typing import Any

from fastapi.openapi.models import Example

Examples = dict[str, Example]

#: Of the sample feeds: an importer that nobody seized from, and the phone it shares with one whose goods were.
IMPORTER = "importer:13748c78a5f572f9"
SEIZED_IMPORTER = "importer:ad0a03e80d09435b"
PHONE = "phone:+17652048823"
#: Where both are.
CLUSTER = "cluster:736d1c94987c5e90"


def _one(summary: str, value: object) -> Examples:
    return {"example": {"summary": summary, "value": value}}


LOOKUPS = _one(
    "A consignment arrives with a name, an address and a phone",
    {
        "queries": {
            "k1": {
                "name": "Grove Gear Franklin Corp",
                "addresses": [{"address_line1": "17 Alder Court", "city": "Lebanon", "state": "KY", "country": "US"}],
                "phones": ["(765) 204-8823"],
            }
        },
        "paths": 3,
        "limit": 5,
    },
)
PATHS = _one("From an importer to any seized party", {"from": IMPORTER, "to": "seized", "k": 3, "max_hops": 6})
NETWORKS = _one("Two steps around an importer", {"seeds": [IMPORTER], "hops": 2, "limit": 100, "format": "json"})
ENTITY_IDS = _one("An importer", IMPORTER)
SEARCHES = _one("Words of a name", "franklin grove gear")
CLUSTERED = _one("The cluster of an importer", IMPORTER)
CLUSTER_IDS = _one("The cluster of that importer", CLUSTER)
QUERY_NAMES = _one("Who shares something with a party", "networks/neighbourhood")
QUERY_RUNS = _one("Who shares something with this importer", {"params": {"party": IMPORTER, "max_users": 10}})
CYPHER = _one(
    "Importers at one phone",
    {
        "cypher": "MATCH (p:Phone {uid: $phone})<-[:HAS_PHONE]-(i:Importer) RETURN i.uid, i.caption LIMIT 10",
        "params": {"phone": PHONE},
    },
)
MATCHES = _one(
    "A company by example",
    {
        "queries": {
            "q1": {
                "schema": "Company",
                "properties": {
                    "name": ["Franklin Grove Gear Corp"],
                    "address": ["17 Alder Court, Lebanon, KY, US"],
                    "phone": ["+1 765 204 8823"],
                    "jurisdiction": ["us"],
                },
            }
        }
    },
)
JUDGEMENTS = _one(
    "One phone, two businesses",
    {
        "left": IMPORTER,
        "right": SEIZED_IMPORTER,
        "verdict": "different",
        "why": "They share a landlord's phone; officers and premises differ.",
        "who": "Vera Lindqvist",
        "apply": False,
    },
)
JUDGEMENT_KEYS = _one("Sent again after a broken connection, it is no second judgement", "visit-2024-07-17")
#: The id that this key gives its judgement, where no keys are configured.
JUDGEMENT_IDS = _one("The judgement above", "95b006725d8ae87c")
WITHDRAWALS = _one("Taken back", {"why": "The landlord says otherwise.", "who": "Vera Lindqvist", "apply": False})
SHIPMENTS = _one(
    "A low-value consignment, filed this morning",
    {
        "shipments": [
            {
                "shipment_id": "SH708079900001",
                "filed_at": "2024-07-18T06:30:00Z",
                "entry_type": "86",
                "mode": "express",
                "consignee_name": "Grove Gear Franklin Corp",
                "consignee_address_line1": "17 Alder Court",
                "consignee_city": "Lebanon",
                "consignee_state": "KY",
                "consignee_country": "US",
                "consignee_phone": "(765) 204-8823",
                "description": "phone cases",
            }
        ],
        "apply": False,
    },
)
SHIPMENT_KEYS = _one("Sent again after a broken connection, it is answered as before", "manifest-2024-07-18-0630")
#: An alert that loading the sample feeds raises, for the strongest link by a phone.
ALERT_IDS = _one("An alert", "688a774a6563f92f")
DISPOSITIONS = _one(
    "Looked into, nothing in it",
    {"status": "cleared", "why": "A shared landlord, seen at the visit.", "who": "Vera Lindqvist"},
)
ALERT_KEYS = _one("Sent again after a broken connection, it counts once", "visit-2024-07-18")
UNDOINGS = _one("Taken back", {"why": "The wrong file was looked at.", "who": "Vera Lindqvist"})
RECORDS = _one("A shipment's record", {"id": "shipments:SH708070000005"})
FEED_NAMES = _one("Importers", "importers")
FEED_BODIES: Mapping[str, Any] = {
    "text/csv": {
        "schema": {"type": "string", "description": "UTF-8 with a header; also gzipped."},
        "example": "importer_number,name,city,country\n55-010203000,Larkspur Tile Imports LLC,Dayton,US\n",
    },
    "application/x-ndjson": {
        "schema": {"type": "string", "description": "A JSON object a line; also gzipped."},
        "example": '{"importer_number": "55-010203100", "name": "Fennel Row Supply Co", "country": "US"}\n',
    },
    "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
}
