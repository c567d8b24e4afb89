"""Manufacturer identification codes (MID): built from a name and an address, parsed, and compared.

The rules are those of the appendix to 19 CFR Part 102: country, the first three characters of the first two words of
the name, the largest number of the street line (four digits at most), the first three letters of the city.
"""

import re
from dataclasses import dataclass
from typing import Literal

from graphinv.normalise.places import normalize_country
from graphinv.normalise.text import clean, fold

MidLevel = Literal["exact", "close", "name", "different", "unknown"]

#: "CA" is no valid country of a MID: the province stands instead.
CANADIAN_PROVINCES = {
    "AB": "XA", "ALBERTA": "XA", "BC": "XC", "BRITISH COLUMBIA": "XC", "MB": "XM", "MANITOBA": "XM",
    "NB": "XB", "NEW BRUNSWICK": "XB", "NL": "XW", "NEWFOUNDLAND": "XW", "NEWFOUNDLAND AND LABRADOR": "XW",
    "NT": "XT", "NORTHWEST TERRITORIES": "XT", "NS": "XN", "NOVA SCOTIA": "XN", "NU": "XV", "NUNAVUT": "XV",
    "ON": "XO", "ONTARIO": "XO", "PE": "XP", "PRINCE EDWARD ISLAND": "XP", "QC": "XQ", "QUEBEC": "XQ",
    "SK": "XS", "SASKATCHEWAN": "XS", "YT": "XY", "YUKON": "XY", "YUKON TERRITORY": "XY",
}  # fmt: skip
_IGNORED_WORDS = frozenset({"A", "AN", "AND", "OF", "THE"})
#: Legal forms put before a name, which would give half a country's factories one code.
_IGNORED_PREFIXES = frozenset({"PT", "JSC", "OAO", "OOO", "ZAO"})
_IGNORED_OPENING = "FABRICA DE ARTIGOS DE VESTUARIO "
_MID = re.compile(r"^([A-Z]{2})([A-Z0-9]+?)([A-Z]{3})$")
_INITIALS = re.compile(r"\b([A-Z0-9])\.(?=[A-Z0-9]\b)")
# Digits that only punctuation separates are one number: "12,34,56 Alaska Road" has 1234 and "2-6, 8-Chome" 268.
_JOINED_NUMBER = re.compile(r"(?<=[0-9])(?:[-,./]+ ?)(?=[0-9])")


@dataclass(frozen=True)
class Mid:
    """The parts of a MID: ``AUCON200111STM`` is AU, CON200, 111, STM. ``number`` and ``city`` may be empty."""

    key: str
    country: str
    name: str
    number: str
    city: str


def build_mid(
    name: str | None, address_line: str | None, city: str | None, country: str | None, province: str | None = None
) -> str | None:
    """The MID that the rules give a manufacturer; None without a usable name or country.

    ``province`` is needed for Canada alone. Works on what is declared: a name in another script is transliterated.
    """
    origin = normalize_country(country)
    if origin == "CA":
        origin = CANADIAN_PROVINCES.get(_upper(province))
    part = _name_part(name)
    return f"{origin}{part}{_number_part(address_line)}{_city_part(city)}" if origin and part else None


def parse_mid(raw: str | None) -> Mid | None:
    """Split a declared MID; None when it has not the shape of one (up to 15 characters, a country, a city)."""
    key = re.sub(r"[^A-Z0-9]", "", _upper(raw))
    match = _MID.match(key)
    if not match or not 6 <= len(key) <= 15:
        return None
    middle = match[2]
    # Names may end in digits ("Concept 2000" is CON200): six characters are the name if only digits follow them.
    cut = 6 if len(middle) > 6 and middle[6:].isdigit() else len(middle.rstrip("0123456789"))
    name, number = middle[:cut], middle[cut:]
    if not name or len(name) > 6 or len(number) > 4:
        return None
    return Mid(key, match[1], name, number, match[3])


def compare_mid(declared: str | None, built: str | None) -> MidLevel:
    """How far a declared MID agrees with the one built from the declared name and address.

    "exact"; "close": country and name agree and one of number and city does; "name": only country and name agree;
    "different"; "unknown" when either is missing or none.
    """
    one, other = parse_mid(declared), parse_mid(built)
    if one is None or other is None:
        return "unknown"
    if one.key == other.key:
        return "exact"
    if (one.country, one.name) != (other.country, other.name):
        return "different"
    return "close" if one.number == other.number or one.city == other.city else "name"


def _name_part(name: str | None) -> str:
    text = _upper(name)
    text = text.removeprefix(_IGNORED_OPENING)
    text = re.sub(r" ?- ?", "", _INITIALS.sub(r"\1 ", text))
    words = re.sub(r"[^A-Z0-9 ]", " ", text.replace("'", "")).split()
    if len(words) > 1 and words[0] in _IGNORED_PREFIXES:
        words = words[1:]
    words = _join_initials(words)
    words = [word for word in words if word not in _IGNORED_WORDS] or words
    return "".join(word[:3] for word in words[:2])


def _join_initials(words: list[str]) -> list[str]:
    """Two or more initials together are one word; one alone between words is none ("Thomas S. Delvaux")."""
    joined: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and not word.isdigit():
            run += word
            continue
        if len(run) > 1:
            joined.append(run)
        run = ""
        if word:
            joined.append(word)
    return joined or words


def _number_part(line: str | None) -> str:
    numbers = re.findall(r"[0-9]+", _JOINED_NUMBER.sub("", _upper(line)))
    return max(numbers, key=int)[:4] if numbers else ""


def _city_part(city: str | None) -> str:
    words = re.sub(r"[^A-Z ]", " ", _upper(city)).split()
    return "".join(words[1:] if len(words) > 1 and words[0] == "THE" else words)[:3]


def _upper(text: str | None) -> str:
    return fold(clean(text or "")).upper()
