"""A pytest plugin for mutation runs, never part of the suite (docs/testing.md says how it is used).

mutmut forks a process that has imported everything. What runs while a module is read, and what a cache keeps, would be the
unmutated code there: so modules are read anew for each mutant, caches are emptied before each test, and functions that run
while modules are read count as covered by every test. Of the random rulebooks a part is enough: what finds a mutant finds it early.
"""

import sys
from importlib import import_module
from typing import Any

import pytest

READ_ANEW = (
    *("app.rulebooks", "app.scoring", "app.marks", "app.ranking", "app.trail", "app.console", "app.demo", "app.main", "app.cli"),
    *("app.offline", "tests.test_", "tests.examples", "tests.world", "tests.second"),
)
KEPT = {"app.marks", "app.marks.rules"}
"""A table can be declared once a process: modules that declare one stay, with what they import."""
CASES = 160
_while_read: set[str] = set()


def _modules() -> list[tuple[str, Any]]:
    return [(name, module) for name, module in sys.modules.items() if name.startswith(READ_ANEW)]


def _reached() -> Any:
    """The names of mutated functions that ran since mutmut last looked; it offers no other way."""
    return import_module("mutmut.state").state()._stats


def pytest_sessionstart() -> None:
    for name, _ in _modules():
        if not name.endswith(".models") and name not in KEPT:
            del sys.modules[name]


def pytest_collection_finish() -> None:
    _while_read.update(_reached())


@pytest.fixture(autouse=True)
def _cold(request: pytest.FixtureRequest) -> None:
    for _, module in _modules():
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    if request.module.__name__.endswith("test_oracle"):
        request.module.CASES = CASES
    _reached().update(_while_read)
