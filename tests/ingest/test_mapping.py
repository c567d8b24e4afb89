"""Foreign files: what a mapping can do, and that the ready ones read the layouts people have."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graphinv.errors import FeedError, InvalidInput
from graphinv.ingest import FeedCounts, RecordStore, ingest, quarantined
from graphinv.ingest.mapping import packaged_mappings, read_mapping
from graphinv.workspace import Workspace

OFAC = {
    "sdn.csv": '36,"VELMARQ AIRWAYS",-0- ,"XANIA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '306,"BANQUE ORICOR, S.A.","-0- ","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"a.k.a. ""BOSA""."\r\n'
    '400,"DOVST, Arlen","individual","SDNT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1950."\r\n'
    '777,"MV PRAIX","vessel","XANIA",-0- ,"C4RP",Tanker,"99,144","50,000",Oricoria,"Velmarq Line",-0- \r\n\x1a',
    "add.csv": '36,25,-0- ,"Port Velm",Xania,-0- \r\n306,26,-0- ,-0- ,-0- ,-0- \r\n'
    '306,27,"12 Rue du Quai","Arlenville 1010",Oricoria,-0- \r\n306,28,"9 Other St",-0- ,Xania,-0- \r\n\x1a',
    "alt.csv": '306,12,"aka","BOSA BANK",-0- \r\n306,13,"fka","ORICOR TRUST",-0- \r\n\x1a',
    "sdn_comments.csv": '306,"remarks that run over"\r\n\x1a',
}
WRO = """entity,country,industry,effective_date,type
"Velmar Machinery, a/k/a Golden Arlen Factory, a/k/a Velmar 1st Works",China,Machinery,11/14/1991,WRO
"Velmar Machinery, a/k/a Golden Arlen Factory, a/k/a Velmar 1st Works",China,Machinery,3/18/1992,Finding
Praix Fisheries,Taiwan,Seafood,8/18/2020,Withhold Release Order
"""
UFLPA = """Name of Entity,Effective Date
"Velmar Cotton Co., Ltd. (including two aliases: Velmar Textile and Velmar Linen Co., Ltd.)","June 21, 2022"
"Arlen Hair Co., Ltd. (including four aliases: A One Co., Ltd.; B Two; C and D Ltd.; and E Five)","June 12, 2023"
"Oricor Group (also known as OG Holdings, and formerly known as Oricor Farm) and Subsidiaries","August 2, 2023"
"Praix Technology Co., Ltd. and its eight Velmar-based subsidiaries, which include P1, P2 and P3","June 12, 2023"
"Kesona Trade and Business Co., Ltd.","June 12, 2023"
"""
AMS = (
    "identifier,trade_update_date,run_date,port_of_unlading,estimated_arrival_date,actual_arrival_date,consignee_name,"
    "consignee_address,consignee_comm_number,shipper_party_name,container_number,description_sequence_number,"
    "piece_count,description_text,harmonized_number,harmonized_value,harmonized_weight,harmonized_weight_unit,"
    "mode_of_transportation,carrier_code\n"
    '2024010112345,2024-01-03,2024-01-04,"Port Hueneme, California",2024-01-05,,ARLEN IMPORTS,"12 HARBOR ST, NEWARK",'
    'info@arlen.example,VELMAR TOYS,ABCU123,1,10,DOLLS,950300,1000,100,Pounds,"Vessel, containerized",SEAU\n'
    '2024010112345,,2024-01-04,"Port Hueneme, California",2024-01-05,2024-01-07,ARLEN IMPORTS,"12 HARBOR ST, NEWARK",'
    "+1 555 0100,VELMAR TOYS,ABCU123,2,10,BALLS,950300,1000,100,Kilograms,,SEAU\n"
)


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return folder


def stored(workspace: Workspace, feed: str, *columns: str) -> dict[str, Any]:
    rows = RecordStore(workspace).scan(feed).select("record_id", *columns).collect()
    return {record_id: tuple(rest) for record_id, *rest in rows.iter_rows()}


def test_the_ofac_list_is_joined_with_its_addresses_and_aliases(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "ofac", OFAC)
    assert ingest(workspace, [folder], mapping="ofac_sdn").feeds == {"watchlist": FeedCounts(4, 4, 0, 0)}
    assert stored(workspace, "watchlist", "name", "aliases", "kind", "country", "address") == {
        "watchlist:SDN/36": ("VELMARQ AIRWAYS", None, "entity", "Xania", "Port Velm"),
        "watchlist:SDN/306": (
            "BANQUE ORICOR, S.A.",
            "BOSA BANK;ORICOR TRUST",
            "entity",
            "Oricoria",
            "12 Rue du Quai, Arlenville 1010",
        ),
        "watchlist:SDN/400": ("DOVST, Arlen", None, "individual", None, None),
        "watchlist:SDN/777": ("MV PRAIX", None, "vessel", "Oricoria", None),
    }
    assert ingest(workspace, [folder / "sdn.csv"], mapping="ofac_sdn").feeds["watchlist"] == FeedCounts(4, 0, 4, 0)


def test_a_new_alias_file_makes_a_new_version(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "ofac", OFAC)
    ingest(workspace, [folder], mapping="ofac_sdn")
    write(folder, {"alt.csv": OFAC["alt.csv"].replace("ORICOR TRUST", "ORICOR HOLDINGS")})
    assert ingest(workspace, [folder], mapping="ofac_sdn").feeds["watchlist"] == FeedCounts(4, 1, 3, 0)


def test_a_missing_file_beside_is_a_warning(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "ofac", {"sdn.csv": OFAC["sdn.csv"]})
    accounting = ingest(workspace, [folder], mapping="ofac_sdn")
    assert accounting.feeds["watchlist"].accepted == 4
    reasons = [one.reason for one in accounting.warnings]
    assert len([one for one in reasons if one.startswith("no file")]) == 2


def test_the_cbp_list_gets_names_aliases_days_and_ids(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "cbp", {"withhold-release-orders.csv": WRO})
    assert ingest(workspace, [folder], mapping="cbp_wro").feeds["watchlist"] == FeedCounts(3, 3, 0, 0)
    found = stored(workspace, "watchlist", "list", "name", "aliases", "effective_on")
    assert sorted(found.values()) == [
        ("WRO", "Praix Fisheries", None, "2020-08-18"),
        ("WRO", "Velmar Machinery", "Golden Arlen Factory;Velmar 1st Works", "1991-11-14"),
        ("finding", "Velmar Machinery", "Golden Arlen Factory;Velmar 1st Works", "1992-03-18"),
    ]
    assert len(found) == 3
    assert ingest(workspace, [folder], mapping="cbp_wro").feeds["watchlist"] == FeedCounts(3, 0, 3, 0)


def test_the_uflpa_list_gets_its_aliases_out_of_brackets(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "dhs", {"uflpa.csv": UFLPA})
    ingest(workspace, [folder], mapping="uflpa")
    assert set(stored(workspace, "watchlist", "name", "aliases", "effective_on").values()) == {
        ("Velmar Cotton Co., Ltd.", "Velmar Textile;Velmar Linen Co., Ltd.", "2022-06-21"),
        ("Arlen Hair Co., Ltd.", "A One Co., Ltd.;B Two;C and D Ltd.;E Five", "2023-06-12"),
        ("Oricor Group", "OG Holdings;Oricor Farm", "2023-08-02"),
        ("Praix Technology Co., Ltd.", None, "2023-06-12"),
        ("Kesona Trade and Business Co., Ltd.", None, "2023-06-12"),
    }


def test_manifest_rows_become_shipments(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "ams", {"ams_2024.csv": AMS})
    assert ingest(workspace, [folder], mapping="ams_manifest").feeds["shipments"] == FeedCounts(2, 2, 0, 0)
    columns = ("filed_at", "arrived_on", "mode_code", "consignee_phone", "consignee_email", "weight_kg_num", "quantity")
    assert stored(workspace, "shipments", *columns) == {
        "shipments:2024010112345-ABCU123-1": (
            "2024-01-03",
            "2024-01-05",
            "vessel",
            None,
            "info@arlen.example",
            45.3592,
            "10",
        ),
        "shipments:2024010112345-ABCU123-2": ("2024-01-04", "2024-01-07", "vessel", "+1 555 0100", None, 100.0, "10"),
    }


def test_rows_of_a_foreign_file_are_quarantined_under_its_own_lines(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path / "cbp", {"orders.csv": WRO + ',China,Machinery,1/1/2020,WRO\n"broken,line\n'})
    assert ingest(workspace, [folder], mapping="cbp_wro").feeds["watchlist"] == FeedCounts(5, 3, 0, 2)
    assert quarantined(workspace).select("line", "field").rows() == [(5, "name"), (6, None)]


def test_a_mapping_of_ones_own_uses_every_step(workspace: Workspace, tmp_path: Path) -> None:
    mapping = tmp_path / "mine.yml"
    mapping.write_text(
        """
feed: seizures
description: a port's own ledger
blank: ["n/a"]
fields:
  seizure_id: {join: [Port, "Case No."], separator: "-"}
  seized_on: {column: When, date: ["%d.%m.%Y"]}
  category: {column: Grund, map: {Marken: ipr}, default: other}
  shipment_id: {column: [Sendung, AWB]}
  quantity: {column: Menge, only: {Einheit: [Stk, st]}, extract: '^(\\d+)'}
  status: {value: seized}
  importer_number: {digest: [Port, Sendung]}
"""
    )
    path = tmp_path / "ledger.csv"
    path.write_text(
        "Port,Case No.,When,Grund,Sendung,AWB,Menge,Einheit\n"
        "2704,17,05.01.2024,MARKEN,n/a,A1,12 pcs,STK\n"
        "2704,18,2024-01-06,,S2,A2,5,kg\n"
    )
    ingest(workspace, [path], mapping=mapping)
    columns = ("seized_on", "category", "shipment_id", "quantity", "status")
    assert stored(workspace, "seizures", *columns) == {
        "seizures:2704-17": ("2024-01-05", "ipr", "A1", "12", "seized"),
        "seizures:2704-18": ("2024-01-06", "other", "S2", None, "seized"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("feed: imports\ndescription: x\nfields: {}\n", "no feed 'imports'"),
        ("feed: sellers\ndescription: x\nfields: {platform: a}\n", "requires seller_id"),
        ("feed: sellers\ndescription: x\nfields: {platform: a, seller_id: b, shoe: c}\n", "no column shoe"),
        ("feed: sellers\ndescription: x\nfields: {platform: {value: a, column: b}, seller_id: b}\n", "exactly one"),
        ("feed: sellers\ndescription: x\nfields: {platform: {colunm: b}, seller_id: b}\n", "colunm"),
        ("feed: [\n", "no YAML"),
        ("- a\n- b\n", "dictionary"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=told):
        read_mapping(path)


def test_an_unknown_mapping_is_told_with_the_ready_ones() -> None:
    with pytest.raises(InvalidInput, match="ams_manifest, cbp_wro, ofac_sdn, uflpa"):
        read_mapping("ofac")


def test_a_file_of_another_shape_is_told(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("one,two\n1,2\n")
    with pytest.raises(FeedError, match="the mapping needs some of"):
        ingest(workspace, [path], mapping="cbp_wro")
    with pytest.raises(InvalidInput, match="rows of the feed watchlist"):
        ingest(workspace, [path], mapping="cbp_wro", feed="shipments")


@pytest.mark.parametrize("name", packaged_mappings())
def test_every_ready_mapping_says_what_it_reads(name: str) -> None:
    assert len(read_mapping(name).description) > 100
    assert isinstance(read_mapping(name).digest, str)
    assert not pl.Series([read_mapping(name).description]).str.contains("TODO").item()
