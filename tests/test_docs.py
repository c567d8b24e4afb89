"""What is documented is tested: commands, options, requests, Python, links, and tables that the code declares.

The tables between ``<!-- name: ... -->`` and ``<!-- /name -->`` are written by ``python -m tests.test_docs``.
"""

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
import typer

from api.app import create_app
from graphinv import schema
from graphinv.cli import app
from graphinv.ingest.mapping import packaged_mappings, read_mapping
from graphinv.links.question import AddressQuestion, LookupRequest, PartyQuestion, SellerQuestion
from graphinv.links.score_claims import CLAIMS_OF_A_SCORE
from graphinv.links.weights import WEIGHTS
from graphinv.opened import OpenedWorkspace
from graphinv.records import FEEDS, Feed, ValueKind
from graphinv.resolve.comparisons import COMPARISONS, NONE
from graphinv.settings import Settings
from graphinv.worlds import write_world
from tests.api.serving import serving

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
README = PAGES[0]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`(graphinv\s[^`]+)`(?!`)")
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_SECTION = re.compile(r"(<!-- (\w+): [^>]*-->\n).*?(<!-- /\2 -->)", re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z]+)\b")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    language: str
    text: str


def _blocks(*languages: str) -> list[Block]:
    return [
        Block(page, found[1], found[2])
        for page in PAGES
        for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))
        if found[1] in languages
    ]


def _shell_commands(program: str) -> list[tuple[str, list[str]]]:
    """(page, words) of every command line of that program; a quoted argument may run over several lines."""
    found: list[tuple[str, list[str]]] = []
    for block in _blocks("sh"):
        pending = ""
        for line in block.text.splitlines():
            pending += line + "\n"
            try:
                words = shlex.split(pending, comments=True)
            except ValueError:
                continue  # the quotation goes on
            pending = ""
            if words and words[0] == program:
                found.append((block.page.name, words))
        assert not pending.strip(), f"{block.page.name}: an open quotation in {pending!r}"
    return found


def _inline_commands() -> list[tuple[str, list[str]]]:
    return [
        (page.name, shlex.split(found[1]))
        for page in PAGES
        for found in _INLINE.finditer(_BLOCK.sub("", page.read_text(encoding="utf-8")))
    ]


def _parse(words: list[str]) -> str:
    """Parse a command line as graphinv does, without running it; returns the command's name."""
    command: Any = typer.main.get_command(app)
    name, rest = words[0], words[1:]
    while hasattr(command, "resolve_command"):
        context = command.make_context(name, rest)
        if command.invoke_without_command and not context._protected_args:
            return str(name)
        name, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
    command.make_context(name, rest)
    return str(name)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenedWorkspace]:
    """A tiny world, loaded into the embedded store."""
    folder = tmp_path_factory.mktemp("docs")
    write_world(folder / "world", "tiny", 1)
    with OpenedWorkspace(Settings(workspace=folder / "workspace")) as found:
        found.load([path for path in sorted((folder / "world").iterdir()) if path.is_file()])
        yield found


@pytest.fixture(scope="module")
def client(opened: OpenedWorkspace) -> Iterator[httpx.Client]:
    """A client of a server over that world."""
    with serving(create_app(opened)) as found:
        yield found


@pytest.mark.parametrize(("page", "words"), _shell_commands("graphinv"))
def test_every_command_line_exists_with_its_options(page: str, words: list[str]) -> None:
    try:
        _parse(words)
    except Exception as error:
        raise AssertionError(f"{page}: {shlex.join(words)}: {error}") from error


@pytest.mark.parametrize(("page", "words"), _inline_commands())
def test_every_command_that_a_sentence_names_exists(page: str, words: list[str]) -> None:
    try:
        _parse(words)
    except Exception as error:
        if "Missing parameter" not in str(error):  # a sentence may name `graphinv load` without saying what to load
            raise AssertionError(f"{page}: {shlex.join(words)}: {error}") from error


@pytest.mark.parametrize("words", [["graphinv", "nonsense"], ["graphinv", "load", "x", "--nonsense"]])
def test_a_command_line_that_does_not_exist_is_noticed(words: list[str]) -> None:
    with pytest.raises(Exception, match="No such"):
        _parse(words)


def test_no_command_line_names_an_id_that_only_one_workspace_has() -> None:
    opaque = re.compile(r"\b(?:importer|shipper|address|officer|bank|cluster):p?[0-9a-f]{16}\b")
    named = [(page, word) for page, words in _shell_commands("graphinv") for word in words if opaque.search(word)]
    assert not named


def test_pages_show_commands() -> None:
    shown = {_parse(words) for _, words in _shell_commands("graphinv")}
    assert {"load", "lookup", "screen", "query", "list", "export", "status"} <= shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_command_is_a_target(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    assert {found[1] for text in code for found in _MAKE.finditer(text)} <= targets


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "exec make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "`make test`" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_and_picture_exists(page: Path) -> None:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    for mark, target in _LINK.findall(text):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        assert file.exists(), f"{page.name} points to {target}"
        assert ROOT in file.resolve().parents
        if mark:
            assert file.read_bytes().startswith(b"\x89PNG"), f"{target} is no picture"
        if anchor:
            assert anchor in _anchors(file), f"{target}: no such heading"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("block", _blocks("python"), ids=lambda block: block.page.name)
def test_python_of_the_pages_runs_and_says_something(
    block: Block, opened: OpenedWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHINV_WORKSPACE", str(opened.folder.root))
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(block.text, block.page.name, "exec"), {})  # noqa: S102 - our own page
    assert "MultiDiGraph with" in out.getvalue()
    assert "was seized on" in out.getvalue()


@pytest.mark.parametrize(("page", "words"), _shell_commands("curl"))
def test_every_request_of_the_pages_is_answered(
    page: str, words: list[str], client: httpx.Client, opened: OpenedWorkspace
) -> None:
    url = next(word for word in words if word.startswith("http://127.0.0.1:8000"))
    headers = dict(header.split(": ", 1) for header in _values(words, "-H"))
    files = [opened.folder.root.parent / "world" / name.removeprefix("@") for name in _values(words, "--data-binary")]
    bodies = [*_values(words, "-d"), *(file.read_text(encoding="utf-8") for file in files)]
    path = url.removeprefix("http://127.0.0.1:8000")
    answer = client.request("POST" if bodies else "GET", path, content="".join(bodies) or None, headers=headers)
    assert answer.status_code == 200, f"{page}: {url}: {answer.text}"


def _values(words: list[str], option: str) -> list[str]:
    return [value for name, value in pairwise(words) if name == option]


def test_shown_answers_have_the_fields_that_answers_have(client: httpx.Client) -> None:
    shown = [json.loads(block.text) for block in _blocks("json")]
    asked = {"queries": {"k1": {"name": "Harbor Lane Trading LLC", "phones": ["(248) 564-8157"]}}}
    real = client.post("/v1/links/lookup", json=asked).json()
    for answer in shown:
        assert set(answer) <= set(real)
        assert set(answer["responses"]["k1"]) <= set(real["responses"]["k1"])


def test_a_shown_mapping_can_be_used(tmp_path: Path) -> None:
    blocks = _blocks("yaml")
    assert blocks
    for block in blocks:
        path = tmp_path / "mapping.yml"
        path.write_text(block.text, encoding="utf-8")
        assert read_mapping(path).feed == "shipments"


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    code = "".join(
        path.read_text(encoding="utf-8") for top in ("graphinv", "api") for path in (ROOT / top).rglob("*.py")
    )
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r'"(GRAPHINV_[A-Z0-9_]+)"', code)) == set(re.findall(r"GRAPHINV_[A-Z0-9_]+", pages))


def test_every_field_of_a_look_up_is_documented() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for model in (PartyQuestion, AddressQuestion, SellerQuestion, LookupRequest):
        for name in model.model_fields:
            assert f"`{name}`" in page, name


def test_the_diagram_is_what_the_command_prints() -> None:
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{_graphinv('schema', '--format', 'mermaid')}```" in page


def test_the_table_of_properties_is_what_the_command_prints() -> None:
    printed = {" ".join(line.split()) for line in _graphinv("schema").splitlines()[1:]}
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    assert {" ".join(row) for row in rows} == printed


def _graphinv(*words: str) -> str:
    command = [sys.executable, "-c", "from graphinv.cli import main; main()", *words]
    wide = {**os.environ, "COLUMNS": "400"}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=wide).stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_what_the_code_declares(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == _written(text), f"{page.name} is out of date; run: python -m tests.test_docs"


def _written(text: str) -> str:
    """The page with its generated sections as they should be."""
    return _SECTION.sub(lambda found: f"{found[1]}\n{_SECTIONS[found[2]]()}\n{found[3]}", text)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _diagram() -> str:
    return f"```mermaid\n{schema.mermaid()}```\n"


def _labels() -> str:
    rows = [
        (f"`{label.name}`", "party" if label.party else "shared value" if label.shared else "", label.description)
        for label in schema.LABELS
    ]
    return _table(("label", "", "what"), rows)


def _types() -> str:
    rows = []
    for rel in schema.RELATIONSHIPS:
        starts = ", ".join(dict.fromkeys(start for start, _ in rel.ends))
        ends = ", ".join(dict.fromkeys(end for _, end in rel.ends))
        rows.append((f"`{rel.name}`", starts, ends, rel.description))
    return _table(("type", "from", "to", "what"), rows)


def _properties() -> str:
    rows = [(f"`{owner}`", f"`{name}`", kind, told) for owner, name, kind, told in schema.property_rows()]
    return _table(("label or type", "property", "kind", "description"), rows)


def _feeds() -> str:
    rows = [(f"`{feed.name}` [`{feed.event}`]", _columns(feed), ", ".join(f"`{n}`" for n in feed.key))
            for feed in FEEDS.values()]  # fmt: skip
    return _table(("feed", "columns", "key"), rows)


def _columns(feed: Feed) -> str:
    return ", ".join(f"`{column.name}`" + (r"\*" if column.required else "") for column in feed.columns)


def _codes() -> str:
    rows = [
        (f"`{feed.name}.{column.name}`", ", ".join(column.codes), column.default or "")
        for feed in FEEDS.values()
        for column in feed.of_kind(ValueKind.CODE)
    ]
    return _table(("closed list", "values", "blank means"), rows)


def _mappings() -> str:
    mappings = [(name, read_mapping(name)) for name in packaged_mappings()]
    rows = [(f"`{name}`", f"`{found.feed}`", " ".join(found.description.split())) for name, found in mappings]
    return _table(("mapping", "feed", "reads"), rows)


def _routes() -> str:
    with TemporaryDirectory() as folder, OpenedWorkspace(Settings(workspace=Path(folder) / "workspace")) as opened:
        document = create_app(opened).openapi()
    rows = [
        (f"`{method.upper()} {path}`", told["summary"])
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]
    return _table(("route", "what"), rows)


def _weights() -> str:
    rows = [
        (f"{one.phrase} ({one.noun})", f"{one.reliability:.2f}", f"{one.rarity:.1f}", "yes" if one.learned else "")
        for one in WEIGHTS
    ]
    return _table(("claim", "reliability", "rarity", "learned"), rows)


def _comparisons() -> str:
    rows = [
        (comparison.name.replace("_", " "), level.name.replace("_", " "), level.meaning,
         f"{log2(level.m / level.u):+.1f}", "" if level.rarity == NONE else f"of the {level.rarity}")
        for comparison in COMPARISONS
        for level in comparison.levels
    ]  # fmt: skip
    return _table(("compared", "level", "holds for", "bits before learning", "corrected by the rarity"), rows)


def _claims() -> str:
    moves = {1: "raise", -1: "lower", 0: "do either"}
    rows = [(f"`{one.name}`", one.says, moves[one.sign], f"{one.usual:+.1f}") for one in CLAIMS_OF_A_SCORE]
    return _table(("claim", "what it says", "may only", "usual weight"), rows)


_SECTIONS: dict[str, Callable[[], str]] = {
    "diagram": _diagram,
    "labels": _labels,
    "types": _types,
    "properties": _properties,
    "feeds": _feeds,
    "codes": _codes,
    "mappings": _mappings,
    "routes": _routes,
    "weights": _weights,
    "claims": _claims,
    "comparisons": _comparisons,
}


def main() -> None:
    """Write the generated sections of every page anew."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if (written := _written(text)) != text:
            page.write_text(written, encoding="utf-8")
            print(f"wrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
