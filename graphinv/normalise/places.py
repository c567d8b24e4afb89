"""Countries, US states, ZIP codes and Schedule D ports, looked up in packaged tables (``data/README.md``)."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from graphinv.normalise.text import clean, fold

_NOT_WORD = re.compile(r"[^a-z0-9]+")
#: Words of a city: every spelling to the short form.
CITY_WORDS: dict[str, str] = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
#: Cities known by an older or a shorter name.
_RENAMED_CITIES = {
    "bombay": "mumbai", "calcutta": "kolkata", "madras": "chennai", "bangalore": "bengaluru", "newdelhi": "delhi",
    "saigon": "hochiminh", "hcmc": "hochiminh", "tphcm": "hochiminh", "hcm": "hochiminh", "dacca": "dhaka",
    "peking": "beijing",
}  # fmt: skip
_FOREIGN_TAIL = re.compile(r"(?<=\w) (?:city|shi|municipality|sar)$")
_PORT = re.compile(r"^\d{1,4}$")


@dataclass(frozen=True)
class Port:
    """A US port of entry; ``name`` is None for a code that the packaged list lacks in a known district."""

    code: str
    name: str | None


@lru_cache(maxsize=4096)
def normalize_country(raw: str | None) -> str | None:
    """ISO 3166 alpha-2 of a code or an English name ("USA", "P.R. China", "Viet Nam"); None for anything else."""
    key = _words(raw or "")
    return _country_index().get(key) or _country_index().get(key.replace(" ", "")) if key else None


@lru_cache(maxsize=4096)
def normalize_state(raw: str | None) -> str | None:
    """USPS code of a US state or territory, from its code, name or traditional abbreviation."""
    key = _words(raw or "")
    return _state_index().get(key) or _state_index().get(key.replace(" ", "")) if key else None


@lru_cache(maxsize=4096)
def normalize_port(raw: str | None) -> Port | None:
    """A Schedule D code; zeros that a spreadsheet dropped come back ("401" is 0401), as does "2704.0".

    A code outside the packaged list stays a port when its district (the first two digits) is one that the list has:
    the list is known to be incomplete. Anything else is None.
    """
    text = clean(raw or "").removesuffix(".0")
    if not text.isascii() or not _PORT.match(text):
        return None
    code = text.zfill(4)
    name = _ports().get(code)
    return Port(code, name) if name or code[:2] in _districts() else None


@lru_cache(maxsize=65536)
def city_key(raw: str | None, *, foreign: bool = False) -> str | None:
    """The comparable form of a city: folded, "Saint" as "St", no spaces ("La Grange Park", "LaGrange Park").

    ``foreign`` also takes off a trailing "City", "Shi" or "SAR", which are written and left out at will abroad, and
    gives a renamed city its name of today ("Bombay", "Saigon").
    """
    words = _words(raw or "")
    if foreign:
        words = _FOREIGN_TAIL.sub("", words)
    key = "".join(CITY_WORDS.get(word, word) for word in words.split())
    return (_RENAMED_CITIES.get(key, key) if foreign else key) or None


def zip_city(zip5: str) -> tuple[str, str] | None:
    """``(city key, state)`` of the preferred city of a five-digit ZIP code."""
    return _zip_index().get(zip5)


def is_us_city(key: str, state: str) -> bool:
    """Whether a city key names a preferred city of some ZIP code in that state."""
    return (key, state) in _us_cities()


def us_cities() -> frozenset[tuple[str, str]]:
    """Every ``(city key, state)`` that ``is_us_city`` knows."""
    return _us_cities()


def zip_cities() -> dict[str, tuple[str, str]]:
    """``zip_city`` of every ZIP code."""
    return dict(_zip_index())


def port_names() -> dict[str, str]:
    """The packaged Schedule D list: code to name."""
    return dict(_ports())


def is_country(words: str) -> bool:
    """Whether folded words are a spelling of a country."""
    return words in _country_index()


def country_spellings() -> dict[str, str]:
    """Every folded spelling of a country, to alpha-2."""
    return dict(_country_index())


def _words(text: str) -> str:
    return _NOT_WORD.sub(" ", fold(clean(text)).replace("'", "")).strip()


def _table(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader((files("graphinv.normalise") / "data" / name).read_text(encoding="utf-8").splitlines())


@cache
def _country_index() -> dict[str, str]:
    index: dict[str, str] = {}
    for row in _table("countries.csv"):
        for spelling in (row["alpha2"], row["alpha3"], *row["names"].split(";")):
            index.setdefault(_words(spelling), row["alpha2"])
    return index


@cache
def _state_index() -> dict[str, str]:
    index: dict[str, str] = {}
    for row in _table("us_states.csv"):
        for spelling in (row["code"], *row["names"].split(";")):
            index.setdefault(_words(spelling), row["code"])
    return index


@cache
def _ports() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _table("schedule_d_ports.csv")}


@cache
def _districts() -> frozenset[str]:
    return frozenset(code[:2] for code in _ports())


@cache
def _zip_index() -> dict[str, tuple[str, str]]:
    index: dict[str, tuple[str, str]] = {}
    for row in _table("us_zip_cities.csv"):
        city = (city_key(row["city"]) or "", row["state"])
        for zip5 in row["zips"].split():
            index[zip5] = city
    return index


@cache
def _us_cities() -> frozenset[tuple[str, str]]:
    return frozenset(_zip_index().values())
