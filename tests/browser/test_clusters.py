"""Clusters in the pages: from the list to one that is drawn."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader

pytestmark = pytest.mark.browser


def test_the_list_leads_to_a_cluster_that_is_drawn_with_its_profile_and_history(reader: Reader) -> None:
    page = reader.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Clusters").click()
    first = page.locator(".hit").first
    expect(first).to_contain_text("Brightline Goods LLC and 1 other")
    expect(first).to_contain_text("1 seized")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Brightline Goods LLC and 1 other")
    expect(page.locator(".stage-status")).to_contain_text("4 nodes, 4 links")
    expect(page.get_by_role("region", name="Profile")).to_contain_text("Novastar Imports Inc")
    expect(page.get_by_role("region", name="What became of it")).to_contain_text("Born with 2 members")
    expect(page.get_by_role("region", name="Shared values")).to_contain_text("2 of 2")


def test_a_party_leads_to_its_cluster_from_its_page_from_networks_and_from_alerts(reader: Reader) -> None:
    page = reader.goto("/alerts")
    page.get_by_role("button", name="Evidence and history").first.click()
    page.get_by_role("link", name="The cluster of").first.click()
    expect(page.locator("h1")).to_have_text("Brightline Goods LLC and 1 other")
    page.get_by_role("region", name="Members").get_by_role("link", name="Novastar Imports Inc").click()
    page.get_by_role("region", name="Cluster").get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("Brightline Goods LLC and 1 other")


def test_a_party_that_is_alone_is_said_to_be_in_no_cluster(reader: Reader) -> None:
    page = reader.goto("/search?q=Tenant 07")
    page.locator(".hit").first.click()
    expect(page.locator("h1")).to_contain_text("Tenant")
    tenant = page.url.split("/entities/")[1]
    expect(page.get_by_role("region", name="Neighbours")).to_be_visible()
    expect(page.get_by_role("region", name="Cluster")).to_have_count(0)
    reader.goto(f"/clusters?member={tenant}")
    expect(page.locator("#results")).to_contain_text("This party is in no cluster here")


def test_filters_stay_in_the_address_and_what_is_filtered_away_says_so(reader: Reader) -> None:
    page = reader.goto("/clusters")
    expect(page.locator("#summary")).to_contain_text("1 cluster")
    page.get_by_text("10 or more").click()
    expect(page.locator(".empty")).to_contain_text("No cluster here fits")
    assert page.url.endswith("/clusters?min_size=10")
    page.reload()
    expect(page.locator(".empty")).to_contain_text("No cluster here fits")


def test_a_workspace_without_clusters_tells_how_to_come_by_them(newcomer: Reader) -> None:
    page = newcomer.goto("/clusters")
    expect(page.locator("#results")).to_contain_text("graphinv load")
