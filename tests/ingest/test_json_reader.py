"""JSON Lines: whatever the objects hold becomes the text that a CSV cell would hold."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.ingest.json_reader import json_text, read_json_lines
from graphinv.ingest.pieces import LINE, BrokenLine


def read(content: bytes, block_bytes: int = 1 << 20) -> tuple[dict[int, dict[str, str | None]], list[BrokenLine]]:
    rows: dict[int, dict[str, str | None]] = {}
    broken: list[BrokenLine] = []
    for piece in read_json_lines(io.BytesIO(content), "test", block_bytes):
        parsed = piece.parse()
        rows.update({row.pop(LINE): row for row in parsed.rows.rows(named=True)})
        broken += parsed.broken
    return rows, broken


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (12, "12"),
        (2.5, "2.5"),
        (6307.0, "6307"),
        (True, "true"),
        (None, None),
        (["a", 5, None], "a;5"),
        ([], ""),
        ({"k": [1]}, '{"k":[1]}'),
        ([[1], {}], "[[1],{}]"),
        ("\x00a\x1fb", "ab"),
        (1e300, "1e+300"),
    ],
)
def test_values_become_text(value: object, text: str | None) -> None:
    assert json_text(value) == text


VALUE = st.one_of(
    st.text(max_size=5), st.integers(-999, 999), st.none(), st.booleans(), st.lists(st.text("ab"), max_size=2)
)


@given(
    st.lists(st.one_of(st.dictionaries(st.sampled_from("abc"), VALUE), st.sampled_from(["{", "[]", "5", "", " "]))),
    st.integers(1, 50),
    st.booleans(),
)
def test_lines_are_read_one_by_one_however_the_file_is_cut(
    items: list[object], block_bytes: int, ascii_only: bool
) -> None:
    text = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=ascii_only) for item in items]
    content = "\n".join(text).encode("utf-8", "replace")
    rows, broken = read(content, block_bytes)
    good = {line: item for line, item in enumerate(items, 1) if isinstance(item, dict)}
    assert set(rows) == set(good)
    for line, item in good.items():
        found = {key: value for key, value in rows[line].items() if value is not None}
        assert found == {key: json_text(value) for key, value in item.items() if value is not None}
    assert [one.line for one in broken] == [at for at, one in enumerate(text, 1) if one in ("{", "[]", "5")]


def test_names_are_trimmed_and_without_case() -> None:
    rows, _ = read(b'\xef\xbb\xbf{" Name ": "A"}\r\n{"NAME": "B"}\r\n{"name": null, "": 1}')
    assert rows == {1: {"name": "A"}, 2: {"name": "B"}, 3: {"name": None}}
