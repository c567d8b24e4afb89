"""Parties stand where the workspace's hash key does not put them."""

import polars as pl

from graphinv.resolve.ordering import steady_order
from graphinv.resolve.told import WHO, told_once


def test_uids_of_hashed_numbers_stand_together_by_what_they_declared() -> None:
    names = {"importer:s1": "wei zhang", "importer:s2": "mary smith", "importer:s3": "john smith"}
    others = ["shipper:1", "importer:0", "importer:p1", "seller:bazario/1"]
    stand = [names.get(uid, uid) for uid in in_order(others, names)]
    assert stand[:2] == ["importer:0", "importer:p1"]
    assert set(stand[2:5]) == set(names.values())
    assert stand[5:] == ["seller:bazario/1", "shipper:1"]
    rekeyed = {"importer:s8": "wei zhang", "importer:s7": "john smith", "importer:s9": "mary smith"}
    assert [rekeyed.get(uid, uid) for uid in in_order(others, rekeyed)] == stand


def test_those_that_declared_nothing_or_the_same_stand_in_the_order_of_their_uids() -> None:
    assert in_order(["importer:s2", "importer:s1", "importer:0"], {}) == ["importer:0", "importer:s1", "importer:s2"]
    alike = {"importer:s2": "wei zhang", "importer:s1": "wei zhang"}
    assert in_order([], alike) == ["importer:s1", "importer:s2"]


def in_order(uids: list[str], names: dict[str, str]) -> list[str]:
    told = pl.DataFrame({"uid": list(names), "key": list(names.values())}, schema={"uid": pl.String, "key": pl.String})
    parties = pl.DataFrame({"uid": pl.Series([*uids, *names], dtype=pl.String)}).select(WHO, "uid")
    return steady_order(parties, [told_once(told, ("key",))]).to_list()
