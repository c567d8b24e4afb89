"""Parameters are converted, bounded and refused with words that help and give no identity number away."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphinv.errors import InvalidInput
from graphinv.queries.params import Param, ParamType, bind, declared_type, plain_values

SINCE = Param("since", ParamType.DATE, required=False, default="2023-01-01")
LIMIT = Param("limit", ParamType.INTEGER, required=False, default=100, min=1, max=1000)


@pytest.mark.parametrize(
    ("type_", "given_", "value"),
    [
        (ParamType.TEXT, "CN", "CN"),
        (ParamType.INTEGER, "12", 12),
        (ParamType.INTEGER, 12, 12),
        (ParamType.NUMBER, "0.5", 0.5),
        (ParamType.NUMBER, 3, 3.0),
        (ParamType.DATE, "2024-06-15", "2024-06-15"),
        (ParamType.DATE, date(2024, 6, 15), "2024-06-15"),
        (ParamType.BOOLEAN, "true", True),
        (ParamType.BOOLEAN, False, False),
        (ParamType.ENTITY, "importer:0123456789abcdef", "importer:0123456789abcdef"),
    ],
)
def test_values_come_as_json_or_as_text(type_: ParamType, given_: object, value: object) -> None:
    assert bind([Param("p", type_)], {"p": given_}) == {"p": value}


@pytest.mark.parametrize("given_", [["a", "b"], "a, b", '["a", "b"]'])
def test_a_list_comes_as_json_or_with_commas(given_: object) -> None:
    assert bind([Param("p", ParamType.TEXT, many=True)], {"p": given_}) == {"p": ["a", "b"]}


def test_today_is_the_day_of_the_run() -> None:
    before = datetime.now(UTC).date().isoformat()
    bound = bind([Param("on", ParamType.DATE, required=False, default="today")], {})["on"]
    assert bound in (before, datetime.now(UTC).date().isoformat())


def test_what_is_not_given_has_its_default_and_null_means_any() -> None:
    anything = Param("category", ParamType.TEXT, required=False, default=None, choices=("ipr",))
    assert bind([SINCE, LIMIT, anything], {}) == {"since": "2023-01-01", "limit": 100, "category": None}


@pytest.mark.parametrize(
    ("param", "given_", "message"),
    [
        (SINCE, "2024-13-01", "parameter 'since': '2024-13-01' will not do; give a day as YYYY-MM-DD, or today"),
        (LIMIT, 0, "parameter 'limit': '0' will not do; give 1 to 1000"),
        (LIMIT, "many", "parameter 'limit': 'many' will not do; give a whole number"),
        (LIMIT, True, "parameter 'limit': 'True' will not do; give a whole number"),
        (LIMIT, 1.5, "parameter 'limit': '1.5' will not do; give a whole number"),
        (Param("x", ParamType.NUMBER), "nan", "parameter 'x': 'nan' will not do; give a number"),
        (Param("x", ParamType.NUMBER, min=2), 1, "parameter 'x': '1' will not do; give 2 or more"),
        (Param("x", ParamType.NUMBER, max=2), 3, "parameter 'x': '3' will not do; give 2 or less"),
        (Param("c", ParamType.TEXT, choices=("ipr", "other")), "x", "parameter 'c': 'x' will not do; give one of ipr"),
        (Param("b", ParamType.BOOLEAN), "maybe", "parameter 'b': 'maybe' will not do; give true or false"),
        (Param("p", ParamType.ENTITY), "Harbor Lamp", "parameter 'p': 'Harbor Lamp' will not do; give the id"),
        (Param("l", ParamType.INTEGER, many=True), "[1, ", "parameter 'l': '\\[1, ' will not do; give a list"),
        (Param("t", ParamType.TEXT), "x\x00", "parameter 't'"),
    ],
)
def test_a_refusal_names_the_parameter_what_was_given_and_what_would_do(
    param: Param, given_: object, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        bind([param], {param.name: given_})


@pytest.mark.parametrize("number", ["123-45-6789", "98-7654321", 123456789, "importer 123456789"])
@pytest.mark.parametrize("type_", [ParamType.DATE, ParamType.ENTITY, ParamType.BOOLEAN])
def test_what_may_be_an_identity_number_is_not_repeated(type_: ParamType, number: object) -> None:
    with pytest.raises(InvalidInput) as error:
        bind([Param("p", type_)], {"p": number})
    assert "6789" not in str(error.value)
    assert "4321" not in str(error.value)
    assert "the value given" in str(error.value)


def test_a_missing_and_an_unknown_parameter_are_named() -> None:
    with pytest.raises(InvalidInput, match="parameter 'party' is missing; give the id of a party"):
        bind([Param("party", ParamType.ENTITY)], {})
    with pytest.raises(InvalidInput, match="no parameter 'sinse'; this query takes: since, limit"):
        bind([SINCE, LIMIT], {"sinse": "2024-01-01"})


@given(
    st.sampled_from(ParamType), st.booleans(), st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text())
)
def test_whatever_is_given_is_converted_or_refused(type_: ParamType, many: bool, given_: object) -> None:
    try:
        value = bind([Param("p", type_, many)], {"p": given_})["p"]
    except InvalidInput:
        return
    assert isinstance(value, list) == many
    assert bind([Param("p", type_, many)], {"p": value}) == {"p": value}


def test_types_are_read_with_their_list_form() -> None:
    assert declared_type("list of text") == (ParamType.TEXT, True)
    assert declared_type("date") == (ParamType.DATE, False)
    assert declared_type("list of lists") is None
    assert declared_type(7) is None


@pytest.mark.parametrize("value", [{"a": 1}, [[1]], [1, "a"], "x" * 1001, [1] * 1001, float("inf"), 2**63, object()])
def test_parameters_of_user_written_cypher_are_plain_and_small(value: object) -> None:
    assert plain_values({"p": ["a", "b"], "q": None, "r": 1.5}) == {"p": ["a", "b"], "q": None, "r": 1.5}
    with pytest.raises(InvalidInput, match="parameter 'p' will not do"):
        plain_values({"p": value})
