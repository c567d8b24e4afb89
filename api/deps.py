"""What routes are given: the workspace, the audit log, the metrics, and who asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter
from typing import Annotated

import orjson
from fastapi import Depends, Request
from starlette.responses import Response

from api.audit import AuditEntry, AuditLog
from api.auth import CALLER, Caller
from api.errors import REQUEST_ID
from api.idempotency import KeptAnswers
from api.limits import ApiLimits
from api.metrics import Metrics
from graphinv.errors import GraphinvError
from graphinv.opened import OpenedWorkspace


@dataclass(frozen=True)
class Services:
    """What one app holds. ``greeted``: the graph store was started or greeted once, or could not be."""

    workspace: OpenedWorkspace
    audit: AuditLog
    metrics: Metrics
    limits: ApiLimits
    answers: KeptAnswers
    greeted: Event = field(default_factory=Event)


@dataclass(frozen=True)
class Asking:
    """One request: who asks, under which id, and where that is written down."""

    services: Services
    caller: Caller
    request_id: str

    @contextmanager
    def audited(self, route: str) -> Iterator[AuditEntry]:
        """The request's audit line: written when the block ends, with the kind of the problem where it fails."""
        line = AuditEntry(self.request_id, self.caller.key_id, route)
        began = perf_counter()
        try:
            yield line
        except Exception as error:
            line.status = error.kind if isinstance(error, GraphinvError) else "internal"
            raise
        finally:
            line.took_ms = round((perf_counter() - began) * 1000, 3)
            self.services.audit.write(line)


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
