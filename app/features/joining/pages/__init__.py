from app.features.joining.pages.chain import ChainPages
from app.features.joining.pages.entering import OtherPhonePages
from app.features.joining.pages.joining import JoinPages
from app.features.joining.pages.phones import PhonePages
from app.features.joining.pages.posters import PosterPages
from app.features.joining.pages.slips import SlipPages
from app.features.joining.pages.vouching import VouchPages, WaitingPages
from app.features.joining.pages.welcomes import WelcomePages

PAGES = (
    JoinPages,
    SlipPages,
    PosterPages,
    WaitingPages,
    VouchPages,
    WelcomePages,
    ChainPages,
    PhonePages,
    OtherPhonePages,
)

__all__ = ["PAGES"]
