"""Parties that look like entries of watch lists: how alike, and why. All names are invented."""

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

from graphinv.ingest import ingest
from graphinv.normalise.addresses import normalize_address
from graphinv.normalise.names import normalize_name
from graphinv.prepared import prepared_records
from graphinv.resolve.asked import Asked, AskedAddress, asked_parties
from graphinv.resolve.identities import PreparedRecords, identify
from graphinv.resolve.listed import listed_names, near_listed
from graphinv.resolve.listed_arrays import listed_arrays, open_listed_arrays, write_listed_arrays
from graphinv.resolve.listing import NAME_ALONE, NAME_AND_COUNTRY, Listing
from graphinv.resolve.parties import parties_of
from graphinv.resolve.watchlist import listed, matches
from graphinv.settings import Settings
from graphinv.workspace import open_workspace_folder
from tests.load.feeds import write_rows
from tests.resolve import crowd
from tests.resolve.conftest import Tell

ENTRY = {
    "list": "WRO", "entry_id": "12", "name": "Velmora Quilts Factory", "kind": "entity", "country": "CN",
    "address": "901 Fuhua Road, Guangzhou", "effective_on": "2023-01-01",
}  # fmt: skip
PERSON = {
    "list": "SDN",
    "entry_id": "7",
    "name": "KARVELIS, Domantas",
    "kind": "individual",
    "effective_on": "2023-01-01",
}
SENT = {"shipment_id": "X1", "filed_at": "2024-05-01T10:00:00Z"}


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Every telling a workspace of its own."""
    count = itertools.count()

    def told(**feeds: Sequence[Mapping[str, str]]) -> PreparedRecords:
        folder = tmp_path / str(next(count))
        paths = write_rows(folder / "feeds", **feeds)
        workspace = open_workspace_folder(Settings(workspace=folder / "workspace"))
        try:
            assert all(tally.quarantined == 0 for tally in ingest(workspace, [paths]).feeds.values())
            return identify(prepared_records(workspace))
        finally:
            workspace.close()

    return told


def sent_by(name: str, key: str = "X1", **columns: str) -> dict[str, str]:
    """A shipment by a shipper."""
    return {**SENT, "shipment_id": key, "shipper_name": name, **{f"shipper_{at}": text for at, text in columns.items()}}


def found(tell: Tell, shipment: dict[str, str], *entries: dict[str, str]) -> list[dict[str, Any]]:
    """The likenesses of the parties of one shipment."""
    return matches(tell(watchlist=list(entries), shipments=[shipment])).sort("dst").to_dicts()


def score(tell: Tell, shipment: dict[str, str], entry: dict[str, str]) -> float:
    """The score of the only likeness; 0 without any."""
    return max([row["score"] for row in found(tell, shipment, entry)], default=0.0)


def test_a_name_alone_is_for_review_and_says_so(tell: Tell) -> None:
    (match,) = found(tell, sent_by("VELMORA QUILTS FACTORY"), ENTRY)
    assert match["dst"] == "watchlist:WRO/12"
    assert 0.02 <= match["score"] <= NAME_ALONE
    assert match["reasons"] == ["the same name once folded, without legal forms", "nothing but the name agrees"]
    assert match["sources"] == ["watchlist:WRO/12"]
    assert str(match["first_seen"]) == str(match["last_seen"]) == "2024-05-01"


def test_country_lifts_a_little_a_place_more_and_an_address_most(tell: Tell) -> None:
    everywhere = [
        sent_by("Velmora Quilts Factory", "A"),
        sent_by("Velmora Quilts Factory", "B", country="CN"),
        sent_by("Velmora Quilts Factory", "C", city="Guangzhou", country="CN"),
        sent_by("Velmora Quilts Factory", "D", address="901 Fuhua Rd", city="Guangzhou", country="CN"),
    ]
    alone, country, place, address = (
        listing_of(tell, ENTRY).likenesses(asked(shipment)).score[0] for shipment in everywhere
    )
    assert alone < country < place < address
    assert alone <= NAME_ALONE < place <= 0.8 < 0.95 < address
    assert country <= NAME_AND_COUNTRY


def test_another_country_speaks_against_an_entry(tell: Tell) -> None:
    listing = listing_of(tell, ENTRY)
    abroad = listing.likenesses(asked(sent_by("Velmora Quilts Factory", country="VN")))
    assert abroad.score[0] < listing.likenesses(asked(sent_by("Velmora Quilts Factory"))).score[0]
    assert "another country" in abroad.reasons[0]


def test_an_alias_counts_like_a_name_and_a_weak_alias_less(tell: Tell) -> None:
    aliases = '"SOLVEX"; Tarnow Bedding (weak); Orlin Linen, a.k.a. weak; Weak Tea Traders; Pemberley Quilting'
    names = listed(tell(watchlist=[{**ENTRY, "aliases": aliases}]))
    listing, how = Listing.of(names), dict(names.select("name_key", "how").iter_rows())
    assert {name for name, said in how.items() if said == "weak alias"} == {"solvex", "bedding tarnow", "linen orlin"}
    assert how["pemberley quilting"] == how[key_of("Weak Tea Traders")] == "alias"
    strong = listing.likenesses(asked(sent_by("Pemberley Quilting")))
    weak = listing.likenesses(asked(sent_by("Solvex")))
    assert strong.reasons[0][1] == "alias"
    assert weak.reasons[0][1] == "weak alias"
    assert weak.score[0] < strong.score[0] <= NAME_ALONE
    assert weak.score[0] <= 0.25


def test_a_spelling_like_a_weak_alias_needs_a_place(tell: Tell) -> None:
    listing = listing_of(tell, {**ENTRY, "aliases": '"SOLVEXARANO"'})
    assert not listing.likenesses(asked(sent_by("Solvexarana"))).reasons
    there = sent_by("Solvexarana", address="901 Fuhua Rd", city="Guangzhou", country="CN")
    (told,) = listing.likenesses(asked(there)).reasons
    assert "weak alias" in told


def test_another_script_and_a_misspelling_are_found(tell: Tell) -> None:
    listing = listing_of(
        tell, {**ENTRY, "name": "Северные Ткани Борев", "kind": "entity", "country": "", "address": ""}
    )
    assert listing.likenesses(asked(sent_by("Severnye Tkani Borev"))).score[0] > 0.1
    quilts = listing_of(tell, ENTRY)
    misspelt = quilts.likenesses(asked(sent_by("Velmora Qilts Factory")))
    assert 0.02 <= misspelt.score[0] <= 0.4


def test_a_family_name_alone_is_nobody(tell: Tell) -> None:
    assert found(tell, sent_by("Rasa Karvelis"), PERSON) == []
    assert found(tell, sent_by("Karvelis"), PERSON) == []
    assert score(tell, sent_by("Domantas Karvelis"), PERSON) > 0.1


def test_a_firm_is_no_person_of_a_list(tell: Tell) -> None:
    assert found(tell, sent_by("Domantas Karvelis Trading LLC"), PERSON) == []
    assert found(tell, sent_by("Domantas Karvelis"), {**PERSON, "kind": "entity"}) != []
    assert found(tell, sent_by("Domantas Karveliss"), {**PERSON, "kind": "entity"}) == []


@pytest.mark.parametrize("kind", ["goods", "Region", "vessel"])
def test_entries_that_name_no_party_are_nobodys_likeness(tell: Tell, kind: str) -> None:
    assert found(tell, sent_by("Velmora Quilts Factory"), {**ENTRY, "kind": kind}) == []


def test_a_common_name_says_less_and_is_told_all_the_same(tell: Tell) -> None:
    namesakes = [
        {**SENT, "shipment_id": f"X{at}", "consignee_name": "Domantas Karvelis",
         "consignee_address_line1": f"{at + 1} Oak St", "consignee_city": "Dayton", "consignee_state": "OH"}
        for at in range(60)
    ]  # fmt: skip
    crowded = matches(tell(watchlist=[PERSON], shipments=namesakes))
    assert len(crowded) == 60
    scores = crowded["score"].to_list()
    assert 0 < min(scores) <= max(scores) < score(tell, sent_by("Domantas Karvelis"), PERSON) / 10


def test_the_best_name_of_an_entry_counts_once(tell: Tell) -> None:
    entry = {**ENTRY, "aliases": "Velmora Quilts; Velmora Quilt Factory; Velmora Quilts Factory Ltd"}
    (match,) = found(tell, sent_by("Velmora Quilts Factory"), entry)
    assert match["score"] == pytest.approx(score(tell, sent_by("Velmora Quilts Factory"), ENTRY))
    assert match["reasons"][0] == "the same name once folded, without legal forms"
    assert "alias" not in match["reasons"]


def test_a_likeness_is_known_once_both_sides_are(tell: Tell) -> None:
    late = {**ENTRY, "known_at": "2024-09-01"}
    (match,) = found(tell, sent_by("Velmora Quilts Factory"), late)
    assert str(match["known_at"])[:10] == "2024-09-01"
    (match,) = found(tell, sent_by("Velmora Quilts Factory"), ENTRY)
    assert str(match["known_at"])[:10] == "2024-05-01"


def test_without_entries_or_without_parties_there_is_nothing(tell: Tell) -> None:
    assert matches(tell(shipments=[sent_by("Velmora Quilts Factory")])).is_empty()
    assert matches(tell(watchlist=[ENTRY])).is_empty()


_NAMES = ("Velmora Quilts Factory", "Velmora Qilts Factory", "Velmora Quilts", "Domantas Karvelis", "D Karvelis",
          "Solvex", "Tarnow Bedding Ltd", "Harbor Gift Inc", "Quilts Factory")  # fmt: skip
_PLACES: tuple[dict[str, str], ...] = ({}, {"country": "CN"}, {"city": "Guangzhou", "country": "CN"}, {"country": "VN"},
           {"address": "901 Fuhua Rd", "city": "Guangzhou", "country": "CN"}, {"country": "HK"})  # fmt: skip
_LIST = [{**ENTRY, "aliases": '"SOLVEX"; Tarnow Bedding'}, PERSON, {**ENTRY, "entry_id": "13", "country": "VN"}]


def test_a_look_up_finds_what_the_batch_finds(tell: Tell, tmp_path: Path) -> None:
    shipments = [
        sent_by(name, f"X{at}-{number}", **place)
        for at, name in enumerate(_NAMES)
        for number, place in enumerate(_PLACES)
    ]
    records = tell(watchlist=_LIST, shipments=shipments)
    batch = {(src, dst): (score, reasons) for src, dst, score, reasons in matches(records)
             .select("src", "dst", "score", "reasons").iter_rows()}  # fmt: skip
    names = listed(records)
    write_listed_arrays(tmp_path / "listing", listed_arrays(names))
    kept = open_listed_arrays(tmp_path / "listing")
    assert kept is not None
    listing = Listing.over(kept)
    alone = {}
    for src, *_ in records.shipments.select("shipper_uid").unique().iter_rows():
        told = listing.likenesses(asked_like(records.shipments.filter(pl.col("shipper_uid") == src)))
        for row, worth, reasons in zip(told.row.tolist(), told.score.tolist(), told.reasons, strict=True):
            alone[src, names["uid"][row]] = (worth, list(reasons))
    assert len(batch) > 12
    assert alone == batch


@settings(max_examples=15, deadline=None)
@given(crowd.crowds())
def test_nobody_near_an_entry_is_left_out(people: dict[str, list[dict[str, Any]]]) -> None:
    """Coding only the parties near the list changes nothing."""
    told = crowd.declared(**people)
    names = listed_names(_watchlist(), told)
    everybody, near = parties_of(told), parties_of(told.of(near_listed(names, told)))
    assert _pairs(Listing.of(names), everybody) == _pairs(Listing.of(names), near)


def _pairs(listing: Listing, parties: Any) -> set[tuple[str, int, float]]:
    told = listing.likenesses(parties)
    return set(zip(parties.uids.gather(told.party), told.row.tolist(), told.score.tolist(), strict=True))


def _watchlist() -> pl.DataFrame:
    """Prepared entries with the names of the crowd."""
    rows = [("1", "arlen goods", "organisation"), ("2", "john smith", "person"), ("3", "maria lopez", "person")]
    return pl.DataFrame(
        [
            {"list": "SDN", "entry_id": at, "name_key": key, "name_kind": kind, "kind": kind,
             "building_key": "12 maple avenue|dayton|US", "address_caption": "12 maple avenue, dayton", "country": "US",
             "city": "dayton", "record_id": f"watchlist:SDN/{at}"}
            for at, key, kind in rows
        ]
    ).with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in ("unit_key", "state", "postal_code")),
        *(pl.lit(None, pl.List(pl.String)).alias(name) for name in ("name_also", "aliases")),
        known_at=pl.datetime(2024, 1, 1, time_zone="UTC"),
    )  # fmt: skip


def listing_of(tell: Tell, *entries: dict[str, str]) -> Listing:
    """The entries as a look-up has them."""
    return Listing.of(listed(tell(watchlist=list(entries))))


def key_of(text: str) -> str:
    """The key of a name."""
    name = normalize_name(text)
    assert name is not None
    return name.key


def asked(shipment: dict[str, str]) -> Any:
    """A shipper as a look-up asks about it."""
    name = normalize_name(shipment["shipper_name"])
    place = [shipment.get(f"shipper_{at}") for at in ("address", "city", "country")]
    address = normalize_address(place[0], None, place[1], None, None, place[2]) if any(place) else None
    assert name is not None
    told = () if address is None else (
        AskedAddress(address.building_key, address.unit_key, address.locality, address.postal_code, address.caption),
    )  # fmt: skip
    return asked_parties(
        Asked(names=((name.key, name.kind),), addresses=told, countries=tuple(filter(None, [place[2]])))
    )


def asked_like(rows: pl.DataFrame) -> Any:
    """A shipper of prepared rows, with everything that it declared, as a look-up asks about it."""
    told = rows.select("shipper_name_caption", "shipper_address_caption", "shipper_country").unique()
    (name,) = {key_of(text) for text in told["shipper_name_caption"]}
    kind = rows["shipper_name_kind"][0]
    addresses = {}
    for row in rows.iter_rows(named=True):
        where = normalize_address(row["shipper_address_caption"], None, row["shipper_city"], None, None, None)
        if where is not None and row["shipper_address_caption"] is not None:
            place = normalize_address(None, None, row["shipper_city"], None, None, row["shipper_country"])
            locality = (row["shipper_building_key"] or "|").split("|")[1] or (place.locality if place else None)
            addresses[row["shipper_address_caption"]] = AskedAddress(
                row["shipper_building_key"], row["shipper_unit_key"], locality, None, row["shipper_address_caption"]
            )
    countries = tuple(told["shipper_country"].drop_nulls().unique())
    return asked_parties(Asked(names=((name, kind),), addresses=tuple(addresses.values()), countries=countries))
