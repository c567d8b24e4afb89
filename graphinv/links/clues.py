"""What a question gives to hold on to: its values normalised into the uids that the index knows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from graphinv.links.question import AddressQuestion, PartyQuestion
from graphinv.load.claims import address_uid
from graphinv.normalise.addresses import Address, normalize_address, parse_address
from graphinv.normalise.contacts import (
    Website,
    normalize_email,
    normalize_phone,
    normalize_website,
    registrable,
    tells_shops_apart,
)
from graphinv.normalise.goods import hts6
from graphinv.normalise.hashing import opaque_id
from graphinv.normalise.identifiers import (
    ImporterNumber,
    ein_hash,
    normalize_bank_account,
    normalize_importer_number,
    normalize_tax_id,
)
from graphinv.normalise.mids import parse_mid
from graphinv.normalise.names import Name, normalize_name
from graphinv.normalise.places import normalize_country, normalize_port
from graphinv.normalise.text import fold, is_placeholder
from graphinv.resolve.asked import Asked, AskedAddress
from graphinv.resolve.identities import importer_uid, seller_uid


@dataclass(frozen=True)
class Clue:
    """One value: the claim it makes, the node it would be, how to show it, the field it came in, and its ``key``, by
    which it is compared."""

    claim: str
    uid: str
    shown: str
    field: str
    key: str = ""


@dataclass(frozen=True)
class Clues:
    """A question, normalised. ``numbers`` are keys of tax and importer numbers that are no nodes; ``unusable`` are the
    fields in which a value normalised to nothing, ``given`` those that hold something usable, in the order of the
    question's. ``listed_at`` are hosts of listings where not many sell, as far as their names tell."""

    name: Name | None
    country: str | None
    addresses: tuple[Address, ...]
    number: ImporterNumber | None
    numbers: tuple[str, ...]
    values: tuple[Clue, ...]
    sellers: tuple[Clue, ...]
    shippers: tuple[Name, ...]
    unusable: tuple[str, ...]
    given: tuple[str, ...]
    listed_at: tuple[str, ...] = ()

    @cached_property
    def asked(self) -> Asked:
        """The values as the match model takes them."""
        values: dict[str, list[str]] = {}
        for clue in self.values:
            values.setdefault(clue.claim, []).append(clue.key)
        names = () if self.name is None else ((self.name.key, self.name.kind),)
        also = () if self.name is None else tuple((key, "organisation") for key in self.name.also)
        return Asked(
            names=names + also,
            addresses=tuple(
                AskedAddress(one.building_key, one.unit_key, one.locality, one.postal_code, one.caption)
                for one in self.addresses
            ),
            phones=tuple(values.get("HAS_PHONE", ())),
            emails=tuple(values.get("HAS_EMAIL", ())),
            websites=tuple(clue.key for clue in self.values if clue.field == "websites"),
            numbers=self.numbers,
            officers=tuple(values.get("HAS_OFFICER", ())),
            bank_accounts=tuple(values.get("PAID_TO", ())),
            countries=() if self.country is None else (self.country,),
        )


def read_clues(question: PartyQuestion, hash_key: bytes) -> Clues:
    """Normalise every value of a question; what normalises to nothing is named in ``unusable``."""
    country = normalize_country(question.country) if question.country else None
    addresses = tuple(_address(item) for item in question.addresses)
    number = normalize_importer_number(question.importer_number, hash_key) if question.importer_number else None
    name = normalize_name(question.name) if question.name else None
    shippers = tuple(map(normalize_name, question.shippers))
    tax_ids = [normalize_tax_id(text, hash_key) for text in question.tax_ids]
    listings = [normalize_website(text) for text in question.listing_urls]
    values: dict[str, list[Clue | None]] = {
        "phones": [_phone(text, country) for text in question.phones],
        "emails": [_email(text) for text in question.emails],
        "websites": [_website(text) for text in question.websites],
        "bank_accounts": [_bank_account(text) for text in question.bank_accounts],
        "officers": [_officer(text) for text in question.officers],
        "manufacturer_ids": [_manufacturer(text) for text in question.manufacturer_ids],
    }
    found = [
        *(_place(address) for address in addresses),
        *chain.from_iterable(map(_affiliates, listings)),
        *chain.from_iterable(values.values()),
        *(_shipper(shipper) for shipper in filter(None, shippers)),
        _broker(question.filer_code),
    ]
    read: dict[str, Sequence[object]] = {
        "name": [name], "importer_number": [number], "addresses": addresses, "shippers": shippers,
        **values, **_read_besides(question), "tax_ids": tax_ids, "listing_urls": listings,
    }  # fmt: skip
    unusable, given = _usable(question, read)
    return Clues(
        name=name,
        country=country or next((address.country for address in addresses if address and address.country), None),
        addresses=tuple(address for address in addresses if address is not None),
        number=number,
        numbers=_number_keys([*tax_ids, number], hash_key),
        values=tuple(dict.fromkeys(clue for clue in found if clue is not None)),
        sellers=tuple(_seller(item.platform, item.seller_id) for item in question.sellers),
        shippers=tuple(filter(None, shippers)),
        unusable=unusable,
        given=given,
        listed_at=_listed_at(question, listings),
    )


def number_uid(number: ImporterNumber) -> str:
    """The uid an importer with this number has."""
    return importer_uid(number.key)


def building_uid(address: Address) -> str | None:
    """The uid of the building that holds an address."""
    return _address_uid(address.building_key, None)


def _address(item: str | AddressQuestion) -> Address | None:
    """An address that names something; "UNKNOWN" does not."""
    read = (
        parse_address(item)
        if isinstance(item, str)
        else normalize_address(
            item.address_line1, item.address_line2, item.city, item.state, item.postal_code, item.country
        )
    )
    said = fold(" ".join(re.findall(r"\w+", read.caption))) if read is not None else ""
    return None if is_placeholder(said) else read


def _address_uid(building: str | None, unit: str | None) -> str | None:
    return None if building is None else address_uid(building, unit)


def _place(address: Address | None) -> Clue | None:
    uid = None if address is None else _address_uid(address.building_key, address.unit_key)
    return (
        None
        if uid is None or address is None
        else Clue("LOCATED_AT", uid, address.caption, "addresses", address.caption)
    )


def _phone(text: str, country: str | None) -> Clue | None:
    phone = normalize_phone(text, country)
    return None if phone is None else Clue("HAS_PHONE", f"phone:{phone.e164}", phone.e164, "phones", phone.e164)


def _email(text: str) -> Clue | None:
    email = normalize_email(text)
    return (
        None if email is None else Clue("HAS_EMAIL", f"email:{email.address}", email.address, "emails", email.address)
    )


def _website(text: str) -> Clue | None:
    website = normalize_website(text)
    return (
        None if website is None else Clue("HAS_WEBSITE", f"website:{website.key}", website.key, "websites", website.key)
    )


def _affiliates(website: Website | None) -> list[Clue]:
    told = [] if website is None else [f"{website.host}?{name}={value}" for name, value in website.affiliate_ids]
    return [Clue("HAS_WEBSITE", f"website:{text}", text, "listing_urls") for text in told]


def _listed_at(question: PartyQuestion, listings: Sequence[Website | None]) -> tuple[str, ...]:
    """Hosts of the listings but for marketplaces, known ones and those that the question's sellers are on."""
    platforms = {item.platform.strip().lower() for item in question.sellers}
    hosts = (site.host for site in listings if site is not None and not tells_shops_apart(site.host))
    return tuple(dict.fromkeys(host for host in hosts if registrable(host).partition(".")[0] not in platforms))


def _bank_account(text: str) -> Clue | None:
    account = normalize_bank_account(text)
    if account is None:
        return None
    return Clue("PAID_TO", opaque_id("bank:", account), f"account …{account[-4:]}", "bank_accounts", account)


def _officer(text: str) -> Clue | None:
    name = normalize_name(text)
    if name is None:
        return None
    return Clue("HAS_OFFICER", opaque_id("officer:", name.key), name.caption, "officers", name.key)


def _manufacturer(text: str) -> Clue | None:
    mid = parse_mid(text)
    return None if mid is None else Clue("SOURCES_FROM", f"mid:{mid.key}", mid.key, "manufacturer_ids")


def _shipper(name: Name) -> Clue:
    """Shippers are told apart by name and country; without one the name is looked up among candidates instead."""
    return Clue("SUPPLIED_BY", f"name:{name.key}", name.caption, "shippers")


def _broker(code: str | None) -> Clue | None:
    text = (code or "").strip().upper()
    return Clue("USES_BROKER", f"broker:{text}", text, "filer_code") if text else None


def _seller(platform: str, seller_id: str) -> Clue:
    return Clue("BUYS_FROM", seller_uid(platform, seller_id), f"{seller_id.strip()} on {platform.strip()}", "sellers")


def _number_keys(read: Sequence[ImporterNumber | None], hash_key: bytes) -> tuple[str, ...]:
    """Keys under which parties may have declared one of these numbers, hashed or not."""
    numbers = [number for number in read if number is not None]
    keys = [*(number.key for number in numbers), *(ein_hash(number, hash_key) for number in numbers)]
    return tuple(dict.fromkeys(key for key in keys if key))


def _read_besides(question: PartyQuestion) -> dict[str, list[object]]:
    """What is read of the fields that name no value by themselves, by text; None where that is nothing."""
    return {
        "country": [normalize_country(question.country)],
        "origin_country": [normalize_country(question.origin_country)],
        "port_code": [normalize_port(question.port_code)],
        "hts": [hts6(text) for text in question.hts],
    }


def _usable(question: PartyQuestion, read: Mapping[str, Sequence[object]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields in which a value normalises to nothing, and those given of which something usable is left."""
    given = question.given()
    left = {
        field: sum(value is not None for value in values)
        for field, values in read.items()
        if field in given and any(value is None for value in values)
    }
    partly = (field for field, count in left.items() if count < _told(getattr(question, field)))
    return tuple(partly), tuple([field for field in given if left.get(field, 1)])


def _told(values: object) -> int:
    """How many values a field holds, blank ones left out."""
    texts = values if isinstance(values, list) else [values]
    return sum(bool(text.strip()) if isinstance(text, str) else True for text in texts)
