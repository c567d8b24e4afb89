"""Memory asked for ahead of its use: a pass that jumps about a large graph otherwise waits for most of its time."""

from typing import Any

import numba as nb
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # what numba compiles with; it ships no types
from numba.core import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

_INT = ir.IntType(32)

#: For reading, to be kept in every cache, data (the arguments of LLVM's ``prefetch``).
_HOW = (_INT(0), _INT(3), _INT(1))


@nb.njit(cache=True, nogil=True, inline="always")
def ask_ahead(array: NDArray[Any], at: int | np.integer[Any]) -> None:
    """Have the processor fetch ``array[at]``, which is not waited for. The array is contiguous.

    An ``at`` outside the array is harmless.
    """
    _prefetch(array, at)  # type: ignore[call-arg]  # numba passes the context itself


@intrinsic
def _prefetch(_context: Any, array: Any, _at: Any) -> Any:
    return types.void(array, types.int64), _generated


def _generated(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = make_array(signature.args[0])  # type: ignore[no-untyped-call]  # of numba, without types
    data = array(context, builder, arguments[0]).data
    place = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
    of = ir.FunctionType(ir.VoidType(), [place.type, *(how.type for how in _HOW)])
    builder.call(builder.module.declare_intrinsic("llvm.prefetch", [place.type], of), [place, *_HOW])
    return context.get_dummy_value()
