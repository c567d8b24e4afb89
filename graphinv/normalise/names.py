"""Party names: one key for the spellings of one name.

The key is ASCII and lower-case; legal forms, honorifics and punctuation are gone, usual business abbreviations are
written out, and the words are sorted, so that "PARKER, C" and "C. Parker" agree. It is a blocking and equality key,
not an identity: many people are called the same. Sorted words also make it deaf to order ("Ali Hassan").
"""

import re
from dataclasses import dataclass
from typing import Literal

from graphinv.normalise.name_words import (
    ABBREVIATIONS,
    CJK_FORMS,
    GUARDED_FORMS,
    HONORIFICS,
    LEGAL_FORMS,
    NOISE,
    ORGANISATION_WORDS,
)
from graphinv.normalise.text import Rewrite, clean, fold, is_placeholder, rewrite

Kind = Literal["person", "organisation", "unknown"]

#: From a folded name to words between single spaces. Initials that stand together become one word ("L.L.C.", "A B C").
WORD_RULES = (
    Rewrite(r"\b([a-z])\.([a-z])\b\.?", "${1}${2}"),  # "s.a." before "x s.a." can become one row of initials
    Rewrite(r"(?:&| and) ?co\b", " company "),
    Rewrite(r"(^| )co\.", "${1}company "),
    Rewrite(r"['`]", ""),
    Rewrite(r"[^a-z0-9]+", " "),
    Rewrite(r"\b([a-z])\b", "<${1}>"),
    Rewrite(r"> <", ""),
    Rewrite(r"[<>]", ""),
    Rewrite(r"\bsp z ?oo\b", "spzoo"),
    Rewrite(r"\b(?:sa|sapi|sab|s de rl)(?: de cv)\b", "sacv"),
    Rewrite(r"\blimited liab[a-z]*(?: [cp][a-z]*)?\b", "llc"),  # also cut off or misspelt at its end
)
#: Two or more initials that stand apart: sorting would bring them together, so such keys are folded again.
SCATTERED_INITIALS = r"\b[a-z]\b.*\b[a-z]\b"
_FORMS = LEGAL_FORMS | GUARDED_FORMS
#: What is left out of the key of a name, by what the name shows about itself.
DROPPED_BESIDE_WORDS = frozenset(_FORMS) | NOISE
DROPPED_BESIDE_FORMS = frozenset(_FORMS) | NOISE | HONORIFICS
DROPPED_OTHERWISE = NOISE | HONORIFICS
_HAS_LETTER = re.compile(r"[a-z0-9]")


@dataclass(frozen=True)
class Name:
    """A party name.

    ``caption`` is for people, ``key`` for comparing, ``tokens`` are the key's words in the order given, ``legal_form``
    the forms found ("co ltd"). ``kind`` is a guess: "organisation" with a legal form, a business word or a digit,
    "person" for two to four plain words or an honorific, else "unknown".
    """

    caption: str
    key: str
    tokens: tuple[str, ...]
    legal_form: str | None
    kind: Kind


def normalize_name(raw: str | None) -> Name | None:
    """Clean and key a party name of any script; None for blanks and for words that mean "no name"."""
    caption = clean(raw or "")
    folded, cjk_form = _fold_name(caption)
    words = _words(folded)
    if not words or is_placeholder(" ".join(words)):
        return None
    core = _core(words)
    key = " ".join(sorted(core))
    while (again := " ".join(sorted(_core(_words(key))))) != key:  # every round drops or joins words: it ends
        key = again
    form = " ".join(dict.fromkeys(_FORMS[word] for word in words if word in _FORMS and word not in core))
    return Name(caption, key, tuple(core), form or cjk_form, "organisation" if cjk_form else _kind(words))


def _fold_name(caption: str) -> tuple[str, str | None]:
    """The folded name, and the legal form that only its own script shows."""
    if caption.isascii():
        return caption.lower(), None
    form = None
    for cjk in CJK_FORMS:
        if cjk in caption and caption != cjk:
            caption, form = caption.replace(cjk, " "), form or cjk
    return fold(caption), form


def _words(folded: str) -> list[str]:
    return [ABBREVIATIONS.get(word, word) for word in rewrite(folded, WORD_RULES).split()]


def _core(words: list[str]) -> list[str]:
    """The words that the key keeps: never none of them."""
    bag = set(words)
    has_form = not bag.isdisjoint(LEGAL_FORMS)
    if not bag.isdisjoint(ORGANISATION_WORDS):
        dropped = DROPPED_BESIDE_WORDS
    else:
        dropped = DROPPED_BESIDE_FORMS if has_form else DROPPED_OTHERWISE
    return [word for word in words if word not in dropped] or words


def _kind(words: list[str]) -> Kind:
    bag = set(words)
    if not (bag.isdisjoint(LEGAL_FORMS) and bag.isdisjoint(ORGANISATION_WORDS)):
        return "organisation"
    if any(char.isdigit() for word in words for char in word):
        return "organisation"
    return "person" if not bag.isdisjoint(HONORIFICS) or 2 <= len(words) <= 4 else "unknown"
