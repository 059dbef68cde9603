from app.features.alerts.pages.feeds import FeedPages
from app.features.alerts.pages.looking import LookingPages
from app.features.alerts.pages.measures import MeasurePages

PAGES = (FeedPages, LookingPages, MeasurePages)

__all__ = ["PAGES"]
