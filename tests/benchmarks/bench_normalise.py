# ruff: noqa: SIM905  (lists of words read better as text)
"""How many values a second each normaliser takes, scalar and columnar, beside the library one would use otherwise.

    python -m tests.benchmarks.bench_normalise [--rows 500000]

The values are invented at random, distinct, and dirty in the usual ways; the same seed gives the same values. Wall and
processor seconds differ where several cores work, or where others use the machine. The last line is the time that all
columns of a million shipments take: the budget of an import.
"""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
import polars as pl
import usaddress

from graphinv.normalise import columns
from graphinv.normalise.address_words import SUFFIXES
from graphinv.normalise.addresses import normalize_address, parse_address
from graphinv.normalise.contacts import normalize_email, normalize_phone, normalize_website, skeleton
from graphinv.normalise.given_names import given_names, person_key, person_keys
from graphinv.normalise.goods import normalize_hts
from graphinv.normalise.identifiers import normalize_bank_account, normalize_importer_number
from graphinv.normalise.mids import build_mid
from graphinv.normalise.names import normalize_name, split_names
from graphinv.normalise.places import normalize_country, normalize_port

KEY = b"benchmark"
SYLLABLES = "ba ke li mo nu ra se ti vo wu xi yan zhen gor dal fen hua mar pel qui ros sul tor vik".split()
FORMS = ["LLC", "L.L.C.", "Inc", "Inc.", "Co., Ltd.", "CORP", "Limited", "", "GmbH", "Limited Liability Company"]
TRADES = "Trading Import Export Logistics Electronics Home Goods Sports Fashion Supply Intl Trdg".split()
STREETS = sorted(SUFFIXES)
MARKS = ["DBA", "d/b/a", "t/a", "a.k.a.", "formerly"]
HAN = "深圳市 广州 义乌市 华强 旺诚 隆宝兴 电子 科技 贸易 进出口 有限公司".split()
UNITS = ["", "", "", "Apt {}", "STE. {}", ", Suite {}", " #{}", ", Unit {}B"]
DIRECTIONS = ["", "", "", "N ", "South ", "W. "]
PLACES = [("Houston", "TX", "77083"), ("Los Angeles", "CA", "90028"), ("Ridgewood", "NY", "11386"),
          ("Fort Lauderdale", "FL", "33305"), ("Denver", "CO", "80248"), ("Reno", "NV", "89501")]  # fmt: skip


@dataclass(frozen=True)
class Timing:
    """Values a second of one way to do a thing."""

    what: str
    way: str
    values: int
    seconds: float
    processor: float

    def __str__(self) -> str:
        rate = self.values / self.seconds
        what = f"{self.what:<16}{self.way:<28}{self.values:>10,}"
        return f"{what}{self.seconds:>8.2f} s{self.processor:>8.2f} s{rate:>13,.0f} /s"


class Values:
    """Invented values of every kind."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - invented values, no secrets

    def word(self) -> str:
        return "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 3))).title()

    def name(self) -> str:
        if self.random.random() < 0.4:
            name = self.random.choice(["{0} {1}", "{1}, {0}", "{0} {2}. {1}"]).format(self.word(), self.word(), "K")
        else:
            name = f"{self.word()} {self.word()} {self.random.choice(TRADES)} {self.random.choice(FORMS)}"
        return self.dirty(name)

    def dirty(self, text: str) -> str:
        chance = self.random.random()
        if chance < 0.3:
            return text.upper()
        if chance < 0.32:
            return text.replace("a", "á", 1)
        return text + " " if chance < 0.35 else text

    def marked_name(self) -> str:
        return f"{self.name()} {self.random.choice(MARKS)} {self.name()}"

    def han_name(self) -> str:
        return "".join(self.random.choices(HAN, k=4)) + "有限公司"

    def person(self) -> str:
        return f"{self.random.choice(sorted(given_names()))} {self.word().lower()}"

    def dirty_phone(self) -> str:
        """Two numbers in a field, labels, letters: what only the scalar code reads."""
        one, other = self.phone(), self.phone()
        return self.random.choice([f"{one} / {other}", f"Tel: {one}", f"{one}, fax {other}", "1-800-FLOWERS"])

    def address(self) -> tuple[str | None, ...]:
        unit = self.random.choice(UNITS).format(self.random.randint(1, 3000))
        house, direction = self.random.randint(1, 19999), self.random.choice(DIRECTIONS)
        street = f"{house} {direction}{self.word()} {self.random.choice(STREETS)}"
        city, state, zip5 = self.random.choice(PLACES)
        postal = self.random.choice([zip5, zip5, zip5, f"{zip5}-{self.random.randint(1000, 9999)}", None])
        line2 = unit.strip(" ,") or None if self.random.random() < 0.5 else None
        line1 = self.dirty(street if line2 else f"{street} {unit}")
        if self.random.random() < 0.02:
            line1, line2 = f"PO Box {self.random.randint(1, 9999)}", None
        place: tuple[str | None, ...] = (self.dirty(city), state, postal, "US")
        if self.random.random() < 0.03:
            place = (None, None, None, "US")
        return line1, line2, *place

    def shipper_address(self) -> tuple[str | None, ...]:
        line = f"No. {self.random.randint(1, 2000)} {self.word()} Road"
        if self.random.random() < 0.5:
            line += f", Room {self.random.randint(101, 2999)}"
        return self.dirty(line), None, self.word(), None, None, "CN"

    def phone(self) -> str:
        area, line = self.random.randint(201, 989), self.random.randint(2_000_000, 9_999_999)
        text = str(line)
        form = self.random.choice(["+1 {} {} {}", "({}) {}-{}", "{}-{}-{}", "{}{}{}", "1-{}-{}-{} x12"])
        if self.random.random() < 0.1:
            return f"+86 139 {self.random.randint(10_000_000, 99_999_999)}"
        if self.random.random() < 0.03:
            return f"+49 30 {self.random.randint(1_000_000, 9_999_999)}"
        return form.format(area, text[:3], text[3:])

    def email(self) -> str:
        domain = self.random.choice(["gmail.com", "outlook.com", "163.com", f"{self.word().lower()}.com"])
        tag = "+shop" if self.random.random() < 0.1 else ""
        return self.dirty(f"{self.word()}.{self.word()}{self.random.randint(1, 99999)}{tag}@{domain}")

    def website(self) -> str:
        if self.random.random() < 0.2:
            return f"https://{self.word().lower()}{self.word().lower()}.com/?ref={self.random.randint(1, 9999)}"
        return f"https://www.market.example/itm/{self.random.randint(1, 10**9)}"

    def number(self) -> str:
        digits = f"{self.random.randint(10**8, 10**9 - 1)}"
        if self.random.random() < 0.4:
            return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
        return f"{digits[:2]}-{digits[2:]}{self.random.choice(['00', '01', 'A1'])}"


def timed(what: str, way: str, values: int, run: Callable[[], object]) -> Timing:
    start, processor = time.perf_counter(), time.process_time()
    run()
    timing = Timing(what, way, values, time.perf_counter() - start, time.process_time() - processor)
    print(timing, flush=True)
    return timing


def series(values: Sequence[str | None]) -> pl.Series:
    return pl.Series("value", values, dtype=pl.String)


def each(function: Callable[..., Any], values: Sequence[Any]) -> Callable[[], object]:
    def run() -> None:
        for value in values:
            function(value)

    return run


def parse_phone(raw: str) -> str | None:
    """The same with phonenumbers alone."""
    try:
        number = phonenumbers.parse(raw, "US")
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if possible else None


def addresses_frame(rows: Sequence[tuple[str | None, ...]]) -> pl.DataFrame:
    names = ("line1", "line2", "city", "state", "postal_code", "country")
    return pl.DataFrame(list(rows), schema=dict.fromkeys(names, pl.String), orient="row")


def scalars(make: Values, count: int) -> None:
    """Every scalar normaliser, and the alternatives."""
    names, addresses = [make.name() for _ in range(count)], [make.address() for _ in range(count)]
    lines = [" ".join(part for part in row if part) for row in addresses]
    phones, emails, sites = ([getattr(make, kind)() for _ in range(count)] for kind in ("phone", "email", "website"))
    numbers = [make.number() for _ in range(count)]
    normalize_address(*addresses[0])  # the tables of places and names are read on the first call
    normalize_name(names[0])
    given_names()
    timed("name", "normalize_name", count, each(normalize_name, names))
    timed("name, two", "normalize_name", count, each(normalize_name, [make.marked_name() for _ in range(count)]))
    timed("name, two", "split_names", count, each(split_names, [make.marked_name() for _ in range(count)]))
    timed("name, Chinese", "normalize_name", count, each(normalize_name, [make.han_name() for _ in range(count)]))
    people = [make.person() for _ in range(count)]
    timed("person", "person_key", count, each(person_key, people))
    timed("person", "person_keys", count, lambda: person_keys(series(people)))
    timed("address", "normalize_address", count, each(lambda row: normalize_address(*row), addresses))
    timed("address", "parse_address (one string)", count, each(parse_address, lines))
    few = lines[: count // 20]
    timed("address", "usaddress.tag alone", len(few), each(tag_address, few))
    timed("phone", "normalize_phone", count, each(normalize_phone, phones))
    timed("phone, dirty", "normalize_phone", count, each(normalize_phone, [make.dirty_phone() for _ in range(count)]))
    timed("phone", "phonenumbers alone", count, each(parse_phone, phones))
    timed("email", "normalize_email", count, each(normalize_email, emails))
    timed("website", "normalize_website", count, each(normalize_website, sites))
    timed("website", "skeleton", count, each(skeleton, [f"{make.word()}-{make.word()}.co.uk" for _ in range(count)]))
    timed("bank account", "normalize_bank_account", count, each(normalize_bank_account, numbers))
    timed(
        "importer number",
        "normalize_importer_number",
        count,
        each(lambda raw: normalize_importer_number(raw, KEY), numbers),
    )
    timed("mid", "build_mid", count, each(lambda name: build_mid(name, "No. 12 Renmin Road", "Yiwu", "CN"), names))
    timed("hts", "normalize_hts", count, each(normalize_hts, ["8517.13.0000"] * count))
    timed("country", "normalize_country", count, each(normalize_country, ["P.R. China"] * count))
    timed("port", "normalize_port", count, each(normalize_port, ["2704"] * count))


def tag_address(text: str) -> object:
    """The same with usaddress alone."""
    try:
        return usaddress.tag(text)
    except usaddress.RepeatedLabelError:
        return None


def million_shipments(make: Values, rows: int) -> tuple[float, float]:
    """All columns of a million shipments, ``rows`` distinct consignees among them; wall, processor seconds."""
    shippers, contacts = rows // 10, rows * 2 // 5
    names, addresses = (
        series([make.name() for _ in range(rows)]),
        addresses_frame([make.address() for _ in range(rows)]),
    )
    makers = series([make.name() for _ in range(shippers)])
    maker_addresses = addresses_frame([make.shipper_address() for _ in range(shippers)])
    phones, emails = series([make.phone() for _ in range(contacts)]), series([make.email() for _ in range(contacts)])
    sites, numbers = series([make.website() for _ in range(rows)]), series([make.number() for _ in range(contacts)])
    mids = maker_addresses.select("city", "country", address="line1").with_columns(
        name=makers, manufacturer_id=pl.lit("CNABCDEF12SHE")
    )
    codes = series(["8517.13.0000", "950300", "6402.91.50.20", None] * (rows // 2))
    timings = [
        timed("name", "name_columns", rows, lambda: columns.name_columns(names)),
        timed("address", "address_columns", rows, lambda: columns.address_columns(addresses)),
        timed("shipper name", "name_columns", shippers, lambda: columns.name_columns(makers)),
        timed("shipper address", "address_columns", shippers, lambda: columns.address_columns(maker_addresses)),
        timed("mid", "mid_columns", shippers, lambda: columns.mid_columns(mids)),
        timed("phone", "phone_columns", contacts, lambda: columns.phone_columns(phones)),
        timed("email", "email_columns", contacts, lambda: columns.email_columns(emails)),
        timed("website", "website_columns", rows, lambda: columns.website_columns(sites)),
        timed(
            "importer number",
            "importer_number_columns",
            contacts,
            lambda: columns.importer_number_columns(numbers, KEY),
        ),
        timed("hts", "hts_columns", len(codes), lambda: columns.hts_columns(codes)),
    ]
    return sum(timing.seconds for timing in timings), sum(timing.processor for timing in timings)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=500_000, help="distinct consignees among a million shipments")
    parser.add_argument("--scalars", type=int, default=20_000, help="values for each scalar function")
    options = parser.parse_args()
    make = Values(7)
    scalars(make, options.scalars)
    wall, processor = million_shipments(make, options.rows)
    print(f"\nA million shipments' columns: {wall:.1f} s, {processor:.1f} s of processors")


if __name__ == "__main__":
    main()
