"""Merged ids: an identity that belongs to an entity of another id answers with where that is (HTTP 308)."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response


def to_entity(request: Request, before: str, entity: str, after: str = "") -> Response:
    """A permanent redirect to the path ``before`` + entity + ``after``, with the query that was asked, without a body.

    308 keeps the method; whoever follows it asks the same of the entity.
    """
    place = f"{request.scope.get('root_path', '')}{before}{quote(entity, safe='/:')}{after}"
    asked = request.url.query
    return Response(status_code=308, headers={"Location": f"{place}?{asked}" if asked else place})
