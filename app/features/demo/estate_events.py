"""What is on in the estate these weeks."""

from app.features.demo.events import Gathered
from app.features.events.tables import Kind

EVENTS = (
    Gathered(
        Kind.reading, {"zh-Hans": "读书会：《我与地坛》", "en": "Reading club: Notes from a park"}, 2, (19, 21),
        "吴晓",
        {
            "zh-Hans": "这次读前三章。没读完也来，听人念一段也很好。",
            "en": "The first three chapters. Come even if you have not finished: we read aloud.",
        },
        room=0, capacity=14,
        parts=((2, {"zh-Hans": "带茶", "en": "Bring tea"}), (1, {"zh-Hans": "领读", "en": "Lead the reading"})),
        come=("林秀兰", "方晴", "许文"), perhaps=("沈书雅",), need="坐前面一点，右耳听不清",
    ),
    Gathered(
        Kind.orientation, {"zh-Hans": "书屋使用说明会", "en": "How the bookhouse works"}, 4, (19, 20), "沈书雅",
        {
            "zh-Hans": "投影仪、门锁、书架规矩，半小时讲完。来过的人以后订书屋不用再等批准。",
            "en": "Projector, locks, shelves: half an hour. Whoever was there then books at once.",
        },
        room=0, capacity=20, guests=0, capability="orientation", come=("方晴",),
    ),
    Gathered(
        Kind.market, {"zh-Hans": "旧物集市", "en": "Swap market"}, 6, (9, 12), "周敏",
        {
            "zh-Hans": "衣服、玩具、花盆、工具，带来换，也可以送。下雨就改到 2 号楼大堂。",
            "en": "Clothes, toys, pots, tools: swap them or give them away. Rain moves us into the hall of building 2.",
        },
        place={"zh-Hans": "中心草坪", "en": "The lawn in the middle"}, capacity=120, guests=4, public=True,
        parts=((4, {"zh-Hans": "搬桌子", "en": "Carry tables"}),), come=("许文", "吴晓"), perhaps=("林秀兰",),
    ),
)  # fmt: skip
