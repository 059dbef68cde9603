from app.features.accounts.pages.account import AccountPages
from app.features.accounts.pages.helping import HelpPages
from app.features.accounts.pages.photos import MediaPages, PhotoPages
from app.features.accounts.pages.proving import ProofPages
from app.features.accounts.pages.resetting import ResetPages
from app.features.accounts.pages.second import SecondPages
from app.features.accounts.pages.security import SecurityPages
from app.features.accounts.pages.setting_up import SetUpPages
from app.features.accounts.pages.signing_in import SignInPages, asked_to_sign_in

PAGES = (
    SignInPages,
    SecondPages,
    ResetPages,
    SetUpPages,
    AccountPages,
    SecurityPages,
    ProofPages,
    PhotoPages,
    MediaPages,
    HelpPages,
)

__all__ = ["PAGES", "asked_to_sign_in"]
