"""Saved queries: ``.cypher`` files that paste into any Neo4j console, with YAML metadata in their opening comment.

A file begins with ``/*---``, a mapping (title, description, params, columns, tags) and ``---*/``; what follows is the
query. Its path below the folder, without suffix, is its name: ``addresses/newcomers_at_seized_address``.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import yaml

from graphinv.errors import InvalidInput, NotFound, QueryError
from graphinv.queries.params import Param, Scalar, declared_type

_METADATA = re.compile(r"\s*/\*---\n(?P<metadata>.*?)\n---\*/[ \t]*\n(?P<cypher>.*)", re.DOTALL)
_KEYS = frozenset({"title", "description", "params", "columns", "tags"})
_PARAM_KEYS = frozenset({"type", "default", "min", "max", "help", "choices"})
_COLUMN_KEYS = frozenset({"type", "label"})


class ColumnType(StrEnum):
    """What a column holds; ``entity`` is a node's uid, which the network view draws."""

    ENTITY = "entity"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True)
class Column:
    """One column of an answer."""

    name: str
    type: ColumnType
    label: str = ""


@dataclass(frozen=True)
class SavedQuery:
    """A saved query. ``cypher`` is what runs; ``text`` is the whole file, to copy into a console."""

    name: str
    title: str
    description: str
    params: tuple[Param, ...]
    columns: tuple[Column, ...]
    tags: tuple[str, ...]
    cypher: str
    text: str


def packaged_folder() -> Path:
    """The folder ``cypher`` beside this package, in a checkout and in an installed wheel alike."""
    return Path(__file__).resolve().parents[2] / "cypher"


def load_queries(folder: Path | None = None) -> tuple[SavedQuery, ...]:
    """Every saved query of the folder, by name; the packaged ones by default.

    Raises QueryError that names the file and what is wrong with it.
    """
    folder = folder or packaged_folder()
    return tuple(read_query(path, name) for name, path in _files(folder).items())


def find_query(name: str, folder: Path | None = None) -> SavedQuery:
    """The query of that name. Raises NotFound with the names that come closest."""
    folder = folder or packaged_folder()
    files = _files(folder)
    wanted = name.removesuffix(".cypher")
    if wanted in files:
        return read_query(files[wanted], wanted)
    short = {known.rpartition("/")[2]: known for known in files}
    close = difflib.get_close_matches(wanted, files, n=3, cutoff=0.5) or [
        short[match] for match in difflib.get_close_matches(wanted.rpartition("/")[2], short, n=3, cutoff=0.5)
    ]
    hint = f"did you mean {', '.join(close)}?" if close else "'graphinv query' lists them"
    raise NotFound(f"no saved query '{name[:100]}'; {hint}")


def read_query(path: Path, name: str) -> SavedQuery:
    """One file as a SavedQuery; raises QueryError that names the file and what is wrong with it."""
    text = _text(path)
    parts = _METADATA.fullmatch(text)
    if parts is None:
        raise QueryError(f"{path}: a saved query begins with /*--- , its metadata and ---*/ on lines of their own")
    try:
        metadata = yaml.safe_load(parts["metadata"])
    except yaml.YAMLError as error:
        raise QueryError(f"{path}: the metadata is no YAML: {' '.join(str(error).split())}") from error
    reader = _Metadata(path)
    fields = reader.mapping("the metadata", metadata, _KEYS, required=("title", "description", "columns"))
    return SavedQuery(
        name=name,
        title=reader.sentence("title", fields["title"]),
        description=reader.sentence("description", fields["description"]),
        params=tuple(reader.param(*item) for item in reader.named("params", fields.get("params", {}))),
        columns=tuple(reader.column(*item) for item in reader.named("columns", fields["columns"])),
        tags=reader.tags(fields.get("tags", [])),
        cypher=parts["cypher"].strip(),
        text=text,
    )


def _files(folder: Path) -> dict[str, Path]:
    paths = sorted(folder.rglob("*.cypher"))
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in paths}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{path}: cannot be read as UTF-8 text: {error}") from error


@dataclass(frozen=True)
class _Metadata:
    """Reads the metadata of one file; every complaint names the file."""

    path: Path

    def wrong(self, message: str) -> QueryError:
        return QueryError(f"{self.path}: {message}")

    def mapping(
        self, what: str, value: object, known: frozenset[str], required: tuple[str, ...] = ()
    ) -> Mapping[str, object]:
        if not isinstance(value, dict):
            raise self.wrong(f"{what} should be a mapping of {', '.join(sorted(known))}")
        unknown = sorted(str(key) for key in value if key not in known)
        if unknown:
            raise self.wrong(f"{what} has unknown keys: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
        missing = [key for key in required if key not in value]
        if missing:
            raise self.wrong(f"{what} lacks {', '.join(missing)}")
        return value

    def named(self, what: str, value: object) -> list[tuple[str, object]]:
        if not isinstance(value, dict) or not all(isinstance(key, str) and key.isidentifier() for key in value):
            raise self.wrong(f"{what} should map names to their types")
        return list(value.items())

    def sentence(self, what: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{what} should be a text")
        return value.strip()

    def tags(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
            raise self.wrong("tags should be a list of texts")
        return tuple(value)

    def column(self, name: str, value: object) -> Column:
        fields = self.mapping(f"column {name}", value, _COLUMN_KEYS, required=("type",))
        if fields["type"] not in set(ColumnType):
            raise self.wrong(f"column {name}: type is one of {', '.join(ColumnType)}")
        return Column(name, ColumnType(str(fields["type"])), str(fields.get("label", "")))

    def param(self, name: str, value: object) -> Param:
        fields = self.mapping(f"parameter {name}", value, _PARAM_KEYS, required=("type",))
        declared = declared_type(fields["type"])
        if declared is None:
            raise self.wrong(f"parameter {name}: no type '{fields['type']}'")
        param = Param(name, *declared, help=str(fields.get("help", "")))
        try:
            return self._with_bounds(param, fields)
        except InvalidInput as error:
            raise self.wrong(f"default or bounds of {error}") from error

    def _with_bounds(self, param: Param, fields: Mapping[str, object]) -> Param:
        one = Param(param.name, param.type)
        listed = fields.get("choices", [])
        if not isinstance(listed, list):
            raise self.wrong(f"parameter {param.name}: choices should be a list")
        bounded = replace(
            param,
            required="default" not in fields,
            min=_scalar(one, fields.get("min")),
            max=_scalar(one, fields.get("max")),
            choices=tuple(found for choice in listed if (found := _scalar(one, choice)) is not None),
        )
        default = fields.get("default")
        # "today" stays as written: it means the day on which the query runs.
        kept = "today" if default == "today" else None if default is None else bounded.value(default)
        return replace(bounded, default=kept)


def _scalar(param: Param, value: object) -> Scalar | None:
    found = None if value is None else param.value(value)
    return found if not isinstance(found, list) else None
