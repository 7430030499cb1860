"""Long computing in a process of its own. In ours it would hold everybody up: the interpreter runs one thread at a time, and looks for
cycles among all that the computing has made.
"""

import multiprocessing
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeVar

from app.errors import Busy, Problem

T = TypeVar("T")
TURNS = 2
"""So many at a time: each may take a processor and a gigabyte."""
WAIT_SECONDS = 20
turns = threading.BoundedSemaphore(TURNS)
_processes = multiprocessing.get_context("spawn") if sys.platform == "win32" else multiprocessing.get_context("forkserver")


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
            answer, failure = here.recv()
        except EOFError:
            raise Busy from None
        finally:
            process.join()
    if failure is not None:
        raise failure.raised()
    found: T = answer
    return found


class _Failure(NamedTuple):
    kind: type[Exception]
    held: dict[str, Any]

    def raised(self) -> Exception:
        found = self.kind.__new__(self.kind)
        vars(found).update(self.held)
        return found


def _answer(there: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    try:
        told: tuple[Any, _Failure | None] = (work(*given), None)
    except Problem as refusal:
        told = (None, _Failure(type(refusal), vars(refusal)))
    except Exception:
        told = (None, _Failure(Failed, {"there": traceback.format_exc()}))
    there.send(told)


class Failed(RuntimeError):
    """A fault of ours in the other process."""

    there = ""
    """Its traceback."""

    def __str__(self) -> str:
        return self.there
