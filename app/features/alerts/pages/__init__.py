from app.features.alerts.pages.feeds import FeedPages
from app.features.alerts.pages.measures import MeasurePages

PAGES = (FeedPages, MeasurePages)

__all__ = ["PAGES"]
