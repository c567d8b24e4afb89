"""Make the pictures of the README again: the demo's world, served to a headless Chromium.

    python tools/make_pictures.py [WORKSPACE]

The workspace is ``graphinv-workspace`` by default and should hold the demo's world (``graphinv demo --once`` loads it).
Writes PNG files into ``docs/pictures``.
"""

import argparse
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from api.app import create_app
from graphinv.opened import OpenedWorkspace
from graphinv.settings import Settings

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
LARGEST = 300_000
#: Parties in pictures are firms: an invented person may have somebody's name.
FIRM = re.compile(r"\b(llc|inc|co|corp|ltd)\b", re.IGNORECASE)


def main() -> int:
    """Make every picture; 1 when one came out larger than a README should load."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", nargs="?", type=Path, default=Path("graphinv-workspace"))
    workspace = parser.parse_args().workspace
    PICTURES.mkdir(parents=True, exist_ok=True)
    with OpenedWorkspace(Settings(workspace=workspace)) as opened, served(opened) as site, a_page() as page:
        party = lookup_answer(page, site)
        entity_network(page, site, party)
    sizes = {path.name: path.stat().st_size for path in sorted(PICTURES.glob("*.png"))}
    for name, size in sizes.items():
        sys.stdout.write(f"{name}: {size // 1000} kB\n")
    return int(any(size > LARGEST for size in sizes.values()))


def lookup_answer(page: Page, site: str) -> str:
    """A firm nobody knows, with the phone and the address of seized ones. Returns the page of the first of them."""
    phone = shared_value(page, site, "sellers/reopened_with_seized_phone", "contact_id", "phone:")
    address = shared_value(page, site, "addresses/newcomers_at_seized_address", "address_id", "address:")
    page.goto(f"{site}/lookup")
    page.get_by_label("Name", exact=True).fill("Harbor Lane Trading LLC")
    page.get_by_label("Phone", exact=True).fill(phone)
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_role("button", name="Look up").click()
    expect(page.locator(".beside .stage-status")).to_contain_text("node")
    page.evaluate("document.activeElement.blur()")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(600)
    page.screenshot(path=PICTURES / "look-up.png")
    return page.locator(".link-card a.chip").first.get_attribute("href") or "/"


def shared_value(page: Page, site: str, query: str, column: str, kind: str) -> str:
    """The caption of the first value of a kind that a seized firm shares, by a saved query."""
    answer = page.request.post(f"{site}/v1/queries/{query}/run", data={"params": {}}).json()
    names = [item["name"] for item in answer["columns"]]
    for row in (dict(zip(names, values, strict=True)) for values in answer["rows"]):
        if not row[column].startswith(kind):
            continue
        ids = {"ids": [row["seized_id"], row[column]]}
        cards = page.request.post(f"{site}/v1/pages/cards", data=ids).json()
        if FIRM.search(cards[row["seized_id"]]["caption"]):
            return str(cards[row[column]]["caption"])
    raise SystemExit(f"{query} finds no firm in this workspace; load the demo's world")


def entity_network(page: Page, site: str, party: str) -> None:
    """The page of a seized party, one of its shared values opened."""
    page.goto(site + party)
    expect(page.locator(".stage-status")).to_contain_text("node")
    page.locator(".stage").focus()
    for key in ("ArrowRight", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(1_500)
    page.keyboard.press("f")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(4_000)
    page.screenshot(path=PICTURES / "network.png")


@contextmanager
def served(opened: OpenedWorkspace) -> Iterator[str]:
    """The workspace on a free port of this machine, for as long as the block runs."""
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


@contextmanager
def a_page() -> Iterator[Page]:
    """A page of a headless Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 960}, reduced_motion="reduce")
        page.set_default_timeout(30_000)
        yield page
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
