"""Values that say nothing cost no row, and are counted."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.ingest import FeedCounts
from graphinv.ingest.unusable import _KINDS, unusable_values
from graphinv.records import IMPORTERS, SHIPMENTS
from tests.ingest.conftest import Load

GOOD = {
    "importer_number": ["31-3444197", "174115-94684", "31-344419700", "123-45-6789"],
    "consignee_phone": ["(201) 956-4551", "+86 138 0013 8001", "1-804-793-4901", "+44 20 7946 0018"],
    "consignee_email": ["sales@brightside.example", "Ana <ana@cobalt.example>", "j.doe+x@gmail.com"],
    "consignee_state": ["CA", "New York", "calif."],
    "consignee_country": ["US", "usa", "P.R. China"],
    "hts": ["8518.10.8030", "851810", "306170000"],
    "port_code": ["2704", "401", "2720.0"],
    "manufacturer_id": ["CNWENYIY289WEN", "VNKESCOM852DAN"],
    "listing_url": ["https://www.bazario.example/item/1?a=b", "shopnest.example/x"],
}
BAD = {
    "importer_number": ["000000000", "99-9999999", "pending"],
    "consignee_phone": ["see invoice", "0000000000", "+1 (999) 999-9999", "12345"],
    "consignee_email": ["none@none.com", "n/a", "at home"],
    "consignee_state": ["ZZ", "unknown"],
    "consignee_country": ["Atlantis", "??"],
    "hts": ["7700000000", "soap", "8518"],
    "port_code": ["A1", "99999"],
    "manufacturer_id": ["n/a", "1"],
    "listing_url": ["click here"],
}


def rows(column: str, values: list[str]) -> pl.DataFrame:
    """Shipments to the US that say nothing but these values, and a last one that says nothing at all."""
    frame = pl.DataFrame({column: [*values, None]}, schema={column: pl.String})
    missing = [pl.lit("US" if name == "consignee_country" else None, pl.String).alias(name) for name in SHIPMENTS.names]
    return frame.with_columns(one for one in missing if one.meta.output_name() != column)


@pytest.mark.parametrize("column", GOOD)
def test_what_a_normaliser_can_use_is_no_warning(column: str) -> None:
    assert unusable_values(rows(column, GOOD[column]), SHIPMENTS) == []


@pytest.mark.parametrize("column", BAD)
def test_each_row_with_a_value_that_says_nothing_counts(column: str) -> None:
    (warning,) = unusable_values(rows(column, [*GOOD[column], *BAD[column], BAD[column][0]]), SHIPMENTS)
    assert (warning.column, warning.count) == (column, len(BAD[column]) + 1)


def test_a_region_abroad_is_no_unknown_state() -> None:
    told = rows("consignee_state", ["Guangdong", "ZZ"]).with_columns(consignee_country=pl.lit("CN"))
    assert unusable_values(told, SHIPMENTS) == []


def test_a_state_and_a_city_in_each_others_field_are_understood() -> None:
    told = rows("consignee_state", ["Yakima"]).with_columns(consignee_city=pl.lit("WA"))
    assert unusable_values(told, SHIPMENTS) == []


@pytest.mark.parametrize("column", sorted(set(_KINDS) & {*SHIPMENTS.names, *IMPORTERS.names}))
@settings(deadline=None)
@given(
    values=st.lists(
        st.one_of(
            st.from_regex(r"[+(]?[0-9]{3}[-) .]*[0-9]{3}[-. ]*[0-9]{4}", fullmatch=True),
            st.from_regex(r"[a-z]{1,6}@[a-z]{1,8}\.(com|example|org)", fullmatch=True),
            st.from_regex(r"https?://[a-z.-]{1,20}\.[a-z]{2,4}(/[!-~]{0,5})?", fullmatch=True),
            st.from_regex(r"[0-9]{2}-?[0-9]{7}([0-9]{2})?|[01]{2}-?[01]{7}", fullmatch=True),
            st.from_regex(r"[A-Z]{2}[A-Z0-9]{1,9}[A-Z]{3}", fullmatch=True),
            st.text(max_size=12),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_not_asked_for_is_usable(column: str, values: list[str]) -> None:
    kind = _KINDS[column]
    series = pl.Series("value", values, dtype=pl.String)
    sure = series.filter(kind.sure(series))
    nothing = [pl.lit(None, pl.String).alias(name) for name in ("city", "postal_code", "country")]
    assert kind.usable(sure.to_frame().with_columns(nothing)).all()


def test_the_row_stays_and_the_warning_is_told_with_its_column(load: Load) -> None:
    accounting = load("importers.csv", "importer_number,name,phone,state,country\n31-3444197,Acme,call us,XX,US\n")
    assert accounting.feeds["importers"] == FeedCounts(1, 1, 0, 0)
    assert {(one.column, one.reason, one.count) for one in accounting.warnings} == {
        ("phone", "no phone number", 1),
        ("state", "no state of the US", 1),
        ("registered_on", "no date: counts as always known", 1),
    }
