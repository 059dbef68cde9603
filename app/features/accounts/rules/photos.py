"""A person's photo: one at a time, theirs to change and to remove."""

from datetime import datetime

from app.features.people import rules as people
from app.features.people.rules import Neighbour
from app.kit import pictures


async def change_photo(of: Neighbour, upload: bytes, *, now: datetime) -> None:
    """Raises Refusal beside "photo"; then the old one stays."""
    page = f"/neighbours/{of.id}"
    token = await pictures.keep(upload, owner=of.id, page=page, words=of.name, now=now)
    try:
        await people.edit_person(of.id, by=of.id, now=now, photo=token)
    except BaseException:
        await pictures.drop(token)
        raise
    await pictures.drop(of.photo)


async def remove_photo(of: Neighbour, *, by: int, now: datetime) -> None:
    """By themselves, or by an administrator who must."""
    await people.edit_person(of.id, by=by, now=now, photo="")
    await pictures.drop(of.photo)
