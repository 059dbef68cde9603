from app.features.alerts.pages.answer_links import AnswerLinkPages
from app.features.alerts.pages.answering import AnsweringPages
from app.features.alerts.pages.feeds import FeedPages
from app.features.alerts.pages.looking import LookingPages
from app.features.alerts.pages.measures import MeasurePages

PAGES = (AnsweringPages, AnswerLinkPages, FeedPages, LookingPages, MeasurePages)

__all__ = ["PAGES"]
