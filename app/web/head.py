"""The trail's newest position, asked often and cheaply: concurrent readers share one question that began after they arrived."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class Head:
    """`ask` is a blocking question; it runs in one thread of its own, outside the gate."""

    def __init__(self, ask: Callable[[], int]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="head")
        self._running: asyncio.Future[int] | None = None
        self._next: asyncio.Future[int] | None = None

    async def position(self) -> int:
        """At least as new as everything that was committed before this call."""
        if self._running is None:
            self._running = self._started()
            return await asyncio.shield(self._running)
        if self._next is None:
            # The question under way may have read before we came: ours is the one after it.
            self._next = asyncio.ensure_future(self._following(self._running))
        return await asyncio.shield(self._next)

    def _started(self) -> "asyncio.Future[int]":
        future = asyncio.get_running_loop().run_in_executor(self._thread, self._ask)
        future.add_done_callback(self._done)
        return future

    def _done(self, future: "asyncio.Future[int]") -> None:
        if self._running is future:
            self._running = None
        if not future.cancelled():
            future.exception()

    async def _following(self, previous: "asyncio.Future[int]") -> int:
        await asyncio.wait([previous])
        self._next = None
        self._running = self._started()
        return await self._running

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)
