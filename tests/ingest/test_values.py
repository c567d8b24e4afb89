"""Dates and numbers as feeds write them."""

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.ingest.values import read_numbers, read_times

MOMENT = datetime(2024, 6, 15, 10, 38, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-06-15", datetime(2024, 6, 15, tzinfo=UTC)),
        ("20240615", datetime(2024, 6, 15, tzinfo=UTC)),
        ("2024-06-15T10:38:07Z", MOMENT),
        ("2024-06-15t10:38:07z", MOMENT),
        ("2024-06-15 10:38:07", MOMENT),
        ("2024-06-15T10:38:07", MOMENT),
        ("2024-06-15T12:38:07+02:00", MOMENT),
        ("2024-06-15T12:38:07+0200", MOMENT),
        ("2024-06-15 05:38:07-05", MOMENT),
        ("20240615T103807Z", MOMENT),
        ("2024-06-15T10:38", MOMENT.replace(second=0)),
        ("2024-06-15T10:38:07.25Z", MOMENT.replace(microsecond=250_000)),
        ("2024-06-15T10:38:07,123456789Z", MOMENT.replace(microsecond=123_456)),
        ("2024-06-15T23:59:59-05:00", datetime(2024, 6, 16, 4, 59, 59, tzinfo=UTC)),
    ],
)
def test_iso_8601_is_read_to_the_moment(text: str, moment: datetime) -> None:
    assert read_times(pl.Series([None, text, "2024-01-01"]))[1] == moment


@pytest.mark.parametrize(
    "text",
    [
        "N/A",
        "2024-13-05",
        "2024-02-30",
        "31.11.2024",
        "06/15/2024",
        "2024-6-5",
        "2024-06",
        "2024",
        "2O24-05-11",
        "2024-06-15T24:00:00Z",
        "2024-06-15T10:60",
        "2024-06-15T10:38:60Z",
        "2024-06-15T10:38+99:00",
        "-024-06-15",
        "today",
    ],
)
def test_what_is_no_iso_8601_is_none(text: str) -> None:
    assert read_times(pl.Series([text, "2024-01-01"]))[0] is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_whatever_python_writes_as_iso_8601_is_read_as_the_same_moment(moment: datetime, offset: int) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert read_times(pl.Series([local.isoformat()]))[0] == local


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("5.50", 5.5),
        (".5", 0.5),
        ("5.", 5),
        ("+5", 5),
        ("-3", -3),
        ("−3", -3),
        ("1,234,567.8", 1234567.8),
        ("-1,200", -1200),
        ("1e3", 1000),
        ("0", 0),
        ("1,23", None),
        ("5 kg", None),
        ("abc", None),
        ("inf", None),
        ("-inf", None),
        ("nan", None),
        ("1e999", None),
        ("", None),
        ("12,34,567", None),
        ("--5", None),
    ],
)
def test_numbers_are_read_with_thousands_commas_and_what_is_none_is_null(text: str, number: float | None) -> None:
    assert read_numbers(pl.Series([text, "1", None])).to_list() == [number, 1, None]


@given(st.floats(-1e12, 1e12))
def test_whatever_python_writes_as_a_number_is_read_as_the_same(number: float) -> None:
    assert read_numbers(pl.Series([repr(number)]))[0] == number
