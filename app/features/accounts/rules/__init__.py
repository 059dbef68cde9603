"""Coming in, staying in, going out."""

from app.features.accounts.rules.codes import LASTS as CODE_LASTS
from app.features.accounts.rules.codes import code_for, holder, redeem
from app.features.accounts.rules.founding import found
from app.features.accounts.rules.keeping import KEPT
from app.features.accounts.rules.logins import (
    Login,
    change_password,
    login_of,
    make_login,
    must_know_password,
    normal,
    person_by,
)
from app.features.accounts.rules.photos import change_photo, remove_photo
from app.features.accounts.rules.sign_ins import (
    SignIns,
    end,
    end_others,
    forget,
    mine,
    purge,
    sign_ins,
    sign_out,
    whose,
)
from app.features.accounts.rules.signing_in import Key, Place, sign_in

__all__ = [
    "CODE_LASTS",
    "KEPT",
    "Key",
    "Login",
    "Place",
    "SignIns",
    "change_password",
    "change_photo",
    "code_for",
    "end",
    "end_others",
    "forget",
    "found",
    "holder",
    "login_of",
    "make_login",
    "mine",
    "must_know_password",
    "normal",
    "person_by",
    "purge",
    "redeem",
    "remove_photo",
    "sign_in",
    "sign_ins",
    "sign_out",
    "whose",
]
