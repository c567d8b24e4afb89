"""What a match is asked: the request of ``POST /v1/match``, keyed queries whose properties have FollowTheMoney's names.

The shape is that of yente's ``/match``, so that clients of one can ask the other. Properties that say nothing about a
party of customs feeds (a birth date, a topic) are taken and not used; the answer repeats those that were.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from graphinv.links.clues import Clues, read_clues
from graphinv.links.question import MAX_QUERIES, PartyQuestion
from graphinv.normalise.identifiers import normalize_importer_number
from graphinv.normalise.names import normalize_name

Schema = Literal["Company", "Organization", "LegalEntity", "Person", "Thing"]

_Text = Annotated[str, StringConstraints(max_length=2000)]
_Name = Annotated[str, StringConstraints(max_length=100)]
_Values = _Text | Annotated[list[_Text], Field(max_length=50)]

#: FollowTheMoney's properties, by the field of a look-up that holds the same.
PROPERTIES = MappingProxyType(
    {
        "name": ("name", "alias", "previousName", "weakAlias", "abbreviation"),
        "addresses": ("address",),
        "phones": ("phone",),
        "emails": ("email",),
        "websites": ("website",),
        "country": ("country", "jurisdiction", "mainCountry", "nationality", "citizenship"),
        "tax_ids": (
            "registrationNumber", "taxNumber", "idNumber", "vatCode", "innCode", "ogrnCode", "uscCode",
            "socialSecurityNumber",
        ),
    }
)  # fmt: skip
#: Properties that make a name where none is given in full.
NAME_PARTS = ("firstName", "secondName", "middleName", "lastName")
_NUMBERS = frozenset(PROPERTIES["tax_ids"])
_USED = frozenset([*(name for names in PROPERTIES.values() for name in names), *NAME_PARTS])

#: Names that are looked for, one after the other; the best counts.
_MOST_NAMES = 8


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class MatchQuery(_Model):
    """One party by example. Every property takes one value or several."""

    id: Annotated[str | None, StringConstraints(max_length=300)] = None
    schema_: Schema = Field("LegalEntity", alias="schema")
    properties: Annotated[dict[_Name, _Values], Field(max_length=100)]


class MatchRequest(_Model):
    """Keyed queries."""

    queries: Annotated[
        dict[Annotated[str, StringConstraints(max_length=200)], MatchQuery],
        Field(min_length=1, max_length=MAX_QUERIES),
    ]


@dataclass(frozen=True)
class Example:
    """A query, normalised: once for each of its names, and the properties that were used, numbers as they are shown."""

    variants: tuple[Clues, ...]
    used: Mapping[str, tuple[str, ...]]


def read_example(query: MatchQuery, hash_key: bytes) -> Example:
    """Normalise a query. What normalises to nothing is left out of ``used``, as is what nothing is compared with."""
    given = {name: tuple(_values(values)) for name, values in query.properties.items() if name in _USED}
    names = _names(given)
    clues = read_clues(_question(given, names, hash_key), hash_key)
    others = (replace(clues, name=normalize_name(name)) for name in names[1:])
    return Example(
        variants=(clues, *(one for one in others if one.name is not None)),
        used={name: _shown(name, values, hash_key) for name, values in given.items() if values},
    )


def _question(given: Mapping[str, tuple[str, ...]], names: list[str], hash_key: bytes) -> PartyQuestion:
    numbers = _of(given, "tax_ids")
    own = next((text for text in numbers if normalize_importer_number(text, hash_key) is not None), None)
    return PartyQuestion(
        name=names[0] if names else None,
        addresses=[*_of(given, "addresses")],
        phones=_of(given, "phones"),
        emails=_of(given, "emails"),
        websites=_of(given, "websites"),
        country=next(iter(_of(given, "country")), None),
        importer_number=own,
        tax_ids=numbers,
    )


def _of(given: Mapping[str, tuple[str, ...]], field: str) -> list[str]:
    """The values of all properties that a field of a look-up holds."""
    return list(dict.fromkeys(value for name in PROPERTIES[field] for value in given.get(name, ())))[:50]


def _names(given: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Names in full; only where there is none, one made of its parts."""
    parts = " ".join(value for part in NAME_PARTS for value in given.get(part, ())[:1])
    whole = [name for name in _of(given, "name") if normalize_name(name) is not None]
    return (whole or ([parts] if parts else []))[:_MOST_NAMES]


def _values(values: str | list[str]) -> Iterator[str]:
    texts: Iterable[str] = [values] if isinstance(values, str) else values
    return (text.strip() for text in texts if text.strip())


def _shown(name: str, values: tuple[str, ...], hash_key: bytes) -> tuple[str, ...]:
    """Numbers as they may be shown: a social security number masked."""
    if name not in _NUMBERS:
        return values
    numbers = (normalize_importer_number(value, hash_key) for value in values)
    return tuple(number.shown for number in numbers if number is not None)
