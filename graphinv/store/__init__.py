"""The graph store: Neo4j, or the embedded ArcadeDB of the workspace, over one code path.

``open_store`` gives a ``Store``; queries return ``Rows`` of plain values.
"""

from graphinv.store.bolt import Counts, ServerInfo, Store, batched, open_store
from graphinv.store.dialect import Dialect
from graphinv.store.lock import WriteLock
from graphinv.store.values import GraphPath, Node, Relationship, Rows

__all__ = [
    "Counts",
    "Dialect",
    "GraphPath",
    "Node",
    "Relationship",
    "Rows",
    "ServerInfo",
    "Store",
    "WriteLock",
    "batched",
    "open_store",
]
