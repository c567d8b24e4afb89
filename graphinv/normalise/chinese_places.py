# ruff: noqa: SIM905  (lists of words read better as text)
"""Cities and districts of China as pinyin writes them, looked up in ``data/china_divisions.csv``.

An address names its city, its district or both, in each other's fields and with or without "Shi", "Qu", "District":
"Nanshan Qu, Shenzhen", "Shenzhen, Guangdong" and "Nanshan District, Guangdong Province" are one place. The city is
the prefecture-level one, so Yiwu is Jinhua.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from graphinv.normalise.text import clean, fold

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_DISTRICT_TAIL = re.compile(
    r"(?<=\w) ?\b(?:new district|new area|(?:sub ?)?district|dist|county|town|township|street office|"
    r"qu|xian|zhen|jiedao)$"
)
_TAIL = re.compile(r"(?<=\w) (?:prefecture|municipality|city|shi|province|prov|sheng|(?:[a-z]+ )?autonomous region)$")
_HONG_KONG = frozenset(
    "hongkong hongkongisland kowloon newterritories nt kln kwuntong tsimshatsui mongkok shamshuipo tsuenwan kwaichung "
    "kwaitsing shatin tuenmun yuenlong wanchai causewaybay sheungwan central chaiwan northpoint kowloonbay laichikok "
    "tsingyi taipo fotan aberdeen hunghom".split()
)
#: A syllable of pinyin, near enough to tell whether words of a Chinese street belong together.
_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|er|[aeiou])"
)
_SPLIT_NAME = re.compile(rf"\b({_SYLLABLE}(?: {_SYLLABLE})+)\b")


@dataclass(frozen=True)
class _Divisions:
    """``districts`` tells in which ``(province, city)`` a district's name occurs."""

    provinces: frozenset[str]
    cities: frozenset[str]
    districts: dict[str, frozenset[tuple[str, str]]]


@lru_cache(maxsize=65536)
def chinese_city(city: str | None, state: str | None, *, in_china: bool) -> str | None:
    """The key of the Chinese city that a city and a state or province field name; None when they name none for sure.

    ``in_china`` says that the country is known: a district's name alone counts then, if only one city has it.
    """
    known = _divisions()
    (place, district), (region, _) = _bare(city), _bare(state)
    if place in _HONG_KONG and (in_china or region == "hongkong" or place == "hongkong"):
        return "hongkong"
    if place in known.cities and not district:
        return place
    if region in known.cities and (not place or place in known.provinces or district):
        return region
    homes = known.districts.get(place, frozenset())
    inside = {home for province, home in homes if region in (province, home)}
    if not inside and region not in known.provinces and (in_china or district):
        inside = {home for _, home in homes}
    if len(inside) == 1:
        return inside.pop()
    return place if place in known.cities else None


def is_chinese_city(key: str) -> bool:
    """Whether a city key names a prefecture-level city of China."""
    return key in _divisions().cities


def join_syllables(words: str) -> str:
    """Words with the syllables of Chinese names together: "tian he rd" is "tianhe rd"."""
    return _SPLIT_NAME.sub(lambda match: match[1].replace(" ", ""), words)


def _bare(raw: str | None) -> tuple[str, bool]:
    """A name without its kind and without spaces, and whether the kind was one below a city."""
    words = _NOT_WORD.sub(" ", fold(clean(raw or "")).replace("'", "")).strip()
    name = _TAIL.sub("", words)
    below = _DISTRICT_TAIL.sub("", name)
    return below.replace(" ", ""), below != name


@cache
def _divisions() -> _Divisions:
    provinces, cities = set(), set()
    districts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    text = (files("graphinv.normalise") / "data" / "china_divisions.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        provinces.add(row["province"])
        cities.add(row["city"])
        for district in row["districts"].split():
            districts[district].add((row["province"], row["city"]))
    return _Divisions(frozenset(provinces), frozenset(cities), {name: frozenset(at) for name, at in districts.items()})
