"""Long computing in a process of its own."""

import os
import threading
import time

import pytest

from app import apart
from app.errors import Busy, Invalid, NotFound


def twice(number: int) -> tuple[int, int]:
    return 2 * number, os.getpid()


def refuse(place: str) -> None:
    raise Invalid(place, "missing", name="x")


def absent() -> None:
    raise NotFound


def die() -> None:
    os._exit(1)


def fail() -> None:
    raise ZeroDivisionError


def test_an_answer_comes_back_from_another_process() -> None:
    found, process = apart.call(twice, 21)
    assert found == 42
    assert process != os.getpid()


def test_a_refusal_is_raised_here_as_it_was_there() -> None:
    with pytest.raises(Invalid) as caught:
        apart.call(refuse, "#/stage")
    assert (caught.value.pointer, caught.value.reason, caught.value.values) == ("#/stage", "missing", {"name": "x"})
    with pytest.raises(NotFound):
        apart.call(absent)


def test_a_process_that_is_stopped_is_no_answer() -> None:
    with pytest.raises(Busy):
        apart.call(die)
    assert apart.call(twice, 1)[0] == 2


def test_a_fault_of_ours_is_told_with_its_place() -> None:
    with pytest.raises(apart.Failed, match=r"in fail\b[^$]*ZeroDivisionError"):
        apart.call(fail)


def lock() -> object:
    return threading.Lock()


def sleep() -> None:
    time.sleep(60)


def test_what_cannot_be_handed_over_is_a_fault_of_ours() -> None:
    with pytest.raises(apart.Failed, match="pickle"):
        apart.call(lock)


def test_whoever_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LIMIT_SECONDS", 0.2)
    started = time.perf_counter()
    with pytest.raises(Busy):
        apart.call(sleep)
    assert time.perf_counter() - started < 20


def much() -> bytes:
    return bytes(20_000_000)


def test_a_large_answer_comes_back_whole() -> None:
    assert len(apart.call(much)) == 20_000_000


def test_who_finds_no_turn_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.05)
    held = [apart.turns.acquire() for _ in range(apart.TURNS)]
    started = time.perf_counter()
    try:
        with pytest.raises(Busy):
            apart.call(twice, 1)
    finally:
        for _ in held:
            apart.turns.release()
    assert time.perf_counter() - started < 5
    assert apart.call(twice, 1)[0] == 2
