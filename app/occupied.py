"""Whether a server is using a data directory: each holds a shared lock on it for as long as it lives."""

import fcntl
from pathlib import Path
from typing import TextIO

_held: list[TextIO] = []
"""Open for the life of the process; the system lets go of the lock when the process ends, however it ends."""


def share(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "serving.lock").open("w")
    fcntl.flock(file, fcntl.LOCK_SH)
    _held.append(file)


def try_alone(folder: Path) -> bool:
    """True when nobody serves from it; then nobody can start to until this process ends."""
    file = (folder / "serving.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    _held.append(file)
    return True
