"""The declaration of the feeds agrees with itself."""

import pytest

from graphinv.errors import InvalidInput
from graphinv.records import FEEDS, SHIPMENTS, BareDay, Feed, ValueKind, feed_named


def test_there_are_the_seven_feeds() -> None:
    assert list(FEEDS) == ["importers", "shipments", "sellers", "seizures", "inspections", "watchlist", "trusted"]


@pytest.mark.parametrize("feed", FEEDS.values(), ids=lambda feed: feed.name)
def test_a_feeds_key_is_required_and_its_event_is_a_date(feed: Feed) -> None:
    assert set(feed.key) <= set(feed.required)
    assert feed.column(feed.event).kind is ValueKind.TIME
    assert len(set(feed.names)) == len(feed.names)
    assert "known_at" not in feed.names
    assert feed.all_columns[-1].name == "known_at"


@pytest.mark.parametrize("feed", FEEDS.values(), ids=lambda feed: feed.name)
def test_closed_lists_have_codes_and_their_default_is_one_of_them(feed: Feed) -> None:
    for column in feed.of_kind(ValueKind.CODE):
        assert column.codes
        assert column.default is None or column.default in column.codes


def test_shipments_have_thirty_four_columns_and_two_required_ones() -> None:
    assert len(SHIPMENTS.columns) == 34
    assert SHIPMENTS.required == ("shipment_id", "filed_at")


def test_a_bare_day_ends_seizures_and_inspections_and_begins_all_else() -> None:
    ends = {name for name, feed in FEEDS.items() if feed.bare_day is BareDay.END}
    assert ends == {"seizures", "inspections"}


def test_an_unknown_feed_or_column_is_told_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match="seizures"):
        feed_named("imports")
    with pytest.raises(InvalidInput, match="filed_at"):
        SHIPMENTS.column("filed_on")
