"""Settings: one frozen object, read once from the environment and passed in.

Importing a module reads no environment; ``Settings.from_environment`` is the only place that does.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_WORKSPACE = Path("graphinv-workspace")


@dataclass(frozen=True)
class Neo4jSettings:
    """Where a Neo4j server answers. ``reader_*`` is the account for user-written queries."""

    uri: str
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str = "neo4j"


@dataclass(frozen=True)
class Settings:
    """What a graphinv process was told from outside.

    ``neo4j`` is None for the embedded store. ``hash_key`` keys the hashes of social security numbers;
    None means the workspace's own key file. ``state_url`` is an SQLAlchemy URL; None means SQLite in the workspace.
    """

    workspace: Path = DEFAULT_WORKSPACE
    neo4j: Neo4jSettings | None = None
    state_url: str | None = field(default=None, repr=False)
    hash_key: str | None = field(default=None, repr=False)
    api_keys: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, workspace: Path | str | None = None
    ) -> "Settings":
        """Read ``GRAPHINV_*`` variables; an explicit ``workspace`` goes before GRAPHINV_WORKSPACE."""
        env = os.environ if environ is None else environ
        uri = env.get("GRAPHINV_NEO4J_URI", "").strip()
        neo4j = (
            Neo4jSettings(
                uri=uri,
                user=env.get("GRAPHINV_NEO4J_USER") or "neo4j",
                password=env.get("GRAPHINV_NEO4J_PASSWORD", ""),
                database=env.get("GRAPHINV_NEO4J_DATABASE") or "neo4j",
            )
            if uri
            else None
        )
        keys = tuple(key.strip() for key in env.get("GRAPHINV_API_KEYS", "").split(",") if key.strip())
        return cls(
            workspace=Path(workspace or env.get("GRAPHINV_WORKSPACE") or DEFAULT_WORKSPACE),
            neo4j=neo4j,
            state_url=env.get("GRAPHINV_STATE_URL") or None,
            hash_key=env.get("GRAPHINV_HASH_KEY") or None,
            api_keys=keys,
        )
