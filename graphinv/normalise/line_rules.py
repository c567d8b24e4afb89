"""Rewrite rules of address lines: from text to words, and from the ways of many countries to one."""

import re

from graphinv.normalise.text import Rewrite, rewrite

#: From a lower-case ASCII line to words, commas and ``#`` between single spaces. Also run on columns.
LINE_RULES = (
    Rewrite(r"['`\"]", ""),
    Rewrite(r"\b([ns])\. ?([ew])\.", "${1}${2} "),  # "N.E."
    Rewrite(r"\b(north|south)-(east|west)\b", "${1}${2}"),
    Rewrite(r"\b(no|k|kat|d|daire|suite|ste|apt|unit|room|rm|bldg|building|floor|attn|c/o)[. ]*:", "${1} "),
    Rewrite(r"\bkm[. ]*([0-9]+)(?:[.,]5| 1/2)\b", "km ${1}-5"),
    Rewrite(r"#", " # "),
    Rewrite(r"[;|:\n]", ","),
    Rewrite(r"[^a-z0-9,#/%-]+", " "),
    Rewrite(r"([a-z]) +-+ +", "${1} , "),
    Rewrite(r"[ ,]*,[ ,]*", " , "),
    Rewrite(r"  +", " "),
    Rewrite(r"^[ ,]+|[ ,]+$", ""),
)

_TYPE = "(lu|rd|road|jie|st|street|dadao|ave|avenue)"
_HOUSE = "(?:house|plot|premises|holding|door|survey|gala|khasra|h|d)"

#: Ways of writing numbers and streets around the world, in words that the grammar knows. For irregular lines only.
_FORMS = (
    Rewrite(rf"\b{_HOUSE} ?(?:nos?|number|#)[ #]*-?([0-9])", "no ${1}"),
    Rewrite(r"\b(?:plot|house) ?-? ?([0-9])", "no ${1}"),
    Rewrite(r"\b(road|rd|street|lane|sector|ward) ?# ?([0-9])", "${1} ${2}"),
    Rewrite(r"\b([0-9]+[a-z]?(?:-[0-9]+)?) ?hao lou\b", "building ${1}"),
    Rewrite(r"\b([0-9]+[a-z]?(?:-[0-9]+)?) ?hao\b", "no ${1}"),
    Rewrite(rf"\b(?:bei|north) {_TYPE}\b", "n ${1}"),
    Rewrite(rf"\b(?:nan|south) {_TYPE}\b", "s ${1}"),
    Rewrite(rf"\b(?:dong|east) {_TYPE}\b", "e ${1}"),
    Rewrite(rf"\b(?:xi|west) {_TYPE}\b", "w ${1}"),
    Rewrite(rf"\b(?:zhong|middle|mid) {_TYPE}\b", "mid ${1}"),
    Rewrite(r"\bda dao\b", "dadao"),
    Rewrite(r"^.*\bmah(?:alle(?:si)?)?\b[ ,]*([^ ])", "${1}"),  # a Turkish quarter in front of the street
    Rewrite(r"\bsk\b", "sok"),
    Rewrite(r"\bcd\b", "cad"),
    Rewrite(r"\b(sok|sokak|sokagi|cad|cadde|caddesi)\b(.*) (?:d|daire|ic kapi no) ?([0-9]+)", "${1}${2} , apt ${3}"),
    Rewrite(r"\b(sok|sokak|sokagi|cad|cadde|caddesi)\b(.*) (?:k|kat) ?([0-9]+)", "${1}${2} , floor ${3}"),
)

_WAY = "(?:highway|hiway|hway|hwy|route|rte|rt)"

#: Numbered ways. US, state and plain numbered highways fold to one form, since the number tells them within a town.
_HIGHWAYS = (
    Rewrite(r"\bu s\b", "us"),
    Rewrite(rf"\b(?:us|united states) ?-? ?{_WAY}? ?-? ?([0-9]+[a-z]?)\b", "hwy ${1}"),
    Rewrite(rf"\b(?:state (?:{_WAY}|road|rd)|s r|sr|sh|st (?:rte|rt|rd|hwy)) ?-? ?([0-9]+)\b", "hwy ${1}"),
    Rewrite(rf"\b(?:county (?:{_WAY}|road|rd)|co (?:rd|hwy)|c r|cr) ?-? ?([0-9]+)\b", "cr ${1}"),
    Rewrite(r"\b(?:farm to market|fm)(?: road| rd)? ?-? ?([0-9]+)(?: road| rd)?\b", "fm ${1}"),
    Rewrite(r"\b(?:interstate(?: highway| hwy)?|ih|i)[ -]+([0-9]+)\b", "i ${1}"),
    Rewrite(rf"\b(?:[a-z]{{2}}[ -])?{_WAY} ?-? ?([0-9]+)\b", "hwy ${1}"),
    Rewrite(r"\bloop ?-? ?([0-9]+)\b", "loop ${1}"),
)

#: What some rule of a table needs; most lines have nothing of it, and one search is cheaper than all rules.
_ANY_FORM = re.compile(
    rf"\b(?:{_HOUSE}|hao|bei|nan|dong|xi|zhong|north|south|east|west|middle|mid|da|mah\w*|sk|cd|sok|cad)\b"
    r"|\bsoka|\bcadde| # ?[0-9]"
)
_ANY_WAY = re.compile(
    rf"\b(?:{_WAY}|us|u|united|state|s|sr|sh|st|county|co|c|cr|farm|fm|interstate|ih|i|loop)\b.*[0-9]"
)


def known_forms(line: str) -> str:
    """A folded line in words that the grammar knows."""
    return rewrite(line, _FORMS) if _ANY_FORM.search(line) else line


def known_ways(segment: str) -> str:
    """A segment with its highway in one form."""
    return rewrite(segment, _HIGHWAYS) if _ANY_WAY.search(segment) else segment
