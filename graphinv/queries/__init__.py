"""Saved queries of the folder ``cypher/`` and user-written Cypher: read, checked, guarded, run."""
