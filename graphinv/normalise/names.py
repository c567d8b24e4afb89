"""Party names: one key for the spellings of one name.

The key is ASCII and lower-case; legal forms, honorifics and punctuation are gone, usual business abbreviations are
written out, and the words are sorted, so that "PARKER, C" and "C. Parker" agree. It is a blocking and equality key,
not an identity: many people are called the same. Sorted words also make it deaf to order ("Ali Hassan").

A name that holds several ("ACME LLC DBA BEST SHOP") is keyed by its first; the others are ``also``.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

from graphinv.normalise.han_names import spell_han
from graphinv.normalise.name_words import (
    ABBREVIATIONS,
    FORM_MARK,
    GUARDED_FORMS,
    HONORIFICS,
    LEGAL_FORMS,
    MARKER_WORDS,
    NOISE,
    ORGANISATION_WORDS,
    SCRIPT_FORMS,
)
from graphinv.normalise.text import Rewrite, clean, fold, is_placeholder, rewrite

Kind = Literal["person", "organisation", "unknown"]

#: From a folded name to words between single spaces. Initials that stand together become one word ("L.L.C.", "A B C").
WORD_RULES = (
    Rewrite(r"^pt\.? ", "perseroan "),  # Indonesia's form stands first; elsewhere the letters are initials
    Rewrite(r"\b([a-z])\.([a-z])\b\.?", "${1}${2}"),  # "s.a." before "x s.a." can become one row of initials
    Rewrite(r"(?:&| and) ?co\b", " company "),
    Rewrite(r"(^| )co\.", "${1}company "),
    Rewrite(r"['`]", ""),
    Rewrite(r"[^a-z0-9]+", " "),
    Rewrite(r"\b([a-z])\b", "<${1}>"),
    Rewrite(r"> <", ""),
    Rewrite(r"[<>]", ""),
    Rewrite(r"\blimited liab[a-z]*(?: [cp][a-z]*)?\b", "llc"),  # also cut off or misspelt at its end
)
#: Keys that do not come out of themselves again: initials that sorting would bring together, a form that sorting put
#: first. They are folded until they do.
UNSTABLE_KEY = r"\b[a-z]\b.*\b[a-z]\b|^pt "
#: Words that ``WORD_RULES`` leave as they are, unless one of the texts below is among them.
_PLAIN_WORDS = re.compile(r"(?!pt )[a-z0-9]{2,}(?: [a-z0-9]{2,})*")
_FORMS = LEGAL_FORMS | GUARDED_FORMS
#: What is left out of the key of a name, by what the name shows about itself.
DROPPED_BESIDE_WORDS = frozenset(_FORMS) | NOISE | {FORM_MARK}
DROPPED_BESIDE_FORMS = DROPPED_BESIDE_WORDS | HONORIFICS
DROPPED_OTHERWISE = NOISE | HONORIFICS

_ALIAS = (
    r"d[ ./]?b[ ./]?a|[afn][./]?k[./]?a|t/a|o/a|doing business (?:as|under)|(?:also|formerly|previously|now) known as"
    r"|formerly|trad(?:ing|es) as|trading name|operating as|nombre comercial|nome fantasia|vormals"
)
_CARE = r"c[/\\]o|attn|fao|attention ?:"
#: Whether a lower-case name may hold several names, or a person to write to: read alike on columns.
MARKED = rf"(?:^|[^a-z0-9])(?:{_ALIAS}|{_CARE})(?:[^a-z0-9]|$)"
_MARKED = re.compile(MARKED)
_ALIASES = re.compile(rf"(?<![^\W_])(?:{_ALIAS})(?![^\W_])[.:]?", re.IGNORECASE)
_CARE_OF = re.compile(rf"(?<![^\W_])(?:{_CARE})(?![^\W_])[.:]?", re.IGNORECASE)
_DIGIT = re.compile("[0-9]")
_TRIMMED = " .,;:/([{-"
_ARABIC_WORD = re.compile("[\u0620-\u06d3]+")


@dataclass(frozen=True)
class Name:
    """A party name.

    ``caption`` is for people, ``key`` for comparing, ``tokens`` are the key's words in the order given, ``legal_form``
    the forms found ("co ltd"). ``kind`` is a guess: "organisation" with a legal form, a business word or a digit,
    "person" for two to four plain words or an honorific, else "unknown". ``also`` holds the keys of the other names
    that the text gives (``split_names``).
    """

    caption: str
    key: str
    tokens: tuple[str, ...]
    legal_form: str | None
    kind: Kind
    also: tuple[str, ...] = ()


def normalize_name(raw: str | None) -> Name | None:
    """Clean and key a party name of any script; None for blanks and for words that mean "no name"."""
    caption = clean(raw or "")
    if not _MARKED.search(caption.lower()):
        return _one_name(caption, caption)
    found = [name for text in split_names(caption) if (name := _one_name(caption, text))]
    if not found:
        return None
    also = dict.fromkeys(name.key for name in found if name.key != found[0].key)
    return replace(found[0], also=tuple(also))


def split_names(raw: str | None) -> list[str]:
    """The names in a text, the party's own first: parted where one announces another ("dba", "t/a", "formerly"),
    without the people to write to ("c/o", "attn"). A text without such marks is its only name."""
    caption = clean(raw or "")
    if not _MARKED.search(caption.lower()):
        return [caption] if caption else []
    parts = [_without_care(part) for part in _ALIASES.split(caption)]
    return [part for part in parts if part] or [caption]


def _without_care(text: str) -> str:
    """A name without "c/o ..." or "attn ..."; if nothing stands before the mark, what stands behind it."""
    return next((trimmed for part in _CARE_OF.split(text) if (trimmed := _trimmed(part))), "")


def _trimmed(text: str) -> str:
    """A part of a name without the punctuation of its mark; nothing if no word of a name is left."""
    text = text.strip(_TRIMMED + ("" if "(" in text.lstrip(_TRIMMED) else ")"))
    words = words_of(fold(text))
    return text if any(word not in MARKER_WORDS for word in words) else ""


def _one_name(caption: str, text: str) -> Name | None:
    folded, script_form = _fold_name(text)
    plain = words_of(folded)
    if not plain or is_placeholder(" ".join(map(_written_out, plain))):
        return None
    words, forms = _join_forms(plain)
    core = _core(plain, words)
    key = " ".join(sorted(core))
    while (again := _key_of(key)) != key:  # every round drops or joins words: it ends
        key = again
    forms += [_FORMS[word] for word in words if word in _FORMS and word not in core]
    form = " ".join(dict.fromkeys(forms))
    return Name(caption, key, tuple(core), form or script_form, "organisation" if script_form else _kind(words))


def _key_of(key: str) -> str:
    plain = words_of(key)
    return " ".join(sorted(_core(plain, _join_forms(plain)[0])))


def words_of(folded: str) -> list[str]:
    """The words of a folded name after ``WORD_RULES``. Most names are words already, and need none of the rules."""
    plain = _PLAIN_WORDS.fullmatch(folded) and " and" not in folded and "limited liab" not in folded
    return (folded if plain else rewrite(folded, WORD_RULES)).split()


def _fold_name(caption: str) -> tuple[str, str | None]:
    """The folded name, and the legal form that only its own script shows."""
    if caption.isascii():
        return caption.lower(), None
    form = None
    for script in SCRIPT_FORMS:
        if script in caption and caption != script:
            caption, form = caption.replace(script, " "), form or script
    return fold(_ARABIC_WORD.sub(_with_vowel, spell_han(caption.strip(), person=form is None))), form


def _with_vowel(word: re.Match[str]) -> str:
    """An Arabic word, with the short vowel that nobody writes where it would read as an honorific: "mas", not "ms"."""
    folded = fold(word[0])
    return folded[0] + "a" + folded[1:] if folded in HONORIFICS else word[0]


def _written_out(word: str) -> str:
    return ABBREVIATIONS.get(word, word)


def _join_forms(plain: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words, written out, with ``FORM_MARK`` for every legal form of several words; and these forms."""
    starts = _forms_by_start()
    if starts.keys().isdisjoint(plain):
        return [ABBREVIATIONS.get(word, word) for word in plain], []
    words: list[str] = []
    forms: list[str] = []
    place = 0
    while place < len(plain):
        for spelling, form in starts.get(plain[place], ()):
            if tuple(plain[place : place + len(spelling)]) == spelling:
                words.append(FORM_MARK)
                forms.append(form)
                place += len(spelling)
                break
        else:
            words.append(_written_out(plain[place]))
            place += 1
    return words, forms


def _core(plain: list[str], words: list[str]) -> list[str]:
    """The words that the key keeps: never none of them."""
    if not ORGANISATION_WORDS.isdisjoint(words):
        dropped = DROPPED_BESIDE_WORDS
    else:
        dropped = DROPPED_BESIDE_FORMS if _has_form(words) else DROPPED_OTHERWISE
    return [word for word in words if word not in dropped] or [_written_out(word) for word in plain]


def _has_form(words: list[str]) -> bool:
    return FORM_MARK in words or not LEGAL_FORMS.keys().isdisjoint(words)


def _kind(words: list[str]) -> Kind:
    if _has_form(words) or not ORGANISATION_WORDS.isdisjoint(words) or _DIGIT.search(" ".join(words)):
        return "organisation"
    return "person" if not HONORIFICS.isdisjoint(words) or 2 <= len(words) <= 4 else "unknown"


@cache
def written_forms() -> dict[str, str]:
    """Legal forms of several words ("besloten vennootschap") with their usual spelling, the longest first."""
    text = (files("graphinv.normalise") / "data" / "legal_forms.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return dict(sorted(((row["spelling"], row["form"]) for row in rows), key=lambda pair: -len(pair[0].split())))


@cache
def form_signs() -> frozenset[str]:
    """Words that tell of ``written_forms``: a name without any of them holds none. Few, and rare in other names."""
    usual = LEGAL_FORMS.keys() | ORGANISATION_WORDS | ABBREVIATIONS.keys() | {"de", "co", "and"}
    spellings = [
        [word for word in spelling.split() if word not in usual and len(word) > 1] for spelling in written_forms()
    ]
    counts = Counter(word for words in spellings for word in words)
    return frozenset(max(words, key=lambda word: (len(word) > 2, counts[word])) for words in spellings)


@cache
def _forms_by_start() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    starts: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for spelling, form in written_forms().items():
        words = tuple(spelling.split())
        starts.setdefault(words[0], []).append((words, form))
    return starts
