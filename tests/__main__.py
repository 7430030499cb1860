"""`./dev test`: start one PostgreSQL for all worker processes, then run the suite on both engines."""

import os
import sys

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
    return int(pytest.main([*parallel, "--durations=12", *chosen]))


if __name__ == "__main__":
    sys.exit(main())
