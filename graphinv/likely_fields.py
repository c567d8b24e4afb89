"""Which field did they mean? The field of a pydantic model, at a place of its input, that is spelt most alike."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel


def unknown_field(model: type[BaseModel], location: Sequence[str | int]) -> str:
    """What to tell of a field that ``model`` does not have at ``location`` (its last part is the field's name)."""
    names = _fields_at(model, location[:-1])
    alike = get_close_matches(str(location[-1]).lower(), names, n=1)
    return f"no such field; did you mean {alike[0]}?" if alike else f"no such field; there are {', '.join(names)}"


def _fields_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Names of the fields at a place; keys of dictionaries, indexes of lists and names of types lead no deeper."""
    here = [model]
    for part in location:
        inner = [found for one in here for found in _models_of(one, part)]
        here = inner or here
    return list(dict.fromkeys(name for one in here for name in _spelt(one)))


def _models_of(model: type[BaseModel], part: str | int) -> Iterator[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if part in (name, field.alias):
            yield from _models_within(field.annotation)


def _models_within(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_within(inner)


def _spelt(model: type[BaseModel]) -> Iterator[str]:
    yield from (field.alias or name for name, field in model.model_fields.items())
