"""Judgements of who is who: two records or parties are the same, or different."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query
from starlette.responses import Response

from api import cursors
from api.deps import Asking, AskingDep, WorkspaceDep, json_answer
from api.examples import JUDGEMENT_IDS, JUDGEMENT_KEYS, JUDGEMENTS, WITHDRAWALS
from api.idempotency import Ask
from api.models import JudgedAnswer, JudgementBody, JudgementList, WithdrawalBody
from graphinv.judging import Judged, judge, judgements_of, withdraw
from graphinv.resolve.judgements import Decision

router = APIRouter(prefix="/v1/judgements", tags=["who is who"])


@router.post("", response_model=JudgedAnswer, summary="Two records are one party, or are not")
def make_judgement(
    body: Annotated[JudgementBody, Body(openapi_examples=JUDGEMENTS)],
    workspace: WorkspaceDep,
    asking: AskingDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=255,
            description="A key of your choice: the same judgement under it is made once, for good.",
            openapi_examples=JUDGEMENT_KEYS,
        ),
    ] = None,
) -> Response:
    """Goes before the match model, survives reloads and rebuilds, and supersedes what was judged of the pair before.
    Contradictions are refused: the problem names the judgement in the way. The graph follows before the answer, unless
    `apply` is false: then it does with the next load or judgement."""
    with asking.audited("judgements") as line:
        key = None if idempotency_key is None else Ask.of(asking.caller.key_id, "judgements", idempotency_key).place
        decision = Decision(body.left, body.right, body.verdict, _who(asking, body.who), body.why, key)
        found = judge(workspace, decision, apply=body.apply)
        line.detail.update(judgement=found.judgement.id, verdict=str(found.judgement.verdict), moved=len(found.moved))
    return json_answer(_answer(found))


@router.get("", response_model=JudgementList, summary="Judgements, the newest first")
def list_judgements(
    workspace: WorkspaceDep,
    asking: AskingDep,
    current: Annotated[bool, Query(description="Only those that count.")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """Withdrawn and superseded ones say by whom, when and why."""
    of = ["judgements", current]
    after = cursors.decode(cursor, of)
    with asking.audited("judgements/list") as line:
        page = judgements_of(workspace).page(limit, None if after is None else int(after), current=current)
        line.detail["found"] = len(page.items)
    return json_answer({"items": page.items, "next": cursors.encode(page.next, of), "total": page.total})


@router.post("/{judgement_id}/withdraw", response_model=JudgedAnswer, summary="Take a judgement back")
def withdraw_judgement(
    judgement_id: Annotated[str, Path(max_length=40, openapi_examples=JUDGEMENT_IDS)],
    body: Annotated[WithdrawalBody, Body(openapi_examples=WITHDRAWALS)],
    workspace: WorkspaceDep,
    asking: AskingDep,
) -> Response:
    """It is kept, says who withdrew it and why, and counts no more; the pair is the match model's again."""
    with asking.audited("judgements/withdraw") as line:
        found = withdraw(workspace, judgement_id, _who(asking, body.who), body.why, apply=body.apply)
        line.detail.update(judgement=found.judgement.id, moved=len(found.moved))
    return json_answer(_answer(found))


def _who(asking: Asking, who: str | None) -> str:
    """Who judges: as they say, and the key they came with."""
    return who or f"key {asking.caller.key_id}"


def _answer(found: Judged) -> dict[str, object]:
    return {
        "judgement": found.judgement,
        "superseded": found.superseded,
        "applied": found.applied,
        "moved": found.moved,
        "told": found.told,
    }
