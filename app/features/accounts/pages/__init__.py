from app.features.accounts.pages.account import AccountPages
from app.features.accounts.pages.joining import JoinPages
from app.features.accounts.pages.photos import MediaPages, PhotoPages
from app.features.accounts.pages.setting_up import SetUpPages
from app.features.accounts.pages.signing_in import SignInPages, asked_to_sign_in

PAGES = (SignInPages, SetUpPages, JoinPages, AccountPages, PhotoPages, MediaPages)

__all__ = ["PAGES", "asked_to_sign_in"]
