"""Text of unknown origin fits every document."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from graphinv.views.text import document_text, one_line, shorten, wrapped

ANY_TEXT = st.text(st.characters())


@given(ANY_TEXT)
def test_document_text_survives_utf8_and_xml(text: str) -> None:
    element = ElementTree.Element("t")
    element.text = document_text(text)
    data = ElementTree.tostring(element, encoding="utf-8")
    assert (ElementTree.fromstring(data).text or "") == document_text(text)  # noqa: S314 - our own


@given(ANY_TEXT, st.integers(1, 30))
def test_shortened_text_is_one_line_of_the_length_asked_for(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert "\n" not in shorten(text, limit)


@given(ANY_TEXT, st.integers(2, 30), st.integers(1, 3))
def test_wrapped_text_keeps_to_its_lines(text: str, width: int, lines: int) -> None:
    result = wrapped(text, width, lines)
    assert 1 <= len(result) <= lines
    assert all(len(line) <= width for line in result)


def test_words_stay_whole_where_they_fit() -> None:
    assert wrapped("1180 Foundry Row, Suite 14, Los Angeles CA", 22, 2) == [
        "1180 Foundry Row,",
        "Suite 14, Los Angeles…",
    ]


def test_a_name_cannot_turn_the_words_beside_it_around() -> None:
    assert one_line("Acme \u202egnidart\u202c  Ltd\n") == "Acme gnidart Ltd"
