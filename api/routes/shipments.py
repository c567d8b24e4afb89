"""Advance data: shipments sent as they are filed, kept and screened before the answer."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Body, Header
from starlette.responses import Response

from api.deps import Asking, AskingDep, json_answer
from api.examples import SHIPMENT_KEYS, SHIPMENTS
from api.idempotency import REPLAYED, Ask
from api.models import ArrivedAnswer, ShipmentsBody
from graphinv.arrivals import FEED, arrive

router = APIRouter(prefix="/v1/shipments", tags=["links"])

_ROUTE = "shipments"


@router.post("", response_model=ArrivedAnswer, summary="Keep and screen advance data")
def screen_shipments(
    body: Annotated[ShipmentsBody, Body(openapi_examples=SHIPMENTS)],
    asking: AskingDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=255,
            description="A key of your choice: the same shipments under it are answered as before, for a day.",
            openapi_examples=SHIPMENT_KEYS,
        ),
    ] = None,
) -> Response:
    """Rows of the shipments feed, every one accounted for: read = accepted + duplicate + quarantined. Accepted rows are
    on disk before anything else is done with them, and each is looked up before the answer, by what was known without
    it. Look-ups know it from then on; the graph follows with the next load, or before the answer where `apply` is true.
    """
    if idempotency_key is None:
        return json_answer(_screen(asking, body))
    said = orjson.dumps([body.shipments, body.apply], option=orjson.OPT_SORT_KEYS).decode()
    ask, answers = Ask.of(asking.caller.key_id, _ROUTE, idempotency_key, said), asking.services.answers
    with answers.working_on(ask):
        kept = answers.find(ask)
        if kept is not None:
            with asking.audited(_ROUTE) as line:
                line.status = "replayed"
            return Response(kept, headers={REPLAYED: "true"}, media_type="application/json")
        answer = json_answer(_screen(asking, body))
        answers.keep(ask, bytes(answer.body))
    return answer


def _screen(asking: Asking, body: ShipmentsBody) -> dict[str, object]:
    with asking.audited(_ROUTE) as line:
        found = arrive(asking.services.workspace, body.shipments, apply=body.apply)
        counts = found.accounting.feeds[FEED]
        line.queries, line.epoch = len(found.responses), found.index.epoch
        line.detail = {"accepted": counts.accepted, "duplicate": counts.duplicate, "quarantined": counts.quarantined}
        for answer in found.responses.values():
            line.bands[answer.band] = line.bands.get(answer.band, 0) + 1
    for outcome in ("accepted", "duplicate", "quarantined"):
        asking.services.metrics.rows(FEED, outcome, getattr(counts, outcome))
    return {
        **found.accounting.to_json(),
        "responses": found.responses,
        "graph": found.graph,
        "as_of": found.as_of,
        "index": found.index,
        "recorded": found.recorded,
        "applied": found.applied,
        "took_ms": found.took_ms,
    }
