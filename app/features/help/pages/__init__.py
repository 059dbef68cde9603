from app.features.help.pages.asking import AskingPages
from app.features.help.pages.board import BoardPages
from app.features.help.pages.guests import GuestPages
from app.features.help.pages.money import MoneyPages
from app.features.help.pages.need import NeedPages
from app.features.help.pages.talking import TalkingPages

PAGES = (BoardPages, AskingPages, GuestPages, NeedPages, TalkingPages, MoneyPages)

__all__ = ["PAGES"]
