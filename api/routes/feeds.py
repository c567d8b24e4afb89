"""Files of a feed, sent as the body of a request."""

import hashlib
import shutil
import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import anyio
from fastapi import APIRouter, Header, Request
from fastapi import Path as PathParam
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import Asking, AskingDep, json_answer
from api.examples import FEED_BODIES, FEED_NAMES
from api.idempotency import REPLAYED, Ask
from api.models import LoadAnswer
from graphinv.errors import FeedError, InvalidInput
from graphinv.ingest.accounting import FeedCounts
from graphinv.records import FEEDS

if TYPE_CHECKING:
    from graphinv.pipeline import Loaded

router = APIRouter(prefix="/v1/feeds", tags=["feeds"])

_LEFT_AFTER_S = 86_400

_SUFFIXES = {
    "text/csv": ".csv",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/vnd.apache.parquet": ".parquet",
}


@router.post(
    "/{feed}",
    response_model=LoadAnswer,
    summary="Load a file of a feed",
    openapi_extra={"requestBody": {"required": True, "content": FEED_BODIES}},
)
async def load_feed(
    request: Request,
    asking: AskingDep,
    feed: Annotated[str, PathParam(max_length=40, openapi_examples=FEED_NAMES)],
    content_type: Annotated[str, Header(description=f"One of {', '.join(_SUFFIXES)}.")] = "",
    content_encoding: Annotated[str, Header(description="`gzip` for a gzipped body.")] = "identity",
    idempotency_key: Annotated[
        str | None,
        Header(max_length=255, description="A key of your choice: the same request under it is answered as before."),
    ] = None,
) -> Response:
    """The file is the body. Every row is accounted for: read = accepted + duplicate + quarantined.

    A row sent again is a duplicate, so a request that broke off is sent again as it was. With an `Idempotency-Key` the
    first accounting comes back for a day, marked `Idempotency-Replayed: true`; the key with another body is refused.
    """
    if feed not in FEEDS:
        raise InvalidInput(f"there is no such feed; the feeds are {', '.join(FEEDS)}")
    name = f"{feed}{_suffix(content_type, content_encoding)}"
    folder = asking.services.workspace.folder.incoming / uuid.uuid4().hex
    try:
        digest = await _receive(request, folder / name)
        if idempotency_key is None:
            return json_answer(await run_in_threadpool(_load, asking, folder / name, feed))
        ask = Ask.of(asking.caller.key_id, f"feeds/{feed}", idempotency_key, name, digest)
        return await run_in_threadpool(_load_once, asking, folder / name, feed, ask)
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


def remove_leftovers(incoming: Path) -> None:
    """Remove uploads that a killed server left; another server's running ones are younger."""
    for folder in incoming.glob("*"):
        if time.time() - folder.stat().st_mtime > _LEFT_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)


def _suffix(content_type: str, encoding: str) -> str:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _SUFFIXES:
        raise InvalidInput(f"the content type of a feed is one of {', '.join(_SUFFIXES)}")
    coding = encoding.strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise InvalidInput("the content encoding of a feed is gzip or none")
    if coding == "identity":
        return _SUFFIXES[kind]
    if kind == "application/vnd.apache.parquet":
        raise InvalidInput("Parquet is compressed already; send it without a content encoding")
    return f"{_SUFFIXES[kind]}.gz"


async def _receive(request: Request, path: Path) -> str:
    """Write the body to disk as it comes, memory holds one piece of it; returns its SHA-256."""
    await run_in_threadpool(path.parent.mkdir, parents=True)
    digest = hashlib.sha256()
    async with await anyio.open_file(path, "wb") as handle:
        async for piece in request.stream():
            digest.update(piece)
            await handle.write(piece)
    return digest.hexdigest()


def _load_once(asking: Asking, path: Path, feed: str, ask: Ask) -> Response:
    """Load the file, unless the same request was answered before."""
    answers = asking.services.answers
    with answers.working_on(ask):
        kept = answers.find(ask)
        if kept is not None:
            with asking.audited(f"feeds/{feed}") as line:
                line.status = "replayed"
            return Response(kept, headers={REPLAYED: "true"}, media_type="application/json")
        answer = json_answer(_load(asking, path, feed))
        answers.keep(ask, bytes(answer.body))
    return answer


def _load(asking: Asking, path: Path, feed: str) -> dict[str, object]:
    with asking.audited(f"feeds/{feed}") as line:
        try:
            loaded = asking.services.workspace.load([path], feed=feed)
        except FeedError as error:
            raise FeedError(str(error).replace(str(path), "the body")) from error
        counts = loaded.accounting.feeds.get(feed, FeedCounts())
        line.detail = asdict(counts)
        line.epoch = loaded.index.epoch if loaded.index else None
    for outcome in ("accepted", "duplicate", "quarantined"):
        asking.services.metrics.rows(feed, outcome, getattr(counts, outcome))
    return _answer(loaded, path.name)


def _answer(loaded: "Loaded", name: str) -> dict[str, object]:
    return {
        **loaded.accounting.located(name).to_json(),
        "waited": loaded.waited,
        "epoch": loaded.index.epoch if loaded.index else None,
        "took_ms": round(loaded.seconds * 1000, 3),
    }
