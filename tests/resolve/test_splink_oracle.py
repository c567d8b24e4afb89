"""The oracle says what Fellegi and Sunter's formula gives by hand."""

import math

import polars as pl
import pytest

from tests.resolve.splink_oracle import splink_weights

SETTINGS = {
    "link_type": "dedupe_only",
    "unique_id_column_name": "record_id",
    "probability_two_random_records_match": 0.01,
    "blocking_rules_to_generate_predictions": ["l.name = r.name"],
    "comparisons": [
        {
            "output_column_name": "name",
            "comparison_levels": [
                {"sql_condition": "name_l IS NULL OR name_r IS NULL", "is_null_level": True},
                {"sql_condition": "name_l = name_r", "m_probability": 0.9, "u_probability": 0.1},
                {"sql_condition": "ELSE", "m_probability": 0.1, "u_probability": 0.9},
            ],
        },
        {
            "output_column_name": "words",
            "comparison_levels": [
                {"sql_condition": "words_l IS NULL OR words_r IS NULL", "is_null_level": True},
                {
                    "sql_condition": "len(list_intersect(words_l, words_r)) >= 1",
                    "m_probability": 0.8,
                    "u_probability": 0.05,
                },
                {"sql_condition": "ELSE", "m_probability": 0.2, "u_probability": 0.95},
            ],
        },
    ],
}
RECORDS = pl.DataFrame(
    {"record_id": ["b", "a", "c"], "name": ["x", "x", "y"], "words": [["12", "main"], ["main"], None]}
)
PRIOR = math.log2(0.01 / 0.99)


def test_all_pairs_are_weighed_whatever_the_settings_block_on() -> None:
    found = splink_weights(SETTINGS, RECORDS)
    assert found.select("left", "right").rows() == [("a", "b"), ("a", "c"), ("b", "c")]
    both, apart = math.log2(0.9 / 0.1) + math.log2(0.8 / 0.05), math.log2(0.1 / 0.9)
    assert found["weight"].to_list() == pytest.approx([PRIOR + both, PRIOR + apart, PRIOR + apart])
    assert found["probability"][0] == pytest.approx(1 / (1 + 2 ** -(PRIOR + both)))
    assert found.select("gamma_name", "gamma_words").rows() == [(1, 1), (0, -1), (0, -1)]


def test_wanted_pairs_come_in_their_order_with_the_smaller_id_first() -> None:
    wanted = pl.DataFrame({"left": ["c", "b"], "right": ["b", "a"]})
    found = splink_weights(SETTINGS, RECORDS, wanted)
    assert found.select("left", "right").rows() == [("b", "c"), ("a", "b")]
    assert found["weight"].null_count() == 0
