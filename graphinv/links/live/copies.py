"""Two copies of the same thing: readers hold one while the writer changes the other, so nobody sees half a change.

Left-right (P. Ramalhete, A. Correia, Left-Right: a concurrency control technique with wait-free population oblivious
reads, 2015), with a lock around the counting of readers: Python holds one anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Generic, TypeVar

from graphinv.errors import GraphinvError

T = TypeVar("T")


@dataclass(eq=False)
class _Held(Generic[T]):
    value: T
    readers: int = 0


class Copies(Generic[T]):
    """The copy that is shown and the spare one. Many threads may read; one at a time may write."""

    def __init__(self, shown: T, spare: T) -> None:
        self._shown, self._spare = _Held(shown), _Held(spare)
        self._freed = Condition()

    @contextmanager
    def reading(self) -> Iterator[T]:
        """The shown copy; it does not change while the block runs."""
        with self._freed:
            held = self._shown
            held.readers += 1
        try:
            yield held.value
        finally:
            with self._freed:
                held.readers -= 1
                self._freed.notify_all()

    @property
    def shown(self) -> T:
        """What readers see now; for the writer, who alone replaces it."""
        return self._shown.value

    def spare(self, patience: float) -> T:
        """The copy for the writer to change, as soon as nobody reads it any more.

        Raises GraphinvError after ``patience`` seconds: somebody holds what was shown before the last change.
        """
        with self._freed:
            if not self._freed.wait_for(lambda: self._spare.readers == 0, patience):
                raise GraphinvError(
                    f"a reader has held the state before the last change for more than {patience:g} s; "
                    "leave `with live.reading()` before the next change. Nothing was changed"
                )
            return self._spare.value

    def show(self, changed: T) -> None:
        """Let new readers see the changed spare; what was shown becomes the spare."""
        with self._freed:
            self._shown, self._spare = _Held(changed), self._shown
