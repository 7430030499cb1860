"""`./dev test`: start one PostgreSQL for all worker processes, then run the suite on both engines."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import postgres


def main() -> int:
    try:
        os.environ[postgres.ENVIRONMENT] = postgres.start()
    except postgres.NoPostgres as missing:
        print(f"tests: {missing}", file=sys.stderr)  # noqa: T201
        return 2
    chosen = sys.argv[1:]
    parallel = [] if any(argument.startswith("-n") for argument in chosen) else ["-n", str(min(4, os.cpu_count() or 1))]
    with _memory() as folder:
        return int(pytest.main([*parallel, "--durations=12", *folder, *chosen]))


@contextmanager
def _memory() -> Iterator[list[str]]:
    place = postgres.memory()
    if place is None:
        yield []
        return
    folder = tempfile.mkdtemp(prefix="thidua-tests-", dir=place)
    try:
        yield [f"--basetemp={folder}/base", "-o", "tmp_path_retention_policy=failed"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
