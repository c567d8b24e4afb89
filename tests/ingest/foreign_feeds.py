"""A folder of feeds as other hands write them, and a second, plain opinion on what becomes of each of its rows.

The folder holds all seven feeds in every format, dirty in every way that a sender manages. ``Ledger`` judges every row
as it is written, one by one, from the published rules alone: nothing but the counts' type comes from the project.
"""

import csv
import gzip
import io
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from graphinv.ingest import FeedCounts

Row = dict[str, str | None]
Written = list[Row | bytes]

#: Columns as published: * required, @ a date, # a number, ! may be a social security number, =a|b a closed list.
FEEDS = {
    "importers": "importer_number*! name* dba company_type address_line1 address_line2 city state postal_code country "
    "mailing_address phone email website officer_name registered_on@ known_at@",
    "shipments": "shipment_id* filed_at*@ master_bill entry_number entry_type arrived_on@ "
    "mode=air|express|mail|truck|rail|vessel port_code carrier filer_code importer_number! consignee_name "
    "consignee_address_line1 consignee_address_line2 consignee_city consignee_state consignee_postal_code "
    "consignee_country consignee_phone consignee_email shipper_name shipper_address shipper_city shipper_country "
    "manufacturer_id platform seller_id listing_url description hts origin_country quantity# weight_kg# value_usd# "
    "known_at@",
    "sellers": "platform* seller_id* display_name legal_name address_line1 address_line2 city state postal_code "
    "country phone email tax_id! bank_account website opened_on@ verified_on@ known_at@",
    "seizures": "seizure_id* seized_on*@ shipment_id importer_number! platform seller_id "
    "category=ipr|narcotics|pharmaceuticals|consumer_safety|forced_labor|other commodity hts quantity# unit msrp_usd# "
    "port_code mode=air|express|mail|truck|rail|vessel status=seized|detained|released|forfeited status_on@ known_at@",
    "inspections": "inspection_id* inspected_on*@ shipment_id* selection=random|targeted|referral "
    "result*=compliant|violation|seized port_code known_at@",
    "watchlist": "list* entry_id* name* aliases kind country address hts_prefixes effective_on@ ended_on@ "
    "reference_url known_at@",
    "trusted": "importer_number*! program* tier scope_hts scope_origins vetted_on*@ expires_on@ vetted_by known_at@",
}
KEYS = {"importers": 1, "shipments": 1, "sellers": 2, "seizures": 1, "inspections": 1, "watchlist": 2, "trusted": 2}

#: Dates that are days or moments of ISO 8601, and dates that are none.
DAYS = ("2025-03-04", "2024-02-29", "20250304", "2025-03-04T10:11:12Z", "2025-03-04 10:11", "2025-03-04T23:59:59+05:30")
NO_DAYS = ("2025-02-29", "04/03/2025", "March 4", "0000-00-00", "2025-13-01", "N/A", "2025-03-04T25:00:00Z")
POSITIVE = ("0", "12", "3.75", "1,250.00", "-0", "1e3")
NEGATIVE = ("-1", "-0.01", "-1,250.00", "\N{MINUS SIGN}7", "-2e2")
TEXTS = (
    "Quillmere Trading LLC", 'Pipe 5" Works', "Harrow, Lindqvist & Co", "Дубрава ООО", "晨光贸易有限公司", "O'Nial",
    "two\nlines", 'said "so", twice', "=SUM(A1)", "\N{NO-BREAK SPACE}padded ", "null", "e\N{COMBINING ACUTE ACCENT}tal",
)  # fmt: skip


@dataclass(frozen=True)
class Col:
    """One column of a feed, read from its letter code."""

    name: str
    required: bool
    kind: str
    codes: tuple[str, ...]


def columns_of(feed: str) -> list[Col]:
    """The columns of a feed."""
    found = []
    for word in FEEDS[feed].split():
        head, _, codes = word.partition("=")
        kind = "=" if codes else next((mark for mark in "@#!" if mark in head), "")
        found.append(Col(re.sub(r"\W", "", head), "*" in head, kind, tuple(codes.split("|")) if codes else ()))
    return found


def is_moment(text: str) -> bool:
    """Whether a date is one, by Python's own reader of ISO 8601."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@dataclass
class Ledger:
    """What must become of every row written, by the published rules."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: {feed: Counter() for feed in FEEDS})
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    _contents: set[tuple[str, ...]] = field(default_factory=set)

    def enter(self, feed: str, row: Row | bytes) -> None:
        """Judge one row; bytes are a line that is no row."""
        count = self.counts[feed]
        count["read"] += 1
        fault = "broken" if isinstance(row, bytes) else self._fault(feed, row)
        if fault:
            count["quarantined"] += 1
            self.refused[feed, fault] += 1
            return
        assert isinstance(row, dict)
        content = (feed, *(said(row, col) for col in columns_of(feed)))
        count["duplicate" if content in self._contents else "accepted"] += 1
        if content not in self._contents:
            self.versions[feed + ":" + "/".join(content[1 : 1 + KEYS[feed]])] += 1
        self._contents.add(content)

    def _fault(self, feed: str, row: Row) -> str:
        columns = columns_of(feed)
        for col in columns:
            if col.required and not said(row, col):
                return col.name
        for col in columns:
            value = said(row, col)
            if value and (
                (col.kind == "@" and col.required and not is_moment(value))
                or (col.kind == "#" and re.match(r"[-\N{MINUS SIGN}].*[1-9]", value) is not None)
                or (col.kind == "=" and value.lower() not in col.codes)
            ):
                return col.name
        return ""

    def feeds(self) -> dict[str, FeedCounts]:
        """The accounting that a load must print."""
        return {
            feed: FeedCounts(one["read"], one["accepted"], one["duplicate"], one["quarantined"])
            for feed, one in self.counts.items()
        }


def said(row: Row, col: Col) -> str:
    """What a cell says: trimmed, and nine digits in any grouping of a social security number as one."""
    value = (row.get(col.name) or "").strip()
    if col.kind == "!" and re.fullmatch(r"\d{3}([ -]?)\d{2}[ -]?\d{4}", value):
        return "ssn " + re.sub(r"\D", "", value)
    return value


class Sender:
    """Writes the folder: rows from a seeded generator, every file in another dress, the ledger kept alongside."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.ledger = Ledger()
        self.numbers: set[str] = set()
        self._draw = random.Random(seed)  # noqa: S311 - the same folder for the same seed
        self._sent: dict[str, list[Row]] = {feed: [] for feed in FEEDS}
        self._serial = 0

    def write_all(self, rows_a_file: int) -> None:
        """Every feed in every dress, and the files that are no feeds."""
        for feed in FEEDS:
            self._csv(f"{feed}.csv", feed, self._rows(feed, rows_a_file))
            self._csv(f"inbox/{feed}_more.csv", feed, self._rows(feed, rows_a_file), bom=True, crlf=True, shuffle=True)
            self._csv(f"{feed}-2026-01.csv.gz", feed, self._rows(feed, rows_a_file), quote_all=True, odd_header=True)
            self._json(f"inbox/deep/er/{feed}_daily.jsonl", feed, self._rows(feed, rows_a_file))
            self._json(f"{feed}.2025.jsonl.gz", feed, self._rows(feed, rows_a_file))
            self._parquet(f"{feed}-2026-01.parquet", feed, self._rows(feed, rows_a_file), typed=False)
            self._parquet(f"inbox/{feed}-2026-02.parquet", feed, self._rows(feed, rows_a_file), typed=True)
        self._put("sellers-empty.csv", b"")
        self._put("trusted-header.csv", ",".join(col.name for col in columns_of("trusted")).encode() + b"\r\n")
        for name in ("README.txt", "totals.csv", "inbox/mailing-list.jsonl", ".importers.csv.swp"):
            self._put(name, b"importer_number,name\n55-5555555,Nobody\n")

    def _rows(self, feed: str, count: int) -> Written:
        """New rows, rows sent before, new versions of them, and bad ones, in no order."""
        rows = [self._row(feed) for _ in range(count)]
        for row in rows[: count // 3]:
            self._spoil(feed, row)
        old = self._sent[feed]
        repeated = [dict(self._draw.choice(old)) for _ in range(count // 4)] if old else []
        changed = [dict(row) for row in rows[: count // 6]]
        optional = [col.name for col in columns_of(feed) if not col.required and not col.kind]
        for row in changed:
            row[self._draw.choice(optional)] = f"changed {self._draw.random():.6f}"
        twins = [dict(row) for row in rows[-count // 6 :]]
        old.extend(rows)
        mixed: Written = [*rows, *repeated, *changed, *twins]
        self._draw.shuffle(mixed)
        return mixed

    def _row(self, feed: str) -> Row:
        self._serial += 1
        row: Row = {}
        for at, col in enumerate(columns_of(feed)):
            if col.required or self._draw.random() < 0.6:
                row[col.name] = self._value(col, key=at < KEYS[feed])
        return row

    def _value(self, col: Col, *, key: bool) -> str:
        draw = self._draw
        if col.kind == "!":
            return self._number()
        if col.kind == "@":
            return draw.choice(DAYS) if col.required or draw.random() < 0.8 else draw.choice(NO_DAYS)
        if col.kind == "#":
            return draw.choice((*POSITIVE, "a few"))
        if col.kind == "=":
            code = draw.choice(col.codes)
            return draw.choice((code, code.upper(), f" {code.title()} "))
        return f"K{self._serial}/ü" if key else f"{draw.choice(TEXTS)} {draw.randrange(9)}"

    def _number(self) -> str:
        """An EIN, a number that CBP assigned, or a social security number in one of its spellings."""
        draw = self._draw
        nine = f"{draw.randrange(900_000_000, 999_999_999)}"
        spelling = draw.randrange(7)
        if spelling >= 4:
            self.numbers.add(nine)
        area, group, serial = nine[:3], nine[3:5], nine[5:]
        return (
            f"{nine[:2]}-{nine[2:]}", f"{nine[:2]}-{nine[2:]}00", f"{nine[:2]}{nine[2:]}AB", f"{nine[:6]}-{nine[4:]}",
            f"{area}-{group}-{serial}", nine, f" {area} {group} {serial} ",
        )[spelling]  # fmt: skip

    def _spoil(self, feed: str, row: Row) -> None:
        """Make one cell bad: some of what is bad is no reason to refuse a row."""
        col = self._draw.choice(columns_of(feed))
        bad = {"@": NO_DAYS, "#": NEGATIVE, "=": ("hovercraft", "seized?", "air;mail")}.get(col.kind, ("", "  ", "\t"))
        row[col.name] = self._draw.choice((*bad, ""))

    def _put(self, name: str, content: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)

    def _note(self, feed: str, rows: Written) -> None:
        for row in rows:
            self.ledger.enter(feed, row)

    def _csv(
        self,
        name: str,
        feed: str,
        rows: Written,
        *,
        bom: bool = False,
        crlf: bool = False,
        shuffle: bool = False,
        quote_all: bool = False,
        odd_header: bool = False,
    ) -> None:
        columns = columns_of(feed)
        if shuffle:  # other order, and some optional columns are not there
            columns = [col for col in columns if col.required or self._draw.random() < 0.8]
            self._draw.shuffle(columns)
        names = [col.name for col in columns]
        rows = [{key: value for key, value in row.items() if key in names} for row in rows if isinstance(row, dict)]
        head = [f" {one.upper()} " for one in names] if odd_header else names
        lines: list[bytes] = [csv_line([*head, "internal_ref"], quote_all, crlf)]
        for row in rows:
            assert isinstance(row, dict)
            lines.append(csv_line([*(row.get(one) or "" for one in names), "x"], quote_all, crlf))
        tag = name.encode()
        commas = b"," * len(names)
        bad = [b"torn," + tag, b'"' + tag + b",never closed" + commas, b'"a"' + tag + commas, tag + b"," * 60]
        for line in bad:
            lines.insert(self._draw.randrange(1, len(lines) + 1), line + (b"\r\n" if crlf else b"\n"))
        lines.insert(self._draw.randrange(1, len(lines) + 1), b"\r\n" if crlf else b"\n")
        body = b"".join(lines).rstrip(b"\r\n")
        self._put(name, b"\xef\xbb\xbf" + body if bom else body)
        damaged = [
            {key: value and value.replace("null ", "nu\N{REPLACEMENT CHARACTER}ll ") for key, value in row.items()}
            for row in rows
            if isinstance(row, dict)
        ]
        self._note(feed, [*damaged, *bad])

    def _json(self, name: str, feed: str, rows: Written) -> None:
        lines: list[bytes] = []
        for row in rows:
            assert isinstance(row, dict)
            cells: dict[str, object] = {key: as_json(value) for key, value in row.items()}
            self._draw.shuffle(items := list(cells.items()))
            text = json.dumps(dict(items) | {"batch": {"no": 7}}, ensure_ascii=self._draw.random() < 0.5)
            lines.append(text.encode())
        bad = [b"{", b"[1, 2]", b'{"name": NaN}', b'"only text"', b"null"]
        for line in (*bad, b"", b"   "):
            lines.insert(self._draw.randrange(len(lines) + 1), line)
        self._put(name, b"\n".join(lines))
        self._note(feed, [*rows, *bad])

    def _parquet(self, name: str, feed: str, rows: Written, *, typed: bool) -> None:
        """Parquet as a database writes it; ``typed``: dates, moments and numbers have types of their own."""
        whole = [dict(row) for row in rows if isinstance(row, dict)]
        series = []
        for col in columns_of(feed):
            column = typed_column(col, len(whole)) if typed and col.kind in ("@", "#") else None
            if column is None:
                column = pl.Series(col.name, [row.get(col.name) for row in whole], dtype=pl.String)
            else:
                for row, value in zip(whole, column, strict=True):
                    row[col.name] = as_text(value)
            series.append(column)
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame([*series, pl.Series("audit_user", range(len(whole)))]).write_parquet(path)
        self._note(feed, list(whole))


def csv_line(cells: list[str], quote_all: bool, crlf: bool) -> bytes:
    """One record; a byte that is no UTF-8 text stands where a cell says ``null``."""
    text = io.StringIO()
    csv.writer(
        text, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator="\r\n" if crlf else "\n"
    ).writerow(cells)
    return text.getvalue().encode().replace(b"null ", b"nu\xffll ")


def typed_column(col: Col, height: int) -> pl.Series:
    """Amounts, some of them negative; moments with a zone where a date is required, else days; some are missing."""
    if col.kind == "#":
        return pl.Series(col.name, [at * 0.5 - 1 for at in range(height)])
    moments = [datetime(2025, 1, 1 + at % 28, at % 24, tzinfo=UTC) if at % 9 else None for at in range(height)]
    if col.required or col.name == "known_at":
        return pl.Series(col.name, moments, dtype=pl.Datetime("us", "UTC"))
    return pl.Series(col.name, [moment.date() if moment else None for moment in moments], dtype=pl.Date)


def as_text(value: datetime | date | float | None) -> str | None:
    """A typed cell as a CSV file would write it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, date):
        return value.isoformat()
    return None if value is None else f"{value:g}"


def as_json(value: str | None) -> object:
    """Numbers as numbers where that says the same."""
    return int(value) if value and re.fullmatch(r"[1-9]\d{0,8}|0", value) else value
