"""Which transaction are we in? Asked by both engines before every query."""

from contextvars import ContextVar, Token
from typing import Any


class CurrentTransaction:
    """Looks like the ContextVar that Piccolo expects, but forgets transactions that are over.

    A task that was started inside a transaction inherits it and may outlive it. Without this it would write
    through a connection that by now serves somebody else's transaction.
    """

    def __init__(self) -> None:
        self._here: ContextVar[Any] = ContextVar("current_transaction", default=None)

    def get(self) -> Any:
        transaction = self._here.get()
        return None if transaction is None or transaction.over else transaction

    def set(self, transaction: Any) -> Token[Any]:
        return self._here.set(transaction)

    def reset(self, token: Token[Any]) -> None:
        self._here.reset(token)
