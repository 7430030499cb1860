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


@contextmanager
def set_aside() -> Iterator[None]:
    """What is there now is passed over until the end: long work beside others' requests, over much that it holds all the while.

    Looking through the rows of a large movement again and again stopped everybody for a quarter of a second each time; not looking at all
    for minutes, for five seconds at the end. What a worker set aside when it started stays so.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.collect()
        gc.freeze()
