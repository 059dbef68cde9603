"""What a loan's pages show of hands: what changes them next, and how it looked when it did."""

from datetime import date, datetime

from msgspec import Struct

from app.features.people.rules import Neighbour
from app.features.sharing.rules.check_list import missing, names_in
from app.features.sharing.rules.codes import Shown, shown_code
from app.features.sharing.rules.lent import loan_for
from app.features.sharing.rules.loan_photos import Photo, photos_of
from app.features.sharing.rules.renewing import why_no_longer, would_be_due
from app.features.sharing.rules.returning import LOOKED_AT_WITHIN
from app.features.sharing.rules.stages import HOLDS, OVER, Act, Lent, Side, acts
from app.features.sharing.tables import Stage
from app.kit.refusals import Missing
from app.kit.words import Sentence


class Hands(Struct):
    """`acts` is what the reader may do; `renews_until` what one tap would give, `no_longer` why it gives nothing."""

    lent: Lent
    side: Side
    acts: set[Act]
    photos: list[Photo]
    parts_out: list[str]
    parts_back: list[str]
    missing: list[str]
    renews_until: date | None = None
    no_longer: Sentence | None = None
    counts_at: datetime | None = None
    shown: Shown | None = None

    @property
    def may(self) -> dict[str, bool]:
        return {act.value: act in self.acts for act in Act}

    @property
    def keeps(self) -> bool:
        return self.side == Side.keeper

    @property
    def i_said(self) -> bool:
        return (self.lent.giver_says_at if self.keeps else self.lent.taker_says_at) is not None

    @property
    def they_said(self) -> bool:
        return (self.lent.taker_says_at if self.keeps else self.lent.giver_says_at) is not None


async def hands(found: Lent, side: Side, *, today: date, now: datetime) -> Hands:
    back = found.said_back or found.stage == Stage.back
    seen = Hands(
        lent=found,
        side=side,
        acts=acts(found, side, now),
        photos=await photos_of(found) if found.stage in (*HOLDS, *OVER) else [],
        parts_out=names_in(found.parts_out),
        parts_back=names_in(found.parts_back),
        missing=missing(found.parts_out, found.parts_back) if back else [],
    )
    if Act.renew in seen.acts:
        refusal = await why_no_longer(found, today)
        seen.no_longer = refusal.sentence if refusal else None
        seen.renews_until = None if refusal else would_be_due(found)
    if found.said_back and found.returned_at is not None:
        seen.counts_at = found.returned_at + LOOKED_AT_WITHIN
    return seen


async def handover(loan_id: int, *, by: Neighbour, today: date, now: datetime) -> Hands:
    """With the code, for whoever shows it. Missing before the yes, and after a no."""
    found, side = await loan_for(loan_id, by=by)
    if found.stage not in (*HOLDS, *OVER):
        raise Missing
    seen = await hands(found, side, today=today, now=now)
    if Act.hand_over in seen.acts:
        seen.shown = await shown_code(found.id, by=by, now=now)
    return seen


async def coming_back(loan_id: int, *, by: Neighbour, today: date, now: datetime) -> Hands:
    """Missing before it was handed over, and for a gift."""
    found, side = await loan_for(loan_id, by=by)
    if found.stage not in (Stage.out, Stage.back):
        raise Missing
    return await hands(found, side, today=today, now=now)
