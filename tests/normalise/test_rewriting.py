"""Rules of text: what is left out for speed changes no text."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphinv.normalise.line_rules import LINE_RULES
from graphinv.normalise.names import WORD_RULES, words_of
from graphinv.normalise.streets import fold_line
from graphinv.normalise.text import Rewrite, rewrite

#: Words and signs that some rule of names or lines is about, and others.
_SIGNS, _WORDS = "ab7&';/%#,-<>   ", "pt and co co. limited liab s.a. n.e. north-west no: 5.5 km smith road 42 apt"
_PARTS = st.sampled_from([*_SIGNS, *_WORDS.split(), "limited liability company", "  "])
_TEXTS = st.lists(_PARTS, max_size=6).map("".join) | st.lists(_PARTS, max_size=6).map(" ".join)


@given(_TEXTS)
@settings(max_examples=500, deadline=None)
@example("pt arlen")
@example("arlen and co")
@example("arlen limited liab comp")
def test_plain_names_are_what_the_rules_leave_of_them(text: str) -> None:
    assert words_of(text) == rewrite(text, WORD_RULES).split()


@given(_TEXTS)
@settings(max_examples=500, deadline=None)
def test_plain_lines_are_what_the_rules_leave_of_them(text: str) -> None:
    assert fold_line(text) == rewrite(text, LINE_RULES)


@pytest.mark.parametrize("rule", [*WORD_RULES, *LINE_RULES, Rewrite("(a)?b(c)?", "<${2}-${1}>")])
@pytest.mark.parametrize("text", ["s.a. x y co. pt & co", "n.e. no: 5 km 3.5 12 - x, north-east", "b ab bc abc"])
def test_groups_are_filled_in_as_regular_expressions_do(rule: Rewrite, text: str) -> None:
    template = re.sub(r"\$\{(\d)\}", r"\\g<\1>", rule.replacement)
    assert rewrite(text, [rule]) == re.sub(rule.pattern, template, text)
