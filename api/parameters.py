"""Query parameters of the API: one that its route does not take is refused, not left aside without a word.

Whoever sends ``?apply=true`` where ``apply`` is a field of the body means something by it.
"""

from collections.abc import Iterator

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

_API = "/v1/"


async def refuse_unknown(request: Request) -> None:
    """Refuse (422) a request for ``/v1`` with parameters that its route does not take, naming those that it does.

    Pages may carry what their scripts read from the address.
    """
    route = request.scope.get("route")
    if (
        not request.scope["query_string"]
        or not isinstance(route, APIRoute)
        or not request.scope["path"].startswith(_API)
    ):
        return
    taken = parameters_of(route)
    unknown = [name for name in request.query_params if name not in taken]
    if unknown:
        raise RequestValidationError(
            [
                {"loc": ("query", name), "msg": _way_out(route, name, taken), "type": "unknown_parameter"}
                for name in unknown
            ]
        )


def parameters_of(route: APIRoute) -> list[str]:
    """The query parameters that a route takes, as an address spells them."""
    return [name for field in route.dependant.query_params for name in _names(field.alias, field.field_info.annotation)]


def _names(alias: str, annotation: object) -> Iterator[str]:
    """One parameter, or those that a model of parameters holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from (field.alias or name for name, field in annotation.model_fields.items())
    else:
        yield alias


def _way_out(route: APIRoute, name: str, taken: list[str]) -> str:
    body = None if route.body_field is None else route.body_field.field_info.annotation
    in_body = isinstance(body, type) and issubclass(body, BaseModel) and name in _names("", body)
    takes = f"this route takes {', '.join(taken) or 'none'}"
    return f"no such parameter; {takes}{': it is a field of the body' if in_body else ''}"
