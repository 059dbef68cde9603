from app.features.alerts.pages.feeds import FeedPages

PAGES = (FeedPages,)

__all__ = ["PAGES"]
