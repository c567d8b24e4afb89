"""What investigators, officers and analysts do in the pages, from the first click to the file in hand."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOSTILE, NEIGHBOURS_AT_DROP, Reader

pytestmark = pytest.mark.browser


def _nodes(page: Page) -> int:
    """How many nodes the network's status line tells."""
    told = page.locator(".stage-status").inner_text()
    return int(told.split()[0].replace(",", ""))


def _open_entity(reader: Reader, name: str) -> Page:
    page = reader.goto(f"/search?q={name}")
    page.locator(".hit", has_text=name).first.click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".stage-status")).to_contain_text("node")
    return page


def test_a_workspace_without_records_tells_the_one_command(newcomer: Reader) -> None:
    page = newcomer.goto("/")
    expect(page.locator("#holds")).to_contain_text("holds no records yet")
    expect(page.locator("#holds pre")).to_have_text("graphinv load FOLDER")


def test_the_home_page_counts_what_the_workspace_holds(reader: Reader) -> None:
    page = reader.goto("/")
    figures = page.locator(".figure")
    expect(figures).to_have_count(4)
    expect(figures.filter(has_text="shipments")).to_contain_text("3")
    expect(figures.filter(has_text="seizure")).to_contain_text("1")
    expect(page.locator("#as-of")).to_contain_text("Knowledge as of 2024-04-01")


def test_a_search_leads_to_an_entity_whose_network_grows(reader: Reader) -> None:
    page = reader.goto("/")
    page.fill("#main-search", "brightline goods")
    page.press("#main-search", "Enter")
    hit = page.locator(".hit").first
    expect(hit).to_contain_text("Brightline Goods LLC")
    expect(hit.locator(".standing-seized")).to_be_visible()
    expect(hit).to_contain_text("2 shipments")
    hit.click()
    expect(page.locator("h1")).to_have_text("Brightline Goods LLC")
    expect(page.locator(".stage-status")).to_contain_text("node")
    before = _nodes(page)
    page.locator(".stage-tools button", has=page.locator("svg")).nth(3).click()
    page.get_by_role("button", name="Expand +12135550148").click()
    expect(page.get_by_role("button", name="Expand Novastar Imports Inc")).to_be_visible()
    assert _nodes(page) > before


def test_a_double_click_brings_in_neighbours(reader: Reader) -> None:
    page = _open_entity(reader, "Brightline Goods LLC")
    before = _nodes(page)
    # Cytoscape keeps itself on its container.
    spot = page.evaluate(
        "() => document.querySelector('.stage')._cyreg.cy.getElementById('phone:+12135550148').renderedPosition()"
    )
    page.locator(".stage").dblclick(position=spot)
    expect(page.locator(".stage-message")).to_contain_text("Added")
    assert _nodes(page) > before
    expect(page.locator(".panel h3").first).to_have_text("+12135550148")


def test_a_hub_asks_before_it_buries_the_picture(reader: Reader) -> None:
    page = _open_entity(reader, "Novastar Imports Inc")
    page.locator(".stage").focus()
    page.keyboard.press("t")
    page.get_by_role("button", name="Expand 1 MAILBOX PLAZA").click()
    dialog = page.locator("dialog.guard")
    expect(dialog).to_contain_text("would bury the picture")
    expect(dialog.locator("li", has_text="is the address of")).to_contain_text(str(NEIGHBOURS_AT_DROP + 2))
    before = _nodes(page)
    dialog.get_by_role("button", name="Bring in").click()
    expect(page.locator(".stage-message")).to_contain_text("Added")
    assert before < _nodes(page) <= before + 60


def test_the_legend_hides_a_kind_and_brings_it_back(reader: Reader) -> None:
    page = _open_entity(reader, "Brightline Goods LLC")
    phone = page.locator(".legend-item", has_text="Phone")
    phone.click()
    expect(phone).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".stage-status")).to_contain_text("hidden by the legend")
    phone.click()
    expect(page.locator(".stage-status")).not_to_contain_text("hidden")


def test_why_linked_tells_the_path_step_by_step(reader: Reader) -> None:
    page = _open_entity(reader, "Novastar Imports Inc")
    page.get_by_role("button", name="Why linked to seizures?").click()
    why = page.locator(".why")
    expect(why.locator(".sentence")).to_contain_text("Brightline Goods LLC")
    steps = why.locator(".hop")
    expect(steps.first).to_contain_text("has the phone number")
    expect(steps.last).to_contain_text("Seizure of 2023-06-10")
    steps.get_by_role("button", name="shipments:").first.click()
    row = page.locator(".record-dialog")
    expect(row).to_contain_text("handbags")
    page.keyboard.press("Escape")
    expect(row).to_have_count(0)


def test_a_lookup_tells_a_sentence_with_hop_cards_and_its_report_downloads(reader: Reader, tmp_path: Path) -> None:
    page = reader.goto("/lookup")
    page.get_by_label("Name", exact=True).fill("Quickstart Parcels LLC")
    page.get_by_label("Phone", exact=True).fill("213 555 0148")
    with page.expect_response("**/v1/links/lookup") as asked:
        page.get_by_role("button", name="Look up").click()
    assert asked.value.request.method == "POST"
    expect(page.locator(".link-card .sentence").first).to_contain_text("Quickstart Parcels LLC shares phone")
    expect(page.locator(".link-card").first.locator(".hop")).to_have_count(3)
    expect(page.locator(".verdict")).to_contain_text("%")
    expect(page.get_by_text("Not calibrated yet")).to_be_visible()
    expect(page.locator(".uncalibrated")).to_contain_text("Outcomes are too few to learn from")
    expect(page.locator(".beside .stage-status")).to_contain_text("node")
    with page.expect_download() as report:
        page.get_by_role("button", name="Report (HTML)").click()
    report.value.save_as(tmp_path / "report.html")
    assert "Quickstart Parcels LLC" in (tmp_path / "report.html").read_text(encoding="utf-8")
    with page.expect_download() as answer:
        page.get_by_role("button", name="JSON").click()
    answer.value.save_as(tmp_path / "answer.json")
    assert json.loads((tmp_path / "answer.json").read_text())["responses"]["party"]["links"]


def test_an_example_fills_a_real_case_of_the_workspace(reader: Reader) -> None:
    page = reader.goto("/lookup")
    page.get_by_role("button", name="Fill in a case of this workspace").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Novastar Imports Inc")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("orders@brightline.example")
    expect(page.locator(".link-card .sentence").first).to_contain_text("Brightline Goods LLC")


def test_json_and_fields_hold_the_same_question(reader: Reader) -> None:
    page = reader.goto("/lookup")
    page.get_by_label("Name", exact=True).fill("Quickstart")
    page.get_by_label("Phone", exact=True).fill("213 555 0148")
    page.locator("[data-field=phones] [data-add]").click()
    page.get_by_label("Phone 2", exact=True).fill("310 555 1003")
    page.get_by_role("tab", name="JSON").click()
    assert json.loads(page.locator("#json").input_value()) == {
        "name": "Quickstart",
        "phones": ["213 555 0148", "310 555 1003"],
    }
    page.locator("#json").fill('{"name": "Other", "sellers": [{"platform": "bazario", "seller_id": "S9"}]}')
    page.get_by_role("tab", name="Fields").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Other")
    expect(page.get_by_label("Seller id")).to_have_value("S9")
    page.get_by_role("tab", name="JSON").click()
    page.locator("#json").fill('{"name": ')
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not JSON yet")


def test_a_field_that_will_not_do_is_named(reader: Reader) -> None:
    page = reader.goto("/lookup")
    page.get_by_role("tab", name="JSON").click()
    page.locator("#json").fill('{"name": "A", "phones": "213 555 0148"}')
    page.get_by_role("button", name="Look up").click()
    expect(page.locator("#answer [role=alert]")).to_contain_text("Phones")


def test_an_identity_number_never_stands_in_an_address(reader: Reader) -> None:
    page = reader.goto("/")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.fill("#main-search", "12-3456789")
    page.press("#main-search", "Enter")
    expect(page.locator(".hit").first).to_contain_text("Brightline Goods LLC")
    assert not [url for url in [*addresses, page.url] if "3456789" in url]


def test_what_is_searched_for_stands_in_no_address_and_comes_back(reader: Reader) -> None:
    page = reader.goto("/")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    first, second = page.locator(".hit").first, page.locator("#title")
    page.fill("#main-search", "brightline goods")
    page.press("#main-search", "Enter")
    expect(first).to_contain_text("Brightline Goods LLC")
    page.get_by_text("Sellers", exact=True).click()
    expect(page.locator("#summary")).to_have_text("No results")
    page.fill("#find-words", "novastar")
    page.press("#find-words", "Enter")
    expect(first).to_contain_text("Novastar Imports Inc")
    page.reload()
    expect(first).to_contain_text("Novastar Imports Inc")
    page.go_back()
    expect(second).to_have_text("“brightline goods”")
    expect(page.locator("#summary")).to_have_text("No results")
    page.get_by_text("All", exact=True).click()
    expect(first).to_contain_text("Brightline Goods LLC")
    page.go_forward()
    expect(first).to_contain_text("Novastar Imports Inc")
    assert not [url for url in [*addresses, page.url] if "brightline" in url.lower() or "novastar" in url.lower()]


def test_a_link_with_words_finds_and_loses_them_and_another_tab_knows_none(reader: Reader) -> None:
    page = reader.goto("/search?q=novastar&type=Importer")
    expect(page.locator(".hit").first).to_contain_text("Novastar Imports Inc")
    assert "novastar" not in page.url
    assert "type=Importer" in page.url
    reader.goto("/search?kept=77")
    expect(page.locator("#results")).to_contain_text("search again")
    expect(page.locator(".hit")).to_have_count(0)


def test_a_saved_query_runs_and_its_rows_download(reader: Reader, tmp_path: Path) -> None:
    page = reader.goto("/queries")
    page.fill("#words", "share two things")
    page.get_by_role("link", name="Newcomers that share two things").click()
    page.get_by_label("Min kinds").fill("2")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result")).to_contain_text("row")
    reader.goto("/queries/addresses/busiest")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#result td a.named").first).to_have_attribute("href", re.compile("^/entities/address:"))
    with page.expect_download() as rows:
        page.get_by_role("button", name="CSV").click()
    rows.value.save_as(tmp_path / "rows.csv")
    assert "address:" in (tmp_path / "rows.csv").read_text()


def test_a_refused_query_is_shown_at_its_line_and_column(reader: Reader) -> None:
    page = reader.goto("/cypher")
    page.fill("#cypher", "MATCH (a:Importer)\nDELETE a")
    page.press("#cypher", "Control+Enter")
    refusal = page.locator(".refusal")
    expect(refusal).to_contain_text("line 2, column 1")
    expect(refusal.locator("mark")).to_have_text("DELETE")
    page.fill("#cypher", "MATCH (p:Importer {standing: 'seized'}) RETURN p LIMIT 5")
    page.press("#cypher", "Control+Enter")
    expect(page.locator("#result td a")).to_contain_text("Brightline Goods LLC")


def test_a_network_downloads_in_every_format(reader: Reader, tmp_path: Path) -> None:
    page = _open_entity(reader, "Brightline Goods LLC")
    for name, suffix in (("HTML report", "html"), ("GraphML", "graphml"), ("GEXF", "gexf"), ("CSV", "csv")):
        page.locator("details.menu summary").click()
        with page.expect_download() as file:
            page.locator("details.menu button", has_text=name).click()
        assert file.value.suggested_filename == f"brightline-goods-llc.{suffix}"
    with page.expect_download() as picture:
        page.get_by_role("button", name="Save as a picture").click()
    picture.value.save_as(tmp_path / "network.png")
    assert (tmp_path / "network.png").read_bytes().startswith(b"\x89PNG")


def test_a_hostile_name_is_only_ever_text(reader: Reader) -> None:
    page = reader.goto("/search?q=acme%20trading")
    page.locator(".hit", has_text="Acme").first.click()
    expect(page.locator("h1")).to_have_text(HOSTILE)
    expect(page.locator(".stage-status")).to_contain_text("node")
    page.locator(".stage").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".panel h3").first).to_have_text(HOSTILE)
    reader.goto("/lookup")
    page.get_by_label("Name", exact=True).fill(HOSTILE)
    page.get_by_label("Phone", exact=True).fill("213 555 0148")
    page.get_by_role("button", name="Look up").click()
    expect(page.locator(".link-card .sentence").first).to_contain_text(HOSTILE)
    reader.goto(f"/entities/{HOSTILE.replace(' ', '%20').replace('/', '%2F')}")
    expect(page.get_by_role("alert")).to_contain_text("no node of that id")
    assert page.evaluate("window.ran") is None


def test_an_unknown_query_says_so_and_shows_the_way_back(reader: Reader) -> None:
    response = reader.page.goto(reader.site + "/queries/no/such")
    assert response is not None
    assert response.status == 404
    expect(reader.page.get_by_role("link", name="See what there is")).to_have_attribute("href", "/queries")
