"""Typed parameters of saved queries: declared in a query's metadata, bound from what a person or a program gave.

Values come as JSON or as text (command line, web form). Days go to the store as ISO 8601 text, as the graph keeps them.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from graphinv.errors import InvalidInput

Scalar = str | int | float | bool
Value = Scalar | list[Scalar] | None

#: Longest text and longest list a parameter takes.
MAX_TEXT = 1_000
MAX_ITEMS = 1_000
_LIST_OF = "list of "


class ParamType(StrEnum):
    """What a parameter holds; any of them also as ``list of ...``."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ENTITY = "entity"


@dataclass(frozen=True)
class Param:
    """One parameter. ``required`` when it has no default; a default of None passes null: "any"."""

    name: str
    type: ParamType
    many: bool = False
    required: bool = True
    default: Value = None
    min: Scalar | None = None
    max: Scalar | None = None
    help: str = ""
    choices: tuple[Scalar, ...] = ()

    @property
    def type_name(self) -> str:
        """As the metadata writes it: ``date``, ``list of text``."""
        return f"{_LIST_OF}{self.type.value}" if self.many else self.type.value

    def value(self, given: object) -> Value:
        """What goes to the store for what was given; raises InvalidInput that says what would do."""
        if given is None and not self.required and self.default is None:
            return None
        if not self.many:
            return self._one(given)
        items = _items(given)
        if items is None or len(items) > MAX_ITEMS:
            raise self._refusal(given, f"a list of up to {MAX_ITEMS}: {_EXPECTED[self.type]}")
        return [self._one(item) for item in items]

    def _one(self, given: object) -> Scalar:
        value = _CONVERT[self.type](given)
        if value is None:
            raise self._refusal(given, _EXPECTED[self.type])
        if self.choices and value not in self.choices:
            raise self._refusal(given, f"one of {', '.join(str(choice) for choice in self.choices)}")
        below = self.min is not None and _less(value, self.min)
        above = self.max is not None and _less(self.max, value)
        if below or above:
            raise self._refusal(given, self._bounds())
        return value

    def _bounds(self) -> str:
        if self.min is None or self.max is None:
            return f"{self.min} or more" if self.max is None else f"{self.max} or less"
        return f"{self.min} to {self.max}"

    def _refusal(self, given: object, expected: str) -> InvalidInput:
        return InvalidInput(f"parameter '{self.name}': {_shown(given)} will not do; give {expected}")


def declared_type(text: object) -> tuple[ParamType, bool] | None:
    """The type that metadata wrote, and whether it is a list; None when there is no such type."""
    if not isinstance(text, str):
        return None
    many = text.startswith(_LIST_OF)
    name = text.removeprefix(_LIST_OF)
    return (ParamType(name), many) if name in set(ParamType) else None


def bind(params: Sequence[Param], given: Mapping[str, object]) -> dict[str, Value]:
    """Values for every declared parameter: given ones converted and checked, the others by default.

    Raises InvalidInput that names the parameter, and what was given unless it may be an identity number.
    """
    names = [param.name for param in params]
    for name in given:
        if name not in names:
            known = ", ".join(names) or "none"
            raise InvalidInput(f"no parameter '{name[:60]}'; this query takes: {known}")
    bound: dict[str, Value] = {}
    for param in params:
        if param.name in given:
            bound[param.name] = param.value(given[param.name])
        elif param.required:
            raise InvalidInput(f"parameter '{param.name}' is missing; give {_EXPECTED[param.type]}")
        else:
            bound[param.name] = param.value(param.default)
    return bound


def plain_values(given: Mapping[str, object]) -> dict[str, Value]:
    """Parameters of user-written Cypher: texts, numbers, truth values, null and flat lists of one kind."""
    if len(given) > 50:
        raise InvalidInput(f"{len(given)} parameters; a query takes at most 50")
    return {name: _plain(name, value) for name, value in given.items()}


def _plain(name: str, value: object) -> Value:
    items = value if isinstance(value, list) else [value]
    fits = all(isinstance(item, str | int | float | bool) for item in items) or value is None
    one_kind = len({type(item) for item in items}) <= 1
    if not (fits and one_kind) or len(items) > MAX_ITEMS or any(_too_big(item) for item in items):
        raise InvalidInput(
            f"parameter '{name[:60]}' will not do; give a text up to {MAX_TEXT} characters, a number, true, false, "
            f"null, or a list of up to {MAX_ITEMS} of one kind"
        )
    return value  # type: ignore[return-value]  # checked item by item above


def _too_big(item: object) -> bool:
    if isinstance(item, str):
        return len(item) > MAX_TEXT or not _clean(item)
    if isinstance(item, float):
        return not math.isfinite(item)
    return isinstance(item, int) and abs(item) >= 2**63


def _items(given: object) -> list[object] | None:
    if isinstance(given, str):
        if given.lstrip().startswith("["):
            try:
                given = json.loads(given)
            except ValueError:
                return None
        else:
            return [item.strip() for item in given.split(",") if item.strip()]
    return list(given) if isinstance(given, list | tuple) else None


def _clean(text: str) -> bool:
    return not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text)


def _text(given: object) -> str | None:
    return given if isinstance(given, str) and len(given) <= MAX_TEXT and _clean(given) else None


def _integer(given: object) -> int | None:
    if isinstance(given, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", given):
        return int(given)
    is_whole = isinstance(given, int) and not isinstance(given, bool)
    return given if is_whole and abs(given) < 2**63 else None  # type: ignore[return-value,arg-type]  # is_whole says so


def _number(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, str | int | float) or len(str(given)) > 40:
        return None
    try:
        number = float(given)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date(given: object) -> str | None:
    if isinstance(given, str) and given.strip().lower() == "today":
        return datetime.now(UTC).date().isoformat()
    if isinstance(given, date) and not isinstance(given, datetime):
        return given.isoformat()
    try:
        return date.fromisoformat(given.strip()).isoformat() if isinstance(given, str) else None
    except ValueError:
        return None


def _boolean(given: object) -> bool | None:
    if isinstance(given, str):
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(given.lower())
    return given if isinstance(given, bool) else None


def _entity(given: object) -> str | None:
    text = _text(given)
    return text if text and len(text) <= 300 and re.match(r"[a-z]+:\S", text) else None


_CONVERT: Mapping[ParamType, Callable[[object], Scalar | None]] = {
    ParamType.TEXT: _text,
    ParamType.INTEGER: _integer,
    ParamType.NUMBER: _number,
    ParamType.DATE: _date,
    ParamType.BOOLEAN: _boolean,
    ParamType.ENTITY: _entity,
}
_EXPECTED = {
    ParamType.TEXT: f"a text of up to {MAX_TEXT} characters",
    ParamType.INTEGER: "a whole number",
    ParamType.NUMBER: "a number",
    ParamType.DATE: "a day as YYYY-MM-DD, or today",
    ParamType.BOOLEAN: "true or false",
    ParamType.ENTITY: "the id of a party or other node, such as importer:5c1f00ab9e2d4c7f",
}


def _less(one: Scalar, other: Scalar) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return str(one) < str(other)
    return one < other


def _shown(given: object) -> str:
    """What was given, unless it may be an identity number: seven digits or more that are no day."""
    text = str(given)
    digits = sum(char.isdigit() for char in text)
    is_day = re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}(T[\d:.]+Z?)?", text)
    return "the value given" if len(text) > 60 or (digits >= 7 and not is_day) else f"'{text}'"
