"""Feeds as bodies of requests, and the records that come of them."""

import gzip
import io
from collections.abc import Iterator
from typing import Any

import httpx
import polars as pl
import pytest

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings
from tests.api.problems import problem
from tests.api.serving import serving

CSV = {"content-type": "text/csv"}
ROWS = [
    {"platform": "bazario", "seller_id": "S1", "display_name": "lamp row", "tax_id": "123-45-6789"},
    {
        "platform": "bazario",
        "seller_id": "S2",
        "display_name": "lamp row two",
        "bank_account": "DE02120300000000202051",
    },
    {"platform": "bazario", "seller_id": "", "display_name": "no id"},
]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server over a workspace of this module's own."""
    with (
        OpenedWorkspace(Settings(workspace=tmp_path_factory.mktemp("feeds") / "workspace")) as workspace,
        serving(create_app(workspace)) as client,
    ):
        yield client


def as_csv() -> bytes:
    return pl.DataFrame(ROWS).write_csv().encode()


def as_parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(out)
    return out.getvalue()


def send(client: httpx.Client, body: bytes, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answered = client.post("/v1/feeds/sellers", content=body, headers=named)
    assert answered.status_code == 200, answered.text
    told: dict[str, Any] = answered.json()
    return told


def test_every_format_gives_the_same_rows_and_every_row_is_accounted_for(fresh: httpx.Client) -> None:
    first = send(fresh, as_csv(), content_type="text/csv; charset=utf-8")
    assert first["feeds"] == {"sellers": {"read": 3, "accepted": 2, "duplicate": 0, "quarantined": 1}}
    assert first["epoch"] >= 1
    again = {"read": 3, "accepted": 0, "duplicate": 2, "quarantined": 1}
    lines = pl.DataFrame(ROWS).write_ndjson().encode()
    assert send(fresh, as_csv(), content_type="text/csv")["feeds"]["sellers"] == again
    assert (
        send(fresh, gzip.compress(as_csv()), content_type="text/csv", content_encoding="gzip")["feeds"]["sellers"]
        == again
    )
    assert send(fresh, lines, content_type="application/x-ndjson")["feeds"]["sellers"] == again
    assert send(fresh, as_parquet(), content_type="application/vnd.apache.parquet")["feeds"]["sellers"] == again


def test_what_was_loaded_is_found_at_once(fresh: httpx.Client) -> None:
    send(fresh, as_csv(), content_type="text/csv")
    assert fresh.get("/v1/entities/seller:bazario/S1").json()["properties"]["display_name"] == "lamp row"
    asked = {"queries": {"k": {"sellers": [{"platform": "bazario", "seller_id": "S1"}]}}}
    found = fresh.post("/v1/links/lookup", json=asked).json()["responses"]["k"]["candidates"]
    assert found[0]["id"] == "seller:bazario/S1"


def test_a_record_shows_its_row_without_identity_numbers(fresh: httpx.Client) -> None:
    send(fresh, as_csv(), content_type="text/csv")
    one = fresh.post("/v1/records", json={"id": "sellers:bazario/S1"}).json()
    assert one["versions"][0]["values"]["tax_id"] == "***-**-****"
    two = fresh.post("/v1/records", json={"id": "sellers:bazario/S2"}).json()
    assert two["versions"][0]["values"]["bank_account"] == "…2051"


def test_versions_of_a_record_come_newest_first(fresh: httpx.Client) -> None:
    header = "importer_number,name,known_at\n"
    for name, day in (("Fennel Row", "2024-01-01"), ("Fennel Row Supply", "2024-06-01")):
        row = f"{header}55-010203100,{name},{day}\n".encode()
        assert fresh.post("/v1/feeds/importers", content=row, headers=CSV).status_code == 200
    versions = fresh.post("/v1/records", json={"id": "importers:55-010203100"}).json()["versions"]
    assert [version["values"]["name"] for version in versions] == ["Fennel Row Supply", "Fennel Row"]


def test_warnings_name_the_feed_and_no_folder_of_the_server(fresh: httpx.Client) -> None:
    told = send(fresh, b"platform,seller_id,colour\nbazario,S3,red\n", content_type="text/csv")
    assert told["warnings"]
    assert all(warning["file"] == "sellers.csv" for warning in told["warnings"])


def test_refused_rows_are_told_with_their_place_and_reason_whenever_they_are_sent(fresh: httpx.Client) -> None:
    for content in (as_csv(), as_csv()):
        told = send(fresh, content, content_type="text/csv")
        assert told["refused"] == [
            {"feed": "sellers", "file": "sellers.csv", "line": 4, "field": "seller_id", "value": "",
             "reason": "required, but missing or blank"},
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "headers", "said"),
    [
        (b"", {}, "content type"),
        (b"a,b\n1,2\n", {"content-type": "text/csv"}, "the body"),
        (b"not gzip", {"content-type": "text/csv", "content-encoding": "gzip"}, "the body"),
        (b"x", {"content-type": "text/csv", "content-encoding": "br"}, "gzip or none"),
        (b"x", {"content-type": "application/vnd.apache.parquet", "content-encoding": "gzip"}, "compressed already"),
        (b"PAR1", {"content-type": "application/vnd.apache.parquet"}, "the body"),
    ],
)
def test_a_body_that_is_no_feed_is_told_without_the_servers_folders(
    fresh: httpx.Client, body: bytes, headers: dict[str, str], said: str
) -> None:
    told = problem(fresh.post("/v1/feeds/sellers", content=body, headers=headers), 422)
    assert said in told["detail"]
    assert "/incoming/" not in told["detail"]
