"""Opaque cursors: where the next page of a list begins, and of which list."""

import base64
import binascii
from hashlib import blake2b

import orjson

from graphinv.errors import InvalidInput


def encode(place: str | int | None, of: object) -> str | None:
    """A cursor for a place in the list that ``of`` asks for; None at the end."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(orjson.dumps([place, _digest(of)])).decode().rstrip("=")


def decode(cursor: str | None, of: object) -> str | int | None:
    """The place of a cursor, None without one. Raises InvalidInput when it belongs to another list."""
    if not cursor:
        return None
    try:
        place, digest = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if digest == _digest(of) and isinstance(place, str | int):
            return place
    except (binascii.Error, ValueError, TypeError):
        pass
    raise InvalidInput("cursor: it is none of this list's; start without one, and change nothing else between pages")


def _digest(of: object) -> str:
    return blake2b(orjson.dumps(of), digest_size=6).hexdigest()
