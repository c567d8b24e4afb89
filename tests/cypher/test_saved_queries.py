"""Every file of ``cypher/`` on every store: well formed, and with exactly the rows of its golden file.

A golden file holds parameters and rows that somebody has read and agreed with; the story is told in ``story.py``.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from graphinv import schema
from graphinv.queries.check import check_query
from graphinv.queries.run import run_query
from graphinv.queries.saved import ColumnType, SavedQuery, load_queries
from graphinv.store import Store
from tests.cypher.story import LABEL_OF, Story

GOLDEN = Path(__file__).parent.parent / "golden" / "cypher"
QUERIES = load_queries()
_PYTHON_TYPE = {
    ColumnType.ENTITY: str,
    ColumnType.TEXT: str,
    ColumnType.INTEGER: int,
    ColumnType.NUMBER: int | float,
    ColumnType.DATE: str,
    ColumnType.BOOLEAN: bool,
    ColumnType.LIST: list,
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_saved_query_keeps_the_rules_and_answers_its_golden_rows(
    query: SavedQuery, story_store: Store, story: Story
) -> None:
    assert check_query(query) == ()
    golden = json.loads((GOLDEN / f"{query.name}.json").read_text())
    result = run_query(story_store, query, golden["params"])
    assert [column.name for column in result.columns] == golden["columns"]
    assert [list(row) for row in result.rows] == golden["rows"]
    assert golden["rows"], "a golden file without rows proves nothing"
    uids = {uid for nodes in story.nodes.values() for uid in nodes}
    for row in result.rows:
        for value, column in zip(row, result.columns, strict=True):
            if value is not None:
                assert isinstance(value, _PYTHON_TYPE[column.type]), column.name
                assert column.type is not ColumnType.ENTITY or value in uids
                assert column.type is not ColumnType.DATE or re.fullmatch(r"\d{4}-\d\d-\d\d", str(value))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_the_whole_file_runs_as_pasted_and_says_when_its_limit_cut_the_answer(
    query: SavedQuery, story_store: Store
) -> None:
    golden = json.loads((GOLDEN / f"{query.name}.json").read_text())
    pasted = replace(query, cypher=query.text)
    cut = run_query(story_store, pasted, {**golden["params"], "limit": 1})
    assert [list(row) for row in cut.rows] == golden["rows"][:1]
    assert cut.truncated == (len(golden["rows"]) > 1)


def test_every_golden_file_belongs_to_a_query() -> None:
    files = {path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.rglob("*.json")}
    assert files == {query.name for query in QUERIES}


def test_the_story_follows_the_schema(story: Story) -> None:
    for label, nodes in story.nodes.items():
        known = {prop.name for prop in schema.label(label).all_properties()}
        assert all(set(node) <= known for node in nodes.values()), label
    for (start, type_, end), rows in story.relationships.items():
        declared = schema.relationship(type_)
        assert (start, end) in declared.ends
        known = {prop.name for prop in declared.all_properties()} | {"from", "to"}
        uids = story.nodes[start].keys() | story.nodes[end].keys()
        assert all(set(row) <= known and {row["from"], row["to"]} <= uids for row in rows), type_


def test_the_story_names_every_label_by_its_prefix(story: Story) -> None:
    for label, nodes in story.nodes.items():
        assert {LABEL_OF[uid.partition(":")[0]] for uid in nodes} == {label}
