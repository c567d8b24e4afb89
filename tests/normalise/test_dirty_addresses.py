# ruff: noqa: SIM905  (lists of words read better as text)
"""Whatever stands in an address line, nothing fails, and what is folded or keyed once stays as it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from graphinv.normalise.addresses import normalize_address, parse_address
from graphinv.normalise.streets import fold_line
from tests.normalise.spellings import SHENZHEN

dirty = st.lists(
    st.sampled_from(
        "12|301|5#|No.|Hao|Room|Bldg|B|Building|Dong|3/F|Unit|Keji|Tian|He|Lu|Nan|Road|Nanshan Qu|Shenzhen|Guangdong|,|"
        "Shi|Mah.|Sok.|D:3|Plot #|House|FM|US-1|N.E.|42|St|PMB|c/o|Attn|Zone|km 12.5|-|Province|Flat/Rm".split("|")
    ),
    max_size=10,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(dirty, st.sampled_from([(None, None), ("Shenzhen", "CN"), ("Reno", "US"), ("Izmir", "TR"), ("X Qu", None)]))
def test_no_mixture_makes_it_fail(line: str, place: tuple[str | None, str | None]) -> None:
    for found in (parse_address(line), normalize_address(line, None, place[0], None, None, place[1])):
        assert found is None or found.caption is not None


@settings(max_examples=300, deadline=None)
@given(dirty)
def test_a_folded_line_folds_to_itself(line: str) -> None:
    folded = fold_line(line.lower())
    assert fold_line(folded) == folded


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 9999), st.sampled_from(["Keji Lu", "N Oak St", "5th Ave", "Nanjing West Road", "Hwy 9"]),
       st.sampled_from(["", ", Room 301", ", Bldg 5, Rm 3", " # 7", ", 3/F, Unit B"]))  # fmt: skip
def test_keys_of_a_caption_are_its_own(number: int, street: str, unit: str) -> None:
    one = normalize_address(f"{number} {street}{unit}", None, *SHENZHEN)
    assert one is not None
    again = parse_address(one.caption)
    assert again is not None
    assert (again.building_key, again.unit_key) == (one.building_key, one.unit_key)
