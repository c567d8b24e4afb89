"""Look-ups from files: one request in a .json, a request a line in a .jsonl."""

import sys
from pathlib import Path

import orjson

from graphinv import terminal
from graphinv.errors import GraphinvError, InvalidInput
from graphinv.links.answer import LookupAnswer
from graphinv.opened import OpenedWorkspace


def lookup_text(opened: OpenedWorkspace, source: str, *, text: bool) -> bool:
    """Answer one request from a file or standard input (``-``). Raises InvalidInput when it is no request."""
    _print(opened.lookup(_parse(_read(source), source)), text=text)
    return True


def lookup_lines(opened: OpenedWorkspace, path: Path, *, text: bool) -> bool:
    """Answer a request a line; a line that is none gets a problem object and the rest go on. True when all were."""
    whole = True
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    whole = _answer_line(opened, line, f"{path}:{number}", text=text) and whole
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}") from error
    return whole


def problem(error: GraphinvError, status: int, instance: str) -> dict[str, object]:
    """An RFC 9457 problem object."""
    title = error.kind.replace("-", " ")
    return {
        "type": f"urn:graphinv:problem:{error.kind}",
        "title": title,
        "status": status,
        "detail": str(error),
        "instance": instance,
    }


def _answer_line(opened: OpenedWorkspace, line: bytes, place: str, *, text: bool) -> bool:
    try:
        _print(opened.lookup(_parse(line, place)), text=text)
    except InvalidInput as error:
        sys.stdout.write(orjson.dumps(problem(error, 422, place)).decode() + "\n")
        return False
    return True


def _print(answer: LookupAnswer, *, text: bool) -> None:
    if text:
        terminal.print_answers(answer)
    else:
        sys.stdout.write(orjson.dumps(answer).decode() + "\n")


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{source} cannot be read: {error.strerror or error}") from error


def _parse(content: bytes, place: str) -> dict[str, object]:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"{place} is no JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    if not isinstance(body, dict):
        raise InvalidInput(f'{place}: a request is an object such as {{"queries": {{"k1": {{"name": "..."}}}}}}')
    return body
