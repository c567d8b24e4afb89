import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.normalise.localities import normalize_locality
from graphinv.normalise.places import normalize_country, normalize_port, normalize_state


@pytest.mark.parametrize(
    ("raw", "alpha2"),
    [
        ("US", "US"), ("usa", "US"), ("U.S.A.", "US"), ("United States of America", "US"), ("CHN", "CN"),
        ("P.R. China", "CN"), ("PRC", "CN"), ("中国", "CN"), ("Viet Nam", "VN"), ("VIETNAM", "VN"), ("Türkiye", "TR"),
        ("Turkey", "TR"), ("Hong Kong SAR", "HK"), ("HongKong", "HK"), ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Côte d'Ivoire", "CI"), ("Holland", "NL"), ("UK", "GB"), ("Taiwan", "TW"), ("Georgia", "GE"),
        ("Namibia", "NA"),
        ("NA", "NA"),
    ],
)  # fmt: skip
def test_countries_become_alpha_2(raw: str, alpha2: str) -> None:
    assert normalize_country(raw) == alpha2


@pytest.mark.parametrize("raw", [None, "", "Narnia", "ZZ", "--", "12"])
def test_no_country_is_none(raw: str | None) -> None:
    assert normalize_country(raw) is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [("TX", "TX"), ("texas", "TX"), ("N.Y.", "NY"), ("Calif.", "CA"), ("D.C.", "DC"), ("Guangdong", None)],
)
def test_states_become_codes(raw: str, code: str | None) -> None:
    assert normalize_state(raw) == code


@pytest.mark.parametrize(
    ("raw", "code", "named"),
    [
        ("2704", "2704", True),
        ("401", "0401", True),
        ("101", "0101", True),
        ("2704.0", "2704", True),
        ("4701", "4701", True),
        (" 1012 ", "1012", True),
        ("2799", "2799", False),
    ],
)
def test_ports_have_four_digits(raw: str, code: str, named: bool) -> None:
    port = normalize_port(raw)
    assert port is not None
    assert (port.code, port.name is not None) == (code, named)


@pytest.mark.parametrize("raw", [None, "", "LAX", "99", "9999", "27041", "０４０１x"])
def test_no_port_is_none(raw: str | None) -> None:
    assert normalize_port(raw) is None


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        (("Houston", "TX", "77083", "US"), "houston tx"), (("Houston", "TX", None, None), "houston tx"),
        ((None, None, "77083-1234", None), "houston tx"), (("Hollywood", "CA", "90028", "US"), "losangeles ca"),
        (("Lebanon", "NJ", "8833", "US"), "lebanon nj"), ((None, None, "8833", "US"), "lebanon nj"),
        (("Saint Louis", "Missouri", None, "US"), "stlouis mo"),
        (("Guangzhou Shi", "Guangdong", "510000", "CN"), "guangzhou"),
        ((None, None, None, "SG"), "singapore"), ((None, "TX", None, "US"), None),
        (("São Paulo", None, None, "BR"), "saopaulo"),
    ],
)  # fmt: skip
def test_localities_have_keys(fields: tuple[str | None, ...], key: str | None) -> None:
    place = normalize_locality(*fields)
    assert place is not None
    assert place.key == key


@given(st.text(max_size=20))
def test_no_text_makes_them_fail(text: str) -> None:
    normalize_country(text)
    normalize_state(text)
    normalize_port(text)
    normalize_locality(text, text, text, text)
