"""百川里's last exercise, the day the water stopped, and an exercise that is being prepared."""

from app.features.alerts.tables import Category, Kind, Level
from app.features.demo.places import Alarmed

LIFELINES = (
    ({"zh-Hans": "集合点：中心花园草坪", "en": "Meet on the lawn of the central garden"}, ""),
    ({"zh-Hans": "火警", "en": "Fire brigade"}, "119"),
    ({"zh-Hans": "急救", "en": "Ambulance"}, "120"),
    ({"zh-Hans": "物业值班室（昼夜）", "en": "The management, day and night"}, "021 6123 4567"),
)
ALARMED = (
    Alarmed(
        24, Kind.exercise, Level.urgent, Category.fire,
        {"zh-Hans": "火灾疏散演练：全小区，下午三点", "en": "Fire exercise: the whole estate, three o'clock"},
        {
            "zh-Hans": "社区通知：请走楼梯到中心花园集合，然后点“我平安”。四点前结束。",
            "en": "The committee asks: take the stairs to the central garden, then answer “I am safe”. Over by four.",
        },
        mends=("5 号楼二单元的楼道灯不亮，换成应急灯", "集合点再放两只喇叭"),
    ),
    Alarmed(
        9, Kind.real, Level.caution, Category.water,
        {"zh-Hans": "停水：全小区，约四小时", "en": "No water: the whole estate, about four hours"},
        {
            "zh-Hans": "物业通知：主管爆裂，正在抢修。请先接好饮用水，关好水龙头。预计下午六点恢复。",
            "en": "The management says: a main burst. Fill what you need, close your taps. Back by about six.",
        },
        (
            {"zh-Hans": "停水：提前到下午五点恢复", "en": "No water: back by five already"},
            {
                "zh-Hans": "物业通知：抢修顺利，全小区预计下午五点恢复。请继续节约用水。",
                "en": "The management says: repairs go well, the estate has water by five. Please go on saving.",
            },
        ),
    ),
    Alarmed(
        1, Kind.exercise, Level.notice, Category.lift,
        {"zh-Hans": "电梯困人演练：3 号楼，半小时", "en": "Exercise, lift stopped: building 3, half an hour"},
        {
            "zh-Hans": "物业通知：请改走楼梯；走不了请回复“需要帮助”。半小时后恢复。",
            "en": "The management says: please take the stairs; if you cannot, say “I need help”. Half an hour.",
        },
        ended=False,
    ),
)  # fmt: skip
