"""The OpenAPI document: an example on every route, and every example answers as the document says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from api import app as app_module
from api.app import create_app
from graphinv.opened import OpenedWorkspace

Operation = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request that the document gives as an example."""

    method: str
    path: str
    params: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    """The document as the server gives it."""
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def examples(content: dict[str, Any]) -> list[Any]:
    named = [one["value"] for one in content.get("examples", {}).values()]
    return [*named, *([content["example"]] if "example" in content else [])]


def calls(method: str, path: str, operation: Operation) -> list[Call]:
    """The requests that an operation's examples make together."""
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    for parameter in operation.get("parameters", []):
        given = examples(parameter)
        if parameter["in"] == "path":
            assert given, f"{method} {path}: no example of {parameter['name']}"
            path = path.replace(f"{{{parameter['name']}}}", quote(given[0], safe="/:"))
        elif parameter["in"] == "query" and given:
            params[parameter["name"]] = given[0]
        elif parameter["in"] == "header" and given:
            headers[parameter["name"]] = given[0]
    bodies = operation.get("requestBody", {}).get("content", {})
    sent = [Call(method, path, params, kind, one, headers) for kind, about in bodies.items() for one in examples(about)]
    return sent if bodies else [Call(method, path, params, headers=headers)]


def test_every_route_is_documented_with_a_summary_and_what_it_answers(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        assert operation["summary"], f"{method} {path}"
        assert operation["description"], f"{method} {path}"
        assert operation["responses"]["200"]["content"], f"{method} {path}"
        assert "application/problem+json" in operation["responses"]["422"]["content"], f"{method} {path}"


def test_every_route_has_an_example_and_every_example_answers(client: httpx.Client, document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        asked = calls(method, path, operation)
        assert asked, f"{method} {path} has no example"
        for call in asked:
            response = send(client, call)
            assert response.status_code == 200, f"{method} {path}: {response.text}"
            kind = response.headers["content-type"].partition(";")[0]
            documented = operation["responses"]["200"]["content"]
            assert kind in documented, f"{method} {path} answers {kind}"
            if kind == "application/json":
                assert_fits(response.json(), documented[kind]["schema"], document, f"{method} {path}")


def send(client: httpx.Client, call: Call) -> httpx.Response:
    if call.content_type == "application/json":
        return client.request(call.method, call.path, params=call.params, json=call.body, headers=call.headers)
    headers = {**call.headers, **({"content-type": call.content_type} if call.content_type else {})}
    content = call.body.encode() if isinstance(call.body, str) else None
    return client.request(call.method, call.path, params=call.params, content=content, headers=headers)


def assert_fits(value: Any, schema: dict[str, Any], document: dict[str, Any], where: str) -> None:
    """The value has the shape of the schema: every required property, none that is not declared, all of its type."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        fits = [one for one in schema["anyOf"] if is_of(value, one)]
        assert fits, f"{where}: {value!r} is none of {schema['anyOf']}"
        return assert_fits(value, fits[0], document, where)
    assert is_of(value, schema), f"{where}: {value!r} is no {schema}"
    if isinstance(value, dict) and "properties" in schema:
        declared = schema["properties"]
        assert set(schema.get("required", [])) <= value.keys() <= declared.keys(), f"{where}: {value.keys()}"
        for name, item in value.items():
            assert_fits(item, declared[name], document, f"{where}.{name}")
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            assert_fits(item, schema["items"], document, f"{where}[]")
    return None


_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def is_of(value: Any, schema: dict[str, Any]) -> bool:
    if "type" not in schema:
        return "$ref" not in schema or isinstance(value, dict | str)
    return isinstance(value, _TYPES[schema["type"]])


def test_the_document_is_the_same_without_a_server(workspace: OpenedWorkspace, document: dict[str, Any]) -> None:
    app: FastAPI = create_app(workspace)
    assert set(app.openapi()["paths"]) == set(document["paths"])
    assert app_module.create_app is create_app
