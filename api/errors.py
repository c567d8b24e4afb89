"""Every error leaves as a problem object (RFC 9457): ``type``, ``title``, ``status``, ``detail``, ``instance``.

``type`` is ``urn:graphinv:problem:<kind>``, ``instance`` names the request that the ``X-Request-ID`` header names too,
and bad input lists its places under ``errors``. No problem repeats what was sent: it may be an identity number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from graphinv.errors import GraphinvError
from graphinv.likely_fields import unknown_field

PROBLEM_TYPE = "urn:graphinv:problem:"
MEDIA_TYPE = "application/problem+json"

#: Where the request's id stands in the ASGI scope.
REQUEST_ID = "graphinv.request_id"

#: Kinds of ``graphinv.errors``, as status and title.
_KINDS: Mapping[str, tuple[int, str]] = {
    "usage": (422, "The request cannot be used"),
    "not-found": (404, "Not found"),
    "invalid-input": (422, "The input cannot be used"),
    "feed": (422, "The file cannot be read as a feed"),
    "workspace": (503, "The workspace cannot be used"),
    "workspace-busy": (409, "Somebody else is writing"),
    "store": (503, "The graph store failed"),
    "store-unavailable": (503, "The graph store does not answer"),
    "query-timeout": (504, "The query ran out of time"),
    "query": (422, "The query cannot be run"),
    "query-refused": (422, "The query was refused"),
}
#: Seconds after which to send the same request again, where it may be answered then: another writer ends and a store
#: starts again by itself, the others wait for somebody who does what the detail says.
_RETRY_AFTER = {"workspace-busy": "5", "store-unavailable": "5", "store": "60", "workspace": "60"}

#: What stands in a place of the input is ours unless a caller chose it; from this many digits it may be a number.
_MANY_DIGITS = 5


class FieldProblem(BaseModel):
    """One place of the input that will not do."""

    location: list[str | int] = Field(description="Where: body, path or query, then the names inside.")
    message: str = Field(description="What would do.")
    type: str = Field(description="Kind of the mistake, for programs.")


class ProblemBody(BaseModel):
    """An error, as RFC 9457 words it."""

    type: str = Field(description="Kind of the problem.", examples=["urn:graphinv:problem:not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(description="What happened, and the way out.")
    instance: str = Field(description="This request, as X-Request-ID names it.")
    errors: list[FieldProblem] | None = Field(None, description="Places of the input that will not do.")


@dataclass(frozen=True)
class Problem:
    """An error before it is written."""

    kind: str
    status: int
    title: str
    detail: str
    errors: Sequence[Mapping[str, object]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, scope: Scope) -> Response:
        """The problem as the answer to a request."""
        body: dict[str, object] = {
            "type": PROBLEM_TYPE + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:uuid:{scope.get(REQUEST_ID, '')}",
        }
        if self.errors:
            body["errors"] = self.errors
        return Response(orjson.dumps(body), self.status, dict(self.headers), MEDIA_TYPE)


def problem_of_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    """A problem that HTTP itself has a word for."""
    title = HTTPStatus(status).phrase
    return Problem(title.lower().replace(" ", "-"), status, title, detail, headers=headers or {})


def problem_of(error: GraphinvError, root: str = "") -> Problem:
    """A problem for one of our errors; ``root``, the workspace's folder, is nobody's business outside."""
    status, title = _KINDS.get(error.kind, (500, "Something broke"))
    detail = str(error).replace(root, "the workspace") if root else str(error)
    headers = {"Retry-After": _RETRY_AFTER[error.kind]} if error.kind in _RETRY_AFTER else {}
    return Problem(error.kind, status, title, detail, headers=headers)


def install(app: FastAPI, root: str) -> None:
    """Make the app answer every error as a problem; what nobody foresaw is caught by ``middleware.Observed``."""

    async def ours(request: Request, error: Exception) -> Response:
        found = error if isinstance(error, GraphinvError) else GraphinvError("something broke")
        return problem_of(found, root).response(request.scope)

    app.add_exception_handler(GraphinvError, ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _invalid(request: Request, error: Exception) -> Response:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    places = [
        {"location": [_place(part) for part in one["loc"]], "message": _message(request, one), "type": one["type"]}
        for one in found
    ]
    first = f"{'.'.join(str(part) for part in places[0]['location'])}: {places[0]['message']}" if places else "unusable"
    detail = first if len(places) < 2 else f"{first} (and {len(places) - 1} more, see errors)"
    return Problem("invalid-input", 422, "The input cannot be used", detail, places).response(request.scope)


def _message(request: Request, error: Mapping[str, Any]) -> str:
    """pydantic's words, which name rules and never values; of broken JSON also what was expected.

    Of a field that there is not, the one that was probably meant.
    """
    body = getattr(request.scope.get("route"), "body_field", None)
    if error["type"] == "extra_forbidden" and body is not None and error["loc"][0] == "body":
        return unknown_field(body.field_info.annotation, error["loc"][1:])
    if error["type"] in ("model_attributes_type", "dict_type"):
        return _NO_OBJECT
    context = error.get("ctx")
    more = context.get("error") if error["type"] == "json_invalid" and isinstance(context, Mapping) else None
    said = _ENUM_MEMBER.sub(r"\1", str(error["msg"]))
    return f"{said}: {more}" if more else said


#: A word that pydantic shows as Python does: <Status.OPEN: 'open'>.
_ENUM_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")


_NO_OBJECT = "a JSON object is expected here, in a body sent as application/json"


def _place(part: str | int) -> str | int:
    """A part of a place, unless the caller chose it and it may be a number of somebody."""
    if isinstance(part, int):
        return part
    hidden = len(part) > 60 or len(re.findall(r"\d", part)) >= _MANY_DIGITS
    return "…" if hidden else part


async def _http(request: Request, error: Exception) -> Response:
    found = error if isinstance(error, HTTPException) else HTTPException(500)
    detail = _DETAILS.get(found.status_code) or str(found.detail)
    return problem_of_status(found.status_code, detail, found.headers).response(request.scope)


_DETAILS = {
    404: "There is no such page or route; the routes are listed in /openapi.json.",
    405: "This route takes other methods; the Allow header names them.",
    413: "The body is larger than this server takes; split it.",
    400: "The body could not be read.",
}
