"""Weak evidence of a party that nobody has seen: what almost agrees, and what is rare only together.

Harbor Gift Inc was seized. It files face cream at Los Angeles by filer ABC, as nobody else does; its other combination,
by filer XYZ, six honest firms have too. Every value of it is asked for alone, as it is and a little otherwise.
"""

from pathlib import Path

import pytest

from graphinv.links.answer import Link, PartyAnswer
from graphinv.links.index import LinkIndex
from graphinv.workspace import Workspace
from tests.links.conftest import HARBOR, ask, consignee, importer, indexed, own_notes, shipment, told
from tests.links.test_score import by, model

_CREAM = {"filer_code": "ABC", "port_code": "2704", "hts": "330499", "description": "Rose face cream, 50ml"}
_MAKER = {"manufacturer_id": "CNGUAROS12GUA"}
_TOYS = {"filer_code": "XYZ", "port_code": "4601", "hts": "950300"}
_SELLER = {"platform": "bazario", "seller_id": "A1", "display_name": "Harbor Gifts", "bank_account": "123456789012"}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The story as records."""
    harbor = {**HARBOR, "officer_name": "Avery Stone", "website": "www.harborgift.example"}
    others = [
        importer(f"66-{1000000 + at}", f"{name} LLC", f"{at + 1} Birch Rd", phone=f"312 555 77{at}4")
        for at, name in enumerate(
            ("Otter Toys", "Maple Kites", "Velvet Games", "Copper Dolls", "Summit Puzzles", "Fox")
        )
    ]
    numbered = zip(others, range(len(others)), strict=True)
    feeds = {
        "importers": [harbor, *others],
        "shipments": [
            shipment("X1", "2025-03-01", importer_number="12-3456789", **consignee(harbor), **_CREAM, **_MAKER,
                     platform="bazario", seller_id="A1", shipper_name="Lotus Cosmetics Ltd", shipper_country="CN"),
            shipment("X2", "2025-03-02", importer_number="12-3456789", **consignee(harbor), **_TOYS),
            *(
                shipment(f"Y{at}", "2025-03-02", importer_number=row["importer_number"], **consignee(row), **_TOYS)
                for row, at in numbered
            ),
        ],
        "sellers": [_SELLER],
        "seizures": [
            {"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X1", "category": "ipr",
             "commodity": "cream"},
        ],
    }  # fmt: skip
    return told(tmp_path_factory.mktemp("hints"), feeds)


@pytest.fixture(scope="module")
def harbors(story: Workspace) -> LinkIndex:
    """The story's link index."""
    return indexed(story)


def _only_link(answer: PartyAnswer) -> Link:
    assert len({link.party.caption for link in answer.links}) == 1
    return answer.links[0]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            {"phones": ["213 555 0143"]},
            "The party asked about gives phone +12135550143, which differs in one digit from +12135550142 of Harbor",
        ),
        (
            {"importer_number": "12-3456780"},
            "The party asked about gives an importer number that differs in one digit from that of Harbor Gift Inc",
        ),
        (
            {"websites": ["harb0r-gift.co.uk"]},
            "The party asked about gives domain harb0r-gift.co.uk, which looks like that of ",
        ),
        (
            {"emails": ["accounts@harborgift.example"]},
            "The party asked about gives domain harborgift.example, where Harbor Gift Inc has ",
        ),
        (
            {"emails": ["info@mail.harborgift.example"]},
            "The party asked about gives domain mail.harborgift.example, where Harbor Gift Inc has ",
        ),
        (
            {"listing_urls": ["https://www.harborgift.example/p/1"]},
            "The party asked about gives domain harborgift.example, where Harbor Gift Inc has ",
        ),
        (
            {"emails": ["info@h\u0430rborgift.example"]},  # a Cyrillic letter
            "The party asked about gives domain xn--hrborgift-0yh.example (h\u0430rborgift.example), which looks like ",
        ),
        (
            {"websites": ["https://xn--hrborgift-0yh.example"]},
            "The party asked about gives domain xn--hrborgift-0yh.example (h\u0430rborgift.example), which looks like ",
        ),
        ({"emails": ["info@harborgiift.example"]}, "The party asked about gives domain harborgiift.example, which"),
        (
            {"filer_code": "abc", "port_code": "2704", "hts": ["3304.99.0000"]},
            "The party asked about files goods 330499 at port 2704 by filer ABC as did Harbor Gift Inc",
        ),
        (
            {"descriptions": ["ROSE FACE CREAM 50ML"], "manufacturer_ids": ["CNGUAROS12GUA"]},
            "The party asked about shares manufacturer CNGUAROS12GUA with Harbor Gift Inc",
        ),
    ],
)  # fmt: skip
def test_what_almost_agrees_is_told_as_such(
    harbors: LinkIndex, story: Workspace, question: dict[str, object], sentence: str
) -> None:
    assert _only_link(ask(harbors, story, **question)).sentence.startswith(sentence)


@pytest.mark.parametrize(
    "question",
    [
        {"phones": ["213 555 0143"]},
        {"importer_number": "12-3456780"},
        {"websites": ["harborgift.shop"]},
        {"filer_code": "ABC", "port_code": "2704", "hts": ["330499"]},
        {"phones": ["213 555 0143"], "websites": ["harborgift.shop"], "importer_number": "12-3456780"},
    ],
)
def test_hints_are_weak_and_no_reason_for_more_than_a_review(
    harbors: LinkIndex, story: Workspace, question: dict[str, object]
) -> None:
    answer = ask(harbors, story, **question)
    assert answer.links
    assert all(link.strength < 0.15 for link in answer.links)
    assert answer.band in ("none", "low", "review")


def test_a_combination_names_the_records_of_both_and_how_many_have_it(harbors: LinkIndex, story: Workspace) -> None:
    link = _only_link(ask(harbors, story, filer_code="ABC", port_code="2704", hts=["330499"]))
    assert link.evidence[0].records == ("query:k", "shipments:X1")
    assert link.evidence[0].shared_by == 2
    assert "2 parties filed so" in link.sentence


def test_what_many_file_is_no_combination(harbors: LinkIndex, story: Workspace) -> None:
    answer = ask(harbors, story, port_code="4601", hts=["950300"], filer_code="XYZ")
    assert not [link for link in answer.links if "filed so" in link.sentence]


def test_two_of_three_are_no_combination(harbors: LinkIndex, story: Workspace) -> None:
    assert not ask(harbors, story, port_code="2704", hts=["330499"]).links


def test_a_row_of_numbers_is_no_hint(harbors: LinkIndex, story: Workspace) -> None:
    """Six lines of one exchange are in use: the seventh is a neighbour, no slip of the pen."""
    assert not ask(harbors, story, phones=["312 555 7794"]).links


def test_a_phone_on_record_is_no_misprint_of_another(harbors: LinkIndex, story: Workspace) -> None:
    assert not [link for link in ask(harbors, story, phones=["312 555 7704"]).links if "one digit" in link.sentence]


@pytest.mark.parametrize("domain", ["gmail.com", "gift.example", "harbor.example"])
def test_mail_services_and_other_names_do_not_look_alike(harbors: LinkIndex, story: Workspace, domain: str) -> None:
    assert not ask(harbors, story, emails=[f"sales@{domain}"]).links


@pytest.mark.parametrize(
    "question",
    [
        {"name": "Harbor Gift Inc"},
        {"name": "Harbor Gitf Inc", "addresses": ["100 Harbor Street, Springfield, IL 62701"]},
        {"addresses": ["100 Harbor Street, Springfield, IL 62701"]},
        {"phones": ["+1 (213) 555-0142"]},
        {"emails": ["Sales@HarborGift.example"]},
        {"importer_number": "12-3456789"},
        {"sellers": [{"platform": "Bazario", "seller_id": "A1"}]},
        {"manufacturer_ids": ["CNGUAROS12GUA"]},
        {"websites": ["https://harborgift.example/about"]},
        {"bank_accounts": ["1234 5678 9012"]},
        {"officers": ["Avery Stone"]},
        {"shippers": ["Lotus Cosmetics Ltd."]},
        {"tax_ids": ["12-3456789"]},
    ],
)
def test_one_attribute_is_enough_to_find_the_seized_party(
    harbors: LinkIndex, story: Workspace, question: dict[str, object]
) -> None:
    answer = ask(harbors, story, **question)
    assert answer.links or any(item.caption == "Harbor Gift Inc" for item in answer.candidates)


@pytest.mark.parametrize(
    "question",
    [
        {"descriptions": ["rose face cream"]}, {"hts": ["330499"]}, {"port_code": "2704"}, {"filer_code": "QQQ"},
        {"origin_country": "CN"}, {"country": "US"}, {"listing_urls": ["https://shop.example/?aff_id=7"]},
    ],
)  # fmt: skip
def test_what_leads_nowhere_alone_is_answered_all_the_same(
    harbors: LinkIndex, story: Workspace, question: dict[str, object]
) -> None:
    answer = ask(harbors, story, **question)
    assert (answer.status, answer.band) == ("complete", "none")
    assert not answer.links


def test_what_would_help_is_told_for_this_party(harbors: LinkIndex, story: Workspace) -> None:
    namesake = ask(harbors, story, name="Harbor Gift Inc").completeness.missing_help
    assert next(item.why for item in namesake if item.field == "phones").startswith("1 of the 1 whom it may be have")
    assert [item.bits for item in namesake] == sorted((item.bits for item in namesake), reverse=True)
    nobody = ask(harbors, story, name="Quokka Bicycles GmbH").completeness.missing_help
    assert "resembles nobody" in next(item.why for item in nobody if item.field == "phones")
    bits = {item.field: item.bits for item in namesake}
    assert bits["phones"] > {item.field: item.bits for item in nobody}["phones"] / 2
    given = ask(harbors, story, name="A", phones=["213 555 0142"]).completeness.missing_help
    assert not {item.field for item in given} & {"name", "phones"}


def test_the_last_part_of_a_combination_would_help(harbors: LinkIndex, story: Workspace) -> None:
    helps = ask(harbors, story, port_code="2704", hts=["330499"]).completeness.missing_help
    assert "hts and port_code" in next(item.why for item in helps if item.field == "filer_code")
    helps = ask(harbors, story, manufacturer_ids=["CNLOTWOR12SHE"]).completeness.missing_help
    assert "manufacturer_ids" in next(item.why for item in helps if item.field == "descriptions")
    helps = ask(harbors, story, descriptions=["lotus lip gloss, pink"]).completeness.missing_help
    assert "descriptions" in next(item.why for item in helps if item.field == "manufacturer_ids")
    assert "descriptions" not in {item.field for item in ask(harbors, story, name="A").completeness.missing_help}


def test_a_busy_shipper_is_told_as_left_out_and_not_as_unknown(tmp_path: Path) -> None:
    """Thirty firms have a supplier whose own goods were seized: its name is no link, but no secret either."""
    firms = [importer(f"66-{1000000 + at}", f"Firm {at} LLC", f"{at + 1} Birch Rd") for at in range(30)]
    lotus = {"shipper_name": "Lotus Cosmetics Ltd", "shipper_country": "CN"}
    feeds = {
        "importers": firms,
        "shipments": [
            shipment(f"X{at}", "2025-03-01", importer_number=firm["importer_number"], **consignee(firm), **lotus)
            for at, firm in enumerate(firms)
        ],
        "seizures": [{"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X1", "category": "ipr"}],
    }
    crowded = told(tmp_path, feeds)
    answer = ask(indexed(crowded), crowded, shippers=["LOTUS COSMETICS LTD."])
    assert not answer.links
    (hub,) = answer.suppressed.hubs
    assert hub.startswith("shipper:")
    assert answer.suppressed.paths >= 1


def test_a_hint_leads_to_the_users_of_a_value_at_its_own_strength(harbors: LinkIndex, story: Workspace) -> None:
    """What the value itself is worth was paid for once more: its users were out of reach of a look-alike."""
    alike = _only_link(ask(harbors, story, websites=["harborgiift.example"]))
    digit = _only_link(ask(harbors, story, importer_number="12-3456780"))
    assert alike.strength == pytest.approx(digit.strength, rel=0.05)
    assert alike.hops == digit.hops + 1


def test_the_same_domain_is_surer_than_one_that_looks_alike_and_weaker_than_the_same_mailbox(
    harbors: LinkIndex, story: Workspace
) -> None:
    strengths = [
        _only_link(ask(harbors, story, emails=[email])).strength
        for email in ("info@harborgiift.example", "accounts@harborgift.example", "sales@harborgift.example")
    ]
    assert strengths == sorted(strengths)
    assert strengths[1] > 3 * strengths[0]


def test_listings_on_a_platform_are_no_tie_to_whoever_has_its_domain(harbors: LinkIndex, story: Workspace) -> None:
    listed = "https://harborgift.example/item/7"
    assert ask(harbors, story, listing_urls=[listed]).links
    assert not ask(harbors, story, listing_urls=[listed], sellers=[{"platform": "HarborGift", "seller_id": "Z9"}]).links


def test_subdomains_of_a_host_where_anybody_has_one_are_different_owners(tmp_path: Path) -> None:
    shop = {**HARBOR, "website": "harborgift.myshopify.com"}
    feeds = {
        "importers": [shop],
        "shipments": [shipment("X1", "2025-03-01", importer_number=HARBOR["importer_number"], **consignee(shop))],
        "seizures": [{"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X1", "category": "ipr"}],
    }
    shops = told(tmp_path, feeds)
    index = indexed(shops)
    assert ask(index, shops, websites=["mail.harborgift.myshopify.com"]).links
    assert not ask(index, shops, websites=["otterkites.myshopify.com"]).links


def test_a_domain_of_many_parties_is_a_service_and_no_hint(tmp_path: Path) -> None:
    users = [
        importer(f"66-{1000000 + at}", f"Firm {at} LLC", f"{at + 1} Birch Rd", email=f"firm{at}@postalhut.example")
        for at in range(30)
    ]
    feeds = {
        "importers": users,
        "shipments": [shipment("X1", "2025-03-01", importer_number="66-1000000", **consignee(users[0]))],
        "seizures": [{"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X1", "category": "ipr"}],
    }
    crowded = told(tmp_path, feeds)
    index = indexed(crowded)
    assert ask(index, crowded, emails=["firm0@postalhut.example"]).links
    assert not ask(index, crowded, emails=["desk@postalhut.example"]).links


@pytest.mark.parametrize("email", ["desk@lotusring.example", "desk@lotusrimg.example"])
def test_a_ring_with_many_mailboxes_at_its_own_domain_is_no_service(email: str, tmp_path: Path) -> None:
    parcels = [
        shipment(f"X{at}", "2025-03-01", importer_number=HARBOR["importer_number"],
                 **consignee({**HARBOR, "email": f"desk{at}@lotusring.example"}))
        for at in range(40)
    ]  # fmt: skip
    seizure = {"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X1", "category": "ipr"}
    ring = told(tmp_path, {"importers": [HARBOR], "shipments": parcels, "seizures": [seizure]})
    link = ask(indexed(ring), ring, emails=[email]).links[0]
    assert link.party.caption == HARBOR["name"]
    assert link.evidence[0].shared_by == 2


def test_a_hint_too_weak_for_a_link_is_told_in_a_note(tmp_path: Path) -> None:
    """Four firms filed what the seized one did, years ago: hardly a link, and yet the combination is rare."""
    firms = [importer(f"66-{1000000 + at}", f"Firm {at} LLC", f"{at + 1} Birch Rd") for at in range(5)]
    filed = [
        shipment(f"X{at}", "2019-03-01", importer_number=firm["importer_number"], **consignee(firm), **_CREAM)
        for at, firm in enumerate(firms)
    ]
    later = shipment("X9", "2025-03-01", importer_number="66-1000001", **consignee(firms[1]))
    seizure = {"seizure_id": "Z1", "seized_on": "2019-03-04", "shipment_id": "X0", "category": "ipr"}
    rare = told(tmp_path, {"importers": firms, "shipments": [*filed, later], "seizures": [seizure]})
    answer = ask(indexed(rare), rare, filer_code="ABC", port_code="2704", hts=["330499"])
    assert not answer.links
    (note,) = own_notes(answer)
    assert note.startswith("too weak for a link (strength 0.0")
    assert note.endswith("files goods 330499 at port 2704 by filer ABC as did Firm 0 LLC, whose goods were seized")


def test_another_mailbox_at_somebodys_domain_is_no_reason_for_the_top_band(
    harbors: LinkIndex, story: Workspace
) -> None:
    eager = by(harbors, model(best_link=9.0, shared_web_shop=9.0, shared_email=9.0))
    other, same = (
        ask(eager, story, name="Quill", emails=[f"{box}@harborgift.example"]) for box in ("accounts", "sales")
    )
    assert (other.band, same.band) == ("review", "high")
    assert other.score > 0.5
    assert "shared_web_shop" in {term.claim for term in other.terms}
