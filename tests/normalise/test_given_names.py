from importlib.resources import files

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.given_names import given_name, given_names, person_key, person_keys
from graphinv.normalise.names import normalize_name

FORMS = sorted(given_names())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bob Smith", "Robert Smith"), ("BILL JONES", "Jones, William"), ("Peggy Olin", "Margarita Olin"),
        ("Kate Reed", "Kathryn Reed"), ("Саша Петров", "Aleksandr Petrov"), ("Pepe Ruiz", "José Ruiz"),
        ("Mehmet Demir", "Muhammad Demir"), ("Mohd. Hossain", "Mohamed Hussein"), ("Karim Aziz", "AZEEZ, KAREEM"),
        ("Владимир Коваль", "Volodymyr Koval"), ("Nacho Vidal", "Ignacio Vidal"), ("Ахмед Али", "Ahmet Ali"),
        ("Наталья Орлова", "Natalia Orlova"), ("Юрий Волков", "Yury Volkov"), ("Γιώργος Νίκας", "Giorgos Nikas"),
        ("Mike O'Dell", "Michael ODell"), ("Trish van Dam", "Patricia van Dam"),
    ],
)  # fmt: skip
def test_short_forms_and_spellings_of_one_given_name_share_a_person_key(one: str, other: str) -> None:
    keys = [name.key for raw in (one, other) if (name := normalize_name(raw))]
    assert person_key(keys[0]) == person_key(keys[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [("maria", "mario"), ("ann", "anton"), ("julia", "julian"), ("alexander", "alexandra"), ("carlos", "carl"),
     ("yuri", "george"), ("daniel", "daniela"), ("kim", "kimberly"), ("li", "lillian"), ("yusuf", "joseph")],
)  # fmt: skip
def test_different_given_names_stay_different(one: str, other: str) -> None:
    assert given_name(one) != given_name(other)


def test_every_form_stands_with_one_name_and_no_usual_form_is_a_form_of_another() -> None:
    assert not set(given_names()) & set(given_names().values())
    assert all(form.isascii() and form.isalpha() and form.islower() for form in (*FORMS, *given_names().values()))
    assert len(FORMS) > 1000
    text = (files("graphinv.normalise") / "data" / "given_names.txt").read_text(encoding="utf-8")
    listed = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    assert len(listed) == len(set(listed)) == len(FORMS) + len(set(given_names().values()))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(FORMS), st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)), max_size=5))
def test_a_person_key_is_its_own_person_key_and_deaf_to_order(words: list[str]) -> None:
    key = person_key(" ".join(words))
    assert person_key(key) == key == person_key(" ".join(reversed(words)))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.lists(st.one_of(st.sampled_from(FORMS), st.sampled_from(["x", "3m", "smith", "ab"])), max_size=4).map(
                lambda words: " ".join(sorted(words))
            ),
        ),
        max_size=8,
    )
)
def test_a_column_of_person_keys_equals_the_scalar(keys: list[str | None]) -> None:
    expected = [None if key is None else person_key(key) for key in keys]
    assert person_keys(pl.Series(keys, dtype=pl.String)).to_list() == expected
