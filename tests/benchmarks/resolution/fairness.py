"""Do people of one origin get merged by mistake more often than those of another?

Pairs of different people are planted in a world: the same addresses and phones for every origin but for the number of
the house or the last digits, so that only the names differ between origins.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tests.benchmarks.resolution.figures import Row, Section
from tests.benchmarks.resolution.own_process import measured
from tests.benchmarks.resolution.records import normalised
from tests.benchmarks.resolution.tuning import Tuned
from tests.benchmarks.resolution.worlds import WorldRecords

PAIRS = 120
_RIVALS = ("graphinv", "splink", "token_sort")


@dataclass(frozen=True)
class Origin:
    """Twelve given and twelve family names, all of other people; ``family_first`` as the names are written."""

    name: str
    given: str
    family: str
    family_first: bool = False
    joint: str = " "


ORIGINS = (
    Origin("English", "James Emily Oliver Grace Henry Lucy George Alice Peter Helen Martin Laura",
           "Baker Turner Walker Hughes Cooper Fletcher Morgan Palmer Barnes Foster Wright Dixon"),
    Origin("Hispanic", "Javier Lucía Mateo Carmen Diego Elena Rafael Isabel Andrés Paula Sergio Rosa",
           "García Fernández Morales Ortega Castillo Navarro Romero Vargas Medina Herrera Delgado Fuentes"),
    Origin("Chinese pinyin", "Wei Jing Haoran Xiuying Jun Meiling Peng Yating Qiang Lihua Zhiyuan Rui",
           "Zhang Wang Chen Liu Yang Huang Zhao Zhou Xu Sun Guo Lin"),
    Origin("Chinese script", "伟 静 浩然 秀英 军 美玲 鹏 雅婷 强 丽华 志远 睿", "张 王 陈 刘 杨 黄 赵 周 徐 孙 郭 林",
           family_first=True, joint=""),
    Origin("Arabic", "أحمد فاطمة خالد مريم عمر ليلى يوسف سارة طارق نادية كريم هدى",
           "حداد منصور خوري ناصر سليم عزيز رحمن فرح صالح حمدان شريف قاسم"),
    Origin("Cyrillic", "Дмитрий Ольга Сергей Наталья Павел Ирина Виктор Елена Олег Светлана Игорь Вера",
           "Иванов Петренко Кузнецов Шевченко Соколов Бондарь Морозов Волков Лебедев Козлов Новиков Орлов"),
    Origin("Vietnamese", "Minh Hương Tuấn Lan Hùng Mai Đức Thu Nam Linh Quang Hoa",
           "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô", family_first=True),
    Origin("Indian", "Rahul Priya Sanjay Anita Vijay Sunita Arjun Kavita Deepak Lakshmi Suresh Meena",
           "Patel Sharma Gupta Reddy Mehta Iyer Nair Joshi Chopra Banerjee Desai Kapoor"),
    Origin("Turkish", "Mehmet Ayşe Mustafa Zeynep Hüseyin Elif Çağlar Gülşen Burak Şule Emre İpek",
           "Yılmaz Öztürk Çelik Şahin Yıldız Aydın Doğan Koç Kaplan Güneş Arslan Erdoğan"),
)  # fmt: skip

#: Street, city, state and ZIP of the planted pairs, the same for all origins.
_PLACES = (
    ("Harbor View Rd", "Houston", "TX", "77083"), ("Mill Pond Ln", "Denver", "CO", "80248"),
    ("Quarry St", "Reno", "NV", "89501"), ("Station Ave", "Ridgewood", "NY", "11386"),
    ("Orchard Hill Dr", "Fort Lauderdale", "FL", "33305"), ("Canal St", "Los Angeles", "CA", "90028"),
)  # fmt: skip
_AREA_CODES = {"TX": "713", "CO": "720", "NV": "775", "NY": "718", "FL": "954", "CA": "213"}


def fairness(world: WorldRecords, tuned: Tuned, folder: Path) -> Section:
    """The share of planted innocent pairs that each resolver calls one party, by origin, and the largest difference."""
    told = planted()
    records = pl.concat([world.records, normalised(told)])
    rows: list[Row] = []
    for rival in _RIVALS:
        model = tuned.model if rival == "splink" else None
        answer = measured(rival, records, folder / rival, tuned.least.get(rival, 0.0), model).answer
        entity = told.select("record_id", "origin", "case", "pair").with_columns(
            entity=answer.entity_of(told["record_id"])
        )
        merged = entity.group_by("origin", "case", "pair").agg(merged=pl.col("entity").n_unique() == 1)
        rows.extend(_rows(rival, merged))
    return Section(f"Fairness: share of innocent pairs merged, {PAIRS} pairs a cell", tuple(rows))


def planted() -> pl.DataFrame:
    """The raw records of all origins, with ``origin``, ``case`` and ``pair``."""
    return pl.concat([_planted(number) for number in range(len(ORIGINS))])


def _rows(rival: str, merged: pl.DataFrame) -> list[Row]:
    rates = merged.group_by("case", "origin").agg(pl.col("merged").mean())
    pooled = merged.group_by("origin").agg(pl.col("merged").mean()).with_columns(case=pl.lit("all"))
    told = pl.concat([rates, pooled.select(rates.columns)])
    rows = []
    for case in (*_CASES, "all"):
        by_origin = dict(told.filter(pl.col("case") == case).select("origin", "merged").iter_rows())
        shares = {origin.name: by_origin[origin.name] for origin in ORIGINS}
        rows.append(Row(case, rival, {**shares, "largest difference": max(shares.values()) - min(shares.values())}))
    return rows


#: What the two people of a pair have in common.
_CASES = ("building", "family name", "phone hub", "household")


def _planted(number: int) -> pl.DataFrame:
    """The raw records of one origin; every origin draws the same places, phones and ranks of names."""
    rng, rows = np.random.default_rng(20_221), []
    for case in _CASES:
        for pair in range(PAIRS):
            ranks = _ranks(rng, same_family=case in ("family name", "household"))
            street, city, state, zip5 = _PLACES[int(rng.integers(len(_PLACES)))]
            house, hub, lines = int(rng.integers(11, 900)), pair // 12, rng.integers(1_000, 9_999, 2)
            for side in (0, 1):
                shared = case in ("building", "household")
                same_line = case in ("phone hub", "household")
                line = 9_000 + hub if case == "phone hub" else int(lines[0 if same_line else side])
                rows.append(
                    {
                        "record_id": f"planted:{number}/{case}/{pair}/{side}",
                        "origin": ORIGINS[number].name,
                        "case": case,
                        "pair": pair,
                        "name": _name(ORIGINS[number], *ranks[side]),
                        "line1": f"{(house + (0 if shared else 37 * side)) * 10 + number} {street}",
                        "line2": f"Apt {101 + side}" if case == "building" else None,
                        "city": city,
                        "state": state,
                        "postal_code": zip5,
                        "country": "US",
                        "phone": f"{'212' if case == 'phone hub' else _AREA_CODES[state]}-{231 + number}-{line:04d}",
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)


def _ranks(rng: np.random.Generator, *, same_family: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    given, family = rng.permutation(12)[:2], rng.permutation(12)[:2]
    return (int(given[0]), int(family[0])), (int(given[1]), int(family[0 if same_family else 1]))


def _name(origin: Origin, given: int, family: int) -> str:
    parts = [origin.given.split()[given], origin.family.split()[family]]
    return origin.joint.join(reversed(parts) if origin.family_first else parts)
