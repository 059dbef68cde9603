from app.features.household.pages.card import CardPages
from app.features.household.pages.keys import KeyPages
from app.features.household.pages.looked_after import LookedAfterPages
from app.features.household.pages.needs import NeedsPages
from app.features.household.pages.privacy import PrivacyPages

PAGES = (CardPages, KeyPages, LookedAfterPages, NeedsPages, PrivacyPages)
