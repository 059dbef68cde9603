from app.features.alerts.pages.answer_links import AnswerLinkPages
from app.features.alerts.pages.answering import AnsweringPages

PAGES = (AnsweringPages, AnswerLinkPages)
