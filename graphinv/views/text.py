"""Text of unknown origin made fit for documents; names and addresses are hostile until shown otherwise."""

import re

# What XML 1.0 (production Char) cannot carry: control characters, lone surrogates, two non-characters.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Marks that turn the direction of what follows them: a name could rewrite the words beside it.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile("\r\n?")
_BLANK = re.compile(r"\s+")


def document_text(value: object) -> str:
    """``value`` as text that UTF-8, XML and HTML can carry: unfit characters become U+FFFD, line ends become LF.

    >>> document_text("Acme\\x00 Ltd")
    'Acme\ufffd Ltd'
    """
    return _BREAK.sub("\n", _UNFIT.sub("\ufffd", str(value)))


def one_line(value: object) -> str:
    """``value`` as one line for a label: blanks collapsed, marks that turn the direction of text removed."""
    return _BLANK.sub(" ", _DIRECTION.sub("", document_text(value))).strip()


def shorten(value: object, limit: int) -> str:
    """The first ``limit`` characters of one line, with an ellipsis where something was cut.

    >>> shorten("Blue Harbour Trading Company", 12)
    'Blue Harbou…'
    """
    line = one_line(value)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def wrapped(value: object, width: int, lines: int) -> list[str]:
    """One line broken into at most ``lines`` lines of at most ``width`` characters, the last one shortened."""
    rest, result = one_line(value), list[str]()
    while rest and len(result) < lines - 1 and len(rest) > width:
        cut = rest.rfind(" ", 0, width + 1)
        cut = cut if cut > 0 else width
        result.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*result, shorten(rest, width)] if rest or not result else result


def document_id(value: str) -> str:
    r"""``value`` as an id that XML can carry; different values stay different.

    Only ids with a backslash or with characters that XML cannot carry change: the former is doubled, the latter are
    written as their code point.

    >>> document_id("seller:bazario/S\x01")
    'seller:bazario/S\\u{1}'
    """
    return _UNFIT.sub(lambda hit: f"\\u{{{ord(hit[0]):x}}}", value.replace("\\", "\\\\"))
