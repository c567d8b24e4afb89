"""Goods are seized until the day of another status, also where one row tells both."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.records import STATUSES
from graphinv.resolve.statuses import as_they_stood, newest_seizures, status_known_at

_SCHEMA: dict[str, Any] = {
    "record_id": pl.String, "content": pl.String, "known_at": pl.Datetime("us", "UTC"), "status": pl.String,
    "status_on": pl.Date,
}  # fmt: skip
#: Seized on the twenty-first of December; a bare day counts from its end.
SEIZED_AT = datetime(2022, 12, 21, 23, 59, 59, 999999, tzinfo=UTC)


def row(status: str, status_on: date | None, known_at: datetime = SEIZED_AT, content: str = "a") -> pl.DataFrame:
    """A seizure."""
    return pl.DataFrame([("seizures:Z1", content, known_at, status, status_on)], schema=_SCHEMA, orient="row")


def stood(rows: pl.DataFrame, day: date) -> tuple[str, date | None]:
    """Its status and the status's day as known by the end of a day."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, microseconds=-1)
    told = newest_seizures(as_they_stood(rows, moment))
    return told.select("status", "status_on").row(0)


RELEASED_ON = date(2023, 2, 12)


@pytest.mark.parametrize("status", STATUSES)
def test_until_the_day_of_its_status_a_seizure_is_only_that(status: str) -> None:
    told = row(status, RELEASED_ON)
    assert stood(told, date(2023, 2, 11)) == ("seized", None)
    assert stood(told, RELEASED_ON) == (status, RELEASED_ON)


@pytest.mark.parametrize("status_on", [None, date(2022, 12, 21), date(2022, 12, 1)])
def test_a_status_of_no_later_day_counts_as_soon_as_its_row(status_on: date | None) -> None:
    assert stood(row("released", status_on), date(2022, 12, 21)) == ("released", status_on)


def test_a_row_that_became_known_on_the_day_of_its_status_counts_from_its_own_moment() -> None:
    told = row("released", RELEASED_ON, datetime(2023, 2, 12, 9, tzinfo=UTC))
    assert told.select(status_known_at()).item() == datetime(2023, 2, 12, 9, tzinfo=UTC)


def test_of_two_versions_that_name_no_moment_the_one_with_the_later_status_counts() -> None:
    both = pl.concat([row("released", RELEASED_ON), row("seized", None, content="b")])
    assert stood(both, date(2023, 2, 11))[0] == "seized"
    assert stood(both, date(2023, 2, 12))[0] == "released"
    again = pl.concat([both, row("seized", date(2023, 3, 1), content="c")])
    assert stood(again, date(2023, 3, 1))[0] == "seized"


NOON = datetime(2022, 12, 21, 12, tzinfo=UTC)
EVENING = datetime(2022, 12, 21, 18, tzinfo=UTC)


def test_an_hour_of_a_release_is_not_before_the_bare_day_of_the_seizure() -> None:
    both = pl.concat([row("seized", None), row("released", None, NOON, "b")])
    assert stood(both, SEIZED_AT.date())[0] == "released"
    on_that_day = pl.concat([row("seized", date(2022, 12, 25)), row("released", None, NOON.replace(day=25), "b")])
    assert stood(on_that_day, date(2022, 12, 25))[0] == "released"


def test_of_versions_with_hours_the_latest_counts() -> None:
    both = pl.concat([row("released", None, NOON), row("seized", None, EVENING, "b")])
    assert stood(both, SEIZED_AT.date())[0] == "seized"


@given(st.permutations(["", "a", "b", "c"]), st.permutations(STATUSES), st.booleans())
def test_of_versions_that_tell_of_one_day_the_release_counts(
    contents: list[str], statuses: list[str], dated: bool
) -> None:
    """Goods that were seized and released on a day are released, in whatever order the rows were written."""
    day = SEIZED_AT.date() if dated else None
    rows = [row(status, day, content=content) for status, content in zip(statuses, contents, strict=True)]
    assert stood(pl.concat(rows), SEIZED_AT.date())[0] == "released"
    held = [one for one in rows if one["status"].item() != "released"]
    assert stood(pl.concat(held), SEIZED_AT.date())[0] == "forfeited"


@given(
    st.sampled_from(STATUSES),
    st.none() | st.dates(date(2022, 1, 1), date(2024, 1, 1)),
    st.dates(date(2022, 1, 1), date(2024, 1, 1)),
)
def test_what_is_said_of_a_day_does_not_depend_on_what_comes_after_it(
    status: str, status_on: date | None, day: date
) -> None:
    """A row that tells a later status says the same of a day as the row that was written by then."""
    later = status_on is not None and status_on > max(day, SEIZED_AT.date())
    then = row("seized", None) if later else row(status, status_on)
    assert stood(row(status, status_on), day) == stood(then, day)
