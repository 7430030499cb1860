"""One watch over the trail for all open streams of a process."""

import asyncio
import contextlib

from app.web.head import Head

INTERVAL_SECONDS = 0.3


class Feed:
    """While anybody listens, asks for the newest position a few times a second and wakes the listeners when it moved."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._moved = asyncio.Event()
        self._listeners = 0
        self._watch: asyncio.Task[None] | None = None
        self.position = 0
        self.is_closing = False

    def close(self) -> None:
        """Wake every stream to its end: an open one would hold up the shutdown."""
        self.is_closing = True
        self._moved.set()

    async def newer_than(self, seen: int, patience_seconds: float) -> int:
        """The newest position once it is beyond `seen`, or after the patience is spent."""
        self._listeners += 1
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watching())
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience_seconds):
                    while self.position <= seen and not self.is_closing:
                        await self._moved.wait()
            return self.position
        finally:
            self._listeners -= 1

    async def _watching(self) -> None:
        while self._listeners:
            position = await self._head.position()
            if position != self.position:
                self.position = position
                self._moved.set()
                self._moved = asyncio.Event()
            await asyncio.sleep(INTERVAL_SECONDS)
