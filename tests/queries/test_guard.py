"""What the guard lets through, what it refuses, and that a refusal says the rule, the place and the way out."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.errors import QueryRefused
from graphinv.queries.guard import FUNCTIONS, Limits, guard
from graphinv.queries.tokens import MAX_CHARACTERS

ALLOWED = (
    "MATCH (a:Importer)-[:HAS_PHONE]->(p) RETURN a.uid, p.uid",
    "match (a:Importer {uid: $uid}) return a",
    "MATCH (a:Importer {uid: $a}) MATCH (b:Seller {uid: $b}) RETURN a, b",
    "MATCH (a:Importer {uid: $a}), (b:Seller {uid: $b}) MATCH p = shortestPath((a)-[*..4]-(b)) RETURN p",
    "MATCH (a:Importer)-[:HAS_PHONE*1..4]-(b:Importer) RETURN b.uid LIMIT 5",
    "MATCH (a)<-[r:HAS_PHONE|HAS_EMAIL]-(b) WHERE a:Phone|Email AND NOT (b)-[:IMPORTED]->() RETURN type(r), count(*)",
    "MATCH (a:Importer) WHERE EXISTS { (a)-[:HAS_PHONE]->(p) WHERE p.parties > 2 } RETURN a.uid",
    "MATCH (a:Importer) WHERE EXISTS { MATCH (a)--(b) WHERE (b)<-[:SEIZED_FROM]-() AND b.x > 1 } RETURN a.uid",
    "MATCH (a:Importer) RETURN a.uid, COUNT { (a)-[:IMPORTED]->() } AS n ORDER BY n DESC",
    "MATCH (a:Importer) CALL (a) { MATCH (a)-[:IMPORTED]->(s) RETURN sum(s.value_usd) AS v } RETURN a.uid, v",
    "MATCH (a:Importer) WITH count(a) AS all MATCH (b:Seller) RETURN all, count(b)".replace("all", "total"),
    "UNWIND $uids AS uid MATCH (a:Importer {uid: uid}) RETURN a {.uid, .caption, n: 1}",
    "MATCH (a:Importer) RETURN a.uid AS uid UNION ALL MATCH (b:Seller) RETURN b.uid AS uid",
    "CALL db.index.fulltext.queryNodes('importer_text', $words) YIELD node, score RETURN node.uid, score",
    "MATCH p = (a:Importer {uid: $a})-[*1..3]-(b) WHERE all(n IN nodes(p) WHERE n.parties < 9) RETURN p",
    "RETURN CASE WHEN 1 < 2 THEN 'a' ELSE \"it's\" END AS x, [1, 2][0] AS y, {a: 1}.a AS z, -1.5e3 AS w;",
    "MATCH (a:Importer) // MERGE (b)\nRETURN a.uid /* ; DELETE a */",
    "MATCH (a:Importer) WHERE a.caption CONTAINS 'DELETE; DROP // /*' RETURN a.uid AS `Übersicht %`",
    "MATCH (s:Shipment) RETURN date.truncate('week', date(s.filed_on)) AS week, count(*) ORDER BY week SKIP 1",
    "MATCH (a:Importer) WHERE a.uid IN $uids AND a.dba IS NOT NULL XOR a.country STARTS WITH 'C' RETURN *",
    "RETURN reduce(sum = 0, x IN range(1, 10) | sum + x) AS total",
)


@pytest.mark.parametrize("cypher", ALLOWED)
def test_queries_an_analyst_writes_pass(cypher: str) -> None:
    run = guard(cypher, row_limit=100)
    assert "LIMIT" in run.cypher
    assert run.columns or "*" in run.cypher


REFUSED = (
    # Writing, however it is written.
    ("CREATE (a:Importer)", "read-only"),
    ("MATCH (a) SET a.x = 1", "read-only"),
    ("MATCH (a) sEt a.x = 1 RETURN a", "read-only"),
    ("MATCH (a) DETACH DELETE a", "read-only"),
    ("MATCH (a) REMOVE a.x RETURN a", "read-only"),
    ("MERGE (a:Importer {uid: 'x'}) RETURN a", "read-only"),
    ("FOREACH (x IN [1] | CREATE (:Importer))", "read-only"),
    ("MATCH (a) CALL (a) { SET a.x = 1 } RETURN a", "read-only"),
    ("MATCH (a) WHERE EXISTS { CREATE (b) } RETURN a", "read-only"),
    ("DROP INDEX x", "read-only"),
    # Comment tricks.
    ("MATCH (a) /* */ DELETE a", "read-only"),
    ("MATCH (a) /* /* */ DELETE a // */ RETURN a", "read-only"),
    ("MATCH (a) //\nDELETE a", "read-only"),
    ("MATCH (a) RETURN a /* never closed", "syntax"),
    ("MA/**/TCH (a) RETURN a", "syntax"),
    # Unicode escapes: Neo4j turns them into characters before it reads the query.
    ("MATCH (a) RETURN '\\u0027 DELETE a //'", "characters"),
    ("MATCH (a) \\u0044ELETE a", "characters"),
    ("MATCH (a) RETURN '\\'", "syntax"),
    ("RETURN 'it\\'s' AS x", "characters"),
    ("MATCH (a)\u00a0RETURN a", "characters"),
    ("MATCH (a) ＤＥＬＥＴＥ a", "characters"),
    ("MATCH (a) RETURN a\u2028DELETE a", "characters"),
    ("RETURN 1\x00", "characters"),
    ("RETURN '\ud800' AS x", "characters"),
    # Backticks.
    ("MATCH (a:`x``) DELETE a //`) RETURN a", "names"),
    ("MATCH (a:`A`:`B;`) RETURN a", "names"),
    ("RETURN `abs`(1)", "syntax"),
    ("CALL `dbms`.`listConfig`() YIELD name RETURN name", "procedures"),
    ("MATCH (a:`x", "names"),
    # Stacked statements.
    ("MATCH (a) RETURN a; MATCH (b) DELETE b", "one statement"),
    ("MATCH (a) RETURN a;;", "one statement"),
    ("RETURN 1 AS a RETURN 2 AS b", "syntax"),
    # Server, files, network, other people's queries.
    ("SHOW USERS", "clauses"),
    ("sHoW SETTINGS YIELD name RETURN name", "clauses"),
    ("TERMINATE TRANSACTIONS 'x'", "clauses"),
    ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "clauses"),
    ("MATCH (a) LOAD CSV FROM 'http://x' AS line RETURN line", "clauses"),
    ("USE system MATCH (a) RETURN a", "clauses"),
    ("EXPLAIN MATCH (a) RETURN a", "clauses"),
    ("PROFILE MATCH (a) RETURN a", "clauses"),
    ("CYPHER 5 MATCH (a) RETURN a", "clauses"),
    ("CALL dbms.listConfig() YIELD name RETURN name", "procedures"),
    ("CALL dbms.killConnection('x') YIELD message RETURN message", "procedures"),
    ("CALL apoc.load.json('http://x') YIELD value RETURN value", "procedures"),
    ("CALL db.clearQueryCaches() YIELD value RETURN value", "procedures"),
    ("CALL DB.LABELS() YIELD label RETURN label", "procedures"),
    ("CALL db.labels()", "procedures"),
    ("MATCH (a) CALL (a) { RETURN 1 AS x } IN TRANSACTIONS RETURN x", "clauses"),
    # Functions.
    ("RETURN apoc.util.sleep(1)", "functions"),
    ("MATCH (a) WHERE id(a) = 1 RETURN a", "functions"),
    ("MATCH (a) WHERE exists(a.x) RETURN a", "functions"),
    ("RETURN replace(replace('a', 'a', 'aa'), 'a', 'aa') AS x", "functions"),
    ("RETURN range(1, 1000000000) AS x", "functions"),
    ("RETURN range(0, $n) AS x", "functions"),
    ("RETURN range(0, 9999 * 9999) AS x", "functions"),
    ("UNWIND range(1, size([1]) * 99999) AS x RETURN x", "functions"),
    # Shape.
    ("MATCH (a)-[*]-(b) RETURN b", "hops"),
    ("MATCH (a)-[:HAS_PHONE*2..]-(b) RETURN b", "hops"),
    ("MATCH (a)-[*1..7]-(b) RETURN b", "hops"),
    ("MATCH (a)-[*9]-(b) RETURN b", "hops"),
    ("MATCH (a)-[*1..4]-(b)-[*1..4]-(c) RETURN c", "hops"),
    ("MATCH (a) WHERE EXISTS { (a)-[*]-(:Seizure) } RETURN a", "hops"),
    ("MATCH (a) RETURN [(a)-[*]-(b) | b.uid] AS x", "hops"),
    ("MATCH (a:Importer {uid: $a}) RETURN shortestPath((a)-[*]-(:Seizure)) AS p", "hops"),
    ("MATCH (a:Importer), (b:Seller) RETURN a, b", "cross product"),
    ("MATCH (a:Importer) MATCH (b:Seller) RETURN a, b", "cross product"),
    ("MATCH (a:Importer) WITH a MATCH (b:Seller) WHERE a.name_key = b.name_key RETURN a", "cross product"),
    ("MATCH (a)--(b), (c)--(d) RETURN a", "cross product"),
    ("UNWIND range(1, 9999) AS x MATCH (a) RETURN a", "cross product"),
    ("MATCH (a:Importer) WHERE EXISTS { MATCH (b:Seller) WHERE b.country = a.country } RETURN a", "cross product"),
    ("MATCH (a:Importer) CALL (a) { MATCH (b:Seller) RETURN b } RETURN b", "cross product"),
    ("MATCH (a:Importer) CALL () { MATCH (b:Seller) RETURN b } RETURN b", "cross product"),
    ("MATCH (a:Importer) WHERE (:Seller)-[:PAID_TO]->() RETURN a", "cross product"),
    ("MATCH (a) CALL db.labels() YIELD label RETURN a, label", "cross product"),
    ("MATCH (a) RETURN a LIMIT 1000000", "limit"),
    ("MATCH (a) RETURN a LIMIT " + "9" * 5000, "limit"),
    ("MATCH (a) RETURN a LIMIT 5 + 5", "syntax"),
    # What no timeout stops.
    ("MATCH (a) WHERE a.caption =~ '(a+)+$' RETURN a", "regex"),
    ("RETURN [x IN range(1, 999) | [y IN range(1, 999) | x * y]] AS z", "loops"),
    ("RETURN reduce(s = 0, x IN [1] | s + reduce(t = 0, y IN [2] | t + y)) AS z", "loops"),
    ("MATCH (a) WHERE any(x IN a.sources WHERE all(y IN a.sources WHERE x = y)) RETURN a", "loops"),
    ("MATCH (a) RETURN [x IN a.k WHERE EXISTS { (a)--(b) WHERE any(y IN b.k WHERE y = x) } | x] AS y", "loops"),
    # Not on every store.
    ("MATCH SHORTEST 3 (a)--(b) RETURN a", "portable"),
    ("MATCH p = ANY SHORTEST (a)--(b) RETURN a", "portable"),
    ("MATCH (a)-[r]->{1,3}(b) RETURN a", "portable"),
    ("MATCH (a)-[r:$($t)]->(b) RETURN a", "portable"),
    ("MATCH (a:Importer&Seller) RETURN a", "portable"),
    ("MATCH (a:!Importer) RETURN a", "portable"),
    ("MATCH (a:Importer WHERE a.x = 1) RETURN a", "portable"),
    ("MATCH (a $props) RETURN a", "portable"),
    ("RETURN 'a' || 'b' AS c", "portable"),
    ("MATCH p = (a)--(b) WHERE any(n IN nodes(p) WHERE (n)<-[:SEIZED_FROM]-()) RETURN b.uid", "portable"),
    ("MATCH (a) CALL { RETURN 1 AS x } RETURN x", "portable"),
    # Size and depth, before anything is parsed.
    ("RETURN 1 AS a" + " " * MAX_CHARACTERS, "size"),
    ("RETURN [" + "1," * 4000 + "1] AS a", "size"),
    ("RETURN " + "(" * 500 + "1" + ")" * 500, "depth"),
    ("RETURN " + "CASE WHEN true THEN " * 300 + "1" + " END" * 300, "depth"),
    ("WITH 1 AS a " * 40 + "RETURN a", "size"),
    ("MATCH (a)" + "--(a)" * 40 + " RETURN a", "size"),
    # No query at all.
    ("", "syntax"),
    (";", "syntax"),
    ("MATCH (a)", "syntax"),
    ("MATCH (a) RETURN", "syntax"),
    ("MATCH (match) RETURN match", "names"),
    ("RETURN 1_000 AS a", "syntax"),
    ("RETURN 0x1F AS a", "syntax"),
    ("RETURN ) AS a", "syntax"),
    ("RETURN (1 AS a", "syntax"),
    ("MATCH (a)<-[]->(b) RETURN a", "syntax"),
    ("MATCH a RETURN a", "syntax"),
)  # fmt: skip


@pytest.mark.parametrize(("cypher", "rule"), REFUSED)
def test_a_refusal_names_the_rule_the_place_and_the_way_out(cypher: str, rule: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        guard(cypher, row_limit=100)
    message = str(refusal.value)
    assert re.match(r"line \d+, column \d+: .{8,}", message)
    assert message.endswith(f"(rule: {rule})")
    assert len(message) < 300


def test_the_place_is_that_of_the_offending_word() -> None:
    with pytest.raises(QueryRefused, match=r"^line 3, column 6: SET changes the graph"):
        guard("MATCH (a) /* one\ntwo */ WHERE a.x > 1\n     SET a.x = 2", row_limit=10)


def test_a_text_in_the_query_is_not_repeated_in_the_refusal() -> None:
    with pytest.raises(QueryRefused) as refusal:
        guard("MATCH (a) RETURN a.uid '123-45-6789'", row_limit=10)
    assert "6789" not in str(refusal.value)


def test_a_query_without_limit_gets_one_in_every_branch() -> None:
    cypher = "MATCH (a) RETURN a.uid AS x // all of them\nUNION MATCH (b) RETURN b.uid AS x;"
    run = guard(cypher, row_limit=7).cypher
    assert " ".join(run.split()) == "MATCH (a) RETURN a.uid AS x LIMIT 7 UNION MATCH (b) RETURN b.uid AS x LIMIT 7"


def test_a_limit_in_the_query_stays_and_one_inside_a_subquery_is_not_the_answer_s() -> None:
    assert guard("MATCH (a) RETURN a LIMIT 5", row_limit=7).cypher.count("LIMIT") == 1
    inner = "CALL () { MATCH (a) RETURN a LIMIT 5 } RETURN a"
    assert guard(inner, row_limit=7).cypher.split()[-2:] == ["LIMIT", "7"]


def test_comments_are_not_sent() -> None:
    run = guard("MATCH (a) /* a\nb */ RETURN a // c\n", row_limit=7).cypher
    assert "*" not in run
    assert "//" not in run
    assert run.splitlines()[1].strip().startswith("RETURN")


def test_limits_can_be_narrowed() -> None:
    with pytest.raises(QueryRefused, match="rule: hops"):
        guard("MATCH (a)-[*1..3]-(b) RETURN b", row_limit=7, limits=Limits(hops=2))


def test_functions_are_allowed_in_any_case() -> None:
    for name in FUNCTIONS - {"range", "count"}:
        assert guard(f"MATCH (n) RETURN {name.upper()}(n.uid) AS x", row_limit=1)


_WORDS = (
    "MATCH OPTIONAL WHERE RETURN WITH UNWIND CALL UNION ALL AS IN IS NOT NULL AND OR CASE WHEN THEN ELSE END EXISTS "
    "COUNT reduce any shortestPath ORDER BY LIMIT SKIP DISTINCT SET DELETE a b x n.uid $p 1 2.5 'text' \"t\" `q` ( ) "
    "[ ] { } - > < * .. . , : ; | = + / ^ % =~ <> -- --> <-- [*1..3] (a) (b:Importer) // /* */ \\u0041 ' \" ` é"
)
_PIECES = st.sampled_from([*_WORDS.split(), "\n", " "])


@given(st.lists(_PIECES, max_size=60).map(" ".join) | st.lists(_PIECES, max_size=30).map("".join) | st.text())
@settings(max_examples=600, deadline=None)
def test_whatever_is_written_passes_or_is_refused(cypher: str) -> None:
    try:
        run = guard(cypher, row_limit=5).cypher
    except QueryRefused:
        return
    # What passed reads the same without its comments and with its LIMIT.
    assert guard(run, row_limit=5).cypher == run


@given(st.sampled_from(ALLOWED), st.integers(0, 200), st.sampled_from(["", " ", "'", "/*", ";", "DELETE", ")", "`"]))
@settings(max_examples=400, deadline=None)
def test_a_query_with_something_slipped_in_passes_or_is_refused(cypher: str, at: int, slipped: str) -> None:
    try:
        run = guard(cypher[:at] + slipped + cypher[at:], row_limit=5).cypher
    except QueryRefused:
        return
    assert guard(run, row_limit=5).cypher == run
