"""Everything in the schema has a look of its own, and colour is never all there is."""

import re

import pytest

from graphinv import schema
from graphinv.views import look


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_label_of_the_schema_has_a_symbol() -> None:
    assert {item.name for item in schema.LABELS} == set(look.SYMBOLS)


def test_no_two_labels_look_alike_without_colour() -> None:
    assert len({(item.shape, item.sign) for item in look.SYMBOLS.values()}) == len(look.SYMBOLS)


@pytest.mark.parametrize("family", look.FAMILIES)
def test_signs_and_shapes_can_be_seen_on_light_and_dark(family: str) -> None:
    hue, sign, canvas = look.FAMILIES[family], look.SURFACES["sign"], look.SURFACES["canvas"]
    for one, other in [
        (hue.light, sign.light),
        (hue.dark, sign.dark),
        (hue.light, canvas.light),
        (hue.dark, canvas.dark),
    ]:
        assert contrast(one, other) >= 3


@pytest.mark.parametrize("name", ["ink", "muted"])
def test_text_can_be_read_on_light_and_dark(name: str) -> None:
    text = look.SURFACES[name]
    for ground in (look.SURFACES["canvas"], look.SURFACES["panel"]):
        assert contrast(text.light, ground.light) >= 4.5
        assert contrast(text.dark, ground.dark) >= 4.5


@pytest.mark.parametrize("shape", sorted({item.shape for item in look.SYMBOLS.values()}))
def test_shapes_lie_around_the_origin(shape: str) -> None:
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", look.shape_path(shape, 10))]
    assert 8.5 <= max(numbers) <= 13
    assert look.shape_path(shape, 10).endswith("Z")


def test_an_unknown_label_gets_a_neutral_symbol() -> None:
    assert look.symbol("Spaceship") == look.symbol(None) == look.UNKNOWN_SYMBOL


def test_more_shipments_make_a_wider_edge_up_to_a_limit() -> None:
    widths = [look.edge_width(n) for n in (0, 1, 5, 50, 10**6)]
    assert widths == sorted(widths)
    assert widths[0] == 1.5
    assert widths[-1] == 7


def test_wide_scripts_take_twice_the_room() -> None:
    assert look.text_width("東京貿易") > 1.7 * look.text_width("abcd")
