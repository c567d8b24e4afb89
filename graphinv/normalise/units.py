"""The parts of an address line that name something inside a building, or a box instead of one.

``take_units`` takes them out of a folded line and gives what is left, which is street and place. A unit is its bare
value, whatever announces it, before or behind: "Apt. 37", "# 37", "Room 301" and "301 Room", "No. 5 Building". Parts
of a site go first, then entrances, then rooms: "5-2-301". Small room numbers mean another room on every floor, so the
floor goes in front of them as it does in "Room 1203": "Rm 3, 12/F" is 1203, "Flat B, 12/F" is 12b.
"""

import re
from dataclasses import dataclass

from graphinv.normalise.address_words import (
    BUILDING_WORDS,
    FLOOR_WORDS,
    MAILBOX_WORDS,
    STREET_ENDS,
    STREET_WORDS,
    UNIT_WORDS,
)

UNITS = "|".join(sorted(UNIT_WORDS, key=len, reverse=True))
MAILBOXES = "|".join(MAILBOX_WORDS)
BUILDINGS = "|".join(BUILDING_WORDS)
FLOORS = "|".join(FLOOR_WORDS)
#: A customer number at a freight forwarder's warehouse, written like a unit ("Suite SKB-48213").
FORWARDER_MARK = r"^(?:[a-z]{2,5}-?[0-9]{4,}|[a-z]-?[0-9]{5,})$"

_STREET_TYPES = "|".join(sorted(set(STREET_WORDS) | STREET_ENDS))
_ENDS = r"(?= ,|$)"
# Two letters may be a unit ("Apt AB") but no street type: "12 Bay St" has no bay.
_VALUE = rf"[a-z]{{2,5}}-?[0-9]{{4,}}|[0-9][0-9a-z-]*|[a-z]-?[0-9][0-9a-z-]*|(?!(?:{_STREET_TYPES})\b)[a-z]{{1,2}}"
_COMMAS = re.compile(r"[ ,]*,[ ,]*")
_FORWARDER_MARK = re.compile(FORWARDER_MARK)
_CARE_OF = re.compile(r"(?:^|(?<=[ ,]))(?:c/o|c o|care of|in care of|%) [^,0-9]*")
_ATTENTION = re.compile(r"(?:^|(?<=[ ,]))(?:attn|attention)\b[^,0-9]*")
_PO_BOX = re.compile(
    r"\b(?:p ?o ?bo?x|p ?o ?b|post(?:al)?(?: office)? box|p ?o drawer|apartado(?: postal)?|casilla|lock ?box)\b"
    r"[ #]*(?:no )?([0-9a-z-]+)"
    r"|^box #? ?([0-9][0-9a-z-]*)$"
)
_PMB = re.compile(rf"\b(?:{MAILBOXES}|private mail ?box|mail stop|drawer)\b[ #]*(?:no )?([0-9a-z-]+)")
_BOX_BEHIND_STREET = re.compile(r"(?<=[a-z,] )box[ #]*([0-9]+[a-z]?)\b")
_BUILDING_KINDS = "building|bldg|bld|block|blk|dong|tower|workshop"
_BUILDINGS_TAKEN = (
    re.compile(rf"(?:\bno |# ?)([0-9]{{1,3}}|[a-z])(?: #)? (?:{_BUILDING_KINDS})\b(?! (?:{_STREET_TYPES})\b)"),
    re.compile(rf"\b([0-9]{{1,3}})(?: ?#|st|nd|rd|th) (?:{_BUILDING_KINDS})\b(?! (?:{_STREET_TYPES})\b)"),
    re.compile(rf"\b(?:{BUILDINGS})\b[ #]*(?:no )?({_VALUE})\b"),
    re.compile(rf"(?:^|(?<=, ))([0-9]{{1,3}}|[a-z]) ?(?:{_BUILDING_KINDS}){_ENDS}"),
    re.compile(r"\b([0-9]{1,3}) ?dong(?= ,|$| [0-9])"),
    re.compile(rf"(?:^|(?<=, ))zone ([a-z]|[0-9]{{1,2}}){_ENDS}"),
)
_FLOOR = re.compile(
    rf"\b([0-9]{{1,3}})(?:st|nd|rd|th)? ?(?:{FLOORS}|lou|/f|f)\b(?! (?:{_STREET_TYPES})\b)"
    r"|\b(ug|lg|g|m|b[0-9])/f\b"
    rf"|\b(g)round (?:{FLOORS})\b"
    rf"|\b(?:{FLOORS})[ #]*(?:no )?([0-9]{{1,3}}[a-z]?|[a-z])\b"
)
_UNIT = re.compile(
    rf"(?:\b({UNITS})\b(?:/[a-z]+\b)?[ #]*(?:no |number )?|\b(apt|ste|rm|unit|suite|room)(?=[0-9])|(#)[ #]*)"
    rf"({_VALUE})(?![0-9a-z-])"
)
_ENTRANCE_BEHIND = re.compile(r"\b([0-9]{1,2}) ?danyuan\b")
_ROOM_BEHIND = re.compile(rf"\b([0-9]{{2,5}}[a-z]?) ?(?:room|rm|shi|fang|flat){_ENDS}")
_UNNUMBERED = re.compile(rf"\b(bsmt|basement|penthouse|rear){_ENDS}")
_LONE_DESIGNATOR = re.compile(rf"(?:(?: |^)(?:#|{UNITS}|{MAILBOXES}))+(?= ,|$)")
_DESIGNATOR_PAIR = re.compile(rf"\b({UNITS}) ?/ ?(?:{UNITS})\b")


@dataclass(frozen=True)
class Units:
    """``unit`` is the bare value; ``mail_drop`` says that nobody need be found there."""

    unit: str | None
    po_box: str | None
    mail_drop: bool


def take_units(line: str) -> tuple[str, Units]:
    """A folded line without its boxes, units, floors, care-of and attention parts, and those."""
    line, care_of = _CARE_OF.subn("", line)
    line = _DESIGNATOR_PAIR.sub(r"\1", _ATTENTION.sub("", line))
    po_box = None
    if match := _PO_BOX.search(line):
        po_box = match[1] or match[2]
        line = _without(line, match)
    line, mailboxes = _take(_PMB, line=line)
    if line[:1].isdigit():  # "Rural Route 2 Box 18" is a home, "63 Oak St Box 18" a mailbox
        line, boxes = _take(_BOX_BEHIND_STREET, line=line)
        mailboxes += boxes
    line, buildings = _take(*_BUILDINGS_TAKEN, line=line)
    line, entrances, rooms = _take_rooms(line)
    line, floors = _take(_FLOOR, line=line)
    line = tidy(_LONE_DESIGNATOR.sub("", line))
    inside = [bare_value(value) for value in (*mailboxes, *entrances, *rooms)]
    if floors and len(rooms) == 1:
        inside[-1] = _on_floor(bare_value(floors[0]), inside[-1])
    parts = [bare_value(value) for value in buildings] + (inside or [bare_value(value) for value in floors])
    mark = any(is_forwarder_mark(value) for value in (*entrances, *rooms, *mailboxes))
    return line, Units("-".join(parts) or None, po_box, bool(care_of or po_box or mailboxes or mark))


def bare_value(value: str) -> str:
    """A unit without dashes and leading zeros."""
    return value.replace("-", "").lstrip("0") or "0"


def is_forwarder_mark(value: str) -> bool:
    """Whether a unit is a customer number at a freight forwarder."""
    return _FORWARDER_MARK.match(value) is not None


def tidy(line: str) -> str:
    """Commas and spaces as ``fold_line`` leaves them, after parts were taken out."""
    return " ".join(_COMMAS.sub(" , ", line).strip(" ,").split())


def _take_rooms(line: str) -> tuple[str, list[str], list[str]]:
    """The line without entrances ("Unit 2") and rooms, and those. A unit alone is a room."""
    line, entrances = _take(_ENTRANCE_BEHIND, line=line)
    rooms: list[str] = []
    units: list[str] = []
    while match := _UNIT.search(line):
        (units if match[1] == "unit" or match[2] == "unit" else rooms).append(match[4])
        line = _without(line, match)
    line, behind = _take(_ROOM_BEHIND, _UNNUMBERED, line=line)
    rooms += behind
    return (line, entrances + units, rooms) if rooms else (line, entrances, units)


def _on_floor(floor: str, room: str) -> str:
    """A room number that another floor may have as well, with its floor."""
    if not floor.isdigit():
        return room
    if room.isdigit() and len(room) <= 2 and not (len(room) == 2 and room.startswith(floor)):
        return f"{floor}{room:0>2}"
    return f"{floor}{room}" if len(room) == 1 and room.isalpha() else room


def _take(*patterns: re.Pattern[str], line: str) -> tuple[str, list[str]]:
    values: list[str] = []
    for pattern in patterns:
        while match := pattern.search(line):
            values.append(next(group for group in match.groups() if group))
            line = _without(line, match)
    return line, values


def _without(line: str, match: re.Match[str]) -> str:
    return tidy(f"{line[: match.start()]} , {line[match.end() :]}")
