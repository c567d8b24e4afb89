"""The records behind a link, as their rows wrote them. Their ids hold importer numbers, so they come in the body."""

from typing import Annotated

import polars as pl
from fastapi import APIRouter, Body
from starlette.responses import Response

from api.deps import AskingDep, WorkspaceDep, json_answer
from api.examples import RECORDS
from api.models import RecordAnswer, RecordBody
from graphinv.entity_records import shown_values
from graphinv.errors import InvalidInput, NotFound
from graphinv.records import FEEDS, Feed

router = APIRouter(prefix="/v1/records", tags=["records"])


@router.post("", response_model=RecordAnswer, summary="A record with its versions")
def show_record(
    body: Annotated[RecordBody, Body(openapi_examples=RECORDS)], workspace: WorkspaceDep, asking: AskingDep
) -> Response:
    """Every accepted version, the newest first. `#consignee` and `#shipper` name a party inside a shipment's record."""
    feed = _feed(body.id)
    key = body.id.removesuffix("#consignee").removesuffix("#shipper")
    with asking.audited("records") as line:
        line.detail["feed"] = feed.name
        rows = workspace.records.scan(feed.name).filter(pl.col("record_id") == key)
        found = rows.sort("known_at", descending=True).select("known_at", "content", *feed.names).collect()
        if found.is_empty():
            raise NotFound("there is no record of that id; links, entities and edges name the ids of theirs")
    versions = [_version(feed, row) for row in found.iter_rows(named=True)]
    return json_answer({"id": key, "feed": feed.name, "versions": versions})


def _feed(record_id: str) -> Feed:
    feed = FEEDS.get(record_id.partition(":")[0])
    if feed is None or ":" not in record_id:
        raise InvalidInput(f"a record's id is <feed>:<key>, with one of the feeds {', '.join(FEEDS)}")
    return feed


def _version(feed: Feed, row: dict[str, object]) -> dict[str, object]:
    return {
        "known_at": row["known_at"],
        "content": row["content"],
        "values": shown_values(feed, row, feed.names),
    }
