"""Splink 5 on DuckDB, set up as its documentation advises, on the normalised records that graphinv gets.

Names and emails by Jaro-Winkler levels, contacts by exact and edit distance, term frequencies at every exact level, u
by random sampling, m by EM sessions over several blocking rules, hub values nulled, clusters by connected components.
The constants were chosen on a world that no figure comes from. Values of ``_fixed`` comparisons hardly ever agree
within a party of these records, so EM cannot tell their m (Splink stops with an error); they get round values.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl
import splink.comparison_level_library as level
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from tests.benchmarks.resolution.answers import Answer

#: A value that more names than this use is a hub and compares as if it were missing.
HUB_NAMES = 20
#: Up to this many records all pairs are compared.
ALL_PAIRS = 1_000
#: Pairs of a lower weight (bits) are not handed back.
LEAST_WEIGHT = -20.0
SAMPLED_PAIRS = 1e7

_CONTACTS = ("phone", "email", "website", "number", "officer", "bank_account", "mid")
_HUBS = (*_CONTACTS, "address", "building_key")
_TRAINING = ("name_key", "phone", "address")


def resolve(records: pl.DataFrame, least_weight: float, model: Path | None = None) -> Answer:
    """Trained on the records themselves without labels, or with the ``model`` that other records gave."""
    linker = _linker(prepared(records), json.loads(model.read_text()) if model else None)
    if model is None:
        _train(linker)
    scored = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_weight=least_weight)
    entities = clusters.as_duckdbpyrelation().select("unique_id AS record_id, cluster_id AS entity_id").pl()
    return Answer(_pairs(scored), entities)


def train(records: pl.DataFrame, model: Path) -> None:
    """Write the model that these records give into ``model``."""
    linker = _linker(prepared(records), None)
    _train(linker)
    linker.misc.save_model_to_json(str(model), overwrite=True)


class OneByOne:
    """Splink's prediction for records that come one at a time: ``predict_between`` one record and all the others.

    ``everybody`` are prepared records, as the one that is asked for later is.
    """

    def __init__(self, everybody: pl.DataFrame, model: Path) -> None:
        self._linker = _linker(everybody, json.loads(model.read_text()), all_pairs=0)
        for column in set(_tf_columns(json.loads(model.read_text()))):
            self._linker.table_management.compute_tf_table(column)
        (self._all,) = self._linker._input_tables_dict.values()

    def best(self, record: pl.DataFrame, k: int) -> list[str]:
        """The ids of the ``k`` records that fit one prepared record best."""
        one = self._linker._db_api.register(record.to_arrow())
        scored = self._linker.inference.predict_between(one, self._all, warning_mode="never")
        top = scored.as_duckdbpyrelation().order("match_weight DESC, unique_id_r").limit(k)
        found = [row[0] for row in top.select("unique_id_r").fetchall()]
        scored.drop_table_from_database_and_remove_from_cache()
        return found


def prepared(records: pl.DataFrame) -> pl.DataFrame:
    """The columns that the settings name, with hub values nulled."""
    street = pl.col("building_key").str.split("|").list.first()
    unit = pl.concat_str("building_key", pl.lit("#"), pl.col("unit_key").fill_null(""))
    derived = records.rename({"record_id": "unique_id"}).with_columns(
        address=unit,
        street=street,
        name_words=pl.col("name_key").str.split(" "),
        placed=pl.any_horizontal(
            pl.col("building_key", "postal_code", "locality").is_not_null(), pl.col("address_words").list.len() > 0
        ),
    )
    return derived.with_columns(
        pl.when(pl.col("name_key").n_unique().over(column) <= HUB_NAMES).then(column).alias(column) for column in _HUBS
    )


def _linker(frame: pl.DataFrame, model: dict[str, Any] | None, all_pairs: int = ALL_PAIRS) -> Linker:
    table = DuckDBAPI().register(frame.to_arrow(), dataset_display_name="records")
    rules: list[Any] = ["1=1"] if frame.height <= all_pairs else _blocking()
    if model is None:
        settings: Any = SettingsCreator(
            link_type="dedupe_only",
            comparisons=_comparisons(),
            blocking_rules_to_generate_predictions=rules,
            retain_matching_columns=False,
        )
    else:
        texts = [rule if isinstance(rule, str) else rule.create_blocking_rule_dict("duckdb") for rule in rules]
        settings = {**model, "blocking_rules_to_generate_predictions": texts}
        if frame.height <= all_pairs:
            settings = _for_few(settings, frame.height)
    return Linker(table, settings, log_level=None)


def _for_few(model: dict[str, Any], records: int) -> dict[str, Any]:
    """For sets too small for counting certain pairs: as many true pairs as if every record had one partner."""
    return {**model, "probability_two_random_records_match": 1 / records}


def _train(linker: Linker) -> None:
    certain: list[Any] = [block_on("name_key", column) for column in ("address", "number", "phone", "email", "mid")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=1)
    for column in _TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))


def _pairs(scored: Any) -> pl.DataFrame:
    columns = "unique_id_l AS left, unique_id_r AS right, match_probability AS probability, match_weight AS weight"
    found: pl.DataFrame = scored.as_duckdbpyrelation().select(columns).pl()
    return found


def _tf_columns(model: dict[str, Any]) -> list[str]:
    levels = [level for comparison in model["comparisons"] for level in comparison["comparison_levels"]]
    return [level["tf_adjustment_column"] for level in levels if level.get("tf_adjustment_column")]


def _blocking() -> list[Any]:
    alone = ("name_key", "phone", "email", "website", "number", "mid", "building_key", "bank_account")
    start = "substr(name_key, 1, 3)"
    together = [block_on(place, start) for place in ("postal_code", "locality", "street")]
    return [*(block_on(column) for column in alone), *together, block_on("name_words[1]", "name_words[-1]", "country")]


def _comparisons() -> list[Any]:
    return [
        _names(),
        _addresses(),
        compare.LevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
        compare.EmailComparison("email"),
        _fixed("website", 0.95),
        _fixed("number", 0.98),
        _fixed("officer", 0.85),
        _fixed("bank_account", 0.9),
        compare.LevenshteinAtThresholds("mid", 1).configure(term_frequency_adjustments=True),
        compare.ExactMatch("country"),
        _birth_dates(),
    ]


def _names() -> Any:
    return compare.CustomComparison(
        output_column_name="name_key",
        comparison_levels=[
            level.NullLevel("name_key"),
            level.ExactMatchLevel("name_key").configure(tf_adjustment_column="name_key"),
            level.JaroWinklerLevel("name_key", 0.96),
            level.JaroWinklerLevel("name_key", 0.92),
            level.JaroWinklerLevel("name_key", 0.88),
            level.ArrayIntersectLevel("name_words", 2),
            level.JaroWinklerLevel("name_key", 0.7),
            level.ElseLevel(),
        ],
    )


def _addresses() -> Any:
    same_place = level.Or(level.ExactMatchLevel("postal_code"), level.ExactMatchLevel("locality"))
    unit_missing = "building_key_l = building_key_r AND (unit_key_l IS NULL) <> (unit_key_r IS NULL)"
    return compare.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            level.CustomLevel("NOT placed_l OR NOT placed_r").configure(is_null_level=True),
            level.ExactMatchLevel("address").configure(tf_adjustment_column="address"),
            level.CustomLevel(unit_missing).configure(tf_adjustment_column="building_key"),
            level.LevenshteinLevel("address", 2),
            level.ExactMatchLevel("building_key").configure(tf_adjustment_column="building_key"),
            level.And(level.JaroWinklerLevel("street", 0.9), same_place),
            level.ExactMatchLevel("postal_code").configure(tf_adjustment_column="postal_code"),
            level.ExactMatchLevel("locality").configure(tf_adjustment_column="locality"),
            level.CustomLevel(_words_alike(0.6)),
            level.CustomLevel(_words_alike(0.35)),
            level.ElseLevel(),
        ],
    )


def _words_alike(share: float) -> str:
    """Only where a building cannot be compared: Splink takes long over lists."""
    unbuilt = "(building_key_l IS NULL OR building_key_r IS NULL)"
    both, either = (
        f"len({function}(address_words_l, address_words_r)" for function in ("list_intersect", "list_concat")
    )
    return f"{unbuilt} AND {both}) >= {share} * ({either}) - {both}))"


def _birth_dates() -> Any:
    """No world has birth dates, so no training can tell: round values, the same that graphinv starts from."""
    return compare.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            level.NullLevel("birth_date"),
            _told(level.ExactMatchLevel("birth_date"), 0.85, 1e-4),
            _told(level.DamerauLevenshteinLevel("birth_date", 1), 0.06, 2e-3),
            _told(level.ElseLevel(), 0.09, 0.998),
        ],
    )


def _told(one: Any, m: float, u: float) -> Any:
    return one.configure(m_probability=m, u_probability=u, fix_m_probability=True, fix_u_probability=True)


def _fixed(column: str, m: float) -> Any:
    same = level.ExactMatchLevel(column).configure(tf_adjustment_column=column)
    return compare.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            level.NullLevel(column),
            same.configure(m_probability=m, fix_m_probability=True),
            level.ElseLevel().configure(m_probability=1 - m, fix_m_probability=True),
        ],
    )
