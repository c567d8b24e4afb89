"""What investigators do with alerts: read them, decide by key, take it back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def _decide(page: Page, key: str, why: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("#decide")).to_be_visible()
    page.fill("#why", why)
    page.locator("#decide-go").click()


def test_a_workspace_without_alerts_says_what_raises_them(newcomer: Reader) -> None:
    page = newcomer.goto("/alerts")
    expect(page.locator(".empty-title")).to_have_text("Nothing here")
    page.get_by_text("All", exact=True).click()
    expect(page.locator(".empty-title")).to_have_text("No link to a seizure is new")


def test_alerts_stand_in_the_navigation_and_lead_to_their_parties(reader: Reader) -> None:
    page = reader.goto("/")
    page.get_by_role("link", name="Alerts").click()
    alert = page.locator(".alert").first
    expect(alert).to_contain_text("Novastar Imports Inc")
    expect(alert).to_contain_text("Brightline Goods LLC")
    expect(alert.locator(".sentence")).to_contain_text("was seized on 2023-06-10")
    alert.get_by_role("button", name="Evidence and history").click()
    expect(alert.locator(".more")).to_contain_text("+12135550148")
    expect(alert.locator(".more tbody tr").first).to_contain_text("Raised")
    alert.locator(".alert-head a").first.click()
    expect(page.locator("h1")).to_have_text("Novastar Imports Inc")


def test_an_alert_is_cleared_by_key_and_taken_back_by_key(reader: Reader) -> None:
    page = reader.goto("/alerts")
    alert = page.locator(".alert").first
    expect(alert).to_have_class("card alert chosen")
    _decide(page, "x", "a common landlord")
    expect(alert.locator(".status")).to_have_text("Cleared")
    expect(alert.locator(".decided")).to_contain_text("a common landlord")
    expect(page.locator("#told")).to_contain_text("Cleared: Novastar Imports Inc")
    page.keyboard.press("u")
    expect(alert.locator(".status")).to_have_text("Open")
    expect(page.locator("#told")).to_contain_text("Taken back")


def test_a_decision_without_a_reason_is_none(reader: Reader) -> None:
    page = reader.goto("/alerts")
    alert = page.locator(".alert").first
    expect(alert).to_be_visible()
    page.keyboard.press("w")
    page.locator("#decide-go").click()
    expect(page.locator("#decide")).to_be_visible()
    page.locator("#decide-cancel").click()
    expect(alert.locator(".status")).to_have_text("Open")


def test_the_list_is_narrowed_and_its_address_keeps_that(reader: Reader) -> None:
    page = reader.goto("/alerts")
    expect(page.locator(".alert").first).to_be_visible()
    page.get_by_text("Confirmed", exact=True).click()
    expect(page.locator(".empty-title")).to_have_text("Nothing here")
    assert "status=confirmed" in page.url
    page.reload()
    expect(page.locator(".empty-title")).to_have_text("Nothing here")
