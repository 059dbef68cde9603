from app.features.sharing.pages.asking import AskingPages
from app.features.sharing.pages.board import BoardPages
from app.features.sharing.pages.care import CarePages
from app.features.sharing.pages.coming_back import KeepingPages, ReturnPages
from app.features.sharing.pages.gift_part import GiftPages
from app.features.sharing.pages.handing import HandoverPages
from app.features.sharing.pages.item import ItemPages
from app.features.sharing.pages.keepers import KeeperPages
from app.features.sharing.pages.labels import LabelPages, LabelsPages, ScannedPages
from app.features.sharing.pages.lists import ImportPages, ListPages
from app.features.sharing.pages.loan import LoanPages
from app.features.sharing.pages.loan_photos import LoanPhotoPages
from app.features.sharing.pages.loans import LoansPages
from app.features.sharing.pages.offering import OfferingPages
from app.features.sharing.pages.photos import PhotoPages
from app.features.sharing.pages.scanning import ScanPages
from app.features.sharing.pages.wanted import WantedPages

PAGES = (
    OfferingPages,
    ItemPages,
    PhotoPages,
    KeeperPages,
    GiftPages,
    WantedPages,
    BoardPages,
    AskingPages,
    LoansPages,
    LoanPages,
    CarePages,
    HandoverPages,
    ReturnPages,
    KeepingPages,
    LoanPhotoPages,
    ScannedPages,
    LabelsPages,
    LabelPages,
    ScanPages,
    ImportPages,
    ListPages,
)

__all__ = [
    "PAGES",
]
