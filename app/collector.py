"""Python's cyclic garbage collector, while very much is made that has no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting(for_long: bool) -> Iterator[None]:
    """Looking for cycles among short-lived rows was three tenths of a cold rebuild of the board, a fifth of an import.

    Of several that overlap the first that ends wakes it: what rests is time, never correctness.
    """
    rests = for_long and gc.isenabled()
    if rests:
        gc.disable()
    try:
        yield
    finally:
        if rests:
            gc.enable()
