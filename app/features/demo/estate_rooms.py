"""The shared rooms of the estate, and who has them these weeks."""

from app.features.demo.rooms import Booked, Furnished, Rooms
from app.features.spaces.rules import Facts
from app.features.spaces.tables import Policy, Steps

ROOMS = Rooms(
    manager="沈书雅",
    spaces=(
        Furnished(
            Facts(
                {"zh-Hans": "百川书屋", "en": "The Bookhouse"}, 24,
                about={
                    "zh-Hans": "两间打通的屋子，四面是书。长桌坐得下十二个人，地毯那边孩子可以趴着看。",
                    "en": "Two rooms in one with books all around: a long table for twelve, and a carpet for children.",
                },
                place={"zh-Hans": "2 号楼一层，东门进", "en": "Building 2, ground floor, east door"},
                price={"zh-Hans": "免费，请自己收拾干净", "en": "Free; please leave it as you found it"},
                policy=Policy.trusted, capability="orientation", short=60, few=4, gap=30, weekly=2, release=30,
                public=True,
            ),
            hours=(9, 21), closed_on=(0,), shows="一整面墙的书，前面一张长桌和一盏灯",
            rules={
                "zh-Hans": "书看完放回原处。\n吃喝在长桌那边，别带到书架旁。\n走的时候关灯、关窗、锁门。",
                "en": "Books go back to their shelves.\nFood stays at the long table.\nLights, windows, door.",
            },
            equipment=(
                ({"zh-Hans": "投影仪", "en": "Projector"}, 1),
                ({"zh-Hans": "折叠椅", "en": "Folding chairs"}, 20),
            ),
            booked=(
                Booked(1, (14, 16), "绘本故事会：三到七岁", "沈书雅", 15, True),
                Booked(3, (14, 16), "英语角", "方晴", 8, True),
                Booked(4, (10, 12), "孩子十岁生日", "许文", 14, approved=False),
                Booked(5, (15, 18), "合唱排练", "林秀兰", 18, approved=False),
                Booked(9, (19, 21), "读书会：《城南旧事》", "吴晓", 12, True),
                Booked(6, (9, 11), "书法班", "郑伯年", 10, True, weeks=12),
                Booked(7, (16, 18), "亲子英语角", "方晴", 9, approved=False, weeks=8),
            ),
        ),
        Furnished(
            Facts(
                {"zh-Hans": "木工房", "en": "Workshop"}, 4,
                about={
                    "zh-Hans": "一张工作台，台钳、手锯、电钻都有。用过的人会教你第一次。",
                    "en": "A bench, a vice, saws and a drill. Somebody who knows them shows you the first time.",
                },
                place={"zh-Hans": "6 号楼地下一层", "en": "Building 6, basement"}, steps=Steps.stairs,
                policy=Policy.at_once, shortest=60, longest=360, step=60,
            ),
            hours=(8, 20),
            booked=(
                Booked(0, (17, 19), "修椅子", "王建国", 1),
                Booked(1, (9, 12), "做鞋柜", "王建国", 2),
                Booked(3, (13, 15), "修玩具", "陈立", 2, True),
            ),
        ),
        Furnished(
            Facts(
                {"zh-Hans": "邻里厨房", "en": "Neighbours’ kitchen"}, 10,
                about={
                    "zh-Hans": "两个灶、一个大烤箱、一张包饺子的大案板。",
                    "en": "Two stoves, a large oven, and a board long enough for a hundred dumplings.",
                },
                place={"zh-Hans": "3 号楼一层", "en": "Building 3, ground floor"},
                price={"zh-Hans": "水电费每次 10 元", "en": "10 yuan for water and power"},
                policy=Policy.approval, gap=60, longest=300,
            ),
            hours=(8, 21),
            booked=(
                Booked(1, (9, 12), "包饺子，欢迎来学", "林秀兰", 8, True),
                Booked(2, (15, 18), "烤面包", "彭玉", 3),
                Booked(3, (16, 19), "家宴", "苏梅", 9, approved=False),
            ),
        ),
        Furnished(
            Facts(
                {"zh-Hans": "屋顶花园", "en": "Roof garden"}, 40,
                about={"zh-Hans": "看日落、晒被子、夏夜乘凉。", "en": "For sunsets, quilts and summer nights."},
                place={"zh-Hans": "5 号楼顶层，有电梯", "en": "Building 5, top floor, by lift"},
                policy=Policy.trusted, short=180, few=10, longest=360,
            ),
            hours=(6, 22),
            booked=(Booked(1, (18, 21), "观星", "吴晓", 20, True), Booked(2, (7, 8), "太极", "郑伯年", 10, True)),
        ),
    ),
)  # fmt: skip
