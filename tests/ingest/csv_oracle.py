"""The rules of ``graphinv.ingest.csv_records`` once more, a character at a time, as plainly as they can be written."""

from dataclasses import dataclass

SKIPPED, GOOD, BROKEN, WRONG_COUNT = "skipped", "good", "broken", "wrong count"


@dataclass(frozen=True)
class OracleRecord:
    """One record or broken line of a file: its line (the header is line 1), its fields or its text."""

    line: int
    fields: tuple[str, ...] | None
    text: str


def clean(content: bytes) -> str:
    """The text of a file as its records are cut from it."""
    for dropped in (b"\x1a", b"\x00", b"\x1f"):
        content = content.replace(dropped, b"")
    text = content.decode("utf-8", errors="replace")
    if text and not text.endswith("\n"):
        text += "\n"
    return text.replace("\r\n", "\n")


def records(content: bytes, width: int) -> list[OracleRecord]:
    """Good records and broken lines of a file's body, in the order of their lines."""
    lines = clean(content).split("\n")[:-1]
    found: list[OracleRecord] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line == "" or (width > 1 and not line.strip(" \t\r\v\f")):
            at += 1
            continue
        fields, height = read(lines, at)
        if fields is None:
            found.append(OracleRecord(at + 2, None, line))
            at += 1
        elif len(fields) == width:
            found.append(OracleRecord(at + 2, tuple(fields), ""))
            at += height
        elif any(whole(lines, later, width) for later in range(at + 1, at + height)):
            found.append(OracleRecord(at + 2, None, line))
            at += 1
        else:
            found.append(OracleRecord(at + 2, None, "\n".join(lines[at : at + height])))
            at += height
    return found


def whole(lines: list[str], at: int, width: int) -> bool:
    """Whether a record of the right width starts on that line."""
    fields, _ = read(lines, at)
    return fields is not None and len(fields) == width


def read(lines: list[str], at: int) -> tuple[list[str] | None, int]:
    """Fields of the record that starts on a line, and how many lines it takes; None if its quotes are broken."""
    text = "\n".join(lines[at:]) + "\n"
    fields: list[str] = []
    field, place, quoted, start = "", 0, False, True
    while place < len(text):
        sign = text[place]
        if quoted:
            if sign != '"':
                field += sign
            elif text[place + 1] == '"':
                field += '"'
                place += 1
            elif text[place + 1] in ",\n":
                quoted = False
            else:
                return None, 1
        elif sign == '"' and start:
            quoted = True
        elif sign in ",\n":
            fields.append(field)
            field = ""
            if sign == "\n":
                return fields, text.count("\n", 0, place) + 1
        else:
            field += sign
        start = sign == "," and not quoted
        place += 1
    return None, 1
