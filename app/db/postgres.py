"""Piccolo on PostgreSQL: a pool for each loop, and connections that always come back to it."""

import asyncio
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.querystring import QueryString

from app.db.current import CurrentTransaction
from app.db.many import AskedByMany, plain
from app.db.rows import Plain

POOL = 10
FOR_MANY = 2  # connections for what many ask
CONNECTING = 10.0  # seconds
LONGEST_WAIT = 30.0  # seconds for a connection of the pool
STATEMENTS = 512  # that a connection remembers: with the driver's own hundred, pages would prepare theirs anew
SESSION = {
    "application_name": "kith",
    "jit": "off",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}
# By itself the server plans such a question hundreds of times before it trusts a plan: that costs more than answering.
PLANNED_ONCE = {**SESSION, "plan_cache_mode": "force_generic_plan"}
GONE = (asyncpg.InterfaceError, asyncpg.PostgresError, asyncpg.InternalClientError, OSError)


async def as_it_is(connection: Any) -> None:
    """A connection goes back without another word to the server: by itself the driver resets settings, locks and
    cursors after every query, which costs as much as most queries do. We leave none behind; what is open is still
    rolled back.
    """


class Transaction(PostgresTransaction):
    """Stock Piccolo keeps the connection for ever when COMMIT itself fails; two such failures emptied a pool of two."""

    __slots__ = ("over", "turn")

    engine: "KithPostgres"

    async def __aenter__(self) -> PostgresTransaction:
        if self._parent is not None:
            return self._parent
        self.over, self.turn = False, asyncio.Lock()
        self.connection = await self.engine.borrow()
        try:
            self.transaction = self.connection.transaction()
            await self.begin()
        except BaseException:
            await self._end()
            raise
        self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: Any, exception: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if exception is None and not self._committed and not self._rolled_back:
                await self.commit()
            elif exception is not None and not self._rolled_back:
                with suppress(*GONE):  # a connection that is gone has rolled back; the first exception says why
                    await self.rollback()
        finally:
            await self._end()
        return exception is None

    async def _end(self) -> None:
        self.over = True
        await self.engine.give_back(self.connection)


class Line:
    """One connection, asked one question at a time, and made anew where it broke. The driver's pool would cost three
    times what the questions do that come here.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config, self._turn, self.waiting = config, asyncio.Lock(), 0
        self._connection: Any = None

    async def fetch(self, sql: str, args: Any) -> Any:
        self.waiting += 1
        try:
            async with self._turn:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await asyncpg.connect(**self._config)
                return await self._connection.fetch(sql, *args)
        finally:
            self.waiting -= 1

    async def close(self) -> None:
        async with self._turn:
            if self._connection is not None:
                await self._connection.close()


class KithPostgres(PostgresEngine):
    __slots__ = ("_lines", "_of_many", "_pools")

    gone = GONE  # what opening raises when there is no database to reach

    def __init__(self, config: dict[str, Any]) -> None:
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, list[Line]] = WeakKeyDictionary()
        self._of_many: dict[str, AskedByMany] = {}
        super().__init__(config={**config, "server_settings": SESSION, "timeout": CONNECTING})
        self.current_transaction = CurrentTransaction()  # type: ignore[assignment]

    async def check_version(self) -> None:
        """Stock Piccolo connects here, at import; we connect when asked to."""

    async def open(self) -> None:
        if self.pool_here() is None:
            loop, config = asyncio.get_running_loop(), {**self.config, "statement_cache_size": STATEMENTS}
            self._pools[loop] = await asyncpg.create_pool(**config, min_size=1, max_size=POOL, reset=as_it_is)
            self._lines[loop] = [Line({**config, "server_settings": PLANNED_ONCE}) for _ in range(FOR_MANY)]

    async def close(self) -> None:
        loop = asyncio.get_running_loop()
        for line in self._lines.pop(loop, ()):
            await line.close()
        pool = self._pools.pop(loop, None)
        if pool is not None:
            await pool.close()

    async def start_connection_pool(self, **_: Any) -> None:
        await self.open()

    async def close_connection_pool(self) -> None:
        await self.close()

    def pool_here(self) -> Any:
        """A pool belongs to the loop that opened it; a loop without one (a thread, a command) uses a new connection for
        each question.
        """
        return self._pools.get(asyncio.get_running_loop())

    async def borrow(self) -> Any:
        pool = self.pool_here()
        return await (pool.acquire(timeout=LONGEST_WAIT) if pool is not None else self.get_new_connection())

    async def give_back(self, connection: Any) -> None:
        pool = self.pool_here()
        await (pool.release(connection) if pool is not None else connection.close())

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        sql, args = querystring.compile_string(engine_type="postgres")
        return await self.fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        return await self.fetch(ddl, ())

    async def fetch(self, sql: str, args: Any) -> Any:
        transaction: Any = self.current_transaction.get()
        if transaction is not None:
            async with transaction.turn:  # tasks gathered inside one transaction share its one connection
                return await transaction.connection.fetch(sql, *args)
        connection = await self.borrow()
        try:
            return await connection.fetch(sql, *args)
        finally:
            await self.give_back(connection)

    async def fetch_as_planned(self, sql: str, args: Any) -> Any:
        """Outside of any transaction, by a plan that was made once."""
        lines = self._lines.get(asyncio.get_running_loop())
        if not lines:
            return await self.fetch(sql, args)
        return await min(lines, key=lambda line: line.waiting).fetch(sql, args)

    async def fetch_plain(self, sql: str, args: Any) -> Plain:
        return plain(await self.fetch(sql, args))

    async def fetch_for_many(self, sql: str, args: Any) -> Plain:
        """With whoever asks the same meanwhile; in a transaction by oneself, since it may have written."""
        if self.current_transaction.get() is not None:
            return await self.fetch_plain(sql, args)
        asked = self._of_many.get(sql)
        if asked is None:
            asked = self._of_many[sql] = AskedByMany(self, sql)
        return await asked.ask(args)

    async def fetch_each(self, sql: str, each: list[Any]) -> None:
        """Inside a transaction; all of them leave together, and what they give back is not looked at."""
        transaction: Any = self.current_transaction.get()
        async with transaction.turn:
            await transaction.connection.executemany(sql, each)

    async def kinds_of(self, sql: str) -> list[str]:
        """The types of its values, as the server understands them."""
        connection = await self.borrow()
        try:
            return [kind.name for kind in (await connection.prepare(sql)).get_parameters()]
        finally:
            await self.give_back(connection)

    def transaction(self, allow_nested: bool = True) -> Transaction:
        return Transaction(engine=self, allow_nested=allow_nested)

    async def overwrite(self) -> None:
        """The server's own vacuum does that, within minutes where it is left on."""

    def changing_schema(self) -> Transaction:
        return Transaction(engine=self, allow_nested=False)
