"""What a shipment asks about its de-facto importer, and what a spreadsheet may be given."""

from pathlib import Path

import pytest

from graphinv.errors import InvalidInput, WorkspaceError
from graphinv.opened import OpenedWorkspace
from graphinv.screening import _harmless, question_of, screen_file
from graphinv.settings import Settings


def test_a_shipment_asks_with_what_its_row_gives() -> None:
    row = {"consignee_name": " Fern Lamps ", "consignee_phone": "213 555 0148", "platform": "bazario", "hts": "  "}
    question = question_of(row)
    assert question.given() == ("name", "phones")
    assert question.name == "Fern Lamps"
    assert question_of({**row, "seller_id": "K1"}).given() == ("name", "phones", "sellers")


def test_an_address_without_a_street_is_no_address() -> None:
    assert question_of({"consignee_city": "Newark"}).addresses == []
    assert question_of({"consignee_city": "Newark", "consignee_address_line1": "9 Kesona Road"}).addresses


@pytest.mark.parametrize(("text", "written"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-4", "'-4"), ("X1", "X1"), ("", "")])
def test_no_cell_runs_in_a_spreadsheet(text: str, written: str) -> None:
    assert _harmless(text) == written


def test_before_the_first_load_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text("shipment_id,filed_at\nN1,2024-08-01\n")
    with OpenedWorkspace(Settings(workspace=tmp_path / "workspace")) as opened:
        with pytest.raises(WorkspaceError, match="graphinv load"):
            screen_file(opened, [tmp_path / "shipments.csv"], tmp_path / "scores.csv")
        with pytest.raises(InvalidInput, match="workspace itself"):
            screen_file(opened, [opened.folder.root], tmp_path / "scores.csv")
    assert not (tmp_path / "scores.csv").exists()
