"""What every error must look like."""

import uuid
from typing import Any

import httpx

_MEMBERS = {"type", "title", "status", "detail", "instance"}


def problem(response: httpx.Response, status: int, kind: str | None = None) -> dict[str, Any]:
    """The response as a problem object, checked against RFC 9457 and our own rules."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body.keys() >= _MEMBERS
    assert body.keys() <= _MEMBERS | {"errors"}
    assert body["type"].startswith("urn:graphinv:problem:")
    assert kind is None or body["type"] == f"urn:graphinv:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    assert body["instance"] == f"urn:uuid:{uuid.UUID(response.headers['x-request-id'])}"
    for place in body.get("errors", []):
        assert place.keys() == {"location", "message", "type"}
        assert place["location"][0] in {"body", "query", "path", "header"}
    return body
