"""The format of saved queries: what is read, what is refused with the file's name, how a query is found by name."""

from pathlib import Path

import pytest

from graphinv.errors import NotFound, QueryError
from graphinv.queries.check import check_query
from graphinv.queries.saved import ColumnType, find_query, load_queries, packaged_folder

GOOD = """/*---
title: Importers of a country
description: A row is an importer. Misleads where the country is that of an agent.
params:
  country: {type: text, default: CN, help: Country.}
  limit: {type: integer, default: 10, max: 100}
columns:
  importer_id: {type: entity, label: Importer}
tags: [importers]
---*/
MATCH (importer:Importer)
WHERE importer.country = $country
RETURN importer.uid AS importer_id
ORDER BY importer_id
LIMIT $limit
"""


def _folder(tmp_path: Path, text: str, name: str = "sub/one") -> Path:
    file = tmp_path / f"{name}.cypher"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return tmp_path


def test_the_path_is_the_name_and_the_comment_the_metadata(tmp_path: Path) -> None:
    (query,) = load_queries(_folder(tmp_path, GOOD))
    assert (query.name, query.title, query.tags) == ("sub/one", "Importers of a country", ("importers",))
    assert [(param.name, param.type_name, param.default) for param in query.params] == [
        ("country", "text", "CN"),
        ("limit", "integer", 10),
    ]
    assert [(column.name, column.type, column.label) for column in query.columns] == [
        ("importer_id", ColumnType.ENTITY, "Importer")
    ]
    assert query.cypher.startswith("MATCH")
    assert query.text == GOOD
    assert check_query(query) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tags: [importers]", "tag: [importers]", "the metadata has unknown keys: tag; known are columns, description"),
        ("help: Country.", "hint: Country.", "parameter country has unknown keys: hint"),
        ("label: Importer}", "title: Importer}", "column importer_id has unknown keys: title"),
        ("title: Importers of a country", "", "the metadata lacks title"),
        ("type: entity", "type: node", "column importer_id: type is one of entity, text"),
        ("type: text", "type: string", "parameter country: no type 'string'"),
        ("default: 10", "default: 500", "parameter 'limit': '500' will not do; give 100 or less"),
        ("default: 10", "default: ten", "parameter 'limit': 'ten' will not do; give a whole number"),
        ("title: Importers", "title: [", "the metadata is no YAML"),
        ("/*---", "/*", "a saved query begins with"),
        ("---*/", "*/", "a saved query begins with"),
        ("tags: [importers]", "tags: importers", "tags should be a list of texts"),
    ],
)
def test_a_broken_file_is_named_with_what_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(QueryError) as error:
        load_queries(_folder(tmp_path, GOOD.replace(old, new)))
    assert message in str(error.value)
    assert "one.cypher: " in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("$country", "'CN'", "declares parameter country, which the query does not use"),
        ("= $country", "= $land", "uses $land, which params does not declare"),
        ("ORDER BY importer_id\n", "", "the final RETURN has no ORDER BY"),
        ("LIMIT $limit", "LIMIT 5", "the final RETURN has no LIMIT $limit"),
        ("AS importer_id", "AS id", "returns id, but columns declares importer_id"),
        ("(importer:Importer)", "(importer:Company)", "no label 'Company' in the schema"),
        ("MATCH (importer:Importer)", "MATCH (importer:Importer)-[:OWNS]->(x)", "no relationship type 'OWNS'"),
        ("importer.country", "importer.land", "no property 'land' of importer in the schema"),
        ("importer.country", "importer.filed_on", "no property 'filed_on' of importer in the schema"),
        ("RETURN", "SET importer.dba = '' RETURN", "SET changes the graph"),
        ("MATCH (importer:Importer)", "MATCH (importer:Importer)-[*]-(x)", "'*' without an upper bound"),
        ("Misleads", "Beware", "the description does not say when a row misleads"),
        (", help: Country.", "", "parameter country has no help"),
        (", max: 100", "", "parameter 'limit' has no max"),
    ],
)
def test_the_checker_says_what_is_wrong_with_a_query(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in GOOD
    (query,) = load_queries(_folder(tmp_path, GOOD.replace(old, new)))
    assert any(problem in found for found in check_query(query)), check_query(query)


def test_a_query_is_found_by_name_and_a_wrong_name_brings_the_close_ones(tmp_path: Path) -> None:
    folder = _folder(_folder(tmp_path, GOOD), GOOD, "sub/other")
    assert find_query("sub/one", folder).name == "sub/one"
    assert find_query("sub/one.cypher", folder).name == "sub/one"
    with pytest.raises(NotFound, match="no saved query 'sub/onne'; did you mean sub/one"):
        find_query("sub/onne", folder)
    with pytest.raises(NotFound, match="did you mean sub/other"):
        find_query("other", folder)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "sub/../sub/one", ""])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    _folder(tmp_path, GOOD, "secret")
    with pytest.raises(NotFound):
        find_query(name, _folder(tmp_path / "queries", GOOD))


def test_the_packaged_queries_lie_in_folders_by_subject() -> None:
    queries = load_queries()
    assert len(queries) >= 12
    subjects = {"addresses", "sellers", "seizures", "shipments", "networks", "forced_labor"}
    assert {query.name.partition("/")[0] for query in queries} == subjects
    assert packaged_folder().name == "cypher"
