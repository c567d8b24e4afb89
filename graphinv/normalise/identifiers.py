"""Numbers that identify importers: importer numbers, tax ids, bank accounts.

Importer numbers have the three forms of CBP Form 5106 (19 CFR 24.5): an employer identification number (EIN)
``NN-NNNNNNN`` with a suffix of two characters, a social security number ``NNN-NN-NNNN``, a number assigned by CBP
``YYDDPP-NNNNN``. Social security numbers leave this module only as keyed hashes.
"""

import re
from dataclasses import dataclass
from typing import Literal

from graphinv.normalise.hashing import HASHED_PREFIX, MASKED_NUMBER, hash_nine_digits
from graphinv.normalise.text import clean, fold

NumberKind = Literal["ein", "ssn", "cbp_assigned", "other"]

#: The forms, on upper-case text whose dashes are hyphens. Order matters; nine digits in any other grouping are an SSN.
EIN = r"^([0-9]{2})[ -]?([0-9]{7})[ -]?([0-9][0-9A-Z]|[A-Z][0-9A-Z])$|^([0-9]{2})[ -]([0-9]{7})$"
CBP_ASSIGNED = r"^([0-9]{6})[ -]([0-9]{5})$"
NINE_DIGITS = r"^[0-9]{9}$"
OTHER = r"^[0-9A-Z]{6,20}$"
SEPARATORS = r"[ ./_-]+"
_EIN, _CBP_ASSIGNED, _NINE, _OTHER, _SEPARATORS = (
    re.compile(pattern) for pattern in (EIN, CBP_ASSIGNED, NINE_DIGITS, OTHER, SEPARATORS)
)
#: What people write before a number ("EIN", "Tax ID no."), and the end that a spreadsheet gives it.
LABEL = (
    r"^(?:(?:SSN|FEIN|EIN|ITIN)[ .:#-]*|(?:SS|SOCIAL SECURITY|IRS|TIN|TAX|TAX ?ID|TAXPAYER|IOR|CBP|IMPORTER)[ .:#-]+)"
    r"(?:(?:NO|NUMBER|NUM|NBR|ID)[ .:#-]+)*"
)
SPREADSHEET_END = r"[0-9]\.0$"
_LABEL, _SPREADSHEET_END = re.compile(LABEL), re.compile(SPREADSHEET_END)
_ACCOUNT_LABEL = re.compile(
    r"^(?:IBAN[ .:#-]*|(?:BANK )?(?:ACCOUNT|ACCT|ACC|A/C)[ .:#-]*(?:(?:NO|NUMBER|NUM|NBR)[ .:#-]+)?(?=[ 0-9]))"
)
#: An SSN among other words, or one whose leading zero a spreadsheet dropped: never to be stored as it stands.
HIDDEN_SSN = r"(?:^|[^0-9])[0-9]{3}[ -][0-9]{2}[ -][0-9]{4}(?:[^0-9]|$)"
SHORT_SSN = r"^[0-9]{8}$"
_HIDDEN_SSN, _SHORT_SSN = re.compile(HIDDEN_SSN), re.compile(SHORT_SSN)
#: Nobody's number: one digit throughout.
DUMMY_NUMBER = r"^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|X+)$"
_DUMMY = re.compile(DUMMY_NUMBER)
_HASHED = re.compile(rf"^{HASHED_PREFIX}[0-9a-f]{{24}}$")
_MASK = re.compile(r"[*•●]|[xX]{3}")
_MIN_ACCOUNT_DIGITS = 8


@dataclass(frozen=True)
class ImporterNumber:
    """``key`` compares (no separators, upper case; SSNs hashed), ``shown`` may be displayed (SSNs masked)."""

    kind: NumberKind
    key: str
    shown: str


def normalize_importer_number(raw: str | None, hash_key: bytes) -> ImporterNumber | None:
    """Key an importer number; None for blanks, dummies and masked values.

    Nine digits in any grouping but an EIN's are a social security number, also without separators: on a Form 5106 an
    EIN carries its suffix, and hashing an EIN too many does no harm (``ein_hash`` still finds it), storing an SSN does.
    A key that is hashed already comes back as it is.
    """
    text = clean(raw or "")
    if _HASHED.match(text):
        return ImporterNumber("ssn", text, MASKED_NUMBER)
    text = _LABEL.sub("", fold(text).upper())
    if _SPREADSHEET_END.search(text):
        text = text.removesuffix(".0")
    if hidden := _HIDDEN_SSN.search(text):
        text = "".join(char for char in hidden[0] if char.isdigit())
    bare = _SEPARATORS.sub("", text)
    if _SHORT_SSN.match(bare):
        bare = bare.zfill(9)
    if not _OTHER.match(bare) or _DUMMY.match(bare) or not any(char.isdigit() for char in bare):
        return None
    if _EIN.match(text):
        return ImporterNumber("ein", bare, f"{bare[:2]}-{bare[2:]}")
    if _NINE.match(bare):
        return ImporterNumber("ssn", hash_nine_digits(hash_key, bare), f"***-**-{bare[-4:]}")
    if _CBP_ASSIGNED.match(text):
        return ImporterNumber("cbp_assigned", bare, f"{bare[:6]}-{bare[6:]}")
    return ImporterNumber("other", bare, text)


def normalize_tax_id(raw: str | None, hash_key: bytes) -> ImporterNumber | None:
    """The same for tax ids: US forms as above, foreign ones (a Chinese 18-character code) as "other"."""
    return normalize_importer_number(raw, hash_key)


def ein_hash(number: ImporterNumber, hash_key: bytes) -> str | None:
    """The hash that an EIN's nine base digits would get as a bare number; None for any other number.

    An EIN written without dash and suffix looks like an SSN and is hashed like one: this finds it again.
    """
    return hash_nine_digits(hash_key, number.key[:9]) if number.kind == "ein" else None


def normalize_bank_account(raw: str | None) -> str | None:
    """Letters and digits of an account (IBAN, or routing and account number), upper case.

    None when part of it is masked (``*``, ``XXX``) or fewer than eight digits are left: what remains would fit many.
    """
    text = fold(clean(raw or "")).upper() if not _MASK.search(raw or "") else ""
    bare = re.sub(r"[^0-9A-Z]", "", _ACCOUNT_LABEL.sub("", text))
    if sum(char.isdigit() for char in bare) < _MIN_ACCOUNT_DIGITS or len(bare) > 40 or _DUMMY.match(bare):
        return None
    return bare
