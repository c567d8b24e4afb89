"""A seized party that comes back under another number, account or name is told of; what it has already is no news."""

import pytest

from graphinv.alerting.alert import Alert, Kind, Status
from graphinv.resolve.judgements import Verdict
from tests.alerting.conftest import BEGINNING, Story
from tests.links.conftest import HARBOR, LUMEN, consignee, shipment
from tests.load.feeds import Row

RETURNED: Row = {**HARBOR, "importer_number": "61-7654399", "registered_on": "2025-06-01"}


def identities(story: Story, *statuses: Status) -> list[Alert]:
    """Alerts about identities of seized parties."""
    return [one for one in story.alerts(*statuses) if one.kind is Kind.IDENTITY]


def test_a_seized_firm_that_registers_under_another_number_is_one_alert_above_all_others(story: Story) -> None:
    assert story.load(importers=[RETURNED]).raised == 1
    first = story.alerts(Status.OPEN)[0]
    assert (first.kind, first.told.party.records) == (Kind.IDENTITY, ("importers:61-7654399",))
    assert first.told.sentence.startswith(
        "Harbor Gift Inc, registered under a new number, is probably the same party as another record of that name, "
        "whose shipment"
    )
    assert [change.kind for change in first.changes] == ["new_party", "same_party"]
    assert story.rebuilt().raised == 0


def test_those_on_record_when_alerts_began_are_told_as_such(untold: Story) -> None:
    untold.load(**{**BEGINNING, "importers": [*BEGINNING["importers"], RETURNED]})
    (alert,) = identities(untold)
    assert [change.kind for change in alert.changes] == ["baseline"]
    assert "registered under a number of its own" in alert.told.sentence


@pytest.mark.parametrize("name", ["Harbor Gift Inc", "HARBOR GIFT", "Harbor Gfit Inc"])
def test_a_parcel_without_a_number_under_a_known_name_is_no_news(story: Story, name: str) -> None:
    story.load(shipments=[shipment("X96", "2025-06-02", **consignee({**HARBOR, "name": name}))])
    assert identities(story) == []


def test_a_seized_parcel_without_a_number_is_no_news_of_the_firm_that_it_names(story: Story) -> None:
    """The registration and the parcel are one firm of one name; who else has something of the firm's is told."""
    parcel = shipment("X97", "2025-06-02", **consignee(LUMEN))
    seized = {"seizure_id": "Z7", "seized_on": "2025-06-05", "shipment_id": "X97", "category": "ipr"}
    story.load(shipments=[parcel], seizures=[seized])
    assert identities(story) == []


def test_a_seizure_is_news_of_the_other_name_of_the_party_that_was_seized(untold: Story) -> None:
    dora = {"consignee_email": "dora@vance-home.example"}
    parcels = [
        shipment("W1", "2025-06-01", consignee_name="Dora Vance", **dora),
        shipment("W2", "2025-06-01", consignee_name="Dora Vance Home", **dora),
    ]
    untold.load(shipments=parcels)
    untold.judged("shipments:W1#consignee", "shipments:W2#consignee", Verdict.SAME)
    assert untold.alerts() == []
    seized = {"seizure_id": "Z8", "seized_on": "2025-06-05", "shipment_id": "W1", "category": "ipr"}
    untold.load(seizures=[seized])
    (alert,) = identities(untold)
    assert alert.told.sentence.startswith(
        "Dora Vance Home, filing under another name, was judged the same party as Dora Vance by an investigator on "
    )
    assert [change.kind for change in alert.changes] == ["new_seizure"]


def test_another_seizure_of_the_party_changes_the_alert_and_a_release_of_both_withdraws_it(story: Story) -> None:
    story.load(importers=[RETURNED])
    again = {"seizure_id": "Z2", "seized_on": "2025-06-10", "importer_number": "12-3456789", "category": "narcotics"}
    assert story.load(seizures=[again]).changed >= 1
    (alert,) = identities(story, Status.OPEN)
    assert [change.detail for change in alert.changes] == ["Z2 of 2025-06-10"]
    gone = [{**again, "status": "released", "known_at": "2025-06-20"}, {**SEIZED, "status": "released"}]
    story.load(seizures=gone)
    (alert,) = identities(story)
    assert (alert.status, "released" in (alert.note or "")) == (Status.WITHDRAWN, True)


SEIZED = {"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X77", "category": "ipr",
          "known_at": "2025-06-20"}  # fmt: skip


def test_goods_of_its_own_that_are_seized_withdraw_the_alert(story: Story) -> None:
    story.load(importers=[RETURNED])
    story.load(seizures=[{"seizure_id": "Z3", "seized_on": "2025-06-10", "importer_number": "61-7654399",
                          "category": "ipr"}])  # fmt: skip
    assert [one.status for one in identities(story) if one.told.party.records == ("importers:61-7654399",)] == [
        Status.WITHDRAWN
    ]


def test_a_judgement_that_makes_a_party_a_seized_one_is_one_alert_that_says_who_judged_when(story: Story) -> None:
    assert story.judged("importers:47-4444444", "importers:12-3456789", Verdict.SAME).raised == 1
    (alert,) = identities(story)
    assert alert.told.party.caption == "Mirror Lane Supply Co"
    assert alert.changes[0].kind == "judgement"
    assert alert.changes[0].detail.startswith("judged the same by ann on 20")
    story.judged("importers:47-4444444", "importers:12-3456789", Verdict.DIFFERENT)
    (alert,) = identities(story)
    assert (alert.status, "no longer taken" in (alert.note or "")) == (Status.WITHDRAWN, True)


def test_what_still_joins_two_that_were_judged_different_is_an_alert(story: Story) -> None:
    story.load(importers=[RETURNED])
    assert story.judged("importers:61-7654399", "importers:12-3456789", Verdict.DIFFERENT).raised == 1
    alert = next(one for one in story.alerts(Status.OPEN) if one.told.party.records == ("importers:61-7654399",))
    assert alert.kind is Kind.SEIZURE
    assert "shares" in alert.told.sentence
    assert alert.changes[0].detail.startswith("judged different by ann on 20")
    assert story.rebuilt().raised == 0


def test_a_cleared_alert_of_an_identity_stays_cleared_until_another_seizure(story: Story) -> None:
    story.load(importers=[RETURNED])
    story.clear(identities(story)[0])
    story.rebuilt()
    assert identities(story)[0].status is Status.CLEARED
    again = {"seizure_id": "Z2", "seized_on": "2025-06-10", "importer_number": "12-3456789", "category": "narcotics"}
    assert story.load(seizures=[again]).reopened >= 1
    assert identities(story)[0].status is Status.OPEN
