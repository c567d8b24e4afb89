"""Work side by side: compiled code, polars and most of numpy let go of the interpreter's lock."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_One = TypeVar("_One")
_Other = TypeVar("_Other")


def in_threads(work: Callable[[_In], _Out], items: Iterable[_In]) -> list[_Out]:
    """What ``work`` makes of every item, in their order, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, items))


def side_by_side(one: Callable[[], _One], other: Callable[[], _Other]) -> tuple[_One, _Other]:
    """Do two things at once, each of which leaves processors idle; raises what either raises, after both ended."""
    with ThreadPoolExecutor(1) as thread:
        begun = thread.submit(one)
        done = other()
        return begun.result(), done
