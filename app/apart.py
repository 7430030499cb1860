"""Long computing in a process of its own. In ours it would hold everybody up: the interpreter runs one thread at a time, and looks for
cycles among all that the computing has made.
"""

import multiprocessing
import pickle
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from app.errors import Busy, Problem

T = TypeVar("T")
TURNS = 2
"""So many at a time: each may take a processor and a gigabyte."""
WAIT_SECONDS = 5
"""Less than a request waits for its place: who waits here holds one."""
LIMIT_SECONDS = 3600
turns = threading.BoundedSemaphore(TURNS)
_processes = multiprocessing.get_context("forkserver")


def call(work: Callable[..., T], *given: Any) -> T:
    """`work(*given)`: a function of a module, and plain data. Its refusals are raised here; `Busy` where it has no turn or is stopped."""
    if not turns.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        return _called(work, given)
    finally:
        turns.release()


def _called(work: Callable[..., T], given: tuple[Any, ...]) -> T:
    here, there = _processes.Pipe(duplex=False)
    with here:
        _processes.set_forkserver_preload([work.__module__])
        process = _processes.Process(target=_answer, args=(there, work, given), daemon=True)
        process.start()
        there.close()
        try:
            told: tuple[Any, Exception | None] = pickle.loads(here.recv_bytes()) if here.poll(LIMIT_SECONDS) else (None, Busy())  # noqa: S301 - our own
        except EOFError:
            raise Busy from None
        finally:
            process.kill()
            process.join()
    answer, failure = told
    if failure is not None:
        raise failure
    found: T = answer
    return found


def _answer(there: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    try:
        told = pickle.dumps((work(*given), None))
    except Problem as refusal:
        told = pickle.dumps((None, refusal))
    except Exception:
        told = pickle.dumps((None, Failed(traceback.format_exc())))
    there.send_bytes(told)


class Failed(RuntimeError):
    """A fault of ours in the other process, with its traceback."""
