"""One alert per new link, which outlives reloads, merges and rebuilds, and is withdrawn with what it rests on."""

import shutil

from graphinv.alerting.alert import Kind, Status
from graphinv.alerting.dispositions import Say, dispose
from graphinv.alerting.known import read_known, write_known
from graphinv.alerting.links_found import Rules
from graphinv.resolve.judgements import Verdict
from tests.alerting.conftest import BEGINNING, MIRROR, RELEASED, X77, Z1, Story, newcomer
from tests.links.conftest import HARBOR, LUMEN, consignee, shipment

PHONE = "phone:+12135550142"


def test_the_first_load_raises_alerts_of_unknown_parties_with_their_evidence(story: Story) -> None:
    alert = story.alert()
    assert (alert.told.party.caption, alert.told.target.caption) == ("Lumen Parcel LLC", "Harbor Gift Inc")
    assert alert.told.party.records == ("importers:98-7654321",)
    assert [piece.claim for piece in alert.told.evidence] == ["shares phone", "shares phone"]
    assert alert.told.path.nodes[1] == PHONE
    assert "seized on 2025-03-04" in alert.told.sentence
    assert [change.kind for change in alert.changes] == ["baseline"]


def test_the_first_load_raises_a_few_and_counts_the_rest(untold: Story) -> None:
    friends = [newcomer(at, email="sales@harborgift.example") for at in range(4)]
    feeds = {**BEGINNING, "importers": [*BEGINNING["importers"], *friends]}
    untold.rules = Rules(strength=0.1, first=2)
    examined = untold.load(**feeds)
    assert (examined.raised, examined.left_out) == (2, 3)
    strengths = [alert.told.strength for alert in untold.alerts()]
    assert strengths == sorted(strengths, reverse=True)


def test_a_newcomer_who_shares_something_is_one_alert_that_says_so(story: Story) -> None:
    examined = story.load(importers=[newcomer(0, phone="213 555 0142")])
    assert (examined.raised, examined.reopened) == (1, 0)
    alert = next(one for one in story.alerts() if one.told.party.caption == "Tern Rock Bazaar")
    assert [change.kind for change in alert.changes] == ["new_party"]


def test_a_newcomer_who_shares_nothing_is_none(story: Story) -> None:
    examined = story.load(importers=[newcomer(0, phone="415 555 0111")])
    assert (examined.raised, examined.changed, examined.withdrawn) == (0, 0, 0)


def test_a_new_seizure_raises_alerts_of_those_long_known_who_share_something(story: Story) -> None:
    assert story.load(importers=[newcomer(0, phone=MIRROR["phone"])]).raised == 0
    seized = {"seizure_id": "Z9", "seized_on": "2025-06-10", "importer_number": "47-4444444", "category": "ipr"}
    assert story.load(seizures=[seized]).raised == 1
    alert = next(one for one in story.alerts() if one.told.party.caption == "Tern Rock Bazaar")
    assert [(change.kind, change.detail) for change in alert.changes] == [("new_seizure", "Z9 of 2025-06-10")]


def test_a_value_that_two_seized_parties_share_raises_one_alert_for_each_new_seizure(story: Story) -> None:
    """The stronger link by the same phone does not hide the newly seized party behind it."""
    story.load(importers=[newcomer(0, phone="213 555 0142")])
    seized = {"seizure_id": "Z9", "seized_on": "2025-06-10", "importer_number": "60-7654320", "category": "ipr"}
    story.load(seizures=[seized])
    targets = {
        one.told.target.caption for one in story.alerts(Status.OPEN) if one.told.party.caption.startswith("Lumen")
    }
    assert targets == {"Harbor Gift Inc", "Tern Rock Bazaar"}


def between_three(story: Story) -> None:
    """Violet Crane shares an e-mail with Harbor, a phone with Tern Rock and an officer with Copper Fern."""
    violet = newcomer(2, email=HARBOR["email"], phone="415 555 0111", officer_name="Odile Marchetti")
    tern, copper = newcomer(0, phone="415 555 0111"), newcomer(1, officer_name="Odile Marchetti")
    story.load(importers=[{**HARBOR, "registered_on": "2025-05-20"}, violet, tern, copper])


def told_of_violet(story: Story) -> set[str]:
    return {one.told.target.caption for one in story.alerts(Status.OPEN) if one.told.party.caption.startswith("Violet")}


def seizure(key: str, number: str, **columns: str) -> dict[str, str]:
    return {"seizure_id": key, "seized_on": "2025-06-10", "importer_number": number, "category": "ipr", **columns}


def test_two_new_seizures_are_both_told_of_beside_a_nearer_old_one(story: Story) -> None:
    between_three(story)
    assert told_of_violet(story) == {"Harbor Gift Inc"}
    story.load(seizures=[seizure("Z8", "60-7654320"), seizure("Z9", "61-7654321")])
    assert told_of_violet(story) == {"Harbor Gift Inc", "Tern Rock Bazaar", "Copper Fern Depot"}


def test_an_alert_with_a_seizure_left_stays_though_another_seized_party_is_nearer(story: Story) -> None:
    between_three(story)
    story.load(seizures=[seizure("Z8", "60-7654320"), seizure("Z9", "60-7654320")])
    assert told_of_violet(story) == {"Harbor Gift Inc", "Tern Rock Bazaar"}
    examined = story.load(seizures=[seizure("Z9", "60-7654320", status="released", known_at="2025-06-20")])
    assert examined.withdrawn == 0
    changed = next(one for one in story.alerts(Status.OPEN) if one.told.target.caption == "Tern Rock Bazaar")
    assert [change.kind for change in changed.changes] == ["released"]
    assert told_of_violet(story) == {"Harbor Gift Inc", "Tern Rock Bazaar"}


def test_a_new_value_on_an_open_alert_changes_it_and_raises_no_other(story: Story) -> None:
    before = story.alert()
    later = {**LUMEN, "email": HARBOR["email"], "registered_on": "2025-06-01"}
    examined = story.load(importers=[later])
    assert (examined.raised, examined.changed) == (0, 1)
    after = story.alert()
    assert (after.id, after.seq > before.seq) == (before.id, True)
    assert [change.kind for change in after.changes] == ["new_value"]
    assert "shares e-mail sales@harborgift.example" in after.changes[0].detail


def test_the_same_files_again_and_a_rebuild_change_nothing(story: Story) -> None:
    before = story.alert()
    for examined in (story.load(**BEGINNING), story.rebuilt()):
        assert (examined.raised, examined.changed, examined.reopened, examined.withdrawn) == (0, 0, 0, 0)
    assert story.alert() == before


def test_a_cleared_alert_stays_cleared_across_loads_and_rebuilds(story: Story) -> None:
    story.clear(story.alert())
    story.load(
        importers=[newcomer(0, phone="415 555 0111")], shipments=[shipment("X95", "2025-06-02", **consignee(LUMEN))]
    )
    story.rebuilt()
    assert story.alert(Status.CLEARED).told.party.caption == "Lumen Parcel LLC"
    assert story.alerts(Status.OPEN) == []


def test_a_cleared_alert_stays_cleared_when_its_party_is_merged_with_another(story: Story) -> None:
    story.clear(story.alert())
    story.judged("importers:98-7654321", "importers:47-4444444", Verdict.SAME)
    assert story.alerts(Status.OPEN) == []
    assert story.alert(Status.CLEARED).told.party.caption == "Lumen Parcel LLC"


def test_a_cleared_alert_reopens_with_a_new_shared_value_and_says_which(story: Story) -> None:
    cleared = story.clear(story.alert())
    examined = story.load(importers=[{**LUMEN, "email": HARBOR["email"], "registered_on": "2025-06-01"}])
    assert (examined.raised, examined.reopened) == (0, 1)
    alert = story.alert(Status.OPEN)
    assert alert.id == cleared.id
    assert "sales@harborgift.example" in alert.changes[0].detail


def test_a_cleared_alert_reopens_with_a_new_seizure_of_the_same_party(story: Story) -> None:
    cleared = story.clear(story.alert())
    again = {"seizure_id": "Z2", "seized_on": "2025-06-10", "importer_number": "12-3456789", "category": "narcotics"}
    assert story.load(seizures=[again]).reopened == 1
    alert = story.alert(Status.OPEN)
    assert alert.id == cleared.id
    assert [(change.kind, change.detail) for change in alert.changes] == [("new_seizure", "Z2 of 2025-06-10")]


def test_a_watched_alert_is_watched_on_when_it_changes(story: Story) -> None:
    dispose(story.store, story.alert().id, Say(Status.WATCHING, "ann", "wait for the next parcel"))
    assert story.load(importers=[{**LUMEN, "email": HARBOR["email"], "registered_on": "2025-06-01"}]).changed == 1
    assert story.alert(Status.WATCHING).changes[0].kind == "new_value"


def test_a_released_seizure_withdraws_the_alert_and_its_return_brings_it_back(story: Story) -> None:
    before = story.alert()
    assert story.load(seizures=[RELEASED]).withdrawn == 1
    assert story.alerts(Status.OPEN) == []
    assert "released" in (story.alert(Status.WITHDRAWN).note or "")
    again = {**Z1, "status": "forfeited", "known_at": "2025-06-25"}
    examined = story.load(seizures=[again])
    assert (examined.returned, examined.raised) == (1, 0)
    assert (story.alert().id, story.alert().note) == (before.id, None)


def test_a_cleared_alert_whose_seizure_was_released_and_came_back_is_still_cleared(story: Story) -> None:
    story.clear(story.alert())
    story.load(seizures=[RELEASED])
    story.load(seizures=[{**Z1, "status": "forfeited", "known_at": "2025-06-25"}])
    assert [one.status for one in story.alerts()] == [Status.CLEARED]


def test_two_parties_that_turn_out_to_be_one_leave_one_alert_until_they_are_two_again(story: Story) -> None:
    story.load(importers=[newcomer(0, phone="213 555 0142")])
    assert len(story.alerts(Status.OPEN)) == 2
    pair = ("importers:98-7654321", "importers:60-7654320")
    story.judged(*pair, Verdict.SAME)
    assert len(story.alerts(Status.OPEN)) == 1
    assert story.alert().id in (story.alert(Status.WITHDRAWN).note or "")
    story.judged(*pair, Verdict.DIFFERENT)
    assert len(story.alerts(Status.OPEN)) == 2


def test_a_judgement_that_joins_the_party_with_the_seized_one_withdraws_the_alert(story: Story) -> None:
    story.judged("importers:98-7654321", "importers:12-3456789", Verdict.SAME)
    assert "the party's own" in (story.alert(Status.WITHDRAWN).note or "")
    story.judged("importers:98-7654321", "importers:12-3456789", Verdict.DIFFERENT)
    assert story.alert(Status.OPEN).told.party.caption == "Lumen Parcel LLC"


def test_a_judgement_that_brings_a_link_raises_an_alert_that_says_so(story: Story) -> None:
    """Who shares a phone with somebody is linked once that one turns out to be the seized party, who is told too."""
    phone = "415 555 0123"
    assert story.load(importers=[newcomer(0, phone=phone), newcomer(1, phone=phone)]).raised == 0
    assert story.judged("importers:60-7654320", "importers:12-3456789", Verdict.SAME).raised == 2
    alert = next(one for one in story.alerts(Status.OPEN) if one.told.party.caption == "Copper Fern Depot")
    assert [change.kind for change in alert.changes] == ["judgement"]


def test_an_order_raises_an_alert_of_who_is_like_its_entry_and_withdraws_it_when_it_ends(story: Story) -> None:
    order = {"list": "UFLPA", "entry_id": "7", "name": "Mirror Lane Supply Co", "country": "US",
             "address": "88 Quince Way, Springfield, IL 62701", "effective_on": "2025-06-01"}  # fmt: skip
    assert story.load(watchlist=[order]).raised == 1
    alert = next(one for one in story.alerts() if one.kind is Kind.ORDER)
    assert (alert.told.party.caption, alert.told.seizure) == ("Mirror Lane Supply Co", None)
    assert [change.kind for change in alert.changes] == ["new_order"]
    assert "UFLPA" in alert.told.sentence
    ended = {**order, "ended_on": "2025-06-15", "known_at": "2025-06-15"}
    story.load(watchlist=[ended], shipments=[shipment("X99", "2025-07-01")])
    assert story.store.find(alert.id).status is Status.WITHDRAWN


def test_an_examination_that_was_killed_before_it_was_noted_tells_nothing_twice(story: Story) -> None:
    known = read_known(story.workspace.alerts)
    assert known is not None
    story.load(importers=[newcomer(0, phone="213 555 0142")])
    before = story.alerts()
    write_known(story.workspace.alerts, known)
    again = story.indexed()
    assert (again.raised, again.changed, again.withdrawn) == (0, 0, 0)
    assert story.alerts() == before


def test_what_was_known_may_be_lost_without_an_alert_being_told_twice(story: Story) -> None:
    before = story.alert()
    shutil.rmtree(story.workspace.alerts)
    assert story.indexed().raised == 0
    assert story.alert() == before


def test_own_shipments_of_a_seized_party_are_no_link(untold: Story) -> None:
    assert untold.load(importers=[HARBOR], shipments=[X77], seizures=[Z1]).raised == 0
