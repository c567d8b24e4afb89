"""The match model as Splink settings: the same table, levels and weights, for whoever outgrows one machine.

Splink (Linacre et al., IJPDS 7, 2022) runs it over a table with a row a party and the columns that the conditions name,
on DuckDB or Spark. Its term frequencies are by column, so a shared value is corrected there, and a shared part (the
building of an address) by the part's column.
"""

import json
from typing import Any

from graphinv.resolve.comparisons import COMPARISONS, NONE, PART, Attribute, Comparison, Level
from graphinv.resolve.model import Model

#: Columns whose frequencies correct a level: of the value, and of its part.
_FREQUENCY = {
    Attribute.NAME: ("name_key", None),
    Attribute.ADDRESS: ("address", "building_key"),
    Attribute.EMAIL: ("email", "email_domain"),
    Attribute.WEBSITE: ("website", None),
}
_BLOCKS = (
    "name_key", "name_alike", "phone", "email", "website", "number", "bank_account", "address", "building_key",
)  # fmt: skip


def splink_settings(model: Model) -> str:
    """The settings as JSON text, which Splink's Linker takes as a file."""
    settings = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": model.prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.{column} = r.{column}", "sql_dialect": "duckdb"} for column in _BLOCKS
        ],
        "comparisons": [_comparison(row, comparison, model) for row, comparison in enumerate(COMPARISONS)],
    }
    return json.dumps(settings, indent=2) + "\n"


def _comparison(row: int, comparison: Comparison, model: Model) -> dict[str, Any]:
    nothing = {
        "sql_condition": f"NOT ({comparison.filled})",
        "label_for_charts": "nothing to compare",
        "is_null_level": True,
    }
    levels = [
        _level(comparison, level, m, u)
        for level, m, u in zip(comparison.levels, model.m[row], model.u[row], strict=True)
    ]
    return {
        "output_column_name": comparison.name,
        "comparison_description": comparison.name.replace("_", " "),
        "comparison_levels": [nothing, *levels],
    }


def _level(comparison: Comparison, level: Level, m: float, u: float) -> dict[str, Any]:
    told = {
        "sql_condition": level.sql or "ELSE",
        "label_for_charts": f"{level.name}: {level.meaning}",
        "m_probability": m,
        "u_probability": u,
    }
    column = _frequency_column(comparison, level)
    if column is None:
        return told
    # Without the last one Splink looks for an exact match of that very column among the levels.
    return {
        **told,
        "tf_adjustment_column": column,
        "tf_adjustment_weight": 1.0,
        "disable_tf_exact_match_detection": True,
    }


def _frequency_column(comparison: Comparison, level: Level) -> str | None:
    if level.rarity == NONE:
        return None
    plain = comparison.attribute.name.lower()
    value, part = _FREQUENCY.get(comparison.attribute, (plain, None))
    return part if level.rarity == PART else value
