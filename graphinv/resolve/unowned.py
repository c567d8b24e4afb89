"""Arrays that compiled code does not count the uses of.

Counting is done one thread at a time, and every use of an array that is part of something else counts: where pairs are
compared by the million, that costs several times what comparing does.
"""

from typing import Any

import numba as nb
from numba.extending import intrinsic

from graphinv.resolve.parties import Values


def _over_the_same_memory(_context: Any, array: Any) -> Any:
    """An array over the same memory that names no owner."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        view = context.make_array(signature.return_type)(context, builder, given[0])
        view.meminfo = view.meminfo.type(None)
        view.parent = view.parent.type(None)
        return view._getvalue()

    return array(array), build


_unowned: Any = intrinsic(_over_the_same_memory)


@nb.njit(cache=True, nogil=True)
def unowned(values: Values) -> Values:
    """The same arrays, for as long as the caller keeps them."""
    return Values(
        _unowned(values.start),
        _unowned(values.value),
        _unowned(values.codes),
        _unowned(values.users),
        _unowned(values.text),
        _unowned(values.text_start),
        _unowned(values.words),
        _unowned(values.rare),
        _unowned(values.word_start),
        _unowned(values.forms),
        _unowned(values.form_start),
    )
