"""Goods seized under a stolen importer number: named to whoever asks about its owner, and weighing on the thief alone.

Cedar Trade Inc is honest; Nightjar Supply filed X90 under its number, and those goods were seized.
"""

from pathlib import Path

import polars as pl
import pytest

from graphinv.links.answer import NumberUsed
from graphinv.links.between import SEIZED, Without, find_paths
from graphinv.links.index import LinkIndex
from graphinv.links.number_used import TOLD
from graphinv.terminal import print_answer, print_paths
from graphinv.workspace import Workspace
from tests.links.conftest import CEDAR, ask, consignee, importer, indexed, shipment, told

NIGHTJAR = importer("", "Nightjar Supply", "800 Quarry Ln", city="Joliet", phone="815 555 0177")
SAID = (
    "the importer number of Cedar Trade Inc was used on shipment X90, seized on 2025-02-06 (unsafe chargers), "
    "by Nightjar Supply, whose contacts contradict those registered for it"
)


def sentences(uses: tuple[NumberUsed, ...]) -> list[str]:
    return [use.sentence for use in uses]


def test_the_owner_of_a_stolen_number_is_told_what_was_seized_under_it(index: LinkIndex, workspace: Workspace) -> None:
    owner = ask(index, workspace, name="Cedar Trade Inc", importer_number="44-3333333", phones=["312 555 0122"])
    (use,) = owner.number_used
    assert (use.sentence, use.seizure.id, use.seizure.seized_on) == (SAID, "seizure:Z4", "2025-02-06")
    assert (use.party.caption, use.party.records) == ("Nightjar Supply", ("seizures:Z4",))
    assert use.owner == owner.candidates[0].id


def test_what_was_seized_under_a_stolen_number_is_no_evidence_against_its_owner(tmp_path: Path) -> None:
    stolen = shipment("X90", "2025-02-03", importer_number="44-3333333", **consignee(NIGHTJAR))
    own = shipment("X91", "2025-02-04", importer_number="44-3333333", **consignee(CEDAR))
    other = shipment("X92", "2025-02-04", importer_number="12-3456789", **consignee(NIGHTJAR))
    seized = {"seizure_id": "Z4", "seized_on": "2025-02-06", "category": "ipr"}
    asked = {"name": "Cedar Trade Inc", "importer_number": "44-3333333", "phones": ["312 555 0122"]}
    answers = []
    for name, shipment_id in (("under", "X90"), ("elsewhere", "X92")):
        (tmp_path / name).mkdir()
        feeds = {"importers": [CEDAR], "shipments": [stolen, own, other]}
        workspace = told(tmp_path / name, {**feeds, "seizures": [{**seized, "shipment_id": shipment_id}]})
        answers.append(ask(indexed(workspace), workspace, **asked))
    under, elsewhere = answers
    assert (len(under.number_used), len(elsewhere.number_used)) == (1, 0)
    assert (under.score, under.band, under.standing, under.links) == (
        elsewhere.score, elsewhere.band, elsewhere.standing, (),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["Cedar Trade Inc", "Nightjar Supply", "Calcot Bargains"])
def test_a_stolen_number_with_the_thiefs_contacts_leads_to_the_seizure(
    index: LinkIndex, workspace: Workspace, name: str
) -> None:
    answer = ask(index, workspace, name=name, importer_number="44-3333333", phones=["815 555 0177"])
    assert answer.links[0].seizure.id == "seizure:Z4"
    assert answer.links[0].party.caption == "Nightjar Supply"
    assert sentences(answer.number_used) == [SAID]


def test_whoever_files_under_a_number_is_told_what_was_seized_under_it(index: LinkIndex, workspace: Workspace) -> None:
    assert sentences(ask(index, workspace, name="Calcot Bargains", importer_number="44-3333333").number_used) == [SAID]
    assert not ask(index, workspace, name="Calcot Bargains", importer_number="12-3456789").number_used
    assert not ask(index, workspace, phones=["815 555 0177"]).number_used


def test_paths_of_an_owner_tell_what_was_seized_under_its_number(
    index: LinkIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = str(index.graph.nodes.filter(pl.col("possible_victim"))["uid"].item())
    harbor = harbor_of(index)
    answers = [find_paths(index, start, end, 3, 6, Without()) for start, end in ((owner, SEIZED), (harbor, owner))]
    assert [sentences(answer.number_used) for answer in answers] == [[SAID], [SAID]]
    assert not answers[0].paths
    assert not find_paths(index, harbor, SEIZED, 3, 6, Without()).number_used
    print_paths(answers[0])
    assert capsys.readouterr().out.splitlines() == ["no path was found", f"not counted against its owner: {SAID}"]


def harbor_of(index: LinkIndex) -> str:
    return str(index.graph.nodes.filter(pl.col("caption") == "Harbor Gift Inc")["uid"].item())


def test_text_tells_it_apart_from_links(
    index: LinkIndex, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    print_answer("k", ask(index, workspace, name="Cedar Trade Inc", importer_number="44-3333333"))
    out = capsys.readouterr().out
    assert "no link to a seizure was found" in out
    assert f"  not counted against its owner: {SAID}" in out


def test_of_many_seizures_under_a_number_the_newest_are_told(tmp_path: Path) -> None:
    thief = consignee({**NIGHTJAR, "name": "CEDAR TRADE, Inc."})
    filed = [shipment(f"T{at}", "2025-02-01", importer_number="44-3333333", **thief) for at in range(TOLD + 2)]
    seized = [
        {"seizure_id": f"S{at}", "seized_on": f"2025-03-{at + 1:02}", "shipment_id": f"T{at}", "category": "ipr"}
        for at in range(TOLD + 2)
    ]
    workspace = told(tmp_path, {"importers": [CEDAR], "shipments": filed, "seizures": seized})
    uses = ask(indexed(workspace), workspace, name="Cedar Trade Inc", importer_number="44-3333333").number_used
    assert [use.seizure.id for use in uses] == [f"seizure:S{at}" for at in range(TOLD + 1, 1, -1)]
    assert "by somebody of that name, whose contacts" in uses[0].sentence
