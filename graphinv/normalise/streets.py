"""The street line of an address: building, unit and mail drop, split by a grammar of our own.

Most lines have one regular form, ``REGULAR``: a number, a street, at most one unit or mailbox, perhaps a district
("14119 Hickory Ter APT. 18C"). Columns are split with the same patterns and word tables; what the regular form
declines (``IRREGULAR``) goes through ``_split_irregular``: post office boxes, care-of lines, buildings and floors,
Chinese and European orders, highways.
"""

import re
from dataclasses import dataclass, replace

from graphinv.normalise.address_words import AREA_ENDINGS, AREA_STARTS, PLACE_WORDS, STREET_ENDS, STREET_WORDS
from graphinv.normalise.line_rules import LINE_RULES, known_forms, known_ways
from graphinv.normalise.text import rewrite
from graphinv.normalise.units import BUILDINGS, FLOORS, FORWARDER_MARK, MAILBOXES, UNITS, bare_value, is_forwarder_mark
from graphinv.normalise.units import take_units as _take_units

__all__ = ["FORWARDER_MARK", "IRREGULAR", "IRREGULAR_TAIL", "LINE_RULES", "REGULAR"]

#: Groups: house number, street, unit or None, mailbox or None, what follows the street ("Nanshan District") or None.
REGULAR = (
    r"^(?:no )?([0-9]{1,6}[a-z]?) ([a-z0-9 ]+?)"
    rf"(?:(?: ,)?(?:(?: (?:{UNITS})(?: #)?| #) ([a-z]?[0-9]{{1,4}}[a-z]?|[a-z]|[a-z]{{1,5}}-?[0-9]{{4,7}})"
    rf"| (?:{MAILBOXES}|box)(?: #)? ([0-9]{{1,6}}[a-z]?)))?"
    r"((?: , [a-z]+(?: [a-z]+){0,3})*)$"
)
_PARTS = rf"{UNITS}|{MAILBOXES}|{BUILDINGS}|{FLOORS}|shi|fang|lou|dong|danyuan|zone|bsmt|basement|penthouse|rear"
_WAYS = (
    "hwy|highway|hiway|hway|route|rte|rt|interstate|us|u s|sr|sh|cr|fm|ih|loop|state|county|"
    "plot|house|hao|mah|mahallesi|mahalle|sok|cad"
)
_AREAS = "district|dist|qu|zhen|town|township|city|xian|province|sheng|subdistrict|subdist|jiedao|ward"
_DIRECTION_INSIDE = (
    r" (?:n|s|e|w|north|south|east|west|middle|mid|bei|nan|dong|xi|zhong)"
    r" (?:rd|road|lu|st|street|jie|ave|avenue|dadao|da dao)$"
)
#: In the street of a regular line: needs the whole grammar.
IRREGULAR = (
    rf"\b(?:{_PARTS}|{_WAYS}|{_AREAS}|po|pob|p o|box|c o|care|attn|attention|no|private)\b"
    r"|\b(?:apt|ste|rm|unit|suite|room)[0-9]"
    rf"|(?:^| )[0-9]+ |[0-9]$|\b[0-9]+f\b|{_DIRECTION_INSIDE}"
)
#: In what follows the street of a regular line: needs the whole grammar.
IRREGULAR_TAIL = rf"\b(?:{_PARTS}|po|pob|p o|box|apartado|casilla|c o|care|attn|attention|drawer)\b"
#: Words that ``LINE_RULES`` leave as they are.
_PLAIN_LINE = re.compile("[a-z0-9]+(?: [a-z0-9]+)*")
_REGULAR = re.compile(REGULAR)
_IRREGULAR, _IRREGULAR_TAIL = re.compile(IRREGULAR), re.compile(IRREGULAR_TAIL)
_HOUSE_FIRST = re.compile(r"^(?:no )?([0-9]+ ?-? ?[0-9]*[a-z]?(?: [0-9]/[0-9]|/[0-9]+)?) (.*[a-z].*)$")
_TURKISH = re.compile(r"^(.* (?:sok|cad|blvd)) no ([0-9]+[a-z]?(?:[-/][0-9]+[a-z]?)?)$")
_NO_INSIDE = re.compile(r"^(.*[a-z].*?) no ([0-9]+[a-z]?(?:[-/][0-9]+[a-z]?)?)$")
_HOUSE_LAST = re.compile(r"^(.*[a-z]{3}.*?) ([0-9]+[a-z]?(?:-[0-9]+[a-z]?)?)$")
_LONE_NUMBER = re.compile(r"^(?:no )?[0-9]+[a-z]?(?:-[0-9]+)?$")
_NUMBERED_WAY = re.compile(r"(?:hwy|rte|sr|cr|fm|us|i|km|calle|ave|lot|loop)$")
_NUMBERED_ENDS = {"hwy", "fwy", "expy", "tpke", "loop"}  # what follows these is their number, no unit
_ENDS = "|".join(sorted(STREET_ENDS - _NUMBERED_ENDS))
_TRAILING_UNIT = re.compile(
    rf"^([0-9]\S* [^,]*?[^ ]{{3,}} (?:{_ENDS}))(?: (?:n|s|e|w|ne|nw|se|sw))? ([0-9]+[a-z]?|[a-z]?[0-9]+)$"
)
#: Places run on behind the street without a comma ("12 Keji Road Nanshan District").
_AREA_BEHIND = re.compile(rf"^(.*? (?:{_ENDS})) (?:[a-z]+ ){{1,3}}(?:{_AREAS}|county|state)\b[^0-9]*$")
_BARE_ORDINAL = re.compile(
    r"^([0-9]\S* (?:(?:n|s|e|w|ne|nw|se|sw) )?)([0-9]{1,3}) (st|ave|rd|dr|pl|ct|ter|ln|blvd|way|cir)\b"
)
_DIRECTION_BEFORE_WAY = re.compile(r"\b([nsew]) ((?:hwy|fm|cr|i|loop) [0-9]+[a-z]?)(?! [nsew]\b)")
_DIRECTION_BEFORE_TYPE = re.compile(r"^((?:[0-9]\S* )?)([^0-9]+?) (n|s|e|w|mid) (rd|st|ave)\b")


@dataclass(frozen=True)
class Street:
    """``building`` is house number and street in canonical words ("3456 w lincoln cherry ter"); None without either."""

    building: str | None
    unit: str | None = None
    po_box: str | None = None
    mail_drop: bool = False


def fold_line(lower: str) -> str:
    """The words of a lower-case ASCII address line."""
    return lower if _PLAIN_LINE.fullmatch(lower) else rewrite(lower, LINE_RULES)


def split_regular(line: str) -> Street | None:
    """Split a folded line of the regular form; None for every other line."""
    match = _REGULAR.match(line)
    if not match or _IRREGULAR.search(match[2]) or _IRREGULAR_TAIL.search(match[5]):
        return None
    unit = match[3] or match[4]
    drop = bool(match[4] or (unit and is_forwarder_mark(unit)))
    building = f"{match[1].lstrip('0') or '0'} {_canonical(match[2])}"
    return Street(building, bare_value(unit) if unit else None, mail_drop=drop)


def split_street(line: str, outside: frozenset[str] = frozenset()) -> Street:
    """Split a folded line. ``outside`` holds segments that are no street: the address's city, state, country, ..."""
    return split_regular(line) or _split_irregular(line, outside)


def take_units(line: str) -> tuple[str, Street]:
    """A folded line without its boxes, units, floors and care-of parts, and those as a street without building."""
    line, taken = _take_units(known_forms(line))
    return line, Street(None, taken.unit, taken.po_box, taken.mail_drop)


def _split_irregular(line: str, outside: frozenset[str]) -> Street:
    rest, taken = take_units(line)
    segments = [part for part in rest.split(" , ") if part and part.replace(" ", "") not in outside]
    building, unit = _building([part for part in segments if not _is_area(part)] or segments)
    if building is None and taken.po_box:
        building = f"po box {taken.po_box}"
    return replace(taken, building=building, unit=taken.unit or unit)


def _is_area(segment: str) -> bool:
    """Whether a segment names an area around the street ("Nanshan District", "Ward 5")."""
    words = segment.split()
    named = words[-1] in AREA_ENDINGS and not any(char.isdigit() for char in segment)
    return named or (len(words) == 2 and words[0] in AREA_STARTS)


def _building(segments: list[str]) -> tuple[str | None, str | None]:
    """The building among the comma-separated parts, and a unit that no word announced ("28 Main Pkwy 2708")."""
    for index, segment in enumerate(segments):
        if _LONE_NUMBER.match(segment) and index + 1 < len(segments):
            segments = [*segments[:index], f"{segment} {segments[index + 1]}", *segments[index + 2 :]]
            break
    for segment in segments:
        street = _street(segment)
        unit = None
        if match := _TRAILING_UNIT.match(street):
            street, unit = match[1], match[2]
        if (match := _HOUSE_FIRST.match(street)) and not _TURKISH.match(street):
            return f"{_number(match[1])} {_ordered(match[2])}", unit
        match = _NO_INSIDE.match(street) or _HOUSE_LAST.match(street)
        if match and not _NUMBERED_WAY.search(match[1]):
            return f"{_number(match[2])} {_ordered(match[1])}", unit
    whole = _canonical(" ".join(segments))
    named_place = any(char.isdigit() for char in whole) or not PLACE_WORDS.isdisjoint(whole.split())
    return (whole if named_place else None), None


def _street(segment: str) -> str:
    """A segment in canonical words, without the area that runs on behind it."""
    street = _canonical(known_ways(segment))
    if match := _AREA_BEHIND.match(street):
        street = match[1]
    street = _DIRECTION_BEFORE_WAY.sub(r"\2 \1", street)
    return _BARE_ORDINAL.sub(lambda match: f"{match[1]}{_ordinal(int(match[2]))} {match[3]}", street)


def _ordered(street: str) -> str:
    """A street with the direction in front of the name: "nanjing w rd" is "w nanjing rd"."""
    return _DIRECTION_BEFORE_TYPE.sub(r"\1\3 \2 \4", street)


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _canonical(street: str) -> str:
    return " ".join(STREET_WORDS.get(word, word) for word in street.split())


def _number(text: str) -> str:
    return re.sub(r" ?- ?", "-", text).lstrip("0").strip(" -") or "0"
