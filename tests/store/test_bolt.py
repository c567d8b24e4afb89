"""One code path, two stores: every claim here holds on both."""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from graphinv import schema
from graphinv.errors import GraphinvError, InvalidInput, QueryError, QueryRefused, QueryTimeout, StoreError
from graphinv.store import Counts, GraphPath, Node, Relationship, Store, batched
from tests.conftest import empty

IMPORTERS = "UNWIND $rows AS row MERGE (n:Importer {uid: row.uid}) SET n.caption = row.caption"
PHONES = """
UNWIND $rows AS row
MATCH (a:Importer {uid: row.start})
MATCH (b:Phone {uid: row.end})
MERGE (a)-[:HAS_PHONE]->(b)
"""
FOREVER = "UNWIND range(1, 90000) AS a UNWIND range(1, 90000) AS b RETURN count(*) AS n"


def importers(count: int) -> list[dict[str, str]]:
    return [{"uid": f"importer:{n:016x}", "caption": f"Golden Dragon Trading {n}"} for n in range(count)]


def shared_phone(store: Store) -> None:
    store.write_batches(IMPORTERS, [importers(2)])
    store.write("MERGE (:Phone {uid: 'phone:+12025550101'})")
    store.write_batches(PHONES, [[{"start": row["uid"], "end": "phone:+12025550101"} for row in importers(2)]])


def test_batches_are_committed_one_by_one_and_reported(store: Store) -> None:
    committed: list[int] = []
    assert store.write_batches(IMPORTERS, batched(importers(250), 100), on_commit=committed.append) == 250
    assert committed == [100, 200, 250]
    assert store.count() == Counts(nodes=250, relationships=0)


def test_what_was_committed_before_a_failing_batch_stays(store: Store) -> None:
    committed: list[int] = []
    broken: list[Mapping[str, object]] = [*importers(100), {"uid": ["not", {"a": "key"}], "caption": "x"}]
    with pytest.raises(GraphinvError):
        store.write_batches(IMPORTERS, [importers(50), broken], on_commit=committed.append)
    assert committed == [50]
    assert store.count().nodes == 50


def test_the_same_batches_again_change_nothing(store: Store) -> None:
    for _ in range(2):
        store.write_batches(IMPORTERS, batched(importers(250), 100))
    assert store.count() == Counts(nodes=250, relationships=0)


@pytest.mark.neo4j
def test_a_batch_too_big_for_one_transaction_goes_in_parts(neo4j_store: Store) -> None:
    empty(neo4j_store)
    committed: list[int] = []
    hungry = """
    UNWIND $rows AS row
    WITH collect([n IN range(1, 2000) | row.uid + toString(n)]) AS lists
    UNWIND lists AS list
    MERGE (:Importer {uid: list[0]})
    """
    assert neo4j_store.write_batches(hungry, [importers(2_000)], on_commit=committed.append) == 2_000
    assert committed == [2_000]
    assert neo4j_store.count().nodes == 2_000


def test_nodes_relationships_and_paths_come_back_as_plain_values(store: Store) -> None:
    shared_phone(store)
    rows = store.read(
        "MATCH p = (a:Importer {uid: $uid})-[r:HAS_PHONE]->(b:Phone) RETURN a, r, b, p", {"uid": importers(1)[0]["uid"]}
    )
    importer = Node("importer:0000000000000000", ("Importer",), {"caption": "Golden Dragon Trading 0"})
    phone = Node("phone:+12025550101", ("Phone",), {})
    link = Relationship("HAS_PHONE", importer.uid, phone.uid, {})
    assert rows.columns == ("a", "r", "b", "p")
    assert rows.rows == [(importer, link, phone, GraphPath((importer, phone), (link,)))]


def test_days_and_moments_keep_their_type(store: Store) -> None:
    values = {"day": date(2024, 2, 29), "moment": datetime(2024, 2, 29, 23, 59, 1, tzinfo=UTC), "list": [1, 2]}
    store.write("CREATE (n:Shipment {uid: 'shipment:1'}) SET n += $values", {"values": values})
    rows = store.read("MATCH (n:Shipment) RETURN n.day AS day, n.moment AS moment, n.list AS list, n.none AS none")
    assert rows.dicts() == [{**values, "none": None}]


def test_a_row_limit_cuts_the_answer_and_says_so(store: Store) -> None:
    store.write_batches(IMPORTERS, [importers(30)])
    query = "MATCH (n:Importer) RETURN n.uid AS uid ORDER BY uid"
    cut = store.read(query, row_limit=10)
    assert (len(cut), cut.truncated) == (10, True)
    assert cut.column("uid") == [row["uid"] for row in importers(10)]
    whole = store.read(query, row_limit=30)
    assert (len(whole), whole.truncated) == (30, False)


def test_a_byte_limit_cuts_an_answer_of_long_values(store: Store) -> None:
    rows = store.read_as_user("UNWIND range(1, 100) AS n RETURN $text AS text", {"text": "x" * 1000}, byte_limit=10_500)
    assert (len(rows), rows.truncated) == (10, True)


def test_a_second_node_with_a_key_is_refused_without_naming_the_key(store: Store) -> None:
    store.write("CREATE (:Importer {uid: 'importer:123-45-6789'})")
    with pytest.raises(StoreError, match="already has Importer with one of these values of uid") as refused:
        store.write("CREATE (:Importer {uid: 'importer:123-45-6789'})")
    assert "6789" not in str(refused.value)
    assert store.count().nodes == 1


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (:Importer {uid: 'importer:new'})",
        "CREATE (:Unheard {uid: 'new'})",
        "MATCH (n) SET n.caption = 'changed'",
        "MATCH (n) DETACH DELETE n",
        "MERGE (n:Importer {uid: 'importer:new'}) RETURN n",
        "CREATE INDEX sneaky FOR (n:Importer) ON (n.caption)",
    ],
)
def test_a_user_cannot_write(store: Store, cypher: str) -> None:
    shared_phone(store)
    with pytest.raises(QueryRefused):
        store.read_as_user(cypher)
    assert store.count() == Counts(nodes=3, relationships=2)
    assert store.read("MATCH (n:Importer) RETURN DISTINCT n.caption STARTS WITH 'Golden'").rows == [(True,)]


def test_a_moment_in_another_zone_comes_back_as_the_same_moment(store: Store) -> None:
    moment = datetime(2024, 2, 29, 20, 0, tzinfo=timezone(timedelta(hours=-5)))
    store.write("CREATE (n:Shipment {uid: 'shipment:1', known_at: $moment})", {"moment": moment})
    found = store.read("MATCH (n:Shipment) WHERE n.known_at = $moment RETURN n.known_at", {"moment": moment}).scalar()
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("value", [2**63, object(), {1: "number for a key"}])
def test_a_parameter_that_no_store_takes_is_refused(store: Store, value: object) -> None:
    with pytest.raises(InvalidInput, match="64 bits"):
        store.read_as_user("RETURN $value", {"value": value})


@pytest.mark.parametrize("cypher", ["NOT CYPHER", "RETURN nosuchfunction(1)", "RETURN $missing", "RETURN unbound"])
def test_a_query_that_cannot_run_says_why_in_one_line(store: Store, cypher: str) -> None:
    with pytest.raises(QueryError) as refused:
        store.read_as_user(cypher)
    assert "\n" not in str(refused.value)


def test_a_query_past_its_time_limit_ends_and_the_store_works_on(store: Store) -> None:
    shared_phone(store)
    started = datetime.now(UTC)
    with pytest.raises(QueryTimeout):
        store.read_as_user(FOREVER, timeout_s=1.0)
    assert (datetime.now(UTC) - started).total_seconds() < 3.0
    assert store.count() == Counts(nodes=3, relationships=2)


def test_others_are_answered_while_a_runaway_query_is_ended(store: Store) -> None:
    shared_phone(store)
    ended: list[Exception] = []

    def run_away() -> None:
        try:
            store.read_as_user(FOREVER, timeout_s=0.5)
        except QueryTimeout as error:
            ended.append(error)

    thread = threading.Thread(target=run_away)
    thread.start()
    while thread.is_alive():
        assert store.read("MATCH (n) RETURN count(n)").scalar() == 3
    thread.join()
    assert len(ended) == 1


def test_a_query_that_needs_too_much_memory_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="not enough memory"):
        store.read_as_user("UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN collect(toString(a * b))")
    assert store.read("RETURN 1").scalar() == 1


def test_search_finds_words_best_first(store: Store) -> None:
    store.write_batches(IMPORTERS, [importers(100)])
    index = next(item for item in schema.fulltext_indexes() if item.label == "Importer")
    found = store.search(index, "dragon 42")
    assert found.column("uid")[0] == "importer:000000000000002a"
    assert len(found) == 20


@pytest.mark.parametrize("text", ['a^ ("', "AND", "*", "[1 TO", "\\", "&& ||", "", "foo/", "{", "dragon~ +-!"])
def test_search_takes_whatever_is_typed(store: Store, text: str) -> None:
    store.write_batches(IMPORTERS, [importers(1)])
    index = next(item for item in schema.fulltext_indexes() if item.label == "Importer")
    assert len(store.search(index, text)) == (1 if "dragon" in text else 0)


def test_the_schema_can_be_applied_again(store: Store) -> None:
    for _ in range(2):
        store.apply_schema(schema.uniqueness_constraints(), schema.fulltext_indexes())
    store.write_batches(IMPORTERS, [importers(1)])
    assert store.count().nodes == 1


def test_the_server_tells_what_it_is(store: Store) -> None:
    info = store.server_info()
    assert info.kind in {"arcadedb", "neo4j"}
    assert info.version.startswith("Neo4j/")
    assert info.address.startswith("127.0.0.1:")
