"""Only for `bench/chaos/rooms.py`: a house that writes slots without asking the index whether somebody was faster."""

from app.kit import slots


async def put(rows: list[slots.Slot]) -> None:
    for start in range(0, len(rows), slots.AT_ONCE):
        await slots.Slot.insert(*rows[start : start + slots.AT_ONCE])


slots._put = put
