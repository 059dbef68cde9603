"""How somebody becomes one of us: by a slip, or by a poster and neighbours who know them. And by another phone."""

from app.features.joining.rules.chain import Vouched, chain, undo_chain
from app.features.joining.rules.claiming import claim
from app.features.joining.rules.home import on_home
from app.features.joining.rules.keeping import KEPT, forget, mine, purge
from app.features.joining.rules.knocking import Knock, knock
from app.features.joining.rules.phones import (
    Other,
    come_in,
    confirm,
    is_theirs,
    knock_with,
    knocked,
    other_phone,
    refuse,
    show_code,
)
from app.features.joining.rules.posters import DAYS, Hung, close, hang, invitation, open_again, poster, posters
from app.features.joining.rules.printed import grouped, on_poster, on_slip
from app.features.joining.rules.reach import OFFICERS, Choice, choices, kept_by, line_of, must_keep
from app.features.joining.rules.slips import LASTS as SLIPS_LAST
from app.features.joining.rules.slips import Slip, Unclaimed, print_slips, unclaimed
from app.features.joining.rules.uniting import Listed, on_the_list, unite
from app.features.joining.rules.vouching import Asking, asking, take_back, vouch
from app.features.joining.rules.waiting import Waiter, waiter, welcomes, where_i_stand
from app.features.joining.rules.welcoming import let_in, look_again, make_wait, turn_away

__all__ = [
    "DAYS",
    "KEPT",
    "OFFICERS",
    "SLIPS_LAST",
    "Asking",
    "Choice",
    "Hung",
    "Knock",
    "Listed",
    "Other",
    "Slip",
    "Unclaimed",
    "Vouched",
    "Waiter",
    "asking",
    "chain",
    "choices",
    "claim",
    "close",
    "come_in",
    "confirm",
    "forget",
    "grouped",
    "hang",
    "invitation",
    "is_theirs",
    "kept_by",
    "knock",
    "knock_with",
    "knocked",
    "let_in",
    "line_of",
    "look_again",
    "make_wait",
    "mine",
    "must_keep",
    "on_home",
    "on_poster",
    "on_slip",
    "on_the_list",
    "open_again",
    "other_phone",
    "poster",
    "posters",
    "print_slips",
    "purge",
    "refuse",
    "show_code",
    "take_back",
    "turn_away",
    "unclaimed",
    "undo_chain",
    "unite",
    "vouch",
    "waiter",
    "welcomes",
    "where_i_stand",
]
