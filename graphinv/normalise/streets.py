"""The street line of an address: building, unit and mail drop, split by a grammar of our own.

Most lines have one regular form, ``REGULAR``: a number, a street, at most one unit or mailbox, perhaps a district
("14119 Hickory Ter APT. 18C").
Columns are split with the same patterns and word tables; what the regular form declines (``IRREGULAR``) goes through
``_split_irregular``: post office boxes, care-of lines, buildings and floors, Chinese and European orders, highways.
"""

import re
from dataclasses import dataclass

from graphinv.normalise.address_words import (
    AREA_ENDINGS,
    BUILDING_WORDS,
    FLOOR_WORDS,
    MAILBOX_WORDS,
    PLACE_WORDS,
    STREET_ENDS,
    STREET_WORDS,
    UNIT_WORDS,
)
from graphinv.normalise.text import Rewrite, rewrite

#: From a lower-case ASCII line to words, commas and ``#`` between single spaces.
LINE_RULES = (
    Rewrite(r"['`\"]", ""),
    Rewrite(r"#", " # "),
    Rewrite(r"[;|:\n]", ","),
    Rewrite(r"[^a-z0-9,#/%-]+", " "),
    Rewrite(r"[ ,]*,[ ,]*", " , "),
    Rewrite(r"  +", " "),
    Rewrite(r"^[ ,]+|[ ,]+$", ""),
)
_UNITS = "|".join(sorted(UNIT_WORDS, key=len, reverse=True))
_MAILBOXES = "|".join(MAILBOX_WORDS)
_BUILDINGS = "|".join(BUILDING_WORDS)
_FLOORS = "|".join(FLOOR_WORDS)
_STREET_TYPES = "|".join(sorted(set(STREET_WORDS) | STREET_ENDS))
# Two letters may be a unit ("Apt AB") but no street type: "12 Bay St" has no bay.
_VALUE = rf"[a-z]{{2,5}}-?[0-9]{{4,}}|[0-9][0-9a-z-]*|[a-z]-?[0-9][0-9a-z-]*|(?!(?:{_STREET_TYPES})\b)[a-z]{{1,2}}"
#: Groups: house number, street, unit or None, mailbox or None, what follows the street ("Nanshan District") or None.
REGULAR = (
    r"^(?:no )?([0-9]{1,6}[a-z]?) ([a-z0-9 ]+?)"
    rf"(?:(?: ,)?(?:(?: (?:{_UNITS})(?: #)?| #) ([a-z]?[0-9]{{1,4}}[a-z]?|[a-z]|[a-z]{{1,5}}-?[0-9]{{4,7}})"
    rf"| (?:{_MAILBOXES}|box)(?: #)? ([0-9]{{1,6}}[a-z]?)))?"
    r"((?: , [a-z]+(?: [a-z]+){0,3})*)$"
)
_PARTS = rf"{_UNITS}|{_MAILBOXES}|{_BUILDINGS}|{_FLOORS}"
#: In the street of a regular line: needs the whole grammar.
IRREGULAR = (
    rf"\b(?:{_PARTS})\b"
    r"|\b(?:po|pob|p o|box|c o|care|attn|no|hwy|highway|hiway|route|rte|rt|interstate|us|u s|sr|cr|fm|state|county)\b"
    r"|^[0-9]+ |[0-9]$"
)
#: In what follows the street of a regular line: needs the whole grammar.
IRREGULAR_TAIL = rf"\b(?:{_PARTS}|po|pob|p o|box|apartado|casilla|c o|care|attn|drawer)\b"
_HIGHWAYS = (
    Rewrite(r"\bu s\b", "us"),
    Rewrite(r"\b(?:us|united states) ?-? ?(?:highway|hiway|hwy|route|rte|rt)? ?-?([0-9]+[a-z]?)\b", "us hwy ${1}"),
    Rewrite(r"\b(?:state (?:highway|hwy|route|road|rte|rt|rd)|s r|sr|st (?:rte|rt|rd|hwy)) ?-?([0-9]+)\b", "sr ${1}"),
    Rewrite(r"\b(?:county (?:highway|hwy|route|road|rte|rt|rd)|co rd|c r|cr) ?-?([0-9]+)\b", "cr ${1}"),
    Rewrite(r"\b(?:farm to market|fm)(?: road| rd)? ?-?([0-9]+)\b", "fm ${1}"),
    Rewrite(r"\b(?:interstate(?: highway| hwy)?|i)[ -]([0-9]+)\b", "i ${1}"),
    Rewrite(r"\b(?:highway|hiway|hway) ?-?([0-9]+)\b", "hwy ${1}"),
    Rewrite(r"\b(?:route|rte|rt) ?-?([0-9]+)\b", "rte ${1}"),
)
_COMMAS = re.compile(r"[ ,]*,[ ,]*")
_REGULAR = re.compile(REGULAR)
_IRREGULAR, _IRREGULAR_TAIL = re.compile(IRREGULAR), re.compile(IRREGULAR_TAIL)
_CARE_OF = re.compile(r"(?:^|(?<=[ ,]))(?:c/o|c o|care of|in care of|%) [^,0-9]*")
_PO_BOX = re.compile(
    r"\b(?:p ?o ?b(?:ox)?|post(?:al)?(?: office)? box|apartado(?: postal)?|casilla|lock ?box)\b"
    r"[ #]*(?:no )?([0-9a-z-]+)"
    r"|^box #? ?([0-9][0-9a-z-]*)$"
)
_PMB = re.compile(rf"\b(?:{_MAILBOXES}|private mail ?box|mail stop|drawer)\b[ #]*(?:no )?([0-9a-z-]+)")
_BOX_BEHIND_STREET = re.compile(r"(?<=[a-z,] )box[ #]*([0-9]+[a-z]?)\b")
_BUILDING = re.compile(rf"\b(?:{_BUILDINGS})\b[ #]*(?:no )?({_VALUE})\b")
_FLOOR = re.compile(
    rf"\b([0-9]{{1,3}})(?:st|nd|rd|th)? ?(?:{_FLOORS}|/f|f)\b(?! (?:{_STREET_TYPES})\b)"
    rf"|\b(?:{_FLOORS})[ #]*(?:no )?([0-9]{{1,3}}[a-z]?|[a-z])\b"
)
_UNIT = re.compile(
    rf"(?:\b(?:{_UNITS})\b[ #]*(?:no )?|\b(?:apt|ste|rm|unit|suite|room)(?=[0-9])|#[ #]*)({_VALUE})(?![0-9a-z-])"
)
_LONE_DESIGNATOR = re.compile(rf"(?: |^)(?:#|{_UNITS}|{_MAILBOXES})(?= ,|$)")
_HOUSE_FIRST = re.compile(r"^(?:no )?([0-9]+ ?-? ?[0-9]*[a-z]?(?: [0-9]/[0-9])?) (.*[a-z].*)$")
_NO_INSIDE = re.compile(r"^(.*[a-z].*?) no ([0-9]+[a-z]?(?:-[0-9]+[a-z]?)?)$")
_HOUSE_LAST = re.compile(r"^(.*[a-z]{3}.*?) ([0-9]+[a-z]?(?:-[0-9]+[a-z]?)?)$")
_NUMBERED_WAY = re.compile(r"(?:hwy|rte|sr|cr|fm|us|i|km|calle|ave|lot)$")
_NUMBERED_ENDS = {"hwy", "fwy", "expy", "tpke"}  # what follows these is their number, no unit
_TRAILING_UNIT = re.compile(
    rf"^([0-9]\S* [^,]*?[^ ]{{3,}} (?:{'|'.join(sorted(STREET_ENDS - _NUMBERED_ENDS))}))"
    r"(?: (?:n|s|e|w|ne|nw|se|sw))? ([0-9]+[a-z]?|[a-z]?[0-9]+)$"
)
#: A customer number at a freight forwarder's warehouse, written like a unit ("Suite SKB-48213").
FORWARDER_MARK = r"^(?:[a-z]{2,5}-?[0-9]{4,}|[a-z]-?[0-9]{5,})$"
_FORWARDER_MARK = re.compile(FORWARDER_MARK)


@dataclass(frozen=True)
class Street:
    """``building`` is house number and street in canonical words ("3456 w lincoln cherry ter"); None without either."""

    building: str | None
    unit: str | None = None
    po_box: str | None = None
    mail_drop: bool = False


def fold_line(lower: str) -> str:
    """The words of a lower-case ASCII address line."""
    return rewrite(lower, LINE_RULES)


def split_regular(line: str) -> Street | None:
    """Split a folded line of the regular form; None for every other line."""
    match = _REGULAR.match(line)
    if not match or _IRREGULAR.search(match[2]) or _IRREGULAR_TAIL.search(match[5]):
        return None
    unit = match[3] or match[4]
    drop = bool(match[4] or (unit and _FORWARDER_MARK.match(unit)))
    unit = unit.replace("-", "").lstrip("0") or "0" if unit else None
    return Street(f"{match[1].lstrip('0') or '0'} {_canonical(match[2])}", unit, mail_drop=drop)


def split_street(line: str, outside: frozenset[str] = frozenset()) -> Street:
    """Split a folded line. ``outside`` holds segments that are no street: the address's city, state, country, ..."""
    return split_regular(line) or _split_irregular(line, outside)


def take_units(line: str) -> tuple[str, Street]:
    """A folded line without its boxes, units, floors and care-of parts, and those as a street without building."""
    line, care_of = _CARE_OF.subn("", line)
    po_box = None
    if match := _PO_BOX.search(line):
        po_box = match[1] or match[2]
        line = _without(line, match)
    line, mailboxes = _take(_PMB, line)
    if line[:1].isdigit():  # "Rural Route 2 Box 18" is a home, "63 Oak St Box 18" a mailbox
        line, boxes = _take(_BOX_BEHIND_STREET, line)
        mailboxes += boxes
    line, buildings = _take(_BUILDING, line)
    floors: list[str] = []
    line, units = _take(_UNIT, line)
    line, floors = _take(_FLOOR, line)
    line = _tidy(_LONE_DESIGNATOR.sub("", line))
    parts = buildings + ([*mailboxes, *units] or floors)
    unit = "-".join(part.replace("-", "").lstrip("0") or "0" for part in parts) or None
    mark = any(_FORWARDER_MARK.match(value) for value in (*units, *mailboxes))
    drop = bool(care_of or po_box or mailboxes or mark)
    return line, Street(None, unit, po_box, drop)


def _split_irregular(line: str, outside: frozenset[str]) -> Street:
    rest, taken = take_units(line)
    segments = [part for part in rest.split(" , ") if part and part.replace(" ", "") not in outside]
    segments = [part for part in segments if part.split()[-1] not in AREA_ENDINGS] or segments
    building, unit = _building(segments)
    if building is None and taken.po_box:
        building = f"po box {taken.po_box}"
    return Street(building, taken.unit or unit, taken.po_box, taken.mail_drop)


def _building(segments: list[str]) -> tuple[str | None, str | None]:
    """The building among the comma-separated parts, and a unit that no word announced ("28 Main Pkwy 2708")."""
    for index, segment in enumerate(segments):
        if segment.isdigit() and index + 1 < len(segments):
            segments = [*segments[:index], f"{segment} {segments[index + 1]}", *segments[index + 2 :]]
            break
    for segment in segments:
        street = _canonical(rewrite(segment, _HIGHWAYS))
        unit = None
        if match := _TRAILING_UNIT.match(street):
            street, unit = match[1], match[2]
        if match := _HOUSE_FIRST.match(street):
            return f"{_number(match[1])} {match[2]}", unit
        match = _NO_INSIDE.match(street) or _HOUSE_LAST.match(street)
        if match and not _NUMBERED_WAY.search(match[1]):
            return f"{_number(match[2])} {match[1]}", unit
    whole = _canonical(" ".join(segments))
    named_place = any(char.isdigit() for char in whole) or not PLACE_WORDS.isdisjoint(whole.split())
    return (whole if named_place else None), None


def _canonical(street: str) -> str:
    return " ".join(STREET_WORDS.get(word, word) for word in street.split())


def _number(text: str) -> str:
    return re.sub(r" ?- ?", "-", text).lstrip("0").strip(" -") or "0"


def _take(pattern: re.Pattern[str], line: str) -> tuple[str, list[str]]:
    values: list[str] = []
    while match := pattern.search(line):
        values.append(next(group for group in match.groups() if group))
        line = _without(line, match)
    return line, values


def _without(line: str, match: re.Match[str]) -> str:
    return _tidy(f"{line[: match.start()]} , {line[match.end() :]}")


def _tidy(line: str) -> str:
    """Commas and spaces as ``fold_line`` leaves them, after parts were taken out."""
    return " ".join(_COMMAS.sub(" , ", line).strip(" ,").split())
