"""What many come with at once, done for all of them at once: the more who come, the less each of them costs."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

Item = TypeVar("Item")
Answer = TypeVar("Answer")

MOST = 100  # at once; whoever comes after them is next
CROWD, PAUSE = 3, 0.03  # so many at once; seconds


class Queue(Generic[Item, Answer]):
    """Who waits in one loop, and who serves them."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self.at_work: asyncio.Task[None] | None = None


class Gathering(Generic[Item, Answer]):
    """`do` gets what came while it was last at work, in that order, and answers each, with an exception if need be.

    Whoever comes when nothing is under way is taken along at once, with those who came in the same turn of the loop;
    after a crowd there is a pause in which the next gather. It is done outside of everybody's transaction, and never
    begun before they came.
    """

    def __init__(self, do: Callable[[list[Item]], Awaitable[Sequence[Answer | BaseException]]]) -> None:
        self._do = do
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, Queue[Item, Answer]] = WeakKeyDictionary()

    async def bring(self, item: Item) -> Answer:
        """Whoever gives up waiting takes nothing from the others."""
        loop = asyncio.get_running_loop()
        queue = self._queues.get(loop)
        if queue is None:
            queue = self._queues[loop] = Queue()
        answer: asyncio.Future[Answer] = loop.create_future()
        queue.waiting.append((item, answer))
        if queue.at_work is None:
            queue.at_work = loop.create_task(self._serve(queue), context=Context())
        return await answer

    async def _serve(self, queue: "Queue[Item, Answer]") -> None:
        try:
            while queue.waiting:
                some, queue.waiting = queue.waiting[:MOST], queue.waiting[MOST:]
                for (_, waits), answer in zip(some, await self._done([item for item, _ in some]), strict=True):
                    if waits.done():
                        continue
                    if isinstance(answer, BaseException):
                        waits.set_exception(answer)
                    else:
                        waits.set_result(answer)
                if len(some) >= CROWD:
                    await asyncio.sleep(PAUSE)
        finally:
            queue.at_work = None

    async def _done(self, items: list[Item]) -> Sequence[Answer | BaseException]:
        """What breaks for all of them at once is everybody's own trouble."""
        try:
            return await self._do(items)
        except Exception as broken:
            return [broken] * len(items)
