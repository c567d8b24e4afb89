"""An opened workspace answers from its newest epoch and everything recorded since.

Kestrel Dock is seized from; Osprey Lane has its phone. All parties are invented.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphinv.arrivals import arrive
from graphinv.current.keeping import Waiting
from graphinv.ingest import journal
from graphinv.links.answer import PartyAnswer
from graphinv.links.live.index import LiveIndex
from graphinv.links.question import LookupRequest, PartyQuestion
from graphinv.opened import OpenedWorkspace
from graphinv.resolve.judgements import Decision, JudgementStore, Verdict
from graphinv.settings import Settings
from tests.current.rebuilding import make_epoch, told_by
from tests.current.test_splits import Row, record

KESTREL: Row = {
    "importer_number": "11-2223334AA", "name": "Kestrel Dock Imports", "phone": "+1 213 555 0148",
    "address_line1": "77 Old Quay Road", "city": "San Pedro", "state": "CA", "postal_code": "90731", "country": "US",
    "registered_on": "2021-02-01",
}  # fmt: skip
FILED: Row = {
    "shipment_id": "X0", "filed_at": "2024-01-02T08:00:00Z", "entry_type": "86", "importer_number": "11-2223334AA",
    "consignee_name": "Kestrel Dock Imports", "consignee_phone": "+1 213 555 0148",
}  # fmt: skip
SEIZED: Row = {
    "seizure_id": "Z0", "seized_on": "2024-01-10", "shipment_id": "X0", "category": "ipr", "commodity": "handbags",
    "status": "seized", "known_at": "2024-01-10",
}  # fmt: skip
NAMES = ("Alder Tools", "Birch Fabrics", "Cedar Bicycles", "Dogwood Ceramics", "Elm Optics", "Fir Instruments")


def shipment(key: str, **columns: str) -> Row:
    filed = {"shipment_id": key, "filed_at": "2024-06-01T10:00:00Z", "entry_type": "86"}
    return {**filed, "consignee_name": "Osprey Lane Wares", "consignee_phone": "+1 415 555 0100", **columns}


@pytest.fixture(scope="module")
def first_epoch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case with its first epoch."""
    folder = tmp_path_factory.mktemp("first") / "workspace"
    with OpenedWorkspace(Settings(workspace=folder)) as opened:
        record(opened, "importers", [KESTREL])
        record(opened, "shipments", [FILED])
        record(opened, "seizures", [SEIZED])
        make_epoch(opened)
    return folder


@pytest.fixture
def opened(first_epoch: Path, tmp_path: Path) -> Iterator[OpenedWorkspace]:
    """The case for one test."""
    shutil.copytree(first_epoch, tmp_path / "workspace")
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as found:
        yield found


def asked(opened: OpenedWorkspace, **question: object) -> PartyAnswer:
    request = LookupRequest(queries={"k": PartyQuestion.model_validate(question)})
    return opened.lookup(request).responses["k"]


def seizures(answer: PartyAnswer) -> set[str]:
    return {link.seizure.id for link in answer.links}


def test_a_value_that_came_since_the_epoch_leads_on(opened: OpenedWorkspace) -> None:
    assert seizures(asked(opened, emails=["desk@osprey.example"])) == set()
    joined = shipment("A1", consignee_phone="+1 213 555 0148", consignee_email="desk@osprey.example")
    record(opened, "shipments", [joined])
    answer = asked(opened, emails=["desk@osprey.example"])
    assert (seizures(answer), answer.status) == ({"seizure:Z0"}, "complete")
    with opened.reading() as state:
        assert state.index.meta.clock.isoformat() == "2024-06-01T10:00:00+00:00"


def test_a_seizure_of_a_shipment_on_record_weighs_on_its_parties_until_it_is_released(opened: OpenedWorkspace) -> None:
    record(opened, "shipments", [shipment("A1")])
    assert asked(opened, phones=["+1 415 555 0100"]).links == ()
    record(opened, "seizures", [{**SEIZED, "seizure_id": "Z1", "shipment_id": "A1", "known_at": "2024-06-05"}])
    assert seizures(asked(opened, phones=["+1 415 555 0100"])) == {"seizure:Z1"}
    assert asked(opened, name="Osprey Lane Wares", phones=["+1 415 555 0100"]).standing == "seized"
    freed = {**SEIZED, "seizure_id": "Z1", "shipment_id": "A1", "status": "released", "known_at": "2024-06-07"}
    record(opened, "seizures", [freed])
    assert asked(opened, phones=["+1 415 555 0100"]).links == ()
    assert asked(opened, name="Osprey Lane Wares", phones=["+1 415 555 0100"]).standing == "unknown"


@pytest.mark.parametrize("statuses", [("seized", "released"), ("released", "seized")])
def test_goods_released_on_the_day_of_their_seizure_weigh_on_nobody(
    opened: OpenedWorkspace, statuses: tuple[str, str]
) -> None:
    """Whichever row comes first, before the next epoch and after it."""
    record(opened, "shipments", [shipment("A1")])
    for status in statuses:
        told = {**SEIZED, "seizure_id": "Z1", "shipment_id": "A1", "status": status, "known_at": "2024-06-05"}
        record(opened, "seizures", [told])
    assert asked(opened, phones=["+1 415 555 0100"]).links == ()
    make_epoch(opened)
    assert asked(opened, phones=["+1 415 555 0100"]).links == ()


def test_a_seizure_that_came_before_its_shipment_weighs_once_that_is_there(opened: OpenedWorkspace) -> None:
    record(opened, "seizures", [{**SEIZED, "seizure_id": "Z2", "shipment_id": "B1", "known_at": "2024-06-05"}])
    assert asked(opened, phones=["+1 415 555 0100"]).links == ()
    record(opened, "shipments", [shipment("B1")])
    assert seizures(asked(opened, phones=["+1 415 555 0100"])) == {"seizure:Z2"}


def test_a_corrected_shipment_no_longer_says_what_it_said(opened: OpenedWorkspace) -> None:
    corrected = {**FILED, "consignee_phone": "+1 415 555 0199", "consignee_email": "desk@osprey.example"}
    assert asked(opened, emails=["desk@osprey.example"]).links == ()
    record(opened, "shipments", [{**corrected, "filed_at": "2024-01-03T08:00:00Z"}])
    assert seizures(asked(opened, emails=["desk@osprey.example"])) == {"seizure:Z0"}
    record(opened, "shipments", [{**FILED, "filed_at": "2024-01-04T08:00:00Z"}])
    answer = asked(opened, emails=["desk@osprey.example"])
    assert (answer.links, answer.candidates, answer.status) == ((), (), "complete")
    with opened.reading() as state:
        assert state.of_epoch(["X0"]) == {"X0"}
        assert state.came(["X0"]) == set()


def test_what_a_registration_said_once_stays_evidence_beside_what_it_says_now(opened: OpenedWorkspace) -> None:
    record(opened, "importers", [{**KESTREL, "phone": "+1 415 555 0199", "registered_on": "2022-02-01"}])
    for phone in ("+1 213 555 0148", "+1 415 555 0199"):
        answer = asked(opened, name="Kestrel Dock Imports", phones=[phone])
        assert (seizures(answer), answer.standing, answer.status) == ({"seizure:Z0"}, "seized", "complete")


def test_a_number_that_is_registered_late_keeps_its_shipments_or_loses_them(
    opened: OpenedWorkspace,
) -> None:
    number = {"importer_number": "99-8887776AA"}
    own = shipment("A1", **number)
    stolen = shipment("A2", **number, consignee_name="Wren Hill Tools", consignee_phone="+1 646 555 0177")
    record(opened, "shipments", [own, stolen])
    registered: Row = {**KESTREL, **number, "name": "Osprey Lane Wares", "phone": "+1 415 555 0100"}
    record(opened, "importers", [registered])
    answer = asked(opened, name="Osprey Lane Wares", **number)
    assert (answer.status, answer.candidates[0].caption) == ("complete", "Osprey Lane Wares")
    thief = asked(opened, name="Wren Hill Tools", phones=["+1 646 555 0177"]).candidates[0]
    assert thief.id != answer.candidates[0].id
    assert any("stand" in note for note in answer.notes)


def test_a_correction_knows_nothing_of_seizures_that_were_recorded_after_it(opened: OpenedWorkspace) -> None:
    """Both wait to be worked in, and the seizure names an account that nobody has named before."""
    record(opened, "importers", [{**KESTREL, "name": "Heron Quay Trading", "phone": "+1 646 555 0177"}])
    account = {"platform": "bazario", "seller_id": "A100"}
    record(opened, "seizures", [{**SEIZED, "seizure_id": "Z1", "importer_number": "11-2223334AA", **account}])
    answer = asked(opened, phones=["+1 646 555 0177"])
    assert (answer.status, seizures(answer)) == ("complete", {"seizure:Z1"})
    by_account = asked(opened, sellers=[account])
    assert "seizure:Z1" in seizures(by_account)


def test_more_records_than_are_worth_working_in_wait(opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphinv.current.keeping.MOST_ROWS", 2)
    record(opened, "shipments", [shipment("A1"), shipment("A2"), shipment("A3")])
    answer = asked(opened, phones=["+1 213 555 0148"])
    assert answer.status == "degraded"
    assert any("the last 3 records" in note for note in answer.notes)
    with opened.reading() as state:
        assert state.index is state.epoch


def test_a_look_up_does_not_wait_for_all_that_a_load_brings_at_once(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphinv.current.keeping.MOST_AT_ONCE", 2)
    record(opened, "shipments", [shipment("A1"), shipment("A2")])
    assert asked(opened, phones=["+1 213 555 0148"]).status == "complete"
    record(opened, "shipments", [shipment("A3"), shipment("A4"), shipment("A5")])
    assert asked(opened, phones=["+1 213 555 0148"]).status == "degraded"
    make_epoch(opened)
    assert asked(opened, phones=["+1 213 555 0148"]).status == "complete"


def test_what_waits_is_told_without_being_worked_in(opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    record(opened, "shipments", [shipment("A1"), shipment("A2")])
    assert opened.waiting() == opened.waiting() == Waiting(None, records=2)
    asked(opened, phones=["+1 213 555 0148"])
    assert opened.waiting() == Waiting(None)
    two = Decision("shipments:A1#consignee", "shipments:X0#consignee", Verdict.SAME, "officer", "seen the papers")
    JudgementStore(opened.folder).judge(two)
    assert opened.waiting() == Waiting(None, judgements=True)
    monkeypatch.setattr("graphinv.current.keeping.MOST_ROWS", 2)
    record(opened, "shipments", [shipment("A3")])
    assert "the last 1 records" in opened.waiting().text()


def test_a_shipment_is_no_evidence_for_itself_and_known_to_the_next(opened: OpenedWorkspace) -> None:
    email = "desk@osprey.example"
    first = arrive(opened, [shipment("A1", consignee_phone="+1 213 555 0148", consignee_email=email)])
    assert first.responses["A1"].candidates == ()
    again = arrive(opened, [shipment("A1", consignee_phone="+1 213 555 0148", consignee_email=email)])
    assert again.responses["A1"].candidates == ()
    assert again.accounting.feeds["shipments"].duplicate == 1
    assert all("on record" not in note for note in again.responses["A1"].notes)
    assert any("on record" in note for note in arrive(opened, [FILED]).responses["X0"].notes)
    other = arrive(opened, [shipment("A2", consignee_name="Heron Quay", consignee_phone="", consignee_email=email)])
    assert seizures(other.responses["A2"]) == {"seizure:Z0"}
    assert (other.responses["A2"].status, other.recorded) == ("complete", True)


def test_killed_between_journal_and_answer_nothing_is_lost_and_nothing_counts_twice(opened: OpenedWorkspace) -> None:
    row = shipment("A1", consignee_phone="+1 213 555 0148", consignee_email="desk@osprey.example")
    journal.append(opened.folder, "shipments", [row])  # and here it ended
    with OpenedWorkspace(opened.settings) as restarted:
        again = arrive(restarted, [row])
        assert again.accounting.feeds["shipments"].duplicate == 1
        assert seizures(asked(restarted, emails=["desk@osprey.example"])) == {"seizure:Z0"}
        with restarted.reading() as state:
            assert isinstance(state.index, LiveIndex)
            counts = [said[1] for key, said in told_by(state.index).items() if "email:desk@osprey.example" in key[1:2]]  # type: ignore[index]
        assert counts == [1]


def test_arrivals_that_a_load_keeps_from_being_recorded_are_missed_and_answers_say_so(opened: OpenedWorkspace) -> None:
    kept = journal.append(opened.folder, "shipments", [shipment("A1")])
    os.utime(kept, (0, 0))
    assert asked(opened, phones=["+1 415 555 0100"]).status == "degraded"
    journal.roll(opened.folder)
    assert asked(opened, phones=["+1 415 555 0100"]).status == "complete"


@pytest.mark.gives_up
def test_what_cannot_be_worked_in_leaves_look_ups_with_the_epoch(
    opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError

    record(opened, "shipments", [shipment("A1", consignee_phone="+1 213 555 0148")])
    monkeypatch.setattr("graphinv.current.work.Work.take", fails)
    for _ in range(2):
        answer = asked(opened, phones=["+1 213 555 0148"])
        assert (answer.status, seizures(answer)) == ("degraded", {"seizure:Z0"})


def test_two_on_one_folder_agree(opened: OpenedWorkspace) -> None:
    with OpenedWorkspace(opened.settings) as other:
        for number in range(4):
            arrive(opened, [shipment(f"A{number}", consignee_name="Osprey Lane Wares" + " Ltd" * (number % 2))])
        with opened.reading() as mine, other.reading() as theirs:
            assert isinstance(mine.index, LiveIndex)
            assert isinstance(theirs.index, LiveIndex)
            assert told_by(mine.index) == told_by(theirs.index)
            assert theirs.behind is None


def test_look_ups_see_whole_states_while_batches_come(opened: OpenedWorkspace) -> None:
    """Each batch names one more user of the phone and of the e-mail address: whoever looks sees as many of both."""
    wrong: list[object] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            with opened.reading() as state:
                nodes = [state.index.node(uid) for uid in ("phone:+14155550100", "email:desk@osprey.example")]
                users = {None if node is None else int(state.index.graph.users[node]) for node in nodes}
                if len(users) != 1:
                    wrong.append(users)

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(len(NAMES)):
        named = shipment(f"A{number}", consignee_name=NAMES[number], consignee_email="desk@osprey.example")
        record(opened, "shipments", [named])
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    with opened.reading() as state:
        node = state.index.node("phone:+14155550100")
        assert node is not None
        assert int(state.index.graph.users[node]) == len(NAMES)
