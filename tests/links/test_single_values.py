"""A question with one value in a tidy workspace, where every party is on record once.

Harbor Gift Inc was seized, and Orchid Scooters sold goods that were seized. Forty firms are called Common Trade Co.
"""

from itertools import product
from pathlib import Path

import pytest

from graphinv.links.answer import PartyAnswer
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import FOLLOWED
from graphinv.workspace import Workspace
from tests.links.conftest import HARBOR, ask, consignee, importer, indexed, shipment, tenants, told

NUMBER = HARBOR["importer_number"]
_TOWNS = ("Akron", "Boise", "Camden", "Dover", "Elgin", "Flint", "Gary", "Hilo", "Irvine", "Joplin")
_STREETS = ("Quince St", "Violet Ave", "Lower Mill Rd", "Fenwick Way")
COMMON = [
    importer(f"77-{7000000 + 137 * at}", "Common Trade Co", f"{31 * at} {street}", city=town, state="", country="US",
             postal_code=f"{10007 + 1931 * at}", phone=f"415 555 {1000 + 173 * at}")
    for at, (town, street) in enumerate(product(_TOWNS, _STREETS), 1)
]  # fmt: skip
CHINESE = importer("88-1000001", "广州明珠贸易有限公司", "12 Pearl St")
PERSON = importer("88-1000002", "Dora Vance", "14 Pearl St")
SHOP = {
    "platform": "Kartly", "seller_id": "K1", "display_name": "Orchid Scooters", "address_line1": "50 Quay Rd",
    "city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US",
}  # fmt: skip
ACCOUNT = [{"platform": "Kartly", "seller_id": "K1"}]


@pytest.fixture(scope="module")
def tidy(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Everybody once."""
    filed = [
        shipment("X1", "2025-02-01", importer_number=NUMBER, **consignee(HARBOR)),
        shipment("X2", "2025-02-01", importer_number=CHINESE["importer_number"], **consignee(CHINESE)),
        shipment("X3", "2025-02-01", importer_number=COMMON[0]["importer_number"], **consignee(COMMON[0])),
        shipment("X4", "2025-02-01", **ACCOUNT[0]),
    ]
    feeds = {
        "importers": [HARBOR, CHINESE, PERSON, *COMMON, *tenants()],
        "sellers": [SHOP],
        "shipments": filed,
        "seizures": [
            {"seizure_id": f"Z{at}", "seized_on": "2025-02-04", "shipment_id": f"X{at}", "category": "ipr"}
            for at in range(1, 5)
        ],
    }
    return told(tmp_path_factory.mktemp("tidy"), feeds)


@pytest.fixture(scope="module")
def once(tidy: Workspace) -> LinkIndex:
    """Its index."""
    return indexed(tidy)


def _weight(answer: PartyAnswer, feature: str) -> float:
    return next(one.weight for one in answer.candidates[0].reasons if one.feature == feature)


@pytest.mark.parametrize("question", [{"importer_number": NUMBER}, {"tax_ids": [NUMBER]}])
def test_a_number_alone_is_its_holder(question: dict[str, object], once: LinkIndex, tidy: Workspace) -> None:
    answer = ask(once, tidy, **question)
    assert (answer.candidates[0].caption, answer.candidates[0].match) == (HARBOR["name"], True)
    assert (answer.standing, answer.band) == ("seized", "high")
    assert [(link.party.caption, link.hops) for link in answer.links] == [(HARBOR["name"], 0)]
    assert [term.claim for term in answer.terms] == ["own_seizure"]


def test_a_number_counts_more_than_one_that_is_a_digit_off(once: LinkIndex, tidy: Workspace) -> None:
    off = ask(once, tidy, importer_number=NUMBER[:-1] + "8")
    assert off.links, "a hint"
    assert ask(once, tidy, importer_number=NUMBER).score > off.score


def test_a_number_under_another_name_is_not_its_holder(once: LinkIndex, tidy: Workspace) -> None:
    answer = ask(once, tidy, importer_number=NUMBER, name="Nightjar Supply LLC")
    assert not any(candidate.match for candidate in answer.candidates)
    assert (answer.standing, answer.links) == ("unknown", ())


@pytest.mark.parametrize("name", [HARBOR["name"], CHINESE["name"], "廣州明珠貿易有限公司"])
def test_the_name_of_one_firm_alone_leads_to_it(name: str, once: LinkIndex, tidy: Workspace) -> None:
    answer = ask(once, tidy, name=name)
    assert answer.candidates[0].score >= FOLLOWED
    assert answer.links[0].hops <= 1
    assert answer.band != "none"
    assert not [one for one in answer.completeness.missing_help if "resembles nobody" in one.why]


def test_a_name_spelt_otherwise_weighs_no_more_than_the_very_name(once: LinkIndex, tidy: Workspace) -> None:
    very, like = (ask(once, tidy, name=name) for name in (CHINESE["name"], "廣州明珠貿易有限公司"))
    assert _weight(like, "like_name") <= _weight(very, "same_name")
    assert like.candidates[0].score <= very.candidates[0].score


def test_the_name_of_forty_firms_is_nobodys(once: LinkIndex, tidy: Workspace) -> None:
    answer = ask(once, tidy, name=COMMON[0]["name"])
    assert max(candidate.score for candidate in answer.candidates) < FOLLOWED
    assert (answer.standing, answer.links) == ("unknown", ())


def test_a_persons_name_alone_is_never_enough(once: LinkIndex, tidy: Workspace) -> None:
    answer = ask(once, tidy, name=PERSON["name"])
    assert answer.candidates[0].score < FOLLOWED


@pytest.mark.parametrize(
    "question", [{"phones": [HARBOR["phone"]]}, {"emails": [HARBOR["email"]]}, {"addresses": ["100 Harbor St, 62701"]}]
)
def test_one_contact_alone_is_a_link_and_no_standing(
    question: dict[str, object], once: LinkIndex, tidy: Workspace
) -> None:
    answer = ask(once, tidy, **question)
    assert answer.links or "addresses" in question
    assert answer.standing == "unknown"


def test_who_buys_from_a_seized_account_is_not_its_holder(once: LinkIndex, tidy: Workspace) -> None:
    bought = ask(once, tidy, sellers=ACCOUNT, addresses=["1 Plum Way, Denver, CO 80202"])
    assert bought.standing == "unknown"
    assert not bought.candidates[0].match
    assert [(link.party.caption, link.hops) for link in bought.links] == [(SHOP["display_name"], 1)]
    assert ask(once, tidy, sellers=ACCOUNT).standing == "seized", "nothing tells another from the account's holder"


def test_a_number_is_its_holders_in_a_workspace_of_two(tmp_path: Path) -> None:
    workspace = told(tmp_path, {"importers": [HARBOR, PERSON]})
    answer = ask(indexed(workspace), workspace, importer_number=NUMBER)
    assert answer.candidates[0].match
