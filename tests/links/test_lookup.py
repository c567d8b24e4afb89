"""The look-up of a party that nobody has seen: links with their evidence, and what must not become one."""

from dataclasses import replace

import orjson
import pytest

from graphinv.links.clues import read_clues
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import SCORED_HOPS, look_up, starts_of
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.links.rooms import Rooms
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE
from graphinv.links.walks import find_walks
from graphinv.workspace import Workspace
from tests.links.conftest import TENANTS, ask, own_notes


def test_a_shared_phone_leads_to_the_seized_party_in_two_hops(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="Night Owl Imports", phones=["+1 213-555-0142"])
    link = answer.links[0]
    assert (link.hops, link.party.caption, link.seizure.id) == (2, "Harbor Gift Inc", "seizure:Z1")
    assert link.sentence == (
        "Night Owl Imports shares phone +12135550142 with Harbor Gift Inc, whose shipment X77 was seized on 2025-03-04 "
        "(counterfeit cosmetics); the phone is used by 3 parties"
    )
    assert link.path.nodes[0] == "query:k"
    assert link.path.nodes[1] == "phone:+12135550142"


def test_every_piece_of_evidence_names_its_records(index: LinkIndex, workspace: Workspace) -> None:
    link = ask(index, workspace, phones=["213 555 0142"]).links[0]
    assert link.evidence[0].records == ("query:k",)
    assert "importers:12-3456789" in link.evidence[1].records
    assert {piece.edge for piece in link.evidence} == set(link.path.edges)
    assert link.party.records[-1] == "seizures:Z1"


def test_a_party_on_record_speaks_for_itself(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="Lumen Parcel LLC", importer_number="98-7654321")
    assert answer.candidates[0].match
    assert answer.links[0].sentence.startswith("Lumen Parcel LLC shares phone +12135550142 with Harbor Gift Inc")
    assert answer.links[0].hops == 2
    assert answer.standing == "unknown"


def test_a_seized_party_is_a_link_without_hops(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="HARBOR GIFT, INC.", addresses=["100 Harbor Street, Springfield, IL 62701"])
    assert answer.standing == "seized"
    assert answer.links[0].hops == 0
    assert answer.band == "high"


def test_a_stronger_path_beyond_the_bound_on_hops_is_disclosed(index: LinkIndex, workspace: Workspace) -> None:
    asked = LookupRequest(queries={"q": PartyQuestion(phones=["213 555 0142"])}, max_hops=1)
    answer = look_up(index, asked, workspace.hash_key).responses["q"]
    assert not answer.links
    (note,) = own_notes(answer)
    assert note.startswith("max_hops 1: a path of 2 hops and strength 0.")
    assert not own_notes(ask(index, workspace, phones=["213 555 0142"]))


def test_a_box_in_the_same_mailbox_shop_is_no_link(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="Quill Paper LLC", addresses=["50 Anchor Road PMB 999, Springfield, IL 62701"])
    assert answer.band == "none"
    assert not [link for link in answer.links if link.strength > 0.05]
    assert (answer.suppressed.paths, len(answer.suppressed.hubs)) == (1, 1)


def test_a_shared_box_is_a_link(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="Quill Paper LLC", addresses=["50 Anchor Road PMB 7, Springfield, IL 62701"])
    assert answer.links[0].party.caption == "Drift Goods LLC"
    assert answer.links[0].strength > 0.3
    assert (answer.suppressed.paths, answer.suppressed.hubs) == (0, ())  # told already, and so not left out


def test_a_tenant_of_the_shop_stays_out_of_the_high_bands(index: LinkIndex, workspace: Workspace) -> None:
    answers = [
        ask(index, workspace, name="Maple Toys LLC", importer_number=f"55-{4000000 + at}") for at in range(TENANTS)
    ]
    assert {answer.band for answer in answers} <= {"none", "low"}


def test_released_goods_link_nobody(index: LinkIndex, workspace: Workspace) -> None:
    assert not ask(index, workspace, phones=["312-555-0111"]).links
    assert ask(index, workspace, importer_number="33-2222222", name="Bright Home LLC").standing != "seized"


def test_a_seizure_does_not_weigh_on_the_owner_of_a_stolen_number(index: LinkIndex, workspace: Workspace) -> None:
    owner = ask(index, workspace, name="Cedar Trade Inc", importer_number="44-3333333", phones=["312 555 0122"])
    assert owner.standing != "seized"
    assert not owner.links
    assert any("contradict" in note for note in owner.notes)
    thief = ask(index, workspace, phones=["(815) 555-0177"])
    assert thief.links[0].seizure.id == "seizure:Z4"


def test_a_stolen_number_in_the_question_is_noted_and_not_followed(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(
        index, workspace, name="Nobody Knows Ltd", importer_number="12-3456789", addresses=["1 Far Away Rd, Reno, NV"]
    )
    assert answer.standing == "unknown"
    assert any("may be stolen" in note for note in answer.notes)
    assert not [link for link in answer.links if link.hops == 0]


def test_a_number_that_others_used_before_is_told_as_such(index: LinkIndex, workspace: Workspace) -> None:
    (cedars,) = own_notes(ask(index, workspace, name="Calcot Bargains", importer_number="44-3333333"))
    (harbors,) = own_notes(ask(index, workspace, name="Calcot Bargains", importer_number="12-3456789"))
    assert cedars.endswith("it may be stolen, as it stood before on shipments of somebody else")
    assert harbors.endswith("it may be stolen")


def test_a_seized_record_of_another_name_is_told_as_what_the_asked_party_is(
    index: LinkIndex, workspace: Workspace
) -> None:
    link = ask(index, workspace, name="Zanthor Quell", importer_number="12-3456789", phones=["213 555 0142"]).links[0]
    assert link.sentence.startswith("Zanthor Quell is Harbor Gift Inc on record, whose shipment X77 was seized")


def test_an_address_that_says_nothing_is_noted(index: LinkIndex, workspace: Workspace) -> None:
    for unknown in ("UNKNOWN", "n/a", "See attached", {"address_line1": "To be advised"}):
        answer = ask(index, workspace, name="Night Owl Imports", addresses=[unknown])
        assert own_notes(answer) == ("addresses: nothing usable in what was given",)


def test_terms_of_links_alone_are_called_as_those_that_were_learned(index: LinkIndex, workspace: Workspace) -> None:
    questions: list[dict[str, object]] = [
        {"phones": ["213 555 0142"]},
        {"phones": ["213 555 0143"]},
        {"addresses": ["50 Anchor Road PMB 7, Springfield, IL 62701"]},
        {"importer_number": "12-3456789", "name": "Harbor Gift Inc"},
    ]
    told = [ask(index, workspace, **question).terms[0].claim for question in questions]
    assert told == ["shared_phone", "near_phone", "shared_address", "own_seizure"]
    assert set(told) <= {claim.name for claim in CLAIMS_OF_A_SCORE}


def test_an_empty_question_is_answered_with_what_would_help(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace)
    assert (answer.status, answer.band, answer.completeness.tier) == ("complete", "none", "minimal")
    assert answer.completeness.missing_help


@pytest.mark.parametrize(
    ("question", "tier"),
    [
        ({"name": "A"}, "minimal"),
        ({"name": "A", "addresses": ["1 B St"]}, "low_value"),
        ({"name": "A", "addresses": ["1 B St"], "phones": ["213 555 0199"]}, "advance_data"),
        ({"name": "A", "addresses": ["1 B St"], "importer_number": "98-7654329", "hts": ["950300"]}, "full_entry"),
        ({"name": "A", "addresses": ["1 B St"], "importer_number": "98-7654329"}, "low_value"),
    ],
)
def test_tiers_follow_from_what_is_given(
    index: LinkIndex, workspace: Workspace, question: dict[str, object], tier: str
) -> None:
    assert ask(index, workspace, **question).completeness.tier == tier


def test_what_cannot_be_read_is_said_without_repeating_it(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="???", phones=["call me"], emails=["nowhere"])
    assert {note.split(":")[0] for note in own_notes(answer)} == {"name", "phones", "emails"}
    assert "call me" not in str(answer.notes)


_NOTHING = {
    "addresses": ["."], "phones": ["abc"], "emails": ["nowhere"], "websites": ["-"], "bank_accounts": ["4321"],
    "importer_number": "none", "manufacturer_ids": ["?"], "hts": ["x"], "port_code": "?", "country": "Nowhereland",
    "tax_ids": ["n/a"], "officers": ["..."], "shippers": ["."], "listing_urls": ["-"], "origin_country": "??",
}  # fmt: skip


_NO_TAX_ID = "tax_ids: nothing usable in what was given"


def test_what_cannot_be_read_counts_as_not_given(index: LinkIndex, workspace: Workspace) -> None:
    plain = ask(index, workspace, name="Otter Harvest LLC")
    garbage = ask(index, workspace, name="Otter Harvest LLC", **_NOTHING)
    assert garbage.completeness == plain.completeness
    assert (garbage.score, garbage.terms, garbage.band) == (plain.score, plain.terms, plain.band)
    assert {note.split(":")[0] for note in own_notes(garbage)} == set(_NOTHING)


def test_one_readable_value_of_several_makes_the_field_given(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, name="A", addresses=[".", "1 B St"], phones=["abc", "213 555 0199", " "])
    assert answer.completeness.tier == "advance_data"
    assert {note.split(":")[0] for note in own_notes(answer)} == {"addresses", "phones"}


@pytest.mark.parametrize(
    ("tax_ids", "is_noted", "is_given"),
    [
        (["n/a"], True, False),
        (["n/a", "98-7654329"], True, True),
        (["98-7654329", " "], False, True),
        (["98-7654329"], False, True),
    ],
)
def test_each_tax_id_is_read_by_itself_whatever_importer_number_is_beside_it(
    index: LinkIndex, workspace: Workspace, tax_ids: list[str], is_noted: bool, is_given: bool
) -> None:
    answer = ask(index, workspace, name="Otter Harvest LLC", importer_number="12-3456789", tax_ids=tax_ids)
    assert [note for note in answer.notes if note.startswith("tax_ids:")] == [_NO_TAX_ID] * is_noted
    assert ("tax_ids" in answer.completeness.given) == is_given


def test_a_national_phone_is_read_by_the_country_that_was_given(index: LinkIndex, workspace: Workspace) -> None:
    assert not own_notes(ask(index, workspace, phones=["030 901820"], country="DE"))


def test_part_of_a_bank_account_is_answered_with_what_is_needed(index: LinkIndex, workspace: Workspace) -> None:
    (note,) = own_notes(ask(index, workspace, bank_accounts=["1234"]))
    assert note.startswith("bank_accounts:")
    assert "full account number" in note


def test_the_answer_carries_the_graph_of_its_paths(index: LinkIndex, workspace: Workspace) -> None:
    request = LookupRequest.model_validate({"queries": {"k": {"phones": ["213 555 0142"]}}})
    answer = look_up(index, request, workspace.hash_key)
    body = orjson.loads(orjson.dumps(answer))
    nodes, edges = body["graph"]["nodes"], body["graph"]["edges"]
    assert {edge["source"] for edge in edges} | {edge["target"] for edge in edges} <= set(nodes)
    assert body["responses"]["k"]["links"][0]["path"]["edges"] == [edge["id"] for edge in edges][:2]


def test_scores_say_that_they_are_not_calibrated(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, phones=["213 555 0142"])
    assert answer.calibrated is False
    assert answer.stand_in == "links"
    assert any(note.startswith("score: outcomes are too few") and "noisy-or" in note for note in answer.notes)
    low, high = answer.interval
    assert low <= answer.score <= high


def test_the_score_does_not_depend_on_how_many_paths_are_shown(index: LinkIndex, workspace: Workspace) -> None:
    question = {"name": "Harbor Gift Inc", "phones": ["213 555 0142"], "emails": ["sales@harborgift.example"]}
    answers = [
        look_up(index, LookupRequest.model_validate({"queries": {"k": question}, "paths": paths}), workspace.hash_key)
        for paths in (0, 1, 5)
    ]
    assert len({answer.responses["k"].score for answer in answers}) == 1
    assert not answers[0].responses["k"].links


def test_two_values_shared_with_one_seized_party_say_more_than_one(index: LinkIndex, workspace: Workspace) -> None:
    phones, emails = ["213 555 0142"], ["sales@harborgift.example"]
    both = ask(index, workspace, name="Night Owl", phones=phones, emails=emails)
    assert {link.seizure.id for link in both.links} == {"seizure:Z1"}
    assert {term.claim for term in both.terms} == {"shared_phone", "shared_email"}
    one = ask(index, workspace, name="Night Owl", emails=emails)
    assert both.score > one.score


def test_who_may_be_a_seized_party_is_no_second_vote_for_what_they_share(
    index: LinkIndex, workspace: Workspace
) -> None:
    question = {"name": "Harbor Gift Inc", "phones": ["213 555 0142"], "emails": ["sales@harborgift.example"]}
    answer = ask(index, workspace, **question)
    seized = [link for link in answer.links if link.seizure.id == "seizure:Z1"]
    assert seized
    assert len(answer.terms) == 1


def test_the_interval_holds_the_score_and_more_where_values_are_shared(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(index, workspace, phones=["213 555 0142"])
    low, high = answer.interval
    assert low < answer.score < high


def test_a_scoring_search_that_gave_up_is_told_whatever_is_shown(
    index: LinkIndex, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is room for a search of one hop, and none for that of the score."""
    monkeypatch.setattr("graphinv.links.rooms.MAX_LABELS", 2)
    narrow = replace(index, rooms=Rooms(len(index.graph.start)))
    question = PartyQuestion(phones=["213 555 0142"])
    starts = starts_of(narrow, question, read_clues(question, workspace.hash_key))
    assert [find_walks(narrow, starts, 5, hops).gave_up for hops in (1, SCORED_HOPS)] == [False, True]
    asked = LookupRequest(queries={"q": question}, max_hops=1)
    assert look_up(narrow, asked, workspace.hash_key).responses["q"].status == "truncated"
    assert look_up(index, asked, workspace.hash_key).responses["q"].status == "complete"
