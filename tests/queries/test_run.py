"""Saved and user-written queries on every store: plain answers, caps that say so, and no way to write or to hang."""

import time
from dataclasses import replace

import pytest

from graphinv.errors import InvalidInput, QueryError, QueryRefused, QueryTimeout
from graphinv.queries.run import run_query, run_text
from graphinv.queries.saved import ColumnType, find_query
from graphinv.store import Store
from tests.queries.test_guard import ALLOWED


@pytest.fixture
def small(store: Store) -> Store:
    """Five importers with one phone; the first has shipped."""
    store.write(
        "UNWIND range(1, 5) AS i MERGE (a:Importer {uid: 'importer:' + i}) SET a.country = 'CN', a.sources = ['x'] "
        "MERGE (p:Phone {uid: 'phone:1'}) SET p.parties = 5 MERGE (a)-[:HAS_PHONE]->(p)"
    )
    store.write(
        "MATCH (a:Importer {uid: 'importer:1'}) MERGE (s:Shipment {uid: 'shipment:1'}) "
        "SET s.filed_on = '2024-05-06', s.value_usd = 10.5 MERGE (a)-[:IMPORTED]->(s)"
    )
    return store


def test_nodes_answer_as_uids_and_columns_have_types(small: Store) -> None:
    cypher = (
        "MATCH p = (a:Importer)-[r:IMPORTED]->(s) "
        "RETURN a, p, s.value_usd AS value, [s] AS list, true AS yes, 1 AS one, null AS none, r"
    )
    result = run_text(small, cypher)
    assert [column.type.value for column in result.columns] == [
        *("entity", "list", "number", "list", "boolean", "integer", "text", "text")
    ]
    assert result.rows[0][:7] == ("importer:1", ["importer:1", "shipment:1"], 10.5, ["shipment:1"], True, 1, None)
    assert result.entities() == ("importer:1",)
    assert result.took_ms > 0


def test_what_the_guard_lets_through_runs_on_every_store(small: Store) -> None:
    params = {"uid": "importer:1", "a": "importer:1", "b": "seller:1", "uids": ["importer:1"], "words": "lamp"}
    for cypher in ALLOWED:
        assert len(run_text(small, cypher, params).columns) > 0, cypher


def test_an_answer_without_rows_keeps_its_columns(small: Store) -> None:
    result = run_text(small, "MATCH (a:Importer {uid: 'nobody'}) RETURN a.uid, a.country AS land")
    assert [column.name for column in result.columns] == ["a.uid", "land"]
    nobody = run_query(small, find_query("networks/neighbourhood"), {"party": "importer:nobody"})
    assert (len(nobody.columns), nobody.rows, nobody.truncated) == (7, (), False)


def test_more_rows_than_the_cap_are_cut_and_it_says_so(small: Store) -> None:
    result = run_text(small, "MATCH (a:Importer) RETURN a.uid AS uid ORDER BY uid", row_limit=3)
    assert [row[0] for row in result.rows] == ["importer:1", "importer:2", "importer:3"]
    assert result.truncated
    assert not run_text(small, "MATCH (a:Importer) RETURN a.uid", row_limit=5).truncated


def test_a_refused_query_never_reaches_the_store(small: Store) -> None:
    with pytest.raises(QueryRefused, match="rule: read-only"):
        run_text(small, "MATCH (a:Importer) DETACH DELETE a")
    assert small.count().nodes == 7


def test_parameters_must_be_given_and_are_values_only(small: Store) -> None:
    cypher = "MATCH (a:Importer {uid: $uid}) RETURN a.uid AS uid"
    assert run_text(small, cypher, {"uid": "importer:2", "unused": 1}).rows == (("importer:2",),)
    assert run_text(small, cypher, {"uid": "x'}) DETACH DELETE a //"}).rows == ()
    with pytest.raises(InvalidInput, match=r"uses \$uid, which was not given"):
        run_text(small, cypher)


def test_what_the_store_cannot_run_is_a_query_error(small: Store) -> None:
    with pytest.raises(QueryError):
        run_text(small, "MATCH (a:Importer) RETURN nobody.uid AS x")


def test_a_query_past_its_time_is_ended(small: Store) -> None:
    numbers = " ".join(f"UNWIND range(1, 10000) AS n{i}" for i in range(4))
    started = time.perf_counter()
    with pytest.raises(QueryTimeout):
        run_text(small, f"{numbers} RETURN count(*) AS n", timeout_s=1.0)
    assert time.perf_counter() - started < 10


def test_a_saved_query_takes_its_limit_within_the_callers_and_refuses_other_columns(small: Store) -> None:
    query = find_query("networks/neighbourhood")
    result = run_query(small, query, {"party": "importer:1"}, row_limit=2)
    assert [row[0] for row in result.rows] == ["importer:2", "importer:3"]
    assert result.truncated
    assert result.columns[0].type is ColumnType.ENTITY
    assert result.entities() == ("importer:2", "phone:1", "importer:3")
    with pytest.raises(QueryError, match="answers other_id, shares"):
        run_query(small, replace(query, columns=query.columns[:2]), {"party": "importer:1"})
