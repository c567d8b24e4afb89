"""Addresses as people really write them, in groups of spellings that are one address."""

from graphinv.normalise.addresses import normalize_address, parse_address

RENO = ("Reno", "NV", "89501", "US")
SHENZHEN = ("Shenzhen", "Guangdong", "518057", "CN")


def keys(line: str, *place: str | None) -> tuple[str | None, str | None]:
    """The keys of building and unit of a line, with the place beside it or within."""
    found = normalize_address(line, None, *place) if place else parse_address(line)
    assert found is not None, line
    return found.building_key, found.unit_key


def spellings(lines: str) -> list[str]:
    """One spelling a line."""
    return [line.strip() for line in lines.strip().splitlines()]
