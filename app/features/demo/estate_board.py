"""What hangs on the board of the estate, and what was reported there."""

from app.features.demo.places import Announced, Complained

ANNOUNCED = (
    Announced(
        2.1,
        {"zh-Hans": "周三上午 9 点到 12 点停水", "en": "No water on Wednesday, 9 to 12"},
        {
            "zh-Hans": "自来水公司检修东门主管道，全小区周三上午停水。\n"
            "请提前接好饮用水；来水后先放两分钟再用。\n家里有行动不便的老人，可以请楼长帮忙提水。",
            "en": "The water company repairs the main at the east gate: no water in the whole estate on Wednesday.\n"
            "Please fill a bucket the evening before, and let the tap run for two minutes afterwards.\n"
            "If carrying water is hard for you, your steward will help.",
        },
        pinned_for=9,
        read_by=("林秀兰", "Anna Keller", "赵明德", "何静", "方晴"),
    ),
    Announced(
        4,
        {"zh-Hans": "3 号楼电梯周五年检", "en": "Lift inspection in building 3 on Friday"},
        {
            "zh-Hans": "周五下午 2 点到 4 点，两部电梯轮流停运检查。不急的话，请错开这个时间搬东西。",
            "en": "On Friday from two to four the lifts are out of service, one after the other.",
        },
        to="3",
        read_by=("林秀兰", "郑伯年"),
    ),
    Announced(
        8,
        {"zh-Hans": "书屋周六故事会改到上午十点"},
        {"zh-Hans": "沈书雅老师的绘本故事会这周六改在上午十点，三到七岁的小朋友都欢迎，家长请陪同。"},
        read_by=("唐丽",),
    ),
)
COMPLAINED = (
    Complained("苏梅", "罗一鸣", "修自行车、补胎", "周日一早就在楼下敲敲打打，能不能九点以后再开始？"),
    Complained(
        "许文", "彭玉", "遛狗、喂猫", "遛狗没有拴绳，孩子被吓到了。",
        warned="在小区里遛狗请拴好牵引绳。", against="那天是绳扣断了，我当场就抱起来了，新绳已经换上。",
    ),
)  # fmt: skip
