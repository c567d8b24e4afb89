"""Compiled functions that count no references to the arrays that they are given.

numba counts every reference to an array, by an atomic operation each way. A function that takes a tuple of many arrays
and is called for every node or relationship spends more on that than on its work.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb
import numpy as np

#: A number in compiled code that may be of any width.
Number = int | np.integer[Any]

F = TypeVar("F", bound=Callable[..., Any])


def uncounted(function: F) -> F:
    """Compile a function that neither makes nor keeps arrays or lists: numbers in arrays that its caller holds."""
    compiled: F = nb.njit(cache=True, nogil=True, forceinline=True, _nrt=False)(function)  # type: ignore[call-overload]  # not in its types
    return compiled
