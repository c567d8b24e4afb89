"""Where a building stands, as one comparable word: the last part of an address key.

A US locality is the city and state. A declared city that names a city of its state stands; otherwise the ZIP code's
preferred city does (misspelt or missing cities, "Hollywood" for 90028); otherwise the declared words stand as they
are. So a record without its ZIP code, one without its city, one with ZIP+4 and one with a misspelt city agree. The
price: two buildings with one number and street in different ZIP codes of one city would agree, which the Postal
Service avoids when it names streets.

Abroad a locality is the city alone, without spaces, "City" or "Shi"; postal codes and provinces are too often missing
or misplaced to be part of a key. No country is part of it either, since it is the field most often left out. A Chinese
district or county is its city (``chinese_places``), and so is everything in Hong Kong, Macau and Singapore.
"""

import re
from dataclasses import dataclass

from graphinv.normalise.chinese_places import chinese_city
from graphinv.normalise.places import city_key, is_us_city, normalize_country, normalize_state, zip_city
from graphinv.normalise.text import clean

ZIP = r"^([0-9]{5})(?:[- ]?[0-9]{1,4})?$"
SHORT_ZIP = r"^([0-9]{3,4})(?:-[0-9]{4})?$"
_ZIP, _SHORT_ZIP = re.compile(ZIP), re.compile(SHORT_ZIP)
#: Where postal codes are US ZIP codes.
ZIP_COUNTRIES = frozenset({"US", "PR", "VI", "GU"})
#: Countries that are one city.
CITY_STATES = {"SG": "singapore", "HK": "hongkong", "MO": "macau", "MC": "monaco"}
_NEW_YORK_CITY = {"newyorkcity": "newyork", "nyc": "newyork"}


@dataclass(frozen=True)
class Locality:
    """City, state, postal code and country as declared, cleaned; ``key`` is None when nothing says where.

    ``chinese`` is told by the country or, without one, by a city that only China has.
    """

    key: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None
    chinese: bool = False

    @property
    def caption(self) -> str:
        """City, state with postal code, country, as far as there are any."""
        region = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.city, region, self.country) if part)


def normalize_locality(
    city: str | None, state: str | None, postal_code: str | None, country: str | None
) -> Locality | None:
    """Clean and key the locality fields of an address; None when all are blank."""
    city, state, postal, land = (trimmed(part) for part in (city, state, postal_code, country))
    alpha2 = normalize_country(land)
    if city and state and normalize_state(city) and not normalize_state(state):
        city, state = state, city  # written into each other's field
    us_state = normalize_state(state)
    zip5 = _zip5(postal, us_state) if alpha2 is None or alpha2 in ZIP_COUNTRIES else None
    if alpha2 == "US" or (alpha2 is None and (us_state or (zip5 and zip_city(zip5)))):
        key = _us_key(city, us_state, zip5)
        return Locality(key, city, us_state or state, zip5 or postal, alpha2 or "US")
    if not (city or state or postal or land):
        return None
    found = chinese_city(city, state, in_china=alpha2 == "CN") if alpha2 in (None, "CN") else None
    key = CITY_STATES.get(alpha2 or "") or found or city_key(city, foreign=True)
    code = (zip5 or postal) if alpha2 else postal  # "518000" without a country is no ZIP code
    key = key or (code or "").lower().replace(" ", "") or city_key(state, foreign=True)
    return Locality(key or None, city, state, code, alpha2, alpha2 == "CN" or found is not None)


def _us_key(city: str | None, state: str | None, zip5: str | None) -> str | None:
    declared = us_city_key(city)
    known = zip_city(zip5) if zip5 else None
    where = state or (known[1] if known else None)
    if declared and where and is_us_city(declared, where):
        return f"{declared} {where.lower()}"
    if known and where == known[1]:
        return f"{known[0]} {known[1].lower()}"
    if not (declared or zip5):
        return None  # a state alone does not say where a building stands
    return " ".join(part for part in (declared or zip5, where.lower() if where else None) if part)


def _zip5(postal: str | None, state: str | None) -> str | None:
    """Five digits of a ZIP code; a leading zero that a spreadsheet dropped comes back where it makes sense."""
    text = (postal or "").removesuffix(".0")
    if not text.isascii():
        return None
    if match := _ZIP.match(text):
        return match[1]
    if match := _SHORT_ZIP.match(text):
        padded = match[1].zfill(5)
        known = zip_city(padded)
        return padded if known and state in (None, known[1]) else None
    return None


def us_city_key(city: str | None) -> str | None:
    """The key of an American city; "New York City" is New York."""
    key = city_key(city)
    return _NEW_YORK_CITY.get(key or "", key)


def trimmed(raw: str | None) -> str | None:
    """A field without the blanks and stops around it; None when nothing is left."""
    return clean(raw or "").strip(" ,.;") or None
