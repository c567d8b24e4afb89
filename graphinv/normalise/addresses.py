"""Addresses: one key for a building, one for the unit in it.

``building_key`` is ``<house number and street>|<locality>``: "3456 w lincoln cherry ter|blackdiamond wa". Street
types, directions and ordinals are folded; how the locality is chosen, and why a record without its ZIP code still
agrees with one that has it, is told in ``localities``. It is None where the number and street, or every word about
the place, are missing: half an address must not join parties. ``unit_key`` is the bare value of the suite, apartment,
room, mailbox or floor, after those of buildings and blocks ("2-1111"): same building and same suite differ.

Misspelt streets keep their own keys; finding those is the business of the match model.
"""

import re
from dataclasses import dataclass

from graphinv.normalise.address_words import CHINESE_PROVINCES, STREET_ENDS, STREET_WORDS
from graphinv.normalise.chinese_places import is_chinese_city, join_syllables
from graphinv.normalise.localities import Locality, normalize_locality
from graphinv.normalise.places import city_key, is_us_city, normalize_country, normalize_state
from graphinv.normalise.streets import Street, fold_line, split_street, take_units
from graphinv.normalise.text import clean, fold

_TAIL_ZIP = re.compile(r"^(.*?)[ ,]+([0-9]{5})(?:[ -]?[0-9]{4})?$")
_TAIL_POSTAL = re.compile(r"^(.*?)[ ,]+([0-9]{6}|[0-9]{3}-[0-9]{4})$")
#: Countries that end an address without a comma; "us" only behind a ZIP code.
_TAIL_COUNTRY = re.compile(
    r"^(.*?)(?: (usa|u s a|united states(?: of america)?|p ?r ?china|china|hong kong)|(?<=[0-9]) (us|u s))$"
)
_PROVINCE_TAIL = re.compile(r" (?:province|prov|sheng)$")
_NOTHING = Locality(None, None, None, None, None)


@dataclass(frozen=True)
class Address:
    """A postal address. ``mail_drop`` says that nobody need be found there: a post office box, a private mailbox, a
    care-of line, a customer number at a freight forwarder. ``country`` is alpha-2, ``state`` a USPS code in the US.
    ``locality`` is what a building key has behind its stroke, told without a street as well.
    """

    caption: str
    building_key: str | None
    unit_key: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None
    mail_drop: bool = False
    po_box: str | None = None
    locality: str | None = None


def normalize_address(
    line1: str | None,
    line2: str | None = None,
    city: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    country: str | None = None,
) -> Address | None:
    """Normalise the address fields of a feed; None when there is no street line and no place.

    Without city, state and postal code the lines are read as one string that may hold them (``parse_address``).
    """
    lines = clean_lines(line1, line2)
    locality = normalize_locality(city, state, postal_code, country)
    if not lines:
        return None if locality is None else _address("", Street(None), locality)
    if locality is None or not (locality.city or locality.state or locality.postal_code):
        return _parse(lines, locality.country if locality else None)
    outside = {locality.city, locality.state, locality.postal_code, locality.country, city, state, country}
    folded = frozenset(key for key in (city_key(value) for value in outside) if key)
    return _address(lines, split_street(fold_line(fold(lines)), folded), locality)


def parse_address(text: str | None) -> Address | None:
    """Split an address given as one string ("No. 454 Heping Road, Qingdao, Shandong"); None for blanks."""
    lines = clean_lines(text, None)
    return _parse(lines, None) if lines else None


def clean_lines(line1: str | None, line2: str | None) -> str:
    """Both street lines as one caption."""
    parts = (clean(line or "").strip(" ,") for line in (line1, line2))
    return ", ".join(part for part in parts if part)


def _address(lines: str, street: Street, locality: Locality) -> Address:
    caption = ", ".join(part for part in (lines, locality.caption) if part)
    return Address(
        caption, _building_key(street.building, locality), street.unit, locality.city, locality.state,
        locality.postal_code, locality.country, street.mail_drop, street.po_box, locality.key,
    )  # fmt: skip


def _building_key(building: str | None, locality: Locality) -> str | None:
    if not building or not locality.key:
        return None
    return f"{join_syllables(building) if locality.chinese else building}|{locality.key}"


def _parse(lines: str, country: str | None) -> Address | None:
    line = fold_line(fold(lines))
    if not line:
        return None
    rest, taken = take_units(line)
    rest, locality = _take_locality(rest, country)
    street = split_street(rest)
    building = street.building or (f"po box {taken.po_box}" if taken.po_box else None)
    whole = Street(building, taken.unit or street.unit, taken.po_box, taken.mail_drop)
    return Address(
        lines if locality.country is None or not country else f"{lines}, {country}", _building_key(building, locality),
        whole.unit, locality.city, locality.state, locality.postal_code, locality.country, whole.mail_drop,
        whole.po_box, locality.key,
    )  # fmt: skip


def _take_locality(line: str, country: str | None) -> tuple[str, Locality]:
    """The words before the place, and the place, of a folded line."""
    line, country = _take_country(line, country)
    postal = state = None
    american = country in (None, "US", "PR")
    if match := (_TAIL_ZIP.match(line) if american else None) or _TAIL_POSTAL.match(line):
        line, postal = match[1], match[2]
    if american:
        line, state = _take_state(line, sure=postal is not None)
    if state or (american and postal and len(postal) == 5):
        line, city = _take_us_city(line, state)
        country = country or "US"
    else:
        line, city, state = _take_foreign_city(line)
    city = city.title() if city else None
    state = state.title() if state and len(state) > 2 else state
    return line, normalize_locality(city, state, postal, country) or _NOTHING


def _take_country(line: str, country: str | None) -> tuple[str, str | None]:
    """A country in the last part, or in the last words after a comma-less address."""
    head, _, last = line.rpartition(" , ")
    found = normalize_country(last)
    if head and found and not normalize_state(last):
        return head, country or found
    if match := _TAIL_COUNTRY.match(line):
        return match[1].rstrip(" ,"), country or normalize_country(match[2] or match[3])
    return line, country


def _take_state(line: str, *, sure: bool) -> tuple[str, str | None]:
    """A US state in the last words. Two letters are one after a comma, before a ZIP code (``sure``) or after one of
    the state's cities, since street types look the same ("Cherry Wy", "Elm Ct")."""
    words = line.split()
    for count in (1, 2, 3):
        tail, before = words[-count:], words[:-count]
        state = normalize_state(" ".join(tail)) if before and "," not in tail else None
        if state and (sure or count > 1 or len(tail[0]) > 4 or before[-1] == "," or _ends_in_city(before, state)):
            return " ".join(before).rstrip(" ,"), state
    return line, None


def _ends_in_city(words: list[str], state: str) -> bool:
    return any(is_us_city(city_key(" ".join(words[-count:])) or "", state) for count in (1, 2, 3))


def _take_us_city(line: str, state: str | None) -> tuple[str, str | None]:
    head, _, last = line.rpartition(" , ")
    if head:
        return head, last
    words = line.split()
    if state and is_us_city(city_key(line) or "", state):
        return "", line
    for count in (4, 3, 2, 1):
        name = " ".join(words[-count:])
        if len(words) >= count + 3 and state and is_us_city(city_key(name) or "", state):
            return " ".join(words[:-count]), name
    for index in range(len(words) - 2, 1, -1):
        if STREET_WORDS.get(words[index], words[index]) in STREET_ENDS:
            return " ".join(words[: index + 1]), " ".join(words[index + 1 :])
    return _ask_usaddress(line)


def _take_foreign_city(line: str) -> tuple[str, str | None, str | None]:
    """City and province of "..., Qingdao, Shandong"; a province alone is a city ("..., Shanghai").

    Chinese cities and provinces are found wherever they stand ("Guangdong, Shenzhen, Keji Road 12") and without commas.
    """
    segments = _with_place_apart(line).split(" , ")
    province = None
    if len(segments) > 1 and _PROVINCE_TAIL.sub("", segments[-1]).replace(" ", "") in CHINESE_PROVINCES:
        province = segments.pop()
    if len(segments) > 1 and not any(char.isdigit() for char in segments[-1]):
        return " , ".join(segments[:-1]), segments[-1], province
    at = [index for index, name in enumerate(segments) if is_chinese_city(city_key(name, foreign=True) or "")]
    if len(segments) > 1 and at:
        city = segments.pop(at[-1])
        return " , ".join(segments), city, province
    return " , ".join(segments), province, None


def _with_place_apart(line: str) -> str:
    """Commas before a Chinese city and province that none parts from the street ("Keji Road Shenzhen Guangdong")."""
    words = line.split()
    end = len(words)
    for is_place in (CHINESE_PROVINCES.__contains__, is_chinese_city):
        while end and words[end - 1] in {"city", "shi", "province", "sheng", ","}:
            end -= 1
        if end > 2 and is_place(words[end - 1]):
            end -= 1
            if words[end - 1] != ",":
                words.insert(end, ",")
    return " ".join(words)


def _ask_usaddress(line: str) -> tuple[str, str | None]:
    """The city as a trained tagger sees it, for American lines without comma, known city or street type.

    Some 150 microseconds a call, and a model to load on the first: the last resort.
    """
    import usaddress

    tagged = usaddress.parse(line)
    city = [word for word, label in tagged if label == "PlaceName"]
    street = [word for word, label in tagged if label != "PlaceName"]
    return (" ".join(street), " ".join(city)) if city and street else (line, None)
