"""CSV files: what is a record, what is a broken line, and that neither depends on how a file is cut into pieces."""

import io
from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.errors import FeedError
from graphinv.ingest import csv_reader, csv_records
from graphinv.ingest.csv_reader import CsvHeader, headerless, read_csv, read_header
from graphinv.ingest.pieces import LINE, BrokenLine
from tests.ingest import csv_oracle


def read(content: bytes, block_bytes: int = 1 << 20) -> tuple[dict[int, tuple[str | None, ...]], list[BrokenLine]]:
    """Fields of the good records by their line, and the broken lines."""
    header = read_header(io.BytesIO(content))
    assert header is not None
    rows: dict[int, tuple[str | None, ...]] = {}
    broken: list[BrokenLine] = []
    for piece in read_csv(io.BytesIO(content), header, "test", block_bytes):
        parsed = piece.parse()
        fields = parsed.rows.select(*header.names)
        cells = (tuple(cell or None for cell in row) for row in fields.iter_rows())
        rows.update(zip(parsed.rows[LINE], cells, strict=True))
        broken += parsed.broken
    return rows, sorted(broken, key=lambda one: one.line)


DIRTY = st.lists(
    st.sampled_from(
        [
            b"a",
            b"b c",
            b",",
            b",",
            b",",
            b'"',
            b'""',
            b'"x"',
            b"\n",
            b"\n",
            b"\r\n",
            b" ",
            b"\xc3\xa9",
            b"\xff",
            b"\x00",
            b"\x1a",
            b'","',
            b'"a\nb"',
            b"1,2,3\n",
            b'"p","q","r"\n',
        ]
    ),
    max_size=60,
).map(b"".join)


@settings(max_examples=600, deadline=None)
@given(body=DIRTY, block_bytes=st.integers(1, 40))
def test_dirty_files_read_as_the_plain_rules_say_however_they_are_cut(body: bytes, block_bytes: int) -> None:
    expected = csv_oracle.records(body, width=3)
    for size in (block_bytes, 1 << 20):
        rows, broken = read(b"a,b,c\n" + body, size)
        good = {one.line: tuple(field or None for field in one.fields) for one in expected if one.fields is not None}
        assert rows == good
        assert [(one.line, one.text) for one in broken] == [
            (one.line, one.text) for one in expected if one.fields is None
        ]


CELL = st.text(alphabet="ab ,\"\n'é5", max_size=6)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=20), always=st.booleans())
def test_what_a_csv_library_writes_is_read_back(rows: list[tuple[str, str, str]], always: bool) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abc", pl.String), orient="row")
    text = frame.write_csv(quote_style="always" if always else "necessary")
    found, broken = read(text.encode())
    assert not broken
    assert list(found.values()) == [tuple(cell or None for cell in row) for row in sorted_like(found, rows, text)]


def sorted_like(found: Iterable[int], rows: list[tuple[str, str, str]], text: str) -> list[tuple[str, str, str]]:
    """The rows in the order in which the reader hands them on: those over several lines come last."""
    lines = [one.line for one in csv_oracle.records(text.split("\n", 1)[1].encode(), 3)]
    by_line = dict(zip(lines, rows, strict=True))
    return [by_line[line] for line in found]


def test_a_broken_line_leaves_its_neighbours_alone() -> None:
    rows, broken = read(b'a,b,c\n1,2,3\n4,"5,6\n7,8,9\n1,2\n"x\ny",2,3\n"ab"c,2,3\n1,2,3,4\n0,0,0\n')
    assert rows == {2: ("1", "2", "3"), 4: ("7", "8", "9"), 6: ("x\ny", "2", "3"), 10: ("0", "0", "0")}
    assert [(one.line, one.text, one.reason) for one in broken] == [
        (3, '4,"5,6', "unbalanced quote"),
        (5, "1,2", "2 fields instead of 3"),
        (8, '"ab"c,2,3', "unbalanced quote"),
        (9, "1,2,3,4", "4 fields instead of 3"),
    ]


def test_a_stray_quote_does_not_swallow_the_whole_lines_behind_it() -> None:
    rows, broken = read(b'a,b,c\n1,"2,3\n4,5,6\n7",8,9\n')
    assert rows == {3: ("4", "5", "6"), 4: ('7"', "8", "9")}
    assert [(one.line, one.text) for one in broken] == [(2, '1,"2,3')]


def test_inches_are_text() -> None:
    assert read(b'a,b,c\n5" PIPE,2,3\n4,6"x8",5\n')[0] == {2: ('5" PIPE', "2", "3"), 3: ("4", '6"x8"', "5")}


def test_a_quote_that_never_closes_is_given_up_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "MAX_RECORD_BYTES", 50)
    rows, broken = read(b'a,b,c\n"open,2,3\n' + b"1,2,3\n" * 100, block_bytes=64)
    assert len(rows) == 100
    assert [one.line for one in broken] == [2]


def test_a_byte_order_mark_windows_line_ends_and_a_missing_last_one_change_nothing() -> None:
    plain = read(b'a,b,c\n1,"x\ny",3\n4,5,6\n')
    assert read(b'\xef\xbb\xbfa,b,c\r\n1,"x\r\ny",3\r\n4,5,6') == plain


def test_header_names_are_trimmed_and_without_case_and_may_be_quoted() -> None:
    header = read_header(io.BytesIO(b'\n\n" Shipment_ID ",FILED_AT\n'))
    assert header == CsvHeader(("shipment_id", "filed_at"), lines=3, size=27)


@pytest.mark.parametrize("content", [b"", b"\n\r\n", b"\xef\xbb\xbf \n"])
def test_a_file_of_nothing_has_no_header(content: bytes) -> None:
    assert read_header(io.BytesIO(content)) is None
    assert headerless(io.BytesIO(content), ("a",)) is None


def test_of_two_columns_with_one_name_the_first_counts() -> None:
    header = read_header(io.BytesIO(b"a,a,b\n"))
    assert header is not None
    (piece,) = read_csv(io.BytesIO(b"a,a,b\n1,2,3\n"), header, "test")
    assert piece.parse().rows.drop(LINE).rows(named=True) == [{"a": "1", "b": "3"}]


def test_damaged_bytes_are_counted_and_the_rest_of_the_value_is_kept() -> None:
    content = b"a,b\nM\xfcnchen,\x00x\n"
    header = read_header(io.BytesIO(content))
    assert header is not None
    (piece,) = read_csv(io.BytesIO(content), header, "test")
    parsed = piece.parse()
    assert parsed.rows.drop(LINE).row(0) == ("M\N{REPLACEMENT CHARACTER}nchen", "x")
    assert parsed.damaged == 2


def test_a_line_without_an_end_is_no_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_reader, "_MAX_LINE_BYTES", 1000)
    with pytest.raises(FeedError, match="line 2 does not end"):
        list(read_csv(io.BytesIO(b"a,b\n" + b"x" * 5000), CsvHeader(("a", "b"), 1, 4), "test", 500))


def test_the_same_bytes_have_the_same_digest_only_under_the_same_header_and_feed() -> None:
    def digest(header: bytes, salt: str) -> str:
        found = read_header(io.BytesIO(header))
        assert found is not None
        (piece,) = read_csv(io.BytesIO(header + b"1,2\n"), found, salt)
        return piece.digest

    assert digest(b"a,b\n", "x") == digest(b"A, b\n", "x")
    assert len({digest(b"a,b\n", "x"), digest(b"b,a\n", "x"), digest(b"a,b\n", "y")}) == 3
