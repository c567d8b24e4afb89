# ruff: noqa: SIM905  (lists of words read better as text)
"""Phones, email addresses and web addresses."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber

from graphinv.normalise.text import clean, fold

#: Regular spellings, read alike on columns; everything else is left to the phonenumbers library. Groups of a North
#: American number: area, exchange, line, extension.
_EXTENSION = r"(?: ?,? ?(?:x|ext|extn|extension|#)[. :]*([0-9]{1,6}))?$"
NANP = r"^(?:\+? ?1[ .-]*)?\(?([2-9][0-9]{2})\)?[ .-]*([2-9][0-9]{2})[ .-]*([0-9]{4})" + _EXTENSION
PLUS = r"^\+[0-9][0-9 .()-]*$"
#: Mobile numbers of the usual trading countries, country code first, without separators.
MOBILES = (
    r"^(?:861[3-9][0-9]{9}|852[5-9][0-9]{7}|8869[0-9]{8}|84[35789][0-9]{8}|905[0-9]{9}|91[6-9][0-9]{9}"
    r"|447[1-57-9][0-9]{8}|8210[0-9]{8}|66[689][0-9]{8}|639[0-9]{9}|65[89][0-9]{7}|81[789]0[0-9]{8}|8801[0-9]{9}"
    r"|923[0-9]{9}|9715[0-9]{8}|33[67][0-9]{8}|34[67][0-9]{8}|79[0-9]{9})$"
)
#: Country codes that the regular North American spelling presumes when a number has no "+".
NANP_COUNTRIES = ("US", "CA", "PR", "VI", "GU")
_NANP, _PLUS, _MOBILES = re.compile(NANP), re.compile(PLUS), re.compile(MOBILES)
NOT_DIGITS = r"[^0-9]+"
#: Ends of numbers that nobody has: one digit throughout the subscriber number, or counting.
DUMMY = r"(?:0{6}|1{7}|2{7}|3{7}|4{7}|5{7}|6{7}|7{7}|8{7}|9{7}|1234567890|0123456789|9876543210)$"
_DUMMY = re.compile(DUMMY)
_INTERNATIONAL_ZEROS = re.compile(r"^(?:00|011)[ -]?(?=[1-9])")

EMAIL = r"^([a-z0-9._%+&/=?^{}~!$*'-]+)@([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,24})$"
_EMAIL = re.compile(EMAIL)
_EMAIL_DRESS = re.compile(r"^.*<([^<>]+)>[^<>]*$|^mailto:")
NO_EMAIL = (
    r"^(?:no|none|noemail|no-?reply|na|n/a|null|unknown|test|x+|a)@"
    r"|@(?:none|na|test|example)\.(?:com|org|net)$"
)
_NO_EMAIL = re.compile(NO_EMAIL)
#: Spellings of one mail service.
SAME_DOMAIN = {"googlemail.com": "gmail.com"}
DOTLESS_DOMAINS = frozenset({"gmail.com"})

WEBSITE = (
    r"^(?:https?:/{0,2})?(?:www[0-9]?\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24})(?::[0-9]+)?"
    r"(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$"
)
_WEBSITE = re.compile(WEBSITE, re.IGNORECASE)
_SHOP_WORDS = frozenset(
    "shop shops store stores str usr seller sellers user users profile people company pages c channel merchant "
    "s sp in".split()
)
_LISTING_WORDS = frozenset(
    "itm item items dp gp product products listing p i watch reel video photo posts search explore share sharer "
    "hashtag".split()
)
#: Parameters that name whoever is paid for the visit.
AFFILIATE_PARAMETERS = frozenset(
    "aff aff_id affid affiliate affiliate_id afid aid partner partner_id pid ref refid ref_id referrer referral rfsn "
    "tag "
    "utm_id clickid click_id subid sub_id sid camp campid campaignid via ad_id pixel fbpixel gtm "
    "ga_id irclickid".split()
)


@dataclass(frozen=True)
class Phone:
    """A telephone number in E.164 ("+13103505922") and the extension dialled behind it."""

    e164: str
    extension: str | None = None

    @property
    def plausible(self) -> bool:
        """Whether the numbering plan has assigned such a number (phonenumbers' metadata)."""
        return phonenumbers.is_valid_number(phonenumbers.parse(self.e164, None))


@dataclass(frozen=True)
class Email:
    """``address`` is the key: lower-case, without plus-tag, for Gmail without dots. ``free_mail``: anyone may have
    an address there, so that a shared domain says nothing."""

    address: str
    domain: str
    free_mail: bool


@dataclass(frozen=True)
class Website:
    """``key`` is the host without "www", with the shop's path on hosts that many share; ``affiliate_ids`` are the
    ``(parameter, value)`` pairs of the query that name a partner or tracker, sorted."""

    key: str
    host: str
    affiliate_ids: tuple[tuple[str, str], ...] = ()


def normalize_phone(raw: str | None, country: str | None = None) -> Phone | None:
    """Read a phone number as dialled in ``country`` (alpha-2; the US when None); None for dummies and fragments."""
    text = fold(clean(raw or ""))
    region = country or "US"
    match = _NANP.match(text)
    if match and (region in NANP_COUNTRIES or text.startswith("+")):
        return _real(Phone("+1" + "".join(match.group(1, 2, 3)), match[4]))
    digits = re.sub(NOT_DIGITS, "", text)
    if _PLUS.match(text) and _MOBILES.match(digits):
        return _real(Phone("+" + digits))
    text = _INTERNATIONAL_ZEROS.sub("+", text)
    if len(text) > 40 or sum(char.isdigit() for char in text) + sum(char.isalpha() for char in text) < 7:
        return None
    numbers = [number for where in dict.fromkeys((region, "US")) if (number := _parse(text, where))]
    abroad = _parse("+" + text, region)  # "86-187..." lost its plus
    if abroad and phonenumbers.is_valid_number(abroad):
        numbers.append(abroad)
    best = next((number for number in numbers if phonenumbers.is_valid_number(number)), None) or next(
        (number for number in numbers if phonenumbers.is_possible_number(number)), None
    )
    if best is None:
        return None
    return _real(Phone(phonenumbers.format_number(best, phonenumbers.PhoneNumberFormat.E164), best.extension or None))


def normalize_email(raw: str | None) -> Email | None:
    """Key an email address, also out of ``Name <address>`` or ``mailto:``; None for anything that is none."""
    text = _EMAIL_DRESS.sub(r"\1", clean(raw or "").lower()).strip(" .,;:<>()[]\"'").replace(" ", "")
    match = _EMAIL.match(text)
    if not match or _NO_EMAIL.search(text) or ".." in match[2]:
        return None
    local, domain = match[1], SAME_DOMAIN.get(match[2], match[2])
    local = local.partition("+")[0] or local
    if domain in DOTLESS_DOMAINS:
        local = local.replace(".", "") or local
    return Email(f"{local}@{domain}", domain, domain in free_mail_domains())


def normalize_website(raw: str | None, shared_hosts: frozenset[str] = frozenset()) -> Website | None:
    """Key a web address. ``shared_hosts`` adds marketplaces of the deployment to the packaged list of hosts on which
    the first part of the path names a shop; listing paths there ("/itm/123") name none and are left out."""
    match = _WEBSITE.match(clean(raw or "").strip(" .,;<>\"'"))
    if not match:
        return None
    host = match[1].lower()
    path = _shop_path(match[2] or "") if host in shared_hosts or is_shared_host(host) else ""
    return Website(host + path, host, _affiliates(match[3] or ""))


def is_shared_host(host: str) -> bool:
    """Whether many shops live on this host, told apart by their path ("instagram.com", "amazon.co.uk")."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in _hosts("shared_hosts.txt") for start in range(len(labels) - 1)) or any(
        f"{label}.*" in _hosts("shared_hosts.txt") for label in labels[-3:-1]
    )


@cache
def free_mail_domains() -> frozenset[str]:
    """Mail services where anyone opens an account."""
    return _hosts("free_mail.txt")


@cache
def _hosts(name: str) -> frozenset[str]:
    text = (files("graphinv.normalise") / "data" / name).read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _parse(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _real(phone: Phone) -> Phone | None:
    return None if _DUMMY.search(phone.e164) else phone


def _shop_path(path: str) -> str:
    parts = [part for part in path.lower().split("/") if part]
    if not parts or parts[0] in _LISTING_WORDS:
        return ""
    if parts[0] in _SHOP_WORDS:
        return "/" + "/".join(parts[:2]) if len(parts) > 1 else ""
    return "/" + parts[0]


def _affiliates(query: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in re.split("[&;]", query))
    return tuple(
        sorted({(name.lower(), value) for name, _, value in pairs if value and name.lower() in AFFILIATE_PARAMETERS})
    )
