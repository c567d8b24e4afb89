"""Around every request: its id, security headers, the time it took, and an answer for what nobody foresaw."""

import logging
import traceback
import uuid
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import REQUEST_ID, Problem
from api.metrics import Metrics

_log = logging.getLogger("graphinv.api")

#: Set unless the route says otherwise. Pages bring a policy of their own; data is never framed, sniffed or kept.
_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_NO_STORE = (b"cache-control", b"no-store")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observed:
    """The outermost layer. Exceptions end here: their text is not logged, since it may quote what was sent."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began = perf_counter()
        request_id = scope[REQUEST_ID] = _request_id(scope)
        status = 0

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_headers(message, scope["path"], request_id)
            await send(message)

        try:
            await self._app(scope, receive, dressed)
        except Exception as error:
            _report(error, request_id)
            if status:
                raise ConnectionError("the answer broke off") from None
            await _broken().response(scope)(scope, receive, dressed)
        finally:
            self._metrics.request(_method(scope), _route(scope), status, perf_counter() - began)
        return None


def _with_headers(message: Message, path: str, request_id: str) -> list[tuple[bytes, bytes]]:
    headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    present = {name for name, _ in headers}
    wanted = (*_HEADERS, _NO_STORE) if path.startswith("/v1/") else _HEADERS
    headers.extend(item for item in wanted if item[0] not in present)
    headers.append((b"x-request-id", request_id.encode()))
    return headers


def _request_id(scope: Scope) -> str:
    """The caller's own id where it is a UUID (other texts may say anything), else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            try:
                return str(uuid.UUID(value.decode("ascii")))
            except ValueError:
                break
    return str(uuid.uuid4())


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


def _route(scope: Scope) -> str:
    """The template of the route, so that no id becomes a label."""
    return getattr(scope.get("route"), "path", None) or "unmatched"


def _report(error: Exception, request_id: str) -> None:
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("request %s broke: %s\n%s", request_id, type(error).__name__, where)


def _broken() -> Problem:
    return Problem(
        "internal", 500, "Something broke", "The server's log has the details under this request's id; try again."
    )
