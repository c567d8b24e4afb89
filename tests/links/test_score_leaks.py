"""Nothing that became known after a moment moves a score of that moment: every leak is planted, and must not show.

Lumen Parcel files X91 on 2025-05-02; it is looked up as of the first of May. By then Harbor Gift, whose phone it uses,
was seized, and a parcel through its port was examined.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from graphinv.ingest import RecordStore, ingest
from graphinv.learning import is_outgrown, learned_model, model_as_of
from graphinv.links.clues import number_uid
from graphinv.links.features import features
from graphinv.links.index import LinkIndex, open_index
from graphinv.links.lookup import gather_all
from graphinv.links.outcomes import Outcomes, StandIn
from graphinv.links.question import question_of
from graphinv.links.score_claims import NAMES, NEVER_FILED
from graphinv.links.training import Window, rows_of, windows
from graphinv.normalise.identifiers import normalize_importer_number
from graphinv.pipeline import _indexes_onward, write_index_as_of
from graphinv.prepared import prepared_records
from graphinv.resolve.identities import identify
from graphinv.settings import Settings
from graphinv.workspace import Workspace, open_workspace_folder
from tests.links.conftest import HARBOR, LUMEN, _write, consignee, importer, seizures, shipment, shipments, told
from tests.links.test_score import model

AS_OF = datetime(2025, 5, 1, tzinfo=UTC)
Row = dict[str, str]


def inspection(key: str, day: str, shipment_id: str, result: str) -> Row:
    """An examination at random."""
    return {
        "inspection_id": key,
        "inspected_on": day,
        "shipment_id": shipment_id,
        "selection": "random",
        "result": result,
    }


PORT = {"port_code": "2704", "filer_code": "ABC", "hts": "950300", "origin_country": "CN"}
BEFORE = [shipment("B1", "2025-01-05", consignee_name="Otter Toys", **PORT)]
ARRIVAL = shipment("X91", "2025-05-02", importer_number="98-7654321", **consignee(LUMEN), **PORT)

#: What became known later, by what it would leak.
LATER: dict[str, dict[str, list[Row]]] = {
    "its own outcome": {
        "inspections": [inspection("E9", "2025-05-04", "X91", "seized")],
        "seizures": [{"seizure_id": "Z9", "seized_on": "2025-05-04", "shipment_id": "X91", "category": "ipr"}],
    },
    "a later shipment": {"shipments": [shipment("X95", "2025-05-20", **consignee(HARBOR), **PORT)]},
    "a later seizure of its own party": {
        "shipments": [shipment("X96", "2025-05-09", importer_number="98-7654321", **consignee(LUMEN))],
        "seizures": [{"seizure_id": "Z8", "seized_on": "2025-05-11", "shipment_id": "X96", "category": "ipr"}],
    },
    "how busy its phone became": {
        "importers": [
            importer(
                f"66-{5000000 + at}",
                f"Client {at} LLC",
                f"{at} Oak Ln",
                phone="213 555 0142",
                registered_on="2025-06-01",
            )
            for at in range(40)
        ]
    },
    "a later release, told anew": {"seizures": [{**seizures()[0], "status": "released", "status_on": "2025-05-20"}]},
    "a later examination": {"inspections": [inspection("E8", "2025-05-20", "B1", "violation")]},
}


def recorded(folder: Path, extra: dict[str, list[Row]], instead: dict[str, list[Row]] | None = None) -> Workspace:
    """The story with what became known before, of some feeds other rows ``instead``, and more."""
    feeds: dict[str, list[Row]] = {
        "importers": [HARBOR, LUMEN],
        "shipments": [*(row for row in shipments() if row["shipment_id"] == "X77"), *BEFORE, ARRIVAL],
        "seizures": seizures()[:1],
        "inspections": [],
    } | (instead or {})
    for feed, rows in extra.items():
        feeds[feed] = feeds[feed] + rows
    folder.mkdir()
    workspace = open_workspace_folder(Settings(workspace=folder / "workspace"))
    ingest(workspace, [_write(folder / f"{feed}.csv", rows) for feed, rows in feeds.items() if rows])
    return workspace


def index_of(workspace: Workspace) -> LinkIndex:
    """The index of the first of May."""
    folder = workspace.root / "as-of"
    assert write_index_as_of(workspace, AS_OF, folder)
    return open_index(folder)


def claims(workspace: Workspace, row: Row = ARRIVAL) -> NDArray[np.float64]:
    """What a score of a shipment is made of, of X91 if none is named."""
    index = index_of(workspace)
    found = gather_all(index, {"k": question_of(row)}, workspace.hash_key)["k"]
    return features(index, found).values


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float64]:
    """The claims with nothing known later."""
    return claims(recorded(tmp_path_factory.mktemp("plain") / "w", {}))


@pytest.mark.parametrize("leak", LATER)
def test_what_became_known_later_moves_nothing(leak: str, plain: NDArray[np.float64], tmp_path: Path) -> None:
    np.testing.assert_array_equal(claims(recorded(tmp_path / "w", LATER[leak])), plain)


@pytest.mark.parametrize("status", ["released", "forfeited"])
def test_the_row_of_a_seizure_tells_nothing_of_a_status_that_came_later(
    status: str, plain: NDArray[np.float64], tmp_path: Path
) -> None:
    later = {"seizures": [{**seizures()[0], "status": status, "status_on": "2025-05-20"}]}
    np.testing.assert_array_equal(claims(recorded(tmp_path / "w", later, {"seizures": []})), plain)


def test_a_release_of_before_does_move_it(plain: NDArray[np.float64], tmp_path: Path) -> None:
    earlier = {"seizures": [{**seizures()[0], "status": "released", "status_on": "2025-04-30"}]}
    known = claims(recorded(tmp_path / "w", earlier, {"seizures": []}))
    assert known[NAMES.index("shared_phone")] < 0.01 < plain[NAMES.index("shared_phone")]


def test_what_was_known_before_does_move_it(plain: NDArray[np.float64], tmp_path: Path) -> None:
    assert plain[NAMES.index("shared_phone")] > 0.3
    known = claims(recorded(tmp_path / "w", {"inspections": [inspection("E1", "2025-01-09", "B1", "violation")]}))
    assert known[NAMES.index("port_record")] > plain[NAMES.index("port_record")]


def test_who_only_registered_is_new_until_a_shipment_is_filed(plain: NDArray[np.float64], tmp_path: Path) -> None:
    filed = {"shipments": [shipment("B2", "2025-04-02", importer_number="98-7654321", **consignee(LUMEN), **PORT)]}
    lumen = LUMEN | {"registered_on": "2025-04-01"}
    registered = claims(recorded(tmp_path / "registered", {"importers": [lumen]}))
    known = claims(recorded(tmp_path / "known", {"importers": [lumen]} | filed))
    never = NAMES.index(NEVER_FILED)
    assert (plain[never], registered[never], known[never]) == (1.0, 1.0, 0.0)


def test_rows_hold_only_outcomes_that_were_open_when_their_window_began(tmp_path: Path) -> None:
    workspace = recorded(tmp_path / "w", LATER["its own outcome"])
    filed = RecordStore(workspace).scan("shipments").collect()
    told = pl.DataFrame(
        {
            "shipment_id": ["X91", "B1"],
            "violation": [True, False],
            "selection": ["targeted", "random"],
            "outcome_known_at": [datetime(2025, 5, 5, tzinfo=UTC), datetime(2025, 1, 10, tzinfo=UTC)],
        },
        schema_overrides={"outcome_known_at": pl.Datetime("us", "UTC")},
    )
    index, joined = index_of(workspace), filed.join(told, on="shipment_id")
    rows = rows_of(Window(AS_OF, datetime(2025, 6, 1, tzinfo=UTC)), joined, index, workspace.hash_key)
    assert rows["shipment_id"].to_list() == ["X91"]
    numbers = [normalize_importer_number(text, workspace.hash_key) for text in ("98-7654321", "12-3456789")]
    parties = tuple(number_uid(number) for number in numbers if number is not None)
    assert rows.select("party", "tie").row(0) == parties, "Lumen files, and Harbor Gift is what ties it"
    early = joined.with_columns(outcome_known_at=pl.lit(AS_OF))
    assert rows_of(Window(AS_OF, datetime(2025, 6, 1, tzinfo=UTC)), early, index, workspace.hash_key).is_empty()


def test_windows_follow_each_other_and_leave_the_beginning_out() -> None:
    days = pl.datetime_range(datetime(2022, 7, 1, tzinfo=UTC), datetime(2025, 6, 30, tzinfo=UTC), "1d", eager=True)
    cut = windows(days, 40_000)
    assert 6 < len(cut) <= 12, "half a year's windows teach next to nothing of newcomers"
    assert all(one.end <= other.start for one, other in pairwise(cut))
    assert cut[0].start > datetime(2023, 1, 1, tzinfo=UTC)
    assert cut[-1].end > datetime(2025, 6, 30, tzinfo=UTC)
    assert len(windows(days, 2_000_000)) <= 4


def _examined_daily(days: int) -> dict[str, list[Row]]:
    """Six parcels a day, all examined three days later; those of every fifth importer are mostly in violation."""
    rng = np.random.default_rng(4)
    parties = [importer(f"77-{1000000 + at}", f"Quarry {at} Wares LLC", f"{at} Mill Rd") for at in range(40)]
    feeds: dict[str, list[Row]] = {"importers": list(parties), "shipments": [], "inspections": []}
    for at in range(days * 6):
        filed, party = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=at // 6), int(rng.integers(40))
        found = rng.random() < (0.6 if party % 5 == 0 else 0.05)
        number = parties[party]["importer_number"]
        columns = {"importer_number": number, **consignee(parties[party])}
        feeds["shipments"].append(shipment(f"D{at}", f"{filed:%Y-%m-%d}", **columns))
        told_on = f"{filed + timedelta(days=3):%Y-%m-%d}"
        feeds["inspections"].append(inspection(f"E{at}", told_on, f"D{at}", "violation" if found else "compliant"))
    return feeds


#: The column of each feed that tells on which day a row became known; the others were known from the first day.
_CAME_ON = {"shipments": "filed_at", "inspections": "inspected_on", "seizures": "seized_on"}


def _before(day: datetime, feeds: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """What of some feeds was known before a day."""
    return {
        feed: [row for row in rows if feed not in _CAME_ON or row[_CAME_ON[feed]] < f"{day:%Y-%m-%d}"]
        for feed, rows in feeds.items()
    }


def _loaded(folder: Path, feeds: dict[str, list[Row]]) -> Workspace:
    """A workspace of its own."""
    folder.mkdir()
    return told(folder, feeds)


def test_the_model_of_a_past_day_is_what_a_workspace_loaded_up_to_that_day_learns(tmp_path: Path) -> None:
    feeds, day = _examined_daily(130), datetime(2025, 4, 20, tzinfo=UTC)
    whole, then = _loaded(tmp_path / "whole", feeds), _loaded(tmp_path / "then", _before(day, feeds))
    records = identify(prepared_records(whole, day))
    looked_back = model_as_of(whole, records, day, _indexes_onward(whole))
    assert looked_back is not None
    assert looked_back == learned_model(then, identify(prepared_records(then)), _indexes_onward(then))
    assert looked_back != learned_model(whole, identify(prepared_records(whole)), _indexes_onward(whole))


def _seized_daily(days: int) -> dict[str, list[Row]]:
    """The same parcels, none examined: every second one in violation is seized."""
    feeds = _examined_daily(days)
    found = [row for row in feeds.pop("inspections") if row["result"] == "violation"][::2]
    feeds["seizures"] = [
        {"seizure_id": f"Z{at}", "seized_on": row["inspected_on"], "shipment_id": row["shipment_id"], "category": "ipr"}
        for at, row in enumerate(found)
    ]
    return feeds


def test_without_inspections_the_model_of_a_past_day_is_what_seizures_and_shipments_up_to_then_teach(
    tmp_path: Path,
) -> None:
    feeds, day = _seized_daily(130), datetime(2025, 4, 20, tzinfo=UTC)
    known = _before(day, feeds)
    whole, then = _loaded(tmp_path / "whole", feeds), _loaded(tmp_path / "then", known)
    looked_back = model_as_of(whole, identify(prepared_records(whole, day)), day, _indexes_onward(whole))
    assert looked_back is not None
    assert looked_back == learned_model(then, identify(prepared_records(then)), _indexes_onward(then))
    assert looked_back.stand_in == "nothing was inspected"
    share = len(known["seizures"]) / len(known["shipments"])
    assert looked_back.learned.base == pytest.approx(share, rel=0.3)


def test_what_seizures_taught_is_learned_anew_once_inspections_tell() -> None:
    stood_in = replace(model(), stand_in="nothing was inspected")
    told_by = Outcomes(pl.DataFrame({"shipment_id": [f"D{at}" for at in range(300)]}))
    assert len(told_by.rows) < stood_in.learned.outcomes
    assert is_outgrown(stood_in, told_by)
    assert is_outgrown(stood_in, replace(told_by, stand_in=StandIn("too little was inspected")))
    assert not is_outgrown(stood_in, replace(told_by, stand_in=StandIn("nothing was inspected")))


def test_a_model_is_kept_until_links_are_weighed_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: datetime) -> LinkIndex | None:
        raise AssertionError("an index was asked for")

    workspace = told(tmp_path, _examined_daily(70))
    records = identify(prepared_records(workspace))
    model = learned_model(workspace, records, _indexes_onward(workspace))
    assert model is not None
    assert learned_model(workspace, records, never) == model
    monkeypatch.setattr("graphinv.learning.model_id", lambda: "sha256:of other weights")
    with pytest.raises(AssertionError, match="asked for"):
        learned_model(workspace, records, never)
