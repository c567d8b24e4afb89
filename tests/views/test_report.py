"""The report in a real browser: it opens offline, reads well, and runs nothing that stands in the data."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from playwright.sync_api import Browser, Page

from graphinv.views.attributes import Network
from graphinv.views.report import write_report

pytestmark = pytest.mark.browser

Case = Callable[[int], Network]

# Of the story in conftest.py.
BRIGHTLINE, PHONE = "importer:00000000000000b1", "phone:+12135550148"

ATTACKS = [
    "</script><script>window.ran='script'</script>",
    "<img src=x onerror=\"window.ran='img'\">",
    "\"><svg onload=window.ran='svg'>",
    "'-(window.ran='quote')-'",
    "<a href=\"javascript:window.ran='href'\">href</a>",
    "{{ 7 * 7 }}{% raw %}${window.ran='template'}`",
    "</style><style>@import url(http://example.invalid/x.css);body{display:none}</style>",
    "<!--<script>",
    "]]><iframe src=http://example.invalid></iframe>",
    "__proto__",
    "constructor",
    "\u2028\u202eevil\x00\ud800",
    "<meta http-equiv=refresh content=0;url=http://example.invalid>",
]


@contextmanager
def opened(browser: Browser, tmp_path: Path, graph: Network, **context: Any) -> Iterator[tuple[Page, list[str]]]:
    """The report of ``graph`` in an offline page, and what went wrong: requests, errors, refusals, dialogs."""
    file = tmp_path / "report.html"
    file.write_text(write_report(graph), encoding="utf-8")
    options: dict[str, Any] = {
        "viewport": {"width": 1200, "height": 900},
        "offline": True,
        "reduced_motion": "reduce",
    } | context
    tab = browser.new_context(**options)
    try:
        page, wrong = tab.new_page(), list[str]()
        page.add_init_script("addEventListener('securitypolicyviolation', (e) => console.error(e.violatedDirective))")
        page.on("request", lambda request: wrong.append(request.url) if request.url != file.as_uri() else None)
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(file.as_uri())
        yield page, wrong
    finally:
        tab.close()


def canvas_picture(page: Page) -> str:
    """What the figure shows now."""
    page.wait_for_timeout(60)
    picture: str = page.evaluate("document.querySelector('#canvas canvas').toDataURL()")
    return picture


def hostile(graph: Network) -> Network:
    """The same graph with an attack in place of every text."""
    attacks = itertools.cycle(ATTACKS)
    names = {uid: f"{next(attacks)}{i}" if i >= len(ATTACKS) else next(attacks) for i, uid in enumerate(graph)}
    keys = {key: f"{next(attacks)}-{i}" for i, (_, _, key) in enumerate(graph.edges(keys=True))}
    other: Network = nx.MultiDiGraph()
    for uid, data in graph.nodes(data=True):
        other.add_node(names[uid], **_attacked(data, attacks))
    for start, end, key, data in graph.edges(keys=True, data=True):
        other.add_edge(names[start], names[end], key=keys[key], **_attacked(data, attacks))
    paths = [
        _attacked(path, attacks)
        | {"nodes": [names[uid] for uid in path["nodes"]], "edges": [keys[key] for key in path["edges"]]}
        | {"evidence": [_attacked(item, attacks) | {"edge": keys[item["edge"]]} for item in path["evidence"]]}
        for path in graph.graph["paths"]
    ]
    other.graph.update(_attacked(graph.graph, attacks), paths=paths, seeds=list(names.values())[:1])
    return other


def _attacked(value: Any, attacks: Iterator[str]) -> Any:
    if isinstance(value, dict):
        attacked = {name: _attacked(item, attacks) for name, item in value.items()}
        return attacked | ({next(attacks): next(attacks)} if "properties" not in value else {})
    if isinstance(value, list):
        return [_attacked(item, attacks) for item in value]
    return next(attacks) if isinstance(value, str) else value


def test_nothing_in_the_data_runs_or_leaves(browser: Browser, tmp_path: Path, case: Case) -> None:
    graph = hostile(case(60))
    with opened(browser, tmp_path, graph) as (page, wrong):
        page.wait_for_selector("html[data-ready]")
        for target in (".hop", ".pick[data-node]", ".pick[data-edge]", ".pick-walk", "#dim"):
            page.locator(target).last.click()
        page.locator("#canvas").hover()
        assert page.evaluate("window.ran") is None
        assert page.locator("img, iframe, object, embed, form, a[href]:not(.skip)").count() == 0
        assert page.locator("script").count() == 3
        assert page.locator("style").count() == 1
        assert page.locator("[onload], [onerror], [onclick], [style*=url]").count() == 0
        assert page.locator("body").is_visible()
        assert page.locator("#nodes tbody tr").count() == len(graph)
        assert wrong == []


def test_hostile_text_is_shown_as_it_stands(browser: Browser, tmp_path: Path, case: Case) -> None:
    graph = case(12)
    graph.nodes[BRIGHTLINE]["caption"] = ATTACKS[0]
    with opened(browser, tmp_path, graph) as (page, _):
        page.locator(".pick[data-node='1']").click()
        assert page.locator("#selected h2").inner_text() == ATTACKS[0]
        assert page.locator(".hop .words b").first.inner_text() == ATTACKS[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_offline_and_draws(browser: Browser, tmp_path: Path, case: Case, scheme: str) -> None:
    with opened(browser, tmp_path, case(300), color_scheme=scheme) as (page, wrong):
        page.wait_for_selector("html[data-ready]", timeout=10_000)
        assert page.locator("#canvas canvas").is_visible()
        assert len(canvas_picture(page)) > 20_000
        assert wrong == []


def test_light_and_dark_follow_the_reader(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(12), color_scheme="light") as (page, _):
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        light, drawn = page.evaluate(ground), canvas_picture(page)
        page.emulate_media(color_scheme="dark")
        assert (light, page.evaluate(ground)) == ("rgb(251, 252, 253)", "rgb(12, 17, 23)")
        assert canvas_picture(page) != drawn


def test_the_header_asks_and_answers(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(12)) as (page, _):
        header = page.locator("header.top").inner_text()
        assert "Why is Brightline Home Goods LLC linked to Kestrel Bay Imports Inc?" in header
        assert "phone number of Kestrel Bay Imports Inc" in header
        assert "2025-03-31" in header
        assert "2025-04-02 09:15 UTC" in header
        assert "not calibrated" in page.locator(".walk").first.inner_text()
        assert "PO Box 4400, Wilmington DE" in page.locator("aside").inner_text()


def test_a_card_focuses_its_edge(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(60)) as (page, _):
        before = canvas_picture(page)
        page.locator(".hop").nth(2).click()
        assert page.locator(".hop[aria-current]").count() == 1
        assert page.locator(".hop").nth(2).get_attribute("aria-current") == "true"
        focused = canvas_picture(page)
        assert focused != before
        page.keyboard.press("Escape")
        assert page.locator(".hop[aria-current]").count() == 0
        assert canvas_picture(page) != focused


def test_a_card_brings_the_figure_back_on_a_narrow_page(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(12), viewport={"width": 800, "height": 700}) as (page, _):
        page.locator(".hop").last.click()
        page.wait_for_function("Math.abs(document.getElementById('figure').getBoundingClientRect().top) < 2")


def test_a_card_of_the_second_path_shows_the_second_path(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(12)) as (page, _):
        page.locator(".hop[data-walk='2']").first.click()
        assert page.locator(".pick-walk[data-walk='2']").get_attribute("aria-pressed") == "true"
        assert page.locator(".pick-walk[data-walk='1']").get_attribute("aria-pressed") == "false"


def test_a_click_on_a_node_shows_its_properties_and_records(browser: Browser, tmp_path: Path, case: Case) -> None:
    graph = case(12)
    lone: Network = nx.MultiDiGraph(seeds=[PHONE])
    lone.add_node(PHONE, **graph.nodes[PHONE])
    with opened(browser, tmp_path, lone) as (page, _):
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        # A single node stands in the middle, a little lowered for the buttons.
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 14)
        panel = page.locator("#selected")
        assert panel.locator("h2").inner_text() == "+1 213 555 0148"
        assert "Parties\n2" in panel.inner_text()
        assert "importers:550148" in panel.inner_text()
        page.locator("#close").click()
        assert panel.is_hidden()


def test_a_click_on_an_edge_of_a_path_marks_its_card(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(12)) as (page, _):
        page.locator(".hop").nth(1).click()
        page.keyboard.press("Escape")
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        # The view is still centred on hop 2.
        page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2 + 14)
        assert page.locator(".hop").nth(1).get_attribute("aria-current") == "true"


def test_the_tables_select_without_a_mouse(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(12)) as (page, _):
        page.locator(".pick[data-node='3']").focus()
        page.keyboard.press("Enter")
        assert page.locator("#selected h2").inner_text() == "Kestrel Bay Imports Inc"
        assert "seized" in page.locator("#selected .standing").inner_text()
        page.locator("#links .pick").last.focus()
        page.keyboard.press("Enter")
        assert "was a seizure from" in page.locator("#selected h2").inner_text()


def test_the_rest_dims_on_demand(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(60)) as (page, _):
        before = canvas_picture(page)
        page.locator("#dim").click()
        assert page.locator("#dim").get_attribute("aria-pressed") == "true"
        page.mouse.move(0, 0)
        assert canvas_picture(page) != before
        page.locator("#dim").click()
        page.mouse.move(0, 0)
        assert canvas_picture(page) == before


def test_the_page_scrolls_over_the_figure_until_it_is_clicked(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(60)) as (page, _):
        page.locator("#canvas").hover()
        page.mouse.wheel(0, 200)
        page.wait_for_function("scrollY > 100")
        page.locator("#canvas").click(position={"x": 5, "y": 400})
        at, before = page.evaluate("scrollY"), canvas_picture(page)
        page.mouse.wheel(0, 200)
        assert canvas_picture(page) != before
        assert page.evaluate("scrollY") == at


def test_print_shows_a_drawing_and_every_row(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(60), color_scheme="dark") as (page, _):
        page.emulate_media(media="print")
        assert page.locator(".paper").is_visible()
        assert page.locator("#canvas").is_hidden()
        assert page.locator(".tools").is_hidden()
        assert page.locator("#nodes tbody tr").count() == 60
        assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(24, 32, 44)"


def test_it_can_be_read_without_scripts(browser: Browser, tmp_path: Path, case: Case) -> None:
    with opened(browser, tmp_path, case(60), java_script_enabled=False) as (page, _):
        assert page.locator(".paper").is_visible()
        assert page.locator(".hop").count() == 8
        assert page.locator(".tools").is_hidden()


@pytest.mark.parametrize("size", [12, 60, 300])
def test_names_on_paper_do_not_cover_each_other(browser: Browser, tmp_path: Path, case: Case, size: int) -> None:
    with opened(browser, tmp_path, case(size)) as (page, _):
        page.emulate_media(media="print")
        boxes = page.evaluate(
            """[...document.querySelectorAll('.paper > text')].map((text) => text.getBBox())
                   .map((box) => [box.x, box.y, box.width, box.height])"""
        )
    # Nearly every node has its name or the number of its row.
    assert len(boxes) >= (0.8 if size > 100 else 0.95) * size
    covered = [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]) > 0.15 * min(a[2], b[2])
        and min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]) > 0.4 * min(a[3], b[3])
    ]
    assert len(covered) <= 0.02 * len(boxes)


@pytest.mark.parametrize("width", [360, 800, 1200])
def test_no_width_makes_the_page_scroll_sideways(browser: Browser, tmp_path: Path, case: Case, width: int) -> None:
    graph = case(12)
    graph.nodes[BRIGHTLINE]["caption"] = "W" * 400
    with opened(browser, tmp_path, graph, viewport={"width": width, "height": 800}) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("status", "says"), [("complete", "looked at everything"), ("timed_out", "does not mean that there is none")]
)
def test_no_path_is_told_apart_from_giving_up(
    browser: Browser, tmp_path: Path, case: Case, status: str, says: str
) -> None:
    graph = case(12)
    graph.graph.update(paths=[], left_out={"status": status})
    with opened(browser, tmp_path, graph) as (page, wrong):
        assert says in page.locator(".walk.none").inner_text()
        assert "No path was found" in page.locator(".answer").inner_text()
        assert page.locator("#dim").count() == 0
        assert wrong == []


def test_a_neighbourhood_does_not_speak_of_paths(browser: Browser, tmp_path: Path, case: Case) -> None:
    graph = case(12)
    del graph.graph["paths"]
    with opened(browser, tmp_path, graph) as (page, wrong):
        assert page.locator(".answer").count() == 0
        assert "selection of the network" in page.locator(".walk.none").inner_text()
        assert wrong == []


def test_an_empty_selection_says_so(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path, nx.MultiDiGraph()) as (page, wrong):
        assert "no nodes" in page.locator(".empty").inner_text()
        assert wrong == []


def test_a_title_of_the_caller_comes_first(case: Case) -> None:
    html = write_report(case(12), title="Case 12 <b>")
    assert "<title>Case 12 &lt;b&gt;</title>" in html


def test_every_report_has_its_own_nonce_and_a_closed_policy(case: Case) -> None:
    policies = {
        write_report(case(12)).split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0] for _ in "ab"
    }
    assert len(policies) == 2
    assert all(policy.startswith("default-src 'none'; script-src 'nonce-") for policy in policies)
    assert not any("unsafe" in policy or "http" in policy for policy in policies)
