# ruff: noqa: SIM905  (lists of words read better as text)
"""Phones, email addresses and web addresses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber

from graphinv.normalise.text import clean, fold

#: Regular spellings, read alike on columns; everything else is left to the phonenumbers library. Groups of a North
#: American number: area, exchange, line, extension.
_EXTENSION = r"(?: ?[,;]? ?(?:x|ext|extn|extension|#)[. :=]*([0-9]{1,6}))?$"
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
_INTERNATIONAL_ZEROS = re.compile(r"^[+( ]*(?:00|011)[) .-]*(?=[1-9])")
#: What every North American number looks like: neither area nor exchange begins with 0 or 1.
_NANP_SHAPE = re.compile(r"^\+1(?:[2-9][0-9]{2}){2}[0-9]{4}$")
_LABEL = re.compile(
    r"^(?:(?:tele?|tel no|phone|phone no|ph|mobile|mob|cell|office|home|whatsapp|wechat|fax|t|m)[.:# ]+)+"
)
#: Where a second number may begin; a comma before an extension is none.
_NEXT_NUMBER = re.compile(r"[/;|&]| or | and |,(?! ?e?x)")
_FIRST_OF_TWO = re.compile(NANP.removesuffix(_EXTENSION) + r"(?= [ (+0-9-]{9})")
_VANITY = re.compile(r"^(?:\+? ?1[ .-]*)?\(?(8[0-9]{2})\)?[ .-]*((?:[a-z][ .-]?){7,12})$")
_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
#: Numbers that the called firm pays for: many customers call them, and call centres share them.
TOLL_FREE = (
    r"^\+(?:18(?:00|33|44|55|66|77|88)|44(?:800|808)|49800|33800|34[89]00|39800|31800|86(?:400|800)|852800|81(?:120|800)"
    r"|82080|61(?:1300|1800)|55800|52800|90800|911800|800)"
)
_TOLL_FREE = re.compile(TOLL_FREE)

EMAIL = r"^([a-z0-9._%+&/=?^{}~!$*'-]+)@([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}))$"
_EMAIL = re.compile(EMAIL)
_EMAIL_DRESS = re.compile(r"^.*?<([^<>]*@[^<>]*)>.*$|^(?:(?:e-?mail|mail|mailto) ?: ?)+")
_AT = re.compile(r" *(?:[(\[{<]at[)\]}>]|\(a\)|\uff20| at ) *")
_DOT = re.compile(r" *(?:[(\[{<](?:dot|punkt|punto)[)\]}>]|\uff0e| dot ) *")
NO_EMAIL = (
    r"^(?:no|none|noe?-?mail|no\.?email|no-?reply|do-?not-?reply|na|n/a|null|unknown|notprovided|not\.?available|test|asdf"
    r"|x+)@|^a@a\.|@(?:no|none|na|noemail|nomail|test|xx+|example|domain|email)\.(?:com|org|net)$"
)
_NO_EMAIL = re.compile(NO_EMAIL)
#: Spellings of one mail service, and slips of the pen that are no service of their own.
SAME_DOMAIN = {
    "googlemail.com": "gmail.com", "gmail.con": "gmail.com", "gmail.comm": "gmail.com", "gmail.cmo": "gmail.com",
    "hotmail.con": "hotmail.com", "yahoo.con": "yahoo.com", "outlook.con": "outlook.com", "icloud.con": "icloud.com",
}  # fmt: skip
#: Services that deliver "ann.reed@" and "annreed@" to one mailbox.
DOTLESS_DOMAINS = frozenset({"gmail.com"})
#: Services that deliver "ann+shop@" to ann; elsewhere such an address may be somebody else's.
TAGGED_DOMAINS = frozenset(
    "gmail.com outlook.com hotmail.com live.com msn.com icloud.com me.com mac.com proton.me protonmail.com pm.me "
    "fastmail.com fastmail.fm yandex.ru yandex.com ya.ru zoho.com hey.com".split()
)

WEBSITE = (
    r"^(?:https?:/{0,2})?(?:www[0-9]?\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:xn--[a-z0-9-]{2,59}|[a-z]{2,24}))(?::[0-9]+)?"
    r"(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$"
)
_WEBSITE = re.compile(WEBSITE, re.IGNORECASE)
_HOST = re.compile(r"(?<![^/])[^/?#:@]+\.[^/?#:@]+")
_SHOP_WORDS = frozenset(
    "shop shops store stores str usr seller sellers user users profile people company pages c channel merchant "
    "s sp in".split()
)
_LISTING_WORDS = frozenset(
    "itm item items dp gp product products listing p i watch reel video photo posts search explore share sharer "
    "hashtag".split()
)
#: First labels of hosts that rent out pages ("sites.host.example/shop"), and what their own pages are called.
_SHOP_LABELS = frozenset("shops shop stores store sites sellers members users pages mall".split())
_PAGE_WORDS = frozenset(
    "about account all blog cart catalog catalogue categories category checkout collection collections contact en faq "
    "help home index login men new news order orders policies sale search shipping shoes terms uk us women".split()
)
#: Second labels under a country's domain ("firm.co.uk").
_SECOND_LEVEL = frozenset("co com net org gov edu ac or ne".split())
_LOOK_ALIKE = str.maketrans("01i", "oll")
#: Letters of other scripts that nobody tells from a Latin one (Unicode Technical Standard 39 calls them confusable).
_TWINS = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u04cf\u043a"
    "\u03b1\u03bf\u03bd\u03c1\u03b9\u03ba\u03c5\u03c7\u03f2\u0585\u057d\u0570\u0581\u0566\u0261\u0251\u0131",
    "aeopcyxijshdqwlkaovpikuxcouhgqgai",
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

    @property
    def toll_free(self) -> bool:
        """Whether the called firm pays; such a number may be a call centre's for many firms."""
        return _TOLL_FREE.match(self.e164) is not None


@dataclass(frozen=True)
class Email:
    """``address`` is the key: lower-case, without plus-tag and dots where the service ignores them. ``free_mail``:
    anyone may have an address there, so that a shared domain says nothing."""

    address: str
    domain: str
    free_mail: bool

    @property
    def local(self) -> str:
        """What stands before the at sign: people keep it when they change the service."""
        return self.address.rpartition("@")[0]


@dataclass(frozen=True)
class Website:
    """``key`` is the host without "www", with the shop's path on hosts that many share; ``affiliate_ids`` are the
    ``(parameter, value)`` pairs of the query that name a partner or tracker, sorted."""

    key: str
    host: str
    affiliate_ids: tuple[tuple[str, str], ...] = ()


def normalize_phone(raw: str | None, country: str | None = None) -> Phone | None:
    """Read a phone number as dialled in ``country`` (alpha-2; the US when None); None for dummies and fragments.

    Of several numbers in one text the first that can be read.
    """
    text = fold(clean(raw or ""))
    region = country or "US"
    if (phone := _regular(text, region)) is not None:
        return _real(phone)
    candidates = (_one_phone(part, region) for part in _numbers_in(_LABEL.sub("", text)))
    return next((phone for phone in candidates if phone), None)


def _regular(text: str, region: str) -> Phone | None:
    """A number in one of the spellings that columns read too."""
    match = _NANP.match(text)
    if match and (region in NANP_COUNTRIES or text.startswith("+")):
        return Phone("+1" + "".join(match.group(1, 2, 3)), match[4])
    digits = re.sub(NOT_DIGITS, "", text)
    return Phone("+" + digits) if _PLUS.match(text) and _MOBILES.match(digits) else None


def _numbers_in(text: str) -> list[str]:
    """The numbers of a text, each with its extension. A mark before the eighth digit is part of a number."""
    for mark in _NEXT_NUMBER.finditer(text):
        if sum(char.isdigit() for char in text[: mark.start()]) >= 8:
            return [text[: mark.start()].strip(), *_numbers_in(text[mark.end() :].strip())]
    first = _FIRST_OF_TWO.match(text)
    return [first[0], *_numbers_in(text[first.end() :].strip())] if first else [text]


def _one_phone(text: str, region: str) -> Phone | None:
    if (phone := _regular(text, region)) is not None:
        return _real(phone)
    if vanity := _VANITY.match(text):
        letters = re.sub("[^a-z]", "", vanity[2])
        return _real(Phone(f"+1{vanity[1]}{letters[:7].translate(_KEYPAD)}"))
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
    """Key an email address, also out of ``Name <address>``, ``mailto:`` or ``ann (at) firm (dot) com``, the first of
    several; None for anything that is none."""
    local, at, domain = _bare_email(clean(raw or "").lower()).rpartition("@")
    match = _EMAIL.match(local + at + _in_ascii(domain))
    if not match or _NO_EMAIL.search(match[0]) or ".." in match[2]:
        return None
    local, domain = match[1], SAME_DOMAIN.get(match[2], match[2])
    if domain in TAGGED_DOMAINS:
        local = local.partition("+")[0] or local
    if domain in DOTLESS_DOMAINS:
        local = local.replace(".", "") or local
    return Email(f"{local}@{domain}", domain, domain in free_mail_domains())


def _bare_email(text: str) -> str:
    if "@" not in text:
        text = _DOT.sub(".", _AT.sub("@", text, count=1))
    text = _EMAIL_DRESS.sub(r"\1", text)
    if text.count("@") > 1:
        text = next((part for part in re.split("[;,/| ]+", text) if part.count("@") == 1), text)
    return re.sub(r"(@[^?]*)\?.*", r"\1", text).strip(" .,;:<>()[]\"'").replace(" ", "")


def normalize_website(raw: str | None) -> Website | None:
    """Key a web address. On the packaged hosts of many shops the first part of the path names the shop; listing paths
    there ("/itm/123") name none and are left out. A marketplace that the list lacks is one site with many users."""
    text = clean(raw or "").strip(" .,;<>\"'")
    match = _WEBSITE.match(text if text.isascii() else _HOST.sub(lambda host: _in_ascii(host[0]), text, count=1))
    if not match:
        return None
    host = match[1].lower()
    path = _shop_path(match[2] or "") if is_shared_host(host) else _rented_path(host, match[2] or "")
    return Website(host + path, host, _affiliates(match[3] or ""))


def is_shared_host(host: str) -> bool:
    """Whether many shops live on this host, told apart by their path ("instagram.com", "amazon.co.uk")."""
    labels = host.split(".")
    return any(".".join(labels[start:]) in _hosts("shared_hosts.txt") for start in range(len(labels) - 1)) or any(
        f"{label}.*" in _hosts("shared_hosts.txt") for label in labels[-3:-1]
    )


def tells_shops_apart(host: str) -> bool:
    """Whether the path of a web address on this host may belong to its key."""
    return is_shared_host(host) or _rents_pages(host)


def _rents_pages(host: str) -> bool:
    """Whether the host's name says that shops have pages there ("sites.host.example")."""
    labels = host.split(".")
    return len(labels) > 2 and labels[0] in _SHOP_LABELS and labels[1] not in _SECOND_LEVEL


def registrable(host: str) -> str:
    """The part of a host's name that one owner rents: "mail.firm.co.uk" is firm.co.uk's. Where anybody may have a
    subdomain ("firm.myshopify.com") each is somebody's own."""
    labels = host.split(".")
    owned = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    rented = _hosts("subdomain_hosts.txt")
    among = next((size for size in range(2, len(labels)) if ".".join(labels[-size:]) in rented), owned - 1)
    return ".".join(labels[-max(owned, among + 1) :])


def skeleton(domain: str) -> str:
    """What is left of a domain for the eye, for finding look-alikes: "vvalm-art.co" and "walmart.com" are one.

    Characters that look alike are one (rn and m, vv and w, 0 and o, 1 and i and l, letters of other scripts and the
    Latin ones they look like; where a name has other such letters, too, the ones they are read as), hyphens, dots,
    "www" and the top-level domain are gone. Weak evidence: short names agree by chance.
    """
    host = (
        fold(".".join(map(_untwinned, in_letters(domain.strip().lower()).split(".")))).removeprefix("www.").strip(".")
    )
    labels = host.split(".")
    if len(labels) > 1:
        country_code = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
        labels = labels[: -2 if country_code else -1]
    return re.sub("[^a-z0-9]", "", "".join(labels)).translate(_LOOK_ALIKE).replace("rn", "m").replace("vv", "w")


def _untwinned(label: str) -> str:
    """The Latin name that a label passes for; itself where it does not pass for one."""
    passed = unicodedata.normalize("NFKC", label).translate(_TWINS)
    return passed if passed.isascii() else label


def in_letters(host: str) -> str:
    """A host's name as people see it, where it is written for machines ("xn--...")."""
    labels = host.split(".")
    try:
        return ".".join(
            label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label for label in labels
        )
    except UnicodeError:
        return host


def _in_ascii(host: str) -> str:
    """A host's name written for machines; as it is where that cannot be."""
    try:
        return host if host.isascii() else host.lower().encode("idna").decode()
    except UnicodeError:
        return host


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
    misshapen = phone.e164.startswith("+1") and not _NANP_SHAPE.match(phone.e164)
    return None if misshapen or _DUMMY.search(phone.e164) else phone


def _shop_path(path: str) -> str:
    parts = [part for part in path.lower().split("/") if part]
    if not parts or parts[0] in _LISTING_WORDS:
        return ""
    if parts[0] in _SHOP_WORDS:
        return "/" + "/".join(parts[:2]) if len(parts) > 1 else ""
    return "/" + parts[0]


def _rented_path(host: str, path: str) -> str:
    """The path that tells a shop on a host that rents out pages, as far as host and path show it."""
    page = path.strip("/").lower()
    rented = _rents_pages(host) and re.fullmatch("[a-z0-9_-]{3,}", page) and page not in _PAGE_WORDS | _LISTING_WORDS
    return f"/{page}" if rented else ""


def _affiliates(query: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in re.split("[&;]", query))
    return tuple(
        sorted({(name.lower(), value) for name, _, value in pairs if value and name.lower() in AFFILIATE_PARAMETERS})
    )
