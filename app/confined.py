"""Run one of our scripts in a process of its own, with limits on memory, time and what it writes: a hostile file may end that process only.

The script imports nothing of ours and inherits no setting of ours.
"""

import os
import runpy
import signal
import subprocess
import sys
from typing import NamedTuple

MEMORY = 1_500_000_000
SECONDS = 20
"""Of processor time."""
WRITTEN = 200_000_000
WALL_SECONDS = 25
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Ended(NamedTuple):
    status: int | None
    """As the process ended; None when it was stopped for taking too long."""
    answer: bytes

    @property
    def is_too_slow(self) -> bool:
        return self.status is None or self.status in {-signal.SIGXCPU, -signal.SIGKILL}


def run(script: str, *arguments: str, given: bytes = b"") -> Ended:
    """`script` with `arguments` and `given` on its standard input. Blocks for 25 seconds at most."""
    command = [sys.executable, "-I", __file__, script, *arguments]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=WALL_SECONDS, check=False, env=environment)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        return Ended(None, b"")
    return Ended(done.returncode, done.stdout)


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, WRITTEN)):
        resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    _limit()
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
