"""The village's last exercise, the storm, and an exercise that is being prepared."""

from app.features.alerts.tables import Category, Kind, Level
from app.features.demo.places import Alarmed

LIFELINES = (
    ({"en": "Meet at the village hall", "zh-Hans": "集合点：村礼堂"}, ""),
    ({"en": "Fire, police, ambulance", "zh-Hans": "火警、警察、急救"}, "999"),
    ({"en": "Flood line", "zh-Hans": "防汛热线"}, "0345 988 1188"),
)
ALARMED = (
    Alarmed(
        24, Kind.exercise, Level.notice, Category.flood,
        {"en": "Flood exercise: the whole village, three o'clock", "zh-Hans": "防汛演练：全村，下午三点"},
        {
            "en": "The parish council asks: walk up to the village hall, then answer “I am safe”. Over by four.",
            "zh-Hans": "村委会通知：请走到村礼堂，然后点“我平安”。四点前结束。",
        },
        mends=("Mark the way up to the hall where the lamps are missing",),
    ),
    Alarmed(
        9, Kind.real, Level.caution, Category.storm,
        {"en": "Storm: the whole village, until tonight", "zh-Hans": "大风：全村，到今晚"},
        {
            "en": "The weather office expects strong wind. Close windows, keep away from trees. Until ten tonight.",
            "zh-Hans": "气象部门预计有大风。请关好门窗，远离大树。预计到今晚十点。",
        },
    ),
    Alarmed(
        1, Kind.exercise, Level.notice, Category.power,
        {"en": "Exercise, no power: the whole village, one hour", "zh-Hans": "停电演练：全村，一小时"},
        {
            "en": "The parish council asks: please use torches only and look in on a neighbour. One hour in all.",
            "zh-Hans": "村委会通知：请只用手电，并看望一位邻居。共一小时。",
        },
        ended=False,
    ),
)  # fmt: skip
