"""The score of an answer: its terms add up, one change lowers it most, and hubs lift nobody to the top."""

from collections.abc import Sequence
from dataclasses import replace
from math import log

import pytest

from graphinv.links.answer import Link, PartyAnswer
from graphinv.links.closeness import closeness
from graphinv.links.describe import describe_walk
from graphinv.links.features import Seen
from graphinv.links.index import LinkIndex
from graphinv.links.lookup import gather_all
from graphinv.links.question import PartyQuestion
from graphinv.links.risk import Risk
from graphinv.links.score import record_sentence, score
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE, NAMES, TIES
from graphinv.links.score_model import POOLED, Band, Curve, Learned, ScoreModel
from graphinv.links.scoring import Scoring, scoring
from graphinv.links.walks import Walk
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.workspace import Workspace
from tests.links.conftest import ask, consignee, importer, indexed, shipment, told

_CURVE = Curve((-10.0, 0.0, 10.0), (0.0005, 0.5, 0.99), (0.0, 0.3, 0.9), (0.01, 0.7, 0.995))


def model(**weights: float) -> ScoreModel:
    """The usual weights with some changed."""
    usual = {claim.name: claim.usual for claim in CLAIMS_OF_A_SCORE} | weights
    return ScoreModel(
        calibrated=True,
        intercept=-4.0,
        weights=tuple(usual[name] for name in NAMES),
        curves={POOLED: _CURVE},
        bands=(Band("high", 0.5), Band("review", 0.2), Band("low", 0.05)),
        learned=Learned(1000, 1000, 500, 100, 0.03, "2025-01-01"),
    )


def by(index: LinkIndex, learned: ScoreModel) -> LinkIndex:
    """The same index, scored by a model."""
    return replace(index, scoring=Scoring(closeness=closeness(index.graph), model=learned))


def _told(index: LinkIndex, walks: Sequence[Walk]) -> tuple[Link, ...]:
    return tuple(describe_walk(index, walk).link for walk in walks)


@pytest.fixture(scope="module")
def scored(index: LinkIndex, workspace: Workspace) -> PartyAnswer:
    """A newcomer on the phone of Harbor Gift."""
    return ask(by(index, model()), workspace, name="Night Owl Imports", phones=["+1 213-555-0142"])


def test_an_answer_says_so_when_its_score_is_by_a_plainer_way(index: LinkIndex, workspace: Workspace) -> None:
    plain = replace(model(), plainer="nothing was proven")
    assert "score: nothing was proven" in ask(by(index, plain), workspace, name="Night Owl Imports").notes
    assert not any("score:" in note for note in ask(by(index, model()), workspace, name="Night Owl Imports").notes)


def test_an_answer_says_so_when_seizures_stand_in_for_inspections(index: LinkIndex, workspace: Workspace) -> None:
    rough = replace(model(), calibrated=False, stand_in="nothing was inspected", plainer="a line")
    answer = ask(by(index, rough), workspace, name="Night Owl Imports")
    assert not answer.calibrated
    assert answer.stand_in == "seizures"
    assert answer.notes[-2].startswith("score: nothing was inspected: seizures stand in")
    assert answer.notes[-1] == "score: a line"


def test_a_record_says_whether_it_is_of_the_examined_or_of_all_that_came() -> None:
    examined, seized = Risk(0.7, 3, 50), Risk(-0.2, 3, 5_000, seized=True)
    assert record_sentence(Seen("port", "Newark", examined)).startswith(
        "3 of 50 examined shipments of this port (Newark) were in violation: more often"
    )
    assert record_sentence(Seen("port", "Newark", seized)) == (
        "3 of 5000 shipments of this port (Newark) were seized or found in violation: less often than others"
    )


def test_an_answer_states_what_its_band_had_on_windows_held_back(index: LinkIndex, workspace: Workspace) -> None:
    review = Band("review", 0.2, 0.31, 0.12, 0.58, 20, 14, 17.5, promise=0.2)
    learned = replace(model(), bands=(Band("high", 1.0, promise=0.5), review, Band("low", 0.05)))
    answer = ask(by(index, learned), workspace, name="Night Owl Imports", phones=["+1 213-555-0142"])
    assert answer.band == "review"
    said = [note for note in answer.notes if note.startswith("band review: ")]
    assert said[0].endswith(
        "0.31 were in violation (0.12 to 0.58; 20 examined, of 14 parties): too few to confirm 0.20"
    )
    rough = ask(by(index, replace(learned, calibrated=False)), workspace, name="Owl", phones=["+1 213-555-0142"])
    assert not any(note.startswith("band ") for note in rough.notes)


def test_an_answer_says_so_when_officers_chose_what_was_inspected(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(by(index, replace(model(), calibrated=False)), workspace, name="Night Owl Imports")
    assert (answer.calibrated, answer.stand_in) == (False, "targeted_inspections")
    assert answer.notes[-1].startswith("score: too few shipments were examined at random")
    calibrated = ask(by(index, model()), workspace, name="Night Owl Imports")
    assert (calibrated.calibrated, calibrated.stand_in) == (True, None)


def test_a_seized_number_under_another_name_is_a_reason_for_the_top_band(
    index: LinkIndex, workspace: Workspace
) -> None:
    eager = by(index, model(**dict.fromkeys(TIES.values(), 0.0), own_seizure=9.0))
    theirs = {"importer_number": "12-3456789", "phones": ["213 555 0142"], "emails": ["sales@harborgift.example"]}
    answer = ask(eager, workspace, name="Night Owl Imports", **theirs)
    assert answer.links[0].hops == 0
    assert "own_seizure" in {term.claim for term in answer.terms}
    assert answer.band == "high"


def test_terms_add_up_to_the_log_odds_of_the_score(scored: PartyAnswer) -> None:
    total = sum(term.added for term in scored.terms)
    assert total == pytest.approx(log(scored.score / (1 - scored.score)), abs=0.01)
    assert all(term.detail for term in scored.terms)
    assert {"best_link", "shared_phone"} <= {term.claim for term in scored.terms}


def test_the_one_change_tells_the_score_without_the_phone(scored: PartyAnswer) -> None:
    assert scored.lowers_most is not None
    assert scored.lowers_most.claim == "shared_phone"
    assert scored.lowers_most.score < scored.score
    assert "Harbor Gift" in scored.lowers_most.detail


def test_the_one_change_takes_a_seizure_away_with_all_that_leads_to_it(index: LinkIndex, workspace: Workspace) -> None:
    """Without the phone the e-mail address holds the score: neither is the change, the seizure is."""
    alone = model(shared_phone=0.0, shared_email=0.0, further_links=0.0, near_seizures=0.0)
    twice = ask(by(index, alone), workspace, phones=["213 555 0142"], emails=["sales@harborgift.example"], name="Quill")
    assert {link.seizure.id for link in twice.links} == {"seizure:Z1"}
    assert twice.lowers_most is not None
    assert twice.lowers_most.score == pytest.approx(ask(by(index, alone), workspace, name="Quill").score, abs=0.01)
    assert len(twice.links) > 1
    assert all(link.sentence in twice.lowers_most.detail for link in twice.links)


def test_where_no_seizure_alone_holds_the_score_all_together_do(index: LinkIndex, workspace: Workspace) -> None:
    flat = replace(model(), curves={POOLED: Curve((-10.0, -3.5, -3.4, 10.0), (0.0, 0.01, 0.5, 0.5), (0.0,) * 4,
                                                  (1.0,) * 4)})  # fmt: skip
    box = ["50 Anchor Road PMB 7, Springfield, IL 62701"]
    answer = ask(by(index, flat), workspace, name="Quill", phones=["213 555 0142"], addresses=box)
    assert {link.seizure.id for link in answer.links} >= {"seizure:Z1", "seizure:Z2"}
    assert answer.lowers_most is not None
    assert answer.lowers_most.detail.startswith("if none of this held: ")
    assert answer.lowers_most.score < 0.02


def test_further_links_count_no_seizure_twice(index: LinkIndex, workspace: Workspace) -> None:
    twice = ask(by(index, model()), workspace, phones=["213 555 0142"], emails=["sales@harborgift.example"], name="Q")
    assert len(twice.links) > 1
    assert "further_links" not in {term.claim for term in twice.terms}
    box = ["50 Anchor Road PMB 7, Springfield, IL 62701"]
    other = ask(by(index, model()), workspace, phones=["213 555 0142"], addresses=box, name="Quill")
    assert next(term.detail for term in other.terms if term.claim == "further_links").startswith("1 more: Quill ")


def test_a_near_phone_of_a_party_of_the_same_name_is_told_as_the_link_that_it_is(
    index: LinkIndex, workspace: Workspace
) -> None:
    """It may be that party, but a number one digit off is no value of its own: it counts as a tie to another."""
    asked = PartyQuestion(name="Harbor Gift Inc", phones=["213 555 0143"])
    found = gather_all(index, {"q": asked}, workspace.hash_key)["q"]
    apart = gather_all(index, {"q": PartyQuestion(phones=["213 555 0143"])}, workspace.hash_key)["q"]
    near = next(walk for walk in apart.walks if walk.start.claim == "NEAR_PHONE")
    assert near.nodes[-1] in found.itself
    answer = score(by(index, model()), replace(found, walks=(near,), agreeing=()), _told(index, [near]))
    told = {term.claim: term.detail for term in answer.terms}
    assert told["best_link"] == told["some_link"] == _told(index, [near])[0].sentence
    assert "own_seizure" not in told


def test_further_links_by_a_value_alone_are_quoted_too(index: LinkIndex, workspace: Workspace) -> None:
    box = "50 Anchor Road PMB 7, Springfield, IL 62701"
    asked = PartyQuestion(name="Quill", phones=["213 555 0142"], addresses=[box])
    found = gather_all(index, {"q": asked}, workspace.hash_key)["q"]
    assert len(found.walks) > 1
    links = _told(index, found.walks)
    alone = replace(found, walks=found.walks[:1], agreeing=found.walks[1:])
    terms = score(by(index, model()), alone, links).terms
    assert terms == score(by(index, model()), found, links).terms
    assert links[1].sentence in next(term.detail for term in terms if term.claim == "further_links")


def test_a_model_that_was_calibrated_says_so_and_an_answer_names_it(
    scored: PartyAnswer, index: LinkIndex, workspace: Workspace
) -> None:
    assert scored.calibrated
    low, high = scored.interval
    assert 0.0 <= low <= scored.score <= high <= 1.0
    assert by(index, model()).scored_by != index.scored_by
    assert not ask(index, workspace, phones=["213 555 0142"]).calibrated


def test_less_declared_widens_the_interval(index: LinkIndex, workspace: Workspace) -> None:
    learned = by(index, model())
    place = ["1 Far Away Rd, Reno, NV 89501"]
    full = ask(learned, workspace, name="Quill", addresses=place, importer_number="77-1234567", hts=["950300"])
    bare = ask(learned, workspace, name="Quill")
    assert full.completeness.tier == "full_entry"
    assert full.score == pytest.approx(bare.score, abs=1e-3)
    assert bare.interval[1] - bare.interval[0] > full.interval[1] - full.interval[0]


@pytest.mark.parametrize("ends", [(0.05, 0.85), (0.0, 1.0)])
def test_no_interval_claims_certainty_however_little_is_known(
    index: LinkIndex, workspace: Workspace, ends: tuple[float, float]
) -> None:
    low, high = ends
    thin = replace(model(), curves={POOLED: Curve((-9.0, 9.0), (0.3, 0.3), (low, low), (high, high))})
    answer = ask(by(index, thin), workspace, name="Quill")
    assert answer.completeness.tier == "minimal"
    assert 0.0 < answer.interval[0] < max(low, 0.001) < answer.score < min(high, 0.998) < answer.interval[1] < 1.0


def test_no_tenant_of_a_mailbox_shop_gets_to_the_top_by_the_shop_alone(index: LinkIndex, workspace: Workspace) -> None:
    eager = by(index, model(paths_through_hubs=900.0, same_building=900.0, near_seizures=900.0))
    boxes = [f"50 Anchor Road PMB {box}, Springfield, IL 62701" for box in (100, 120, 998, 999)]
    answers = [ask(eager, workspace, name=f"Quill Paper {box}", addresses=[box]) for box in boxes]
    assert max(answer.score for answer in answers) > 0.5
    assert "high" not in {answer.band for answer in answers}


def test_a_seized_party_is_in_the_top_band_with_a_model_too(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(
        by(index, model(own_seizure=6.0)), workspace, name="HARBOR GIFT, INC.",
        addresses=["100 Harbor Street, Springfield, IL 62701"],
    )  # fmt: skip
    assert answer.band == "high"
    assert answer.terms[1].claim == "own_seizure"


def test_newness_alone_lifts_nobody_to_the_top(index: LinkIndex, workspace: Workspace) -> None:
    answer = ask(by(index, model(never_filed=9.0)), workspace, name="Quill Paper")
    assert answer.score > 0.5
    assert answer.band == "review"
    assert "never_filed" in {term.claim for term in answer.terms}


#: Quay House is a formation agent: thirty clients give its address and phone, and have no unit of their own. All buy
#: from one shop. Lone Goods has a phone of its own.
_QUAY: dict[str, object] = {"addresses": ["12 Quay House Lane, Springfield, IL 62701"], "phones": ["217 555 0160"]}
_OUTLET: dict[str, object] = {"sellers": [{"platform": "Kartly", "seller_id": "quay-outlet"}]}
_LONE: dict[str, object] = {"phones": ["217 555 0199"]}
_CLIENTS, _STRANGERS = 30, 60


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> tuple[LinkIndex, Workspace]:
    """Goods of eight clients were seized, four parcels of Lone Goods in violation, and none of sixty strangers."""
    clients = [importer(f"57-{5000000 + at}", f"Client {at} LLC", "12 Quay House Lane", phone="217 555 0160")
               for at in range(_CLIENTS)]  # fmt: skip
    strangers = [importer(f"58-{5000000 + at}", f"Far {at} LLC", f"{at} Oak Ln") for at in range(_STRANGERS)]
    lone = importer("59-5000000", "Lone Goods LLC", "5 Heron Ct", phone="217 555 0199")
    outlet = {"platform": "Kartly", "seller_id": "quay-outlet"}
    filed = [
        *((client, "seized" if at < 8 else "compliant", outlet) for at, client in enumerate(clients)),
        *((stranger, "compliant", {}) for stranger in strangers),
        *((lone, "violation", {}) for _ in range(4)),
    ]
    parcels = [
        shipment(f"Q{at}", "2025-03-01", importer_number=who["importer_number"], **shop, **consignee(who))
        for at, (who, _, shop) in enumerate(filed)
    ]
    looked = [
        {"inspection_id": f"E{at}", "inspected_on": "2025-03-03", "shipment_id": f"Q{at}", "selection": "random",
         "result": result}
        for at, (_, result, _) in enumerate(filed)
    ]  # fmt: skip
    taken = [
        {"seizure_id": f"S{at}", "seized_on": "2025-03-03", "shipment_id": f"Q{at}", "category": "ipr"}
        for at in range(8)
    ]
    feeds = {
        "importers": [*clients, *strangers, lone], "shipments": parcels, "inspections": looked, "seizures": taken,
    }  # fmt: skip
    workspace = told(tmp_path_factory.mktemp("quay"), feeds)
    plain = indexed(workspace)
    eager = model(
        contact_record=90.0, seller_record=90.0, paths_through_hubs=900.0, near_seizures=900.0, same_building=900.0
    )
    risks = scoring(identify(prepared_records(workspace)), plain.graph, plain.meta.clock)
    return replace(plain, scoring=risks.with_model(eager)), workspace


@pytest.mark.parametrize(("of", "claim"), [(_QUAY, "contact_record"), (_OUTLET, "seller_record")])
def test_what_was_found_at_a_hub_lifts_none_of_its_other_users_to_the_top(
    of: dict[str, object], claim: str, quay: tuple[LinkIndex, Workspace]
) -> None:
    answer = ask(quay[0], quay[1], name="Quill Paper", **of)
    assert claim in {term.claim for term in answer.terms if term.added > 1.0}
    assert answer.score > 0.5
    assert answer.band == "review"


def test_what_was_found_with_a_phone_of_few_does(quay: tuple[LinkIndex, Workspace]) -> None:
    answer = ask(quay[0], quay[1], name="Quill Paper", **_LONE)
    assert answer.links == ()
    assert answer.band == "high"
