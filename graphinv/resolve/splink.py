"""The match model as Splink settings: the same table, levels and weights, for whoever outgrows one machine.

Splink (Linacre et al., IJPDS 7, 2022) runs it over the table of ``splink_table``, on DuckDB or Spark. Its term
frequencies are by column, so a shared value is corrected there, and a shared part (the building of an address) by the
part's column.
"""

import json
from pathlib import Path
from typing import Any

from graphinv.resolve.comparisons import COMPARISONS, NONE, PART, Attribute, Comparison, Level
from graphinv.resolve.declared import Declared
from graphinv.resolve.model import Model
from graphinv.resolve.splink_table import splink_table

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


def write_splink(folder: Path, declared: Declared, model: Model) -> int:
    """Write ``settings.json`` and ``records.parquet`` into a folder, which is made where there is none; returns how
    many parties there are."""
    folder.mkdir(parents=True, exist_ok=True)
    table = splink_table(declared, model)
    table.write_parquet(folder / "records.parquet")
    (folder / "settings.json").write_text(splink_settings(model), encoding="utf-8")
    return table.height


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
        _level(comparison, level, m, u, model.shared[row])
        for level, m, u in zip(comparison.levels, model.m[row], model.u[row], strict=True)
    ]
    return {
        "output_column_name": comparison.name,
        "comparison_description": comparison.name.replace("_", " "),
        "comparison_levels": [nothing, *levels],
    }


def _level(comparison: Comparison, level: Level, m: float, u: float, shared: tuple[float, float]) -> dict[str, Any]:
    column = _frequency_column(comparison, level)
    if column is None:
        return _told(level, m, u)
    # Splink puts the frequency of the value in the place of u, we in that of how often two share any value.
    usual = shared[1 if level.rarity == PART else 0]
    # Without the last one Splink looks for an exact match of that very column among the levels.
    return {
        **_told(level, min(m * usual / u, 1.0), usual),
        "tf_adjustment_column": column,
        "tf_adjustment_weight": 1.0,
        "disable_tf_exact_match_detection": True,
    }


def _told(level: Level, m: float, u: float) -> dict[str, Any]:
    return {
        "sql_condition": level.sql or "ELSE",
        "label_for_charts": f"{level.name}: {level.meaning}",
        "m_probability": m,
        "u_probability": u,
    }


def _frequency_column(comparison: Comparison, level: Level) -> str | None:
    if level.rarity == NONE:
        return None
    plain = comparison.attribute.name.lower()
    value, part = _FREQUENCY.get(comparison.attribute, (plain, None))
    return part if level.rarity == PART else value
