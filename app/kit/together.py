"""Whoever asks the same at the same time shares one answer, and nobody gets one that was begun before they asked."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")


class Together(Generic[Answer]):
    """For what is dear to reckon and asked for by many: one is begun at most every `pause` seconds for each key.

    Whoever comes while one is under way waits for the next, since theirs may have to hold what was written meanwhile.
    It is reckoned outside of everybody's transaction.
    """

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._loop: asyncio.AbstractEventLoop | None = None
        self._forget()

    async def ask(self, key: Hashable, reckon: Callable[[], Awaitable[Answer]]) -> Answer:
        """Whoever gives up waiting takes nothing from the others."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self._forget()
        coming = self._coming.get(key)
        if coming is None:
            coming = self._coming[key] = loop.create_task(self._next(key, reckon), context=Context())
        return await asyncio.shield(coming)

    def _forget(self) -> None:
        """Another loop, other tasks."""
        self._coming: dict[Hashable, asyncio.Task[Answer]] = {}
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}
        self._resting: dict[Hashable, asyncio.Event] = {}

    async def _next(self, key: Hashable, reckon: Callable[[], Awaitable[Answer]]) -> Answer:
        if key in self._under_way:
            await asyncio.wait([self._under_way[key]])
        if key in self._resting:
            await self._resting[key].wait()
        self._under_way[key] = self._coming.pop(key)
        self._rest(key)
        try:
            return await reckon()
        finally:
            self._under_way.pop(key, None)

    def _rest(self, key: Hashable) -> None:
        rested = self._resting[key] = asyncio.Event()

        def over() -> None:
            self._resting.pop(key, None)
            rested.set()

        asyncio.get_running_loop().call_later(self._pause, over)
