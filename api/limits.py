"""How much one caller may send: bytes in a body, requests in a minute."""

import os
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.auth import CALLER, Caller
from api.errors import problem_of_status
from graphinv.errors import InvalidInput

_MEGABYTE = 1_000_000
FEEDS_PATH = "/v1/feeds/"

#: Callers whose rate is remembered; the one unheard of longest is forgotten first.
_CALLERS_KEPT = 10_000


@dataclass(frozen=True)
class ApiLimits:
    """``body_bytes`` of a JSON request, ``feed_bytes`` of a feed file as sent.

    ``requests_per_minute`` are those of one caller, by key or else by address; None for any number.
    """

    body_bytes: int = 4 * _MEGABYTE
    feed_bytes: int = 2_000 * _MEGABYTE
    requests_per_minute: int | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "ApiLimits":
        """Read GRAPHINV_MAX_BODY_MB, GRAPHINV_MAX_FEED_MB and GRAPHINV_RATE_PER_MINUTE; InvalidInput for no number."""
        env = os.environ if environ is None else environ
        default = cls()
        return cls(
            body_bytes=(_whole(env, "GRAPHINV_MAX_BODY_MB") or default.body_bytes // _MEGABYTE) * _MEGABYTE,
            feed_bytes=(_whole(env, "GRAPHINV_MAX_FEED_MB") or default.feed_bytes // _MEGABYTE) * _MEGABYTE,
            requests_per_minute=_whole(env, "GRAPHINV_RATE_PER_MINUTE"),
        )


def _whole(env: Mapping[str, str], name: str) -> int | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise InvalidInput(f"{name} should be a whole number above 0")
    return int(text)


class BodyLimit:
    """Answers 413 before a body that is too long is parsed, and stops reading one that does not say its length."""

    def __init__(self, app: ASGIApp, limits: ApiLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        feed = scope["path"].startswith(FEEDS_PATH)
        most = self._limits.feed_bytes if feed else self._limits.body_bytes
        if _content_length(scope) > most:
            detail = f"The body is larger than the {most // _MEGABYTE} MB that this route takes; split it."
            # The rest of the body stays unread, so this connection is of no further use.
            response = problem_of_status(413, detail, {"Connection": "close"}).response(scope)
            return await response(scope, receive, send)
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413, headers={"Connection": "close"})
            return message

        return await self._app(scope, counted, send)


def _content_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


@dataclass
class _Bucket:
    """Requests that a caller has left, and when that was counted."""

    left: float
    at: float = field(default_factory=time.monotonic)


class RateLimit:
    """Answers 429 to a caller who asks more often than allowed: a token bucket that fills evenly over a minute."""

    def __init__(self, app: ASGIApp, limits: ApiLimits) -> None:
        self._app = app
        self._most = limits.requests_per_minute
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self._wait(scope) if self._most and scope["type"] == "http" else 0.0
        if wait <= 0:
            return await self._app(scope, receive, send)
        seconds = str(int(wait) + 1)
        detail = f"More than {self._most} requests a minute; try again in {seconds} s."
        response = problem_of_status(429, detail, {"Retry-After": seconds}).response(scope)
        return await response(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        """Seconds until the caller may ask again; 0 takes one request from its bucket."""
        caller: Caller = scope[CALLER]
        most, now = float(self._most or 0), time.monotonic()
        bucket = self._buckets.setdefault(caller.rate_key, _Bucket(most, now))
        self._buckets.move_to_end(caller.rate_key)
        while len(self._buckets) > _CALLERS_KEPT:
            self._buckets.popitem(last=False)
        bucket.left, bucket.at = min(most, bucket.left + (now - bucket.at) * most / 60), now
        if bucket.left < 1:
            return (1 - bucket.left) * 60 / most
        bucket.left -= 1
        return 0.0
