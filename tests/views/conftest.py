"""The case that the view tests tell.

Brightline Home Goods is new and unknown. It gave the address of Orchid Lane Trading, whose phone is that of Kestrel Bay
Imports, from which counterfeit goods were seized; and its marketplace account is paid on the account of a seller that
Kestrel Bay runs. Around them: other tenants, shipments, officers, ports. All names are invented.
"""

import random
from collections.abc import Callable

import networkx as nx
import pytest

from graphinv.views.attributes import Evidence, Network

Case = Callable[[int], Network]

BRIGHTLINE, ORCHID, KESTREL = "importer:00000000000000b1", "importer:00000000000000c2", "importer:00000000000000d3"
SUITE, PHONE, BANK = "address:00000000000000a1", "phone:+12135550148", "bank:00000000000000f1"
SHOP, STALL, SEIZURE = "seller:bazario/S123", "seller:bazario/S777", "seizure:Z9"

_FIRST = [
    "Blue",
    "Copper",
    "Maple",
    "Silver",
    "Harbor",
    "Willow",
    "Granite",
    "Cedar",
    "Amber",
    "Falcon",
    "Prairie",
    "Lantern",
    "Juniper",
    "Summit",
    "Coral",
]
_SECOND = ["Trading", "Imports", "Home Goods", "Outfitters", "Supply", "Wholesale", "Collective", "Logistics"]
_LINKS = {
    "Address": ("LOCATED_AT", "{n} Alameda Street, Suite {m}, Los Angeles CA 90021"),
    "Phone": ("HAS_PHONE", "+1 213 555 0{n}"),
    "Email": ("HAS_EMAIL", "office{n}@harbor-{m}.example"),
    "Website": ("HAS_WEBSITE", "shop{n}.example/store/{m}"),
    "Officer": ("HAS_OFFICER", "Officer {n} Quillfeather"),
    "BankAccount": ("PAID_TO", "account ending {n}"),
}


@pytest.fixture(scope="session")
def case() -> Case:
    """The case with about so many nodes (at least 12)."""
    return build_case


def build_case(size: int) -> Network:
    graph: Network = nx.MultiDiGraph()
    _add_core(graph)
    _add_surroundings(graph, size, random.Random(size))  # noqa: S311 - a story, not a secret
    graph.graph.update(
        title="Why is Brightline Home Goods LLC linked to Kestrel Bay Imports Inc?",
        as_of="2025-03-31",
        seeds=[BRIGHTLINE],
        paths=[_first_path(), _second_path()],
        left_out={
            "paths": 12,
            "nodes": 140,
            "hubs": ["PO Box 4400, Wilmington DE", "Filer 9XK"],
            "truncated": size > 100,
            "status": "truncated" if size > 100 else "complete",
        },
        made_by="graphinv 0.1.0",
        made_at="2025-04-02T09:15:00Z",
        epoch=12,
    )
    return graph


def add_node(
    graph: Network, uid: str, label: str, caption: str, standing: str | None = None, **properties: object
) -> None:
    graph.add_node(
        uid,
        label=label,
        caption=caption,
        standing=standing,
        entity=None,
        degree=None,
        properties=properties,
        records=[f"importers:{uid[-6:]}"],
    )


def add_edge(graph: Network, start: str, kind: str, end: str, confidence: float = 0.97, **properties: object) -> str:
    key = f"{start}|{kind}|{end}"
    graph.add_edge(
        start,
        end,
        key=key,
        type=kind,
        sources=[f"shipments:X{len(key)}#consignee", f"importers:{start[-6:]}"],
        count=2,
        first_seen="2023-02-11",
        last_seen="2025-03-02",
        known_at="2023-02-11T00:00:00Z",
        confidence=confidence,
        properties=properties,
    )
    return key


def _add_core(graph: Network) -> None:
    add_node(
        graph, BRIGHTLINE, "Importer", "Brightline Home Goods LLC", "unknown", country="US", registered_on="2025-01-14"
    )
    add_node(graph, ORCHID, "Importer", "Orchid Lane Trading Company", "known", country="US", shipments=41)
    add_node(graph, KESTREL, "Importer", "Kestrel Bay Imports Inc", "seized", country="US", shipments=212)
    add_node(graph, SUITE, "Address", "1180 Foundry Row, Suite 14, Los Angeles CA 90021", parties=3, mail_drop=False)
    add_node(graph, PHONE, "Phone", "+1 213 555 0148", parties=2)
    add_node(graph, BANK, "BankAccount", "account ending 4417", parties=2)
    add_node(graph, SHOP, "Seller", "brightline-home", "unknown", platform="bazario")
    add_node(graph, STALL, "Seller", "KB Outlet", "seized", platform="bazario")
    add_node(graph, SEIZURE, "Seizure", "Seizure Z9: 1,200 handbags", seized_on="2024-06-15", category="ipr")
    add_node(graph, "port:2704", "Port", "Los Angeles (2704)")
    add_node(graph, "commodity:420222", "Commodity", "Handbags of plastic or textile (4202.22)")
    add_node(graph, "email:sales@brightline.example", "Email", "sales@brightline.example", parties=1)
    add_edge(graph, BRIGHTLINE, "LOCATED_AT", SUITE)
    add_edge(graph, ORCHID, "LOCATED_AT", SUITE, 0.88)
    add_edge(graph, ORCHID, "HAS_PHONE", PHONE)
    add_edge(graph, KESTREL, "HAS_PHONE", PHONE)
    add_edge(graph, SEIZURE, "SEIZED_FROM", KESTREL)
    add_edge(graph, BRIGHTLINE, "SAME_AS", SHOP, 0.71, probability=0.71)
    add_edge(graph, SHOP, "PAID_TO", BANK)
    add_edge(graph, STALL, "PAID_TO", BANK)
    add_edge(graph, KESTREL, "SAME_AS", STALL, 0.93, probability=0.93)
    add_edge(graph, BRIGHTLINE, "ENTERS_AT", "port:2704", shipments=18, seized=0)
    add_edge(graph, KESTREL, "DECLARES", "commodity:420222", shipments=64, seized=2)
    add_edge(graph, BRIGHTLINE, "HAS_EMAIL", "email:sales@brightline.example")


def _add_surroundings(graph: Network, size: int, chance: random.Random) -> None:
    parties = [BRIGHTLINE, ORCHID, KESTREL, SHOP]
    number = 0
    while len(graph) < size:
        number += 1
        if number % 3 == 0:
            uid = f"importer:f{number:015x}"
            name = f"{chance.choice(_FIRST)} {chance.choice(_FIRST)} {chance.choice(_SECOND)} LLC"
            standing = chance.choices(["unknown", "known", "trusted", "seized"], [6, 4, 1, 1])[0]
            values = [u for u, data in graph.nodes(data=True) if data["label"] in _LINKS]
            add_node(graph, uid, "Importer", name, standing, country="US")
            value = chance.choice([SUITE, PHONE, *values])
            add_edge(graph, uid, _LINKS[graph.nodes[value]["label"]][0], value, chance.choice([0.6, 0.8, 0.95]))
            parties.append(uid)
        else:
            label = chance.choice(list(_LINKS))
            kind, form = _LINKS[label]
            uid = f"{label.lower()}:{number}"
            add_node(
                graph, uid, label, form.format(n=100 + number, m=chance.randint(2, 90)), parties=chance.randint(1, 9)
            )
            add_edge(graph, chance.choice(parties), kind, uid)


def _first_path() -> dict[str, object]:
    edges = [f"{BRIGHTLINE}|LOCATED_AT|{SUITE}", f"{ORCHID}|LOCATED_AT|{SUITE}"]
    edges += [f"{ORCHID}|HAS_PHONE|{PHONE}", f"{KESTREL}|HAS_PHONE|{PHONE}"]
    return {
        "nodes": [BRIGHTLINE, SUITE, ORCHID, PHONE, KESTREL],
        "edges": edges,
        "sentence": "Brightline Home Goods LLC is at the same suite as Orchid Lane Trading Company, which has the "
        "phone number of Kestrel Bay Imports Inc, from which goods were seized on 2024-06-15.",
        "strength": 0.71,
        "hops": 4,
        # Not in walk order: the report has to put it right.
        "evidence": [
            _evidence(
                edges[2], "shares phone", "+1 213 555 0148", 2, ["importers:98-7654321", "shipments:X1#consignee"]
            ),
            _evidence(edges[0], "same suite", "1180 Foundry Row, Suite 14", 3, ["importers:12-3456789"]),
            _evidence(edges[1], "same suite", "1180 Foundry Row, Suite 14", 3, ["importers:98-7654321"], 0.88),
            _evidence(edges[3], "shares phone", "+1 213 555 0148", 2, ["importers:55-1112223"]),
        ],
    }


def _second_path() -> dict[str, object]:
    edges = [f"{BRIGHTLINE}|SAME_AS|{SHOP}", f"{SHOP}|PAID_TO|{BANK}", f"{STALL}|PAID_TO|{BANK}"]
    edges += [f"{KESTREL}|SAME_AS|{STALL}"]
    return {
        "nodes": [BRIGHTLINE, SHOP, BANK, STALL, KESTREL],
        "edges": edges,
        "sentence": "The shop brightline-home is paid on the account of KB Outlet, which Kestrel Bay Imports Inc runs.",
        "strength": 0.44,
        "hops": 4,
        "evidence": [_evidence(edges[1], "shares bank account", "account ending 4417", 2, ["sellers:bazario/S123"])],
    }


def _evidence(
    edge: str, claim: str, value: str, shared_by: int, records: list[str], confidence: float = 0.97
) -> Evidence:
    return {
        "edge": edge,
        "claim": claim,
        "value": value,
        "shared_by": shared_by,
        "records": records,
        "first_seen": "2023-02-11",
        "last_seen": "2025-03-02",
        "confidence": confidence,
    }
