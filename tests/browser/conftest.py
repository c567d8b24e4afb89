"""A small story served to a real browser.

Brightline was seized. Novastar is new and has Brightline's phone and e-mail: that is the link to find. Others use
its mail drop, which links nobody. One party's name tries to run in the reader's browser.
"""

import csv
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings

HOSTILE = "Acme </script><img src=http://example.invalid/x onerror=\"window.ran='img'\"> {{7*7}} Trading"
PHONE, LONELY_PHONE = "(213) 555-0148", "(213) 555-0177"
EMAIL = "orders@brightline.example"
DOCK = ("500 Dock Street Suite 4", "Oakland", "CA", "94607")
MAIL_DROP = ("1 Mailbox Plaza", "Los Angeles", "CA", "90012")
NEIGHBOURS_AT_DROP = 45


def _importers() -> list[dict[str, str]]:
    columns = ("importer_number", "name", "address_line1", "city", "state", "postal_code", "phone", "email")
    rows = [
        ("12-3456789", "Brightline Goods LLC", *DOCK, PHONE, EMAIL),
        ("98-7654321", "Novastar Imports Inc", *MAIL_DROP, PHONE, EMAIL),
        ("45-1234567", HOSTILE, *MAIL_DROP, LONELY_PHONE, ""),
    ]
    rows += [
        (f"60-10{i:05d}", f"Tenant {i:02d} Wares", *MAIL_DROP, f"(310) 555-{1000 + i}", "")
        for i in range(NEIGHBOURS_AT_DROP)
    ]
    registered = {"12-3456789": "2022-01-10", "98-7654321": "2024-03-01"}
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    return [
        {**row, "country": "US", "registered_on": registered.get(row["importer_number"], "2023-01-01")} for row in named
    ]


def _shipments() -> list[dict[str, str]]:
    columns = (
        "shipment_id",
        "filed_at",
        "importer_number",
        "consignee_name",
        "consignee_phone",
        "description",
        "value_usd",
    )
    rows = [
        ("S1", "2023-02-01T10:00:00Z", "12-3456789", "Brightline Goods LLC", PHONE, "leather handbags", "700"),
        ("S2", "2023-06-01T10:00:00Z", "12-3456789", "Brightline Goods LLC", PHONE, "leather handbags", "650"),
        ("S3", "2024-04-01T10:00:00Z", "98-7654321", "Novastar Imports Inc", PHONE, "handbags", "640"),
    ]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _seizures() -> list[dict[str, str]]:
    return [
        {"seizure_id": "Z1", "seized_on": "2023-06-10", "shipment_id": "S2", "importer_number": "12-3456789",
         "category": "ipr", "commodity": "leather handbag", "status": "seized"},
    ]  # fmt: skip


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The story, loaded."""
    feeds = tmp_path_factory.mktemp("feeds")
    files = [
        _write(feeds / "importers.csv", _importers()),
        _write(feeds / "shipments.csv", _shipments()),
        _write(feeds / "seizures.csv", _seizures()),
    ]
    with OpenedWorkspace(Settings(workspace=tmp_path_factory.mktemp("story"))) as opened:
        opened.load(files)
        yield opened


@pytest.fixture(scope="session")
def site(story: OpenedWorkspace) -> Iterator[str]:
    """Where the story is served."""
    yield from _served(story)


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a workspace without records is served."""
    with OpenedWorkspace(Settings(workspace=tmp_path_factory.mktemp("empty"))) as opened:
        yield from _served(opened)


def _served(opened: OpenedWorkspace) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(opened), log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@dataclass
class Reader:
    """A page and what went wrong in it. ``goto`` takes paths of the site."""

    page: Page
    site: str
    problems: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def heard(self, message: ConsoleMessage) -> None:
        # The browser notes every refusal (404, 422) that a page shows; scripts and the policy complain in other words.
        noted = "the server responded with a status of" in message.text
        if message.type in ("error", "warning") and not noted:
            self.problems.append(message.text)

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"a request left the site: {request.url}")


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Reader]:
    """A page on the story; whatever it complains about fails the test, a breach of the policy too."""
    yield from _reading(browser, site)


@pytest.fixture
def newcomer(browser: Browser, empty_site: str) -> Iterator[Reader]:
    """A page on the workspace without records."""
    yield from _reading(browser, empty_site)


def _reading(browser: Browser, site: str) -> Iterator[Reader]:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    reader = Reader(page, site)
    page.on("console", reader.heard)
    page.on("pageerror", lambda error: reader.problems.append(str(error)))
    page.on("request", reader.asked)
    yield reader
    context.close()
    assert reader.problems == []
