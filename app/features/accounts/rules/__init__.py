"""Coming in, staying in, going out."""

from app.features.accounts.rules.addresses import addresses
from app.features.accounts.rules.authenticator import (
    add_authenticator,
    address,
    new_secret,
    offered,
    remove_authenticator,
)
from app.features.accounts.rules.changing import change_contact, change_login, reaches_elsewhere, signs_in_with
from app.features.accounts.rules.codes import LASTS as CODE_LASTS
from app.features.accounts.rules.codes import code_for, codes_for, holder, redeem
from app.features.accounts.rules.factors import NEED_ONE, Factors, factors_of
from app.features.accounts.rules.founding import found
from app.features.accounts.rules.helping import (
    Handed,
    ask_for_two,
    confirm,
    may_reset,
    reset_for,
    standing,
    take_back,
)
from app.features.accounts.rules.keeping import KEPT, forget, hand_over, mine, purge
from app.features.accounts.rules.letters import by_mail, send_letter, tell_them
from app.features.accounts.rules.logins import (
    Login,
    change_password,
    login_of,
    make_login,
    must_know_password,
    normal,
    person_by,
)
from app.features.accounts.rules.passkeys import (
    add_passkey,
    options_to_add,
    options_to_show,
    passkeys_of,
    passkeys_work,
    remove_passkey,
)
from app.features.accounts.rules.photos import change_photo, remove_photo
from app.features.accounts.rules.proving import NOT_ENOUGH, is_fresh, must_be_fresh, owes_second, prove
from app.features.accounts.rules.recovery import new_recovery_codes
from app.features.accounts.rules.resetting import (
    Road,
    ask_letter,
    grouped,
    is_reset_code,
    link,
    reset,
    reset_holder,
    send_reset_letter,
)
from app.features.accounts.rules.second import (
    come_in_by_code,
    come_in_by_passkey,
    options_for_half,
    show_code,
    show_passkey,
    waits_for,
)
from app.features.accounts.rules.sign_ins import SignIns, Viewer, end, end_others, sign_ins, sign_out, whose
from app.features.accounts.rules.signing_in import Half, Key, Place, sign_in
from app.features.accounts.rules.strength import (
    is_strong,
    must_be_strong,
    must_be_strong_for,
    must_not_be_overdue,
    on_home,
)

__all__ = [
    "CODE_LASTS",
    "KEPT",
    "NEED_ONE",
    "NOT_ENOUGH",
    "Factors",
    "Half",
    "Handed",
    "Key",
    "Login",
    "Place",
    "Road",
    "SignIns",
    "Viewer",
    "add_authenticator",
    "add_passkey",
    "address",
    "addresses",
    "ask_for_two",
    "ask_letter",
    "by_mail",
    "change_contact",
    "change_login",
    "change_password",
    "change_photo",
    "code_for",
    "codes_for",
    "come_in_by_code",
    "come_in_by_passkey",
    "confirm",
    "end",
    "end_others",
    "factors_of",
    "forget",
    "found",
    "grouped",
    "hand_over",
    "holder",
    "is_fresh",
    "is_reset_code",
    "is_strong",
    "link",
    "login_of",
    "make_login",
    "may_reset",
    "mine",
    "must_be_fresh",
    "must_be_strong",
    "must_be_strong_for",
    "must_know_password",
    "must_not_be_overdue",
    "new_recovery_codes",
    "new_secret",
    "normal",
    "offered",
    "on_home",
    "options_for_half",
    "options_to_add",
    "options_to_show",
    "owes_second",
    "passkeys_of",
    "passkeys_work",
    "person_by",
    "prove",
    "purge",
    "reaches_elsewhere",
    "redeem",
    "remove_authenticator",
    "remove_passkey",
    "remove_photo",
    "reset",
    "reset_for",
    "reset_holder",
    "send_letter",
    "send_reset_letter",
    "show_code",
    "show_passkey",
    "sign_in",
    "sign_ins",
    "sign_out",
    "signs_in_with",
    "standing",
    "take_back",
    "tell_them",
    "waits_for",
    "whose",
]
