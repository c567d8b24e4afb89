"""Search and lists of nodes, on both stores."""

from collections.abc import Iterator

import pytest

from graphinv.errors import InvalidInput
from graphinv.opened import OpenedWorkspace
from graphinv.search import Search, search
from graphinv.store import Store
from tests.conftest import STORES
from tests.small_case import BRIGHTLINE, KESTREL, ORCHID, PHONE, SHOP, TENANTS, opened_case


@pytest.fixture(scope="module", params=STORES)
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """The case, loaded once for this module; the tests only read."""
    with opened_case(request, tmp_path_factory.mktemp("case"), request.param) as found:
        yield found


@pytest.fixture
def graph(opened: OpenedWorkspace) -> Store:
    """The store that holds the case."""
    return opened.store


def found(graph: Store, **wanted: object) -> list[str]:
    return [item.id for item in search(graph, Search(**wanted)).items]  # type: ignore[arg-type]  # fields of Search


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("orchid lane", ORCHID),
        ("TRADING orchid", ORCHID),
        ("(213) 555-0148", PHONE),
        ("X3", "shipment:X3"),
        ("Z1", "seizure:Z1"),
        ("33-4445556AA", BRIGHTLINE),
        (SHOP, SHOP),
        ("kb outlet", SHOP),
    ],
)
def test_a_name_a_contact_a_number_or_an_id_is_found(graph: Store, text: str, first: str) -> None:
    assert found(graph, text=text)[0] == first


def test_a_social_security_number_is_nobodys_id(graph: Store) -> None:
    assert not any(uid.startswith("importer:") for uid in found(graph, text="123-45-6789"))


@pytest.mark.parametrize("text", ['"', "AND OR NOT", "a:b*~", "\\", "'; DROP", "((((", "🙂", "* *"])
def test_what_is_no_word_finds_nothing_and_breaks_nothing(graph: Store, text: str) -> None:
    assert found(graph, text=text) == []


def test_a_standing_and_a_kind_narrow_a_search(graph: Store) -> None:
    assert set(found(graph, standing="seized")) >= {KESTREL, ORCHID}
    assert BRIGHTLINE not in found(graph, standing="seized")
    assert found(graph, text="supply", labels=("shipper",)) == []
    assert all(uid.startswith("importer:") for uid in found(graph, text="supply", labels=("Importer",)))


@pytest.mark.parametrize("text", ["", "tenant supply"])
def test_pages_hold_everything_once(graph: Store, text: str) -> None:
    pages, after = [], None
    while True:
        page = search(graph, Search(text=text, labels=("Importer",), limit=9, after=after))
        pages.append(page)
        after = page.next
        if after is None:
            break
    uids = [item.id for page in pages for item in page.items]
    assert len(uids) == len(set(uids)) == pages[0].total
    assert len(uids) >= TENANTS


def test_a_list_goes_over_from_one_kind_to_the_next(graph: Store) -> None:
    first = search(graph, Search(labels=("Phone", "Port"), limit=1))
    rest = search(graph, Search(labels=("Phone", "Port"), limit=5, after=first.next))
    assert [item.id for item in (*first.items, *rest.items)] == [PHONE, "port:2704"]
    assert (first.total, rest.next) == (2, None)


@pytest.mark.parametrize(
    "wanted",
    [
        {"labels": ("Spaceship",)},
        {"standing": "guilty"},
        {"after": "Port/x"},
        {"text": "orchid", "after": "Importer/importer:1"},
    ],
)
def test_what_there_is_not_is_refused(graph: Store, wanted: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match=r"there is no such|another list"):
        found(graph, **wanted)
