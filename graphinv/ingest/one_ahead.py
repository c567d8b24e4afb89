"""Read the next piece of a file while the present one is being checked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def one_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items in the same order, the next one being made in a thread. Errors come where the item would."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read") as reader:
        upcoming = reader.submit(next, items, None)
        while (item := upcoming.result()) is not None:
            upcoming = reader.submit(next, items, None)
            yield item
