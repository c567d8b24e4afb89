"""The pages work by keyboard, say what they are to screen readers, and keep their policy."""

import itertools
import re

import httpx
import pytest
from playwright.sync_api import expect

from api.routes.pages import CONTENT_SECURITY_POLICY
from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser

PAGES = ("/", "/search?q=brightline", "/lookup", "/queries", "/queries/addresses/busiest", "/cypher", "ENTITY")

_UNNAMED = """() => {
  const named = (e) =>
    (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.title || '').trim();
  const shown = (e) => e.getClientRects().length > 0;
  return [...document.querySelectorAll('a,button,input,select,textarea,[role=img],[role=application]')]
    .filter(shown).filter((e) => !named(e)).map((e) => e.outerHTML.slice(0, 200));
}"""
_HEADINGS = """() => [...document.querySelectorAll('h1,h2,h3,h4')]
  .filter((e) => !e.closest('dialog:not([open])')).map((e) => +e.tagName[1])"""
_TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  return ids.filter((id, i) => ids.indexOf(id) !== i);
}"""
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_COLOURS = """() => ['.hero > p', '.way p', 'h1'].map((s) => document.querySelector(s)).map((e) => [
  getComputedStyle(e).color, getComputedStyle(e.closest('.way') || document.body).backgroundColor])"""


def _open(reader: Reader, path: str) -> None:
    if path == "ENTITY":
        reader.goto("/search?q=brightline").locator(".hit").first.click()
        expect(reader.page.locator(".stage-status")).to_contain_text("node")
    else:
        reader.goto(path)
        reader.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("path", PAGES)
def test_controls_have_names_headings_an_order_and_nothing_scrolls_sideways(reader: Reader, path: str) -> None:
    _open(reader, path)
    page = reader.page
    assert page.evaluate(_UNNAMED) == []
    assert page.evaluate(_TWICE) == []
    levels = page.evaluate(_HEADINGS)
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels
    assert page.locator("main").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    for width in (1200, 800, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(_WIDER) <= 0, width


def test_a_search_needs_no_mouse(reader: Reader) -> None:
    page = reader.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#main-search")).to_be_focused()
    page.keyboard.type("novastar")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.hit')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Novastar Imports Inc")
    expect(page.locator(".stage-status")).to_contain_text("node")
    page.locator(".stage").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".panel h3").first).to_have_text("Novastar Imports Inc")
    page.keyboard.press("l")
    expect(page.locator(".panel").get_by_role("button", name="Unpin")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("table", name="Nodes of the network")).to_be_visible()


def test_dark_is_as_readable_as_light(reader: Reader) -> None:
    page = reader.goto("/")
    for _ in range(2):
        pairs = page.evaluate(_COLOURS)
        assert all(_contrast(*pair) >= 4.5 for pair in pairs), pairs
        page.get_by_role("button", name="Light or dark").click()


def test_the_choice_of_theme_is_kept(reader: Reader) -> None:
    page = reader.goto("/")
    page.get_by_role("button", name="Light or dark").click()
    reader.goto("/queries")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_every_page_and_script_carries_the_policy(site: str) -> None:
    for path in ("/", "/lookup", "/queries", "/look.css", "/static/js/shell.js", "/static/vendor/cytoscape.js"):
        answer = httpx.get(site + path)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert httpx.get(site + "/static/../app.py").status_code == 404


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 computes it."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
