"""Folding of dirty text, shared by every normaliser.

``clean`` keeps what a person reads (spaces collapsed, damaged characters repaired); ``fold`` gives the lower-case
ASCII that keys are made of. A rule that both the scalar and the columnar code apply is a list of ``Rewrite``: written
once here or beside its normaliser, run by ``rewrite`` on a string and by ``column_tools.rewrite_expr`` on a column.
Patterns are restricted to what Python's ``re`` and the Rust regex engine of polars read alike on ASCII text: no
look-around, no back-references.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from anyascii import anyascii

# What UTF-8 text looks like after it was read as Windows-1252: a lead byte shown as a capital with an accent or as
# a-circumflex, followed by a character that stands for a continuation byte.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
)

#: Characters of a web page written as entities, also escaped more than once: "&amp;", "&#39;", "&amp;amp;".
ENTITY = r"&(?:(?:amp|#38|#x26);)*(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});"
_ENTITY = re.compile(ENTITY)
_LAST_OF_ENTITY = re.compile(r"[^;&]+;$")
#: Characters that nobody sees: zero-width spaces and joiners, marks of direction, soft hyphens.
_INVISIBLE = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF))

#: Letters of Arabic and Hebrew that carry a vowel, mostly "a", and that transliteration turns into an apostrophe or
#: nothing: without them Omar would be "mr". (Ayn stands for a consonant that Latin spellings leave out: Omar, Ali.)
_VOWEL_CARRIERS = str.maketrans(dict.fromkeys("\u0627\u0623\u0625\u0671\u0639\u05d0\u05e2", "a"))

#: Folded spellings of "nothing was declared", in any field.
PLACEHOLDERS = frozenset(
    {"na", "n a", "none", "null", "nil", "nan", "unknown", "unk", "tbd", "tba", "test", "xx", "xxx", "no name"}
    | {"not available", "not provided", "not applicable", "to order", "to the order", "order", "same", "same as above"}
    | {"same as consignee", "see attached", "not given", "blank", "same as shipper", "same as buyer", "as above"}
    | {"as per attached", "as per invoice", "not known", "not stated", "not disclosed", "no data", "no consignee"}
    | {"consignee", "the consignee", "anonymous", "unnamed", "undefined", "n a n a", "xxxx", "xxxxx", "to be advised"}
    | {"to order of shipper", "to the order of shipper", "test test", "asdf", "0", "00", "000"}
)


@dataclass(frozen=True)
class Rewrite:
    """One replacement of a rule table: ``pattern`` becomes ``replacement``, where ``${1}`` is the first group."""

    pattern: str
    replacement: str
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)
    filling: str | Callable[[re.Match[str]], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.pattern))
        object.__setattr__(self, "filling", _filling(self.replacement))


def rewrite(text: str, rules: Sequence[Rewrite]) -> str:
    """Apply a rule table to one string."""
    for rule in rules:
        text = rule.compiled.sub(rule.filling, text)
    return text


def _filling(replacement: str) -> str | Callable[[re.Match[str]], str]:
    """A replacement as ``re`` takes it. One with groups is a function: a template is looked up anew in every text."""
    first, *others = re.split(r"\$\{(\d)\}", replacement)
    pairs = [(int(group), behind) for group, behind in zip(others[::2], others[1::2], strict=True)]
    if not pairs:
        return first
    return lambda found: first + "".join([(found[group] or "") + behind for group, behind in pairs])


def clean(raw: str) -> str:
    """The text as a person should read it: damaged UTF-8 repaired, characters of web pages ("&amp;") put in plain,
    invisible ones left out, white space collapsed, ends trimmed."""
    if raw.isascii():
        return _in_plain(raw)
    text = _in_plain(repair(raw).translate(_INVISIBLE))
    return text if text == raw else clean(text)  # a space less, and more of it can be repaired


def _in_plain(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape("&" + _LAST_OF_ENTITY.findall(found[0])[0]), text)
    return " ".join(text.split())


def fold(text: str) -> str:
    """Lower-case ASCII, any script transliterated."""
    return text.lower() if text.isascii() else anyascii(text.translate(_VOWEL_CARRIERS)).casefold()


def is_placeholder(folded: str) -> bool:
    """Whether a folded value (words between single spaces) only says that there is none."""
    return folded in PLACEHOLDERS


def repair(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 ("MÃ¼ller" is Müller); other text comes back unchanged.

    Twice at most, since some files were damaged twice.
    """
    for _ in range(2):
        if not _MOJIBAKE.search(text):
            return text
        try:
            text = b"".join(_byte(char) for char in text).decode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError):
            return text
    return text


def _byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")  # the five bytes Windows-1252 leaves undefined
