"""A story that goes on from load to load; records and index are real, no store is needed.

Harbor Gift had goods seized. Lumen Parcel has its phone, and is the first alert; Mirror Lane has nothing of anybody's.
Then things happen: newcomers, another seizure, a release, a judgement. All parties are invented.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphinv.alerting.alert import Alert, Examined, Status
from graphinv.alerting.alert_store import AlertStore, Wanted
from graphinv.alerting.dispositions import Say, dispose
from graphinv.alerting.examine import examine
from graphinv.alerting.links_found import Rules
from graphinv.ingest import RecordStore, ingest
from graphinv.known import held
from graphinv.links.evidence import build
from graphinv.links.index import open_index, write_index
from graphinv.links.weights import Reliabilities
from graphinv.load.evidence import evidence_tables
from graphinv.load.tables import clock_of, graph_tables
from graphinv.prepared import prepared_records
from graphinv.record_parties import table
from graphinv.resolve.identities import identify
from graphinv.resolve.judgements import Decision, JudgementStore, Verdict
from graphinv.resolve.same_as import concluded
from graphinv.resolving import forget_resolution, resolve_workspace
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.links.conftest import HARBOR, LUMEN, consignee, importer, shipment
from tests.load.feeds import Row, write_rows

MIRROR = importer("47-4444444", "Mirror Lane Supply Co", "88 Quince Way", phone="312 555 0199")
X77 = shipment("X77", "2025-03-01", importer_number="12-3456789", **consignee(HARBOR))
Z1 = {"seizure_id": "Z1", "seized_on": "2025-03-04", "shipment_id": "X77", "category": "ipr", "known_at": "2025-03-04"}
RELEASED = {**Z1, "status": "released", "known_at": "2025-06-20"}
BEGINNING: dict[str, Sequence[Row]] = {"importers": [HARBOR, LUMEN, MIRROR], "shipments": [X77], "seizures": [Z1]}


@dataclass
class Story:
    """A workspace that is loaded and examined without a store, as a load with one does it."""

    workspace: Workspace
    folder: Path
    rules: Rules | None = None
    loads: int = 0
    reliability: Reliabilities | None = None

    @property
    def store(self) -> AlertStore:
        return AlertStore(self.workspace)

    def load(self, **feeds: Sequence[Row]) -> Examined:
        """Load rows, build the index, examine it."""
        self.loads += 1
        ingest(self.workspace, [write_rows(self.folder / str(self.loads), **feeds)])
        return self.indexed()

    def indexed(self) -> Examined:
        """Build the index of what is on record, and examine it."""
        records = identify(prepared_records(self.workspace))
        clock = clock_of(records)
        assert clock is not None
        resolution = resolve_workspace(self.workspace, records)
        graph = graph_tables(records, concluded(records, resolution), clock)
        built = build(evidence_tables(records, graph, clock), self.reliability)
        judged, newest = JudgementStore(self.workspace).revision(), RecordStore(self.workspace).newest_seq()
        there = held(self.workspace, newest, clock, judged)
        write_index(self.workspace.index, built, resolution, newest, judged, held=there)
        found = examine(self.workspace, open_index(self.workspace.index), graph.edges["MATCHES"], self.rules)
        assert found is not None
        return found

    def judged(self, left: str, right: str, verdict: Verdict) -> Examined:
        """Judge two, and examine what follows."""
        uids = dict(table(identify(prepared_records(self.workspace))).select("record_id", "uid").iter_rows())
        JudgementStore(self.workspace).judge(Decision(left, right, verdict, "ann", "seen there"), uids)
        return self.indexed()

    def rebuilt(self) -> Examined:
        """Resolve and index everything anew."""
        forget_resolution(self.workspace)
        return self.indexed()

    def alerts(self, *statuses: Status) -> list[Alert]:
        """The alerts of some statuses, most certain first."""
        return list(self.store.most_certain(100, Wanted(statuses)).items)

    def alert(self, status: Status = Status.OPEN) -> Alert:
        """The one alert of a status."""
        (found,) = self.alerts(status)
        return found

    def clear(self, alert: Alert) -> Alert:
        """Clear an alert."""
        return dispose(self.store, alert.id, Say(Status.CLEARED, "ann", "a common landlord"))


@pytest.fixture
def untold(tmp_path: Path) -> Story:
    """The story before its first load."""
    return Story(open_workspace_folder(Settings(workspace=tmp_path / "workspace")), tmp_path)


@pytest.fixture(scope="session")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace after its first load; tests go on in copies."""
    folder = tmp_path_factory.mktemp("beginning")
    told = Story(open_workspace_folder(Settings(workspace=folder / "workspace")), folder)
    told.load(**BEGINNING)
    told.workspace.close()
    return folder / "workspace"


@pytest.fixture
def story(beginning: Path, tmp_path: Path) -> Story:
    """The story after its first load."""
    copy = shutil.copytree(beginning, tmp_path / "workspace")
    return Story(open_workspace_folder(Settings(workspace=copy)), tmp_path, loads=1)


def newcomer(number: int, **columns: str) -> Row:
    """An importer nobody has seen."""
    name = ("Tern Rock Bazaar", "Copper Fern Depot", "Violet Crane Outfitters", "Basalt Heron Wares")[number]
    return importer(
        f"6{number}-765432{number}", name, f"{number + 3}40 Larkspur Blvd", registered_on="2025-06-01", **columns
    )
