"""Who may ask: the configured keys, or on loopback, where none is configured, whoever sits at this machine."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import problem_of_status

#: Where the caller stands in the ASGI scope.
CALLER = "graphinv.caller"

_API = "/v1/"
_PUBLIC = frozenset({"/v1/health"})
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Caller:
    """Who asks: the first digits of the key's hash, ``local`` without keys, empty where nobody had to say."""

    key_id: str
    address: str

    @property
    def rate_key(self) -> str:
        """What the rate limit counts by."""
        return self.key_id if self.key_id not in ("", "local") else self.address


class AccessControl:
    """Lets requests for ``/v1`` through that bring a key (401 without), and marks who asks.

    Without keys only this machine is answered, under a loopback name: a page of somebody else's that has its name point
    here (DNS rebinding) gets nothing.
    """

    def __init__(self, app: ASGIApp, keys: tuple[str, ...]) -> None:
        self._app = app
        self._digests = tuple(sha256(key.encode()).digest() for key in keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        key_id = self._known_key(_given_key(headers)) if self._digests else _local(scope, headers)
        scope[CALLER] = Caller(key_id, (scope.get("client") or ("",))[0])
        if key_id or not _guarded(scope["path"], keyed=bool(self._digests)):
            return await self._app(scope, receive, send)
        response = problem_of_status(401, self._refusal(), {"WWW-Authenticate": "Bearer"}).response(scope)
        return await response(scope, receive, send)

    def _known_key(self, given: bytes) -> str:
        """The id of the key, empty when it is none of ours; every key is compared, in constant time."""
        digest = sha256(given).digest()
        matches = [hmac.compare_digest(digest, known) for known in self._digests]
        return digest.hex()[:12] if any(matches) else ""

    def _refusal(self) -> str:
        if self._digests:
            return "Send one of the server's keys as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'."
        return "Without keys this server answers only on loopback (127.0.0.1, localhost); set GRAPHINV_API_KEYS."


def _guarded(path: str, *, keyed: bool) -> bool:
    """Pages and static files hold no data, so with keys they are for all; a server without keys is for this machine."""
    return path not in _PUBLIC and (path.startswith(_API) or not keyed)


def _given_key(headers: dict[bytes, bytes]) -> bytes:
    scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
    return token.strip() if scheme.lower() == b"bearer" else headers.get(b"x-api-key", b"").strip()


def _local(scope: Scope, headers: dict[bytes, bytes]) -> str:
    server = scope.get("server") or ("", None)
    name = headers.get(b"host", b"").decode("latin-1").lower()
    bare = name if name.endswith("]") else name.rsplit(":", 1)[0]
    return "local" if _is_loopback(server[0]) and bare in _LOOPBACK_NAMES else ""


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
