"""Whatever happens in whatever order, what is kept current equals a rebuild: records come, are corrected, registered
late, seized, released, examined and vetted. All parties are invented."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from graphinv.links.live.index import LiveIndex
from graphinv.opened import OpenedWorkspace
from graphinv.resolve.identities import importer_uid
from graphinv.settings import Settings
from tests.current.rebuilding import besides, make_epoch, told_anew, told_by
from tests.current.test_splits import Row, record

_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
#: The second writes the first's nine digits: only a registration tells who is meant.
_NUMBERS = st.sampled_from(["11-2223334AA", "112223334", "55-6667778BB", "99-8887776AA", None])
_NAMES = st.sampled_from(["Kestrel Dock Imports", "Osprey Lane Wares", "Heron Quay Trading", "Wren Hill Tools", None])
_OWNER = importer_uid("112223334AA")
_PHONES = st.sampled_from(["+1 213 555 0148", "+1 415 555 0100", "+1 646 555 0177", None])
_EMAILS = st.sampled_from(["desk@osprey.example", "office@kestrel.example", None])
_STREETS = st.sampled_from([("77 Old Quay Road", "Suite 4"), ("77 Old Quay Road", "Suite 9"), ("12 Mill Lane", None)])
_SHIPMENTS = st.sampled_from([f"X{number}" for number in range(7)])
_SEIZURES = st.sampled_from(["Z0", "Z1", "Z2"])


def _place(street: tuple[str, str | None], prefix: str = "") -> Row:
    told = {"address_line1": street[0], "address_line2": street[1], "city": "San Pedro", "state": "CA"}
    return {f"{prefix}{name}": text for name, text in {**told, "postal_code": "90731", "country": "US"}.items()}


class Sequences(RuleBasedStateMachine):
    """One workspace whose epoch was made of a few records."""

    epoch: Path

    @initialize()
    def begin(self) -> None:
        """A workspace of its own."""
        self.folder = TemporaryDirectory()
        shutil.copytree(self.epoch, Path(self.folder.name) / "workspace")
        self.opened = OpenedWorkspace(Settings(workspace=Path(self.folder.name) / "workspace"))
        self.clock = _BEGIN + timedelta(days=30)

    def teardown(self) -> None:
        """Close it."""
        if hasattr(self, "opened"):
            self.opened.close()
            self.folder.cleanup()

    @rule(key=_SHIPMENTS, number=_NUMBERS, name=_NAMES, phone=_PHONES, email=_EMAILS, street=_STREETS,
          shipper=st.sampled_from(["Lotus Works", "Amber Mill", None]), account=st.sampled_from(["S1", "S2", None]),
          mid=st.sampled_from(["CNLOTWOR12SHE", None]), late=st.booleans())  # fmt: skip
    def file(
        self, *, key: str, number: str | None, name: str | None, phone: str | None, email: str | None,
        street: tuple[str, str | None], shipper: str | None, account: str | None, mid: str | None, late: bool,
    ) -> None:  # fmt: skip
        """A shipment comes, or comes once more and says something else; ``late`` with an older date."""
        parties: Row = {"importer_number": number, "consignee_name": name, "consignee_phone": phone,
                        "consignee_email": email, "shipper_name": shipper, "shipper_country": "CN"}  # fmt: skip
        goods: Row = {
            "shipment_id": key,
            "filed_at": "2024-01-20T08:00:00Z",
            "entry_type": "86",
            "manufacturer_id": mid,
        }
        sold: Row = {"platform": "bazario" if account else None, "seller_id": account, "manufacturer_id": mid}
        self._record("shipments", {**goods, **sold, **parties, **_place(street, "consignee_")}, late=late)

    @rule(number=_NUMBERS, name=_NAMES, phone=_PHONES, street=_STREETS)
    def register(self, number: str | None, name: str | None, phone: str | None, street: tuple[str, str | None]) -> None:
        """A number is registered, or registered anew; shipments may have named it."""
        row = {"importer_number": number or "pending", "name": name or "Plover", "phone": phone, **_place(street)}
        self._record("importers", {**row, "registered_on": "2023-05-01"})

    @rule(account=st.sampled_from(["S1", "S2"]), name=_NAMES, phone=_PHONES, email=_EMAILS)
    def open_account(self, account: str, name: str | None, phone: str | None, email: str | None) -> None:
        """A marketplace tells of an account, or tells it anew."""
        row = {"platform": "bazario", "seller_id": account, "display_name": "shop", "legal_name": name, "phone": phone}
        self._record("sellers", {**row, "email": email, "opened_on": "2022-03-01"})

    @rule(key=_SEIZURES, shipment=_SHIPMENTS, number=_NUMBERS, status=st.sampled_from(["seized", "released"]))
    def seize(self, key: str, shipment: str, number: str | None, status: str) -> None:
        """Goods are seized, or released."""
        row = {"seizure_id": key, "seized_on": "2024-01-25", "shipment_id": shipment, "importer_number": number}
        self._record("seizures", {**row, "category": "ipr", "commodity": "handbags", "status": status})

    @rule(shipment=_SHIPMENTS)
    def examine(self, shipment: str) -> None:
        """A shipment is examined."""
        row = {"inspection_id": f"E{shipment}", "inspected_on": "2024-01-26", "shipment_id": shipment}
        self._record("inspections", {**row, "selection": "random", "result": "compliant"})

    @rule(number=_NUMBERS)
    def vet(self, number: str | None) -> None:
        """An importer is vetted."""
        row: Row = {"importer_number": number or "none", "program": "CTPAT", "vetted_on": "2023-06-01"}
        self._record("trusted", row)

    @invariant()
    def equals_a_rebuild(self) -> None:
        """What look-ups are asked of is what a rebuild makes of the same records."""
        if not hasattr(self, "opened"):
            return
        with self.opened.reading() as state:
            assert state.behind is None
            if not isinstance(state.index, LiveIndex):
                return
            found, expected = told_by(state.index), told_anew(self.opened, state)
        found = besides(found, expected)
        assert {key: (found.get(key), expected.get(key)) for key in found | expected if
                found.get(key) != expected.get(key)} == {}  # fmt: skip

    def _record(self, feed: str, row: Row, *, late: bool = False) -> None:
        self.clock += timedelta(hours=1)
        known = _BEGIN if late else self.clock
        told = {name: text for name, text in row.items() if text is not None}
        record(self.opened, feed, [{**told, "known_at": known.isoformat()}])


@pytest.fixture(scope="module")
def epoch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an epoch of a registered importer, two shipments and a seizure."""
    folder = tmp_path_factory.mktemp("epoch") / "workspace"
    home = _place(("77 Old Quay Road", "Suite 4"))
    known = {"known_at": _BEGIN.isoformat()}
    importer: Row = {"importer_number": "11-2223334AA", "name": "Kestrel Dock Imports", "phone": "+1 213 555 0148"}
    filed: Row = {"filed_at": "2024-01-01T00:00:00Z", "consignee_name": "Kestrel Dock Imports", **known}
    phoned: Row = {"consignee_phone": "+1 213 555 0148", "shipper_name": "Lotus Works", "shipper_country": "CN"}
    seized: Row = {"seizure_id": "Z0", "seized_on": "2024-01-01", "shipment_id": "X0", "category": "ipr"}
    with OpenedWorkspace(Settings(workspace=folder)) as opened:
        record(opened, "importers", [{**importer, **home, **known, "registered_on": "2021-02-01"}])
        record(opened, "shipments", [
            {**filed, **phoned, "shipment_id": "X0", "importer_number": "11-2223334AA", "platform": "bazario",
             "seller_id": "S1"},
            {**filed, **phoned, "shipment_id": "X1", "importer_number": "99-8887776AA", "consignee_email":
             "desk@osprey.example"},
        ])  # fmt: skip
        record(opened, "seizures", [{**seized, "status": "seized", **known}])
        make_epoch(opened)
    return folder


def test_after_any_sequence_the_index_equals_a_rebuild(epoch: Path) -> None:
    machine = type("Sequences", (Sequences,), {"epoch": epoch})
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    few = settings(
        max_examples=3, stateful_step_count=10, deadline=None, suppress_health_check=checks, phases=[Phase.generate]
    )
    run_state_machine_as_test(machine, settings=few)


@pytest.mark.parametrize("number", ["11-2223334AA", "55-6667778BB", None])
def test_a_correction_is_like_nobody_whom_only_the_corrected_row_named(epoch: Path, number: str | None) -> None:
    machine = type("Sequences", (Sequences,), {"epoch": epoch})()
    machine.begin()
    alike = {"key": "X4", "name": "Heron Quay Trading", "mid": None, "account": None, "shipper": None, "late": False}
    first = {"number": None, "phone": "+1 213 555 0148", "email": "office@kestrel.example"}
    machine.file(**alike, **first, street=("77 Old Quay Road", "Suite 9"))
    machine.file(**alike, number=number, phone="+1 646 555 0177", email=None, street=("12 Mill Lane", None))
    machine.equals_a_rebuild()
    machine.teardown()


def test_a_shop_that_nobody_buys_from_any_more_has_no_users(epoch: Path) -> None:
    machine = type("Sequences", (Sequences,), {"epoch": epoch})()
    machine.begin()
    osprey = {"key": "X0", "name": "Osprey Lane Wares", "mid": None, "street": ("77 Old Quay Road", "Suite 4")}
    first = {"number": "112223334", "phone": "+1 213 555 0148", "email": "office@kestrel.example", "shipper": None}
    machine.file(**osprey, **first, account="S2", late=True)
    other = {"number": "55-6667778BB", "name": "Wren Hill Tools", "street": ("77 Old Quay Road", "Suite 9")}
    goods = {"mid": "CNLOTWOR12SHE", "shipper": "Lotus Works", "account": "S1"}
    machine.file(**other, **goods, key="X2", phone="+1 415 555 0100", email="office@kestrel.example", late=True)
    told = {"number": "11-2223334AA", "phone": "+1 646 555 0177", "email": "desk@osprey.example"}
    machine.file(**osprey, **told, shipper="Lotus Works", account="S1", late=False)
    machine.equals_a_rebuild()
    machine.teardown()


def test_what_was_seized_under_a_stolen_number_is_told_as_it_comes_and_goes(epoch: Path) -> None:
    machine = type("Sequences", (Sequences,), {"epoch": epoch})()
    machine.begin()
    alike = {"mid": None, "account": None, "shipper": None, "late": False, "email": None}
    thief = {**alike, "name": "Wren Hill Tools", "phone": "+1 646 555 0177", "street": ("12 Mill Lane", None)}
    seizure = {"key": "Z1", "shipment": "X4", "number": "11-2223334AA"}
    told = []
    steps: tuple[Callable[[], None], ...] = (
        lambda: machine.file(**thief, key="X4", number="11-2223334AA"),
        lambda: machine.seize(**seizure, status="seized"),
        lambda: machine.file(**thief, key="X5", number="11-2223334AA"),
        lambda: machine.file(**{**thief, "phone": "+1 415 555 0100"}, key="X4", number="11-2223334AA"),
        lambda: machine.file(**thief, key="X4", number="55-6667778BB"),
        lambda: machine.file(**thief, key="X4", number="11-2223334AA"),
        lambda: machine.seize(**seizure, status="released"),
    )
    for step in steps:
        step()
        machine.equals_a_rebuild()
        uses = machine.opened.paths(_OWNER).number_used
        told.append([(use.seizure.id, use.party.caption) for use in uses])
    seized = [("seizure:Z1", "Wren Hill Tools")]
    assert told == [[], seized, seized, seized, [], seized, []]
    machine.teardown()
