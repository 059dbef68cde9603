from app.features.alerts.pages.alert import AlertPages
from app.features.alerts.pages.answer_links import AnswerLinkPages
from app.features.alerts.pages.answering import AnsweringPages
from app.features.alerts.pages.board import BoardPages
from app.features.alerts.pages.feeds import FeedPages
from app.features.alerts.pages.hands import HandPages
from app.features.alerts.pages.knocking import KnockPages
from app.features.alerts.pages.lifelines import LifelinePages
from app.features.alerts.pages.looking import LookingPages
from app.features.alerts.pages.measures import MeasurePages
from app.features.alerts.pages.mends import MendPages
from app.features.alerts.pages.report import OutsidePages, ReportPages
from app.features.alerts.pages.speaking import SpeakingPages
from app.features.alerts.pages.things import ThingPages
from app.features.alerts.pages.writing import EditingPages, WritingPages

PAGES = (
    BoardPages,
    WritingPages,
    EditingPages,
    AlertPages,
    SpeakingPages,
    AnsweringPages,
    AnswerLinkPages,
    LookingPages,
    KnockPages,
    HandPages,
    ThingPages,
    MeasurePages,
    FeedPages,
    LifelinePages,
    MendPages,
    ReportPages,
    OutsidePages,
)

__all__ = ["PAGES"]
