"""Each store in turn with the story of ``story.py`` in it; loaded once for a module, so tests only read."""

from collections.abc import Iterator

import pytest

from graphinv.store import Store
from tests.conftest import STORES, empty
from tests.cypher.story import Story, tell


@pytest.fixture(scope="session")
def story() -> Story:
    """The story, without a store."""
    return tell()


@pytest.fixture(scope="module", params=STORES)
def story_store(request: pytest.FixtureRequest, story: Story) -> Iterator[Store]:
    """A store that holds the story."""
    store: Store = request.getfixturevalue(f"{request.param}_store")
    empty(store)
    for label, nodes in story.nodes.items():
        write = f"UNWIND $rows AS row MERGE (n:{label} {{uid: row.uid}}) SET n += row"
        store.write_batches(write, [list(nodes.values())])
    for (start, type_, end), rows in story.relationships.items():
        write = (
            f"UNWIND $rows AS row MATCH (a:{start} {{uid: row.from}}) MATCH (b:{end} {{uid: row.to}}) "
            f"MERGE (a)-[r:{type_}]->(b) SET r += row.properties"
        )
        store.write_batches(write, [[_apart(row) for row in rows]])
    yield store
    empty(store)


def _apart(row: dict[str, object]) -> dict[str, object]:
    properties = {key: value for key, value in row.items() if key not in ("from", "to")}
    return {"from": row["from"], "to": row["to"], "properties": properties}
