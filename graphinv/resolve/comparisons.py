"""The table of comparisons: what of two parties is compared, and how much agreement counts as which level.

One table for everything: training, batch resolution, the look-up's candidates, explanations, and the settings for
Splink. Levels are ordered from the strongest agreement to none; the first that holds is the pair's level. A comparison
where one side has nothing has no level and adds nothing: thin data is no evidence against anyone.

Fellegi and Sunter, A Theory for Record Linkage, JASA 64 (1969).
"""

from dataclasses import dataclass
from enum import IntEnum


class Attribute(IntEnum):
    """What a party declares, in the order of ``Parties.attributes``."""

    NAME = 0
    ADDRESS = 1
    PHONE = 2
    EMAIL = 3
    WEBSITE = 4
    NUMBER = 5
    OFFICER = 6
    BANK_ACCOUNT = 7
    MID = 8
    COUNTRY = 9
    BIRTH_DATE = 10

    @property
    def field(self) -> str:
        """What ``Declared`` and ``Asked`` call its values."""
        return _FIELDS[self]


_FIELDS = (
    "names", "addresses", "phones", "emails", "websites", "numbers", "officers", "bank_accounts", "mids", "countries",
    "birth_dates",
)  # fmt: skip


@dataclass(frozen=True)
class Level:
    """How much two values agree.

    ``rarity`` says which count of users corrects the weight (term frequency): that of the ``value``, of its ``part``
    (the building of an address, the host or domain of a contact), or none. ``sql`` is the level's condition in Splink.
    ``m`` and ``u`` are where training starts: how often two records of one party, and of two parties, agree so.
    ``fixed`` says that training may make ``m`` smaller and never larger: firms with other names that share contacts are
    linked, not one party, however often that happens.
    """

    name: str
    meaning: str
    sql: str
    m: float
    u: float
    rarity: str = "none"
    fixed: bool = False


@dataclass(frozen=True)
class Comparison:
    """One line of the table. ``filled`` is the SQL condition for both sides having something to compare."""

    name: str
    attribute: Attribute
    levels: tuple[Level, ...]
    filled: str


#: Likeness (Jaro-Winkler) from which officers' names and streets count as misspelt.
CLOSE = 0.92
#: A word of a name may be misspelt by a letter from so many letters on, by two from LONG_WORD on.
TYPING_WORD, LONG_WORD = 4, 7
#: Share of common words from which two addresses without a common key count as alike.
ALIKE_WORDS = 0.6
#: Share from which they have at least something in common.
SOME_WORDS = 0.25
#: That many words in common, at least: a city, its province and nothing else is no address.
ENOUGH_WORDS = 4
#: A word of a name is rare when at most this share of the parties (and at least three) have it.
RARE_WORD = 1e-4

VALUE, PART, NONE = "value", "part", "none"


def _same(column: str) -> str:
    return f"{column}_l = {column}_r"


def _close(column: str) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {CLOSE}"


def _resembling(*, initials: bool) -> str:
    """``word_likeness.words_alike`` of ``name_said``: the words of a name, a person's with usual given names."""
    ours, theirs = "string_split(name_said_l, ' ')", "string_split(name_said_r, ' ')"
    shorter = "least(length(v), length(w))"
    edits = "damerau_levenshtein(v, w)"
    near = (
        f"(v = w OR (({shorter} >= {LONG_WORD} AND {edits} <= 2 OR {shorter} >= {TYPING_WORD} AND {edits} <= 1) "
        "AND NOT regexp_matches(concat(v, w), '[0-9]')))"
    )
    any_of = f"({near} OR {shorter} = 1 AND v[1] = w[1])" if initials else near

    def covered(some: str, others: str) -> str:
        bare = f"len(list_filter({some}, lambda v: len(list_filter({others}, lambda w: {any_of})) = 0)) = 0"
        solid = f"len(list_filter({some}, lambda v: len(list_filter({others}, lambda w: {near})) > 0)) > 0"
        return f"{bare} AND {solid}"

    enough = f"least(len({ours}), len({theirs})) >= 2"
    if not initials:
        enough = f"({enough} OR len({ours}) = len({theirs}))"
    there = f"(len({ours}) > len({theirs}) OR {covered(ours, theirs)})"
    back = f"(len({theirs}) > len({ours}) OR {covered(theirs, ours)})"
    return f"{enough} AND {there} AND {back}"


def _contained(column: str) -> str:
    common = f"len(list_intersect({column}_l, {column}_r))"
    return f"{common} >= 2 AND {common} = least(len({column}_l), len({column}_r))"


def _filled(column: str) -> str:
    return f"{column}_l IS NOT NULL AND {column}_r IS NOT NULL"


#: Firms are compared as firms, and with names of no known kind; who may be a person is compared as one.
_FIRMS = (
    "('organisation' IN (coalesce(name_kind_l, ''), coalesce(name_kind_r, '')) "
    "AND 'person' NOT IN (coalesce(name_kind_l, ''), coalesce(name_kind_r, '')))"
)
_PERSONS = f"NOT {_FIRMS}"
_SAME_BUILDING = "building_key_l = building_key_r"
_OTHER_BUILDING = "coalesce(building_key_l <> building_key_r, true)"
_ONE_UNIT_MISSING = f"{_SAME_BUILDING} AND ((unit_key_l IS NULL) <> (unit_key_r IS NULL))"
_SAME_PLACE = "(postal_code_l = postal_code_r OR locality_l = locality_r)"
_WORDS_ALIKE = (
    f"{_OTHER_BUILDING} AND len(list_intersect(address_words_l, address_words_r)) >= {ENOUGH_WORDS} "
    f"AND len(list_intersect(address_words_l, address_words_r)) >= {ALIKE_WORDS} "
    "* len(list_distinct(list_concat(address_words_l, address_words_r)))"
)
_SOME_WORDS = (
    "len(list_intersect(address_words_l, address_words_r)) >= 2 "
    f"AND len(list_intersect(address_words_l, address_words_r)) >= {SOME_WORDS} "
    "* len(list_distinct(list_concat(address_words_l, address_words_r)))"
)
_STREET_CLOSE = (
    "split_part(building_key_l, ' ', 1) = split_part(building_key_r, ' ', 1) AND "
    "jaro_winkler_similarity(split_part(building_key_l, '|', 1), split_part(building_key_r, '|', 1)) "
    f">= {CLOSE} AND {_OTHER_BUILDING} AND {_SAME_PLACE}"
)
_BIRTH_CLOSE = "levenshtein(birth_date_l, birth_date_r) <= 1"
_ONE_LETTER = "levenshtein(name_said_l, name_said_r) <= 1"
_INITIALS = "list_contains(name_initials_l, name_key_r) OR list_contains(name_initials_r, name_key_l)"

COMPARISONS: tuple[Comparison, ...] = (
    Comparison("person_name", Attribute.NAME, (
        Level("same", "the same name once folded", _same("name_key"), 0.6, 1e-5, VALUE),
        Level("nickname", "the same but for usual short forms of given names", _same("name_alike"), 0.06, 2e-6),
        Level("initials", "the same but for a given name written as an initial", _INITIALS, 0.05, 2e-6),
        Level("contained", "all words of the shorter name are in the longer one", _contained("name_words"), 0.08, 5e-6),
        Level("close", "its words are spelt alike, shortened or initials", _resembling(initials=True), 0.1, 2e-5),
        Level("one_letter", "one letter more, less or other", _ONE_LETTER, 0.04, 1e-4),
        Level("different", "other names; a family name in common is nothing", "", 1e-5, 0.9998, fixed=True),
    ), f"{_filled('name_key')} AND {_PERSONS}"),
    Comparison("firm_name", Attribute.NAME, (
        Level("same", "the same name once folded, without legal forms", _same("name_key"), 0.6, 1e-5, VALUE),
        Level("joined", "the same but for spaces", _same("name_alike"), 0.04, 1e-6),
        Level("contained", "all words of the shorter name are in the longer one", _contained("name_words"), 0.1, 2e-5),
        Level("close", "its words are spelt alike", _resembling(initials=False), 0.12, 1e-5),
        Level("rare_word", "a word in common that hardly anyone has",
              "len(list_intersect(name_rare_words_l, name_rare_words_r)) >= 1", 0.06, 2e-5),
        Level("different", "other names", "", 1e-5, 0.9998, fixed=True),
    ), f"{_filled('name_key')} AND {_FIRMS}"),
    Comparison("address", Attribute.ADDRESS, (
        Level("same", "the same building and unit, or both without a unit",
              f"{_SAME_BUILDING} AND coalesce(unit_key_l, '') = coalesce(unit_key_r, '')", 0.6, 5e-5, VALUE),
        Level("unit_missing", "the same building, the unit told by one side only", _ONE_UNIT_MISSING, 0.08, 2e-5, PART),
        Level("close_street", "one street misspelt, in the same place", _STREET_CLOSE, 0.06, 2e-5),
        Level("alike", "most words of the address in common", _WORDS_ALIKE, 0.06, 1e-5),
        Level("other_unit", "the same building, another unit", _SAME_BUILDING, 0.03, 2e-5, PART),
        Level("same_place", "the same city or postal code", _SAME_PLACE, 0.08, 0.02),
        Level("some_words", "some words of the address in common", _SOME_WORDS, 0.03, 2e-3),
        Level("different", "another place", "", 0.09, 0.978),
    ), f"{_filled('address_given')}"),
    Comparison("phone", Attribute.PHONE, (
        Level("same", "the same number", _same("phone"), 0.7, 1e-5, VALUE),
        Level("one_digit", "one digit differs or is missing", "levenshtein(phone_l, phone_r) <= 1", 0.03, 1e-5),
        Level("different", "another number", "", 0.27, 0.99998),
    ), _filled("phone")),
    Comparison("email", Attribute.EMAIL, (
        Level("same", "the same mailbox", _same("email"), 0.7, 1e-5, VALUE),
        Level("same_domain", "another mailbox of the same own domain", _same("email_domain"), 0.08, 1e-5, PART),
        Level("same_local", "the same mailbox name at another provider", _same("email_local"), 0.04, 2e-5),
        Level("different", "another mailbox", "", 0.18, 0.9999),
    ), _filled("email")),
    Comparison("website", Attribute.WEBSITE, (
        Level("same", "the same site or shop", _same("website"), 0.8, 1e-5, VALUE),
        Level("different", "another site", "", 0.2, 0.99999),
    ), _filled("website")),
    Comparison("number", Attribute.NUMBER, (
        Level("same", "the same importer or tax number", _same("number"), 0.9, 1e-6, VALUE),
        Level("different", "another number", "", 0.1, 0.999999),
    ), _filled("number")),
    Comparison("officer", Attribute.OFFICER, (
        Level("same", "an officer of the same name", _same("officer"), 0.7, 2e-5, VALUE),
        Level("close", "an officer whose name differs in a few letters", _close("officer"), 0.1, 2e-4),
        Level("different", "other officers", "", 0.2, 0.9998),
    ), _filled("officer")),
    Comparison("bank_account", Attribute.BANK_ACCOUNT, (
        Level("same", "the same bank account", _same("bank_account"), 0.8, 1e-5, VALUE),
        Level("different", "another account", "", 0.2, 0.99999),
    ), _filled("bank_account")),
    Comparison("mid", Attribute.MID, (
        Level("same", "the same manufacturer id", _same("mid"), 0.6, 1e-4, VALUE),
        Level("different", "another manufacturer id", "", 0.4, 0.9999),
    ), _filled("mid")),
    Comparison("country", Attribute.COUNTRY, (
        Level("same", "the same country", _same("country"), 0.98, 0.5),
        Level("different", "another country", "", 0.02, 0.5),
    ), _filled("country")),
    Comparison("birth_date", Attribute.BIRTH_DATE, (
        Level("same", "born on the same day", _same("birth_date"), 0.85, 1e-4, VALUE),
        Level("close", "one digit of the day of birth differs", _BIRTH_CLOSE, 0.06, 2e-3),
        Level("different", "born on another day", "", 0.09, 0.998),
    ), _filled("birth_date")),
)  # fmt: skip

#: Most levels of a comparison: the width of the table of weights.
MOST_LEVELS = max(len(comparison.levels) for comparison in COMPARISONS)
