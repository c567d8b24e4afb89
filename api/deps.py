"""What routes are given: the workspace, the audit log, the metrics, and who asks."""

from dataclasses import dataclass
from typing import Annotated

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from api.audit import AuditEntry, AuditLog
from api.auth import CALLER, Caller
from api.errors import REQUEST_ID
from api.limits import ApiLimits
from api.metrics import Metrics
from graphinv.opened import OpenedWorkspace


@dataclass(frozen=True)
class Services:
    """What one app holds."""

    workspace: OpenedWorkspace
    audit: AuditLog
    metrics: Metrics
    limits: ApiLimits


@dataclass(frozen=True)
class Asking:
    """One request: who asks, under which id, and where that is written down."""

    services: Services
    caller: Caller
    request_id: str

    def record(
        self,
        route: str,
        status: str,
        queries: int,
        took_ms: float,
        *,
        epoch: int | None = None,
        bands: dict[str, int] | None = None,
        detail: dict[str, int | str] | None = None,
    ) -> None:
        """Write the audit line."""
        key = self.caller.key_id
        entry = AuditEntry(self.request_id, key, route, status, queries, took_ms, epoch, bands or {}, detail or {})
        self.services.audit.write(entry)


# All of them are coroutines: a plain function would be sent to a thread, which costs more than it does.
async def services(request: Request) -> Services:
    """The app's services."""
    found: Services = request.app.state.services
    return found


async def workspace(found: Annotated[Services, Depends(services)]) -> OpenedWorkspace:
    """The opened workspace."""
    return found.workspace


async def asking(request: Request, found: Annotated[Services, Depends(services)]) -> Asking:
    """Who asks."""
    return Asking(found, request.scope[CALLER], request.scope[REQUEST_ID])


ServicesDep = Annotated[Services, Depends(services)]
WorkspaceDep = Annotated[OpenedWorkspace, Depends(workspace)]
AskingDep = Annotated[Asking, Depends(asking)]


def json_answer(value: object, status: int = 200) -> Response:
    """A value (dataclasses, dictionaries, lists) as the answer, written once."""
    return Response(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), status, media_type="application/json")
