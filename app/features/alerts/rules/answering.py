"""Safe, need help, away: one short transaction a deed. Every answer is kept; one of them counts.

Ten thousand households answer within a minute, so nothing here looks further than the recipient's own rows, and what
most of them say is written for many at once (`own_words`).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from app.db import Clash, writing
from app.features.alerts.rules.called import (
    Called,
    Word,
    held_called,
    let_count,
    may_count,
    say_of,
    see_to_needs,
    waited,
)
from app.features.alerts.rules.knocking import answered, may_be_out
from app.features.alerts.rules.own_words import own_word
from app.features.alerts.rules.telling import FIRST, thread_of, told_key
from app.features.alerts.rules.whose_answer import mate, ours, rights
from app.features.alerts.rules.words import ANSWERS, channel_of, path_of
from app.features.alerts.tables import Answer, How
from app.features.help.tables import What
from app.features.notices import rules as notices
from app.features.people.rules import Neighbour
from app.kit import changes, pictures
from app.kit.languages import SOURCE, of_text
from app.kit.refusals import Missing, Refusal
from app.kit.words import Sentence, say

MOST, TRIES = 400, 8
SAID: dict[Answer, Sentence] = {
    Answer.safe: say("Noted: safe. Thank you."),
    Answer.help: say("Noted: help is needed. It stands on the board of those who lead."),
    Answer.away: say("Noted: away. Thank you."),
}


async def answer(
    alert: int,
    person: int,
    answer: Answer,
    *,
    words: str = "",
    photo: bytes = b"",
    what: What = What.other,
    how: How = How.self,
    by: Neighbour,
    now: datetime,
    said_at: datetime | None = None,
) -> None:
    """For oneself, or for somebody one may answer for, saying how one knows. Raises Missing for whom it is not."""
    own = person == by.id and how == How.self and not (words.strip() or photo or waited(said_at, now))
    if own and answer != Answer.help and await own_word(alert, person, answer, now=now):
        return
    await _must_be_theirs(alert, person, how, by, now)
    must_be_short(words)
    token = await pictures.keep(photo, owner=person, page=page_of(alert, person), words="", now=now) if photo else ""
    try:
        said = Word(answer, by.id, _moment(answer, said_at, now), words.strip(), token)
        await tried_again(lambda: answer_all(alert, {person: how}, said, what=what, by=by, now=now))
    except BaseException:
        await pictures.drop(token)
        raise


async def answer_for_household(
    alert: int, answer: Answer, *, by: Neighbour, now: datetime, said_at: datetime | None = None
) -> list[int]:
    """ "All of us": those of my door at the sending for whom I may answer, and I. Gives back who they are.

    Whoever has spoken for themselves is not overruled.
    """
    me, mates = await ours(alert, by, now=now)
    if me is None:
        raise Missing
    together = {each.person: How.household for each in mates if each.household == me.household}
    said = Word(answer, by.id, _moment(answer, said_at, now))
    whom = {me.person: How.self, **together}
    await tried_again(lambda: answer_all(alert, whom, said, by=by, now=now))
    return [me.person, *together]


def _moment(answer: Answer, said_at: datetime | None, now: datetime) -> datetime:
    """When it was said: it may have waited on a phone. A cry for help is never older than its coming."""
    return now if said_at is None or answer == Answer.help else min(said_at, now)


def must_be_short(words: str) -> None:
    if len(words.strip()) > MOST:
        raise Refusal(say("At most %(most)s characters, please.", most=MOST), beside="words")


async def _must_be_theirs(alert: int, person: int, how: How, by: Neighbour, now: datetime) -> None:
    """Whether an own word is a recipient's is seen when the row is held: one look less for the many."""
    if person == by.id and how == How.self:
        return
    whom = await mate(alert, person)
    may = await rights(whom, alert, by, now=now) if whom else frozenset()
    if not may:
        raise Missing
    if how not in may:
        raise Refusal(say("How do you know? Please choose one of these."), beside="how")


async def tried_again(deed: Callable[[], Awaitable[None]]) -> None:
    """The needs of one door may clash when all of it asks at once; the next time the other stands there and is seen."""
    for left in reversed(range(TRIES)):
        try:
            return await deed()
        except Clash:
            if not left:
                raise


async def answer_all(
    alert: int, whom: dict[int, How], said: Word, *, what: What = What.other, by: Neighbour, now: datetime
) -> None:
    """For whoever has made sure that they may."""
    said.lang = of_text(said.words, by.language or SOURCE) if said.words else ""
    async with writing():
        called = await held_called(alert, whom, now)
        said.at = max(said.at, called[0].sent_at)
        for each in called:
            said.how = whom[each.person]
            await say_of(each, said)
            if may_count(each, said, now):
                await let_count(each, said)
                await see_to_needs(each, said, now, what=what)
        if may_be_out(called[0].sent_at, called[0].steps, now):
            await answered(alert, {each.household for each in called}, but=by.id, now=now)
        # Who was answered for is reminded no more; what was said first they still hear.
        everybody = [each.person for each in called]
        await notices.read_thread(thread_of(alert), everybody, by=[by.id], but=FIRST, now=now)
        await _tell(called, said, by, now)
        await changes.announce(*(channel_of(each.area) for each in called), *(f"person:{each}" for each in everybody))


async def _tell(called: Sequence[Called], said: Word, by: Neighbour, now: datetime) -> None:
    """Whoever was answered for hears it (代办)."""
    others = [each.person for each in called if each.person != by.id]
    if others:
        alert = called[0].alert
        told = say("%(name)s answered for you: %(answer)s", name=by.name, answer=ANSWERS[said.answer])
        same: dict[str, Any] = {"topic": "household", "key": told_key(alert, by.id, said.at)}
        await notices.tell_all(others, told, path=path_of(alert), now=now, **same)


def page_of(alert: int, person: int) -> str:
    """Whose photo it is: for themselves, and for whoever may answer for them."""
    return f"{path_of(alert)}/roll-call/{person}"
